"""Checks of lesson 05: the blank, the solution, other right answers, mistakes, nonsense."""

import numpy as np
import pytest
import tensorflow as tf
from conftest import assert_hint, assert_right
from test_check_01 import nonsense

from helpers import tfrecords
from helpers.check import grade
from helpers.check.lesson_05 import RAIN, STATION, TEMPERATURE

AUTOTUNE = tf.data.AUTOTUNE
RANGE = tf.data.Dataset.range

# --- 05.1 -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "answer",
    [
        RANGE(250).batch(16, drop_remainder=True),
        RANGE(250).batch(16, True).prefetch(2),
        RANGE(250).shuffle(250).batch(16, drop_remainder=True),
        RANGE(240).batch(16, drop_remainder=True),
    ],
)
def test_whole_batches_right(answer):
    assert_right("05.1", answer)


@pytest.mark.parametrize(
    ("answer", "word"),
    [
        (RANGE(250), "একটা একটা করে"),
        (RANGE(250).batch(16), "মাত্র 10টির"),
        (RANGE(250).batch(32, drop_remainder=True), "32টি"),
        (RANGE(250).batch(16).take(15), "None"),
        (RANGE(100).batch(16, drop_remainder=True), "২৪০টি"),
        (RANGE(250).repeat().batch(16, drop_remainder=True), "২৪০টি"),
        (RANGE(250).map(lambda n: n % 7).batch(16, drop_remainder=True), "বদলে গেছে"),
        (RANGE(3).batch(16, drop_remainder=True), "ফাঁকা"),
        ([1, 2, 3], "tf.data.Dataset"),
    ],
)
def test_whole_batches_mistakes(answer, word):
    assert_hint(word, "05.1", answer)


# --- 05.2 -------------------------------------------------------------------------------


def solution(names, open_file):
    opened = names.map(open_file, num_parallel_calls=AUTOTUNE).cache()
    return opened.shuffle(1000).batch(16, drop_remainder=True).prefetch(AUTOTUNE)


def other_order(names, open_file):
    opened = names.shuffle(100).map(open_file, num_parallel_calls=4, deterministic=False)
    return opened.cache().shuffle(100).batch(16, True).prefetch(1)


def with_interleave(names, open_file):
    opened = names.interleave(
        lambda name: tf.data.Dataset.from_tensors(name).map(open_file),
        cycle_length=8,
        num_parallel_calls=8,
    )
    return opened.cache().shuffle(200, seed=1).batch(16, drop_remainder=True).prefetch(2)


@pytest.mark.parametrize("answer", [solution, other_order, with_interleave])
def test_mended_right(answer):
    assert_right("05.2", answer)


def mended(
    parallel=True, cache=True, shuffle=True, drop=True, prefetch=True, size=16, shuffle_late=False
):
    def answer(names, open_file):
        dataset = names.map(open_file, num_parallel_calls=AUTOTUNE if parallel else None)
        if cache:
            dataset = dataset.cache()
        if shuffle and not shuffle_late:
            dataset = dataset.shuffle(1000)
        dataset = dataset.batch(size, drop_remainder=drop)
        if shuffle_late:
            dataset = dataset.shuffle(10)
        return dataset.prefetch(AUTOTUNE) if prefetch else dataset

    return answer


@pytest.mark.parametrize(
    ("answer", "word"),
    [
        (lambda names, open_file: names.map(open_file).batch(16).shuffle(4), "অসমান"),
        (mended(parallel=False), "এক হাতে"),
        (mended(cache=False), "আবার"),
        (mended(shuffle=False), "মেশেনি"),
        (mended(shuffle_late=True), "মেশেনি"),
        (mended(drop=False), "drop_remainder"),
        (mended(prefetch=False), "prefetch"),
        (mended(size=32), "32টি"),
        (
            lambda names, open_file: (
                names.map(open_file, num_parallel_calls=4)
                .shuffle(1000).cache().batch(16, drop_remainder=True).prefetch(1)
            ),
            "হুবহু এক",
        ),
        (lambda names, open_file: solution(names, open_file).repeat(), "repeat"),
        (lambda names, open_file: names.map(open_file, num_parallel_calls=4), "ব্যাচ"),
        (lambda names, open_file: solution(names, lambda name: name), "একবারও চলেনি"),
        (lambda names, open_file: list(names), "tf.data.Dataset"),
        (lambda names, open_file: print(end=""), "return"),
        (lambda names: names, "এরর"),
    ],
)  # fmt: skip
def test_mended_mistakes(answer, word):
    assert_hint(word, "05.2", answer)


# --- 05.3 -------------------------------------------------------------------------------


def kind(name, value):
    holder = {
        "bytes_list": tf.train.BytesList, "int64_list": tf.train.Int64List,
        "float_list": tf.train.FloatList,
    }[name]  # fmt: skip
    return tf.train.Feature(**{name: holder(value=value)})


def week(**changes):
    features = {
        "station": kind("bytes_list", [STATION.encode()]),
        "rain_mm": kind("int64_list", RAIN),
        "temperature": kind("float_list", TEMPERATURE),
    } | changes
    return tf.train.Features(feature={k: v for k, v in features.items() if v is not None})


def filled_in_later():
    example = tf.train.Example()
    example.features.feature["station"].bytes_list.value.append(STATION.encode())
    example.features.feature["rain_mm"].int64_list.value.extend(RAIN)
    example.features.feature["temperature"].float_list.value.extend(TEMPERATURE)
    return example


@pytest.mark.parametrize(
    "answer",
    [
        tf.train.Example(features=week()),
        tf.train.Example(features=week()).SerializeToString(),
        tf.train.Example(features=week(note=kind("int64_list", [1]))),
        filled_in_later(),
    ],
    ids=["Example", "serialized", "one more", "filled in later"],  # bytes differ by process
)
def test_weather_right(answer):
    assert_right("05.3", answer)


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"rain_mm": kind("float_list", RAIN)}, "int64_list"),
        ({"temperature": kind("int64_list", [28] * 7)}, "float_list"),
        ({"station": None}, "station"),
        ({"rain_mm": kind("int64_list", RAIN[:3])}, "সাত দিনের"),
        ({"temperature": kind("float_list", TEMPERATURE[::-1])}, "মিলছে না"),
        ({"rain_mm": kind("int64_list", RAIN[::-1])}, "মিলছে না"),
        ({"station": kind("bytes_list", [c.encode() for c in STATION])}, "এক জিনিসের"),
        ({"station": tf.train.Feature()}, "ফাঁকা"),
    ],
)
def test_weather_mistakes(changes, word):
    assert_hint(word, "05.3", tf.train.Example(features=week(**changes)))


def test_weather_without_its_wrapping():
    assert_hint("tf.train.Features", "05.3", week())
    assert_hint("tf.train.Example", "05.3", {"station": STATION})


# --- 05.4 -------------------------------------------------------------------------------


def names_of(name, counts):
    return [tfrecords.shard_name(name, i, len(counts), n) for i, n in enumerate(counts)]


def by_remainder(name, total, shards):
    return names_of(name, [total // shards + (i < total % shards) for i in range(shards)])


def by_slices(name, total, shards):
    return tuple(names_of(name, [len(range(total)[i::shards]) for i in range(shards)]))


def by_numpy(name, total, shards):
    return names_of(name, [len(part) for part in np.array_split(np.arange(total), shards)])


@pytest.mark.parametrize("answer", [by_remainder, by_slices, by_numpy])
def test_names_right(answer):
    assert_right("05.4", answer)


@pytest.mark.parametrize(
    ("answer", "word"),
    [
        (lambda name, total, shards: names_of(name, [total // shards] * shards), "পড়ে থাকে"),
        (
            lambda name, total, shards: names_of(
                name, [total // shards] * (shards - 1) + [total - total // shards * (shards - 1)]
            ),
            "বিলিয়ে দিন",
        ),
        (lambda name, total, shards: names_of(name, [total] * shards), "যোগফল"),
        (
            lambda name, total, shards: [
                tfrecords.shard_name(name, i + 1, shards, total // shards) for i in range(shards)
            ],
            "০ থেকে",
        ),
        (lambda name, total, shards: by_remainder(name, total, shards - 1), "3টি"),
        (lambda name, total, shards: by_remainder("x", total, shards), "ক্রমে"),
        (lambda name, total, shards: by_remainder(name, total, shards)[0], "তালিকা"),
        (lambda name, total, shards: [f"{name}-{i}" for i in range(shards)], "ছাঁচের"),
        (lambda name, total, shards: by_remainder(name, total, shards)[:1] * shards, "একবার করে"),
        (lambda name, total, shards: print(end=""), "return"),
        (lambda name, total, shards: 1 / 0, "ZeroDivisionError"),
    ],
)
def test_names_mistakes(answer, word):
    assert_hint(word, "05.4", answer)


# --- 05.5 -------------------------------------------------------------------------------


def parse(record):
    image, number = tfrecords.parse(record)
    return tf.ensure_shape(tf.io.decode_jpeg(image, channels=3), (192, 192, 3)), number


def own(paths):
    records = tf.data.Dataset.from_tensor_slices(paths).interleave(
        tf.data.TFRecordDataset, num_parallel_calls=AUTOTUNE
    )
    records = records.apply(tf.data.experimental.assert_cardinality(tfrecords.count(paths)))
    images = records.shuffle(1000).map(parse, num_parallel_calls=AUTOTUNE)
    return images.batch(8, drop_remainder=True).prefetch(AUTOTUNE)


def own_with_helper(paths):
    return tfrecords.read(paths, 192, 8, shuffle=100).prefetch(2)


def own_told_last(paths):
    dataset = tf.data.TFRecordDataset(paths, num_parallel_reads=4).map(parse).cache().shuffle(44)
    told = tf.data.experimental.assert_cardinality(tfrecords.count(paths) // 8)
    return dataset.batch(8, drop_remainder=True).apply(told)


@pytest.mark.parametrize("answer", [own, own_with_helper, own_told_last])
def test_own_pipeline_right(answer):
    assert_right("05.5", answer)


def bare(paths):
    return tf.data.TFRecordDataset(paths).map(parse)


def told(dataset, number):
    return dataset.apply(tf.data.experimental.assert_cardinality(number))


@pytest.mark.parametrize(
    ("answer", "word"),
    [
        (lambda paths: bare(paths).shuffle(50).batch(8, drop_remainder=True), "জানা নেই"),
        (lambda paths: told(bare(paths), 44).batch(8, drop_remainder=True), "হুবহু এক"),
        (
            lambda paths: told(bare(paths).shuffle(50).cache(), 44).batch(8, drop_remainder=True),
            "হুবহু এক",
        ),
        (lambda paths: told(bare(paths), 44).shuffle(50).batch(8), "None"),
        (lambda paths: told(bare(paths), 44).shuffle(50).batch(4, drop_remainder=True), "(4, 192"),
        (lambda paths: told(bare(paths), 44).shuffle(50), "`batch`"),
        (
            lambda paths: (
                told(bare(paths), 44)
                .shuffle(50)
                .map(lambda image, n: (tf.cast(image, tf.float32) / 255, n))
                .batch(8, drop_remainder=True)
            ),
            "uint8",
        ),
        (lambda paths: told(bare(paths).batch(8, drop_remainder=True), 44), "জানিয়েছেন 44টি"),
        (lambda paths: own(paths[:1] * 4), "আলাদা ছবি"),
        (lambda paths: own(paths).repeat(), "repeat"),
        (lambda paths: tf.data.TFRecordDataset(paths), "জোড়া"),
        (
            lambda paths: tf.data.Dataset.zip(
                (
                    own(paths).map(lambda image, n: image),
                    own(paths).map(lambda image, n: n),
                )
            ),
            "জোড়া ভেঙে",
        ),
        (lambda paths: print(end=""), "return"),
        (lambda paths: 1 / 0, "ZeroDivisionError"),
    ],
)
def test_own_pipeline_mistakes(answer, word):
    assert_hint(word, "05.5", answer)


# --- all --------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["05.1", "05.2", "05.3", "05.4", "05.5"])
def test_blanks_and_nonsense(name):
    assert grade(name, ...).status == "blank"
    extra = [RANGE(3).batch(2), tf.constant([1, 2]), b"bytes", lambda *args: RANGE(5)]
    for answer in nonsense() + extra:
        verdict = grade(name, answer)
        assert verdict.status in ("wrong", "blank"), (answer, verdict)
        assert verdict.text.endswith("।")


@pytest.mark.parametrize("name", ["05.2", "05.4", "05.5"])
def test_a_function_still_blank(name):
    def answer(*args): ...

    assert grade(name, answer).status == "blank"
