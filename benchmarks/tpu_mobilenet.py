"""What MobileNetV2 at 192x192 would ask of one TPU v5e chip: a Markdown table.

    python benchmarks/tpu_mobilenet.py

Needs libtpu (`pip install -e ".[tpu]"`) and no TPU; about an hour on two CPU cores. Every row is
a compilation of the whole train step: the base with its weights frozen or trained, a pooled
head of five classes, Adam. 'images/s' is what the chip would take at its published peaks, an
upper bound; HBM is what the compiler says that the step needs.
"""

import contextlib
import io
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import keras

from helpers import tpu

SIZE, CLASSES = 192, 5
BATCHES = (64, 128, 256, 512, 1024)


def build(trained: bool, policy: str) -> keras.Model:
    """MobileNetV2 without weights' values, with the head that the lessons give it."""
    keras.config.set_dtype_policy(policy)
    base = keras.applications.MobileNetV2(
        input_shape=(SIZE, SIZE, 3), include_top=False, weights=None, pooling="avg"
    )
    base.trainable = trained
    head = keras.layers.Dense(CLASSES, dtype="float32")
    model = keras.Sequential([keras.Input((SIZE, SIZE, 3)), base, head])
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile("adam", loss, metrics=["accuracy"])
    return model


def row(trained: bool, policy: str, batch: int) -> str:
    """One row of the table, measured."""
    model = build(trained, policy)
    began = time.perf_counter()
    with contextlib.redirect_stdout(io.StringIO()):
        found = tpu.report(model, batch_size=batch, timeout=3600)
    took = time.perf_counter() - began
    cells = ["trained" if trained else "frozen", policy, batch]
    if found.compiled:
        cells += [
            "yes",
            f"{found.hbm / 2**30:.2f}",
            f"{found.flops / 1e9:.0f}",
            f"{found.bytes / 1e9:.2f}",
            f"{found.intensity:.0f}",
            found.bound,
            f"{found.examples_per_second:,.0f}",
        ]
    elif found.hbm:
        cells += ["no: HBM", f"≥ {found.hbm / 2**30:.2f}", *"—————"]
    else:
        cells += [f"no: {found.reason}", *"——————"]
    return " | ".join(map(str, ["", *cells, f"{took:.0f}", ""])).strip()


if __name__ == "__main__":
    names = "base, dtype, batch, compiled, HBM GiB of 16, GFLOP/step, GB/step, FLOP/byte, bound, "
    names = [*(names + "images/s at most, s to compile").split(", ")]
    print(f"| {' | '.join(names)} |\n|{'---|' * len(names)}")
    for trained in (False, True):
        for policy in ("float32", "mixed_bfloat16"):
            for batch in BATCHES:
                print(row(trained, policy, batch), flush=True)
