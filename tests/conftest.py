"""What all tests share: the project's folder, and helpers that look at no outside data."""

import os
from pathlib import Path

import pytest

from helpers.check import grade

ROOT = Path(__file__).resolve().parent.parent
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")


def pytest_collection_modifyitems(items):
    """The long files first, so that neither of two workers is left with one at the end."""
    items.sort(key=lambda item: not any(map(item.get_closest_marker, ("notebooks", "colab"))))


@pytest.fixture(autouse=True)
def _alone(monkeypatch, tmp_path):
    """No test sees the tester's own data, cache, or network; one that wants them says so."""
    for name in ("KERAS_BANGLA_DATA", "KERAS_BANGLA_FAST", "KERAS_BANGLA_STILL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("KERAS_BANGLA_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("KERAS_BANGLA_OFFLINE", "1")


# --- for the tests of exercise checks -----------------------------------------------------


def raises(*args, **kwargs):
    raise RuntimeError("broken on purpose")


def assert_right(name, *answers):
    verdict = grade(name, *answers)
    assert verdict.status == "right", verdict


def assert_hint(word, name, *answers):
    verdict = grade(name, *answers)
    assert verdict.status == "wrong" and word in verdict.text, verdict
