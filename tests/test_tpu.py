"""What a model would ask of a TPU: real compilations where libtpu is installed, arithmetic by
hand, and a Bengali sentence instead of an exception for all that can go wrong."""

import json
import os
import subprocess
import sys
from importlib.metadata import requires

import keras
import pytest
from conftest import ROOT
from keras import layers

from helpers import tpu
from helpers._tpu_compile import hbm_bytes

GIB = 2**30


@pytest.fixture(scope="module")
def libtpu():
    """For tests that compile for a TPU; no TPU is needed, but its compiler is.

    Where KERAS_BANGLA_LIBTPU=required it is fetched into build/libtpu, which only these tests
    see: 680 MB that nobody else needs, and every other JAX process would look for a TPU first.
    """
    if tpu._has_compiler():
        yield
    elif os.environ.get("KERAS_BANGLA_LIBTPU") != "required":
        pytest.skip("no TPU compiler; KERAS_BANGLA_LIBTPU=required fetches it (Linux only)")
    else:
        folder = str(_fetch_libtpu())
        with pytest.MonkeyPatch.context() as patch:
            patch.syspath_prepend(folder)
            patch.setenv("PYTHONPATH", folder)
            yield


def _fetch_libtpu():
    """The folder that holds the libtpu that this JAX asks for."""
    wanted = next(r for r in requires("jax") if r.startswith("libtpu")).split(";")[0].strip()
    folder = ROOT / "build" / "libtpu"
    stamp = folder / "ready"
    if not stamp.exists() or stamp.read_text() != wanted:
        install = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--upgrade"]
        subprocess.run([*install, "--target", folder, wanted], check=True)
        stamp.write_text(wanted)
    return folder


def dense(*units: int, inputs: int = 1024) -> keras.Model:
    stack = [layers.Dense(n) for n in units]
    model = keras.Sequential([keras.Input((inputs,)), *stack])
    model.compile("sgd", "mse")
    return model


def classifier(*body, shape=(32, 32, 3), dtype="float32") -> keras.Model:
    """Pictures, a body, average pooling, three classes."""
    model = keras.Sequential(
        [keras.Input(shape, dtype=dtype), *body, layers.GlobalAveragePooling2D(), layers.Dense(3)]
    )
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile("adam", loss, metrics=["accuracy"])
    return model


# --- arithmetic by hand ---------------------------------------------------------------


def test_a_dense_layer_by_hand(libtpu):
    batch, inputs, outputs = 8192, 1024, 256
    found = tpu.report(dense(outputs, inputs=inputs), batch)
    # Forward and the weights' gradient; nobody asks for the gradient of the input.
    assert found.flops == pytest.approx(2 * 2 * batch * inputs * outputs, rel=0.02)
    # x and y come in once, the weights come in and go out; the rest stays on the chip.
    data, weights = 4 * batch * (inputs + outputs), 4 * inputs * outputs
    assert found.bytes == pytest.approx(data + 2 * weights, rel=0.05)
    assert found.hbm == pytest.approx(data + weights, rel=0.05)
    assert found.intensity == found.flops / found.bytes < found.ridge
    assert found.bound == "memory"
    assert found.examples_per_second == pytest.approx(batch / (found.bytes / 819e9))


def test_a_second_layer_needs_the_gradient_of_its_input(libtpu):
    """Two matrix products for the first layer, three for the second, shared by four chips."""
    batch, width = 8192, 512
    found = tpu.report(dense(width, width, inputs=width), batch, chips=4)
    assert found.flops == pytest.approx((2 + 3) * 2 * batch * width * width / 4, rel=0.01)
    # At the least: a chip's part of x and y comes in, two layers' weights come in and go out.
    least = 4 * batch * 2 * width / 4 + 2 * 4 * 2 * width * width
    assert least < found.bytes < 1.2 * least
    assert found.bound == "compute"
    assert found.examples_per_second == pytest.approx(batch / (found.flops / 197e12))


PROGRAM = """HloModule jit_step

%fused (p: f32[9]) -> f32[9] {
  %p = f32[9]{0:T(128)} parameter(0)
  ROOT %n = f32[9]{0:T(128)} negate(%p)
}

%body.1 (s: (s32[], f32[50])) -> (s32[], f32[50]) {
  %s = (s32[]{:T(128)}, f32[50]{0:T(128)}) parameter(0)
  %g = f32[50]{0:T(128)} get-tuple-element(%s), index=1
  %m = f32[50]{0:T(128)S(1)} fusion(%g), kind=kLoop, calls=%fused
}

ENTRY %main.1 (a: f32[100,10], b: bf16[100]) -> f32[100] {
  %a = f32[100,10]{1,0:T(8,128)} parameter(0)
  %b = bf16[100]{0:T(256)(2,1)} parameter(1)
  %cs = (f32[100,10]{1,0:T(8,128)S(1)}, f32[100,10]{1,0:T(8,128)}, u32[]{:S(2)}) copy-start(%a)
  %cd = f32[100,10]{1,0:T(8,128)S(1)} copy-done(%cs)
  %ss = ((f32[100,10]{1,0:T(8,128)}), f32[20,10]{1,0:T(8,128)S(1)}, s32[]{:S(2)}) slice-start(%a), slice={[0:20], [0:10]}
  %sd = f32[20,10]{1,0:T(8,128)S(1)} slice-done(%ss)
  %f = (pred[100]{0:T(512)}, /*index=1*/f32[100]{0:T(128)S(1)}) fusion(%cd, %b, %sd), kind=kLoop, calls=%fused
  %g0 = f32[100]{0:T(128)S(1)} get-tuple-element(%f), index=1
  %w = (s32[]{:T(128)}, f32[50]{0:T(128)}) while(%t), condition=%cond.1, body=%body.1
  ROOT %r = f32[100]{0:T(128)} add(%g0, %g0), metadata={op_name="add"}
}
"""


def test_only_what_crosses_the_hbm_counts():
    copied, sliced, b, predicate, loop, result = 4000, 800, 200, 100, 200, 400
    assert hbm_bytes(PROGRAM) == copied + sliced + b + predicate + loop + result


# --- real models ----------------------------------------------------------------------


@pytest.mark.parametrize("chips", [1, 4])
def test_a_small_convnet(libtpu, chips, capsys):
    model = classifier(
        layers.Rescaling(1 / 255),
        layers.Conv2D(16, 3, strides=2, activation="relu"),
        layers.BatchNormalization(),
        dtype="uint8",
    )
    found = tpu.report(model, 64, chips=chips)
    assert found.compiled and not found.reason and 0 < found.hbm < found.hbm_size == 16 * GIB
    # The convolution forward, and its weights' gradient; the rest is small beside it.
    convolution = 2 * 64 * 15 * 15 * 16 * 3 * 3 * 3 / chips
    assert 2 * convolution < found.flops < 4 * convolution
    said = capsys.readouterr().out
    assert f"v5e, {'১৪'[chips > 1]}টি চিপ" in said and "ঊর্ধ্বসীমা" in said and "লুপ" not in said
    assert ("প্রতি চিপে" in said) == (chips > 1)


@pytest.mark.parametrize("chips", [1, 4])
def test_mobilenet_frozen(libtpu, chips):
    base = keras.applications.MobileNetV2((192, 192, 3), include_top=False, weights=None)
    base.trainable = False
    found = tpu.report(classifier(base, shape=(192, 192, 3)), 8 * chips, chips=chips)
    assert found.compiled, found.reason
    # 300 million multiply-adds at 224x224 (Sandler et al. 2018), forward only: it is frozen.
    assert found.flops == pytest.approx(2 * 300e6 * (192 / 224) ** 2 * 8, rel=0.1)
    assert found.hbm < GIB


def test_a_batch_too_large(libtpu, capsys):
    found = tpu.report(dense(1024), 2**23)  # x and y alone are 64 GiB
    assert not found.compiled and found.flops is None
    # libtpu 0.0.42 tells the whole need, 0.0.23 the first array that does not fit.
    assert found.hbm > 30 * GIB and found.hbm_size == 16 * GIB
    assert "১৬ GiB" in found.reason and "batch_size" in found.reason
    assert capsys.readouterr().out == found.reason + "\n"


# --- what travels, with a stand-in for the other process --------------------------------

ANSWER = {"hbm": 4 * GIB, "flops": 197e9, "bytes": 819e5, "loops": False}


@pytest.fixture
def process(monkeypatch):
    """A stand-in for the compiling process: set `.answer`; see `.task` and `.environment`."""

    class Process:
        answer, returncode, raises = ANSWER, 0, None

        def run(self, command, *, input, env, **_):
            self.command, self.task, self.environment = command, json.loads(input), env
            if self.raises:
                raise self.raises
            out = (
                self.answer if isinstance(self.answer, bytes) else json.dumps(self.answer).encode()
            )
            return subprocess.CompletedProcess(command, self.returncode, out, b"noise")

    stand_in = Process()
    monkeypatch.setattr(tpu, "_has_compiler", lambda: True)
    monkeypatch.setattr(tpu.subprocess, "run", stand_in.run)
    return stand_in


def test_what_is_asked(process, monkeypatch):
    monkeypatch.setenv("TPU_CHIPS_PER_HOST_BOUNDS", "1,1,1")  # a real TPU machine's own
    model = classifier(layers.Conv2D(4, 3), layers.Conv2D(5, 3))
    model.layers[0].trainable = False
    tpu.report(model, 64, chips=4)
    assert process.command[1:] == ["-m", "helpers._tpu_compile"]
    assert process.environment["KERAS_BACKEND"] == "jax"
    assert "TPU_CHIPS_PER_HOST_BOUNDS" not in process.environment
    assert process.task["topology"] == "v5e:2x2" and process.task["chips"] == 4
    assert process.task["trainable"] == [[3, 3, 4, 5], [5], [5, 3], [3]]
    rebuilt = keras.models.model_from_json(process.task["model"])
    assert [list(v.shape) for v in rebuilt.trainable_variables] == process.task["trainable"]
    assert type(rebuilt.optimizer).__name__ == "Adam" and rebuilt.loss.name == model.loss.name


def test_memory_bound_or_compute_bound(process, capsys):
    found = tpu.report(dense(3), 256)
    assert (found.bound, found.examples_per_second) == ("compute", pytest.approx(256_000))
    assert "compute-bound" in capsys.readouterr().out
    process.answer = ANSWER | {"bytes": 8.19e9, "loops": True}
    found = tpu.report(dense(3), 256)
    assert (found.bound, found.examples_per_second) == ("memory", pytest.approx(25_600))
    said = capsys.readouterr().out
    for words in ("memory-bound", "২৫,৬০০টি", "১৬ GiB-এর মধ্যে ৪ GiB", "১৯৭ GFLOP", "৮.১৯ GB", "লুপ"):
        assert words in said


@pytest.mark.parametrize(
    ("number", "text"),
    [(0, "০"), (0.01234, "০.০১২৩"), (9.999, "১০"), (12.0, "১২"), (123456, "১,২৩,০০০")],
)
def test_three_digits(number, text):
    assert tpu._short(number) == text


# --- what can go wrong ------------------------------------------------------------------


def refused(word: str, *args, **kwargs) -> tpu.Report:
    found = tpu.report(*args, **kwargs)
    assert not found.compiled and found.bound is None and found.examples_per_second is None
    assert word in found.reason and found.reason.rstrip(")").count("।") >= 1, found.reason
    return found


def test_the_fast_mode_waits_for_no_compiler(monkeypatch, capsys):
    monkeypatch.setenv("KERAS_BANGLA_FAST", "1")
    monkeypatch.setattr(tpu, "_compile", None)
    assert not tpu.report(dense(8), 64).compiled
    assert "দ্রুত মোড" in capsys.readouterr().out


def test_no_libtpu(monkeypatch):
    monkeypatch.setattr(tpu.importlib.util, "find_spec", lambda name: name == "jax" or None)
    refused('pip install "jax[tpu]"', dense(3), 64)


@pytest.mark.parametrize(
    ("answer", "returncode", "word"),
    [
        (b"", -11, "exit -11"),
        (b"half an ans", 1, "libtpu"),
        (b"", -9, "মেমোরি ফুরিয়ে"),
        ({"error": "compile", "detail": "JaxRuntimeError: INTERNAL\nmore"}, 0, "INTERNAL)"),
        ({"error": "step", "detail": "ValueError: shapes"}, 0, "আউটপুট আর লস"),
        ({"error": "rebuild", "detail": "TypeError: no class"}, 0, "নিজের লেখা লেয়ার"),
    ],
)
def test_the_process_fails(process, answer, returncode, word):
    process.answer, process.returncode = answer, returncode
    refused(word, dense(3), 64)


@pytest.mark.parametrize(
    ("detail", "needed"),
    [
        ("RESOURCE_EXHAUSTED: Ran out of memory on HBM, the total memory required for HLO "
         "temporaries (64.01G) exceeds available HBM (15.75G).", "৬৪.০১ GiB"),
        ("RESOURCE_EXHAUSTED: XLA:TPU compile permanent error. Ran out of memory in memory space "
         "hbm. Used 16.50G of 15.75G hbm. Exceeded hbm capacity by 768.00M.", "১৬.৫০ GiB"),
        ("RESOURCE_EXHAUSTED: Allocation (size=34359738368) would exceed memory "
         "(size=17179869184) :: #allocation48 [shape = 'f32[8388608,1024]{1,0:T(8,128)}', "
         "space=hbm, size = 0xffffffffffffffff", "৩২.০০ GiB"),
        ("RESOURCE_EXHAUSTED: hbm", "তার চেয়ে বেশি"),
    ],
)  # fmt: skip
def test_every_wording_of_too_large(process, detail, needed):
    process.answer = {"error": "memory", "detail": detail}
    found = refused(needed, dense(3), 64)
    assert found.hbm_size == 16 * GIB and (found.hbm is None) == (needed == "তার চেয়ে বেশি")


def test_a_process_that_cannot_start(process):
    process.raises = OSError("no such file")
    refused("no such file", dense(3), 64)


def test_time_out(monkeypatch):
    monkeypatch.setattr(tpu, "_has_compiler", lambda: True)
    refused("timeout", dense(3), 64, timeout=0.05)  # the real process; it has hardly begun


def test_a_layer_of_ones_own(monkeypatch):
    class Doubling(layers.Layer):
        def call(self, x):
            return 2 * x

    monkeypatch.setattr(tpu, "_has_compiler", lambda: True)
    refused("Doubling", classifier(Doubling()), 64)  # by the real process, before libtpu


class Subclassed(keras.Model):
    def call(self, x):
        return x


def test_unfit_models(process):
    uncompiled = keras.Sequential([keras.Input((4,)), layers.Dense(3)])
    refused("model.compile", uncompiled, 64)
    uncompiled.compile("adam")  # an optimizer, and no loss
    refused("model.compile", uncompiled, 64)
    for model in (
        keras.Sequential([layers.Dense(3)]),
        classifier(layers.Conv2D(4, 3), shape=(None, None, 3)),
        Subclassed(),
    ):
        refused("keras.Input", model, 64)
    for nonsense in (None, "model", 7, layers.Dense(3)):
        refused("Keras মডেল", nonsense, 64)


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        ({"batch_size": 0}, "batch_size=0"),
        ({"batch_size": -8}, "batch_size=-8"),
        ({"batch_size": 64.0}, "batch_size=64.0"),
        ({"batch_size": "64"}, "batch_size='64'"),
        ({"batch_size": True}, "batch_size=True"),
        ({"batch_size": 30, "chips": 4}, "যেমন 32"),
        ({"batch_size": 1, "chips": 8}, "যেমন 8"),
        ({"batch_size": 64, "chips": 3}, "chips=3"),
        ({"batch_size": 64, "chips": [4]}, "chips=[4]"),
        ({"batch_size": 64, "kind": "v9"}, "'v5e'"),
        ({"batch_size": 64, "kind": []}, "'v5e'"),
        ({"batch_size": 64, "timeout": 0}, "timeout=0"),
        ({"batch_size": 64, "timeout": float("nan")}, "timeout=nan"),
        ({"batch_size": 64, "timeout": "long"}, "timeout='long'"),
    ],
)
def test_nonsense_arguments(process, arguments, word):
    refused(word, dense(3), **arguments)
    assert not hasattr(process, "task")
