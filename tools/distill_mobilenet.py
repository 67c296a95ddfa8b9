"""Trains the embedded MobileNetV2 by distillation: python tools/distill_mobilenet.py [STEPS]

    KERAS_BANGLA_DATA=FOLDER python tools/distill_mobilenet.py 14000

FOLDER holds flowers/ (real photographs) and weights/ (the real MobileNetV2), the teacher. The
student is smaller in everything: alpha 0.5, pictures of 96x96. Both look at the same crop, and
the student learns to answer with the teacher's last feature map, cell by cell, and through the
teacher's flower head with the teacher's probabilities: 'function matching' with a patient
teacher and mixtures of two pictures, Beyer et al. 2022 (arXiv:2106.05237). No weight of the
teacher is copied. The crops and what the teacher says to them are made once, because the
teacher costs more than the student's own step.

The validation fifth of `datasets.flowers` is never trained on. Written are
data/weights/mobilenet_v2_0.5_96_flowers.weights.h5 and, beside it, a card with the figures
of the run.
"""

from __future__ import annotations

import os
import sys
import time
from dataclasses import dataclass
from pathlib import Path

os.environ["KERAS_BACKEND"] = "tensorflow"
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import keras  # noqa: E402
import numpy as np  # noqa: E402
import tensorflow as tf  # noqa: E402

from helpers import datasets, tfrecords  # noqa: E402

ALPHA, SIZE, CLASSES = 0.5, 96, 5
SOURCE, TEACHER_SIZE = 256, 2 * SIZE  # the student sees the teacher's crop at half its size
CELLS = SIZE // 32  # side of the last feature map
CROPS = 24  # of each picture; every second one is mixed with another
BATCH, PEAK_RATE, WARM_UP, DECAY = 64, 2e-3, 500, 0.02
TEMPERATURE, ANSWERS = 2.0, 2.0  # of the probabilities, and their weight beside the features
WEIGHTS = ROOT / "data" / "weights" / "mobilenet_v2_0.5_96_flowers.weights.h5"


def pictures(split: str, size: int) -> tuple[np.ndarray, np.ndarray]:
    """Real pictures of a split, uint8 (n, size, size, 3), and their classes."""
    return _arrays(datasets.flowers(split, size))


def painted(split: str, size: int) -> tuple[np.ndarray, np.ndarray]:
    """The embedded sample's pictures of a split, likewise."""
    shards = sorted((ROOT / "data" / "flowers").glob(f"flowers-{split}-*.tfrec"))
    return _arrays(tfrecords.read(shards, size))


def _arrays(dataset: tf.data.Dataset) -> tuple[np.ndarray, np.ndarray]:
    images, classes = zip(*dataset.as_numpy_iterator(), strict=True)
    return np.stack(images), np.array(classes)


# --- what the teacher says --------------------------------------------------------------


@dataclass(frozen=True)
class Lessons:
    """Crops and the teacher's answers to them.

    Attributes:
        crops: uint8 (n, SIZE, SIZE, 3).
        maps: float16 (n, CELLS, CELLS, 1280), the teacher's feature map, averaged to the
            student's resolution.
        logits: float32 (n, CLASSES), the teacher's flower head on the map's mean.
    """

    crops: np.ndarray
    maps: np.ndarray
    logits: np.ndarray


def random_crop(image: tf.Tensor) -> tf.Tensor:
    """A random part of a picture, in slightly other light, float32 in [0, 255]."""
    area = tf.random.uniform([], 0.3, 1.0)
    stretch = tf.exp(tf.random.uniform([], -0.28, 0.28))
    height = tf.minimum(tf.sqrt(area / stretch), 1.0)
    width = tf.minimum(tf.sqrt(area * stretch), 1.0)
    pixels = tf.cast(tf.stack([height, width]) * SOURCE, tf.int32)
    top = tf.random.uniform([], 0, SOURCE - pixels[0] + 1, tf.int32)
    left = tf.random.uniform([], 0, SOURCE - pixels[1] + 1, tf.int32)
    image = image[top : top + pixels[0], left : left + pixels[1]]
    image = tf.image.resize(image, (TEACHER_SIZE, TEACHER_SIZE), antialias=True)
    image = tf.image.random_flip_left_right(image)
    image = tf.image.random_contrast(image, 0.75, 1.3) + tf.random.uniform([], -25.0, 25.0)
    return tf.clip_by_value(image, 0.0, 255.0)


def ask(teacher: keras.Model, head: keras.Model, images: np.ndarray) -> Lessons:
    """Shows the teacher CROPS crops of every picture; every second one mixed with another."""

    def make(one: tf.Tensor, other: tf.Tensor, mixed: tf.Tensor) -> tf.Tensor:
        share = tf.where(mixed, tf.random.uniform([]), 1.0)
        return tf.round(share * random_crop(one) + (1 - share) * random_crop(other))

    order = np.concatenate([np.random.permutation(len(images)) for _ in range(CROPS)])
    others = np.random.permutation(order)
    mixed = np.arange(len(order)) % 2 == 1
    dataset = (
        tf.data.Dataset.from_tensor_slices((order, others, mixed))
        .map(lambda i, j, m: make(_take(images, i), _take(images, j), m), tf.data.AUTOTUNE)
        .batch(BATCH)
        .prefetch(2)
    )
    crops = np.empty((len(order), SIZE, SIZE, 3), "uint8")
    maps = np.empty((len(order), CELLS, CELLS, 1280), "float16")
    logits = np.empty((len(order), CLASSES), "float32")

    @tf.function
    def answer(batch: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor, tf.Tensor]:
        features = tf.nn.avg_pool2d(teacher(batch / 127.5 - 1, training=False), 2, 2, "VALID")
        small = tf.cast(tf.round(tf.nn.avg_pool2d(batch, 2, 2, "VALID")), tf.uint8)
        return small, features, head(tf.reduce_mean(features, (1, 2)))

    at = 0
    for batch in dataset:
        part = slice(at, at + len(batch))
        crops[part], maps[part], logits[part] = (t.numpy() for t in answer(batch))
        at = part.stop
    return Lessons(crops, maps, logits)


def _take(images: np.ndarray, index: tf.Tensor) -> tf.Tensor:
    image = tf.numpy_function(lambda i: images[i], [index], tf.uint8)
    return tf.cast(tf.ensure_shape(image, (SOURCE, SOURCE, 3)), tf.float32)


# --- probes -----------------------------------------------------------------------------


def features(base: keras.Model, images: np.ndarray) -> np.ndarray:
    """Pooled features, float32 (n, 1280), of uint8 pictures."""
    maps = [
        tf.reduce_mean(base(images[i : i + 64] / np.float32(127.5) - 1, training=False), (1, 2))
        for i in range(0, len(images), 64)
    ]
    return np.concatenate(maps)


def fit_head(known: np.ndarray, classes: np.ndarray) -> keras.Model:
    """A linear head of logits on pooled features: what a learner would put there."""
    head = keras.Sequential([keras.Input((known.shape[1],)), keras.layers.Dense(CLASSES)])
    head.compile(
        keras.optimizers.Adam(keras.optimizers.schedules.CosineDecay(1e-2, 40 * len(known) // 64)),
        keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        metrics=["accuracy"],
    )
    head.fit(known, classes, batch_size=64, epochs=40, verbose=0)
    return head


def probe(base: keras.Model, train: tuple, validation: tuple) -> float:
    """Accuracy on `validation` of a linear head fitted on `train`; both (images, classes)."""
    head = fit_head(features(base, train[0]), train[1])
    return head.evaluate(features(base, validation[0]), validation[1], verbose=0)[1]


# --- training ---------------------------------------------------------------------------


def train(student: keras.Model, head: keras.Model, lessons: Lessons, steps: int, report) -> None:
    """Fits the student; `report(step, loss)` is called now and then."""
    rate = keras.optimizers.schedules.CosineDecay(
        PEAK_RATE / 100, steps - WARM_UP, warmup_target=PEAK_RATE, warmup_steps=WARM_UP
    )
    optimizer = keras.optimizers.AdamW(rate, weight_decay=DECAY, global_clipnorm=5.0)
    optimizer.build(student.trainable_variables)
    sample = lessons.maps[:: max(1, len(lessons.maps) // 4000)].astype("float32")
    spread = tf.constant(sample.std((0, 1, 2)) + 0.05)

    @tf.function
    def step(crops, maps, logits):
        flip = tf.random.uniform([]) < 0.5
        crops = tf.cond(flip, lambda: tf.reverse(crops, [2]), lambda: crops)
        maps = tf.cast(tf.cond(flip, lambda: tf.reverse(maps, [2]), lambda: maps), tf.float32)
        with tf.GradientTape() as tape:
            seen = student(tf.cast(crops, tf.float32) / 127.5 - 1, training=True)
            cells = tf.reduce_mean(tf.square((seen - maps) / spread))
            pooled = tf.reduce_mean(seen, (1, 2))
            whole = tf.reduce_mean(tf.square((pooled - tf.reduce_mean(maps, (1, 2))) / spread))
            told = tf.nn.softmax(logits / TEMPERATURE)
            answered = tf.nn.log_softmax(head(pooled) / TEMPERATURE)
            divergence = tf.reduce_mean(
                tf.reduce_sum(told * (tf.math.log(told + 1e-8) - answered), -1)
            )
            loss = cells + 3 * whole + ANSWERS * TEMPERATURE**2 * divergence
        gradients = tape.gradient(loss, student.trainable_variables)
        optimizer.apply(gradients, student.trainable_variables)
        return tf.stack([cells, whole, divergence])

    done, losses = 0, []
    while done < steps:
        order = np.random.permutation(len(lessons.crops))
        for start in range(0, len(order) - BATCH + 1, BATCH):
            chosen = np.sort(order[start : start + BATCH])
            losses.append(step(lessons.crops[chosen], lessons.maps[chosen], lessons.logits[chosen]))
            done += 1
            if done % 1000 == 0 or done == steps:
                report(done, np.mean(losses, axis=0))
                losses = []
            if done == steps:
                return


def main(steps: int = 14000) -> None:
    began = time.perf_counter()
    keras.utils.set_random_seed(42)
    home = Path(os.environ["KERAS_BANGLA_DATA"])
    teacher = keras.applications.MobileNetV2(
        input_shape=(TEACHER_SIZE, TEACHER_SIZE, 3),
        include_top=False,
        weights=str(home / "weights" / "mobilenet_v2_1.0_no_top.weights.h5"),
    )
    real = {split: pictures(split, SOURCE) for split in ("train", "validation")}
    drawn = {split: painted(split, SOURCE) for split in ("train", "validation")}
    images = np.concatenate([real["train"][0], drawn["train"][0]])
    classes = np.concatenate([real["train"][1], drawn["train"][1]])

    half = tf.image.resize(images, (TEACHER_SIZE, TEACHER_SIZE), antialias=True).numpy()
    head = fit_head(features(teacher, half), classes)
    head.trainable = False
    lessons = ask(teacher, head, images)
    print(f"{len(lessons.crops)} crops, {time.perf_counter() - began:.0f} s", flush=True)

    student = keras.applications.MobileNetV2(
        alpha=ALPHA, input_shape=(SIZE, SIZE, 3), include_top=False, weights=None
    )
    small = {
        "real": [pictures(split, SIZE) for split in ("train", "validation")],
        "painted": [painted(split, SIZE) for split in ("train", "validation")],
    }

    def report(step: int, losses: np.ndarray) -> None:
        student.save_weights(WEIGHTS)
        found = " ".join(f"{name} {probe(student, *sets):.3f}" for name, sets in small.items())
        seconds = time.perf_counter() - began
        parts = "cells {:.3f} whole {:.3f} answers {:.3f}".format(*losses)
        print(f"step {step}: {parts} · probe {found} · {seconds:.0f} s", flush=True)

    WEIGHTS.parent.mkdir(exist_ok=True)
    train(student, head, lessons, steps, report)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
