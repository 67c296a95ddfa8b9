"""Every mistake is made for real, on both backends; the oldest Keras is in test_colab.py."""

import os
import subprocess
import sys

import pytest
from conftest import ROOT


@pytest.mark.parametrize("backend", ["tensorflow", "jax"])
def test_provoked(backend):
    done = subprocess.run(
        [sys.executable, str(ROOT / "tests" / "errors" / "provoke.py")],
        env={**os.environ, "KERAS_BACKEND": backend}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    print(done.stdout.splitlines()[-1:])
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-1000:]
