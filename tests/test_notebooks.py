"""Every notebook runs from the first cell to the last, and checked outputs are reproduced.

nbval runs each one in a process of its own: learners' notebooks untouched, solutions against
their stored outputs, on TensorFlow and on JAX, in the fast mode. KERAS_BANGLA_DATA, where the
tester has set it, brings real data in; without it the embedded samples serve.
"""

import os
import subprocess
import sys

import nbformat
import pytest
from conftest import ROOT

pytestmark = pytest.mark.notebooks
NOTEBOOKS = sorted((ROOT / "notebooks").glob("**/[0-9][0-9]_*.ipynb"))
REAL_DATA = os.environ.get("KERAS_BANGLA_DATA", "")


def run_nbval(path, **env):
    command = [
        sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-o", "addopts=",
        "--nbval-lax", "--nbval-current-env", "--nbval-cell-timeout=300", str(path),
    ]  # fmt: skip
    return subprocess.run(
        command, cwd=ROOT, env={**os.environ, **env}, capture_output=True, text=True, check=False
    )


def one_at_a_time(path):
    """A notebook's runs stay on one worker: a lesson saves its model beside itself."""
    name = path.relative_to(ROOT / "notebooks").as_posix()
    return pytest.param(path, id=name, marks=pytest.mark.xdist_group(name))


@pytest.mark.parametrize("backend", ["tensorflow", "jax"])
@pytest.mark.parametrize("path", [one_at_a_time(path) for path in NOTEBOOKS])
def test_runs(path, backend):
    # Solutions run on the embedded samples, from which their outputs come; learners' notebooks
    # on real data where there is any.
    data = "" if path.parent.name == "solutions" else REAL_DATA
    done = run_nbval(
        path, KERAS_BACKEND=backend, KERAS_BANGLA_FAST="1", KERAS_BANGLA_DATA=data, COLUMNS="100"
    )
    assert done.returncode == 0, done.stdout[-6000:]
    assert " passed" in done.stdout


def wants_tpu(path):
    return nbformat.read(path, as_version=4).metadata.get("accelerator") == "TPU"


@pytest.mark.parametrize("path", [one_at_a_time(p) for p in NOTEBOOKS if wants_tpu(p)])
def test_tpu_lessons_run_on_eight_devices(path):
    """As on Kaggle's v5e-8, with the CPU playing eight chips; on one chip `test_runs` runs them."""
    done = run_nbval(
        path,
        KERAS_BACKEND="jax",
        XLA_FLAGS="--xla_force_host_platform_device_count=8",
        KERAS_BANGLA_FAST="1",
        KERAS_BANGLA_DATA="",
        COLUMNS="100",
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
