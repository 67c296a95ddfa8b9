"""Checks for lesson 02, what happens inside a neural network."""

from __future__ import annotations

import numpy as np

from helpers.check import Hint, built_model, call, exercise, expect, to_numpy
from helpers.messages import bn, percent

WEIGHTS = np.array([6.0, 4.0])


@exercise("02.1")
def bias_of_a_neuron(answer, days, rain):
    """`answer`: the bias with which the weights 6 and 4 get all the days right."""
    try:
        bias = to_numpy(answer)
    except Hint as hint:
        raise Hint("বায়াসের জায়গায় একটা সাধারণ সংখ্যা লাগবে, যেমন `-1.5`।") from hint
    expect(
        bias.size == 1,
        f"বায়াস একটাই সংখ্যা, কারণ নিউরন একটাই। আপনি দিয়েছেন {bn(bias.size)}টি।",
    )
    bias = float(bias.squeeze())
    expect(np.isfinite(bias), "বায়াস একটা সাধারণ সংখ্যা হতে হবে, nan বা inf নয়।")
    sums, rain = np.asarray(days) @ WEIGHTS, np.asarray(rain).astype(bool)
    right = int(((sums + bias > 0) == rain).sum())
    if right < len(rain):
        told = f"{bn(len(rain))} দিনের মধ্যে ঠিক হয়েছে {bn(right)} দিন।"
        says = sums + bias > 0
        expect(
            not says.all(),
            f"{told} নিউরন রোজই বলছে ‘বৃষ্টি’। ছকের ভেতরে রেখা আনতে বায়াস ঋণাত্মক করুন, আরও কমান।",
        )
        expect(says.any(), f"{told} নিউরন রোজই বলছে ‘শুকনো’। বায়াস বেশি কমে গেছে, একটু বাড়ান।")
        if (says & ~rain).any():
            raise Hint(f"{told} কয়েকটা শুকনো দিনকে ‘বৃষ্টি’ বলছে। বায়াস আরেকটু কমান।")
        raise Hint(f"{told} কয়েকটা বৃষ্টির দিনকে ‘শুকনো’ বলছে। বায়াস আরেকটু বাড়ান।")
    return "৩৬ দিনের ৩৬টাই ঠিক। ওয়েট দ্বিগুণ হলে বায়াসও দ্বিগুণ লাগে, তাহলে রেখাটা আগের জায়গাতেই থাকে।"


def _softmax(logits):
    powers = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True)


@exercise("02.2")
def tempered_softmax(answer):
    """`answer`: a function (logits, temperature) -> probabilities, rows or one row."""
    logits = np.array([[2.0, 1.0, -1.0], [0.5, 0.0, 3.0]])

    def ask(logits, temperature):
        try:
            with np.errstate(all="ignore"):
                return to_numpy(call(answer, logits.copy(), temperature)).astype(float)
        except Hint as hint:
            expect(
                "broadcast" not in str(hint),
                "ভাগ করার সময় ছক আর যোগফলের শেপ মিলছে না। যোগফলে `keepdims=True` দিন: "
                "`.sum(axis=-1, keepdims=True)`।",
            )
            raise

    results = {temperature: ask(logits, temperature) for temperature in (2.0, 0.5)}
    other = ask(logits[:, ::-1] + np.array([[0.0, 1.0, 5.0]]), 2.0)
    expect(
        other.shape != results[2.0].shape or not np.allclose(other, results[2.0]),
        "অন্য লজিট দিলেও একই ফল আসছে। ফাংশনের ভেতরে কি বাইরের কোনো নাম, যেমন `blurry`, লিখেছেন? "
        "ব্যবহার করুন বন্ধনীর `logits`।",
    )
    for temperature, found in results.items():
        right = _softmax(logits / temperature)
        expect(
            found.shape == logits.shape,
            f"লজিটের শেপ {logits.shape} হলে সম্ভাবনার শেপও তা-ই হবে, আপনারটা {found.shape}।",
        )
        expect(
            np.isfinite(found).all(), "ফলের মধ্যে nan বা inf চলে এসেছে। ভাগটা কী দিয়ে হচ্ছে, আবার দেখুন।"
        )
        expect(
            not np.allclose(found, logits / temperature, atol=1e-4),
            "ভাগ করেছেন ঠিকই, কিন্তু `softmax` করা বাকি। ভাগের ফলটা `softmax`-এর ভেতরে দিন।",
        )
        expect(
            not np.allclose(results[2.0], results[0.5], atol=1e-4),
            "টেম্পারেচার বদলালেও ফল বদলাচ্ছে না। লজিটকে `temperature` দিয়ে ভাগ করেছেন তো?",
        )
        expect(
            not np.allclose(found, _softmax(logits * temperature), atol=1e-4),
            "উল্টো হয়ে গেছে: টেম্পারেচার বাড়ালে ভাগগুলো আরও অসমান হচ্ছে। গুণ নয়, লজিটকে `temperature` দিয়ে ভাগ করুন।",
        )
        expect(
            not np.allclose(found, _softmax(logits) / temperature, atol=1e-4),
            "যোগফল আর ১ থাকছে না, কারণ ভাগটা করেছেন সফটম্যাক্সের পরে। আগে লজিটকে ভাগ করুন, তারপর সফটম্যাক্স।",
        )
        columns = _softmax((logits / temperature).T).T
        expect(
            not np.allclose(found, columns, atol=1e-4),
            "যোগফল ১ হচ্ছে কলাম ধরে, হওয়ার কথা সারি ধরে। প্রতিটি সারি আলাদা একটা ছবি: `axis=-1`।",
        )
        expect(
            np.allclose(found.sum(axis=-1), 1, atol=1e-4),
            f"প্রতি সারির যোগফল ১ হওয়ার কথা, আপনার প্রথম সারির যোগফল {found[0].sum():.3f}। ভাগ করতে হবে সেই সারিরই যোগফল দিয়ে।",
        )
        expect(
            np.allclose(found, right, atol=1e-4),
            f"যোগফল ১ ঠিক আছে, কিন্তু ভাগগুলো মিলছে না। টেম্পারেচার {temperature}-এ প্রথম সারি হওয়ার কথা {right[0].round(3)}।",
        )
    single = ask(logits[0], 2.0)
    expect(
        single.shape == (3,) and np.allclose(single, _softmax(logits[0] / 2), atol=1e-4),
        "ছকে ঠিক আছে, কিন্তু একটামাত্র সারি দিলে মিলছে না। `axis=1` না লিখে `axis=-1` লিখলে দুটোতেই চলে।",
    )
    huge = np.array([[1000.0, 998.0, 995.0], [-1000.0, -1001.0, 900.0]])
    expect(
        np.allclose(ask(huge, 1.0), _softmax(huge), atol=1e-4),
        "ছোট লজিটে ঠিক আছে, কিন্তু লজিট 1000 হলে `exp` উপচে পড়ে, ফল `nan`। আগে প্রতি সারির সবচেয়ে বড় লজিটটা "
        "বাদ দিন, কিংবা উপরের `softmax`-টাই ডাকুন।",
    )
    return "টেম্পারেচার ছোট হলে রায় কড়া, বড় হলে নরম।"


@exercise("02.3")
def mean_cross_entropy(answer):
    """`answer`: a function (probabilities (n, classes), labels (n,)) -> mean of -log p."""
    probabilities = np.array([[0.7, 0.2, 0.1], [0.1, 0.3, 0.6], [0.25, 0.5, 0.25], [0.2, 0.2, 0.6]])
    labels = np.array([0, 1, 0, 2])
    chosen = probabilities[np.arange(4), labels]
    right = -np.log(chosen).mean()
    try:
        found = to_numpy(call(answer, probabilities.copy(), labels.copy())).astype(float)
    except Hint as hint:
        expect(
            "broadcast" not in str(hint) or "10" not in str(hint),
            "ওয়ান-হটের ছকে দশটা কলাম, অথচ সম্ভাবনার ছকে তিনটি। `np.eye(10)`-এর জায়গায় "
            "`np.eye(probabilities.shape[1])` লিখলে যত ক্লাসই থাকুক, চলবে।",
        )
        raise
    expect(
        found.size == 1,
        f"ফেরত আসার কথা একটাই সংখ্যা, এসেছে {found.size}টি। সব ছবির লসের গড় নিন: `.mean()`।",
    )
    found = float(found.squeeze())
    expect(np.isfinite(found), "ফল nan বা inf। লগারিদমটা ঠিক উত্তরের সম্ভাবনার উপরেই নিচ্ছেন তো?")
    expect(not np.isclose(found, -right, atol=1e-4), "লস ঋণাত্মক এসেছে। সামনে একটা বিয়োগ চিহ্ন লাগবে।")
    twice = -np.log(_softmax(probabilities)[np.arange(4), labels])
    expect(
        not np.isclose(abs(found), twice.mean(), atol=1e-4),
        "সম্ভাবনার উপরে আবার `softmax` চালিয়েছেন। `probabilities`-এর যোগফল আগে থেকেই ১, সোজা লগারিদম নিন।",
    )
    expect(
        not np.isclose(abs(found), 4 * right, atol=1e-4),
        "সব লস যোগ করেছেন, কিন্তু গড় নেননি। ৪টা ছবি দিলে ৪ দিয়ে ভাগ হবে: `.sum()`-এর জায়গায় `.mean()`।",
    )
    expect(
        not np.isclose(abs(found), right / np.log(10), atol=1e-4)
        and not np.isclose(abs(found), right / np.log(2), atol=1e-4),
        "লগারিদমের ভিত্তিটা অন্য। `np.log10` বা `np.log2` নয়, `np.log` লাগবে।",
    )
    expect(
        not np.isclose(abs(found), -np.log(probabilities.max(axis=1)).mean(), atol=1e-4),
        "আপনি নিয়েছেন সবচেয়ে বড় সম্ভাবনাটা। নিতে হবে ঠিক উত্তরের (`labels`) সম্ভাবনা, মডেল সেটাকে কম দিলেও।",
    )
    whole = -np.log(probabilities[:, labels]).mean()
    expect(
        not np.isclose(abs(found), whole, atol=1e-4),
        "`probabilities[:, labels]` প্রতি সারি থেকে সব কটা লেবেলের কলাম নেয়। জোড়ায় জোড়ায় নিতে `probabilities[np.arange(len(labels)), labels]`।",
    )
    expect(
        not np.isclose(abs(found), right / 3, atol=1e-4),
        "ওয়ান-হট দিয়ে গুণের পর শূন্যগুলোসহ গড় নিয়েছেন, তাই ফল তিন ভাগের এক ভাগ। আগে প্রতি সারির যোগফল (`axis=1`), তারপর গড়।",
    )
    expect(
        not np.isclose(found, -np.log(chosen.mean()), atol=1e-4),
        "আগে সম্ভাবনার গড়, পরে লগারিদম করেছেন। আগে প্রতিটি ছবির `-log(p)`, তারপর গড়।",
    )
    expect(
        not np.isclose(found, (1 - chosen).mean(), atol=1e-4),
        "এটা ১ থেকে কতটা কম, তার গড়। ক্রস-এন্ট্রপিতে লাগে লগারিদম: `-np.log(p)`।",
    )
    expect(
        np.isclose(found, right, atol=1e-3),
        f"পরীক্ষার চারটি ছবিতে লস হওয়ার কথা {right:.3f}, এসেছে {found:.3f}। এক সারি নিয়ে হাতে মিলিয়ে দেখুন।",
    )
    sure = to_numpy(call(answer, np.eye(3)[[1, 2]] * 0.97 + 0.01, np.array([1, 2])))
    expect(
        abs(float(sure.squeeze()) + np.log(0.98)) < 1e-3,
        "৪টা ছবিতে ঠিক, কিন্তু ২টা ছবি দিলে মিলছে না। কোথাও কি 4 লিখে দিয়েছেন? `len(labels)` ব্যবহার করুন।",
    )
    return "মডেল ঠিক উত্তরে যত কম ভরসা রাখে, লস তত বড়।"


@exercise("02.4")
def gradient_descent(answer):
    """`answer`: a function (slope, start, learning_rate, steps) -> the last w."""
    asked = []

    def slope(w):
        asked.append(float(w))
        expect(len(asked) <= 10_000, "লুপটা থামছে না। ঠিক `steps` বার পা ফেলুন: `for _ in range(steps)`।")
        return 2 * (w - 3.0)

    def walk(steps, sign=-1.0, rate=0.1, start=9.0):
        w = start
        for _ in range(steps):
            w = w + sign * rate * 2 * (w - 3.0)
        return w

    try:
        found = to_numpy(call(answer, slope, 9.0, 0.1, 5)).astype(float)
    except Hint:
        expect(len(asked) <= 10_000, "লুপটা থামছে না। ঠিক `steps` বার পা ফেলুন: `for _ in range(steps)`।")
        raise
    expect(
        found.size == 1,
        f"শেষ `w`-টুকুই ফেরত দিন, একটাই সংখ্যা। আপনি দিয়েছেন {found.size}টি।",
    )
    found = float(found.squeeze())
    expect(
        not np.isclose(found, 9.0),
        "শুরুর জায়গাতেই দাঁড়িয়ে আছেন। লুপের ভেতরে `w`-কে নতুন মান দিচ্ছেন তো?",
    )
    expect(
        asked,
        "আপনার ফাংশন দেওয়া `slope`-কে একবারও ডাকেনি। `tea_slope` শুধু চায়ের দোকানের ঢাল জানে; এখানে লিখুন `slope(w)`, "
        "তাহলে যেকোনো পাহাড়েই চলবে।",
    )
    expect(
        not np.isclose(found, 9.0 - 5 * 0.1 * 2, atol=1e-3),
        "`slope` নিজেই ঢাল দেয়। তার উপর `slope_at` চালালে পাওয়া যায় ঢালের ঢাল। শুধু `slope(w)` লিখুন।",
    )
    expect(
        not np.isclose(found, walk(5, sign=1.0), atol=1e-6),
        "পাহাড়ে উঠছেন! ঢালের উল্টো দিকে যেতে হবে, তাই বিয়োগ: `w - learning_rate * slope(w)`।",
    )
    expect(
        not np.isclose(found, walk(1), atol=1e-6),
        "একটাই পা ফেলে থেমে গেছেন। `return` কি লুপের ভেতরে? সেটা লুপের বাইরে, বাঁয়ে সরিয়ে আনুন।",
    )
    expect(
        not np.isclose(found, walk(5, rate=1.0), atol=1e-6),
        "পা ফেলায় `learning_rate` লাগেনি, পুরো ঢাল ধরেই লাফাচ্ছেন। ঢালকে `learning_rate` দিয়ে গুণ করুন।",
    )
    expect(
        not np.isclose(found, 9.0 - 5 * 0.1 * 2 * (9.0 - 3.0), atol=1e-6),
        "ঢালটা শুধু শুরুতে একবার মেপেছেন। প্রতি পায়ে নতুন জায়গায় ঢাল নতুন: `slope(w)` লুপের ভেতরে ডাকুন।",
    )
    expect(
        not np.isclose(found, walk(4), atol=1e-6) and not np.isclose(found, walk(6), atol=1e-6),
        "পা একটা কম বা একটা বেশি পড়েছে। ঠিক `steps` বার: `for _ in range(steps)`।",
    )
    expect(
        np.isclose(found, walk(5), atol=1e-4),
        f"৯ থেকে শুরু করে ৫ স্টেপ পরে পৌঁছানোর কথা {walk(5):.4f}-এ, আপনি পৌঁছেছেন {found:.4f}-এ। প্রতি স্টেপে `w` ছাপিয়ে দেখুন।",
    )
    other = float(to_numpy(call(answer, lambda w: 4 * (w + 1), -6.0, 0.05, 7)).squeeze())
    expect(
        np.isclose(other, -1 - 5 * 0.8**7, atol=1e-3),
        "প্রথম পাহাড়ে ঠিক আছে, অন্য পাহাড়ে মিলছে না। `slope`, `start`, `learning_rate` আর `steps`, চারটিই কি কাজে লাগিয়েছেন?",
    )
    still = float(to_numpy(call(answer, lambda w: 2 * w, 4.0, 0.1, 0)).squeeze())
    expect(still == 4.0, "`steps` শূন্য হলে এক পা-ও ফেলার কথা নয়, `start`-ই ফেরত আসবে।")
    return "চোখ বেঁধেও উপত্যকার তলায়!"


@exercise("02.5")
def spiral_classifier(answer, points, labels):
    """`answer`: a trained model (2,) -> 2 logits, at least 95 % right on the points."""
    model = built_model(answer)
    expect(
        model.input_shape == (None, 2),
        f"প্রতিটি বিন্দু ২টি সংখ্যা, তাই ইনপুটের শেপ (None, 2)। আপনারটা {model.input_shape}।",
    )
    expect(
        model.output_shape == (None, 2),
        f"দুই ক্লাসের জন্য দুটি লজিট চাই, আউটপুটের শেপ (None, 2)। আপনারটা {model.output_shape}।",
    )
    points, labels = np.asarray(points), np.asarray(labels)
    logits = np.asarray(model.predict(points, verbose=0))
    softmaxed = _is_softmax(model, logits)
    bend = "" if softmaxed else _bent_logits(model, logits)
    expect(
        not bend,
        f"শেষ লেয়ারে {bend} বসানো, তাই লজিট ইচ্ছামতো বড়-ছোট বা ঋণাত্মক হতে পারছে না। শেষ লেয়ারে অ্যাক্টিভেশন ফাংশন দেবেন না: `Dense(2)`।",
    )
    wants = _what_loss_wants(model)
    expect(
        softmaxed or wants != "probabilities",
        "মডেল দিচ্ছে লজিট, কিন্তু লস সেগুলোকে সম্ভাবনা ভাবছে, তাই শেখাটা এলোমেলো হচ্ছে। "
        "লসে `from_logits=True` দিয়ে মডেলটা আবার বানিয়ে ট্রেইন করুন।",
    )
    expect(
        not (softmaxed and wants == "logits"),
        "শেষ লেয়ারে সফটম্যাক্স, আবার লসে `from_logits=True`: সফটম্যাক্স দুবার হয়ে যাচ্ছে। শেষ লেয়ার থেকে সফটম্যাক্সটা তুলে দিন।",
    )
    expect(
        np.isfinite(logits).all(),
        "মডেল থেকে nan বেরোচ্ছে: লস উড়ে গেছে। লার্নিং রেট কমিয়ে মডেলটা আবার বানান।",
    )
    score = float((logits.argmax(axis=1) == labels).mean())
    told = f"ভ্যালিডেশনে {percent(score)} ঠিক, লাগবে ৯৫%।"
    if score < 0.95:
        expect(
            model.compiled and model.optimizer.iterations is not None
            and int(model.optimizer.iterations) > 0,
            f"{told} মডেলটা এখনও ট্রেইন হয়নি। `compile` করে `fit` চালান।",
        )  # fmt: skip
        expect(
            not _is_straight(model),
            f'{told} লেয়ারগুলোর মাঝে কোনো বাঁক নেই, তাই বাউন্ডারি সোজা রেখাই থাকছে। হিডেন লেয়ারে `activation="relu"` দিন।',
        )
        expect(
            wants != "neither",
            f"{told} লসটা এই কাজের নয়। লেবেল ০ আর ১, শেষে লজিট: `SparseCategoricalCrossentropy(from_logits=True)` দিন।",
        )
        expect(
            score > 0.1,
            f"{told} প্রায় সব উত্তরই উল্টো, মানে মডেল শিখেছে, কিন্তু উল্টো লেবেল থেকে। `fit`-এ `k_spiral` যেমন আছে তেমনই দিয়েছেন তো?",
        )
        expect(
            not 0.4 <= score <= 0.6,
            f"{told} চোখ বুজে বললেও অর্ধেক মিলত, তাই মডেল প্রায় কিছুই শেখেনি। আগে লার্নিং রেট দেখুন: খুব ছোট হলে এগোয় না, খুব বড় হলে "
            "লস লাফায়। `Adam`-এ 0.01 দিয়ে, ইপক বাড়িয়ে আবার চালান।",
        )
        raise Hint(f"{told} নিউরন বা লেয়ার বাড়ান, ইপক বাড়ান, কিংবা `Adam`-এর লার্নিং রেট 0.01 করে দেখুন।")
    done = f"ভ্যালিডেশনে {percent(score, 1)} ঠিক। প্যাঁচ খুলে গেছে!"
    if softmaxed:
        done += " একটা কথা: শেষে চাওয়া হয়েছিল লজিট, আপনি রেখেছেন সফটম্যাক্স। লসের সঙ্গে মিল আছে বলে চলে, তবে লজিট রাখলে হিসাব বেশি নিখুঁত।"
    return done


def _last_activation(model):
    """The name of the function that the model's last layer ends with, "" if unknown."""
    last = model.layers[-1]
    if getattr(last, "layers", None):
        return _last_activation(last)
    function = getattr(last, "activation", None)
    return getattr(function, "__name__", type(last).__name__).lower()


def _is_softmax(model, out):
    """True if the outputs are probabilities: rows of numbers from 0 that sum to 1."""
    name = _last_activation(model)
    if name in ("softmax", "sigmoid", "relu", "tanh"):
        return name == "softmax"
    return bool((out >= 0).all()) and np.allclose(out.sum(axis=1), 1, atol=1e-3)


def _bent_logits(model, out):
    """The name of a function that bends the logits, "" if none does."""
    name = _last_activation(model)
    cut = bool((out >= 0).all() and (out == 0).any() and (out > 0).any())
    if cut or name == "relu":
        return "ReLU"
    return {"sigmoid": "সিগময়েড", "tanh": "tanh"}.get(name, "")


def _what_loss_wants(model):
    """What the compiled loss takes: "logits", "probabilities", or "neither" if it is another loss
    of Keras; "" where nothing can be said, as of a loss that the learner wrote.
    """
    import keras

    loss = getattr(model, "loss", None)
    if isinstance(loss, (list, tuple)) and len(loss) == 1:
        loss = loss[0]
    if not model.compiled or loss is None:
        return ""
    if isinstance(loss, keras.losses.Loss):
        known = {True: "logits", False: "probabilities"}
        return known.get(getattr(loss, "from_logits", None), "neither")
    if callable(loss) and not getattr(loss, "__module__", "").startswith("keras"):
        return ""
    name = loss if isinstance(loss, str) else getattr(loss, "__name__", "")
    return "probabilities" if "crossentropy" in name.lower().replace("_", "") else "neither"


def _is_straight(model):
    """True if the logits' difference is a flat plane: halfway between two points, half the way."""
    rng = np.random.default_rng(0)
    a, b = rng.uniform(-2, 2, (2, 40, 2)).astype("float32")
    out = [np.asarray(model.predict(p, verbose=0)) for p in (a, b, (a + b) / 2)]
    margins = [o[:, 1] - o[:, 0] for o in out]
    middle = (margins[0] + margins[1]) / 2
    return np.allclose(margins[2], middle, atol=1e-3 * (1 + np.abs(middle).max()))
