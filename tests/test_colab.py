"""Lessons in environments like Colab's: `make test-colab` (all), or one lesson a kind in CI.

The environments are built from tests/colab/*.txt on first use, which needs a network and some
minutes; so KERAS_BANGLA_COLAB must ask for them: "all", or "one" for one lesson of each kind.
"""

import base64
import os
import re
import subprocess
import time

import pytest
from conftest import ROOT

from tools import build_notebooks as builder
from tools import colab

pytestmark = pytest.mark.colab
ASKED = os.environ.get("KERAS_BANGLA_COLAB", "")
if not ASKED:
    pytest.skip("KERAS_BANGLA_COLAB is not set: see `make test-colab`", allow_module_level=True)

LESSONS = sorted(builder.NOTEBOOKS.glob("[0-9][0-9]_*.ipynb"))
FIRST = next(path for path in LESSONS if path.name.startswith("01_"))
if ASKED == "one":
    LESSONS = [FIRST]

# What may not change under a learner's feet: Colab has imported it before the first cell.
KEPT = {
    "numpy",
    "matplotlib",
    "keras",
    "ipywidgets",
    "ipython",
    "h5py",
    "protobuf",
    "jax",
    "jaxlib",
}


@pytest.fixture(scope="module", params=colab.KINDS)
def kind(request):
    return request.param


def installed(kind):
    """{package: version} of an environment."""
    listed = subprocess.run(
        [colab.environment(kind), "-m", "pip", "freeze"], capture_output=True, text=True, check=True
    ).stdout
    return dict(
        line.lower().replace("_", "-").split("==") for line in listed.splitlines() if "==" in line
    )


def text_of(notebook):
    return "\n".join(
        output.get("text", "") for cell in notebook.cells for output in cell.get("outputs", [])
    )


@pytest.fixture(scope="module")
def executed(kind):
    """run(path) gives a lesson as it stands after 'Run all' in this kind of Colab."""
    done = {}

    def run(path):
        if path not in done:
            done[path] = colab.run(path, kind)
        return done[path]

    return run


@pytest.mark.parametrize("path", LESSONS, ids=lambda p: p.stem)
def test_lesson_runs(executed, kind, path):
    notebook = executed(path)
    said = text_of(notebook)
    assert {"cpu_gpu": "ব্যাকএন্ড TensorFlow", "tpu": "ব্যাকএন্ড JAX"}[kind] in said
    assert "Keras 3.13.2" in said
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            # Colab prints stderr too, and a learner would wonder about it.
            assert output.get("name") != "stderr", (cell.source, output.text)


def test_nothing_of_colabs_is_replaced(executed, kind):
    before = dict(
        line.lower().replace("_", "-").split("==")
        for line in (ROOT / "tests" / "colab" / f"{kind}.txt").read_text().splitlines()
        if "==" in line and not line.startswith("#")
    )
    executed(FIRST)
    after = installed(kind)
    assert {name: after[name] for name in before if name in KEPT} == {
        name: version for name, version in before.items() if name in KEPT
    }
    assert "jupyterquiz" in after and "anywidget" in after
    if kind == "tpu":
        assert after["tensorflow-cpu"].startswith("2.20.")


def test_the_second_time_nothing_is_installed(executed, kind):
    executed(FIRST)
    began = time.perf_counter()
    again = colab.run(FIRST, kind)
    print(f"{kind}: {time.perf_counter() - began:.0f} s")
    assert "বসানো হচ্ছে" not in text_of(again)


def test_errors_are_explained(executed, kind):
    """Every mistake is made on this kind's Keras, Python and IPython, and known by its message."""
    executed(FIRST)  # brings tf.data to the TPU's environment
    done = subprocess.run(
        [colab.environment(kind), ROOT / "tests" / "errors" / "provoke.py"],
        env={**os.environ, "KERAS_BACKEND": colab.KINDS[kind]},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-1000:]


def test_old_matplotlib_leaves_letters_to_the_browser(executed, kind):
    """matplotlib 3.10 sets vowel signs in the wrong place, so figures come as SVG text."""
    pages = [
        output["data"]["text/html"]
        for cell in executed(FIRST).cells
        for output in cell.get("outputs", [])
        if "<img alt=" in output.get("data", {}).get("text/html", "")
    ]
    assert len(pages) >= 3
    for page in pages:
        svg = base64.b64decode(re.search(r'svg\+xml;base64,([^"]+)"', page)[1]).decode()
        assert "@font-face" in svg and "<text" in svg
