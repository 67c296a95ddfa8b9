"""Errors explained in Bengali: the data, what is filled in, and the hook into IPython.

The mistakes themselves are made in test_errors_provoked.py."""

import builtins
import dataclasses
import os
import re
import subprocess
import sys

import nbformat
import pytest
from conftest import ROOT

from helpers import errors
from tools import build_notebooks as builder

sys.path.insert(0, str(ROOT / "tests" / "errors"))
from cases import CASES
from others import OTHERS

ENTRIES = errors.entries()
LOUD = [entry for entry in ENTRIES if not entry.silent]


# --- the data -----------------------------------------------------------------------------


@pytest.mark.fast
def test_there_are_enough():
    assert len(LOUD) >= 60 and len(ENTRIES) - len(LOUD) >= 10
    assert len({entry.id for entry in ENTRIES}) == len(ENTRIES)
    assert len({entry.title for entry in ENTRIES}) == len(ENTRIES)
    assert len(set(OTHERS)) >= 100


@pytest.mark.fast
def test_every_kind_is_provoked():
    assert {case.id for case in CASES} == {entry.id for entry in LOUD}


@pytest.mark.fast
def test_every_entry_is_whole():
    for entry in ENTRIES:
        whole(entry)


def whole(entry):
    assert len(entry.title.split()) <= 8, entry.title
    for text in (entry.what, entry.why, entry.fix):
        assert re.search(r"[।?]$", text), text
        assert 1 <= len(re.findall(r"[।?](?: |$)", text)) <= 4, text
    if entry.silent:
        assert not entry.types and not entry.pattern
        return
    kind, _, message = entry.shows.partition(": ")
    assert entry.types and re.search(entry.pattern, message), entry.shows
    base = getattr(builtins, kind, object)
    assert {kind, *(c.__name__ for c in base.__mro__)} & entry.types, (kind, entry.types)


@pytest.mark.fast
def test_examples_fill_every_place():
    for entry in ENTRIES:
        told = errors.example(entry)
        for text in (told.title, told.what, told.why, told.fix, told.code):
            assert not re.search(r"\{[a-z_]+\}", text), (entry.id, text)


@pytest.mark.fast
def test_sections_are_there():
    headings = {
        path.name[:2]: set(
            re.findall(r"^##+ (.+)$", path.read_text(encoding="utf-8"), re.MULTILINE)
        )
        for path in (ROOT / "lessons").glob("[0-9][0-9]_*.md")
    }
    for entry in ENTRIES:
        assert entry.section in headings[entry.lesson], (entry.id, entry.lesson, entry.section)


@pytest.mark.fast
def test_the_page_lists_all():
    built = builder.targets()[builder.NOTEBOOKS / "learn_from_errors.ipynb"]
    page = "\n".join(cell.source for cell in built.cells)
    for entry in ENTRIES:
        assert errors.example(entry).title in page and entry.group in page
    links = re.findall(r"\]\((\d\d_\w+\.ipynb)#cell-id=([\w-]+)\)", page)
    assert len(links) == len(ENTRIES)
    for name, place in set(links):
        notebook = nbformat.read(ROOT / "notebooks" / name, as_version=4)
        assert place in {cell.id for cell in notebook.cells}


# --- what is said -------------------------------------------------------------------------


@pytest.fixture
def shell(monkeypatch):
    """An IPython shell with explanations on, and what they said."""
    from IPython.core.interactiveshell import InteractiveShell

    InteractiveShell.clear_instance()
    shell = InteractiveShell.instance()
    said = []
    monkeypatch.setattr(errors, "show", lambda *told: said.extend(told))
    shell.tracebacks = []
    shell._showtraceback = lambda kind, value, lines: shell.tracebacks.append(kind.__name__)
    errors.start()
    shell.said = said
    shell.run = lambda cell: shell.run_cell(cell, store_history=True)
    yield shell
    InteractiveShell.clear_instance()


def test_line_and_statement(shell):
    shell.run("import numpy as np\n\nrows = [1, 2, 3]\nscaled = (\n    rows\n    / 255\n)")
    (told,) = shell.said
    assert told.id == "list_arithmetic" and shell.tracebacks == ["TypeError"]
    assert re.match(r"সেলের [৪৫] নম্বর লাইনে: `scaled = \(", told.where)


def test_a_function_of_an_earlier_cell(shell):
    shell.run("def half(rows):\n    return rows / 2")
    shell.run("a = 1\nhalf([2, 4])")
    (told,) = shell.said
    assert told.where == "আগে চালানো এক সেলের ২ নম্বর লাইনে (`half` ফাংশনের ভেতরে): `return rows / 2`"


def test_the_learners_own_values(shell):
    shell.run("import numpy as np\nnp.zeros((2, 3)) + np.zeros((4, 3))")
    (told,) = shell.said
    assert "`(2,3)`" in told.what and "`(4,3)`" in told.what


def test_a_bracket_left_open_on_the_last_line(shell):
    shell.run("print((1 + 2)")
    assert shell.said[0].id == "bracket_open" and "১ নম্বর লাইনে" in shell.said[0].where


def test_a_name_of_the_lesson(shell):
    """The cell that makes a name is found by what else was run."""
    notebook = nbformat.read(ROOT / "notebooks" / "01_keras_in_30_seconds.ipynb", as_version=4)
    code = [c.source for c in notebook.cells if c.cell_type == "code"]
    using = next(source for source in code if "blank = (images == 255)" in source)
    shell.run(using)
    (told,) = shell.said
    assert told.id == "name_cell" and "`images`" in told.what
    assert "আগে পুরোটা, এক নিশ্বাসে" in told.what


def test_an_entry_that_cannot_be_filled_is_passed_over(shell, monkeypatch):
    whole = next(entry for entry in ENTRIES if entry.id == "list_index")
    texts = ("title", "what", "why", "fix", "code")
    broken = [dataclasses.replace(whole, id="broken", **{text: "`{gone}` নেই।"}) for text in texts]
    monkeypatch.setattr(errors, "entries", lambda: (*broken, whole))
    shell.run("[1][5]")
    assert [told.id for told in shell.said] == ["list_index"]
    monkeypatch.setattr(errors, "entries", lambda: tuple(broken))
    shell.run("[1][5]")
    assert len(shell.said) == 1 and shell.tracebacks == ["IndexError", "IndexError"]


def test_what_learners_raise_is_theirs(shell):
    shell.run("raise ValueError('No loss to compute')")
    shell.run("def f():\n    raise KeyError('acc')\n\n\nhistory = f()")
    assert shell.said == [] and shell.tracebacks == ["ValueError", "KeyError"]


def test_no_code_of_a_value_reaches_the_page():
    entry = next(e for e in ENTRIES if e.id == "name_unknown")
    told = errors.fill(entry, {"name": "<script>`x`" * 40})
    page = told.html()
    assert "<script>" not in page and "&lt;script&gt;" in page and len(page) < 4000


# --- the hook -----------------------------------------------------------------------------


def test_twice_is_once(shell):
    before = shell.showtraceback
    errors.start()
    assert shell.showtraceback == before
    shell.run("[1][5]")
    assert len(shell.said) == 1


def test_a_broken_explainer_hides_nothing(shell, monkeypatch):
    def broken(*args):
        raise RuntimeError("broken on purpose")

    monkeypatch.setattr(errors, "explain", broken)
    done = shell.run("[1][5]")
    assert isinstance(done.error_in_exec, IndexError) and shell.tracebacks == ["IndexError"]
    done = shell.run("print(")
    assert isinstance(done.error_before_exec, SyntaxError) and len(shell.tracebacks) == 2


@pytest.mark.parametrize("mode", ["Plain", "Context", "Verbose", "Minimal"])
def test_xmode_keeps_working(shell, mode):
    lines = []
    shell._showtraceback = lambda kind, value, text: lines.append("\n".join(text))
    shell.run_line_magic("xmode", mode)
    shell.run("def f(a):\n    return a[5]\n\n\nf([1])")
    assert "IndexError" in lines[0] and shell.said[0].id == "list_index"


def test_another_tools_handler_keeps_working(shell):
    seen = []
    shell.set_custom_exc((ZeroDivisionError,), lambda sh, kind, value, tb, **_: seen.append(kind))
    shell.run("1 / 0")
    assert seen == [ZeroDivisionError]
    shell.run("[1][5]")
    assert shell.tracebacks == ["IndexError"]


def test_plain_python_is_left_alone():
    code = "from helpers import errors; errors.start(); print(errors._data.cache_info().currsize)"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.stdout.strip() == "0" and done.stderr == ""


def test_terminal_ipython(tmp_path):
    code = "from helpers import errors\nerrors.start()\nget_ipython().run_cell('[1, 2] / 255')"
    script = tmp_path / "s.ipy"
    script.write_text(code)
    done = subprocess.run(
        [sys.executable, "-m", "IPython", "--colors=NoColor", str(script)],
        cwd=ROOT, capture_output=True, text=True, check=False, env={**os.environ, "IPYTHONDIR": str(tmp_path)},
    )  # fmt: skip
    assert "⚠ লিস্টে একসঙ্গে" in done.stdout and "কী করবেন:" in done.stdout, done.stdout + done.stderr
    assert done.stdout.index("⚠") < done.stdout.index("TypeError: unsupported")


def failing_notebook():
    cells = [
        f"import sys\nsys.path.insert(0, {str(ROOT)!r})\nfrom helpers import errors\nerrors.start()",
        "rows = [1, 2]\nrows / 255",
    ]
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(c) for c in cells])
    notebook.metadata.kernelspec = {"name": "python3", "display_name": "Python 3"}
    return notebook


def test_nbclient_sees_the_failure():
    from nbclient import NotebookClient
    from nbclient.exceptions import CellExecutionError

    notebook = failing_notebook()
    with pytest.raises(CellExecutionError, match="unsupported operand"):
        NotebookClient(notebook, timeout=120).execute()
    kinds = [output.output_type for output in notebook.cells[1].outputs]
    assert kinds == ["display_data", "error"]
    data = notebook.cells[1].outputs[0].data
    assert "কী করবেন" in data["text/html"] and "কী করবেন" in data["text/plain"]


@pytest.mark.parametrize("how", ["--nbval", "--nbval-lax"])
def test_nbval_sees_the_failure(tmp_path, how):
    path = tmp_path / "fails.ipynb"
    nbformat.write(failing_notebook(), path)
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", how, "--nbval-current-env", str(path)],
        cwd=tmp_path, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 1 and "1 failed" in done.stdout, done.stdout[-2000:]
