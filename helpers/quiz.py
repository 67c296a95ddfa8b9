"""A lesson's questions, shown by jupyterquiz; every option explains itself in Bengali.

The questions are data: data/quizzes/NN.json, in jupyterquiz's own format. Only its types
`multiple_choice` (one right answer) and `many_choice` (several) are used, because the
others show English prompts.
"""

from __future__ import annotations

import html
import json
import os
import random
from pathlib import Path

from helpers.datasets import EMBEDDED
from helpers.messages import Problem, bn

_COLOURS = {
    "--jq-multiple-choice-bg": "#1f4e79",
    "--jq-many-choice-bg": "#5b3a73",
    "--jq-incorrect-color": "#a3320b",
    "--jq-correct-color": "#00684a",
}


def load(lesson: str) -> list[dict]:
    """The questions of a lesson, in jupyterquiz's format.

    Args:
        lesson: the lesson's number, such as "01".

    Raises:
        Problem: there are no questions for this lesson.
    """
    path = Path(EMBEDDED) / "quizzes" / f"{lesson}.json"
    if not path.is_file():
        raise Problem(f'পাঠ {lesson}-এর কোনো কুইজ নেই। পাঠের নম্বর দুই অঙ্কে লিখুন, যেমন quiz("01")।')
    return json.loads(path.read_text(encoding="utf-8"))


def quiz(lesson: str) -> None:
    """Shows a lesson's quiz; with KERAS_BANGLA_STILL=1 as text that needs no JavaScript."""
    from IPython.display import HTML, display

    questions = _mixed(load(lesson))
    if os.environ.get("KERAS_BANGLA_STILL", "") not in ("", "0"):
        display(HTML(_still(questions)))
        return
    from jupyterquiz import display_quiz

    display_quiz(_with_code(questions), shuffle_answers=False, max_width=760, colors=_COLOURS)


def _mixed(questions: list[dict]) -> list[dict]:
    """The questions, each with its answers in another order, the same one in every run.

    Whoever writes a question sets the right answer first; a learner must not be able to count
    on that.
    """
    return [
        question | {"answers": random.Random(question["question"]).sample(answers, len(answers))}
        for question in questions
        for answers in [question["answers"]]
    ]


def _still(questions: list[dict]) -> str:
    parts = []
    for number, question in enumerate(questions, 1):
        parts.append(f"<p><b>{bn(number)}. {_inline(question['question'])}</b></p><ul>")
        for answer in question["answers"]:
            mark = "✓" if answer["correct"] else "✗"
            parts.append(
                f"<li>{_inline(answer['answer'])}<br><small>{mark} {_inline(answer['feedback'])}</small></li>"
            )
        parts.append("</ul>")
    return "".join(parts)


def _with_code(questions: list[dict]) -> list[dict]:
    """The questions with their texts as HTML: jupyterquiz sets them as they are."""
    return [
        question
        | {"question": _inline(question["question"])}
        | {
            "answers": [
                answer | {key: _inline(answer[key]) for key in ("answer", "feedback")}
                for answer in question["answers"]
            ]
        }
        for question in questions
    ]


def _inline(text: str) -> str:
    """Plain text with `code` in backticks, as HTML."""
    pieces = html.escape(text).split("`")
    return "".join(f"<code>{p}</code>" if i % 2 else p for i, p in enumerate(pieces))
