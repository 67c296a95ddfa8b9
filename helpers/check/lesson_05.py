"""Checks for lesson 05, data pipelines at TPU speed."""

from __future__ import annotations

import re
import tempfile
import threading
import time
from pathlib import Path

import numpy as np

from helpers import tfrecords
from helpers.check import call, exercise, expect
from helpers.datasets import FLOWER_NAMES


def _dataset(value):
    """The answer, if it is a tf.data.Dataset."""
    import tensorflow as tf

    expect(
        isinstance(value, tf.data.Dataset),
        "এখানে একটা `tf.data.Dataset` লাগবে, যেমন `numbers.batch(...)`-এর ফল। তালিকা বা সংখ্যা নয়।",
    )
    return value


@exercise("05.1")
def whole_batches(answer):
    """`answer`: Dataset.range(250) in batches of 16, all of them full."""
    dataset = _dataset(answer)
    spec = dataset.element_spec
    expect(
        getattr(spec, "shape", None) is not None and len(spec.shape) > 0,
        "এখনও ব্যাচ হয়নি, জিনিস আসছে একটা একটা করে। `.batch(16, ...)` লাগবে।",
    )
    batches = [np.asarray(batch) for batch in dataset.take(100)]
    expect(batches, "ডেটাসেটটা ফাঁকা, একটা ব্যাচও আসছে না।")
    sizes = [len(batch) for batch in batches]
    expect(sizes[0] == 16, f"প্রতি ব্যাচে ১৬টি চাই, আপনার প্রথম ব্যাচে আছে {sizes[0]}টি।")
    expect(
        set(sizes) == {16},
        f"শেষ ব্যাচটা ছোট, মাত্র {sizes[-1]}টির। `drop_remainder=True` দিলে ওটা বাদ যাবে।",
    )
    expect(batches[0].shape == (16,), f"ব্যাচের শেপ (16,) হওয়ার কথা, আপনারটা {batches[0].shape}।")
    expect(
        spec.shape[0] == 16,
        "ব্যাচগুলো সমান, কিন্তু শেপ আগে থেকে জানা নেই (None)। বাদ দেওয়ার কাজটা `drop_remainder=True`-কে করতে দিন।",
    )
    seen = np.concatenate(batches)
    expect(
        len(seen) == 240,
        f"মোট ১৫টি ব্যাচে ২৪০টি সংখ্যা হওয়ার কথা, এসেছে {len(seen)}টি। `numbers`-এর উপর শুধু `batch` করুন।",
    )
    expect(
        set(seen.tolist()) <= set(range(250)) and len(set(seen.tolist())) == 240,
        "সংখ্যাগুলো বদলে গেছে, বা একই সংখ্যা বারবার আসছে। `numbers` থেকে সরাসরি ব্যাচ করুন।",
    )
    return "১৫টি সমান ব্যাচ, শেষের ১০টি সংখ্যা বাদ। শেপও আগে থেকে জানা।"


class _Watched:
    """Stands for a slow way of opening files: counts its calls, and how many overlap."""

    def __init__(self) -> None:
        self.calls = self.now = self.most = 0
        self.lock = threading.Lock()

    def __call__(self, name):
        import tensorflow as tf

        return tf.ensure_shape(tf.numpy_function(self._open, [name], tf.int64), ())

    def _open(self, name):
        with self.lock:
            self.calls += 1
            self.now += 1
            self.most = max(self.most, self.now)
        time.sleep(0.004)
        with self.lock:
            self.now -= 1
        return np.int64(name)


@exercise("05.2")
def mended_pipeline(answer):
    """`answer(names, open_file)`: parallel, cached, shuffled, in whole batches of 16, prefetched."""
    import tensorflow as tf

    opener = _Watched()
    dataset = _dataset(call(answer, tf.data.Dataset.range(100), opener))
    spec = dataset.element_spec
    expect(
        getattr(spec, "shape", None) is not None and len(spec.shape) == 1,
        "১৬টা করে ব্যাচ আসার কথা। `.batch(16, drop_remainder=True)` একবারই দিন।",
    )
    size = int(dataset.cardinality())
    expect(size != tf.data.INFINITE_CARDINALITY, "`repeat()` লাগবে না: এক ইপকের ডেটাই ফেরত দিন।")
    ends_in_prefetch = _ends_in_prefetch(dataset)
    # Threads enough for calls to overlap, also on a machine with a single core.
    roomy = tf.data.Options()
    roomy.threading.private_threadpool_size = 8
    dataset = dataset.with_options(roomy)
    first = [np.asarray(batch) for batch in dataset.take(50)]
    expect(first, "ডেটাসেটটা ফাঁকা, একটা ব্যাচও আসছে না।")
    expect(opener.calls > 0, "`open_file` একবারও চলেনি। `names.map(open_file, ...)` দিয়ে শুরু করুন।")
    expect(max(map(len, first)) == 16, f"প্রতি ব্যাচে ১৬টি চাই, আপনার ব্যাচে {max(map(len, first))}টি।")
    expect(
        spec.shape[0] == 16,
        "শেষ ব্যাচটা অসমান। `batch(16, drop_remainder=True)` দিন।",
    )
    seen = np.concatenate(first)
    expect(
        len(set(seen.tolist())) == len(seen) == 96,
        f"এক ইপকে ৯৬টি আলাদা জিনিস (৬টি ব্যাচ) আসার কথা, এসেছে {len(set(seen.tolist()))}টি।",
    )
    expect(
        opener.most > 1,
        "ফাইল খোলা হচ্ছে এখনও এক হাতে। `map`-এ `num_parallel_calls=tf.data.AUTOTUNE` দিন।",
    )
    after_one = opener.calls
    second = np.concatenate([np.asarray(batch) for batch in dataset])
    again = opener.calls - after_one
    expect(
        again <= 16,  # a pipeline may stop an epoch before the last item has been cached
        f"দ্বিতীয় ইপকে আবার {again}টি ফাইল খোলা হলো। `map`-এর পরে `cache()` বসান।",
    )
    mixed = all(not _is_run(batch) for batch in first[:3])
    expect(
        mixed,
        "ব্যাচের ভেতরটা মেশেনি: হয় `shuffle` নেই, নয়তো সেটা `batch`-এর পরে বসেছে, বা ঝুড়িটা খুব ছোট (১০০টি নামই যেন ধরে)। আগে শাফল করুন, তারপর ব্যাচ।",
    )
    expect(
        not np.array_equal(seen, second),
        "দুই ইপকেই ক্রমটা হুবহু এক। `shuffle` `cache`-এর আগে থাকলে ফেটানো ক্রমটাই জমে যায়: `cache` আগে, `shuffle` পরে।",
    )
    expect(
        ends_in_prefetch,
        "প্রায় হয়ে গেছে! শুধু একেবারে শেষে `.prefetch(tf.data.AUTOTUNE)` নেই।",
    )
    return "কয়েক হাতে খোলা, একবারই খোলা, প্রতি ইপকে নতুন ক্রম, সমান ব্যাচ, আর শেষে প্রিফেচ।"


def _is_run(batch) -> bool:
    """True if a batch holds what lay within twice its length in the unshuffled data."""
    return int(batch.max() - batch.min()) < 2 * len(batch)


def _ends_in_prefetch(dataset) -> bool:
    """True if a prefetch stands behind the batches; options and the like may follow it."""
    for _ in range(10):
        if "Prefetch" in type(dataset).__name__:
            return True
        if "Batch" in type(dataset).__name__ or not hasattr(dataset, "_input_dataset"):
            return False
        dataset = dataset._input_dataset
    return False


STATION = "শ্রীমঙ্গল"
RAIN = [0, 12, 40, 3, 0, 0, 25]
TEMPERATURE = [28.5, 27.0, 25.5, 26.0, 29.0, 30.5, 27.5]


@exercise("05.3")
def weather_record(answer):
    """`answer`: a tf.train.Example of a station's week, or its serialized bytes."""
    import tensorflow as tf

    if isinstance(answer, bytes):
        answer = tf.train.Example.FromString(answer)
    expect(
        not isinstance(answer, tf.train.Features),
        "এটা `tf.train.Features`। বাইরে আরেকটা মোড়ক লাগবে: `tf.train.Example(features=...)`।",
    )
    expect(
        isinstance(answer, tf.train.Example),
        "এখানে একটা `tf.train.Example` লাগবে। উপরের `to_example` ফাংশনটা দেখুন।",
    )
    features = answer.features.feature
    wanted = {"station": "bytes_list", "rain_mm": "int64_list", "temperature": "float_list"}
    missing = sorted(set(wanted) - set(features))
    expect(not missing, f"এই ফিচার পাওয়া গেল না: {', '.join(missing)}। নামের বানান মিলিয়ে দেখুন।")
    for name, kind in wanted.items():
        found = features[name].WhichOneof("kind")
        expect(found is not None, f"`{name}` ফিচারটা ফাঁকা।")
        expect(
            found == kind,
            f"`{name}` রাখার কথা `{kind}`-এ, আপনি রেখেছেন `{found}`-এ। "
            "লেখা থাকে bytes_list-এ, পূর্ণসংখ্যা int64_list-এ, দশমিক float_list-এ।",
        )
    stations = list(features["station"].bytes_list.value)
    expect(
        stations == [STATION.encode()],
        f"`station` হওয়ার কথা `[station.encode()]`, এক জিনিসের তালিকা। আপনারটায় আছে {len(stations)}টি জিনিস।",
    )
    rain = list(features["rain_mm"].int64_list.value)
    expect(len(rain) == 7, f"`rain_mm`-এ সাত দিনের সাতটা সংখ্যা চাই, আপনারটায় {len(rain)}টি।")
    expect(rain == RAIN, "`rain_mm`-এর সংখ্যাগুলো মিলছে না। তালিকাটা যেমন আছে তেমনই দিন।")
    heat = list(features["temperature"].float_list.value)
    expect(len(heat) == 7, f"`temperature`-এ সাত দিনের সাতটা সংখ্যা চাই, আপনারটায় {len(heat)}টি।")
    expect(
        np.allclose(heat, TEMPERATURE, atol=1e-3),
        "`temperature`-এর সংখ্যাগুলো মিলছে না। তালিকাটা যেমন আছে তেমনই দিন।",
    )
    return f"তিন ধরনের তিনটি ফিচার, সব মিলিয়ে {len(answer.SerializeToString())} বাইট।"


@exercise("05.4")
def shard_names(answer):
    """`answer(name, total, shards)`: the names of all shards, with even counts that add up."""
    for name, total, shards in [("flowers-train", 12, 4), ("ফুল", 1000, 6), ("x", 3670, 16)]:
        names = call(answer, name, total, shards)
        asked = f'names_for("{name}", {total}, {shards})'
        expect(
            isinstance(names, (list, tuple)) and all(isinstance(n, str) for n in names),
            f"{asked} থেকে নামের একটা তালিকা আসার কথা, এসেছে {type(names).__name__}।",
        )
        expect(len(names) == shards, f"{asked} থেকে {shards}টি নাম আসার কথা, এসেছে {len(names)}টি।")
        parts = [re.fullmatch(r"(.+)-(\d+)-of-(\d+)-(\d+)\.tfrec", n) for n in names]
        expect(
            all(parts),
            f"এই নামটা ছাঁচের মতো হয়নি: {next((n for n, p in zip(names, parts, strict=True) if not p), '')}। "
            "`shard_name(...)` দিয়ে বানান।",
        )
        expect(
            all(p[1] == name and int(p[3]) == shards for p in parts),
            f"নামে `{name}` আর মোট শার্ড {shards} থাকার কথা। `shard_name`-এ জিনিসগুলো কোন ক্রমে দিচ্ছেন, দেখুন।",
        )
        numbers = [int(p[2]) for p in parts]
        expect(
            sorted(numbers) != list(range(1, shards + 1)),
            "শার্ডের নম্বর ১ থেকে শুরু হয়েছে। Python-এর মতো এখানেও গোনা শুরু ০ থেকে।",
        )
        expect(
            sorted(numbers) == list(range(shards)),
            f"শার্ডের নম্বর ০ থেকে {shards - 1} পর্যন্ত একবার করে থাকার কথা।",
        )
        counts = [int(p[4]) for p in parts]
        expect(
            sum(counts) == total,
            f"{asked}: সব শার্ড মিলিয়ে {total}টি রেকর্ড হওয়ার কথা, আপনারগুলোর যোগফল {sum(counts)}। "
            "ভাগ করে যে কটা পড়ে থাকে (`total % shards`), সেগুলো কার ভাগে যাবে?",
        )
        expect(
            max(counts) - min(counts) <= 1,
            f"{asked}: ভাগগুলো সমান নয়, সবচেয়ে বড়টায় {max(counts)}, ছোটটায় {min(counts)}। "
            "বাড়তিগুলো একজনকে না দিয়ে একটা একটা করে বিলিয়ে দিন।",
        )
    return "সব ভাগ প্রায় সমান, আর যোগফলও মেলে।"


@exercise("05.5")
def own_pipeline(answer):
    """`answer(paths)`: shards to whole, shuffled batches of 8 with a known cardinality."""
    import tensorflow as tf

    with tempfile.TemporaryDirectory() as folder:
        paths = _number_shards(Path(folder), 44, shards=4)
        dataset = _dataset(call(answer, paths))
        spec = dataset.element_spec
        expect(
            isinstance(spec, tuple) and len(spec) == 2,
            "প্রতিটি জিনিস হবে (ছবি, লেবেল) জোড়া। `parse` ঠিক তা-ই ফেরত দেয়, সেটা `map`-এ দিন।",
        )
        image, label = spec
        expect(
            image.dtype == tf.uint8,
            f"ছবি থাকবে `uint8`, আপনারটা `{image.dtype.name}`। দশমিক বানাবে মডেলের প্রথম লেয়ার।",
        )
        expect(
            len(image.shape) == 4,
            f"ছবির ব্যাচের শেপ (8, 192, 192, 3) হওয়ার কথা, আপনারটা {tuple(image.shape)}। `batch` কি বাদ পড়ল?",
        )
        expect(
            image.shape[0] is not None,
            "ব্যাচের মাপ আগে থেকে জানা নেই (None)। `batch(8, drop_remainder=True)` দিন।",
        )
        expect(
            tuple(image.shape) == (8, 192, 192, 3),
            f"ছবির ব্যাচের শেপ (8, 192, 192, 3) হওয়ার কথা, আপনারটা {tuple(image.shape)}।",
        )
        expect(
            label.dtype.is_integer and tuple(label.shape) == (8,),
            f"লেবেলের শেপ (8,) হওয়ার কথা, আপনারটা {tuple(label.shape)}।",
        )
        known = int(dataset.cardinality())
        expect(known != tf.data.INFINITE_CARDINALITY, "`repeat()` লাগবে না: এক ইপকের ডেটাই ফেরত দিন।")
        expect(
            known != tf.data.UNKNOWN_CARDINALITY,
            "মোট কত ব্যাচ, তা জানা নেই। জানাতে হয় `assert_cardinality` দিয়ে; ব্যাচের আগে বসালে রেকর্ডের "
            "সংখ্যা দিন, `tfrecords.count(paths)`।",
        )
        expect(
            known == 5,
            f"৪৪টি রেকর্ড, ৮টি করে: ৫টি পুরো ব্যাচ হওয়ার কথা, আপনি জানিয়েছেন {known}টি। "
            "`assert_cardinality` ব্যাচের আগে বসলে রেকর্ডের সংখ্যা, পরে বসলে ব্যাচের সংখ্যা দিতে হয়।",
        )
        first, second = ([_numbers(batch) for batch in dataset] for _ in range(2))
        seen = len({number for batch in first for number in batch})
        expect(
            seen == 40,
            f"এক ইপকে ৪০টি আলাদা ছবি আসার কথা, এসেছে {seen}টি। কোনো শার্ড দুবার পড়ছেন না তো?",
        )
        expect(
            all(int(n) % 5 == c for batch in dataset.take(1) for n, c in _pairs(batch)),
            "ছবি আর লেবেলের জোড়া ভেঙে গেছে। দুটোকে আলাদা করে ফেটাবেন না।",
        )
        expect(
            first != second,
            "দুই ইপকেই ছবির ক্রম হুবহু এক। `shuffle` কি বাদ পড়ল, নাকি `cache`-এর আগে বসেছে?",
        )
    return "শার্ড থেকে সমান, ফেটানো, জানা সংখ্যার ব্যাচ: TPU ঠিক এমন পাইপলাইনই চায়।"


def _number_shards(folder: Path, total: int, shards: int) -> list[str]:
    """Shards of 192x192 pictures whose brightness tells their number, 5 steps apart."""
    import tensorflow as tf

    def encode(number: int) -> bytes:
        pixels = np.full((192, 192, 3), 5 * number, "uint8")
        jpeg = tf.io.encode_jpeg(pixels, quality=95).numpy()
        return tfrecords.example(jpeg, number % 5, FLOWER_NAMES, (192, 192))

    return tfrecords.write(range(total), encode, folder, "check", shards, progress=False)


def _numbers(batch) -> list[int]:
    return [number for number, _ in _pairs(batch)]


def _pairs(batch) -> list[tuple[int, int]]:
    images, labels = (np.asarray(part) for part in batch)
    return [
        (round(float(image.mean()) / 5), int(label))
        for image, label in zip(images, labels, strict=True)
    ]
