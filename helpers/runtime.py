"""Which machine is this? Asked once, in the set-up cell, before Keras is imported.

    from helpers import runtime
    runtime.start()

Afterwards `runtime.current` describes the machine; `runtime.epochs` and
`runtime.batch_size` scale a lesson to it.
"""

from __future__ import annotations

import contextlib
import importlib.util
import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from helpers import errors
from helpers.messages import Problem, bn

# What Colab lacks (its CPU and GPU images; August 2026). Never numpy or matplotlib:
# Colab imports both before the first cell, and a new version would break 'Run all'.
COLAB_PACKAGES = {
    "anywidget": "anywidget",
    "fontpkg_hind_siliguri": "fontpkg-hind-siliguri",
    "jupyterquiz": "jupyterquiz",
    "pooch": "pooch",
    "tqdm": "tqdm",
}
# Colab's TPU image has no TensorFlow at all; this one fits every version that it pins, and
# tf.data needs no more.
COLAB_TPU_PACKAGES = {"tensorflow": "tensorflow-cpu==2.20.*"}

_NAMES = {"tensorflow": "TensorFlow", "jax": "JAX", "torch": "PyTorch"}


@dataclass(frozen=True)
class Machine:
    """What `start` found.

    Attributes:
        kind: "CPU", "GPU" or "TPU".
        devices: how many devices share one batch: 1, or all that there are.
        backend: Keras' backend, "tensorflow", "jax" or "torch".
        fast: True when KERAS_BANGLA_FAST shortens the training for tests.
    """

    kind: str
    devices: int
    backend: str
    fast: bool


current: Machine | None = None

#: Seconds that `start()` needed to bring up Keras and its backend, for lesson 01's stopwatch.
import_seconds = 0.0


def start(seed: int = 42, all_devices: bool = False) -> None:
    """Chooses Keras' backend, sets seeds and fonts, and says in one line what was found.

    The backend is KERAS_BACKEND if set; else JAX where there is a TPU; else TensorFlow.
    Can be called again: it then only sets the seeds anew and repeats its line.

    Args:
        seed: for Python, NumPy and the backend (keras.utils.set_random_seed).
        all_devices: True shares every batch among all devices of the machine. A lesson that
            asks for it feeds whole batches only: JAX refuses one that it cannot share out
            evenly, such as a single picture among eight chips.

    Raises:
        Problem: Keras cannot be imported, or was imported with another backend.
    """
    global current, import_seconds
    errors.start()
    _install_what_colab_lacks()
    backend = os.environ.get("KERAS_BACKEND") or ("jax" if _has_tpu() else "tensorflow")
    loaded = sys.modules.get("keras")
    if loaded and loaded.config.backend() != backend:
        raise Problem(
            f"Keras আগেই {_NAMES[loaded.config.backend()]} দিয়ে চালু হয়ে গেছে, তাই "
            f"{_NAMES.get(backend, backend)} দিয়ে আর চলবে না। কার্নেল রিস্টার্ট করুন, তারপর এই সেলটি "
            "সবার আগে চালান।"
        )
    os.environ["KERAS_BACKEND"] = backend
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    began = time.perf_counter()
    try:
        with _quiet_stderr():
            import keras

            kind, found = _devices(backend)
            # Inside, because it brings up TensorFlow's generator too, also beside JAX.
            keras.utils.set_random_seed(seed)
    except ImportError as error:
        raise Problem(
            f"`{error.name}` প্যাকেজটা পাওয়া যাচ্ছে না। প্রজেক্টের ফোল্ডারে `make lab` চালিয়ে "
            "আবার খুলুন; Windows-এ `pip install -e .` চালান।"
        ) from error
    if not loaded:
        import_seconds = time.perf_counter() - began
    devices = found if all_devices else 1
    if devices > 1:
        _share_batches(backend)
    current = Machine(kind, devices, backend, fast=is_fast())

    from helpers import plots

    plots.use_bengali_font()
    _say(keras.version(), current, found)


def _say(keras_version: str, machine: Machine, found: int) -> None:
    python = ".".join(map(str, sys.version_info[:2]))
    share = f"{bn(found)}টি" if machine.devices == found else f"{bn(found)}টির মধ্যে ১টি"
    print(
        f"যন্ত্র: {machine.kind} ({share}) · Keras {keras_version} · "
        f"ব্যাকএন্ড {_NAMES.get(machine.backend, machine.backend)} · Python {python}"
    )
    if machine.fast:
        print("দ্রুত মোড চালু (KERAS_BANGLA_FAST): ট্রেনিং ছোট করা হয়েছে, ফল পাঠের সঙ্গে মিলবে না।")


def epochs(full: int) -> int:
    """How many epochs to train: `full`, or at most 2 in the fast mode of tests."""
    return min(full, 2) if is_fast() else full


def batch_size(per_device: int) -> int:
    """The global batch size: `per_device` examples for each device.

    In the fast mode of tests the devices share `per_device` examples instead.
    """
    devices = current.devices if current else 1
    return max(1, per_device // devices) * devices if is_fast() else per_device * devices


def is_fast() -> bool:
    """True in the fast mode of tests, KERAS_BANGLA_FAST=1."""
    return os.environ.get("KERAS_BANGLA_FAST", "") not in ("", "0")


def _has_tpu() -> bool:
    """True when libtpu and a TPU's device file are both here; JAX is not imported for it."""
    chips = [*Path("/dev").glob("accel[0-9]*"), *Path("/dev").glob("vfio/[0-9]*")]
    return bool(chips) and importlib.util.find_spec("libtpu") is not None


def _devices(backend: str) -> tuple[str, int]:
    """(kind, number of devices) as the backend itself sees them."""
    if backend == "jax":
        import jax

        kind = {"tpu": "TPU", "gpu": "GPU"}.get(jax.default_backend(), "CPU")
        return kind, jax.device_count()
    if backend == "torch":
        import torch

        return ("GPU", torch.cuda.device_count()) if torch.cuda.is_available() else ("CPU", 1)
    import tensorflow as tf

    tf.get_logger().setLevel("ERROR")  # advice on retracing, in English, is for engineers
    gpus = len(tf.config.list_physical_devices("GPU"))
    return ("GPU", gpus) if gpus else ("CPU", 1)


def _share_batches(backend: str) -> None:
    """Every following model trains on all devices, each with its part of the batch."""
    if backend == "jax":
        import keras

        keras.distribution.set_distribution(keras.distribution.DataParallel())
    elif backend == "tensorflow":
        import tensorflow as tf

        tf.distribute.experimental_set_strategy(tf.distribute.MirroredStrategy())


def _install_what_colab_lacks() -> None:
    if "google.colab" not in sys.modules:
        return
    wanted = COLAB_PACKAGES | COLAB_TPU_PACKAGES
    missing = [pip for module, pip in wanted.items() if importlib.util.find_spec(module) is None]
    if not missing:
        return
    print(f"Colab-এ যা নেই তা বসানো হচ্ছে: {', '.join(missing)}…")
    done = subprocess.run(
        [sys.executable, "-m", "pip", "install", "--quiet", *missing],
        capture_output=True,
        check=False,
    )
    importlib.invalidate_caches()
    if done.returncode != 0:
        raise Problem("প্যাকেজ বসানো গেল না, সম্ভবত ইন্টারনেট পাওয়া যাচ্ছে না। একটু পরে এই সেলটি আবার চালান।")


@contextlib.contextmanager
def _quiet_stderr():
    """Hides what C++ libraries write to the process's stderr while they start.

    TensorFlow logs there that it found no CUDA, before any setting can stop it, and a
    learner takes the red lines for an error. Python's own exceptions pass through.
    """
    sys.stderr.flush()
    kept = os.dup(2)
    with open(os.devnull, "w") as nowhere:
        os.dup2(nowhere.fileno(), 2)
    try:
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
