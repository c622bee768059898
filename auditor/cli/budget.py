"""`--dry-run`: what a scan would ask of each site, and how long that takes, before anything is sent."""

from collections.abc import Iterator, Sequence

from auditor.cli.console import words
from auditor.model import Target
from auditor.net.crawl import requests as crawl_requests
from auditor.net.pace import RATE
from auditor.plugins import Check

SHARED = 3
"""What every target costs before any check asks for more: the page, the plain-http side, one handshake."""


def lines(targets: Sequence[Target], checks: Sequence[Check], jobs: int) -> Iterator[str]:
    """One line a target, and the sum of several."""
    say = words()
    costs = [_requests(target, checks) for target in targets]
    times = [_seconds(target, requests) for target, requests in zip(targets, costs, strict=True)]
    for target, requests, seconds in zip(targets, costs, times, strict=True):
        yield say.text(
            "{url}: level {level}, up to {requests} requests and TLS handshakes, {pace}",
            url=target.url,
            level=say.level(target.level),
            requests=say.number(requests),
            pace=say.text("about {seconds} s at the polite rate", seconds=say.number(seconds))
            if seconds
            else say.text("with no limit of rate at a local address"),
        )
    if len(targets) > 1:
        yield say.text(
            "{sites}: up to {requests} requests and TLS handshakes",
            sites=say.plural("{n} site", "{n} sites", len(targets)),
            requests=say.number(sum(costs)),
        )
    if len(targets) > 1 and any(times):
        yield say.text(
            "about {least} s in all; {most} s where they all share one server",
            least=say.number(max(*times, -(-sum(times) // jobs))),
            most=say.number(sum(times)),
        )


def _requests(target: Target, checks: Sequence[Check]) -> int:
    able = [check for check in checks if target.scheme in check.schemes]
    allowed = [spec for check in able for spec in check.facts.values() if spec.level.rank <= target.level.rank]
    crawled = crawl_requests(target) if any(spec.crawl for spec in allowed) else 0
    return SHARED + crawled + sum(spec.cost for spec in allowed)


def _seconds(target: Target, requests: int) -> int:
    """At the rate that holds for the target's server; 0 where none does."""
    if target.rate is None and target.stays_inside:
        return 0
    return -(-requests // (target.rate or RATE))
