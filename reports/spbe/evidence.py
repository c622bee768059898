"""Bukti dukung: for each security indicator one archive of coded evidence, and which level it can support.

What serves which level, on what condition, and what the agency has to add is data (`frameworks/evidence.yaml`). The
same report gives the same archives, byte for byte.
"""

import io
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from auditor import frameworks
from auditor.canonical import encode
from auditor.messages import catalog
from auditor.model import Finding, View

from ..blocks import Block, Paper, heading, notice, paragraph, small, table, terms
from ..citing import citing
from ..digest import digest
from ..leaf import leaf
from ..sheet import Sheet, workbook
from ..wording import Notice, Wording, notices, trust
from . import happened, matrices
from .posture import measures, named, services

_REPORT_PDF = "report.pdf"
_SIGNATURE = ("SHA256SUMS", "signature/SHA256SUMS.p7s")
_MOMENT = (1980, 1, 1, 0, 0, 0)
"""The moment of every member: the archive depends on the report alone."""


@dataclass(frozen=True, slots=True)
class Piece:
    """One file of an archive, under the code of the first level that it serves."""

    code: str
    part: str
    file: str
    levels: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """One level of an indicator, as the report stands to it."""

    level: int
    supported: bool
    gives: str
    missing: str
    unmet: tuple[str, ...]
    """Conditions that the report does not meet."""


def render(view: View, lang: str) -> Iterable[tuple[str, bytes]]:
    """`bukti-dukung-I10.zip` and the like, one for each indicator of each set."""
    words = catalog(lang)
    arranged = digest(view)
    this = Paper(view, arranged, Wording(words, view.specs, arranged.zone), lang)
    held = measures(view, arranged)
    made: dict[str, bytes] = {}
    for each in frameworks.data("evidence")["sets"]:
        for indicator in each["indicators"]:
            code = f"I{indicator['number']}"
            control = f"{each['prefix']}.{code}"
            yield f"bukti-dukung-{each['instrument']}-{code}.zip", _archive(this, control, code, indicator, held, made)


def steps(indicator: Mapping[str, Any], held: frozenset[str], lang: str) -> tuple[Step, ...]:
    """The levels that the data names, each with whether the report supports it."""
    found = []
    for entry in indicator["levels"]:
        unmet = tuple(need for need in entry["needs"] if need not in held)
        gives = named(entry.get("gives"), lang)
        found.append(Step(entry["level"], not unmet, gives, named(entry["missing"], lang), unmet))
    return tuple(found)


def _archive(
    this: Paper, control: str, code: str, indicator: Mapping[str, Any], held: frozenset[str], made: dict[str, bytes]
) -> bytes:
    ladder = steps(indicator, held, this.lang)
    pieces = tuple(_pieces(this, code, indicator, {step.level for step in ladder if step.supported}))
    files = {piece.file: _content(this, piece.part, control, made) for piece in pieces}
    listing = _listing(this, control, code, ladder, pieces)
    members = {f"{code}-daftar-bukti.pdf": listing, **files}
    sealed = (name for name in _SIGNATURE if name in this.view.files)
    members |= {f"bundel/{name.rpartition('/')[2]}": this.view.files[name] for name in sealed}
    return _packed(members)


def _pieces(this: Paper, code: str, indicator: Mapping[str, Any], supported: set[int]) -> Iterator[Piece]:
    """Parts of the levels that are supported, numbered within the level that first asks for them."""
    levels: dict[str, list[int]] = {}
    for entry in indicator["levels"]:
        for part in entry.get("parts", ()):
            if entry["level"] in supported and _there(this, part):
                levels.setdefault(part, []).append(entry["level"])
    counted: dict[int, int] = {}
    for part, serves in levels.items():
        number = counted[serves[0]] = counted.get(serves[0], 0) + 1
        name = f"{code}-L{serves[0]}-{number:02d}"
        yield Piece(name, part, f"{name}.{_ENDINGS.get(part, 'xlsx')}", tuple(serves))


_ENDINGS = {"report": "pdf", "machine": "json"}


def _there(this: Paper, part: str) -> bool:
    return part != "report" or _REPORT_PDF in this.view.files


def _content(this: Paper, part: str, control: str, made: dict[str, bytes]) -> bytes:
    """A part as a file; made once, except for what is about one indicator."""
    if part == "report":
        return this.view.files[_REPORT_PDF]
    if part == "machine":
        return this.view.files.get("report.json") or encode(this.view.report) + b"\n"
    key = f"{part} {control}" if part in ("personal", "incidents") else part
    if key not in made:
        made[key] = workbook([_sheet(this, part, control)], this.view.report.judged_at)
    return made[key]


def _sheet(this: Paper, part: str, control: str) -> Sheet:
    text = this.words.text

    whole = {
        "coverage": matrices.coverage,
        "follow-up": matrices.followed,
        "transit": matrices.encrypted,
        "history": matrices.changed,
        "controls": matrices.points_sheet,
    }
    if part in whole:
        return whole[part](this)
    name, kind = {
        "personal": (text("Personal data"), "breach"),
        "incidents": (text("Signs of incidents"), "incident"),
    }[part]

    def chosen(finding: Finding) -> bool:
        cited = control in this.digest.clause(finding).rule.controls
        return cited or happened.tells(finding, happened.kinds()[kind])

    return matrices.results(this, chosen, name)


def part_name(this: Paper, part: str) -> str:
    """What a part is called in a list of evidence."""
    text = this.words.text
    return {
        "report": text("Examination report with electronic seal"),
        "machine": text("The same report for machines"),
        "coverage": text("Coverage matrix"),
        "follow-up": text("Follow-up of faults"),
        "transit": text("Encryption in transit"),
        "history": text("Comparison with the earlier report"),
        "personal": text("Personal data"),
        "incidents": text("Signs of incidents"),
        "controls": text("Points of Pasal 27"),
    }[part]


def _listing(this: Paper, control: str, code: str, ladder: Sequence[Step], pieces: Sequence[Piece]) -> bytes:
    """The list of evidence: which level is supported and by what, and what is missing."""
    text, marks, run = this.words.text, citing(this.view.report, this.words), this.view.report.run
    supported = [step.level for step in ladder if step.supported]
    found = marks.of(control)
    blocks: list[Block] = [
        terms([
            (text("Indicator"), f"{code} – {found.text.in_(this.lang)}"),
            (text("Instrument"), marks.cite(control)),
            (text("Report"), f"{this.view.report.id}, {this.say.time(this.view.report.judged_at)}"),
            (text("Period"), f"{this.say.time(run.started)} – {this.say.time(run.finished)}"),
            (text("Scope"), text(
                "{sites} sites, {services} services, {agencies} agencies",
                sites=len(this.digest.sites), services=len(services(this.digest)),
                agencies=len({s.target.organisation.id for s in this.digest.sites if s.target.organisation}),
            )),
        ]),
        ("notice", notice(Notice(
            "good" if supported else "warn",
            text("Supports level {levels}", levels=_joined(supported)) if supported
            else text("Supports no level yet"),
            text("This is supporting evidence only. Levels are judged by assessors, together with what is missing."),
        ))),
        ("notice", notice(trust(this.view.report, this.words))),
        *(("notice", notice(said)) for said in notices(this.digest, this.words)[:-1]),
    ]  # fmt: skip
    if control in frameworks.data("evidence")["transit"]:
        blocks += [heading(text("Services encrypted in transit")), terms(list(matrices.share_lines(this)))]
    blocks += [
        heading(text("Levels")),
        table(
            [text("Level"), text("Supported"), text("What this report gives"), text("What the agency has to add")],
            [
                [
                    str(step.level), text("yes") if step.supported else text("no"),
                    step.gives or "–",
                    {"lines": [step.missing, *_needs(this, step.unmet)]},
                ]
                for step in ladder
            ],
            ["auto", "auto", 3, 4],
        ),
        heading(text("Evidence in this archive")),
        table(
            [text("Code"), text("Evidence"), text("Levels"), text("File")],
            [
                [{"code": piece.code}, part_name(this, piece.part), _joined(piece.levels), {"code": piece.file}]
                for piece in pieces
            ],
            ["auto", 3, "auto", 2],
        ) if pieces else paragraph(text("None: this report supports no level of the indicator.")),
    ]  # fmt: skip
    if _REPORT_PDF not in this.view.files:
        blocks.append(small(text("The sealed report is not here: render this archive from a bundle that has a PDF.")))
    else:
        blocks.append(small(text("The folder bundel holds sums and signature of the bundle, to verify the report by.")))
    return leaf(this, text("List of supporting evidence {code}", code=code), found.name.in_(this.lang), blocks)


def _joined(levels: Iterable[int]) -> str:
    return ", ".join(map(str, levels))


def _needs(this: Paper, unmet: Iterable[str]) -> list[str]:
    """Conditions that a later report could meet."""
    text = this.words.text
    said = {
        "assessed": text("at least one site that could be assessed"),
        "all_agencies": text("an assessed site of every agency"),
        "compared": text("an earlier report to compare with"),
        "followed_up": text("faults of the earlier report that are mended"),
        "transit_some": text("a service of category tinggi or strategis that is encrypted in transit"),
        "transit_all": text("every service of category tinggi or strategis encrypted in transit, no category left out"),
    }
    return [f"{text('Also needed')}: {said[need]}" for need in unmet if need in said]


def _packed(members: Mapping[str, bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in sorted(members.items()):
            member = zipfile.ZipInfo(name, _MOMENT)
            member.compress_type = zipfile.ZIP_DEFLATED
            member.external_attr = 0o644 << 16
            archive.writestr(member, content)
    return file.getvalue()
