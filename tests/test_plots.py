"""Figures: the bundled font, alternative text, both roads for Bengali letters."""

import base64
import io
import re
import warnings

import fontpkg
import matplotlib

matplotlib.use("agg")
import matplotlib.pyplot as plt
import numpy as np
import pytest
from fontTools.pens.boundsPen import BoundsPen
from fontTools.ttLib import TTFont
from matplotlib import font_manager
from PIL import Image

from helpers import plots


@pytest.fixture(autouse=True)
def _font():
    plots.use_bengali_font()
    yield
    plt.close("all")


@pytest.fixture
def shown(monkeypatch):
    """What `show` displays, as HTML."""
    pages = []
    import IPython.display

    monkeypatch.setattr(IPython.display, "display", lambda page: pages.append(page.data))
    return pages


def alt_of(page):
    return re.search(r'alt="([^"]*)"', page)[1]


def picture_of(page):
    data = re.search(r'base64,([^"]+)"', page)[1]
    return Image.open(io.BytesIO(base64.b64decode(data)))


def test_the_bundled_font_is_used():
    for weight in ("normal", "bold"):
        found = font_manager.findfont(
            font_manager.FontProperties(family=plt.rcParams["font.family"], weight=weight)
        )
        assert "hind" in found.lower() and "siliguri" in found.lower()
    assert found == str(fontpkg.path(plots.FONT, weight=700))


@pytest.mark.parametrize("weight", plots.WEIGHTS)
def test_no_digit_of_the_font_is_damaged(weight):
    """In some weights of the package ১ is a stump, less than two thirds as high as ২."""
    font = TTFont(fontpkg.path(plots.FONT, weight=weight))
    glyphs = font.getGlyphSet()
    heights = {}
    for digit in "১২":
        pen = BoundsPen(glyphs)
        glyphs[font.getBestCmap()[ord(digit)]].draw(pen)
        heights[digit] = pen.bounds[3] - pen.bounds[1]
    assert heights["১"] > 0.8 * heights["২"], heights


def test_every_letter_and_mark_has_a_glyph():
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # matplotlib warns of a missing glyph
        fig, ax = plt.subplots()
        ax.set_title("✓ ঠিক · ✗ ভুল → কর্মক্ষেত্র, অ্যাকুরেসি ৯৮.৭% — Keras α")
        plots.to_html(fig, "x")


def test_letters_are_shaped():
    """ি is drawn before the letter that it follows in the text: কি is not wider than its parts,
    and differs from the letters set one by one."""
    if not plots.SHAPES_BENGALI:
        pytest.skip("this matplotlib leaves shaping to the browser")

    def ink(text):
        fig = plt.figure(figsize=(2, 1))
        fig.text(0.2, 0.4, text, fontsize=40)
        fig.canvas.draw()
        dark = np.asarray(fig.canvas.buffer_rgba())[..., 0] < 128
        plt.close(fig)
        columns = np.flatnonzero(dark.any(axis=0))
        return columns.max() - columns.min(), dark

    conjunct, _ = ink("ক্ষ")
    apart, _ = ink("ক\u200cষ")
    assert conjunct < 0.8 * apart
    assert not np.array_equal(ink("কি")[1], ink("িক")[1])


def test_show_gives_alternative_text_and_closes(shown):
    fig, _ = plt.subplots()
    plots.show(fig, 'একটা "ফাঁকা" ছক।')
    assert "একটা &quot;ফাঁকা&quot; ছক।" in shown[0]
    assert not plt.get_fignums()
    assert picture_of(shown[0]).size[0] > 300


def test_old_matplotlib_lets_the_browser_shape(monkeypatch, shown):
    monkeypatch.setattr(plots, "SHAPES_BENGALI", False)
    fig, ax = plt.subplots()
    ax.set_title("কর্মক্ষেত্র", weight="bold")
    plots.show(fig, "ছক।")
    svg = base64.b64decode(re.search(r'svg\+xml;base64,([^"]+)"', shown[0])[1]).decode()
    assert ">কর্মক্ষেত্র</text>" in svg  # text, not outlines
    assert svg.count("@font-face") == 2 and "font-weight:bold" in svg
    assert len(svg) < 300_000


def test_curves(shown):
    history = {"loss": [2.0, 0.5], "val_loss": [2.1, 0.75], "accuracy": [0.25, 0.875]}
    plots.curves(history)
    assert "২.০০ থেকে ০.৫০" in alt_of(shown[0]) and "ভ্যালিডেশনে ২.১০ থেকে ০.৭৫" in alt_of(shown[0])
    assert "অ্যাকুরেসি" in alt_of(shown[0])


def test_image_grid_marks_right_and_wrong_in_words(shown, monkeypatch):
    titles = []
    monkeypatch.setattr(plt.Axes, "set_title", lambda self, text, **options: titles.append(text))
    images = np.zeros((3, 8, 8, 1), "uint8")
    plots.image_grid(images, [0, 1, 2], [0, 2, 2], class_names=["ক", "খ", "গ"])
    assert titles == ["✓ ক", "✗ গ\nআসলে খ", "✓ গ"]
    assert "২টি ঠিক আর ১টি ভুল" in alt_of(shown[0])


@pytest.mark.parametrize("shape", [(5, 8, 8), (5, 8, 8, 1), (5, 8, 8, 3)])
def test_image_grid_takes_every_shape(shown, shape):
    plots.image_grid(np.random.default_rng(0).random(shape), columns=3)
    assert "৫টি ছবি" in alt_of(shown[0])


def test_confusion_matrix_tells_the_commonest_mistake(shown):
    plots.confusion_matrix([0, 0, 1, 1, 1], [0, 1, 0, 0, 1], ["গোলাপ", "টিউলিপ"])
    assert alt_of(shown[0]) == (
        "কনফিউশন ম্যাট্রিক্স: ৫টির মধ্যে ৪০% ঠিক। সবচেয়ে বেশি ভুল: টিউলিপ-কে গোলাপ বলা, ২ বার।"
    )
    plots.confusion_matrix([0, 1], [0, 1], ["ক", "খ"])
    assert "ভুল" not in alt_of(shown[1])


def test_probabilities():
    page = plots.probabilities_html([0.1, 0.9], ["<এক>", "দুই"])
    assert "▶ দুই" in page and "৯০.০%" in page and "&lt;এক&gt;" in page
