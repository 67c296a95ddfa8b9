"""The drawing of a model's graph, and the figures of lesson 03."""

import keras
import matplotlib
import numpy as np
import pytest

matplotlib.use("agg")
import matplotlib.pyplot as plt
from keras import layers

from helpers import desk, graph, plots
from helpers.messages import Problem


@pytest.fixture(autouse=True)
def _font():
    plots.use_bengali_font()
    yield
    plt.close("all")


def sequential():
    return keras.Sequential(
        [keras.Input((4,), name="x"), layers.Dense(8, name="hidden"), layers.Dense(3, name="y")]
    )


def two_doors():
    doors = {"title": keras.Input((30,), name="title"), "body": keras.Input((30,), name="body")}
    reader = layers.Dense(4, name="reader")
    joined = layers.Concatenate(name="joined")([reader(doors["title"]), reader(doors["body"])])
    ends = {"a": layers.Dense(1, name="a")(joined), "b": layers.Dense(6, name="b")(joined)}
    return keras.Model(doors, ends, name="two_doors")


def skip():
    door = keras.Input((8,), name="x")
    inner = layers.Dense(8, name="second")(layers.Dense(8, name="first")(door))
    return keras.Model(door, layers.Add(name="sum")([door, inner]))


def twice_in_a_row():
    door, layer = keras.Input((4,), name="x"), layers.Dense(4, name="again")
    return keras.Model(door, layer(layer(door)) + door)


def nested():
    door = keras.Input((30,), name="one")
    return keras.Model(door, layers.Dense(2, name="end")(keras.Model(door, door * 2)(door)))


def long_name():
    door = keras.Input((4,), name="an_input_with_a_very_long_name_indeed")
    return keras.Model(door, layers.Dense(1, name="short")(door))


MODELS = {f.__name__: f for f in (sequential, two_doors, skip, twice_in_a_row, nested, long_name)}


def texts(fig):
    return [text.get_text() for text in fig.axes[0].texts]


@pytest.mark.parametrize("name", MODELS)
def test_every_layer_has_its_box_inside_the_figure_and_no_box_lies_on_another(name):
    model = MODELS[name]()
    fig, alt = graph.figure(model)
    fig.canvas.draw()
    assert {layer.name for layer in model.layers} <= set(texts(fig))
    assert alt.endswith("।") and model.inputs[0].name in alt
    boxes = [patch.get_window_extent() for patch in fig.axes[0].patches]
    whole = fig.axes[0].get_window_extent()
    for number, box in enumerate(boxes):
        assert whole.x0 <= box.x0 and box.x1 <= whole.x1
        assert whole.y0 <= box.y0 and box.y1 <= whole.y1
        assert not any(box.overlaps(other) for other in boxes[:number])


@pytest.mark.parametrize("name", MODELS)
def test_no_name_is_wider_than_its_box(name):
    fig, _ = graph.figure(MODELS[name]())
    fig.canvas.draw()
    width = fig.axes[0].patches[0].get_window_extent().width
    for text in fig.axes[0].texts:
        assert text.get_window_extent().width <= width, text.get_text()


def test_inputs_stand_on_top_in_the_order_of_the_lesson():
    fig, alt = graph.figure(two_doors())
    place = {text.get_text(): text.get_position() for text in fig.axes[0].texts}
    assert place["title"][0] < place["body"][0]
    assert place["title"][1] == place["body"][1] > place["joined"][1] > place["a"][1]
    assert "ইনপুট title, body" in alt and "আউটপুট a, b" in alt


def test_shapes_are_written_and_a_shared_layer_is_marked():
    fig, _ = graph.figure(two_doors())
    assert "(None, 30)" in texts(fig) and texts(fig).count("reader") == 2
    assert any("একই" in text for text in texts(fig))
    assert not any("একই" in text for text in texts(graph.figure(skip())[0]))


def test_draw_shows_an_image_with_alternative_text(monkeypatch):
    pages = []
    monkeypatch.setattr("IPython.display.display", lambda page: pages.append(page.data))
    graph.draw(skip())
    assert '<img alt="' in pages[0] and "second" in pages[0]


@pytest.mark.parametrize(
    "model", [keras.Sequential([layers.Dense(2)]), keras.Sequential(), "মডেল", None]
)
def test_what_has_no_graph_is_refused_in_bengali(model):
    with pytest.raises(Problem, match="গ্রাফ"):
        graph.draw(model)


# --- the lesson's own figures -------------------------------------------------------------

HISTORY = {f"val_{name}_accuracy": [0.5, 0.7, 0.9] for name in ("priority", "department")}
LABELS = np.array([0, 1, 0, 1, 1, 0])
FIGURES = {
    "bars": lambda: desk.bars({"ক": (0.6, 0.7), "খ": (0.9, 0.8)}, (0.2, 0.5)),
    "weights": lambda: desk.weights({0.05: HISTORY, 1: HISTORY}),
    "lines": lambda: desk.lines({"ক": [0.2, 0.9], "খ": [0.1, 0.1]}, "অ্যাকুরেসি"),
    "threshold": lambda: desk.threshold(np.linspace(0, 1, 6), LABELS, 0.5),
    "threshold that calls none": lambda: desk.threshold(np.zeros(6), LABELS, 0.95),
    "threshold, none urgent": lambda: desk.threshold(np.ones(6), np.zeros(6), 0.05),
}


@pytest.mark.parametrize("name", FIGURES)
def test_figures_draw_and_say_what_they_show(name):
    figure, alt = FIGURES[name]()
    figure.canvas.draw()
    assert isinstance(figure, plt.Figure)
    assert alt.endswith("।") and "nan" not in alt


def test_the_threshold_counts_rightly():
    _, alt = desk.threshold([0.9, 0.8, 0.6, 0.2, 0.1], [1, 0, 1, 1, 0], 0.5)
    assert "৩টি জরুরি টিকিটের ২টি ধরা পড়েছে" in alt and "১টি ফসকেছে" in alt
    assert "৩টির মধ্যে ১টি মিছে ডাক" in alt
