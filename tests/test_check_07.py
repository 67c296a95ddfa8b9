"""Checks of lesson 07: the blank, the solution, other right answers, mistakes, nonsense."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from conftest import assert_hint, assert_right, raises
from keras import layers
from test_check_01 import nonsense

from helpers.budget import multiplications
from helpers.check import grade

# --- 07.1 -------------------------------------------------------------------------------


@pytest.mark.parametrize("answer", [24, 16, 20, np.int64(23), 24.0, np.array([18])])
def test_throat_right(answer):
    assert_right("07.1", answer)


@pytest.mark.parametrize(
    ("answer", "word"),
    [
        (25, "১৯,২০০"),
        (128, "আরও চাপুন"),
        (8, "১৬-র চেয়ে সরু"),
        (0, "অন্তত একটা"),
        (-4, "অন্তত একটা"),
        (20.5, "পূর্ণসংখ্যা"),
        (float("nan"), "পূর্ণসংখ্যা"),
        (True, "পূর্ণসংখ্যা"),
        ([16, 24], "একটামাত্র"),
        ("24", "অ্যারে"),
    ],
)
def test_throat_mistakes(answer, word):
    assert_hint(word, "07.1", answer)


# --- 07.2 -------------------------------------------------------------------------------


def cost(k, i, o, s):
    weights = k * k * i + i * o
    return weights, weights * s * s


def in_two_steps(kernel, channels_in, channels_out, size):
    look, mix = channels_in * kernel**2, channels_in * channels_out
    return [look + mix, (look + mix) * size**2]


def by_keras(kernel, channels_in, channels_out, size):
    x = keras.Input((size, size, channels_in))
    y = layers.SeparableConv2D(channels_out, kernel, padding="same", use_bias=False)(x)
    model = keras.Model(x, y)
    return np.array([model.count_params(), multiplications(model)])


@pytest.mark.parametrize("answer", [cost, in_two_steps, by_keras])
def test_cost_right(answer):
    assert_right("07.2", answer)


@pytest.mark.parametrize(
    ("answer", "word"),
    [
        (lambda k, i, o, s: (k * k * i * o, k * k * i * o * s * s), "সাধারণ কনভলিউশনের"),
        (lambda k, i, o, s: (k * k * i * i * o, k * k * i * i * o * s * s), "ওয়েট যোগ হবে"),
        (lambda k, i, o, s: (i * o, i * o * s * s), "দেখার ওয়েট বাদ"),
        (lambda k, i, o, s: (k * k * i, k * k * i * s * s), "মেশানোর ওয়েট বাদ"),
        (lambda k, i, o, s: (k * k + i * o, 1), "প্রতি চ্যানেলে আলাদা"),
        (lambda k, i, o, s: (k * i + i * o, 1), "kernel * kernel"),
        (lambda k, i, o, s: (k * k * o + i * o, 1), "channels_in"),
        (lambda k, i, o, s: (cost(k, i, o, s)[0] + o, 1), "বায়াস"),
        (lambda k, i, o, s: (cost(k, i, o, s)[0] + o + i, 1), "বায়াস"),
        (lambda k, i, o, s: cost(k, i, o, s)[::-1], "উল্টো"),
        (lambda k, i, o, s: (cost(k, i, o, s)[0],) * 2, "সমান হয়ে গেছে"),
        (lambda k, i, o, s: (cost(k, i, o, s)[0], cost(k, i, o, s)[0] * s), "size * size"),
        (lambda k, i, o, s: (cost(k, i, o, s)[0], 7), "ওয়েট ঠিক, গুণ নয়"),
        (lambda k, i, o, s: (12345, 7), "12345".translate(str.maketrans("12345", "১২৩৪৫"))),
        (lambda k, i, o, s: cost(k, i, o, s)[0], "দুটো সংখ্যা"),
        (lambda k, i, o, s: print(end=""), "return"),
        (lambda k, i: (k, i), "এরর"),
        (lambda k, i, o, s: "অনেক", "অ্যারে"),
        (7, "ফাংশন"),
    ],
)
def test_cost_mistakes(answer, word):
    assert_hint(word, "07.2", answer)


# --- 07.3 -------------------------------------------------------------------------------


def residual(module):
    def with_shortcut(x):
        branch = module(x)
        if x.shape[-1] != branch.shape[-1]:
            x = layers.Conv2D(branch.shape[-1], 1)(x)
        return layers.Add()([x, branch])

    return with_shortcut


def residual_with_plus(module):
    def with_shortcut(x):
        branch = module(x)
        same = x.shape[-1] == branch.shape[-1]
        return branch + (x if same else layers.Dense(branch.shape[-1], use_bias=False)(x))

    return with_shortcut


def residual_with_norm(module):
    def with_shortcut(x):
        branch = module(x)
        if x.shape[-1] != branch.shape[-1]:
            x = layers.Conv2D(branch.shape[-1], 1, padding="same", use_bias=False)(x)
            x = layers.BatchNormalization()(x)
        return keras.ops.add(branch, x)

    return lambda x: with_shortcut(x)


@pytest.mark.parametrize("answer", [residual, residual_with_plus, residual_with_norm])
def test_residual_right(answer):
    assert_right("07.3", answer)


def wrong_residual(join):
    """residual(module), with join(x, module) in place of the sum."""
    return lambda module: lambda x: join(x, module)


@pytest.mark.parametrize(
    ("answer", "word"),
    [
        (lambda module: module, "যেমন ছিল তেমন"),
        (lambda module: module(keras.Input((8, 8, 8))), "ঝুড়ি"),
        (lambda module: print(end=""), "return"),
        (lambda module: 7, "ফাংশন"),
        (lambda module, x: x, "এরর"),
        (wrong_residual(lambda x, module: print(end="")), "return"),
        (wrong_residual(lambda x, module: x + 0), "`module` একবারও"),
        (wrong_residual(lambda x, module: module(x) + 0), "শর্টকাটটা খোলা নেই"),
        (wrong_residual(lambda x, module: module(x) + module(x)), "২ বার"),
        (wrong_residual(lambda x, module: layers.Concatenate()([x, module(x)])), "Concatenate"),
        (wrong_residual(lambda x, module: layers.Add()([x, module(x)])), "থেমে যাচ্ছে"),
        (wrong_residual(lambda x, module: layers.ReLU()(x + module(x))), "যোগের পরে ReLU"),
        (wrong_residual(lambda x, module: layers.Average()([x, module(x)])), "বদলে যাচ্ছে"),
        (wrong_residual(lambda x, module: x - module(x)), "বিয়োগ"),
        (
            wrong_residual(lambda x, module: layers.Conv2D(8, 1)(x) + module(x)),
            "কোনো লেয়ার ছাড়াই",
        ),
        (
            wrong_residual(
                lambda x, module: (lambda y: y if x.shape[-1] != y.shape[-1] else x + y)(module(x))
            ),
            "হারিয়ে",
        ),
        (
            wrong_residual(
                lambda x, module: (
                    lambda y: (
                        (
                            layers.Conv2D(y.shape[-1], 3, padding="same")(x)
                            if x.shape[-1] != y.shape[-1]
                            else x
                        )
                        + y
                    )
                )(module(x))
            ),
            "১×১ হবে",
        ),
        (wrong_residual(lambda x, module: layers.Add), "ঝুড়ি"),
        (wrong_residual(lambda x, module: module(keras.Input((8, 8, 8)))), "পথ নেই"),
    ],
)
def test_residual_mistakes(answer, word):
    assert_hint(word, "07.3", answer)


# --- 07.4 -------------------------------------------------------------------------------


def block(
    expand, filters, *, wide=None, window=3, padding="same", plain=False, last=None, first="relu",
    middle="relu", norms=3, add="same", after=None,
):  # fmt: skip
    """inverted_residual's block, or one with a mistake in it."""

    def norm(x, number):
        return layers.BatchNormalization()(x) if number <= norms else x

    def module(x):
        width = wide or expand * x.shape[-1]
        y = norm(layers.Conv2D(width, 1, use_bias=False)(x), 1)
        y = layers.Activation(first)(y) if first else y
        kind = layers.Conv2D(width, window, padding=padding, use_bias=False)
        if not plain:
            kind = layers.DepthwiseConv2D(window, padding=padding, use_bias=False)
        y = norm(kind(y), 2)
        y = layers.Activation(middle)(y) if middle else y
        y = norm(layers.Conv2D(filters, 1, use_bias=False)(y), 3)
        y = layers.Activation(last)(y) if last else y
        if add == "same" and x.shape[-1] == filters:
            y = layers.Add()([x, y])
        elif add == "always":
            y = y + (x if x.shape[-1] == filters else layers.Conv2D(filters, 1)(x))
        return layers.Activation(after)(y) if after else y

    return module


def fused(expand, filters):
    def module(x):
        y = layers.BatchNormalization()(layers.Conv2D(expand * x.shape[-1], 1)(x))
        y = layers.DepthwiseConv2D(3, padding="same")(layers.ReLU(6.0)(y))
        y = keras.activations.relu(layers.BatchNormalization()(y))
        y = layers.BatchNormalization()(layers.Conv2D(filters, (1, 1), padding="same")(y))
        return x + y if x.shape[-1] == y.shape[-1] else y

    return module


def grouped(expand, filters):
    def module(x):
        wide = expand * x.shape[-1]
        y = layers.ReLU()(layers.BatchNormalization()(layers.Dense(wide)(x)))
        y = layers.Conv2D(wide, 3, padding="same", groups=wide)(y)
        y = layers.ReLU()(layers.BatchNormalization()(y))
        y = layers.BatchNormalization()(layers.Conv2D(filters, 1)(y))
        return layers.add([y, x]) if x.shape[-1] == filters else y

    return module


@pytest.mark.parametrize("answer", [block, fused, grouped])
def test_inverted_right(answer):
    assert_right("07.4", answer)


def with_separable(expand, filters):
    def module(x):
        y = layers.Conv2D(expand * x.shape[-1], 1, activation="relu")(x)
        return x + layers.SeparableConv2D(filters, 3, padding="same")(y)

    return module


@pytest.mark.parametrize(
    ("answer", "word"),
    [
        (lambda e, f: block(e, f, add="never"), "শর্টকাট নেই"),
        (lambda e, f: block(e, f, add="always"), "যোগই হবে না"),
        (lambda e, f: block(e, f, last="relu"), "সরু মাথায়"),
        (lambda e, f: block(e, f, after="relu"), "যোগের পরে"),
        (lambda e, f: block(e, f, first=None, middle=None), "সরলরেখার"),
        (lambda e, f: block(e, f, middle=None), "ReLU চাই দুটো"),
        (lambda e, f: block(e, f, wide=e), "চওড়া হবে"),
        (lambda e, f: block(e, f, plain=True), "DepthwiseConv2D"),
        (lambda e, f: block(e, f, window=5), "৩×৩ হবে"),
        (lambda e, f: block(e, f, padding="valid", add="never"), "মাপ বদলে"),
        (lambda e, f: block(e, f + 1, add="never"), "চ্যানেল বেরোনোর কথা"),
        (lambda e, f: block(e, f, norms=1), "BatchNormalization"),
        (with_separable, "SeparableConv2D"),
        (lambda e, f: block(e, f)(keras.Input((8, 8, 8))), "ঝুড়ি"),
        (lambda e, f: print(end=""), "return"),
        (lambda e, f: lambda x: x, "ডেপথওয়াইজ"),
        (lambda e: block(e, 8), "এরর"),
    ],
)
def test_inverted_mistakes(answer, word):
    assert_hint(word, "07.4", answer)


# --- 07.5 -------------------------------------------------------------------------------

# Pictures whose colour tells the class: a network that looks at colours alone is always right.
_CLASSES = np.arange(20) % 5
_COLOURS = np.array([[0, 0, 0], [1, 0, 0], [0, 1, 0], [0, 0, 1], [1, 1, 1]], "float32")
_PICTURES = np.broadcast_to(_COLOURS[_CLASSES][:, None, None], (20, 32, 32, 3))
VALIDATION = tf.data.Dataset.from_tensor_slices((_PICTURES, _CLASSES)).batch(10)


def network(filters=8, right=20, size=32, outputs=5):
    """A model that answers rightly for the first `right` of the 20 pictures' classes, about."""
    model = keras.Sequential(
        [
            keras.Input((size, size, 3)),
            layers.Conv2D(filters, 3, strides=4, padding="same"),
            layers.GlobalAveragePooling2D(),
            layers.Dense(outputs),
        ]
    )
    if outputs == 5 and filters >= 3:
        kernel = np.zeros((3, 3, 3, filters), "float32")
        kernel[1, 1, :3, :3] = np.eye(3)
        model.layers[0].set_weights([kernel, np.zeros(filters, "float32")])
        dense = np.zeros((filters, 5), "float32")
        dense[:3] = 2 * _COLOURS.T
        bias = -(_COLOURS**2).sum(axis=1)
        bias[right // 4 :] -= 100  # classes that it never says
        model.layers[2].set_weights([dense, bias])
    return model


def test_own_right():
    assert_right("07.5", network(), network(right=16), VALIDATION)
    assert_right("07.5", network(filters=16), network(), VALIDATION)
    x = keras.Input((32, 32, 3))
    assert_right("07.5", keras.Model(x, network()(x)), network(), VALIDATION)


@pytest.mark.parametrize(
    ("answer", "word"),
    [
        (network(right=4), "চোখ বুজে"),
        (network(right=12), "৬০%"),
        (network(filters=3000), "৬০,০০০-এর কম"),
        (network(size=64), "ইনপুটের শেপ"),
        (network(outputs=3), "(None, 5)"),
    ],
)
def test_own_mistakes(answer, word):
    assert_hint(word, "07.5", answer, network(), VALIDATION)


def test_own_that_burns_too_much():
    model = keras.Sequential(
        [
            keras.Input((32, 32, 3)),
            layers.Conv2D(40, 3, padding="same"),
            layers.Conv2D(40, 3, padding="same"),
            layers.GlobalAveragePooling2D(),
            layers.Dense(5),
        ]
    )
    assert model.count_params() < 60_000 and multiplications(model) > 15e6
    assert_hint("গ্যাস", "07.5", model, network(), VALIDATION)


# --- all --------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["07.1", "07.2", "07.3", "07.4", "07.5"])
def test_blanks_and_nonsense(name):
    rest = (network(), VALIDATION) if name == "07.5" else ()
    assert grade(name, ..., *rest).status == "blank"
    extra = [tf.constant([1, 2]), layers.Dense(3), lambda *args: raises, lambda *args: [1, 2]]
    for answer in nonsense() + extra:
        verdict = grade(name, answer, *rest)
        assert verdict.status in ("wrong", "blank"), (answer, verdict)
        assert verdict.text.endswith("।")


@pytest.mark.parametrize("name", ["07.2", "07.3", "07.4"])
def test_a_function_still_blank(name):
    def answer(*args): ...

    assert grade(name, answer).status == "blank"


@pytest.mark.parametrize("name", ["07.3", "07.4"])
def test_an_inner_function_still_blank(name):
    def answer(*args):
        def module(x): ...

        return module

    assert grade(name, answer).status == "blank"


# --- counting ---------------------------------------------------------------------------


def test_multiplications():
    x = keras.Input((8, 8, 4))
    y = layers.Conv2D(6, 3, strides=2, padding="same")(x)  # 4 * 4 places
    y = layers.BatchNormalization()(y)
    inner = keras.Sequential([keras.Input((4, 4, 6)), layers.SeparableConv2D(5, 3)])
    y = layers.Dense(7)(layers.Flatten()(inner(y)))
    assert multiplications(keras.Model(x, y)) == 16 * 216 + 4 * (54 + 30) + 20 * 7
