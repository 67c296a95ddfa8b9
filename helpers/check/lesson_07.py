"""Checks for lesson 07, modern convolutional networks."""

from __future__ import annotations

from typing import Any

import numpy as np

from helpers.budget import multiplications, short
from helpers.check import Hint, built_model, call, exercise, expect, layers_of, to_numpy, unharmed
from helpers.messages import bn, percent

# --- 07.1 -------------------------------------------------------------------------------


@exercise("07.1")
def throat(answer):
    """`answer`: a squeeze for 128 -> 128 channels: at most an eighth of a 3x3's weights."""
    number = to_numpy(answer)
    expect(number.size == 1, "এখানে একটামাত্র সংখ্যা চাই, `squeeze`-এর মান।")
    number = float(number.reshape(()))
    expect(
        np.isfinite(number) and number == int(number) and not isinstance(answer, (bool, np.bool_)),
        f"চ্যানেলের সংখ্যা পূর্ণসংখ্যা হয়, যেমন 20। আপনারটা {number:g}।",
    )
    number = int(number)
    expect(number > 0, "চ্যানেল অন্তত একটা তো লাগবেই। ১৬ থেকে শুরু করে বাড়িয়ে দেখুন।")
    weights = number * (128 + 64 + 9 * 64)
    expect(
        number >= 16,
        f"ওয়েট {bn(weights)}টি, সস্তা ঠিকই, কিন্তু গলা {bn(number)}: ১৬-র চেয়ে সরু করা বারণ। দম আটকে যাবে।",
    )
    expect(
        weights <= 9 * 128 * 128 // 8,
        f"`squeeze` {bn(number)} হলে ওয়েট {bn(weights)}টি, ১,৪৭,৪৫৬-এর আট ভাগের এক ভাগ হলো ১৮,৪৩২। আরও চাপুন।",
    )
    share = weights / (9 * 128 * 128)
    return f"গলা {bn(number)}, ওয়েট {bn(weights)}টি, সোজা ৩×৩-এর {percent(share, 1)}।"


# --- 07.2 -------------------------------------------------------------------------------

_LAYERS = [(3, 64, 128, 24), (5, 8, 32, 7), (3, 96, 96, 12), (1, 10, 20, 5), (7, 3, 16, 1)]


@exercise("07.2")
def separable_cost(answer):
    """`answer(kernel, channels_in, channels_out, size)`: (weights, multiplications)."""
    for kernel, inside, outside, size in _LAYERS:
        told = to_numpy(call(answer, kernel, inside, outside, size)).ravel()
        expect(
            told.size == 2,
            f"দুটো সংখ্যা ফেরত চাই, `(ওয়েট, গুণ)`; এসেছে {bn(int(told.size))}টি।",
        )
        weights, count = map(float, told)
        look, mix = kernel**2 * inside, inside * outside
        right, places = look + mix, size**2
        question = f"separable_cost({kernel}, {inside}, {outside}, {size})"
        if (weights, count) == (right, right * places):
            continue
        expect(
            (weights, count) != (right * places, right) or places == 1,
            "দুটো সংখ্যা ঠিক, ক্রমটা উল্টো। আগে ওয়েট, তারপর গুণ।",
        )
        for wrong, hint in (
            (look * outside, "এটা সাধারণ কনভলিউশনের ওয়েট। দেখা আর মেশানো এখন আলাদা, তাই গুণ নয়, যোগ।"),
            (look * mix, "দেখার আর মেশানোর ওয়েট গুণ করা হয়ে গেছে। দুটো আলাদা লেয়ার, ওয়েট যোগ হবে।"),
            (mix, "মেশানোর ওয়েট আছে, দেখার ওয়েট বাদ পড়েছে: প্রতি চ্যানেলে একটা করে জানালা।"),
            (look, "দেখার ওয়েট আছে, মেশানোর ওয়েট বাদ পড়েছে: ঢোকে × বেরোয়।"),
            (kernel**2 + mix, "দেখার ফিল্টার একটা নয়, প্রতি চ্যানেলে আলাদা একটা।"),
            (kernel * inside + mix, "জানালার ঘর `kernel` নয়, `kernel * kernel`টা।"),
            (kernel**2 * outside + mix, "ডেপথওয়াইজ চলে ঢোকার সময়, তখন চ্যানেল `channels_in`টা।"),
            (right + outside, "বায়াস ধরা হয়ে গেছে। এখানে বায়াস ছাড়া হিসাব।"),
            (right + outside + inside, "বায়াস ধরা হয়ে গেছে। এখানে বায়াস ছাড়া হিসাব।"),
        ):
            # Where two mistakes give one number, or the right one, no hint would be fair.
            expect(weights != wrong or wrong == right, hint)
        expect(
            weights == right,
            f"{question} ডাকলে ওয়েট হওয়ার কথা {bn(right)}টি, এসেছে {bn(f'{weights:g}')}। "
            "দেখার ওয়েট আর মেশানোর ওয়েট আলাদা করে লিখে যোগ করুন।",
        )
        expect(
            count != right * size or size == 1,
            "ছকে ঘর `size` নয়, `size * size`টা। প্রতি ঘরে সব ওয়েট একবার করে।",
        )
        expect(
            count != right or places == 1,
            "গুণ আর ওয়েট সমান হয়ে গেছে। প্রতিটি ওয়েট ছকের প্রতি ঘরে একবার করে লাগে।",
        )
        raise Hint(
            f"ওয়েট ঠিক, গুণ নয়: {question} ডাকলে {bn(right * places)} হওয়ার কথা, এসেছে {bn(f'{count:.0f}')}। "
            "প্যাডিং `same`, তাই ফলের ছকও `size`×`size`।"
        )
    return "ওয়েট হয় যোগ, গুণ হয় ছকের প্রতি ঘরে।"


# --- functions that return functions ----------------------------------------------------


def _module(answer: Any, *args: Any) -> Any:
    """answer(*args), if that is a function to be called with x."""
    module = call(answer, *args)
    expect(
        not _is_symbolic(module),
        "এটা ঝুড়ি (KerasTensor) ফেরত দিচ্ছে, ফাংশন নয়। ভেতরে `def ...(x):` লিখে সেই ফাংশনটাই `return` করুন।",
    )
    expect(
        callable(module),
        "ফেরত চাই একটা **ফাংশন**, যাকে পরে `(x)` দিয়ে ডাকা যাবে। ভেতরের ফাংশনের নামটা `return` করুন।",
    )
    return module


def _is_symbolic(value: Any) -> bool:
    return type(value).__name__ == "KerasTensor"


def _graph(module: Any, channels: int, size: int = 8) -> Any:
    """The model x -> module(x), for pictures of so many channels."""
    import keras

    x = keras.Input((size, size, channels))
    output = call(module, x)
    expect(
        _is_symbolic(output),
        "ভেতরের ফাংশনটা একটা ঝুড়ি (KerasTensor) ফেরত দেবে। শেষ লেয়ারটা ডেকেছেন তো, যেমন `Add()([x, branch])`?",
    )
    try:
        return keras.Model(x, output)
    except ValueError as error:
        raise Hint(
            "`x` থেকে ফল পর্যন্ত পথ নেই। ভেতরে নতুন `keras.Input` বানাবেন না, যে `x` এসেছে সেটাই নিন।"
        ) from error


def _silence(model: Any) -> None:
    """All kernels become zero, and biases too; batch normalization stays as it began."""
    import keras

    for layer in layers_of(model, keras.layers.Layer):
        if not isinstance(layer, keras.layers.BatchNormalization):
            layer.set_weights([np.zeros_like(array) for array in layer.get_weights()])


def _answer_of(model: Any, x: np.ndarray) -> np.ndarray:
    return to_numpy(model(x, training=False))


_PICTURES = np.random.default_rng(0).normal(size=(2, 8, 8, 8)).astype("float32")

# --- 07.3 -------------------------------------------------------------------------------


@exercise("07.3")
def residual(answer):
    """`answer(module)`: a function of x that adds x, or a 1x1 of it, to module(x)."""
    import keras

    calls = []

    def same_width(x):
        calls.append(x)
        return keras.layers.Conv2D(8, 3, padding="same", name=f"inside_{len(calls)}")(x)

    def wider(x):
        return keras.layers.Conv2D(12, 3, padding="same", name="inside")(x)

    wrapped = _module(answer, same_width)
    expect(
        wrapped is not same_width, "মডিউলটাই ফেরত এসেছে, যেমন ছিল তেমন। শর্টকাট জুড়ে নতুন একটা ফাংশন বানান।"
    )
    model = _graph(wrapped, 8)
    expect(calls, "`module` একবারও ডাকা হয়নি। ভেতরে `module(x)` লাগবে।")
    expect(len(calls) == 1, f"`module` ডাকা হয়েছে {bn(len(calls))} বার। একবার ডেকে ফলটা একটা নামে রাখুন।")
    expect(
        model.output_shape == (None, 8, 8, 8),
        f"৮ চ্যানেল ঢুকে ৮ চ্যানেল বেরোলে ফলের শেপ (None, 8, 8, 8) হওয়ার কথা, হয়েছে {model.output_shape}। "
        "পাশাপাশি জোড়া (`Concatenate`) নয়, যোগ (`Add`)।",
    )
    _silence(model)
    left = _answer_of(model, _PICTURES)
    expect(
        not np.allclose(left, 0, atol=1e-5),
        "মডিউল চুপ থাকলে কিছুই বেরোয় না, মানে শর্টকাটটা খোলা নেই। চ্যানেল সমান হলে `x`-কে কোনো লেয়ার ছাড়াই সোজা যোগ করুন।",
    )
    expect(
        not np.allclose(left, np.maximum(_PICTURES, 0), atol=1e-3),
        "যোগের পরে ReLU বসে আছে, তাই ঋণাত্মক সব সংখ্যা হারাচ্ছে। শুধু যোগ, তারপর আর কিছু নয়।",
    )
    expect(
        np.allclose(left, _PICTURES, atol=1e-3),
        "মডিউল চুপ থাকলে `x` হুবহু বেরোনোর কথা, কিন্তু বদলে যাচ্ছে। শর্টকাটে `x` একবারই, হাত না দিয়ে।",
    )
    inside = model.get_layer("inside_1")
    kernel = np.zeros_like(inside.get_weights()[0])
    kernel[1, 1] = -2 * np.eye(8)  # the module now answers -2x
    inside.set_weights([kernel, *inside.get_weights()[1:]])
    expect(
        np.allclose(_answer_of(model, _PICTURES), -_PICTURES, atol=1e-2),
        "ফল `x + module(x)` হচ্ছে না। শুধু যোগ করুন: গড় নয়, বিয়োগ নয়।",
    )
    try:
        model = _graph(_module(answer, wider), 8)
    except Hint as hint:
        raise Hint(
            "চ্যানেল আলাদা হলে (৮ থেকে ১২) যোগ করতে গিয়ে থেমে যাচ্ছে। তখন শর্টকাটে `Conv2D(নতুন চ্যানেল, 1)` বসান।"
        ) from hint
    expect(
        model.output_shape == (None, 8, 8, 12),
        f"৮ চ্যানেল ঢুকে মডিউল ১২ চ্যানেল দিলে ফলের শেপ (None, 8, 8, 12) হওয়ার কথা, হয়েছে {model.output_shape}।",
    )
    model.get_layer("inside").set_weights([np.zeros((3, 3, 8, 12)), np.zeros(12)])
    expect(
        _answer_of(model, _PICTURES).std() > 1e-6,
        "চ্যানেল আলাদা হলে শর্টকাটটা হারিয়ে যাচ্ছে। তখনও যোগ হবে, তবে ১×১ কনভলিউশন পেরিয়ে।",
    )
    others = [
        w for layer in layers_of(model, keras.layers.Layer) if layer.name != "inside"
        for w in layer.weights if len(w.shape) >= 2
    ]  # fmt: skip
    expect(
        all(tuple(w.shape)[:-2] in ((1, 1), ()) for w in others),
        "শর্টকাটের কনভলিউশনের জানালা ১×১ হবে, বড় নয়: সেখানে শুধু চ্যানেল মেলানো দরকার, আশপাশ দেখা নয়।",
    )
    return "যে মডিউলই দিন, পাশে একটা খোলা গলি থাকছে।"


# --- 07.4 -------------------------------------------------------------------------------


@exercise("07.4")
def inverted_residual(answer):
    """`answer(expand, filters)`: MobileNetV2's block as a function of x."""
    import keras

    model = _graph(_module(answer, 4, 8), 8)
    _barrel(model, 8, 8, 4)
    convolutions = _convolutions(model)
    expect(
        len(layers_of(model, keras.layers.BatchNormalization)) >= 3,
        "প্রতিটি কনভলিউশনের পরে একটা করে, মোট তিনটি `BatchNormalization` চাই।",
    )
    kept = [layer.get_weights() for layer in convolutions]
    _silence(model)
    left = _answer_of(model, _PICTURES)
    expect(
        not np.allclose(left, 0, atol=1e-5),
        "৮ চ্যানেল ঢুকে ৮ চ্যানেল বেরোচ্ছে, অথচ শর্টকাট নেই। শেষে `Add()([x, branch])`।",
    )
    expect(
        np.allclose(left, _PICTURES, atol=1e-3),
        "শর্টকাটে `x` বদলে যাচ্ছে। চ্যানেল সমান হলে `x`-কে সোজা যোগ করুন, আর যোগের পরে কিছু নয়।",
    )
    for layer, arrays in zip(convolutions, kept, strict=True):
        layer.set_weights(arrays)
    branch = _answer_of(model, _PICTURES) - _PICTURES
    expect(
        branch.min() < -1e-4,
        "শেষ ১×১-এর পরে ReLU বসে আছে, তাই পথটা শুধু বাড়াতে পারে, কমাতে পারে না। সরু মাথায় ReLU নয়।",
    )
    opposite = _answer_of(model, -_PICTURES) + _PICTURES
    expect(
        not np.allclose(branch, -opposite, atol=1e-3 * np.abs(branch).max()),
        "মাঝখানে কোথাও ReLU নেই, তাই পুরো পথটা একটা সরলরেখার হিসাব। প্রথম দুই কনভলিউশনের পরে ReLU দিন।",
    )
    expect(
        _activations(model) >= 2,
        "ReLU চাই দুটো: মেলার ১×১-এর পরে একটা, ডেপথওয়াইজের পরে একটা।",
    )
    model = _graph(_module(answer, 6, 12), 8)
    _barrel(model, 8, 12, 6)
    _silence(model)
    expect(
        np.allclose(_answer_of(model, _PICTURES), 0, atol=1e-4),
        "চ্যানেল না মিললে যোগ হবে না, কিন্তু এখানে কিছু একটা যোগ হচ্ছে। তখন শুধু `branch` ফেরত দিন।",
    )
    return "সরু, চওড়া, সরু: MobileNetV2-র ব্লক আপনার নিজের হাতে।"


def _convolutions(model: Any) -> list:
    import keras

    kinds = (keras.layers.Conv2D, keras.layers.DepthwiseConv2D, keras.layers.Dense)
    return [layer for kind in kinds for layer in layers_of(model, kind)]


def _activations(model: Any) -> int:
    """ReLUs and the like: layers, `keras.activations.relu(x)`, or inside a convolution."""
    alone = [
        name for operation in model.operations
        if "relu" in (name := type(operation).__name__.lower()) or name == "activation"
    ]  # fmt: skip
    fused = [
        layer for layer in _convolutions(model)
        if getattr(layer.activation, "__name__", "linear") != "linear"
    ]  # fmt: skip
    return len(alone) + len(fused)


def _barrel(model: Any, inside: int, outside: int, expand: int) -> None:
    """Narrow, wide, narrow: a 1x1, a depthwise 3x3 and a 1x1 of the right widths."""
    import keras

    expect(
        not layers_of(model, keras.layers.SeparableConv2D),
        "`SeparableConv2D`-তে দেখা আর মেশানো একসঙ্গে, মাঝে ব্যাচ নরমালাইজেশন আর ReLU বসানো যায় না। "
        "`DepthwiseConv2D` আর `Conv2D(filters, 1)` আলাদা করে লিখুন।",
    )
    middle = inside * expand
    shapes = [tuple(layer.get_weights()[0].shape) for layer in _convolutions(model)]
    look = [
        shape for shape, layer in zip(shapes, _convolutions(model), strict=True)
        if isinstance(layer, keras.layers.DepthwiseConv2D) or getattr(layer, "groups", 1) > 1
    ]  # fmt: skip
    expect(
        look,
        'ডেপথওয়াইজ কনভলিউশন পাওয়া গেল না। মাঝের ৩×৩-টা `keras.layers.DepthwiseConv2D(3, padding="same")`।',
    )
    expect(len(look) == 1, f"ডেপথওয়াইজ কনভলিউশন চাই একটা, আছে {bn(len(look))}টি।")
    expect(look[0][:2] == (3, 3), f"ডেপথওয়াইজের জানালা ৩×৩ হবে, আপনারটা {look[0][0]}×{look[0][1]}।")
    wide = int(np.prod(look[0])) // 9
    expect(
        wide == middle,
        f"{bn(inside)} চ্যানেল ঢুকলে আর `expand={expand}` হলে মাঝখানটা {bn(middle)} চ্যানেল চওড়া হবে, আপনারটা {bn(wide)}। "
        "চ্যানেলের সংখ্যা পাবেন `x.shape[-1]`-এ।",
    )
    expect(
        model.output_shape[1:3] == (8, 8),
        f"ছকের মাপ বদলে গেছে: ঢুকেছে 8×8, বেরিয়েছে {model.output_shape[1]}×{model.output_shape[2]}। "
        '`padding="same"` দিন, `strides` দেবেন না।',
    )
    expect(
        model.output_shape[-1] == outside,
        f"`filters={outside}` দিলে {bn(outside)} চ্যানেল বেরোনোর কথা, বেরিয়েছে {bn(model.output_shape[-1])}টি।",
    )
    rest = [shape for shape in shapes if shape not in look]
    windows = {shape[:-2] for shape in rest}
    expect(
        windows <= {(1, 1), ()},
        "ডেপথওয়াইজ ছাড়া বাকি কনভলিউশনের জানালা ১×১ হবে। চওড়া মাঝখানে সাধারণ ৩×৩ বসালে দাম আকাশছোঁয়া।",
    )
    expect(
        len(rest) != 3 or inside == outside,
        "চ্যানেল না মিললে শর্টকাটেও কনভলিউশন বসিয়ে যোগ করা হচ্ছে। এই ব্লকে তখন যোগই হবে না, শুধু `branch` ফেরত দিন।",
    )
    expect(
        sorted(shape[-2:] for shape in rest) == sorted([(inside, middle), (middle, outside)]),
        f"১×১ কনভলিউশন চাই দুটো: একটা {bn(inside)} থেকে {bn(middle)} চ্যানেলে, আরেকটা {bn(middle)} থেকে {bn(outside)}-এ। "
        f"আপনার ব্লকে ১×১ আছে {bn(len(rest))}টি।",
    )


# --- 07.5 -------------------------------------------------------------------------------

MOST_WEIGHTS, MOST_MULTIPLICATIONS = 60_000, 15_000_000


@exercise("07.5")
def own_network(answer, reference, validation):
    """`answer`: a trained model on half the budget, about as good as `reference`."""
    model = built_model(answer)
    expect(
        model.input_shape == reference.input_shape,
        f"ইনপুটের শেপ হওয়ার কথা {reference.input_shape}, আপনারটা {model.input_shape}।",
    )
    expect(
        model.output_shape == (None, 5),
        f"পাঁচ ফুলের জন্য আউটপুটের শেপ (None, 5) হওয়ার কথা, আপনারটা {model.output_shape}। শেষে `tail(x)` আছে তো?",
    )
    count = model.count_params()
    expect(
        count < MOST_WEIGHTS,
        f"প্যারামিটার {bn(count)}টি, ৬০,০০০-এর কম চাই। কোন লেয়ারে সবচেয়ে বেশি, `model.summary()`-তে দেখুন।",
    )
    burned = multiplications(model)
    expect(
        burned < MOST_MULTIPLICATIONS,
        f"গুণ {short(burned)}, দেড় কোটির কম চাই। বড় ছকের লেয়ারগুলোই সবচেয়ে বেশি গ্যাস পোড়ায়: আগে পুলিং করুন, বা সেখানে চ্যানেল কমান।",
    )
    truth = np.concatenate([np.asarray(labels) for _, labels in validation])
    scores = []
    for network in (model, reference):
        with unharmed(network):
            guesses = np.asarray(network.predict(validation, verbose=0)).argmax(axis=1)
        scores.append(float((guesses == truth).mean()))
    mine, theirs = scores
    # Five points, and one and a half standard deviations of a difference on so few pictures.
    slack = 0.05 + 1.5 * (0.5 / len(truth)) ** 0.5
    expect(
        mine > 0.27 or mine >= theirs - slack,
        f"ভ্যালিডেশনে {percent(mine)}, মানে চোখ বুজে বলার কাছাকাছি। `learn(my_net)` চালিয়েছেন তো? শুরুতে `head(inputs)` আছে তো?",
    )
    expect(
        mine >= theirs - slack,
        f"ভ্যালিডেশনে আপনার মডেল {percent(mine)}, সাধারণ নেটওয়ার্ক {percent(theirs)}। টাকা কোথায় যাচ্ছে দেখুন: "
        "হয়তো একটা ব্লক বেশি চওড়া, বা লেয়ার বড় কম।",
    )
    return f"{bn(count)}টি প্যারামিটার আর {short(burned)} গুণে ভ্যালিডেশনে {percent(mine)}; দ্বিগুণ টাকার সাধারণ নেটওয়ার্ক {percent(theirs)}।"
