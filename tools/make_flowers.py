"""Draw the embedded sample of flower pictures, data/flowers/*.tfrec.

    python tools/make_flowers.py                  # writes the shards
    python tools/make_flowers.py --preview a.png  # draws a contact sheet, writes nothing else

No picture here was taken by a camera: tools/flower_painter.py makes the flowers, and
this file does what a photographer does. It goes somewhere (meadow, garden, sky, wall,
kitchen table), waits for a light, chooses a side, a distance and a focus, and lives
with what a camera adds: white balance, noise, a hand that shook, JPEG.

Colours, places and lights are dealt from the same cards to every class, so that
neither yellow nor green gives a class away. The same seed and the same library
versions give the same bytes.
"""

import argparse
import io
import os
from pathlib import Path

import numpy as np
from flower_painter import (
    GREENS,
    Light,
    balls,
    curve,
    grass,
    join,
    lathe,
    leaf,
    mix,
    petals,
    plant,
    render,
    rgb,
    rosette,
    tube,
    unit,
)
from PIL import Image
from scipy.ndimage import gaussian_filter, gaussian_filter1d

SEED = 1913  # the year the Nobel Prize went to Gitanjali
OUT = Path(__file__).resolve().parent.parent / "data" / "flowers"
CLASSES = ["daisy", "dandelion", "roses", "sunflowers", "tulips"]
SIZE = 192  # side of a finished picture
S = 2 * SIZE  # side of the canvas: twice as fine, then shrunk, so that edges are smooth
SPLITS = {"train": (80, 4), "validation": (20, 1)}  # pictures of each class, shards


# ---------------------------------------------------------------- light and places


def weather(rng):
    """A light: sun, haze, evening, shade, flash, or the sun behind the flower."""
    a, h = rng.uniform(-1.2, 1.2), rng.uniform(0.4, 1.1)
    way = np.array([np.sin(a), h, rng.uniform(0.4, 1.1)])
    kind = rng.choice(["sun", "haze", "evening", "shade", "flash", "behind"],
                      p=[0.34, 0.22, 0.13, 0.13, 0.06, 0.12])  # fmt: skip
    sun, sky, ground = {
        "sun": ("#fff4e0", "#8fa3bd", "#4f5a38"),
        "haze": ("#a8a8a6", "#b4bac0", "#6a7060"),
        "evening": ("#ffce85", "#8d85a0", "#6a5240"),
        "shade": ("#6a7480", "#93a3b6", "#56644e"),
        "flash": ("#fffaf2", "#55585c", "#3a3a38"),
        "behind": ("#fff0d0", "#8e9bad", "#5a6440"),
    }[kind]
    if kind == "flash":
        way = np.array([0.1, 0.25, 1])
    if kind == "behind":
        way = np.array([np.sin(a), 0.7, -rng.uniform(0.15, 0.6)])
    return Light(unit(way), rgb(sun) * rng.uniform(1.0, 1.5), rgb(sky), rgb(ground))


def clouds(rng, cells, detail=3, stretch=1.0):
    """Smooth noise between 0 and 1 over the canvas."""
    total = np.zeros((S, S))
    for octave in range(detail):
        n = int(cells * 2**octave) + 2
        small = rng.random((n, max(2, int(n / stretch)))).astype(np.float32)
        big = Image.fromarray(small).resize((S, S), Image.Resampling.BICUBIC)
        total += np.asarray(big) / 2**octave
    total -= total.min()
    return total / total.max()


ROW, COLUMN = np.mgrid[0:S, 0:S] / S  # 0 at the top, 0 at the left


def spots(rng, n, size, colours, picture, strength=0.7):
    """Out-of-focus lights: soft discs, as a wide-open lens makes of small bright things."""
    for _ in range(n):
        x, y, r = *rng.random(2), size * rng.uniform(0.5, 1.6)
        inside = (
            np.clip((r - np.hypot(COLUMN - x, ROW - y)) * 60, 0, 1) * strength * rng.uniform(0.2, 1)
        )
        picture = mix(picture, colours[rng.integers(len(colours))], inside)
    return picture


def blurred_garden(rng, light):
    tone = [
        rgb(c)
        for c in rng.choice(
            [
                "#2e4a1c",
                "#5b8a32",
                "#8fb04a",
                "#1d3016",
                "#6f8f5a",
                "#a8b860",
                "#3f5a48",
                "#7a6a3a",
            ],
            3,
            replace=False,
        )
    ]
    picture = mix(mix(tone[0], tone[1], clouds(rng, 2)), tone[2], clouds(rng, 3) ** 2)
    bright = [
        rgb(c)
        for c in (
            "#d8e88a",
            "#f4f0c0",
            "#9ac060",
            "#f2d0d8",
            "#f0e050",
            "#e05a5a",
            "#c8a0e0",
            "#ffffff",
        )
    ]
    if rng.random() < 0.7:
        picture = spots(
            rng,
            int(rng.integers(5, 40)),
            rng.uniform(0.02, 0.09),
            bright[: int(rng.integers(2, 9))],
            picture,
        )
    return gaussian_filter(picture, (3, 3, 0)) * rng.uniform(0.5, 1.0)


def sky(rng, light):
    top, low = [(rgb("#2f6fc0"), rgb("#9cc8ee")), (rgb("#8a98a8"), rgb("#d0d6da")), (rgb("#5a6aa0"), rgb("#f4b88a")),
                (rgb("#4a90d8"), rgb("#cfe6f6"))][rng.integers(4)]  # fmt: skip
    picture = mix(top, low, ROW)
    picture = mix(
        picture,
        rgb("#ffffff"),
        np.clip(clouds(rng, 3, 4, 1.8) * 2 - rng.uniform(0.9, 1.6), 0, 0.9),
    )
    if rng.random() < 0.6:  # hills or trees along the horizon
        line = rng.uniform(0.55, 0.95) - 0.15 * clouds(rng, 2, 3)[0][None, :]
        tree = rgb(rng.choice(["#3c5a3a", "#54704a", "#6a7f8a", "#2c4028"]))
        picture = mix(
            picture,
            tree * (0.7 + 0.5 * clouds(rng, 20, 2))[..., None],
            np.clip((ROW - line) * 60, 0, 1),
        )
        picture = gaussian_filter(picture, (2, 2, 0))
    return picture * rng.uniform(0.75, 1.05)


def wall(rng, light):
    """Bricks, planks or plaster."""
    tone = rgb(
        rng.choice(
            ["#9a5a42", "#b8a890", "#7a8a90", "#d8d0c0", "#6a4a34", "#4a6a7a", "#c8b070", "#8a4038"]
        )
    )
    kind = rng.choice(["brick", "plank", "plaster"])
    picture = tone * (0.75 + 0.4 * clouds(rng, 6, 5))[..., None]
    n = rng.integers(5, 10)
    if kind == "brick":
        shift = 0.5 * (np.floor(ROW * 2 * n) % 2)
        gap = np.minimum((ROW * 2 * n) % 1 * 0.5, (COLUMN * n + shift) % 1)
        brick = np.floor(ROW * 2 * n) * 31 + np.floor(COLUMN * n + shift)
        picture = picture * (0.8 + 0.4 * np.modf(np.sin(brick * 12.9) * 43758)[0])[..., None]
        picture = mix(picture, rgb("#b0a898"), gap < 0.05)
    elif kind == "plank":
        board = np.floor(COLUMN * n)
        grain = clouds(rng, 3, 4, 0.12) * 0.6 + np.modf(np.sin(board * 78.2) * 4375)[0] * 0.3
        picture = picture * (0.6 + grain)[..., None]
        picture = mix(picture, tone * 0.15, (COLUMN * n) % 1 < 0.04)
    slant = (
        mix(np.ones(3), light.sun / light.sun.max(), 0.7)
        * (1.1 - 0.5 * clouds(rng, 1, 1))[..., None]
    )
    return gaussian_filter(picture * slant, (*[rng.uniform(0.5, 5)] * 2, 0))


def dark(rng, light):
    return mix(
        rgb("#050607"),
        rgb(rng.choice(["#1c2420", "#28201c", "#181c28", "#0c0c0c"])),
        clouds(rng, 1.5, 2),
    )


def plain(rng, light):
    """A sheet of paper, a curtain, a bright window."""
    tone = rgb(
        rng.choice(["#f4f2ec", "#e4dccf", "#cfd8dc", "#f0d8d0", "#d8e0c8", "#a8b8c0", "#c8a890"])
    )
    folds = gaussian_filter1d(rng.normal(size=S), 14) * rng.uniform(0, 1.5)
    return tone * (0.85 + 0.1 * clouds(rng, 1, 1) + folds[None, :])[..., None]


def scattered(rng, n, low=(0, 0, -300), high=(S, S, -120)):
    return rng.uniform(low, high, (n, 3))


def lawn(rng, light, near=False):
    """Grass and weeds from above or aslant."""
    base = mix(
        rgb("#1c2810"), rgb(rng.choice(["#3a2c1c", "#2c4018", "#4a4428"])), clouds(rng, 8, 4)
    )
    tones = np.array(
        [GREENS[i] * rng.uniform(0.6, 1.3) for i in rng.integers(6, size=5)] + [rgb("#a89a58")]
    )
    blades = grass(
        rng,
        scattered(rng, int(rng.integers(150, 420)), (0, -60, -300)),
        rng.uniform(50, 130),
        tones,
        rng.uniform(0.2, 1.2),
    )
    return over(base, blades, light, rng.uniform(0, 1) if near else rng.uniform(3, 10))


def bushes(rng, light, near=False):
    """Leaves of a garden bed, mostly out of focus."""
    base = mix(rgb("#0c140a"), GREENS[rng.integers(6)] * 0.5, clouds(rng, 3))
    green, width = GREENS[rng.integers(6)], rng.uniform(0.12, 0.42)
    heap = [leaf(rng, 1, rng.normal(size=3) * [1, 1, 0.4], [0, 0.5, 1], spot, rng.uniform(35, 95), green * rng.uniform(0.5, 1.3), width=width)
            for spot in scattered(rng, int(rng.integers(40, 90)))]  # fmt: skip
    return over(base, join(*heap), light, rng.uniform(0, 1) if near else rng.uniform(3, 10))


def soil(rng, light, near=False):
    """Earth or gravel with a few dry leaves."""
    tone = rgb(rng.choice(["#5a4632", "#6f5f4c", "#8a8074", "#3a2e24", "#9a7a58"]))
    base = tone * (0.35 + 0.9 * clouds(rng, 14, 4))[..., None]
    n = int(rng.integers(60, 300))
    sizes = rng.gamma(1.5, 2.5, n).clip(1.5, 13)
    stones = balls(
        scattered(rng, n, high=(S, S, -290)),
        sizes,
        tone * rng.uniform(0.8, 1.9, (n, 1)),
        1,
        0.05,
        0.35,
    )
    litter = [leaf(rng, 1, rng.normal(size=3) * [1, 1, 0.1], [0, 0.2, 1], p, rng.uniform(25, 60), rgb(rng.choice(["#8a5a2a", "#a8803a", "#6a7a2a", "#5a3a20"])))
              for p in scattered(rng, int(rng.integers(2, 16)))]  # fmt: skip
    return over(
        base, join(stones, *litter), light, rng.uniform(0, 1) if near else rng.uniform(3, 10)
    )


PLACES = [blurred_garden, sky, wall, dark, plain, lawn, bushes, soil]


def over(picture, cloud, light, blur=0.0):
    """Lay a cloud over the picture, out of focus by `blur` pixels."""
    layer = render(cloud, S, light)
    if blur > 0.4:
        layer = gaussian_filter(layer, (blur, blur, 0))
    return picture * (1 - layer[..., 3:]) + layer[..., :3]


# ---------------------------------------------------------------- what stands before the camera


class Shoot:
    """One picture in the making: its dice, its kind of flower and its variety."""

    def __init__(self, label, rng):
        self.rng, self.label, self.light = rng, label, weather(rng)
        self.variety = int(rng.integers(1 << 30))
        self.mixed = rng.random() < 0.25  # a bed of many colours
        self.clocks = rng.choice([0, 1, 0.5], p=[0.5, 0.38, 0.12])  # dandelions gone to seed
        self.season = rng.choice(["bud", "full", "old"], p=[0.07, 0.86, 0.07])
        self.side = rng.choice(
            ["front", "aslant", "side", "behind"],
            p=[0.1, 0.42, 0.46, 0.02] if label == "tulips" else [0.4, 0.38, 0.15, 0.07],
        )

    def flower(self, radius, at, axis=None, stem=None, leaves=True):
        """One plant with its head at `at`."""
        rng = self.rng
        mood = {
            "open": rng.uniform(0.45, 1),
            "old": rng.choice([0, rng.uniform(0, 0.4)]),
            "variety": self.variety,
        }
        if self.label == "tulips":
            mood["open"] = rng.beta(1.2, 2)  # most tulips are pictured as a cup
        if self.season == "bud" or rng.random() < 0.04:
            mood["open"] = rng.uniform(0, 0.3)
        if self.season == "old" or rng.random() < 0.03:
            mood["old"] = rng.uniform(0.55, 1)
        if self.mixed:
            mood["variety"] = int(rng.integers(1 << 30))
        kind = "clock" if self.label == "dandelion" and rng.random() < self.clocks else self.label
        if axis is None:
            axis = self.axis()
        if mood["old"] > 0.5 and kind in ("sunflowers", "roses", "tulips"):
            axis = unit(axis) - [0, 0.9, 0]  # a heavy head hangs
        stem = rng.uniform(3.5, 6) if stem is None else stem
        return plant(kind, rng, radius, axis, mood, stem, leaves).placed(at=at)

    def axis(self):
        side = (
            self.side if self.rng.random() < 0.7 else self.rng.choice(["front", "aslant", "side"])
        )
        middle = {
            "front": (0, 0.12, 1),
            "aslant": (0, 0.65, 0.75),
            "side": (0, 1, 0.15),
            "behind": (0, 0.6, -0.8),
        }[side]
        lean = self.rng.normal(0, 0.28, 3) * [1.3, 0.8, 0.4]
        return unit(np.array(middle) + lean)

    def backdrop(self):
        weight = np.array([0.32, 0.13, 0.1, 0.09, 0.07, 0.11, 0.14, 0.04])
        return PLACES[self.rng.choice(len(PLACES), p=weight)](self.rng, self.light)

    # -- layouts: each gives a picture in linear light

    def portrait(self):
        """One flower fills much of the frame; others stand behind it, out of focus."""
        rng, picture = self.rng, self.backdrop()
        radius = rng.uniform(75, 185) if rng.random() < 0.85 else rng.uniform(185, 280)
        for _ in range(int(rng.choice([0, 1, 2, 4], p=[0.5, 0.2, 0.2, 0.1]))):
            small = radius * rng.uniform(0.35, 0.8)
            spot = (rng.uniform(0, S), rng.uniform(0.3, 0.95) * S, -300)
            picture = over(picture, self.flower(small, spot), self.light, rng.uniform(3, 9))
        loose = 0.1 if rng.random() < 0.75 else 0.3  # now and then the frame cuts it off
        spot = (*(S * rng.normal((0.5, 0.54), loose).clip(0.12, 0.88)), 0)
        picture = over(
            picture, join(self.flower(radius, spot), self.guest(spot, radius)), self.light
        )
        if rng.random() < 0.15:  # grass right before the lens
            roots = rng.uniform((0, -60, 300), (S, 0, 320), (14, 3))
            picture = over(picture, grass(rng, roots, 260, np.array(GREENS)), self.light, 9)
        return picture

    def group(self):
        """Two to six flowers, not all in focus."""
        rng, picture = self.rng, self.backdrop()
        n = int(rng.integers(2, 7))
        radius = rng.uniform(110, 175) / n**0.5
        spots = [
            np.array([rng.uniform(0.1, 0.9) * S, rng.uniform(0.35, 0.9) * S]) for _ in range(40)
        ]
        chosen = [spots[0]]
        for spot in spots[1:]:  # keep heads apart, so that each can be seen
            if len(chosen) < n and min(np.hypot(*(spot - c)) for c in chosen) > 1.35 * radius:
                chosen.append(spot)
        far = rng.uniform(0, 0.5)
        for i, spot in enumerate(sorted(chosen, key=lambda p: -p[1])):
            near = 1 - far * (1 - i / len(chosen))
            blur = 6 * (1 - near) * rng.uniform(0.5, 1.5)
            picture = over(picture, self.flower(radius * near, (*spot, 0)), self.light, blur)
        return picture

    def field(self):
        """Many flowers, from the grass before one's feet to the horizon."""
        rng = self.rng
        horizon = rng.uniform(0.6, 1.1)
        picture = sky(rng, self.light) if horizon < 0.98 else blurred_garden(rng, self.light)
        earth = mix(
            GREENS[rng.integers(6)] * 0.5, GREENS[rng.integers(6)] * 1.1, clouds(rng, 12, 4)
        )
        picture = mix(picture, earth, np.clip((ROW - (1 - horizon)) * 40, 0, 1))
        big, focus = rng.uniform(36, 75), rng.uniform(0, 0.7)
        tones = np.array([g * rng.uniform(0.7, 1.2) for g in GREENS])
        # Farther rows are higher in the picture, smaller and closer together.
        for depth in np.linspace(1, 0, int(rng.integers(5, 8))):
            size, y = (
                big * (0.12 + 0.88 * (1 - depth) ** 1.5),
                S * (0.22 + (horizon - 0.24) * depth**0.7),
            )
            xs = np.arange(rng.uniform(-1, 1) * size, S + size, size * rng.uniform(2.1, 3.4))[:26]
            heads = [
                self.flower(
                    size,
                    (
                        x + rng.normal(0, 0.5 * size),
                        y + rng.normal(0, 0.5 * size),
                        rng.normal(0, size),
                    ),
                    leaves=size > 14,
                )
                for x in xs
            ]
            roots = rng.uniform((0, y - 6 * size, -30), (S, y - 3 * size, 30), (60, 3))
            blades = grass(rng, roots, 4.2 * size, tones, 0.25)
            picture = over(picture, join(blades, *heads), self.light, abs(depth - focus) * 4)
            picture = mix(picture, self.light.sky, 0.04 * np.clip(3 * (1.05 - y / S - ROW), 0, 1))
        return picture

    def above(self):
        """Looking down at flowers in the grass or on the ground."""
        rng = self.rng
        place = rng.choice([lawn, lawn, soil, bushes, plain])
        picture = place(rng, self.light, *[True] * (place is not plain))
        n = int(rng.choice([1, 2, 3, 5, 8]))
        radius = rng.uniform(120, 190) / n**0.55
        for spot in rng.uniform(0.08, 0.92, (n, 2)) * S:
            axis = unit(np.array([0, 0.1, 1]) + rng.normal(0, 0.3, 3))
            parts = [
                self.flower(
                    radius * rng.uniform(0.75, 1.1),
                    (*spot, 0),
                    axis,
                    0 if place is not plain else 3,
                )
            ]
            if self.label == "dandelion" and place is not plain:
                parts += rosette(rng, radius, (*spot, -60), GREENS[rng.integers(6)])
            picture = over(picture, join(*parts, self.guest((*spot, 0), radius)), self.light)
        if place is lawn:
            blades = grass(
                rng,
                rng.uniform((0, -60, 150), (S, S * 0.7, 160), (25, 3)),
                110,
                np.array(GREENS),
                0.8,
            )
            picture = over(picture, blades, self.light, 1.5)
        return picture

    def bunch(self):
        """A bunch in a vase, on a table before a wall, a window or the dark."""
        rng = self.rng
        picture = rng.choice([wall, plain, dark, blurred_garden])(rng, self.light)
        table = rng.uniform(0.78, 0.9)
        wood = (
            rgb(rng.choice(["#8a6440", "#d8cfc0", "#4a3424", "#a88a68", "#f0ece4"]))
            * (0.6 + 0.5 * clouds(rng, 3, 4, 4))[..., None]
        )
        picture = mix(picture, wood, np.clip((ROW - table) * 90, 0, 1))
        n = int(rng.integers(3, 9))
        radius, mouth = (
            rng.uniform(115, 150) / n**0.5,
            np.array([S / 2 + rng.normal(0, 20), S * 0.34, 0]),
        )
        shape = rng.uniform(0.5, 1.4)
        glaze = rgb(
            rng.choice(
                ["#e8e4da", "#3a5a7a", "#7a3a2a", "#a8c0c0", "#2a2a2a", "#c8a03a", "#5a7a5a"]
            )
        )
        wide = rng.uniform(26, 44)
        vase = lathe(1, lambda t: wide * (0.75 + shape * 0.6 * np.sin(np.pi * t) * (1 - 0.4 * t)), lambda t: 110 * t,
                     lambda t: glaze + 0 * t[..., None], gloss=0.7, size=130)  # fmt: skip
        turn = np.stack([unit(c) for c in np.array([[1, 0, 0], [0, 0.25, -1], [0, 1, 0.25]])], 1)
        parts = [vase.placed(turn, mouth - [0, 106, 20])]
        green = GREENS[rng.integers(6)]
        for i, a in enumerate(np.linspace(-1.1, 1.1, n) + rng.normal(0, 0.1, n)):
            reach = rng.uniform(95, 175) * (1 - 0.25 * abs(a))
            head = mouth + reach * np.array([1.05 * np.sin(a), np.cos(a), 0])
            head[2] += 40 * (i % 2) + rng.uniform(-20, 20)
            axis = unit(np.array([np.sin(a), 0.6 * np.cos(a), 0.3]) + 0.6 * self.axis())
            parts.append(self.flower(radius * rng.uniform(0.85, 1.15), head, axis, 0))
            path = curve(
                head - axis * radius * 0.5, head - axis * radius - [0, 20, 10], mouth - [0, 8, 10]
            )
            parts.append(tube(path, max(1.5, 0.07 * radius), green, rng))
            if rng.random() < 0.7:
                way = [np.sin(a) + rng.normal(0, 0.5), rng.uniform(-0.1, 0.8), 0.3]
                parts.append(
                    leaf(
                        rng,
                        1,
                        way,
                        [0, 0.5, 1],
                        mouth + np.array([0, 6, 0]),
                        rng.uniform(50, 110),
                        green,
                        width=rng.uniform(0.1, 0.35),
                    )
                )
        return over(picture, join(*parts), self.light)

    def guest(self, spot, radius):
        """Now and then a bee, a ladybird, a butterfly or dew."""
        rng, at = (
            self.rng,
            np.array(spot) + np.array([*self.rng.uniform(-0.5, 0.5, 2), 0.55]) * radius,
        )
        kind = rng.choice(
            ["none", "bee", "ladybird", "butterfly", "dew"], p=[0.76, 0.07, 0.05, 0.05, 0.07]
        )
        size = max(9, radius * 0.12)
        way = unit(rng.normal(size=3) * [1, 1, 0.1])
        if kind == "bee":
            k = np.linspace(-1, 1, 9)
            body = balls(
                at + k[:, None] * way * size,
                size * 0.6 * np.sqrt(1.1 - k**2),
                np.where((np.arange(9) % 3 == 0)[:, None], rgb("#20180c"), rgb("#c88a1a")),
                1,
                0.2,
            )
            wings = petals(
                rng,
                size * 1.6,
                np.array([0.5, -0.5]) + np.arctan2(-way[1], -way[0]),
                lambda u, s: rgb("#8a9098") + 0 * u[..., None],
                width=0.28,
                lift=0.4,
                streak=0.05,
            )
            return join(body, wings.placed(at=at + np.array([0, 0, size * 0.5]), scale=size * 1.6))
        if kind == "ladybird":
            dots = unit(
                np.array(
                    [
                        [0.5, 0.3, 0.8],
                        [-0.5, 0.3, 0.8],
                        [0.1, -0.6, 0.8],
                        [-0.2, 0.1, 1],
                        [0, 0.9, 0.5],
                    ]
                )
            )
            shell = balls(np.array([at]), size * 0.6, rgb("#d0200c"), 1, 0.6)
            return join(
                shell,
                balls(
                    at + dots * size * 0.5,
                    size * np.array([0.16, 0.16, 0.16, 0.14, 0.3]),
                    rgb("#0a0808"),
                    1,
                    0.4,
                ),
            )
        if kind == "butterfly":
            tone = rgb(rng.choice(["#f0e8d0", "#e8901a", "#5a80d0", "#f2e060", "#a03a1a"]))
            phi = np.array([0.65, -0.65, 2.1, -2.1]) + rng.uniform(0, 6)
            wing = petals(
                rng,
                radius * 0.4,
                phi,
                lambda u, s: mix(tone, rgb("#1c1410"), (u - 0.7) * 4),
                length=np.array([1, 1, 0.7, 0.7]),
                width=0.3,
                lift=rng.uniform(0.2, 0.8),
            )
            body = balls(
                np.linspace(-0.3, 0.4, 9)[:, None]
                * [np.cos(phi[:2].mean()), np.sin(phi[:2].mean()), 0],
                0.07,
                rgb("#1c1410"),
                radius * 0.4,
            )
            rim = np.array([np.cos(phi[0]), np.sin(phi[0]), 0]) * radius * 0.6
            return join(wing, body).placed(at=at + rim, scale=min(45, radius * 0.36))
        if kind == "dew":
            n = int(rng.integers(8, 30))
            drops = (
                np.array(spot)
                + unit(rng.normal(size=(n, 3)) * [1, 1, 0.2])
                * radius
                * rng.uniform(0.1, 0.85, (n, 1))
                + [0, 0, radius * 0.3]
            )
            return balls(drops, rng.uniform(1.5, 4.5, n), rgb("#e8eef0"), 1, 1.0)
        return None

    def layout(self):
        weights = [0.42, 0.2, 0.13, 0.14, 0.11]
        return self.rng.choice(
            [self.portrait, self.group, self.field, self.above, self.bunch], p=weights
        )()


# ---------------------------------------------------------------- the camera


def develop(picture, rng):
    """Linear light to a small picture, with what lens, sensor and hand do to it."""
    picture = np.clip(picture, 0, None)
    if rng.random() < 0.12:  # a hand that shook
        picture = gaussian_filter1d(picture, rng.uniform(1, 4), axis=int(rng.integers(2)))
    blur = rng.choice([0, 0.8, 1.6], p=[0.75, 0.17, 0.08])
    picture = gaussian_filter(picture, (blur, blur, 0))
    picture = picture * (
        1 + 0.12 * gaussian_filter(picture, (14, 14, 0))
    )  # light spills in the lens
    if rng.random() < 0.1:  # haze or a low sun in the lens
        glow = np.hypot(COLUMN - rng.random(), ROW - rng.uniform(-0.2, 0.4))
        picture = mix(
            picture, rgb("#fff0d8"), rng.uniform(0.15, 0.45) * np.exp(-((glow / 0.7) ** 2))
        )
    # Meter on the middle of the frame, as cameras do, and miss by a little.
    middle = picture[S // 5 : -S // 5, S // 5 : -S // 5]
    bright = 0.6 * np.percentile(middle.max(2), 90) + 0.4 * np.percentile(picture.max(2), 97)
    picture = picture * np.exp(rng.normal(0.1, 0.22)) / (bright + 0.04)
    warm, tint = rng.normal(0, 0.09), rng.normal(0, 0.035)
    picture = picture * np.exp([warm, tint, -warm])
    picture = (
        picture * (1 - rng.uniform(0, 0.5) * ((ROW - 0.5) ** 2 + (COLUMN - 0.5) ** 2))[..., None]
    )
    picture = (1.35 * picture / (1 + 0.35 * picture)).clip(0, 1) ** (1 / 2.2)
    grey = picture @ [0.3, 0.59, 0.11]
    picture = grey[..., None] + (picture - grey[..., None]) * rng.choice(
        [1.0, 1.15, 1.3, 0.75, 0.0], p=[0.36, 0.31, 0.18, 0.13, 0.02]
    )
    strength = rng.uniform(0.0, 0.7)
    picture = np.clip(picture, 0, 1)
    picture = (1 - strength) * picture + strength * picture**2 * (3 - 2 * picture)  # film's S-curve
    picture = Image.fromarray((picture * 255).astype(np.uint8)).resize(
        (SIZE, SIZE), Image.Resampling.LANCZOS
    )
    if rng.random() < 0.5:
        picture = picture.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    level = rng.choice([0.8, 2, 4.5], p=[0.65, 0.27, 0.08])
    coarse = gaussian_filter(rng.normal(size=(SIZE, SIZE, 3)), (0.6, 0.6, 0)) * 2 * level
    return np.clip(np.asarray(picture) + coarse, 0, 255).astype(np.uint8)


def jpeg(picture, rng, most=13_000):
    """JPEG bytes of a random quality, lower if the picture would weigh too much."""
    quality = int(rng.integers(70, 92))
    while True:
        data = io.BytesIO()
        Image.fromarray(picture).save(data, "JPEG", quality=quality, optimize=True)
        if data.tell() <= most or quality <= 45:
            return data.getvalue()
        quality -= 4


def paint(label, *seed):
    """The JPEG bytes of one picture; every picture has dice of its own."""
    rng = np.random.default_rng([SEED, *seed])
    while True:
        picture = develop(Shoot(CLASSES[label], rng).layout(), rng)
        if picture.std() > 24:  # else fog, or white on white: nobody would keep it
            return jpeg(picture, rng)


# ---------------------------------------------------------------- writing


def example(data, label, tf):
    """One tf.train.Example, in the schema of the flowers lesson."""
    ints = lambda values: tf.train.Feature(int64_list=tf.train.Int64List(value=values))  # noqa: E731
    words = lambda value: tf.train.Feature(bytes_list=tf.train.BytesList(value=[value]))  # noqa: E731
    one_hot = tf.train.FloatList(value=[float(i == label) for i in range(len(CLASSES))])
    feature = {
        "image": words(data),
        "class": ints([label]),
        "label": words(CLASSES[label].encode()),
        "size": ints([SIZE, SIZE]),
        "one_hot_class": tf.train.Feature(float_list=one_hot),
    }
    return tf.train.Example(features=tf.train.Features(feature=feature))


def write():
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    import tensorflow as tf  # slow to load, and the contact sheet does without it

    OUT.mkdir(parents=True, exist_ok=True)
    for number, (split, (count, shards)) in enumerate(SPLITS.items()):
        order = np.random.default_rng([SEED, number]).permutation(count * len(CLASSES))
        for old in OUT.glob(f"flowers-{split}-*.tfrec"):
            old.unlink()
        for shard, part in enumerate(np.array_split(order, shards)):
            path = OUT / f"flowers-{split}-{shard:02d}-of-{shards:02d}-{len(part)}.tfrec"
            with tf.io.TFRecordWriter(str(path)) as file:
                for i in part:
                    label = int(i) % len(CLASSES)
                    file.write(example(paint(label, number, int(i)), label, tf).SerializeToString())
            print(f"{path.name}: {len(part)} pictures, {path.stat().st_size:,} bytes", flush=True)


def contact_sheet(per_class, split=0, first=0):
    """Some pictures of each class, a row or two per class."""
    columns = min(per_class, 12)
    rows = -(-per_class // columns)
    sheet = Image.new("RGB", (columns * (SIZE + 4), rows * len(CLASSES) * (SIZE + 4)), "white")
    for label in range(len(CLASSES)):
        for j in range(per_class):
            data = paint(label, split, (first + j) * len(CLASSES) + label)
            place = (j % columns * (SIZE + 4), (label * rows + j // columns) * (SIZE + 4))
            sheet.paste(Image.open(io.BytesIO(data)), place)
    return sheet


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--preview", metavar="PNG", help="draw a contact sheet there and stop")
    parser.add_argument("--each", type=int, default=10, help="pictures of each class on the sheet")
    parser.add_argument("--first", type=int, default=0, help="where the sheet begins")
    options = parser.parse_args()
    if options.preview:
        return contact_sheet(options.each, first=options.first).save(options.preview)
    write()


if __name__ == "__main__":
    main()
