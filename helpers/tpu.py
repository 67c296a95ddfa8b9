"""How hard would this model work a TPU? Asked of the TPU's own compiler, without a TPU.

    from helpers import tpu
    tpu.report(model, batch_size=256)

libtpu compiles for chips that are not there (`pip install "jax[tpu]"`, on Linux). The model's
real train step, the one that `model.fit` runs, is compiled on Keras' JAX backend in a
process of its own (`helpers._tpu_compile`); the notebook may use any backend. Only shapes
matter: no weights and no data travel.
"""

from __future__ import annotations

import importlib.util
import json
import math
import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from helpers import runtime
from helpers.messages import Problem, bn, percent

_ROOT = Path(__file__).resolve().parent.parent
_GIB = 2**30


@dataclass(frozen=True)
class Chip:
    """One chip at its best: FLOP a second in bf16, HBM bytes a second, HBM bytes.

    float32 models are held to the bf16 figure too: unless told otherwise, JAX on a TPU
    multiplies float32 matrices in one bf16 pass.
    """

    flops: float
    bandwidth: float
    hbm: int


# Cloud TPU documentation, 'TPU v5e' and 'TPU v6e' (cloud.google.com/tpu/docs/v5e and /v6e):
# 197 TFLOPs, 819 GBps, 16 GB; 918 TFLOPs, 1640 GBps, 32 GB. The HBM's GB are GiB: the
# compiler has 15.75 GiB of v5e's to give away.
CHIPS = {
    "v5e": Chip(flops=197e12, bandwidth=819e9, hbm=16 * _GIB),
    "v6e": Chip(flops=918e12, bandwidth=1640e9, hbm=32 * _GIB),
}
# Number of chips: the smallest arrangement that libtpu compiles for. Colab has 1, Kaggle 8.
_TOPOLOGIES = {1: "2x2", 4: "2x2", 8: "2x4"}
# So that libtpu looks for no TPU, takes no lock from a notebook that has one, keeps no log.
_ENVIRONMENT = {
    "KERAS_BACKEND": "jax",
    "JAX_PLATFORMS": "cpu",
    "ALLOW_MULTIPLE_LIBTPU_LOAD": "1",
    "TPU_SKIP_MDS_QUERY": "1",
    "TPU_ACCELERATOR_TYPE": "v5litepod-4",
    "TPU_WORKER_HOSTNAMES": "localhost",
    "TPU_WORKER_ID": "0",
    "TPU_LOG_DIR": "disabled",
}


@dataclass(frozen=True)
class Report:
    """What `report` found; what could not be measured is None.

    Attributes:
        compiled: True if the step compiled for the chip, and so fits its memory.
        reason: why not, a Bengali sentence; empty if it did.
        hbm: bytes of HBM that one chip needs; weights, optimizer, one batch, workspace.
        hbm_size: bytes of HBM that one chip has.
        flops: floating-point operations of one step on one chip.
        bytes: bytes that one step moves to and from one chip's HBM, without padding.
        intensity: FLOP per byte.
        ridge: the chip's own FLOP per byte; below it a step is bound by memory.
        bound: "compute" or "memory".
        examples_per_second: what keeps all chips busy if each works at its published peak;
            a real chip never does, so this is an upper bound.
    """

    compiled: bool
    reason: str = ""
    hbm: float | None = None
    hbm_size: float | None = None
    flops: float | None = None
    bytes: float | None = None
    intensity: float | None = None
    ridge: float | None = None
    bound: str | None = None
    examples_per_second: float | None = None


def report(
    model, batch_size: int, chips: int = 1, kind: str = "v5e", timeout: float = 600
) -> Report:
    """Compiles the model's train step for a TPU and says in Bengali what it would need.

    Takes from seconds to some ten minutes, so it is left out in the fast mode of tests. Nothing
    is kept on disk. Whatever goes wrong is said in Bengali and comes back as `compiled=False`;
    no exception is raised.

    Args:
        model: a compiled Keras model whose input sizes are known (keras.Input), made of
            Keras' own layers. Layers that are frozen stay frozen.
        batch_size: examples in a step, over all chips.
        chips: 1, 4 or 8; they share the batch, and each holds all weights.
        kind: "v5e" (Colab's and Kaggle's) or "v6e".
        timeout: seconds after which to give up.
    """
    try:
        task = _task(model, batch_size, chips, kind, timeout)
        chip = CHIPS[kind]
        if runtime.is_fast():
            raise Problem(
                "দ্রুত মোডে (KERAS_BANGLA_FAST) TPU-র জন্য কম্পাইল করা হয় না, কারণ তাতে মিনিট লাগে।"
            )
        answer = _compile(task, timeout)
    except Problem as problem:
        print(problem)
        return Report(False, str(problem), **getattr(problem, "known", {}))
    compute, memory = answer["flops"] / chip.flops, answer["bytes"] / chip.bandwidth
    found = Report(
        compiled=True,
        hbm=answer["hbm"],
        hbm_size=chip.hbm,
        flops=answer["flops"],
        bytes=answer["bytes"],
        intensity=answer["flops"] / answer["bytes"],
        ridge=chip.flops / chip.bandwidth,
        bound="compute" if compute > memory else "memory",
        examples_per_second=batch_size / max(compute, memory),
    )
    _say(found, batch_size, chips, kind)
    if answer["loops"]:
        print(
            "• মডেলে লুপ আছে (যেমন LSTM)। কম্পাইলার লুপের কাজ একবারই গোনে, তাই আসল হিসাব আর মেমোরিতে "
            "আসা-যাওয়া এর চেয়ে বেশি।"
        )
    return found


def _say(found: Report, batch_size: int, chips: int, kind: str) -> None:
    each = "প্রতি চিপে " if chips > 1 else ""
    verdict = {
        "compute": "এটা তার বেশি, তাই গতি আটকে দেয় হিসাব (compute-bound): মেমোরি ডেটা নিয়ে অপেক্ষায় থাকে।",
        "memory": "এটা তার কম, তাই গতি আটকে দেয় মেমোরি (memory-bound): হিসাবের যন্ত্র ডেটার অপেক্ষায় থাকে।",
    }[found.bound]
    print(
        f"{kind}, {bn(chips)}টি চিপ, ব্যাচে {bn(batch_size)}টি উদাহরণ: TPU-র জন্য কম্পাইল হয়েছে।\n"
        f"• মেমোরি (HBM): {each}{_amount(found.hbm_size, 'B', 1024)}-এর মধ্যে "
        f"{_amount(found.hbm, 'B', 1024)} লাগবে ({percent(found.hbm / found.hbm_size, 1)})।\n"
        f"• প্রতি স্টেপে {each}{_amount(found.flops, 'FLOP')} হিসাব, আর মেমোরিতে আসা-যাওয়া "
        f"{_amount(found.bytes, 'B')}।\n"
        f"• প্রতি বাইটে {_short(found.intensity)} FLOP। {kind}-এর সীমারেখা {_short(found.ridge)}; {verdict}\n"
        f"• চিপকে ব্যস্ত রাখতে ইনপুট পাইপলাইনকে সেকেন্ডে বড়জোর {_short(found.examples_per_second)}টি উদাহরণ "
        "(ছবি) জোগাতে হবে। এটা ঊর্ধ্বসীমা: চিপ কাগজে-কলমে যত দ্রুত, কাজে কখনো ততটা নয়।"
    )


def _short(number: float) -> str:
    """A number in Bengali, rounded to three digits that count."""
    digits = 2 - math.floor(math.log10(number)) if number > 0 else 0
    number = round(number, digits)
    return bn(f"{number:.{digits}f}".rstrip("0").rstrip(".")) if digits > 0 else bn(int(number))


def _amount(number: float, unit: str, base: int = 1000) -> str:
    """An amount with the prefix that suits it: '১১৭ GFLOP', and '১.৫ GiB' with base 1024."""
    power = min(4, max(0, math.floor(math.log(max(number, 1), base))))
    prefix = ["", "K", "M", "G", "T"][power] + ("i" if power and base == 1024 else "")
    return f"{_short(number / base**power)} {prefix}{unit}"


def _task(model, batch_size, chips, kind, timeout) -> dict:
    """The question that `helpers._tpu_compile` answers, or a Problem with the arguments."""
    if not isinstance(kind, str) or kind not in CHIPS:
        raise Problem(f"kind={kind!r} চেনা গেল না। {' বা '.join(map(repr, CHIPS))} লিখুন।")
    if type(chips) is not int or chips not in _TOPOLOGIES:
        raise Problem(f"chips={chips!r} দিয়ে হয় না। চিপের সংখ্যা 1, 4 বা 8 লিখুন।")
    if type(batch_size) is not int or batch_size < 1:
        raise Problem(f"batch_size={batch_size!r} দিয়ে হয় না। ১ বা তার বড় একটা পূর্ণসংখ্যা লিখুন, যেমন 256।")
    if batch_size % chips:
        raise Problem(
            f"{bn(batch_size)}টি উদাহরণ {bn(chips)}টি চিপে সমান ভাগ হয় না। batch_size এমন দিন যাকে "
            f"{bn(chips)} দিয়ে ভাগ করা যায়, যেমন {chips * max(1, round(batch_size / chips))}।"
        )
    if not isinstance(timeout, (int, float)) or not 0 < timeout < 1e6:
        raise Problem(f"timeout={timeout!r} দিয়ে হয় না। কত সেকেন্ড অপেক্ষা করব তা লিখুন, যেমন 600।")
    if not hasattr(model, "to_json") or not hasattr(model, "get_compile_config"):
        raise Problem("প্রথমে একটা Keras মডেল দিন, যেমন tpu.report(model, batch_size=256)।")
    try:
        known = all(None not in tensor.shape[1:] for tensor in model.inputs)
    except (AttributeError, TypeError):  # no keras.Input at all
        known = False
    if not known:
        raise Problem("মডেলের ইনপুটের মাপ জানা নেই। মডেলের শুরুতে মাপসহ `keras.Input(shape=...)` দিন।")
    if not model.compiled or model.loss is None:
        raise Problem(
            "মডেলে লস আর অপটিমাইজার এখনো বসেনি। আগে `model.compile(optimizer=..., loss=...)` চালান।"
        )
    import keras

    try:
        text = model.to_json()
    except Exception as error:  # whatever a layer's own get_config raises
        raise Problem(_REASONS["rebuild"] + _english(f"{type(error).__name__}: {error}")) from error
    return {
        "model": text,
        "policy": keras.config.dtype_policy().name,
        "trainable": [list(v.shape) for v in model.trainable_variables],
        "batch_size": batch_size,
        "chips": chips,
        "topology": f"{kind}:{_TOPOLOGIES[chips]}",
    }


_REASONS = {
    "missing": 'TPU-র কম্পাইলার (libtpu) এখানে নেই। Linux-এ `pip install "jax[tpu]"` চালিয়ে কার্নেল রিস্টার্ট '
    "করুন। অন্য সিস্টেমে এটা পাওয়া যায় না।",
    "rebuild": "মডেলটা তার config থেকে আবার বানানো গেল না। সম্ভবত এতে আপনার নিজের লেখা লেয়ার, লস বা মেট্রিক "
    "আছে। তার জায়গায় Keras-এর কাছাকাছি একটা বসিয়ে মাপুন।",
    "step": "ট্রেনিংয়ের স্টেপটাই বানানো গেল না। মডেলের আউটপুট আর লস মেলে কি না, আর `model.fit` চলে কি না, আগে "
    "সেটা দেখুন।",
    "compile": "TPU-র কম্পাইলার (libtpu) মাঝপথে থেমে গেছে। সাধারণ CPU যন্ত্রে `pip install -U "
    '"jax[tpu]"` দিয়ে নতুন libtpu বসিয়ে আবার চালান; libtpu 0.0.21 এ কাজ পারে না।',
    "killed": "কম্পাইল মাঝপথে থেমে গেছে, সম্ভবত এই কম্পিউটারের মেমোরি ফুরিয়ে গেছে। অন্য নোটবুক বন্ধ করে, বা ছোট "
    "মডেল দিয়ে আবার চালান।",
}


def _has_compiler() -> bool:
    return all(importlib.util.find_spec(name) for name in ("jax", "libtpu"))


def _compile(task: dict, timeout: float) -> dict:
    """`helpers._tpu_compile`'s answer, or a Problem that says why there is none."""
    if not _has_compiler():
        raise Problem(_REASONS["missing"])
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("TPU_", "LIBTPU_"))}
    try:
        done = subprocess.run(
            [sys.executable, "-m", "helpers._tpu_compile"], cwd=_ROOT, env=environment | _ENVIRONMENT,
            input=json.dumps(task).encode(), capture_output=True, timeout=timeout, check=False,
        )  # fmt: skip
        answer = json.loads(done.stdout)
    except subprocess.TimeoutExpired as error:
        raise Problem(
            f"{bn(timeout)} সেকেন্ডে কম্পাইল শেষ হলো না, তাই থামিয়ে দেওয়া হয়েছে। বড় মডেলে কয়েক মিনিট লাগে: "
            "timeout-এ আরও বেশি সেকেন্ড দিন।"
        ) from error
    except OSError as error:
        raise Problem(_REASONS["compile"] + _english(str(error))) from error
    except ValueError as error:  # no answer: the process died
        if done.returncode == -9:  # Linux ends it so when the memory runs out
            raise Problem(_REASONS["killed"]) from error
        raise Problem(_REASONS["compile"] + _english(f"exit {done.returncode}")) from error
    if answer.get("error") == "memory":
        raise _too_large(answer["detail"], task)
    if "error" in answer:
        raise Problem(_REASONS[answer["error"]] + _english(answer["detail"]))
    return answer


def _english(detail: str) -> str:
    """The first line of what a library said, in brackets, for whoever helps the learner."""
    return f" ({(detail.strip().splitlines() or [''])[0][:160]})"


def _too_large(detail: str, task: dict) -> Problem:
    """XLA says 'Used 20.5G of 15.75G hbm', '(20.5G) exceeds available HBM (15.75G)' or
    'Allocation (size=22011707392) would exceed memory (size=17179869184)'."""
    kind = task["topology"].split(":")[0]
    known = {"hbm_size": CHIPS[kind].hbm}
    needs = "লাগত তার চেয়ে বেশি"
    units = {"": 1, "M": 2**20, "G": _GIB, "T": 2**40}
    sizes = re.findall(r"(?:size=|\b)([\d.]+)(?:([MGT])\b|\))", detail)[:2]
    if len(sizes) == 2:
        needed, usable = (float(number) * units[unit] for number, unit in sizes)
        known["hbm"] = needed
        needs = (
            f"তার {bn(usable / _GIB, 2)} GiB কাজে লাগানো যায়, কিন্তু লাগত কমপক্ষে {bn(needed / _GIB, 2)} GiB"
        )
    problem = Problem(
        f"ব্যাচটা চিপের মেমোরিতে (HBM) ধরল না। একটা {kind} চিপে আছে {bn(CHIPS[kind].hbm // _GIB)} GiB, {needs}। "
        f"batch_size {bn(task['batch_size'])} থেকে কমিয়ে, যেমন অর্ধেক করে, আবার চালান। তাতেও না "
        "ধরলে মডেল ছোট করুন।"
    )
    problem.known = known
    return problem
