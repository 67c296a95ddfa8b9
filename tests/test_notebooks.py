"""Every learner's notebook, untouched, runs from the first cell to the last.

nbval runs each one in a process of its own, on TensorFlow and on JAX, in the fast mode, on the
data that KERAS_BANGLA_DATA brings or else on the embedded samples. The solutions' turn comes
in test_solutions.py, a file of its own so that two workers can share the time.
"""

import os
import subprocess
import sys

import nbformat
import pytest
from conftest import ROOT

pytestmark = pytest.mark.notebooks
NOTEBOOKS = sorted((ROOT / "notebooks").glob("[0-9][0-9]_*.ipynb"))
REAL_DATA = os.environ.get("KERAS_BANGLA_DATA", "")


def run_nbval(path, **env):
    command = [
        sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-o", "addopts=",
        "--nbval-lax", "--nbval-current-env", "--nbval-cell-timeout=300", str(path),
    ]  # fmt: skip
    env = {**os.environ, "KERAS_BANGLA_FAST": "1", "COLUMNS": "100", **env}
    return subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("backend", ["tensorflow", "jax"])
@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.stem)
def test_runs(path, backend):
    done = run_nbval(path, KERAS_BACKEND=backend, KERAS_BANGLA_DATA=REAL_DATA)
    assert done.returncode == 0, done.stdout[-6000:]
    assert " passed" in done.stdout


def wants_tpu(path):
    return nbformat.read(path, as_version=4).metadata.get("accelerator") == "TPU"


@pytest.mark.parametrize("path", list(filter(wants_tpu, NOTEBOOKS)), ids=lambda p: p.stem)
def test_tpu_lessons_run_on_eight_devices(path):
    """As on Kaggle's v5e-8, with the CPU playing eight chips; on one chip `test_runs` runs them."""
    done = run_nbval(
        path,
        KERAS_BACKEND="jax",
        XLA_FLAGS="--xla_force_host_platform_device_count=8",
        KERAS_BANGLA_DATA="",
    )
    assert done.returncode == 0, done.stdout[-6000:]


def test_a_failing_cell_is_noticed(tmp_path):
    """The net has no hole: a wrong stored output, and an exception, both fail."""
    from nbformat.v4 import new_code_cell, new_notebook, new_output

    def verdict(source, stored):
        output = new_output("stream", name="stdout", text=stored)
        cell = new_code_cell(source, execution_count=1, outputs=[output])
        path = tmp_path / "x.ipynb"
        nbformat.write(new_notebook(cells=[cell]), path)
        return run_nbval(path).returncode

    assert verdict("# NBVAL_CHECK_OUTPUT\nprint(1)", "1\n") == 0
    assert verdict("# NBVAL_CHECK_OUTPUT\nprint(2)", "1\n") == 1
    assert verdict("1 / 0", "") == 1
