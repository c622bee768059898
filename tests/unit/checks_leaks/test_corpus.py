"""The labelled corpus: every leak found, nothing confirmed where there is none."""

from datetime import date

import pytest

from checks.leaks.analysis import Summary, analyse
from checks.leaks.patterns import everything
from tests.corpus import Case, cases, noise

TODAY = date(2026, 11, 26)
CASES = cases()


def look(name: str, content_type: str, data: bytes) -> Summary:
    return analyse(name, content_type, data, matcher=everything(), key=bytes(32), today=TODAY)


def counted(summary: Summary) -> dict[str, int]:
    found = {kind: count.count for kind, count in summary.types.items() if count.count}
    return found | ({"children": summary.children} if summary.children else {})


def test_the_corpus_is_large_and_half_of_it_are_decoys() -> None:
    leaks = sum(case.is_leak for case in CASES)
    assert len(CASES) >= 300
    assert 0.4 < leaks / len(CASES) < 0.6


@pytest.mark.parametrize("case", [case for case in CASES if case.is_leak], ids=lambda case: case.name)
def test_what_is_there_is_found(case: Case) -> None:
    found = counted(look(case.name, case.content_type, case.data))
    assert all(found.get(kind, 0) >= count for kind, count in case.expected.items())


@pytest.mark.parametrize("case", [case for case in CASES if not case.is_leak], ids=lambda case: case.name)
def test_nothing_is_found_where_nothing_is(case: Case) -> None:
    assert counted(look(case.name, case.content_type, case.data)) == {}


def test_hostile_numbers_are_not_taken_for_citizens() -> None:
    """Ten thousand such pages are looked at by the benchmark."""
    hits = [page for page in noise(26, 300) if counted(look("halaman.html", "text/html", page))]
    assert hits == []
