"""Checks of lesson 07: the blank, the solution, other right answers, mistakes, nonsense."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from conftest import assert_hint, assert_right, raises
from keras import layers
from test_check_01 import nonsense

from helpers.budget import multiplications
from helpers.check import check, grade
from helpers.check.lesson_07 import luck_of

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
        ("24", "একটা পূর্ণসংখ্যা লাগবে, যেমন 20।"),
        (None, "একটা পূর্ণসংখ্যা লাগবে, যেমন 20।"),
        (np.array(["24"]), "একটা পূর্ণসংখ্যা লাগবে, যেমন 20।"),
        (18432, "ওয়েটের সংখ্যা; `squeeze` মানে গলার চ্যানেল।"),
        (128 * 32 + 32 * 64 + 9 * 32 * 64, "ওয়েটের সংখ্যা"),
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
        (lambda k, i, o, s: (cost(k, i, o, s)[0], cost(k, i, o, s)[0] * (s - 2) ** 2), "৪২,৪৩,৭১২"),
        (lambda k, i, o, s: (cost(k, i, o, s)[0], k * k * i * s * s + i * o), "প্রতি ঘরে হয়"),
        (lambda k, i, o, s: (cost(k, i, o, s)[0], k * k * i + i * o * s * s), "প্রতি ঘরে হয়"),
        (lambda k, i, o, s: (cost(k, i, o, s)[0], i * o * s * s), "প্রতি ঘরে হয়"),
        (lambda k, i, o, s: cost(3, i, o, s), "জানালা ৩ ধরে নেননি তো? `kernel` ব্যবহার করুন।"),
        (lambda k, i, o, s: (cost(k, i, o, s)[0], cost(3, i, o, s)[1]), "জানালা ৩ ধরে নেননি তো?"),
        (lambda k, i, o, s: (12345, 7), "১২,৩৪৫"),
        (lambda k, i, o, s: (1234567.25, 7), "১২,৩৪,৫৬৭.২৫"),
        (lambda k, i, o, s: (float("nan"), float("inf")), "nan"),
        (lambda k, i, o, s: (cost(k, i, o, s)[0], float("inf")), "inf"),
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


def residual_by_classes(module):
    class Shortcut:
        def __call__(self, x):
            branch = module(x)
            if x.shape[-1] != branch.shape[-1]:
                x = keras.Sequential(
                    [layers.Conv2D(branch.shape[-1], 1), layers.BatchNormalization()]
                )(x)
            return layers.add([x, branch])

    return Shortcut()


@pytest.mark.parametrize(
    "answer", [residual, residual_with_plus, residual_with_norm, residual_by_classes]
)
def test_residual_right(answer):
    assert_right("07.3", answer)


def wrong_residual(join):
    """residual(module), with join(x, module) in place of the sum."""
    return lambda module: lambda x: join(x, module)


def of_x_at_once(x):
    return layers.Add()([x, layers.Conv2D(x.shape[-1], 3, padding="same")(x)])


def joined(x, branch, first=None, last=None):
    """x + branch, with a ReLU only where the channels differ."""
    if x.shape[-1] == branch.shape[-1]:
        return x + branch
    return layers.Activation(last)(layers.Conv2D(branch.shape[-1], 1, activation=first)(x) + branch)


def conv_norm_beside(x, branch):
    if x.shape[-1] != branch.shape[-1]:
        x = layers.Conv2D(branch.shape[-1], 1, padding="same", use_bias=False)(x)
        x = layers.Activation("relu")(layers.BatchNormalization(momentum=0.9)(x))
    return layers.Add()([x, branch])


def only_if_same(x, branch):
    return x + branch if x.shape[-1] == branch.shape[-1] else None


def one_by_one(x, branch):
    """The branch, in as many channels as x."""
    same = x.shape[-1] == branch.shape[-1]
    return branch if same else layers.Conv2D(x.shape[-1], 1)(branch)


def one_by_one_as_wide(x, branch):
    same = x.shape[-1] == branch.shape[-1]
    return x + (branch if same else layers.Conv2D(branch.shape[-1], 1)(branch))


@pytest.mark.parametrize(
    ("answer", "word"),
    [
        (lambda module: module, "যেমন ছিল তেমন"),
        (lambda module: module(keras.Input((8, 8, 8))), "ঝুড়ি"),
        (lambda module: print(end=""), "return"),
        (lambda module: 7, "ফাংশন"),
        (lambda x, module: layers.Add()([x, module(x)]), "`residual` নেয় একটাই জিনিস, মডিউল"),
        (lambda: 7, "`residual` নেয় একটাই জিনিস, মডিউল"),
        (of_x_at_once, "`residual` নেয় একটাই জিনিস, মডিউল"),
        (residual(layers.Conv2D(64, 3, padding="same")), "নামই দিন, ডাকবেন না।"),
        (residual_with_norm(layers.Conv2D(64, 3, padding="same")), "নামই দিন, ডাকবেন না।"),
        (layers.Dense(3), "লেয়ার বা মডেল নয়"),
        (wrong_residual(lambda x, module: print(end="")), "return"),
        (wrong_residual(lambda x, module: only_if_same(x, module(x))), "return"),
        (wrong_residual(lambda x, module: x + 0), "`module` একবারও"),
        (wrong_residual(lambda x, module: module(x) + 0), "শর্টকাটটা খোলা নেই"),
        (wrong_residual(lambda x, module: module(x) + module(x)), "২ বার"),
        (wrong_residual(lambda x, module: layers.Concatenate()([x, module(x)])), "Concatenate"),
        (wrong_residual(lambda x, module: layers.Add()([x, module(x)])), "থেমে যাচ্ছে"),
        (wrong_residual(lambda x, module: layers.ReLU()(x + module(x))), "যোগের পরে ReLU"),
        (wrong_residual(lambda x, module: layers.ReLU()(x) + module(x)), "শর্টকাটে ReLU"),
        (
            wrong_residual(lambda x, module: joined(x, module(x), first="relu")),
            "শর্টকাটের ১×১-এর পরে ReLU",
        ),
        (
            wrong_residual(lambda x, module: conv_norm_beside(x, module(x))),
            "শর্টকাটের ১×১-এর পরে ReLU",
        ),
        (
            wrong_residual(lambda x, module: joined(x, module(x), last="relu")),
            "চ্যানেল আলাদা হলে যোগের পরে ReLU",
        ),
        (
            wrong_residual(lambda x, module: x + one_by_one(x, module(x))),
            "১×১-টা `module(x)`-এ নয়, `x`-এর পথে বসান।",
        ),
        (
            wrong_residual(lambda x, module: x + layers.Conv2D(x.shape[-1], 1)(module(x))),
            "১×১-টা `module(x)`-এ নয়, `x`-এর পথে বসান।",
        ),
        (
            wrong_residual(lambda x, module: one_by_one_as_wide(x, module(x))),
            "`module(x)`-এ নয়",
        ),
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
    expand, filters, *, wide=None, window=3, padding="same", strides=1, plain=False, last=None,
    first="relu", middle="relu", norms=3, add="same", after=None,
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
            kind = layers.DepthwiseConv2D(window, strides=strides, padding=padding, use_bias=False)
        y = norm(kind(y), 2)
        y = layers.Activation(middle)(y) if middle else y
        y = norm(layers.Conv2D(filters, 1, use_bias=False)(y), 3)
        y = layers.Activation(last)(y) if last else y
        if add == "blindly" or (add == "same" and x.shape[-1] == filters):
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


def in_sequence(expand, filters):
    def module(x):
        wide = expand * x.shape[-1]
        y = keras.Sequential(
            [
                layers.Conv2D(wide, 1), layers.BatchNormalization(), layers.Activation("relu6"),
                layers.DepthwiseConv2D(3, padding="same"), layers.BatchNormalization(), layers.ReLU(),
                layers.Conv2D(filters, 1), layers.BatchNormalization(),
            ]
        )(x)  # fmt: skip
        return x + y if x.shape[-1] == filters else y

    return module


def by_ops(expand, filters):
    def module(x):
        y = layers.BatchNormalization()(
            layers.Conv2D(expand * x.shape[-1], 1, activation="linear")(x)
        )
        y = layers.DepthwiseConv2D(3, padding="same")(keras.ops.relu(y))
        y = keras.ops.relu6(layers.BatchNormalization()(y))
        y = layers.BatchNormalization()(layers.Conv2D(filters, 1)(y))
        return keras.ops.add(x, y) if x.shape == y.shape else y

    return module


@pytest.mark.parametrize("answer", [block, fused, grouped, in_sequence, by_ops])
def test_inverted_right(answer):
    assert_right("07.4", answer)


def with_separable(expand, filters):
    def module(x):
        y = layers.Conv2D(expand * x.shape[-1], 1, activation="relu")(x)
        return x + layers.SeparableConv2D(filters, 3, padding="same")(y)

    return module


def relu_first(place, fused=True, in_sequence=False):
    """A block whose ReLU at that place comes before its batch normalization."""

    def triple(layer, early):
        relu = [] if fused and early else [layers.ReLU()]
        if early and fused:
            layer.activation = keras.activations.relu
        order = (
            [*relu, layers.BatchNormalization()] if early else [layers.BatchNormalization(), *relu]
        )
        if in_sequence:
            return keras.Sequential([layer, *order])

        def run(x):
            for each in [layer, *order]:
                x = each(x)
            return x

        return run

    def answer(expand, filters):
        def module(x):
            y = triple(layers.Conv2D(expand * x.shape[-1], 1), place == "first")(x)
            y = triple(layers.DepthwiseConv2D(3, padding="same"), place == "middle")(y)
            y = layers.BatchNormalization()(layers.Conv2D(filters, 1)(y))
            return layers.Add()([x, y]) if x.shape[-1] == filters else y

        return module

    return answer


def of_picture(x, expand, filters):
    return block(expand, filters)(x)


def forgotten_name(expand, filters):
    def module(x):
        return block(expand, filters)(x) if x.shape[-1] == filters else brnch  # noqa: F821

    return module


def test_the_order_of_the_helper_is_the_only_mistake():
    assert_right("07.4", relu_first("nowhere"))
    assert_right("07.4", relu_first("nowhere", in_sequence=True))


@pytest.mark.parametrize(
    ("answer", "word"),
    [
        (lambda e, f: block(e, f, add="blindly"), "চ্যানেল না মিললে যোগ করা যায় না।"),
        (lambda e, f: lambda x: x + block(e, f, add="never")(x), "চ্যানেল না মিললে যোগ করা যায় না।"),
        (lambda e, f: block(e, f, padding="valid"), '`DepthwiseConv2D`-তে `padding="same"` দিন'),
        (
            lambda e, f: lambda x: x + block(e, f, padding="valid", add="never")(x),
            '`DepthwiseConv2D`-তে `padding="same"` দিন',
        ),
        (lambda e, f: block(e, f, strides=2), "`strides` দেবেন না"),
        (relu_first("first"), "ক্রম: কনভলিউশন, ব্যাচ নরমালাইজেশন, তারপর ReLU।"),
        (relu_first("middle"), "ক্রম: কনভলিউশন"),
        (relu_first("first", fused=False), "ক্রম: কনভলিউশন"),
        (relu_first("middle", fused=False, in_sequence=True), "ক্রম: কনভলিউশন"),
        (block(6, 64), "নামই দিন, ডাকবেন না।"),
        (grouped(6, 8), "নামই দিন, ডাকবেন না।"),
        (of_picture, "`inverted_residual` নেয় দুটো জিনিস"),
        (of_x_at_once, "`inverted_residual` নেয় দুটো জিনিস"),
        (forgotten_name, "NameError"),
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
        (lambda e: block(e, 8), "`inverted_residual` নেয় দুটো জিনিস"),
    ],
)
def test_inverted_mistakes(answer, word):
    assert_hint(word, "07.4", answer)


# --- 07.5 -------------------------------------------------------------------------------


def pictures(labels):
    """Pictures that bear these labels: picture number i is black, but for its value number i."""
    values = np.zeros((len(labels), 32 * 32 * 3), "float32")
    np.fill_diagonal(values, 1)
    return tf.data.Dataset.from_tensor_slices((values.reshape(-1, 32, 32, 3), labels)).batch(50)


LABELS = np.arange(100) % 5
VALIDATION = pictures(LABELS)


def network(right=100, labels=LABELS, says=None, size=32, outputs=5, end=None):
    """A model that is right about the first `right` of the pictures, or says what is asked."""
    model = keras.Sequential(
        [
            keras.Input((size, size, 3)),
            layers.Flatten(),
            layers.Dense(outputs, activation=end, kernel_initializer="zeros"),
        ]
    )
    if says is None:
        says = np.where(np.arange(len(labels)) < right, labels, (labels + 1) % 5)
    if outputs == 5:
        kernel = model.layers[-1].get_weights()[0]
        kernel[np.arange(len(labels)), says] = 9
        model.layers[-1].set_weights([kernel, np.full(5, -1, "float32")])
    return model


def convolutions(filters):
    return keras.Sequential(
        [
            keras.Input((32, 32, 3)),
            layers.Conv2D(filters, 3, strides=4, padding="same"),
            layers.GlobalAveragePooling2D(),
            layers.Dense(5),
        ]
    )


@pytest.mark.parametrize(("mine", "theirs"), [(100, 100), (64, 75), (49, 55), (29, 30), (90, 20)])
def test_own_right(mine, theirs):
    assert_right("07.5", network(mine), network(theirs), VALIDATION)


def test_own_right_as_a_functional_model():
    x = keras.Input((32, 32, 3))
    assert_right("07.5", keras.Model(x, network(80)(x)), network(80), VALIDATION)


LEARN = "আগে দেখুন `learn(my_net)` পুরোটা চলেছে কি না"


@pytest.mark.parametrize(("mine", "theirs"), [(63, 75), (42, 55), (37, 50), (80, 100)])
def test_own_too_far_below(mine, theirs):
    answers = network(mine), network(theirs), VALIDATION
    assert_hint("ছাড় ৫ পয়েন্ট, আর ছবি ১০০টা বলে", "07.5", *answers)
    assert grade("07.5", *answers).text.startswith(LEARN)


@pytest.mark.parametrize(("mine", "theirs"), [(0, 20), (24, 35), (28, 28), (20, 75)])
def test_own_that_has_not_learned(mine, theirs):
    answers = network(mine), network(theirs), VALIDATION
    assert_hint("এখনও চোখে পড়ার মতো শেখেনি", "07.5", *answers)
    assert_hint(LEARN, "07.5", *answers)


def test_own_that_always_says_the_same():
    """Also where the classes are uneven, as in the real photographs, and on many pictures."""
    for labels in (LABELS, np.concatenate([np.zeros(150, int), np.arange(450) % 5])):
        reference = network(len(labels) // 3, labels)
        for flower in range(5):
            same = network(labels=labels, says=np.full(len(labels), flower))
            assert_hint("একই ফুলের নাম", "07.5", same, reference, pictures(labels))


def test_own_on_six_hundred_pictures():
    """Luck shrinks with the number of pictures: from 75 % down to 67.5 %, not to 63.7 %."""
    labels = np.arange(612) % 5
    validation, reference = pictures(labels), network(459, labels)
    assert_right("07.5", network(414, labels), reference, validation)
    assert_hint("ছবি ৬১২টা বলে", "07.5", network(412, labels), reference, validation)
    assert_hint("শেখেনি", "07.5", network(140, labels), network(150, labels), validation)


def test_luck():
    assert luck_of(0.5, 0.5, 100) == pytest.approx(0.0707, abs=1e-4)
    assert luck_of(0.5, 0.5, 400) == pytest.approx(0.0354, abs=1e-4)
    assert luck_of(1, 1, 100) == 0


@pytest.mark.parametrize(
    ("answer", "word"),
    [
        (convolutions(3000), "৬০,০০০-এর কম"),
        (network(size=64), "ইনপুটের শেপ"),
        (network(outputs=3), "(None, 5)"),
        (network(end="softmax"), "`softmax` আছে; `learn` চায় লজিট, মানে কোনো `activation` নয়।"),
        (keras.Sequential([network(20), layers.Softmax()]), "`softmax` আছে"),
        (convolutions(8), "শেখেনি"),
    ],
)
def test_own_mistakes(answer, word):
    assert_hint(word, "07.5", answer, network(), VALIDATION)


def test_own_in_the_fast_mode(monkeypatch, capsys):
    """Nothing has learned there, the reference neither: the check says so and lets the notebook go on."""
    monkeypatch.setenv("KERAS_BANGLA_FAST", "1")
    check("07.5", convolutions(8), convolutions(16), VALIDATION)
    assert capsys.readouterr().out.startswith(("✓", "✗"))


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
