"""The growing bar chart of lesson 05: how many pictures a second each pipeline gives."""

from __future__ import annotations

import math
from collections.abc import Sequence

import matplotlib.pyplot as plt
import numpy as np

from helpers import plots
from helpers.datasets import FLOWER_NAMES_BN
from helpers.messages import bn


class Chart:
    """Bars of images a second, in the order in which they were measured.

    A name that is added again keeps its place and takes the new value, so that a cell can be
    run twice.
    """

    def __init__(self) -> None:
        self.rates: dict[str, float] = {}
        self._newest = ""

    def add(self, name: str, rate: float) -> None:
        """Adds a bar.

        Args:
            name: a few Bengali words.
            rate: images a second.
        """
        self.rates[name] = float(rate)
        self._newest = name

    def show(self, chip: float | None = None) -> None:
        """Draws all bars so far, the newest hatched.

        Args:
            chip: if given, a dashed line at this many images a second: what the chip could eat.
        """
        plots.show(*self.figure(chip))

    def figure(self, chip: float | None = None) -> tuple[plt.Figure, str]:
        """(figure, alternative text); see `show`."""
        names = list(self.rates)
        known = sorted([*self.rates.values(), *([chip] if chip else [])])
        # One bar that is far longer than all others is cut, or those could not be compared.
        cut = 1.4 * known[-2] if len(known) > 1 and known[-1] > 4 * known[-2] else known[-1]
        fig, ax = plt.subplots(figsize=(8, 0.9 + 0.42 * len(names)), layout="constrained")
        for i, (name, value) in enumerate(self.rates.items()):
            new, end = name == self._newest, min(value, cut)
            ax.barh(
                i, end, height=0.62, color=plots.ORANGE if new else plots.BLUE,
                hatch="//" if new else "", edgecolor="white" if new else plots.BLUE,
            )  # fmt: skip
            ax.annotate(
                bn(rounded(value)) + (" (আরও লম্বা →)" if value > end else ""),
                (end, i), (5, 0), textcoords="offset points",
                va="center", weight="bold" if new else "normal", zorder=5,
                bbox={"facecolor": "white", "edgecolor": "none", "pad": 1},
            )  # fmt: skip
        ax.set_yticks(range(len(names)), names)
        ax.invert_yaxis()
        ax.set_xlim(0, (1.4 if known[-1] > cut else 1.16) * cut)
        ax.set_xlabel("সেকেন্ডে কটা ছবি (বেশি হলে ভালো)")
        ax.xaxis.set_major_locator(plt.MaxNLocator(5, integer=True))
        ax.xaxis.set_major_formatter(lambda value, _: bn(int(value)))
        told = [f"{name}: {bn(rounded(value))}" for name, value in self.rates.items()]
        if chip:
            ax.axvline(min(chip, 1.1 * cut), color=plots.RED, linestyle="--", linewidth=2)
            ax.set_title(
                f"– – চিপ সেকেন্ডে নিতে পারে {bn(rounded(chip))}টি", color=plots.RED, fontsize=11
            )
            told.append(f"ভাঙা দাগ, চিপ যত নিতে পারে: {bn(rounded(chip))}")
        return fig, f"সেকেন্ডে কটা ছবি, তার বার চার্ট। {'; '.join(told)}।"


def rounded(value: float) -> int:
    """A measured number without the digits that mean nothing: 4,837 becomes 4,800."""
    if value < 1:
        return 0
    unit = 10 ** max(0, math.floor(math.log10(value)) - 1)
    return int(round(value / unit) * unit)


def class_order(
    classes: Sequence[int], title: str, batch: int = 32, names: Sequence[str] = FLOWER_NAMES_BN
) -> tuple[plt.Figure, str]:
    """In which order the classes came: a dot for each picture, a line after each batch.

    Args:
        classes: the class of the first, second, … picture.
        title: above the figure.
        batch: pictures in a batch.
        names: the classes' names.

    Returns:
        (figure, alternative text).
    """
    classes = np.asarray(classes)
    fig, ax = plt.subplots(figsize=(8, 2.7), layout="constrained")
    ax.scatter(range(len(classes)), classes, s=9, c=[plots.PALETTE[c] for c in classes], marker="s")
    for edge in range(batch, len(classes), batch):
        ax.axvline(edge - 0.5, color=plots.GREY, linewidth=0.7)
    ax.set_yticks(range(len(names)), names)
    ax.invert_yaxis()
    ax.set(title=title, xlabel=f"কত নম্বর ছবি (খাড়া দাগে এক এক ব্যাচ, {bn(batch)}টি করে)")
    ax.xaxis.set_major_formatter(lambda value, _: bn(int(value)))
    first = [names[c] for c in sorted(set(classes[:batch].tolist()))]
    return fig, f"{title}। প্রথম ব্যাচে আছে: {', '.join(first)}।"
