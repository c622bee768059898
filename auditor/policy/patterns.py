r"""Patterns of the operator `matches`: regular expressions that cannot be made to run for ever.

The value comes from the scanned site and the policy perhaps from a bundle of a stranger, while Python's engine
backtracks. So a pattern has literals, `.`, classes, `\d \w \s` and their complements, groups, `|` and the usual
quantifiers; no look-around, back references or flags. And it may leave the engine no more than `MAX_WAYS` ways
to try on a value of `MAX_VALUE` characters: `\d+\.\d+` and `(www\.)?.*` are fine, `(a+)+` and a third `.*` are
refused; `\d{1,3}` instead of `\d+` leaves room for more.

A pattern always speaks about the whole value (`re.fullmatch`): `nosniff` does not match `nosniff-not`.
"""

import re
from functools import cache

MAX_VALUE = 1024
"""Characters of a value that is matched; a longer one is not judged."""
MAX_PATTERN = 512
MAX_WAYS = 2**24
"""Two unbounded quantifiers and four optional pieces. Measured: the worst such pattern takes half a second."""

_COUNT = re.compile(r"\{(\d{1,4})(,?)(\d{0,4})\}")
_CLASS = re.compile(r"\[\^?\]?(?:\\.|(?!--|&&|~~|\|\|)[^\]\\\[])*\]", re.DOTALL)
"""Without the nested sets and set operations that Python reserves."""
_ESCAPE = re.compile(r"\\(?:[dDwWsSnrt]|x[0-9a-fA-F]{2}|[^a-zA-Z0-9])", re.DOTALL)


class PatternError(ValueError):
    """A pattern outside the language, or one that could take too long."""


@cache
def compiled(pattern: str) -> re.Pattern[str]:
    """The pattern, checked and ready for `fullmatch`.

    Raises:
        PatternError: says what is wrong.
    """
    if len(pattern) > MAX_PATTERN:
        raise PatternError(f"longer than {MAX_PATTERN} characters")
    ways, end = _alternatives(pattern, 0, 0)
    if end != len(pattern):
        raise PatternError(f"unbalanced ) at {end + 1}")
    if ways > MAX_WAYS:
        raise PatternError("could take too long: give its quantifiers an upper bound, as in {1,3}")
    try:
        return re.compile(pattern)
    except (re.error, OverflowError) as error:
        raise PatternError(str(error)) from None


def _alternatives(pattern: str, at: int, depth: int) -> tuple[int, int]:
    """Ways to match the alternatives from `at`, and where they end: at a `)` or the end."""
    if depth > 16:
        raise PatternError("nested too deeply")
    total, ways = 0, 1
    while at < len(pattern) and pattern[at] != ")":
        if pattern[at] == "|":
            total, ways, at = total + ways, 1, at + 1
        else:
            piece, at = _piece(pattern, at, depth)
            ways = min(ways * piece, MAX_WAYS + 1)
    return min(total + ways, MAX_WAYS + 1), at


def _piece(pattern: str, at: int, depth: int) -> tuple[int, int]:
    """One atom with its quantifier."""
    ways, at = _atom(pattern, at, depth)
    least, most, at = _quantifier(pattern, at)
    if ways == 1:
        return most - least + 1, at
    return min(ways, MAX_WAYS + 1) ** min(most, 32) * (most - least + 1), at


def _atom(pattern: str, at: int, depth: int) -> tuple[int, int]:
    if pattern[at] == "(":
        inside = at + 3 if pattern.startswith("(?:", at) else at + 1
        ways, end = _alternatives(pattern, inside, depth + 1)
        if end >= len(pattern):
            raise PatternError(f"unbalanced ( at {at + 1}")
        return ways, end + 1
    if pattern[at] in "*+?{":
        raise PatternError(f"{pattern[at]} at {at + 1} has nothing to repeat, or is outside the pattern language")
    special = {"[": _CLASS, "\\": _ESCAPE}.get(pattern[at])
    if special is None:
        return 1, at + 1
    found = special.match(pattern, at)
    if not found:
        raise PatternError(f"{pattern[at : at + 2]} at {at + 1} is outside the pattern language")
    return 1, found.end()


def _quantifier(pattern: str, at: int) -> tuple[int, int, int]:
    """Least and most repetitions, and where the quantifier ends."""
    least, most, end = 1, 1, at
    match pattern[at : at + 1]:
        case "*":
            least, most, end = 0, MAX_VALUE, at + 1
        case "+":
            least, most, end = 1, MAX_VALUE, at + 1
        case "?":
            least, most, end = 0, 1, at + 1
        case "{":
            found = _COUNT.match(pattern, at)
            if not found:
                raise PatternError(f"{{ at {at + 1} is no count; a literal one is written \\{{")
            least = int(found[1])
            most = least if not found[2] else int(found[3]) if found[3] else MAX_VALUE
            end = found.end()
    if end > at and pattern[end : end + 1] == "?":
        end += 1
    return least, max(least, most), end
