"""Checks of lesson 04: the blank, the solution, other right answers, mistakes, nonsense."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from conftest import assert_hint, assert_right, raises
from keras import layers
from test_check_01 import nonsense

from helpers.check import grade
from helpers.datasets import FLOWER_NAMES_BN as NAMES
from helpers.datasets import read_picture

# --- 04.1 -------------------------------------------------------------------------------

FLATTEN, POOLING = 627_210, 12_810


@pytest.mark.parametrize(
    "answer",
    [
        (FLATTEN, POOLING),
        (7 * 7 * 1280 * 10 + 10, 1280 * 10 + 10),
        (np.int64(FLATTEN), float(POOLING)),
        (
            keras.Sequential([keras.Input((62720,)), layers.Dense(10)]).count_params(),
            keras.Sequential([keras.Input((1280,)), layers.Dense(10)]).count_params(),
        ),
    ],
)
def test_two_heads_right(answer):
    assert_right("04.1", *answer)


@pytest.mark.parametrize(
    ("answer", "word"),
    [
        ((POOLING, FLATTEN), "অদলবদল"),
        ((FLATTEN - 10, POOLING), "বায়াস"),
        ((FLATTEN, POOLING - 10), "বায়াস"),
        ((7 * 1280 * 10 + 10, POOLING), "৭ সারি"),
        ((FLATTEN, FLATTEN), "সব ঘর"),
        ((7 * 7 * 1280 * 5 + 5, 6405), "পাঁচ রকম"),
        ((FLATTEN, 1280), "মিলছে না"),
        (([FLATTEN], POOLING), "একটামাত্র"),
        (("অনেক", POOLING), "সংখ্যা"),
    ],
)
def test_two_heads_mistakes(answer, word):
    assert_hint(word, "04.1", *answer)


# --- 04.2 -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "answer",
    [
        lambda pixels: pixels / 127.5 - 1,
        lambda pixels: pixels.astype("float32") / 255 * 2 - 1,
        lambda pixels: (pixels.astype("float64") - 127.5) / 127.5,
        layers.Rescaling(1 / 127.5, offset=-1),
        lambda pixels: keras.applications.mobilenet_v2.preprocess_input(pixels.astype("float32")),
        lambda pixels: tf.cast(pixels, tf.float32) / 127.5 - 1,
    ],
)
def test_scale_right(answer):
    assert_right("04.2", answer)


def in_place(pixels):
    pixels //= 2
    return pixels


@pytest.mark.parametrize(
    ("answer", "word"),
    [
        (lambda pixels: pixels / 255, "[0, 1]"),
        (lambda pixels: pixels / 255 - 1, "-১ থেকে ০"),
        (lambda pixels: pixels / 255 - 0.5, "দ্বিগুণ"),
        (lambda pixels: pixels / 127.5, "১ বিয়োগ করা বাকি"),
        (lambda pixels: (pixels - np.uint8(128)) / 127.5 - 1, "ঘুরে"),
        (lambda pixels: (pixels // 127).astype("uint8") - np.uint8(1), "দশমিক"),
        (lambda pixels: (pixels / 127.5 - 1).ravel(), "শেপ"),
        (lambda pixels: (pixels - pixels.mean()) / pixels.std(), "সবচেয়ে ছোট"),
        (lambda pixels: (pixels - pixels.min()) / (np.ptp(pixels) + 1e-9) * 2.0 - 1, "ছাই রঙের"),
        (lambda pixels: np.sign(pixels / 127.5 - 1) * (pixels / 127.5 - 1) ** 2, "সমান দূরে"),
        (in_place, "আসল ছবিটাই"),
        (lambda pixels: print(end=""), "return"),
        (raises, "এরর"),
        (3, "ফাংশন লাগবে"),
    ],
)
def test_scale_mistakes(answer, word):
    assert_hint(word, "04.2", answer)


# --- 04.3 -------------------------------------------------------------------------------


def backbone(frozen=True):
    tiny = keras.Sequential(
        [
            keras.Input((32, 32, 3)),
            layers.Conv2D(8, 3, strides=2, activation="relu"),
            layers.Conv2D(16, 3, strides=2, activation="relu"),
        ]
    )
    tiny.trainable = not frozen
    return tiny


def headed(tiny, *top, size=32):
    return keras.Sequential([keras.Input((size, size, 3)), tiny, *top]), tiny


def head(drop=0.2, units=3, activation=None):
    return (
        layers.GlobalAveragePooling2D(),
        layers.Dropout(drop),
        layers.Dense(units, activation=activation),
    )


def functional(tiny):
    entry = keras.Input((32, 32, 3))
    x = layers.GlobalAveragePooling2D()(tiny(entry, training=False))
    return keras.Model(entry, layers.Dense(3)(layers.Dropout(0.2)(x))), tiny


def unrolled(tiny):
    """The backbone's layers one by one."""
    return keras.Sequential([keras.Input((32, 32, 3)), *tiny.layers, *head()]), tiny


def head_as_model(tiny):
    return headed(tiny, keras.Sequential([keras.Input((7, 7, 16)), *head()]))


@pytest.mark.parametrize(
    "make",
    [lambda tiny: headed(tiny, *head()), functional, unrolled, head_as_model],
)
def test_own_head_right(make):
    assert_right("04.3", *make(backbone()))


def all_frozen(tiny):
    model, tiny = headed(tiny, *head())
    model.trainable = False
    return model, tiny


@pytest.mark.parametrize(
    ("make", "word"),
    [
        (lambda tiny: headed(backbone(frozen=False), *head()), "ফ্রিজ হয়নি"),
        (all_frozen, "মাথাও"),
        (lambda tiny: headed(tiny, *head(activation="softmax")), "সফটম্যাক্স"),
        (lambda tiny: headed(tiny, *head(activation="relu")), "relu"),
        (lambda tiny: headed(tiny, *head(units=5)), "৩টা লজিট"),
        (lambda tiny: headed(tiny, *head(drop=0.5)), "0.2"),
        (
            lambda tiny: headed(tiny, layers.Flatten(), layers.Dropout(0.2), layers.Dense(3)),
            "Flatten",
        ),
        (
            lambda tiny: headed(tiny, layers.GlobalMaxPooling2D(), layers.Dropout(0.2), layers.Dense(3)),
            "গড়",
        ),
        (lambda tiny: headed(tiny, layers.GlobalAveragePooling2D(), layers.Dense(3)), "ড্রপআউট নেই"),
        (
            lambda tiny: headed(
                tiny, layers.GlobalAveragePooling2D(), layers.Dropout(0.2), layers.Dense(8), layers.Dense(3)
            ),
            "একটাই",
        ),
        (lambda tiny: (headed(backbone(), *head())[0], tiny), "ব্যাকবোনটা নেই"),
        (lambda tiny: (tiny, tiny), "শুধু ব্যাকবোন"),
        (lambda tiny: (keras.Sequential(), tiny), "খালি"),
        (lambda tiny: (keras.Sequential([*head()]), tiny), "build"),
        (lambda tiny: ("মডেল", tiny), "Keras মডেল"),
        (lambda tiny: (headed(tiny, *head())[0], None), "যেমন দেওয়া ছিল"),
    ],
)  # fmt: skip
def test_own_head_mistakes(make, word):
    assert_hint(word, "04.3", *make(backbone()))


# --- 04.4 -------------------------------------------------------------------------------


def flip_and_colour(image, label, low=0.5, high=1.5):
    image = tf.image.random_flip_left_right(image)
    return tf.image.random_saturation(image, low, high), label


def in_floats(image, label):
    image = tf.image.random_flip_left_right(tf.cast(image, tf.float32) / 255)
    image = tf.clip_by_value(tf.image.random_saturation(image, 0.5, 1.5), 0, 1)
    return tf.cast(image * 255, tf.uint8), label


def by_hand(image, label):
    image = tf.cond(tf.random.uniform([]) < 0.5, lambda: tf.reverse(image, [1]), lambda: image)
    return tf.image.adjust_saturation(image, tf.random.uniform([], 0.5, 1.5)), label


@pytest.mark.parametrize("answer", [flip_and_colour, in_floats, by_hand])
def test_augment_right(answer):
    assert_right("04.4", answer)


@pytest.mark.parametrize(
    ("answer", "word"),
    [
        (lambda image, label: (image, label), "হুবহু একই"),
        (lambda image, label: (tf.image.flip_left_right(image), label), "হুবহু একই"),
        (lambda image, label: (tf.image.random_flip_left_right(image), label), "তীব্রতা বদলাচ্ছে না"),
        (lambda image, label: (tf.image.random_saturation(image, 0.5, 1.5), label), "একবারও"),
        (
            lambda image, label: flip_and_colour(tf.image.random_flip_up_down(image), label),
            "উপর-নিচ",
        ),
        (lambda image, label: flip_and_colour(image, label, 0.99, 1.0), "তীব্রতা"),
        (lambda image, label: flip_and_colour(image, label, 0.3, 0.6), "এক দিকে"),
        (lambda image, label: flip_and_colour(image, label)[0], "দুটি জিনিস"),
        (lambda image, label: (flip_and_colour(image, label)[0], label + 1), "লেবেল"),
        (lambda image, label: (flip_and_colour(image, label)[0][:8], label), "শেপ"),
        (
            lambda image, label: flip_and_colour(tf.cast(image, tf.float32) / 255, label),
            "০ থেকে ১",
        ),
        (
            lambda image, label: (
                tf.cast(flip_and_colour(image, label)[0], tf.float32) - 128,
                label,
            ),
            "বাইরে",
        ),
        (lambda image, label: (np.asarray(image.numpy())[:, ::-1], label), "map"),
        (lambda image, label: print(end=""), "return"),
        (raises, "এরর"),
        (5, "ফাংশন লাগবে"),
    ],
)
def test_augment_mistakes(answer, word):
    assert_hint(word, "04.4", answer)


# --- 04.5 -------------------------------------------------------------------------------


def make_toy():
    toy = keras.Sequential([keras.Input((16, 16, 3))], name="toy")
    for number in range(1, 5):
        toy.add(layers.Conv2D(4, 3, padding="same", name=f"conv{number}"))
        toy.add(layers.BatchNormalization(name=f"norm{number}"))
    toy.trainable = False
    return toy


def opening(choose, whole=True):
    def answer(toy):
        toy.trainable = whole
        for layer in toy.layers:
            layer.trainable = choose(layer)
        if not whole:
            toy.trainable = False
        return toy

    return answer


def with_loop(toy):
    toy.trainable = True
    opened = False
    for layer in toy.layers:
        opened = opened or layer.name == "conv3"
        layer.trainable = opened and not isinstance(layer, layers.BatchNormalization)
    return toy


def one_by_one(toy):
    toy.trainable = True
    for name in ("conv1", "conv2", "norm1", "norm2", "norm3", "norm4"):
        toy.get_layer(name).trainable = False
    return toy


@pytest.mark.parametrize(
    "answer", [opening(lambda layer: layer.name in ("conv3", "conv4")), with_loop, one_by_one]
)
def test_open_half_right(answer):
    assert_right("04.5", answer, make_toy)


def everything(toy):
    toy.trainable = True
    return toy


def only_one_list(toy):
    for layer in toy.layers:
        layer.trainable = layer.name in ("conv3", "conv4")
    toy._trainable = False
    return toy


@pytest.mark.parametrize(
    ("answer", "word"),
    [
        (everything, "সব কনভলিউশন"),
        (lambda toy: toy, "কিছুই খোলেনি"),
        (opening(lambda layer: layer.name[-1] in "34"), "norm3"),
        (opening(lambda layer: layer.name == "conv4"), "conv3"),
        (opening(lambda layer: layer.name == "conv3"), "conv4"),
        (opening(lambda layer: layer.name in ("conv2", "conv3", "conv4")), "খোলা থাকার কথা"),
        (lambda toy: everything(toy) and None, "return"),
        (lambda toy: keras.Sequential([keras.Input((3,)), layers.Dense(1)]), "toy"),
        (lambda toy: toy.layers, "মডেলটাই"),
        (raises, "এরর"),
        ("conv3", "ফাংশন লাগবে"),
    ],
)
def test_open_half_mistakes(answer, word):
    assert_hint(word, "04.5", answer, make_toy)


# --- 04.6 -------------------------------------------------------------------------------

SIZE = 24


@pytest.fixture(scope="module")
def flower_model():
    """A model that tells colours apart, fed with plain pixels."""
    keras.utils.set_random_seed(3)
    model = keras.Sequential(
        [
            keras.Input((SIZE, SIZE, 3), dtype="uint8"),
            layers.Rescaling(1 / 127.5, offset=-1),
            layers.Flatten(),
            layers.Dense(5),
        ]
    )
    kernel = np.random.default_rng(1).normal(0, 0.08, (SIZE * SIZE * 3, 5))
    model.layers[-1].set_weights([kernel, np.zeros(5)])
    return model


def namer(model, read=lambda path: read_picture(path, size=SIZE), prepare=lambda picture: picture):
    def answer(path):
        logits = model.predict(prepare(read(path))[np.newaxis], verbose=0)
        shares = np.array(keras.ops.softmax(logits))[0]
        best = int(shares.argmax())
        return NAMES[best], float(shares[best])

    return answer


def by_call(model):
    def answer(path):
        logits = keras.ops.convert_to_numpy(model(read_picture(path, SIZE)[None]))[0]
        shares = np.exp(logits - logits.max())
        shares /= shares.sum()
        return [NAMES[shares.argmax()], shares.max()]

    return answer


def with_pillow(model):
    from PIL import Image, ImageOps

    def read(path):
        picture = ImageOps.exif_transpose(Image.open(path)).convert("RGB")
        return np.asarray(ImageOps.fit(picture, (SIZE, SIZE), Image.Resampling.LANCZOS))

    return namer(model, read)


@pytest.mark.parametrize("make", [namer, by_call, with_pillow])
def test_name_flower_right(make, flower_model):
    assert_right("04.6", make(flower_model), flower_model, NAMES)


def changed(make):
    """An answer whose result is spoilt by `make(name, probability)`."""
    return lambda model: lambda path: make(*namer(model)(path))


@pytest.mark.parametrize(
    ("make", "word"),
    [
        (changed(lambda name, share: (share, name)), "আগে নাম"),
        (changed(lambda name, share: name), "দুটি জিনিস"),
        (changed(lambda name, share: (NAMES.index(name), share)), "NAMES[...]"),
        (changed(lambda name, share: ("rose", share)), "পাঁচ নামের"),
        (changed(lambda name, share: (name, np.array([share]))), "অ্যারের ভেতরে"),
        (changed(lambda name, share: (name, [share] * 5)), "একটামাত্র"),
        (changed(lambda name, share: (name, 7.3)), "সফটম্যাক্স"),
        (changed(lambda name, share: (name, share / 3)), "কাছাকাছি"),
        (changed(lambda name, share: (NAMES[NAMES.index(name) - 1], share)), "মডেল বলছে"),
        (lambda model: namer(model, read=lambda path: read_picture(path)), "এরর"),
        (lambda model: lambda path: print(end=""), "return"),
        (lambda model: raises, "এরর"),
        (lambda model: "গোলাপ", "ফাংশন লাগবে"),
    ],
)
def test_name_flower_mistakes(make, word, flower_model):
    assert_hint(word, "04.6", make(flower_model), flower_model, NAMES)


def test_name_flower_knows_a_twice_scaled_picture(flower_model):
    answer = namer(flower_model, prepare=lambda picture: picture / 127.5 - 1)
    assert grade("04.6", answer, flower_model, NAMES).status == "wrong"


# --- blanks and nonsense ----------------------------------------------------------------


def blank(*_): ...


@pytest.mark.parametrize(
    ("name", "answers"),
    [
        ("04.1", (..., ...)),
        ("04.2", (blank,)),
        ("04.3", (..., None)),
        ("04.4", (blank,)),
        ("04.5", (blank, make_toy)),
        ("04.6", (blank, keras.Sequential([keras.Input((8, 8, 3)), layers.Flatten(), layers.Dense(5)]), NAMES)),
    ],
)  # fmt: skip
def test_blank(name, answers):
    assert grade(name, *answers).status == "blank"


@pytest.mark.parametrize("name", ["04.1", "04.2", "04.3", "04.4", "04.5", "04.6"])
def test_nonsense_never_crashes(name, flower_model):
    more = {
        "04.1": (7,), "04.3": (backbone(),), "04.5": (make_toy,), "04.6": (flower_model, NAMES)
    }.get(name, ())  # fmt: skip
    for answer in nonsense():
        assert grade(name, answer, *more).status == "wrong", answer
