"""BSSN's workbook "Data Kerentanan": one sheet an application, one row a fault, in its own columns and words."""

from collections.abc import Iterable, Mapping
from typing import Any

from auditor import frameworks
from auditor.messages import catalog
from auditor.model import Fact, Finding, Observation, Outcome, Rule, Verdict, View

from ..blocks import Paper
from ..digest import Site, broken, digest
from ..sheet import Cell, Column, Sheet, workbook
from ..wording import Wording

_PROOFS = 4
"""Pairs of caption and proof that the sheet has room for."""


def render(view: View, lang: str) -> Iterable[tuple[str, bytes]]:
    """`data-kerentanan.xlsx`."""
    words = catalog(lang)
    arranged = digest(view)
    this = Paper(view, arranged, Wording(words, view.specs, arranged.zone), lang)
    form = frameworks.data("data-kerentanan")
    sheets = [_sheet(this, site, form) for site in arranged.sites]
    yield "data-kerentanan.xlsx", workbook(sheets, view.report.judged_at)


def _sheet(this: Paper, site: Site, form: Mapping[str, Any]) -> Sheet:
    columns = tuple(Column(str(title), width) for title, width in form["columns"])
    rows = tuple(
        _row(this, number, finding, verdicts, form) for number, (finding, verdicts) in enumerate(_faults(site), start=1)
    )
    target = site.target
    said = {
        "Nama Aplikasi": target.service or target.host,
        "URL": target.url,
        "IP": _address(target.host),
        "Versi": _seen(this.view.observations, target.url, "http.content.generator"),
        "Deskripsi": target.organisation.name if target.organisation else "",
        "Jenis Aset": form["asset"],
    }
    return Sheet(target.host, columns, rows, tuple((name, said[name]) for name in form["metadata"]))


def _faults(site: Site) -> Iterable[tuple[Finding, tuple[Verdict, ...]]]:
    """Faults of a site, each once: what an earlier rule already shows is left out of a later one's."""
    shown: set[tuple[str, str]] = set()
    for finding in site.findings:
        if finding.outcome in (Outcome.FAIL, Outcome.WAIVED):
            fresh = tuple(v for v in broken(finding) if (v.fact, v.subject) not in shown)
            if fresh or not broken(finding):
                yield finding, fresh
                shown.update((verdict.fact, verdict.subject) for verdict in fresh)


def _row(
    this: Paper, number: int, finding: Finding, verdicts: tuple[Verdict, ...], form: Mapping[str, Any]
) -> tuple[Cell, ...]:
    rule = this.digest.clause(finding).rule
    found = _class(form, verdicts[0].fact) if verdicts else {}
    seen = [f"{this.say.fact(v)}: {this.say.observed(v)}" for v in verdicts]
    wanted = [f"{this.say.fact(v)}: {this.say.expected(v)}" for v in verdicts]
    proofs: list[Cell] = []
    for place in range(_PROOFS):
        verdict = verdicts[place] if place < len(verdicts) else None
        proofs += [
            verdict.subject or verdict.fact if verdict else "",
            f"{verdict.fact} = {verdict.observed}" if verdict else "",
        ]
    return (
        number,
        this.words.text("Not met: {rule}", rule=rule.title.in_(this.lang)),
        form["severity"][finding.severity.value],
        form["owasp"].get(found.get("owasp", ""), ""),
        category(rule, form),
        found.get("vector", ""),
        float(found["score"]) if "score" in found else None,
        ", ".join(dict.fromkeys(_link(finding.target, verdict.subject) for verdict in verdicts)) or finding.target,
        "; ".join(seen) or _stated(this, finding),
        rule.rationale.in_(this.lang) if seen else "",
        rule.remediation.in_(this.lang),
        " ".join(part for part in ("; ".join(wanted), _accepted(this, finding)) if part),
        *proofs,
    )


def _stated(this: Paper, finding: Finding) -> str:
    """What a person stated who says that a point is not met."""
    if finding.attestation is None:
        return ""
    given = this.view.report.attestations[finding.attestation]
    return this.words.text(
        "Stated by {respondent}, {day}: {statement}",
        respondent=given.respondent, day=given.answered_on.isoformat(), statement=given.statement,
    )  # fmt: skip


def _accepted(this: Paper, finding: Finding) -> str:
    """Until when and why the risk of a fault was accepted."""
    if finding.outcome is not Outcome.WAIVED or finding.waiver is None:
        return ""
    waiver = this.view.report.waivers[finding.waiver]
    return this.words.text("Risk accepted until {day}: {reason}", day=waiver.until.isoformat(), reason=waiver.reason)


def category(rule: Rule, form: Mapping[str, Any]) -> str:
    """The label of the function that a rule's first citation of Pasal 27 belongs to; empty where it cites none."""
    prefixes = (control.rpartition(".")[0] for control in rule.controls)
    return next((form["categories"][prefix] for prefix in prefixes if prefix in form["categories"]), "")


def _class(form: Mapping[str, Any], fact: str) -> Mapping[str, str]:
    """The entry of the longest name that begins the fact's."""
    while fact and fact not in form["classes"]:
        fact = fact.rpartition(".")[0]
    found: Mapping[str, str] = form["classes"].get(fact, {})
    return found


def _link(url: str, subject: str) -> str:
    if subject.startswith("/"):
        return url.rstrip("/") + subject
    return subject if subject.startswith(("http://", "https://")) else url


def _address(host: str) -> str:
    """The host where it is an address itself; what a name led to is no fact of the report."""
    return host if host.replace(".", "").isdigit() or ":" in host else ""


def _seen(observations: Iterable[Observation], target: str, name: str) -> str:
    facts: Iterable[Fact] = (fact for o in observations if o.target == target for fact in o.facts)
    return next((str(fact.value) for fact in facts if fact.name == name), "")
