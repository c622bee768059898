"""Nothing invisible of a scanned site reaches a report."""

from hypothesis import given
from hypothesis import strategies as st

from reports.visible import visible


@given(st.text(alphabet=st.characters(), max_size=200), st.integers(0, 50))
def test_what_is_shown_is_printable_and_capped(text: str, cap: int) -> None:
    shown = visible(text, cap)
    assert shown.isprintable()
    assert len(shown) <= (cap + 1) * len("⟨U+10FFFF⟩")
    shown.encode()  # lone surrogates too have become their names


@given(st.text(max_size=100).filter(str.isprintable))
def test_plain_text_is_left_alone(text: str) -> None:
    assert visible(text) == text


def test_control_and_bidirectional_characters_are_named() -> None:
    assert visible("a\x1b[31mb\u202egpj.exe\n") == "a⟨U+001B⟩[31mb⟨U+202E⟩gpj.exe⟨U+000A⟩"


def test_a_cut_text_says_so() -> None:
    assert visible("abcdef", 3) == "abc…"
    assert visible("abc", 3) == "abc"
