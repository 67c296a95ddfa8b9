"""Checks of lesson 01: the blank, the solution, other right answers, mistakes, nonsense."""

import keras
import numpy as np
import pytest
from conftest import assert_hint, assert_right, raises
from keras import layers

from helpers.check import grade
from helpers.check.lesson_01 import RAIN
from helpers.messages import Problem

LOGITS_LOSS = keras.losses.SparseCategoricalCrossentropy(from_logits=True)


def nonsense():
    """Answers that no exercise asks for; none of them may crash a check."""
    return [
        None, "উত্তর", 7, [], {}, object, raises, lambda: None, np.array(["ক"]), np.zeros((2, 3)),
        keras.Sequential(), keras.Sequential([layers.Dense(3)]),
        keras.Sequential([keras.Input((5,)), layers.Dense(2)]), keras.Model,
    ]  # fmt: skip


def test_unknown_exercise():
    for name in ("01.99", "77.1", "", "x"):
        with pytest.raises(Problem, match="অনুশীলনী"):
            grade(name, 1)


# --- 01.1 -------------------------------------------------------------------------------

SCALED = (RAIN - RAIN.min()) / (RAIN.max() - RAIN.min())


@pytest.mark.parametrize(
    "answer",
    [SCALED, SCALED.tolist(), SCALED.astype("float32"), np.interp(RAIN, [9, 815], [0, 1]),
     keras.ops.convert_to_tensor(SCALED), SCALED.round(2)],
)  # fmt: skip
def test_scaling_right(answer):
    assert_right("01.1", answer)


@pytest.mark.parametrize(
    ("answer", "word"),
    [
        (RAIN, "আগের মতোই"),
        (RAIN / RAIN.max(), "শুধু সবচেয়ে বড়টা"),
        ((RAIN - RAIN.min()) / RAIN.max(), "পুরো বিস্তার"),
        ((RAIN - RAIN.mean()) / RAIN.std(), "স্ট্যান্ডার্ডাইজেশন"),
        (SCALED[:6], "(6,)"),
        (SCALED[::-1], "ক্রম"),
        (1 - SCALED, "উল্টো"),
        (SCALED * 255, "বন্ধনী"),
        (RAIN - RAIN.min() / (RAIN.max() - RAIN.min()), "বন্ধনী"),
    ],
)
def test_scaling_mistakes(answer, word):
    assert_hint(word, "01.1", answer)


# --- 01.2 -------------------------------------------------------------------------------


def digits_model(*middle, first=None):
    return keras.Sequential([keras.Input((32, 32)), first or layers.Flatten(), *middle])


def two_hidden_layers():
    return [
        digits_model(
            layers.Dense(64, "relu"), layers.Dense(32, activation=keras.ops.relu), layers.Dense(10)
        ),
        digits_model(
            layers.Dense(64, activation="relu"),
            layers.Dense(32, activation="relu"),
            layers.Dense(10, activation="linear"),
            first=layers.Reshape((1024,)),
        ),
        digits_model(
            layers.Dense(64),
            layers.ReLU(),
            layers.Dense(32),
            layers.Activation("relu"),
            layers.Dense(10),
        ),
        functional_model(),
    ]


def functional_model():
    inputs = keras.Input((32, 32))
    x = layers.Flatten()(inputs)
    x = layers.Dense(64, activation="relu")(x)
    x = layers.Dense(32, activation="relu")(x)
    return keras.Model(inputs, layers.Dense(10)(x))


@pytest.mark.parametrize("number", range(4))
def test_model_right(number):
    assert_right("01.2", two_hidden_layers()[number])


@pytest.mark.parametrize(
    ("make", "word"),
    [
        (lambda: digits_model(layers.Dense(64, "relu"), layers.Dense(32, "relu"), layers.Dense(10, "softmax")), "সফটম্যাক্স"),
        (lambda: digits_model(layers.Dense(64, "relu"), layers.Dense(32, "relu"), layers.Dense(10), layers.Softmax()), "সফটম্যাক্স"),
        (lambda: digits_model(layers.Dense(64, "relu"), layers.Dense(32, "relu"), layers.Dense(10, "relu")), "শেষ `Dense`"),
        (lambda: digits_model(layers.Dense(64, "relu"), layers.Dense(32, "relu"), layers.Dense(1)), "দশটি লজিট"),
        (lambda: digits_model(layers.Dense(64, "relu"), layers.Dense(10)), "[64, 10]"),
        (lambda: digits_model(layers.Dense(32, "relu"), layers.Dense(64, "relu"), layers.Dense(10)), "[32, 64, 10]"),
        (lambda: digits_model(layers.Dense(64), layers.Dense(32), layers.Dense(10)), "relu"),
        (lambda: keras.Sequential([keras.Input((32, 32)), layers.Dense(64, "relu"), layers.Dense(32, "relu"), layers.Dense(10)]), "Flatten"),
        (lambda: keras.Sequential([layers.Flatten(), layers.Dense(64, "relu"), layers.Dense(32, "relu"), layers.Dense(10)]), "keras.Input"),
        (lambda: keras.Sequential([keras.Input((1024,)), layers.Dense(64, "relu"), layers.Dense(32, "relu"), layers.Dense(10)]), "(None, 1024)"),
    ],
)  # fmt: skip
def test_model_mistakes(make, word):
    assert_hint(word, "01.2", make())


# --- 01.3 -------------------------------------------------------------------------------


def student(optimizer="adam", loss=LOGITS_LOSS, metrics=("accuracy",)):
    model = digits_model(layers.Dense(64, "relu"), layers.Dense(10))
    model.compile(optimizer=optimizer, loss=loss, metrics=list(metrics) if metrics else None)
    return model


def own_loss(y_true, y_pred):
    return keras.losses.sparse_categorical_crossentropy(y_true, y_pred, from_logits=True)


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"optimizer": keras.optimizers.Adam(0.001)},
        {"optimizer": keras.optimizers.AdamW(learning_rate=1e-3)},
        {"metrics": [keras.metrics.SparseCategoricalAccuracy()]},
        {"metrics": ["acc"]},
        {"loss": own_loss},
    ],
)
def test_compile_right(options):
    assert_right("01.3", student(**options))


def test_compile_blank():
    assert grade("01.3", digits_model(layers.Dense(10))).status == "blank"


@pytest.mark.parametrize(
    ("options", "word"),
    [
        ({"loss": "sparse_categorical_crossentropy"}, "from_logits=True"),
        ({"loss": keras.losses.SparseCategoricalCrossentropy()}, "from_logits=True"),
        ({"loss": keras.losses.CategoricalCrossentropy(from_logits=True)}, "SparseCategorical"),
        ({"optimizer": "sgd"}, "SGD"),
        ({"optimizer": keras.optimizers.Adam(0.1)}, "0.1"),
        ({"metrics": None}, "metrics"),
        ({"loss": None}, "লস দেওয়া হয়নি"),
    ],
)
def test_compile_mistakes(options, word):
    assert_hint(word, "01.3", student(**options))


# --- 01.4 -------------------------------------------------------------------------------

IMAGES = np.random.default_rng(0).random((6, 32, 32), dtype="float32")


@pytest.fixture(scope="module")
def model():
    keras.utils.set_random_seed(3)
    model = digits_model(layers.Dense(10))
    model.layers[-1].set_weights([w * 5 for w in model.layers[-1].get_weights()])
    return model


def softmax(logits):
    return np.exp(logits - logits.max()) / np.exp(logits - logits.max()).sum()


def readers(model):
    def with_predict(image):
        p = softmax(model.predict(image[None], verbose=0)[0])
        return int(p.argmax()), float(p.max())

    def with_a_call(image):
        p = keras.ops.softmax(model(np.expand_dims(image, 0)))[0]
        return keras.ops.argmax(p), keras.ops.max(p)

    def with_a_list(image):
        p = softmax(np.array(model(image.reshape(1, 32, 32)))[0])
        return [p.argmax(), p.max()]

    return [with_predict, with_a_call, with_a_list]


@pytest.mark.parametrize("number", range(3))
def test_reader_right(model, number):
    assert_right("01.4", readers(model)[number], model, IMAGES)


def logits_of(model, image):
    return np.array(model(image[None]))[0]


@pytest.mark.parametrize(
    ("answer", "word"),
    [
        (lambda model, image: model.predict(image, verbose=0), "np.newaxis"),
        (lambda model, image: (int(logits_of(model, image).argmax()), float(logits_of(model, image).max())), "লজিট"),
        (lambda model, image: int(logits_of(model, image).argmax()), "দুটি জিনিস"),
        (lambda model, image: (0.5, int(logits_of(model, image).argmax())), "উল্টে"),
        (lambda model, image: (3, float(model.predict(image[None], verbose=0))), "[0]"),
        (lambda model, image: (int(logits_of(model, image).argmax()), softmax(logits_of(model, image))), "অ্যারে নয়"),
        (lambda model, image: (int(logits_of(model, image).argmin()), 0.1), "argmax"),
        (lambda model, image: (int(logits_of(model, image).argmax()), 1.0), "সম্ভাবনাটা মিলছে না"),
        (lambda model, image: print(end=""), "return"),
    ],
)  # fmt: skip
def test_reader_mistakes(model, answer, word):
    assert_hint(word, "01.4", lambda image: answer(model, image), model, IMAGES)


def test_a_mistake_does_not_kill_the_model(model):
    """On JAX a predict that raises would leave the learner's model without weights."""
    before = model.predict(IMAGES, verbose=0)
    grade("01.4", lambda image: model.predict(image, verbose=0), model, IMAGES)
    np.testing.assert_allclose(model.predict(IMAGES, verbose=0), before, rtol=1e-6)


def test_reader_blank(model):
    def read(image): ...

    assert grade("01.4", read, model, IMAGES).status == "blank"


# --- 01.5 -------------------------------------------------------------------------------


def modern(activation=None, loss=LOGITS_LOSS, units=(64, 10), width=100, hidden="relu", **sgd):
    model = keras.Sequential(
        [
            keras.Input((width,)),
            layers.Dense(units[0], activation=hidden),
            layers.Dense(units[1], activation=activation),
        ]
    )
    model.compile(
        optimizer=keras.optimizers.SGD(**({"learning_rate": 0.01, "momentum": 0.9} | sgd)),
        loss=loss,
    )
    return model


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"activation": "softmax", "loss": "sparse_categorical_crossentropy"},
        {"activation": "softmax", "loss": keras.losses.SparseCategoricalCrossentropy()},
        {"loss": own_loss, "nesterov": True},
    ],
)
def test_modern_right(options):
    assert_right("01.5", modern(**options))


@pytest.mark.parametrize(
    ("make", "word"),
    [
        (lambda: modern(activation="softmax"), "দুবার"),
        (lambda: modern(loss="sparse_categorical_crossentropy"), "from_logits=True"),
        (lambda: modern(learning_rate=0.1), "learning_rate"),
        (lambda: modern(momentum=0.0), "মোমেন্টাম"),
        (lambda: modern(width=64), "(None, 64)"),
        (lambda: modern(units=(10, 64)), "[10, 64]"),
        (lambda: modern(hidden="linear"), "relu"),
        (lambda: modern(loss="categorical_crossentropy"), "Sparse"),
        (
            lambda: keras.Sequential(
                [keras.Input((100,)), layers.Dense(64, "relu"), layers.Dense(10)]
            ),
            "compile",
        ),
    ],
)
def test_modern_mistakes(make, word):
    assert_hint(word, "01.5", make())


# --- 01.6 -------------------------------------------------------------------------------


class Oracle(keras.Model):
    """Answers with the label that the picture's first pixel holds, right for a share of them."""

    def __init__(self, share):
        super().__init__()
        self.layer, self.share = layers.Flatten(), share
        self(np.zeros((1, 32, 32), "float32"))

    def call(self, x):
        label = keras.ops.cast(self.layer(x)[:, 0], "int32")
        wrong = keras.ops.cast(self.layer(x)[:, 1] >= self.share, "int32")
        return keras.ops.one_hot((label + wrong) % 10, 10)


@pytest.fixture(scope="module")
def validation():
    images = np.zeros((100, 32, 32), "float32")
    labels = np.arange(100) % 10
    images[:, 0, 0] = labels
    images[:, 0, 1] = np.arange(100) / 100
    return images, labels


@pytest.mark.parametrize("share", [0.8, 0.95])
def test_better_model_right(validation, share):
    assert_right("01.6", Oracle(share), Oracle(0.8), *validation)


def test_better_model_mistakes(validation):
    ours = Oracle(0.8)
    assert_hint("আরেকটু বাকি", "01.6", Oracle(0.6), ours, *validation)
    assert_hint("সন্দেহজনক", "01.6", Oracle(1.0), ours, *validation)
    assert_hint("না শেখা মডেলের মতো", "01.6", Oracle(0.1), ours, *validation)
    assert_hint("নিজের একটা মডেল", "01.6", ours, ours, *validation)
    assert_hint("দশটি নম্বর", "01.6", digits_model(layers.Dense(3)), ours, *validation)


# --- all --------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["01.1", "01.2", "01.3", "01.4", "01.5", "01.6"])
def test_blanks_and_nonsense(name, model, validation):
    rest = {"01.4": (model, IMAGES), "01.6": (model, *validation)}.get(name, ())
    assert grade(name, ..., *rest).status == "blank"
    for answer in nonsense():
        verdict = grade(name, answer, *rest)
        assert verdict.status in ("wrong", "blank"), (answer, verdict)
        assert verdict.text.endswith("।")
