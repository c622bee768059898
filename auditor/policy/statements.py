"""What people add to a finding: waivers and attestations, as they hold on the day of judgement.

A person may lower an outcome or settle what is left to people, never mend a measurement. An attestation turns MANUAL
into its answer, and UNKNOWN into FAIL where it says so; a measured FAIL, NOT_APPLICABLE, and an UNKNOWN that it calls
passed stay as they are. A waiver excuses failures only; a fault or an unknown subject that it does not cover counts.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from auditor.model import Attestation, Basis, Decides, Finding, Outcome, Policy, Rule, Target, Waiver
from auditor.policy.evaluation import Look, reason
from auditor.regions import zone

NO_ANSWER = "no_answer"
WAIVER_EXPIRED = "waiver_expired"
ATTESTATION_EXPIRED = "attestation_expired"
"""Reasons of findings that no absence is behind."""

_WORST_LAST = (Outcome.PASS, Outcome.NOT_APPLICABLE, Outcome.FAIL)


@dataclass(frozen=True, slots=True)
class Statements:
    """What concerns one target under one policy, each with its place in the report's lists."""

    waivers: tuple[tuple[int, Waiver], ...]
    attestations: tuple[tuple[int, Attestation], ...]
    today: date
    """In the zone of the target's region: the last day of a statement ends there at midnight."""

    def applied(self, rule: Rule, finding: Finding, found: Sequence[Look]) -> Finding:
        """The measured finding as people leave it; `found` are the looks it was made of."""
        if rule.require.empty or rule.decides is Decides.FAIL_ONLY:
            finding = self._answered(rule, finding)
        return self._waived(rule, finding, found) if finding.outcome is Outcome.FAIL else finding

    def _answered(self, rule: Rule, finding: Finding) -> Finding:
        place, answer = self._attestation(rule)
        holds = answer is not None and answer.until >= self.today
        if finding.outcome is Outcome.UNKNOWN and not rule.require.empty:
            fails = answer is not None and holds and answer.answer is Outcome.FAIL
            return _attested(finding, place, Outcome.FAIL) if fails else finding
        if finding.outcome is not Outcome.PASS:
            return finding
        if answer is None:
            return replace(finding, outcome=Outcome.MANUAL, reason=NO_ANSWER)
        if not holds:
            return replace(finding, outcome=Outcome.MANUAL, reason=ATTESTATION_EXPIRED, attestation=place)
        return _attested(finding, place, answer.answer)

    def _attestation(self, rule: Rule) -> tuple[int | None, Attestation | None]:
        """The answer that counts: one that holds, the target's own before the general, the latest, then the worst."""
        given = [(p, a) for p, a in self.attestations if a.rule == rule.id and a.answered_on <= self.today]

        def weight(item: tuple[int, Attestation]) -> tuple[bool, bool, date, int, int]:
            place, answer = item
            holds = answer.until >= self.today
            return holds, bool(answer.host), answer.answered_on, _WORST_LAST.index(answer.answer), -place

        return max(given, key=weight, default=(None, None))

    def _waived(self, rule: Rule, finding: Finding, found: Sequence[Look]) -> Finding:
        # A fault that only a person stated has no look of its own; a waiver of the whole rule covers it.
        faults = [look for look in found if look.outcome is Outcome.FAIL] or [Look("", Outcome.FAIL)]
        places = [self._waiver(rule, look, expired=False) for look in faults]
        bare = [look for look, place in zip(faults, places, strict=True) if place is None]
        if bare:
            lapsed = [place for look in bare if (place := self._waiver(rule, look, expired=True)) is not None]
            return replace(finding, reason=WAIVER_EXPIRED, waiver=lapsed[0]) if lapsed else finding
        unknown = [
            look
            for look in found
            if look.outcome is Outcome.UNKNOWN and self._waiver(rule, look, expired=False) is None
        ]
        if unknown:
            return replace(finding, outcome=Outcome.UNKNOWN, reason=reason(unknown), waiver=places[0])
        return replace(finding, outcome=Outcome.WAIVED, waiver=places[0])

    def _waiver(self, rule: Rule, look: Look, *, expired: bool) -> int | None:
        """Place of the first waiver that covers (or once covered) what was found at a subject."""
        named = {ruling.entry.subject for ruling in look.rulings if ruling.outcome is look.outcome}
        subjects = {look.subject, *named} if len(named) == 1 else {look.subject}
        for place, waiver in self.waivers:
            if (
                waiver.rule == rule.id
                and (waiver.subject is None or waiver.subject in subjects)
                and (waiver.until < self.today) is expired
            ):
                return place
        return None


def statements(
    target: Target,
    policy: Policy,
    waivers: Sequence[Waiver],
    attestations: Sequence[Attestation],
    judged_at: datetime,
) -> Statements:
    """Those that concern the target under the policy, at an aware moment."""
    region = target.region or (target.organisation.region if target.organisation else "")

    def concerns(stated: Waiver | Attestation) -> bool:
        return stated.policy in ("", policy.id) and stated.host in ("", target.host)

    return Statements(
        tuple((place, waiver) for place, waiver in enumerate(waivers) if concerns(waiver)),
        tuple((place, answer) for place, answer in enumerate(attestations) if concerns(answer)),
        judged_at.astimezone(zone(region)).date(),
    )


def _attested(finding: Finding, place: int | None, answer: Outcome) -> Finding:
    return replace(finding, outcome=answer, reason="", basis=Basis.ATTESTED, attestation=place)
