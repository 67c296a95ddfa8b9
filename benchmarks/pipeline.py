"""Pictures a second of several input pipelines, side by side: python benchmarks/pipeline.py

    KERAS_BANGLA_DATA=FOLDER python benchmarks/pipeline.py --repeat 7

All rows read the same 192x192 JPEGs, as files in class folders or as records in 16 shards,
and give batches of 64. They take turns, so that whatever else the machine does befalls all;
told are the median and the spread. The limit is plain decoding of the same bytes in as many
threads as there are cores, by the fastest decoder found (TensorFlow's; simplejpeg and OpenCV
too, if installed): no pipeline that decodes can be faster. "Into batches" decodes each picture
into its place in a batch of 64, as somebody who wants to use the pixels must. Grain is measured
if installed. The processor's time a picture changes little when other work slows everything.
"""

from __future__ import annotations

import argparse
import importlib.util
import os
import resource
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("KERAS_BACKEND", "tensorflow")
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import keras
import numpy as np
import tensorflow as tf
from PIL import Image

from helpers import datasets, tfrecords
from helpers.datasets import FLOWER_NAMES
from helpers.pictures import to_jpeg

SIZE, BATCH = 192, 64
AT_LEAST = 6000  # pictures in one measurement, so that starting a pipeline hardly counts
CORES = os.cpu_count() or 1
AUTO = tf.data.AUTOTUNE


def prepare(home: Path) -> tuple[list[Path], list[bytes], list[str]]:
    """The same pictures as (files in class folders, bytes, shards)."""
    source = datasets.flower_folder()
    found = sorted(source.glob("*/*.jpg"), key=lambda path: path.name)
    files, data = [], []
    for name in FLOWER_NAMES:
        (home / "files" / name).mkdir(parents=True)
    for path in found:
        data.append(to_jpeg(path.read_bytes(), path.name, SIZE))
        files.append(home / "files" / path.parent.name / path.name)
        files[-1].write_bytes(data[-1])

    def encode(i: int) -> bytes:
        number = FLOWER_NAMES.index(files[i].parent.name)
        return tfrecords.example(data[i], number, FLOWER_NAMES, (SIZE, SIZE))

    shards = tfrecords.write(range(len(files)), encode, home / "shards", "flowers-train", 16)
    return files, data, shards


# --- the rows ---------------------------------------------------------------------------


def pil_loop(files: list[Path]) -> int:
    pictures = 0
    for start in range(0, len(files) - BATCH + 1, BATCH):
        batch = [np.asarray(Image.open(path)) for path in files[start : start + BATCH]]
        pictures += len(np.stack(batch))
    return pictures


def folder_reader(home: Path) -> tf.data.Dataset:
    return keras.utils.image_dataset_from_directory(
        home / "files", image_size=(SIZE, SIZE), batch_size=BATCH, verbose=False
    )


def lab(shards: list[str], cached: bool) -> tf.data.Dataset:
    """The recipe of the 'Keras on TPU' labs: parse and decode to floats one by one."""

    def read(record):
        features = {
            "image": tf.io.FixedLenFeature([], tf.string),
            "class": tf.io.FixedLenFeature([], tf.int64),
        }
        example = tf.io.parse_single_example(record, features)
        image = tf.image.decode_jpeg(example["image"], channels=3)
        image = tf.cast(image, tf.float32) / 255.0
        return tf.reshape(image, [SIZE, SIZE, 3]), example["class"]

    options = tf.data.Options()
    options.deterministic = False
    dataset = tf.data.TFRecordDataset(shards, num_parallel_reads=AUTO).with_options(options)
    dataset = dataset.map(read, num_parallel_calls=AUTO)
    if cached:
        dataset = dataset.cache()
    return dataset.shuffle(2048).batch(BATCH).prefetch(AUTO)


def ours(shards: list[str], cached: bool) -> tf.data.Dataset:
    if cached:
        dataset = tfrecords.read(shards, SIZE, deterministic=False).cache()
        dataset = dataset.shuffle(2048).batch(BATCH, drop_remainder=True)
    else:  # shuffles records of 15 kB, not pictures of 110 kB
        dataset = tfrecords.read(shards, SIZE, BATCH, shuffle=2048, deterministic=False)
    return dataset.prefetch(2)


def with_grain(files: list[Path]):
    import grain.python as grain

    names = [str(path) for path in files]
    dataset = grain.MapDataset.source(names).shuffle(42)
    dataset = dataset.map(lambda name: np.asarray(Image.open(name)))
    options = grain.ReadOptions(num_threads=CORES, prefetch_buffer_size=2 * BATCH)
    return dataset.to_iter_dataset(options).batch(BATCH, drop_remainder=True)


def decoders() -> dict[str, Callable[[bytes], object]]:
    """Every JPEG decoder at hand, at its fastest."""
    found: dict[str, Callable[[bytes], object]] = {"Pillow": lambda b: np.asarray(_open(b))}
    if importlib.util.find_spec("simplejpeg"):
        import simplejpeg

        found["simplejpeg"] = lambda b: simplejpeg.decode_jpeg(b, fastdct=True, fastupsample=True)
        found["simplejpeg, into batches"] = _IntoBatches()
    if importlib.util.find_spec("cv2"):
        import cv2

        cv2.setNumThreads(1)
        found["OpenCV"] = lambda b: cv2.imdecode(np.frombuffer(b, "uint8"), cv2.IMREAD_COLOR)
    return found


class _IntoBatches:
    """Decodes pictures, one after the other, into the places of batches; a thread has its own."""

    def __init__(self) -> None:
        self._own = threading.local()

    def __call__(self, data: bytes) -> object:
        import simplejpeg

        place = getattr(self._own, "place", 0) % BATCH
        if place == 0:
            self._own.batch = np.empty((BATCH, SIZE, SIZE, 3), "uint8")
        self._own.place = place + 1
        return simplejpeg.decode_jpeg(
            data, fastdct=True, fastupsample=True, buffer=self._own.batch[place]
        )


def _open(data: bytes) -> Image.Image:
    import io

    return Image.open(io.BytesIO(data))


def in_threads(decode: Callable[[bytes], object], data: list[bytes]) -> int:
    def work(thread: int) -> int:
        return sum(decode(image) is not None for image in data[thread::CORES])

    with ThreadPoolExecutor(CORES) as pool:
        return sum(pool.map(work, range(CORES)))


def tf_decoding(data: list[bytes]) -> tf.data.Dataset:
    """TensorFlow's decoder on bytes in memory, and nothing else: not even the pixels are kept."""
    options = tf.data.Options()
    options.deterministic = False
    dataset = tf.data.Dataset.from_tensor_slices(data).cache().with_options(options)
    dataset = dataset.map(lambda image: tf.size(tfrecords.decode(image)), num_parallel_calls=CORES)
    return dataset.batch(BATCH)


# --- the stopwatch ----------------------------------------------------------------------


def through(dataset) -> int:
    """Runs through a dataset once; how many pictures came."""
    return sum(len(batch[0] if isinstance(batch, tuple) else batch) for batch in dataset)


def measure(run: Callable[[int], int], passes: int) -> tuple[float, float]:
    """Pictures a second, and microseconds of the processor for each."""

    def processor() -> float:
        used = resource.getrusage(resource.RUSAGE_SELF)
        return used.ru_utime + used.ru_stime

    began, used = time.perf_counter(), processor()
    pictures = run(passes)
    return pictures / (time.perf_counter() - began), 1e6 * (processor() - used) / pictures


def again(run: Callable[[], int]) -> Callable[[int], int]:
    """What runs once, run several times; a tf.data pipeline is repeated instead."""
    return lambda passes: sum(run() for _ in range(passes))


def memory_of_cache(dataset: tf.data.Dataset) -> float:
    """Megabytes by which the process grows while a cached dataset fills."""

    def resident() -> int:
        return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")

    before = resident()
    through(dataset)
    return (resident() - before) / 1e6


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--repeat", type=int, default=7, help="measurements of each row")
    arguments = parser.parse_args()
    print(f"{CORES} cores, load {os.getloadavg()[0]:.1f}, TensorFlow {tf.__version__}")
    with tempfile.TemporaryDirectory() as folder:
        files, data, shards = prepare(Path(folder))
        print(f"{len(files)} pictures, {sum(map(len, data)) / len(data) / 1000:.1f} kB each")
        passes = -(-AT_LEAST // len(files))
        rows: dict[str, Callable[[int], int]] = {
            "PIL loop over files": again(lambda: pil_loop(files))
        }
        datasets_ = {
            "image_dataset_from_directory": folder_reader(Path(folder)),
            "lab's recipe": lab(shards, cached=False),
            "ours": ours(shards, cached=False),
            "lab's recipe, cached": lab(shards, cached=True),
            "ours, cached": ours(shards, cached=True),
        }
        for name, dataset in datasets_.items():
            rows[name] = lambda passes, dataset=dataset: through(dataset.repeat(passes))
        if importlib.util.find_spec("grain"):
            grained = with_grain(files)
            rows["grain over files"] = again(lambda: through(grained))
        bare = tf_decoding(data)
        limits = {"limit: TensorFlow": lambda passes: through(bare.repeat(passes))}
        for name, decode in decoders().items():
            limits[f"limit: {name}"] = again(lambda decode=decode: in_threads(decode, data))
        rows |= limits
        memory = {
            name: memory_of_cache(datasets_[name])
            for name in ("lab's recipe, cached", "ours, cached")
        }
        found: dict[str, list[tuple[float, float]]] = {name: [] for name in rows}
        for run in rows.values():  # warm: caches filled, functions traced
            run(1)
        for _ in range(arguments.repeat):
            for name, run in rows.items():
                found[name].append(measure(run, passes))
    rates = {name: [rate for rate, _ in each] for name, each in found.items()}
    limit = max(statistics.median(rates[name]) for name in limits)
    print(f"\n| {'pipeline':31} | images/s | spread | of the limit | processor | cache |")
    print("|:--|--:|:--|--:|--:|--:|")
    for name, each in rates.items():
        middle = statistics.median(each)
        used = statistics.median(microseconds for _, microseconds in found[name])
        cache = f"{memory[name]:.0f} MB" if name in memory else ""
        print(
            f"| {name:31} | {middle:,.0f} | {min(each):,.0f}–{max(each):,.0f} "
            f"| {middle / limit:.2f} | {used:.0f} µs | {cache} |"
        )
    print(f"\nload {os.getloadavg()[0]:.1f} at the end")


if __name__ == "__main__":
    main()
