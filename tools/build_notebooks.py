"""Builds the notebooks from the lessons: python tools/build_notebooks.py [NN]

    lessons/NN_name.md  ->  notebooks/NN_name.ipynb             answers become blanks, no outputs
                            notebooks/solutions/NN_name.ipynb   answers, executed, outputs kept
    data/glossary.csv   ->  notebooks/glossary.ipynb
    data/errors.toml    ->  notebooks/learn_from_errors.ipynb

A lesson is MyST Markdown, read by jupytext. Its front matter (title, summary, goals,
minutes, device, data) makes the head, the set-up cell and the foot, through the templates
in tools/templates. A build is deterministic, cell ids too; only outputs differ from run to
run. The solutions are executed on the embedded samples, without a network.
"""

from __future__ import annotations

import ast
import hashlib
import os
import re
import sys
import time
import tomllib
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import jinja2
import jupytext
import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from helpers import errors  # noqa: E402
from helpers.glossary import terms  # noqa: E402
from helpers.messages import bn  # noqa: E402

LESSONS = ROOT / "lessons"
NOTEBOOKS = ROOT / "notebooks"
SOLUTIONS = NOTEBOOKS / "solutions"

BEGIN, END = "### BEGIN SOLUTION", "### END SOLUTION"
BLANK = "...  # এখানে লিখুন"
CHECKED = "# NBVAL_CHECK_OUTPUT"

_TEMPLATES = jinja2.Environment(
    loader=jinja2.FileSystemLoader(ROOT / "tools" / "templates"),
    undefined=jinja2.StrictUndefined,
    trim_blocks=False,
    keep_trailing_newline=False,
)


@dataclass(frozen=True)
class Project:
    """The repository's address and the branch or tag that links point to."""

    repository: str
    ref: str

    @classmethod
    def read(cls) -> Project:
        table = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
        return cls(table["project"]["urls"]["Repository"], table["tool"]["keras-bangla"]["ref"])

    def colab(self, path: str) -> str:
        owner_and_name = self.repository.split("github.com/")[1]
        return f"https://colab.research.google.com/github/{owner_and_name}/blob/{self.ref}/{path}"

    def feedback(self, lesson: str) -> str:
        body = f"পাঠ: {lesson}\nসেল:\nকী হলো:\n"
        return f"{self.repository}/issues/new?title={quote(f'[{lesson}] ')}&body={quote(body)}"


@dataclass(frozen=True)
class Lesson:
    """A lesson's source: the front matter and the cells between head and foot."""

    name: str
    title: str
    summary: str
    goals: list[str]
    minutes: int
    device: str
    data: str
    accelerator: str | None
    cells: list[NotebookNode]

    @classmethod
    def read(cls, path: Path) -> Lesson:
        """Reads lessons/NN_name.md.

        Raises:
            SystemExit: the front matter lacks something.
        """
        source = jupytext.read(path, fmt="md:myst")
        front = source.metadata
        try:
            return cls(
                name=path.stem,
                title=front["title"],
                summary=front["summary"],
                goals=list(front["goals"]),
                minutes=int(front["minutes"]),
                device=front["device"],
                data=front["data"],
                accelerator=front.get("accelerator"),
                cells=source.cells,
            )
        except KeyError as error:
            raise SystemExit(f"{path}: the front matter lacks {error}") from None

    @property
    def number(self) -> str:
        return self.name.split("_")[0]


def read_lessons() -> list[Lesson]:
    return [Lesson.read(path) for path in sorted(LESSONS.glob("[0-9][0-9]_*.md"))]


# --- one lesson -> two notebooks --------------------------------------------------------


def build(lesson: Lesson, lessons: list[Lesson], project: Project, solution: bool) -> NotebookNode:
    """The learner's notebook, or the solution, of one lesson; not executed."""
    folder = "notebooks/solutions" if solution else "notebooks"
    place = lessons.index(lesson)

    def link(other: Lesson) -> dict[str, str]:
        return {"title": other.title, "path": f"{other.name}.ipynb"}

    facts = {
        "number_bn": bn(lesson.number),
        "title": lesson.title,
        "summary": lesson.summary,
        "goals": lesson.goals,
        "minutes_bn": bn(lesson.minutes),
        "device": lesson.device,
        "data": lesson.data,
        "solution": solution,
        "all_devices": lesson.accelerator == "TPU",
        "first": place == 0 and not solution,
        "previous": link(lessons[place - 1]) if place > 0 else None,
        "next": link(lessons[place + 1]) if place + 1 < len(lessons) else None,
        "learner_path": f"../{lesson.name}.ipynb",
        "solution_path": f"solutions/{lesson.name}.ipynb",
        "glossary_path": "../glossary.ipynb" if solution else "glossary.ipynb",
        "colab": project.colab(f"{folder}/{lesson.name}.ipynb"),
        "feedback": project.feedback(lesson.name),
        "repository": project.repository,
        "ref": project.ref,
        "folder": project.repository.rsplit("/", 1)[1],
    }
    cells = [
        new_markdown_cell(_TEMPLATES.get_template("head.md.j2").render(facts)),
        new_code_cell(_TEMPLATES.get_template("setup.py.j2").render(facts)),
    ]
    for cell in lesson.cells:
        source = cell.source
        if cell.cell_type == "code":
            source = source if solution else blank_out(source)
            cells.append(new_code_cell(source, metadata=_tags(cell)))
        else:
            cells.append(new_markdown_cell(source))
    cells.append(new_markdown_cell(_TEMPLATES.get_template("foot.md.j2").render(facts)))

    notebook = new_notebook(cells=cells, metadata=_metadata(lesson.accelerator))
    return _with_stable_ids(notebook)


def _tags(cell: NotebookNode) -> dict:
    return {"tags": list(cell.metadata["tags"])} if cell.metadata.get("tags") else {}


def _metadata(accelerator: str | None = None) -> dict:
    """Notebook metadata; a lesson that wants a TPU asks Colab for its one v5e chip."""
    colab = {"provenance": [], "toc_visible": True}
    metadata = {
        "colab": colab,
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
    }
    if accelerator:
        metadata["accelerator"] = accelerator
        colab["gpuType"] = {"TPU": "V5E1", "GPU": "T4"}[accelerator]
    return metadata


def _with_stable_ids(notebook: NotebookNode) -> NotebookNode:
    """Ids from each cell's own text: a change in one cell leaves the others' ids alone."""
    seen: dict[str, int] = {}
    for cell in notebook.cells:
        digest = hashlib.sha256(f"{cell.cell_type}\n{cell.source}".encode()).hexdigest()[:12]
        seen[digest] = seen.get(digest, 0) + 1
        cell.id = digest if seen[digest] == 1 else f"{digest}-{seen[digest]}"
    return notebook


def blank_out(source: str) -> str:
    """A cell's text for the learner: answers become blanks, test marks go.

    Between BEGIN and END, at the margin, every name that the rest of the cell uses becomes
    `name = ...`; inside a function, the body becomes `...`. Either way it is valid Python.

    Raises:
        ValueError: the marks do not pair, or the result is no valid Python.
    """
    kept: list[str] = []
    answer: list[str] | None = None
    lines = [line for line in source.splitlines() if line.strip() != CHECKED]
    for number, line in enumerate(lines):
        mark = line.strip()
        if mark == BEGIN and answer is None:
            answer, indent = [], line[: len(line) - len(line.lstrip())]
        elif mark == END and answer is not None:
            rest = "\n".join([*kept, *lines[number + 1 :]])
            kept += _blanks("\n".join(answer), rest, indent)
            answer = None
        elif mark in (BEGIN, END):
            raise ValueError(f"{BEGIN} and {END} do not pair in:\n{source}")
        elif answer is None:
            kept.append(line)
        else:
            answer.append(line)
    if answer is not None:
        raise ValueError(f"{END} is missing in:\n{source}")
    blanked = "\n".join(kept)
    if BEGIN in source:
        ast.parse(blanked)
    return blanked


def _blanks(answer: str, rest: str, indent: str) -> list[str]:
    if indent:
        return [f"{indent}{BLANK}"]
    names = []
    for node in ast.parse(answer).body:
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            names.append(node.name)
        for target in ast.walk(node):
            if isinstance(target, ast.Name) and isinstance(target.ctx, ast.Store):
                names.append(target.id)
    used = [n for n in dict.fromkeys(names) if re.search(rf"\b{re.escape(n)}\b", rest)]
    return [f"{name} = {BLANK}" for name in used] or [BLANK]


# --- the glossary's page ----------------------------------------------------------------


def build_glossary() -> NotebookNode:
    """The glossary as a notebook of one table, in the order of the Bengali terms."""
    rows = sorted(terms(), key=lambda term: term.bangla)
    lines = ["| বাংলায় | ইংরেজিতে | মানে |", "|:--|:--|:--|"]
    lines += [
        f"| **{t.bangla}** | {t.english} | {t.explanation.replace('|', chr(92) + '|')} |"
        for t in rows
    ]
    head = (
        "# শব্দকোষ\n\n"
        f"পাঠগুলোতে যে {bn(len(rows))}টি শব্দ বারবার আসে, সেগুলোর এক বাক্যের মানে। নোটবুকের ভেতর থেকেও দেখা যায়: "
        '`from helpers.glossary import glossary`, তারপর `glossary("softmax")`।'
    )
    cells = [new_markdown_cell(head), new_markdown_cell("\n".join(lines))]
    return _with_stable_ids(new_notebook(cells=cells, metadata=_metadata()))


# --- the page of errors -----------------------------------------------------------------


def build_errors(notebooks: dict[Path, NotebookNode]) -> NotebookNode:
    """All errors that helpers.errors explains, as a notebook to leaf through, by group.

    Args:
        notebooks: the built lessons, whose cells the page links to.
    """
    groups: dict[str, list[errors.Entry]] = {}
    for entry in errors.entries():
        groups.setdefault(entry.group, []).append(entry)
    lessons = {path.name[:2]: (path.name, nb) for path, nb in notebooks.items()}
    count = bn(len(errors.entries()))
    head = (
        "# ভুল থেকে শেখা\n\n"
        "কোড লিখতে গেলে ভুল হবেই, সবার হয়। পাঠের সেট-আপ সেল চালানো থাকলে এররের উপরে বাংলায় লেখা "
        "আসে: কী হলো, কোন লাইনে, কেন, আর কী করবেন। তার নিচে Python-এর নিজের লেখাটাও থাকে, পড়তে "
        f"শিখুন সেটাও। এই পাতায় তেমন {count}টি ভুল এক জায়গায়। লাল লেখার শেষ লাইনের কয়েকটা শব্দ "
        "Ctrl+F চেপে এখানে খুঁজুন।\n\n"
        + "\n".join(f"- {group}: {bn(len(found))}টি" for group, found in groups.items())
    )
    cells = [new_markdown_cell(head)]
    for group, found in groups.items():
        parts = [f"## {group}"]
        if any(entry.silent for entry in found):
            parts.append(
                "এগুলোতে কোনো এরর আসে না, তাই এরাই সবচেয়ে ভয়ের। সন্দেহ হলে চালান: "
                "`from helpers import errors`, তারপর `errors.look(model, (x, y))`।"
            )
        parts += [_error_on_page(entry, *lessons[entry.lesson]) for entry in found]
        cells.append(new_markdown_cell("\n\n".join(parts)))
    return _with_stable_ids(new_notebook(cells=cells, metadata=_metadata()))


def _error_on_page(entry: errors.Entry, name: str, lesson: NotebookNode) -> str:
    told = errors.example(entry)
    place = errors.cell_id(lesson, entry.section)
    learn = f"[পাঠ {bn(entry.lesson)}]({name}#cell-id={place})"
    shows = entry.shows if len(entry.shows) <= 120 else entry.shows[:119] + "…"
    fence = "``" if "`" in shows else "`"
    lines = [
        f"**{told.title}** · {fence}{shows}{fence}",
        f"{told.what} {told.why} **কী করবেন:** {told.fix} {learn}",
    ]
    if told.code:
        lines.append(f"```python\n{told.code}\n```")
    return "\n\n".join(lines)


# --- the README's list of lessons -------------------------------------------------------


def with_lesson_table(readme: str) -> str:
    """The README with its table of lessons made from the lessons' front matter."""
    project = Project.read()
    rows = ["| পাঠ | কী নিয়ে | মিনিট | যন্ত্র | |", "|:--|:--|--:|:--|:--|"]
    for lesson in read_lessons():
        path = f"notebooks/{lesson.name}.ipynb"
        title = f"[{bn(lesson.number)} · {lesson.title}]({path})"
        links = f"[Colab]({project.colab(path)}) · [সমাধান](notebooks/solutions/{lesson.name}.ipynb)"
        rows.append(
            f"| {title} | {lesson.summary} | {bn(lesson.minutes)} | {lesson.device} | {links} |"
        )
    begin, end = "<!-- lessons:begin -->", "<!-- lessons:end -->"
    head, rest = readme.split(begin)
    return "\n".join([head + begin, *rows, end + rest.split(end)[1]])


# --- execution --------------------------------------------------------------------------


def execute(notebook: NotebookNode, folder: Path) -> None:
    """Runs a solution in place, on the embedded samples, with still figures.

    Raises:
        nbclient.exceptions.CellExecutionError: a cell failed.
    """
    from nbclient import NotebookClient

    metadata = dict(notebook.metadata)
    settings = {
        "KERAS_BANGLA_OFFLINE": "1",
        "KERAS_BANGLA_STILL": "1",
        # An empty cache: what this machine once downloaded must not slip in.
        "KERAS_BANGLA_CACHE": str(ROOT / "build" / "empty-cache"),
        "KERAS_BANGLA_DATA": "",
        "KERAS_BANGLA_FAST": "",
        "KERAS_BACKEND": "",
        # Tables and models are wrapped to the same width everywhere.
        "COLUMNS": "100",
    }
    env = {**os.environ, **settings}
    client = NotebookClient(
        notebook, timeout=600, coalesce_streams=True, resources={"metadata": {"path": str(folder)}}
    )
    client.execute(env=env)
    notebook.metadata = NotebookNode(metadata)  # not the widgets, nor this Python's version
    for cell in notebook.cells:
        cell.metadata.pop("execution", None)


def write(notebook: NotebookNode, path: Path) -> None:
    nbformat.validate(notebook)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(nbformat.writes(notebook) + "\n", encoding="utf-8")


def without_outputs(notebook: NotebookNode) -> dict:
    """What a rebuild must reproduce: cells' ids, texts and metadata, and the notebook's own."""
    cells = [{k: c[k] for k in ("id", "cell_type", "source", "metadata")} for c in notebook.cells]
    return {"cells": cells, "metadata": notebook.metadata}


def keep_outputs(old: NotebookNode, new: NotebookNode) -> bool:
    """Gives a solution its old outputs if no code has changed since; prose has none."""
    before, after = ([c for c in nb.cells if c.cell_type == "code"] for nb in (old, new))
    if [cell.source for cell in before] != [cell.source for cell in after]:
        return False
    for was, cell in zip(before, after, strict=True):
        cell.outputs, cell.execution_count = was.outputs, was.execution_count
    return True


def targets() -> dict[Path, NotebookNode]:
    """Every notebook that the lessons and the data make, not executed, by its path."""
    lessons, project = read_lessons(), Project.read()
    built = {NOTEBOOKS / "glossary.ipynb": build_glossary()}
    for lesson in lessons:
        built[NOTEBOOKS / f"{lesson.name}.ipynb"] = build(lesson, lessons, project, solution=False)
        built[SOLUTIONS / f"{lesson.name}.ipynb"] = build(lesson, lessons, project, solution=True)
    learners = {NOTEBOOKS / f"{lesson.name}.ipynb" for lesson in lessons}
    page = build_errors({path: nb for path, nb in built.items() if path in learners})
    built[NOTEBOOKS / "learn_from_errors.ipynb"] = page
    return built


def main(wanted: str = "") -> None:
    """Writes the README's table and all notebooks.

    Executes the solution of the wanted lesson, or of each whose code has changed since.
    """
    readme = ROOT / "README.md"
    readme.write_text(with_lesson_table(readme.read_text(encoding="utf-8")), encoding="utf-8")
    for path, notebook in targets().items():
        if path.parent != SOLUTIONS:
            write(notebook, path)
            continue
        old = nbformat.read(path, as_version=4) if path.exists() else None
        if wanted and not path.name.startswith(wanted):
            continue
        if wanted or old is None or not keep_outputs(old, notebook):
            print(f"{path.stem}: executing…", flush=True)
            began = time.perf_counter()
            execute(notebook, path.parent)
            print(f"{path.stem}: {time.perf_counter() - began:.0f} s")
        write(notebook, path)


if __name__ == "__main__":
    main(*sys.argv[1:])
