"""Draws a model's graph: a box for every call of a layer, arrows along which tensors flow.

It needs neither Graphviz nor pydot, unlike `keras.utils.plot_model`, and speaks Bengali.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.patches import FancyBboxPatch

from helpers import plots
from helpers.messages import Problem

_WIDTH, _HEIGHT, _GAP, _ROW = 1.85, 0.74, 0.45, 1.2  # of boxes and between them, in inches
_STYLES = {  # face, edge, line style, line width, word, where the word stands
    "input": ("#DCEBF5", plots.BLUE, "--", 1.6, "ইনপুট", 1),
    "output": ("#FCEFD2", plots.RED, "-", 2.4, "আউটপুট", -1),
    "inner": ("white", "black", "-", 1.2, "", 1),
}


def draw(model: Any) -> None:
    """Shows a model's graph, inputs at the top, outputs at the bottom.

    Every box holds a layer's name, its class and the shape that leaves it. A layer that is
    called twice has two boxes, joined by a dotted line.

    Args:
        model: a functional model, or a Sequential one whose input shape is known.

    Raises:
        Problem: the model has no graph (a class of one's own, or not built yet).
    """
    plots.show(*figure(model))


def figure(model: Any) -> tuple[plt.Figure, str]:
    """(figure, alternative text) of a model's graph; see `draw`."""
    # A Sequential model keeps a functional one inside as soon as its input shape is known.
    graph = getattr(model, "_functional", None) or model
    by_depth = getattr(graph, "_nodes_by_depth", None)
    if not by_depth:
        raise Problem(
            "এই মডেলের গ্রাফ এখনও জানা নেই, তাই আঁকা গেল না। `keras.Input(shape=...)` দিয়ে শুরু করা মডেল দিন।"
        )
    nodes = [node for depth in sorted(by_depth, reverse=True) for node in by_depth[depth]]
    made_by = {id(tensor): node for node in nodes for tensor in node.output_tensors}
    parents = {
        node: list(dict.fromkeys(made_by[id(t)] for t in node.input_tensors if id(t) in made_by))
        for node in nodes
    }
    inputs, outputs = (
        [made_by[id(tensor)] for tensor in _in_order(ends, flat)]
        for ends, flat in ((graph.input, graph.inputs), (graph.output, graph.outputs))
    )

    rows, paths = _rows(nodes, parents)
    rows[0].sort(key=inputs.index)
    rows[-1].sort(key=lambda node: outputs.index(node) if node in outputs else 0)
    across = _across(rows, paths)
    place = {t: (across[t], -_ROW * number) for number, row in enumerate(rows) for t in row}

    middle = (min(across.values()) + max(across.values())) / 2
    half = max(1.6, max(across.values()) - middle + 1)
    fig, ax = plt.subplots(figsize=(2 * half, _ROW * len(rows)))
    ax.set(xlim=(middle - half, middle + half), ylim=(0.45 - _ROW * len(rows), 0.75))
    ax.axis("off")
    for path in paths:
        _arrow(ax, [place[thing] for thing in path])
    for node in nodes:
        kind = "input" if node in inputs else "output" if node in outputs else "inner"
        _box(ax, *place[node], node, kind)
    _join_shared(ax, nodes, place)
    ways = [
        f"{' + '.join(p.operation.name for p in parents[n])} → {n.operation.name}"
        for n in nodes
        if parents[n]
    ]
    return fig, (
        f"{model.name} মডেলের গ্রাফ। ইনপুট {_names(inputs)}; "
        f"আউটপুট {_names(outputs)}। পথ: {'; '.join(ways)}।"
    )


def _in_order(ends: Any, flat: list) -> list:
    """Inputs or outputs as the lesson wrote them; Keras lists a dictionary's by name."""
    return list(ends.values()) if isinstance(ends, dict) else flat


def _names(nodes: Any) -> str:
    return ", ".join(node.operation.name for node in nodes)


def _rows(nodes: list, parents: dict) -> tuple[list[list], list[list]]:
    """The boxes row by row, and each arrow's way; a long arrow gets a free place in every row."""
    row_of: dict = {}
    for node in nodes:  # Keras lists a node after all that it needs
        row_of[node] = 1 + max((row_of[parent] for parent in parents[node]), default=-1)
    rows: list[list] = [[] for _ in range(1 + max(row_of.values()))]
    paths = []
    for node in nodes:
        rows[row_of[node]].append(node)
        for parent in parents[node]:
            steps = [(parent, node, row) for row in range(row_of[parent] + 1, row_of[node])]
            paths.append([parent, *steps, node])
            for step in steps:
                rows[step[2]].append(step)
    return rows, paths


def _across(rows: list[list], paths: list[list]) -> dict:
    """Where each box stands from left to right: near what it is joined to, and none on another."""
    above: dict = {}
    below: dict = {}
    for a, b in (step for path in paths for step in pairwise(path)):
        above.setdefault(b, []).append(a)
        below.setdefault(a, []).append(b)
    at: dict = {}

    def settle(row: list, wish: dict) -> None:
        widths = np.array([0.5 if isinstance(t, tuple) else _WIDTH + _GAP for t in row])
        centres = widths.cumsum() - widths / 2
        shift = np.mean([wish[t] for t in row]) - centres.mean()
        at.update(zip(row, centres + shift, strict=True))

    settle(rows[0], dict.fromkeys(rows[0], 0.0))
    for row in rows[1:]:
        wish = {thing: float(np.mean([at[a] for a in above[thing]])) for thing in row}
        # Of equals, the box stands left and the passing arrow right of it.
        row.sort(key=lambda thing: (round(wish[thing], 3), isinstance(thing, tuple)))
        settle(row, wish)
    for row in reversed(rows[:-1]):
        settle(row, {t: float(np.mean([at[b] for b in below.get(t, [t])])) for t in row})
    return at


def _arrow(ax: plt.Axes, points: list[tuple[float, float]]) -> None:
    start, *passed, (x, y) = points
    line = [(start[0], start[1] - _HEIGHT / 2)]
    line += [(a, b + side * _HEIGHT / 2) for a, b in passed for side in (1, -1)]
    ax.plot(*zip(*line, strict=True), color=plots.GREY, lw=1.5, zorder=1)
    # Arrows that come from the side meet the box's upper edge on that side.
    end = (x + np.clip(0.35 * (line[-1][0] - x), -0.7, 0.7), y + _HEIGHT / 2)
    style = {"arrowstyle": "-|>", "color": plots.GREY, "lw": 1.5, "shrinkA": 0, "shrinkB": 0}
    ax.annotate("", end, line[-1], arrowprops=style)


def _box(ax: plt.Axes, x: float, y: float, node: Any, kind: str) -> None:
    face, edge, line, width, word, side = _STYLES[kind]
    corner, shape = (x - _WIDTH / 2, y - _HEIGHT / 2), "round,pad=0,rounding_size=0.08"
    box = FancyBboxPatch(corner, _WIDTH, _HEIGHT, boxstyle=shape, fc=face, ec=edge, ls=line)
    box.set(linewidth=width, zorder=2)
    ax.add_patch(box)
    name = node.operation.name
    shapes = ", ".join(str(tuple(tensor.shape)) for tensor in node.output_tensors)
    middle = {"ha": "center", "va": "center", "zorder": 3}
    ax.text(x, y + 0.2, name, weight="bold", fontsize=min(11, 200 / max(1, len(name))), **middle)
    ax.text(x, y - 0.02, type(node.operation).__name__, fontsize=9, **middle)
    ax.text(x, y - 0.24, shapes, fontsize=min(9, 200 / max(1, len(shapes))), **middle)
    ax.text(x, y + side * (_HEIGHT / 2 + 0.17), word, fontsize=10, **middle)


def _join_shared(ax: plt.Axes, nodes: list, place: dict) -> None:
    calls: dict = {}
    for node in nodes:
        calls.setdefault(id(node.operation), []).append(place[node])
    paper = {"facecolor": "white", "edgecolor": "none", "pad": 1}
    for a, b in (step for places in calls.values() for step in pairwise(places)):
        ax.plot(*zip(a, b, strict=True), ":", color=plots.GREEN, lw=2.5, zorder=1)
        words = "একই\nলেয়ার" if a[1] == b[1] else "একই লেয়ার"
        ax.text(*np.mean([a, b], axis=0), words, ha="center", va="center", fontsize=9, color="#006B4F",
                zorder=4, bbox=paper)  # fmt: skip
