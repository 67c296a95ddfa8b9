"""Exercise checks: `check("01.2", answer)` says in Bengali if the answer is right.

A check looks at what an answer does (shapes, ranges, behaviour), never at how it is
written. Each lesson's checks stand in a module of their own, `lesson_01.py` and so on:

    @exercise("01.1")
    def scale(answer):
        expect(is_array(answer), "…এখনও অ্যারে নয়…")     # a hint for each usual mistake
        return "দারুণ! …"                                  # what to say when all is right
"""

from __future__ import annotations

import contextlib
import importlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from helpers.messages import Problem


@dataclass(frozen=True)
class Verdict:
    """What a check found: `status` is "right", "wrong" or "blank"; `text` is Bengali."""

    status: str
    text: str

    def __str__(self) -> str:
        mark = {"right": "✓ ঠিক হয়েছে।", "wrong": "✗ এখনও হয়নি।", "blank": "… এখনও লেখা হয়নি।"}
        return f"{mark[self.status]} {self.text}"


class Hint(Exception):
    """Raised inside a check: the answer is wrong, and this sentence helps."""


_EXERCISES: dict[str, Callable[..., str]] = {}


def exercise(name: str) -> Callable:
    """Registers a check under the exercise's name, such as "01.2"."""

    def register(function: Callable[..., str]) -> Callable[..., str]:
        _EXERCISES[name] = function
        return function

    return register


def expect(condition: Any, hint: str) -> None:
    """Ends the check with a hint unless the condition holds."""
    if not condition:
        raise Hint(hint)


def check(name: str, *answers: Any) -> None:
    """Says whether the answer to an exercise is right, or what to look at next.

    Args:
        name: the exercise, such as "01.2".
        answers: what the exercise asks for; a blank that is still `...` is no mistake.

    Raises:
        Problem: there is no such exercise.
    """
    print(grade(name, *answers))


def grade(name: str, *answers: Any) -> Verdict:
    """The verdict behind `check`; an answer that raises never lets it fail.

    Raises:
        Problem: there is no such exercise.
    """
    lesson = name.split(".")[0]
    if name not in _EXERCISES and lesson.isdigit():
        try:
            importlib.import_module(f"helpers.check.lesson_{lesson}")
        except ModuleNotFoundError as error:
            if error.name != f"helpers.check.lesson_{lesson}":
                raise
    if name not in _EXERCISES:
        raise Problem(f"{name} নামে কোনো অনুশীলনী নেই। উপরের শিরোনাম দেখে নম্বরটা মিলিয়ে নিন।")
    if any(answer is ... for answer in answers):
        return Verdict("blank", "`...`-এর জায়গায় আপনার উত্তর লিখে সেলটি আবার চালান।")
    try:
        return Verdict("right", _EXERCISES[name](*answers))
    except Blank:
        return Verdict("blank", "`...`-এর জায়গায় আপনার উত্তর লিখে সেলটি আবার চালান।")
    except Hint as hint:
        return Verdict("wrong", str(hint))
    except Exception as error:  # a check must outlive every answer
        return Verdict(
            "wrong",
            f"উত্তরটা চালাতে গিয়ে থেমে যেতে হলো ({type(error).__name__}: {_first_line(error)})। "
            "যা চাওয়া হয়েছে উত্তরটা সেই ধরনের জিনিস কি না, প্রশ্নটা আবার পড়ে মিলিয়ে দেখুন।",
        )


class Blank(Exception):
    """Raised inside a check: the answer is a function whose body is still `...`."""


def call(function: Any, *args: Any, **kwargs: Any) -> Any:
    """Calls the learner's function for a check, and makes a hint of what goes wrong.

    Raises:
        Hint: it is no function, or it raised.
        Blank: it is a function that still has the blank as its body.
    """
    expect(
        callable(function), "এখানে একটা ফাংশন লাগবে। `def` লেখা সেলটা চালিয়ে ফাংশনের নামটাই দিন, ডাকার ফল নয়।"
    )
    try:
        value = function(*args, **kwargs)
    except Exception as error:
        raise Hint(
            f"ফাংশনটা ডাকতেই এরর এসেছে ({type(error).__name__}: {_first_line(error)})। "
            "উপরের উদাহরণের মতো ছোট একটা ইনপুট দিয়ে আগে নিজে ডেকে দেখুন।"
        ) from error
    if value is None and _is_blank(function):
        raise Blank
    expect(value is not None, "ফাংশনটা কিছু ফেরত দেয়নি। শেষে `return` লিখেছেন তো?")
    return value


@contextlib.contextmanager
def unharmed(model: Any) -> Iterator[None]:
    """Gives a model its weights back when a learner's function broke it.

    On JAX a predict or fit that raises leaves the model without values (they were donated to
    the compiled step), and every later cell would fail.
    """
    saved = [(variable, variable.numpy()) for variable in model.variables]
    try:
        yield
    finally:
        for variable, value in saved:
            if getattr(variable, "_value", value) is None:
                variable._value = type(variable)(value, dtype=variable.dtype)._value


def _is_blank(function: Any) -> bool:
    """True for a function whose body is only `...`: it has no names and returns None."""
    code = getattr(function, "__code__", None)
    if code is None:
        return False

    def blank() -> None: ...

    return code.co_code == blank.__code__.co_code and not code.co_names


def _first_line(error: Exception) -> str:
    lines = str(error).strip().splitlines()
    return lines[0][:160] if lines else "কোনো বার্তা নেই"


# --- questions that many checks ask -----------------------------------------------------


def to_numpy(value: Any) -> Any:
    """A number, list, array or tensor of any backend as a NumPy array.

    Raises:
        Hint: it cannot be read as numbers.
    """
    if isinstance(value, (str, bytes, dict, set)) or value is None or callable(value):
        raise Hint("এখানে সংখ্যার অ্যারে লাগবে, যেমন NumPy-র অ্যারে।")
    try:
        import keras

        array = keras.ops.convert_to_numpy(value)
    except Exception:
        try:
            array = np.asarray(value)
        except Exception as error:
            raise Hint("এখানে সংখ্যার অ্যারে লাগবে, যেমন NumPy-র অ্যারে।") from error
    expect(array.dtype.kind in "biufV", "এখানে সংখ্যার অ্যারে লাগবে, যেমন NumPy-র অ্যারে।")
    return array


def built_model(value: Any) -> Any:
    """The answer, if it is a Keras model that has been built.

    Raises:
        Hint: it is something else, or its input shape is not known yet.
    """
    import keras

    expect(
        isinstance(value, keras.Model),
        "এখানে একটা Keras মডেল লাগবে, যেমন `keras.Sequential([...])`। মডেলটা যে নামে রেখেছেন সেই নামটাই দিন।",
    )
    expect(value.layers, "মডেলটা খালি। অন্তত একটা লেয়ার যোগ করুন।")
    expect(
        value.built,
        "মডেলটা এখনও তৈরি (build) হয়নি, কারণ ইনপুটের শেপ জানা নেই। সবার আগে `keras.Input(shape=...)` দিন।",
    )
    return value


def layers_of(model: Any, kind: type) -> list:
    """The model's layers of a kind, also those inside models that are used as layers."""
    import keras

    found = []
    for layer in model.layers:
        if isinstance(layer, keras.Model):
            found += layers_of(layer, kind)
        elif isinstance(layer, kind):
            found.append(layer)
    return found
