"""Runs a line of code from an old post and says in Bengali what Keras does with it today."""

from __future__ import annotations

import ast
import re
import warnings


def try_line(code: str, names: dict, old: bool = False) -> None:
    """Runs one line and prints what came of it; an exception is shown, not raised.

    Args:
        code: one expression or statement, as text, because an old line may not run.
        names: the notebook's names (`globals()`): the line may use and set them.
        old: True for a line as it was written once, False for today's.
    """
    print(("পুরনো:" if old else "আজকের:"), code)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        warnings.simplefilter("ignore", DeprecationWarning)  # addressed to library authors
        try:
            exec(compile(ast.parse(code), "<পুরনো কোড>", "exec"), names)
        except Exception as error:
            # The first sentence names the culprit; the rest is advice in English. The
            # trainer's name is the backend's, and of no interest.
            first = str(error).strip().splitlines()[0].split(". ")[0]
            first = re.sub(r"\w+Trainer\.", "model.", first)
            print(f"   ✗ {type(error).__name__}: {first[:110]}")
            return
    if caught:
        print(f"   ⚠ চলেছে, তবে সতর্কবার্তা এসেছে: {str(caught[0].message)[:70]}…")
    else:
        print("   চুপচাপ চলেছে, কোনো এরর নেই।" if old else "   ✓ চলেছে।")
