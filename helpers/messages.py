"""How the helpers speak to a learner: Bengali numbers, and errors without a traceback."""

from __future__ import annotations

_TO_BENGALI = str.maketrans("0123456789", "০১২৩৪৫৬৭৮৯")


def bn(number: float | int | str, digits: int | None = None) -> str:
    """A number in Bengali digits, grouped the way Bengali readers group it.

    Args:
        number: an int, a float, or text that holds ASCII digits.
        digits: decimals to keep; None leaves a float as Python writes it.

    >>> bn(123456), bn(0.8765, 2), bn("0x5")
    ('১,২৩,৪৫৬', '০.৮৮', '০x৫')
    """
    if isinstance(number, str):
        return number.translate(_TO_BENGALI)
    text = f"{number:.{digits}f}" if digits is not None else str(number)
    sign, text = ("-", text[1:]) if text.startswith("-") else ("", text)
    whole, dot, rest = text.partition(".")
    # Lakh and crore: the last three digits, then pairs.
    if whole.isdigit() and len(whole) > 3:
        head, tail = whole[:-3], whole[-3:]
        pairs = []
        while head:
            head, pair = head[:-2], head[-2:]
            pairs.insert(0, pair)
        whole = ",".join([*pairs, tail])
    return (sign + whole + dot + rest).translate(_TO_BENGALI)


def percent(fraction: float, digits: int = 0) -> str:
    """A fraction as a Bengali percentage: percent(0.876) is '৮৮%'."""
    return bn(100 * float(fraction), digits) + "%"


class Problem(Exception):
    """Something the learner can mend; its text is a Bengali sentence that says how.

    IPython shows only that sentence: the fault is not in the learner's code, so a
    traceback through the helpers would teach nothing. Tools that run notebooks still see
    an exception.
    """

    def _render_traceback_(self) -> list[str]:  # IPython's hook for an exception's display
        return [f"⚠ {self}"]
