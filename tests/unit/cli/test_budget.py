"""`--dry-run`: how much is asked of whom, and how long politeness makes it take."""

import re
from dataclasses import replace

from auditor.cli import budget
from auditor.model import Endpoint, FactSpec, Level, Plugin, Target
from auditor.plugins import Check

PUBLIC = Target("https", "contoh.go.id", 443)
LOCAL = replace(PUBLIC, host="uji.contoh.go.id", connect=Endpoint("127.0.0.1", 4443))
CHECK = Check(
    "x",
    {
        "x.free": FactSpec(bool, ""),
        "x.dear": FactSpec(bool, "", level=Level.STANDARD, cost=7),
        "x.dearer": FactSpec(bool, "", level=Level.ACTIVE, cost=100),
    },
    lambda *_: (),
    Plugin("g", "x", "t", "1", ""),
    "",
)


def lines(*targets: Target, jobs: int = 16) -> list[str]:
    return list(budget.lines(targets, [CHECK], jobs))


def numbers(line: str) -> list[int]:
    return [int(number) for number in re.findall(r"\b\d+\b", line)]


def test_only_facts_of_the_level_that_may_run_are_counted() -> None:
    assert numbers(lines(replace(PUBLIC, level=Level.PASSIVE))[0]) == [3, 2], "3 requests, 2 a second"
    assert numbers(lines(replace(PUBLIC, level=Level.STANDARD))[0]) == [10, 5]


def test_a_local_server_waits_only_where_a_rate_was_asked_for() -> None:
    assert numbers(lines(replace(LOCAL, level=Level.STANDARD))[0]) == [10]
    assert numbers(lines(replace(LOCAL, level=Level.STANDARD, rate=5))[0]) == [10, 2]


def test_several_sites_are_summed_from_all_apart_to_all_on_one_server() -> None:
    sites = [replace(PUBLIC, host=f"situs{number}.go.id", level=Level.STANDARD) for number in range(8)]
    assert [numbers(line) for line in lines(*sites)[-2:]] == [[8, 80], [5, 40]]
    assert [numbers(line) for line in lines(*sites, jobs=2)[-2:]] == [[8, 80], [20, 40]]


def test_local_sites_are_summed_without_a_time() -> None:
    assert numbers(lines(LOCAL, replace(LOCAL, host="lain.go.id"))[-1]) == [2, 6]


def test_the_crawl_is_counted_once_for_all_who_look_at_it_and_only_where_someone_does() -> None:
    pages = {name: FactSpec(bool, "", subject="url", level=Level.STANDARD, crawl=True) for name in ("x.a", "x.b")}
    crawling = replace(CHECK, facts={**CHECK.facts, **pages})
    both = [replace(crawling, name="y"), crawling]
    site = replace(PUBLIC, level=Level.STANDARD)

    def first(target: Target) -> list[int]:
        return numbers(next(budget.lines([target], both, 16)))

    assert first(replace(site, level=Level.PASSIVE)) == [3, 2], "above the level that may run"
    assert first(site) == [3 + 7 + 7 + 100, 59]
    assert first(replace(site, pages=20)) == [3 + 7 + 7 + 20, 19]
    assert "1.017" in next(budget.lines([replace(LOCAL, level=Level.STANDARD)], both, 16))
    assert first(replace(LOCAL, level=Level.STANDARD, rate=10)) == [117, 12]
