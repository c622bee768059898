"""Whole audits against every hostile server: none ends in a pass that nothing supports, in a crash, or late."""

import time
from concurrent.futures import ThreadPoolExecutor
from functools import cache

from auditor import evidence, facts, plugins
from auditor.mask import Masker
from auditor.model import Absence, Endpoint, FactSpec, Finding, Level, Observation, Outcome, Target
from auditor.net import Limits, Neighbours, Network
from auditor.plugins import Check
from auditor.policy import LoadedPolicy, judge, load
from auditor.scan import now, run, scan
from tests.wire.hostile import CASES, Case, serving, target_of

LIMITS = Limits(exchange=0.5, target=3.0)
SEEN_OVER_HTTP = ("http.", "exposure.")


@cache
def checks() -> tuple[Check, ...]:
    return plugins.load_checks()


@cache
def specs() -> dict[str, FactSpec]:
    return facts.union(checks())


@cache
def baseline() -> LoadedPolicy:
    return load("baseline", specs())


def judged(observations: tuple[Observation, ...], target: Target) -> tuple[Finding, ...]:
    stored = evidence.read(evidence.write(observations, Masker(None)), specs())
    return judge(stored, specs(), (baseline().policy,), (), (), now(), (target,))


def test_no_hostile_server_is_passed_by_a_whole_audit() -> None:
    neighbours = Neighbours()
    wrong: dict[str, str] = {}

    def audit(case: Case, endpoint: Endpoint) -> None:
        target = target_of(case, endpoint)
        started = time.monotonic()
        seen = scan(target, checks(), lambda t: Network(t, neighbours=neighbours, limits=LIMITS))
        took = time.monotonic() - started
        crashed = {gap.fact: gap.detail for o in seen for gap in o.absent if gap.reason is Absence.CRASHED}
        passed = [f for f in judged(seen, target) if f.outcome is Outcome.PASS]
        if took > 2 * LIMITS.target + 1:  # the crawl has as much again
            wrong[case.name] = f"took {took:.1f} s"
        elif crashed:
            wrong[case.name] = f"crashed: {crashed}"
        elif isinstance(case.expected, Absence):
            unfounded = [f.rule for f in passed for v in f.verdicts if v.fact.startswith(SEEN_OVER_HTTP)]
            if unfounded:
                wrong[case.name] = f"passed without an answer: {unfounded}"
        elif not case.expected.head_complete:
            lucky = [f.rule for f in passed for v in f.verdicts if v.fact.startswith("http.cookie.")]
            if lucky:
                wrong[case.name] = f"cookies passed on half a head: {lucky}"

    with serving(CASES) as endpoints, ThreadPoolExecutor(32) as pool:
        for outcome in [pool.submit(audit, case, endpoints[case.name]) for case in CASES]:
            outcome.result()
    assert wrong == {}


class _Broken:
    """A network on which everything fails in one way, or breaks with a bug of ours."""

    https, http, roots = "https://contoh.go.id/", "http://contoh.go.id/", ()

    def __init__(self, error: Exception) -> None:
        self._error = error

    def __getattr__(self, name: str) -> object:
        def fail(*_: object, **__: object) -> None:
            raise self._error

        return fail


def test_every_absence_and_every_bug_leaves_every_rule_unpassed() -> None:
    from auditor.errors import Unobserved  # noqa: PLC0415 - named beside its use

    target = Target("https", "contoh.go.id", 443, level=Level.ACTIVE, scope=("contoh.go.id",))
    errors: list[Exception] = [
        Unobserved(reason, "injected") for reason in Absence if reason is not Absence.NOT_OFFERED
    ]
    errors += [
        ValueError("x"),
        KeyError("x"),
        AttributeError("x"),
        RecursionError(),
        MemoryError(),
        OSError("x"),
        TypeError(),
    ]
    for error in errors:
        seen = tuple(run(check, target, _Broken(error)) for check in checks())
        about = scan(target, (), lambda _: Network(target, neighbours=Neighbours()))
        passed = [f.rule for f in judged((*about, *seen), target) if f.outcome is Outcome.PASS]
        assert passed == [], error
