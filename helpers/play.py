"""Things to play with in a notebook: sliders that redraw a figure, and a drawing pad.

Both are live where a kernel runs, in JupyterLab and in Colab (ipywidgets 7.7 and 8). With
KERAS_BANGLA_STILL=1 they show a still figure instead: so the solutions, which are read
without a kernel, hold pictures and no dead widgets.
"""

from __future__ import annotations

import base64
import html
import os
import string
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
from IPython.display import HTML, display

from helpers import plots
from helpers.messages import Problem

DIGITS = tuple("০১২৩৪৫৬৭৮৯")
_PAD_SIZE = 64  # as in pad.js


def _still() -> bool:
    return os.environ.get("KERAS_BANGLA_STILL", "") not in ("", "0")


def explore(draw: Callable[..., tuple[plt.Figure, str]], **controls: Any) -> None:
    """A figure that follows sliders and menus.

    Args:
        draw: takes the controls' values by name and returns (figure, alternative text).
        controls: ipywidgets, each with a `value`; their first values draw the still figure.
    """
    values = {name: control.value for name, control in controls.items()}
    first = plots.to_html(*draw(**values))
    if _still():
        display(HTML(first))
        return
    import ipywidgets

    picture = ipywidgets.HTML(first)

    def redraw(change: Any) -> None:
        values = {name: control.value for name, control in controls.items()}
        picture.value = plots.to_html(*draw(**values))

    for control in controls.values():
        control.observe(redraw, "value")
    display(ipywidgets.VBox([*controls.values(), picture]))


def slider(label: str, low: float, high: float, value: float, step: float | None = None) -> Any:
    """An ipywidgets slider with a Bengali label: whole numbers if `step` is, or is missing."""
    import ipywidgets

    step = step if step is not None else 1
    kind = ipywidgets.IntSlider if isinstance(step, int) else ipywidgets.FloatSlider
    return kind(
        value=value, min=low, max=high, step=step, description=label,
        style={"description_width": "160px"}, layout={"width": "520px"},
    )  # fmt: skip


def menu(label: str, options: Sequence[Any], value: Any = None) -> Any:
    """An ipywidgets drop-down menu with a Bengali label; options may be (text, value) pairs."""
    import ipywidgets

    box = ipywidgets.Dropdown(
        options=options, description=label,
        style={"description_width": "160px"}, layout={"width": "520px"},
    )  # fmt: skip
    if value is not None:
        box.value = value
    return box


def text(label: str, value: str = "", rows: int = 1) -> Any:
    """An ipywidgets box for a line of text, or for several, with a Bengali label."""
    import ipywidgets

    kind = ipywidgets.Text if rows == 1 else ipywidgets.Textarea
    more = {} if rows == 1 else {"rows": rows}
    return kind(
        value=value, description=label, **more,
        style={"description_width": "160px"}, layout={"width": "720px"},
    )  # fmt: skip


def form(answer: Callable[..., str], button: str, **controls: Any) -> None:
    """Boxes to fill in and a button; below them what `answer` says to it.

    Args:
        answer: takes the controls' values by name and returns plain text.
        button: what the button says.
        controls: ipywidgets, each with a `value` and a `description`; their first values
            are answered at once, and with KERAS_BANGLA_STILL=1 that is all that shows.
    """

    def told() -> str:
        values = {name: control.value for name, control in controls.items()}
        try:
            said = str(answer(**values))
        except Exception as error:  # a callback's traceback goes where no learner looks
            said = f"⚠ উত্তর দিতে গিয়ে থেমে গেছে ({type(error).__name__}: {error})।"
        return f'<p style="font-size:115%"><b>{html.escape(said)}</b></p>'

    if _still():
        rows = "".join(
            f"<li>{html.escape(c.description)}: {html.escape(str(c.value)) or '(ফাঁকা)'}</li>"
            for c in controls.values()
        )
        display(HTML(f"<ul>{rows}</ul>{told()}"))
        return
    import ipywidgets

    page = ipywidgets.HTML(told())
    press = ipywidgets.Button(description=button, layout={"width": "auto"})

    def pressed(_: Any) -> None:
        page.value = told()

    press.on_click(pressed)
    display(ipywidgets.VBox([*controls.values(), press, page]))


def drawing_pad(
    read: Callable[[np.ndarray], Sequence[float]],
    example: np.ndarray,
    class_names: Sequence[str] = DIGITS,
) -> None:
    """A pad on which the learner draws a digit; after each stroke the model's answer shows.

    Args:
        read: takes a uint8 picture (32, 32), 0 is ink, and returns a probability for each
            class.
        example: a picture like that, for the still figure and as the first answer.
        class_names: the name of each class.

    Raises:
        Problem: `read` fails or returns something else on the example.
    """
    first = _answer(read, np.asarray(example), class_names)
    if _still():
        fig, ax = plt.subplots(figsize=(2.2, 2.2))
        ax.imshow(example, cmap="gray", vmin=0, vmax=255)
        ax.axis("off")
        picture = plots.to_html(fig, "আঁকা একটা অঙ্ক, ৩২×৩২ পিক্সেল।")
        display(HTML(f'<div style="display:flex;gap:24px">{picture}{first}</div>'))
        return
    pad = _pad_class()(answer="<p>বাঁয়ের ঘরে ০ থেকে ৯-এর একটা অঙ্ক আঁকুন।</p>")

    def look(change: Any) -> None:
        pixels = np.frombuffer(base64.b64decode(change["new"]), "uint8")
        image = to_digit(pixels.reshape(_PAD_SIZE, _PAD_SIZE))
        if image is None:
            pad.answer = "<p>ঘরটা খালি। একটা অঙ্ক আঁকুন।</p>"
            return
        try:
            pad.answer = _answer(read, image, class_names)
        except Problem as problem:  # a callback's traceback goes where no learner looks
            pad.answer = f"<p>⚠ {html.escape(str(problem))}</p>"

    pad.observe(look, "pixels")
    display(pad)


def _answer(read: Callable, image: np.ndarray, class_names: Sequence[str]) -> str:
    try:
        probabilities = np.asarray(read(image), dtype=float).ravel()
    except Exception as error:
        raise Problem(
            f"`read` ফাংশনটা ছবিটা পড়তে গিয়ে থেমে গেছে ({type(error).__name__}: {error})। "
            "ফাংশনটায় ছবির শেপ আর স্কেল ঠিক আছে কি না দেখুন।"
        ) from error
    if probabilities.shape != (len(class_names),):
        raise Problem(
            f"`read` থেকে {len(class_names)}টি সংখ্যা আসার কথা, এসেছে {probabilities.size}টি। "
            "একটা ছবির জন্য প্রতিটি ক্লাসের সম্ভাবনা ফেরত দিন।"
        )
    return plots.probabilities_html(probabilities, class_names)


def to_digit(drawing: np.ndarray, size: int = 32) -> np.ndarray | None:
    """Brings a drawing to the data set's form: cut to the ink and stretched to a square.

    Args:
        drawing: uint8 (height, width), dark ink on white.
        size: side of the result in pixels.

    Returns:
        uint8 (size, size), 0 is ink and 255 is paper; None when nothing is drawn.
    """
    from PIL import Image

    rows, columns = np.where(drawing < 128)
    if len(rows) == 0:
        return None
    ink = drawing[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1]
    picture = Image.fromarray(ink).resize((size, size), Image.Resampling.BILINEAR)
    return np.where(np.asarray(picture) < 128, 0, 255).astype("uint8")


def _pad_class() -> type:
    """The widget's class, made on first use: importing this module needs no anywidget."""
    import anywidget
    import traitlets

    bengali = "".join(map(chr, range(0x0980, 0x0A00)))

    class Pad(anywidget.AnyWidget):
        _esm = Path(__file__).with_name("pad.js")
        # A learner's system may have no Bengali font, or one that joins letters wrongly.
        _css = plots.font_face(bengali + string.printable + "।▶")
        pixels = traitlets.Unicode("").tag(sync=True)
        answer = traitlets.Unicode("").tag(sync=True)
        label = traitlets.Unicode("অঙ্ক আঁকার ঘর").tag(sync=True)
        clear_text = traitlets.Unicode("মুছে ফেলুন").tag(sync=True)

    return Pad
