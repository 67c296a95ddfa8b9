"""Checks for lesson 01, Keras in 30 seconds."""

from __future__ import annotations

import re

import numpy as np

from helpers.check import (
    Blank,
    Hint,
    built_model,
    call,
    exercise,
    expect,
    layers_of,
    to_numpy,
    unharmed,
)
from helpers.messages import percent

RAIN = np.array([9.0, 30.0, 145.0, 375.0, 570.0, 815.0, 815.0, 610.0, 535.0, 220.0, 30.0, 9.5])


@exercise("01.1")
def min_max_scaling(answer):
    """`answer`: the twelve months of RAIN, scaled to [0, 1]."""
    scaled = to_numpy(answer).astype(float)
    expect(
        scaled.shape == RAIN.shape,
        f"বারো মাসের জন্য ১২টি সংখ্যা লাগবে, শেপ (12,)। আপনারটার শেপ {scaled.shape}।",
    )
    expect(not np.allclose(scaled, RAIN), "সংখ্যাগুলো আগের মতোই আছে। সবচেয়ে ছোটটা বাদ দিন, তারপর ভাগ করুন।")
    expect(
        not np.allclose(scaled, RAIN / RAIN.max(), atol=1e-4),
        "শুধু সবচেয়ে বড়টা দিয়ে ভাগ করেছেন, তাই শুকনো মাসটা ০ হয়নি। ভাগের আগে সবখান থেকে `rain.min()` বাদ দিন।",
    )
    expect(
        not np.allclose(scaled, (RAIN - RAIN.min()) / RAIN.max(), atol=1e-4),
        "সবচেয়ে ভেজা মাসটা ঠিক ১ হয়নি। ভাগ করতে হবে পুরো বিস্তারটা দিয়ে: `rain.max() - rain.min()`।",
    )
    expect(
        abs(scaled.mean()) > 1e-3 or scaled.min() >= 0,
        "এটা স্ট্যান্ডার্ডাইজেশন, গড় ০ হয়ে গেছে। এখানে চাই মিন-ম্যাক্স: সবচেয়ে ছোটটা ০, সবচেয়ে বড়টা ১।",
    )
    wanted = (RAIN - RAIN.min()) / (RAIN.max() - RAIN.min())
    expect(
        not np.allclose(scaled, 1 - wanted, atol=1e-3),
        "উল্টো হয়ে গেছে: শুকনো মাস ১ আর ভেজা মাস ০। বিয়োগটা কোন দিক থেকে করছেন, দেখুন।",
    )
    expect(
        abs(scaled.min()) <= 1e-4 and abs(scaled.max() - 1) <= 1e-4,
        f"সবচেয়ে শুকনো মাস ০ আর সবচেয়ে ভেজা মাস ১ হওয়ার কথা, আপনার সংখ্যাগুলো {scaled.min():.2f} থেকে {scaled.max():.2f}। "
        "আগে বিয়োগ, পরে ভাগ: বন্ধনী দিয়েছেন তো?",
    )
    expect(
        np.allclose(scaled, wanted, atol=0.006),  # rounding to two places is no mistake
        "দুই প্রান্ত ঠিক আছে, কিন্তু মাঝের মাসগুলো মিলছে না। মাসের ক্রম বদলে যায়নি তো?",
    )
    return "শুকনো মাস ০, ভেজা মাস ১, বাকিরা মাঝখানে।"


@exercise("01.2")
def two_hidden_layers(answer):
    """`answer`: a built model (32, 32) -> 64 relu -> 32 relu -> 10 logits."""
    import keras

    model = built_model(answer)
    expect(
        model.input_shape == (None, 32, 32),
        f"ইনপুটের শেপ হওয়ার কথা (None, 32, 32), আপনারটা {model.input_shape}। `keras.Input(shape=(32, 32))` দিন।",
    )
    expect(
        len(model.output_shape) == 2,
        f"আউটপুটের শেপ {model.output_shape}, এখনও সারি-কলাম আছে। `Dense`-এর আগে `Flatten` লাগবে।",
    )
    expect(
        model.output_shape[-1] == 10,
        f"শেষে দশটি লজিট চাই, আপনার মডেল দিচ্ছে {model.output_shape[-1]}টি।",
    )
    dense = layers_of(model, keras.layers.Dense)
    units = [layer.units for layer in dense]
    expect(
        layers_of(model, keras.layers.Softmax) == [] and not _is_softmax(dense[-1].activation),
        "শেষ লেয়ারে সফটম্যাক্স বসে আছে। আমরা চাই লজিট, তাই শেষ লেয়ারে কোনো অ্যাক্টিভেশন দেবেন না।",
    )
    expect(
        getattr(dense[-1].activation, "__name__", "") == "linear" and model.layers[-1] is dense[-1],
        "শেষ `Dense`-এর উপর একটা অ্যাক্টিভেশন বসেছে, সেটা লজিট বদলে দেয়। শেষে কোনো অ্যাক্টিভেশন দেবেন না।",
    )
    expect(
        units == [64, 32, 10],
        f"`Dense` লেয়ারগুলোর নিউরন পরপর ৬৪, ৩২ আর ১০ হওয়ার কথা। আপনার মডেলে আছে {units}।",
    )
    inputs = np.linspace(-1, 1, 2 * 32 * 32, dtype="float32").reshape(2, 32, 32)
    for layer in dense[:2]:
        hidden = keras.Model(model.inputs[0], _after(model, layer))
        outputs = np.array(hidden(inputs))
        expect(
            outputs.min() >= 0,
            'হিডেন লেয়ারের ফলে ঋণাত্মক সংখ্যা আছে, তার মানে `relu` লাগেনি। দুটো হিডেন লেয়ারেই `activation="relu"` দিন।',
        )
    return (
        f"মডেলে {model.count_params()}টি প্যারামিটার। আমাদের এক হিডেন লেয়ারের মডেলের অর্ধেকের সামান্য বেশি।"
    )


def _is_softmax(activation):
    return getattr(activation, "__name__", "") == "softmax"


def _after(model, dense):
    """What leaves the activation of a dense layer, also one that is a layer of its own."""
    following = model.layers[model.layers.index(dense) + 1 :] if dense in model.layers else []
    named = {"ReLU", "Activation"}
    return (
        following[0].output if following and type(following[0]).__name__ in named else dense.output
    )


@exercise("01.3")
def compiled(answer):
    """`answer`: a model compiled with Adam(0.001), sparse cross-entropy from logits, accuracy."""
    import keras

    model = built_model(answer)
    if not model.compiled:  # the cell builds `student` itself: this is the untouched blank
        raise Blank
    expect(
        isinstance(model.optimizer, keras.optimizers.Adam),
        f"অপটিমাইজার `Adam` হওয়ার কথা, আপনারটা `{type(model.optimizer).__name__}`।",
    )
    rate = float(model.optimizer.learning_rate)
    expect(np.isclose(rate, 1e-3, rtol=1e-3), f"লার্নিং রেট 0.001 হওয়ার কথা, আপনারটা {rate:g}।")
    expect(model.loss is not None, "লস দেওয়া হয়নি, তাই মডেল জানে না কী কমাতে হবে। `loss=...` দিন।")
    found = _loss_of(model.loss)
    expect(
        found is not None,
        "এই লস আমাদের লেবেল নিতে পারে না। লেবেলগুলো ০, ১, ২… এমন সাধারণ সংখ্যা, তাই `SparseCategoricalCrossentropy` লাগবে।",
    )
    expect(
        np.isclose(found, _LOSS_OF_LOGITS, rtol=1e-2),
        "লসটা লজিটকে সম্ভাবনা ভেবে হিসাব করছে। `from_logits=True` দিন।",
    )
    names = [str(m) for m in _metric_names(model)]
    expect(
        any("acc" in name for name in names),
        '`metrics=["accuracy"]` দেওয়া হয়নি, তাই ট্রেইন করার সময় অ্যাকুরেসি দেখা যাবে না।',
    )
    return "মডেলটা এখন `fit`-এর জন্য তৈরি।"


# The label 3 with these numbers in the model's ten outputs. A loss that takes them for logits
# gives -log softmax; one that takes them for probabilities, -log(0.2).
_OUTPUTS = np.array([[0.0, 0.0, 0.0, 0.2, 0.8, 0.0, 0.0, 0.0, 0.0, 0.0]], dtype="float32")
_LOSS_OF_LOGITS = float(np.log(np.exp(_OUTPUTS).sum()) - 0.2)
_LOSS_OF_PROBABILITIES = float(-np.log(0.2))


def _loss_of(loss):
    """The loss of _OUTPUTS against the label 3; None if it cannot take a whole-number label."""
    import keras

    try:
        value = keras.losses.get(loss)(np.array([3]), _OUTPUTS)
    except Exception:
        return None
    return float(np.mean(np.array(value)))


def _metric_names(model):
    """The metrics given to compile; before the first fit Keras has not built them yet."""
    config = model.get_compile_config() or {}
    found = []

    def walk(value):
        if isinstance(value, dict):
            for inner in value.values():
                walk(inner)
        elif isinstance(value, (list, tuple)):
            for inner in value:
                walk(inner)
        elif isinstance(value, str):
            found.append(value.lower())

    walk(config.get("metrics"))
    walk(config.get("weighted_metrics"))
    return found


@exercise("01.4")
def read_one_image(answer, model, images):
    """`answer`: a function (32, 32) -> (digit, probability), with `model`."""
    import keras

    model = built_model(model)
    chosen = np.asarray(images)[:5]
    logits = model.predict(chosen, verbose=0)
    probabilities = np.array(keras.ops.softmax(logits))
    for image, row, logit in zip(chosen, probabilities, logits, strict=True):
        try:
            with unharmed(model):
                result = call(answer, image.copy())
        except Hint as hint:
            # Only an error out of Keras is about the batch; NumPy's own are about the answer.
            error = hint.__cause__
            cause = str(error)
            expect(
                not ("keras" in _deepest_file(error) and re.search("shape|ndim|dimension", cause)),
                "ছবিটার শেপ মডেলের পছন্দ হয়নি। মডেল ব্যাচ চায়: `image[np.newaxis]` লিখলে শেপ হবে (1, 32, 32)।",
            )
            expect(
                "scalar" not in cause,
                "একটা সংখ্যার জায়গায় পুরো একটা সারি এসেছে। `predict`-এর ফলটা ব্যাচ, আগে `[0]` দিয়ে সারিটা নিন।",
            )
            raise
        expect(
            isinstance(result, (tuple, list)) and len(result) == 2,
            "দুটি জিনিস ফেরত দিতে হবে: অঙ্কটা আর তার সম্ভাবনা। যেমন `return digit, probability`।",
        )
        digit, probability = result
        expect(
            np.size(digit) == 1 and np.size(probability) == 1,
            "অঙ্ক আর সম্ভাবনা দুটোই একটা করে সংখ্যা হবে, অ্যারে নয়।",
        )
        digit, probability = float(np.squeeze(digit)), float(np.squeeze(probability))
        expect(
            not (0 < digit < 1 and probability == int(probability)),
            "আগে অঙ্ক, পরে সম্ভাবনা ফেরত দিতে হবে। দুটো উল্টে যায়নি তো?",
        )
        expect(
            np.isclose(digit, row.argmax()),
            f"অঙ্কটা মিলছে না: মডেলের সবচেয়ে বড় লজিট {row.argmax()}-এর ঘরে, আপনার ফাংশন বলছে {digit:g}। `argmax` ঠিক সারিতে করছেন তো?",
        )
        expect(
            not np.isclose(probability, logit.max(), rtol=1e-4)
            or np.isclose(logit.max(), row.max()),
            "এটা সম্ভাবনা নয়, লজিট। আগে সফটম্যাক্স করুন, তারপর সবচেয়ে বড়টা নিন।",
        )
        expect(
            np.isclose(probability, row.max(), atol=1e-3),
            f"সম্ভাবনাটা মিলছে না: হওয়ার কথা {row.max():.3f}, এসেছে {probability:.3f}। সফটম্যাক্স দশটি লজিটের উপর একসঙ্গে করতে হয়, আর ছবিটা নতুন করে স্কেল করতে হয় না।",
        )
    return "অঙ্ক আর সম্ভাবনা, দুটোই মিলেছে।"


def _deepest_file(error):
    """The file in which an exception was raised."""
    trace = getattr(error, "__traceback__", None)
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return trace.tb_frame.f_code.co_filename if trace is not None else ""


@exercise("01.5")
def modern_code(answer):
    """`answer`: (100,) -> 64 relu -> 10, SGD(0.01, momentum 0.9), loss fitting the output."""
    import keras

    model = built_model(answer)
    expect(
        model.input_shape == (None, 100),
        f"ইনপুট ১০০টি সংখ্যা, মানে শেপ (None, 100)। আপনারটা {model.input_shape}।",
    )
    dense = layers_of(model, keras.layers.Dense)
    units = [layer.units for layer in dense]
    expect(
        units == [64, 10], f"দুটি `Dense` লেয়ার হওয়ার কথা, ৬৪ আর ১০ নিউরনের। আপনার মডেলে আছে {units}।"
    )
    inputs = np.linspace(-3, 3, 700, dtype="float32").reshape(7, 100)
    hidden = np.array(keras.Model(model.inputs[0], _after(model, dense[0]))(inputs))
    expect(hidden.min() >= 0, "প্রথম লেয়ারে `relu` ছিল, আপনার মডেলে নেই। পুরনো কোডটা আবার মিলিয়ে দেখুন।")
    expect(model.compiled, "মডেলটা এখনও `compile` করা হয়নি।")
    expect(
        isinstance(model.optimizer, keras.optimizers.SGD),
        f"অপটিমাইজার `SGD` হওয়ার কথা, আপনারটা `{type(model.optimizer).__name__}`।",
    )
    rate, momentum = float(model.optimizer.learning_rate), float(model.optimizer.momentum)
    expect(
        np.isclose(rate, 0.01, rtol=1e-3),
        f"লার্নিং রেট 0.01 হওয়ার কথা, আপনারটা {rate:g}। পুরনো `lr`-এর আজকের নাম `learning_rate`।",
    )
    expect(np.isclose(momentum, 0.9, rtol=1e-3), f"মোমেন্টাম 0.9 হওয়ার কথা, আপনারটা {momentum:g}।")
    outputs = np.array(model(inputs))
    gives_probabilities = np.allclose(outputs.sum(axis=1), 1, atol=1e-4) and outputs.min() >= 0
    found = _loss_of(model.loss)
    takes_logits = found is not None and np.isclose(found, _LOSS_OF_LOGITS, rtol=1e-2)
    takes_probabilities = found is not None and np.isclose(found, _LOSS_OF_PROBABILITIES, rtol=1e-2)
    expect(
        takes_logits or takes_probabilities,
        "লসটা সাধারণ সংখ্যার লেবেল নিতে পারছে না। `SparseCategoricalCrossentropy` লাগবে।",
    )
    expect(
        not (gives_probabilities and not takes_probabilities),
        "শেষে সফটম্যাক্সও আছে, আবার লস লজিট চাইছে: কাজটা দুবার হচ্ছে। একটা বেছে নিন।",
    )
    expect(
        not (not gives_probabilities and takes_probabilities),
        "মডেল দিচ্ছে লজিট, কিন্তু লস চাইছে সম্ভাবনা। লসে `from_logits=True` দিন।",
    )
    return "২০১৭-র কোড আজকের Keras-এ চলছে।"


@exercise("01.6")
def better_model(answer, model, images, labels):
    """`answer`: a trained model at least as accurate as `model` on the validation set."""
    best = built_model(answer)
    labels = np.asarray(labels)
    scores = []
    for candidate in (best, model):
        logits = np.asarray(candidate.predict(images, verbose=0))
        expect(
            logits.shape == (len(labels), 10),
            f"প্রতিটি ছবির জন্য দশটি নম্বর আসার কথা, আপনার মডেলের আউটপুট {logits.shape}।",
        )
        scores.append(float((logits.argmax(axis=1) == labels).mean()))
    expect(best is not model, "এটা আমাদের `model`-ই। নিজের একটা মডেল বানান, নাম দিন `best_model`।")
    expect(
        scores[0] > 0.2,
        f"ভ্যালিডেশনে মোটে {percent(scores[0])} ঠিক, না শেখা মডেলের মতো। তিনটি জিনিস দেখুন: `compile` করেছেন কি না, লসে `from_logits=True` আছে কি না, আর `fit` চলেছে কি না।",
    )
    expect(
        scores[0] >= scores[1],
        f"আপনার মডেল {percent(scores[0], 1)}, আমাদেরটা {percent(scores[1], 1)}। আরেকটু বাকি: নিউরন বা ইপক বাড়ান, কিংবা ইঙ্গিতের `Conv2D` দিয়ে দেখুন।",
    )
    expect(
        scores[0] < 0.995,
        f"ভ্যালিডেশনে {percent(scores[0], 1)} ঠিক? এতটা ভালো সন্দেহজনক। `x_val` দিয়ে ট্রেইন করে ফেলেননি তো? শুধু `x_train` দিন।",
    )
    return f"ভ্যালিডেশনে আপনার মডেল {percent(scores[0], 1)}, আমাদেরটা {percent(scores[1], 1)}।"
