"""The convnets of lessons 06 and 07, trained from scratch: python benchmarks/convnets.py

    KERAS_BANGLA_DATA=FOLDER python benchmarks/convnets.py --seeds 3 --results FILE
    python benchmarks/convnets.py --speed

The models, the augmentation and the schedule are the lessons' own: their functions are taken
out of lessons/06_*.md and lessons/07_*.md, so that the table there and this benchmark can not
drift apart. All are trained on the same pictures and measured on the same held-out fifth. Each
training is one line in FILE (JSON); one that stands there is not done again, so a long run can
be cut off and go on. Told are the accuracies after the last epoch (nothing is picked by looking
at the held-out pictures), the mean over the seeds, and what an epoch costs here.

KERAS_BACKEND=jax trains with JAX, on a GPU where its JAX has one; TensorFlow then only reads the
pictures. A FILE is for one machine and one backend.

What a picture costs is measured apart, by `--speed`, on TensorFlow: the models of lessons 04, 06
and 07, not trained (it does not matter), take turns, so that whatever else the machine does
befalls all.
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

from helpers import datasets, weights  # noqa: E402

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

    def model(self) -> keras.Model:
        return eval(self.made_with or f"{self.function}()", functions(self.lesson))


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


def train(row: Row, seed: int) -> Result:
    keras.utils.set_random_seed(seed)
    recipe, model = functions("06"), row.model()
    known = datasets.flowers("train", SIZE).cache().shuffle(4000)
    held_out = datasets.flowers("validation", SIZE).batch(BATCH).cache()
    if row.full:
        # It has no source that AutoGraph could read, and needs no AutoGraph.
        augment = tf.autograph.experimental.do_not_convert(recipe["augment"])
        known = known.map(augment, num_parallel_calls=tf.data.AUTOTUNE)
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
        accuracy, seconds, used,
    )  # fmt: skip


def untrained() -> dict[str, keras.Model]:
    """The models of lessons 04, 06 and 07 by lesson and name."""
    import transfer  # lesson 04's benchmark, beside this file

    setting = transfer.Setting(weights.mobilenet_v2(), None, None, quick=False)
    models = {
        "04 one layer": transfer.one_layer_model(setting),
        "04 from scratch": transfer.scratch_model(setting),
        f"04 MobileNetV2, {setting.size} pixels": transfer.frozen_model(setting),
    }
    for row in ROWS:
        models[f"{row.lesson} {row.function}"] = row.model()
    return models


def speed(rounds: int = 7, passes: int = 20) -> str:
    """A table of how long one picture takes, in a batch of one."""
    forwards = {}
    for name, model in untrained().items():
        picture = tf.zeros((1, *model.input_shape[1:]), model.input_dtype)
        forwards[name] = tf.function(lambda x, model=model: model(x, training=False)), picture
    times: dict[str, list[float]] = {name: [] for name in forwards}
    for _ in range(rounds + 1):
        for name, (forward, picture) in forwards.items():
            began = time.perf_counter()
            for _ in range(passes):
                forward(picture).numpy()
            times[name].append(1e3 * (time.perf_counter() - began) / passes)
    lines = ["| model | ms a picture, median | least to most |", "|:--|--:|--:|"]
    for name, found in times.items():
        found = found[1:]  # the first round compiles
        spread = f"{min(found):.2f} to {max(found):.2f}"
        lines.append(f"| {name} | {statistics.median(found):.2f} | {spread} |")
    return "\n".join(lines)


def table(results: list[Result]) -> str:
    lines = [
        "| model | parameters | epochs | training | held out | seeds | s/epoch | CPU s/epoch |",
        "|:--|--:|--:|--:|--:|:--|--:|--:|",
    ]
    for name in dict.fromkeys((r.lesson, r.function, r.epochs) for r in results):
        same = [r for r in results if (r.lesson, r.function, r.epochs) == name]

        def mean(key: str, same: list[Result] = same) -> float:
            return statistics.mean(getattr(r, key) for r in same)

        seeds = ", ".join(f"{r.accuracy:.1%}" for r in same)
        lines.append(
            f"| {name[0]} {name[1]} | {same[0].parameters:,} | {name[2]} "
            f"| {mean('train_accuracy'):.1%} | {mean('accuracy'):.1%} | {seeds} "
            f"| {mean('seconds') / name[2]:.1f} | {mean('cpu_seconds') / name[2]:.1f} |"
        )
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--only", default="", help="functions, separated by commas")
    parser.add_argument("--epochs", type=int, help="another number of epochs, for a quick look")
    parser.add_argument("--results", type=Path, default=ROOT / "build" / "convnets.jsonl")
    parser.add_argument("--speed", action="store_true", help="time a picture, train nothing")
    arguments = parser.parse_args()
    machine = f"{os.cpu_count()} cores, Keras {keras.version()} on {keras.config.backend()}\n"
    if arguments.speed:
        print(machine, speed(), sep="\n")
        return
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
    print(machine, table(done), sep="\n")


if __name__ == "__main__":
    main()
