"""Finds pretrained weights, and says in one Bengali line whose they are and what to expect.

The ladder, from the first rung that holds:
1. the folder that the environment variable KERAS_BANGLA_DATA names, in weights/,
2. Keras' own cache (~/.keras/models; KERAS_HOME moves it),
3. Keras' download into that cache (KERAS_BANGLA_OFFLINE=1 leaves it out),
4. the small weights embedded in data/weights.

Every rung gives a file that `keras.applications.MobileNetV2(weights=PATH)` loads.
"""

from __future__ import annotations

import errno
import os
import sys
from dataclasses import dataclass
from pathlib import Path

from helpers.datasets import EMBEDDED
from helpers.messages import Problem

#: Where Keras keeps its published weights; tests point it elsewhere.
URL = "https://storage.googleapis.com/tensorflow/keras-applications/mobilenet_v2/"
#: How many numbers MobileNetV2 without its top has, by alpha: what a whole file holds.
NUMBERS = {1.0: 2_257_984, 0.5: 706_224}

_OF_FOLDER = "mobilenet_v2_1.0_no_top.weights.h5"
_OF_KERAS = "mobilenet_v2_weights_tf_dim_ordering_tf_kernels_1.0_{}_no_top.h5"
_OURS = "mobilenet_v2_0.5_96_flowers.weights.h5"


@dataclass(frozen=True)
class Weights:
    """Weights of a MobileNetV2 without its top, and the size at which it is used.

    Attributes:
        path: the file, for `keras.applications.MobileNetV2(weights=...)`.
        alpha: its width, for `alpha=...`.
        image_size: side of its square pictures in pixels, for `input_shape=...`.
        real: True for Keras' published weights, False for the embedded small ones.
    """

    path: str
    alpha: float
    image_size: int
    real: bool


def mobilenet_v2() -> Weights:
    """The best weights at hand; prints whose they are and what to expect of them.

    Raises:
        Problem: even the embedded file is missing or broken.
    """
    path, where = _of_folder() or _of_keras() or _downloaded() or (None, "")
    if path:
        print(
            f"MobileNetV2-এর ওয়েট: আসলটা, ImageNet-এর ১২ লাখের বেশি ফটো দেখে শেখা, {where}। ছবির মাপ ১৯২×১৯২। "
            "ফ্রিজ করেই আসল ফুলের প্রায় ৯০% চেনার কথা।"
        )
        return Weights(str(path), alpha=1.0, image_size=192, real=True)
    ours = EMBEDDED / "weights" / _OURS
    if not _is_whole(ours, 0.5):
        raise Problem(f"সঙ্গে দেওয়া ওয়েটের ফাইল `{ours.name}` নেই বা ভাঙা। প্রজেক্টটা আবার নামিয়ে নিন।")
    print(
        "MobileNetV2-এর ওয়েট: সঙ্গে দেওয়া ছোটটা (alpha 0.5), আসল MobileNetV2-র কাছে ফুল চিনতে শেখা, ImageNet দেখেনি। "
        "ছবির মাপ ৯৬×৯৬। ফ্রিজ করে আসল ফুলের ৮০–৮৫%, আঁকা ফুলের ৭০–৭৭% চেনার কথা।"
    )
    return Weights(str(ours), alpha=0.5, image_size=96, real=False)


# --- the rungs --------------------------------------------------------------------------


def _of_folder() -> tuple[Path, str] | None:
    folder = os.environ.get("KERAS_BANGLA_DATA")
    if not folder:
        return None
    path = Path(folder).expanduser() / "weights" / _OF_FOLDER
    if not path.is_file():
        print(f"KERAS_BANGLA_DATA-তে weights/{_OF_FOLDER} নেই ({folder})। আপাতত অন্য জায়গায় খুঁজছি।")
        return None
    if not _is_whole(path, 1.0):
        print(f"{path} ফাইলটা ভাঙা বা অন্য মডেলের, তাই অন্য জায়গায় খুঁজছি। ফাইলটা আবার কপি করুন।")
        return None
    return path, f"আপনার দেওয়া ফোল্ডার থেকে ({path.parent})"


def _of_keras() -> tuple[Path, str] | None:
    # The file for 192 pixels is the one that Keras itself would take; 224 is the commonest.
    for size in (192, 224):
        path = _keras_models() / _OF_KERAS.format(size)
        if not path.is_file():
            continue
        if _is_whole(path, 1.0):
            return path, "Keras-এর আগে নামানো ফাইল থেকে"
        print(f"{path} ফাইলটা ভাঙা, সম্ভবত আগে আধখানা নেমেছিল। ফাইলটা মুছে দিয়ে সেলটা আবার চালান।")
    return None


def _downloaded() -> tuple[Path, str] | None:
    """Keras' own file, in Keras' cache; None, and a sentence, if it cannot be had.

    Not by `keras.utils.get_file`, which writes under the final name: whoever stops it halfway
    keeps a broken file. Pooch moves the file into place when it is whole.
    """
    if os.environ.get("KERAS_BANGLA_OFFLINE", "") not in ("", "0"):
        return None
    name = _OF_KERAS.format(192)
    target = _keras_models() / name
    if target.exists():  # broken, and already said so
        return None
    try:
        path = _fetch(URL + name, target)
        if _is_whole(path, 1.0):
            return path, "Keras-এর সাইট থেকে নামানো"
        path.unlink()
        reason = "নেমেছে, কিন্তু ফাইলটা ঠিক নেই, তাই ফেলে দেওয়া হলো"
        remedy = "একটু পরে সেলটা আবার চালান"
    except OSError as error:  # requests' exceptions too
        if error.errno == errno.ENOSPC:
            reason, remedy = "রাখা গেল না, কারণ ডিস্কে জায়গা নেই", "জায়গা খালি করে সেলটা আবার চালান"
        elif isinstance(error, PermissionError):
            reason = f"রাখা গেল না, কারণ {target.parent} ফোল্ডারে লেখা যাচ্ছে না"
            remedy = "KERAS_HOME-এ এমন একটা ফোল্ডার দিন যেখানে লেখা যায়"
        else:
            reason = "নামানো গেল না, কারণ ইন্টারনেট পাওয়া যাচ্ছে না"
            remedy = "আসলটা চাইলে ইন্টারনেট চালু করে সেলটা আবার চালান"
    print(f"MobileNetV2-এর আসল ওয়েট {reason}। আপাতত সঙ্গে দেওয়া ছোটটা দিয়ে চলছি। {remedy}।")
    return None


def _fetch(url: str, target: Path) -> Path:
    """Downloads with a progress bar on stdout: Jupyter shows stderr in red."""
    import pooch
    from tqdm import tqdm

    pooch.get_logger().setLevel("ERROR")
    bar = tqdm(
        total=0,
        unit="B",
        unit_scale=True,
        file=sys.stdout,
        desc="MobileNetV2",
        leave=False,
        delay=0.5,
    )
    try:
        downloader = pooch.HTTPDownloader(progressbar=bar, timeout=15)
        return Path(pooch.retrieve(url, None, target.name, target.parent, downloader=downloader))
    finally:
        bar.close()


def _keras_models() -> Path:
    return Path(os.environ.get("KERAS_HOME") or Path.home() / ".keras").expanduser() / "models"


# --- is a file what it says? ------------------------------------------------------------


def _is_whole(path: Path, alpha: float) -> bool:
    """True for an HDF5 file that holds as many finite numbers as MobileNetV2 of this alpha."""
    import h5py
    import numpy as np

    found = 0

    def look(_: str, entry: object) -> None:
        nonlocal found
        if isinstance(entry, h5py.Dataset) and entry.dtype.kind == "f":
            found += entry.size if np.isfinite(entry[()]).all() else 0

    try:
        with h5py.File(path, "r") as opened:
            opened.visititems(look)
    except (OSError, RuntimeError, KeyError, ValueError):  # missing, half, or something else
        return False
    return found == NUMBERS[alpha]
