"""Figures of lesson 06: filters, sliding windows, feature maps, receptive fields, the ladder.

Every function draws and returns (figure, alternative text): for `plots.show(*figure)`, and
for `play.explore`, which redraws it at every move of a slider.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

import matplotlib.pyplot as plt
import numpy as np

from helpers.messages import bn, percent
from helpers.plots import BLUE, GREEN, GREY, ORANGE, RED

Figure = tuple[plt.Figure, str]

#: Filters that have a name, for a menu.
FILTERS = {
    "খাড়া কিনারা": ((-1, 0, 1), (-2, 0, 2), (-1, 0, 1)),
    "শোয়ানো কিনারা": ((-1, -2, -1), (0, 0, 0), (1, 2, 1)),
    "ঝাপসা": ((1, 1, 1), (1, 1, 1), (1, 1, 1)),
    "আরও ধারালো": ((0, -1, 0), (-1, 5, -1), (0, -1, 0)),
    "চারপাশের কিনারা": ((-1, -1, -1), (-1, 8, -1), (-1, -1, -1)),
    "কিছুই না বদলানো": ((0, 0, 0), (0, 1, 0), (0, 0, 0)),
}


def parse(text: str) -> np.ndarray | None:
    """The nine numbers of a 3x3 filter that a learner typed, in either script; else None."""
    ascii_digits = text.translate(str.maketrans("০১২৩৪৫৬৭৮৯−–", "0123456789--"))
    words = re.split(r"[\s,;|\[\]()]+", ascii_digits)
    try:
        numbers = [float(word) for word in words if word]
    except ValueError:
        return None
    good = len(numbers) == 9 and np.isfinite(numbers).all() and max(map(abs, numbers)) < 1e6
    return np.array(numbers).reshape(3, 3) if good else None


def _short(value: float) -> str:
    """A filter's or picture's number, without decimals that say nothing."""
    return bn(f"{round(float(value), 2) + 0.0:g}")


def filtered(picture: np.ndarray, kernel: np.ndarray, result: np.ndarray) -> Figure:
    """A grey picture, the filter, and what the filter makes of the picture.

    Args:
        picture: (height, width), 0 is black and 1 is white.
        kernel: (size, size).
        result: (rows, columns); where it has negative numbers, grey is zero.
    """
    fig, axes = plt.subplots(
        1, 3, figsize=(9.4, 3.5), width_ratios=[1.35, 0.8, 1.35], layout="constrained"
    )
    axes[0].imshow(picture, cmap="gray", vmin=0, vmax=1)
    axes[0].set_title("ছবি")
    _numbers(axes[1], np.asarray(kernel, float), "PuOr")
    axes[1].set_title("ফিল্টার")
    high = max(float(np.abs(result).max()), 1e-6)
    signed = float(result.min()) < -1e-6
    axes[2].imshow(result, cmap="gray", vmin=-high if signed else 0, vmax=high)
    axes[2].set_title("ফল")
    # No colon after কালো: a browser draws its last vowel sign wrongly there (SVG, matplotlib 3.10).
    told = "সাদা মানে বড় ধনাত্মক, কালো মানে ঋণাত্মক, ধূসর মানে ০" if signed else "সাদা মানে বড় সংখ্যা, কালো মানে ০"
    axes[2].set_xlabel(told)
    for ax in axes:
        ax.set(xticks=[], yticks=[])
    numbers = "; ".join(" ".join(map(_short, row)) for row in np.asarray(kernel, float))
    return fig, (
        f"বাঁয়ে সাদাকালো ছবি, মাঝে ফিল্টারের সংখ্যা ({numbers}), ডানে ফল, "
        f"যার সংখ্যাগুলো {_short(result.min())} থেকে {_short(result.max())}। {told}।"
    )


def not_a_filter() -> Figure:
    """What to show while the typed text is no filter (yet)."""
    fig, ax = plt.subplots(figsize=(7, 1.2))
    ax.axis("off")
    told = "তিন সারিতে তিনটি করে মোট ৯টি সংখ্যা লিখুন, মাঝে ফাঁকা জায়গা দিয়ে।"
    ax.text(0.5, 0.5, told, ha="center", va="center", fontsize=13)
    return fig, told


def _numbers(ax: plt.Axes, grid: np.ndarray, colours: str, size: float = 14) -> None:
    """A grid of numbers on tinted squares."""
    high = max(float(np.abs(grid).max()), 1e-6)
    reach = (-1.5 * high, 1.2 * high) if colours == "gray" else (-2.5 * high, 2.5 * high)
    ax.imshow(grid, cmap=colours, vmin=reach[0], vmax=reach[1])
    for (row, column), value in np.ndenumerate(grid):
        ax.text(column, row, _short(value), ha="center", va="center", fontsize=size)
    ax.set(xticks=[], yticks=[])
    ax.set_xticks(np.arange(0.5, grid.shape[1] - 1), minor=True)
    ax.set_yticks(np.arange(0.5, grid.shape[0] - 1), minor=True)
    ax.grid(which="minor", color="white", lw=1.5)
    ax.tick_params(which="both", length=0)


def one_place(patch: np.ndarray, kernel: np.ndarray) -> Figure:
    """One window of a picture times a filter, number by number, and the sum."""
    products = np.asarray(patch, float) * np.asarray(kernel, float)
    total = float(products.sum())
    fig, axes = plt.subplots(1, 4, figsize=(9.4, 2.5), width_ratios=[1, 1, 1, 0.6])
    for ax, grid, title in zip(
        axes, (patch, kernel, products), ("ছবির জানালা", "ফিল্টার", "গুণফল"), strict=False
    ):
        _numbers(ax, np.asarray(grid, float), "gray" if ax is axes[0] else "PuOr")
        ax.set_title(title)
    axes[3].axis("off")
    axes[3].set_title("সব যোগ করলে")
    axes[3].text(
        0.5, 0.5, _short(total), ha="center", va="center", fontsize=24, weight="bold",
        transform=axes[3].transAxes,
    )  # fmt: skip
    fig.tight_layout(w_pad=3)
    for left, sign in zip(axes[:3], "×=→", strict=True):
        place = left.get_position()
        following = axes[list(axes).index(left) + 1].get_position()
        fig.text(
            (place.x1 + following.x0) / 2, (place.y0 + place.y1) / 2, sign,
            ha="center", va="center", fontsize=18,
        )  # fmt: skip
    return fig, (
        f"ছবির ৩×৩ জানালার প্রতিটি সংখ্যা ফিল্টারের একই জায়গার সংখ্যা দিয়ে গুণ, তারপর সব যোগ: ফল {_short(total)}।"
    )


def sliding(size: int, kernel: int, stride: int, padding: str) -> Figure:
    """Where a window stands on a small picture, and the squares of the result.

    Args:
        size: side of the picture.
        kernel: side of the window.
        stride: how far it moves at a time.
        padding: "valid" or "same", with zeros shared out as Keras does.
    """
    if padding == "same":
        number = -(-size // stride)
        zeros = max(0, (number - 1) * stride + kernel - size)
    else:
        zeros = 0
        number = (size - kernel) // stride + 1 if kernel <= size else 0
    before = zeros // 2
    fig, (left, right) = plt.subplots(1, 2, figsize=(9, 4.6), layout="constrained")
    far = size + zeros - before
    left.add_patch(
        plt.Rectangle(
            (-before, -before), size + zeros, size + zeros, fc="white", ec="#C4C4C4", hatch="///"
        )
    )
    left.add_patch(plt.Rectangle((0, 0), size, size, fc="#DCE9F3"))
    _lines(left, -before, far)
    starts = [i * stride - before for i in range(number)]
    styles = [(RED, "-", "প্রথম"), (GREEN, "--", "দ্বিতীয়"), (ORANGE, ":", "শেষ")]
    shown = [(starts[0], starts[0]), (starts[1], starts[0])] if number > 1 else []
    shown = shown or [(start, start) for start in starts[:1]]
    if number > 2:
        shown.append((starts[-1], starts[-1]))
    for (column, row), (colour, line, name) in zip(shown, styles, strict=False):
        left.add_patch(
            plt.Rectangle(
                (column + 0.06, row + 0.06), kernel - 0.12, kernel - 0.12,
                fc="none", ec=colour, ls=line, lw=3, label=f"{name} জানালা",
            )
        )  # fmt: skip
    edge = (-before - 0.3, far + 0.3)
    left.set(xlim=edge, ylim=edge[::-1], aspect="equal")
    left.set_title(
        f"ছবি {bn(size)}×{bn(size)}"
        + (f", চারপাশে শূন্য মিলে {bn(size + zeros)}×{bn(size + zeros)}" if zeros else "")
    )
    left.axis("off")
    if shown:
        left.legend(loc="upper center", bbox_to_anchor=(0.5, 0), ncols=3, frameon=False)
    right.add_patch(plt.Rectangle((0, 0), number, number, fc="#FBEBC8"))
    if number:
        _lines(right, 0, number)
    for (column, row), (colour, line, _) in zip(shown, styles, strict=False):
        place = (starts.index(column) + 0.06, starts.index(row) + 0.06)
        right.add_patch(plt.Rectangle(place, 0.88, 0.88, fc="none", ec=colour, ls=line, lw=3))
    half, middle = (edge[1] - edge[0]) / 2, number / 2  # squares as large as on the left
    right.set(xlim=(middle - half, middle + half), ylim=(middle + half, middle - half))
    right.set_aspect("equal")
    right.axis("off")
    right.set_title(f"ফল {bn(number)}×{bn(number)}" if number else "জানালাটাই ছবির চেয়ে বড়")
    return fig, (
        f"{bn(size)}×{bn(size)} ছবির উপর {bn(kernel)}×{bn(kernel)} জানালা, স্ট্রাইড {bn(stride)}, "
        f"প্যাডিং {padding}, চারপাশে মোট {bn(zeros)} সারি শূন্য। ফল {bn(number)}×{bn(number)}।"
    )


def _lines(ax: plt.Axes, low: int, high: int) -> None:
    """The lines of a grid of squares from low to high, both ways."""
    places = range(low, high + 1)
    ax.hlines(places, low, high, colors=GREY, lw=0.8)
    ax.vlines(places, low, high, colors=GREY, lw=0.8)


def maps(picture: np.ndarray, layers: Mapping[str, np.ndarray], columns: int = 8) -> Figure:
    """A picture, and under it the liveliest feature maps of some layers, a row each.

    Args:
        picture: (height, width, 3), uint8.
        layers: title -> (height, width, channels).
        columns: how many maps of each layer to show.
    """
    fig = plt.figure(figsize=(9, 1.33 * (len(layers) + 1) + 0.5), layout="constrained")
    grid = fig.add_gridspec(len(layers) + 1, columns, height_ratios=[1.25] + [1] * len(layers))
    first = fig.add_subplot(grid[0, : columns // 2])
    first.imshow(picture)
    first.set_title("ছবি", loc="left")
    first.axis("off")
    first.set_anchor("W")
    told = []
    for row, (title, values) in enumerate(layers.items(), 1):
        lively = np.argsort(-values.std(axis=(0, 1)), kind="stable")[:columns]
        for column, channel in enumerate(sorted(lively)):
            ax = fig.add_subplot(grid[row, column])
            one = values[..., channel]
            ax.imshow(one, cmap="gray", vmin=one.min(), vmax=max(one.max(), one.min() + 1e-6))
            ax.set(xticks=[], yticks=[])
            if column == 0:
                ax.set_title(title, loc="left", fontsize=11)
        told.append(f"{title}, {bn(values.shape[0])}×{bn(values.shape[1])}")
    return fig, f"উপরে ছবি, নিচে প্রতি সারিতে একেক লেয়ারের কয়েকটা ফিচার ম্যাপ: {'; '.join(told)}।"


def fields(picture: np.ndarray, widths: Mapping[str, int]) -> Figure:
    """Squares on a picture: how much of it one number of each layer has seen.

    Args:
        picture: (size, size, 3), uint8.
        widths: name of the layer -> side of its receptive field in pixels.
    """
    size = len(picture)
    fig, ax = plt.subplots(figsize=(6.8, 4.2), layout="constrained")
    ax.imshow(picture, alpha=0.75)
    styles = [(RED, "-"), (BLUE, "--"), ("black", "-."), (GREEN, ":"), (ORANGE, "-")]
    for (name, width), (colour, line) in zip(widths.items(), styles * 3, strict=False):
        start = size / 2 - width / 2 - 0.5
        label = f"{name}: {bn(width)}×{bn(width)}"
        ax.add_patch(plt.Rectangle((start, start), width, width, fc="none", ec="white", lw=4.5))
        ax.add_patch(
            plt.Rectangle((start, start), width, width, fc="none", ec=colour, ls=line, lw=2.5,
                          label=label)
        )  # fmt: skip
    ax.set(xlim=(-0.5, size - 0.5), ylim=(size - 0.5, -0.5), xticks=[], yticks=[])
    ax.legend(loc="center left", bbox_to_anchor=(1.02, 0.5), frameon=False)
    told = ", ".join(f"{name} {bn(width)} পিক্সেল" for name, width in widths.items())
    return fig, f"ফুলের ছবির মাঝখানে একটার ভেতর একটা চৌকো দাগ, রিসেপটিভ ফিল্ড কত বড়: {told}।"


def ladder(rungs: Mapping[str, tuple[int, float, float]]) -> Figure:
    """Training and validation accuracy of each rung, with its number of parameters.

    Args:
        rungs: name -> (parameters, training accuracy, validation accuracy).
    """
    fig, ax = plt.subplots(figsize=(8.6, 1.2 + 0.72 * len(rungs)), layout="constrained")
    told = []
    for i, (name, (count, train, valid)) in enumerate(rungs.items()):
        ax.barh(i - 0.19, train, 0.34, color="#9bbcd6", label="ট্রেনিং" if i == 0 else None)
        ax.barh(
            i + 0.19, valid, 0.34, color=ORANGE, hatch="//", edgecolor="white",
            label="ভ্যালিডেশন" if i == 0 else None,
        )  # fmt: skip
        for shift, value in ((-0.19, train), (0.19, valid)):
            ax.text(value + 0.01, i + shift, percent(value), va="center", fontsize=10)
        told.append(
            f"{name} ({bn(count)} প্যারামিটার): ট্রেনিং {percent(train)}, ভ্যালিডেশন {percent(valid)}"
        )
    names = [f"{name}\n{bn(count)} প্যারামিটার" for name, (count, _, _) in rungs.items()]
    ax.set_yticks(range(len(rungs)), names)
    ax.invert_yaxis()
    ax.set(xlim=(0, 1.12), xlabel="অ্যাকুরেসি")
    ax.set_xticks([0, 0.2, 0.4, 0.6, 0.8, 1], [percent(v) for v in (0, 0.2, 0.4, 0.6, 0.8, 1)])
    ax.axvline(0.2, color=GREY, ls=":", lw=1.5, label="চোখ বুজে বললে")
    ax.legend(loc="upper center", bbox_to_anchor=(0.5, -0.16), ncols=3, frameon=False)
    return fig, f"মইয়ের ধাপে ধাপে অ্যাকুরেসির বার। {'; '.join(told)}।"
