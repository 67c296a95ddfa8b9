"""Compiles a Keras model's train step for TPU chips that are not there, and measures it.

`helpers.tpu` runs this in a process of its own (`python -m helpers._tpu_compile`), because
libtpu writes to stderr as it likes and may crash. One JSON object comes in on stdin:

    model       what `model.to_json()` gave; it carries the compile settings too
    policy      name of the global dtype policy
    trainable   the shapes of the trainable weights, to compare the rebuilt model with
    batch_size  examples in a step, over all chips
    chips       how many chips share them
    topology    libtpu's name of the chips' arrangement, such as "v5e:2x2"

and one goes out on stdout: {"hbm", "flops", "bytes", "loops"}, all for one chip and one
step, the first three in bytes, FLOP and bytes; or {"error", "detail"}, where "error" is
"rebuild" (no such model from this JSON), "step" (its training step does not work), "memory"
(HBM is too small) or "compile".
"""

from __future__ import annotations

import json
import os
import re
import sys

# One shape in XLA's text: type, dimensions, and the layout's part that may name a memory.
_SHAPE = re.compile(r"\b([a-z]+\d*\w*)\[([\d,]*)\](?:\{[\d,]*(:[^}]*)?\})?")
_INSTRUCTION = re.compile(r"^\s+(?:ROOT )?%?(\S+) = (.*?) ([a-z][a-z\d\-]*)\((.*)$")
# These move nothing themselves; what a loop moves stands in its body.
_STILL = {"parameter", "constant", "tuple", "get-tuple-element", "bitcast", "after-all"}
_STILL |= {"while", "conditional", "call"}


def hbm_bytes(hlo: str) -> float:
    """Bytes that a compiled program reads from and writes to HBM, without padding.

    XLA's own "bytes accessed" also counts the fast memory on the chip (VMEM), and every copy
    between the two four times. Here only what lies in HBM counts: shapes whose layout names
    no other memory, `S(1)` and so on. A loop's body counts once.

    Args:
        hlo: the text of the compiled module, `compiled.as_text()`.
    """
    bodies = set(re.findall(r"body=%?([\w.\-]+)", hlo))
    total = 0.0
    for computation in hlo.split("\n\n"):
        head, *lines = computation.strip().splitlines() or [""]
        name = head.removeprefix("ENTRY ").lstrip("%").split(" ")[0]
        if not head.startswith("ENTRY ") and name not in bodies:
            continue
        parts: dict[str, list[tuple[float, bool]]] = {}  # name: (bytes, in HBM?) of each array
        for line in lines:
            if not (found := _INSTRUCTION.match(line)):
                continue
            name, shape, operation, rest = found.groups()
            parts[name] = [_array(*array) for array in _SHAPE.findall(shape)]
            if operation in _STILL or operation.endswith("-done"):
                continue
            if operation.endswith("-start"):  # (from, to) or (to, from): the smaller one moves
                pair = parts[name][:2]
                total += min((size for size, _ in pair), default=0) * sum(hbm for _, hbm in pair)
                continue
            inputs = re.findall(r"%([\w.\-]+)", rest.split(")")[0])
            arrays = parts[name] + [array for i in inputs for array in parts.get(i, [])]
            total += sum(size for size, hbm in arrays if hbm)
    return total


def _array(kind: str, dimensions: str, layout: str) -> tuple[float, bool]:
    size = int(found[0]) / 8 if (found := re.search(r"\d+", kind)) else 1  # "pred": a byte
    for dimension in filter(None, dimensions.split(",")):
        size *= int(dimension)
    return size, "S(" not in layout


def _labels(graph, losses, array) -> list:
    """What `fit` would be given as y for each output: class numbers for a 'sparse' loss, else
    floats of the output's shape; `array(shape, dtype)` makes them."""
    if isinstance(losses, dict):
        losses = [losses.get(name) for name in graph.output_names]
    elif not isinstance(losses, (list, tuple)):
        losses = [losses] * len(graph.outputs)
    labels = []
    for loss, output in zip(losses, graph.outputs, strict=True):
        sparse = "sparse" in f"{loss} {getattr(loss, 'name', '')}".lower()
        shape, dtype = (output.shape[:-1], "int32") if sparse else (output.shape, "float32")
        labels.append(array(shape, dtype))
    return labels


def measure(task: dict) -> dict:
    """The answer to one task, both as this module's docstring says."""
    import jax
    import keras
    import numpy as np
    from jax.experimental.topologies import get_topology_desc
    from jax.sharding import Mesh, NamedSharding, PartitionSpec

    try:
        keras.config.set_dtype_policy(task["policy"])
        keras.config.enable_unsafe_deserialization()  # Lambda layers: the learner's own code
        model = keras.models.model_from_json(task["model"])
        if [list(v.shape) for v in model.trainable_variables] != task["trainable"]:
            raise ValueError("the rebuilt model has other trainable weights")
    except Exception as error:
        return _failure("rebuild", error)

    devices = get_topology_desc(platform="tpu", topology_name=task["topology"]).devices
    mesh = Mesh(np.array(devices[: task["chips"]]), ("batch",))
    whole = NamedSharding(mesh, PartitionSpec())  # every chip holds all weights
    split = NamedSharding(mesh, PartitionSpec("batch"))

    def array(shape, dtype):
        return jax.ShapeDtypeStruct((task["batch_size"], *shape[1:]), dtype, sharding=split)

    try:
        graph = getattr(model, "_functional", model)  # what a Sequential keeps inside
        x = keras.tree.map_structure(lambda tensor: array(tensor.shape, tensor.dtype), graph.input)
        y = keras.tree.pack_sequence_as(graph.output, _labels(graph, model.loss, array))
        # As `fit` does: build what the loss and the metrics need, then one compiled step that
        # may overwrite its old weights.
        model._symbolic_build(data_batch=(x, y))
        state = jax.tree.map(
            lambda v: jax.ShapeDtypeStruct(v.shape, v.dtype, sharding=whole),
            model._get_jax_state(True, True, True, True),
        )
        step = jax.jit(model.train_step, donate_argnums=0, out_shardings=(None, whole))
        traced = step.trace(state, (x, y))
    except Exception as error:
        return _failure("step", error)
    try:
        compiled = traced.lower(lowering_platforms=("tpu",)).compile()
    except Exception as error:
        full = "RESOURCE_EXHAUSTED" in str(error) and "hbm" in str(error).lower()
        return _failure("memory" if full else "compile", error)

    memory, cost, hlo = compiled.memory_analysis(), compiled.cost_analysis(), compiled.as_text()
    return {
        "hbm": memory.argument_size_in_bytes
        + memory.output_size_in_bytes
        - memory.alias_size_in_bytes
        + memory.temp_size_in_bytes
        + memory.generated_code_size_in_bytes,
        "flops": cost["flops"],
        # XLA's count is the better one where an operation reads a small part of an array.
        "bytes": min(hbm_bytes(hlo), cost["bytes accessed"]),
        "loops": " while(" in hlo,
    }


def _failure(kind: str, error: Exception) -> dict:
    said = str(error).rsplit("Exception encountered: ", 1)[-1]  # Keras puts a config before it
    return {"error": kind, "detail": f"{type(error).__name__}: {said}"[:2000]}


if __name__ == "__main__":
    # Only the answer goes to stdout; whatever libraries print there goes to stderr.
    answer_to = os.dup(1)
    os.dup2(2, 1)
    try:
        answer = measure(json.load(sys.stdin))
    except Exception as error:
        answer = _failure("compile", error)
    os.write(answer_to, json.dumps(answer).encode())
