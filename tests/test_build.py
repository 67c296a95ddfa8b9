"""The notebooks are what the lessons make, cell by cell, and a build is deterministic."""

import ast
import copy
import re

import nbformat
import pytest
from conftest import ROOT

from tools import build_notebooks as builder

pytestmark = pytest.mark.fast
BUILT = builder.targets()


@pytest.mark.parametrize("path", BUILT, ids=lambda p: p.relative_to(ROOT).as_posix())
def test_notebook_is_in_step_with_its_source(path):
    on_disk = nbformat.read(path, as_version=4)
    assert builder.without_outputs(on_disk) == builder.without_outputs(BUILT[path]), (
        "run `make notebooks`"
    )


def test_no_notebook_without_a_source():
    on_disk = {*builder.NOTEBOOKS.glob("*.ipynb"), *builder.SOLUTIONS.glob("*.ipynb")}
    assert on_disk == set(BUILT)


def test_readme_lists_the_lessons():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert builder.with_lesson_table(readme) == readme, "run `make notebooks`"
    assert all(lesson.title in readme for lesson in builder.read_lessons())


def test_a_build_is_deterministic():
    assert builder.targets() == BUILT


def test_cell_ids_survive_a_change_elsewhere():
    notebook = copy.deepcopy(BUILT[builder.NOTEBOOKS / "01_keras_in_30_seconds.ipynb"])
    before = [cell.id for cell in notebook.cells]
    assert len(set(before)) == len(before)
    notebook.cells[5].source += " "
    after = [cell.id for cell in builder._with_stable_ids(notebook).cells]
    assert [a == b for a, b in zip(after, before, strict=True)].count(False) == 1


@pytest.mark.parametrize("path", BUILT, ids=lambda p: p.relative_to(ROOT).as_posix())
def test_no_path_of_the_building_machine(path):
    text = path.read_text(encoding="utf-8")
    assert str(ROOT) not in text
    assert not re.search(r"site-packages|/tmp/|/home/|/root/", text)


@pytest.mark.parametrize("path", BUILT, ids=lambda p: p.relative_to(ROOT).as_posix())
def test_learners_see_blanks_and_solutions_see_outputs(path):
    notebook = nbformat.read(path, as_version=4)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    for cell in code:
        ast.parse(cell.source)
    if path.parent == builder.SOLUTIONS:
        assert all(cell.execution_count for cell in code)
        assert path.stat().st_size < 3_000_000
        assert sum(builder.CHECKED in cell.source for cell in code) >= 8
        assert "widgets" not in notebook.metadata
        for cell in code:
            for output in cell.outputs:
                assert output.output_type != "error"
                assert output.get("name") != "stderr", (cell.source, output)
    else:
        assert all(not cell.outputs and cell.execution_count is None for cell in code)
        lesson = path.name[:2].isdigit()  # the pages of all terms and all errors are longer
        assert path.stat().st_size < (150_000 if lesson else 250_000)
        text = "\n".join(cell.source for cell in notebook.cells)
        assert builder.BEGIN not in text and "NBVAL" not in text


def test_every_lesson_has_its_parts():
    lessons = builder.read_lessons()
    assert len({lesson.number for lesson in lessons}) == len(lessons)
    for lesson in lessons:
        text = "\n".join(cell.source for cell in lesson.cells)
        number = lesson.number
        exercises = set(re.findall(rf'check\("({number}\.\d+)"', text))
        assert len(exercises) >= 4, lesson.name
        assert f'quiz("{number}")' in text and "## সারাংশ" in text
        assert text.count(builder.BEGIN) == text.count(builder.END) == len(exercises)
        head = BUILT[builder.NOTEBOOKS / f"{lesson.name}.ipynb"].cells[0].source
        assert lesson.title in head and "colab-badge" in head
        foot = BUILT[builder.NOTEBOOKS / f"{lesson.name}.ipynb"].cells[-1].source
        assert all(goal in foot for goal in lesson.goals)
        assert lesson.name in foot.split("issues/new")[1]


def test_the_address_stands_in_one_place():
    address = builder.Project.read().repository
    assert address.startswith("https://github.com/")
    for path in [
        *ROOT.glob("lessons/*"),
        *ROOT.glob("helpers/**/*.py"),
        *ROOT.glob("tools/**/*.py"),
    ]:
        assert address not in path.read_text(encoding="utf-8"), path


# --- blanks -----------------------------------------------------------------------------


def test_a_name_becomes_a_blank():
    source = 'x = 1\n### BEGIN SOLUTION\ny = x + 1\nunused = 3\n### END SOLUTION\ncheck("1", y)'
    assert builder.blank_out(source) == f'x = 1\ny = {builder.BLANK}\ncheck("1", y)'


def test_a_function_body_becomes_a_blank():
    source = "def f(a):\n    ### BEGIN SOLUTION\n    return a\n    ### END SOLUTION\n\n\ncheck(f)"
    blanked = builder.blank_out(source)
    assert blanked == f"def f(a):\n    {builder.BLANK}\n\n\ncheck(f)"
    names: dict = {"check": lambda f: None}
    exec(blanked, names)
    assert names["f"](1) is None


def test_an_answer_without_a_name_becomes_a_blank():
    source = "### BEGIN SOLUTION\nmodel.compile()\n### END SOLUTION\ncheck(model)"
    assert builder.blank_out(source) == f"{builder.BLANK}\ncheck(model)"


def test_test_marks_go():
    assert builder.blank_out(f"{builder.CHECKED}\nprint(1)") == "print(1)"


@pytest.mark.parametrize(
    "source",
    ["### BEGIN SOLUTION\nx = 1", "### END SOLUTION", "### BEGIN SOLUTION\n### BEGIN SOLUTION\n"],
)
def test_marks_that_do_not_pair_are_refused(source):
    with pytest.raises(ValueError, match="SOLUTION"):
        builder.blank_out(source)
