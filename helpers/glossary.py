"""What a term means: `glossary("softmax")` or `glossary("লস")`; the data is data/glossary.csv."""

from __future__ import annotations

import csv
import difflib
import functools
from dataclasses import dataclass

from helpers.datasets import EMBEDDED


@dataclass(frozen=True)
class Term:
    """One entry of the glossary.

    Attributes:
        english, bangla: the term and its one rendering.
        explanation: one Bengali sentence.
        avoid: renderings that no lesson uses.
        gloss: True where a lesson puts the English in brackets at the first use.
        note: for editors, in English.
    """

    english: str
    bangla: str
    explanation: str
    avoid: tuple[str, ...]
    gloss: bool
    note: str


@functools.cache
def terms() -> tuple[Term, ...]:
    """All entries, in the order of the English terms."""
    with open(EMBEDDED / "glossary.csv", encoding="utf-8", newline="") as file:
        return tuple(
            Term(
                english=row["english"],
                bangla=row["bangla"],
                explanation=row["explanation"],
                avoid=tuple(filter(None, row["avoid"].split("|"))),
                gloss=row["gloss"] == "yes",
                note=row["note"],
            )
            for row in csv.DictReader(file)
        )


def find(word: str) -> list[Term]:
    """The entries for a word, Bengali or English, in any case; also those that contain it."""
    asked = word.strip().casefold()
    if not asked:
        return []
    exact = [t for t in terms() if asked in (t.english.casefold(), t.bangla.casefold())]
    return exact or [t for t in terms() if asked in t.english.casefold() or asked in t.bangla]


def glossary(word: str) -> None:
    """Prints what a term means, or the nearest terms when it is not in the glossary."""
    found = find(word) if isinstance(word, str) else []
    for term in found[:5]:
        print(f"{term.bangla} ({term.english}): {term.explanation}")
    if found:
        return
    names = [name for term in terms() for name in (term.english, term.bangla)]
    near = difflib.get_close_matches(str(word).strip(), names, n=3, cutoff=0.5)
    hint = f" কাছাকাছি আছে: {', '.join(near)}।" if near else " শব্দকোষের পাতায় পুরো তালিকা আছে।"
    print(f"শব্দকোষে “{word}” পাওয়া গেল না।{hint}")
