"""Bengali letters in figures, compared with a reference drawing: no eyes needed.

The road for matplotlib 3.10 (SVG text, shaped by the browser) is drawn in Chromium and
compared with the same words drawn by matplotlib 3.11, which shapes them itself. Words with
vowel signs that move and conjuncts that join tell shaped text from text set letter by letter.
"""

import base64
import io
import re
import shutil

import fontpkg
import matplotlib

matplotlib.use("agg")
import matplotlib.pyplot as plt
import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from helpers import plots

pytestmark = pytest.mark.browser
CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")
WORDS = ["কি", "কর্মক্ষেত্র", "অ্যাকুরেসি", "ভ্যালিডেশন", "মূল্যায়ন", "স্ট্রাইড"]

if not CHROMIUM:
    pytest.skip("no Chromium on this machine", allow_module_level=True)
if not plots.SHAPES_BENGALI:
    pytest.skip("the reference needs matplotlib 3.11", allow_module_level=True)


def figure(word):
    fig = plt.figure(figsize=(4, 1))
    fig.text(0.5, 0.35, word, fontsize=36, ha="center")
    return fig


def ink(picture):
    """A word's picture, cut to its ink, brought to one size and softened: (24, 96) in [0, 1].

    Softened, because a stroke that lies half a pixel off is the same letter.
    """
    grey = 1 - np.asarray(picture.convert("L"), float) / 255
    rows, columns = np.where(grey > 0.4)
    cut = grey[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1]
    small = Image.fromarray((cut * 255).astype("uint8")).resize((96, 24), Image.Resampling.BOX)
    return np.asarray(small.filter(ImageFilter.GaussianBlur(1.5)), float) / 255


def likeness(a, b):
    """Correlation of two words' ink: 1 is the same drawing."""
    return float(np.corrcoef(a.ravel(), b.ravel())[0, 1])


def reference(word):
    page = plots.to_html(figure(word), word)
    return ink(Image.open(io.BytesIO(base64.b64decode(re.search(r'base64,([^"]+)"', page)[1]))))


@pytest.fixture(scope="module")
def in_browser():
    """in_browser(html) is a screenshot of it."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"]
        )
        page = browser.new_page(viewport={"width": 600, "height": 200})

        def shot(html):
            page.set_content(f"<body style='margin:0;background:white'>{html}")
            page.locator("img").evaluate("image => image.decode()")
            return Image.open(io.BytesIO(page.locator("img").screenshot()))

        yield shot
        browser.close()


@pytest.fixture(autouse=True)
def _font():
    plots.use_bengali_font()


@pytest.mark.parametrize("word", WORDS)
def test_svg_text_looks_like_the_reference(in_browser, monkeypatch, word):
    wanted = reference(word)
    monkeypatch.setattr(plots, "SHAPES_BENGALI", False)
    seen = ink(in_browser(plots.to_html(figure(word), word)))
    assert likeness(seen, wanted) > 0.9, f"{word}: {likeness(seen, wanted):.2f}"


@pytest.mark.parametrize("word", WORDS)
def test_letters_set_one_by_one_are_noticed(word):
    """The net has no hole: an unshaped drawing, such as matplotlib 3.10's own, is unlike."""
    font = ImageFont.truetype(
        str(fontpkg.path(plots.FONT, weight=300)), 72, layout_engine=ImageFont.Layout.BASIC
    )
    page = Image.new("L", (900, 200), "white")
    ImageDraw.Draw(page).text((40, 40), word, font=font, fill="black")
    assert likeness(ink(page), reference(word)) < 0.75, word
