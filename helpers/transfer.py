"""Figures of lesson 04, transfer learning, and the box that takes a learner's own photograph.

Every figure function returns (figure, alternative text), for `plots.show(*figure)` and
`play.explore`.
"""

from __future__ import annotations

import html
import io
from collections.abc import Callable, Mapping, Sequence

import matplotlib.pyplot as plt
import numpy as np

from helpers import play, plots
from helpers.messages import Problem, bn, percent
from helpers.pictures import read_picture, to_jpeg

Figure = tuple[plt.Figure, str]


def bars(shares: Mapping[str, float], title: str) -> Figure:
    """A bar for each name, an accuracy in [0, 1], with its percentage beside it."""
    fig, ax = plt.subplots(figsize=(7.5, 0.9 + 0.45 * len(shares)), layout="constrained")
    best = max(shares, key=shares.get)
    for i, (name, share) in enumerate(shares.items()):
        top = name == best
        ax.barh(i, share, height=0.6, color=plots.BLUE if top else "#9bbcd6")
        ax.text(share + 0.01, i, percent(share), va="center", weight="bold" if top else "normal")
    ax.set_yticks(range(len(shares)), list(shares))
    ax.invert_yaxis()
    _percent_axis(ax, 0, 1.08)
    ax.set_title(title)
    told = ", ".join(f"{name} {percent(share)}" for name, share in shares.items())
    return fig, f"{title}: {told}।"


def gaps(histories: Mapping[str, object], title: str = "মুখস্থ আর শেখার ফাঁক") -> Figure:
    """Last training accuracy (circle) and validation accuracy (square) of several trainings.

    The line between the two is the gap: how much was learned by heart.

    Args:
        histories: what `fit` returned, by name.
        title: above the figure.
    """
    fig, ax = plt.subplots(figsize=(7.5, 1.5 + 0.5 * len(histories)), layout="constrained")
    told = []
    for i, (name, history) in enumerate(histories.items()):
        values = getattr(history, "history", history)
        train, held = values["accuracy"][-1], values["val_accuracy"][-1]
        ax.plot([held, train], [i, i], color=plots.GREY, linewidth=2, zorder=1)
        marks = {"ms": 9, "ls": "none"}
        ax.plot(train, i, "o", color=plots.BLUE, label="ট্রেনিং" if i == 0 else None, **marks)
        ax.plot(held, i, "s", color=plots.RED, label="ভ্যালিডেশন" if i == 0 else None, **marks)
        left = held <= train
        ax.annotate(
            percent(held), (held, i), (-9 if left else 9, 0), textcoords="offset points",
            ha="right" if left else "left", va="center",
        )  # fmt: skip
        told.append(f"{name}: ট্রেনিংয়ে {percent(train)}, ভ্যালিডেশনে {percent(held)}")
    ax.set_yticks(range(len(histories)), list(histories))
    ax.set_ylim(len(histories) - 0.5, -0.5)
    low = min(
        min(h.history["val_accuracy"][-1], h.history["accuracy"][-1]) for h in histories.values()
    )
    _percent_axis(ax, max(0.0, low - 0.15), 1.02)
    ax.set_title(title)
    ax.legend(
        loc="upper center", bbox_to_anchor=(0.5, -0.32 if len(histories) < 4 else -0.22), ncols=2
    )
    return fig, f"{title}। {'; '.join(told)}।"


def schedule(rates: Sequence[float], steps_per_epoch: int) -> Figure:
    """A learning rate for every training step, with a line at each epoch's end."""
    rates = np.asarray(rates, dtype=float)
    fig, ax = plt.subplots(figsize=(7, 2.8), layout="constrained")
    ax.plot(np.arange(len(rates)) / steps_per_epoch, rates * 1e4, color=plots.BLUE, linewidth=2)
    top = int(rates.argmax())
    ax.plot(top / steps_per_epoch, rates[top] * 1e4, "D", color=plots.RED)
    for epoch in range(1, len(rates) // steps_per_epoch + 1):
        ax.axvline(epoch, color=plots.GREY, linewidth=0.4, linestyle=":")
    ax.set(xlabel="ইপক", ylabel="লার্নিং রেট × ১০,০০০", ylim=(0, None), xlim=(0, None))
    for axis in (ax.xaxis, ax.yaxis):
        axis.set_major_formatter(lambda value, _: bn(f"{value:g}"))
    alt = (
        f"লার্নিং রেটের রেখা: শুরু {_rate(rates[0])}, {bn(top / steps_per_epoch, 1)} ইপকে সবচেয়ে উঁচু {_rate(rates[top])} "
        f"(হীরার মতো চিহ্ন), তারপর নেমে শেষে {_rate(rates[-1])}।"
    )
    return fig, alt


def attention(images: np.ndarray, maps: np.ndarray, titles: Sequence[str]) -> Figure:
    """Pictures above, and below each the same picture with its heat map laid over it.

    Args:
        images: uint8 (n, height, width, 3).
        maps: (n, rows, columns), any scale; larger means looked at more.
        titles: what to write above each picture.
    """
    n = len(images)
    fig, axes = plt.subplots(2, n, figsize=(1.5 * n, 3.6), squeeze=False, layout="constrained")
    for column, (image, heat, title) in enumerate(zip(images, maps, titles, strict=True)):
        side = image.shape[0]
        heat = np.maximum(np.asarray(heat, dtype=float), 0)
        heat = heat / heat.max() if heat.max() > 0 else heat
        axes[0, column].imshow(image, interpolation="nearest")
        axes[0, column].set_title(title, fontsize=11)
        axes[1, column].imshow(
            image.mean(-1), cmap="gray", vmin=0, vmax=255, interpolation="nearest"
        )
        axes[1, column].imshow(
            heat, cmap="inferno", alpha=0.55, vmin=0, vmax=1, interpolation="bilinear",
            extent=(-0.5, side - 0.5, side - 0.5, -0.5),
        )  # fmt: skip
        row, col = np.unravel_index(heat.argmax(), heat.shape)
        cell = side / heat.shape[0]
        middle = ((col + 0.5) * cell, (row + 0.5) * cell)
        axes[1, column].plot(*middle, "+", color="black", ms=15, mew=5)
        axes[1, column].plot(*middle, "+", color="white", ms=13, mew=2.5)
    for ax in axes.flat:
        ax.axis("off")
    alt = (
        f"{bn(n)}টি ছবি, নিচে একই ছবির উপর উত্তাপের মানচিত্র; সাদা যোগ চিহ্নে মডেল সবচেয়ে বেশি তাকিয়েছে। "
        + ", ".join(title.replace("\n", " ") for title in titles)
    )
    return fig, alt + "।"


def _percent_axis(ax: plt.Axes, low: float, high: float) -> None:
    ax.set_xlim(low, high)
    ax.set_xlabel("অ্যাকুরেসি")
    ax.xaxis.set_major_formatter(lambda value, _: percent(value) if value <= 1 else "")


def _rate(rate: float) -> str:
    return bn(f"{rate:.6f}".rstrip("0").rstrip("."))


# --- the learner's own photograph -------------------------------------------------------


def photo_box(
    answer: Callable[[np.ndarray], Sequence[float]],
    size: int,
    class_names: Sequence[str],
    example: np.ndarray,
) -> None:
    """A button that takes a photograph from the learner's machine; beside it, the answer.

    Any size and format: a phone's rotation mark, CMYK and transparent PNG are all brought to
    an upright square. With KERAS_BANGLA_STILL=1 only the example is answered.

    Args:
        answer: takes uint8 (size, size, 3) and returns a probability for each class.
        size: side of the square in pixels.
        class_names: the name of each class.
        example: the picture that is answered at first.
    """
    from IPython.display import HTML, display

    first = _told(answer, example, class_names)
    if play._still():
        display(HTML(first))
        return
    import ipywidgets

    box = ipywidgets.FileUpload(accept="image/*", multiple=False, description="ছবি বাছুন")
    shown = ipywidgets.HTML(first)

    def look(_: object) -> None:
        try:
            for name, data in _uploaded(box.value):
                jpeg = to_jpeg(data, name, size, quality=95)
                shown.value = _told(answer, read_picture(io.BytesIO(jpeg)), class_names)
        except Problem as problem:  # a callback's traceback goes where no learner looks
            shown.value = f"<p>⚠ {html.escape(str(problem))}</p>"
        except Exception as error:
            shown.value = f"<p>⚠ উত্তর দিতে গিয়ে থেমে গেছে ({type(error).__name__})।</p>"

    box.observe(look, "value")
    display(ipywidgets.VBox([box, shown]))


def _uploaded(value: object) -> list[tuple[str, bytes]]:
    """(name, bytes) of what a FileUpload holds; ipywidgets 7 keeps a dict, 8 a tuple."""
    if isinstance(value, dict):
        return [(name, bytes(entry["content"])) for name, entry in value.items()][-1:]
    return [(entry["name"], bytes(entry["content"])) for entry in value][-1:]


def _told(answer: Callable, image: np.ndarray, class_names: Sequence[str]) -> str:
    fig, ax = plt.subplots(figsize=(2.2, 2.2))
    ax.imshow(image)
    ax.axis("off")
    picture = plots.to_html(fig, "মডেলকে দেখানো ছবি, চৌকো করে কাটা।")
    table = plots.probabilities_html(np.asarray(answer(image)).ravel(), class_names)
    return f'<div style="display:flex;gap:24px;align-items:center">{picture}{table}</div>'
