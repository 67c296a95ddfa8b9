"""The set-up cell as a learner runs it: in the project, and alone as Colab opens it."""

import os
import subprocess
import sys

import pytest
from conftest import ROOT

from tools import build_notebooks as builder

LESSON = builder.NOTEBOOKS / "01_keras_in_30_seconds.ipynb"
CELL = builder.targets()[LESSON].cells[1].source

# google.colab's stand-in, and a pip that notes what it was asked for instead of installing.
STAND_IN = """
import sys, types
sys.modules["google.colab"] = types.ModuleType("google.colab")
sys.modules["google.colab"].output = None  # JAX looks for it
import subprocess
real_run = subprocess.run
def run(command, **options):
    if "pip" in command:
        print("PIP", *command[command.index("install") + 1:])
        return subprocess.CompletedProcess(command, PIP_CODE)
    return real_run(command, **options)
subprocess.run = run
import importlib.util
real_find = importlib.util.find_spec
importlib.util.find_spec = lambda name, *rest: None if name in MISSING else real_find(name, *rest)
"""


@pytest.fixture(scope="module")
def origin(tmp_path_factory):
    """A git repository with the branch that the set-up cell clones: this working tree's files."""
    folder = tmp_path_factory.mktemp("origin")
    git = ["git", "-C", str(folder), "-c", "user.name=x", "-c", "user.email=x@example.org"]
    subprocess.run(
        ["git", "init", "--quiet", "-b", builder.Project.read().ref, str(folder)], check=True
    )
    (folder / "helpers").symlink_to(ROOT / "helpers")
    subprocess.run(["cp", "-rL", str(ROOT / "helpers"), str(folder / "copy")], check=True)
    (folder / "helpers").unlink()
    (folder / "copy").rename(folder / "helpers")
    subprocess.run([*git, "add", "-A"], check=True)
    subprocess.run([*git, "commit", "--quiet", "-m", "x"], check=True)
    return folder


def run_cell(code, folder, origin=None):
    """Runs code in a Python outside the project; GitHub's address leads to `origin`."""
    target = origin.as_uri() if origin else "file:///nowhere"
    address = builder.Project.read().repository
    env = {
        **{k: v for k, v in os.environ.items() if not k.startswith(("KERAS", "PYTHONPATH"))},
        "GIT_CONFIG_COUNT": "1",
        "GIT_CONFIG_KEY_0": f"url.{target}.insteadOf",
        "GIT_CONFIG_VALUE_0": address,
    }
    # -P and an empty folder: `helpers` must come from the clone, not from an installation.
    hide = "import sys; sys.meta_path = [f for f in sys.meta_path if 'editable' not in repr(f)]\n"
    hide += f"sys.path = [p for p in sys.path if p != {str(ROOT)!r}]\n"
    return subprocess.run(
        [sys.executable, "-c", hide + code],
        cwd=folder, env=env, capture_output=True, text=True, check=False, timeout=300,
    )  # fmt: skip


@pytest.mark.parametrize("place", [".", "notebooks", "notebooks/solutions"])
def test_inside_the_project(place):
    done = run_cell(CELL + "\nprint(home)", ROOT / place)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1] == str(ROOT)


def test_alone_it_fetches_the_helpers_once(origin, tmp_path):
    code = CELL + "\nprint(home)\n"
    for _ in range(2):
        done = run_cell(code, tmp_path, origin)
        assert done.returncode == 0, done.stderr
        assert done.stdout.splitlines()[-1] == str(tmp_path / "keras-bangla")
        origin_is_needed_no_more = None
        origin = origin_is_needed_no_more


def test_no_network_is_said_in_bengali(tmp_path):
    done = run_cell(CELL, tmp_path)
    assert done.returncode == 1 and "ইন্টারনেট আছে কি না" in done.stderr
    assert "Traceback" not in done.stderr
    assert list(tmp_path.iterdir()) == []


def stand_in(missing=(), pip_code=0):
    return STAND_IN.replace("MISSING", repr(tuple(missing))).replace("PIP_CODE", str(pip_code))


def test_colab_with_nothing_missing_installs_nothing(origin, tmp_path):
    done = run_cell(stand_in() + CELL, tmp_path, origin)
    assert done.returncode == 0, done.stderr
    assert "PIP" not in done.stdout and done.stdout.startswith("যন্ত্র: ")


def test_colab_gets_what_it_lacks_and_never_numpy_or_matplotlib(origin, tmp_path):
    done = run_cell(stand_in(["jupyterquiz", "anywidget"]) + CELL, tmp_path, origin)
    asked = next(line for line in done.stdout.splitlines() if line.startswith("PIP")).split()
    assert {"jupyterquiz", "anywidget"} <= set(asked)
    assert not any(p.startswith(("numpy", "matplotlib", "keras")) for p in asked)
    assert "Colab-এ যা নেই" in done.stdout


def test_colabs_tpu_gets_a_tensorflow_for_tf_data(origin, tmp_path):
    code = stand_in(["tensorflow"]) + CELL.replace(
        "runtime.start()", "runtime._has_tpu = lambda: True; runtime.start()"
    )
    done = run_cell(code, tmp_path, origin)
    assert "tensorflow-cpu==2.20.*" in done.stdout and "ব্যাকএন্ড JAX" in done.stdout, done.stderr


def test_colab_cannot_install(origin, tmp_path):
    done = run_cell(stand_in(["jupyterquiz"], pip_code=1) + CELL, tmp_path, origin)
    assert done.returncode == 1 and "প্যাকেজ বসানো গেল না" in done.stderr
