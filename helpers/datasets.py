"""Finds each named data set, and says in one Bengali line where it came from.

The ladder, from the first rung that holds:
1. the folder that the environment variable KERAS_BANGLA_DATA names,
2. the cache of an earlier download (KERAS_BANGLA_CACHE moves it),
3. the download, checked against its checksum (KERAS_BANGLA_OFFLINE=1 leaves it out),
4. the sample embedded in data/.

Every rung gives a file or folder of the same kind, so one reader serves all four.
"""

from __future__ import annotations

import contextlib
import csv
import errno
import functools
import hashlib
import os
import shutil
import sys
import tarfile
import tempfile
import unicodedata
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from helpers import runtime, tfrecords
from helpers.messages import Problem, bn
from helpers.pictures import read_picture, to_jpeg

__all__ = [
    "DEPARTMENTS", "DEPARTMENT_NAMES", "FLOWER_NAMES", "FLOWER_NAMES_BN", "TICKET_TAGS",
    "bangla_digits", "flower_folder", "flowers", "read_picture", "tickets",
]  # fmt: skip

EMBEDDED = Path(__file__).resolve().parent.parent / "data"


@dataclass(frozen=True)
class File:
    """One file to download: its name in the data set's folder, address and checksum.

    An archive is unpacked, and `unpacked` names the folder inside it that stands for the data
    set; on the other rungs that is the data set's folder itself.
    """

    name: str
    url: str
    sha256: str
    unpacked: str = ""

    def below(self, folder: Path) -> Path:
        """Where the file, or what it unpacks to, lies in a data set's folder."""
        return folder if self.unpacked else folder / self.name


@dataclass(frozen=True)
class DataSet:
    """A named data set: its folder's name on every rung, its Bengali name, its files."""

    folder: str
    title: str
    files: dict[str, File]
    sample_note: str


# CMATERdb 3.1.1 (Jadavpur University), as packed by github.com/prabhuomkar/CMATERdb;
# free for non-commercial use. Checksums: tensorflow_datasets' `cmaterdb`.
_CMATER = "https://raw.githubusercontent.com/prabhuomkar/CMATERdb/master/datasets/bangla-numerals/"
BANGLA_DIGITS = DataSet(
    folder="bangla-digits",
    title="বাংলা অঙ্ক",
    files={
        "train": File(
            "training-images.npz",
            _CMATER + "training-images.npz",
            "502957392649eecad013ac425b54fecc6d06dbc06bc647a46b0cfc6b96e2c130",
        ),
        "test": File(
            "testing-images.npz",
            _CMATER + "testing-images.npz",
            "d1c9780ba5decc135175a021bd29961cd7316db009f428d8c04b84ba36a6d67a",
        ),
    },
    sample_note="সঙ্গে দেওয়া নমুনা, কম্পিউটারে আঁকা, আসল হাতের লেখা নয়",
)


def bangla_digits(split: str = "train") -> tuple[np.ndarray, np.ndarray]:
    """Handwritten Bengali digits, black ink on white paper.

    Args:
        split: "train" (5,000 real images) or "test" (1,000); the embedded sample has fewer.

    Returns:
        images, uint8 of shape (n, 32, 32), 0 is ink and 255 is paper; and labels, int64 of
        shape (n,), the digit 0 to 9.

    Raises:
        ValueError: no such split.
    """
    if split not in BANGLA_DIGITS.files:
        raise ValueError(f"split={split!r} নেই। 'train' বা 'test' লিখুন।")
    (images, labels), where = _from_first_rung(BANGLA_DIGITS, split, _read_digits)
    print(f"{BANGLA_DIGITS.title}: {bn(len(images))}টি ছবি, {where}।")
    return images, labels


def _read_digits(path: Path) -> tuple[np.ndarray, np.ndarray]:
    with np.load(path) as archive:
        images, labels = archive["images"], archive["labels"]
    if images.ndim == 4:  # CMATERdb repeats the same grey value in three channels
        images = images[..., 0]
    if images.shape[1:] != (32, 32) or len(images) != len(labels) or len(images) == 0:
        raise ValueError(f"images {images.shape}, labels {labels.shape}")
    return images.astype("uint8"), labels.astype("int64")


#: The tickets' departments, in the order of their numbers, and their Bengali names.
DEPARTMENTS = ("payment", "technical", "account", "delivery", "information", "complaint")
DEPARTMENT_NAMES = ("টাকাপয়সা", "কারিগরি", "অ্যাকাউন্ট", "ডেলিভারি", "তথ্য", "অভিযোগ")
#: The tags that a ticket's writer may tick.
TICKET_TAGS = (
    "টাকা", "কার্ড", "অ্যাপ", "ওয়েবসাইট", "পাসওয়ার্ড", "নেটওয়ার্ক",
    "পার্সেল", "কাগজপত্র", "কর্মী", "নিরাপত্তা", "পরীক্ষা", "প্রশ্ন",
)  # fmt: skip


def tickets() -> dict[str, np.ndarray]:
    """3,000 invented Bengali support tickets, always the ones embedded in data/tickets.

    Returns:
        A dictionary of arrays, each of shape (3000,). "title", "body" and "tags" are text;
        "tags" joins some of TICKET_TAGS by "|" and may be empty. "priority" is int64, 1 for
        urgent; "department" is int64, a number in DEPARTMENTS.
    """
    with (EMBEDDED / "tickets" / "tickets.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    print(f"অভিযোগের টিকিট: {bn(len(rows))}টি, সঙ্গে দেওয়া, প্রোগ্রামে বানানো, সত্যিকারের কারও চিঠি নয়।")
    table = {name: np.array([row[name] for row in rows]) for name in ("title", "body", "tags")}
    table["priority"] = np.array([int(row["priority"]) for row in rows], dtype="int64")
    table["department"] = np.array(
        [DEPARTMENTS.index(row["department"]) for row in rows], dtype="int64"
    )
    return table


#: The flowers in the order of their numbers, and their Bengali names.
FLOWER_NAMES = ("daisy", "dandelion", "roses", "sunflowers", "tulips")
FLOWER_NAMES_BN = ("ডেইজি", "ড্যান্ডেলিয়ন", "গোলাপ", "সূর্যমুখী", "টিউলিপ")

# 3,670 photographs under Creative Commons licences (LICENSE.txt inside names each author).
# Address and checksum: tensorflow_datasets' `tf_flowers`.
FLOWERS = DataSet(
    folder="flowers",
    title="ফুল",
    files={
        "photos": File(
            "flower_photos.tgz",
            "http://download.tensorflow.org/example_images/flower_photos.tgz",
            "4c54ace7911aaffe13a365c34f650e71dd5bf1be0a58b464e5a7183e3e595d9c",
            unpacked="flower_photos",
        )
    },
    sample_note="সঙ্গে দেওয়া নমুনা, কম্পিউটারে আঁকা, আসল ফটো নয়",
)
_PICTURE_KINDS = {".jpg", ".jpeg", ".png", ".webp", ".bmp", ".gif", ".tif", ".tiff"}
_VALIDATION_SHARE = 0.2
_SPLIT_SEED = "flowers 42"  # another seed is another split: never change it
_FAST_PICTURES = {"train": 64, "validation": 64}  # two batches of 32
_SPLIT_NAMES = {"train": "শেখার", "validation": "যাচাইয়ের"}


def flowers(split: str = "train", image_size: int = 192, deterministic: bool = True) -> Any:
    """Pictures of five kinds of flowers as a tf.data.Dataset.

    A folder of its own may hold class folders of pictures (daisy, dandelion, …, or ডেইজি, …)
    or TFRecord shards. Pictures from class folders are cut to squares and written once as
    shards into the cache, so that reading them again is fast. A picture's name decides its
    split, so it is the same in every subset, order and copy; a picture that is in
    "validation", under whatever name, is never in "train".

    In the fast mode of tests only the first few batches' worth of pictures come.

    Args:
        split: "train" (about four fifths) or "validation".
        image_size: side of the square pictures in pixels.
        deterministic: False lets the pictures come in a slightly different order each time.

    Returns:
        A dataset of (uint8 image of shape (image_size, image_size, 3), int64 class), one
        picture at a time, whose cardinality is known. Neither shuffled nor batched nor cached.

    Raises:
        ValueError: no such split.
    """
    if split not in _SPLIT_NAMES:
        raise ValueError(f"split={split!r} নেই। 'train' বা 'validation' লিখুন।")
    read = functools.partial(_read_flowers, split=split, image_size=image_size)
    paths, where = _from_first_rung(FLOWERS, "photos", read)
    dataset = tfrecords.read(paths, image_size, deterministic=deterministic)
    if runtime.is_fast():
        dataset = dataset.take(_FAST_PICTURES[split])
    number = int(dataset.cardinality())
    print(f"{FLOWERS.title}: {_SPLIT_NAMES[split]} জন্য {bn(number)}টি ছবি, {where}।")
    return dataset


def flower_folder() -> Path:
    """A folder with five class folders of JPEGs, for lessons that read the files themselves.

    The learner's own folder or the download as it is, if every picture in it can be read;
    otherwise a temporary copy of those that can, or of the sample's pictures.
    """
    folder, where = _from_first_rung(FLOWERS, "photos", _as_class_folders)
    number = sum(1 for _ in folder.glob("*/*.jpg"))
    print(f"{FLOWERS.title}: {bn(number)}টি ছবি, {where}।")
    return folder


@dataclass(frozen=True)
class _Picture:
    """A picture of a known class: a file, or bytes from a shard."""

    key: str
    number: int
    path: Path | None = None
    data: bytes = b""

    def read(self) -> bytes:
        """Raises Problem if the file cannot be read."""
        try:
            return self.path.read_bytes() if self.path else self.data
        except OSError as error:
            raise Problem(f"`{self.path}` ফাইলটা পড়া গেল না। পড়ার অনুমতি আছে কি না দেখুন।") from error

    @property
    def in_validation(self) -> bool:
        text = unicodedata.normalize("NFC", f"{_SPLIT_SEED}/{self.key}")
        digest = hashlib.sha256(text.encode()).digest()
        return int.from_bytes(digest[:8], "big") < _VALIDATION_SHARE * 2**64


def _read_flowers(folder: Path, split: str, image_size: int) -> list[str]:
    """The paths of the shards that hold a split of a folder, made if need be.

    Raises:
        Problem: the folder holds no picture that can be read, or nowhere can be written.
    """
    shards = sorted(folder.glob("*.tfrec"))
    named = {s: [str(p) for p in shards if f"-{s}-" in p.name] for s in _SPLIT_NAMES}
    if all(named.values()):
        found = tfrecords.inspect(named[split], len(FLOWER_NAMES))
        if not any(shard.good for shard in found):
            raise Problem(f"`{folder}` ফোল্ডারের শার্ডগুলোতে একটাও ভালো রেকর্ড নেই। ফাইলগুলো আবার কপি করুন।")
        return named[split]
    pictures = _pictures_of_shards(shards) if shards else _pictures_of_class_folders(folder)
    stamp = hashlib.sha256(f"1 {image_size}".encode())
    for picture in pictures:
        stat = picture.path.stat() if picture.path else None
        size = (stat.st_size, stat.st_mtime_ns) if stat else len(picture.data)
        stamp.update(f"{picture.key} {picture.number} {size}\n".encode())
    name = f"{split}-{image_size}-{stamp.hexdigest()[:12]}"
    home = cache_folder() / FLOWERS.folder / name
    if home.is_dir():
        notes = home / "notes.txt"
        print(notes.read_text(encoding="utf-8") if notes.is_file() else "", end="")
        return tfrecords.find(home)
    try:
        _write_split(pictures, split, image_size, home)
    except (OSError, tfrecords.DiskProblem):
        print(
            "ছবিগুলো ক্যাশ ফোল্ডারে রাখা গেল না, তাই এবারের মতো অস্থায়ী ফোল্ডারে রাখছি। পরের বার সময় বাঁচাতে "
            "KERAS_BANGLA_CACHE-এ এমন একটা ফোল্ডার দিন যেখানে লেখা যায়, আর জায়গা আছে।"
        )
        home = Path(tfrecords.temporary_folder()) / name
        if not home.is_dir():
            try:
                _write_split(pictures, split, image_size, home)
            except OSError as error:
                raise Problem("অস্থায়ী ফোল্ডারেও লেখা গেল না। ডিস্কে জায়গা খালি করুন।") from error
    return tfrecords.find(home)


def _pictures_of_class_folders(folder: Path) -> list[_Picture]:
    """Every picture file in the folder's class folders.

    Raises:
        Problem: there are too few for a split.
    """
    pictures = []
    below = {
        unicodedata.normalize("NFC", entry.name).strip().casefold(): entry
        for entry in sorted(folder.iterdir())
        if entry.is_dir()
    }
    for number, names in enumerate(zip(FLOWER_NAMES, FLOWER_NAMES_BN, strict=True)):
        before = len(pictures)
        for name in names:
            if name in below:
                pictures += [
                    _Picture(f"{names[0]}/{path.name}", number, path)
                    for path in sorted(below[name].iterdir())
                    if path.suffix.lower() in _PICTURE_KINDS and path.is_file()
                ]
        if len(pictures) == before:
            what = "কোনো ছবি নেই" if set(names) & set(below) else "এই নামের ফোল্ডার নেই"
            print(f"`{folder}`-এ {names[0]}: {what}, তাই {names[1]} ছাড়াই চলছি।")
    _enough(pictures, folder)
    return pictures


def _pictures_of_shards(shards: Sequence[Path]) -> list[_Picture]:
    """The pictures of shards whose names tell no split; their contents decide it."""
    import tensorflow as tf

    found = tfrecords.read_raw(shards, len(FLOWER_NAMES))
    pictures = []
    for record in found:
        image, number = (value.numpy() for value in tfrecords.parse(tf.constant(record)))
        pictures.append(_Picture(hashlib.sha256(image).hexdigest(), int(number), data=image))
    _enough(pictures, shards[0].parent)
    return pictures


def _enough(pictures: Sequence[_Picture], folder: Path) -> None:
    if len({picture.in_validation for picture in pictures}) < 2:
        raise Problem(
            f"`{folder}`-এ ফুলের ছবি পাওয়া গেল {bn(len(pictures))}টি। শেখার আর যাচাইয়ের জন্য ভাগ করতে আরও ছবি লাগবে, "
            f"{', '.join(FLOWER_NAMES)} নামের পাঁচটি ফোল্ডারে।"
        )


def _write_split(pictures: Sequence[_Picture], split: str, image_size: int, home: Path) -> None:
    """Writes a split's pictures, cut to squares, as shards into a new folder.

    Raises:
        OSError, tfrecords.DiskProblem: the disk is full or refuses.
    """
    validation = [picture for picture in pictures if picture.in_validation]
    chosen = validation
    if split == "train":
        # The same photograph sometimes stands there twice, under two names.
        twice = set(map(_content, validation))
        rest = [picture for picture in pictures if not picture.in_validation]
        chosen = [picture for picture in rest if _content(picture) not in twice]
    # Sorted by content, the pictures are shuffled, and the same way in every copy.
    chosen = sorted(chosen, key=_content)

    def encode(picture: _Picture) -> bytes:
        name = str(picture.path or picture.key)
        jpeg = to_jpeg(picture.read(), name, image_size)
        return tfrecords.example(jpeg, picture.number, FLOWER_NAMES, (image_size, image_size))

    with _whole_folder(home) as part:
        paths = tfrecords.write(chosen, encode, part, f"flowers-{split}", shards=8)
        left_out = len(chosen) - tfrecords.count(paths)
        if left_out:
            note = f"{bn(left_out)}টি ছবি পড়া যায়নি, তাই বাদ গেছে।\n"
            (part / "notes.txt").write_text(note, encoding="utf-8")


def _content(picture: _Picture) -> str:
    try:
        return hashlib.sha256(picture.read()).hexdigest()
    except Problem:  # said later, when it is written
        return picture.key


def _as_class_folders(folder: Path) -> Path:
    """The folder itself if it holds nothing but readable JPEGs by class; else a copy that does."""
    shards = sorted(folder.glob("*.tfrec"))
    if not shards:
        pictures = _pictures_of_class_folders(folder)
        plain = all(
            picture.path.suffix == ".jpg"
            and picture.path.parent == folder / FLOWER_NAMES[picture.number]
            for picture in pictures
        )
        if plain and tfrecords.all_plain_jpegs([str(picture.path) for picture in pictures]):
            return folder
    else:
        pictures = _pictures_of_shards(shards)
    copy = Path(tempfile.mkdtemp(dir=tfrecords.temporary_folder()))
    left_out = 0
    for name in FLOWER_NAMES:
        (copy / name).mkdir()
    for i, picture in enumerate(pictures):
        target = copy / FLOWER_NAMES[picture.number] / f"{i:05d}.jpg"
        try:
            target.write_bytes(tfrecords.plain_jpeg(picture.read(), str(picture.path)))
        except Problem as problem:
            left_out += 1
            if left_out <= 5:
                print(problem)
    if left_out:
        print(f"{bn(left_out)}টি ছবি পড়া যায়নি, তাই বাদ গেছে।")
    return copy


# --- the ladder ---------------------------------------------------------------------


def _from_first_rung(data: DataSet, key: str, read: Callable[[Path], Any]) -> tuple[Any, str]:
    """(what `read` made of the first good file or folder, where it came from in Bengali)."""
    file = data.files[key]
    folder = os.environ.get("KERAS_BANGLA_DATA")
    if folder:
        path = file.below(Path(folder).expanduser() / data.folder)
        if path.exists():
            try:
                where = path if path.is_dir() else path.parent
                return read(path), f"আপনার দেওয়া ফোল্ডার থেকে ({where})"
            except Problem as problem:
                print(f"{problem} আপাতত অন্য জায়গায় খুঁজছি।")
            except (ValueError, KeyError, OSError, EOFError, zipfile.BadZipFile):
                print(f"{path} ফাইলটা ভাঙা বা অন্য রকম, তাই পড়া গেল না। ফাইলটা আবার কপি করুন।")
        else:
            missing = data.folder if file.unpacked else f"{data.folder}/{file.name}"
            print(
                f"KERAS_BANGLA_DATA-তে {missing} নেই ({folder})। "
                "ফোল্ডারের নামটা মিলিয়ে দেখুন। আপাতত অন্য জায়গায় খুঁজছি।"
            )
    path = _download(data, file)
    if path:
        try:
            return read(path), "আসল ডেটাসেট থেকে"
        except Problem as problem:
            print(f"{problem} আপাতত সঙ্গে দেওয়া নমুনা দিয়ে চলছি।")
    return read(file.below(EMBEDDED / data.folder)), data.sample_note


def cache_folder() -> Path:
    """Where downloads are kept: KERAS_BANGLA_CACHE, or the system's cache folder."""
    import pooch

    return Path(os.environ.get("KERAS_BANGLA_CACHE") or pooch.os_cache("keras-bangla"))


def _download(data: DataSet, file: File) -> Path | None:
    """The checked file in the cache, downloaded if need be; None, and a sentence, if not.

    Pooch writes to a temporary file and moves it into place only when the checksum is
    right, so a broken line leaves nothing half-written behind. An archive is unpacked in
    the same way, and then removed.
    """
    import pooch
    import requests
    from tqdm import tqdm

    target = cache_folder() / data.folder / file.name
    unpacked = target.parent / file.unpacked
    if file.unpacked and unpacked.is_dir():
        return unpacked
    if os.environ.get("KERAS_BANGLA_OFFLINE", "") not in ("", "0") and not target.is_file():
        return None
    # Jupyter shows stderr in red, and a learner takes it for an error: the bar goes to stdout,
    # Pooch's log nowhere.
    pooch.get_logger().setLevel("ERROR")
    bar = tqdm(
        total=0, unit="B", unit_scale=True, file=sys.stdout, desc=file.name, leave=False, delay=0.5
    )
    try:
        path = Path(
            pooch.retrieve(
                file.url,
                known_hash=f"sha256:{file.sha256}",
                fname=file.name,
                path=target.parent,
                downloader=pooch.HTTPDownloader(progressbar=bar, timeout=15),
            )
        )
        return _unpack(path, unpacked) if file.unpacked else path
    except requests.exceptions.RequestException:
        reason = "নামানো গেল না, কারণ ইন্টারনেট পাওয়া যাচ্ছে না"
        remedy = "আসল ডেটা চাইলে ইন্টারনেট চালু করে সেলটা আবার চালান"
    except ValueError:  # pooch: the checksum differs
        reason = "নেমেছে, কিন্তু ফাইলটা ঠিক নেই (checksum মিলছে না), তাই ফেলে দেওয়া হলো"
        remedy = "একটু পরে সেলটা আবার চালান"
    except (tarfile.TarError, EOFError):  # gzip: the archive ends too soon
        target.unlink(missing_ok=True)
        reason = "নেমেছে, কিন্তু আর্কাইভটা ভাঙা, খোলা যাচ্ছে না, তাই ফেলে দেওয়া হলো"
        remedy = "একটু পরে সেলটা আবার চালান"
    except OSError as error:
        if error.errno == errno.ENOSPC:
            reason, remedy = "রাখা গেল না, কারণ ডিস্কে জায়গা নেই", "জায়গা খালি করে সেলটা আবার চালান"
        else:
            reason = f"রাখা গেল না, কারণ {target.parent} ফোল্ডারে লেখা যাচ্ছে না"
            remedy = "KERAS_BANGLA_CACHE-এ এমন একটা ফোল্ডার দিন যেখানে লেখা যায়"
    finally:
        bar.close()
    print(f"{data.title}: {reason}। আপাতত সঙ্গে দেওয়া নমুনা দিয়ে চলছি। {remedy}।")
    return None


def _unpack(archive: Path, target: Path) -> Path:
    """Unpacks the folder `target.name` of an archive to `target`, whole or not at all.

    Raises:
        tarfile.TarError, EOFError: the archive is broken, reaches outside its folder, or
            has no such folder inside.
        OSError: the disk is full or refuses.
    """
    with _whole_folder(target) as part:
        with tarfile.open(archive) as opened:
            # "data": no absolute names, no way out of the folder, no devices, no foreign links
            opened.extractall(part, filter="data")
        inside = part / target.name
        if not inside.is_dir():
            raise tarfile.ReadError(f"no {target.name} inside")
        for entry in inside.iterdir():
            shutil.move(entry, part)
        inside.rmdir()
    archive.unlink(missing_ok=True)
    return target


@contextlib.contextmanager
def _whole_folder(target: Path):
    """A temporary folder that becomes `target` at the end, or goes if anything fails."""
    target.parent.mkdir(parents=True, exist_ok=True)
    part = Path(tempfile.mkdtemp(prefix=f".{target.name}-", dir=target.parent))
    try:
        yield part
        try:
            part.rename(target)
        except OSError:  # another notebook was faster; its folder is as good as ours
            if not target.is_dir():
                raise
    finally:
        shutil.rmtree(part, ignore_errors=True)
