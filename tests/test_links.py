"""Every relative link in a notebook, a lesson or a README leads to a file that exists."""

import re
from urllib.parse import unquote

import nbformat
import pytest
from conftest import ROOT

pytestmark = pytest.mark.fast
PAGES = [
    ROOT / "README.md",
    *sorted(ROOT.glob("data/**/README.md")),
    *sorted(ROOT.glob("notebooks/**/*.ipynb")),
]


def text_of(path):
    if path.suffix == ".md":
        return path.read_text(encoding="utf-8")
    notebook = nbformat.read(path, as_version=4)
    return "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.relative_to(ROOT).as_posix())
def test_links_lead_somewhere(page):
    for target in re.findall(r"\]\(([^)\s]+)\)", text_of(page)):
        if re.match(r"(https?:|mailto:|#)", target):
            continue
        assert (page.parent / unquote(target.split("#")[0])).exists(), f"{page.name}: {target}"
