"""Checks for lesson 04, transfer learning."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import numpy as np

from helpers.check import Hint, built_model, call, exercise, expect, layers_of, to_numpy, unharmed
from helpers.messages import bn

# --- 04.1 -------------------------------------------------------------------------------

_CELLS, _CHANNELS, _FLOWERS = 7 * 7, 1280, 10


@exercise("04.1")
def two_heads(flatten, pooling):
    """`flatten`, `pooling`: parameters of Dense(10) after each, on maps of (7, 7, 1280)."""
    wanted = {
        "with_flatten": _CELLS * _CHANNELS * _FLOWERS + _FLOWERS,
        "with_pooling": _CHANNELS * _FLOWERS + _FLOWERS,
    }
    found = {}
    for name, value in zip(wanted, (flatten, pooling), strict=True):
        number = to_numpy(value)
        expect(number.shape == (), f"`{name}` হবে একটামাত্র সংখ্যা, তালিকা বা অ্যারে নয়।")
        found[name] = float(number)
    a, b = found.values()
    expect(
        (a, b) != tuple(reversed(wanted.values())),
        "সংখ্যা দুটো ঠিক, কিন্তু অদলবদল হয়ে গেছে। কোন মাথায় ওয়েট বেশি লাগার কথা?",
    )
    for name, value in found.items():
        right, weights = wanted[name], wanted[name] - _FLOWERS
        expect(
            value != weights,
            f"`{name}`-এ শুধু ওয়েট গুনেছেন। প্রতিটি নিউরনের একটা করে বায়াসও আছে: আরও {bn(_FLOWERS)}টি।",
        )
        expect(
            value not in (weights // 2 + 5, weights // 2),
            f"`{name}` পাঁচ রকম ফুলের হিসাব হয়েছে। প্রশ্নে ফুল দশ রকম।",
        )
        if name == "with_flatten":
            expect(
                value not in (7 * 1280 * 10 + 10, 7 * 1280 * 10),
                "`with_flatten`-এ ৭টা ঘর ধরেছেন। ৭ সারি আর ৭ কলাম, তাই ঘর ৭×৭।",
            )
        else:
            expect(
                value != wanted["with_flatten"],
                "`with_pooling`-এও সব ঘর ধরেছেন। পুলিংয়ের পরে প্রতিটি ম্যাপ থেকে থাকে একটাই সংখ্যা।",
            )
        expect(
            value == right,
            f"`{name}` মিলছে না। `Dense`-এ ঢোকে কটা সংখ্যা, তাকে ১০ দিয়ে গুণ করুন, শেষে ১০টা বায়াস যোগ করুন।",
        )
    return f"পুলিংয়ের মাথা {bn(_CELLS)} ভাগের প্রায় এক ভাগ: {bn(int(b))} বনাম {bn(int(a))}।"


# --- 04.2 -------------------------------------------------------------------------------


@exercise("04.2")
def scale(answer):
    """`answer(pixels)`: uint8 of any shape to floats in [-1, 1]."""
    ramp = np.arange(256, dtype="uint8").reshape(1, 16, 16, 1)
    given = ramp.copy()
    values = to_numpy(call(answer, given))
    expect(np.array_equal(given, ramp), "ফাংশনটা আসল ছবিটাই বদলে ফেলেছে। নতুন অ্যারে ফেরত দিন।")
    expect(
        values.shape == ramp.shape,
        f"শেপ বদলে গেছে: ঢুকেছে {ramp.shape}, বেরিয়েছে {values.shape}। শুধু সংখ্যার মাপ বদলাবে।",
    )
    expect(
        values.dtype.kind == "f" or values.dtype.name == "bfloat16",
        f"ফল এসেছে `{values.dtype}`। −১ থেকে ১-এর মাঝের সংখ্যা রাখতে দশমিক লাগে: ভাগটা আগে করুন।",
    )
    values = values.astype("float64").ravel()
    low, high = values.min(), values.max()
    expect(
        not (abs(low) < 0.01 and abs(high - 1) < 0.01),
        "এটা [0, 1] মাপ। MobileNetV2 চায় [-1, 1]: ২৫৫ নয়, ১২৭.৫ দিয়ে ভাগ, তারপর ১ বিয়োগ।",
    )
    expect(
        not (abs(low + 1) < 0.01 and abs(high) < 0.01),
        "ফল এসেছে -১ থেকে ০। ২৫৫ দিয়ে ভাগ করে ১ বিয়োগ করেছেন কি? ভাগ হবে ১২৭.৫ দিয়ে।",
    )
    expect(
        not (abs(low + 0.5) < 0.01 and abs(high - 0.5) < 0.01),
        "ফল এসেছে -০.৫ থেকে ০.৫। দ্বিগুণ করলেই [-1, 1]।",
    )
    expect(
        not (abs(low) < 0.01 and abs(high - 2) < 0.02),
        "ভাগটা ঠিক, ফল ০ থেকে ২। শেষে ১ বিয়োগ করা বাকি।",
    )
    expect(
        abs(low + 1) < 0.02 and abs(high - 1) < 0.02,
        f"কালো (0) হওয়ার কথা -1 আর সাদা (255) 1। আপনার ফলে সবচেয়ে ছোট {low:.2f}, সবচেয়ে বড় {high:.2f}।",
    )
    expect(
        (np.diff(values) > 0).all(),
        "পিক্সেল বাড়লে ফলও বাড়ার কথা, কিন্তু মাঝপথে কমে গেছে। `uint8`-এ আগে বিয়োগ বা গুণ করলে এমন ঘুরে অন্য মাথায় চলে যায়।",
    )
    expect(
        np.abs(np.diff(values) - 2 / 255).max() < 1e-3,
        "দুই মাথা ঠিক, কিন্তু মাঝের সংখ্যাগুলো সমান দূরে নেই। একটা ভাগ আর একটা বিয়োগই যথেষ্ট।",
    )
    grey = np.full((4, 4, 3), 128, "uint8")
    steady = to_numpy(call(answer, grey)).astype("float64")
    expect(
        np.isfinite(steady).all() and np.abs(steady - 128 / 127.5 + 1).max() < 0.02,
        "পুরো ছাই রঙের একটা ছবিতে গোলমাল। ছবির নিজের সবচেয়ে ছোট-বড় সংখ্যা নয়, ০ আর ২৫৫ ধরে মাপুন।",
    )
    return "কালো -1, সাদা 1, মাঝেরগুলো মাঝখানে।"


# --- 04.3 -------------------------------------------------------------------------------


def _all_layers(model: Any) -> list:
    """Every layer, also inside models that are used as layers, those models included."""
    import keras

    found = []
    for layer in model.layers:
        found.append(layer)
        if isinstance(layer, keras.Model):
            found += _all_layers(layer)
    return found


@exercise("04.3")
def own_head(model, backbone):
    """`model`: the given frozen backbone, pooling, dropout and three logits."""
    import keras

    model = built_model(model)
    expect(
        isinstance(backbone, keras.Model) and backbone.built,
        "`tiny` ব্যাকবোনটা যেমন দেওয়া ছিল তেমন নেই। উপরের সেলটা আবার চালান।",
    )
    expect(
        model is not backbone,
        "এটা শুধু ব্যাকবোন। তার উপর পুলিং, ড্রপআউট আর শেষ লেয়ার বসান।",
    )
    inner = _all_layers(model)
    kernels = [id(weight) for weight in backbone.weights]
    expect(
        backbone in inner or set(kernels) <= {id(weight) for weight in model.weights},
        "মডেলে `tiny` ব্যাকবোনটা নেই। নতুন করে `Conv2D` না বসিয়ে `tiny`-কেই লেয়ারের মতো বসান।",
    )
    expect(
        tuple(model.input_shape[1:]) == (32, 32, 3),
        f"ইনপুটের শেপ (32, 32, 3) হওয়ার কথা, আপনারটা {tuple(model.input_shape[1:])}।",
    )
    expect(
        tuple(model.output_shape) == (None, 3),
        f"শেষে ৩টা লজিট চাই, মানে শেপ (None, 3)। আপনারটা {model.output_shape}।",
    )
    expect(
        not backbone.trainable_weights,
        "ব্যাকবোন এখনও ফ্রিজ হয়নি। `tiny.trainable = False` লিখুন।",
    )
    expect(
        model.trainable_weights,
        "সবই ফ্রিজ হয়ে গেছে, মাথাও! ফ্রিজ করুন শুধু `tiny`-কে, পুরো মডেলকে নয়।",
    )
    last = model.layers[-1]
    activation = getattr(getattr(last, "activation", None), "__name__", "")
    expect(
        activation != "softmax" and not layers_of(model, keras.layers.Softmax),
        "শেষে সফটম্যাক্স আছে। এখানে চাই লজিট, তাই শেষ `Dense`-এ activation লাগবে না।",
    )
    expect(
        activation in ("", "linear"),
        f"শেষ লেয়ারে `{activation}` আছে। লজিট মানে কাঁচা নম্বর, activation লাগবে না।",
    )
    expect(
        not layers_of(model, keras.layers.Flatten),
        "`Flatten` আছে। প্রশ্নে চাওয়া হয়েছে গ্লোবাল অ্যাভারেজ পুলিং।",
    )
    expect(
        layers_of(model, keras.layers.GlobalAveragePooling2D),
        "`GlobalAveragePooling2D` নেই। ফিচার ম্যাপ থেকে গড় নেওয়ার লেয়ারটা বসান।",
    )
    drops = layers_of(model, keras.layers.Dropout)
    expect(drops, "ড্রপআউট নেই। পুলিংয়ের পরে `keras.layers.Dropout(0.2)` বসান।")
    expect(
        any(abs(drop.rate - 0.2) < 1e-6 for drop in drops),
        f"ড্রপআউট হওয়ার কথা 0.2, আপনারটা {drops[0].rate}।",
    )
    heads = [layer for layer in inner if isinstance(layer, keras.layers.Dense)]
    expect(
        len(model.trainable_weights) == 2 and len(heads) == 1,
        "মাথায় একটাই `Dense(3)` চাই, তাই ট্রেইন হবে ঠিক ২টা অ্যারে: ওয়েট আর বায়াস।",
    )
    with unharmed(model):
        answer = to_numpy(model(np.zeros((2, 32, 32, 3), "float32")))
    expect(answer.shape == (2, 3), f"দুটো ছবি দিলে (2, 3) আসার কথা, এসেছে {answer.shape}।")
    return f"ব্যাকবোন ফ্রিজ, ট্রেইন হবে মোটে {bn(16 * 3 + 3)}টি সংখ্যা।"


# --- 04.4 -------------------------------------------------------------------------------


@exercise("04.4")
def augment(answer):
    """`answer(image, label)`: random flip and saturation; shape, range and label as before."""
    import tensorflow as tf

    expect(callable(answer), "এখানে একটা ফাংশন লাগবে। ফাংশনের নামটাই দিন, ডাকার ফল নয়।")
    rng = np.random.default_rng(4)
    image = rng.integers(60, 200, (12, 10, 3)).astype("uint8")
    image[:, :5, 0], image[:, 5:, 0] = 190, 90  # the left is redder: a mirror shows
    first = call(
        answer, tf.constant(image), tf.constant(3, tf.int64)
    )  # says what is wrong, eagerly
    expect(
        isinstance(first, (tuple, list)) and len(first) == 2,
        "ফেরত আসার কথা দুটি জিনিস: `return image, label`।",
    )
    data = tf.data.Dataset.from_tensors((image, np.int64(3))).repeat(60)
    try:
        made = list(data.map(answer).as_numpy_iterator())
    except Exception as error:
        raise Hint(
            f"`map`-এর ভেতরে ফাংশনটা চলল না ({type(error).__name__})। NumPy নয়, `tf.image`-এর ফাংশন দিয়ে লিখুন।"
        ) from error
    images = [np.asarray(one) for one, _ in made]
    expect(
        all(np.asarray(label).shape == () and int(label) == 3 for _, label in made),
        "লেবেল বদলে গেছে। ছবি উল্টালেও ফুলের নাম একই থাকে।",
    )
    expect(
        images[0].shape == image.shape,
        f"ছবির শেপ বদলে গেছে: ঢুকেছে {image.shape}, বেরিয়েছে {images[0].shape}।",
    )
    values = np.stack(images).astype("float64")
    expect(
        values.max() > 3,
        "পিক্সেল ০ থেকে ১-এ নেমে গেছে। ছবি যেন ০–২৫৫ মাপেই থাকে, মাপ বদলাবে মডেলের `Rescaling`।",
    )
    expect(
        values.min() >= 0 and values.max() <= 255,
        f"পিক্সেল ০–২৫৫-এর বাইরে চলে গেছে ({values.min():.0f} থেকে {values.max():.0f})। `tf.clip_by_value` দিয়ে বাঁধুন।",
    )
    expect(
        len({one.tobytes() for one in images}) > 1,
        "৬০ বারেই হুবহু একই ছবি। `random_`-ওয়ালা ফাংশন লাগবে, যেমন `tf.image.random_flip_left_right`।",
    )
    redness = values[..., 0]
    mirrored = redness[:, :, 5:].mean((1, 2)) > redness[:, :, :5].mean((1, 2))
    expect(mirrored.any(), "একবারও ডানে-বাঁয়ে উল্টায়নি। `tf.image.random_flip_left_right` দিন।")
    expect(
        not mirrored.all(),
        "প্রতিবারই উল্টে যাচ্ছে। অর্ধেক বার উল্টালে তবেই নতুন ছবি পাওয়া যায়: `random_flip_left_right`।",
    )
    tall = np.zeros((12, 10, 3), "uint8")
    tall[:6] = 200  # a bright upper half
    upside = [
        np.asarray(one).astype(float)[6:].mean() > 100
        for one, _ in tf.data.Dataset.from_tensors((tall, np.int64(0))).repeat(20).map(answer)
    ]
    expect(not any(upside), "ছবি উপর-নিচ উল্টে যাচ্ছে। চাওয়া হয়েছে শুধু ডানে-বাঁয়ে।")
    spread = (values.max(-1) - values.min(-1)).mean((1, 2))
    before = (image.max(-1).astype(float) - image.min(-1)).mean()
    expect(
        spread.max() - spread.min() > 0.05 * before,
        "রঙের তীব্রতা বদলাচ্ছে না। `tf.image.random_saturation(image, 0.5, 1.5)` দিন।",
    )
    expect(
        spread.max() > 1.08 * before and spread.min() < 0.9 * before,
        "রঙের তীব্রতা শুধু এক দিকে বদলাচ্ছে, বা খুব সামান্য। সীমা দিন ০.৫ থেকে ১.৫।",
    )
    expect(
        spread.min() > 0.3 * before,
        "রং প্রায় মুছে যাচ্ছে। তীব্রতার সীমা ০.৫ থেকে ১.৫।",
    )
    return "ফুল একই, ছবি প্রতিবার নতুন।"


# --- 04.5 -------------------------------------------------------------------------------


@exercise("04.5")
def open_half(answer, make_toy):
    """`answer(toy)`: conv3 and conv4 train, everything else is frozen."""
    import keras

    toy = call(make_toy)
    result = call(answer, toy)
    expect(
        isinstance(result, keras.Model),
        f"ফাংশনটা থেকে মডেলটাই ফেরত আসার কথা, এসেছে {type(result).__name__}। শেষে `return toy` লিখুন।",
    )
    layers = {layer.name: layer for layer in result.layers}
    expect(
        {"conv1", "conv4", "norm4"} <= set(layers),
        "ফেরত আসা মডেলে `toy`-র লেয়ারগুলো নেই। নতুন মডেল না বানিয়ে দেওয়া `toy`-তেই `trainable` বদলান।",
    )
    state = {name: bool(layer.trainable_weights) for name, layer in layers.items()}
    opened = sorted(name for name, trains in state.items() if trains)
    expect(
        result.trainable_weights or not any(layer.trainable for layer in layers.values()),
        "লেয়ার খুলেছেন, কিন্তু পুরো মডেলটা এখনও ফ্রিজ। সবার আগে `toy.trainable = True`, তারপর লেয়ার ধরে ধরে।",
    )
    expect(result.trainable_weights, "কিছুই খোলেনি, সব লেয়ার এখনও ফ্রিজ।")
    expect(
        not (state["conv1"] and state["conv2"]),
        "সব কনভলিউশন খুলে গেছে। `toy.trainable = True`-এর পরে নিচের লেয়ারগুলো আবার ফ্রিজ করতে হয়।",
    )
    norms = [name for name in opened if name.startswith("norm")]
    expect(
        not norms,
        f"ব্যাচ নরমালাইজেশনও খুলে গেছে ({', '.join(norms)})। ওগুলো `trainable = False` রাখুন, নইলে ছোট ব্যাচের গড় নেবে।",
    )
    expect(
        state["conv3"],
        "`conv3` নিজেই এখনও ফ্রিজ। ‘`conv3` থেকে’ মানে `conv3`-সহ।",
    )
    expect(state["conv4"], "`conv4` এখনও ফ্রিজ। `conv3`-এর উপরের সব কনভলিউশন খুলতে হবে।")
    expect(
        opened == ["conv3", "conv4"],
        f"খোলা থাকার কথা conv3 আর conv4, খোলা আছে: {', '.join(opened)}।",
    )
    return "উপরের দুটো কনভলিউশন খোলা, চারটা ব্যাচ নরমালাইজেশনই বাঁধা।"


# --- 04.6 -------------------------------------------------------------------------------


def _photographs(folder: Path, size: int) -> list[Path]:
    """Pictures as people have them: larger than the model's, rotated, CMYK, transparent."""
    from PIL import Image

    rng = np.random.default_rng(6)
    paths = []
    for number in range(3):
        coarse = rng.integers(0, 255, (6, 8, 3), "uint8")
        picture = Image.fromarray(coarse).resize((size + 60, size + 20))
        path = folder / f"ছবি {number}.{'png' if number == 2 else 'jpg'}"
        if number == 0:
            exif = Image.Exif()
            exif[0x0112] = 6
            picture.save(path, exif=exif, quality=95)
        else:
            picture.convert("CMYK" if number == 1 else "RGBA").save(path)
        paths.append(path)
    return paths


@exercise("04.6")
def name_flower(answer, model, names):
    """`answer(path)`: (Bengali name, probability) of a picture's file, by the given model."""
    import keras

    from helpers.pictures import read_picture

    expect(callable(answer), "এখানে একটা ফাংশন লাগবে। ফাংশনের নামটাই দিন, ডাকার ফল নয়।")
    model = built_model(model)
    names = list(names)
    size = model.input_shape[1]
    with tempfile.TemporaryDirectory() as folder, unharmed(model):
        for path in _photographs(Path(folder), size):
            picture = read_picture(path, size=size)
            logits = to_numpy(model(picture[np.newaxis].astype("float32")))[0].astype("float64")
            shares = to_numpy(keras.ops.softmax(logits[np.newaxis]))[0]
            best = int(logits.argmax())
            result = call(answer, path)
            expect(
                isinstance(result, (tuple, list)) and len(result) == 2,
                "ফেরত আসার কথা দুটি জিনিস: নাম আর সম্ভাবনা। `return name, probability` লিখুন।",
            )
            name, share = result
            expect(
                not (isinstance(share, str) and not isinstance(name, str)),
                "নাম আর সম্ভাবনা অদলবদল হয়ে গেছে। আগে নাম।",
            )
            expect(
                isinstance(name, str),
                f"প্রথম জিনিসটা হবে ফুলের নাম, এসেছে {type(name).__name__}। নম্বর থেকে নাম পেতে `NAMES[...]`।",
            )
            expect(name in names, f"`{name}` আমাদের পাঁচ নামের একটাও নয়। নাম নিন `NAMES` থেকে।")
            number = to_numpy(share)
            expect(
                number.size == 1,
                "দ্বিতীয় জিনিসটা একটামাত্র সম্ভাবনা, সব কটা নয়। সবচেয়ে বড়টা দিন।",
            )
            expect(number.ndim == 0, "সম্ভাবনাটা এখনও অ্যারের ভেতরে। `float(...)` দিয়ে সংখ্যা বানান।")
            number = float(number)
            expect(
                0 <= number <= 1 + 1e-6,
                f"সম্ভাবনা ০ থেকে ১-এর মধ্যে হয়, এসেছে {number:.2f}। লজিটকে আগে সফটম্যাক্স করুন।",
            )
            clear = shares[best] - np.sort(shares)[-2] > 0.05
            expect(
                name == names[best] or not clear,
                f"মডেল বলছে {names[best]}, আপনার ফাংশন বলছে {name}। ছবিটা কি `read_picture(path, size=SIZE)` দিয়ে পড়েছেন, "
                "আর পিক্সেল ০–২৫৫ মাপেই দিয়েছেন? মাপ মডেল নিজেই বদলায়।",
            )
            expect(
                abs(number - shares[best]) < 0.05,
                f"নাম ঠিক, কিন্তু সম্ভাবনা হওয়ার কথা {shares[best]:.2f}-এর কাছাকাছি, এসেছে {number:.2f}। "
                "সফটম্যাক্স একবারই করুন, মাপ মডেলের উপরে ছাড়ুন।",
            )
    return "কাত হওয়া, CMYK, স্বচ্ছ: যেমন ছবিই আসুক, নাম বলতে পারে।"
