"""The report for people: one HTML file that needs no script and fetches nothing.

Everything shown passes through `visible` (Jinja's `finalize`) and is escaped; the page forbids itself any request
by its own Content-Security-Policy. Rule texts stand once, however many sites break the rule; each site has its
details further down. Browsers print it on A4, with everything that is folded away unfolded.
"""

import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from auditor.messages import Catalog, catalog
from auditor.model import Outcome, Severity, View

from .citing import citing
from .digest import BY_WEIGHT, Digest, Site, broken, digest, one_a_site, target_zone
from .visible import visible
from .wording import STACKS, Wording, notices, trust

TEMPLATES = Path(__file__).with_name("templates")
ROWS = 40
"""Verdicts shown of one finding, sites named of one rule before they are folded: beyond, `report.json` has them."""


def render(view: View, lang: str) -> Iterable[tuple[str, bytes]]:
    """`report.html` in the language."""
    words = catalog(lang)
    arranged = digest(view)
    page = _environment(lang).get_template("report.html.j2")
    parts = page.generate(
        report=view.report,
        digest=arranged,
        previous=view.previous,
        say=Wording(words, view.specs, arranged.zone),
        citing=citing(view.report, words),
        trust=trust(view.report, words),
        notices=notices(arranged, words),
        sections=_sections(arranged, words),
        single=arranged.sites[0] if len(arranged.sites) == 1 else None,
        seen={o.target: o.at for o in reversed(view.observations)},
        rows=ROWS,
    )
    yield "report.html", "".join(parts).encode()


@cache
def _environment(lang: str) -> Environment:
    words = catalog(lang)
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_shown,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "prose": _prose,
        "code": _code,
        "css": _css,
        "brief": lambda shown: visible(str(shown), 160),
        "upfirst": lambda shown: shown[:1].upper() + shown[1:],
    }
    environment.tests["https"] = lambda text: re.fullmatch(r"https://[!-~]+", text) is not None
    environment.globals |= {
        "lang": lang,
        "words": words,
        "text": words.text,
        "plural": words.plural,
        "number": words.number,
        "broken": broken,
        "site_zone": target_zone,
        "counted": _counted,
        "one_a_site": one_a_site,
        "style": Markup((TEMPLATES / "report.css").read_text("utf-8")),  # noqa: S704 - our own file
        "Outcome": Outcome,
        "severities": BY_WEIGHT,
        "marks": MARKS,
        "stacks": STACKS,
    }
    return environment


MARKS = {
    Severity.CRITICAL: "◆",
    Severity.HIGH: "▲",
    Severity.MEDIUM: "■",
    Severity.LOW: "●",
    Severity.INFO: "○",
}
"""A shape beside each colour, for readers and printers without colours."""


def _sections(arranged: Digest, words: Catalog) -> tuple[tuple[str, str], ...]:
    text = words.text
    everything = (
        ("summary", text("Summary"), True),
        ("changes", text("Changes since the last report"), arranged.changes is not None),
        ("organisations", text("Agencies and officers"), len(arranged.standings) > 1),
        ("faults", text("Faults"), True),
        ("unknown", text("Not assessed"), bool(arranged.unknown or arranged.not_requested)),
        ("people", text("Answered by people"), bool(arranged.manual or arranged.answered)),
        ("waived", text("Accepted risks"), bool(arranged.accepted)),
        ("passed", text("Rules met"), bool(arranged.passed or arranged.not_applicable)),
        ("sites", text("Site by site"), len(arranged.sites) > 1),
        ("scope", text("Scope and authorisation"), True),
        ("run", text("How the examination was done"), True),
        ("verify", text("How to verify this report"), True),
    )
    return tuple((name, title) for name, title, present in everything if present)


def _counted(site: Site) -> list[tuple[Severity, int]]:
    return [(severity, site.tally.failed[severity]) for severity in BY_WEIGHT if site.tally.failed.get(severity)]


def _shown(value: object) -> object:
    if isinstance(value, Markup):
        return value
    return visible(value) if isinstance(value, str) else value


def _prose(text: str) -> Markup:
    """Paragraphs of a policy text, one a line."""
    lines = (line.strip() for line in text.splitlines())
    return Markup("").join(Markup("<p>{}</p>").format(visible(line)) for line in lines if line)


def _code(text: str) -> Markup:
    """A snippet, its lines kept."""
    return escape("\n".join(visible(line.expandtabs(4)) for line in text.rstrip().splitlines()))


def _css(text: str) -> str:
    """A text that may stand in a CSS string: letters, digits and harmless marks alone."""
    return re.sub(r"[^\w .:,-]", " ", text)
