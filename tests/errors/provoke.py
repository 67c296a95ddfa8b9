"""Makes every mistake of cases.py for real and sees what helpers.errors says of it.

    python tests/errors/provoke.py [ID ...]

A plain program, because Colab's environments have no pytest. Each cell runs in an IPython
shell whose explanations are switched on as in a lesson. A line a cell: its id, and what was
matched; the exit status is 1 if one of them differs.
"""

from __future__ import annotations

import contextlib
import io
import os
import sys
import time
import warnings
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent.parent)]

# Eight devices, so that JAX can refuse a batch that it cannot share out; only what asks for
# them uses them. No proxy may answer for an address that nobody listens to.
os.environ["XLA_FLAGS"] = "--xla_force_host_platform_device_count=8"
os.environ["CUDA_VISIBLE_DEVICES"] = ""
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.environ["no_proxy"] = os.environ["NO_PROXY"] = "*"
for name in ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"):
    os.environ.pop(name, None)
warnings.filterwarnings("ignore")


class Notebook:
    """An IPython shell with explanations on; `run` gives the exception and what was said."""

    def __init__(self, prelude: str) -> None:
        from IPython.core.interactiveshell import InteractiveShell

        from helpers import errors

        self.shell = InteractiveShell.instance()
        self.said: list = []
        self.tracebacks = 0
        for name in ("showtraceback", "showsyntaxerror"):
            setattr(self.shell, name, self._traceback)
        errors.show = lambda *explanations: self.said.extend(explanations)
        errors.start()
        done = self.shell.run_cell(prelude)
        if not done.success:
            raise SystemExit(f"the prelude failed: {done.error_before_exec or done.error_in_exec}")
        self.names = dict(self.shell.user_ns)

    def _traceback(self, *args, **kwargs) -> None:
        self.tracebacks += 1

    def run(self, cell: str):
        """(exception or None, explanation or None) of one cell."""
        for name in set(self.shell.user_ns) - set(self.names):
            del self.shell.user_ns[name]
        self.shell.user_ns.update(self.names)
        self.said.clear()
        self.tracebacks = 0
        aside = io.StringIO()
        with contextlib.redirect_stdout(aside), contextlib.redirect_stderr(aside):
            done = self.shell.run_cell(cell, store_history=True)
        error = done.error_before_exec or done.error_in_exec
        assert error is None or self.tracebacks, "the traceback itself was lost"
        assert len(self.said) <= 1, self.said
        return error, (self.said[0] if self.said else None)


def wanted(case, backend: str, version: str) -> bool:
    """False for a mistake of which this backend or this Keras says nothing."""

    def number(text: str) -> tuple[int, ...]:
        return tuple(int(part) for part in text.split(".")[:2])

    return case.on in ("", backend) and (not case.since or number(version) >= number(case.since))


def main(only: list[str]) -> int:
    import tempfile

    from cases import CASES, PRELUDE
    from others import OTHERS

    os.chdir(tempfile.mkdtemp())
    notebook = Notebook(PRELUDE)
    import keras

    backend, version = keras.config.backend(), keras.__version__
    provoked, wrong, seen = 0, 0, set()
    began = time.perf_counter()
    for case in CASES:
        if not wanted(case, backend, version) or (only and case.id not in only):
            continue
        error, said = notebook.run(case.cell)
        found = said.id if said else "-"
        right = error is not None and found == case.id
        provoked += 1
        wrong += not right
        seen.add(case.id)
        if only or not right:
            kind = type(error).__name__
            print(
                f"{'  ' if right else '✗ '}{case.id} → {found} | {case.cell!r}\n    {kind}: {str(error)[:500]}"
            )
            if only and said:
                print(said.text())
    for cell in [] if only else OTHERS:
        error, said = notebook.run(cell)
        wrong += error is None or said is not None
        if error is None or said is not None:
            found = said.id if said else "nothing was raised"
            print(f"✗ none → {found} | {cell!r}\n    {type(error).__name__}: {str(error)[:300]}")
    seconds = time.perf_counter() - began
    print(
        f"{backend} · Keras {version} · Python {sys.version.split()[0]}: {provoked} mistakes of "
        f"{len(seen)} kinds, {0 if only else len(OTHERS)} others, {wrong} wrong, {seconds:.0f} s"
    )
    return int(wrong > 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
