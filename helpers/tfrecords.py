"""TFRecord shards of labelled pictures: writes them whole, reads them fast, survives damage.

    paths = tfrecords.write(items, encode, "shards", "flowers-train", shards=8)
    dataset = tfrecords.read(paths, image_size=192)      # (uint8 image, int64 class)

A shard's name carries how many records it holds: flowers-train-03-of-08-245.tfrec. An Example
has the features `image` (JPEG), `class`, `label` (the class's name), `size` (height, width)
and `one_hot_class`; reading needs the first two only.

Nothing here wants Keras or its backend: tf.data feeds every backend.
"""

from __future__ import annotations

import atexit
import contextlib
import functools
import os
import re
import shutil
import struct
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from helpers.messages import Problem, bn
from helpers.pictures import HUGE, to_jpeg

_NAME = re.compile(r"(?P<set>.+)-(?P<shard>\d+)-of-(?P<shards>\d+)-(?P<count>\d+)\.tfrec$")


class DiskProblem(Problem):
    """Nothing can be written: the disk is full, or refuses."""


# --- one record -------------------------------------------------------------------------


def example(image: bytes, number: int, class_names: Sequence[str], size: tuple[int, int]) -> bytes:
    """One picture and its class as a serialized tf.train.Example.

    Args:
        image: the bytes of a JPEG.
        number: the class, 0 to len(class_names) - 1.
        class_names: the name of each class.
        size: (height, width) of the picture.
    """
    import tensorflow as tf

    one_hot = np.eye(len(class_names), dtype="float32")[number]
    feature = {
        "image": tf.train.Feature(bytes_list=tf.train.BytesList(value=[image])),
        "class": tf.train.Feature(int64_list=tf.train.Int64List(value=[number])),
        "label": tf.train.Feature(
            bytes_list=tf.train.BytesList(value=[class_names[number].encode()])
        ),
        "size": tf.train.Feature(int64_list=tf.train.Int64List(value=size)),
        "one_hot_class": tf.train.Feature(float_list=tf.train.FloatList(value=one_hot)),
    }
    return tf.train.Example(features=tf.train.Features(feature=feature)).SerializeToString()


def parse(record: Any) -> tuple[Any, Any]:
    """(JPEG bytes, class) of a serialized Example, or of a batch of them; for `Dataset.map`."""
    import tensorflow as tf

    features = {
        "image": tf.io.FixedLenFeature([], tf.string),
        "class": tf.io.FixedLenFeature([], tf.int64),
    }
    parsed = tf.io.parse_example(record, features)
    return parsed["image"], parsed["class"]


def decode(image: Any, image_size: int | None = None, fits: bool = False) -> Any:
    """A JPEG's pixels, uint8 (height, width, 3); for `Dataset.map`.

    Args:
        image: the JPEG's bytes, a string tensor.
        image_size: if given, the middle square is cut out and brought to this size, unless
            the picture has it already.
        fits: True if all pictures are known to have that size; saves looking at each.
    """
    import tensorflow as tf

    # The fastest settings of libjpeg-turbo; the eye sees no difference.
    pixels = tf.io.decode_jpeg(image, channels=3, dct_method="INTEGER_FAST", fancy_upscaling=False)
    if image_size is None:
        return pixels

    def fit() -> Any:
        height, width = tf.shape(pixels)[0], tf.shape(pixels)[1]
        side = tf.minimum(height, width)
        square = tf.image.crop_to_bounding_box(
            pixels, (height - side) // 2, (width - side) // 2, side, side
        )
        resized = tf.image.resize(square, (image_size, image_size), antialias=True)
        return tf.saturate_cast(tf.round(resized), tf.uint8)

    wanted = (image_size, image_size, 3)
    if not fits:
        pixels = tf.cond(tf.reduce_all(tf.shape(pixels) == wanted), lambda: pixels, fit)
    return tf.ensure_shape(pixels, wanted)


# --- names ------------------------------------------------------------------------------


def shard_name(name: str, shard: int, shards: int, count: int) -> str:
    """shard_name("flowers-train", 3, 8, 245) is 'flowers-train-03-of-08-245.tfrec'."""
    return f"{name}-{shard:02d}-of-{shards:02d}-{count}.tfrec"


def count(paths: Iterable[str | os.PathLike]) -> int:
    """How many records the shards hold by their names; no file is opened.

    Raises:
        Problem: a name carries no count.
    """
    return sum(_named(path)["count"] for path in paths)


def _named(path: str | os.PathLike) -> dict[str, Any]:
    base = os.fspath(path).replace("\\", "/").rsplit("/", 1)[-1]
    match = _NAME.fullmatch(base)
    if not match:
        raise Problem(
            f"`{base}` নামটায় রেকর্ডের সংখ্যা লেখা নেই। নাম হওয়ার কথা এমন: "
            f"{shard_name('flowers-train', 3, 8, 245)}।"
        )
    return {key: value if key == "set" else int(value) for key, value in match.groupdict().items()}


def find(folder: str | os.PathLike, name: str = "") -> list[str]:
    """The paths of a folder's shards, in order; also of a folder on gs://.

    Says so when some of the shards that the names promise are missing.

    Args:
        folder: where to look.
        name: only shards whose names begin with this, such as "flowers-train".

    Raises:
        Problem: there are none.
    """
    import tensorflow as tf

    folder = os.fspath(folder)
    try:
        inside = sorted(tf.io.gfile.listdir(folder))
    except tf.errors.OpError as error:
        raise Problem(f"`{folder}` ফোল্ডারটা খোলা গেল না। ফোল্ডারের নাম আর পড়ার অনুমতি দেখুন।") from error
    names = [n for n in inside if n.startswith(name) and n.endswith(".tfrec")]
    if not names:
        raise Problem(f"`{folder}` ফোল্ডারে {name or '*'}….tfrec নামে কোনো শার্ড নেই।")
    promised: dict[str, tuple[int, set[int]]] = {}
    for match in filter(None, map(_NAME.fullmatch, names)):
        seen = promised.setdefault(match["set"], (int(match["shards"]), set()))[1]
        seen.add(int(match["shard"]))
    for of, seen in promised.values():
        if len(seen) < of:
            print(
                f"`{folder}` ফোল্ডারে {bn(of)}টির মধ্যে {bn(len(seen))}টি শার্ড আছে। লেখা সম্ভবত মাঝপথে থেমে "
                "গিয়েছিল: যেগুলো আছে সেগুলো দিয়েই চলছি।"
            )
    return [f"{folder}/{n}" for n in names]


# --- writing ----------------------------------------------------------------------------


def write(
    items: Sequence[Any],
    encode: Callable[[Any], bytes],
    folder: str | os.PathLike,
    name: str,
    shards: int = 16,
    progress: bool = True,
) -> list[str]:
    """Writes one record for each item, shared out evenly among shards, with a progress bar.

    A shard is written under another name and gets its own only when it is whole: however the
    writing ends, every .tfrec file can be read to its end. Shards of the same name that were
    there before are removed first.

    Args:
        items: whatever `encode` takes, in the order in which they are dealt out; shuffle first.
        encode: makes a serialized Example of an item, several at a time in threads; when it
            raises Problem, the item is left out and its sentence is printed.
        folder: where to write; made if need be.
        name: how the shards' names begin, such as "flowers-train".
        shards: how many; never more than there are items.
        progress: False shows no bar.

    Returns:
        The shards' paths.

    Raises:
        DiskProblem: the folder cannot be written to, or the disk is full.
    """
    from tqdm import tqdm

    shards = max(1, min(shards, len(items)))
    folder = Path(folder)
    paths, left_out = [], 0

    def try_encode(item: Any) -> bytes | Problem:
        try:
            return encode(item)
        except Problem as problem:
            return problem

    with _disk_problems(folder):
        folder.mkdir(parents=True, exist_ok=True)
        for old in [*folder.glob(f"{name}-*-of-*.tfrec"), *folder.glob(f".{name}-*.part")]:
            old.unlink()
    bar = tqdm(
        total=len(items),
        file=sys.stdout,
        desc=name,
        leave=False,
        delay=1,
        mininterval=0.5,
        disable=not progress,
    )
    with ThreadPoolExecutor(os.cpu_count()) as pool, bar:
        for shard in range(shards):
            records = []
            for record in pool.map(try_encode, items[shard::shards]):
                bar.update()
                if isinstance(record, Problem):
                    left_out += 1
                    if left_out <= 5:
                        bar.write(str(record), file=sys.stdout)
                else:
                    records.append(record)
            target = folder / shard_name(name, shard, shards, len(records))
            write_shard(records, target)
            paths.append(str(target))
    if left_out:
        print(f"{bn(left_out)}টি বাদ গেল, {bn(count(paths))}টি লেখা হলো।")
    return paths


def write_shard(records: Iterable[bytes], path: str | os.PathLike) -> None:
    """Writes one shard; the file is there whole or not at all.

    Args:
        records: serialized Examples.
        path: the shard's own name; see `shard_name`.

    Raises:
        DiskProblem: the disk is full, or refuses.
    """
    import tensorflow as tf

    path = Path(path)
    part = path.with_name(f".{path.name}.part")
    try:
        with _disk_problems(path.parent):
            with tf.io.TFRecordWriter(str(part)) as writer:
                for record in records:
                    writer.write(record)
            os.replace(part, path)
    finally:  # also after Ctrl-C; after a success there is nothing to remove
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)


@contextlib.contextmanager
def _disk_problems(folder: Path):
    import errno

    import tensorflow as tf

    try:
        yield
    except (OSError, tf.errors.OpError) as error:
        full = getattr(error, "errno", None) == errno.ENOSPC or isinstance(
            error, tf.errors.ResourceExhaustedError
        )
        raise DiskProblem(
            "শার্ড লেখা গেল না, কারণ ডিস্কে জায়গা নেই। জায়গা খালি করে সেলটা আবার চালান।"
            if full
            else f"শার্ড লেখা গেল না, কারণ `{folder}` ফোল্ডারে লেখা যাচ্ছে না। এমন একটা ফোল্ডার দিন যেখানে লেখা যায়।"
        ) from error


# --- reading ----------------------------------------------------------------------------


def read(
    paths: Sequence[str | os.PathLike],
    image_size: int | None = None,
    batch_size: int | None = None,
    *,
    shuffle: int = 0,
    drop_remainder: bool = True,
    classes: int = 5,
    on_error: str = "skip",
    deterministic: bool = True,
    index: int = 0,
    of: int = 1,
) -> Any:
    """Shards as a tf.data.Dataset of (uint8 image, int64 class).

    Several shards are read at once and take turns. The dataset knows how many elements it
    has. Nothing is cached: that is the caller's to choose.

    Args:
        paths: the shards; see `find`.
        image_size: every picture's middle square, (image_size, image_size, 3); None leaves
            each at its own size.
        batch_size: makes batches, faster than `.batch` would afterwards: a whole batch is
            parsed at once, and pixels are copied once. None gives one picture at a time.
        shuffle: how many records the shuffling holds; they are small before they are decoded.
        drop_remainder: True leaves out a last batch that is not full, as a TPU wants it.
        classes: records whose class is not in 0 to classes - 1 count as corrupt.
        on_error: what to do about corrupt records, found by reading all shards through once
            before the first picture comes. "skip" leaves them out, keeps the others and says
            how many; "stop" raises; "trust" looks for none (right for huge or distant
            shards): TensorFlow then fails when it meets one.
        deterministic: False lets whichever picture is ready first go first.
        index, of: only this worker's share, number `index` of `of`: whole shards if they can
            be dealt out evenly, else every of-th record.

    Raises:
        Problem: no shards, no such share, nothing readable, or a corrupt record with "stop".
    """
    import tensorflow as tf

    paths = [os.fspath(path) for path in paths]
    if not paths:
        raise Problem("কোনো শার্ড দেওয়া হয়নি। আগে `tfrecords.find(folder)` দিয়ে শার্ডগুলো খুঁজুন।")
    if not 0 <= index < of:
        raise Problem(f"index={index}, of={of} দিয়ে ভাগ হয় না। index হবে 0 থেকে {max(of, 1) - 1}।")
    if on_error not in ("skip", "stop", "trust"):
        raise Problem(f'on_error={on_error!r} চেনা গেল না। "skip", "stop" বা "trust" লিখুন।')
    by_shard = len(paths) % of == 0
    if by_shard:
        paths = paths[index::of]
    if on_error == "trust":
        number, fits = count(paths), False
    else:
        found = inspect(paths, classes)
        _say_what_is_wrong(found, on_error)
        fits = {shard.size for shard in found if shard.good} == {(image_size, image_size)}
        paths, number = [shard.path for shard in found if shard.good], sum(s.good for s in found)
        if not number:
            raise Problem("শার্ডগুলোতে একটাও ভালো রেকর্ড নেই। ফাইলগুলো আবার কপি করুন।")
    cores = os.cpu_count() or 1
    dataset = tf.data.Dataset.from_tensor_slices(paths).interleave(
        tf.data.TFRecordDataset,
        cycle_length=min(16, len(paths)),
        block_length=8,  # fewer changes from one shard to the next
        num_parallel_calls=min(cores, len(paths)),
        deterministic=deterministic,
    )
    if not by_shard:
        dataset, number = dataset.shard(of, index), len(range(index, number, of))

    if shuffle:
        dataset = dataset.shuffle(shuffle)
    if batch_size is None:
        dataset = dataset.map(
            lambda record: _load(record, image_size, fits),
            num_parallel_calls=cores,
            deterministic=deterministic,
        )
    else:
        dataset = dataset.batch(batch_size, drop_remainder=drop_remainder).map(
            lambda records: _load_batch(records, image_size, fits),
            num_parallel_calls=cores,
            deterministic=deterministic,
        )
        number = number // batch_size if drop_remainder else -(-number // batch_size)
    return dataset.apply(tf.data.experimental.assert_cardinality(number))


def _load(record: Any, image_size: int | None, fits: bool) -> tuple[Any, Any]:
    image, number = parse(record)
    return decode(image, image_size, fits), number


def _load_batch(records: Any, image_size: int | None, fits: bool) -> tuple[Any, Any]:
    import tensorflow as tf

    images, numbers = parse(records)
    shape = tf.TensorSpec((image_size, image_size, 3), tf.uint8)
    decoded = tf.map_fn(
        lambda image: decode(image, image_size, fits),
        images,
        fn_output_signature=shape,
        parallel_iterations=1,  # the batches are parallel already
    )
    return decoded, numbers


def _say_what_is_wrong(found: Sequence[Shard], on_error: str) -> None:
    for shard in filter(lambda shard: shard.bad, found):
        reasons = ", ".join(f"{bn(n)}টি {reason}" for reason, n in shard.bad.items())
        sentence = f"`{Path(shard.source).name}`-এ নষ্ট রেকর্ড পাওয়া গেছে: {reasons}।"
        if on_error == "stop":
            raise Problem(f'{sentence} তাই থামলাম। on_error="skip" দিলে নষ্টগুলো বাদ দিয়ে ভালোগুলো পড়ব।')
        print(f"{sentence} সেগুলো বাদ দিয়ে বাকি {bn(shard.good)}টি পড়ছি।")


def read_raw(paths: Sequence[str | os.PathLike], classes: int = 5) -> list[bytes]:
    """The serialized Examples of shards, those that can be read; for sets that fit the memory."""
    import tensorflow as tf

    found = inspect(paths, classes)
    _say_what_is_wrong(found, "skip")
    dataset = tf.data.TFRecordDataset([shard.path for shard in found])
    return list(dataset.as_numpy_iterator())


# --- damage -----------------------------------------------------------------------------


@dataclass(frozen=True)
class Shard:
    """What `inspect` found in one shard.

    Attributes:
        source: the shard's path.
        path: what to read: the shard, or a mended copy of it in a temporary folder.
        good: how many records can be read.
        bad: how many cannot, by a Bengali reason.
        size: (height, width) of the pictures, if all have the same and none was mended.
    """

    source: str
    path: str
    good: int
    bad: dict[str, int]
    size: tuple[int, int] | None = None


_CUT = "মাঝপথে কাটা"
_BYTES = "বাইট বদলে যাওয়া"
_SCHEMA = "অন্য রকম সাজানো (image বা class নেই)"
_CLASS = "অচেনা ক্লাসের"
_PICTURE = "ছবি হিসেবে পড়া যায় না এমন"
_MISSING = "নামে লেখা আছে অথচ ফাইলে নেই এমন"

_inspected: dict[tuple, Shard] = {}


def inspect(paths: Iterable[str | os.PathLike], classes: int = 5) -> list[Shard]:
    """Reads shards through and tells the good records from the corrupt ones.

    A shard that holds corrupt records, or pictures that are no plain JPEGs, is copied to a
    temporary folder without the former and with the latter mended; the folder goes when Python
    ends. A shard that has been looked at and has not changed is not read again.

    Raises:
        Problem: a file cannot be read at all, or the copy cannot be written.
    """
    import tensorflow as tf

    found = []
    for path in map(os.fspath, paths):
        try:
            stat = tf.io.gfile.stat(path)
            key = (path, stat.length, stat.mtime_nsec, classes)
            known = _inspected.get(key)
            if known is None or not tf.io.gfile.exists(known.path):
                known = _inspected[key] = _look_into(path, classes)
        except (OSError, tf.errors.OpError) as error:
            raise Problem(f"`{path}` ফাইলটা পড়া গেল না। ফাইলের নাম আর পড়ার অনুমতি দেখুন।") from error
        found.append(known)
    return found


def _look_into(path: str, classes: int) -> Shard:
    import tensorflow as tf

    match = _NAME.fullmatch(Path(path).name)
    promised = int(match["count"]) if match else None
    try:
        found = _count_healthy()(tf.constant(path), tf.constant(classes, tf.int64))
        good, smallest, largest = (part.numpy().tolist() for part in found)
        sound = promised is None or good >= promised
    except tf.errors.OpError:
        sound = False
    if sound:
        return Shard(path, path, good, {}, tuple(largest) if smallest == largest else None)
    bad: Counter[str] = Counter()
    records = []
    with tf.io.gfile.GFile(path, "rb") as file:
        data = file.read()
    for record in _frames(data, bad):
        mended = _mended(record, classes, bad)
        if mended:
            records.append(mended)
    missing = (promised or 0) - len(records) - sum(bad.values())
    if missing > 0:
        bad[_MISSING] += missing
    copy = Path(tempfile.mkdtemp(dir=temporary_folder())) / Path(path).name
    write_shard(records, copy)
    return Shard(path, str(copy), len(records), dict(bad))


@functools.cache
def _count_healthy() -> Callable:
    """Counts a shard's records; fails at the first that `read` could not read as it is.

    Returns (records, smallest height and width, largest height and width).
    """
    import tensorflow as tf

    def look(record: Any, classes: Any) -> Any:
        image, number = parse(record)
        tf.debugging.assert_less(number, classes)
        tf.debugging.assert_non_negative(number)
        return _decodes(image)

    @tf.function(
        input_signature=[tf.TensorSpec([], tf.string), tf.TensorSpec([], tf.int64)], autograph=False
    )
    def count_healthy(path: Any, classes: Any) -> Any:
        dataset = tf.data.TFRecordDataset(path).map(
            lambda record: look(record, classes), num_parallel_calls=os.cpu_count() or 1
        )
        none = tf.zeros(2, tf.int32)
        return dataset.reduce(
            (np.int64(0), none + tf.int32.max, none),
            lambda so_far, size: (
                so_far[0] + 1, tf.minimum(so_far[1], size), tf.maximum(so_far[2], size)
            ),
        )  # fmt: skip

    return count_healthy


def _decodes(image: Any) -> Any:
    """(height, width), or an error if the bytes are no JPEG or one too large; for `Dataset.map`."""
    import tensorflow as tf

    shape = tf.io.extract_jpeg_shape(image)  # fails if it is no JPEG
    small = tf.debugging.assert_less(shape[0] * shape[1], HUGE)
    with tf.control_dependencies([small] if small is not None else []):
        image = tf.identity(image)
    return tf.shape(decode(image))[:2]


@functools.cache
def temporary_folder() -> str:
    """A folder that goes when Python ends."""
    folder = tempfile.mkdtemp(prefix="keras-bangla-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


def _mended(record: bytes, classes: int, bad: Counter[str]) -> bytes | None:
    """The record with its picture as a plain JPEG; None, and counted, if there is no help."""
    import tensorflow as tf
    from google.protobuf.message import DecodeError

    try:
        parsed = tf.train.Example.FromString(record)
    except DecodeError:
        bad[_SCHEMA] += 1
        return None
    feature = parsed.features.feature
    images = feature["image"].bytes_list.value
    numbers = feature["class"].int64_list.value
    if len(images) != 1 or len(numbers) != 1:
        bad[_SCHEMA] += 1
        return None
    if not 0 <= numbers[0] < classes:
        bad[_CLASS] += 1
        return None
    try:
        plain = plain_jpeg(images[0], "image")
    except Problem:
        bad[_PICTURE] += 1
        return None
    if plain is images[0]:
        return record
    feature["image"].bytes_list.value[0] = plain
    return parsed.SerializeToString()


def plain_jpeg(data: bytes, name: str) -> bytes:
    """The bytes themselves if TensorFlow can decode them as a JPEG, else a JPEG made of them.

    Args:
        data: what a picture's file holds.
        name: what to call the picture in a message.

    Raises:
        Problem: they are no picture.
    """
    import tensorflow as tf

    try:
        height, width, _ = tf.io.extract_jpeg_shape(data).numpy().tolist()
        if height * width < HUGE and tf.size(decode(data)) > 0:
            return data
    except tf.errors.OpError:
        pass
    return to_jpeg(data, name)


def all_plain_jpegs(paths: Sequence[str]) -> bool:
    """True if TensorFlow can decode every one of these files as a JPEG of a usual size."""
    import tensorflow as tf

    dataset = tf.data.Dataset.from_tensor_slices(list(paths)).map(
        lambda path: _decodes(tf.io.read_file(path)), num_parallel_calls=os.cpu_count() or 1
    )
    try:
        return int(dataset.reduce(np.int64(0), lambda total, _: total + 1)) == len(paths)
    except tf.errors.OpError:
        return False


def _frames(data: bytes, bad: Counter[str]) -> Iterable[bytes]:
    """The records of a TFRecord file that are whole, also those behind damaged ones.

    A record is framed by its length (8 bytes), the length's checksum (4), and its own (4).
    Where a length is damaged, the next place with a length and the right checksum for it is
    sought.
    """
    at = 0
    while at < len(data):
        if len(data) - at < 12:
            bad[_CUT] += 1
            return
        if _masked_crc(data[at : at + 8]) != struct.unpack_from("<I", data, at + 8)[0]:
            bad[_BYTES] += 1
            at = _next_frame(data, at + 1)
            continue
        length = struct.unpack_from("<Q", data, at)[0]
        end = at + 12 + length
        if end + 4 > len(data):
            bad[_CUT] += 1
            at = _next_frame(data, at + 1)
            continue
        record = data[at + 12 : end]
        if _masked_crc(record) == struct.unpack_from("<I", data, end)[0]:
            yield record
            at = end + 4
        else:  # bytes may also have been lost: the next record may begin before `end`
            bad[_BYTES] += 1
            at = _next_frame(data, at + 12)


def _next_frame(data: bytes, at: int) -> int:
    """The first place from `at` on where a length stands with its right checksum."""
    rest = np.frombuffer(data, "uint8")[at:]
    if len(rest) < 16:
        return len(data)
    # No record is longer than what is left, so the upper bytes of a length are zero.
    zeros = np.ones(len(rest) - 15, bool)
    for byte in range(4, 8):
        zeros &= rest[byte : byte + len(zeros)] == 0
    for offset in np.flatnonzero(zeros):
        place = at + int(offset)
        (length,) = struct.unpack_from("<Q", data, place)
        if (
            place + 16 + length <= len(data)
            and _masked_crc(data[place : place + 8]) == struct.unpack_from("<I", data, place + 8)[0]
        ):
            return place
    return len(data)


@functools.cache
def _crc_table() -> list[int]:
    table = []
    for byte in range(256):
        for _ in range(8):
            byte = (byte >> 1) ^ (0x82F63B78 if byte & 1 else 0)  # CRC-32C, Castagnoli
        table.append(byte)
    return table


def _masked_crc(data: bytes) -> int:
    """CRC-32C as TFRecord stores it: rotated and shifted by a constant."""
    table, crc = _crc_table(), 0xFFFFFFFF
    for byte in data:
        crc = table[(crc ^ byte) & 0xFF] ^ (crc >> 8)
    crc ^= 0xFFFFFFFF
    return (((crc >> 15) | (crc << 17)) + 0xA282EAD8) & 0xFFFFFFFF
