"""The glossary: its data, and the function that learners ask."""

import csv

import pytest
from conftest import ROOT

from helpers import glossary

pytestmark = pytest.mark.fast


def test_every_entry_is_whole():
    terms = glossary.terms()
    assert len(terms) >= 100
    assert len({term.english.casefold() for term in terms}) == len(terms)
    for term in terms:
        assert term.bangla and term.explanation.endswith("।"), term
        assert term.explanation.count("।") == 1, term
        assert not set(term.avoid) & {term.bangla}, term
    with open(ROOT / "data" / "glossary.csv", encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert {row["gloss"] for row in rows} == {"yes", "no"}
    assert [r["english"] for r in rows] == sorted((r["english"] for r in rows), key=str.casefold)


@pytest.mark.parametrize(
    "word",
    "batch cross-entropy,dense layer,feature,label,learning rate,logit,loss,neural network,"
    "neuron,one-hot,ReLU,sigmoid,softmax,tensor".replace(" ", ",").split(","),
)
def test_the_classic_terms_are_there(word):
    assert glossary.find(word), word


@pytest.mark.parametrize("word", ["softmax", "SoftMax", " সফটম্যাক্স "])
def test_learners_ask_in_either_language(word, capsys):
    glossary.glossary(word)
    assert capsys.readouterr().out.startswith("সফটম্যাক্স (softmax): ")


@pytest.mark.parametrize(
    ("word", "hint"), [("sofmax", "softmax"), ("লার্নিং", "লার্নিং রেট"), ("zzz", "শব্দকোষ")]
)
def test_an_unknown_word_gets_the_nearest(word, hint, capsys):
    glossary.glossary(word)
    assert hint in capsys.readouterr().out


@pytest.mark.parametrize("word", ["", None, 5, "   "])
def test_nonsense(word, capsys):
    glossary.glossary(word)
    assert "পাওয়া গেল না" in capsys.readouterr().out
