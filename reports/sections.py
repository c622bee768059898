"""The sections of the paper document, in order."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from auditor.model import Absence, Finding, Outcome, Rule, Severity, Verdict, Waiver

from .blocks import (
    CHECKPOINT,
    NAMED,
    Block,
    Paper,
    Part,
    Terms,
    brief,
    code,
    fault,
    figures,
    heading,
    is_expired,
    items,
    label,
    lead,
    paragraph,
    prose,
    signatures,
    small,
    steps,
    subheading,
    table,
    terms,
    upfirst,
)
from .digest import BY_WEIGHT, NOT_REQUESTED, Answered, Group, Site, broken, one_a_site, target_zone
from .visible import visible
from .wording import STACKS


@dataclass(frozen=True, slots=True)
class Section:
    """A lettered section; a `wide` one stands on pages turned sideways."""

    title: str
    write: Callable[[Paper], Iterable[Block]]
    wide: bool = False


def sections(this: Paper) -> tuple[Section, ...]:
    """Those that the report has something for."""
    text, arranged = this.words.text, this.digest
    everything = (
        (Section(text("Summary"), _summary), True),
        (Section(text("Changes since the last report"), _changes), arranged.changes is not None),
        (Section(text("Agencies and officers"), _organisations), len(arranged.standings) > 1),
        (Section(text("Coverage of the examination"), _coverage), True),
        (Section(text("Faults"), _faults), True),
        (Section(text("Not assessed"), _unknown), bool(arranged.unknown or arranged.not_requested)),
        (Section(text("Answered by people"), _people), bool(arranged.manual or arranged.answered)),
        (Section(text("Accepted risks"), _accepted), bool(arranged.accepted)),
        (Section(text("Site by site"), _sites), len(arranged.sites) > 1),
        (Section(text("Follow-up"), _follow_up, wide=bool(arranged.faults)), True),
        (Section(text("Scope and authorisation"), _scope), True),
        (Section(text("How the examination was done"), _run), True),
        (Section(text("How to verify this report"), _verify), True),
        (Section(text("Endorsement"), _endorsement), True),
    )
    return tuple(section for section, present in everything if present)


def _summary(this: Paper) -> Iterator[Block]:
    words, arranged, single = this.words, this.digest, this.single
    tally, outcome, number = arranged.tally, words.outcome, words.number
    counted = [
        (Outcome.FAIL, "bad"), (Outcome.UNKNOWN, "plain"), (Outcome.WAIVED, "warn"), (Outcome.PASS, "good"),
        (Outcome.MANUAL, "plain"),
    ]  # fmt: skip
    grades = [(words.text("score"), this.say.score(score), "plain") for score in (single.scores if single else ())]
    yield figures([*grades, *((outcome(kind), number(tally[kind]), tone) for kind, tone in counted)])
    if arranged.faults:
        yield heading(words.text("What to mend first"))
        yield steps(
            [
                [this.badge(g.clause.rule.severity), " ", *this.clause(g.clause), this.many(g)]
                for g in arranged.faults[:5]
            ]
        )
    if single is None and tally.failed:
        yield heading(words.text("Sites with the gravest faults"))
        yield steps(
            [
                [
                    {"strong": site.label},
                    f", {brief(site.target.organisation.name)}" if site.target.organisation else "",
                    ": ",
                    *this.counts(site),
                ]
                for site in arranged.gravest[:10]
            ]
        )


def _changes(this: Paper) -> Iterator[Block]:
    changes, previous, words = this.digest.changes, this.view.previous, this.words
    if changes is None or previous is None:
        return
    text, number = words.text, words.number
    yield paragraph(
        text("Compared with report {id} of {time}.", id=previous.id, time=this.say.time(previous.judged_at))
    )
    yield figures(
        [
            (text("new"), number(len(changes.new)), "bad"),
            (text("mended"), number(len(changes.fixed)), "good"),
            (text("still there"), number(len(changes.unchanged)), "plain"),
            (text("could not be assessed again"), number(len(changes.not_assessed)), "plain"),
        ]
    )
    for title, faults in (
        (text("New faults"), changes.new),
        (text("Mended faults"), changes.fixed),
        (text("Not assessed again, so not counted as mended"), changes.not_assessed),
    ):
        if not faults:
            continue
        yield heading(title)
        shown: list[Part] = [
            [
                this.badge(found.finding.severity),
                " ",
                this.digest.title(found.finding, previous).in_(this.lang),
                " ",
                {"id": found.finding.rule},
                "" if this.single else f" – {brief(found.finding.target)}",
                *_about(this, found.verdict),
            ]
            for found in faults[:NAMED]
        ]
        yield items([*shown, *([this.others(len(faults) - NAMED)] if len(faults) > NAMED else [])])


def _organisations(this: Paper) -> Iterator[Block]:
    words = this.words
    text, number = words.text, words.number
    rows = []
    for standing in this.digest.standings:
        organisation, failed = standing.organisation, standing.tally.failed
        officer = organisation.officer if organisation else None
        person: Part = {"muted": text("none named")}
        if officer:
            person = {"lines": [brief(officer.name), *([{"muted": brief(officer.contact)}] if officer.contact else [])]}
        rows.append([
            brief(organisation.name) if organisation else text("no agency named"),
            person,
            number(len(standing.sites)),
            *(_count(this, failed.get(severity, 0), severity) for severity in BY_WEIGHT),
            number(standing.tally[Outcome.UNKNOWN]),
            this.say.score(standing.worst) if standing.worst else "–",
        ])  # fmt: skip
    yield lead(text("Faults by agency, the gravest first"))
    header = [
        text("Agency"), text("Officer in charge"), text("Sites"),
        *(upfirst(words.severity(severity)) for severity in BY_WEIGHT),
        text("Not assessed"), text("Lowest score"),
    ]  # fmt: skip
    yield table(header, rows, [3, 2.6] + ["auto"] * 8, right=range(2, 10), size=8)


def _coverage(this: Paper) -> Iterator[Block]:
    words = this.words
    text, number = words.text, words.number
    yield paragraph(
        text("Every site that was to be examined and every rule with what it rests on: what was judged, what was not.")
    )
    yield heading(text("By policy"))
    yield table(
        [text("Policy"), text("Rules judged"), text("Of"), text("Share"), text("Needed"), ""],
        [
            [
                f"{c.policy} {policy.version}", number(c.judged), number(c.total), f"{c.percent} %", f"{c.minimum} %",
                {"bad": text("too little")} if c.percent < c.minimum else "",
            ]
            for c, policy in zip(this.view.report.coverage, this.view.report.policies, strict=True)
        ],
        [3, "auto", "auto", "auto", "auto", 1],
        right=range(1, 5),
    )  # fmt: skip
    yield heading(text("By site"))
    yield table(
        [
            text("Site"), text("SE category"), text("Rules judged"), text("Of"), text("Share"),
            upfirst(words.outcome(Outcome.FAIL)), upfirst(text("score")),
        ],
        [
            [
                brief(site.label),
                site.target.se_category or "–",
                *_share(this, site),
                number(site.tally[Outcome.FAIL]),
                ", ".join(this.say.score(score) for score in site.scores) or "–",
            ]
            for site in this.digest.sites
        ],
        [4, "auto", "auto", "auto", "auto", "auto", "auto"],
        right=range(2, 7),
    )  # fmt: skip
    yield heading(text("By rule"))
    yield lead(text("Of the controls that a rule rests on, numbers are given, and how well their texts are known."))
    yield _one_by_rule(this) if this.single else _all_by_rule(this)


def _share(this: Paper, site: Site) -> Sequence[str]:
    judged, total = site.tally.decided, site.tally.decided + site.tally[Outcome.UNKNOWN]
    number = this.words.number
    return number(judged), number(total), f"{100 * judged // total} %" if total else "–"


def _one_by_rule(this: Paper) -> Block:
    text, found = this.words.text, _by_rule(this)
    return table(
        [text("Rule"), text("Controls"), text("Severity"), text("Result")],
        [
            [this.clause(clause), _controls(this, clause.rule), this.words.severity(clause.rule.severity),
             {"lines": [_result(this, finding) for finding in found[key]]}]
            for key, clause in this.digest.clauses.items()
            if key in found
        ],
        [3, 2.4, "auto", 1.3],
        size=8,
    )  # fmt: skip


def _all_by_rule(this: Paper) -> Block:
    words, found = this.words, _by_rule(this)
    rows = []
    for key, clause in this.digest.clauses.items():
        asked = [finding.outcome for finding in found.get(key, ()) if finding.reason != NOT_REQUESTED]
        counts = (words.number(asked.count(outcome)) for outcome in _OUTCOMES)
        rows.append([this.clause(clause), _controls(this, clause.rule), *counts])
    header = [words.text("Rule"), words.text("Controls"), *(upfirst(words.outcome(outcome)) for outcome in _OUTCOMES)]
    return table(header, rows, [3, 2.5, *([0.85] * 6)], right=range(2, 8), size=7.5)


_OUTCOMES = (
    Outcome.PASS, Outcome.FAIL, Outcome.UNKNOWN, Outcome.WAIVED, Outcome.MANUAL, Outcome.NOT_APPLICABLE
)  # fmt: skip


def _by_rule(this: Paper) -> dict[tuple[str, str], list[Finding]]:
    found: dict[tuple[str, str], list[Finding]] = {}
    for finding in this.view.report.findings:
        found.setdefault((finding.policy, finding.rule), []).append(finding)
    return found


def _controls(this: Paper, rule: Rule) -> Part:
    return {"lines": this.controls(rule)} if rule.controls else "–"


def _result(this: Paper, finding: Finding) -> Part:
    if finding.reason == NOT_REQUESTED:
        return {"muted": this.words.absence(Absence.NOT_REQUESTED)}
    said = this.words.outcome(finding.outcome)
    return {"bad": said} if finding.outcome is Outcome.FAIL else said


def _faults(this: Paper) -> Iterator[Block]:
    words, faults = this.words, this.digest.faults
    if not faults:
        yield paragraph(words.text("No rule was found broken."))
    for severity, groups in groupby(faults, key=lambda group: group.clause.rule.severity):
        yield heading(words.text("Severity: {severity}", severity=words.severity(severity)))
        for group in groups:
            yield from _fault(this, group)


def _fault(this: Paper, group: Group) -> Iterator[Block]:
    text, rule = this.words.text, group.clause.rule
    policy = f"  {group.clause.policy.id}" if len(this.view.report.policies) > 1 else ""
    expired = this.single and any(is_expired(finding) for finding in group.findings)
    yield fault(rule.title.in_(this.lang), [
            this.badge(rule.severity), "  ", {"id": rule.id + policy}, this.many(group),
            {"bad": f"  {text('acceptance expired')}"} if expired else "",
        ])  # fmt: skip
    if rule.require.any:
        yield small({"muted": text("It is enough to meet one of the alternatives.")})
    if this.single:
        seen = [row for finding in group.findings for row in this.verdicts(broken(finding))]
        yield table([text("Examined"), text("Expected"), text("Observed")], seen, [3, 2, 2])
    else:
        yield lead([{"strong": f"{text('Sites concerned')}: "}, this.sites(group.findings)])
    for waiver in this.digest.expired(group):
        yield small({"bad": text("The acceptance of this risk has run out.")})
        yield terms(_terms_of(this, waiver))
    said: Terms = [
        (text("Why it matters"), {"lines": list(prose(rule.rationale.in_(this.lang)))}),
        (text("How to mend it"), {"lines": list(prose(rule.remediation.in_(this.lang)))}),
        (text("Controls"), {"lines": this.controls(rule)}),
        (text("References"), {"lines": [visible(reference) for reference in rule.references]}),
    ]
    yield terms([(name, part) for name, part in said if isinstance(part, dict) and part["lines"]])
    for stack, snippet in rule.fixes.items():
        yield label(text("Example for {stack}", stack=STACKS.get(stack, stack)))
        yield code("\n".join(visible(line.expandtabs(4)) for line in snippet.rstrip().splitlines()))


def _terms_of(this: Paper, waiver: Waiver) -> Terms:
    text = this.words.text
    return [
        (text("Reason"), visible(waiver.reason)),
        (text("Approved by"), brief(waiver.approver)),
        (text("Until"), this.words.date(waiver.until)),
    ]


def _unknown(this: Paper) -> Iterator[Block]:
    words = this.words
    text = words.text
    yield paragraph(
        text("What was not seen is neither met nor broken. It earns no points, and it is not counted as in order.")
    )
    for reason, groups in this.digest.unknown.items():
        because = this.say.reason(reason)
        yield heading(f"{upfirst(because.title)} ({words.plural('{n} rule', '{n} rules', len(groups))})")
        yield paragraph([because.text, " ", {"strong": because.advice}])
        if this.single:
            rows: list[list[Part]] = [
                [this.clause(group.clause), {"lines": [
                    [*this.subject(verdict), ": " if verdict.subject else "", brief(this.say.observed(verdict))]
                    for verdict in broken(group.findings[0])[:5]
                ]}]
                for group in groups
            ]  # fmt: skip
            yield table([text("Rule"), text("What happened")], rows, [3, 2])
        else:
            yield items([[*this.clause(group.clause), this.many(group)] for group in groups])
            yield lead([{"strong": f"{text('Sites concerned')}: "}, this.sites(one_a_site(groups))])
    if this.digest.not_requested:
        count = words.plural("{n} rule", "{n} rules", len(this.digest.not_requested))
        yield heading(f"{upfirst(words.absence(Absence.NOT_REQUESTED))} ({count})")
        yield paragraph(text("The operator chose a lower level for this run. These rules are outside its counts."))
        yield items([this.clause(group.clause) for group in this.digest.not_requested])


def _people(this: Paper) -> Iterator[Block]:
    text = this.words.text
    if this.digest.manual:
        yield heading(text("Waiting for an answer"))
        yield paragraph(
            text(
                "These controls cannot be seen from outside. A named person answers them, with a document where one is "
                "asked for; until then they are not assessed."
            )
        )
        yield items([_question(this, group) for group in this.digest.manual])
    if this.digest.answered:
        yield heading(text("Answered"))
    for answered in this.digest.answered:
        yield subheading(this.clause(answered.group.clause))
        yield terms(_answer(this, answered))
        if not this.single:
            yield lead([{"strong": f"{text('Sites concerned')}: "}, this.sites(answered.group.findings)])


def _question(this: Paper, group: Group) -> Part:
    text, manual = this.words.text, group.clause.rule.manual
    asked: list[Part] = [text("What was seen does not contradict this rule; only a person can affirm it.")]
    if manual:
        documents = text("Supporting evidence: {documents}", documents=", ".join(manual.evidence))
        asked = [manual.question.in_(this.lang), {"muted": f" {documents}"} if manual.evidence else ""]
    lines: list[Part] = [[{"strong": this.clause(group.clause)}, this.many(group)], asked]
    if any(finding.reason == "attestation_expired" for finding in group.findings):
        lines.append({"bad": text("the earlier answer has run out")})
    return {"lines": lines}


def _answer(this: Paper, answered: Answered) -> Terms:
    text, answer = this.words.text, answered.attestation
    outcome = this.words.outcome(answered.group.findings[0].outcome)
    rows: Terms = [
        (text("Answer"), [{"strong": outcome}, {"muted": f" ({text('by declaration, not measured')})"}]),
        (text("Statement"), visible(answer.statement)),
        (text("Answered by"), f"{brief(answer.respondent)}, {this.words.date(answer.answered_on)}"),
        (text("Until"), this.words.date(answer.until)),
    ]
    if answer.documents:
        rows.append((text("Documents"), {"lines": [{"code": document} for document in answer.documents]}))
    return rows


def _accepted(this: Paper) -> Iterator[Block]:
    text = this.words.text
    yield paragraph(
        text(
            "These faults are there. A named officer has accepted the risk until the day shown; until then they do not "
            "fail the examination, but they earn no points."
        )
    )
    for accepted in this.digest.accepted:
        rule, findings = accepted.group.clause.rule, accepted.group.findings
        yield fault(rule.title.in_(this.lang), [this.badge(rule.severity), "  ", {"id": rule.id}])
        if this.single:
            rows = this.verdicts(broken(findings[0]))
            yield table([text("Examined"), text("Expected"), text("Observed")], rows, [3, 2, 2])
        else:
            yield lead([{"strong": f"{text('Sites concerned')}: "}, this.sites(findings)])
        yield terms(_terms_of(this, accepted.waiver))


def _sites(this: Paper) -> Iterator[Block]:
    for name, members in this.digest.by_organisation:
        if name:
            yield heading(brief(name))
        for site in members:
            yield from _site(this, site)


def _site(this: Paper, site: Site) -> Iterator[Block]:
    words, target = this.words, site.target
    text = words.text
    seen = next((o.at for o in this.view.observations if o.target == target.url), None)
    about = [
        words.time(seen, target_zone(target)) if seen else "",
        text("level: {level}", level=words.level(target.level)),
        text("SE category: {category}", category=target.se_category) if target.se_category else "",
        text("score {score}", score=", ".join(map(this.say.score, site.scores))) if site.scores else "",
    ]
    yield fault(brief(site.label), [*this.counts(site), {"muted": " · ".join(part for part in about if part)}])
    faults = site.of(Outcome.FAIL)
    if faults:
        rows = [
            [f"{words.severity(finding.severity)}: {_title(this, finding)}", *row]
            for finding in faults
            for row in this.compact(broken(finding))
        ]
        header = [text("Rule"), text("Examined"), text("Expected"), text("Observed")]
        yield table(header, rows, [3, 2.5, 1.9, 1.9], size=7.5)
    elif site.tally.decided:
        yield small(text("no fault"))
    for reason, findings in groupby(sorted(site.of(Outcome.UNKNOWN), key=_reason), key=_reason):
        title = f"{upfirst(words.outcome(Outcome.UNKNOWN))}, {this.say.reason(reason).title}: "
        yield small([{"strong": title}, ", ".join(finding.rule for finding in findings)])
    for outcome in (Outcome.WAIVED, Outcome.MANUAL, Outcome.PASS, Outcome.NOT_APPLICABLE):
        if rules := ", ".join(finding.rule for finding in site.of(outcome)):
            yield small([{"strong": f"{upfirst(words.outcome(outcome))}: "}, rules])


def _title(this: Paper, finding: Finding) -> str:
    rule = this.digest.clause(finding).rule
    return f"{rule.title.in_(this.lang)} ({rule.id})"


def _reason(finding: Finding) -> str:
    return finding.reason


def _follow_up(this: Paper) -> Iterator[Block]:
    text = this.words.text
    if not this.digest.faults:
        yield paragraph(text("There is no fault to follow up."))
        return
    yield paragraph(
        text("To be filled in by whoever mends the faults. A fault is closed when a later report no longer shows it.")
    )
    header = [
        text("No."), text("Fault"), text("Sites"), text("Officer in charge"), text("Action planned"), text("Due"),
        text("State"), text("Evidence, initials"),
    ]  # fmt: skip
    for name, members in this.digest.by_organisation:
        groups = _groups_of(this, members)
        if not groups:
            continue
        if name and not this.single:
            yield heading(brief(name))
        rows = [
            [str(number), [this.badge(group.clause.rule.severity), " ", *this.clause(group.clause)],
             this.sites(group.findings), _officer(members), _advice(this, group), "", "", ""]
            for number, group in enumerate(groups, start=1)
        ]  # fmt: skip
        yield table(header, rows, ["auto", 2.6, 2.1, 1.5, 2.6, 1.1, 1.1, 1.7], size=8, tall=1.3)


def _groups_of(this: Paper, members: Sequence[Site]) -> list[Group]:
    """The faults of some sites, gravest first."""
    found: dict[int, list[Finding]] = {}
    for finding in (finding for site in members for finding in site.of(Outcome.FAIL)):
        found.setdefault(this.digest.clause(finding).number, []).append(finding)
    groups = [Group(this.digest.clause(findings[0]), tuple(findings)) for findings in found.values()]
    return sorted(groups, key=lambda group: (group.clause.weight, group.clause.number))


def _advice(this: Paper, group: Group) -> Part:
    """What to do, where there is room to say it again."""
    return {"muted": brief(group.clause.rule.remediation.in_(this.lang))} if this.single else ""


def _officer(members: Sequence[Site]) -> str:
    organisation = members[0].target.organisation
    return brief(organisation.officer.name) if organisation and organisation.officer else ""


def _scope(this: Paper) -> Iterator[Block]:
    words, scope = this.words, this.view.report.scope
    text = words.text
    if not scope.authorisations:
        yield paragraph(
            text(
                "No letter of authorisation was shown. Without one, only what any visitor's browser does is done, "
                "except on private addresses."
            )
        )
    for given in scope.authorisations:
        letter: list[Part] = [brief(given.letter)]
        if given.stated:
            letter += [" – ", {"bad": text("stated by the operator")}, ". ", text("No document was shown.")]
        rows: Terms = [(text("Letter"), letter)]
        if given.issuer:
            rows.append((text("Issued by"), brief(given.issuer)))
        if given.valid_from or given.valid_to:
            days = (words.date(day) if day else "" for day in (given.valid_from, given.valid_to))
            rows.append((text("Valid"), " – ".join(days)))
        rows.append((text("Level allowed"), words.level(given.level)))
        if given.file:
            rows.append((text("Document"), {"lines": [brief(given.file), {"digest": f"sha256 {given.file_sha256}"}]}))
        if given.scope:
            rows.append((text("Sites covered"), ", ".join(given.scope)))
        yield terms(rows)
    yield label(words.plural("{n} host that may be visited", "{n} hosts that may be visited", len(scope.hosts)))
    yield small(", ".join(scope.hosts))


def _run(this: Paper) -> Iterator[Block]:
    words, report, run = this.words, this.view.report, this.view.report.run
    text, tool = words.text, report.tool
    rows: Terms = [
        (text("Begun"), this.say.time(run.started)),
        (text("Ended"), this.say.time(run.finished)),
        (text("Judged"), this.say.time(report.judged_at)),
        (text("Level requested"), words.level(run.requested) if run.requested else text("as authorised")),
    ]
    for title, names in (
        (text("Only these checks"), run.only),
        (text("Without these checks"), run.without),
        (text("Not reached"), run.unreached if run.interrupted else ()),
    ):
        if names:
            rows.append((title, ", ".join(map(visible, names))))
    rows.append((text("Program"), f"{tool.name} {tool.version}, Python {tool.python}, {tool.openssl}"))
    rows += [
        (text("Policy"), {"lines": [f"{policy.id} {policy.version}", {"digest": f"sha256 {policy.digest}"}]})
        for policy in report.policies
    ]
    rows.append((text("Evidence"), {"lines": ["evidence.jsonl", {"digest": f"sha256 {report.evidence_digest}"}]}))
    rows += _sealing(this)
    if report.parent:
        rows.append((text("Judged again from"), {"digest": f"sha256 {report.parent}"}))
    yield terms(rows)
    yield label(words.plural("{n} plug-in took part", "{n} plug-ins took part", len(report.provenance)))
    plugins: list[list[Part]] = [
        [plugin.name, f"{plugin.distribution} {plugin.version}", {"digest": plugin.sha256}]
        for plugin in report.provenance
    ]
    yield table([text("Plug-in"), text("Distribution"), "sha256"], plugins, ["auto", "auto", 1], size=8)


def _sealing(this: Paper) -> Terms:
    """What the report says it is sealed with."""
    text, sealing = this.words.text, this.view.report.sealing
    kept = {
        "file": text("in a file"),
        "environment": text("in a variable of the pipeline"),
        "token": text("in a token"),
        "memory": text("made for this run"),
    }
    rows: Terms = []
    if sealing.certificate:
        told = [sealing.algorithm, kept.get(sealing.store, sealing.store), *sealing.attributes]
        rows.append((text("Key"), {"lines": [", ".join(told), {"digest": f"sha256 {sealing.certificate}"}]}))
    if sealing.cosigner:
        rows.append((text("Key that signs beside"), {"lines": ["ML-DSA-65", {"digest": f"sha256 {sealing.cosigner}"}]}))
    rows.append(
        (text("Time stamp"), visible(sealing.tsa) if sealing.tsa else text("none: the time is the signer's own"))
    )
    rows.append((text("Transparency log"), visible(sealing.log) if sealing.log else text("none")))
    return rows


def _verify(this: Paper) -> Iterator[Block]:
    text, ephemeral = this.words.text, this.view.report.signing == "ephemeral"
    yield paragraph(
        text(
            "Anyone can check this document without the program that made it. root.pem is the issuer's root "
            "certificate, given to you by another way."
        )
    )
    for said, command in (
        (text("Make a store of trusted certificates with it, once:"),
         "certutil -N -d sql:nss --empty-password\ncertutil -A -d sql:nss -n root -t CT,C,C -a -i root.pem"),
        (text("Is the seal that of the issuer, and the document as it was sealed? A PDF reader shows the same:"),
         "pdfsig -nssdir sql:nss report.pdf"),
        (text("Take out the machine-readable report and compare its digest with the first page and its QR code:"),
         "pdfdetach -saveall report.pdf\nsha256sum report.json"),
        (text("With the whole folder of the report, every verdict is computed again from the evidence:"),
         "auditor verify . --trust root.pem"),
    ):  # fmt: skip
        yield lead(said)
        yield code(command)
    yield paragraph(
        text("A later electronic signature on this document, such as that of an official, leaves the seal valid.")
    )
    if this.view.report.sealing.checkpoint:
        yield label(text("What the transparency log said before this report was entered"))
        yield paragraph(
            text(
                "Keep this page. The text in the QR code is a checkpoint signed by the log. Years later it shows "
                "whether anybody has rewritten the log since: save the text in a file and give it to"
            )
        )
        yield code("auditor log verify LOG --from FILE")
        yield "picture", {"file": CHECKPOINT, "alt": text("QR code of the log's checkpoint"), "height": 4}
    if ephemeral:
        warning = text("The seal of this report leads to no certificate that you trust: its key was made for this run.")
        yield paragraph({"bad": warning})


def _endorsement(this: Paper) -> Iterator[Block]:
    text = this.words.text
    fields = [text("Name"), text("Position"), text("NIP"), text("Date")]
    yield paragraph(text("Signed by hand or electronically by the officers below, after the seal of the program."))
    yield signatures([(text("Drawn up by"), fields), (text("Acknowledged by"), fields)])


def _about(this: Paper, verdict: Verdict) -> Sequence[Part]:
    about = this.subject(verdict)
    return [", ", *about] if about else []


def _count(this: Paper, n: int, severity: Severity) -> Part:
    grave = n and severity in (Severity.CRITICAL, Severity.HIGH)
    return {"bad": this.words.number(n)} if grave else this.words.number(n)
