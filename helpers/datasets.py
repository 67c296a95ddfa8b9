"""Finds each named data set, and says in one Bengali line where it came from.

The ladder, from the first rung that holds:
1. the folder that the environment variable KERAS_BANGLA_DATA names,
2. the cache of an earlier download (KERAS_BANGLA_CACHE moves it),
3. the download, checked against its checksum (KERAS_BANGLA_OFFLINE=1 leaves it out),
4. the sample embedded in data/.

Every rung gives a folder with the same files inside, so one reader serves all four.
"""

from __future__ import annotations

import errno
import os
import sys
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from helpers.messages import Problem, bn

EMBEDDED = Path(__file__).resolve().parent.parent / "data"


@dataclass(frozen=True)
class File:
    """One file to download: its name in the data set's folder, address and checksum."""

    name: str
    url: str
    sha256: str


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


def read_picture(path: str | os.PathLike, size: int | None = None) -> np.ndarray:
    """Reads one picture of any size and format, upright and in RGB.

    Args:
        path: a JPEG, PNG or any other file that Pillow reads; a phone's rotation mark
            (EXIF), CMYK, grey and transparent pictures are all brought to upright RGB.
        size: if given, the middle square is cut out and resized to size x size pixels.

    Returns:
        uint8 of shape (height, width, 3).

    Raises:
        Problem: there is no such file, or it is no picture.
    """
    from PIL import Image, ImageOps, UnidentifiedImageError

    try:
        with Image.open(path) as opened:
            picture = ImageOps.exif_transpose(opened)
            if picture.has_transparency_data:  # transparent means white paper, not black
                picture = picture.convert("RGBA")
                paper = Image.new("RGBA", picture.size, "white")
                picture = Image.alpha_composite(paper, picture)
            picture = picture.convert("RGB")
    except (FileNotFoundError, IsADirectoryError) as error:
        raise Problem(f"`{path}` নামে কোনো ছবি পাওয়া গেল না। ফাইলের নাম আর ফোল্ডার মিলিয়ে দেখুন।") from error
    except (UnidentifiedImageError, OSError, SyntaxError) as error:
        raise Problem(
            f"`{path}` ছবি হিসেবে পড়া গেল না: ফাইলটা হয় ছবি নয়, নয়তো ভাঙা। অন্য একটা JPEG বা PNG দিয়ে দেখুন।"
        ) from error
    if size is not None:
        picture = ImageOps.fit(picture, (size, size), Image.Resampling.LANCZOS)
    return np.asarray(picture)


# --- the ladder ---------------------------------------------------------------------


def _from_first_rung(data: DataSet, key: str, read: Callable[[Path], Any]) -> tuple[Any, str]:
    """(what `read` made of the first good file, where it came from in Bengali)."""
    file = data.files[key]
    folder = os.environ.get("KERAS_BANGLA_DATA")
    if folder:
        path = Path(folder).expanduser() / data.folder / file.name
        if path.is_file():
            try:
                return read(path), f"আপনার দেওয়া ফোল্ডার থেকে ({path.parent})"
            except (ValueError, KeyError, OSError, EOFError, zipfile.BadZipFile):
                print(f"{path} ফাইলটা ভাঙা বা অন্য রকম, তাই পড়া গেল না। ফাইলটা আবার কপি করুন।")
        else:
            print(
                f"KERAS_BANGLA_DATA-তে {data.folder}/{file.name} নেই ({folder})। "
                "ফোল্ডারের নামটা মিলিয়ে দেখুন। আপাতত অন্য জায়গায় খুঁজছি।"
            )
    path = _download(data, file)
    if path:
        return read(path), "আসল ডেটাসেট থেকে"
    return read(EMBEDDED / data.folder / file.name), data.sample_note


def cache_folder() -> Path:
    """Where downloads are kept: KERAS_BANGLA_CACHE, or the system's cache folder."""
    import pooch

    return Path(os.environ.get("KERAS_BANGLA_CACHE") or pooch.os_cache("keras-bangla"))


def _download(data: DataSet, file: File) -> Path | None:
    """The checked file in the cache, downloaded if need be; None, and a sentence, if not.

    Pooch writes to a temporary file and moves it into place only when the checksum is
    right, so a broken line leaves nothing half-written behind.
    """
    import pooch
    import requests
    from tqdm import tqdm

    target = cache_folder() / data.folder / file.name
    if os.environ.get("KERAS_BANGLA_OFFLINE", "") not in ("", "0") and not target.is_file():
        return None
    # Jupyter shows stderr in red, and a learner takes it for an error: the bar goes to stdout,
    # Pooch's log nowhere.
    pooch.get_logger().setLevel("ERROR")
    bar = tqdm(
        total=0, unit="B", unit_scale=True, file=sys.stdout, desc=file.name, leave=False, delay=0.5
    )
    try:
        return Path(
            pooch.retrieve(
                file.url,
                known_hash=f"sha256:{file.sha256}",
                fname=file.name,
                path=target.parent,
                downloader=pooch.HTTPDownloader(progressbar=bar, timeout=15),
            )
        )
    except requests.exceptions.RequestException:
        reason = "নামানো গেল না, কারণ ইন্টারনেট পাওয়া যাচ্ছে না"
        remedy = "আসল ডেটা চাইলে ইন্টারনেট চালু করে সেলটা আবার চালান"
    except ValueError:  # pooch: the checksum differs
        reason = "নেমেছে, কিন্তু ফাইলটা ঠিক নেই (checksum মিলছে না), তাই ফেলে দেওয়া হলো"
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
