"""Notice of a personal data breach (Law 27/2022, Article 46), with its clock of 72 hours, from a report's signs."""

from collections.abc import Iterable

from auditor.model import View

from ..citing import citing
from . import happened


def render(view: View, lang: str) -> Iterable[tuple[str, bytes]]:
    """`pemberitahuan-pdp.pdf` and `pemberitahuan-pdp.xlsx`."""
    this = happened.opened(view, lang)
    kind = happened.kinds()["breach"]
    found = happened.signs(view, this.digest, kind)
    text, start, end = this.words.text, happened.first(found), happened.deadline(found, kind)
    marks = citing(view.report, this.words)
    data = dict.fromkeys(
        happened.named(kind["types"][name], lang)
        for sign in found
        for name in kind["types"]
        if sign.verdict.fact == name or sign.verdict.fact.startswith(f"{name}.")
    )
    fields = [
        (text("To"), happened.named(kind["to"], lang)),
        (text("From"), view.report.scope.agency),
        (text("Personal data disclosed"), "; ".join(data)),
        (text("Since when it is known"), this.say.time(start) if start else ""),
        (text("To be notified by (3x24 hours)"), this.say.time(end) if end else ""),
        (text("When and how it was disclosed"), text(
            "Readable on {sites} when it was examined; since when, and how it came there:",
            sites=", ".join(dict.fromkeys(sign.site.label for sign in found)),
        ) if found else ""),
        (text("Number of data subjects"), ""),
        (text("Handling and recovery"), ""),
        (text("Contact"), happened.contact(this, found) if found else ""),
    ]  # fmt: skip
    notes = [
        text("The hours are counted from when the sign was seen; whoever knew earlier counts from then."),
        text("Whether the public is to be told as well: {citation}.", citation=marks.cite(kind["public"])),
        text("Content of the notice: {citation}.", citation=marks.cite(kind["content"])),
        text("No personal datum stands in this draft: values are masked where they are found, and not kept."),
    ]
    title = text("Notice of a failure to protect personal data")
    yield from happened.form(this, "pemberitahuan-pdp", title, kind["control"], fields, found, notes)
