"""Fetch Standard: "get, decode, and split", and "determine nosniff"."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.headers.structure import nosniff, split
from tests.unit.checks_http.answers import answer


@pytest.mark.parametrize(
    ("value", "members"),
    [
        # The examples beside the definition in the standard.
        pytest.param("nosniff,", ("nosniff", ""), id="trailing-comma"),
        pytest.param("", ("",), id="empty-value"),
        pytest.param('text/html;", x/x', ('text/html;", x/x',), id="open-quote-runs-to-the-end"),
        pytest.param('text/html;", x/x"', ('text/html;", x/x"',), id="comma-inside-quotes"),
        pytest.param('x/x;test="hi",y/y', ('x/x;test="hi"', "y/y"), id="quoted-then-comma"),
        pytest.param("x/x,,,1", ("x/x", "", "", "1"), id="empty-members"),
        pytest.param('"1,2", 3', ('"1,2"', "3"), id="quoted-member"),
        pytest.param('a"b\\",c"d, e', ('a"b\\",c"d', "e"), id="escaped-quote"),
    ],
)
def test_get_decode_split(value: str, members: tuple[str, ...]) -> None:
    assert split(value) == members


@given(st.text(alphabet='a", \t\\', max_size=40))
def test_split_loses_nothing_but_separators(value: str) -> None:
    def bare(text: str) -> str:
        return "".join(character for character in text if character not in "\t ,")

    assert bare("".join(split(value))) == bare(value)


@given(st.lists(st.text(alphabet="abc-=", min_size=1, max_size=5), min_size=1, max_size=6))
def test_split_undoes_join(members: list[str]) -> None:
    assert split(" , ".join(members)) == tuple(members)


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        pytest.param(["nosniff"], True, id="plain"),
        pytest.param(["NosniFF"], True, id="any-case"),
        pytest.param(["nosniff, nosniff"], True, id="twice-in-one-field"),
        pytest.param(["nosniff", "nosniff"], True, id="twice-by-proxy-and-application"),
        pytest.param(["nosniff", "foo"], True, id="first-counts"),
        pytest.param(["nosniff,,@#$#%%&^&^*()()11!"], True, id="noise-behind-the-first"),
        pytest.param(["foo", "nosniff"], False, id="second-does-not-count"),
        pytest.param([",nosniff"], False, id="first-is-empty"),
        pytest.param(["", "nosniff"], False, id="first-field-is-empty"),
        pytest.param(['"nosniff"'], False, id="double-quotes"),
        pytest.param(["'nosniff'"], False, id="single-quotes"),
        pytest.param(["nosniff;"], False, id="semicolon"),
        pytest.param(["nosniff; mode=block"], False, id="parameter"),
        pytest.param(["no-sniff"], False, id="misspelt"),
        pytest.param(["\x0cnosniff"], False, id="form-feed-is-no-white-space"),
        pytest.param([], False, id="not-sent"),
    ],
)
def test_nosniff(values: list[str], *, expected: bool) -> None:
    assert nosniff(answer(*(f"X-Content-Type-Options: {value}" for value in values))) is expected
