"""The quizzes: their data, and what a learner sees."""

import json
from collections import Counter

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


@pytest.fixture(scope="module")
def shown():
    """What jupyterquiz is given for each lesson."""
    import jupyterquiz

    with pytest.MonkeyPatch.context() as patch:
        given = []
        patch.delenv("KERAS_BANGLA_STILL", raising=False)
        patch.setattr(
            jupyterquiz,
            "display_quiz",
            lambda questions, **options: given.append((questions, options)),
        )
        for path in FILES:
            quiz.quiz(path.stem)
    assert all(options["shuffle_answers"] is False for _, options in given)
    return [questions for questions, _ in given]


def test_the_first_option_is_not_always_right(shown):
    everywhere = Counter()
    for questions in shown:
        places = Counter(
            place
            for question in questions if question["type"] == "multiple_choice"
            for place, answer in enumerate(question["answers"]) if answer["correct"]
        )  # fmt: skip
        assert len(places) >= 2 and max(places.values()) <= 0.7 * places.total(), places
        everywhere += places
    assert set(everywhere) == {0, 1, 2, 3}
    assert all(0.1 < count / everywhere.total() < 0.4 for count in everywhere.values()), everywhere

    several = [
        [answer["correct"] for answer in question["answers"]]
        for questions in shown for question in questions if question["type"] == "many_choice"
    ]  # fmt: skip
    assert any(right != sorted(right, reverse=True) for right in several)


def test_the_order_is_the_same_in_every_run(shown):
    """Stored outputs stay as they are, and mixing loses or changes no option."""
    for path, questions in zip(FILES, shown, strict=True):
        written = quiz.load(path.stem)
        assert quiz._with_code(quiz._mixed(written)) == questions
        for before, after in zip(quiz._with_code(written), questions, strict=True):
            assert {**before, "answers": 0} == {**after, "answers": 0}
            key = str
            assert sorted(before["answers"], key=key) == sorted(after["answers"], key=key)
    seconds = [answer["answer"] for answer in quiz._mixed(quiz.load("01"))[1]["answers"]]
    assert seconds[3].startswith("দুটো কলাম"), "another Python mixes otherwise"


def test_live_and_still(monkeypatch, capsys):
    import IPython.display

    pages = []
    monkeypatch.setattr(IPython.display, "display", lambda page: pages.append(page.data))
    monkeypatch.setenv("KERAS_BANGLA_STILL", "1")
    quiz.quiz("01")
    first = quiz.load("01")[0]
    assert first["answers"][0]["feedback"] in pages[0] and "<script" not in pages[0]
    mixed = [pages[0].index(answer["feedback"]) for answer in quiz._mixed([first])[0]["answers"]]
    assert mixed == sorted(mixed), "the still page has another order"

    # jupyterquiz sets the texts as HTML: code must be marked up, and `<` escaped.
    turned = quiz._with_code([{"question": "`a < b`?", "answers": [], "type": "x"}])
    assert turned[0]["question"] == "<code>a &lt; b</code>?" and turned[0]["type"] == "x"
