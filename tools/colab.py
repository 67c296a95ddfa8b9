"""An environment like Colab's, and a notebook run in it: python tools/colab.py cpu_gpu|tpu NN

The environment has what Colab has (tests/colab/*.txt) and nothing of this project's own: what
the set-up cell cannot bring is missing, as it would be there. It stands in build/colab and is
made once. The notebook runs alone in an empty folder, with a stand-in for google.colab, and its
set-up cell clones a snapshot of this working tree instead of the address on GitHub.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import nbformat

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tools.build_notebooks import NOTEBOOKS, Project  # noqa: E402

ENVIRONMENTS = ROOT / "build" / "colab"
KINDS = {"cpu_gpu": "tensorflow", "tpu": "jax"}

# What Colab's kernel has done before the first cell: both modules are imported.
STARTUP = "import google.colab, matplotlib, matplotlib.pyplot\n"
# As much of google.colab as JAX, anywidget and jupyterquiz ask for.
STAND_IN = """
import sys, types
output = types.ModuleType("google.colab.output")
output.enable_custom_widget_manager = lambda *args, **kwargs: None
sys.modules["google.colab.output"] = output
"""


def python_3_13() -> str:
    """A Python 3.13 of this machine, or else the running one with the same pins."""
    for candidate in (
        "python3.13",
        *map(str, Path.home().glob(".pyenv/versions/3.13*/bin/python")),
    ):
        path = shutil.which(candidate)
        if path and subprocess.run([path, "-c", ""], capture_output=True).returncode == 0:
            return path
    return sys.executable


def environment(kind: str) -> Path:
    """The Python of the environment of that kind, made if it is not there.

    Raises:
        subprocess.CalledProcessError: the packages cannot be installed.
    """
    packages = ROOT / "tests" / "colab" / f"{kind}.txt"
    folder = ENVIRONMENTS / kind
    python = folder / "bin" / "python"
    stamp = folder / "ready"
    base = python_3_13()
    wanted = hashlib.sha256(packages.read_bytes() + base.encode()).hexdigest()
    if stamp.exists() and stamp.read_text() == wanted:
        return python
    ENVIRONMENTS.mkdir(parents=True, exist_ok=True)
    with open(ENVIRONMENTS / f"{kind}.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # two test workers may ask for it at once
        if stamp.exists() and stamp.read_text() == wanted:
            return python
        print(f"{kind}: installing what Colab has…", flush=True)
        shutil.rmtree(folder, ignore_errors=True)
        subprocess.run([base, "-m", "venv", folder], check=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", "-r", packages], check=True)
        package = next(folder.glob("lib/python3*/site-packages")) / "google" / "colab"
        package.mkdir(parents=True, exist_ok=True)
        (package / "__init__.py").write_text(STAND_IN)
        stamp.write_text(wanted)
    return python


def snapshot(folder: Path) -> Path:
    """A git repository with this working tree's files, to be cloned instead of GitHub's."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "helpers", "data"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    ).stdout.splitlines()  # fmt: skip
    for name in listed:
        if (ROOT / name).is_file():
            target = folder / name
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, target)
    git = ["git", "-C", str(folder), "-c", "user.name=x", "-c", "user.email=x@example.org"]
    branch = Project.read().ref
    subprocess.run(["git", "init", "--quiet", "-b", branch, str(folder)], check=True)
    subprocess.run([*git, "add", "-A"], check=True)
    subprocess.run([*git, "commit", "--quiet", "-m", "snapshot"], check=True)
    return folder


def run(notebook: Path, kind: str, **env: str) -> nbformat.NotebookNode:
    """Runs a notebook as Colab would, and returns it with its outputs.

    Args:
        notebook: a learner's notebook or a solution.
        kind: "cpu_gpu" (TensorFlow) or "tpu" (JAX; without a TPU JAX runs on the CPU).
        env: further environment variables for the kernel.

    Raises:
        nbclient.exceptions.CellExecutionError: a cell failed.
    """
    from jupyter_client.manager import AsyncKernelManager
    from nbclient import NotebookClient

    python = environment(kind)
    with tempfile.TemporaryDirectory() as name:
        work = Path(name)
        content = work / "content"
        content.mkdir()
        startup = work / "ipython" / "profile_default" / "startup"
        startup.mkdir(parents=True)
        (startup / "00.py").write_text(STARTUP)
        origin = snapshot(work / "origin")
        settings = {
            **{
                k: v
                for k, v in os.environ.items()
                if not k.startswith(("KERAS", "PYTHON", "VIRTUAL"))
            },
            "IPYTHONDIR": str(work / "ipython"),
            "GIT_CONFIG_COUNT": "1",
            "GIT_CONFIG_KEY_0": f"url.{origin.as_uri()}.insteadOf",
            "GIT_CONFIG_VALUE_0": Project.read().repository,
            "KERAS_BACKEND": KINDS[kind],
            "KERAS_BANGLA_FAST": "1",
            "KERAS_BANGLA_OFFLINE": "1",
            "KERAS_BANGLA_CACHE": str(work / "cache"),
            **env,
        }

        class Kernel(AsyncKernelManager):
            @property
            def kernel_spec(self):
                from jupyter_client.kernelspec import KernelSpec

                command = [str(python), "-m", "ipykernel_launcher", "-f", "{connection_file}"]
                return KernelSpec(argv=command, display_name="Colab", language="python")

        executed = nbformat.read(notebook, as_version=4)
        client = NotebookClient(
            executed, timeout=600, coalesce_streams=True, kernel_manager_class=Kernel,
            resources={"metadata": {"path": str(content)}},
        )  # fmt: skip
        client.execute(env=settings)
        return executed


if __name__ == "__main__":
    kind, number = sys.argv[1:]
    path = next(NOTEBOOKS.glob(f"{number}_*.ipynb"))
    nbformat.write(run(path, kind), ENVIRONMENTS / f"{kind}_{path.name}")
    print(ENVIRONMENTS / f"{kind}_{path.name}")
