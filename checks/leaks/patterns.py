"""All patterns as one matcher: numbers and addresses of people (`data/patterns.yaml`), forms of secrets."""

import os
from functools import cache
from pathlib import Path

import yaml

from auditor.secretforms import Told, forms

from .engine import Matcher, Pattern, matcher

_DATA = Path(__file__).with_name("data") / "patterns.yaml"
SECRET = "secret:"  # noqa: S105 - the beginning of an id
"""Before the kind of a secret in the id of its pattern."""
PUBLIC = "public:"
ASSIGNED = f"{SECRET}assigned"
NAMED = frozenset(f"{SECRET}{form.kind}" for form in forms() if form.told is Told.NAMED)


def patterns() -> tuple[Pattern, ...]:
    """Every pattern, personal ones first."""
    data = yaml.load(_DATA.read_text("utf-8"), Loader=yaml.CSafeLoader)
    guards = data["guards"]
    own = [
        Pattern(f"{SECRET if group == 'secrets' else ''}{name}", core, **guards[guard])
        for group in ("personal", "secrets")
        for name, (guard, core) in data[group].items()
    ]
    issued = [
        Pattern(
            f"{PUBLIC if form.told is Told.PUBLIC else SECRET}{form.kind}",
            form.pattern,
            **guards["none" if form.told is Told.NAMED else "word"],
            literals=form.literals,
        )
        for form in forms()
    ]
    return (*own, *issued)


@cache
def everything() -> Matcher:
    """The matcher over all patterns, its database kept in the user's cache folder."""
    return matcher(patterns(), cache_folder())


def cache_folder() -> Path | None:
    """Where compiled databases are kept (XDG Base Directory Specification); None for a user without a home."""
    base = os.environ.get("XDG_CACHE_HOME", "")
    try:
        return (Path(base) if base.startswith("/") else Path.home() / ".cache") / "auditor" / "patterns"
    except RuntimeError:
        return None
