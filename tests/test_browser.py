"""A learner's first quarter of an hour: lesson 01 in JupyterLab, in headless Chromium.

`make lab`'s server runs on a copy of the project, so that what a browser saves changes
nothing here. Screenshots go to build/screenshots, for people to look at.
"""

import base64
import os
import re
import shutil
import socket
import subprocess
import sys

import nbformat
import pytest
from conftest import ROOT

pytestmark = pytest.mark.browser
CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")
REQUIRED = os.environ.get("KERAS_BANGLA_BROWSER") == "required"
SCREENSHOTS = ROOT / "build" / "screenshots"

if not CHROMIUM and not REQUIRED:
    pytest.skip("no Chromium on this machine", allow_module_level=True)


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    """The address that tools/lab.py prints, its server running."""
    home = tmp_path_factory.mktemp("project")
    for name in ("helpers", "data", "notebooks", "tools"):
        shutil.copytree(ROOT / name, home / name, ignore=shutil.ignore_patterns("__pycache__"))
    settings = home / "settings" / "@jupyterlab" / "notebook-extension"
    settings.mkdir(parents=True)
    # All cells stay in the page, so that the test can see those far below.
    (settings / "tracker.jupyterlab-settings").write_text('{"windowingMode": "none"}')
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    env = {
        **os.environ,
        "KERAS_BANGLA_OFFLINE": "1",
        "KERAS_BANGLA_FAST": "1",
        "KERAS_BANGLA_DATA": "",
        "JUPYTERLAB_SETTINGS_DIR": str(home / "settings"),
    }
    log = open(home / "lab.log", "w+")  # noqa: SIM115
    server = subprocess.Popen(
        [sys.executable, home / "tools" / "lab.py", str(port)],
        env=env, stdout=subprocess.PIPE, stderr=log, text=True, start_new_session=True,
    )  # fmt: skip
    line = server.stdout.readline()
    found = re.search(r"http://\S+", line)
    assert found, line
    try:
        yield found[0]
    finally:
        server.terminate()
        server.wait(30)
        log.close()


@pytest.fixture(scope="module")
def page(address):
    """Lesson 01, all of its cells run."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM,
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        page = browser.new_page(viewport={"width": 1280, "height": 1000})
        for attempt in range(60):  # the address is printed before the server listens
            try:
                page.goto(address)
                break
            except Exception:
                if attempt == 59:
                    raise
                page.wait_for_timeout(1000)
        _wait_for_all_cells(page)
        page.get_by_role("menuitem", name="Run", exact=True).click()
        page.get_by_text("Run All Cells", exact=True).click()
        cells = page.locator(".jp-CodeCell")
        done = r"""cells => cells.length > 20 && cells.every(
            c => /\[\d+\]/.test(c.querySelector('.jp-InputPrompt')?.textContent ?? ''))"""
        handle = cells.first
        handle.wait_for()
        for _ in range(300):
            if cells.evaluate_all(done) or page.locator(ERROR).count():
                break
            page.wait_for_timeout(1000)
        SCREENSHOTS.mkdir(parents=True, exist_ok=True)
        for number, cell in enumerate(page.locator(".jp-Cell").all()):
            cell.screenshot(path=SCREENSHOTS / f"01_{number:02d}.png")
        yield page
        browser.close()


def _wait_for_all_cells(page):
    """Until every cell of the lesson is in the page.

    On a slow machine JupyterLab opens the notebook before it has read the setting that keeps
    all cells in the page, and then shows only those near the top; opened again, it has read it.
    """
    lesson = nbformat.read(ROOT / "notebooks" / "01_keras_in_30_seconds.ipynb", as_version=4)
    for _ in range(5):
        page.locator(".jp-RenderedMarkdown h2").first.wait_for(timeout=120_000)
        for _ in range(20):
            if page.locator(".jp-Cell").count() == len(lesson.cells):
                return
            page.wait_for_timeout(1000)
        page.reload()
    raise AssertionError("JupyterLab never had all cells in the page")


ERROR = '[data-mime-type="application/vnd.jupyter.error"]'


def test_every_cell_ran(page):
    prompts = page.locator(".jp-CodeCell .jp-InputPrompt").all_text_contents()
    assert len(prompts) > 20 and all(re.search(r"\[\d+\]", prompt) for prompt in prompts)
    assert page.locator(ERROR).count() == 0
    # Nothing red either.
    stderr = page.locator('[data-mime-type="application/vnd.jupyter.stderr"]')
    assert stderr.all_text_contents() == []


def test_untouched_exercises_are_friendly(page):
    outputs = "\n".join(page.locator(".jp-OutputArea-output").all_text_contents())
    assert outputs.count("এখনও লেখা হয়নি") == 6


def test_the_quiz_answers_a_click(page):
    from helpers.quiz import load

    question = load("01")[0]
    right, wrong = question["answers"][0], question["answers"][1]
    for answer in (wrong, right):
        page.get_by_text(answer["answer"], exact=True).click()
        page.get_by_text(answer["feedback"]).wait_for(timeout=5000)
    page.locator(".Quiz").first.screenshot(path=SCREENSHOTS / "01_quiz.png")


def test_drawing_a_digit_gives_a_prediction(page):
    canvas = page.locator(".keras-bangla-pad canvas")
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x - 60, y - 60)
    page.mouse.down()
    for dx, dy in [(0, -80), (60, -40), (0, 0), (-60, 60), (60, 70)]:  # a ২
        page.mouse.move(x + dx, y + dy, steps=8)
    page.mouse.up()
    answer = page.locator(".keras-bangla-answer")
    answer.get_by_text("▶").wait_for(timeout=30_000)
    assert answer.locator("tr").count() == 10
    page.locator(".keras-bangla-pad").screenshot(path=SCREENSHOTS / "01_pad.png")
    page.get_by_role("button", name="মুছে ফেলুন").click()
    answer.get_by_text("ঘরটা খালি").wait_for(timeout=30_000)


def test_bengali_is_drawn_with_the_bundled_font(page, monkeypatch):
    """The page has the font, and a figure in it equals one drawn here with that font."""
    assert page.evaluate(
        """document.fonts.load("16px 'Hind Siliguri'", "অঙ্ক").then(f => f.length)"""
    )

    import IPython.display
    import matplotlib.pyplot as plt

    from helpers import datasets, plots
    from helpers.play import DIGITS

    pages = []
    monkeypatch.setattr(IPython.display, "display", lambda html: pages.append(html.data))
    monkeypatch.setenv("KERAS_BANGLA_OFFLINE", "1")
    images, labels = datasets.bangla_digits()
    plots.use_bengali_font()
    plots.image_grid(images[:16], labels[:16], class_names=DIGITS)
    with plt.rc_context({"font.weight": "bold", "axes.titleweight": "bold"}):
        plots.image_grid(images[:16], labels[:16], class_names=DIGITS)
    drawn, in_another_weight = (
        base64.b64decode(re.search(r'base64,([^"]+)"', html)[1]) for html in pages
    )
    sources = page.locator(".jp-OutputArea-output img").evaluate_all("all => all.map(i => i.src)")
    seen = [
        base64.b64decode(source.split("base64,")[1]) for source in sources if "base64" in source
    ]
    assert drawn in seen
    assert in_another_weight not in seen


def test_figures_have_alternative_text(page):
    figures = page.locator(".jp-OutputArea-output img")
    assert figures.count() >= 4
    assert all(figures.evaluate_all("all => all.map(image => image.alt)"))
