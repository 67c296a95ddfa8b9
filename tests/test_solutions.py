"""Every solution runs, and reproduces its checked outputs, on TensorFlow and on JAX.

On the embedded samples, from which the stored outputs come, and in the fast mode.
"""

import pytest
from conftest import ROOT
from test_notebooks import run_nbval

pytestmark = pytest.mark.notebooks
SOLUTIONS = sorted((ROOT / "notebooks" / "solutions").glob("[0-9][0-9]_*.ipynb"))


@pytest.mark.parametrize("backend", ["tensorflow", "jax"])
@pytest.mark.parametrize("path", SOLUTIONS, ids=lambda p: p.stem)
def test_reproduces(path, backend):
    done = run_nbval(path, KERAS_BACKEND=backend, KERAS_BANGLA_DATA="")
    assert done.returncode == 0, done.stdout[-6000:]
    assert " passed" in done.stdout
