"""Incident report to the sector's response team (Perban BSSN 1/2024 Pasal 15), filled in from the signs of a report."""

from collections.abc import Iterable

from auditor.model import View

from . import happened


def render(view: View, lang: str) -> Iterable[tuple[str, bytes]]:
    """`laporan-insiden.pdf` and `laporan-insiden.xlsx`."""
    this = happened.opened(view, lang)
    kind = happened.kinds()["incident"]
    found = happened.signs(view, this.digest, kind)
    text, start = this.words.text, happened.first(found)
    what = dict.fromkeys(this.digest.clause(sign.finding).rule.title.in_(lang) for sign in found)
    sites = dict.fromkeys(sign.site.label for sign in found)
    fields = [
        (text("To"), happened.named(kind["to"], lang)),
        (text("Contact of the reporter"), happened.contact(this, found)),
        (text("Description of the incident"), text(
            "Not met: {rules}. Sites: {sites}.", rules="; ".join(what), sites=", ".join(sites)
        ) if found else ""),
        (text("Chronology"), text(
            "First seen by examination {report} at {time}. What happened before and since:",
            report=view.report.id, time=this.say.time(start),
        ) if start else ""),
        (text("Impact"), ""),
        (text("Steps taken"), ""),
    ]  # fmt: skip
    title = text("Cyber incident report")
    notes = [happened.named(kind["hours_for"], lang)]
    yield from happened.form(this, "laporan-insiden", title, kind["control"], fields, found, notes)
