"""Checks of lesson 06: the blank, the solution, other right answers, mistakes, nonsense."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from conftest import assert_hint, assert_right, raises
from keras import layers
from test_check_01 import nonsense

from helpers.check import grade

SOBEL = np.array([[-1, -2, -1], [0, 0, 0], [1, 2, 1]])

# --- 06.1 -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "answer",
    [
        SOBEL,
        SOBEL.tolist(),
        (SOBEL / 8).astype("float32"),
        [[-1, -1, -1], [0, 0, 0], [1, 1, 1]],
        [[0, 0, 0], [0, -1, 0], [0, 1, 0]],
        [[-1, -1, -1], [-1, -1, -1], [2, 2, 2]],
        keras.ops.convert_to_tensor(SOBEL.astype("float32")),
        SOBEL[:, :, np.newaxis, np.newaxis],
    ],
    ids=str,
)
def test_horizontal_right(answer):
    assert_right("06.1", answer)


@pytest.mark.parametrize(
    ("answer", "word"),
    [
        (SOBEL.T, "খাড়া কিনারাই"),
        (-SOBEL, "উল্টো"),
        (np.ones((3, 3)), "যোগফল"),
        ([[0, 0, 0], [0, 0, 0], [1, 2, 1]], "যোগফল"),
        (SOBEL + SOBEL.T, "খাড়া কিনারাতেও"),
        ([[1, -1, 0], [-1, 1, 0], [0, 0, 0]], "উপরেও ফল ০"),
        (SOBEL.ravel(), "(9,)"),
        (np.zeros((3, 3)), "সব কটা"),
        (np.full((3, 3), np.inf), "সাধারণ সংখ্যা"),
    ],
)
def test_horizontal_mistakes(answer, word):
    assert_hint(word, "06.1", answer)


# --- 06.2 -------------------------------------------------------------------------------


def solution(size, kernel, stride, padding):
    if padding == "same":
        return (size + stride - 1) // stride
    return (size - kernel) // stride + 1


def by_counting(size, kernel, stride, padding):
    if padding == "same":
        return len(range(0, size, stride))
    return len(range(0, size - kernel + 1, stride))


def by_rounding(size, kernel, stride, padding):
    span = size if padding == "same" else size - kernel + 1
    return np.ceil(span / stride)


@pytest.mark.parametrize("answer", [solution, by_counting, by_rounding])
def test_output_size_right(answer):
    assert_right("06.2", answer)


@pytest.mark.parametrize(
    ("answer", "word"),
    [
        (lambda n, k, s, p: -(-n // s) if p == "same" else (n - k) // s, "প্রথম জানালা"),
        (lambda n, k, s, p: n // s if p == "same" else (n - k) // s + 1, "৪৯"),
        (lambda n, k, s, p: (n - k) // s + 1, "`same`-এও"),
        (lambda n, k, s, p: -(-n // s), "`valid`-এও"),
        (lambda n, k, s, p: n / s if p == "same" else (n - k) / s + 1, "`//`"),
        (lambda n, k, s, p: n if p == "same" else n - k + 1, "আপনারটা দেয়"),
        (lambda n, k, s, p: (solution(n, k, s, p),) * 2, "tuple"),
        (lambda n, k, s, p: np.zeros(3), "3টি"),
        (lambda n, k, s, p: print(end=""), "return"),
        (lambda n, k: n, "এরর"),
        (96, "ফাংশন"),
    ],
)
def test_output_size_mistakes(answer, word):
    assert_hint(word, "06.2", answer)


# --- 06.3 -------------------------------------------------------------------------------


def eyes(*middle, shape=(64, 64, 1)):
    return keras.Sequential([keras.Input(shape), *middle])


def conv(filters=4, size=3, strides=1, **more):
    more = {"padding": "same", "activation": "relu"} | more
    return layers.Conv2D(filters, size, strides=strides, **more)


def with_pools():
    inputs = keras.Input((64, 64, 1))
    x = layers.Rescaling(1 / 127.5, offset=-1)(inputs)
    for _ in range(3):
        x = layers.BatchNormalization()(conv(3, padding="valid")(x))
        x = layers.MaxPooling2D()(x)
    return keras.Model(inputs, conv(2)(x))


def many_thin_ones():
    return eyes(*(conv(1, activation=None) for _ in range(15)))


@pytest.mark.parametrize(
    "build",
    [
        lambda: eyes(conv(strides=2), conv(strides=2), conv(strides=2), conv()),
        with_pools,
        many_thin_ones,
        lambda: eyes(conv(dilation_rate=8), conv(dilation_rate=8)),
        lambda: eyes(*(conv(2, strides=2, activation="sigmoid") for _ in range(5))),
        lambda: eyes(conv(4, 2, strides=2), layers.AveragePooling2D(3), conv(4), conv(4), conv(4)),
    ],
)
def test_far_sighted_right(build):
    assert_right("06.3", build())


@pytest.mark.parametrize(
    ("build", "word"),
    [
        (lambda: eyes(conv()), "3×3 পিক্সেল"),
        (lambda: eyes(conv(), conv(), conv()), "7×7"),
        (lambda: eyes(conv(), conv(strides=2), conv(strides=2)), "স্ট্রাইড বা পুলিং"),
        (lambda: eyes(conv(1, 31)), "জানালা 31×31"),
        (lambda: eyes(layers.MaxPooling2D(8), conv()), "জানালা 8×8"),
        (lambda: eyes(*(conv(16, strides=2) for _ in range(4))), "১,০০০-এর কম"),
        (lambda: eyes(conv(), layers.Flatten()), "লম্বা-চওড়া আর নেই"),
        (lambda: eyes(conv(), layers.GlobalAveragePooling2D()), "লম্বা-চওড়া আর নেই"),
        (lambda: eyes(*(layers.MaxPooling2D() for _ in range(5))), "একটাও কনভলিউশন"),
        (lambda: eyes(conv(), shape=(64, 64, 3)), "(64, 64, 1)"),
        (lambda: eyes(*(conv(1, (1, 3), activation=None) for _ in range(15))), "1×1 পিক্সেল"),
        (lambda: keras.Sequential([conv()]), "keras.Input"),
    ],
)
def test_far_sighted_mistakes(build, word):
    assert_hint(word, "06.3", build())


# --- 06.4 -------------------------------------------------------------------------------


def squeeze_expand(x, narrow, wide):
    x = layers.Conv2D(narrow, 1, activation="relu")(x)
    return layers.Conv2D(wide, 3, padding="same", activation="relu")(x)


def with_separate_relu(x, narrow, wide):
    x = layers.ReLU()(layers.Conv2D(narrow, (1, 1), use_bias=False)(x))
    x = layers.Conv2D(wide, (3, 3), padding="same")(x)
    return keras.activations.relu(x)


def with_norm(x, narrow, wide):
    for filters, size in [(narrow, 1), (wide, 3)]:
        x = layers.Conv2D(filters, size, padding="same", use_bias=False)(x)
        x = layers.Activation("relu")(layers.BatchNormalization()(x))
    return x


def with_dense(x, narrow, wide):
    return conv(wide)(layers.Dense(narrow, activation="relu")(x))


def as_one_model(x, narrow, wide):
    return keras.Sequential([conv(narrow, 1), conv(wide)])(x)


@pytest.mark.parametrize(
    "answer", [squeeze_expand, with_separate_relu, with_norm, with_dense, as_one_model]
)
def test_squeeze_right(answer):
    assert_right("06.4", answer)


@pytest.mark.parametrize(
    ("answer", "word"),
    [
        (lambda x, n, w: layers.Conv2D(w, 3, activation="relu")(conv(n, 1)(x)), "padding"),
        (lambda x, n, w: conv(w, strides=2)(conv(n, 1)(x)), "স্ট্রাইড ১"),
        (lambda x, n, w: conv(w, 1)(conv(n)(x)), "ক্রমটা উল্টো"),
        (lambda x, n, w: conv(n)(conv(w, 1)(x)), "চ্যানেল চাই"),
        (lambda x, n, w: conv(w)(x), "দুটো কনভলিউশন"),
        (lambda x, n, w: conv(w)(conv(n)(x)), "আগে ১×১"),
        (lambda x, n, w: conv(w)(conv(4, 1)(x)), "[8, 16]"),
        (lambda x, n, w: conv(w)(conv(n, 1, activation=None)(x)), "১×১ কনভলিউশনের পরে"),
        (lambda x, n, w: conv(w, activation=None)(conv(n, 1)(x)), "৩×৩ কনভলিউশনের পরে"),
        (lambda x, n, w: conv(w), "লেয়ার ফেরত"),
        (lambda x, n, w: x, "যেমন ছিল"),
        (lambda x, n, w: squeeze_expand(keras.Input((12, 12, 10)), n, w), "পথ নেই"),
        (lambda x, n, w: "x", "KerasTensor"),
        (lambda x, n, w: print(end=""), "return"),
        (lambda x, n, w: conv(w)(unknown(x)), "এরর"),  # noqa: F821
    ],
)
def test_squeeze_mistakes(answer, word):
    assert_hint(word, "06.4", answer)


# --- 06.5 -------------------------------------------------------------------------------

SHAPE = (8, 8, 3)
RNG = np.random.default_rng(0)
CLASSES = np.arange(40) % 5
PICTURES = np.zeros((40, *SHAPE), "float32")
PICTURES[np.arange(40), 0, CLASSES] = 1  # which column is lit tells the class
VALIDATION = tf.data.Dataset.from_tensor_slices((PICTURES, CLASSES)).batch(8)


class Column(layers.Layer):
    """Reads the class off the picture: a trained network without the training."""

    def call(self, x):
        return x[:, 0, :5, 0]


def network(knows, filters=4, classes=5, shape=SHAPE):
    inputs = keras.Input(shape)
    x = layers.Conv2D(filters, 3, padding="same", kernel_initializer="zeros")(inputs)
    x = layers.Dense(classes, kernel_initializer="zeros")(layers.GlobalAveragePooling2D()(x))
    return keras.Model(inputs, layers.Add()([x, Column()(inputs)]) if knows else x)


def always_one():
    """As good as guessing: 20 %."""
    return network(knows=False)


@pytest.fixture(scope="module")
def reference():
    return network(knows=True)


@pytest.mark.parametrize(
    "build", [lambda: network(True), lambda: network(True, 2), lambda: network(True, 1500)]
)
def test_own_network_right(build, reference):
    assert_right("06.5", build(), reference, VALIDATION)


def test_own_network_against_a_poor_one():
    assert_right("06.5", always_one(), always_one(), VALIDATION)


class Half(layers.Layer):
    """Right for classes 0 to 2, wrong for 3 and 4."""

    def call(self, x):
        return x[:, 0, :5, 0] * np.array([1.0, 1, 1, -1, -1], "float32")


def half_right():
    inputs = keras.Input(SHAPE)
    x = layers.GlobalAveragePooling2D()(layers.Conv2D(5, 3, kernel_initializer="zeros")(inputs))
    return keras.Model(inputs, layers.Add()([x, Half()(inputs)]))


@pytest.mark.parametrize(
    ("build", "word"),
    [
        (always_one, "চোখ বুজে"),
        (half_right, "ইপক বাড়ান"),
        (lambda: network(True, 2000), "৫০,০০০"),
        (lambda: network(False, classes=10), "(None, 5)"),
        (lambda: network(True, shape=(16, 16, 3)), "ইনপুটের শেপ"),
        (
            lambda: keras.Sequential([keras.Input(SHAPE), layers.Flatten(), layers.Dense(5)]),
            "`Conv2D` নেই",
        ),
    ],
)
def test_own_network_mistakes(build, word, reference):
    assert_hint(word, "06.5", build(), reference, VALIDATION)


# --- all --------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["06.1", "06.2", "06.3", "06.4", "06.5"])
def test_blanks_and_nonsense(name, reference):
    more = (reference, VALIDATION) if name == "06.5" else ()
    assert grade(name, ..., *more).status == "blank"
    extra = [conv(), keras.Input((3,)), lambda *args: RNG, np.nan, np.full((3, 3), np.nan)]
    for answer in nonsense() + extra + [raises]:
        verdict = grade(name, answer, *more)
        assert verdict.status in ("wrong", "blank"), (answer, verdict)
        assert verdict.text.endswith("।")


@pytest.mark.parametrize("name", ["06.2", "06.4"])
def test_a_function_still_blank(name):
    def answer(*args): ...

    assert grade(name, answer).status == "blank"
