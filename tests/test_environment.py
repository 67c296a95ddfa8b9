"""environment.yml and pyproject.toml name the same packages, and the awkward ones import."""

import re
import subprocess
import sys
import tomllib

import pytest
import yaml
from conftest import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


@pytest.mark.fast
def test_conda_lists_the_same_packages():
    conda = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))
    pip = next(entry["pip"] for entry in conda["dependencies"] if isinstance(entry, dict))
    assert sorted(pip) == sorted(PROJECT["dependencies"])
    assert f"python{PROJECT['requires-python']}" in conda["dependencies"]


@pytest.mark.fast
def test_each_package_says_which_lesson_needs_it():
    text = (ROOT / "environment.yml").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if re.match(r"      - \S", line)]
    assert len(lines) == len(PROJECT["dependencies"])
    for line in lines:
        assert re.search(r"# .*(সব পাঠ|[০-৯]{2})", line), line


@pytest.mark.fast
def test_nothing_is_pinned_to_one_version():
    extras = [p for group in PROJECT["optional-dependencies"].values() for p in group]
    assert [p for p in PROJECT["dependencies"] + extras if re.search(r"==\s*\d", p)] == []


def test_tensorflow_hub_imports():
    done = subprocess.run(
        [sys.executable, "-c", "import tensorflow_hub as hub; print(hub.__version__)"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
