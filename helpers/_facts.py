"""What an explanation needs to know beyond the message: for helpers.errors.

Each fact is a function below, called by its name in an entry's `needs`. It looks only, and
changes nothing; None means that it does not know.
"""

from __future__ import annotations

import ast
import builtins
import difflib
import json
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent

# What learners import, beside Python's own modules.
LIBRARIES = (
    "keras", "tensorflow", "jax", "numpy", "matplotlib", "PIL", "pandas", "sklearn", "scipy",
    "helpers", "seaborn", "IPython", "ipywidgets", "tensorflow_hub", "tensorflow_datasets",
)  # fmt: skip
# Where the name to import is not the name to install.
PACKAGES = {
    "sklearn": "scikit-learn",
    "cv2": "opencv-python",
    "PIL": "pillow",
    "skimage": "scikit-image",
    "yaml": "pyyaml",
}
KEYWORDS = (
    "activation", "activity_regularizer", "axis", "batch_size", "bias_initializer", "callbacks",
    "class_weight", "data_format", "dtype", "epochs", "filters", "from_logits", "input_shape",
    "jit_compile", "kernel_initializer", "kernel_regularizer", "kernel_size", "learning_rate",
    "loss", "loss_weights", "metrics", "momentum", "monitor", "name", "nesterov", "optimizer",
    "outputs", "inputs", "padding", "patience", "pool_size", "rate", "recurrent_dropout",
    "restore_best_weights", "return_sequences", "sample_weight", "save_best_only",
    "save_weights_only", "seed", "shape", "shuffle", "steps_per_epoch", "strides", "trainable",
    "units", "use_bias", "validation_data", "validation_split", "verbose", "weight_decay",
)  # fmt: skip


@dataclass(frozen=True)
class Clue:
    """What is known of an error so far.

    Attributes:
        error: the exception.
        facts: the named groups of the entry's patterns.
        statement: the learner's own statement, or "".
        seen: the names that could be seen there, with their values.
        names: the notebook's names; IPython keeps the cells that were run under "In".
        homes: old names of Keras, and today's.
    """

    error: BaseException
    facts: Mapping[str, str]
    statement: str
    seen: Mapping[str, Any]
    names: Mapping[str, Any]
    homes: Mapping[str, str]


def find(name: str, clue: Clue) -> str | None:
    """A fact by its name, as text, or None."""
    return _FACTS[name](clue)


def backend() -> str:
    """Keras' backend, or "" before Keras is there."""
    config = getattr(sys.modules.get("keras"), "config", None)
    return config.backend() if config is not None else ""


def _lost(names: Mapping[str, Any]) -> list[str]:
    """Models that JAX has left without weights: a failed step took them and gave none back."""
    if backend() != "jax":
        return []
    keras = sys.modules["keras"]
    return [
        name
        for name, value in list(names.items())
        if not name.startswith("_")
        and isinstance(value, keras.Model)
        and any(getattr(v, "_value", v) is None for v in value.variables)
    ]


def lost_weights(names: Mapping[str, Any]) -> str:
    """A sentence about models that have lost their weights with this error, or ""."""
    lost = _lost(names)
    if not lost:
        return ""
    listed = ", ".join(f"`{name}`" for name in lost[:3])
    return (
        f"JAX ব্যাকএন্ডে এই এররের সঙ্গে {listed} মডেলের ওয়েটও হারিয়ে গেছে। "
        "শোধরানোর পরে মডেল বানানোর সেল থেকে আবার চালান।"
    )


# --- spelling -------------------------------------------------------------------------------


def _near(clue: Clue) -> str | None:
    """The name that was probably meant."""
    name = clue.facts.get("name", "")
    exact = [other for other in _candidates(clue) if other != name]
    folded = {other.casefold(): other for other in exact}
    if name.casefold() in folded:
        return folded[name.casefold()]
    # A short name is near to everything, so it needs more letters in common.
    cutoff = 0.8 if len(name) <= 4 else 0.72
    close = difflib.get_close_matches(name.casefold(), list(folded), n=1, cutoff=cutoff)
    return folded[close[0]] if close else None


def _candidates(clue: Clue) -> Iterable[str]:
    error = clue.error
    if isinstance(error, ModuleNotFoundError):
        top = clue.facts.get("name", "").split(".")[0]
        return [] if top in LIBRARIES else [*LIBRARIES, *sys.stdlib_module_names]
    if isinstance(error, ImportError):
        return _public(sys.modules.get(clue.facts.get("module", "")))
    if isinstance(error, AttributeError):
        owner = getattr(error, "obj", None)
        return _public(
            owner if owner is not None else sys.modules.get(clue.facts.get("module", ""))
        )
    if isinstance(error, NameError):
        own = [name for name in clue.seen if not name.startswith("_")]
        return [*own, *(name for name in dir(builtins) if name[0].islower())]
    if "kind" in clue.facts:
        return _identifiers(clue.facts["kind"])
    return KEYWORDS


def _public(owner: Any) -> list[str]:
    return [] if owner is None else [name for name in dir(owner) if not name.startswith("_")]


def _identifiers(kind: str) -> list[str]:
    """The names that Keras takes as text: activations, losses and so on."""
    keras = sys.modules.get("keras")
    module = {
        "activation": "activations", "optimizer": "optimizers", "loss": "losses",
        "metric": "metrics", "initializer": "initializers", "regularizer": "regularizers",
    }.get(kind)  # fmt: skip
    if keras is None or module is None:
        return []
    known = {
        name.lower() if kind == "optimizer" else name for name in _public(getattr(keras, module))
    }
    if kind == "metric":
        known |= {"accuracy", "mse", "mae"}
    return sorted(known - {"get", "serialize", "deserialize"})


# --- names that are not there ---------------------------------------------------------------


def _keras_name(clue: Clue) -> str | None:
    """Where in Keras a bare name lives: keras.layers.Dense for Dense."""
    keras = sys.modules.get("keras")
    name = clue.facts.get("name", "")
    if keras is None or not name[:1].isupper():
        return None
    for part in ("layers", "optimizers", "losses", "metrics", "callbacks", "activations", ""):
        owner = getattr(keras, part, None) if part else keras
        if hasattr(owner, name):
            return ".".join(filter(None, ["keras", part, name]))
    return None


def _new_home(clue: Clue) -> str | None:
    """Where a thing of old Keras lives today."""
    for key in ("old", "name"):
        path = clue.facts.get(key, "")
        while path:
            if path in clue.homes:
                return clue.homes[path]
            path = path.rpartition(".")[0]
    return None


def _package(clue: Clue) -> str | None:
    """What to install for a module; nothing for parts of modules that are there."""
    name = clue.facts.get("name", "")
    if name in sys.stdlib_module_names or name in ("keras", "helpers") or name in sys.modules:
        return None
    return PACKAGES.get(name, name)


def _cell_section(clue: Clue) -> str | None:
    cell = _defining_cell(clue)
    return cell[0] if cell else None


def _cell_line(clue: Clue) -> str | None:
    cell = _defining_cell(clue)
    return cell[1] if cell else None


def _defining_cell(clue: Clue) -> tuple[str, str] | None:
    """(section, first line) of the cell of this lesson that makes a name.

    The lesson is the one that has most of the cells that were run, the failing one included.
    """
    run = {str(source).strip() for source in clue.names.get("In") or [] if str(source).strip()}
    best: list[tuple[str, str]] = []
    most = 0
    for path in sorted((ROOT / "notebooks").glob("[0-9][0-9]_*.ipynb")):
        cells = list(_code_cells(path))
        common = sum(source.strip() in run for _, source in cells)
        if common > most:
            best, most = cells, common
    failing = str((clue.names.get("In") or [""])[-1]).strip()
    makers = []
    for section, source in best:
        if source.strip() == failing:
            break  # a name is made above its use
        if clue.facts["name"] in _made_by(source):
            makers.append((section, _first_line(source)))
    return makers[-1] if makers and makers[-1][0] else None


def _code_cells(path: Path) -> Iterator[tuple[str, str]]:
    """(heading above it, text) of every code cell after the set-up cell."""
    section = ""
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    for cell in cells:
        source = "".join(cell["source"])
        if cell["cell_type"] == "markdown":
            for line in source.splitlines():
                if line.startswith(("## ", "### ")):
                    section = line.lstrip("# ").replace("`", "")
        elif not source.startswith("# সেট-আপ"):
            yield section, source


def _made_by(source: str) -> set[str]:
    """The names that a cell gives a value to."""
    try:
        tree = ast.parse(source)
    except SyntaxError:
        return set()
    found: set[str] = set()
    queue: list[ast.AST] = list(tree.body)
    while queue:
        node = queue.pop()
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            found.add(node.name)
            continue
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            found |= {(alias.asname or alias.name).split(".")[0] for alias in node.names}
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            found.add(node.id)
        if not isinstance(
            node, (ast.Lambda, ast.ListComp, ast.DictComp, ast.SetComp, ast.GeneratorExp)
        ):
            queue += ast.iter_child_nodes(node)
    return found


def _first_line(source: str) -> str:
    lines = [line for line in source.splitlines() if line.strip() and not line.startswith("#")]
    return lines[0].strip() if lines else source[:60]


# --- what the learner's statement uses ------------------------------------------------------


def _dataset(clue: Clue) -> str | None:
    """The tf.data dataset that the statement hands over."""
    for name, value in _used(clue):
        if any(base.__name__ == "DatasetV2" for base in type(value).__mro__):
            return name
    return None


def _keras_in_map(clue: Clue) -> str | None:
    """The Keras layer or model that a function inside `map` calls."""
    keras = sys.modules.get("keras")
    if keras is None:
        return None
    for name, value in _used(clue):
        if isinstance(value, keras.Layer):
            return name
        code = getattr(value, "__code__", None)
        for inner in getattr(code, "co_names", ()):
            if isinstance(clue.names.get(inner), keras.Layer):
                return inner
    return None


def _lost_model(clue: Clue) -> str | None:
    """The model without weights that the statement uses, or else any."""
    lost = _lost(clue.seen)
    used = [name for name, _ in _used(clue) if name in lost]
    return next(iter(used + lost), None)


_CALLS = ("fit", "evaluate", "predict", "train_on_batch", "test_on_batch")


def _call(clue: Clue) -> ast.Call | None:
    """The call of fit, evaluate or predict in the statement."""
    try:
        tree = ast.parse(clue.statement)
    except SyntaxError:
        return None
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and getattr(node.func, "attr", "") in _CALLS:
            return node
    return None


def _unlabelled(clue: Clue) -> str | None:
    """The data of a call that has no labels."""
    call = _call(clue)
    if call is None or len(call.args) != 1 or any(word.arg == "y" for word in call.keywords):
        return None
    value = clue.seen.get(getattr(call.args[0], "id", ""))
    spec = getattr(value, "element_spec", None)
    return None if isinstance(spec, tuple) and len(spec) > 1 else ast.unparse(call.args[0])


def _list_given(clue: Clue) -> str | None:
    """The argument of fit, evaluate or predict that is a list."""
    call = _call(clue)
    if call is None:
        return None
    given = [*call.args, *(word.value for word in call.keywords if word.arg in ("x", "y"))]
    for value in given:
        made = isinstance(value, ast.Call) and getattr(value.func, "id", "") == "list"
        known = isinstance(clue.seen.get(getattr(value, "id", "")), list)
        repeated = isinstance(value, ast.BinOp) and isinstance(value.left, ast.List)
        if made or known or repeated or isinstance(value, (ast.List, ast.ListComp)):
            return ast.unparse(value)
    return None


def _output(clue: Clue) -> str | None:
    """The shape of a model's answers, where each answer is a grid: from the message, or else
    from the model that is trained, if it is to name classes or ends in Dense."""
    if "output" in clue.facts:
        return clue.facts["output"]
    owner = getattr(getattr(_call(clue), "func", None), "value", None)
    model = clue.seen.get(getattr(owner, "id", ""))
    try:
        shape, last = model.output_shape, model.layers[-1]
    except Exception:  # no model, one without layers, one whose shapes are not known
        return None
    loss = getattr(model, "loss", None)
    classes = "crossentropy" in str(getattr(loss, "name", loss)).lower()
    grid = isinstance(shape, tuple) and len(shape) > 2
    return str(shape) if grid and (classes or type(last).__name__ == "Dense") else None


def _history_keys(clue: Clue) -> str | None:
    """The names under which a training kept its numbers, where another is asked for."""
    for _, value in _used(clue):
        kept = getattr(value, "history", value)
        if isinstance(kept, dict) and isinstance(kept.get("loss"), list):
            return str(list(kept)) if clue.facts["name"] not in kept else None
    return None


def _used(clue: Clue) -> Iterator[tuple[str, Any]]:
    """The names in the statement that have a value."""
    for name in dict.fromkeys(re.findall(r"(?<![.\w])[^\W\d]\w*", clue.statement)):
        if name in clue.seen:
            yield name, clue.seen[name]


_FACTS: dict[str, Callable[[Clue], str | None]] = {
    "near": _near,
    "keras_name": _keras_name,
    "new_home": _new_home,
    "package": _package,
    "cell_section": _cell_section,
    "cell_line": _cell_line,
    "dataset": _dataset,
    "keras_in_map": _keras_in_map,
    "lost_model": _lost_model,
    "unlabelled": _unlabelled,
    "list_given": _list_given,
    "output": _output,
    "history_keys": _history_keys,
}
