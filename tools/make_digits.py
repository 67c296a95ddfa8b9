"""Draw the embedded sample of Bengali digits, data/bangla-digits/*.npz.

    python tools/make_digits.py                  # writes the two .npz files
    python tools/make_digits.py --preview a.png  # draws a contact sheet, writes nothing else

No picture here was written by a hand. A digit begins as a thin line: a pen path
from PATHS below (invented for this project; no handwriting was traced) or the
digit of an open font. Random numbers then do what hands do:

* control points wander, two ways of writing are blended, strokes end early;
* slant, rotation, stretch, perspective;
* elastic change: a smooth random field moves every point (Simard, Steinkraus
  and Platt 2003, "Best practices for convolutional neural networks applied to
  visual document analysis");
* a pen of random width, whose pressure changes along the line.

At last the ink is cropped and stretched to 32x32, black (0) on white (255), as
the public CMATERdb 3.1.1 digits are, so that a model sees one kind of picture.
The same seed, fonts and library versions give the same bytes.
"""

import argparse
import importlib.util
import io
import sys
import zipfile
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont
from scipy.interpolate import CubicSpline
from scipy.ndimage import distance_transform_edt, gaussian_filter, map_coordinates

SEED = 1952
OUT = Path(__file__).resolve().parent.parent / "data" / "bangla-digits"
SIZE = 32  # side of a finished picture
CANVAS = 128  # side of the drawing board
FONT_SHARE = 0.2  # fonts are neat; most pictures come from pen paths
MOST_INK = 0.6  # a picture blacker than this is a blot
SPLITS = {"training": 400, "testing": 100}  # pictures of each digit

# Ways to write each digit, in a box of 100 x 100 with y downwards. A curve runs
# smoothly through its points; "|" is a sharp corner without lifting the pen
# (the next curve starts where the last one ended), "/" lifts the pen.
PATHS = {
    0: """
        55,10 20,12 4,55 25,92 60,97 95,60 80,14 45,4 30,12
        60,3 25,10 5,45 15,85 50,97 85,80 96,40 75,8 50,5 45,25
        40,4 12,25 4,65 30,96 70,90 96,50 85,15 55,3 35,8
        35,30 30,8 70,4 96,40 85,85 45,97 10,80 4,40 30,8 55,10
        50,4 15,30 5,85 50,96 92,88 88,45 60,8 45,5 40,10
        45,22 50,5 20,12 4,55 25,92 60,97 95,60 80,14 50,4 48,24
        95,3 55,8 15,25 5,65 35,96 75,90 94,50 75,18 40,12
        60,35 55,5 25,8 4,50 22,90 60,97 95,62 85,20 60,6
        75,3 50,20 30,6 5,45 20,90 60,97 95,60 80,20 45,12
    """,
    1: """
        5,5 30,18 65,33 92,60 85,88 50,98 15,90 8,72 30,60 60,68 78,78
        5,18 30,3 70,10 95,40 85,78 55,97 22,94 12,75 35,55 70,57 95,66
        6,8 45,12 85,38 92,68 65,95 30,97 10,82 20,64 50,64 75,76 98,88
        40,4 12,14 25,32 60,38 90,55 88,82 50,97 15,88 15,68 45,62 75,76
        5,6 40,14 88,32 85,55 50,74 15,84 8,95 40,97 62,90 66,76
        20,3 22,22 62,42 88,68 72,93 40,97 14,85 20,68 40,74
        15,20 30,3 65,5 70,30 50,60 45,90 70,97 92,80 75,62 45,62 5,70
        5,15 35,3 70,18 65,50 45,80 25,95 10,80 30,62 60,70 97,72
        6,20 30,5 75,12 80,45 75,80 45,97 25,80 45,58 80,50 97,50
        5,25 35,4 70,25 70,60 75,88 55,97 40,75 60,55 97,60
        60,5 25,5 15,25 45,45 80,60 85,88 50,97 12,88 20,70 50,65 80,70
        8,10 50,10 80,30 75,55 40,70 20,85 35,97 65,92 80,75
    """,
    2: """
        10,22 30,4 65,6 80,25 60,50 35,72 5,95|45,92 98,90
        8,15 40,3 75,12 72,38 45,65 20,82 5,92|50,88 97,97
        5,5 50,4 92,12|60,30 10,52|60,70 95,95
        20,4 14,18 45,20 78,30 60,45 10,60|55,76 95,97
        14,6 45,12 82,28 60,45 18,58|55,75 95,95
        10,20 40,3 75,20 60,55 25,90 8,88 12,72 35,75 60,90 95,88
        25,28 10,15 35,2 68,12 65,38 35,60 8,70|45,76 95,97
        35,28 15,30 10,10 40,3 75,18 70,45 30,80 5,92|50,90 97,96
        8,18 30,3 62,15 55,50 30,75 5,90|40,80 70,95 97,85
        8,15 28,3 48,20 42,60 28,80 8,92|50,87 97,96
    """,
    3: """
        5,8 8,45 20,80 50,97 82,80 95,45 85,15 62,10 48,28 55,45 72,42 72,30
        3,5 15,50 35,88 55,97 80,75 94,40 80,16 60,22 54,42 66,52 75,42
        45,3 15,18 4,50 20,85 55,97 88,80 95,50 75,32 50,38 45,58 60,65
        3,10 25,55 48,97 75,70 94,35 82,6 62,15 60,38 72,45
        30,4 8,25 4,60 30,95 65,95 94,68 92,35 70,20 50,35 58,55 72,50
        4,30 5,65 35,96 70,92 95,60 94,25 72,4 48,15 45,35 62,42
        70,5 30,8 4,45 15,85 50,97 88,85 95,62 75,48 55,55 60,70 70,65
        45,3 8,35 8,70 40,97 80,90 92,65 70,50 50,54
        5,15 10,60 45,97 85,80 95,40 80,15 60,12 55,28 68,32 66,20 60,18
    """,
    4: """
        55,48 20,30 25,5 75,5 82,30 50,50 15,70 25,97 75,97 88,75 55,48
        92,15 55,3 18,15 30,40 65,55 90,78 60,98 20,90 15,70 45,50 80,30 95,12
        50,46 12,28 35,3 78,6 85,32 50,46|8,68 25,96 72,97 94,72 50,46
        80,5 45,3 18,20 40,42 75,55 92,78 60,97 18,92 12,72 45,48 75,28 60,8
        97,22 75,28 65,8 35,4 18,22 45,45 85,65 85,92 45,98 12,80 35,55 70,32 75,10
        97,8 70,5 30,3 12,22 35,42 75,60 80,88 50,98 15,90 25,65 60,45 75,25 70,8
        97,30 60,28 50,5 20,8 20,30 55,50 75,75 55,97 20,90 25,65 55,42 70,20 60,6
        95,5 50,3 5,25 30,45 65,50 75,85 40,98 15,90 30,70 60,48 85,20
        97,10 55,5 15,20 20,45 55,55 90,75 85,97 50,95 40,75 55,50 80,20
    """,
    5: """
        85,10 40,5 5,45 20,88 60,97 92,88|60,68 62,42 92,28
        95,18 60,3 20,20 4,60 25,93 60,97 90,80/55,8 62,40 56,70 58,92
        92,12 50,3 8,35 10,78 45,98 85,85 70,62 58,50 70,38 95,28
        95,22 70,8 40,12 8,45 10,80 45,97 95,88/68,12 56,35 62,62 85,88
        60,4 25,20 5,55 22,90 60,97 95,85|62,62 55,35 60,4 95,12
        90,5 45,10 5,48 22,90 55,97 92,92|55,75 50,45 92,8
        55,6 18,20 4,60 25,95 70,95 94,75 72,60 60,40 58,8|95,25
        70,3 25,15 4,60 30,95 70,92 95,70|80,60 65,52 72,35 90,28|75,10 70,3
        60,5 15,25 5,65 35,96 80,90 92,65|60,72 62,40 55,8
        50,5 10,40 20,88 60,97 92,75 80,55 65,50 80,35 92,15 60,3 50,5
    """,
    6: """
        5,20 5,65 30,95 65,97 95,75 85,55 60,50|58,25 60,3
        3,10 20,60 50,97 85,90 95,68 75,52 52,62|50,30 48,3
        40,15 8,40 8,75 40,97 80,90 95,70 75,55 55,62|52,35 58,2
        3,5 15,55 45,96|80,85 95,65|70,55 52,60|58,2
        3,45 12,12 22,50 35,88 65,97 94,82 85,60 58,56|55,5
        5,15 8,65 40,97 80,92 92,70 75,48|55,62 52,30 60,3|85,20
        10,35 4,75 40,97 80,92 92,72 70,55 45,60|60,35 62,3
        20,10 4,50 15,90 55,97 90,80 85,60 50,52|68,25 75,3
        3,25 20,40 35,80 70,97 95,80 80,65 50,62|45,40 48,3
        30,8 5,50 20,92 65,97 92,85 80,68 58,72|50,45 65,3
        5,15 8,70 45,97 85,88 92,55 72,45 55,55/55,58 52,5
        25,25 5,60 25,93 65,97 92,78 70,62 55,65|50,40 70,8
        3,35 12,60 40,95 80,92 95,75 60,70 45,78|40,40 45,3
        5,12 8,70 40,97 80,92 90,68 75,50 62,48|60,3
        5,5 5,60 30,95 70,95 88,75 80,55 65,55|62,25 65,3
        8,3 5,50 25,92 60,97 85,80 80,62 60,60|65,30 70,3
        15,20 3,60 30,97 75,95 97,70 80,50 62,62|55,40 55,5
        8,20 5,70 40,97 85,90 92,65 78,52 68,62|65,30 60,3
        30,20 5,45 8,85 45,97 82,88 90,68 72,58 60,68|55,35 75,12
    """,
    7: """
        70,35 30,45 3,30 20,5 60,3 85,20 90,60 88,98
        98,28 60,38 20,42 3,25 25,5 65,8 78,40 75,97
        80,20 50,45 10,42 8,20 40,3 75,10 80,45 65,97
        55,30 45,45 15,45 3,25 30,3 70,5 88,40 80,97
        25,42 3,30 15,8 55,3 85,25 75,60 72,97
        75,12 40,3 5,22 15,48 55,40 78,10|75,50 72,97 92,90
        95,38 40,44|5,40 30,12 65,4 80,25 78,60 70,97
        97,42 55,42 10,38 4,20 30,4 58,15 60,50 58,97
        97,35 50,40 8,40 5,15 40,5 55,30 58,60 60,97
        80,20 45,45 10,35 10,10 50,3 80,20 60,60 30,90|60,92 95,97
    """,
    8: """
        12,3 14,50 16,85 32,97 50,80 48,58 30,48|60,46 98,40
        8,3 10,95|40,95 55,72 40,52 12,55/12,50 98,45
        3,25 10,5 22,20 18,60 25,95 45,90 50,65 46,48|98,42
        5,3 8,92 40,95 48,70 42,50/20,48 98,48
        40,3 10,40 8,80 30,97 50,85 48,60 25,55|98,48
        15,20 5,5 20,3 22,50 18,85 35,97 50,75 48,52|75,55 98,38
    """,
    9: """
        8,5 35,15 70,30 95,52 85,80 58,97 42,78 28,60 8,68 5,92
        30,3 20,25 65,35 95,55 80,85 55,95 42,68 20,58 6,75 22,88 35,75
        5,5 55,35 95,60 70,85 45,97|38,72 20,62 5,80
        95,5 50,5 10,15 30,30 75,45 90,65 60,90 45,97|35,70 15,65 5,85
        70,3 90,30 92,70 65,97 40,85 45,60 30,45 5,60 15,78 40,70
        5,8 40,5 85,30 95,65 80,90 60,95 52,75 40,62 20,65 5,88
        5,8 45,12 85,38 95,70 78,95 58,90 50,70 35,68 25,85 40,95 48,85
        10,15 35,3 80,20 96,60 85,90 65,85 45,62 25,70 30,90 45,90
        3,5 30,25 70,45 92,75 75,95 50,80 30,72 15,95
        70,3 85,15 90,45 75,75 55,95 40,78 20,70 5,80
        75,3 92,35 85,75 60,92 40,65 8,70 12,88 35,85 30,60
        60,3 15,10 10,25 50,38 90,55 85,80 55,97|45,70 22,62 5,82
        30,3 8,10 40,28 85,45 92,70 70,90 50,97|48,72 28,60 5,75 15,92 35,85
        5,5 60,10 92,20 80,55 52,95|40,60 20,65 5,90
        5,10 50,5 95,15 75,60 50,97|35,70 12,72 3,55
        15,3 45,20 75,40 90,60 70,80 45,97|30,78 5,85
        75,3 92,40 80,75 62,70 40,52 12,60 8,85 30,90 45,70
        85,5 95,40 75,70 50,60 25,50 5,70 20,90 45,80 50,60
        5,25 30,5 70,5 92,30 92,65 75,95 58,85 45,62 25,62 12,82
        5,45 15,15 50,3 85,20 95,60 80,95 60,80 42,60 22,65 20,90 45,92
        45,3 20,8 15,25 45,30 85,50 85,75 62,95 45,75 25,62 5,75 12,92 35,88
        10,3 30,25 75,35 92,60 80,92 60,92 48,65 25,55 5,70 15,90 40,85 45,70
        95,10 55,3 30,15 45,32 80,50 85,75 62,97|40,68 12,62 5,90
    """,
}

DEBIAN = Path("/usr/share/fonts/truetype")
HIND = importlib.util.find_spec("fontpkg_hind_siliguri")
PYPI = Path(HIND.origin).parent / "files" if HIND else Path("fontpkg_hind_siliguri")
# (split, file, the package that brings it). Two fonts are kept for testing only.
# All are under the OFL or the GPL with the font exception. Left out: Likhan and Jamrul
# (no exception), and the weights of Hind Siliguri whose ১ is damaged in version 1.1.
FONTS = [
    ("training", PYPI / "HindSiliguri-Light.ttf", "fontpkg-hind-siliguri (PyPI)"),
    ("training", PYPI / "HindSiliguri-Bold.ttf", "fontpkg-hind-siliguri (PyPI)"),
    ("training", DEBIAN / "fonts-beng-extra/Mukti.ttf", "fonts-beng-extra (Debian)"),
    ("training", DEBIAN / "fonts-beng-extra/Ani.ttf", "fonts-beng-extra (Debian)"),
    ("training", DEBIAN / "lohit-bengali/Lohit-Bengali.ttf", "fonts-lohit-beng-bengali (Debian)"),
    ("training", DEBIAN / "noto/NotoSansBengali-Regular.ttf", "fonts-noto-core (Debian)"),
    ("testing", DEBIAN / "lohit-assamese/Lohit-Assamese.ttf", "fonts-lohit-beng-assamese (Debian)"),
    ("testing", DEBIAN / "noto/NotoSerifBengali-Regular.ttf", "fonts-noto-core (Debian)"),
]


def font_digits(path):
    """The ten digits of a font, each as the points of its ink in a unit box."""
    font, digits = ImageFont.truetype(str(path), 2 * CANVAS), []
    for digit in range(10):
        glyph = Image.new("L", (4 * CANVAS, 4 * CANVAS))
        ImageDraw.Draw(glyph).text((CANVAS, CANVAS), chr(ord("০") + digit), font=font, fill=255)
        points = np.argwhere(np.array(glyph.crop(glyph.getbbox())) > 127)[:, ::-1]
        digits.append(points / points.max())
    return digits


def parse(line):
    """A line of PATHS as a list of strokes, each a list of curves, each an array of points."""
    return [
        [
            np.array([point.split(",") for point in curve.split()], float) / 100
            for curve in stroke.split("|")
        ]
        for stroke in line.split("/")
    ]


def shape(way):
    """How many points each curve of each stroke has."""
    return [[len(curve) for curve in stroke] for stroke in way]


def distance(way, other):
    """The mean distance between the points of two ways of the same shape."""
    flat = [np.vstack([curve for stroke in w for curve in stroke]) for w in (way, other)]
    return np.hypot(*(flat[0] - flat[1]).T).mean()


def pen_path(digit, rng):
    """One way to write the digit, as points close together in a unit box."""
    ways = [parse(line) for line in PATHS[digit].strip().splitlines()]
    way = ways[rng.integers(len(ways))]
    # Blend it with a way (maybe itself) whose points lie near, one for one; a blend
    # of ways that start at different ends would be a scribble.
    near = [w for w in ways if shape(w) == shape(way) and distance(w, way) < 0.2]
    other = near[rng.integers(len(near))]
    mix, wander = rng.uniform(0, 1), rng.uniform(0.01, 0.06)
    points = []
    for stroke, stroke2 in zip(way, other, strict=True):
        line, last = [], None
        for curve, curve2 in zip(stroke, stroke2, strict=True):
            p = (1 - mix) * curve + mix * curve2
            p = p + rng.normal(0, wander, p.shape)
            p = p if last is None else np.vstack([last, p])
            last = p[-1]
            # Parameter: square root of the distance ("centripetal"), which keeps
            # a spline from making loops of its own between points.
            t = np.r_[0, np.cumsum(np.sqrt(np.hypot(*np.diff(p, axis=0).T)) + 1e-3)]
            line.append(CubicSpline(t, p)(np.linspace(0, t[-1], 150)))
        line = np.vstack(line)
        start, end = np.abs(rng.normal(0, 0.04, 2)) * len(line)  # the pen lands late, lifts early
        points.append(line[int(start) : len(line) - int(end)])
    return np.vstack(points)


def field(shape, sigma, rng):
    """A smooth random field with standard deviation about 1."""
    f = gaussian_filter(rng.normal(size=shape), sigma)
    return f / f.std()


def warp(p, rng):
    """Slant, rotate, stretch, tilt and elastically change points about their middle."""
    p = p - (p.min(0) + p.max(0)) / 2
    # Clipped, because a digit that leans or stretches too far is no longer that digit.
    angle, slant, stretch = np.clip(rng.normal(size=3), -2, 2) * [0.15, 0.25, 0.25]
    stretch = np.exp(stretch)
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    p = p @ (turn @ [[stretch, slant], [0, 1 / stretch]]).T
    p = p / (1 + p @ rng.normal(0, 0.15, 2))[:, None]  # perspective
    p = p / np.ptp(p, axis=0).max()  # longest side 1 again
    p = p - (p.min(0) + p.max(0)) / 2
    # Simard's field, on a coarse grid: sigma says how far neighbours move together.
    grid, strength, sigma = 24, rng.uniform(0, 0.08), rng.uniform(3, 6)
    at = np.clip((p.T[::-1] + 0.6) / 1.2, 0, 1) * (grid - 1)
    move = [map_coordinates(field((grid, grid), sigma, rng), at, order=1) for _ in "xy"]
    return p + strength * np.stack(move, 1)


def ink(p, pen, rng):
    """Draw points with a round pen, crop the ink, stretch it to SIZE x SIZE."""
    p = p - p.min(0)
    p = p / p.max() * (CANVAS - 33) + 16
    board = np.ones((CANVAS, CANVAS), bool)
    x, y = p.round().astype(int).T
    board[y, x] = False
    # Pressure: the radius wanders slowly along the line, and a fast, small change
    # roughens the edge and now and then breaks a thin line.
    pressure = np.exp(rng.uniform(0, 0.3) * field(board.shape, 10, rng))
    rough = rng.uniform(0, 0.5) * field(board.shape, 1.5, rng)
    black = distance_transform_edt(board) <= pen * pressure + rough
    picture = Image.fromarray(np.where(black, 255, 0).astype("uint8"))
    small = picture.crop(picture.getbbox()).resize((SIZE, SIZE), Image.Resampling.BOX)
    return np.where(np.array(small) > rng.uniform(90, 150), 0, 255).astype("uint8")


def draw(label, fonts, rng):
    """One picture of the digit; drawn again if it is a blot or a mere line."""
    while True:
        if rng.random() < FONT_SHARE:  # a glyph has its own thickness already
            p, pen = fonts[rng.integers(len(fonts))][label], rng.uniform(1, 4)
        else:
            p, pen = pen_path(label, rng), np.clip(np.exp(rng.normal(1.6, 0.4)), 2, 9)
        p = warp(p, rng)
        picture = ink(p, pen, rng)
        if np.ptp(p, axis=0).min() > 0.4 and (picture == 0).mean() < MOST_INK:
            return picture


def make(split, count, rng):
    """`count` pictures of each digit and their labels, shuffled."""
    fonts = [font_digits(path) for s, path, _ in FONTS if s == split]
    labels = rng.permutation(np.repeat(np.arange(10, dtype="uint8"), count))
    return np.array([draw(label, fonts, rng) for label in labels]), labels


def save(path, **arrays):
    """Like np.savez_compressed, but the same arrays give the same bytes (no clock)."""
    with zipfile.ZipFile(path, "w") as archive:
        for name, array in arrays.items():
            data = io.BytesIO()
            np.lib.format.write_array(data, array)
            entry = zipfile.ZipInfo(name + ".npy", (1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, data.getvalue(), compresslevel=9)


def contact_sheet(images, labels, columns=30):
    """Two rows of each digit, as a Pillow image."""
    sheet = Image.new("L", (columns * 36, 20 * 36), 200)
    for digit in range(10):
        for j, picture in enumerate(images[labels == digit][: 2 * columns]):
            sheet.paste(
                Image.fromarray(picture),
                (j % columns * 36 + 2, (2 * digit + j // columns) * 36 + 2),
            )
    return sheet.resize((columns * 54, 20 * 54))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--preview", metavar="PNG", help="draw a contact sheet there and stop")
    preview = parser.parse_args().preview
    missing = [
        f"  {path.name}: install the package {package}"
        for _, path, package in FONTS
        if not path.exists()
    ]
    if missing:
        sys.exit(
            "These fonts are missing, and without them the sample would differ:\n"
            + "\n".join(missing)
        )
    for number, (split, count) in enumerate(SPLITS.items()):
        images, labels = make(split, count, np.random.default_rng([SEED, number]))
        if preview:
            return contact_sheet(images, labels).save(preview)
        OUT.mkdir(parents=True, exist_ok=True)
        path = OUT / f"{split}-images.npz"
        save(path, images=images, labels=labels)
        print(
            f"{path.relative_to(OUT.parent.parent)}: {len(labels)} pictures, {path.stat().st_size:,} bytes"
        )


if __name__ == "__main__":
    main()
