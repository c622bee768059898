"""What to fetch next: breadth first, each part of a site in its turn, endless variations last or never."""

import heapq
import re
from collections import Counter
from dataclasses import dataclass, field

from auditor.net.address import Address
from auditor.net.crawl.spelling import key, shown

DEEPEST = 64
"""Links from the home page."""
MOST_KNOWN = 50_000
"""URLs remembered."""
STRIDE = 16
"""URLs of one family that are fetched before the others have their turn."""
BARREN = 8
"""Pages of one family in a row that say nothing new, from which it counts as endless."""
_MOST_SEGMENTS = 20
_MOST_PARAMETERS = 10
_MOST_REPEATED = 3
_ENDLESS = 1_000
"""Turns that a family of variations waits for all others."""

_PICTURES = re.compile(
    r"\.(?:jpe?g|png|gif|webp|avif|bmp|ico|svgz?|tiff?|css|less|scss|woff2?|ttf|otf|eot|mp[34]|m4[av]|avi|mov|mkv|webm"
    r"|ogg|wav|flac|flv|wmv|swf|exe|msi|apk|iso|dmg|deb|rpm)\Z",
    re.IGNORECASE,
)
"""What no check reads."""
_ACTION = re.compile(
    r"(?:delete|hapus|remove|destroy|truncate|drop|logout|log-?off|sign-?out|keluar|unsubscribe)"
    r"(?:[_-]?(?:user|pengguna|data|file|berkas|berita|item|post|all|semua|akun|komentar))?(?:\.\w{2,4})?",
    re.IGNORECASE,
)
"""Names of links that a badly built site would obey without asking who comes."""
_DATES = re.compile(
    r"(?:(?:start|end|from|to|tgl|cal|ical|event|tribe|ai1ec|em)[_-]?)?"
    r"(?:date|tanggal|tgl|month|bulan|bln|year|tahun|thn|day|hari|week|minggu|yr|mo|dy|time|cal|calendar|kalender)"
    r"(?:[_-]?(?:id|num|view|start|end))?",
    re.IGNORECASE,
)
_CALENDAR = re.compile(r"calendar|kalender|agenda|jadwal|events?|acara", re.IGNORECASE)
_DATED = re.compile(r"(?:^|[/=_-])(?:19|20|21|22)\d\d[/-](?:0?[1-9]|1[0-2])(?:[/-]|\b)")


@dataclass(frozen=True, slots=True, order=True)
class _Waiting:
    turn: int
    depth: int
    number: int
    address: Address = field(compare=False)
    found_on: str = field(compare=False)


@dataclass(slots=True)
class Frontier:
    """URLs known and not fetched yet. Deterministic: the same answers give the same order."""

    waiting: list[_Waiting] = field(default_factory=list)
    known: set[str] = field(default_factory=set)
    taken: Counter[str] = field(default_factory=Counter)
    seen: dict[str, set[int]] = field(default_factory=dict)
    barren: Counter[str] = field(default_factory=Counter)
    closed: set[str] = field(default_factory=set)
    traps: dict[str, str] = field(default_factory=dict)
    """Family and the first URL beyond which it was not followed."""
    actions: int = 0
    full: bool = False

    def note(self, address: Address) -> bool:
        """Remember an address as known; False where it was."""
        name = key(address)
        if name in self.known:
            return False
        self.known.add(name)
        return True

    def add(self, address: Address, *, depth: int, found_on: str) -> None:
        """Line up an address, unless it is known, of no use, an action, or part of a trap."""
        if _PICTURES.search(address.resource.partition("?")[0]) or depth > DEEPEST:
            return
        if len(self.known) >= MOST_KNOWN:
            self.full = True
            return
        if not self.note(address):
            return
        if _acts(address):
            self.actions += 1
            return
        kind = family(address)
        if _winds(address) or kind in self.closed:
            self.traps.setdefault(kind, shown(address.url))
            return
        item = _Waiting(self._turn(kind), depth, len(self.known), address, found_on)
        heapq.heappush(self.waiting, item)

    def take(self) -> tuple[Address, int, str] | None:
        """The next address with its depth and where it was found, or None."""
        while self.waiting:
            item = heapq.heappop(self.waiting)
            kind = family(item.address)
            if kind in self.closed:
                self.traps.setdefault(kind, shown(item.address.url))
                continue
            if (turn := self._turn(kind)) > item.turn:
                heapq.heappush(self.waiting, _Waiting(turn, item.depth, item.number, item.address, item.found_on))
                continue
            self.taken[kind] += 1
            return item.address, item.depth, item.found_on
        return None

    def learn(self, address: Address, words: int) -> None:
        """Take in what a page says, as a digest of its words without numbers and dates.

        A family that goes on without saying anything new waits for all others; where its addresses are dates, it is
        a calendar and left.
        """
        kind = family(address)
        told = self.seen.setdefault(kind, set())
        self.barren[kind] = self.barren[kind] + 1 if words in told else 0
        told.add(words)
        if self.barren[kind] >= BARREN:
            self.traps.setdefault(kind, shown(address.url))
            if _is_calendar(address):
                self.closed.add(kind)

    def _turn(self, kind: str) -> int:
        return self.taken[kind] // STRIDE + (_ENDLESS if self.barren[kind] >= BARREN else 0)


def family(address: Address) -> str:
    """Addresses that one part of a site makes: host, first folder, extension and names of parameters."""
    path, _, query = address.resource.partition("?")
    segments = [segment for segment in path.split("/") if segment]
    folder = segments[0] if len(segments) > 1 else ""
    extension = path.rpartition("/")[2].rpartition(".")[2].lower() if "." in path.rpartition("/")[2] else ""
    names = ",".join(sorted({part.partition("=")[0] for part in query.split("&") if part}))
    return f"{address.host}/{re.sub(r'[0-9]+', '0', folder)}/*{extension[:5]}?{names[:200]}"


def _acts(address: Address) -> bool:
    path, _, query = address.resource.partition("?")
    values = (part.partition("=")[2] or part for part in query.split("&"))
    return any(_ACTION.fullmatch(word) for word in (*path.split("/"), *values) if word)


def _winds(address: Address) -> bool:
    """Whether the address repeats itself, as those of relative links gone wrong do."""
    path, _, query = address.resource.partition("?")
    segments = [segment for segment in path.split("/") if segment]
    names = [part.partition("=")[0] for part in query.split("&") if part]
    if len(segments) > _MOST_SEGMENTS or len(names) > _MOST_PARAMETERS:
        return True
    return any(count > _MOST_REPEATED for count in (*Counter(segments).values(), *Counter(names).values())) or _cycles(
        segments
    )


def _cycles(segments: list[str]) -> bool:
    """Whether two or more segments come three times in a row, `/a/b/a/b/a/b`."""
    for length in range(1, len(segments) // 3 + 1):
        for at in range(len(segments) - 3 * length + 1):
            part = segments[at : at + length]
            if part == segments[at + length : at + 2 * length] == segments[at + 2 * length : at + 3 * length]:
                return True
    return False


def _is_calendar(address: Address) -> bool:
    path, _, query = address.resource.partition("?")
    names = [part.partition("=")[0] for part in query.split("&") if part]
    return any(_DATES.fullmatch(name) for name in names) or (
        _DATED.search(address.resource) is not None and _CALENDAR.search(path) is not None
    )
