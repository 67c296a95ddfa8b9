"""Checks of lesson 03: the blank, the solution, other right answers, mistakes, nonsense."""

import keras
import numpy as np
import pytest
from conftest import assert_hint, assert_right, raises
from keras import layers

from helpers.check import grade

WORDS = 40  # the lesson has 3,000; the checks take what they are given


@pytest.fixture(autouse=True)
def _seed():
    keras.utils.set_random_seed(11)


def nonsense():
    """Answers that no exercise asks for; none of them may crash a check."""
    return [
        None, "উত্তর", 7, [], {}, object, raises, lambda: None, np.array(["ক"]), np.zeros((2, 3)),
        keras.Sequential(), keras.Sequential([layers.Dense(3)]),
        keras.Sequential([keras.Input((5,)), layers.Dense(2)]), keras.Model, keras.Input((3,)),
        layers.Dense(2), Own(),
    ]  # fmt: skip


class Own(keras.Model):
    """A model of one's own class: Keras knows no graph of it."""

    def __init__(self):
        super().__init__()
        self.dense = layers.Dense(3)
        self(np.zeros((1, 20), "float32"))

    def call(self, x):
        return self.dense(x)


# --- 03.1 -------------------------------------------------------------------------------


def chain(*steps, shape=(20,)):
    door = keras.Input(shape)
    x = door
    for step in steps:
        x = step(x)
    return keras.Model(door, x)


SAME = {
    "solution": lambda: chain(
        layers.Dense(16, "relu"), layers.Dense(8, activation="relu"), layers.Dense(3)
    ),
    "relu apart": lambda: chain(
        layers.Dense(16), layers.ReLU(), layers.Dense(8), layers.Activation("relu"), layers.Dense(3)
    ),
    "relu by ops, linear end": lambda: chain(
        layers.Dense(16), keras.ops.relu, layers.Dense(8, keras.ops.relu), layers.Dense(3, "linear")
    ),
    "dictionary of inputs": lambda: named_door(),
}


def named_door():
    door = keras.Input((20,), name="numbers")
    x = layers.Dense(8, "relu")(layers.Dense(16, "relu")(door))
    return keras.Model([door], layers.Dense(3)(x))


@pytest.mark.parametrize("name", SAME)
def test_same_model_right(name):
    assert_right("03.1", SAME[name]())


def skipped_layer():
    door = keras.Input((20,))
    layers.Dense(16, "relu")(door)
    x = layers.Dense(8, "relu")(door)  # forgot to pass on what the first gave
    return keras.Model(door, layers.Dense(3)(x))


@pytest.mark.parametrize(
    ("make", "word"),
    [
        (lambda: keras.Sequential([keras.Input((20,)), layers.Dense(16, "relu"), layers.Dense(8, "relu"), layers.Dense(3)]), "এখনও `Sequential`"),
        (skipped_layer, "পথে নেই"),
        (lambda: chain(layers.Dense(8, "relu"), layers.Dense(16, "relu"), layers.Dense(3)), "ক্রম উল্টে"),
        (lambda: chain(layers.Dense(16), layers.Dense(8), layers.Dense(3)), "relu"),
        (lambda: chain(layers.Dense(16, "relu"), layers.Dense(8, "relu"), layers.Dense(3, "softmax")), "সফটম্যাক্স"),
        (lambda: chain(layers.Dense(16, "relu"), layers.Dense(8, "relu"), layers.Dense(3), shape=(4,)), "(None, 4)"),
        (lambda: chain(layers.Dense(16, "relu"), layers.Dense(16, "relu"), layers.Dense(8, "relu"), layers.Dense(3)), "তিনটি হওয়ার কথা"),
        (Own, "গ্রাফ নেই"),
    ],
)  # fmt: skip
def test_same_model_mistakes(make, word):
    assert_hint(word, "03.1", make())


def test_same_model_of_the_old_layers():
    line = keras.Sequential(
        [keras.Input((20,)), layers.Dense(16, "relu"), layers.Dense(8, "relu"), layers.Dense(3)]
    )
    assert_right("03.1", SAME["solution"](), line)
    assert_hint("`train_line`-এরই", "03.1", keras.Model(line.inputs, line.outputs), line)
    door = keras.Input((20,))
    assert_hint("`train_line`-এরই", "03.1", keras.Model(door, line(door)), line)


# --- 03.2 -------------------------------------------------------------------------------


def quick(end=lambda x: layers.Dense(6)(x), names=("title", "tags"), width=WORDS, as_list=False):
    doors = {names[0]: keras.Input((width,), name=names[0])}
    doors |= {name: keras.Input((12,), name=name) for name in names[1:]}
    x = layers.Concatenate()([layers.Dense(4)(doors[names[0]]), *list(doors.values())[1:]])
    return keras.Model(list(doors.values()) if as_list else doors, end(x))


def added():
    title, tags = keras.Input((WORDS,), name="title"), keras.Input((12,), name="tags")
    return keras.Model([tags, title], layers.Dense(6)(title) + layers.Dense(6)(tags))


@pytest.mark.parametrize(
    "make",
    [
        quick,
        lambda: quick(as_list=True),
        added,
        lambda: quick(lambda x: {"department": layers.Dense(6, name="department")(x)}),
    ],
)
def test_two_inputs_right(make):
    assert_right("03.2", make(), WORDS)


def deaf_to_tags():
    title, tags = keras.Input((WORDS,), name="title"), keras.Input((12,), name="tags")
    return keras.Model([title, tags], layers.Dense(6)(title + 0 * layers.Dense(WORDS)(tags)))


def one_door():
    title = keras.Input((WORDS,), name="title")
    return keras.Model(title, layers.Dense(6)(title))


@pytest.mark.parametrize(
    ("make", "word"),
    [
        (one_door, "ইনপুট দুটি"),
        (lambda: quick(names=("title", "labels")), 'name="title"'),
        (lambda: quick(names=("title", "tags", "body")), "`body`"),
        (lambda: quick(width=7), "শেপ হওয়ার কথা"),
        (lambda: quick(lambda x: layers.Dense(1)(x)), "(None, 1)"),
        (lambda: quick(lambda x: layers.Dense(6, "softmax")(x)), "সফটম্যাক্স"),
        (lambda: quick(lambda x: layers.Dense(6, "relu")(x)), "কোনো অ্যাক্টিভেশন নয়"),
        (lambda: quick(lambda x: layers.Dense(6, "sigmoid")(x)), "কোনো অ্যাক্টিভেশন নয়"),
        (lambda: quick(lambda x: layers.Dense(6, "tanh")(x)), "কোনো অ্যাক্টিভেশন নয়"),
        (lambda: quick(lambda x: [layers.Dense(6)(x), layers.Dense(1)(x)]), "আউটপুট একটাই"),
        (deaf_to_tags, "`tags` বদলালেও"),
    ],
)
def test_two_inputs_mistakes(make, word):
    assert_hint(word, "03.2", make(), WORDS)


# --- 03.3 -------------------------------------------------------------------------------


def desk(shared=False, as_list=False, ends=None):
    doors = {name: keras.Input((WORDS,), name=name) for name in ("title", "body")}
    doors["tags"] = keras.Input((12,), name="tags")
    readers = [layers.Dense(16, "relu", name=f"{name}_words") for name in ("title", "body")]
    if shared:
        readers = readers[:1] * 2
    words = [reader(door) for reader, door in zip(readers, doors.values(), strict=False)]
    x = layers.Concatenate(name="joined")([*words, doors["tags"]])
    x = layers.Dense(16, "relu", name="features")(x)
    answers = {
        "priority": layers.Dense(1, name="priority")(x),
        "department": layers.Dense(6, ends, name="department")(x),
    }
    return keras.Model(doors, list(answers.values()) if as_list else answers)


BINARY = keras.losses.BinaryCrossentropy
MANY = keras.losses.CategoricalCrossentropy
GOOD = {
    "loss": {"priority": BINARY(from_logits=True), "department": MANY(from_logits=True)},
    "loss_weights": {"priority": 0.5, "department": 1.0},
    "metrics": {
        "priority": [keras.metrics.BinaryAccuracy(threshold=0.0)],
        "department": ["accuracy"],
    },
}


def compiled(optimizer="rmsprop", model=None, **changes):
    model = model or desk()
    settings = GOOD | changes
    # Metrics keep to the model that they were compiled with.
    settings["metrics"] = (
        {
            name: [m if isinstance(m, str) else type(m).from_config(m.get_config()) for m in listed]
            for name, listed in settings["metrics"].items()
        }
        if isinstance(settings["metrics"], dict)
        else settings["metrics"]
    )
    model.compile(optimizer=optimizer, **settings)
    return model


def own_binary(y_true, y_pred):
    return keras.losses.binary_crossentropy(y_true, y_pred, from_logits=True)


@pytest.mark.parametrize(
    "make",
    [
        compiled,
        lambda: compiled(keras.optimizers.RMSprop(learning_rate=1e-3)),
        lambda: compiled(loss_weights={"priority": 0.5, "department": 1}),
        lambda: compiled(loss=GOOD["loss"] | {"priority": own_binary}),
        lambda: compiled(
            metrics={
                "priority": [keras.metrics.BinaryAccuracy(name="accuracy", threshold=0)],
                "department": [keras.metrics.CategoricalAccuracy(name="accuracy")],
            }
        ),
    ],
)
def test_compile_right(make):
    assert_right("03.3", make())


def test_compile_blank():
    assert grade("03.3", desk()).status == "blank"


@pytest.mark.parametrize(
    ("make", "word"),
    [
        (lambda: compiled("adam"), "Adam"),
        (lambda: compiled(keras.optimizers.RMSprop(0.1)), "0.1"),
        (lambda: compiled(loss_weights=None), "সমান দামে"),
        (lambda: compiled(loss_weights={"priority": 1.0, "department": 0.5}), "উল্টে গেছে"),
        (lambda: compiled(loss_weights={"priority": 3.0, "department": 1.0}), "মোট লস মিলছে না"),
        (lambda: compiled(loss=GOOD["loss"] | {"priority": BINARY()}), "BinaryCrossentropy(from_logits=True)"),
        (lambda: compiled(loss=GOOD["loss"] | {"department": MANY()}), "CategoricalCrossentropy(from_logits=True)"),
        (lambda: compiled(loss={"priority": BINARY(), "department": MANY()}), "দুটো লসই"),
        (lambda: compiled(loss={"priority": BINARY(from_logits=True), "bibhag": MANY(from_logits=True)}), "আউটপুটের নাম"),
        (lambda: compiled(loss=GOOD["loss"] | {"department": keras.losses.SparseCategoricalCrossentropy(from_logits=True)}), "সাধারণ সংখ্যা"),
        (lambda: compiled(loss=GOOD["loss"] | {"department": "sparse_categorical_crossentropy"}), "সাধারণ সংখ্যা"),
        (lambda: compiled(loss={"priority": MANY(from_logits=True), "department": BINARY(from_logits=True)}), "উল্টো আউটপুটে"),
        (lambda: compiled(loss={"priority": "categorical_crossentropy", "department": "binary_crossentropy"}), "উল্টো আউটপুটে"),
        (lambda: compiled(loss_weights={"priority": 0.5}), "দুটো নামই"),
        (lambda: compiled(metrics=["accuracy"]), "তালিকা"),
        (lambda: compiled(metrics={"priority": [keras.metrics.BinaryAccuracy(threshold=0.0)], "department": [keras.metrics.BinaryAccuracy(threshold=0.0)]}), "CategoricalAccuracy"),
        (lambda: compiled(metrics=None), "অ্যাকুরেসি মাপা হচ্ছে না"),
        (lambda: compiled(metrics={"priority": [keras.metrics.BinaryAccuracy(threshold=0.0)]}), '"department"'),
        (lambda: compiled(metrics={"priority": ["accuracy"], "department": ["accuracy"]}), "threshold=0.0"),
    ],
)  # fmt: skip
def test_compile_mistakes(make, word):
    assert_hint(word, "03.3", make())


def test_the_check_leaves_a_model_that_still_learns():
    for model in (
        compiled(),
        compiled(loss=GOOD["loss"] | {"department": "sparse_categorical_crossentropy"}),
    ):
        before = [w.copy() for w in model.get_weights()]
        grade("03.3", model)
        for old, new in zip(before, model.get_weights(), strict=True):
            np.testing.assert_array_equal(old, new)


# --- 03.4 -------------------------------------------------------------------------------

BODIES = np.random.default_rng(1).integers(0, 2, (5, WORDS)).astype("float32")


@pytest.fixture(scope="module")
def whole():
    keras.utils.set_random_seed(4)
    return desk()


def the_layer(model):
    return model.get_layer("body_words")


PARTS = {
    "solution": lambda d: keras.Model(d.input["body"], the_layer(d).output),
    "by layers": lambda d: keras.Model(d.get_layer("body").output, the_layer(d).output),
    "dictionaries": lambda d: keras.Model({"body": d.input["body"]}, {"x": the_layer(d).output}),
    "Sequential": lambda d: keras.Sequential([keras.Input((WORDS,)), the_layer(d)]),
    "called anew": lambda d: called_anew(d),
}


def called_anew(model):
    door = keras.Input((WORDS,))
    return keras.Model(door, the_layer(model)(door))


@pytest.mark.parametrize("name", PARTS)
def test_part_right(whole, name):
    assert_right("03.4", PARTS[name](whole), whole, BODIES)


def a_copy(model):
    copy = keras.models.clone_model(model)
    copy.set_weights(model.get_weights())
    return PARTS["solution"](copy)


@pytest.mark.parametrize(
    ("make", "word"),
    [
        (lambda d: d, "পুরো `desk`"),
        (lambda d: keras.Model(d.input, the_layer(d).output), "ইনপুট একটাই"),
        (lambda d: keras.Model(d.input["title"], d.get_layer("title_words").output), "title_words"),
        (lambda d: keras.Sequential([keras.Input((WORDS,)), layers.Dense(16, "relu")]), "কিছুই শেখেনি"),
        (lambda d: keras.Sequential([keras.Input((WORDS,)), layers.Dense(6)]), "(None, 16)"),
        (lambda d: keras.Sequential([keras.Input((12,)), layers.Dense(16)]), "(None, 12)"),
        (a_copy, "কপি"),
    ],
)  # fmt: skip
def test_part_mistakes(whole, make, word):
    assert_hint(word, "03.4", make(whole), whole, BODIES)


# --- 03.5 -------------------------------------------------------------------------------


def block(x, units):
    y = layers.Dense(units)(layers.Dense(units, activation="relu")(x))
    if x.shape[-1] != units:
        x = layers.Dense(units)(x)
    return layers.Add()([x, y])


def block_with_plus(x, units):
    branch = x
    for activation in (keras.ops.relu, None):
        branch = layers.Dense(units, activation=activation)(branch)
    same = x.shape[-1] == units
    return branch + (x if same else layers.Dense(units, use_bias=False)(x))


def block_with_relu_after(x, units):
    return layers.ReLU()(block(x, units))


def block_with_relu_apart(x, units):
    y = layers.Dense(units, use_bias=False)(layers.ReLU()(layers.Dense(units)(x)))
    return (x if x.shape[-1] == units else layers.Dense(units)(x)) + y


@pytest.mark.parametrize(
    "answer", [block, block_with_plus, block_with_relu_after, block_with_relu_apart]
)
def test_block_right(answer):
    assert_right("03.5", answer)


def plain(x, units):
    return layers.Dense(units)(layers.Dense(units, "relu")(x))


def joined(x, units):
    return layers.Concatenate()([x, plain(x, units)])


def never_projected(x, units):
    return layers.Add()([x, plain(x, units)])


def always_projected(x, units):
    return layers.Add()([layers.Dense(units)(x), plain(x, units)])


def one_dense(x, units):
    y = layers.Dense(units)(x)
    return layers.Add()([x if x.shape[-1] == units else layers.Dense(units)(x), y])


def no_shortcut_when_wide(x, units):
    return layers.Add()([x, plain(x, units)]) if x.shape[-1] == units else plain(x, units)


def twice_the_shortcut(x, units):
    return layers.Add()([x, x, plain(x, units)]) if x.shape[-1] == units else plain(x, units)


def no_relu(x, units):
    y = layers.Dense(units)(layers.Dense(units)(x))
    return layers.Add()([x if x.shape[-1] == units else layers.Dense(units)(x), y])


def two_relus(x, units):
    y = layers.Dense(units, "relu")(layers.Dense(units, "relu")(x))
    return layers.Add()([x if x.shape[-1] == units else layers.Dense(units)(x), y])


def gives_a_model(x, units):
    return keras.Model(x, block(x, units))


def forgot_to_call(x, units):
    return layers.Add()


def own_door(x, units):
    return block(keras.Input((8,)), units)


@pytest.mark.parametrize(
    ("answer", "word"),
    [
        (plain, "শর্টকাট নেই"),
        (joined, "Concatenate"),
        (never_projected, "৮ থেকে ১২"),
        (always_projected, "সোজাসুজি"),
        (one_dense, "`Dense` দুটো"),
        (no_shortcut_when_wide, "হারিয়ে গেছে"),
        (twice_the_shortcut, "একবারই"),
        (no_relu, "প্রথম `Dense`-এ"),
        (two_relus, "দ্বিতীয় `Dense`-এ"),
        (gives_a_model, "KerasTensor"),
        (forgot_to_call, "KerasTensor"),
        (own_door, "নতুন `keras.Input`"),
        (lambda x, units: x, "কোনো `Dense` নেই"),
        (lambda x: x, "এরর"),
        (lambda x, units: print(end=""), "return"),
    ],
)
def test_block_mistakes(answer, word):
    assert_hint(word, "03.5", answer)


def test_hint_for_no_model_speaks_of_this_lesson():
    for name in ("03.1", "03.2", "03.3", "03.4", "03.6"):
        rest = {"03.2": (WORDS,), "03.4": (desk(), BODIES), "03.6": (TICKETS, TRUTH)}.get(name, ())
        assert_hint("keras.Model(ইনপুট, আউটপুট)", name, 7, *rest)


def test_block_blank():
    def residual_block(x, units): ...

    assert grade("03.5", residual_block).status == "blank"


# --- 03.6 -------------------------------------------------------------------------------

RNG = np.random.default_rng(2)
TRUTH = {
    "priority": RNG.integers(0, 2, (200, 1)).astype("float32"),
    "department": np.eye(6, dtype="float32")[RNG.integers(0, 6, 200)],
}
TICKETS = {
    "title": np.zeros((200, WORDS), "float32"),
    "body": np.zeros((200, WORDS), "float32"),
    # The tags tell both answers, so a model with set weights is as good as one likes.
    "tags": np.hstack([TRUTH["department"], TRUTH["priority"], np.zeros((200, 5), "float32")]),
}
FLAGS = {0.9: 9, 0.7: 10, 0.01: 11}  # columns that mark the tickets to be wrong about
for share, column in FLAGS.items():
    TICKETS["tags"][:, column] = np.arange(200) / 200 >= share


def oracle(as_list=False, ends=None, department=1.0, priority=1.0, wide=1, shared=True):
    """A desk whose answers are right for a share of the tickets."""
    doors = {name: keras.Input((TICKETS[name].shape[1],), name=name) for name in TICKETS}
    reader = layers.Dense(wide)
    words = [
        reader(doors["title"]),
        (reader if shared else layers.Dense(wide))(doors["body"]),
    ]
    x = layers.Concatenate()([*words, doors["tags"]])
    urgent, desk_ = layers.Dense(1, name="priority"), layers.Dense(6, ends, name="department")
    answers = {"priority": urgent(x), "department": desk_(x)}
    model = keras.Model(doors, list(answers.values()) if as_list else answers)
    first = 2 * wide
    w, b = urgent.get_weights()
    w[:], b[:] = 0, -1
    w[first + 6] = 2
    if priority < 1:
        w[first + FLAGS[priority]] = -1e3
    urgent.set_weights([w, b])
    w, b = desk_.get_weights()
    w[:], b[:] = 0, 0
    w[first : first + 6] = 9 * np.eye(6)
    if department < 1:
        w[first + FLAGS[department], 0] = 1e3
    desk_.set_weights([w, b])
    return model


@pytest.mark.parametrize(
    "options", [{}, {"as_list": True}, {"department": 0.9}, {"shared": False, "wide": 30}]
)
def test_own_desk_right(options):
    assert_right("03.6", oracle(**options), TICKETS, TRUTH)


@pytest.mark.parametrize(
    ("options", "word"),
    [
        ({"ends": "softmax"}, "সম্ভাবনা"),
        ({"department": 0.7}, "লক্ষ্য ৮৫%"),
        ({"department": 0.01}, "fit"),
        ({"priority": 0.01}, "লক্ষ্য ৮০%"),
        ({"wide": 2000}, "৬০,০০০"),
    ],
)
def test_own_desk_mistakes(options, word):
    assert_hint(word, "03.6", oracle(**options), TICKETS, TRUTH)


def test_own_desk_of_another_build():
    assert_hint("ইনপুট হওয়ার কথা", "03.6", quick(), TICKETS, TRUTH)
    assert_hint("Sequential", "03.6", keras.Sequential([keras.Input((12,)), layers.Dense(6)]), TICKETS, TRUTH)  # fmt: skip
    doors = {name: keras.Input((array.shape[1],), name=name) for name, array in TICKETS.items()}
    joined = layers.Concatenate()(list(doors.values()))
    only_one = keras.Model(doors, layers.Dense(6)(joined))
    assert_hint("দুটো আউটপুট", "03.6", only_one, TICKETS, TRUTH)


# --- all --------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["03.1", "03.2", "03.3", "03.4", "03.5", "03.6"])
def test_blanks_and_nonsense(name, whole):
    rest = {"03.2": (WORDS,), "03.4": (whole, BODIES), "03.6": (TICKETS, TRUTH)}.get(name, ())
    assert grade(name, ..., *rest).status == "blank"
    for answer in nonsense():
        verdict = grade(name, answer, *rest)
        assert verdict.status in ("wrong", "blank"), (answer, verdict)
        assert verdict.text.endswith("।")
