"""Transfer learning's recipes side by side on the real flowers: python benchmarks/transfer.py

    KERAS_BANGLA_DATA=FOLDER KERAS_BANGLA_OFFLINE=1 python benchmarks/transfer.py

FOLDER holds flowers/ and weights/. Compared are, with the real MobileNetV2 (192 pixels) and
with the embedded one (96 pixels): the classic lab's recipe (frozen, Flatten, pixels in [0, 1],
10 epochs), lesson 04's frozen backbone trained through, its features computed once, and its
fine-tuning. Accuracy is that of the validation pictures after the last epoch, never of the
best one; every row runs once for each seed. Lesson 04's code stands in the lesson; what is
repeated here follows it line by line. `--quick` shortens everything, `--sample` takes the
embedded pictures instead, whatever the folder holds.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("KERAS_BACKEND", "tensorflow")
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import keras
import numpy as np
import tensorflow as tf
from keras import layers

from helpers import datasets, weights

BATCH, FIRST_OPEN, PEAK = 25, "block_6_expand", 4e-4


@dataclass(frozen=True)
class Result:
    accuracy: float
    on_training: float  # accuracy, for the gap
    seconds: float
    trained: int  # parameters
    cpu_seconds: float = 0.0


@dataclass(frozen=True)
class Setting:
    """What a row is measured with: weights, pictures of both splits, and how long to train."""

    found: weights.Weights
    train: tf.data.Dataset
    val: tf.data.Dataset
    quick: bool

    def epochs(self, full: int) -> int:
        return min(full, 2) if self.quick else full

    @property
    def size(self) -> int:
        return self.found.image_size

    def batches(self) -> tuple[tf.data.Dataset, tf.data.Dataset]:
        train = self.train.cache().shuffle(500).batch(BATCH, drop_remainder=True).prefetch(2)
        return train, self.val.batch(BATCH).cache()

    def backbone(self) -> keras.Model:
        base = keras.applications.MobileNetV2(
            input_shape=(self.size, self.size, 3),
            alpha=self.found.alpha,
            include_top=False,
            weights=self.found.path,
        )
        base.trainable = False
        return base


def compiled(model: keras.Model, rate) -> keras.Model:
    model.compile(
        keras.optimizers.Adam(rate),
        keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        metrics=["accuracy"],
    )
    return model


def result(model: keras.Model, history, began: float) -> Result:
    trained = sum(int(np.prod(weight.shape)) for weight in model.trainable_weights)
    values = history.history
    return Result(
        values["val_accuracy"][-1], values["accuracy"][-1], time.perf_counter() - began, trained
    )


def on_pictures(
    setting: Setting, *middle: layers.Layer, scale=1 / 127.5, offset=-1.0
) -> keras.Model:
    size = setting.size
    return keras.Sequential(
        [
            keras.Input((size, size, 3), dtype="uint8"),
            layers.Rescaling(scale, offset=offset),
            *middle,
        ]
    )


def one_layer_model(setting: Setting) -> keras.Model:
    return on_pictures(setting, layers.Flatten(), layers.Dense(5))


def scratch_model(setting: Setting) -> keras.Model:
    convolutions = [layers.Conv2D(n, 3, strides=2, activation="relu") for n in (16, 32, 64)]
    return on_pictures(setting, *convolutions, layers.GlobalAveragePooling2D(), layers.Dense(5))


def frozen_model(setting: Setting) -> keras.Model:
    return on_pictures(
        setting, setting.backbone(), layers.GlobalAveragePooling2D(), layers.Dense(5)
    )


# --- the rows ---------------------------------------------------------------------------


def one_layer(setting: Setting) -> Result:
    began = time.perf_counter()
    train, val = setting.batches()
    model = compiled(one_layer_model(setting), 1e-4)
    history = model.fit(
        train, validation_data=val, epochs=setting.epochs(6), shuffle=False, verbose=0
    )
    return result(model, history, began)


def from_scratch(setting: Setting) -> Result:
    began = time.perf_counter()
    train, val = setting.batches()
    model = scratch_model(setting)
    history = compiled(model, 2e-3).fit(
        train, validation_data=val, epochs=setting.epochs(8), shuffle=False, verbose=0
    )
    return result(model, history, began)


def classic_lab(setting: Setting) -> Result:
    """Frozen, Flatten, pixels in [0, 1], ten epochs: as the first 'Keras on TPU' lab has it."""
    began = time.perf_counter()
    train, val = setting.batches()
    model = on_pictures(
        setting, setting.backbone(), layers.Flatten(), layers.Dense(5), scale=1 / 255, offset=0.0
    )
    history = compiled(model, 1e-3).fit(
        train, validation_data=val, epochs=setting.epochs(10), shuffle=False, verbose=0
    )
    return result(model, history, began)


def frozen(setting: Setting) -> Result:
    """Through the frozen backbone in every epoch."""
    began = time.perf_counter()
    train, val = setting.batches()
    model = frozen_model(setting)
    history = compiled(model, 1e-3).fit(
        train, validation_data=val, epochs=setting.epochs(10), shuffle=False, verbose=0
    )
    return result(model, history, began)


def look(base: keras.Model, data: tf.data.Dataset, scale=1 / 127.5, offset=-1.0):
    looker = keras.Sequential([keras.Input(base.input_shape[1:]), base])
    maps, labels = [], []
    for images, numbers in data.batch(BATCH).prefetch(2).as_numpy_iterator():
        pixels = images * np.float32(scale) + np.float32(offset)
        maps.append(np.float16(looker.predict_on_batch(pixels)))
        labels.append(numbers)
    return np.concatenate(maps), np.concatenate(labels)


def pooled(base: keras.Model, data: tf.data.Dataset, scale=1 / 127.5, offset=-1.0):
    maps, labels = look(base, data, scale, offset)
    return maps.astype("float32").mean(axis=(1, 2)), labels


def fit_head(epochs: int, known, labels, held, *middle: layers.Layer):
    """(the head, its history); `middle` comes before the layer of logits."""
    head = keras.Sequential([keras.Input(known.shape[1:]), *middle, layers.Dense(5)])
    compiled(head, keras.optimizers.schedules.CosineDecay(2e-3, epochs * -(-len(labels) // BATCH)))
    history = head.fit(
        known, labels, batch_size=BATCH, epochs=epochs, validation_data=held, verbose=0
    )
    return head, history


def cached(setting: Setting, scale=1 / 127.5, offset=-1.0) -> Result:
    """The features computed once, then thirty epochs of the head alone."""
    began = time.perf_counter()
    base = setting.backbone()
    known, labels = pooled(base, setting.train, scale, offset)
    held = pooled(base, setting.val, scale, offset)
    head, history = fit_head(setting.epochs(30), known, labels, held, layers.Dropout(0.5))
    return result(head, history, began)


def cached_01(setting: Setting) -> Result:
    return cached(setting, 1 / 255, 0.0)


def cached_flatten(setting: Setting) -> Result:
    began = time.perf_counter()
    base = setting.backbone()
    known, labels = look(base, setting.train)
    held = look(base, setting.val)
    head, history = fit_head(setting.epochs(30), known, labels, held, layers.Flatten())
    return result(head, history, began)


def augmenter(size: int) -> Callable:
    def augment(image, label):
        image = tf.image.random_flip_left_right(image)
        side = tf.cast(tf.random.uniform([], 0.55, 1.0) * size, tf.int32)
        image = tf.image.random_crop(image, (side, side, 3))
        image = tf.image.resize(image, (size, size))
        image = tf.image.random_brightness(image, 20.0)
        image = tf.image.random_contrast(image, 0.8, 1.25)
        return tf.cast(tf.clip_by_value(image, 0, 255), tf.uint8), label

    return augment


def tuned(setting: Setting, free_norms: bool = False) -> Result:
    """Head on cached features with augmentation, then the top of the backbone too."""
    began = time.perf_counter()
    augment = augmenter(setting.size)
    base = setting.backbone()
    plain = pooled(base, setting.train)
    more = pooled(base, setting.train.repeat(2).map(augment, num_parallel_calls=2))
    known, labels = (np.concatenate(pair) for pair in zip(plain, more, strict=True))
    head, _ = fit_head(
        setting.epochs(20), known, labels, pooled(base, setting.val), layers.Dropout(0.5)
    )
    base.trainable = True
    opened = False
    for layer in base.layers:
        opened = opened or layer.name == FIRST_OPEN
        norm = isinstance(layer, layers.BatchNormalization)
        layer.trainable = opened and (free_norms or not norm)
    train = (
        setting.train.cache()
        .shuffle(500)
        .map(augment, num_parallel_calls=tf.data.AUTOTUNE)
        .batch(BATCH, drop_remainder=True)
        .prefetch(2)
    )
    epochs = setting.epochs(12)
    rate = keras.optimizers.schedules.CosineDecay(
        initial_learning_rate=PEAK / 20,
        warmup_target=PEAK,
        warmup_steps=len(train),
        decay_steps=(epochs - 1) * len(train),
    )
    # `training=False` as the books have it; with free_norms it is all that holds them back.
    entry = keras.Input((setting.size, setting.size, 3), dtype="uint8")
    maps = base(layers.Rescaling(1 / 127.5, offset=-1)(entry), training=False)
    model = keras.Model(entry, head(layers.GlobalAveragePooling2D()(maps)))
    history = compiled(model, rate).fit(
        train, validation_data=setting.batches()[1], epochs=epochs, shuffle=False, verbose=0
    )
    return result(model, history, began)


def tuned_by_the_book(setting: Setting) -> Result:
    """As `tuned`, but trusting `base(x, training=False)` alone: Keras 3.13 to 3.15 ignore it."""
    return tuned(setting, free_norms=True)


ROWS: dict[str, Callable[[Setting], Result]] = {
    "one layer": one_layer,
    "small convnet from scratch": from_scratch,
    "classic lab: Flatten, [0, 1]": classic_lab,
    "frozen, through the backbone": frozen,
    "cached features, Flatten": cached_flatten,
    "cached features, [0, 1]": cached_01,
    "cached features": cached,
    "fine-tuned": tuned,
    "fine-tuned, norms not frozen": tuned_by_the_book,
}


# --- the table --------------------------------------------------------------------------


def embedded() -> weights.Weights:
    path = datasets.EMBEDDED / "weights" / "mobilenet_v2_0.5_96_flowers.weights.h5"
    return weights.Weights(str(path), alpha=0.5, image_size=96, real=False)


def pictures(size: int, sample: bool, quick: bool) -> list[tf.data.Dataset]:
    kept = os.environ.pop("KERAS_BANGLA_DATA", None) if sample else None
    sets = [datasets.flowers(split, image_size=size) for split in ("train", "validation")]
    if kept:
        os.environ["KERAS_BANGLA_DATA"] = kept
    return [data.take(100) for data in sets] if quick else sets


def table(title: str, rows: Sequence[str], setting: Setting, seeds: int) -> None:
    print(f"\n### {title}: {len(setting.train)} + {len(setting.val)} pictures\n")
    print("| recipe | mean | seeds | on training | seconds | CPU seconds | trained parameters |")
    print("|:--|--:|:--|--:|--:|--:|--:|", flush=True)
    for name in rows:
        found = []
        for seed in range(seeds):
            keras.backend.clear_session()
            keras.utils.set_random_seed(seed)
            used = time.process_time()
            one = ROWS[name](setting)
            found.append(replace(one, cpu_seconds=time.process_time() - used))
        shares = [one.accuracy for one in found]
        each = " ".join(f"{share:.3f}" for share in shares)
        seconds = statistics.median(one.seconds for one in found)
        used = statistics.median(one.cpu_seconds for one in found)
        known = statistics.mean(one.on_training for one in found)
        print(
            f"| {name} | {statistics.mean(shares):.3f} | {each} | {known:.3f} | {seconds:.0f} "
            f"| {used:.0f} | {found[0].trained:,} |",
            flush=True,
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="few pictures, two epochs")
    parser.add_argument("--sample", action="store_true", help="the embedded pictures")
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--rows", nargs="*", choices=list(ROWS), default=list(ROWS))
    parser.add_argument("--weights", choices=["real", "embedded", "both"], default="both")
    arguments = parser.parse_args()
    print(
        f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, Keras {keras.version()} on "
        f"{keras.config.backend()}"
    )
    chosen = []
    if arguments.weights != "embedded":
        chosen.append(("real weights", weights.mobilenet_v2()))
        if not chosen[0][1].real:
            print("no real weights found: only the embedded ones are measured")
            chosen.clear()
    if arguments.weights != "real" or not chosen:
        chosen.append(("embedded weights", embedded()))
    for title, found in chosen:
        train, val = pictures(found.image_size, arguments.sample, arguments.quick)
        setting = Setting(found, train, val, arguments.quick)
        table(title, arguments.rows, setting, arguments.seeds)
    print(f"\nload {os.getloadavg()[0]:.1f} at the end")


if __name__ == "__main__":
    main()
