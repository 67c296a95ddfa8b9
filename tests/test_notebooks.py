"""Every notebook runs from the first cell to the last, here on TensorFlow.

nbval runs each in a process of its own, in the fast mode. A learner's notebook, untouched, has
the data that KERAS_BANGLA_DATA brings or else the embedded samples; a solution has the samples,
from which its stored outputs come, reproduces the checked ones, and has its models looked at
for silent mistakes on the way. JAX's turn comes in test_jax_notebooks.py.
"""

import json
import os
import shutil
import subprocess
import sys

import nbformat
import pytest
from conftest import ROOT

pytestmark = pytest.mark.notebooks
LEARNERS = sorted((ROOT / "notebooks").glob("[0-9][0-9]_*.ipynb"))
SOLUTIONS = sorted((ROOT / "notebooks" / "solutions").glob("[0-9][0-9]_*.ipynb"))
REAL_DATA = os.environ.get("KERAS_BANGLA_DATA", "")

# Silent mistakes that a lesson makes on purpose, to show them.
ON_PURPOSE: dict[str, set[str]] = {
    # Large numbers go straight into a BatchNormalization, to see its moving mean move.
    "04_transfer_learning": {"silent_pixels_big"},
}


def run_nbval(path, **env):
    command = [
        sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-o", "addopts=",
        "--nbval-lax", "--nbval-current-env", "--nbval-cell-timeout=300", str(path),
    ]  # fmt: skip
    env = {**os.environ, "KERAS_BANGLA_FAST": "1", "COLUMNS": "100", **env}
    return subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=False)


def assert_runs(path, **env):
    done = run_nbval(path, **env)
    assert done.returncode == 0, done.stdout[-6000:]
    assert " passed" in done.stdout


@pytest.mark.parametrize("path", LEARNERS, ids=lambda p: p.stem)
def test_learners(path):
    assert_runs(path, KERAS_BACKEND="tensorflow", KERAS_BANGLA_DATA=REAL_DATA)


@pytest.mark.parametrize("path", SOLUTIONS, ids=lambda p: p.stem)
def test_solutions(path, tmp_path):
    startup = tmp_path / "profile_default" / "startup"
    startup.mkdir(parents=True)
    shutil.copy(ROOT / "tests" / "errors" / "watch_fits.py", startup)
    heard = tmp_path / "heard.jsonl"
    assert_runs(
        path,
        KERAS_BACKEND="tensorflow",
        KERAS_BANGLA_DATA="",
        KERAS_BANGLA_HEARD=str(heard),
        IPYTHONDIR=str(tmp_path),
    )
    fits = [json.loads(line) for line in heard.read_text().splitlines()] if heard.exists() else []
    assert bool(fits) == (".fit(" in path.read_text(encoding="utf-8")), "nobody looked"
    assert {name for found in fits for name in found} == ON_PURPOSE.get(path.stem, set())


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
