"""Hosts from which anybody can have a script of their own answered: what allowing them is worth.

One line an address. `open`: anybody publishes there (npm, GitHub, storage buckets). `library`: serves AngularJS, whose
templates run what markup says. `jsonp`: answers with a call of the function that the address names; `eval`: the same,
of use only where text may become code. `bypasses.txt` is csp-evaluator's list (`python -m tests.lists bypasses`).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import resources

from .sources import Url, at


@dataclass(frozen=True, slots=True)
class Publisher:
    """One address that an attacker would use, and why it would serve."""

    kind: str
    url: Url


@cache
def publishers() -> tuple[Publisher, ...]:
    """All of them, each address once."""
    listed = resources.files(__package__).joinpath("bypasses.txt").read_text("utf-8")
    return tuple(dict.fromkeys((*_table(_OWN), *_table(listed))))


def _table(rows: str) -> Iterator[Publisher]:
    """Rows of `kind url`."""
    for row in rows.strip().splitlines():
        kind, address = row.split()
        yield Publisher(kind, at(address))


_OWN = """
    open     https://cdn.jsdelivr.net/npm/x/x.js
    open     https://cdn.jsdelivr.net/gh/x/x/x.js
    open     https://fastly.jsdelivr.net/npm/x/x.js
    open     https://unpkg.com/x/x.js
    open     https://esm.sh/x
    open     https://esm.run/x
    open     https://cdn.skypack.dev/x
    open     https://jspm.dev/x
    open     https://ga.jspm.io/npm:x/x.js
    open     https://cdn.statically.io/gh/x/x/x.js
    open     https://raw.githack.com/x/x/x.js
    open     https://rawcdn.githack.com/x/x/x.js
    open     https://storage.googleapis.com/x/x.js
    open     https://firebasestorage.googleapis.com/v0/b/x/o/x.js
    open     https://s3.amazonaws.com/x/x.js
    open     https://s3-ap-southeast-1.amazonaws.com/x/x.js
    open     https://script.google.com/macros/s/x/exec
    library  https://cdnjs.cloudflare.com/ajax/libs/angular.js/1.8.3/angular.min.js
    library  https://ajax.googleapis.com/ajax/libs/angularjs/1.8.3/angular.min.js
    library  https://code.angularjs.org/1.8.3/angular.min.js
    jsonp    https://accounts.google.com/o/oauth2/revoke
    jsonp    https://www.google.com/complete/search
    jsonp    https://suggestqueries.google.com/complete/search
    jsonp    https://www.googleapis.com/customsearch/v1
    jsonp    https://maps.googleapis.com/maps/api/js
    jsonp    https://translate.googleapis.com/translate_a/element.js
"""
