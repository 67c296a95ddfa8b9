"""Figures with Bengali text, right letters in the right order, and alternative text.

matplotlib 3.11 and later shape Bengali themselves. An older one (Colab's 3.10) puts vowel
signs in the wrong place; there a figure becomes an SVG whose text the browser shapes, with
the font inside it.

Every function draws, shows the figure, and returns nothing; `show` does the same for a
figure that a lesson draws itself. Colours come from Okabe and Ito's palette, which
colour-blind readers can tell apart, and no figure relies on colour alone.
"""

from __future__ import annotations

import base64
import dataclasses
import html
import io
from collections.abc import Mapping, Sequence
from typing import Any

import matplotlib
import matplotlib.pyplot as plt
import numpy as np
from matplotlib import font_manager

from helpers.messages import bn, percent

FONT = "Hind Siliguri"
#: The weights that stand for normal and bold. Light, not Regular: in version 1.1 of the package
#: the digit ১ is damaged in Regular, Medium and SemiBold.
WEIGHTS = {300: "normal", 700: "bold"}
BLUE, ORANGE, GREEN, RED, GREY = "#0072B2", "#E69F00", "#009E73", "#D55E00", "#6B6B6B"
PALETTE = (BLUE, ORANGE, GREEN, RED, "#CC79A7", "#56B4E9", "#F0E442", GREY)

#: True where matplotlib itself joins Bengali letters rightly (libraqm came with 3.11).
SHAPES_BENGALI = tuple(map(int, matplotlib.__version__.split(".")[:2])) >= (3, 11)

_METRIC_NAMES = {"loss": "লস", "accuracy": "অ্যাকুরেসি", "learning_rate": "লার্নিং রেট"}


def use_bengali_font() -> None:
    """Makes Hind Siliguri the font of every figure; `runtime.start()` calls it."""
    import fontpkg

    fonts = font_manager.fontManager
    for weight, name in WEIGHTS.items():
        path = str(fontpkg.path(FONT, weight=weight))
        fonts.addfont(path)
        # Known by the weight that it stands for, or matplotlib warns of each substitution.
        fonts.ttflist = [
            dataclasses.replace(entry, weight=name) if entry.fname == path else entry
            for entry in fonts.ttflist
        ]
    plt.rcParams.update(
        {
            # DejaVu Sans has the marks (✓ ✗ →) that Hind Siliguri lacks.
            "font.family": [FONT, "DejaVu Sans"],
            "font.size": 11,
            "axes.prop_cycle": plt.cycler(color=PALETTE),
            "axes.spines.top": False,
            "axes.spines.right": False,
            "svg.fonttype": "none",  # text stays text: the browser shapes it
        }
    )


def show(fig: plt.Figure, alt: str) -> None:
    """Shows a figure with its alternative text, and closes it.

    Args:
        fig: any matplotlib figure; Bengali strings in it must hold no `$...$`, because
            matplotlib's mathtext does not join letters.
        alt: what a reader who cannot see the figure should know, one or two sentences.
    """
    from IPython.display import HTML, display

    display(HTML(to_html(fig, alt)))


def to_html(fig: plt.Figure, alt: str) -> str:
    """The figure as an <img> with alternative text; closes the figure."""
    buffer = io.BytesIO()
    kind = "png" if SHAPES_BENGALI else "svg+xml"
    fig.savefig(buffer, format=kind.split("+")[0], dpi=144, bbox_inches="tight")
    plt.close(fig)
    picture = buffer.getvalue()
    if SHAPES_BENGALI:
        width = int.from_bytes(picture[16:20], "big") * 96 // 144  # PNG header, in pixels
    else:
        width = round(float(picture.split(b'viewBox="0 0 ')[1].split()[0]) * 96 / 72)
        picture = _with_font(picture.decode()).encode()
    data = base64.b64encode(picture).decode()
    return (
        f'<img alt="{html.escape(alt)}" width="{width}" style="max-width:100%" '
        f'src="data:image/{kind};base64,{data}">'
    )


def _with_font(svg: str) -> str:
    """The SVG with the letters of Hind Siliguri that it needs embedded as @font-face rules."""
    head, tail = svg.split("<defs>", 1)
    return f"{head}<defs><style>{font_face(svg)}</style>{tail}"


def font_face(text: str) -> str:
    """CSS that brings Hind Siliguri, cut down to the letters of `text`, into a page or SVG."""
    import fontpkg
    from fontTools import subset
    from fontTools.ttLib import TTFont

    rules = []
    for weight, name in WEIGHTS.items():
        font = TTFont(fontpkg.path(FONT, weight=weight))
        # All features: they join the letters.
        keep = subset.Subsetter(subset.Options(layout_features=["*"]))
        keep.populate(text=text)
        keep.subset(font)
        buffer = io.BytesIO()
        font.save(buffer)
        data = base64.b64encode(buffer.getvalue()).decode()
        rules.append(
            f"@font-face{{font-family:'{FONT}';font-weight:{name};"
            f"src:url(data:font/ttf;base64,{data})}}"
        )
    return "".join(rules)


def curves(history: Any, metrics: Sequence[str] = ("loss", "accuracy")) -> None:
    """Training against validation, epoch by epoch, one panel for each metric.

    Args:
        history: what `model.fit` returns, or its `.history` dictionary.
        metrics: names in the history; one that is not there is left out.
    """
    values: Mapping[str, Sequence[float]] = getattr(history, "history", history)
    shown = [name for name in metrics if name in values]
    fig, axes = plt.subplots(1, len(shown), figsize=(5 * len(shown), 3.4), squeeze=False)
    told = []
    for ax, name in zip(axes[0], shown, strict=True):
        title = _METRIC_NAMES.get(name, name)
        epochs = range(1, len(values[name]) + 1)
        ax.plot(epochs, values[name], "o-", color=BLUE, label="ট্রেনিং")
        told.append(f"{title}: ট্রেনিংয়ে {_from_to(values[name])}")
        if f"val_{name}" in values:
            ax.plot(epochs, values[f"val_{name}"], "s--", color=ORANGE, label="ভ্যালিডেশন")
            told[-1] += f", ভ্যালিডেশনে {_from_to(values[f'val_{name}'])}"
        ax.set(title=title, xlabel="ইপক")
        ax.xaxis.set_major_locator(matplotlib.ticker.MaxNLocator(integer=True))
        ax.legend()
    fig.tight_layout()
    show(fig, f"ইপকের সঙ্গে বদলের রেখা। {'; '.join(told)}।")


def _from_to(values: Sequence[float]) -> str:
    return f"{bn(float(values[0]), 2)} থেকে {bn(float(values[-1]), 2)}"


def image_grid(
    images: np.ndarray,
    labels: Sequence[int] | None = None,
    predictions: Sequence[int] | None = None,
    class_names: Sequence[str] | None = None,
    columns: int = 8,
    alt: str | None = None,
) -> None:
    """Pictures in rows; with predictions, each says by mark and word if it is right.

    Args:
        images: (n, height, width) or (n, height, width, 1 or 3); uint8, or float in [0, 1].
        labels: n class numbers, written above the pictures.
        predictions: n class numbers; `labels` must then be given too.
        class_names: the name of each class; without it the number is written.
        columns: pictures in a row.
        alt: alternative text; without it one is made from the names.
    """
    images = np.asarray(images)
    if images.shape[-1] == 1:
        images = images[..., 0]

    def name(number: int) -> str:
        return str(class_names[int(number)]) if class_names is not None else bn(int(number))

    rows = -(-len(images) // columns)
    fig, axes = plt.subplots(
        rows, columns, figsize=(1.25 * columns, 1.65 * rows), squeeze=False, layout="constrained"
    )
    for ax in axes.flat:
        ax.axis("off")
    right = 0
    for i, (ax, image) in enumerate(zip(axes.flat, images, strict=False)):
        high = 255 if image.dtype == np.uint8 else 1
        ax.imshow(image, cmap="gray", vmin=0, vmax=high, interpolation="nearest")
        if predictions is not None:
            good = int(predictions[i]) == int(labels[i])
            right += good
            text = (
                f"✓ {name(labels[i])}"
                if good
                else f"✗ {name(predictions[i])}\nআসলে {name(labels[i])}"
            )
            ax.set_title(text, fontsize=12, color=GREEN if good else RED)
        elif labels is not None:
            ax.set_title(name(labels[i]), fontsize=13)
    if alt is None:
        alt = f"{bn(len(images))}টি ছবি।"
        if predictions is not None:
            alt += f" মডেল {bn(right)}টি ঠিক আর {bn(len(images) - right)}টি ভুল বলেছে।"
        elif labels is not None:
            alt += f" লেবেল: {', '.join(map(name, labels))}।"
    show(fig, alt)


def confusion_matrix(
    labels: Sequence[int], predictions: Sequence[int], class_names: Sequence[str]
) -> None:
    """How often each class (row) was taken for each class (column).

    Args:
        labels: n true class numbers.
        predictions: n predicted class numbers.
        class_names: the name of each class, in the order of the numbers.
    """
    size = len(class_names)
    counts = np.zeros((size, size), dtype=int)
    np.add.at(counts, (np.asarray(labels, int), np.asarray(predictions, int)), 1)
    fig, ax = plt.subplots(figsize=(1.6 + 0.5 * size, 1.4 + 0.45 * size))
    ax.imshow(counts, cmap="Blues", vmin=0, vmax=max(1, counts.max()))
    for (row, column), count in np.ndenumerate(counts):
        if count:
            dark = count > counts.max() / 2
            ax.text(
                column, row, bn(int(count)), ha="center", va="center", fontsize=9,
                color="white" if dark else "black", weight="bold" if row == column else "normal",
            )  # fmt: skip
    # Names longer than a digit would lie on each other.
    slant = {"rotation": 30, "ha": "right"} if max(map(len, map(str, class_names))) > 3 else {}
    ax.set_xticks(range(size), class_names, **slant)
    ax.set_yticks(range(size), class_names)
    ax.set(xlabel="মডেল যা বলেছে", ylabel="আসলে যা")
    ax.spines[:].set_visible(True)
    wrong = counts - np.diag(np.diag(counts))
    row, column = np.unravel_index(wrong.argmax(), wrong.shape)
    share = np.trace(counts) / max(1, counts.sum())
    alt = f"কনফিউশন ম্যাট্রিক্স: {bn(int(counts.sum()))}টির মধ্যে {percent(share)} ঠিক।"
    if wrong.max():
        alt += (
            f" সবচেয়ে বেশি ভুল: {class_names[row]}-কে {class_names[column]} বলা, "
            f"{bn(int(wrong.max()))} বার।"
        )
    show(fig, alt)


def probabilities_html(probabilities: Sequence[float], class_names: Sequence[str]) -> str:
    """Probabilities as a small HTML table of bars, the highest in bold with a mark."""
    best = int(np.argmax(probabilities))
    rows = []
    for i, (name, p) in enumerate(zip(class_names, map(float, probabilities), strict=True)):
        mark = "▶ " if i == best else ""
        rows.append(
            f'<tr style="font-weight:{700 if i == best else 400}">'
            f'<td style="text-align:right;white-space:nowrap">{mark}{html.escape(str(name))}</td>'
            f'<td style="width:160px"><div style="background:{BLUE if i == best else "#9bbcd6"};'
            f'height:11px;width:{max(1, round(160 * p))}px"></div></td>'
            f"<td>{percent(p, 1)}</td></tr>"
        )
    return f'<table style="font-family:{FONT},sans-serif;margin:0">{"".join(rows)}</table>'
