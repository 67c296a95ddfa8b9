"""Checks for lesson 00, notebooks, Colab and the TPU."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np

from helpers.check import Hint, call, exercise, expect


def _number(answer):
    """The answer as a float.

    Raises:
        Hint: it is no single number.
    """
    expect(not isinstance(answer, str), "উত্তরটা লেখা নয়, সংখ্যা হবে। উদ্ধৃতি চিহ্ন বাদ দিন।")
    expect(answer is not None, "নামটাতে কিছু জমা হয়নি। `print` ছাড়া শুধু হিসাবটা লিখুন।")
    try:
        value = np.asarray(answer, dtype=float)
    except Exception as error:
        raise Hint("এখানে একটা সংখ্যা লাগবে।") from error
    expect(value.size == 1, "এখানে একটা সংখ্যা লাগবে।")
    return float(value.reshape(()))


@exercise("00.1")
def total_price(answer):
    """`answer`: 7 cups at 30 taka."""
    value = _number(answer)
    expect(value != 100, "এটা আগের হিসাব, ২৫ টাকা করে ৪ কাপ। দাম এখন ৩০, কাপ ৭।")
    expect(value != 37, "যোগ নয়, গুণ লাগবে: প্রতি কাপ ৩০ টাকা, কাপ ৭টা।")
    expect(value not in (175, 120), "একটা সংখ্যা বদলেছেন, আরেকটা বাকি। দাম আর কাপ, দুটোই বদলেছে।")
    expect(value == 210, f"আপনার উত্তর {value:g}। ৭ কাপের দাম ৩০ টাকা করে কত হয়?")
    return "৭ কাপ চা, ২১০ টাকা।"


@exercise("00.2")
def half_of_the_bill(answer):
    """`answer`: half of 350."""
    value = _number(answer)
    expect(value != 700, "দ্বিগুণ হয়ে গেছে। `*` নয়, `/` দিয়ে ভাগ করুন।")
    expect(value != 350, "এটা পুরো দাম। ২ দিয়ে ভাগ করা বাকি।")
    expect(
        value not in (15, 50, 105),
        "আগের সেলের অন্য একটা নাম ব্যবহার হয়ে গেছে। মোট দামের নাম এখানে `bill`।",
    )
    expect(value == 175, f"আপনার উত্তর {value:g}। `bill`-কে ২ দিয়ে ভাগ করলে কত হয়?")
    return "বানান ঠিক, হিসাবও ঠিক।"


@exercise("00.3")
def glossary_path(answer):
    """`answer`: the path of data/glossary.csv."""
    expect(
        isinstance(answer, (str, os.PathLike)),
        'এখানে ফাইলের ঠিকানা লাগবে। `home / "data" / ...` এভাবে জুড়ুন।',
    )
    path = Path(answer)
    expect(path.name != "data", "এটা ফোল্ডারের ঠিকানা। শেষে ফাইলের নামটাও জুড়ুন।")
    expect(
        path.name == "glossary.csv",
        f"ফাইলের নাম `glossary.csv` হওয়ার কথা, আপনার ঠিকানায় আছে `{path.name}`।",
    )
    expect(
        path.parent.name == "data", 'ফাইলটা `data` ফোল্ডারের ভেতরে। `home` আর নামের মাঝে `"data"` জুড়ুন।'
    )
    expect(
        path.is_file(),
        'নামটা ঠিক, কিন্তু ঠিকানায় ফাইলটা নেই। শুরুটা হবে `home / "data"`, আর `home`-এ উদ্ধৃতি চিহ্ন লাগে না।',
    )
    return "ফাইলটা ঠিক জায়গায় পাওয়া গেছে।"


@exercise("00.4")
def matmul_operations(answer):
    """`answer`: a function (a, b, c) -> 2abc."""
    for a, b, c in ((2, 3, 7), (64, 64, 64), (1, 7, 1)):
        try:
            value = _number(call(answer, a, b, c))
        except Hint as hint:
            expect(
                "not callable" not in str(hint.__cause__),
                "2-এর পরেই বন্ধনী দিলে Python ভাবে 2 একটা ফাংশন। মাঝে `*` দিন: `2 * (...)`।",
            )
            raise
        expect(value != a * b * c, "প্রতিটি ঘরে গুণও আছে, যোগও আছে, তাই সামনে একটা ২ লাগবে।")
        expect(value not in (a + b + c, 2 * (a + b + c)), "সংখ্যা তিনটি যোগ নয়, গুণ করতে হবে।")
        expect(
            value == 2 * a * b * c,
            f"`count({a}, {b}, {c})` হওয়ার কথা {2 * a * b * c}, এসেছে {value:g}।",
        )
    return "যন্ত্রের গতি মাপতে এই হিসাবটাই লাগে।"
