"""Mistakes that raise nothing: `look(model, (x, y))` says in Bengali what seems wrong.

It runs the model on a few examples and changes nothing. It speaks only where it is sure, so
silence is no proof that all is well.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

MOST = 64  # examples that are looked at
Finding = tuple[str, dict[str, str]]


def look(model: Any, data: Any, validation: Any = None) -> None:
    """Looks at a compiled model and its data, and shows what looks wrong, in Bengali.

    Args:
        model: a built Keras model, trained or not.
        data: (x, y), or a tf.data dataset of batches; x alone will do.
        validation: the validation data in the same form, to see whether it repeats examples
            of `data`.
    """
    from helpers import errors

    found = findings(model, data, validation)
    by_id = {entry.id: entry for entry in errors.entries()}
    errors.show(*(errors.fill(by_id[name], facts) for name, facts in found))
    if not found:
        print(
            "সন্দেহ করার মতো কিছু চোখে পড়ল না। তার মানে এই নয় যে সব ঠিক: "
            "ফল কেমন হচ্ছে, বেসলাইনের সঙ্গে মিলিয়ে দেখুন।"
        )


def findings(model: Any, data: Any, validation: Any = None) -> list[Finding]:
    """What `look` would show: ids of data/errors.toml's silent entries, with their facts."""
    x, y = _batch(data)
    found = [*_data(x, y), *_weights(model), *_optimizer(model), *_strides(model)]
    found += [*_pixels(model, x), *_history(model)]
    if not any(name.startswith("silent_nan") for name, _ in found):
        outputs = _outputs(model, x)
        for output, label, loss, layer in _answers(model, outputs, y):
            found += _answer(model, output, label, loss, layer)
    if validation is not None:
        found += _leak(data, validation)
    return found


# --- data -----------------------------------------------------------------------------------


def _batch(data: Any, most: int = MOST) -> tuple[Any, Any]:
    """The first examples as NumPy arrays: (x, y), y None if there are no labels."""
    if hasattr(data, "element_spec"):  # tf.data
        data = next(iter(data.take(1)), ((), None))
    x, y = data[:2] if isinstance(data, tuple) and len(data) > 1 else (data, None)
    return _first(x, most), _first(y, most)


def _first(value: Any, most: int) -> Any:
    if value is None:
        return None
    if isinstance(value, dict):
        return {name: _first(part, most) for name, part in value.items()}
    if isinstance(value, (list, tuple)) and value and hasattr(value[0], "shape"):
        return [_first(part, most) for part in value]
    return np.asarray(value[:most])


def _parts(value: Any) -> list[np.ndarray]:
    if value is None:
        return []
    if isinstance(value, dict):
        return list(value.values())
    return value if isinstance(value, list) else [value]


def _data(x: Any, y: Any) -> Iterator[Finding]:
    bad = sum(
        int((~np.isfinite(part)).sum()) for part in _parts(x) + _parts(y) if part.dtype.kind == "f"
    )
    if bad:
        yield "silent_nan_data", {"count": _bn(bad)}


def _leak(data: Any, validation: Any) -> Iterator[Finding]:
    """Examples that stand in both; only arrays are compared, a dataset has no end."""

    def rows(value: Any) -> list[bytes]:
        x = value[0] if isinstance(value, tuple) else value
        if isinstance(x, dict) or not hasattr(x, "shape"):
            return []
        x = np.ascontiguousarray(x)
        return [row.tobytes() for row in x] if x.ndim > 1 and x.size >= 8 * len(x) else []

    seen = set(rows(data))
    again = sum(row in seen for row in rows(validation))
    if again > 0.01 * max(len(rows(validation)), 1):
        yield "silent_validation_leak", {"count": _bn(again)}


# --- the model ------------------------------------------------------------------------------


def _layers(model: Any) -> Iterator[Any]:
    import keras

    for layer in model.layers:
        if isinstance(layer, keras.Model):
            yield from _layers(layer)
        else:
            yield layer


def _weights(model: Any) -> Iterator[Finding]:
    for variable in model.variables:
        values = np.asarray(variable)
        if values.dtype.kind == "f" and not np.isfinite(values).all():
            yield "silent_nan_weights", {"layer": variable.path.split("/")[-2]}
            break
    # A model of its own that is frozen on purpose is not compiled, or is a part of another.
    if model.compiled and model.variables and not model.trainable_variables:
        yield "silent_nothing_trains", {}


def _optimizer(model: Any) -> Iterator[Finding]:
    optimizer = getattr(model, "optimizer", None)
    # Keras has no public list of what an optimizer updates.
    known = getattr(optimizer, "_trainable_variables", None)
    if known and model.trainable_variables and len(known) != len(model.trainable_variables):
        yield "silent_not_recompiled", {
            "known": _bn(len(known)), "now": _bn(len(model.trainable_variables)),
        }  # fmt: skip
    if optimizer is not None and "lr" in vars(optimizer):
        rate = float(np.asarray(optimizer.learning_rate))
        yield "silent_opt_lr", {"lr": f"{optimizer.lr}", "learning_rate": f"{rate:.6g}"}


def _strides(model: Any) -> Iterator[Finding]:
    import keras

    for layer in _layers(model):
        if isinstance(layer, keras.layers.Conv2D):
            size = {*layer.kernel_size, *layer.strides}
            if size in ({3}, {5}):
                yield "silent_old_stride", {"layer": layer.name, "size": _bn(size.pop())}


def _pixels(model: Any, x: Any) -> Iterator[Finding]:
    """Pixels that were not scaled, where the first weights take them as they come."""
    import keras

    if len(_parts(x)) != 1 or _parts(x)[0].dtype.kind not in "uif" or not _parts(x)[0].size:
        return
    pixels = _parts(x)[0]
    low, high = float(pixels.min()), float(pixels.max())
    facts = {"low": f"{low:.4g}", "high": f"{high:.4g}"}
    scaling = (
        keras.layers.Rescaling, keras.layers.Normalization, keras.layers.BatchNormalization,
        keras.layers.LayerNormalization, keras.layers.Lambda, keras.layers.Embedding,
    )  # fmt: skip
    for layer in model.layers:
        if isinstance(layer, scaling) or type(layer).__module__.split(".")[0] != "keras":
            return
        name = layer.name.lower()
        if isinstance(layer, keras.Model) and name.startswith("mobilenet"):
            if low >= 0:
                yield "silent_pixels_pretrained", {"layer": layer.name, **facts}
            return
        if isinstance(layer, keras.Model) or type(layer).__name__ in (
            "TrueDivide",
            "Multiply",
            "Subtract",
        ):
            return
        if layer.weights:
            looks_like_pixels = pixels.ndim >= 3 and low >= 0 and 100 < high <= 255
            if looks_like_pixels:
                yield "silent_pixels_big", facts
            return


def _history(model: Any) -> Iterator[Finding]:
    history = getattr(getattr(model, "history", None), "history", None) or {}
    for name, values in history.items():
        if name.startswith("val_") or name in ("learning_rate", "lr"):
            continue
        if len(values) >= 3 and len({float(v) for v in values}) == 1 and 0 < float(values[0]) < 1:
            yield "silent_frozen_metric", {
                "epochs": _bn(len(values)), "metric": name, "value": f"{float(values[0]):.4g}",
            }  # fmt: skip
            return


# --- outputs, labels and losses -------------------------------------------------------------


def _outputs(model: Any, x: Any) -> Any:
    import keras

    inputs = x if isinstance(x, (dict, list)) else np.asarray(x)
    return keras.tree.map_structure(np.asarray, model(inputs, training=False))


def _answers(model: Any, outputs: Any, y: Any) -> Iterator[tuple[np.ndarray, Any, Any, Any]]:
    """(output, labels, loss, last layer) for each answer that has a loss of its own."""
    loss = getattr(model, "loss", None) if model.compiled else None
    if isinstance(outputs, dict):
        for name, output in outputs.items():
            labels = y.get(name) if isinstance(y, dict) else None
            own = loss.get(name) if isinstance(loss, dict) else None
            yield output, labels, own, _maker(model, name)
    elif isinstance(outputs, (list, tuple)):
        return
    else:
        yield outputs, y, loss, model.layers[-1] if model.layers else None


def _maker(model: Any, name: str) -> Any:
    """The layer that makes a named output, or None."""
    tensor = model.output.get(name) if isinstance(model.output, dict) else None
    history = getattr(tensor, "_keras_history", None)
    return history.operation if history else None


def _answer(
    model: Any, output: np.ndarray, labels: Any, loss: Any, layer: Any
) -> Iterator[Finding]:
    if loss is None or not np.isfinite(output).all():
        return
    kind = _loss_name(loss)
    whole = isinstance(labels, np.ndarray) and labels.size and labels.size == len(output)
    if output.ndim > 2 and whole and kind in ("mse", "mae"):
        yield "silent_no_flatten", {"shape": f"{(None, *output.shape[1:])}", "loss": kind}
    if output.ndim != 2:
        return
    units = output.shape[1]
    logits = bool(getattr(loss, "from_logits", False))
    activation = _activation(layer)
    low, high = float(output.min()), float(output.max())

    if logits and activation in ("softmax", "sigmoid"):
        yield "silent_softmax_logits", {"activation": activation}
    if not logits and "crossentropy" in kind and activation not in ("softmax", "sigmoid"):
        beyond = low < -1e-3 or high > 1 + 1e-3
        if beyond:
            yield "silent_logits_as_probabilities", {"low": f"{low:.2g}", "high": f"{high:.2g}"}
    if activation == "softmax" and units == 1:
        yield "silent_one_softmax", {}
    if whole and kind.startswith("sparse") and int(labels.max()) >= units:
        yield "silent_label_range", {"label": f"{int(labels.max())}", "units": f"{units}"}
    if whole and labels.ndim == 2 and units > 1 and kind in ("mse", "mae"):
        yield "silent_mse_broadcast", {"units": f"{units}", "loss": kind}
    if logits and units == 1 and kind == "binary_crossentropy" and _counts_at_a_half(model):
        yield "silent_logit_accuracy", {}
    yield from _one_answer(model, output, labels, kind)


def _one_answer(model: Any, output: np.ndarray, labels: Any, kind: str) -> Iterator[Finding]:
    """The same class for all, after training enough to know better.

    Not in a model of several answers: one of them may be left out of the loss on purpose.
    """
    epochs = len(getattr(getattr(model, "history", None), "epoch", None) or ())
    if epochs < 3 or labels is None or isinstance(getattr(model, "output", None), (dict, list)):
        return
    if "crossentropy" not in kind or output.shape[1] < 2 or len(output) < 16:
        return
    classes = labels.argmax(axis=1) if labels.ndim == 2 and labels.shape[1] > 1 else labels.ravel()
    said = output.argmax(axis=1)
    if len(set(said.tolist())) == 1 and len(set(classes.tolist())) >= 3:
        yield (
            "silent_chance",
            {
                "count": _bn(len(output)),
                "label": f"{said[0]}",
                "classes": _bn(len(set(classes.tolist()))),
            },
        )


def _loss_name(loss: Any) -> str:
    if isinstance(loss, str):
        words = {"mean_squared_error": "mse", "mean_absolute_error": "mae"}
        return words.get(loss, loss)
    name = getattr(loss, "name", None) or getattr(loss, "__name__", "")
    return {"mean_squared_error": "mse", "mean_absolute_error": "mae"}.get(name, name)


def _activation(layer: Any) -> str:
    import keras

    if isinstance(layer, keras.layers.Softmax):
        return "softmax"
    if isinstance(layer, keras.Model):
        return _activation(layer.layers[-1]) if layer.layers else ""
    return getattr(getattr(layer, "activation", None), "__name__", "")


def _counts_at_a_half(model: Any) -> bool:
    """True if a model of one answer counts it as a yes from 0.5 on."""
    if isinstance(getattr(model, "output", None), (dict, list)):
        return False
    wanted = getattr(getattr(model, "_compile_metrics", None), "_user_metrics", None)
    names = wanted if isinstance(wanted, list) else []
    return any(
        name in ("accuracy", "acc", "binary_accuracy") for name in names if isinstance(name, str)
    )


def _bn(number: int) -> str:
    from helpers.messages import bn

    return bn(number)
