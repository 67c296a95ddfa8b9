"""Which machine: the choice of backend, the device line, the fast switch. Each case runs in
a Python of its own, because a backend is chosen once."""

import os
import subprocess
import sys

import pytest
from conftest import ROOT

from helpers import runtime


def run(code: str, **env: str) -> subprocess.CompletedProcess:
    clean = {
        k: v for k, v in os.environ.items() if k not in ("KERAS_BACKEND", "TF_CPP_MIN_LOG_LEVEL")
    }
    return subprocess.run(
        [sys.executable, "-c", "from helpers import runtime\n" + code],
        cwd=ROOT, env=clean | env, capture_output=True, text=True, check=False, timeout=300,
    )  # fmt: skip


def test_tensorflow_without_a_tpu():
    done = run("runtime.start(); import keras; print(keras.config.backend(), runtime.current)")
    assert done.returncode == 0, done.stderr
    line, facts = done.stdout.splitlines()
    assert line.startswith("যন্ত্র: ") and "TensorFlow" in line
    assert facts.startswith("tensorflow Machine(kind=")
    # Nothing red for a learner to wonder about.
    assert done.stderr == ""


def test_a_tpu_means_jax():
    done = run("runtime._has_tpu = lambda: True; runtime.start()")
    assert "ব্যাকএন্ড JAX" in done.stdout, done.stderr


def test_an_explicit_backend_wins():
    done = run("runtime._has_tpu = lambda: False; runtime.start()", KERAS_BACKEND="jax")
    assert "ব্যাকএন্ড JAX" in done.stdout and done.stderr == ""


def test_twice_is_as_good_as_once():
    done = run("runtime.start(); runtime.start()")
    first, second = done.stdout.splitlines()
    assert done.returncode == 0 and first == second


def test_keras_came_first_with_another_backend():
    done = run("import keras\nruntime._has_tpu = lambda: True\nruntime.start()", KERAS_BACKEND="")
    assert done.returncode == 1 and "কার্নেল রিস্টার্ট করুন" in done.stderr


EIGHT = {"KERAS_BACKEND": "jax", "XLA_FLAGS": "--xla_force_host_platform_device_count=8"}

TRAIN = """
import keras, numpy as np
from helpers.runtime import current
rng = np.random.default_rng(0)
x, y = rng.random((256, 8), dtype="float32"), rng.integers(0, 3, 256)
model = keras.Sequential([keras.Input((8,)), keras.layers.Dense(16, activation="relu"), keras.layers.Dense(3)])
model.compile("adam", keras.losses.SparseCategoricalCrossentropy(from_logits=True))
loss = model.fit(x, y, batch_size=64, epochs=3, verbose=0, shuffle=False).history["loss"]
print(current.devices, *loss)
"""


def test_several_devices_share_a_batch():
    done = run(
        "runtime.start(all_devices=True); import keras; print(runtime.batch_size(16));"
        "print(type(keras.distribution.distribution()).__name__)",
        **EIGHT,
    )
    assert "(৮টি)" in done.stdout, done.stderr
    assert done.stdout.splitlines()[1:] == ["128", "DataParallel"]


def test_one_of_several_devices_takes_any_batch():
    done = run(
        "runtime.start(); import keras, numpy as np\n"
        "model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(3)])\n"
        "print(runtime.batch_size(16), model.predict(np.ones((1, 4)), verbose=0).shape)",
        **EIGHT,
    )
    assert "(৮টির মধ্যে ১টি)" in done.stdout, done.stderr
    assert done.stdout.splitlines()[1:] == ["16 (1, 3)"]


def test_one_and_eight_devices_learn_the_same():
    """For the same global batch the loss does not depend on how many devices share it."""
    one = run("runtime.start()" + TRAIN, KERAS_BACKEND="jax").stdout.split()[-4:]
    eight = run("runtime.start(all_devices=True)" + TRAIN, **EIGHT).stdout.split()[-4:]
    assert (one[0], eight[0]) == ("1", "8")
    assert [float(v) for v in eight[1:]] == pytest.approx([float(v) for v in one[1:]], rel=1e-4)


def test_a_missing_package_is_said_in_bengali():
    done = run("import sys; sys.modules['keras'] = None; runtime.start()")
    assert done.returncode == 1 and "make lab" in done.stderr and "keras" in done.stderr


def test_the_same_seed_gives_the_same_weights():
    code = "runtime.start(); import keras; print(keras.random.uniform((3,)))"
    assert run(code).stdout.splitlines()[1:] == run(code).stdout.splitlines()[1:]


@pytest.mark.parametrize(("value", "epochs"), [("", 20), ("0", 20), ("1", 2)])
def test_fast_switch(monkeypatch, value, epochs):
    monkeypatch.setenv("KERAS_BANGLA_FAST", value)
    assert runtime.epochs(20) == epochs
    assert runtime.epochs(1) == 1


def test_fast_mode_is_said():
    assert "দ্রুত মোড" in run("runtime.start()", KERAS_BANGLA_FAST="1").stdout


def test_batch_size_before_start():
    assert runtime.batch_size(32) == 32 * (runtime.current.devices if runtime.current else 1)


def test_start_outlives_a_failing_import(monkeypatch):
    """The learner's stderr comes back even when something inside fails."""
    with pytest.raises(ZeroDivisionError), runtime._quiet_stderr():
        1 / 0  # noqa: B018
    assert os.fstat(2)
