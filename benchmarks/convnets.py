"""The convnets of lessons 06 and 07, trained from scratch: python benchmarks/convnets.py

    KERAS_BANGLA_DATA=FOLDER python benchmarks/convnets.py --seeds 3 --results FILE

The models, the augmentation and the schedule are the lessons' own: their functions are taken
out of lessons/06_*.md and lessons/07_*.md, so that the table there and this benchmark can not
drift apart. All are trained on the same pictures and measured on the same held-out fifth. Each
training is one line in FILE (JSON); one that stands there is not done again, so a long run can
be cut off and go on. Told are the accuracies after the last epoch (nothing is picked by looking
at the held-out pictures), the mean over the seeds, and what an epoch and a picture cost here.
"""

from __future__ import annotations

import argparse
import ast
import json
import os
import re
import statistics
import sys
import time
from dataclasses import asdict, dataclass, replace
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("KERAS_BACKEND", "tensorflow")
ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import keras  # noqa: E402
import numpy as np  # noqa: E402
import tensorflow as tf  # noqa: E402

from helpers import datasets  # noqa: E402

BATCH, SIZE = 32, 96


@dataclass(frozen=True)
class Row:
    """A model of a lesson and how it is trained.

    `full` is lesson 06's whole recipe (augmentation, warm-up and decay, AdamW); else plain Adam.
    """

    lesson: str
    function: str
    epochs: int
    full: bool = True
    made_with: str = ""  # the call that makes the model, where it takes arguments


ROWS = [
    Row("06", "one_conv", 20, full=False),
    Row("06", "conv_and_pool", 20, full=False),
    Row("06", "conv_and_average", 20, full=False),
    Row("06", "with_one_by_one", 20, full=False),
    Row("06", "flower_net", 60),
    Row("07", "plain_net", 60),
    Row("07", "squeeze_net", 60),
    Row("07", "separable_net", 60),
    Row("07", "without_shortcut", 60, made_with="separable_net(shortcut=False)"),
]


def functions(lesson: str) -> dict:
    """The functions that a lesson's cells define, by name, ready to be called."""
    (path,) = (ROOT / "lessons").glob(f"{lesson}_*.md")
    cells = re.findall(r"^```\{code-cell\}.*?\n(.*?)^```$", path.read_text("utf-8"), re.S | re.M)
    found = {"keras": keras, "layers": keras.layers, "tf": tf, "np": np, "SIZE": SIZE}
    for cell in cells:
        for node in ast.parse(cell).body:
            if isinstance(node, ast.FunctionDef):
                # Under a name of its own, where nobody looks for the source: AutoGraph would
                # read the Markdown for Python, and complain.
                exec(compile(ast.Module([node], []), f"<{path.stem}>", "exec"), found)
    return found


@dataclass(frozen=True)
class Result:
    """What one training gave."""

    lesson: str
    function: str
    seed: int
    epochs: int
    parameters: int
    train_accuracy: float
    accuracy: float
    seconds: float
    cpu_seconds: float
    milliseconds: float  # for one picture in a batch of one, the processor's wall clock


def train(row: Row, seed: int) -> Result:
    keras.utils.set_random_seed(seed)
    recipe = functions("06")
    model = eval(row.made_with or f"{row.function}()", functions(row.lesson))
    known = datasets.flowers("train", SIZE).cache().shuffle(4000)
    held_out = datasets.flowers("validation", SIZE).batch(BATCH).cache()
    if row.full:
        known = known.map(recipe["augment"], num_parallel_calls=tf.data.AUTOTUNE)
    known = known.batch(BATCH, drop_remainder=True).prefetch(tf.data.AUTOTUNE)
    optimizer = keras.optimizers.Adam(0.001)
    if row.full:
        schedule = recipe["schedule_for"](row.epochs * int(known.cardinality()))
        optimizer = keras.optimizers.AdamW(schedule, weight_decay=0.05)
    model.compile(
        optimizer,
        keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        metrics=["accuracy"],
    )
    began, used = time.perf_counter(), time.process_time()
    history = model.fit(known, epochs=row.epochs, shuffle=False, verbose=0).history
    seconds, used = time.perf_counter() - began, time.process_time() - used
    accuracy = model.evaluate(held_out, verbose=0)[1]
    return Result(
        row.lesson, row.function, seed, row.epochs, model.count_params(), history["accuracy"][-1],
        accuracy, seconds, used, milliseconds(model),
    )  # fmt: skip


def milliseconds(model: keras.Model) -> float:
    """The median time of a forward pass of one picture."""
    picture = tf.zeros((1, SIZE, SIZE, 3))
    forward = tf.function(lambda x: model(x, training=False))
    times = []
    for _ in range(60):
        began = time.perf_counter()
        forward(picture).numpy()
        times.append(time.perf_counter() - began)
    return 1e3 * statistics.median(times[10:])


def table(results: list[Result]) -> str:
    lines = [
        "| model | parameters | epochs | training | held out | seeds | s/epoch | CPU s/epoch | ms |",
        "|:--|--:|--:|--:|--:|:--|--:|--:|--:|",
    ]
    for name in dict.fromkeys((r.lesson, r.function, r.epochs) for r in results):
        same = [r for r in results if (r.lesson, r.function, r.epochs) == name]

        def mean(key: str, same: list[Result] = same) -> float:
            return statistics.mean(getattr(r, key) for r in same)

        seeds = ", ".join(f"{r.accuracy:.1%}" for r in same)
        lines.append(
            f"| {name[0]} {name[1]} | {same[0].parameters:,} | {name[2]} "
            f"| {mean('train_accuracy'):.1%} | {mean('accuracy'):.1%} | {seeds} "
            f"| {mean('seconds') / name[2]:.1f} | {mean('cpu_seconds') / name[2]:.1f} "
            f"| {mean('milliseconds'):.1f} |"
        )
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--only", default="", help="functions, separated by commas")
    parser.add_argument("--epochs", type=int, help="another number of epochs, for a quick look")
    parser.add_argument("--results", type=Path, default=ROOT / "build" / "convnets.jsonl")
    arguments = parser.parse_args()
    arguments.results.parent.mkdir(parents=True, exist_ok=True)
    arguments.results.touch()
    done = [Result(**json.loads(line)) for line in arguments.results.read_text().splitlines()]
    for seed in range(arguments.seeds):
        for row in ROWS:
            epochs = arguments.epochs or row.epochs
            known = {(r.lesson, r.function, r.seed, r.epochs) for r in done}
            if arguments.only and row.function not in arguments.only.split(","):
                continue
            if (row.lesson, row.function, seed, epochs) in known:
                continue
            done.append(train(replace(row, epochs=epochs), seed))
            with arguments.results.open("a") as file:
                file.write(json.dumps(asdict(done[-1])) + "\n")
            print(done[-1], flush=True)
    print(f"{os.cpu_count()} cores, TensorFlow {tf.__version__}, Keras {keras.version()}\n")
    print(table(done))


if __name__ == "__main__":
    main()
