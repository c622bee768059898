"""Small facts, rules and observations to judge."""

from collections.abc import Iterable
from datetime import UTC, datetime

from auditor.model import (
    Absent,
    Assertion,
    Attestation,
    Condition,
    Covered,
    Fact,
    FactSpec,
    Finding,
    Observation,
    Policy,
    Rule,
    Severity,
    Target,
    Text,
    Waiver,
)
from auditor.policy import judge

AT = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
TARGET = Target("https", "contoh.go.id", 443)

SPECS: dict[str, FactSpec] = {
    "tls.offered": FactSpec(bool, "TLS is offered"),
    "tls.versions": FactSpec(tuple, "Versions offered"),
    "tls.vulnerable": FactSpec(bool, "Vulnerable", subject="vulnerability"),
    "cert.not_after": FactSpec(datetime, "End of validity", subject="position"),
    "cert.lifetime_days": FactSpec(int, "Lifetime", unit="days", subject="position"),
    "cert.key_type": FactSpec(str, "Type of the key", subject="position"),
    "cert.key_bits": FactSpec(int, "Size of the key", subject="position"),
    "http.reachable": FactSpec(bool, "Answers"),
    "http.server": FactSpec(str, "Server"),
    "http.hsts.max_age": FactSpec(int, "max-age", unit="s"),
    "http.hsts.preloaded": FactSpec(bool, "Preloaded"),
    "http.cookie.session": FactSpec(bool, "Session cookie", subject="cookie"),
    "http.cookie.secure": FactSpec(bool, "Secure", subject="cookie"),
    "http.cookie.http_only": FactSpec(bool, "HttpOnly", subject="cookie"),
}

Item = Fact | Absent | Covered


def observe(*items: Item, check: str = "check", target: Target = TARGET, at: datetime = AT) -> Observation:
    return Observation(
        target.url,
        check,
        at,
        0,
        tuple(item for item in items if isinstance(item, Fact)),
        tuple(item for item in items if isinstance(item, Absent)),
        tuple(item.fact for item in items if isinstance(item, Covered)),
    )


def says(**facts: tuple[str, bool | int | str | tuple[str, ...]]) -> Condition:
    """`says(tls__offered=("equals", True))`; for `[selector]` use `Assertion` itself."""
    return Condition(tuple(Assertion(name.replace("__", "."), *said) for name, said in facts.items()))


def rule(require: Condition | None = None, when: Condition | None = None, **more: object) -> Rule:
    known = {"id": "R-1", "title": Text("Aturan", "Rule"), "severity": Severity.HIGH}
    conditions = {"when": when or Condition(), "require": require or Condition()}
    return Rule(**(known | conditions | more))  # type: ignore[arg-type]


def policy(*rules: Rule, **more: object) -> Policy:
    return Policy("contoh", "1", Text("Contoh", "Example"), rules, **more)  # type: ignore[arg-type]


def findings(
    judged: Rule,
    observations: Iterable[Observation],
    waivers: tuple[Waiver, ...] = (),
    attestations: tuple[Attestation, ...] = (),
    at: datetime = AT,
    target: Target = TARGET,
) -> Finding:
    """The one finding of one rule about one target."""
    (found,) = judge(list(observations), SPECS, [policy(judged)], waivers, attestations, at, [target])
    return found


def finding(judged: Rule, *items: Item) -> Finding:
    """The one finding of a rule about what one check said."""
    return findings(judged, [observe(*items)])
