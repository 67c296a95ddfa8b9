"""Checks for lesson 06, convolutional networks."""

from __future__ import annotations

import numpy as np

from helpers.check import Hint, built_model, call, exercise, expect, layers_of, to_numpy, unharmed
from helpers.messages import percent


@exercise("06.1")
def horizontal_filter(answer):
    """`answer`: a 3x3 filter that answers to horizontal edges, dark above and light below."""
    kernel = to_numpy(answer).astype(float)
    expect(
        kernel.squeeze().shape == (3, 3),
        f"৩ সারি আর ৩ কলামের ছক লাগবে, শেপ (3, 3)। আপনারটার শেপ {kernel.shape}। প্রতিটি সারি আলাদা `[ ]`-এ দিন।",
    )
    kernel = kernel.squeeze()
    expect(np.isfinite(kernel).all(), "ফিল্টারে এমন কিছু আছে যা সাধারণ সংখ্যা নয়।")
    expect(np.abs(kernel).max() > 1e-6, "সব কটা সংখ্যাই ০, তাই ফল সব সময় ০।")
    small = 1e-3 * np.abs(kernel).max()
    below = (kernel * np.array([[0], [0], [1]])).sum()  # dark, dark, light
    below_two = (kernel * np.array([[0], [1], [1]])).sum()  # dark, light, light
    right = (kernel * np.array([[0, 0, 1]])).sum()
    right_two = (kernel * np.array([[0, 1, 1]])).sum()
    finds_vertical = max(abs(right), abs(right_two)) > small
    finds_horizontal = max(abs(below), abs(below_two)) > small
    expect(
        abs(kernel.sum()) <= small,
        f"নয়টা সংখ্যার যোগফল {kernel.sum():g}, তাই সমান জায়গাতেও ফল ০ হয় না। যোগফল ০ হতে হবে।",
    )
    expect(
        finds_horizontal or not finds_vertical,
        "এটা এখনও খাড়া কিনারাই খোঁজে। ঋণাত্মকগুলো বাঁয়ে নয়, উপরের সারিতে রাখুন, ধনাত্মকগুলো নিচের সারিতে।",
    )
    expect(
        finds_horizontal,
        "শোয়ানো কিনারার উপরেও ফল ০। উপরের সারির আর নিচের সারির যোগফল আলাদা হতে হবে।",
    )
    expect(
        not finds_vertical,
        "শোয়ানো কিনারা ধরে ঠিকই, কিন্তু খাড়া কিনারাতেও সাড়া দেয়। বাঁয়ের আর ডানের কলামের যোগফল আলাদা আলাদা করে ০ হওয়া চাই।",
    )
    expect(
        min(below, below_two) >= -small,
        "উল্টো হয়ে গেছে: নিচে অন্ধকার হলে ফল ধনাত্মক, নিচে আলো হলে ঋণাত্মক। চিহ্নগুলো উল্টে দিন।",
    )
    return "শোয়ানো কিনারায় সাড়া দেয়, খাড়ায় আর সমান জায়গায় চুপ।"


_SIZES = [
    (96, 3, 1, "valid"), (96, 3, 1, "same"), (96, 5, 1, "valid"), (96, 3, 2, "valid"),
    (96, 3, 2, "same"), (97, 3, 2, "same"), (7, 3, 3, "valid"), (10, 5, 4, "same"),
    (12, 5, 4, "valid"), (5, 5, 1, "valid"), (3, 3, 5, "same"),
]  # fmt: skip


def _wanted(size, kernel, stride, padding):
    return -(-size // stride) if padding == "same" else (size - kernel) // stride + 1


@exercise("06.2")
def size_of_output(answer):
    """`answer(size, kernel, stride, padding)`: the side of a convolution's output."""
    found = []
    for case in _SIZES:
        value = call(answer, *case)
        asked = "output_size({}, {}, {}, {!r})".format(*case)
        expect(
            not isinstance(value, (tuple, list)),
            f"{asked} থেকে একটাই সংখ্যা চাই, এসেছে {type(value).__name__}। লম্বা আর চওড়া এখানে সমান।",
        )
        number = to_numpy(value).astype(float)
        expect(number.size == 1, f"{asked} থেকে একটাই সংখ্যা চাই, এসেছে {number.size}টি।")
        number = float(number.reshape(()))
        expect(
            number == round(number),
            f"{asked} থেকে এসেছে {number:g}। ঘরের সংখ্যা ভাঙা হয় না: `/`-এর বদলে `//` দিন।",
        )
        found.append(int(number))
    wanted = [_wanted(*case) for case in _SIZES]
    expect(
        found != [n - (case[3] == "valid") for n, case in zip(wanted, _SIZES, strict=True)],
        "`valid`-এ একটা করে কম হচ্ছে। প্রথম জানালাটাও গুনতে হবে: লাফের সংখ্যার সঙ্গে ১ যোগ করুন।",
    )
    expect(
        found != [_wanted(*case[:3], "valid") for case in _SIZES],
        "`same`-এও `valid`-এর হিসাবই হচ্ছে। প্যাডিং কী, তা `if` দিয়ে দেখে নিন।",
    )
    expect(
        found != [_wanted(*case[:3], "same") for case in _SIZES],
        "`valid`-এও `same`-এর হিসাবই হচ্ছে। প্যাডিং কী, তা `if` দিয়ে দেখে নিন।",
    )
    floored = [n // s if p == "same" else _wanted(n, k, s, p) for n, k, s, p in _SIZES]
    expect(
        found != floored,
        "`same`-এ ভাগশেষ থাকলে আরেকটা ঘর বেশি হয়: ৯৭ পিক্সেলে ২ করে লাফালে ৪৯, আপনারটা দেয় ৪৮।",
    )
    for case, number, right in zip(_SIZES, found, wanted, strict=True):
        asked = "output_size({}, {}, {}, {!r})".format(*case)
        expect(
            number == right,
            f"{asked} হওয়ার কথা {right}, আপনারটা দেয় {number}। উপরের স্লাইডারে সংখ্যাগুলো বসিয়ে গুনে দেখুন।",
        )
    return f"{len(_SIZES)}টি আলাদা মাপে Keras-এর সঙ্গে মিলেছে।"


@exercise("06.3")
def far_sighted_model(answer):
    """`answer`: convolutions of at most 3x3 that see 30x30 pixels, with under 1,000 parameters."""
    import keras

    model = built_model(answer)
    expect(
        model.input_shape == (None, 64, 64, 1),
        f"ইনপুটের শেপ হওয়ার কথা (None, 64, 64, 1), আপনারটা {model.input_shape}। `keras.Input((64, 64, 1))` দিন।",
    )
    expect(
        len(model.output_shape) == 4,
        f"আউটপুটের শেপ {model.output_shape}, লম্বা-চওড়া আর নেই। শেষে `Flatten`, `Dense` বা গড় বসাবেন না।",
    )
    layers = layers_of(model, keras.layers.Layer)
    expect(
        any("Conv" in type(layer).__name__ for layer in layers),
        "মডেলে একটাও কনভলিউশন নেই। `keras.layers.Conv2D` বসান।",
    )
    for layer in layers:
        sides = [getattr(layer, name, 1) for name in ("kernel_size", "pool_size")]
        widest = max(int(np.max(side)) for side in sides)
        expect(
            widest <= 3,
            f"`{layer.name}`-এর জানালা {widest}×{widest}। শর্ত ছিল বড়জোর ৩×৩: ছোট জানালা কয়েকটা পরপর বসান।",
        )
    count = model.count_params()
    expect(
        count < 1000,
        f"প্যারামিটার {count}টি, ১,০০০-এর কম হওয়ার কথা। ফিল্টার কমান: রিসেপটিভ ফিল্ড ফিল্টারের সংখ্যার উপর নির্ভর করে না।",
    )
    field = _field(model)
    expect(
        field >= 30,
        f"শেষের একটা সংখ্যা এখন দেখে {field}×{field} পিক্সেল, চাই অন্তত ৩০×৩০। প্রতি লেয়ারে বাড়ে (জানালা − ১) × আগের "
        "স্ট্রাইডগুলোর গুণফল, তাই শুরুর দিকে স্ট্রাইড বা পুলিং বসান।",
    )
    return f"মোটে {count}টি প্যারামিটারে {field}×{field} পিক্সেল দেখা যায়।"


def _field(model) -> int:
    """How many columns (or rows, if fewer) the middle number of the output sees."""
    import keras

    copy = keras.models.clone_model(model)
    for variable in copy.trainable_variables:
        shape = tuple(variable.shape)
        if len(shape) >= 2:  # a kernel: positive, so that nothing cancels
            variable.assign(np.full(shape, 1 / np.prod(shape[:-1])))
    size = copy.input_shape[1]
    pictures = np.zeros((2 * size + 1, size, size, 1), "float32")  # the last one stays empty
    for place in range(size):
        pictures[place, :, place] = 1e4
        pictures[size + place, place] = 1e4
    result = np.asarray(keras.ops.convert_to_numpy(copy(pictures)))
    middle = result[:, result.shape[1] // 2, result.shape[2] // 2]
    seen = np.abs(middle[:-1] - middle[-1]).max(axis=-1) > 0
    # From the first place seen to the last: a dilated window has gaps.
    spans = [np.flatnonzero(part) for part in (seen[:size], seen[size:])]
    return int(min(np.ptp(span) + 1 if len(span) else 0 for span in spans))


@exercise("06.4")
def squeeze_and_expand(answer):
    """`answer(x, narrow, wide)`: a 1x1 convolution to narrow, then a 3x3 one to wide, both relu."""
    for shape, narrow, wide in [((12, 12, 10), 4, 6), ((9, 15, 3), 8, 16)]:
        _squeezed(answer, shape, narrow, wide)
    return "লম্বা-চওড়া একই আছে, চ্যানেল আগে চাপা, পরে মেলা, আর দুই জায়গাতেই ReLU।"


def _squeezed(answer, shape, narrow, wide):
    import keras

    inputs = keras.Input(shape)
    result = call(answer, inputs, narrow, wide)
    asked = f"squeeze_expand(keras.Input({shape}), {narrow}, {wide})"
    expect(
        not isinstance(result, keras.layers.Layer),
        "লেয়ার ফেরত এসেছে, ঝুড়ি নয়। লেয়ার বানিয়ে সেটাকে `x` দিয়ে ডাকতেও হবে: `keras.layers.Conv2D(...)(x)`।",
    )
    expect(
        isinstance(result, keras.KerasTensor),
        f"{asked} থেকে একটা ঝুড়ি (KerasTensor) আসার কথা, এসেছে {type(result).__name__}।",
    )
    expect(result is not inputs, "ফাংশনটা `x`-কে যেমন ছিল তেমনই ফেরত দিচ্ছে। কনভলিউশন দুটো কোথায়?")
    try:
        model = keras.Model(inputs, result)
    except Exception as error:
        raise Hint(
            "শুরু থেকে শেষ পর্যন্ত পথ নেই। ফাংশনের ভেতরে নতুন `keras.Input` বানাবেন না, যে `x` পেলেন সেটাই প্রথম লেয়ারকে দিন।"
        ) from error
    height, width = result.shape[1:3] if len(result.shape) == 4 else (None, None)
    expect(
        (height, width) == shape[:2],
        f"{asked}: লম্বা-চওড়া {shape[0]}×{shape[1]} থাকার কথা, হয়েছে {height}×{width}। "
        '৩×৩-টাতে `padding="same"` দিয়েছেন তো, আর স্ট্রাইড ১?',
    )
    expect(
        result.shape[-1] == wide,
        f"{asked}: শেষে {wide}টি চ্যানেল চাই, এসেছে {result.shape[-1]}টি। আগে `narrow`, পরে `wide`।",
    )
    mixing = [
        layer
        for layer in layers_of(model, keras.layers.Layer)
        if isinstance(layer, (keras.layers.Conv2D, keras.layers.Dense))
    ]
    sides = [max(getattr(layer, "kernel_size", (1,))) for layer in mixing]
    made = [getattr(layer, "filters", None) or getattr(layer, "units", 0) for layer in mixing]
    expect(
        sides != [3, 1],
        "ক্রমটা উল্টো: আগে ১×১ দিয়ে চাপতে হবে, তারপর ৩×৩। উল্টো করলে ৩×৩-টা সব চ্যানেলের উপর চলে, ওয়েট বাঁচে না।",
    )
    expect(
        sides == [1, 3],
        f"দুটো কনভলিউশন চাই, আগে ১×১, পরে ৩×৩। আপনার জানালাগুলো পরপর: {sides}।",
    )
    expect(made == [narrow, wide], f"চ্যানেল হওয়ার কথা [{narrow}, {wide}], আপনারটায় {made}।")
    # All ones times minus one: a relu between the two must leave nothing for the second.
    ones = np.ones((1, *shape), "float32")
    _set(mixing[0], -1.0)
    _set(mixing[1], -1.0)
    leaks = np.abs(np.asarray(keras.ops.convert_to_numpy(model(ones)))).max() > 1e-6
    expect(not leaks, '১×১ কনভলিউশনের পরে `relu` নেই। সেটাতেও `activation="relu"` দিন।')
    _set(mixing[0], 1.0)
    negative = np.asarray(keras.ops.convert_to_numpy(model(ones))).min() < 0
    expect(not negative, '৩×৩ কনভলিউশনের পরে `relu` নেই। সেটাতেও `activation="relu"` দিন।')


def _set(layer, value):
    """Fills the layer's kernel with a value and its bias, if it has one, with zeros."""
    layer.set_weights([np.full_like(w, value if w.ndim > 1 else 0.0) for w in layer.get_weights()])


MOST_WEIGHTS, SLACK = 50_000, 0.05


@exercise("06.5")
def own_network(answer, reference, validation):
    """`answer`: a trained model of under 50,000 parameters, about as good as `reference`."""
    import keras

    model = built_model(answer)
    expect(
        model.input_shape == reference.input_shape,
        f"ইনপুটের শেপ হওয়ার কথা {reference.input_shape}, আপনারটা {model.input_shape}।",
    )
    expect(
        model.output_shape == (None, 5),
        f"পাঁচ ফুলের জন্য আউটপুটের শেপ (None, 5) হওয়ার কথা, আপনারটা {model.output_shape}। শেষে গড় আর `Dense(5)` আছে তো?",
    )
    count = model.count_params()
    expect(
        count < MOST_WEIGHTS,
        f"প্যারামিটার {count}টি, ৫০,০০০-এর কম চাই। সবচেয়ে বেশি ওয়েট কোন লেয়ারে, `model.summary()`-তে দেখুন।",
    )
    expect(
        layers_of(model, keras.layers.Conv2D), "মডেলে একটাও `Conv2D` নেই। এই পাঠের কথাই তো কনভলিউশন।"
    )
    truth = np.concatenate([np.asarray(labels) for _, labels in validation])
    scores = []
    for network in (model, reference):
        with unharmed(network):
            guesses = np.asarray(network.predict(validation, verbose=0)).argmax(axis=1)
        scores.append(float((guesses == truth).mean()))
    mine, theirs = scores
    expect(
        mine > 0.27 or mine >= theirs - SLACK,
        f"ভ্যালিডেশনে {percent(mine)}, মানে চোখ বুজে বলার কাছাকাছি। মডেলটা `fit` করেছেন তো? প্রথমে `Rescaling` আছে তো?",
    )
    expect(
        mine >= theirs - SLACK,
        f"ভ্যালিডেশনে আপনার মডেল {percent(mine)}, ধাপ ৩-এর মডেল {percent(theirs)}। ইপক বাড়ান, ফিল্টার বাড়ান, "
        "বা `BatchNormalization` বসিয়ে দেখুন।",
    )
    return f"মোটে {count}টি প্যারামিটারে ভ্যালিডেশনে {percent(mine)}, ধাপ ৩-এর মডেল {percent(theirs)}।"
