"""The language lint: the project passes it, and every rule catches what it is for."""

from pathlib import Path

import pytest

from tools import lint_language as lint

pytestmark = pytest.mark.fast


def messages(text: str, prose: bool = False) -> str:
    return "\n".join(lint.check(lint.Text(Path("x.md"), 1, text, prose)))


def test_the_project_passes():
    findings = lint.lint(lint.files())
    assert not findings, "\n".join(map(str, findings))


def test_it_reads_every_kind_of_file():
    names = {path.name for path in lint.files()}
    assert {"README.md", "glossary.csv", "errors.toml", "01.json", "runtime.py"} <= names
    assert "head.md.j2" in names
    assert any(name.startswith("01_") for name in names)


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("সম\u09dfয়", "NFC"),  # য় as one code point
        ("लস কমছে", "Devanagari"),
        ("লস\u200b কমছে", "U+200B"),
        ("\ufeffলস", "U+FEFF"),
        ("ক্\u200cষ", "joiner"),
        ("ডেটা শুদ্ধ, ডাটা নয়", "ডেটা"),
        ("ডাটাগুলো আনুন", "ডেটা"),
        ("মডেলের নির্ভুলতা বাড়ল", "অ্যাকুরেসি"),
        ("হিমায়িত মডেল", "freeze"),
        ("মডেলকে প্রশিক্ষণ দিন", "ট্রেনিং"),
        ("প্রতিটি নিউরনের ওজন বদলায়", "ওয়েট"),
        ("নোটবুকের ঘরটি চালান", "সেল"),
        ("নিউরনটি গুলি চালায়", "activates"),
    ],
)
def test_a_forbidden_thing_is_found(text, word):
    assert word in messages(text)


@pytest.mark.parametrize(
    "text",
    [
        "র\u200d্যাম কম",
        "ছকের প্রতিটি ঘরে একটা সংখ্যা",
        "বাজারে মাছের ওজন মাপা হলো",
        "তাতে কোনো ক্ষতি নেই",
        "রান্নাঘরে আলো জ্বলছে",
        "`ডাটা` নামের ভ্যারিয়েবল",
    ],
)
def test_an_everyday_word_is_left_alone(text):
    assert messages(text) == ""


@pytest.mark.parametrize("text", ["মডেল শিখল", "মডেল শিখল.", "মডেল শিখল. তারপর থামল।"])
def test_a_sentence_ends_with_a_danda(text):
    assert "।" in messages(text, prose=True)
    assert messages("মডেল শিখল। কেন?", prose=True) == ""


def test_first_use_needs_the_english(tmp_path):
    def findings(body: str) -> list[str]:
        path = tmp_path / "09_x.md"
        path.write_text(f"---\ntitle: লস\n---\n\n## লস\n\n{body}\n", encoding="utf-8")
        return [finding.message for finding in lint.check_first_uses(path)]

    assert findings("লস কমছে। পরে লস (loss) আবার বাড়ে।") == ["first use of লস without (loss)"]
    assert findings("**লস (loss)** কমছে। লস আবার বাড়ে।") == []
    assert findings("লসের (loss) কথা।") == []
    # A longer term is not the shorter one inside it.
    assert findings("**লার্নিং রেট (learning rate)** ছোট।") == []
    assert findings("কোডের ভেতরে `লস` থাকলে নয়।") == []
