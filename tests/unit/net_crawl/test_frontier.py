"""What is fetched next: breadth first, parts of a site in turn, traps last or never."""

import pytest

from auditor.net.crawl.frontier import BARREN, STRIDE, Frontier
from auditor.net.crawl.spelling import canonical

ROOT = "https://contoh.go.id/"


def filled(*references: str, depth: int = 1) -> Frontier:
    frontier = Frontier()
    for reference in references:
        address = canonical(ROOT, reference)
        assert address is not None
        frontier.add(address, depth=depth, found_on=ROOT)
    return frontier


def drained(frontier: Frontier) -> list[str]:
    found = []
    while (item := frontier.take()) is not None:
        found.append(item[0].resource)
    return found


def test_breadth_first_in_the_order_found_and_each_page_once() -> None:
    frontier = filled("/b", "/a", "/b#x", "HTTPS://contoh.go.id/%61", "/b?")
    deeper = canonical(ROOT, "/c")
    assert deeper is not None
    frontier.add(deeper, depth=0, found_on="")
    assert drained(frontier) == ["/c", "/b", "/a"]


def test_a_large_part_of_a_site_does_not_keep_a_small_one_waiting() -> None:
    news = [f"/berita/{number}" for number in range(100)]
    order = drained(filled(*news, "/unduhan/a.xlsx"))
    assert order.index("/unduhan/a.xlsx") <= STRIDE
    assert len(order) == 101, "all the same, nothing is left out"


@pytest.mark.parametrize(
    "reference",
    [
        "/a/a/a/a/b",
        "/x/y/x/y/x/y/z",
        "/" + "/".join("abcdefghijklmnopqrstuvwxyz"),
        "/?" + "&".join(f"{name}=1" for name in "abcdefghijkl"),
        "/?a=1&a=2&a=3&a=4",
    ],
)
def test_addresses_that_wind_are_traps(reference: str) -> None:
    frontier = filled(reference)
    assert drained(frontier) == []
    assert len(frontier.traps) == 1


@pytest.mark.parametrize(
    "reference",
    ["/logout.php", "/admin/hapus", "/?action=delete&id=2", "/data/delete_user?id=9", "/?logout", "/?do=remove"],
)
def test_what_could_change_something_is_not_asked_for(reference: str) -> None:
    frontier = filled(reference)
    assert drained(frontier) == []
    assert frontier.actions == 1


@pytest.mark.parametrize("reference", ["/berita/kpk-hapus-tunggakan", "/cara-delete-akun.html", "/?q=hapus+pajak"])
def test_a_word_in_a_title_is_no_action(reference: str) -> None:
    assert len(drained(filled(reference))) == 1


@pytest.mark.parametrize("reference", ["/a.jpg", "/b.CSS", "/c.woff2?v=1", "/d.mp4"])
def test_what_no_check_reads_is_left(reference: str) -> None:
    assert drained(filled(reference)) == []


@pytest.mark.parametrize(
    "name",
    [
        "/data.pdf",
        "/a.xlsx",
        "/a.xls",
        "/a.ods",
        "/a.docx",
        "/a.pptx",
        "/a.csv",
        "/a.json",
        "/a.xml",
        "/a.zip",
        "/a.js",
        "/a.js.map",
    ],
)
def test_documents_are_fetched(name: str) -> None:
    assert drained(filled(name)) == [name]


def _walk(frontier: Frontier, pages: int, words: int | None) -> list[str]:
    """Take pages; each links to the next month, and says `words`, or something new each time."""
    asked = []
    for number in range(pages):
        item = frontier.take()
        if item is None:
            break
        asked.append(item[0].resource)
        frontier.learn(item[0], number if words is None else words)
        following = canonical(ROOT, f"/kalender?bulan={number + 2}")
        assert following is not None
        frontier.add(following, depth=1, found_on=ROOT)
    return asked


def test_an_empty_calendar_is_left() -> None:
    frontier = filled("/kalender?bulan=1")
    assert len(_walk(frontier, 1_000, words=7)) == BARREN + 1
    assert len(frontier.traps) == 1


def test_a_calendar_that_says_something_is_read() -> None:
    assert len(_walk(filled("/kalender?bulan=1"), 100, words=None)) == 100


def test_endless_variations_of_one_page_wait_for_everything_else() -> None:
    frontier = filled(*(f"/produk?warna={number}" for number in range(50)))
    for _ in range(BARREN + 1):
        item = frontier.take()
        assert item is not None
        frontier.learn(item[0], 7)
    for number in range(100):
        address = canonical(ROOT, f"/berita/{number}")
        assert address is not None
        frontier.add(address, depth=9, found_on=ROOT)
    order = drained(frontier)
    assert [resource.startswith("/berita/") for resource in order] == [True] * 100 + [False] * (50 - BARREN - 1)
    assert frontier.traps
