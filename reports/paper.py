"""The report as a paper document: its sections in order, each a list of blocks that any typesetter can lay out.

Plain data, in the reader's language, of a dozen kinds of block (`["table", {...}]`) and of inline part
(`{"code": ...}`); `typst/report.typ` says how each looks. What SPBE and Pemdi assessors ask of evidence is here:
number and date, period, agency, authority and scope, how much was covered, findings with their follow-up.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from auditor.messages import catalog
from auditor.model import Authorisation, View

from .blocks import Paper, Part, brief, notice
from .citing import citing
from .digest import digest
from .sections import sections
from .wording import Wording, notices, trust


def paper(view: View, lang: str) -> Mapping[str, Any]:
    """The whole document but for its attachment and QR code."""
    words = catalog(lang)
    arranged = digest(view)
    this = Paper(view, arranged, Wording(words, view.specs, arranged.zone), lang)
    report, single = view.report, this.single
    office = single.target.organisation if single else None
    warning = trust(report, words)
    local = report.judged_at.astimezone(arranged.zone)
    return {
        "lang": lang,
        "title": words.text("Web site security examination report"),
        "number": report.id,
        "agency": brief(report.scope.agency),
        "letterhead": [brief(line) for line in report.scope.letterhead],
        "office": brief(office.name) if office and not report.scope.letterhead else "",
        "date": {"year": local.year, "month": local.month, "day": local.day},
        "untrusted": notice(warning) | {"text": words.text("Signed with a key made for this run alone.")}
        if warning.tone == "bad"
        else None,
        "trust": notice(warning),
        "facts": _facts(this),
        "results": [notice(said) for said in notices(arranged, words)],
        "nature": words.text(
            "This report is technical evidence of what could be seen from outside at the time of the examination. "
            "It supports a security audit; it is not one."
        )
        + f" {citing(report, words).cite('PERBAN-BSSN-8-2024.P4')}.",
        "words": {
            "number": words.text("Number"),
            "page": words.text("Page"),
            "of": words.text("of"),
            "contents": words.text("Contents"),
            "seal": words.text("Electronic seal"),
            "qr": words.text("QR code of the number of this report and the digests below"),
            "unsealed": words.text("If the frame of the seal is empty, this file is a copy without a seal."),
            "attachment": words.text("The machine-readable report that this document shows"),
        },
        "sections": [
            {"title": section.title, "blocks": list(section.write(this)), "wide": section.wide}
            for section in sections(this)
        ],
    }


def _facts(this: Paper) -> list[tuple[str, Part]]:
    words, report, single = this.words, this.view.report, this.single
    text = words.text
    examined = single.label if single else words.plural("{n} site", "{n} sites", len(this.digest.sites))
    if len(this.digest.standings) > 1:
        examined += ", " + words.plural("{n} agency", "{n} agencies", len(this.digest.standings))
    organisation = single.target.organisation if single else None
    officer = organisation.officer if organisation else None
    levels = sorted({target.level for target in report.targets}, key=lambda level: level.rank)
    return [
        (text("Date"), words.date(report.judged_at.astimezone(this.digest.zone).date())),
        (text("Examined"), brief(examined)),
        *([(text("Agency"), brief(organisation.name))] if organisation else []),
        *([(text("Officer in charge"), brief(officer.name))] if officer else []),
        (text("Period"), _period(this, report.run.started, report.run.finished)),
        (text("Authority"), {"lines": [_authority(this, a) for a in report.scope.authorisations]}
         if report.scope.authorisations else text("no letter was shown")),
        (text("Level"), ", ".join(words.level(level) for level in levels)),
        (text("Policy"), {"lines": [f"{brief(p.title.in_(this.lang))} ({p.id} {p.version})" for p in report.policies]}),
        (text("Coverage"), {"lines": [
            text(
                "{judged} of {total} rules judged ({percent} percent; {minimum} percent are needed)",
                judged=words.number(c.judged), total=words.number(c.total), percent=c.percent, minimum=c.minimum,
            )
            for c in report.coverage
        ]}),
    ]  # fmt: skip


def _period(this: Paper, start: datetime, end: datetime) -> str:
    begun, ended = this.say.time(start), this.say.time(end)
    return begun if begun == ended else f"{begun} – {ended}"


def _authority(this: Paper, authorisation: Authorisation) -> str:
    issuer = f" ({brief(authorisation.issuer)})" if authorisation.issuer else ""
    stated = f" – {this.words.text('stated by the operator')}" if authorisation.stated else ""
    return f"{brief(authorisation.letter)}{issuer}{stated}"
