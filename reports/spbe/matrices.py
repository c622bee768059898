"""Tables that several forms share: coverage, follow-up, points, transit, changes."""

from collections import Counter, defaultdict
from collections.abc import Callable, Sequence

from auditor.messages import Catalog
from auditor.model import Basis, Finding, Outcome, Severity

from ..blocks import Paper
from ..citing import citing
from ..digest import BY_WEIGHT, NOT_REQUESTED, Site, broken
from ..sheet import Cell, Column, Sheet
from .posture import FollowUp, Service, Standing, State, by_severity, follow_up, judged, points, services, transit


def state_word(words: Catalog, state: State) -> str:
    """The word for how far a fault has come."""
    return {
        State.DONE: words.text("done"),
        State.UNDERWAY: words.text("in progress"),
        State.OPEN: words.text("not yet"),
        State.UNSEEN: words.text("not examined again"),
    }[state]


def owner(site: Site) -> tuple[str, str]:
    """Names of the organisation and its officer; empty where there are none."""
    organisation = site.target.organisation
    officer = organisation.officer if organisation else None
    return (organisation.name if organisation else ""), (officer.name if officer else "")


def coverage(this: Paper) -> Sheet:
    """One row a service: what was assessed of it, and how grave what was found is."""
    text = this.words.text
    columns = (
        Column(text("Agency"), 30), Column(text("Officer in charge"), 24), Column(text("Service"), 22),
        Column(text("Sites"), 34), Column(text("SE category"), 12), Column(text("Assessed"), 12),
        Column(text("Coverage (%)"), 12), *(Column(_upfirst(this.words.severity(s)), 10) for s in BY_WEIGHT),
        Column(text("Not assessed"), 12), Column(text("Risk rank"), 10),
    )  # fmt: skip
    found = services(this.digest)
    items: defaultdict[str, list[FollowUp]] = defaultdict(list)
    for item in follow_up(this.digest):
        items[item.target.url].append(item)
    faults = {s.name: by_severity(item for site in s.sites for item in items[site.target.url]) for s in found}

    def gravity(service: Service) -> tuple[int, ...]:
        return tuple(-faults[service.name][severity] for severity in BY_WEIGHT)

    ranks = {service.name: rank for rank, service in enumerate(sorted(found, key=gravity), start=1)}
    rows = tuple(_coverage_row(this, service, faults[service.name], ranks[service.name]) for service in found)
    return Sheet(text("Coverage matrix"), columns, rows, _head(this, text("Coverage matrix")))


def _coverage_row(this: Paper, service: Service, faults: Counter[Severity], rank: int) -> tuple[Cell, ...]:
    name, officer = owner(service.sites[0])
    counted = [faults[severity] for severity in BY_WEIGHT]
    decided = sum(site.tally.decided for site in service.sites)
    unknown = sum(site.tally[Outcome.UNKNOWN] for site in service.sites)
    return (
        name, officer, service.name, ", ".join(site.label for site in service.sites),
        str(service.category) if service.category else this.words.text("not stated"),
        _yes(this.words, any(judged(site) for site in service.sites)),
        100 * decided // (decided + unknown) if decided + unknown else 0, *counted, unknown, rank,
    )  # fmt: skip


def followed(this: Paper, items: Sequence[FollowUp] | None = None) -> Sheet:
    """One row a fault: what it is, where, who answers for it, how far it has come."""
    text = this.words.text
    columns = (
        Column(text("State"), 14), Column(text("Agency"), 28), Column(text("Officer in charge"), 24),
        Column(text("Site"), 30), Column(text("Severity"), 10), Column(text("Rule"), 12), Column(text("Fault"), 40),
        Column(text("Subject"), 22), Column(text("Recommendation"), 50), Column(text("Note"), 34),
    )  # fmt: skip
    rows = tuple(_follow_row(this, item) for item in (follow_up(this.digest) if items is None else items))
    return Sheet(text("Follow-up"), columns, rows, _head(this, text("Follow-up of faults")))


def _follow_row(this: Paper, item: FollowUp) -> tuple[Cell, ...]:
    organisation = item.target.organisation
    officer = organisation.officer if organisation else None
    expired = this.words.text("acceptance expired") + ": " if item.expired else ""
    return (
        state_word(this.words, item.state), organisation.name if organisation else "", officer.name if officer else "",
        item.target.url, this.words.severity(item.rule.severity), item.rule.id, item.rule.title.in_(this.lang),
        this.say.subject(item.fault.verdict)[1], item.rule.remediation.in_(this.lang), expired + item.note,
    )  # fmt: skip


def results(this: Paper, chosen: Callable[[Finding], bool], name: str) -> Sheet:
    """One row a finding that is chosen: the rule, its citations with their marks, the result and what it rests on."""
    words, marks = this.words, citing(this.view.report, this.words)
    text = words.text
    columns = (
        Column(text("Agency"), 26), Column(text("Site"), 30), Column(text("Rule"), 12), Column(text("Title"), 38),
        Column(text("Severity"), 10), Column(text("Result"), 16), Column(text("Rests on"), 16),
        Column(text("Observed"), 36), Column(text("Respondent"), 28), Column(text("Citations"), 60),
    )  # fmt: skip
    rows = []
    for finding in this.view.report.findings:
        if finding.reason == NOT_REQUESTED or not chosen(finding):
            continue
        clause, site = this.digest.clause(finding), this.digest.site(finding)
        seen = "; ".join(f"{this.say.fact(verdict)}: {this.say.observed(verdict)}" for verdict in broken(finding)[:5])
        answered = this.view.report.attestations[finding.attestation] if finding.attestation is not None else None
        rows.append((
            owner(site)[0], site.target.url, clause.rule.id, clause.rule.title.in_(this.lang),
            words.severity(finding.severity), result_word(words, finding), basis_word(words, finding), seen,
            f"{answered.respondent}, {answered.answered_on.isoformat()}" if answered else "",
            "; ".join(marks.cite(control) for control in clause.rule.controls),
        ))  # fmt: skip
    return Sheet(name, columns, tuple(rows), _head(this, name))


def result_word(words: Catalog, finding: Finding) -> str:
    """The word for a result; what waits for a person was not assessed."""
    return words.text("not assessed") if finding.outcome is Outcome.MANUAL else words.outcome(finding.outcome)


def basis_word(words: Catalog, finding: Finding) -> str:
    """What a result rests on; nothing where there is none."""
    if finding.outcome in (Outcome.MANUAL, Outcome.UNKNOWN):
        return ""
    return words.text("a person's statement") if finding.basis is Basis.ATTESTED else words.text("measurement")


def standing_word(words: Catalog, standing: Standing) -> str:
    """The words for how the report stands to a point; none of them is an audit's."""
    return {
        Standing.SUPPORTED: words.text("evidence supports it"),
        Standing.DISPROVED: words.text("findings speak against it"),
        Standing.STATED: words.text("stated as met by the respondent"),
        Standing.STATED_NOT: words.text("stated as not met by the respondent"),
        Standing.NOT_APPLICABLE: words.text("not applicable"),
        Standing.NOT_ASSESSED: words.text("not assessed"),
    }[standing]


def points_sheet(this: Paper) -> Sheet:
    """One row a point of Pasal 27 and site."""
    text, marks = this.words.text, citing(this.view.report, this.words)
    columns = (
        Column(text("Code"), 8), Column(text("Topic"), 40), Column(text("Basis"), 60),
        Column(text("Seen from outside"), 14), Column(text("Agency"), 26), Column(text("Site"), 32),
        Column(text("State of the evidence"), 28), Column(text("Rules"), 24),
    )  # fmt: skip
    rows = tuple(
        (
            point.code, point.topic.in_(this.lang), marks.cite(point.control),
            observable_word(this.words, point.observable), owner(place.site)[0], place.site.target.url,
            standing_word(this.words, place.standing),
            ", ".join(dict.fromkeys(f"{f.policy} {f.rule}" for f in place.findings)),
        )
        for point in points(this.digest)
        for place in point.places
    )  # fmt: skip
    return Sheet(text("Points of Pasal 27"), columns, rows, _head(this, text("Points of Pasal 27")))


def observable_word(words: Catalog, observable: str) -> str:
    """Whether a point shows from outside."""
    return {"yes": words.text("yes"), "partly": words.text("in part"), "no": words.text("no")}[observable]


def encrypted(this: Paper) -> Sheet:
    """One row a service: its category and whether it is encrypted in transit; the share stands above."""
    words = this.words
    text = words.text
    columns = (
        Column(text("Agency"), 30), Column(text("Service"), 24), Column(text("Sites"), 40),
        Column(text("SE category"), 14), Column(text("Counts"), 12), Column(text("Encrypted in transit"), 20),
    )  # fmt: skip
    found = services(this.digest)
    share = transit(found)
    rows = tuple(
        (
            owner(service.sites[0])[0], service.name, ", ".join(site.label for site in service.sites),
            str(service.category) if service.category else text("not stated"), _yes(words, service in share.services),
            text("not assessed") if service.encrypted is None else _yes(words, service.encrypted),
        )
        for service in found
    )  # fmt: skip
    return Sheet(text("In transit"), columns, rows, (*_head(this, text("Encryption in transit")), *share_lines(this)))


def share_lines(this: Paper) -> tuple[tuple[str, str], ...]:
    """The share of services encrypted in transit, and what it does not say."""
    text, number, share = this.words.text, this.words.number, transit(services(this.digest))
    lines = [
        (text("Services of category tinggi or strategis"), number(len(share.services))),
        (text("Of them encrypted in transit"), number(share.encrypted)),
        (text("Share"), f"{share.percent} %" if share.services else "–"),
        (text("Limit"), text("A scan shows data in transit only; other states of data need other proof.")),
    ]
    if share.uncategorised:
        lines.insert(3, (text("Services without a category"), number(len(share.uncategorised))))
    return tuple(lines)


def changed(this: Paper) -> Sheet:
    """One row a fault that is fixed, new, unchanged or was not assessed since the earlier report."""
    words, changes = this.words, this.digest.changes
    text = words.text
    columns = (
        Column(text("Change"), 18), Column(text("Site"), 34), Column(text("Rule"), 12), Column(text("Severity"), 10),
        Column(text("Title"), 50), Column(text("Subject"), 26),
    )  # fmt: skip
    kinds = (
        (text("fixed"), changes.fixed if changes else ()),
        (text("new"), changes.new if changes else ()),
        (text("unchanged"), changes.unchanged if changes else ()),
        (text("not examined again"), changes.not_assessed if changes else ()),
    )
    previous = this.view.previous
    rows = tuple(
        (
            kind, fault.finding.target, fault.finding.rule, words.severity(fault.finding.severity),
            this.digest.title(fault.finding, previous).in_(this.lang) if previous else "", fault.verdict.subject,
        )
        for kind, faults in kinds
        for fault in faults
    )  # fmt: skip
    above = ((text("Earlier report"), f"{previous.id}, {this.say.time(previous.judged_at)}"),) if previous else ()
    return Sheet(text("Comparison"), columns, rows, (*_head(this, text("Comparison with the earlier report")), *above))


def _head(this: Paper, title: str) -> tuple[str | tuple[str, str], ...]:
    text, report = this.words.text, this.view.report
    return (
        title,
        (text("Agency"), report.scope.agency or "–"),
        (text("Report"), f"{report.id}, {this.say.time(report.judged_at)}"),
        (text("Period"), f"{this.say.time(report.run.started)} – {this.say.time(report.run.finished)}"),
    )


def _yes(words: Catalog, holds: bool) -> str:  # noqa: FBT001 - the only argument
    return words.text("yes") if holds else words.text("no")


def _upfirst(text: str) -> str:
    return text[:1].upper() + text[1:]
