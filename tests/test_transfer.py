"""Lesson 04's figures, and the box for a learner's photograph."""

import datetime
import io

import matplotlib.pyplot as plt
import numpy as np
import pytest
from PIL import Image

from helpers import transfer
from helpers.datasets import FLOWER_NAMES_BN

IMAGE = np.full((24, 24, 3), 120, "uint8")


class History:
    def __init__(self, train, held):
        self.history = {"accuracy": [0.2, train], "val_accuracy": [0.2, held]}


@pytest.mark.parametrize(
    ("made", "word"),
    [
        (lambda: transfer.bars({"ক": 0.35, "খ": 0.9}, "তুলনা"), "খ ৯০%"),
        (lambda: transfer.gaps({"ক": History(0.99, 0.8), "খ": History(0.7, 0.75)}), "৯৯%"),
        (lambda: transfer.schedule(np.linspace(1e-5, 4e-4, 60), 10), "০.০০০৪"),
        (
            lambda: transfer.attention(
                np.stack([IMAGE] * 2), np.eye(3)[None].repeat(2, 0), ["✓ ক", "✗ খ"]
            ),
            "২টি ছবি",
        ),
        (lambda: transfer.attention(IMAGE[None], np.zeros((1, 3, 3)), ["✓ ক"]), "১টি ছবি"),
    ],
)
def test_figures_tell_what_they_show(made, word):
    figure, alt = made()
    assert isinstance(figure, plt.Figure) and word in alt and alt.endswith("।")
    plt.close(figure)


def png() -> bytes:
    buffer = io.BytesIO()
    Image.fromarray(IMAGE).convert("RGBA").save(buffer, "PNG")
    return buffer.getvalue()


@pytest.mark.parametrize(
    "value",
    [
        {"ফুল.png": {"metadata": {}, "content": png()}},  # ipywidgets 7
        ({"name": "ফুল.png", "content": memoryview(png())},),  # ipywidgets 8
    ],
)
def test_uploads_of_both_widgets(value):
    assert transfer._uploaded(value) == [("ফুল.png", png())]


def test_nothing_uploaded():
    assert transfer._uploaded({}) == transfer._uploaded(()) == []


def test_photo_box(monkeypatch):
    """The box answers a photograph, and says in Bengali when a file is none."""
    import ipywidgets
    from IPython import display

    shown, seen = [], []
    monkeypatch.setattr(display, "display", shown.append)

    def answer(image):
        seen.append(image.shape)
        return np.eye(5)[2]

    transfer.photo_box(answer, 24, FLOWER_NAMES_BN, IMAGE)
    upload, told = shown[0].children
    assert isinstance(upload, ipywidgets.FileUpload) and "▶ গোলাপ" in told.value
    when = datetime.datetime.now(datetime.UTC)
    entry = {"name": "ফুল.png", "type": "", "size": 1, "last_modified": when}
    upload.value = ({**entry, "content": png()},)
    assert seen == [(24, 24, 3)] * 2 and "▶ গোলাপ" in told.value
    upload.value = ({**entry, "content": b"no picture"},)
    assert "⚠" in told.value and "ফুল.png" in told.value


def test_photo_box_still(monkeypatch):
    from IPython import display

    shown = []
    monkeypatch.setattr(display, "display", shown.append)
    monkeypatch.setenv("KERAS_BANGLA_STILL", "1")
    transfer.photo_box(lambda image: np.eye(5)[0], 24, FLOWER_NAMES_BN, IMAGE)
    assert "▶ ডেইজি" in shown[0].data
