"""Write the Bengali support tickets of lesson 03 (the functional API).

    python tools/make_tickets.py

writes data/tickets/tickets.csv. The same seed and the same phrase file give
the same bytes on every machine. Everything a ticket says comes from
tools/ticket_phrases.yaml; this file only decides who writes, in which mood,
and what goes wrong on the keyboard.

A ticket is made in five steps:

1. a situation ("the ATM gave no cash"), which fixes department and organisation;
2. a writer: city, register (formal, plain, chatty), digits, love of Latin words;
3. sentences: opening, fact, detail, what is at stake, request, closing;
4. labels: priority follows from what is at stake, then a little label noise;
5. typing slips, in about a fifth of the tickets.

The little language of the phrase file:

    [a|b|c]      one of these, also nested, also empty: [খুব |]
    {name}       a slot: a word, a sum of money, a date (same value all over one ticket)
    {name:এ}     the slot with a case ending that suits its last sound:
                 এ (locative), র (genitive); any other ending is simply joined
    1 3 > text   goes only with the first and the third fact of its situation
    @exam        as a whole line: all the lines of that group of stakes
"""

from __future__ import annotations

import argparse
import csv
import random
import re
import unicodedata
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parent.parent
PHRASES = Path(__file__).resolve().parent / "ticket_phrases.yaml"
OUT = ROOT / "data" / "tickets" / "tickets.csv"

SEED = 303
COUNT = 3000

# Noise is what keeps a model away from 100 %, as in any real help desk.
PRIORITY_FLIP = 0.035  # the clerk pressed the wrong button
MISROUTED = 0.015  # the ticket landed on a random other desk
TAG_LOST = 0.25  # the writer did not tick this tag
TAG_WRONG = 0.14  # the writer ticked one that has nothing to do with it
TAGS_SKIPPED = 0.08  # the writer ticked nothing at all
WITH_SLIPS = 0.20  # tickets with typing slips

DEPARTMENT_SHARE = {
    "payment": 0.20,
    "technical": 0.18,
    "delivery": 0.17,
    "account": 0.16,
    "information": 0.16,
    "complaint": 0.13,
}

TO_BENGALI = str.maketrans("0123456789", "০১২৩৪৫৬৭৮৯")
BENGALI_WORD = re.compile(r"[\u0980-\u09e5\u09f0-\u09ff]+")
CONSONANT = "\u0995-\u09a8\u09aa-\u09b0\u09b2\u09b6-\u09b9\u09ce"
VOWEL_SIGN = "\u09be-\u09c4\u09c7\u09c8\u09cb\u09cc"
HASANTA = "\u09cd"


# ---------------------------------------------------------------- spelling


# What a Bengali word may look like, letter by letter. A vowel sign or a hasanta
# with nothing to sit on would be drawn on a dotted circle.
_CLUSTER = (
    rf"[{CONSONANT}]\u09bc?(?:{HASANTA}[{CONSONANT}]\u09bc?)*{HASANTA}?"
    rf"[{VOWEL_SIGN}]?[\u0981-\u0983]*"
)
_VOWEL = rf"[\u0985-\u0994](?:{HASANTA}\u09af[{VOWEL_SIGN}]?)?[\u0981-\u0983]*"
WELL_FORMED = re.compile(rf"(?:{_CLUSTER}|{_VOWEL}|[\u09e6-\u09ef])+")


def well_formed(text: str) -> bool:
    """True when the text is NFC and no Bengali sign stands without its letter."""
    if unicodedata.normalize("NFC", text) != text:
        return False
    return all(WELL_FORMED.fullmatch(w) for w in re.findall(r"[\u0980-\u09ff]+", text))


def add_ending(word: str, ending: str, sound: str | None = None, joint: str = "") -> str:
    """Put a case ending on a word.

    `sound` is the word as it is spoken (the Bengali spelling of a Latin word),
    because the ending follows the sound: OTP-তে, but app-এ. `joint` is what the
    writer puts between a Latin word and its ending.
    """
    # 'এ' and 'র' go by the last sound, but a few words have their own way.
    for end, tails in {"মা": ("য়ে", "য়ের"), "ভাই": ("য়ে", "য়ের"), "ও": ("য়ে", "য়ের")}.items():
        if ending in "এর" and (word == end if end == "মা" else word.endswith(end)):
            return word + tails["এর".index(ending)]
    sound = sound or word
    last = sound[-1]
    if ending == "এ":
        if last == "া":
            tail, latin = "য়", "য়"
        elif last == "ং":
            tail, latin = "য়ে", "এ"
        elif re.match(rf"[{VOWEL_SIGN}\u0985-\u0994]", last):
            tail, latin = "তে", "তে"
        else:
            tail, latin = "ে", "এ"
    elif ending == "র":
        if last == "ং":
            tail, latin = "য়ের", "এর"
        elif re.match(rf"[{VOWEL_SIGN}\u0985-\u0994]", last):
            tail, latin = "র", "র"
        else:
            tail, latin = "ের", "এর"
    else:
        tail = latin = ending
    return word + (tail if word == sound else joint + latin)


# ---------------------------------------------------------------- numbers


def in_words(amount: int) -> str | None:
    """A round sum as it is spoken, or None where nobody would say it in words."""
    known = {
        50: "পঞ্চাশ",
        100: "একশো",
        200: "দুইশো",
        500: "পাঁচশো",
        1000: "এক হাজার",
        1500: "দেড় হাজার",
        2000: "দুই হাজার",
        2500: "আড়াই হাজার",
        3000: "তিন হাজার",
        5000: "পাঁচ হাজার",
        10000: "দশ হাজার",
        12000: "বারো হাজার",
        15000: "পনেরো হাজার",
        20000: "বিশ হাজার",
        25000: "পঁচিশ হাজার",
        50000: "পঞ্চাশ হাজার",
    }
    return known.get(amount)


def with_commas(number: int) -> str:
    """Group digits as South Asia does: 1,25,000."""
    head, tail = divmod(number, 1000)
    if not head:
        return str(tail)
    parts = [f"{tail:03d}"]
    while head >= 100:
        head, part = divmod(head, 100)
        parts.append(f"{part:02d}")
    return ",".join([str(head), *reversed(parts)])


# ---------------------------------------------------------------- the writer


class Writer:
    """The person behind one ticket: keeps every choice the same from title to end."""

    def __init__(self, rng: random.Random, bank: dict, org: str):
        self.rng = rng
        self.bank = bank
        self.org = org
        self.voice = pick(rng, {"dhaka": 0.46, "kolkata": 0.29, "sylhet": 0.13, "other": 0.12})
        self.register = pick(rng, {"formal": 0.2, "plain": 0.48, "chatty": 0.32})
        self.ascii_digits = rng.random() < 0.35
        self.latin = rng.choice([0.0, 0.1, 0.3, 0.6, 0.9]) * (
            0.5 if self.register == "formal" else 1
        )
        self.joint = rng.choice(["-", "-", " "])
        # Chatty people in Dhaka write as they speak: করতেছি, পাইতেছি.
        colloquial = {"dhaka": 0.55, "sylhet": 0.4, "other": 0.3, "kolkata": 0.0}[self.voice]
        self.colloquial = self.register == "chatty" and rng.random() < colloquial
        self.known: dict[str, tuple[str, str]] = {}
        self.sums: dict[str, int] = {}

    # -- filling templates

    def say(self, template: str) -> str:
        """Turn a template into a sentence in this person's words."""
        text = template
        # Alternatives and slots may stand inside each other: work from the inside out.
        for _ in range(12):
            new = re.sub(r"\[([^\[\]]*)\]", lambda m: self.rng.choice(m[1].split("|")), text)
            new = re.sub(r"\{(\w+)(?::(\S+?))?\}", self._slot, new)
            if new == text:
                break
            text = new
        if "{" in text or "[" in text:
            raise ValueError(f"unfinished template: {text}")
        return re.sub(r" {2,}", " ", text).strip()

    def _slot(self, match: re.Match) -> str:
        name, ending = match[1], match[2]
        if name not in self.known:
            self.known[name] = self._value(name)
        word, sound = self.known[name]
        return add_ending(word, ending, sound, self.joint) if ending else word

    def _value(self, name: str) -> tuple[str, str]:
        """The value of a slot and how it sounds."""
        rng, bank = self.rng, self.bank
        if name in bank["words"]:
            bengali, latin = bank["words"][name]
            return (latin, bengali) if rng.random() < self.latin else (bengali, bengali)
        base = name.removesuffix("_b")  # {price_b}: a second, larger sum in the same ticket
        if hasattr(self, "_make_" + base):
            if base != name:
                self.say("{" + base + "}")  # the first sum must be known before
            value = getattr(self, "_make_" + base)()
            return value, value
        for table in (
            bank["by_org"].get(self.org, {}),
            bank["by_voice"].get(self.voice, {}),
            bank["slots"],
        ):
            if name in table:
                value = self.say(rng.choice(table[name]))
                sound = self._sound(value) if value[-1].isascii() and value[-1].isalpha() else value
                return value, sound
        raise KeyError(f"no such slot: {name}")

    def _sound(self, value: str) -> str:
        """The Bengali sound of a phrase that ends in a Latin word."""
        for bengali, latin in self.bank["words"].values():
            if value.endswith(latin):
                return bengali
        raise KeyError(f"no sound known for: {value}")

    # -- numbers and times

    def digits(self, text: str) -> str:
        return text if self.ascii_digits else text.translate(TO_BENGALI)

    def _sum(self, name: str, amounts: list[int]) -> str:
        larger = [a for a in amounts if a > self.sums.get(name, 0)]
        amount = self.sums[name] = self.rng.choice(larger or [max(amounts) + 500])
        spoken = in_words(amount)
        if spoken and self.rng.random() < 0.3:
            return f"{spoken} টাকা"
        style = self.rng.random()
        number = with_commas(amount) if style < 0.35 else str(amount)
        if self.register == "formal" and style > 0.8:
            number += "/-"
        return f"{self.digits(number)} টাকা"

    def _make_tiny(self):
        return self._sum("tiny", [9, 15, 18, 20, 29, 35, 48, 50, 57, 69, 76, 98, 100, 115])

    def _make_small(self):
        return self._sum(
            "small", [100, 150, 189, 199, 200, 230, 249, 299, 345, 399, 450, 499, 500, 575]
        )

    def _make_price(self):
        return self._sum(
            "price",
            [
                350,
                480,
                550,
                690,
                750,
                890,
                999,
                1000,
                1150,
                1290,
                1450,
                1500,
                1850,
                2000,
                2200,
                2450,
                2500,
                2990,
                3200,
                4500,
                5000,
                6200,
            ],
        )

    def _make_fee(self):
        return self._sum(
            "fee",
            [
                650,
                850,
                1200,
                1500,
                1850,
                2000,
                2500,
                3000,
                3250,
                4600,
                5000,
                5500,
                6750,
                7200,
                8400,
                10000,
                12000,
                12500,
            ],
        )

    def _make_amount(self):
        return self._sum(
            "amount",
            [
                500,
                1000,
                1500,
                2000,
                2500,
                3000,
                3500,
                4000,
                4500,
                5000,
                6000,
                7500,
                8000,
                10000,
                12000,
                15000,
                18500,
                20000,
                25000,
                30000,
            ],
        )

    def _make_big(self):
        return self._sum(
            "big",
            [
                18000,
                20000,
                22500,
                25000,
                32000,
                40000,
                45000,
                50000,
                63000,
                75000,
                80000,
                120000,
                150000,
            ],
        )

    def _make_past(self):
        rng = self.rng
        day = rng.randint(1, 28)
        return rng.choice(
            [
                "গতকাল",
                "গতকাল",
                "কাল রাতে",
                "আজ সকালে",
                "আজ দুপুরে",
                "গত পরশু",
                "গত " + rng.choice(self.bank["weekdays"]),
                "গত " + rng.choice(self.bank["weekdays"]),
                self.digits(f"{day} ") + rng.choice(self.bank["months"]),
                self.digits(f"{day} তারিখে"),
                self.digits(
                    f"{day:02d}/{rng.randint(1, 12):02d}/{rng.choice([2023, 2024, 2025])} তারিখে"
                ),
            ]
        )

    def _make_longago(self):
        rng = self.rng
        return rng.choice(
            [
                "গত সপ্তাহে",
                "গত মাসে",
                "দুই সপ্তাহ আগে",
                "মাসখানেক আগে",
                "সপ্তাহ তিনেক আগে",
                self.digits(f"{rng.randint(1, 28)} ") + rng.choice(self.bank["months"]),
                self.digits(f"{rng.randint(5, 25)} দিন আগে"),
            ]
        )

    def _make_days(self):
        return self.rng.choice(
            [
                "দুই দিন",
                "তিন দিন",
                "চার-পাঁচ দিন",
                "এক সপ্তাহ",
                "দিন দশেক",
                self.digits(f"{self.rng.randint(2, 20)} দিন"),
            ]
        )

    def _make_times(self):
        two = "দুবার" if self.voice == "kolkata" else "দুইবার"
        return self.rng.choice(
            [two, "তিনবার", "চার-পাঁচবার", "কয়েকবার", "বারবার", self.digits(f"{self.rng.randint(3, 8)} বার")]
        )

    def _make_minutes(self):
        return self.rng.choice(
            [
                "আধ ঘণ্টা",
                "এক ঘণ্টা",
                "দেড় ঘণ্টা",
                "প্রায় দুই ঘণ্টা",
                self.digits(f"{self.rng.choice([15, 20, 25, 35, 40, 45])} মিনিট"),
            ]
        )

    def _make_clock(self):
        part, hours = self.rng.choice(
            [("সকাল", (8, 11)), ("দুপুর", (1, 2)), ("বিকেল", (3, 5)), ("রাত", (8, 11))]
        )
        hour = self.rng.randint(*hours)
        names = dict(
            enumerate(
                ["একটা", "দুইটা", "তিনটা", "চারটা", "পাঁচটা", "ছয়টা", "সাতটা", "আটটা", "নয়টা", "দশটা", "এগারোটা"],
                start=1,
            )
        )
        return f"{part} " + (names[hour] if self.rng.random() < 0.5 else self.digits(f"{hour}টা"))

    def _make_fromto(self):
        return self.rng.choice(
            [
                "সকাল থেকে",
                "কাল থেকে",
                "কাল রাত থেকে",
                "গতকাল বিকেল থেকে",
                "দুই দিন ধরে",
                "তিন দিন ধরে",
                "এক সপ্তাহ ধরে",
                "কয়েক দিন ধরে",
                self.digits(f"{self.rng.randint(2, 12)} দিন ধরে"),
            ]
        )

    def _make_orderno(self):
        return self.digits(str(self.rng.randint(10234, 98765)))

    def _make_caseno(self):
        return self.digits(str(self.rng.randint(1204, 9876)))

    def _make_code(self):
        return self.digits(str(self.rng.randint(101, 599)))

    def _make_bribe(self):
        return self._sum("bribe", [200, 300, 500, 1000, 1500, 2000])

    def _make_weeks(self):
        return self.rng.choice(
            [
                "দশ দিন",
                "দুই সপ্তাহ",
                "দিন পনেরো",
                "তিন সপ্তাহ",
                self.digits(f"{self.rng.randint(9, 30)} দিন"),
            ]
        )

    def _make_last4(self):
        return self.digits(f"{self.rng.randint(0, 9999):04d}")

    def _make_trx(self):
        letters = "ABCDEFGHKLMNPQRSTXYZ"
        return "".join(self.rng.choice(letters + "23456789") for _ in range(8))

    def _make_month(self):
        return self.rng.choice(self.bank["months"])

    def _make_weekday(self):
        return self.rng.choice(self.bank["weekdays"])

    # -- the voice

    def voiced(self, text: str) -> str:
        """Swap words for the way they are said where this person lives."""
        tables = [self.bank["regional"].get(self.voice, {})]
        if self.colloquial:
            tables.append(self.bank["colloquial"])
        for table in tables:
            text = BENGALI_WORD.sub(lambda m, t=table: t.get(m[0], m[0]), text)
        return text


def pick(rng: random.Random, shares: dict):
    """One key, drawn by its share."""
    return rng.choices(list(shares), weights=list(shares.values()))[0]


# ---------------------------------------------------------------- sentences


def lines(block) -> list[str]:
    """The phrase file keeps lists as blocks of text, one phrase a line."""
    if block is None:
        return []
    return [line.strip() for line in block.splitlines() if line.strip()]


def load(path: Path = PHRASES) -> dict:
    """Read the phrase file; a situation written for several organisations is multiplied."""
    bank = yaml.safe_load(path.read_text(encoding="utf-8"))
    for table in (
        "slots",
        "opening",
        "closing",
        "ask",
        "ask_question",
        "ask_department",
        "stakes",
        "calm",
    ):
        bank[table] = {key: lines(block) for key, block in bank[table].items()}
    for table in ("by_org", "by_voice"):
        for place, slots in bank[table].items():
            bank[table][place] = {key: lines(block) for key, block in slots.items()}
    bank["title"] = {key: lines(block) for key, block in bank["title"].items()}
    for aside in bank["asides"]:
        aside["lines"] = lines(aside["lines"])
    situations = []
    for raw in bank["situations"]:
        for org in raw["org"].split():
            one = {**raw, "org": org, "tags": raw["tags"].split()}
            for key in ("titles", "facts", "details", "urgent", "calm", "asks"):
                one[key] = lines(raw.get(key))
            situations.append(one)
    bank["situations"] = situations
    return bank


def fitting(phrases: list[str], number: int) -> list[str]:
    """The phrases that go with fact number n: '1 3 > text' goes with two of them."""
    found = []
    for phrase in phrases:
        match = re.match(r"([0-9 ]+)>\s*(.*)", phrase)
        if not match:
            found.append(phrase)
        elif str(number) in match[1].split():
            found.append(match[2])
    return found


def stake_sentences(bank: dict, situation: dict, kind: str, number: int) -> list[str]:
    """What is at stake ('urgent') or why there is time ('calm'), for one fact."""
    table = bank["stakes" if kind == "urgent" else "calm"]
    found = []
    for phrase in fitting(situation[kind], number):
        found += table[phrase[1:]] if phrase.startswith("@") else [phrase]
    for group in situation.get(kind + "_from", "").split():
        found += table[group]
    return found


def fact_number(rng: random.Random, bank: dict, situation: dict, urgent: bool) -> int:
    """Which fact: an urgent ticket takes one that can be urgent."""
    numbers = range(1, len(situation["facts"]) + 1)
    if urgent:
        numbers = [n for n in numbers if stake_sentences(bank, situation, "urgent", n)]
    return rng.choice(numbers)


def opening(writer: Writer, question: bool) -> str:
    """How the letter begins. A lead ends in a comma and runs into the first sentence."""
    rng, bank = writer.rng, writer.bank["opening"]
    if rng.random() > {"formal": 0.85, "plain": 0.35, "chatty": 0.6}[writer.register]:
        return ""
    if writer.register == "formal":
        # 'বিনীত নিবেদন এই যে' cannot introduce a question.
        pool = bank["formal_question"] if question else bank["formal"]
    else:
        pool = (
            bank[f"{writer.register}_question"]
            if question
            else bank[writer.register] + bank.get(f"{writer.register}_{writer.voice}", [])
        )
    return writer.say(rng.choice(pool))


def closing(writer: Writer) -> str:
    rng, bank = writer.rng, writer.bank["closing"]
    if rng.random() > {"formal": 0.7, "plain": 0.25, "chatty": 0.25}[writer.register]:
        return ""
    pool = bank[writer.register] + bank.get(f"{writer.register}_{writer.voice}", [])
    return writer.say(rng.choice(pool))


def ask(writer: Writer, situation: dict, department: str, number: int) -> str:
    """A request: the situation's own, the department's, or one that fits anywhere."""
    rng, bank = writer.rng, writer.bank
    roll = rng.random()
    own = fitting(situation["asks"], number)
    if own and roll < 0.5:
        return writer.say(rng.choice(own))
    if roll < 0.6:
        return writer.say(rng.choice(bank["ask_department"][department]))
    if department == "information":
        return writer.say(rng.choice(bank["ask_question"][writer.register]))
    pool = bank["ask"][writer.register] + bank["ask"].get(f"{writer.register}_{writer.voice}", [])
    return writer.say(rng.choice(pool))


def aside(writer: Writer, department: str) -> str:
    """A sentence about the business of another department: the hard cases."""
    pool = [
        line
        for one in writer.bank["asides"]
        if one["department"] != department and writer.org in one["org"].split()
        for line in one["lines"]
    ]
    return writer.say(writer.rng.choice(pool))


def title_of(writer: Writer, situation: dict, number: int, urgent: bool) -> str:
    """Some titles say what it is about, some say nothing: the body is needed too."""
    rng, titles = writer.rng, writer.bank["title"]
    question = situation["dept"] == "information"
    own = fitting(situation["titles"], number)
    for _ in range(20):
        roll = rng.random()
        if roll < 0.62 and own:
            text = writer.say(rng.choice(own))
        elif urgent and roll < 0.75:
            text = writer.say(rng.choice(titles["urgent_question" if question else "urgent"]))
        else:
            text = writer.say(rng.choice(titles["question" if question else writer.register]))
        # 'জরুরি' stands now and then over a ticket that is nothing of the kind.
        if rng.random() < (0.16 if urgent else 0.03) and roll < 0.62:
            text = writer.say(rng.choice(titles["marks"])).replace("_", text)
        if 2 <= len(text.split()) <= 9:
            return text
    raise ValueError(f"no title of 2 to 9 words: {situation['id']}")


def body_of(writer: Writer, situation: dict, number: int, urgent: bool) -> str:
    """Put the sentences together: one to five of them."""
    rng, department = writer.rng, situation["dept"]
    fact = writer.say(situation["facts"][number - 1])
    short = rng.random() < 0.14  # someone in a hurry, or of few words
    first = "" if short else opening(writer, fact.endswith("?") or department == "information")

    details = fitting(situation["details"], number)
    detail = writer.say(rng.choice(details)) if details and not short and rng.random() < 0.6 else ""
    always = situation.get("always") is True  # the fact itself is an emergency
    why = ""
    if urgent:
        if rng.random() < (0.55 if always else 0.95):
            why = writer.say(rng.choice(stake_sentences(writer.bank, situation, "urgent", number)))
    else:
        pool = stake_sentences(writer.bank, situation, "calm", number)
        if pool and rng.random() < (0.25 if short else 0.5):
            why = writer.say(rng.choice(pool))
    side = aside(writer, department) if not short and rng.random() < 0.24 else ""
    request = ask(writer, situation, department, number) if not short and rng.random() < 0.6 else ""
    last = closing(writer) if not short else ""

    def count(*parts):
        return sum(len(re.findall(r"[।?!]", part)) for part in parts if part)

    # Too long? Leave out what matters least; the fact and the stake always stay.
    while count(first, fact, detail, why, side, request, last) > 5:
        if last:
            last = ""
        elif detail:
            detail = ""
        elif side:
            side = ""
        elif request:
            request = ""
        else:
            first = ""
    # Nobody gives the same number twice in one letter.
    told = " ".join([first, fact, detail])
    if any(n in last and n in told for n in re.findall(r"[0-9০-৯]{4,}", last)):
        last = ""
    return " ".join(part for part in [first, fact, detail, why, side, request, last] if part)


# ---------------------------------------------------------------- the keyboard


SWAPS = {
    "ি": "ী",
    "ী": "ি",
    "ু": "ূ",
    "ূ": "ু",
    "ো": "ৌ",
    "ৌ": "ো",
    "শ": "স",
    "স": "শ",
    "ষ": "শ",
    "ণ": "ন",
    "ন": "ণ",
    "জ": "য",
    "ড়": "র",
    "র": "ড়",
    "চ": "ছ",
    "ত": "ৎ",
}


def slip(rng: random.Random, word: str) -> str:
    """One typing slip in one Bengali word; the word itself where none is possible."""
    kind = pick(rng, {"swap": 0.42, "hasanta": 0.16, "sign": 0.2, "double": 0.14, "split": 0.08})
    options = []
    if kind == "swap":
        for i, char in enumerate(word):
            two = word[i : i + 2]
            if two in SWAPS:  # ড় is two code points
                options.append(word[:i] + SWAPS[two] + word[i + 2 :])
            elif char in SWAPS and word[i + 1 : i + 2] != "\u09bc":
                # ৎ carries no sign and joins nothing: only at the end of a word
                if SWAPS[char] == "ৎ" and (i + 1 < len(word) or i == 0 or word[i - 1] == HASANTA):
                    continue
                # nobody begins a word with ণ or ড়, and a conjunct is typed as a whole
                if char in "নরচ" and (i == 0 or HASANTA in word[max(0, i - 1) : i + 2]):
                    continue
                options.append(word[:i] + SWAPS[char] + word[i + 1 :])
    elif kind == "hasanta":
        options = [word[:i] + word[i + 1 :] for i, c in enumerate(word) if c == HASANTA and i > 1]
    elif kind == "sign":
        options = [
            word[:i] + word[i + 1 :]
            for i, c in enumerate(word)
            if re.match(rf"[{VOWEL_SIGN}\u0981]", c) and word[:1] not in "অএ"
        ]
    elif kind == "double":
        options = [
            word[:i] + c + word[i:]
            for i, c in enumerate(word)
            if re.match(rf"[{CONSONANT}]", c)
            and c != "ৎ"
            and word[i + 1 : i + 2] != "\u09bc"
            and word[i - 1 : i] != HASANTA
            and i > 0
        ]
    elif kind == "split":
        options = [
            word[:i] + " " + word[i:]
            for i, c in enumerate(word)
            if re.match(rf"[{CONSONANT}]", c)
            and c != "ৎ"
            and 2 <= i <= len(word) - 2
            and word[i - 1] != HASANTA
        ]
    options = [o for o in options if well_formed(o)]
    return rng.choice(options) if options else word


def with_slips(rng: random.Random, text: str, how_many: int) -> str:
    """Spoil a few words, and now and then a space."""
    for _ in range(how_many):
        if rng.random() < 0.15:  # two words run together, or a space before the danda
            spaces = [
                m.start() for m in re.finditer(r"(?<=[\u0980-\u09ff]) (?=[\u0995-\u09b9])", text)
            ]
            if spaces and rng.random() < 0.6:
                at = rng.choice(spaces)
                text = text[:at] + text[at + 1 :]
            else:
                text = text.replace("। ", rng.choice([" । ", "।", "।। "]), 1)
            continue
        words = [
            m
            for m in BENGALI_WORD.finditer(text)
            if len(m[0]) >= 4 and not re.search("[০-৯]", m[0])
        ]
        if words:
            m = rng.choice(words)
            text = text[: m.start()] + slip(rng, m[0]) + text[m.end() :]
    return text


def casual(rng: random.Random, text: str) -> str:
    """Chatty people end sentences with anything but a danda."""
    roll = rng.random()
    if roll < 0.12:
        return text.replace("।", ".")
    if roll < 0.2:
        return text.rstrip("।")
    if roll < 0.28:
        return text.replace("।", rng.choice(["...", "!!", " .."]), 1)
    return text


# ---------------------------------------------------------------- labels


def tags_of(rng: random.Random, bank: dict, situation: dict, routed: str) -> list[str]:
    """The tags the writer ticked: informative, but not to be trusted.

    Where a matter belongs to two desks, the clerk looks at the tags to decide:
    there the tags know something that the text does not say.
    """
    if rng.random() < TAGS_SKIPPED:
        return []
    chosen = {tag for tag in situation["tags"] if rng.random() >= TAG_LOST}
    if "also" in situation:
        rival = {situation["dept"], situation["also"][0]} - {routed}
        for tag in sorted(chosen & {t for d in rival for t in bank["desk_tags"][d]}):
            if rng.random() < 0.65:
                chosen.discard(tag)
        if not chosen & set(bank["desk_tags"][routed]) and rng.random() < 0.75:
            chosen.add(bank["desk_tags"][routed][0])
    if rng.random() < TAG_WRONG:
        chosen.add(rng.choice(bank["tags"]))
    return [tag for tag in bank["tags"] if tag in chosen]


def ticket(rng: random.Random, bank: dict, by_department: dict) -> dict:
    """One ticket, with the truth and the noise in its labels."""
    department = pick(rng, DEPARTMENT_SHARE)
    situations = by_department[department]
    situation = rng.choices(situations, weights=[s.get("weight", 1) for s in situations])[0]
    writer = Writer(rng, bank, situation["org"])
    urgent = rng.random() < situation["rate"]
    number = fact_number(rng, bank, situation, urgent)
    title = title_of(writer, situation, number, urgent)
    body = body_of(writer, situation, number, urgent)
    title, body = writer.voiced(title), writer.voiced(body)
    if writer.register == "chatty":
        body = casual(rng, body)
    slipped = rng.random() < WITH_SLIPS
    if slipped:
        body = with_slips(rng, body, rng.choice([1, 2, 2, 3, 4]))
        if rng.random() < 0.35:
            spoiled = with_slips(rng, title, 1)
            title = spoiled if 2 <= len(spoiled.split()) <= 9 else title
    # Some matters belong to two desks; which one gets them is the clerk's choice.
    routed = department
    other, share = situation.get("also", [None, 0])
    if rng.random() < share:
        routed = other
    elif rng.random() < MISROUTED:
        routed = rng.choice([d for d in DEPARTMENT_SHARE if d != department])
    flipped = rng.random() < PRIORITY_FLIP
    return {
        "title": title,
        "body": body,
        "tags": "|".join(tags_of(rng, bank, situation, routed)),
        "priority": int(urgent != flipped),
        "department": routed,
        # what follows stays out of the file: for counting and for the eye
        "situation": situation["id"],
        "org": situation["org"],
        "voice": writer.voice,
        "register": writer.register,
        "slipped": slipped,
        "flipped": flipped,
        "moved": routed != department,
    }


def trigrams(text: str) -> frozenset:
    words = re.findall(r"[^\s।?!.,]+", text)
    return frozenset(zip(words, words[1:], words[2:], strict=False)) or frozenset([tuple(words)])


def make(count: int = COUNT, seed: int = SEED, bank: dict | None = None) -> list[dict]:
    """All tickets. Too near to an earlier one of the same situation: thrown away."""
    bank = bank or load()
    rng = random.Random(seed)
    by_department: dict[str, list] = {name: [] for name in DEPARTMENT_SHARE}
    for situation in bank["situations"]:
        by_department[situation["dept"]].append(situation)
    tickets, bodies, grams = [], set(), {}
    while len(tickets) < count:
        one = ticket(rng, bank, by_department)
        for text in (one["title"], one["body"]):
            if not well_formed(text):
                raise ValueError(f"{one['situation']}: not well-formed: {text}")
        mine = trigrams(one["body"])
        near = grams.setdefault(one["situation"], [])
        if one["body"] in bodies or any(
            len(mine & other) > 0.72 * len(mine | other) for other in near
        ):
            continue
        bodies.add(one["body"])
        near.append(mine)
        tickets.append({"id": f"T{len(tickets) + 1:04d}", **one})
    return tickets


COLUMNS = ["id", "title", "body", "tags", "priority", "department"]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, default=OUT)
    parser.add_argument("--count", type=int, default=COUNT)
    parser.add_argument(
        "--show", type=int, default=0, metavar="N", help="print N random tickets and write nothing"
    )
    args = parser.parse_args()
    tickets = make(args.count)
    if args.show:
        for one in random.Random().sample(tickets, args.show):
            print(
                f"{one['id']} [{one['situation']}/{one['org']} {one['voice']} {one['register']}] "
                f"{one['department']} p={one['priority']} {one['tags']}\n  # {one['title']}\n"
                f"  {one['body']}\n"
            )
        return
    args.out.parent.mkdir(parents=True, exist_ok=True)
    with args.out.open("w", encoding="utf-8", newline="") as file:
        table = csv.DictWriter(file, COLUMNS, extrasaction="ignore", lineterminator="\n")
        table.writeheader()
        table.writerows(tickets)
    print(f"{len(tickets)} tickets, {args.out.stat().st_size / 1e6:.2f} MB")


if __name__ == "__main__":
    main()
