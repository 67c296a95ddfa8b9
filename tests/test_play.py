"""Sliders and the drawing pad, as far as they can be tested without a browser."""

import base64

import IPython.display
import matplotlib

matplotlib.use("agg")
import matplotlib.pyplot as plt
import numpy as np
import pytest

from helpers import play
from helpers.messages import Problem


@pytest.fixture
def shown(monkeypatch):
    things = []
    monkeypatch.setattr(play, "display", things.append)
    return things


@pytest.fixture
def still(monkeypatch):
    monkeypatch.setenv("KERAS_BANGLA_STILL", "1")


def draw(power):
    fig, ax = plt.subplots()
    ax.plot([0, 1], [0, power])
    return fig, f"ঢাল {power}।"


def test_explore_follows_its_slider(shown):
    power = play.slider("ঘাত", 1, 5, 2)
    play.explore(draw, power=power)
    box = shown[0]
    assert "ঢাল 2।" in box.children[-1].value
    power.value = 4
    assert "ঢাল 4।" in box.children[-1].value


def test_explore_without_a_kernel_is_a_picture(shown, still):
    play.explore(draw, power=play.slider("ঘাত", 1, 5, 3))
    assert isinstance(shown[0], IPython.display.HTML) and "ঢাল 3।" in shown[0].data


def test_slider_and_menu():
    assert play.slider("ক", 0, 1, 0.5, 0.1).value == 0.5
    assert play.menu("খ", ["relu", "tanh"], "tanh").value == "tanh"


def boxes():
    return {"title": play.text("শিরোনাম", "টাকা"), "body": play.text("লেখা", "<b>", rows=3)}


def test_a_form_answers_at_the_press_of_its_button(shown):
    controls = boxes()
    play.form(lambda title, body: f"{title}+{body}", "পাঠান", **controls)
    *_, button, page = shown[0].children
    assert "টাকা+&lt;b&gt;" in page.value
    controls["title"].value = "ফোন"
    assert "ফোন" not in page.value
    button.click()
    assert "ফোন+" in page.value


def test_a_form_outlives_an_answer_that_fails(shown):
    play.form(lambda title, body: 1 / 0, "পাঠান", **boxes())
    assert "থেমে গেছে" in shown[0].children[-1].value


def test_a_form_without_a_kernel_is_text(shown, still):
    play.form(lambda title, body: "উত্তর।", "পাঠান", **boxes())
    assert isinstance(shown[0], IPython.display.HTML)
    assert all(word in shown[0].data for word in ("শিরোনাম: টাকা", "&lt;b&gt;", "উত্তর।"))


IMAGE = np.full((32, 32), 255, "uint8")
IMAGE[4:28, 14:18] = 0


def read(image):
    assert image.shape == (32, 32) and image.dtype == np.uint8
    return np.eye(10)[7 if image[16, 16] == 0 else 0]


def draw_on(pad, drawing):
    pad.pixels = base64.b64encode(drawing.tobytes()).decode()


def test_the_pad_answers_a_drawing(shown):
    play.drawing_pad(read, example=IMAGE)
    pad = shown[0]
    drawing = np.full((64, 64), 255, "uint8")
    drawing[10:50, 30:34] = 0
    draw_on(pad, drawing)
    assert "▶ ৭" in pad.answer
    draw_on(pad, np.full((64, 64), 255, "uint8"))
    assert "খালি" in pad.answer


def test_the_pad_without_a_kernel_is_a_picture(shown, still):
    play.drawing_pad(read, example=IMAGE)
    assert "<img" in shown[0].data and "▶ ৭" in shown[0].data


@pytest.mark.parametrize(
    ("bad", "word"),
    [
        (lambda image: image.reshape(7, 7), "থেমে গেছে"),
        (lambda image: [0.5, 0.5], "10টি সংখ্যা"),
        (lambda image: None, "সংখ্যা"),
        (lambda image: "সাত", "থেমে গেছে"),
    ],
)
def test_a_bad_reader_is_told_in_bengali(shown, bad, word):
    with pytest.raises(Problem, match=word):
        play.drawing_pad(bad, example=IMAGE)


def test_a_reader_that_fails_later_does_not_kill_the_pad(shown):
    calls = []

    def fickle(image):
        calls.append(1)
        if len(calls) > 1:
            raise RuntimeError("later")
        return np.eye(10)[0]

    play.drawing_pad(fickle, example=IMAGE)
    draw_on(shown[0], np.zeros((64, 64), "uint8"))
    assert "থেমে গেছে" in shown[0].answer


def test_a_drawing_becomes_a_digit_like_the_data():
    drawing = np.full((100, 80), 255, "uint8")
    drawing[20:60, 30:40] = 0
    digit = play.to_digit(drawing)
    assert digit.shape == (32, 32) and (digit == 0).all()  # cut to the ink, then stretched
    assert play.to_digit(np.full((9, 9), 255, "uint8")) is None
