"""The language lint: python tools/lint_language.py [FILE ...]

Reads every Bengali text of the project (lessons, glossary, quizzes, explained errors, what the
helpers and tools print, README files) and reports, a line each:

- characters that look right and are not: not NFC, Devanagari letters, U+200B, U+FEFF, a
  joiner anywhere but in র‍্য;
- a rendering that the glossary forbids. Some are also everyday words (ঘর, ক্ষতি, ওজন): those
  count only beside words that betray the technical sense;
- a sentence that does not end with ।;
- in a lesson, a term whose first use lacks its English in brackets.
"""

from __future__ import annotations

import ast
import json
import re
import sys
import tomllib
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from helpers.glossary import terms  # noqa: E402

BENGALI = "\u0980-\u09ff\u200c\u200d"
# Endings that a Bengali noun or verb takes; a forbidden word is also found behind them.
ENDINGS = "(?:গুলো|গুলি|গুলোর|গুলির|টি|টির|টা|টার|টাকে|দের|ের|র|রা|কে|তে|ে|য়|সমূহ|করণ|ই|ও)*"

# Forbidden renderings that are right in their everyday sense: an error only when the same
# sentence holds a word of the trade.
_NETWORK = "নিউরন|নিউরাল|নেটওয়ার্ক|মডেল|লেয়ার|ট্রেইন|ট্রেনিং|গ্রেডিয়েন্ট|আপডেট|Dense|Keras"
EVERYDAY = {
    "ঘর": "নোটবুক|Shift|কোড ঘর|ঘর চালা|ঘরটি চালা|ঘরটা চালা",
    "কক্ষ": "নোটবুক|Shift|চালা",
    "কোষ": "নোটবুক|Shift|চালা",
    "ওজন": _NETWORK,
    "স্তর": _NETWORK,
    "ক্ষতি": "ফাংশন|ক্রস|এন্ট্রপি|কমা|ইপক|compile|" + _NETWORK,
    "যুগ": "ইপক|epoch|fit|" + _NETWORK,
    "পক্ষপাত": "নিউরন|ওয়েট|Dense|লেয়ার",
    "ভরবেগ": "অপটিমাইজার|SGD",
    "গতিবেগ": "অপটিমাইজার|SGD",
    "প্রশিক্ষণ": _NETWORK,
    "বৈধতা": "সেট|ডেটা|ইপক|" + _NETWORK,
    "সংকলন": "compile|" + _NETWORK,
    "সাধারণীকরণ": _NETWORK,
    "সমতল করা": "Flatten|লেয়ার",
    "ড্রপ আউট": _NETWORK,
    "একুরেসি": "",
}


@dataclass(frozen=True)
class Text:
    """A piece of Bengali text: where it stands, and whether it is running prose."""

    path: Path
    line: int
    text: str
    prose: bool = False


@dataclass(frozen=True)
class Finding:
    path: Path
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.message}"


# --- what is read -----------------------------------------------------------------------


def texts(path: Path) -> Iterator[Text]:
    """The Bengali texts of one file, by its kind."""
    if path.suffix == ".py":
        yield from _python_texts(path)
    elif path.suffix == ".json":
        yield from _json_texts(path)
    elif path.name == "errors.toml":
        yield from _error_texts(path)
    elif path.name == "glossary.csv":
        for number, term in enumerate(terms(), 2):
            yield Text(path, number, term.bangla)
            yield Text(path, number, term.explanation, prose=True)
    else:
        yield from _markdown_texts(path)


def _python_texts(path: Path) -> Iterator[Text]:
    source = path.read_text(encoding="utf-8")
    for node in ast.walk(ast.parse(source)):
        if (
            isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and _is_bengali(node.value)
        ):
            yield Text(path, node.lineno, node.value)


def _json_texts(path: Path) -> Iterator[Text]:
    def walk(value: object) -> Iterator[str]:
        if isinstance(value, dict):
            for key, inner in value.items():
                if key != "type":
                    yield from walk(inner)
        elif isinstance(value, list):
            for inner in value:
                yield from walk(inner)
        elif isinstance(value, str):
            yield value

    for text in walk(json.loads(path.read_text(encoding="utf-8"))):
        yield Text(path, 1, text)


def _error_texts(path: Path) -> Iterator[Text]:
    """What data/errors.toml says to a learner; patterns and examples are not prose."""
    source = path.read_text(encoding="utf-8")
    lines = {line: number for number, line in enumerate(source.splitlines(), 1)}
    for entry in tomllib.loads(source)["error"]:
        line = lines.get(f'id = "{entry["id"]}"', 1)
        for key in ("group", "title", "section", *entry.get("table", {})):
            yield Text(path, line, entry.get(key) or entry["table"][key])
        for key in ("what", "why", "try"):
            yield Text(path, line, entry[key], prose=True)


def _markdown_texts(path: Path) -> Iterator[Text]:
    """Paragraphs are prose; headings, lists, tables, quotes and code are text."""
    lines = path.read_text(encoding="utf-8").splitlines()
    start = 0
    if lines and lines[0] == "---":
        start = lines.index("---", 1) + 1
        for number, line in enumerate(lines[1 : start - 1], 2):
            yield Text(path, number, line)
    paragraph: list[str] = []
    began = start
    fenced = False
    for number, line in enumerate([*lines[start:], ""], start + 1):
        if line.lstrip().startswith(("```", "~~~")):
            fenced = not fenced
            continue
        plain = (
            not fenced and line.strip() and not re.match(r"\s*([#>|+{<\[!]|[-*☐] |\d+[.)] )", line)
        )
        if plain and not (line.startswith(" ") and not paragraph):
            if not paragraph:
                began = number
            paragraph.append(line.strip())
            continue
        if paragraph:
            yield Text(path, began, " ".join(paragraph), prose=True)
            paragraph = []
        if line.strip():
            yield Text(path, number, line)


def _is_bengali(text: str) -> bool:
    return re.search(f"[{BENGALI}]", text) is not None


# --- what is checked --------------------------------------------------------------------


def check(piece: Text) -> Iterator[str]:
    """What is wrong with one piece of text, a message each."""
    yield from _characters(piece.text)
    yield from _forbidden(piece.text)
    if piece.prose and _is_bengali(piece.text):
        yield from _sentences(piece.text)


def _characters(text: str) -> Iterator[str]:
    if unicodedata.normalize("NFC", text) != text:
        yield "not NFC (য় ড় ঢ় are two code points)"
    for character in text:
        code = ord(character)
        if 0x0900 <= code <= 0x097F and code not in (0x0964, 0x0965):
            yield f"Devanagari letter {character!r}"
        elif code in (0x200B, 0xFEFF):
            yield f"invisible U+{code:04X}"
    if re.search("[\u200c\u200d]", re.sub("র\u200d্য", "", text)):
        yield "a joiner that does not stand in র‍্য"


def _forbidden(text: str) -> Iterator[str]:
    # Code in backticks and renderings shown as wrong, between “ ” quotation marks, may stand.
    text = re.sub(r"`[^`]*`", " ` ", text)
    for term in terms():
        for word in term.avoid:
            pattern = rf"(?<![{BENGALI}]){re.escape(word)}{ENDINGS}(?![{BENGALI}])"
            for sentence in re.split(r"[।?!\n]", text):
                if not re.search(pattern, sentence):
                    continue
                if word in EVERYDAY and not re.search(EVERYDAY[word], sentence):
                    continue
                yield f"“{word}” for {term.english}: write “{term.bangla}”"
                break
    if re.search("নিউরন[^।]*গুলি চাল", text):
        yield "a neuron does not shoot: write that it activates"


def _sentences(text: str) -> Iterator[str]:
    bare = re.sub(r"`[^`]*`", "x", text).rstrip("*_ ")
    if bare and bare[-1] not in "।?!:…)]}x”’|":
        yield f"the sentence does not end with ।: …{text[-40:]}"
    if re.search(rf"(?![০-৯])[{BENGALI}]\.(\s|$)", bare):
        yield "a full stop after a Bengali word: write ।"


def check_first_uses(path: Path) -> Iterator[Finding]:
    """The terms of a lesson whose first use in running text lacks the English in brackets."""
    found: dict[str, Finding | None] = {}
    wanted = [t for t in terms() if t.gloss and _is_bengali(t.bangla)]
    for piece in _markdown_texts(path):
        if piece.line <= _front_matter_end(path) or piece.text.startswith(("#", "```")):
            continue
        if not piece.prose and not re.match(r"\s*([-*>|]|\d+[.)]) ?", piece.text):
            continue  # code
        text = re.sub(r"`[^`]*`", lambda m: "`" * len(m.group()), piece.text)
        # Longer terms first, and each hides what it covers: লার্নিং রেট is not রেট.
        for term in sorted(wanted, key=lambda t: -len(t.bangla)):
            pattern = rf"(?<![{BENGALI}-]){re.escape(term.bangla)}{ENDINGS}(?![{BENGALI}])"
            for match in list(re.finditer(pattern, text)):
                if term.bangla not in found:
                    after = piece.text[match.end() : match.end() + 60].split("।")[0].casefold()
                    good = (
                        "(" in after
                        and term.english.split(" (")[0].removeprefix("to ").casefold() in after
                    )
                    found[term.bangla] = (
                        None
                        if good
                        else Finding(
                            path, piece.line, f"first use of {term.bangla} without ({term.english})"
                        )
                    )
                text = text[: match.start()] + "\x00" * len(match.group()) + text[match.end() :]
    yield from filter(None, found.values())


def _front_matter_end(path: Path) -> int:
    lines = path.read_text(encoding="utf-8").splitlines()
    return lines.index("---", 1) + 1 if lines and lines[0] == "---" else 0


# --- the whole project ------------------------------------------------------------------


def files() -> list[Path]:
    """Every file of the project that speaks Bengali to a reader."""
    patterns = (
        "README.md", "lessons/*.md", "data/glossary.csv", "data/errors.toml", "data/quizzes/*.json",
        "data/**/README.md", "helpers/**/*.py", "tools/*.py", "tools/templates/*",
    )  # fmt: skip
    found = {p for pattern in patterns for p in ROOT.glob(pattern) if p != Path(__file__)}
    return sorted(found)


def lint(paths: list[Path]) -> list[Finding]:
    findings = []
    for path in paths:
        for piece in texts(path):
            findings += [Finding(path, piece.line, message) for message in check(piece)]
        if path.parent == ROOT / "lessons" and path.name[:2].isdigit():
            findings += check_first_uses(path)
    return findings


if __name__ == "__main__":
    result = lint([Path(name).resolve() for name in sys.argv[1:]] or files())
    print(*result, sep="\n")
    sys.exit(bool(result))
