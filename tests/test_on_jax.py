"""The exercise checks once more, on JAX: the other tests of this run use TensorFlow."""

import os
import subprocess
import sys

import pytest
from conftest import ROOT
from test_jax_notebooks import COMPILED


@pytest.mark.parametrize(
    "path", sorted(ROOT.glob("tests/test_check_*.py")), ids=lambda path: path.stem
)
def test_checks(path):
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(path)],
        cwd=ROOT, env={**os.environ, "KERAS_BACKEND": "jax", **COMPILED}, capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-4000:]
