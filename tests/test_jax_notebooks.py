"""Every lesson runs on JAX too; the learners' of the TPU's lessons on eight devices.

On the embedded samples. To save time a TPU's lesson runs as the learner has it, any other with
its answers (test_on_jax.py has the answers of all); KERAS_BANGLA_NOTEBOOKS=all (`make nbval`)
runs every notebook. A lesson's two come one after the other, and share what JAX has compiled:
most of a run on JAX is compiling, and both train the same models.
"""

import os

import nbformat
import pytest
from conftest import ROOT
from test_notebooks import LEARNERS, SOLUTIONS, assert_runs

pytestmark = pytest.mark.notebooks
# build/ goes with `make clean`; a key holds the program and JAX's version, so none gets stale.
COMPILED = {
    "JAX_COMPILATION_CACHE_DIR": str(ROOT / "build" / "jax-cache"),
    "JAX_PERSISTENT_CACHE_MIN_COMPILE_TIME_SECS": "0",
    "JAX_PERSISTENT_CACHE_MIN_ENTRY_SIZE_BYTES": "-1",
}
# Compiling without optimizing: what is trained here is so little that it would not pay.
HASTY = "--xla_backend_optimization_level=0"
# As on Kaggle's v5e-8, with the CPU playing eight chips.
EIGHT = "--xla_force_host_platform_device_count=8"


def wants_tpu(path):
    return nbformat.read(path, as_version=4).metadata.get("accelerator") == "TPU"


def chosen():
    for learner, solution in zip(LEARNERS, SOLUTIONS, strict=True):
        if os.environ.get("KERAS_BANGLA_NOTEBOOKS") == "all":
            yield from (learner, solution)
        else:
            yield learner if wants_tpu(learner) else solution


@pytest.mark.parametrize("path", list(chosen()), ids=lambda p: f"{p.parent.name}-{p.stem}")
def test_runs(path):
    flags = f"{HASTY} {EIGHT}" if path in LEARNERS and wants_tpu(path) else HASTY
    env = {"KERAS_BACKEND": "jax", "KERAS_BANGLA_DATA": "", "XLA_FLAGS": flags}
    assert_runs(path, **env, **COMPILED)
