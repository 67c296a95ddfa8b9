"""Errors explained in Bengali, above Python's own traceback; `runtime.start` switches it on.

    errors.start()                  every error of a cell is explained from now on
    errors.look(model, (x, y))      looks for mistakes that raise nothing

What is known stands in data/errors.toml. The traceback stays, below the explanation:
engineers must learn to read it. Nothing is loaded before the first error.
"""

from __future__ import annotations

import ast
import functools
import html
import json
import linecache
import os
import re
import sys
import tomllib
import traceback
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any

from helpers import _facts
from helpers._look import look  # noqa: F401  (part of this module's face)
from helpers.messages import Problem, bn

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Entry:
    """One kind of error, as data/errors.toml has it (the fields are told there)."""

    id: str
    group: str
    title: str
    what: str
    why: str
    fix: str
    lesson: str
    section: str
    shows: str
    code: str = ""
    types: frozenset[str] = frozenset()
    pattern: str = ""
    line: str = ""
    inside: str = ""
    needs: tuple[str, ...] = ()
    on: str = ""
    table: Mapping[str, str] = field(default_factory=dict)
    example: Mapping[str, str] = field(default_factory=dict)
    silent: bool = False


@dataclass(frozen=True)
class Explanation:
    """An entry with the learner's own names, shapes and values filled in."""

    id: str
    title: str
    where: str
    what: str
    why: str
    fix: str
    code: str
    lesson: str
    section: str
    note: str = ""

    def text(self) -> str:
        """For a terminal, and for tools that read a notebook's plain text."""
        parts = [f"⚠ {self.title}", self.where]
        parts += [f"{head} {body}" for head, body in self._parts()]
        parts += [f"    {line}" for line in self.code.splitlines()]
        parts += [self.note, f"শিখতে: {self._lesson()}"]
        return "\n".join(filter(None, parts))

    def html(self) -> str:
        """For a notebook; the colours suit light pages and dark ones."""
        parts = [f'<div style="font-weight:600;font-size:1.1em">⚠ {_inline(self.title)}</div>']
        if self.where:
            parts.append(f"<div>{_inline(self.where)}</div>")
        parts += [f"<div><b>{head}</b> {_inline(body)}</div>" for head, body in self._parts()]
        if self.code:
            parts.append(
                '<pre style="margin:4px 0;padding:6px 10px;background:rgba(128,128,128,.14);'
                f'overflow-x:auto">{html.escape(self.code)}</pre>'
            )
        if self.note:
            parts.append(f"<div>{_inline(self.note)}</div>")
        address = _address(self.lesson, self.section)
        name = html.escape(self._lesson())
        link = f'<a href="{html.escape(address)}" target="_blank">{name}</a>' if address else name
        parts.append(f"<div><b>শিখতে:</b> {link}</div>")
        return (
            '<div lang="bn" role="note" style="border-left:5px solid #c2620a;padding:8px 14px;'
            "margin:4px 0;background:rgba(217,119,6,.10);max-width:820px;line-height:1.65;"
            f"font-family:'Hind Siliguri','Noto Sans Bengali',sans-serif\">{''.join(parts)}</div>"
        )

    def _parts(self) -> Iterator[tuple[str, str]]:
        for head, body in (("কী হলো:", self.what), ("কেন:", self.why), ("কী করবেন:", self.fix)):
            if body:
                yield head, body

    def _lesson(self) -> str:
        return f"পাঠ {bn(self.lesson)}, ‘{self.section.replace('`', '')}’"


@functools.cache
def _data() -> dict[str, Any]:
    return tomllib.loads((ROOT / "data" / "errors.toml").read_text(encoding="utf-8"))


@functools.cache
def entries() -> tuple[Entry, ...]:
    """All kinds of errors that are known, the particular before the general."""
    renamed = {"type": "types", "try": "fix"}
    found = []
    for table in _data()["error"]:
        values = {renamed.get(key, key): value for key, value in table.items()}
        values["types"] = frozenset(values.get("types", ()))
        values["needs"] = tuple(values.get("needs", ()))
        found.append(Entry(**values))
    return tuple(found)


# --- what an exception means ----------------------------------------------------------------


def explain(
    kind: type[BaseException],
    error: BaseException,
    trace: TracebackType | None,
    names: dict[str, Any] | None = None,
) -> Explanation | None:
    """What an exception means, in Bengali, or None when no entry is sure of it.

    Args:
        kind, error, trace: as sys.exc_info() gives them.
        names: the learner's names, the notebook's if not given; code that has them as its
            globals is the learner's own.
    """
    if issubclass(kind, (Problem, SystemExit)):
        return None
    names = _notebook_names() if names is None else names
    error = _whole_syntax_error(error, names)
    place = _place(error, trace, names)
    if place.own_raise:  # what learners raise, they have worded themselves
        return None
    message = _message(error)
    ancestors = {base.__name__ for base in type(error).__mro__}
    for entry in entries():
        if entry.silent or not entry.types & ancestors:
            continue
        if entry.on not in ("", _facts.backend()):
            continue
        if entry.inside and not re.search(entry.inside, place.frames):
            continue
        facts = _match(entry, message, place.statement)
        if facts is None:
            continue
        clue = _facts.Clue(error, facts, place.statement, place.names, names, _data()["homes"])
        if not _add_facts(entry, facts, clue) or _places(entry) - facts.keys():
            continue
        note = "" if "lost_model" in entry.needs else _facts.lost_weights(names)
        return fill(entry, facts, place.where(), note)
    return None


def fill(entry: Entry, facts: Mapping[str, str], where: str = "", note: str = "") -> Explanation:
    """An entry with its {facts} put in; what is no fact stays as it stands."""

    def put(text: str) -> str:
        words = facts.get("new", "")
        if re.search("[\u0980-\u09ff]", words):  # a sentence, not a name: no code around it
            text = text.replace("`{new}`", words)
        return _PLACE.sub(lambda m: _short(facts.get(m[1], m[0])), text)

    return Explanation(
        entry.id, put(entry.title), where, put(entry.what), put(entry.why), put(entry.fix),
        put(entry.code), entry.lesson, entry.section, note,
    )  # fmt: skip


_PLACE = re.compile(r"\{([a-z_]\w*)\}")


def _places(entry: Entry) -> set[str]:
    """The facts that an entry's text speaks of: without one of them it may not be shown."""
    texts = (entry.title, entry.what, entry.why, entry.fix, entry.code)
    return {name for text in texts for name in _PLACE.findall(text)}


def example(entry: Entry) -> Explanation:
    """An entry filled in from its own example, for the page ভুল থেকে শেখা."""
    message = entry.shows.partition(": ")[2]
    line = entry.example.get("line", "")
    facts = dict(entry.example)
    if not entry.silent:
        facts |= _match(entry, message, line) or {}
        if entry.table:
            facts["new"] = entry.table.get(facts.get("old", ""), facts.get("new", ""))
    return fill(entry, facts)


def _match(entry: Entry, message: str, statement: str) -> dict[str, str] | None:
    """The named groups of pattern and line, or None; `name2` counts as another `name`."""
    facts: dict[str, str] = {}
    for pattern, text in ((entry.pattern, message), (entry.line, statement)):
        if not pattern:
            continue
        match = re.search(pattern, text, re.MULTILINE if text is statement else 0)
        if match is None:
            return None
        for name, value in match.groupdict().items():
            if value is not None:
                facts[re.sub(r"\d+$", "", name)] = value
    return facts


def _add_facts(entry: Entry, facts: dict[str, str], clue: _facts.Clue) -> bool:
    """Adds what the entry needs to know; False when something cannot be found."""
    if entry.table:
        if facts.get("old") not in entry.table:
            return False
        facts["new"] = entry.table[facts["old"]]
    for name in entry.needs:
        value = _facts.find(name, clue)
        if not value:
            return False
        facts[name] = value
    return True


def _message(error: BaseException) -> str:
    """The message in one line, without colours and without a cell's file name."""
    text = error.msg if isinstance(error, SyntaxError) and error.msg else str(error)
    return re.sub(r"\s+", " ", re.sub(r"\x1b\[[0-9;]*m", "", text)).strip()


def _whole_syntax_error(error: BaseException, names: Mapping[str, Any]) -> BaseException:
    """IPython says only 'incomplete input'; Python itself says what is left open."""
    if not (isinstance(error, SyntaxError) and "incomplete input" in str(error.msg)):
        return error
    source = str((names.get("In") or [""])[-1])
    try:
        compile(source, str(error.filename), "exec")
    except SyntaxError as said:
        return said
    return error


# --- where it happened ----------------------------------------------------------------------


@dataclass(frozen=True)
class _Place:
    """The learner's own line behind an error.

    Attributes:
        line: its number in its cell, from 1; None if no line of the learner's is in it.
        statement: the whole statement, which may have several lines.
        here: True for the cell that runs now, False for a function of an earlier one.
        function: the learner's function that the line stands in, or "".
        names: what can be seen there.
        frames: all frames, "module.function > module.function".
        own_raise: True if the learner's own `raise` or `assert` did it.
    """

    line: int | None
    statement: str
    here: bool
    function: str
    names: Mapping[str, Any]
    frames: str
    own_raise: bool

    def where(self) -> str:
        if self.line is None:
            return ""
        cell = "সেলের" if self.here else "আগে চালানো এক সেলের"
        inside = f" (`{self.function}` ফাংশনের ভেতরে)" if self.function else ""
        line = next(iter(self.statement.strip().splitlines()), "")
        return f"{cell} {bn(self.line)} নম্বর লাইনে{inside}: `{_short(line)}`"


def _place(error: BaseException, trace: TracebackType | None, names: dict[str, Any]) -> _Place:
    walked = list(traceback.walk_tb(trace))
    frames = " > ".join(
        f"{frame.f_globals.get('__name__', '?')}.{frame.f_code.co_name}" for frame, _ in walked
    )
    own = [
        (frame, line)
        for frame, line in walked
        # TensorFlow rewrites a function for `map` in a file of its own, with the same globals.
        if frame.f_globals is names and "__autograph" not in frame.f_code.co_filename
    ]
    if isinstance(error, SyntaxError) and not own:
        return _Place(error.lineno, (error.text or "").rstrip(), True, "", names, frames, False)
    if not own:
        return _Place(None, "", True, "", names, frames, False)
    frame, line = own[-1]
    statement, is_raise = _statement(frame.f_code.co_filename, line)
    function = frame.f_code.co_name
    return _Place(
        line,
        statement,
        frame.f_code.co_filename == own[0][0].f_code.co_filename,
        "" if function.startswith("<") else function,
        {**names, **frame.f_locals},
        frames,
        is_raise and walked[-1][0] is frame,
    )


def _statement(filename: str, line: int) -> tuple[str, bool]:
    """The statement that a line of a cell belongs to, and whether it is a raise or assert."""
    lines = linecache.getlines(filename)
    plain = lines[line - 1].strip() if 0 < line <= len(lines) else ""
    try:
        tree = ast.parse("".join(lines))
    except SyntaxError:
        return plain, False
    found: ast.stmt | None = None
    for node in ast.walk(tree):  # outer statements come before those inside them
        if isinstance(node, ast.stmt) and node.lineno <= line <= (node.end_lineno or node.lineno):
            found = node
    if found is None or hasattr(found, "body"):  # the head of a loop or function
        return plain, False
    text = "".join(lines[found.lineno - 1 : found.end_lineno])
    return text.strip(), isinstance(found, (ast.Raise, ast.Assert))


def _notebook_names() -> dict[str, Any]:
    shell = _shell()
    return shell.user_ns if shell is not None else sys.modules["__main__"].__dict__


# --- how it is shown ------------------------------------------------------------------------


def _inline(text: str) -> str:
    """Plain text with `code` in backticks, as HTML."""
    pieces = html.escape(text).split("`")
    return "".join(
        f'<code style="overflow-wrap:anywhere">{piece}</code>' if i % 2 else piece
        for i, piece in enumerate(pieces)
    )


def _short(text: Any, most: int = 110) -> str:
    text = re.sub(r"\s+", " ", str(text)).strip().replace("`", "'")
    return text if len(text) <= most else text[: most - 1] + "…"


def cell_id(notebook: Mapping[str, Any], section: str) -> str:
    """The id of the cell that a heading stands in: JupyterLab and Colab go there by it."""
    wanted = re.compile(rf"^#+ {re.escape(section)}\s*$", re.MULTILINE)
    for cell in notebook["cells"]:
        if cell["cell_type"] == "markdown" and wanted.search("".join(cell["source"])):
            return cell["id"]
    return ""


def _address(lesson: str, section: str) -> str:
    """The link to a section: beside this notebook, or in Colab, where files have no paths."""
    path = next(iter(sorted((ROOT / "notebooks").glob(f"{lesson}_*.ipynb"))), None)
    if path is None:
        return ""
    try:
        place = cell_id(json.loads(path.read_text(encoding="utf-8")), section)
        if "google.colab" not in sys.modules:
            return f"{Path(os.path.relpath(path)).as_posix()}#cell-id={place}"
        table = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
        owner = table["project"]["urls"]["Repository"].split("github.com/")[1]
        ref = table["tool"]["keras-bangla"]["ref"]
        return (
            f"https://colab.research.google.com/github/{owner}/blob/{ref}/notebooks/{path.name}"
            f"#scrollTo={place}"
        )
    except (OSError, KeyError, IndexError, ValueError):  # no file, or on another drive
        return ""


def show(*explanations: Explanation) -> None:
    """Shows explanations in a notebook, or as text in a terminal."""
    from IPython.display import display

    for explanation in explanations:
        display(
            {"text/html": explanation.html(), "text/plain": explanation.text()},
            raw=True,
        )


# --- the hook -------------------------------------------------------------------------------


def _shell() -> Any:
    """The running IPython shell, or None in plain Python."""
    ipython = sys.modules.get("IPython")
    return ipython.get_ipython() if ipython is not None else None


def start() -> None:
    """Explains every error from now on; calling it again changes nothing.

    The shell's own way of showing a traceback is called afterwards, always and unchanged,
    so %xmode, other tools' handlers and tools that run notebooks see what they always saw.
    """
    shell = _shell()
    if shell is None or getattr(shell, "_keras_bangla_explains", False):
        return
    shell._keras_bangla_explains = True
    shown: list[bool] = []  # showtraceback calls showsyntaxerror: once is enough
    for name in ("showtraceback", "showsyntaxerror"):
        setattr(shell, name, _explained(getattr(shell, name), shown))


def _explained(original: Any, shown: list[bool]) -> Any:
    @functools.wraps(original)
    def showing(*args: Any, **kwargs: Any) -> Any:
        shown.append(True)
        try:
            if len(shown) == 1:
                _say(args, kwargs)
            return original(*args, **kwargs)
        finally:
            shown.pop()

    return showing


def _say(args: tuple, kwargs: dict) -> None:
    """Shows the explanation of the exception at hand; whatever fails here is kept quiet."""
    try:
        given = args[0] if args else kwargs.get("exc_tuple")
        kind, error, trace = given if isinstance(given, tuple) else sys.exc_info()
        if error is None:
            return
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            explanation = explain(kind, error, trace)
        if explanation is not None:
            show(explanation)
    except BaseException:  # the learner's own error is the one that matters
        return
