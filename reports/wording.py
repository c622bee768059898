"""What a report says, in the reader's language: requirements, conditions, reasons and what to do about them.

Sentences name no format; renderers lay them out.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from typing import Literal

from auditor.messages import Catalog
from auditor.model import Absence, FactSpec, Level, Outcome, Report, Score, Severity, Verdict

from .digest import BY_WEIGHT, WAIVER_EXPIRED, Digest, Tally, worst
from .visible import visible

Tone = Literal["bad", "warn", "good", "plain"]
_BOOLEANS: Mapping[str, bool] = {"true": True, "false": False}

STACKS = {
    "apache": "Apache",
    "codeigniter": "CodeIgniter",
    "iis": "IIS",
    "laravel": "Laravel",
    "php": "PHP",
    "wordpress": "WordPress",
}
"""Names as their makers write them, where a policy's key differs."""


def _say(message: str) -> str:
    """Marks a message id for the catalogue."""
    return message


def _form(message: str) -> tuple[str, re.Pattern[str]]:
    """A message id, and what a detail that was made by filling it in looks like."""
    texts = re.split(r"\{(\w+)\}", message)
    texts[::2], texts[1::2] = map(re.escape, texts[::2]), (f"(?P<{name}>.+)" for name in texts[1::2])
    return message, re.compile("".join(texts))


_FORMS = tuple(
    map(
        _form,
        (
            _say("needs level {needed}, asked for {granted}"),
            _say("needs level {needed}, authorised up to {granted}"),
            _say("{host} has no address"),
            _say("{host} does not answer"),
            _say("{host} is at no address that this site may send us to"),
            _say("{host} resolves to {place}, which is not public; name the address with --connect to scan it"),
            _say("the resolver failed ({error})"),
            _say("Name or service not known"),
            _say("no such name"),
            _say("no full answer in {seconds} s"),
            _say("no full handshake in {seconds} s"),
            _say("no full reply in {seconds} s"),
            _say("the {seconds} s for this target are used up"),
            _say("the server asks for a pause of {seconds} s"),
            _say("left alone after {n} failed exchanges in a row"),
            _say("the page names none"),
            _say("no key exchange that negotiates a group"),
            _say("no version that negotiates signatures of a key exchange"),
            _say("no version that has ALPN"),
            _say("no suite with Diffie-Hellman before TLS 1.3"),
        ),
    )
)
"""Details of absences that are filled in where they arise, or named there before they are given."""


@dataclass(frozen=True, slots=True)
class Notice:
    """One sentence that must not be overlooked, and how alarming it is."""

    tone: Tone
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Reason:
    """Why rules could not be judged, and what the officer can do."""

    title: str
    text: str
    advice: str


@dataclass(frozen=True, slots=True)
class Wording:
    """The words for one report."""

    words: Catalog
    specs: Mapping[str, FactSpec]
    zone: tzinfo

    def time(self, moment: datetime) -> str:
        """A moment on the agency's clock."""
        return self.words.time(moment, self.zone)

    def expected(self, verdict: Verdict) -> str:
        """The requirement of a verdict as a phrase: `at most 398 days`."""
        operator, _, operand = verdict.expected.partition(" ")
        phrase = self._operators().get(operator)
        if phrase is None:
            return visible(verdict.expected)
        return phrase(visible(operand), verdict)

    def observed(self, verdict: Verdict) -> str:
        """What was seen, or why nothing was."""
        reason = _absence(verdict)
        if reason is None:
            return self._value(visible(verdict.observed), verdict)
        said, detail = self.words.absence(reason), self.detail(verdict)
        return f"{said} ({detail})" if detail else said

    def detail(self, verdict: Verdict) -> str:
        """Why exactly nothing was seen; empty where something was, or where the reason says it all.

        Of a detail such as `TLSv1.0: connection reset`, each part that the catalogue knows is translated.
        """
        if _absence(verdict) is None:
            return ""
        detail = verdict.observed.partition(": ")[2]
        said = self._told(detail)
        if said == detail:
            said = ": ".join(self._told(part) for part in detail.split(": "))
        return visible(said)

    def _told(self, detail: str) -> str:
        """A detail or a part of one, translated where the catalogue or a form in `_FORMS` knows it."""
        said = self.words.text(detail)
        if said != detail:
            return said
        for message, form in _FORMS:
            if found := form.fullmatch(detail):
                levels = {str(level): self.words.level(level) for level in Level}
                return self.words.text(message, **{name: levels.get(v, v) for name, v in found.groupdict().items()})
        return detail

    def subject(self, verdict: Verdict) -> tuple[str, str]:
        """The kind of thing a verdict is about and its name; both empty for the site as a whole."""
        if not verdict.subject:
            return "", ""
        spec = self.specs.get(verdict.fact)
        kind = spec.subject if spec else ""
        text = self.words.text
        kinds = {
            "cookie": text("cookie"),
            "position": text("certificate"),
            "path": text("path"),
            "url": text("page"),
            "version": text("protocol version"),
            "store": text("root store"),
            "origin": text("origin"),
            "hop": text("redirect step"),
            "library": text("library"),
            "software": text("software"),
            "effect": text("effect"),
            "field": text("header field"),
            "key": text("key"),
            "vulnerability": text("weakness"),
            "oddity": text("oddity"),
            "address": text("address"),
        }
        return kinds.get(kind.lower(), visible(kind)), visible(verdict.subject)

    def fact(self, verdict: Verdict) -> str:
        """What a verdict's fact means; its bare name where the report does not say."""
        spec = self.specs.get(verdict.fact)
        return self.words.text(spec.doc) if spec and spec.doc else verdict.fact

    def score(self, score: Score) -> str:
        """`B · 82`, or a dash where the policy gives no number."""
        if score.value is None:
            return "–"
        number = self.words.number(score.value)
        return f"{visible(score.grade)} · {number}" if score.grade else number

    def reason(self, reason: str) -> Reason:
        """Why rules could not be judged, by the reason of their findings."""
        text = self.words.text
        title = self.words.absence(Absence(reason)) if reason in list(Absence) else text("reason not recorded")
        said, advice = {
            "unreachable": (
                text("The name has no address, or no route leads there."),
                text("Check the name in DNS and that the server is switched on, then scan again."),
            ),
            "refused": (
                text("The server refused or broke off the connection."),
                text("Check that the service is running and that no firewall turns the scanner away, then scan again."),
            ),
            "timeout": (
                text("The server gave no complete answer within the time allowed."),
                text("Check the load of the server, then scan again at a quieter hour."),
            ),
            "malformed": (
                text("The answer broke its own protocol so badly that it could not be read."),
                text("Show the technical details to whoever runs the server; a proxy in between is a common cause."),
            ),
            "not_authorised": (
                text("The authorisation at hand does not cover this examination."),
                text("Ask for a letter of assignment that names the level and the sites, and scan again with it."),
            ),
            "not_assessable": (
                text(
                    "What answered was not the site itself, but a challenge, a default page or a block page. "
                    "Judging that page would say nothing about the site."
                ),
                text("Let the scanner's address pass the protection, or scan from inside the network."),
            ),
            "not_collected": (
                text("No check looked at this: it was left out of this run, or the evidence is from an older version."),
                text("Scan again with nothing left out."),
            ),
            "limited": (
                text("The examination was cut off before it was complete."),
                text("Scan again with more time or a larger budget."),
            ),
            "crashed": (
                text("The check itself failed. This is a fault of the program, not of the site."),
                text("Report it to the maintainers with the technical details."),
            ),
        }.get(reason, (text("The evidence does not decide these rules."), text("Examine them by hand.")))
        return Reason(title, said, advice)

    def _operators(self) -> Mapping[str, Callable[[str, Verdict], str]]:
        text, value, members = self.words.text, self._value, self._members
        return {
            "equals": value,
            "one_of": lambda x, _: text("one of: {values}", values=members(x)),
            "at_least": lambda x, v: text("at least {value}", value=value(x, v)),
            "at_most": lambda x, v: text("at most {value}", value=value(x, v)),
            "within_days": lambda x, _: text("no later than {days} days after the scan", days=self._number(x)),
            "beyond_days": lambda x, _: (
                text("not yet passed")
                if x == "0"
                else text("more than {days} days after the scan", days=self._number(x))
            ),
            "matches": lambda x, _: text("has the form {pattern}", pattern=x),
            "subset_of": lambda x, _: text("nothing but: {values}", values=members(x)),
            "contains_all": lambda x, _: text("has all of: {values}", values=members(x)),
            "contains_none": lambda x, _: text("has none of: {values}", values=members(x)),
        }

    def _value(self, shown: str, verdict: Verdict) -> str:
        spec = self.specs.get(verdict.fact)
        if spec is None:
            return shown
        if spec.type is bool and shown in _BOOLEANS:
            return self.words.text("yes") if _BOOLEANS[shown] else self.words.text("no")
        if spec.type is int:
            unit = self._unit(spec.unit)
            return f"{self._number(shown)} {unit}" if unit else self._number(shown)
        if spec.type is datetime:
            return self._moment(shown)
        if spec.type is tuple:
            return self._members(shown)
        return shown or self.words.text("(empty)")

    def _unit(self, unit: str) -> str:
        text = self.words.text
        known = {
            "s": text("seconds"),
            "ms": text("milliseconds"),
            "day": text("days"),
            "days": text("days"),
            "bit": text("bits"),
            "bits": text("bits"),
            "byte": text("bytes"),
            "bytes": text("bytes"),
        }
        return known.get(unit, visible(unit))

    def _number(self, shown: str) -> str:
        digits = shown.removeprefix("-")
        return self.words.number(int(shown)) if digits.isascii() and digits.isdigit() else shown

    def _moment(self, shown: str) -> str:
        try:
            moment = datetime.fromisoformat(shown)
        except ValueError:
            return shown
        return self.time(moment if moment.tzinfo else moment.replace(tzinfo=UTC))

    def _members(self, shown: str) -> str:
        inner = shown.removeprefix("[").removesuffix("]") if shown.endswith("]") else shown
        return inner or self.words.text("(none)")


def _absence(verdict: Verdict) -> Absence | None:
    """Why a verdict's fact has no value; None where it has one."""
    head = verdict.observed.partition(": ")[0]
    if (verdict.outcome is Outcome.UNKNOWN or head == Absence.NOT_OFFERED) and head in list(Absence):
        return Absence(head)
    return None


def trust(report: Report, words: Catalog) -> Notice:
    """Whether the signature can mean anything."""
    if report.signing == "trusted-key":
        return Notice(
            "plain",
            words.text("Signed with the issuer's key"),
            words.text(
                "The signature means something only after it has been checked against a root certificate "
                "that you received by another way than this report."
            ),
        )
    if report.signing == "ci":
        return Notice(
            "warn",
            words.text("Signed with the key of a pipeline"),
            words.text(
                "Whoever may change the pipeline can sign with it: no person stands behind this signature. It means "
                "something only after it has been checked against a root certificate received by another way."
            ),
        )
    return Notice(
        "bad",
        words.text("NOT TRUSTED"),
        words.text(
            "This report was signed with a key made for this one run and thrown away. It shows what was seen, "
            "but it does not prove who made it: anyone could have made it. Do not use it as official evidence."
        ),
    )


def notices(digest: Digest, words: Catalog) -> tuple[Notice, ...]:
    """What a reader must know before the numbers, gravest first."""
    return tuple(
        notice for say in (_interrupted, _coverage, _expired, _result) if (notice := say(digest, words)) is not None
    )


def severities(tally: Tally, words: Catalog) -> str:
    """`2 critical, 1 high`; empty without faults."""
    return ", ".join(
        f"{words.number(tally.failed[severity])} {words.severity(severity)}"
        for severity in BY_WEIGHT
        if tally.failed.get(severity)
    )


def _interrupted(digest: Digest, words: Catalog) -> Notice | None:
    run = digest.report.run
    if not run.interrupted:
        return None
    return Notice(
        "bad",
        words.text("The run was interrupted"),
        words.plural(
            "{n} target was not reached and is missing from this report.",
            "{n} targets were not reached and are missing from this report.",
            len(run.unreached),
        ),
    )


def _coverage(digest: Digest, words: Catalog) -> Notice | None:
    short = [c for c in digest.report.coverage if c.percent < c.minimum]
    if not short:
        return None
    return Notice(
        "bad",
        words.text("Too little was assessed"),
        " ".join(
            words.text(
                "Policy {policy}: {percent} percent of its rules could be judged, {minimum} percent are needed.",
                policy=visible(c.policy),
                percent=c.percent,
                minimum=c.minimum,
            )
            for c in short
        ),
    )


def _expired(digest: Digest, words: Catalog) -> Notice | None:
    expired = sum(f.reason == WAIVER_EXPIRED for f in digest.report.findings)
    if not expired:
        return None
    return Notice(
        "bad",
        words.text("Expired risk acceptance"),
        words.plural(
            "The approved exception for {n} finding has run out; it counts as a fault again.",
            "The approved exceptions for {n} findings have run out; they count as faults again.",
            expired,
        ),
    )


def _result(digest: Digest, words: Catalog) -> Notice:
    tally, sites = digest.tally, digest.sites
    gravest = worst(tally)
    unknown = tally[Outcome.UNKNOWN]
    if gravest is not None:
        said = words.text("By severity: {severities}.", severities=severities(tally, words))
        if len(sites) > 1:
            hit = sum(1 for site in sites if site.worst is not None)
            said += " " + words.text(
                "Sites concerned: {hit} of {sites}.", hit=words.number(hit), sites=words.number(len(sites))
            )
        return Notice(
            "bad" if gravest.rank >= Severity.HIGH.rank else "warn",
            words.plural("{n} fault found", "{n} faults found", tally[Outcome.FAIL]),
            said,
        )
    if unknown:
        return Notice(
            "warn",
            words.text("No fault found, but not everything was assessed"),
            words.plural(
                "{n} rule could not be judged. What was not seen is not known to be in order.",
                "{n} rules could not be judged. What was not seen is not known to be in order.",
                unknown,
            ),
        )
    if not tally.decided:
        return Notice("warn", words.text("Nothing was assessed"), words.text("No rule could be answered by this run."))
    if tally[Outcome.WAIVED]:
        return Notice(
            "warn",
            words.text("No fault but accepted ones"),
            words.plural(
                "{n} fault is there; a named officer has accepted its risk for a time.",
                "{n} faults are there; named officers have accepted their risks for a time.",
                tally[Outcome.WAIVED],
            ),
        )
    return Notice(
        "good",
        words.text("No fault found"),
        words.text("Every rule that applies and can be seen from outside is met."),
    )
