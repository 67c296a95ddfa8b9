"""Checks for lesson 03, graphs of layers."""

from __future__ import annotations

from typing import Any

import numpy as np

from helpers.check import (
    Blank,
    Hint,
    built_model,
    call,
    exercise,
    expect,
    layers_of,
    to_numpy,
)
from helpers.messages import bn, percent

OUTPUTS = ("priority", "department")


def _names(model: Any) -> list[str]:
    return [tensor.name for tensor in model.inputs]


def _feed(model: Any, arrays: dict[str, np.ndarray]) -> Any:
    """The arrays in the form that the model takes: by name, in a list, or alone."""
    # A Sequential model that was never called has its doors only inside.
    struct = (getattr(model, "_functional", None) or model).input
    if isinstance(struct, dict):
        return {key: arrays[tensor.name] for key, tensor in struct.items()}
    values = [arrays[name] for name in _names(model)]
    return values if isinstance(struct, (list, tuple)) else values[0]


def _has_softmax(model: Any) -> bool:
    import keras

    named = [getattr(getattr(layer, "activation", None), "__name__", "") for layer in model.layers]
    return bool(layers_of(model, keras.layers.Softmax)) or "softmax" in named


def _built(value: Any) -> Any:
    """A built model; the hint for anything else speaks of this lesson's way to write one."""
    import keras

    expect(
        isinstance(value, keras.Model),
        "এখানে একটা Keras মডেল লাগবে, যেমন `keras.Model(ইনপুট, আউটপুট)`। মডেলটা যে নামে রেখেছেন সেই নামটাই দিন।",
    )
    return built_model(value)


def _functional(value: Any) -> Any:
    """A built model whose graph Keras knows."""
    import keras

    model = _built(value)
    expect(
        not isinstance(model, keras.Sequential),
        "এটা এখনও `Sequential`। `keras.Input` দিয়ে দরজা বানান, লেয়ারগুলো একে একে ডাকুন, শেষে `keras.Model(দরজা, আউটপুট)`।",
    )
    expect(
        getattr(model, "inputs", None),
        "মডেলটার গ্রাফ নেই। নিজের ক্লাস না লিখে `keras.Model(দরজা, আউটপুট)` দিয়ে বানান।",
    )
    return model


@exercise("03.1")
def same_model_again(answer, original=None):
    """`answer`: the functional twin of (20,) -> 16 relu -> 8 relu -> 3 logits.

    `original`, where given, is the Sequential model, whose own layers are no answer.
    """
    import keras

    model = _functional(answer)
    expect(
        not any(
            layer is old for layer in _all_layers(model) for old in getattr(original, "layers", [])
        ),
        "এগুলো `train_line`-এরই লেয়ার। অনুশীলনীটা লেয়ারগুলো নিজে লেখার: নতুন `keras.Input` আর নতুন তিনটি `Dense` বানান।",
    )
    expect(
        model.input_shape == (None, 20),
        f"দরজার শেপ হওয়ার কথা (None, 20), আপনারটা {model.input_shape}। `keras.Input(shape=(20,))` দিন।",
    )
    dense = layers_of(model, keras.layers.Dense)
    units = [layer.units for layer in dense]
    expect(
        sorted(units) != sorted([16, 8, 3]) or units == [16, 8, 3],
        f"লেয়ারগুলো আছে, কিন্তু ক্রম উল্টে গেছে: {units}। হওয়ার কথা 16, তারপর 8, শেষে 3।",
    )
    expect(
        not ({16, 8, 3} - set(units)),
        f"সব লেয়ার পথে নেই, আছে শুধু {units}। প্রতিটি লেয়ারকে ঠিক আগেরটার আউটপুট দিচ্ছেন তো?",
    )
    expect(units == [16, 8, 3], f"`Dense` লেয়ার তিনটি হওয়ার কথা, 16, 8 আর 3। আপনার মডেলে {units}।")
    expect(
        not _has_softmax(model),
        "শেষে সফটম্যাক্স বসে আছে, `train_line`-এ তা ছিল না। শেষ `Dense`-এ কোনো অ্যাক্টিভেশন দেবেন না।",
    )
    weights = [layer.get_weights() for layer in dense]
    x = np.random.default_rng(0).normal(size=(64, 20)).astype("float32")
    expected = x
    for number, arrays in enumerate(weights):
        expect(len(arrays) == 2, "`Dense` লেয়ারে বায়াস নেই। `use_bias=False` দিয়ে থাকলে মুছে দিন।")
        expected = expected @ arrays[0] + arrays[1]
        if number < 2:
            expected = np.maximum(expected, 0)
    found = _one(model(_feed(model, {_names(model)[0]: x})))
    expect(
        np.allclose(found, expected, atol=1e-3),
        'একই ওয়েটে উত্তর মিলছে না। প্রথম দুই লেয়ারে `activation="relu"` আছে তো? শেষেরটায় কিছু থাকবে না।',
    )
    return f"দুটোতেই {bn(model.count_params())}টি প্যারামিটার, লেখার ধরনটাই শুধু আলাদা।"


@exercise("03.2")
def two_inputs(answer, n_words):
    """`answer`: a model {title: (n_words,), tags: (12,)} -> 6 logits."""
    model = _functional(answer)
    names = _names(model)
    expect(
        "body" not in names,
        "`body` ইনপুটটা এখানে লাগবে না। শুধু `title` আর `tags`।",
    )
    expect(
        len(names) == 2,
        f"ইনপুট দুটি হওয়ার কথা, আপনার মডেলে {bn(len(names))}টি। `keras.Model`-এ দুটো দরজাই দিন।",
    )
    expect(
        set(names) == {"title", "tags"},
        f'ইনপুটের নাম হওয়ার কথা title আর tags, আপনার মডেলে {", ".join(names)}। `keras.Input(..., name="title")` লিখে নাম দিন।',
    )
    shapes = {tensor.name: tuple(tensor.shape) for tensor in model.inputs}
    expect(
        shapes == {"title": (None, n_words), "tags": (None, 12)},
        f"শেপ হওয়ার কথা title (None, {n_words}) আর tags (None, 12)। আপনার মডেলে {shapes}।",
    )
    expect(
        len(model.outputs) == 1,
        f"আউটপুট একটাই চাই, বিভাগ। আপনার মডেলে {bn(len(model.outputs))}টি।",
    )
    shape = tuple(model.outputs[0].shape)
    expect(shape == (None, 6), f"আউটপুটে ছয়টা লজিট চাই, শেপ (None, 6)। আপনার মডেলের আউটপুট {shape}।")
    expect(
        not _has_softmax(model),
        "শেষে সফটম্যাক্স আছে। চেয়েছি লজিট, তাই শেষ লেয়ারে অ্যাক্টিভেশন দেবেন না।",
    )
    rng = np.random.default_rng(0)
    # Logits reach any number: with inputs this wild some lie below 0, and some beyond 1.
    wild = {
        name: 1e3 * rng.normal(size=(256, shape[1])).astype("float32")
        for name, shape in shapes.items()
    }
    logits = _one(model(_feed(model, wild)))
    expect(
        logits.min() < 0 and np.abs(logits).max() > 1,
        "আউটপুট লজিট নয়, একটা অ্যাক্টিভেশন পেরিয়ে আসছে। শেষ লেয়ারে কোনো অ্যাক্টিভেশন নয়: `Dense(6)`।",
    )
    arrays = {name: rng.integers(0, 2, (8, shapes[name][1])).astype("float32") for name in shapes}
    outputs = _one(model(_feed(model, arrays)))
    for name in shapes:
        other = arrays | {name: 1 - arrays[name]}
        expect(
            not np.allclose(outputs, _one(model(_feed(model, other))), atol=1e-6),
            f"`{name}` বদলালেও উত্তর বদলায় না, মানে ওটার পথ উত্তরে পৌঁছায়নি। দুটো পথ `Concatenate` দিয়ে মেলান।",
        )
    return "দুই পথ মিশে এক উত্তর।"


def _one(outputs: Any) -> np.ndarray:
    while isinstance(outputs, (dict, list, tuple)):
        outputs = next(iter(outputs.values() if isinstance(outputs, dict) else outputs))
    return to_numpy(outputs)


def _by_name(model: Any, outputs: Any) -> dict[str, np.ndarray]:
    """A model's two outputs by their names, whether it gives a dictionary or a list."""
    if isinstance(outputs, (list, tuple)):
        outputs = dict(zip(model.output_names, outputs, strict=True))
    expect(
        isinstance(outputs, dict) and set(outputs) == set(OUTPUTS),
        'দুটো আউটপুট লাগবে, নাম `priority` আর `department`। `keras.Model(দরজা, {"priority": ..., "department": ...})` লিখুন।',
    )
    return {name: to_numpy(value) for name, value in outputs.items()}


@exercise("03.3")
def compiled_by_name(answer):
    """`answer`: the two-output desk, compiled with losses, weights and metrics by name."""
    import keras

    model = _built(answer)
    if not model.compiled:  # the cell makes `student_desk` itself: this is the untouched blank
        raise Blank
    expect(
        isinstance(model.optimizer, keras.optimizers.RMSprop),
        f"অপটিমাইজার `RMSprop` হওয়ার কথা, আপনারটা `{type(model.optimizer).__name__}`।",
    )
    rate = float(model.optimizer.learning_rate)
    expect(np.isclose(rate, 1e-3, rtol=1e-3), f"লার্নিং রেট 0.001 হওয়ার কথা, আপনারটা {rate:g}।")

    rng = np.random.default_rng(0)
    n = 256
    # From faint to full: the fainter a ticket, the nearer its logits come to zero.
    strength = np.linspace(0.02, 1, n, dtype="float32")[:, np.newaxis]
    arrays = {
        tensor.name: strength * rng.integers(0, 2, (n, tensor.shape[1])).astype("float32")
        for tensor in model.inputs
    }
    outputs = _by_name(model, model(_feed(model, arrays)))
    truth = {
        # Right wherever the cut is at zero; a cut at 0.5 calls small logits wrong.
        "priority": (outputs["priority"] > 0).astype("float32"),
        "department": np.eye(6, dtype="float32")[rng.integers(0, 6, n)],
    }
    inputs = _feed(model, arrays)
    try:
        # Not `evaluate`: one that fails would leave the model dead on JAX.
        predicted = model(inputs)
        total = float(model.compute_loss(x=inputs, y=truth, y_pred=predicted))
        told = model.compute_metrics(inputs, truth, predicted)
        model.reset_metrics()
    except Exception as error:
        _explain_settings(model)
        raise Hint(
            "এই সেটিং নিয়ে মডেলটা চলেই না। `loss`, `loss_weights` আর `metrics`-এর ডিকশনারিতে চাবি হবে আউটপুটের নাম, `priority` আর `department`; লেবেল ওয়ান-হট, তাই বিভাগে `CategoricalCrossentropy`।"
        ) from error
    told = {name: float(value) for name, value in told.items()}

    binary = {
        logits: float(
            keras.losses.BinaryCrossentropy(from_logits=logits)(
                truth["priority"], outputs["priority"]
            )
        )
        for logits in (True, False)
    }
    many = {
        logits: float(
            keras.losses.CategoricalCrossentropy(from_logits=logits)(
                truth["department"], outputs["department"]
            )
        )
        for logits in (True, False)
    }
    right = 0.5 * binary[True] + many[True]
    if not np.isclose(total, right, rtol=2e-3):
        _explain_settings(model)
        _explain_loss(total, binary, many)
    accuracies = {
        name: [v for k, v in told.items() if k.startswith(f"{name}_") and "acc" in k]
        for name in OUTPUTS
    }
    for name, title in zip(OUTPUTS, ("জরুরির", "বিভাগের"), strict=True):
        expect(
            accuracies[name],
            f'{title} অ্যাকুরেসি মাপা হচ্ছে না। `metrics`-এর ডিকশনারিতে "{name}" চাবিটা দিন।',
        )
    hits = (outputs["department"].argmax(1) == truth["department"].argmax(1)).mean()
    expect(
        any(np.isclose(value, hits, atol=1e-3) for value in accuracies["department"]),
        "বিভাগের অ্যাকুরেসি ভুল মাপছে। ছয়টার মধ্যে সবচেয়ে বড় লজিটটা ঠিক বিভাগের কি না, সেটাই মাপতে হবে: "
        '`keras.metrics.CategoricalAccuracy()` বা শুধু `"accuracy"` দিন।',
    )
    expect(
        any(np.isclose(value, 1, atol=1e-3) for value in accuracies["priority"]),
        "জরুরির অ্যাকুরেসি ভুল মাপছে: সে ভাবছে ০.৫-এর বেশি মানে ‘হ্যাঁ’, অথচ মডেল দেয় লজিট। `keras.metrics.BinaryAccuracy(threshold=0.0)` দিন।",
    )
    return "দুই লস, দুই ওয়েট, দুই মেট্রিক, সব নাম ধরে।"


def _explain_settings(model: Any) -> None:
    """Raises the hint that fits what was given to `compile`, where it is a usual mistake."""
    try:
        given = model.get_compile_config() or {}
    except Exception:  # settings that Keras cannot write down
        return
    loss, weights, metrics = (given.get(key) for key in ("loss", "loss_weights", "metrics"))
    if isinstance(loss, dict):
        kinds = {name: str(loss.get(name)).lower().replace("_", "") for name in OUTPUTS}
        expect(
            "sparse" not in kinds["department"],
            "`SparseCategoricalCrossentropy` চায় লেবেল সাধারণ সংখ্যা, এখানে লেবেল ওয়ান-হট। বিভাগে `CategoricalCrossentropy` দিন।",
        )
        expect(
            not ("categorical" in kinds["priority"] and "binary" in kinds["department"]),
            "লস দুটো উল্টো আউটপুটে বসেছে। হ্যাঁ-না প্রশ্ন `priority`-তে `BinaryCrossentropy`, `department`-এ `CategoricalCrossentropy`।",
        )
    expect(
        not isinstance(weights, dict) or set(weights) == set(OUTPUTS),
        "`loss_weights`-এ দুটো নামই লিখুন, ওয়েট ১ হলেও।",
    )
    expect(
        not isinstance(metrics, (list, tuple)),
        "`metrics` এখানে তালিকা, তাই কোন মেট্রিক কোন আউটপুটের, তা বলা নেই। ডিকশনারি দিন, চাবি হবে `priority` আর `department`।",
    )


def _explain_loss(total: float, binary: dict, many: dict) -> None:
    """Raises the hint that fits a total loss which is not the wanted one."""
    b, m = binary[True], many[True]
    mistakes = [
        (b + m, "জরুরির লসের ওয়েট 0.5 হয়নি, দুটো লস সমান দামে যোগ হচ্ছে। `loss_weights` দিন।"),
        (b + 0.5 * m, "ওয়েট দুটো উল্টে গেছে: 0.5 হবে জরুরির, 1 হবে বিভাগের।"),
        (0.5 * b, "শুধু জরুরির লস ধরা হচ্ছে। `loss`-এর ডিকশনারিতে `department`-ও দিন।"),
        (m, "শুধু বিভাগের লস ধরা হচ্ছে। `loss`-এর ডিকশনারিতে `priority`-ও দিন।"),
    ]
    for weight in (0.5, 1.0):
        mistakes += [
            (weight * binary[False] + m, "জরুরির লস লজিটকে সম্ভাবনা ভাবছে। `BinaryCrossentropy(from_logits=True)` দিন।"),
            (weight * b + many[False], "বিভাগের লস লজিটকে সম্ভাবনা ভাবছে। `CategoricalCrossentropy(from_logits=True)` দিন।"),
            (weight * binary[False] + many[False], "দুটো লসই লজিটকে সম্ভাবনা ভাবছে। দুটোতেই `from_logits=True` দিন।"),
        ]  # fmt: skip
    for value, hint in mistakes:
        expect(not np.isclose(total, value, rtol=2e-3), hint)
    raise Hint(
        "মোট লস মিলছে না। হওয়ার কথা 0.5 × জরুরির `BinaryCrossentropy` + 1 × বিভাগের `CategoricalCrossentropy`, দুটোই লজিট থেকে।"
    )


@exercise("03.4")
def part_of_the_graph(answer, desk, bodies):
    """`answer`: a model from `desk`'s body alone to its layer body_words."""
    model = _built(answer)
    expect(model is not desk, "এটা পুরো `desk`-ই। শুধু `body` থেকে `body_words` পর্যন্ত টুকরোটা চাই।")
    names = _names(model)
    expect(
        len(names) == 1,
        f"ইনপুট একটাই লাগবে, `body`। আপনার মডেলে {bn(len(names))}টি। `desk.input` একটা ডিকশনারি, সেখান থেকে শুধু `body` নিন।",
    )
    wanted = desk.get_layer("body_words")
    expect(
        model.input_shape == (None, int(bodies.shape[1])),
        f"ইনপুটের শেপ হওয়ার কথা (None, {bodies.shape[1]}), আপনার মডেলে {model.input_shape}। দরজাটা `body` কি না দেখুন।",
    )
    expect(
        len(model.outputs) == 1 and tuple(model.outputs[0].shape) == (None, 16),
        f"আউটপুটে ১৬টা সংখ্যা চাই, শেপ (None, 16)। আপনার মডেলের আউটপুট {model.output_shape}। `body_words` লেয়ারের `.output` নিন।",
    )
    found = _one(model(_feed(model, {names[0]: bodies})))
    expected = to_numpy(wanted(bodies))
    title = to_numpy(desk.get_layer("title_words")(bodies))
    expect(
        not np.allclose(found, title, atol=1e-4) or np.allclose(found, expected, atol=1e-4),
        "এটা শিরোনামের পাঠক, `title_words`। দরকার `body_words`।",
    )
    expect(
        np.allclose(found, expected, atol=1e-4),
        'সংখ্যাগুলো `desk`-এর `body_words`-এর সঙ্গে মিলছে না। নতুন `Dense` বানালে সে কিছুই শেখেনি; `desk.get_layer("body_words")`-টাই নিন।',
    )
    expect(
        any(layer is wanted for layer in _all_layers(model)),
        'সংখ্যা মিলেছে, কিন্তু লেয়ারটা একটা কপি। `desk` আবার ট্রেইন হলে কপিটা পুরনো থেকে যাবে। `desk.get_layer("body_words")` নিন।',
    )
    return "গ্রাফের যেটুকু দরকার, সেটুকুই। ওয়েট `desk`-এর সঙ্গে ভাগ করা।"


def _all_layers(model: Any) -> list:
    return [inner for layer in model.layers for inner in (layer, *getattr(layer, "layers", []))]


@exercise("03.5")
def shortcut(answer):
    """`answer`: residual_block(x, units), two Dense and a shortcut, projected where needed."""
    import keras

    door = keras.Input(shape=(8,))
    output = call(answer, door, 8)
    _tensor(output)
    expect(
        tuple(output.shape) == (None, 8),
        f"৮ প্রস্থের ইনপুট আর `units=8` দিলে শেপ (None, 8) হওয়ার কথা, হয়েছে {tuple(output.shape)}। "
        "পথ দুটো জোড়া (`Concatenate`) নয়, যোগ (`Add`) করতে হবে।",
    )
    dense = [] if output is door else layers_of(_model(door, output), keras.layers.Dense)
    expect(dense, "মডেলে কোনো `Dense` নেই। মূল পথে দুটো `Dense(units)` বসান।")
    model = _model(door, output)
    for layer in dense:
        layer.set_weights([np.zeros_like(array) for array in layer.get_weights()])
    # With every Dense silent, only what came by the shortcut is left.
    x = np.random.default_rng(0).uniform(0.5, 1.5, (4, 8)).astype("float32")
    left = to_numpy(model(x))
    expect(
        not np.allclose(left, 0, atol=1e-6),
        "শর্টকাট নেই, বা শর্টকাটেও `Dense` বসে গেছে: সব `Dense` বন্ধ করলে কিছুই বেরোয় না। প্রস্থ সমান হলে `x`-কে সোজাসুজি যোগ করুন।",
    )
    expect(
        np.allclose(left, x, atol=1e-4),
        "শর্টকাটে `x` বদলে যাচ্ছে। ওটা হাত না দিয়ে একবারই যোগ করতে হবে: `Add()([x, branch])`।",
    )
    expect(
        len(dense) == 2,
        f"মূল পথে `Dense` দুটো হওয়ার কথা, আছে {bn(len(dense))}টি।",
    )
    # Kernels that only scale: a relu lets a positive number through and silences a negative one.
    for first, second, wanted, hint in (
        (-0.25, 1, x, "প্রথম `Dense`-এ `activation=\"relu\"` নেই। প্রথমটায় `relu`, দ্বিতীয়টায় কিছু নয়।"),
        (0.25, -1, 0.75 * x, "দ্বিতীয় `Dense`-এ কোনো অ্যাক্টিভেশন থাকবে না, নইলে পথটা শুধু বাড়াতে পারে, কমাতে পারে না।"),
    ):  # fmt: skip
        for layer, scale in zip(dense, (first, second), strict=True):
            biases = layer.get_weights()[1:]
            layer.set_weights([scale * np.eye(8, dtype="float32"), *biases])
        expect(np.allclose(to_numpy(model(x)), wanted, atol=2e-3), hint)
    wide_door = keras.Input(shape=(8,))
    try:
        wide = call(answer, wide_door, 12)
    except Hint as hint:
        raise Hint(
            "প্রস্থ আলাদা হলে (৮ থেকে ১২) যোগ করতে গিয়ে থেমে যাচ্ছে। তখন শর্টকাটের পথে একটা `Dense(units)` বসান।"
        ) from hint
    _tensor(wide)
    expect(
        tuple(wide.shape) == (None, 12),
        f"৮ প্রস্থের ইনপুটে `units=12` দিলে শেপ (None, 12) হওয়ার কথা, হয়েছে {tuple(wide.shape)}।",
    )
    expect(
        len(layers_of(_model(wide_door, wide), keras.layers.Dense)) >= 3,
        "প্রস্থ আলাদা হলে শর্টকাটটা হারিয়ে গেছে। তখনও `x` যোগ হবে, তবে একটা `Dense(units)` পেরিয়ে।",
    )
    return "প্রস্থ এক হোক বা আলাদা, শর্টকাট খোলা।"


def _tensor(value: Any) -> None:
    expect(
        hasattr(value, "shape") and type(value).__name__ == "KerasTensor",
        "ফাংশনটা একটা ঝুড়ি (KerasTensor) ফেরত দেবে, মডেল বা লেয়ার নয়। শেষ লেয়ারটা ডেকেছেন তো, যেমন `Add()([x, branch])`?",
    )


def _model(door: Any, output: Any) -> Any:
    import keras

    try:
        return keras.Model(door, output)
    except ValueError as error:
        raise Hint(
            "আউটপুট পর্যন্ত পথ নেই। ফাংশনের ভেতরে নতুন `keras.Input` বানাবেন না, যে `x` এসেছে সেটাই নিন।"
        ) from error


@exercise("03.6")
def own_desk(answer, inputs, labels):
    """`answer`: a trained desk below 60,000 parameters, good at both tasks."""
    model = _functional(answer)
    names = _names(model)
    expect(
        set(names) == set(inputs),
        f"ইনপুট হওয়ার কথা {', '.join(inputs)}; আপনার মডেলে {', '.join(names)}।",
    )
    outputs = _by_name(model, model.predict(_feed(model, inputs), verbose=0))
    n = len(labels["priority"])
    shapes = {name: value.shape for name, value in outputs.items()}
    expect(
        shapes == {"priority": (n, 1), "department": (n, 6)},
        f"আউটপুট হবে জরুরির ১টা আর বিভাগের ৬টা লজিট। আপনার মডেলে {shapes}।",
    )
    expect(
        not np.allclose(outputs["department"].sum(axis=1), 1, atol=1e-3),
        "বিভাগের আউটপুট লজিট নয়, সম্ভাবনা: সফটম্যাক্স বসে আছে। শেষ লেয়ারে অ্যাক্টিভেশন দেবেন না।",
    )
    size = model.count_params()
    expect(
        size < 60_000,
        f"আপনার মডেলে {bn(size)}টি প্যারামিটার, হতে হবে ৬০,০০০-এর কম। শিরোনাম আর লেখায় একই লেয়ার দুবার ডাকুন, বা নিউরন কমান।",
    )
    department = (outputs["department"].argmax(1) == np.argmax(labels["department"], 1)).mean()
    urgent = np.asarray(labels["priority"]).ravel() > 0.5
    priority = ((outputs["priority"].ravel() > 0) == urgent).mean()
    expect(
        department > 0.4,
        f"বিভাগে মোটে {percent(department)} ঠিক, প্রায় আন্দাজের সমান। মডেলটা `fit` করেছেন তো?",
    )
    expect(
        department >= 0.85,
        f"বিভাগে {percent(department, 1)}, লক্ষ্য ৮৫%। আরও কয়েক ইপক চালান, বা জরুরির লসের ওয়েট কমান।",
    )
    expect(
        priority >= 0.80,
        f"জরুরিতে {percent(priority, 1)}, লক্ষ্য ৮০%। জরুরির লসের ওয়েট বাড়ান, বা আরও কয়েক ইপক চালান।",
    )
    return f"{bn(size)}টি প্যারামিটারে বিভাগ {percent(department, 1)}, জরুরি {percent(priority, 1)}।"
