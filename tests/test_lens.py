"""Lesson 06's figures: they draw, and their words tell what they show."""

import matplotlib.pyplot as plt
import numpy as np
import pytest

from helpers import lens, plots

RNG = np.random.default_rng(0)


@pytest.fixture(autouse=True)
def _with_the_font():
    plots.use_bengali_font()
    yield
    plt.close("all")


@pytest.mark.parametrize(
    "text",
    ["0 1 0\n1 -4 1\n0 1 0", "০ ১ ০\n১ −৪ ১\n০ ১ ০", "[[0, 1, 0], [1, -4, 1], [0, 1, 0]]"],
)
def test_a_typed_filter_is_read(text):
    assert lens.parse(text).tolist() == [[0, 1, 0], [1, -4, 1], [0, 1, 0]]


@pytest.mark.parametrize("text", ["", "1 2", "a b c d e f g h i", "nan " * 9, "1e9 " * 9])
def test_what_is_no_filter_is_refused(text):
    assert lens.parse(text) is None


@pytest.mark.parametrize("padding", ["valid", "same"])
@pytest.mark.parametrize("stride", [1, 2, 4])
@pytest.mark.parametrize("kernel", [1, 3, 5])
@pytest.mark.parametrize("size", [4, 7, 12])
def test_sliding_agrees_with_keras(size, kernel, stride, padding):
    import keras

    from helpers.messages import bn

    _, alt = lens.sliding(size, kernel, stride, padding)
    if padding == "valid" and kernel > size:
        assert "ফল ০×০" in alt
        return
    layer = keras.layers.Conv2D(1, kernel, strides=stride, padding=padding)
    side = layer.compute_output_shape((None, size, size, 1))[1]
    assert f"ফল {bn(side)}×{bn(side)}" in alt


def test_the_others_draw_and_tell():
    edge = np.array([[1, 1, 9]] * 3)
    assert "ফল ২৪" in lens.one_place(edge, [[-1, 0, 1]] * 3)[1]
    assert "-১ থেকে ১" in lens.filtered(RNG.random((9, 9)), np.eye(3), np.array([[-1, 1.0]]))[1]
    assert "৯টি সংখ্যা" in lens.not_a_filter()[1]
    picture = np.zeros((8, 8, 3), "uint8")
    assert "৪×৪" in lens.maps(picture, {"প্রথম": np.zeros((4, 4, 3))})[1]
    assert "conv_1 ৩ পিক্সেল" in lens.fields(picture, {"conv_1": 3})[1]
    assert "ভ্যালিডেশন ৪০%" in lens.ladder({"১": (448, 0.9, 0.4)})[1]
