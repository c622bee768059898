"""What a scan under way says of the time left: the pace while it means something, then the bound that is known."""

import pytest

from auditor.audit import Order
from auditor.cli.progress import Course, track
from auditor.model import Target
from auditor.net import Limits

SITES = tuple(Target("https", f"situs{number}.contoh.go.id", 443) for number in range(1, 11))


class Clock:
    def __init__(self) -> None:
        self.at = 100.0

    def __call__(self) -> float:
        return self.at


@pytest.fixture
def clock() -> Clock:
    return Clock()


def course(clock: Clock, jobs: int = 2, longest: float = 60) -> Course:
    return Course({site.url: site for site in SITES}, jobs, longest, clock)


def pass_by(found: Course, clock: Clock, count: int, seconds: float) -> None:
    for site in tuple(found.out.values())[:count]:
        clock.at += seconds
        found.arrived(site)


def test_before_the_first_site_is_done_nothing_is_promised(clock: Clock) -> None:
    found = course(clock)
    clock.at += 5
    assert (found.last, found.left) == (False, None)


def test_while_sites_wait_for_a_worker_the_pace_so_far_holds(clock: Clock) -> None:
    found = course(clock)
    pass_by(found, clock, 4, 3)
    assert (found.last, found.left) == (False, 18)


def test_once_the_last_site_has_begun_its_deadline_is_the_bound(clock: Clock) -> None:
    found = course(clock)
    pass_by(found, clock, 8, 1)
    assert (found.last, found.left) == (True, 60)
    clock.at += 10
    pass_by(found, clock, 1, 5)
    assert (found.last, found.left) == (True, 45)


def test_a_site_that_outlasts_its_bound_is_given_no_other(clock: Clock) -> None:
    found = course(clock)
    pass_by(found, clock, 9, 1)
    clock.at += 61
    assert found.left is None


def test_plain_lines_end_with_all_of_them_and_count_what_was_done_before(capsys: pytest.CaptureFixture[str]) -> None:
    order = Order(SITES, (), limits=Limits(target=60), jobs=2)
    done = [(site, b"") for site in SITES]
    assert list(track(done, order, "Memindai", saved=4, quiet=False)) == done
    assert capsys.readouterr().err == "Memindai: 10 dari 10\n"


def test_quiet_says_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    done = [(site, b"") for site in SITES]
    assert list(track(done, Order(SITES, ()), "Memindai", quiet=True)) == done
    assert capsys.readouterr() == ("", "")
