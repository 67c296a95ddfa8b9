"""Figures of what happens inside a network: neurons, slopes, paths, boundaries.

Every function draws and returns (figure, alternative text): for `plots.show(*figure)`, and
for `play.explore`, which redraws it at every move of a slider. Two classes always differ in
marker as well as in colour, and so do two paths. A walk over a loss starts at a square and ends
at a diamond, and a star is the lowest place. A reader calls plots.RED orange (কমলা) and
plots.ORANGE yellow (হলুদ), so the lesson does too.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import matplotlib.pyplot as plt
import numpy as np

from helpers.messages import bn, percent
from helpers.plots import BLUE, GREEN, GREY, ORANGE, RED

Figure = tuple[plt.Figure, str]
_MARKS = (("o", BLUE, "-"), ("s", RED, "--"), ("^", GREEN, "-."), ("D", ORANGE, ":"))
_TINTS = ("#CFE3F1", "#F8DDCB")  # light BLUE and RED, for the two sides of a boundary
_START = {"marker": "s", "color": ORANGE, "ms": 9, "ls": "none", "label": "শুরু"}
_END = {"marker": "D", "color": RED, "ms": 8, "ls": "none", "label": "শেষ"}


def number(value: float, digits: int = 2) -> str:
    """A number in Bengali digits; one that rounds to zero has no sign."""
    return bn(round(float(value), digits) + 0.0, digits)


def neuron(
    points: np.ndarray,
    answers: Sequence[int],
    weights: Sequence[float],
    bias: float,
    features: Sequence[str],
    names: Sequence[str] = ("না", "হ্যাঁ"),
) -> Figure:
    """One neuron of two inputs: its line, its two sides, and the points on them.

    Args:
        points: (n, 2), each in [0, 1].
        answers: n times 0 or 1.
        weights, bias: the neuron's; it says 1 where weights · point + bias > 0.
        features: the names of the two inputs.
        names: what 0 and 1 mean.
    """
    points, answers = np.asarray(points, float), np.asarray(answers)
    weights = np.asarray(weights, float)
    says = (points @ weights + bias > 0).astype(int)
    right = int((says == answers).sum())
    fig, ax = plt.subplots(figsize=(5.6, 4.3))
    axis = np.linspace(-0.05, 1.05, 221)
    x, y = np.meshgrid(axis, axis)
    z = weights[0] * x + weights[1] * y + bias
    with plt.rc_context({"hatch.color": "#D9B9A3", "hatch.linewidth": 0.7}):
        ax.contourf(x, y, z > 0, levels=[-0.5, 0.5, 1.5], colors=_TINTS, hatches=[None, "//"])
    if z.min() < 0 < z.max():
        ax.contour(x, y, z, levels=[0], colors="black", linewidths=2)
    for kind, (marker, colour, _) in enumerate(_MARKS[:2]):
        mine = answers == kind
        ax.plot(*points[mine].T, marker, color=colour, ms=7, mec="white", label=names[kind])
    wrong = points[says != answers]
    if len(wrong):
        ax.plot(*wrong.T, "o", ms=14, mfc="none", mec="black", label="নিউরনের ভুল")
    told = f"{bn(len(points))}টির মধ্যে {bn(right)}টি ঠিক"
    ax.set(xlim=(-0.05, 1.05), ylim=(-0.05, 1.05), xlabel=features[0], ylabel=features[1])
    ax.set_title(told)
    sides = [
        plt.Rectangle((0, 0), 1, 1, fc=tint, ec="#D9B9A3", hatch=hatch, label=f"নিউরন বলে {name}")
        for tint, hatch, name in zip(_TINTS, (None, "//"), names, strict=True)
    ]
    ax.legend(
        handles=[*ax.get_legend_handles_labels()[0], *sides],
        loc="upper left", bbox_to_anchor=(1.01, 1), frameon=False,
    )  # fmt: skip
    if z.min() < 0 < z.max():
        line = "নিউরনের সোজা রেখাটা ছককে দুই পাশে ভাগ করেছে"
    else:
        always = names[int(z.flat[0] > 0)]
        why = "রেখাটা ছকের বাইরে" if weights.any() else "দুটো ওয়েটই ০, তাই কোনো রেখা নেই"
        line = f"{why}; নিউরন সবখানেই বলে ‘{always}’"
    return fig, (
        f"ওয়েট {number(weights[0], 1)} আর {number(weights[1], 1)}, বায়াস {number(bias, 1)}: "
        f"{line}। {told}।"
    )


def functions(pairs: Mapping[str, Callable], low: float = -5, high: float = 5) -> Figure:
    """Functions of one number side by side.

    Args:
        pairs: title -> function that takes an array.
        low, high: from where to where.
    """
    x = np.linspace(low, high, 401)
    fig, axes = plt.subplots(1, len(pairs), figsize=(3.3 * len(pairs), 2.9), squeeze=False)
    for ax, (title, function) in zip(axes[0], pairs.items(), strict=True):
        ax.axhline(0, color=GREY, lw=0.8)
        ax.axvline(0, color=GREY, lw=0.8)
        ax.plot(x, function(x), color=BLUE, lw=2.5)
        ax.set(title=title, xlabel="ঢুকল")
    axes[0][0].set_ylabel("বেরোল")
    fig.tight_layout()
    return fig, f"পাশাপাশি {bn(len(pairs))}টি ফাংশনের রেখা: {', '.join(pairs)}।"


def flattened(image: np.ndarray, row: int) -> Figure:
    """A picture, and the same numbers as one strip, with one row marked in both.

    Args:
        image: (height, width), 0 is paper and 1 is ink.
        row: which row to mark.
    """
    height, width = image.shape
    fig, axes = plt.subplots(
        2, 2, figsize=(9, 3.1), width_ratios=[1, 2.6], layout="constrained"
    )  # fmt: skip
    big = axes[0, 0].get_gridspec()
    for ax in axes[:, 0]:
        ax.remove()
    left = fig.add_subplot(big[:, 0])
    left.imshow(image, cmap="gray_r", vmin=0, vmax=1)
    left.add_patch(plt.Rectangle((-0.5, row - 0.5), width, 1, fc="none", ec=RED, lw=2.5))
    left.set(title=f"ছবি: {bn(height)}×{bn(width)}", xticks=[], yticks=[])
    left.set_xlabel(f"দাগানো সারি: {bn(row)} নম্বর")
    strip, zoom = axes[:, 1]
    strip.imshow(image.reshape(1, -1), cmap="gray_r", vmin=0, vmax=1, aspect="auto")
    strip.axvspan(row * width - 0.5, (row + 1) * width - 0.5, fc="none", ec=RED, lw=2.5)
    strip.set(title=f"ফিতা: {bn(str(height * width))}টি সংখ্যা", yticks=[])
    ticks = [0, 256, 512, 768, height * width - 1]
    strip.set_xticks(ticks, [bn(str(t)) for t in ticks])
    zoom.imshow(image[row : row + 1], cmap="gray_r", vmin=0, vmax=1, aspect="auto")
    first, last = row * width, (row + 1) * width - 1
    zoom.set(title="ফিতার দাগানো অংশটুকু, বড় করে", yticks=[])
    zoom.set_xticks([0, width - 1], [bn(str(first)), bn(str(last))])
    zoom.spines[:].set(visible=True, color=RED, linewidth=2.5)
    return fig, (
        f"বাঁয়ে {bn(height)}×{bn(width)} ছবি, তার {bn(row)} নম্বর সারি দাগানো। ডানে একই সংখ্যাগুলো "
        f"এক ফিতায়; ওই সারিটা বসেছে {bn(str(first))} থেকে {bn(str(last))} নম্বরে।"
    )


def shares(
    logits: Sequence[float], probabilities: Sequence[float], names: Sequence[str], title: str
) -> Figure:
    """Logits beside the probabilities that a softmax made of them, as bars with numbers."""
    fig, axes = plt.subplots(1, 2, figsize=(8.4, 2.8), gridspec_kw={"wspace": 0.14})
    best = int(np.argmax(probabilities))
    colours = [BLUE if i == best else "#9bbcd6" for i in range(len(names))]
    for ax, values, heading in zip(axes, (logits, probabilities), ("লজিট", title), strict=True):
        bars = ax.barh(range(len(names)), values, color=colours, height=0.6)
        texts = [number(v, 1) if ax is axes[0] else percent(v, 1) for v in values]
        ax.bar_label(bars, texts, padding=4)
        ax.axvline(0, color=GREY, lw=1)
        ax.set(yticks=range(len(names)), title=heading)
        ax.set_yticklabels(names)
        ax.invert_yaxis()
        ax.margins(x=0.22)
    axes[1].set(xlim=(0, 1.22), xticks=[0, 0.5, 1])
    axes[1].set_xticklabels(["০%", "৫০%", "১০০%"])
    told = ", ".join(f"{n} {percent(p, 1)}" for n, p in zip(names, probabilities, strict=True))
    return fig, f"{title}। বাঁয়ে লজিট, ডানে সম্ভাবনা: {told}।"


def marked_curve(
    function: Callable, low: float, high: float, marks: Sequence[float], xlabel: str, ylabel: str
) -> Figure:
    """One curve with some of its points marked and their values written beside them."""
    x = np.linspace(low, high, 400)
    fig, ax = plt.subplots(figsize=(6, 3.4))
    ax.plot(x, function(x), color=BLUE, lw=2.5)
    told = []
    for mark in marks:
        value = float(function(mark))
        told.append(f"{bn(mark)}-এ {number(value)}")
        ax.plot(mark, value, "o", color=RED, ms=8)
        ax.annotate(
            f"{bn(mark)} → {number(value)}", (mark, value), xytext=(9, 5),
            textcoords="offset points",
        )  # fmt: skip
    ax.set(xlabel=xlabel, ylabel=ylabel)
    ax.margins(x=0.12)
    return fig, f"{xlabel} থেকে {ylabel}: {', '.join(told)}।"


def tangents(function: Callable, slope: Callable, low: float, high: float, at: Sequence[float],
             xlabel: str) -> Figure:  # fmt: skip
    """A curve of the loss, and its slope as a short line at some points."""
    x = np.linspace(low, high, 400)
    values = np.array([function(v) for v in x])
    fig, ax = plt.subplots(figsize=(6.4, 3.6))
    ax.plot(x, values, color=BLUE, lw=2.5)
    told = []
    for place in at:
        here, steep = function(place), slope(place)
        reach = np.array([-1, 1]) * (high - low) * 0.09
        ax.plot(place + reach, here + steep * reach, color=RED, lw=2.5, ls="--")
        ax.plot(place, here, "o", color=RED, ms=8)
        flat = abs(steep) < 1e-6
        left = steep < 0 and not flat
        ax.annotate(
            f"ঢাল {number(steep, 1)}", (place, here), textcoords="offset points",
            xytext=(0, 12) if flat else (12, 6) if left else (-12, 6),
            ha="center" if flat else "left" if left else "right",
        )  # fmt: skip
        told.append(f"{bn(place)}-এ ঢাল {number(steep, 1)}")
    ax.set(xlabel=xlabel, ylabel="লস", ylim=(values.min() - 0.08 * np.ptp(values), None))
    return fig, f"লসের রেখা আর তার গায়ে ছোঁয়া ঢালের দাগ: {', '.join(told)}।"


def descents(function: Callable, paths: Mapping[str, Sequence[float]], low: float, high: float,
             xlabel: str) -> Figure:  # fmt: skip
    """The same descent with several learning rates, one panel each.

    Args:
        function: loss of one number.
        paths: title -> the numbers passed, the first is the start.
        low, high: the part of the axis to draw.
        xlabel: the name of the number.
    """
    x = np.linspace(low, high, 300)
    fig, axes = plt.subplots(
        1, len(paths), figsize=(2.9 * len(paths), 3.2), sharey=True, squeeze=False
    )
    told = []
    for ax, (title, path) in zip(axes[0], paths.items(), strict=True):
        path = np.asarray(path)
        ax.plot(x, function(x), color=GREY, lw=1.5)
        ax.plot(path, function(path), "o-", color=BLUE, ms=5, lw=1)
        ax.plot(path[0], function(path[0]), **_START)
        ax.plot(path[-1], function(path[-1]), **_END)
        ax.set(title=title, xlabel=xlabel, xlim=(low, high))
        told.append(f"{title}: {number(path[0], 1)} থেকে {number(path[-1], 1)}")
    axes[0][0].set(ylabel="লস", ylim=(None, 1.05 * max(function(low), function(high))))
    axes[0][0].legend(loc="upper right")
    fig.tight_layout()
    return fig, f"এক জায়গা থেকে শুরু করে {'; '.join(told)}।"


def path_on_loss(
    function: Callable, path: np.ndarray, seen: Sequence[int], title: str, best: Sequence[float]
) -> Figure:
    """One path on the contours of a loss of two weights, and the loss along it.

    Args:
        function: takes (..., 2) weights and returns the loss of the whole set.
        path: (steps + 1, 2) weights passed.
        seen: how many examples had been used at each of them.
        title: for the left panel.
        best: the two weights with the lowest loss.
    """
    axis = np.linspace(-3, 4, 60)
    x, y = np.meshgrid(axis, axis)
    surface = function(np.stack([x, y], axis=-1))
    fig, axes = plt.subplots(1, 2, figsize=(8.8, 3.5), gridspec_kw={"wspace": 0.24})
    axes[0].contour(x, y, surface, levels=10, cmap="Greys", linewidths=0.9, vmin=-1)
    axes[0].plot(*path.T, ".-", color=BLUE, ms=5, lw=1)
    axes[0].plot(*path[0], **_START)
    axes[0].plot(*path[-1], **_END)
    axes[0].plot(*best, "*", color="black", ms=14, label="সবচেয়ে নিচু জায়গা")
    axes[0].set(xlabel="ওয়েট ১", ylabel="ওয়েট ২", xlim=(-3, 4), ylim=(-3, 4), title=title)
    axes[0].legend(loc="upper right", fontsize=9)
    losses = function(path)
    axes[1].plot(seen, losses, ".-", color=BLUE, ms=5, lw=1)
    axes[1].axhline(function(np.asarray(best)), color="black", ls=":", label="সবচেয়ে কম যা সম্ভব")
    axes[1].set(xlabel="কতগুলো উদাহরণ দেখা হলো", ylabel="পুরো সেটের লস", ylim=(0, 1.05 * losses[0]))
    axes[1].legend(loc="upper right", fontsize=9)
    return fig, (
        f"উপর থেকে দেখা উপত্যকায় নামার পথ। {title}: লস {number(losses[0])} থেকে {number(losses[-1])}।"
    )


def surface(function: Callable, reach: float = 2.0) -> Figure:
    """A loss of two weights as a landscape, with its saddle marked at (0, 0)."""
    axis = np.linspace(-reach, reach, 70)
    x, y = np.meshgrid(axis, axis)
    fig = plt.figure(figsize=(5.6, 4.4))
    ax = fig.add_subplot(projection="3d")
    ax.plot_surface(x, y, function(x, y), cmap="cividis", alpha=0.85, lw=0, rstride=2, cstride=2)
    ax.plot([0], [0], [function(0.0, 0.0) + 0.03], "o", color=RED, ms=9, zorder=10)
    here = function(0.0, 0.0)
    ax.plot([0, 0], [0, 0], [here, here + 2.4], color=RED, lw=1.5, zorder=10)
    ax.text(
        0, 0, here + 2.5, "স্যাডল পয়েন্ট", ha="center", zorder=11,
        bbox={"fc": "white", "ec": RED, "pad": 3},
    )  # fmt: skip
    ax.set(xlabel="ওয়েট ১", ylabel="ওয়েট ২", zlabel="লস")
    ax.view_init(elev=34, azim=-52)
    return fig, (
        "ঘোড়ার জিনের মতো বাঁকা জমি: ওয়েট ১ বরাবর দুই পাশ উঁচু, ওয়েট ২ বরাবর দুই পাশ নিচু, মাঝখানে স্যাডল পয়েন্ট।"
    )


def race(function: Callable, paths: Mapping[str, np.ndarray], reach: float = 2.0) -> Figure:
    """Several balls on the contours of one loss of two weights, and each one's loss by step.

    Args:
        function: loss(x, y), takes arrays.
        paths: name -> (steps + 1, 2) weights passed.
        reach: the axes run from -reach to reach.
    """
    axis = np.linspace(-reach, reach, 80)
    x, y = np.meshgrid(axis, axis)
    fig, axes = plt.subplots(1, 2, figsize=(8.8, 3.6), gridspec_kw={"wspace": 0.2})
    levels = [0.03, 0.2, 0.45, 0.7, 0.98, 1.3, 1.8, 2.5, 3.4, 4.5]
    axes[0].contour(x, y, function(x, y), levels=levels, cmap="Greys", linewidths=0.9, vmin=-2)
    axes[0].plot(0, 0, "x", color="black", ms=10, mew=2.5)
    axes[0].annotate(
        "স্যাডল", (0, 0), xytext=(10, -16), textcoords="offset points",
        bbox={"fc": "white", "ec": "none", "pad": 1},
    )  # fmt: skip
    told = []
    for (name, path), (marker, colour, line) in zip(paths.items(), _MARKS, strict=False):
        path = np.clip(np.nan_to_num(np.asarray(path, float), nan=9, posinf=9, neginf=-9), -9, 9)
        losses = function(*path.T)
        style = {"color": colour, "marker": marker, "ls": line, "lw": 1.4, "ms": 5}
        axes[0].plot(*path.T, markevery=2, **style)
        axes[0].plot(*path[-1], marker, color=colour, ms=12, mec="black")
        axes[1].plot(losses, markevery=max(1, len(path) // 12), label=name, **style)
        told.append(f"{name} শেষে {number(min(losses[-1], 99))}")
    axes[0].set(xlabel="ওয়েট ১", ylabel="ওয়েট ২", xlim=(-reach, reach), ylim=(-reach, reach))
    axes[0].set_title("উপর থেকে দেখা পথ")
    axes[1].set(xlabel="স্টেপ", ylabel="লস", ylim=(-0.15, 4.2), title="লস কীভাবে নামল")
    axes[1].legend(loc="upper right")
    return fig, f"একই জায়গা থেকে তিনটি বল গড়াল। লস: {'; '.join(told)}।"


def boundaries(
    panels: Sequence[tuple[str, np.ndarray, Sequence[int], Callable]],
    ringed: Sequence[int] = (),
    ring_name: str = "",
) -> Figure:
    """Decision boundaries side by side.

    Args:
        panels: (title, points (n, 2), labels 0 or 1, predict) each; `predict` takes (m, 2)
            points and returns m probabilities of class 1.
        ringed: numbers of the points that get a ring, the same in every panel.
        ring_name: what the ring means, for the legend.
    """
    count, ringed = len(panels), list(ringed)
    fig, axes = plt.subplots(
        1, count, figsize=(4.6 if count == 1 else 3.5 * count, 3.9 if count == 1 else 3.6),
        squeeze=False, layout="constrained",
    )  # fmt: skip
    for ax, (title, points, labels, predict) in zip(axes[0], panels, strict=True):
        points, labels = np.asarray(points), np.asarray(labels)
        low, high = points.min(axis=0) - 0.3, points.max(axis=0) + 0.3
        x, y = np.meshgrid(np.linspace(low[0], high[0], 130), np.linspace(low[1], high[1], 130))
        grid = np.stack([x.ravel(), y.ravel()], axis=1)
        p = np.asarray(predict(grid), float).reshape(x.shape)
        ax.contourf(x, y, p, levels=[-1e-9, 0.5, 1 + 1e-9], colors=_TINTS)
        ax.contour(x, y, p, levels=[0.5], colors="black", linewidths=2)
        for kind, (marker, colour, _) in enumerate(_MARKS[:2]):
            ax.plot(*points[labels == kind].T, marker, color=colour, ms=5, mec="white", mew=0.5)
        if ringed:
            rings = ax.plot(*points[ringed].T, "o", ms=11, mfc="none", mec="black", mew=1.3)
        ax.set(title=title, xticks=[], yticks=[])
    told = "; ".join(title.replace("\n", ", ") for title, *_ in panels)
    told = f"গোল আর চৌকো দুই ক্লাসের বিন্দু, মাঝখানে কালো ডিসিশন বাউন্ডারি। {told}।"
    if ringed:
        fig.legend(rings, [ring_name], loc="outside lower center", frameon=False)
        told += f" কালো বৃত্ত দেওয়া {bn(len(ringed))}টি বিন্দু: {ring_name}।"
    return fig, told


def lines(series: Mapping[str, Sequence[float]], xlabel: str, ylabel: str) -> Figure:
    """Some series of numbers by their index, told apart by marker, line and name."""
    fig, ax = plt.subplots(figsize=(6, 3.4))
    told = []
    for (name, values), (marker, colour, line) in zip(series.items(), _MARKS, strict=False):
        ax.plot(
            range(1, len(values) + 1), values, color=colour, marker=marker, ls=line, ms=5, label=name
        )  # fmt: skip
        told.append(f"{name} {number(values[0])} থেকে {number(values[-1])}")
    ax.set(xlabel=xlabel, ylabel=ylabel)
    ax.legend()
    return fig, f"{ylabel}: {'; '.join(told)}।"
