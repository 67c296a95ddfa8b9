"""The figures of lesson 02 draw, say what they show, and keep to numbers in range."""

import numpy as np
import pytest
from matplotlib import pyplot as plt

from helpers import inside, plots

POINTS = np.array([[0.1, 0.2], [0.8, 0.9], [0.4, 0.1]])


def square(x, y):
    return np.asarray(x) ** 2 + np.asarray(y) ** 2


FIGURES = {
    "neuron": lambda: inside.neuron(POINTS, [0, 1, 1], [1, 2], -1, ["ক", "খ"]),
    "neuron without a line": lambda: inside.neuron(POINTS, [0, 1, 1], [0, 0], 1, ["ক", "খ"]),
    "functions": lambda: inside.functions({"tanh": np.tanh}),
    "flattened": lambda: inside.flattened(np.eye(32), 3),
    "shares": lambda: inside.shares([1, -1], [0.88, 0.12], ["ক", "খ"], "ভাগ"),
    "marked_curve": lambda: inside.marked_curve(np.sqrt, 0, 4, [1.0, 2.0], "ক", "খ"),
    "tangents": lambda: inside.tangents(lambda w: w * w, lambda w: 2 * w, -2, 2, [-1, 0, 1], "w"),
    "descents": lambda: inside.descents(np.square, {"ক": [2.0, 1.0]}, -3, 3, "w"),
    "path_on_loss": lambda: inside.path_on_loss(
        lambda w: (np.asarray(w) ** 2).sum(axis=-1), np.ones((3, 2)), [0, 4, 8], "ক", [0, 0]
    ),
    "surface": lambda: inside.surface(square),
    "race, one flies off": lambda: inside.race(
        square, {"ক": np.full((4, 2), np.inf), "খ": np.zeros((4, 2))}
    ),
    "boundaries": lambda: inside.boundaries([("ক", POINTS, [0, 1, 0], lambda p: p[:, 0] > 0.5)]),
    "boundaries with rings": lambda: inside.boundaries(
        [("ক", POINTS, [0, 1, 0], lambda p: p[:, 0] > 0.5)] * 2,
        ringed=np.array([0, 2]),
        ring_name="উল্টো",
    ),
    "lines": lambda: inside.lines({"ক": [3.0, 1.0]}, "ইপক", "লস"),
}


@pytest.mark.parametrize("name", FIGURES)
def test_figure_draws_and_has_alternative_text(name):
    plots.use_bengali_font()
    figure, alt = FIGURES[name]()
    figure.canvas.draw()
    assert isinstance(figure, plt.Figure)
    assert alt.endswith("।") and "nan" not in alt and "None" not in alt
    plt.close(figure)


def test_number_has_no_negative_zero():
    assert inside.number(-0.001) == "০.০০" and inside.number(-1.5, 1) == "-১.৫"


@pytest.mark.parametrize(
    ("weights", "bias", "word"),
    [([1, 2], -1, "ভাগ করেছে"), ([0, 0], 1, "কোনো রেখা নেই"), ([1, 1], 9, "ছকের বাইরে")],
)
def test_neuron_says_if_there_is_a_line(weights, bias, word):
    figure, alt = inside.neuron(POINTS, [0, 1, 1], weights, bias, ["ক", "খ"])
    plt.close(figure)
    assert word in alt


def test_rings_are_named_in_the_legend_and_in_the_text():
    figure, alt = FIGURES["boundaries with rings"]()
    assert [t.get_text() for legend in figure.legends for t in legend.get_texts()] == ["উল্টো"]
    plt.close(figure)
    assert "২টি বিন্দু: উল্টো" in alt


def test_the_end_of_a_walk_looks_the_same_everywhere():
    for name in ("descents", "path_on_loss"):
        figure, _ = FIGURES[name]()
        markers = {line.get_label(): line.get_marker() for line in figure.axes[0].lines}
        plt.close(figure)
        assert (markers["শুরু"], markers["শেষ"]) == ("s", "D")
