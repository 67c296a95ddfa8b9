"""Checks of lesson 02: the blank, the solution, other right answers, mistakes, nonsense."""

import keras
import numpy as np
import pytest
from conftest import assert_hint, assert_right, raises
from keras import layers

from helpers.check import grade

LOGITS_LOSS = keras.losses.SparseCategoricalCrossentropy(from_logits=True)


def nonsense():
    """Answers that no exercise asks for; none of them may crash a check."""
    return [
        None, "উত্তর", [], {}, object, raises, lambda: None, lambda *a: None, lambda *a: "ক",
        lambda *a: np.zeros((5, 7)), lambda *a: [], np.array(["ক"]), np.zeros((2, 3)), np.nan,
        keras.Sequential(), keras.Sequential([layers.Dense(3)]),
        keras.Sequential([keras.Input((5,)), layers.Dense(2)]), keras.Model, 1 + 2j,
    ]  # fmt: skip


# --- 02.1 -------------------------------------------------------------------------------


def rainy_days():
    """The lesson's thirty-six days."""
    days = np.random.default_rng(3).uniform(0, 1, (60, 2))
    wetness = 3 * days[:, 0] + 2 * days[:, 1] - 2.6
    clear = np.abs(wetness) > 0.25
    return days[clear][:36], (wetness[clear][:36] > 0).astype(int)


@pytest.mark.parametrize("answer", [-5.2, -5, np.float32(-5.5), np.array([-4.7]), [-5.0]])
def test_bias_right(answer):
    assert_right("02.1", answer, *rainy_days())


@pytest.mark.parametrize(
    ("answer", "word"),
    [
        (0, "রোজই বলছে ‘বৃষ্টি’"),
        (5.2, "রোজই বলছে ‘বৃষ্টি’"),
        (-20, "রোজই বলছে ‘শুকনো’"),
        (-2.6, "আরেকটু কমান"),
        (-7.5, "আরেকটু বাড়ান"),
        ([-5.2, 1], "একটাই সংখ্যা"),
        (np.inf, "সাধারণ সংখ্যা"),
        (None, "একটা সাধারণ সংখ্যা লাগবে"),
        ("-5.2", "একটা সাধারণ সংখ্যা লাগবে"),
        (-2.6, "৩৬ দিনের"),
    ],
)
def test_bias_mistakes(answer, word):
    assert_hint(word, "02.1", answer, *rainy_days())


def test_bias_blank_and_nonsense():
    assert grade("02.1", ..., *rainy_days()).status == "blank"
    for answer in nonsense():
        assert grade("02.1", answer, *rainy_days()).status != "right"


# --- 02.2 -------------------------------------------------------------------------------


def softmax(z, axis=-1):
    powers = np.exp(z - z.max(axis=axis, keepdims=True))
    return powers / powers.sum(axis=axis, keepdims=True)


def loop_softmax(logits, temperature):
    rows = [softmax(row / temperature) for row in np.atleast_2d(logits)]
    return np.array(rows).reshape(np.shape(logits))


@pytest.mark.parametrize(
    "answer",
    [
        lambda logits, temperature: softmax(logits / temperature),
        lambda z, t: softmax(z * (1 / t)),
        lambda z, t: (
            np.exp(z / t - (z / t).max(-1, keepdims=True))
            / np.exp(z / t - (z / t).max(-1, keepdims=True)).sum(-1, keepdims=True)
        ),
        lambda z, t: keras.ops.softmax(z / t),
        loop_softmax,
    ],
)
def test_temperature_right(answer):
    assert_right("02.2", answer)


@pytest.mark.parametrize(
    ("answer", "word"),
    [
        (lambda z, t: softmax(z * t), "গুণ নয়"),
        (lambda z, t: softmax(z) / t, "সফটম্যাক্সের পরে"),
        (lambda z, t: softmax(z), "টেম্পারেচার বদলালেও"),
        (lambda z, t: z / t, "`softmax` করা বাকি"),
        (lambda z, t: softmax(z / t, axis=0), "কলাম ধরে"),
        (lambda z, t: softmax(z / t, axis=1), "axis=-1"),
        (lambda z, t: np.exp(z / t) / np.exp(z / t).sum(), "প্রতি সারির যোগফল"),
        (lambda z, t: softmax(z / t).argmax(axis=-1), "শেপ"),
        (lambda z, t: softmax(z - t), "টেম্পারেচার বদলালেও"),
        (lambda z, t: softmax(z / 2), "টেম্পারেচার বদলালেও"),
        (lambda z, t: softmax(np.array([3.0, 2.0, 0.5, -1.0]) / t), "অন্য লজিট"),
        (lambda z, t: np.exp(z / t) / np.exp(z / t).sum(axis=-1, keepdims=True), "উপচে পড়ে"),
        (lambda z, t: np.exp(z / t) / np.exp(z / t).sum(axis=-1), "keepdims"),
        (lambda z, t: softmax(z / t**2), "ভাগগুলো মিলছে না"),
        (lambda z, t: z * np.nan, "nan"),
        (softmax(np.zeros((2, 3))), "ফাংশন লাগবে"),
    ],
)
def test_temperature_mistakes(answer, word):
    # softmax(z / t, axis=1) fails on a single row: the message comes from the call itself.
    verdict = grade("02.2", answer)
    assert verdict.status == "wrong", verdict
    assert word in verdict.text or (word == "axis=-1" and "AxisError" in verdict.text), verdict


def test_temperature_blank_and_nonsense():
    def blank(logits, temperature): ...

    assert grade("02.2", blank).status == "blank"
    for answer in nonsense():
        assert grade("02.2", answer).status != "right"


# --- 02.3 -------------------------------------------------------------------------------


def rows(p, labels):
    return p[np.arange(len(labels)), labels]


def looped(probabilities, labels):
    total = 0
    for row, label in zip(probabilities, labels, strict=True):
        total -= np.log(row[label])
    return total / len(labels)


@pytest.mark.parametrize(
    "answer",
    [
        lambda p, y: -np.log(rows(p, y)).mean(),
        looped,
        lambda p, y: -(np.eye(p.shape[1])[y] * np.log(p)).sum(axis=1).mean(),
        lambda p, y: keras.losses.SparseCategoricalCrossentropy()(y, p),
        lambda p, y: np.array([np.mean(np.log(1 / rows(p, y)))]),
    ],
)
def test_cross_entropy_right(answer):
    assert_right("02.3", answer)


@pytest.mark.parametrize(
    ("answer", "word"),
    [
        (lambda p, y: np.log(rows(p, y)).mean(), "বিয়োগ চিহ্ন"),
        (lambda p, y: -np.log(rows(p, y)).sum(), "গড় নেননি"),
        (lambda p, y: -np.log(rows(p, y)), "একটাই সংখ্যা"),
        (lambda p, y: -np.log10(rows(p, y)).mean(), "np.log10"),
        (lambda p, y: -np.log2(rows(p, y)).mean(), "np.log10"),
        (lambda p, y: -np.log(p.max(axis=1)).mean(), "সবচেয়ে বড় সম্ভাবনা"),
        (lambda p, y: -np.log(rows(softmax(p), y)).mean(), "আবার `softmax`"),
        (lambda p, y: -(np.eye(10)[y] * np.log(p)).sum(axis=1).mean(), "probabilities.shape[1]"),
        (lambda p, y: -np.log(p[:, y]).mean(), "জোড়ায় জোড়ায়"),
        (lambda p, y: -(np.eye(3)[y] * np.log(p)).mean(), "শূন্যগুলোসহ"),
        (lambda p, y: -np.log(rows(p, y).mean()), "আগে সম্ভাবনার গড়"),
        (lambda p, y: (1 - rows(p, y)).mean(), "লাগে লগারিদম"),
        (lambda p, y: -np.log(rows(p, y)).sum() / 4, "len(labels)"),
        (lambda p, y: ((1 - rows(p, y)) ** 2).mean(), "হাতে মিলিয়ে"),
        (lambda p, y: np.inf, "inf"),
    ],
)
def test_cross_entropy_mistakes(answer, word):
    assert_hint(word, "02.3", answer)


def test_cross_entropy_blank_and_nonsense():
    def blank(probabilities, labels): ...

    assert grade("02.3", blank).status == "blank"
    for answer in nonsense():
        assert grade("02.3", answer).status != "right"


# --- 02.4 -------------------------------------------------------------------------------


def descend(slope, start, learning_rate, steps):
    w = start
    for _ in range(steps):
        w = w - learning_rate * slope(w)
    return w


def backwards_count(slope, start, learning_rate, steps):
    while steps > 0:
        start -= learning_rate * slope(start)
        steps -= 1
    return start


def recursive(slope, start, rate, steps):
    return start if steps == 0 else recursive(slope, start - rate * slope(start), rate, steps - 1)


@pytest.mark.parametrize(
    "answer",
    [
        descend,
        backwards_count,
        recursive,
        lambda slope, w, rate, steps: np.array([descend(slope, w, rate, steps)]),
    ],
)
def test_descend_right(answer):
    assert_right("02.4", answer)


def climbs(slope, w, rate, steps):
    return descend(lambda v: -slope(v), w, rate, steps)


def returns_inside(slope, w, rate, steps):
    for _ in range(steps):
        w = w - rate * slope(w)
        return w


def measures_once(slope, w, rate, steps):
    steep = slope(w)
    for _ in range(steps):
        w = w - rate * steep
    return w


def slope_of_slope(slope, w, rate, steps):
    return descend(lambda v: (slope(v + 1e-4) - slope(v - 1e-4)) / 2e-4, w, rate, steps)


def tea_only(slope, w, rate, steps):
    return descend(lambda v: 28 / 3 * (v - 10), w, rate, steps)


def never_stops(slope, w, rate, steps):
    while True:
        w = w - rate * slope(w)


@pytest.mark.parametrize(
    ("answer", "word"),
    [
        (climbs, "পাহাড়ে উঠছেন"),
        (returns_inside, "লুপের ভেতরে"),
        (measures_once, "শুধু শুরুতে একবার"),
        (never_stops, "থামছে না"),
        (slope_of_slope, "ঢালের ঢাল"),
        (tea_only, "tea_slope"),
        (lambda slope, w, rate, steps: w, "শুরুর জায়গাতেই"),
        (lambda slope, w, rate, steps: descend(slope, w, 1.0, steps), "`learning_rate` লাগেনি"),
        (lambda slope, w, rate, steps: descend(slope, w, rate, steps - 1), "একটা কম"),
        (lambda slope, w, rate, steps: descend(slope, w, rate, steps + 1), "একটা কম"),
        (lambda slope, w, rate, steps: descend(slope, w, 0.1, steps), "অন্য পাহাড়ে"),
        (lambda slope, w, rate, steps: descend(slope, w, rate / 2, steps), "`w` ছাপিয়ে"),
        (lambda slope, w, rate, steps: [w, 1.0], "একটাই সংখ্যা"),
        (lambda slope, w, rate, steps: descend(slope, w, rate, max(steps, 1)), "শূন্য হলে"),
    ],
)
def test_descend_mistakes(answer, word):
    assert_hint(word, "02.4", answer)


def test_descend_blank_and_nonsense():
    def blank(slope, start, learning_rate, steps): ...

    assert grade("02.4", blank).status == "blank"
    for answer in nonsense():
        assert grade("02.4", answer).status != "right"


# --- 02.5 -------------------------------------------------------------------------------

# Two far clouds instead of the spirals: every right model learns them in a few steps.
_RNG = np.random.default_rng(0)
LABELS = np.arange(80) % 2
POINTS = (_RNG.normal(size=(80, 2)) * 0.2 + np.where(LABELS, 1.0, -1.0)[:, None]).astype("float32")
# Four clouds at the corners of a square: no straight line parts them.
CROSS = (
    _RNG.normal(size=(80, 2)) * 0.1
    + np.array([[1, 1], [1, -1], [-1, -1], [-1, 1]])[np.arange(80) % 4]
).astype("float32")


def spiral_model(*hidden, loss=LOGITS_LOSS, epochs=10, rate=0.05, points=POINTS, labels=LABELS):
    model = keras.Sequential([keras.Input((2,)), *hidden, layers.Dense(2)])
    model.compile(optimizer=keras.optimizers.Adam(rate), loss=loss)
    if epochs:
        model.fit(points, labels, epochs=epochs, batch_size=20, verbose=0)
    return model


def functional():
    inputs = keras.Input((2,))
    hidden = layers.ReLU()(layers.Dense(16)(inputs))
    model = keras.Model(inputs, layers.Dense(2)(hidden))
    model.compile(optimizer=keras.optimizers.SGD(0.1, momentum=0.9), loss=LOGITS_LOSS)
    model.fit(POINTS, LABELS, epochs=10, verbose=0)
    return model


def test_spiral_right():
    keras.utils.set_random_seed(1)
    assert_right("02.5", spiral_model(layers.Dense(16, activation="relu")), POINTS, LABELS)
    assert_right("02.5", spiral_model(layers.Dense(16, activation="tanh")), POINTS, LABELS)
    assert_right("02.5", functional(), POINTS, LABELS)
    # A softmax at the end answers the same question.
    probabilities = keras.Sequential(
        [keras.Input((2,)), layers.Dense(8, activation="relu"), layers.Dense(2, activation="softmax")]
    )  # fmt: skip
    probabilities.compile(
        optimizer=keras.optimizers.Adam(0.05), loss="sparse_categorical_crossentropy"
    )
    probabilities.fit(POINTS, LABELS, epochs=10, verbose=0)
    assert_right("02.5", probabilities, POINTS, LABELS)
    assert "চাওয়া হয়েছিল লজিট" in grade("02.5", probabilities, POINTS, LABELS).text


def test_spiral_mistakes():
    keras.utils.set_random_seed(1)
    straight = spiral_model(layers.Dense(16), points=CROSS)
    assert_hint("কোনো বাঁক নেই", "02.5", straight, CROSS, LABELS)
    untrained = spiral_model(layers.Dense(16, activation="relu"), epochs=0)
    untrained.set_weights([0 * w for w in untrained.get_weights()])
    assert_hint("ট্রেইন হয়নি", "02.5", untrained, POINTS, LABELS)
    good = spiral_model(layers.Dense(16, activation="relu"))
    seven_of_ten = np.where(np.arange(80) % 10 < 3, 1 - LABELS, LABELS)
    assert_hint("নিউরন বা লেয়ার বাড়ান", "02.5", good, POINTS, seven_of_ten)
    one = keras.Sequential([keras.Input((2,)), layers.Dense(1)])
    assert_hint("দুটি লজিট", "02.5", one, POINTS, LABELS)
    wide = keras.Sequential([keras.Input((300, 2)), layers.Flatten(), layers.Dense(2)])
    assert_hint("(None, 2)", "02.5", wide, POINTS, LABELS)
    broken = spiral_model(layers.Dense(4, activation="relu"), epochs=0)
    broken.set_weights([np.full_like(w, np.nan) for w in broken.get_weights()])
    assert_hint("nan", "02.5", broken, POINTS, LABELS)


def with_end(activation, loss, epochs=3):
    model = keras.Sequential(
        [
            keras.Input((2,)),
            layers.Dense(8, activation="relu"),
            layers.Dense(2, activation=activation),
        ]
    )
    model.compile(optimizer=keras.optimizers.Adam(0.05), loss=loss)
    if epochs:
        model.fit(POINTS, LABELS, epochs=epochs, batch_size=20, verbose=0)
    return model


@pytest.mark.parametrize(
    "loss",
    [
        "sparse_categorical_crossentropy",
        keras.losses.SparseCategoricalCrossentropy(),
        keras.losses.sparse_categorical_crossentropy,
    ],
)
def test_spiral_loss_that_takes_logits_for_probabilities(loss):
    assert_hint("`from_logits=True` দিয়ে", "02.5", with_end(None, loss), POINTS, LABELS)


def test_spiral_last_layer_that_bends_the_logits():
    keras.utils.set_random_seed(1)
    # No fit: TensorFlow would warn, and the check must see it anyway.
    twice = with_end("softmax", LOGITS_LOSS, epochs=0)
    assert_hint("সফটম্যাক্স দুবার", "02.5", twice, POINTS, LABELS)
    for activation, name in {"relu": "ReLU", "sigmoid": "সিগময়েড", "tanh": "tanh"}.items():
        model = with_end(activation, LOGITS_LOSS, epochs=10)
        assert_hint(f"{name} বসানো", "02.5", model, POINTS, LABELS)


def test_spiral_softmax_that_is_quite_sure_is_still_a_softmax():
    inputs = keras.Input((2,))
    model = keras.Model(inputs, layers.Softmax()(layers.Dense(2)(inputs)))
    model.compile(loss="sparse_categorical_crossentropy")
    model.set_weights([np.array([[-500.0, 500.0]] * 2), np.zeros(2)])
    assert_right("02.5", model, POINTS, LABELS)


def test_spiral_softmax_not_compiled_yet():
    model = keras.Sequential([keras.Input((2,)), layers.Dense(2, activation="softmax")])
    assert_hint("ট্রেইন হয়নি", "02.5", model, POINTS, np.full(80, 7))


def test_spiral_low_scores_have_their_own_hints():
    keras.utils.set_random_seed(1)
    model = spiral_model(layers.Dense(16, activation="relu"))
    assert_hint("উল্টো লেবেল", "02.5", model, POINTS, 1 - LABELS)
    half = np.where(np.arange(80) % 4 < 2, LABELS, 1 - LABELS)
    assert_hint("আগে লার্নিং রেট", "02.5", model, POINTS, half)
    squared = spiral_model(
        layers.Dense(16, activation="relu"), loss="mse", labels=np.eye(2)[LABELS]
    )
    assert_hint("লসটা এই কাজের নয়", "02.5", squared, POINTS, half)


def test_spiral_own_loss_is_no_mistake():
    def own(y, logits):
        return keras.losses.sparse_categorical_crossentropy(y, logits, from_logits=True)

    keras.utils.set_random_seed(1)
    assert_right(
        "02.5", spiral_model(layers.Dense(16, activation="relu"), loss=own), POINTS, LABELS
    )


def test_spiral_blank_and_nonsense():
    assert grade("02.5", ..., POINTS, LABELS).status == "blank"
    for answer in nonsense():
        assert grade("02.5", answer, POINTS, LABELS).status != "right"
