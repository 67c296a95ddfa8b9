"""The embedded tickets of lesson 03: sizes, balance, spelling, and that they can be made again."""

import subprocess
import sys
import unicodedata
from pathlib import Path

import numpy as np
import pytest

from helpers import datasets

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="module")
def data():
    return datasets.tickets()


def test_the_loader_gives_arrays_and_says_what_they_are(capsys):
    data = datasets.tickets()
    assert "বানানো" in capsys.readouterr().out
    assert list(data) == ["title", "body", "tags", "priority", "department"]
    assert {column.shape for column in data.values()} == {(3000,)}
    assert data["priority"].dtype == data["department"].dtype == np.int64
    assert all(data[name].dtype.kind == "U" for name in ("title", "body", "tags"))


def test_names_fit_the_numbers(data):
    assert len(datasets.DEPARTMENTS) == len(datasets.DEPARTMENT_NAMES) == 6
    assert set(data["department"]) == set(range(6)) and set(data["priority"]) == {0, 1}
    ticked = {tag for row in data["tags"] if row for tag in row.split("|")}
    assert ticked == set(datasets.TICKET_TAGS) and len(datasets.TICKET_TAGS) == 12


def test_balanced_enough(data):
    departments = np.bincount(data["department"])
    assert departments.max() < 1.6 * departments.min()
    assert 0.35 < data["priority"].mean() < 0.5
    for number in range(6):  # both priorities in every department
        assert 0.15 < data["priority"][data["department"] == number].mean() < 0.65
    assert 0.1 < (data["tags"] == "").mean() < 0.25


def test_no_two_bodies_are_the_same_and_none_is_empty(data):
    assert len(set(data["body"])) == 3000
    assert all(text.strip() for name in ("title", "body") for text in data[name])
    words = np.array([len(body.split()) for body in data["body"]])
    assert 15 < words.mean() < 40 and words.max() < 120


def test_the_text_is_clean_unicode(data):
    for name in ("title", "body", "tags"):
        for text in data[name]:
            assert unicodedata.normalize("NFC", text) == text
            assert not set(text) & set("\u200b\ufeff\n\t")


def test_the_embedded_file_is_light():
    assert (datasets.EMBEDDED / "tickets" / "tickets.csv").stat().st_size < 2_000_000


def test_the_script_makes_the_same_file_again(tmp_path):
    out = tmp_path / "tickets.csv"
    script = [sys.executable, str(ROOT / "tools" / "make_tickets.py"), "--out", str(out)]
    subprocess.run(script, check=True, capture_output=True, timeout=120)
    assert out.read_bytes() == (datasets.EMBEDDED / "tickets" / "tickets.csv").read_bytes()
