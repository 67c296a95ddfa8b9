"""Figures of lesson 03: what the ticket desk's inputs bring, its loss weights, its threshold.

Each function returns (figure, alternative text), for `plots.show` and `play.explore`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import matplotlib
import matplotlib.pyplot as plt
import numpy as np

from helpers.messages import bn, percent
from helpers.plots import BLUE, GREEN, GREY, ORANGE, PALETTE

Drawing = tuple[plt.Figure, str]

_MARKS = ("o-", "s--", "^-.", "D:")


def bars(scores: Mapping[str, tuple[float, float]], guess: tuple[float, float]) -> Drawing:
    """Accuracies of several models: of the department, and of the priority.

    Args:
        scores: for each model, by its Bengali name, (department, priority).
        guess: what the same answer for every ticket would reach, (department, priority).
    """
    names = list(scores)
    fig, axes = plt.subplots(1, 2, figsize=(9, 0.62 * len(names) + 1.1), sharey=True)
    titles = ("বিভাগ", "জরুরি কি না")
    for which, (ax, title, colour) in enumerate(zip(axes, titles, (BLUE, GREEN), strict=True)):
        values = [scores[name][which] for name in names]
        ax.barh(range(len(names)), values, color=colour, height=0.6)
        for place, value in enumerate(values):
            ax.text(0.02, place, percent(value), va="center", color="white", weight="bold")
        ax.axvline(guess[which], color="black", ls="--", lw=1.2)
        ax.set_title(f"{title} (ভাঙা দাগ: আন্দাজ, {percent(guess[which])})", fontsize=11)
        ax.set_xlim(0, 1)
        ax.xaxis.set_major_formatter(matplotlib.ticker.FuncFormatter(lambda v, _: percent(v)))
        ax.set_yticks(range(len(names)), names)
    axes[0].invert_yaxis()
    fig.tight_layout()
    told = "; ".join(f"{n}: বিভাগ {percent(d)}, জরুরি {percent(p)}" for n, (d, p) in scores.items())
    return fig, f"কোন ইনপুটে কত অ্যাকুরেসি, আড়াআড়ি বার। {told}।"


def weights(histories: Mapping[float, Mapping[str, Sequence[float]]]) -> Drawing:
    """Both validation accuracies, epoch by epoch, for each loss weight of the priority."""
    fig, axes = plt.subplots(1, 2, figsize=(10.4, 3.6), sharey=True)
    told = []
    for ax, name, title in zip(
        axes, ("priority", "department"), ("জরুরি কি না", "বিভাগ"), strict=True
    ):
        for number, (weight, history) in enumerate(histories.items()):
            values = history[f"val_{name}_accuracy"]
            ax.plot(range(1, len(values) + 1), values, _MARKS[number % len(_MARKS)],
                    color=(GREY, ORANGE, BLUE, GREEN)[number % 4], label=f"ওয়েট {bn(weight)}")  # fmt: skip
            told.append(f"{title}, ওয়েট {bn(weight)}: শেষে {percent(values[-1])}")
        ax.set(title=title, xlabel="ইপক", ylim=(0, 1))
        ax.xaxis.set_major_locator(matplotlib.ticker.MaxNLocator(integer=True))
        ax.yaxis.set_major_formatter(matplotlib.ticker.FuncFormatter(lambda v, _: percent(v)))
    axes[0].set_ylabel("ভ্যালিডেশন অ্যাকুরেসি")
    axes[1].legend(loc="center left", bbox_to_anchor=(1.02, 0.5), title="জরুরির লসে")
    fig.tight_layout()
    return fig, f"লসের ওয়েট বদলালে দুই কাজের অ্যাকুরেসি। {'; '.join(told)}।"


def lines(series: Mapping[str, Sequence[float]], ylabel: str) -> Drawing:
    """Accuracies epoch by epoch, told apart by marker, line and name."""
    fig, ax = plt.subplots(figsize=(6.4, 3.6))
    colours = (GREY, ORANGE, BLUE, GREEN)
    for (name, values), mark, colour in zip(series.items(), _MARKS, colours, strict=False):
        ax.plot(range(1, len(values) + 1), values, mark, color=colour, label=name)
    ax.set(xlabel="ইপক", ylabel=ylabel, ylim=(0, 1))
    ax.xaxis.set_major_locator(matplotlib.ticker.MaxNLocator(integer=True))
    ax.yaxis.set_major_formatter(matplotlib.ticker.FuncFormatter(lambda v, _: percent(v)))
    ax.legend()
    fig.tight_layout()
    told = "; ".join(f"{n} {percent(v[0])} থেকে {percent(v[-1])}" for n, v in series.items())
    return fig, f"{ylabel}: {told}।"


def threshold(probabilities: Sequence[float], labels: Sequence[int], at: float) -> Drawing:
    """How sure the model was of urgent tickets and of others, cut at a threshold.

    Args:
        probabilities: for each ticket, how probably it is urgent.
        labels: 1 for urgent tickets, 0 for others.
        at: from this probability on a ticket is called urgent.
    """
    p, urgent = np.ravel(probabilities), np.ravel(labels).astype(bool)
    called = p >= at
    caught, false_alarms, missed = (
        int((called & urgent).sum()), int((called & ~urgent).sum()), int((~called & urgent).sum()),
    )  # fmt: skip
    fig, ax = plt.subplots(figsize=(7.6, 3.6))
    edges = np.linspace(0, 1, 21)
    ax.hist(
        [p[~urgent], p[urgent]], edges, label=["আসলে জরুরি নয়", "আসলে জরুরি"],
        color=[PALETTE[5], ORANGE], edgecolor="black", linewidth=0.6,
    )  # fmt: skip
    for patch in ax.containers[1]:
        patch.set_hatch("///")
    ax.axvline(at, color="black", lw=2)
    top = ax.get_ylim()[1]
    side = "left" if at < 0.5 else "right"
    arrow = "জরুরি →" if side == "left" else "← জরুরি নয়"
    ax.text(at + (0.01 if side == "left" else -0.01), top * 0.5, arrow, ha=side, va="center")
    ax.set(xlabel="মডেলের মতে জরুরি হওয়ার সম্ভাবনা", ylabel="টিকিট", xlim=(0, 1))
    ax.legend(loc="upper center", framealpha=1)
    recall = caught / max(1, caught + missed)
    precision = caught / max(1, caught + false_alarms)
    told = (
        f"{bn(caught + missed)}টি জরুরি টিকিটের {bn(caught)}টি ধরা পড়েছে (রিকল {percent(recall)}), "
        f"{bn(missed)}টি ফসকেছে। জরুরি বলা {bn(caught + false_alarms)}টির মধ্যে "
        f"{bn(false_alarms)}টি মিছে ডাক (প্রিসিশন {percent(precision)})"
    )
    ax.set_title(told.replace("। ", "।\n"), fontsize=11)
    fig.tight_layout()
    return fig, f"সীমা {bn(at, 2)}: {told}।"
