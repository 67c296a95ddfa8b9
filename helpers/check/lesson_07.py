"""Checks for lesson 07, modern convolutional networks."""

from __future__ import annotations

import inspect
from typing import Any

import numpy as np

from helpers.budget import multiplications, short
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
from helpers.messages import bn, percent

# --- 07.1 -------------------------------------------------------------------------------


@exercise("07.1")
def throat(answer):
    """`answer`: a squeeze for 128 -> 128 channels: at most an eighth of a 3x3's weights."""
    try:
        number = to_numpy(answer)
    except Hint as hint:
        raise Hint("এখানে একটা পূর্ণসংখ্যা লাগবে, যেমন 20।") from hint
    expect(number.size == 1, "এখানে একটামাত্র সংখ্যা চাই, `squeeze`-এর মান।")
    number = float(number.reshape(()))
    expect(
        np.isfinite(number) and number == int(number) and not isinstance(answer, (bool, np.bool_)),
        f"চ্যানেলের সংখ্যা পূর্ণসংখ্যা হয়, যেমন 20। আপনারটা {number:g}।",
    )
    number = int(number)
    expect(number > 0, "চ্যানেল অন্তত একটা তো লাগবেই। ১৬ থেকে শুরু করে বাড়িয়ে দেখুন।")
    each = 128 + 64 + 9 * 64  # weights that one channel of the throat costs
    expect(
        number % each != 0,
        f"{bn(number)}? এটা তো ওয়েটের সংখ্যা; `squeeze` মানে গলার চ্যানেল। "
        "`fire_weights`-এর ফল নয়, মাঝের সংখ্যাটা দিন।",
    )
    weights = number * each
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
        question = f"`separable_cost({kernel}, {inside}, {outside}, {size})`"
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
            (9 * inside + mix, "জানালা ৩ ধরে নেননি তো? `kernel` ব্যবহার করুন।"),
            (kernel**2 * outside + mix, "ডেপথওয়াইজ চলে ঢোকার সময়, তখন চ্যানেল `channels_in`টা।"),
            (right + outside, "বায়াস ধরা হয়ে গেছে। এখানে বায়াস ছাড়া হিসাব।"),
            (right + outside + inside, "বায়াস ধরা হয়ে গেছে। এখানে বায়াস ছাড়া হিসাব।"),
        ):
            # Where two mistakes give one number, or the right one, no hint would be fair.
            expect(weights != wrong or wrong == right, hint)
        expect(
            weights == right,
            f"{question} ডাকলে ওয়েট হওয়ার কথা {bn(right)}টি, এসেছে {_said(weights)}। "
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
        halves = {look * places, mix * places, look * places + mix, look + mix * places}
        expect(
            count not in halves or places == 1,
            "ওয়েট ঠিক, গুণ নয়: দেখা আর মেশানো, দুটোই প্রতি ঘরে হয়।",
        )
        expect(
            count != (9 * inside + mix) * places,
            "ওয়েট ঠিক, কিন্তু গুণে জানালা ৩ ধরে নেননি তো? `kernel` ব্যবহার করুন।",
        )
        raise Hint(
            f"ওয়েট ঠিক, গুণ নয়: {question} ডাকলে {bn(right * places)} হওয়ার কথা, এসেছে {_said(count)}। "
            "প্যাডিং `same`, তাই ফলের ছকও `size`×`size`।"
        )
    return "ওয়েট হয় যোগ, গুণ হয় ছকের প্রতি ঘরে।"


def _said(number: float) -> str:
    """A number that a learner's function told, as a Bengali reader writes it: ৪২,৪৩,৭১২."""
    return bn(int(number)) if number.is_integer() else bn(round(number, 2))


# --- functions that return functions ----------------------------------------------------


def _module(answer: Any, *args: Any, takes: str) -> Any:
    """answer(*args), if that is a function to be called with x.

    Args:
        answer: the learner's function.
        args: what to call it with.
        takes: a hint that says what the function takes, for one that takes something else.
    """
    import keras

    expect(
        not isinstance(answer, keras.Layer),
        "এখানে লেয়ার বা মডেল নয়, একটা ফাংশন লাগবে। `def` লেখা সেলটা চালিয়ে ফাংশনের নামটাই দিন।",
    )
    fits = not callable(answer) or _accepts(answer, *args)
    try:
        expect(fits, takes)
        module = call(answer, *args)
    except Hint as hint:
        if callable(answer) and _is_module(answer):
            # Made by another function, or a function of x that was written at once.
            inner = "<locals>" in getattr(answer, "__qualname__", "")
            raise Hint("`check`-এ ফাংশনটার নামই দিন, ডাকবেন না।" if inner else takes) from hint
        raise
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


def _accepts(function: Any, *args: Any) -> bool:
    try:
        inspect.signature(function).bind(*args)
    except TypeError:
        return False
    except ValueError:  # it does not tell what it takes
        return True
    return True


def _is_module(function: Any) -> bool:
    """True for a function of x, such as fire(16, 64)."""
    import keras

    try:
        return _is_symbolic(function(keras.Input((8, 8, 8))))
    except Exception:
        return False


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

_TAKES_A_MODULE = "`residual` নেয় একটাই জিনিস, মডিউল; `x` নেবে ভেতরের ফাংশন।"
_RELU_AFTER = "যোগের পরে ReLU বসে আছে, তাই ঋণাত্মক সব সংখ্যা হারাচ্ছে। শুধু যোগ, তারপর আর কিছু নয়।"
_WRONG_SIDE = "১×১-টা `module(x)`-এ নয়, `x`-এর পথে বসান।"


def _kernels_beside(model: Any, name: str) -> list:
    """Weights of at least two dimensions, outside the layer of that name."""
    import keras

    return [
        w for layer in layers_of(model, keras.layers.Layer) if layer.name != name
        for w in layer.weights if len(w.shape) >= 2
    ]  # fmt: skip


def _answer_to(model: Any, name: str, told: float) -> np.ndarray:
    """The model's answer while its layer of that name tells the same number everywhere."""
    inside = model.get_layer(name)
    kernel, bias = inside.get_weights()
    inside.set_weights([np.zeros_like(kernel), np.full_like(bias, told)])
    return _answer_of(model, _PICTURES)


def _is_bent(model: Any, name: str, told: float) -> bool:
    """True if, beside a layer that always tells this number, x does not pass in a straight line."""
    up = _answer_to(model, name, told)
    down, middle = (_answer_of(model, sign * _PICTURES) for sign in (-1, 0))
    return not np.allclose(up + down, 2 * middle, atol=1e-2 * np.abs(up - middle).max())


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

    wrapped = _module(answer, same_width, takes=_TAKES_A_MODULE)
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
    if np.allclose(left, np.maximum(_PICTURES, 0), atol=1e-3):
        # A large number from the module lifts the sum above 0: a ReLU after it falls silent.
        expect(
            np.allclose(_answer_to(model, "inside_1", 100), 100 + _PICTURES, atol=1e-2),
            "শর্টকাটে ReLU বসে আছে, তাই `x`-এর ঋণাত্মক সব সংখ্যা হারাচ্ছে। চ্যানেল সমান হলে `x`-কে সোজা যোগ করুন।",
        )
        raise Hint(_RELU_AFTER)
    expect(
        np.allclose(left, _PICTURES, atol=1e-3),
        "মডিউল চুপ থাকলে `x` হুবহু বেরোনোর কথা, কিন্তু বদলে যাচ্ছে। শর্টকাটে `x` একবারই, হাত না দিয়ে।",
    )
    expect(
        not _kernels_beside(model, "inside_1"),
        f"{_WRONG_SIDE} আর চ্যানেল সমান হলে সেটা লাগেই না।",
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
        model = _graph(_module(answer, wider, takes=_TAKES_A_MODULE), 8)
    except Hint as hint:
        if hint.__cause__ is None:
            raise
        raise Hint(
            "চ্যানেল আলাদা হলে (৮ থেকে ১২) যোগ করতে গিয়ে থেমে যাচ্ছে। তখন শর্টকাটে, মানে `x`-এর পথে, "
            "`Conv2D(নতুন চ্যানেল, 1)` বসান; `module(x)`-এ নয়।"
        ) from hint
    expect(
        model.output_shape[-1] != 8 or not _kernels_beside(model, "inside"),
        f"৮ চ্যানেল ঢুকে মডিউল ১২ চ্যানেল দিলে ফলেও ১২ চাই, আপনারটায় ৮। {_WRONG_SIDE}",
    )
    expect(
        model.output_shape == (None, 8, 8, 12),
        f"৮ চ্যানেল ঢুকে মডিউল ১২ চ্যানেল দিলে ফলের শেপ (None, 8, 8, 12) হওয়ার কথা, হয়েছে {model.output_shape}।",
    )
    expect(
        _answer_to(model, "inside", 0).std() > 1e-6,
        "চ্যানেল আলাদা হলে শর্টকাটটা হারিয়ে যাচ্ছে। তখনও যোগ হবে, তবে ১×১ কনভলিউশন পেরিয়ে।",
    )
    expect(
        all(tuple(w.shape)[:-2] in ((1, 1), ()) for w in _kernels_beside(model, "inside")),
        "শর্টকাটের কনভলিউশনের জানালা ১×১ হবে, বড় নয়: সেখানে শুধু চ্যানেল মেলানো দরকার, আশপাশ দেখা নয়।",
    )
    if _is_bent(model, "inside", 0):
        expect(
            not _is_bent(model, "inside", 100),
            "শর্টকাটের ১×১-এর পরে ReLU বসে আছে, তাই ঋণাত্মক সব সংখ্যা হারাচ্ছে। সেখানে শুধু `Conv2D(নতুন চ্যানেল, 1)`; "
            "`conv_norm` নিলে তার ভেতরের ReLU-টাও চলে আসে।",
        )
        raise Hint(f"চ্যানেল আলাদা হলে {_RELU_AFTER}")
    return "যে মডিউলই দিন, পাশে একটা খোলা গলি থাকছে।"


# --- 07.4 -------------------------------------------------------------------------------


def _block(answer: Any, expand: int, filters: int, size: int = 8) -> Any:
    """The model x -> answer(expand, filters)(x), for pictures of 8 channels."""
    takes = "`inverted_residual` নেয় দুটো জিনিস, `expand` আর `filters`; `x` নেবে ভেতরের ফাংশন।"
    return _graph(_module(answer, expand, filters, takes=takes), 8, size)


def _builds(answer: Any, size: int) -> bool:
    try:
        _block(answer, 4, 8, size)
    except (Hint, Blank):
        return False
    return True


@exercise("07.4")
def inverted_residual(answer):
    """`answer(expand, filters)`: MobileNetV2's block as a function of x."""
    import keras

    try:
        model = _block(answer, 4, 8)
    except Hint as hint:
        if hint.__cause__ is None:
            raise
        # What is left of a smaller picture is a single place, and that fits any sum.
        expect(
            not _builds(answer, size=3),
            '`DepthwiseConv2D`-তে `padding="same"` দিন, নইলে ছক ছোট হয়ে যায়। তখন `x`-এর সঙ্গে যোগ করা যায় না।',
        )
        expect(
            not _builds(answer, size=1),
            "কনভলিউশনে `strides` দেবেন না, নইলে ছক ছোট হয়ে যায়। তখন `x`-এর সঙ্গে যোগ করা যায় না।",
        )
        raise
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
    expect(
        not _rectified_before_norm(model),
        "একটা `BatchNormalization`-এর আগেই ReLU বসে গেছে। ক্রম: কনভলিউশন, ব্যাচ নরমালাইজেশন, তারপর ReLU।",
    )
    try:
        model = _block(answer, 6, 12)
    except Hint as hint:
        expect(
            not isinstance(hint.__cause__, ValueError),
            "চ্যানেল না মিললে যোগ করা যায় না। `x.shape[-1] == filters` হলে তবেই `Add`।",
        )
        raise
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
        name for operation in _operations(model)
        if "relu" in (name := type(operation).__name__.lower()) or name == "activation"
    ]  # fmt: skip
    fused = [
        layer for layer in _convolutions(model)
        if getattr(layer.activation, "__name__", "linear") != "linear"
    ]  # fmt: skip
    return len(alone) + len(fused)


def _operations(model: Any) -> list:
    """The model's layers and other operations, also those of models that are used as layers."""
    import keras

    found = []
    for operation in getattr(model, "operations", model.layers):
        found += _operations(operation) if isinstance(operation, keras.Model) else [operation]
    return found


def _rectified_before_norm(model: Any) -> bool:
    """True if a batch normalization, in a model inside too, never gets a negative number."""
    import keras

    for layer in model.layers:
        if isinstance(layer, keras.Model):
            if _rectified_before_norm(layer):
                return True
        elif isinstance(layer, keras.layers.BatchNormalization):
            try:
                before = keras.Model(model.inputs[0], layer.input)
            except (AttributeError, ValueError):  # called twice, or not in this graph
                continue
            shape = [size or 8 for size in model.inputs[0].shape[1:]]
            pictures = np.random.default_rng(1).normal(size=(4, *shape)).astype("float32")
            told = _answer_of(before, pictures)
            if told.min() >= 0 and told.max() > 0:
                return True
    return False


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
#: How much less accurate than the reference a network may be, before luck comes in.
POINTS = 0.05


def luck_of(mine: float, theirs: float, pictures: int) -> float:
    """One standard error of the difference of two accuracies, each measured on so many pictures.

    >>> round(luck_of(0.70, 0.75, 100), 3), round(luck_of(0.70, 0.75, 612), 3)
    (0.063, 0.026)
    """
    middle = (mine + theirs) / 2
    return (2 * middle * (1 - middle) / pictures) ** 0.5


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
    answers = []
    for network in (model, reference):
        with unharmed(network):
            answers.append(np.asarray(network.predict(validation, verbose=0)))
    shares = answers[0].sum(axis=1)
    expect(
        not (answers[0].min() >= 0 and np.allclose(shares, 1, atol=1e-2)),
        "শেষের `Dense`-এ (বা তার পরে) `softmax` আছে; `learn` চায় লজিট, মানে কোনো `activation` নয়।",
    )
    mine, theirs = (float((scores.argmax(axis=1) == truth).mean()) for scores in answers)
    # Whoever names one flower for every picture is right this often, and a little luck comes
    # on top: two standard errors.
    blind = float(np.bincount(truth).max()) / len(truth)
    chance = blind + 2 * (blind * (1 - blind) / len(truth)) ** 0.5
    expect(
        mine > chance,
        f"ভ্যালিডেশনে {percent(mine)}, এখনও চোখে পড়ার মতো শেখেনি: সব ছবিতে একই ফুলের নাম বললেও {percent(blind)} মেলে, "
        f"আর কপাল ভালো হলে {percent(chance)}। আগে দেখুন `learn(my_net)` পুরোটা চলেছে কি না, তারপর দেখুন শুরুতে `head(inputs)` আছে কি না।",
    )
    luck = luck_of(mine, theirs, len(truth))
    expect(
        mine >= theirs - POINTS - luck,
        f"আগে দেখুন `learn(my_net)` পুরোটা চলেছে কি না। ভ্যালিডেশনে আপনার মডেল {percent(mine)}, সাধারণ নেটওয়ার্ক {percent(theirs)}; "
        f"ছাড় {bn(100 * POINTS, 0)} পয়েন্ট, আর ছবি {bn(len(truth))}টা বলে ভাগ্যের জন্য আরও {bn(100 * luck, 1)}। "
        "ট্রেনিং পুরো হয়ে থাকলে টাকা কোথায় যাচ্ছে দেখুন: হয়তো একটা ব্লক বেশি চওড়া, বা লেয়ার বড় কম।",
    )
    return f"{bn(count)}টি প্যারামিটার আর {short(burned)} গুণে ভ্যালিডেশনে {percent(mine)}; দ্বিগুণ টাকার সাধারণ নেটওয়ার্ক {percent(theirs)}।"
