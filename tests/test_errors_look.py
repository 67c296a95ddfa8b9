"""Mistakes that raise nothing: each is made and found, and a good model raises no alarm.

That no model of a lesson does is seen while the solutions run, in test_notebooks.py.
"""

import keras
import numpy as np
import pytest
from keras import layers

from helpers import errors
from helpers._look import findings

RNG = np.random.default_rng(0)
X = RNG.random((64, 8), dtype="float32")
Y = np.arange(64) % 4
SPARSE = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
SILENT = {entry.id for entry in errors.entries() if entry.silent}


def build(*tail, shape=(8,), loss=SPARSE, metrics=None, rate=0.01):
    model = keras.Sequential([keras.Input(shape), *tail])
    model.compile(keras.optimizers.SGD(rate), loss, metrics=metrics)
    return model


def good():
    return build(layers.Dense(16, activation="relu"), layers.Dense(4), metrics=["accuracy"])


def softmax_logits():
    return build(layers.Dense(4, activation="softmax")), (X, Y)


def logits_as_probabilities():
    return build(layers.Dense(4), loss="sparse_categorical_crossentropy"), (X, Y)


def one_softmax():
    model = build(layers.Dense(1, activation="softmax"), loss="binary_crossentropy")
    return model, (X, (Y > 1).astype("float32")[:, None])


def label_range():
    return build(layers.Dense(3)), (X, Y)


def mse_broadcast():
    return build(layers.Dense(4), loss="mse"), (X, Y[:, None])


def no_flatten():
    model = build(layers.Conv2D(4, 3), layers.Dense(1), shape=(6, 6, 1), loss="mse")
    return model, (RNG.random((16, 6, 6, 1)), Y[:16] * 1.0)


def logit_accuracy():
    loss = keras.losses.BinaryCrossentropy(from_logits=True)
    return build(layers.Dense(1), loss=loss, metrics=["accuracy"]), (X, (Y > 1) * 1.0)


def old_stride():
    model = build(layers.Conv2D(4, 3, 3), layers.Flatten(), layers.Dense(4), shape=(12, 12, 1))
    return model, (RNG.random((16, 12, 12, 1)), Y[:16])


def opt_lr():
    model = good()
    model.optimizer.lr = 0.5
    return model, (X, Y)


def pixels_big():
    model = build(layers.Flatten(), layers.Dense(4), shape=(6, 6))
    return model, (RNG.integers(0, 256, (32, 6, 6)), Y[:32])


def pixels_pretrained():
    base = keras.applications.MobileNetV2(
        weights=None, include_top=False, input_shape=(32, 32, 3), pooling="avg", alpha=0.35
    )
    return build(base, layers.Dense(4), shape=(32, 32, 3)), (RNG.random((4, 32, 32, 3)), Y[:4])


def nan_data():
    bad = X.copy()
    bad[3, 3] = np.nan
    return good(), (bad, Y)


def nan_weights():
    model = build(layers.Dense(16), layers.Dense(4, name="last"), rate=1e30)
    model.fit(X * 1e5, Y, epochs=3, verbose=0)
    return model, (X, Y)


def frozen_metric():
    model = build(layers.Dense(4), metrics=["accuracy"], rate=0.0)
    model.fit(X, Y, epochs=3, shuffle=False, verbose=0)
    return model, (X, Y)


def chance():
    model = build(layers.Dense(4, kernel_initializer="zeros"), rate=0.0)
    model.fit(X, Y, epochs=30, verbose=0)
    return model, (X, Y)


def nothing_trains():
    model = good()
    model.trainable = False
    return model, (X, Y)


def not_recompiled():
    model = build(layers.Dense(16, trainable=False), layers.Dense(4))
    model.fit(X, Y, verbose=0)
    model.layers[0].trainable = True
    return model, (X, Y)


def validation_leak():
    return good(), (X, Y), (X[10:30], Y[10:30])


MISTAKES = {
    "silent_" + made.__name__: made
    for made in (
        softmax_logits, logits_as_probabilities, one_softmax, label_range, mse_broadcast,
        no_flatten, logit_accuracy, old_stride, opt_lr, pixels_big, pixels_pretrained, nan_data,
        nan_weights, frozen_metric, chance, nothing_trains, not_recompiled, validation_leak,
    )
}  # fmt: skip


def test_every_silent_mistake_is_made():
    assert set(MISTAKES) == SILENT


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_found(name):
    found = findings(*MISTAKES[name]())
    assert name in [one for one, _ in found], found


@pytest.mark.parametrize("name", MISTAKES)
def test_what_is_said(name, monkeypatch):
    said = []
    monkeypatch.setattr(errors, "show", lambda *told: said.extend(told))
    errors.look(*MISTAKES[name]())
    assert all("{" not in told.what + told.fix for told in said)


def silent(*arguments):
    assert findings(*arguments) == []


def test_good_models_are_left_alone(capsys):
    silent(good(), (X, Y))
    silent(good(), (X, Y), (X[:0], Y[:0]))
    one_hot = np.eye(4)[Y]
    silent(
        build(layers.Dense(4, activation="softmax"), loss="categorical_crossentropy"), (X, one_hot)
    )
    silent(build(layers.Dense(1), loss="mse"), (X, Y))
    silent(build(layers.Dense(4), loss="mse"), (X, one_hot))
    silent(
        build(layers.Dense(4, activation="softmax"), loss="sparse_categorical_crossentropy"), (X, Y)
    )
    loss = keras.losses.BinaryCrossentropy(from_logits=True)
    metric = keras.metrics.BinaryAccuracy("accuracy", threshold=0)
    silent(build(layers.Dense(1), loss=loss, metrics=[metric]), (X, (Y > 1) * 1.0))
    silent(
        build(
            layers.Dense(1, activation="sigmoid"), loss="binary_crossentropy", metrics=["accuracy"]
        ),
        (X, (Y > 1) * 1.0),
    )
    picture_to_picture = build(layers.Conv2D(1, 3, padding="same"), shape=(6, 6, 1), loss="mse")
    pictures = RNG.random((16, 6, 6, 1))
    silent(picture_to_picture, (pictures, pictures))
    each_step = build(layers.Dense(1), shape=(5, 3), loss="mse")
    silent(each_step, (RNG.random((16, 5, 3)), RNG.random((16, 5))))
    thawed, data = not_recompiled()
    thawed.compile(keras.optimizers.SGD(0.01), SPARSE)
    silent(thawed, data)
    thawed.fit(*data, verbose=0)
    silent(thawed, data)
    errors.look(good(), (X, Y))
    assert "চোখে পড়ল না" in capsys.readouterr().out


def test_good_pictures_are_left_alone():
    pixels = RNG.integers(0, 256, (32, 12, 12, 3))
    tail = [layers.Conv2D(4, 3, strides=2), layers.Flatten(), layers.Dense(4)]
    scaled = [layers.Rescaling(1 / 255), *tail]
    silent(build(*scaled, shape=(12, 12, 3)), (pixels, Y[:32]))
    patches = [layers.Rescaling(1 / 255), layers.Conv2D(4, 4, 4), layers.Flatten(), layers.Dense(4)]
    silent(build(*patches, shape=(12, 12, 3)), (pixels, Y[:32]))
    base = keras.applications.MobileNetV2(
        weights=None, include_top=False, input_shape=(32, 32, 3), pooling="avg", alpha=0.35
    )
    base.trainable = False
    model = build(layers.Rescaling(1 / 127.5, offset=-1), base, layers.Dense(4), shape=(32, 32, 3))
    silent(model, (RNG.integers(0, 256, (4, 32, 32, 3)), Y[:4]))
    model = build(base, layers.Dense(4), shape=(32, 32, 3))
    silent(model, (RNG.random((4, 32, 32, 3)) * 2 - 1, Y[:4]))


def test_a_dataset_and_several_answers():
    import tensorflow as tf

    silent(good(), tf.data.Dataset.from_tensor_slices((X, Y)).batch(16))
    entry = keras.Input((8,), name="numbers")
    middle = layers.Dense(8)(entry)
    outputs = {
        "urgent": layers.Dense(1, name="urgent")(middle),
        "kind": layers.Dense(4, name="kind")(middle),
    }
    model = keras.Model({"numbers": entry}, outputs)
    model.compile(
        "sgd", {"urgent": keras.losses.BinaryCrossentropy(from_logits=True), "kind": SPARSE}
    )
    silent(model, ({"numbers": X}, {"urgent": (Y > 1) * 1.0, "kind": Y}))
    model.compile("sgd", {"urgent": "mse", "kind": "sparse_categorical_crossentropy"})
    found = findings(model, ({"numbers": X}, {"urgent": (Y > 1) * 1.0, "kind": Y}))
    assert [name for name, _ in found] == ["silent_logits_as_probabilities"]


def test_it_changes_nothing():
    model = good()
    before = model.get_weights()
    findings(model, (X, Y))
    assert all(np.array_equal(a, b) for a, b in zip(before, model.get_weights(), strict=True))
