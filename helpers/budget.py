"""What a convolution costs, and lesson 07's figures of it.

Every figure function returns (figure, alternative text): for `plots.show(*figure)`, and for
`play.explore`, which redraws it at every move of a slider.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import matplotlib.pyplot as plt
import numpy as np

from helpers.messages import bn, percent
from helpers.plots import BLUE, GREEN, GREY, ORANGE, RED

Figure = tuple[plt.Figure, str]

_MARKS = ("o", "s", "^", "D", "v", "P", "X", "*")
_COLOURS = (BLUE, ORANGE, GREEN, RED, GREY)


def multiplications(model: Any) -> int:
    """Multiplications that one picture costs: each kernel's weights, at each place of its output.

    Args:
        model: a built functional or Sequential model of layers whose kernels have at least two
            dimensions; models inside it are counted too.
    """
    import keras

    total = 0
    for layer in model.layers:
        if isinstance(layer, keras.Model):
            total += multiplications(layer)
            continue
        weights = sum(math.prod(w.shape) for w in layer.weights if len(w.shape) >= 2)
        if weights:
            total += weights * math.prod(layer.output.shape[1:-1])
    return total


def short(number: float) -> str:
    """A count in Bengali as a reader says it: ৯৫৪, ১২ হাজার, ৪.২ লাখ, ২.৩ কোটি."""
    for unit, word in ((1e7, "কোটি"), (1e5, "লাখ"), (1e3, "হাজার")):
        if number >= unit:
            value = number / unit
            return f"{bn(value, 0 if value >= 10 else 1)} {word}"
    return bn(round(number))


def costs(kernel: int, channels_in: int, channels_out: int, squeeze: int, size: int = 24) -> Figure:
    """Parameters and multiplications of one layer, made in three ways, as bars.

    Args:
        kernel: side of the window.
        channels_in: channels that enter.
        channels_out: channels that leave.
        squeeze: channels in the fire module's narrow place.
        size: side of the feature map.
    """
    half = channels_out // 2
    weights = {
        "সাধারণ": kernel**2 * channels_in * channels_out,
        "ফায়ার": channels_in * squeeze + squeeze * half + kernel**2 * squeeze * (channels_out - half),
        "সেপারেবল": kernel**2 * channels_in + channels_in * channels_out,
    }
    fig, axes = plt.subplots(1, 2, figsize=(9.6, 2.9), layout="constrained")
    told = []
    for ax, factor, title in (
        (axes[0], 1, "প্যারামিটার (কেনার খরচ)"),
        (axes[1], size**2, f"গুণ, {bn(size)}×{bn(size)} ছকে (রাঁধার খরচ)"),
    ):
        longest = max(weights.values()) * factor
        for i, count in enumerate(weights.values()):
            ax.barh(
                i, count * factor, 0.62, color=_COLOURS[i], hatch=("", "//", "..")[i], ec="white"
            )
            part = count / weights["সাধারণ"]
            ax.text(
                count * factor + 0.02 * longest, i, f"{short(count * factor)} ({percent(part)})",
                va="center",
            )  # fmt: skip
        ax.set_yticks(range(3), list(weights))
        ax.invert_yaxis()
        ax.set(xlim=(0, 1.5 * longest), xticks=[])
        ax.spines["bottom"].set_visible(False)
        ax.set_title(title)
    for name, count in weights.items():
        told.append(f"{name} {short(count)} প্যারামিটার, {short(count * size**2)} গুণ")
    return fig, f"একই লেয়ার তিনভাবে: {'; '.join(told)}। ব্র্যাকেটে সাধারণের কত ভাগ।"


def widths(blocks: Mapping[str, Sequence[tuple[str, int]]]) -> Figure:
    """How wide each block is on its way from top to bottom: an hourglass, or a barrel.

    Args:
        blocks: title -> (what happens there, channels), in order.
    """
    fig, axes = plt.subplots(1, len(blocks), figsize=(4.9 * len(blocks), 3.4), layout="constrained")
    told = []
    for ax, (title, steps) in zip(np.atleast_1d(axes), blocks.items(), strict=True):
        widest = max(channels for _, channels in steps)
        for i, (name, channels) in enumerate(steps):
            share = channels / widest
            narrow = share < 0.45
            ax.barh(
                i, share, 0.62, left=-share / 2, color="#DCEBF5" if not narrow else "#FCEFD2",
                ec=BLUE if not narrow else RED, lw=1.4, hatch="" if not narrow else "//",
            )  # fmt: skip
            ax.text(
                0, i, bn(channels), ha="center", va="center", weight="bold",
                bbox={"facecolor": "white", "edgecolor": "none", "pad": 1.5},
            )  # fmt: skip
            ax.text(0.56, i, name, va="center")
        ax.set(xlim=(-0.55, 1.2), ylim=(len(steps) - 0.4, -0.6), xticks=[], yticks=[])
        ax.spines[:].set_visible(False)
        ax.set_title(title)
        told.append(f"{title}: {', '.join(f'{name} {bn(c)}' for name, c in steps)}")
    return fig, f"ব্লকের ভেতরে কোথায় কটা চ্যানেল, বারের প্রস্থে। {'; '.join(told)}।"


def round_trips(points: np.ndarray, returned: Mapping[int, np.ndarray]) -> Figure:
    """A curve of points, and what comes back of it through a ReLU among so many channels.

    Args:
        points: (n, 2).
        returned: channels -> (n, 2).
    """
    fig, axes = plt.subplots(
        1, 1 + len(returned), figsize=(2.3 * (1 + len(returned)), 2.7), layout="constrained"
    )
    pictures = {"শুরুতে": points} | {f"মাঝে {bn(n)} চ্যানেল": p for n, p in returned.items()}
    far = 1.1 * np.abs(points).max()
    for ax, (title, place) in zip(axes, pictures.items(), strict=True):
        ax.plot(*place.T, color=GREY, lw=1)
        ax.scatter(*place.T, c=np.arange(len(points)), cmap="viridis", s=9, zorder=2)
        ax.set(xlim=(-far, far), ylim=(-far, far), xticks=[], yticks=[], aspect="equal")
        ax.spines[:].set_visible(True)
        ax.set_title(title)
    return fig, (
        "একটা প্যাঁচানো রেখা, আর ReLU পেরিয়ে ফিরে এসে সেটা কেমন হয়: "
        f"{', '.join(map(bn, returned))} চ্যানেলে। চ্যানেল কম হলে রেখা ভাঁজ হয়ে যায়, বেশি হলে প্রায় হুবহু ফেরে।"
    )


def asleep(scores: Mapping[str, tuple[float, Sequence[float]]]) -> Figure:
    """Accuracy with one layer or block after the other switched off.

    Args:
        scores: network -> (accuracy when whole, accuracy without the first, second, … block).
    """
    fig, axes = plt.subplots(
        1, len(scores), figsize=(4.7 * len(scores), 3), layout="constrained", sharey=True
    )
    told = []
    for number, (ax, (name, (whole, without))) in enumerate(zip(axes, scores.items(), strict=True)):
        ax.bar(
            range(1, len(without) + 1), without, 0.6, color=_COLOURS[number],
            hatch=("", "//")[number % 2], ec="white",
        )  # fmt: skip
        for i, value in enumerate(without, 1):
            ax.text(
                i, value + 0.03, percent(value), ha="center", va="bottom", fontsize=10, zorder=4,
                bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.8},
            )  # fmt: skip
        ax.axhline(whole, color="black", ls="--", lw=1.5, zorder=3)
        ax.axhline(0.2, color=GREY, ls=":", lw=1.5, zorder=3)
        ax.set_title(f"{name}: সবাই জেগে থাকলে {percent(whole)} (– –)")
        ax.set_xticks(range(1, len(without) + 1), [bn(i) for i in range(1, len(without) + 1)])
        ax.set(xlabel="কত নম্বরটা ঘুমিয়ে", ylim=(0, 1.16))
        told.append(
            f"{name}, সবাই জেগে {percent(whole)}, একে একে {', '.join(map(percent, without))}"
        )
    axes[0].set_yticks([0, 0.2, 0.4, 0.6, 0.8, 1], [percent(v) for v in (0, 0.2, 0.4, 0.6, 0.8, 1)])
    axes[0].set_ylabel("অ্যাকুরেসি (··· আন্দাজে ২০%)")
    return fig, f"একেকটা অংশ ঘুমিয়ে পড়লে ভ্যালিডেশন অ্যাকুরেসি। {'; '.join(told)}।"


def tradeoff(found: Mapping[str, tuple[float, float]]) -> Figure:
    """Accuracy against milliseconds a picture, a mark for each model.

    Args:
        found: name -> (milliseconds a picture, accuracy in [0, 1]).
    """
    fig, ax = plt.subplots(figsize=(7.4, 3.6), layout="constrained")
    slowest = max(time for time, _ in found.values())
    for i, (name, (time, score)) in enumerate(found.items()):
        ax.plot(
            time, score, _MARKS[i % len(_MARKS)], color=_COLOURS[i % len(_COLOURS)], ms=12,
            label=f"{name}: {bn(time, 2)} মি.সে., {percent(score)}",
        )  # fmt: skip
    scores = [score for _, score in found.values()]
    ax.set(xlim=(0, 1.15 * slowest), ylim=(max(0, min(scores) - 0.1), min(1.02, max(scores) + 0.1)))
    ax.set(xlabel="একটা ছবিতে কত মিলিসেকেন্ড (কম হলে ভালো)", ylabel="ভ্যালিডেশন অ্যাকুরেসি")
    ax.yaxis.set_major_formatter(lambda value, _: percent(value))
    ax.xaxis.set_major_formatter(lambda value, _: bn(f"{value:g}"))
    ax.grid(color="#DDDDDD", lw=0.8)
    ax.legend(loc="center left", bbox_to_anchor=(1.02, 0.5), frameon=False)
    told = ", ".join(f"{n} {bn(t, 2)} মিলিসেকেন্ড আর {percent(s)}" for n, (t, s) in found.items())
    return fig, f"ছবিপ্রতি সময়ের বিপরীতে অ্যাকুরেসি: {told}।"
