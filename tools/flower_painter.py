"""Flowers as small curved surfaces: what tools/make_flowers.py paints with.

A petal is a sheet of points in space. Every flower here is a heap of such sheets
(a `Cloud`), drawn in three steps that a big renderer would take too:

* each point lands on a pixel, and the one nearest to the eye stays (a depth buffer);
* the same is done from the sun, which says which points lie in shadow;
* the points that stayed are lit: sun, sky above, ground below, light that shines
  through a thin petal, a little gloss, and less light in creases.

Space: x to the right, y up, z towards the eye, all in pixels. A flower's head is
made with its axis along z, one unit large, then turned and scaled into place.
Colours are linear light, because only linear light adds up as light does.
"""

from dataclasses import dataclass

import numpy as np
from scipy.ndimage import gaussian_filter, gaussian_filter1d

GOLDEN = np.pi * (3 - 5**0.5)  # the angle by which plants turn from one leaf to the next
STEP = 1.3  # pixels between points of a sheet; each point covers 2 x 2 pixels


def rgb(code):
    """'#rrggbb' as linear light."""
    return (np.array([int(code[i : i + 2], 16) for i in (1, 3, 5)]) / 255) ** 2.2


def mix(a, b, t):
    """From colour a (t=0) to colour b (t=1); t may be an array."""
    t = np.clip(np.asarray(t, float), 0, 1)[..., None]
    return a * (1 - t) + b * t


def unit(v):
    return v / (np.linalg.norm(v, axis=-1, keepdims=True) + 1e-9)


def turned(points, turn):
    """points @ turn for three columns, without a BLAS that splits so little work."""
    return points[..., :1] * turn[0] + points[..., 1:2] * turn[1] + points[..., 2:] * turn[2]


def col(value):
    """A number, or one number per petal, ready to meet arrays (petal, u, s)."""
    return np.asarray(value, float).reshape(-1, 1, 1)


@dataclass
class Cloud:
    """Points with their normals, colours and looks (translucency, gloss, hair)."""

    pos: np.ndarray
    normal: np.ndarray
    colour: np.ndarray
    look: np.ndarray

    def placed(self, turn=None, at=(0, 0, 0), scale=1.0):
        pos, normal = self.pos, self.normal
        if turn is not None:
            pos, normal = turned(pos, turn.T), turned(normal, turn.T)
        return Cloud(scale * pos + np.asarray(at), normal, self.colour, self.look)


def join(*clouds):
    parts = [c for c in clouds if c is not None]
    return Cloud(
        *(
            np.concatenate([getattr(c, f) for c in parts])
            for f in ("pos", "normal", "colour", "look")
        )
    )


def frame(direction, up=(0, 0, 1)):
    """A turn whose x axis is `direction` and whose z axis lies near `up`."""
    x = unit(np.asarray(direction, float))
    y = unit(np.cross(np.asarray(up, float) + np.array([1e-3, 2e-3, 0]), x))
    return np.stack([x, y, np.cross(x, y)], 1)


def facing(axis, spin=0.0):
    """A turn whose z axis is `axis`: which way a flower looks."""
    turn = frame(np.cross([0.02, 1, 0.01], axis), axis)
    c, s = np.cos(spin), np.sin(spin)
    return turn @ np.array([[c, -s, 0], [s, c, 0], [0, 0, 1]])


def sheet(pos, colour, shine=0.3, gloss=0.1, last=1.0):
    """A Cloud from grids of points (n, nu, nv, 3).

    Where a petal narrows to its tip its points crowd and their normals go wild;
    beyond the part `last` of its length it keeps the normals found there.
    """
    normal = unit(np.cross(np.gradient(pos, axis=1), np.gradient(pos, axis=2)))
    end = int(last * (pos.shape[1] - 1))
    normal[:, end:] = normal[:, end : end + 1]
    colour = np.broadcast_to(colour, pos.shape)
    look = np.tile([shine, gloss, 0.0], (pos.size // 3, 1))
    return Cloud(pos.reshape(-1, 3), normal.reshape(-1, 3), colour.reshape(-1, 3), look)


def grid(n, length, width, px):
    """u from root to tip and s from edge to edge, fine enough for px pixels per unit."""
    nu = int(np.clip(length * px / STEP, 5, 420))
    nv = int(np.clip(2 * width * px / STEP, 4, 420))
    u = np.linspace(0, 1, nu)[None, :, None]
    s = np.linspace(-1, 1, nv)[None, None, :]
    return np.broadcast_to(u, (n, nu, nv)), np.broadcast_to(s, (n, nu, nv))


def outline(u, widest=0.6, root=0.3, blunt=2.0, power=0.5):
    """Half-width of a petal along its length: power 0.5 ends round, 1 ends in a point."""
    rise = root + (1 - root) * np.sin(np.pi / 2 * np.clip(u / widest, 0, 1))
    q = np.clip((u - widest) / (1 - widest), 0, 1)
    return rise * (1 - q**blunt) ** power + 0.015


def streaks(rng, u, s, strength):
    """Fine lines along each petal and a brightness of its own: no two are alike."""
    n, _, nv = u.shape
    lines = gaussian_filter1d(rng.normal(size=(n, 1, nv)), max(1, nv / 40), axis=2)
    lines = lines / (lines.std() + 1e-6)
    cloudy = rng.normal(size=(n, 1, 1)) + np.sin(3 * u + col(rng.uniform(0, 6, n)))
    return (1 + strength * (0.6 * lines + 0.5 * cloudy))[..., None].clip(0.3, 1.7)


def petals(rng, px, phi, colour, *, length=1.0, width=0.2, base=0.0, height=0.0, lift=0.1,
           bend=-0.3, cup=0.2, shape=None, ripple=0.05, twist=0.1, ridge=0.0, tip=None,
           streak=0.12, shine=0.35, gloss=0.1):  # fmt: skip
    """Rays around an axis: they leave it at the angle `lift` and curve by `bend`.

    `colour(u, s)` gives colours, `tip(s)` shortens the petal across its width
    (notches, teeth), `ridge` folds it lengthwise, `ripple` waves its edges.
    """
    n = len(phi)
    length, width, bend = col(length), col(width), col(bend)
    u, s = grid(n, float(length.max()), float(width.max()), px)
    angle = col(lift) + bend * u
    reach = length * (1 if tip is None else tip(s))
    # Where the middle line has got to: the sum of its small steps.
    along = np.cumsum(np.cos(angle), 1) / u.shape[1] * reach
    rise = np.cumsum(np.sin(angle), 1) / u.shape[1] * reach
    half = width * (outline(u) if shape is None else shape(u))
    phase = col(rng.uniform(0, 2 * np.pi, n))
    x = half * s
    z = col(cup) * x**2 / width + ridge * half * np.cos(3 * np.pi * s)
    z = z + ripple * half * u * np.sin(9 * u + 3 * s + phase) * (0.3 + np.abs(s))
    turn = col(rng.normal(0, twist, n)) * u
    x, z = x * np.cos(turn) - z * np.sin(turn), x * np.sin(turn) + z * np.cos(turn)
    r = col(base) + along - np.sin(angle) * z
    h = col(height) + rise + np.cos(angle) * z
    c, d = np.cos(col(phi)), np.sin(col(phi))
    pos = np.stack(np.broadcast_arrays(r * c - x * d, r * d + x * c, h), -1)
    return sheet(pos, colour(u, s) * streaks(rng, u, s, streak), shine, gloss, 0.88)


def cups(rng, px, phi, colour, *, radius, height, angle, size, edge=(0.2, 3), spiral=0.0,
         ripple=0.03, streak=0.08, shine=0.4, gloss=0.12):  # fmt: skip
    """Petals that wrap around the axis: `radius`, `height` and half-`angle` along u.

    `edge` is how much lower a petal is at its sides; `spiral` lets one side slip
    under the next petal; `size` is (length, width) for the grid.
    """
    n = len(phi)
    u, s = grid(n, *size, px)
    v = u * (1 - col(edge[0]) * np.abs(s) ** edge[1])
    phase, wave = col(rng.uniform(0, 6.3, n)), rng.uniform(2.5, 5)
    r = radius(v) * (1 + spiral * s) + ripple * v**2 * np.sin(wave * s + phase)
    r = r + 0.012 * v * np.exp(-((s / 0.1) ** 2))  # the middle vein
    h = height(v) + 0.6 * ripple * v**3 * np.sin(1.3 * wave * s + 2 * phase)
    a = col(phi) + angle(v) * s
    pos = np.stack([r * np.cos(a), r * np.sin(a), h + 0 * a], -1)
    return sheet(pos, colour(u, s) * streaks(rng, u, s, streak), shine, gloss)


def lathe(px, radius, height, colour, shine=0.05, gloss=0.2, size=1.0):
    """A turned body (bud, vase, disc): radius(t), height(t), colour(t) for t in 0..1."""
    t, a = grid(1, size, 1.6 * size, px)
    a = a * np.pi
    pos = np.stack([radius(t) * np.cos(a), radius(t) * np.sin(a), height(t) + 0 * a], -1)
    body = sheet(pos[:, :, ::-1], colour(t), shine, gloss)
    return body


def balls(centres, radii, colours, px, gloss=0.2, stretch=1.0):
    """Small spheres: florets of a disc, seeds, dew, a ladybird."""
    radii = np.broadcast_to(np.asarray(radii, float), len(centres))
    k = int(np.clip(12.6 * (radii.max() * px / STEP) ** 2, 12, 4000))
    z = 1 - (2 * np.arange(k) + 1) / k
    a = GOLDEN * np.arange(k)
    ball = np.stack([np.sqrt(1 - z * z) * np.cos(a), np.sqrt(1 - z * z) * np.sin(a), z], 1)
    pos = centres[:, None] + radii[:, None, None] * ball * [1, 1, stretch]
    normal = np.broadcast_to(ball, pos.shape)
    colour = np.broadcast_to(np.asarray(colours).reshape(-1, 1, 3), pos.shape)
    look = np.tile([0.1, gloss, 0.0], (pos.size // 3, 1))
    return Cloud(*(x.reshape(-1, 3) for x in (pos, normal, colour)), look)


def tube(path, radius, colour, rng, shine=0.1, gloss=0.25):
    """A stem along points (m, 3), in pixels."""
    length = np.linalg.norm(np.diff(path, axis=0), axis=1).sum()
    t = np.linspace(0, 1, int(np.clip(length / STEP, 4, 900)))
    path = np.stack([np.interp(t, np.linspace(0, 1, len(path)), p) for p in path.T], 1)
    k = int(np.clip(2 * np.pi * radius / STEP, 6, 80))
    along = unit(np.gradient(path, axis=0))
    side = unit(np.cross(along, np.array([0.05, 0.1, 1])))
    other = np.cross(along, side)
    a = np.linspace(0, 2 * np.pi, k, endpoint=False)[None, :, None]
    out = np.cos(a) * side[:, None] + np.sin(a) * other[:, None]
    pos = path[:, None] + radius * out
    shade = 1 + 0.12 * gaussian_filter1d(rng.normal(size=(len(t), 1, 1)), 4, axis=0)
    look = np.tile([shine, gloss, 0.0], (out.size // 3, 1))
    return Cloud(
        pos.reshape(-1, 3), out.reshape(-1, 3), (colour * shade + 0 * out).reshape(-1, 3), look
    )


def curve(start, pull, end, n=40):
    """A quadratic curve from start to end, leaving towards `pull`."""
    t = np.linspace(0, 1, n)[:, None]
    return (1 - t) ** 2 * start + 2 * t * (1 - t) * pull + t**2 * end


def disc(rng, px, n, radius, dome, colour, size=1.0):
    """The middle of a daisy or sunflower: florets in the spiral that seeds keep."""
    k = np.sqrt((np.arange(n) + 0.5) / n)
    a = GOLDEN * np.arange(n) + rng.normal(0, 0.01, n)
    centres = np.stack([radius * k * np.cos(a), radius * k * np.sin(a), dome(k)], 1)
    tint = colour(k) * rng.uniform(0.8, 1.2, (n, 1))
    florets = balls(
        centres, size * radius * 0.95 / np.sqrt(n) * (0.7 + 0.5 * k), tint, px, 0.15, 1.5
    )
    under = lathe(px, lambda t: radius * t, dome, lambda t: 0.7 * colour(t), size=radius)
    return join(under, florets)


def leaf(rng, px, direction, up, at, length, colour, **kind):
    """One leaf from `at` (pixels) towards `direction`; `kind` goes to petals()."""
    vein = mix(colour, colour * 0.4 + 0.15, 0.45)

    def paint(u, s):
        side = np.abs(np.sin(26 * u + 6 * np.abs(s))) ** 8 * np.abs(s) * 0.4
        return mix(colour, vein, np.maximum(np.exp(-((s / 0.07) ** 2)), side))

    kind = {"width": 0.3, "shine": 0.5, "gloss": 0.35, "cup": -0.25, **kind}
    one = petals(rng, px * length, np.zeros(1), paint, **kind)
    return one.placed(frame(direction, up), at, length)


def grass(rng, roots, length, colours, lean=0.5):
    """Blades from roots (n, 3) in pixels."""
    n = len(roots)
    t = np.linspace(0, 1, int(length / STEP / 1.2) + 4)[None, :, None, None]
    s = np.linspace(-1, 1, 7)[None, None, :, None]
    size = length * rng.uniform(0.5, 1.2, (n, 1, 1, 1))
    way = rng.normal(0, lean, (n, 1, 1, 3)) + np.array([0, 1, 0])
    droop = rng.normal(0, 0.6, (n, 1, 1, 3)) * [1, 0.3, 1] - [0, 0.25, 0]
    side = unit(rng.normal(size=(n, 1, 1, 3)) * [1, 0.2, 0.5])
    half = (0.028 * size + 0.8) * (1 - t**2) * s
    pos = roots[:, None, None] + size * (way * t + droop * t * t) + side * half
    pos = pos + np.array([0, 0, 1]) * np.abs(half) * 0.5  # a fold along the middle
    colour = colours[rng.integers(len(colours), size=n)][:, None, None]
    return sheet(pos, colour * (0.45 + 0.6 * t), 0.5, 0.3)


@dataclass
class Light:
    """Where the sun stands and what colour sun, sky and ground shine in."""

    towards: np.ndarray
    sun: np.ndarray
    sky: np.ndarray
    ground: np.ndarray


def nearest(index, depth, cells):
    """The largest depth in each cell."""
    buffer = np.full(cells, -1e9, np.float32)
    np.maximum.at(buffer, index, depth)
    return buffer


def in_sun(cloud, spots, slope, light, cell=3.0):
    """For each spot (m, 3), how much sun reaches it: 0 to 1, softly.

    `slope` is how squarely each spot faces the sun: a grazed sheet would shade itself.
    """
    a = unit(np.cross(light.towards, [0.1, 1, 0.2]))
    plane = np.stack([a, np.cross(light.towards, a)], 1)
    flat = turned(cloud.pos, plane)
    low = flat.min(0) - 3 * cell
    where = ((flat - low) / cell).astype(int)
    wide, tall = where.max(0) + 5
    depth = turned(cloud.pos, light.towards[:, None])[:, 0].astype(np.float32)
    depths = nearest(where[:, 0] * tall + where[:, 1], depth, wide * tall)
    here, lit = turned(spots, light.towards[:, None])[:, 0], 0
    spots = (turned(spots, plane) - low) / cell
    slack = 4 + 9 * (1 - np.abs(slope))
    for shift in ((0, 0), (1, 0), (0, 1), (-1, 0), (0, -1)):  # neighbours soften the edge
        i = (spots + np.array(shift) * 1.2).astype(int)
        i = i.clip(0, [wide - 1, tall - 1])
        gap = depths[i[:, 0] * tall + i[:, 1]] - here
        lit = lit + 1 - np.clip((gap - slack) / 6, 0, 1)
    return lit / 5


def render(cloud, size, light):
    """The cloud as seen by the eye: (size, size, 4), colours multiplied by their alpha."""
    picture = np.zeros((size * size, 4), np.float32)
    x, y = cloud.pos[:, 0], size - cloud.pos[:, 1]
    seen = (x > 0) & (y > 0) & (x < size - 2) & (y < size - 2)
    solid, hair = seen & (cloud.look[:, 2] == 0), seen & (cloud.look[:, 2] > 0)
    which = np.flatnonzero(solid)
    first = y[which].astype(int) * size + x[which].astype(int)
    z = cloud.pos[which, 2].astype(np.float32)
    spread = (0, 1, size, size + 1)
    depth = np.full(size * size, -1e9, np.float32)
    for d in spread:
        np.maximum.at(depth, first + d, z)
    winner = np.full(size * size, -1)
    for d in spread:
        won = z == depth[first + d]
        winner[first[won] + d] = which[won]
    pixels = np.flatnonzero(winner >= 0)
    if len(pixels):
        picture[pixels, :3] = lit(cloud, winner[pixels], pixels, depth, size, light)
        picture[pixels, 3] = 1
    if hair.any():
        which = np.flatnonzero(hair)
        at = y[which].astype(int) * size + x[which].astype(int)
        front = cloud.pos[which, 2] > depth[at] - 2
        which, at = which[front], at[front]
        # Hairs are thinner than a pixel: many of them add up to a veil.
        count = np.bincount(at, cloud.look[which, 2], size * size)
        glow = light.sky + light.sun * (
            0.35 + 0.3 * turned(unit(cloud.normal[which]), light.towards[:, None])
        ).clip(0.1)
        tone = [
            np.bincount(at, cloud.look[which, 2] * c, size * size)
            for c in (cloud.colour[which] * glow).T
        ]
        alpha = 1 - np.exp(-count)
        veil = np.stack(tone, 1) / (count[:, None] + 1e-6) * alpha[:, None]
        picture *= 1 - alpha[:, None].astype(np.float32)
        picture += np.concatenate([veil, alpha[:, None]], 1).astype(np.float32)
    return picture.reshape(size, size, 4)


def lit(cloud, points, pixels, depth, size, light):
    """The colour of each visible point under the light."""
    normal, look = cloud.normal[points], cloud.look[points]
    normal = np.where(normal[:, 2:] < 0, -normal, normal)  # a sheet has two sides
    slope = turned(normal, light.towards[:, None])[:, 0]
    sun = in_sun(cloud, cloud.pos[points], slope, light)
    shade = np.zeros((2, size * size), np.float32)
    shade[0, pixels], shade[1, pixels] = sun, 1
    soft = [gaussian_filter(part.reshape(size, size), 1.4).ravel()[pixels] for part in shade]
    sun = soft[0] / soft[1]
    direct = np.clip((slope + 0.15) / 1.15, 0, 1)
    through = look[:, 0] * np.clip(-slope + 0.2, 0, 1) * (0.35 + 0.65 * sun)
    # Creases: a point that lies deeper than its neighbourhood gets less of the sky.
    cover = (depth > -1e8).astype(np.float32).reshape(size, size)
    deep = np.where(depth > -1e8, depth, 0).reshape(size, size)
    open_sky = 1.0
    for sigma in (size / 110, size / 36):
        around = gaussian_filter(deep, sigma, truncate=2.5)
        around = around / (gaussian_filter(cover, sigma, truncate=2.5) + 1e-3)
        pit = np.clip((around - deep).ravel()[pixels] / sigma, 0, 4)
        open_sky = open_sky / (1 + 0.45 * pit)
    half = unit(light.towards + np.array([0, 0, 1]))
    shine = look[:, 1] * np.clip(turned(normal, half[:, None])[:, 0], 0, 1) ** 24 * sun
    ambient = mix(light.ground, light.sky, 0.5 + 0.5 * normal[:, 1]) * open_sky[:, None]
    body = cloud.colour[points]
    ambient = ambient + 0.3 * (1 - open_sky[:, None]) * body * (light.sun + light.sky)
    glow = (direct * sun * open_sky**0.4 + through)[:, None] * light.sun
    # Light that went through a petal or bounced between petals is richer in their colour.
    return body * (glow + ambient) * (0.82 + 0.18 * body) / 0.95 + shine[:, None] * light.sun * 0.4


# ---------------------------------------------------------------- the five flowers
# Each takes the pixels per unit and a `mood` (open 0..1, old 0..1, variety), and gives the
# head (axis along z, its middle at the origin, about one unit in radius) and how far behind
# the middle its stem begins. `kin` is the dice of a variety: flowers of one variety share
# colour and form, while `rng` makes each of them a little different.

GREENS = [rgb(c) for c in ("#4f7f2a", "#6b9a3a", "#3f6d33", "#5d8c4a", "#7aa04a", "#547d5c")]
YELLOWS = ("#ffd400", "#fdbd10", "#ffe14a", "#f7c600", "#fff07a")


def shades(inner, outer, stripe=0.0, start=0.0):
    """A colour for petals: from `inner` at the root to `outer`, with an optional midline."""

    def paint(u, s):
        tone = mix(inner, outer, (u - start) * 2.2)
        return mix(tone, inner, stripe * np.exp(-((s / 0.35) ** 2)) * (1 - u))

    return paint


def daisy(rng, px, mood):
    kin = np.random.default_rng(mood["variety"])
    rim = kin.choice(["#fbfaf5", "#fffdf8", "#f6f4ff", "#fbe3ee", "#f2a6cb", "#c86fb0", "#ffd633", "#f3ecd8"],
                     p=[0.34, 0.22, 0.12, 0.1, 0.06, 0.04, 0.08, 0.04])  # fmt: skip
    rim = rgb(rim)
    inner = mix(rim, rgb(kin.choice(["#f5f0d0", "#e8d8e8", "#fbf6e0", "#f0b8d0"])), 0.6)
    eye = rgb(kin.choice(["#f6b400", "#ffcf1f", "#e8a000", "#d9c020", "#c87a10"]))
    n, layers = kin.integers(13, 30), kin.integers(1, 3)
    lift = 0.9 - 0.85 * mood["open"] - 1.2 * mood["old"] + rng.normal(0, 0.08)
    parts, r = [], kin.uniform(0.2, 0.34)
    notch = rng.uniform(0, 0.1)
    for layer in range(layers):
        phi = np.arange(n) * 2 * np.pi / n + layer * np.pi / n + rng.normal(0, 0.05, n)
        if mood["old"] > 0.5 or rng.random() < 0.15:
            phi = phi[rng.random(n) > 0.2]  # some rays have dropped
        m = len(phi)
        parts.append(petals(
            rng, px, phi, shades(inner, rim, 0.15), length=(1 - r * 0.85) * rng.normal(1, 0.05, m),
            width=rng.uniform(0.75, 1.15) * np.pi / n, base=r * 0.85, height=-0.03 * layer,
            lift=lift + rng.normal(0, 0.1, m) - 0.1 * layer, bend=rng.normal(-0.35, 0.2) - 0.5 * mood["old"]
            + rng.normal(0, 0.15, m), cup=rng.uniform(0, 0.35), ridge=0.05, ripple=0.06 + 0.3 * mood["old"],
            twist=0.1 + 0.4 * mood["old"], tip=lambda s: 1 - notch * np.cos(2 * np.pi * s) ** 2,
            shape=lambda u: outline(u, 0.7, 0.35, 3), streak=0.06, shine=0.45))  # fmt: skip
    dome = rng.uniform(0.3, 0.7) * r
    parts.append(disc(rng, px, int(rng.integers(110, 260)), r, lambda k: dome * (1 - k**2),
                      lambda k: mix(mix(eye, rgb("#b8b030"), 0.5), eye, k * 1.6)))  # fmt: skip
    green = GREENS[kin.integers(6)]
    parts.append(
        lathe(
            px,
            lambda t: r * np.sin(t * 1.5),
            lambda t: -0.2 * r * 2 * (1 - t) - 0.04,
            lambda t: green + 0 * t[..., None],
            size=r,
        )
    )
    return join(*parts), 0.4 * r


def dandelion(rng, px, mood):
    kin = np.random.default_rng(mood["variety"])
    tone = rgb(kin.choice(YELLOWS[:4]))
    deep = mix(tone, rgb("#f09000"), kin.uniform(0.1, 0.6))
    n = int(rng.integers(150, 240))
    t = (np.arange(n) + 0.5) / n
    phi = GOLDEN * np.arange(n) + rng.normal(0, 0.1, n)
    spread = mood["open"]
    lift = -0.15 + (1 - spread) * 0.9 + 1.45 * t**1.2 + rng.normal(0, 0.14, n)
    length = (1 - 0.62 * t) * rng.normal(1, 0.07, n)
    head = petals(rng, px, phi, lambda u, s: mix(mix(deep, tone, 0.4 * u), tone, u * 1.4 - 0.4),
                  length=length, width=0.058 * (1 - 0.4 * t), base=0.14 * (1 - t), height=0.02 + 0.12 * t,
                  lift=lift, bend=-0.35 + 0.5 * t + rng.normal(0, 0.25, n), cup=0.3, ripple=0.1, twist=0.5,
                  shape=lambda u: outline(u, 0.8, 0.5, 5), tip=lambda s: 1 - 0.07 * np.abs(np.cos(2.5 * np.pi * s)),
                  streak=0.13, shine=0.4)  # fmt: skip
    green = GREENS[kin.integers(6)]
    return join(head, bracts(rng, px, green, 0.2, 0.42)), 0.42


def bracts(rng, px, green, radius, deep, n=14):
    """The green cup under a dandelion, its outer bracts bent back."""
    cup = lathe(
        px,
        lambda t: radius * (0.55 + 0.5 * np.sin(np.pi * t * 0.8)),
        lambda t: -deep * (1 - t),
        lambda t: green * (0.8 + 0.3 * t[..., None]),
        size=deep,
    )
    phi = np.arange(n) * 2 * np.pi / n
    back = petals(rng, px, phi, lambda u, s: mix(green, green * 0.7, u), length=0.34, width=0.045,
                  base=radius * 0.8, height=-deep * 0.8, lift=rng.normal(-0.2, 0.3, n), bend=-1.4)  # fmt: skip
    up = petals(rng, px, phi + 0.2, lambda u, s: mix(green, green * 0.6, u), length=0.45, width=0.05,
                base=radius * 0.9, height=-deep * 0.75, lift=1.2, bend=0.15)  # fmt: skip
    return join(cup, back, up)


def clock(rng, px, mood):
    """A dandelion gone to seed: a ball of parachutes, some of them blown away."""
    kin = np.random.default_rng(mood["variety"])
    n = int(rng.integers(130, 210))
    z = 1 - (2 * np.arange(n) + 1) / n
    a = GOLDEN * np.arange(n)
    way = np.stack([np.sqrt(1 - z * z) * np.cos(a), np.sqrt(1 - z * z) * np.sin(a), z], 1)
    way = unit(way + rng.normal(0, 0.05, way.shape))[z > -0.93]
    if mood["old"] > 0.5:  # the wind took one side
        way = way[way @ unit(rng.normal(size=3)) < rng.uniform(-0.1, 0.6)]
    core, n = rng.uniform(0.1, 0.16), len(way)
    stalk = rng.uniform(0.6, 0.72)
    seeds = balls(way * (core + 0.06), 0.018, rgb("#5b4426"), px, stretch=1.0)
    middle = balls(np.zeros((1, 3)), core, rgb(kin.choice(["#8a8a5a", "#b5b08a", "#6f6a45"])), px)
    steps, k = int(max(6, 0.5 * px / STEP)), int(rng.integers(16, 26))
    t = np.linspace(0, 1, steps)[None, :, None]
    stalks = (way[:, None] * (core + (stalk - core) * t)).reshape(-1, 3)
    # Each parachute: k hairs that leave the end of the stalk like the ribs of an umbrella.
    side = unit(np.cross(way, rng.normal(size=3)))
    b = np.linspace(0, 2 * np.pi, k, endpoint=False)[None, :, None] + rng.uniform(0, 6, (n, 1, 1))
    rib = np.cos(b) * side[:, None] + np.sin(b) * np.cross(way, side)[:, None]
    rib = unit(rib + way[:, None] * rng.uniform(0.25, 0.9, (n, k, 1)))
    t = np.linspace(0.02, 1, max(6, steps // 2))[None, None, :, None]
    hairs = stalk * way[:, None, None] + rng.uniform(0.24, 0.34) * t * rib[:, :, None]
    pos = np.concatenate([stalks, hairs.reshape(-1, 3)])
    tone = rgb(kin.choice(["#ffffff", "#f4f2ea", "#efe6d6", "#e9eef4"]))
    # Density per point, so that a ball looks equally airy at every size.
    weight = np.full(len(pos), rng.uniform(0.24, 0.4))
    weight[: len(stalks)] *= 0.7
    look = np.stack([0 * weight, 0 * weight, weight], 1)
    fluff = Cloud(pos, unit(pos), np.broadcast_to(tone, pos.shape), look)
    green = mix(GREENS[kin.integers(6)], rgb("#a09060"), 0.4)
    phi = np.arange(10) * 2 * np.pi / 10
    skirt = petals(rng, px, phi, lambda u, s: green * (1 - 0.3 * u[..., None]), length=0.3, width=0.03,
                   base=core * 0.5, height=-core * 0.8, lift=-0.3, bend=-1.2)  # fmt: skip
    return join(seeds, middle, fluff, skirt), core


ROSES = ["#c3102a", "#8f0f25", "#e2334f", "#f48fb0", "#f7c3cf", "#fbf3e6", "#ffd54a", "#f6b45a",
         "#f2765a", "#ffe9a8", "#d65aa0", "#fdf8f4", "#b84a8f", "#f9a08a"]  # fmt: skip


def rose(rng, px, mood):
    kin = np.random.default_rng(mood["variety"])
    outer = rgb(kin.choice(ROSES))
    inner = mix(
        outer, rgb(kin.choice(["#ffc65a", "#a0102a", "#fff0d0", "#e86a6a"])), kin.uniform(0, 0.35)
    )
    n = int(rng.integers(22, 38))
    spread = mood["open"]
    k = (np.arange(n) + 0.6) / n
    phi = GOLDEN * 0.98 * np.arange(n) + rng.normal(0, 0.12, n)
    phi = phi + rng.uniform(0, 6)
    # Nested bowls: the inner ones close over the heart, the outer ones open and roll out.
    reach = col((0.06 + (0.26 + 0.52 * spread) * k**0.95) * rng.normal(1, 0.06, n))
    tall = col(0.9 - (0.08 + 0.42 * spread) * k**1.8 + rng.normal(0, 0.035, n))
    curl = col(np.clip(k * 1.4 - 0.35, 0, 1) * (0.08 + 0.26 * spread) * rng.uniform(0.5, 1.3, n))
    close = col(np.clip(0.55 - k, 0, 1) * 0.5)
    wide = col(1.9 - 1.0 * k**0.7)
    slant = col(rng.normal(0, 0.06, n))  # no petal sits quite straight

    def radius(v):
        roll = np.clip((v - 0.66) / 0.34, 0, 1.2)
        body = np.sin(np.pi / 2 * np.clip(v / 0.62, 0, 1)) ** 0.8
        return (
            0.04 + reach * body * (1 - close * np.clip(v - 0.55, 0, 1)) + curl * roll**2 + slant * v
        )

    def height(v):
        roll = np.clip((v - 0.66) / 0.34, 0, 1.2)
        return tall * v**1.15 - 0.75 * curl * roll**2.2

    def paint(u, s):
        tone = mix(mix(inner, inner * 0.6, 0.7), mix(inner, outer, 0.3 + col(k)), u * 1.6 - 0.3)
        return mix(tone, mix(outer, np.ones(3), 0.25), np.clip(u - 0.86, 0, 1) * 4)

    head = cups(rng, px, phi, paint, radius=radius, height=height,
                angle=lambda v: wide * (0.35 + 0.65 * np.sin(np.pi / 2 * np.clip(v * 1.5, 0, 1))),
                size=(1.25, 1.25), edge=(rng.uniform(0.1, 0.22), rng.uniform(2.2, 3.5)), spiral=0.13,
                ripple=rng.uniform(0.02, 0.06) + 0.05 * mood["old"], streak=0.06, shine=0.5, gloss=0.06)  # fmt: skip
    green = GREENS[kin.integers(6)]
    sepals = petals(rng, px, np.arange(5) * 1.2566, lambda u, s: mix(green, green * 1.3, u), length=0.62, width=0.11,
                    base=0.05, height=0.02, lift=rng.normal(0.5 - 0.6 * spread, 0.25, 5), bend=-0.6,
                    shape=lambda u: outline(u, 0.25, 0.7, 1.2, 1))  # fmt: skip
    hip = balls(np.array([[0, 0, -0.06]]), 0.15, green, px, stretch=1.0)
    return join(head, sepals, hip).placed(at=(0, 0, -0.42)), 0.55


def sunflower(rng, px, mood):
    kin = np.random.default_rng(mood["variety"])
    kind = kin.choice(["gold", "lemon", "autumn", "bicolour"], p=[0.7, 0.14, 0.07, 0.09])
    outer = rgb({"gold": kin.choice(["#ffc400", "#fdb515", "#ffd21f"]), "lemon": "#fff08a",
                 "autumn": kin.choice(["#b5451b", "#8e2b1a"]), "bicolour": "#ffc21a"}[kind])  # fmt: skip
    inner = (
        rgb("#8a2a10") if kind == "bicolour" else mix(outer, rgb("#e07a00"), kin.uniform(0.2, 0.6))
    )
    dark = rgb(kin.choice(["#3a2312", "#2a1a10", "#4d2e14", "#5a3c1a"]))
    heart = rgb(kin.choice(["#6b6a25", "#3a2412", "#8a6a20", "#251710", "#7d7a3a"]))
    pollen = rgb(kin.choice(["#b5701a", "#8a5216", "#d39a25", "#4a2c14"]))
    n, r = int(kin.integers(16, 27)), kin.uniform(0.36, 0.54)
    parts = []
    lift = 0.85 - 0.75 * mood["open"] - 0.7 * mood["old"]
    for layer in range(int(rng.integers(2, 4))):
        phi = np.arange(n) * 2 * np.pi / n + layer * 2.4 + rng.normal(0, 0.09, n)
        if mood["old"] > 0.5:
            phi = phi[rng.random(n) > 0.3]
        m = len(phi)
        parts.append(petals(
            rng, px, phi, shades(inner, outer, 0.5, 0.1), length=(1.05 - r * 0.9) * rng.normal(1, 0.09, m),
            width=rng.uniform(0.095, 0.13), base=r * 0.92, height=-0.03 * layer,
            lift=lift + rng.normal(0, 0.2, m) - 0.12 * layer + 0.1, bend=rng.normal(-0.3, 0.25, m) - 0.5 * mood["old"],
            cup=rng.normal(0.25, 0.25, m), ridge=0.09, ripple=0.12 + 0.3 * mood["old"], twist=0.3,
            shape=lambda u: outline(u, 0.45, 0.4, 1.7, 0.9), streak=0.09, shine=0.5))  # fmt: skip
    dome = rng.uniform(-0.04, 0.12)

    def face(q):
        tone = mix(heart, dark, (q - 0.3) * 4)
        return mix(tone, pollen, np.exp(-(((q - 0.78) / 0.14) ** 2)) * 0.9)

    parts.append(
        disc(
            rng,
            px,
            int(np.clip(9 * px, 200, 620)),
            r,
            lambda q: dome * (1 - q**2) + 0.04 * np.sin(3 * q),
            face,
            1.05,
        )
    )
    green = GREENS[kin.integers(6)]
    for layer in range(2):
        m = 16
        parts.append(petals(rng, px, np.arange(m) * 2 * np.pi / m + 0.2 * layer, lambda u, s: mix(green, green * 1.25, u),
                            length=0.62 * rng.normal(1, 0.1, m), width=0.13, base=r * 0.6, height=-0.12 - 0.03 * layer,
                            lift=rng.normal(0.1, 0.2, m), bend=rng.normal(-0.2, 0.3, m), shape=lambda u: outline(u, 0.25, 0.8, 1.3, 1)))  # fmt: skip
    parts.append(
        lathe(
            px,
            lambda t: r * (0.25 + 0.7 * t),
            lambda t: -0.2 + 0.13 * t,
            lambda t: green + 0 * t[..., None],
            size=r,
        )
    )
    return join(*parts), 0.2


TULIPS = ["#d8152a", "#f2c811", "#ffe24a", "#f7f3ea", "#f08bb0", "#e0559a", "#6a1f6a", "#f47a1f",
          "#b01848", "#f9c9d4", "#3f1230", "#ff9a4a", "#c86fc0", "#fbf7f2"]  # fmt: skip


def tulip(rng, px, mood):
    kin = np.random.default_rng(mood["variety"])
    main = rgb(kin.choice(TULIPS))
    second = rgb(kin.choice(["#ffe24a", "#f7f3ea", "#d8152a", "#f47a1f"]))
    style = kin.choice(["plain", "edged", "flamed"], p=[0.64, 0.2, 0.16])
    root = rgb(kin.choice(["#e8d860", "#2a2030", "#f3efd8", "#9ab060"]))
    spread = np.clip(mood["open"] ** 1.6 + 0.35 * mood["old"], 0, 1)
    form = kin.choice(["cup", "lily", "double"], p=[0.68, 0.2, 0.12])
    n = 6 if form != "double" else 13
    k = np.arange(n) // 3
    phi = (
        (np.arange(n) % 3) * 2 * np.pi / 3
        + (k % 2) * np.pi / 3
        + rng.normal(0, 0.07, n)
        + (k > 1) * 0.5
    )
    tight = col(1 - 0.09 * (1 - np.minimum(k, 1)) - 0.12 * (k > 1) * k)
    tall = (
        col(rng.normal(1.42, 0.05) * rng.normal(1, 0.03, n))
        * (1 - 0.3 * spread)
        * (0.4 + 0.6 * tight)
    )
    flare = col(rng.normal(0, 0.06, n)) + spread * 0.75 + (0.14 if form == "lily" else 0)
    belly = kin.uniform(0.42, 0.56)
    pinch = kin.uniform(0.25, 0.5) * (1 - spread)
    fringe = rng.uniform(0.01, 0.05) + (0.06 if kin.random() < 0.12 else 0) + 0.05 * mood["old"]
    point = (0.34, 1.7) if form == "lily" else (kin.uniform(0.16, 0.3), 2.2)

    def radius(v):
        body = (
            belly
            * np.sin(np.pi / 2 * np.clip(v / 0.4, 0, 1)) ** 0.75
            * (1 - pinch * np.clip(v - 0.4, 0, 1) ** 1.5)
        )
        return 0.04 + tight * body + flare * v**2

    def paint(u, s):
        tone = mix(root, main, u * 5 - 0.4)
        if style == "edged":
            return mix(tone, second, np.maximum(np.abs(s) ** 4 * u, (u - 0.8) * 3))
        if style == "flamed":
            return mix(tone, second, np.exp(-((s / (0.5 - 0.4 * u)) ** 2)) * (1.1 - u))
        return mix(tone, mix(main, root, 0.25), np.exp(-((s / 0.15) ** 2)) * 0.3)

    head = cups(rng, px, phi, paint, radius=radius, height=lambda v: tall * v - 0.35 * flare * v**3,
                angle=lambda v: 0.3 + 0.95 * np.sin(np.pi * np.clip(v * 0.88 + 0.06, 0, 1)) ** 0.8 * (1 - 0.45 * spread * v),
                size=(1.5, 0.7), edge=point, spiral=0.05, ripple=fringe, streak=0.07, shine=0.45, gloss=0.22)  # fmt: skip
    a = np.arange(6) * np.pi / 3
    rings = [
        balls(
            np.stack([0.13 * np.cos(a), 0.13 * np.sin(a), 0.1 + 0.25 * q + 0 * a], 1),
            0.035,
            rgb("#4a3a20" if q else "#8a9a50"),
            px,
            stretch=2.5,
        )
        for q in (0, 1)
    ]
    pistil = balls(np.array([[0, 0, 0.22]]), 0.07, rgb("#b5c070"), px, stretch=2.5)
    return join(head, *rings, pistil).placed(at=(0, 0, -0.65)), 0.65


# ---------------------------------------------------------------- whole plants


def rose_leaf(rng, px, direction, up, at, length, colour):
    """Five saw-edged leaflets on a stalk."""
    turn, parts = frame(direction, up), []
    for along, side in ((1.0, 0), (0.62, 1), (0.62, -1), (0.3, 1), (0.3, -1)):
        way = turn @ unit(np.array([1, 1.3 * side, rng.normal(0, 0.15)]))
        root = np.asarray(at) + turn @ [length * along * 0.6, 0, 0]
        parts.append(leaf(rng, px, way, turn[:, 2], root, length * 0.5 * (1 if side == 0 else 0.85), colour, width=0.32,
                          shape=lambda u: outline(u, 0.42, 0.3, 1.6, 0.8) * (1 + 0.07 * np.abs(np.sin(20 * u)))))  # fmt: skip
    stalk = tube(
        np.linspace(np.asarray(at, float), np.asarray(at) + turn @ [length * 0.6, 0, 0], 5),
        max(1, length * 0.015),
        colour,
        rng,
    )
    return join(*parts, stalk)


def plant(kind, rng, radius, axis, mood, stem=4.0, leaves=True):
    """A flower with its stem and leaves, the middle of its head at the origin, in pixels."""
    makers = {
        "daisy": daisy,
        "dandelion": dandelion,
        "clock": clock,
        "roses": rose,
        "sunflowers": sunflower,
        "tulips": tulip,
    }
    axis = unit(np.asarray(axis, float))
    head, neck = makers[kind](rng, radius, mood)
    parts = [head.placed(facing(axis, rng.uniform(0, 6.3)), scale=radius)]
    if stem <= 0:
        return parts[0]
    green = mix(
        GREENS[rng.integers(6)],
        rgb("#9a7a6a"),
        0.35 if kind in ("dandelion", "clock") and rng.random() < 0.5 else 0,
    )
    thick = {
        "daisy": 0.045,
        "dandelion": 0.055,
        "clock": 0.045,
        "roses": 0.06,
        "sunflowers": 0.085,
        "tulips": 0.085,
    }[kind]
    start = -axis * neck * radius
    end = (
        start + np.array([rng.normal(0, 0.25) * stem, -stem, -0.5 - 0.3 * stem * axis[2]]) * radius
    )
    path = curve(start, start - axis * radius * rng.uniform(0.5, 1.0), end)
    parts.append(tube(path, max(1.1, thick * radius), green, rng))
    if leaves:
        parts += foliage(kind, rng, radius, path, stem, green)
    return join(*parts)


def foliage(kind, rng, radius, path, stem, green):
    """The leaves that betray the plant even where its flower is hard to see."""

    def spot(t):
        return path[int(t * (len(path) - 1))]

    def sideways(rise):
        return unit(
            np.array([rng.choice([-1, 1]) * rng.uniform(0.6, 1), rise, rng.normal(0.1, 0.5)])
        )

    up, out = np.array([0, 0.5, 0.8]), []
    if kind == "roses":
        for t in rng.uniform(0.1, 0.9, int(rng.integers(3, 7))):
            out.append(
                rose_leaf(
                    rng,
                    1,
                    sideways(rng.normal(0.2, 0.3)),
                    up,
                    spot(t),
                    radius * rng.uniform(0.9, 1.5),
                    mix(green, rgb("#1f4a22"), 0.5),
                )
            )
    elif kind == "sunflowers":
        for t in rng.uniform(0.15, 0.9, int(rng.integers(2, 5))):
            out.append(leaf(rng, 1, sideways(rng.normal(0.1, 0.3)), up, spot(t), radius * rng.uniform(0.9, 1.5), green, width=0.4, lift=0.3, bend=-0.9,
                            shape=lambda u: outline(u, 0.22, 0.45, 1.4, 1) * (1 + 0.04 * np.abs(np.sin(16 * u)))))  # fmt: skip
    elif kind == "tulips":
        cool = mix(green, rgb("#6f9a84"), 0.5)
        for t in rng.uniform(0.55, 0.95, int(rng.integers(2, 4))):
            way = unit(np.array([rng.normal(0, 0.5), 1, rng.normal(0.2, 0.4)]))
            out.append(leaf(rng, 1, way, [way[0] + 0.3, -0.2, 1], spot(t), radius * stem * rng.uniform(0.45, 0.75), cool, width=rng.uniform(0.08, 0.15),
                            cup=0.5, lift=0.1, bend=rng.normal(-0.4, 0.4), ripple=0.25, shape=lambda u: outline(u, 0.35, 0.5, 1.5, 1)))  # fmt: skip
    elif kind == "daisy":
        for t in rng.uniform(0.3, 0.9, int(rng.integers(0, 4))):
            out.append(
                leaf(
                    rng,
                    1,
                    sideways(0.8),
                    up,
                    spot(t),
                    radius * rng.uniform(0.4, 0.9),
                    green,
                    width=0.12,
                )
            )
    return out


def rosette(rng, radius, at, green, n=9):
    """Toothed dandelion leaves, flat on the ground, seen from above or aslant."""
    teeth = rng.uniform(0.3, 0.6)
    for a in np.arange(n) * GOLDEN + rng.uniform(0, 6):
        way = np.array([np.cos(a), 0.75 * np.sin(a), 0.1])
        yield leaf(rng, 1, way, [0, 0.4, 1], at, radius * rng.uniform(1.2, 2.0), green * rng.uniform(0.8, 1.2), width=0.15,
                   shape=lambda u: outline(u, 0.7, 0.2, 1.6, 0.8) * (1 - teeth * ((6 * u) % 1)), ripple=0.2)  # fmt: skip
