"""Checks of lesson 00: the blank, the solution, other right answers, mistakes, nonsense."""

import numpy as np
import pytest

from helpers.check import grade
from helpers.datasets import EMBEDDED

HOME = EMBEDDED.parent
TWO = 2  # called as if it were a function: 2(a * b)


def raises(*_):
    raise RuntimeError("broken on purpose")


RIGHT = {
    "00.1": [30 * 7, 210.0, np.int64(210), sum([30] * 7)],
    "00.2": [350 / 2, 175, np.float32(175)],
    "00.3": [HOME / "data" / "glossary.csv", str(HOME / "data/glossary.csv"), EMBEDDED.joinpath("glossary.csv")],
    "00.4": [lambda a, b, c: 2 * a * b * c, lambda *n: 2 * np.prod(n), lambda a, b, c: a * b * c + a * b * c],
}  # fmt: skip

MISTAKES = [
    ("00.1", 100, "আগের হিসাব"),
    ("00.1", 37, "গুণ লাগবে"),
    ("00.1", 175, "আরেকটা বাকি"),
    ("00.1", "210", "উদ্ধৃতি"),
    ("00.1", 211, "211"),
    ("00.2", 700, "দ্বিগুণ"),
    ("00.2", 350, "পুরো দাম"),
    ("00.2", 105, "`bill`"),
    ("00.2", 104, "104"),
    ("00.3", HOME / "data", "ফোল্ডারের ঠিকানা"),
    ("00.3", HOME / "glossary.csv", "`data` ফোল্ডারের ভেতরে"),
    ("00.3", HOME / "data" / "glosary.csv", "`glosary.csv`"),
    ("00.3", "data/nowhere/data/glossary.csv", "`home`"),
    ("00.4", lambda a, b, c: a * b * c, "২ লাগবে"),
    ("00.4", lambda a, b, c: 2 * (a + b + c), "গুণ করতে"),
    ("00.4", lambda a, b, c: 2 * a * c, "count(2, 3, 7)"),
    ("00.4", lambda a, b, c: a + b + c, "গুণ করতে"),
    ("00.4", lambda a, b, c: TWO(a * b * c), "`*`"),
    ("00.1", None, "`print`"),
    ("00.4", lambda a, b, c: print(end=""), "return"),
    ("00.4", lambda a, b: 2 * a * b, "এরর"),
]


@pytest.mark.parametrize("name", RIGHT)
def test_right(name):
    for answer in RIGHT[name]:
        assert grade(name, answer).status == "right", (answer, grade(name, answer))


@pytest.mark.parametrize(("name", "answer", "word"), MISTAKES)
def test_mistakes(name, answer, word):
    verdict = grade(name, answer)
    assert verdict.status == "wrong" and word in verdict.text, verdict


@pytest.mark.parametrize("name", RIGHT)
def test_blank_and_nonsense(name):
    assert grade(name, ...).status == "blank"
    for answer in (None, "উত্তর", [], {}, object(), raises, float("nan"), np.zeros((2, 2)), 1j):
        verdict = grade(name, answer)
        assert verdict.status == "wrong" and verdict.text.endswith(("।", "?")), (answer, verdict)


def test_untouched_function():
    def count(a, b, c): ...

    assert grade("00.4", count).status == "blank"
