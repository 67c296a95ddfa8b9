"""The quizzes: their data, and what a learner sees."""

import json

import pytest
from conftest import ROOT

from helpers import quiz
from helpers.messages import Problem

FILES = sorted((ROOT / "data" / "quizzes").glob("*.json"))


@pytest.mark.fast
@pytest.mark.parametrize("path", FILES, ids=lambda p: p.stem)
def test_every_option_explains_itself(path):
    questions = json.loads(path.read_text(encoding="utf-8"))
    assert len(questions) >= 5
    assert len({question["question"] for question in questions}) == len(questions)
    for question in questions:
        right = [answer for answer in question["answers"] if answer["correct"]]
        assert len(question["answers"]) >= 3
        assert question["type"] in ("multiple_choice", "many_choice")
        assert len(right) == 1 if question["type"] == "multiple_choice" else len(right) >= 2
        feedback = [answer["feedback"] for answer in question["answers"]]
        assert all(feedback) and len(set(feedback)) == len(feedback)
        for text in [question["question"], *feedback, *(a["answer"] for a in question["answers"])]:
            assert text.count("`") % 2 == 0, text


@pytest.mark.fast
def test_every_lesson_has_a_quiz():
    assert [p.stem for p in FILES] == [p.name[:2] for p in sorted(ROOT.glob("lessons/[0-9]*.md"))]


def test_unknown_quiz():
    with pytest.raises(Problem, match="কুইজ নেই"):
        quiz.load("99")


def test_live_and_still(monkeypatch, capsys):
    import IPython.display

    pages = []
    monkeypatch.setattr(IPython.display, "display", lambda page: pages.append(page.data))
    monkeypatch.setenv("KERAS_BANGLA_STILL", "1")
    quiz.quiz("01")
    first = quiz.load("01")[0]
    assert first["answers"][0]["feedback"] in pages[0] and "<script" not in pages[0]

    # jupyterquiz sets the texts as HTML: code must be marked up, and `<` escaped.
    turned = quiz._with_code([{"question": "`a < b`?", "answers": [], "type": "x"}])
    assert turned[0]["question"] == "<code>a &lt; b</code>?" and turned[0]["type"] == "x"
