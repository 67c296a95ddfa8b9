"""Every notebook runs on JAX too: learner's and solution, and the TPU's lessons on eight devices.

A lesson's notebooks come one after the other, and share what JAX has compiled: most of a run
on JAX is compiling, and both train the same models.
"""

import nbformat
import pytest
from conftest import ROOT
from test_notebooks import LEARNERS, REAL_DATA, SOLUTIONS, assert_runs

pytestmark = pytest.mark.notebooks
# build/ goes with `make clean`; a key holds the program and JAX's version, so none gets stale.
COMPILED = {
    "JAX_COMPILATION_CACHE_DIR": str(ROOT / "build" / "jax-cache"),
    "JAX_PERSISTENT_CACHE_MIN_COMPILE_TIME_SECS": "0",
    "JAX_PERSISTENT_CACHE_MIN_ENTRY_SIZE_BYTES": "-1",
}
PAIRS = [path for pair in zip(LEARNERS, SOLUTIONS, strict=True) for path in pair]


@pytest.mark.parametrize("path", PAIRS, ids=lambda p: f"{p.parent.name}-{p.stem}")
def test_runs(path):
    data = "" if path in SOLUTIONS else REAL_DATA
    assert_runs(path, KERAS_BACKEND="jax", KERAS_BANGLA_DATA=data, **COMPILED)


def wants_tpu(path):
    return nbformat.read(path, as_version=4).metadata.get("accelerator") == "TPU"


@pytest.mark.parametrize("path", list(filter(wants_tpu, LEARNERS)), ids=lambda p: p.stem)
def test_tpu_lessons_run_on_eight_devices(path):
    """As on Kaggle's v5e-8, with the CPU playing eight chips."""
    assert_runs(
        path,
        KERAS_BACKEND="jax",
        KERAS_BANGLA_DATA="",
        XLA_FLAGS="--xla_force_host_platform_device_count=8",
        **COMPILED,
    )
