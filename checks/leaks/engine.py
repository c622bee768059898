"""Many patterns over one buffer at once.

What is found is defined without any engine: for each pattern, the matches that `re.finditer` gives over the whole
buffer. Hyperscan only says where those can be; the pattern itself then decides within that window. Without hyperscan
each pattern is gated by a literal that each of its matches holds, and finds exactly the same, more slowly.

Why that is the same: a `core` is a regular expression in the sense of both engines, of at most `WINDOW` bytes, and a
match of the whole pattern (core between its two guards) is a match of the loose one. Hyperscan reports the end of every
match of that, at most one byte behind the core, so every match lies in the `WINDOW` + 1 bytes before a reported end.
Windows that touch are one; `re` is started at its beginning, sees what stands before it, and is shown `WINDOW` bytes
more than it needs behind it.
"""

import hashlib
import hmac
import os
import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from importlib.util import find_spec
from itertools import islice
from pathlib import Path
from typing import Any

WINDOW = 1_024
"""The longest match of a core, in bytes."""
_GUARD = 16
"""More bytes than the guards of a pattern look at."""


@dataclass(frozen=True, slots=True)
class Pattern:
    """One thing to look for. `before` and `after` are look-arounds of at most sixteen bytes, for `re` alone.

    `lead` and `trail` are what these imply in words that hyperscan understands; each may take one byte beside the core.
    """

    id: str
    core: str
    before: str = ""
    after: str = ""
    lead: str = ""
    trail: str = ""
    literals: tuple[str, ...] = ()
    """Lower-case texts of which every match holds one, whatever its case; none: the gate is always open."""
    caseless: bool = False

    @property
    def whole(self) -> str:
        """The pattern as `re` decides it."""
        return f"{self.before}(?:{self.core}){self.after}"

    @property
    def loose(self) -> str:
        """The pattern as hyperscan takes it: matches wherever the whole one does, and elsewhere."""
        return f"{self.lead}(?:{self.core}){self.trail}"


@dataclass(frozen=True, slots=True)
class Match:
    """Where a pattern was found, and where in it the value stands: group 1, or all of it."""

    pattern: int
    start: int
    end: int
    value: tuple[int, int]


@dataclass(slots=True)
class Matcher:
    """Patterns compiled. `fast` says whether hyperscan does the looking."""

    patterns: tuple[Pattern, ...]
    fast: bool
    _decide: tuple[re.Pattern[bytes], ...]
    _database: Any = field(default=None, repr=False)

    def find(self, buffer: bytes, most: int = sys.maxsize) -> list[Match]:
        """The first `most` matches of each pattern, by pattern and then by place."""
        found = self._windows(buffer) if self.fast else self._gated(buffer)
        return [_match(number, match) for number, matches in found for match in islice(matches, most)]

    def _gated(self, buffer: bytes) -> Iterator[tuple[int, Iterator[re.Match[bytes]]]]:
        lowered = buffer.lower()
        for number, pattern in enumerate(self.patterns):
            if not pattern.literals or any(literal.encode() in lowered for literal in pattern.literals):
                yield number, self._decide[number].finditer(buffer)

    def _windows(self, buffer: bytes) -> Iterator[tuple[int, Iterator[re.Match[bytes]]]]:
        windows: list[list[list[int]]] = [[] for _ in self.patterns]

        def report(number: int, _start: int, end: int, _flags: int, _context: object) -> None:
            spans = windows[number]
            if spans and end - spans[-1][1] <= WINDOW:
                spans[-1] = [min(end - WINDOW - 1, spans[-1][0]), max(end, spans[-1][1])]
            else:
                spans.append([end - WINDOW - 1, end])

        self._database.scan(buffer, match_event_handler=report)
        for number, spans in enumerate(windows):
            if spans:
                yield number, _within(self._decide[number], buffer, spans)


def _within(decide: re.Pattern[bytes], buffer: bytes, spans: list[list[int]]) -> Iterator[re.Match[bytes]]:
    for start, end in spans:
        for found in decide.finditer(buffer, max(0, start), min(len(buffer), end + WINDOW + _GUARD)):
            if found.start() >= end:
                break
            yield found


def _match(number: int, found: re.Match[bytes]) -> Match:
    group = 1 if found.re.groups and found.start(1) >= 0 else 0
    return Match(number, found.start(), found.end(), found.span(group))


def matcher(patterns: Sequence[Pattern], cache: Path | None = None, *, fast: bool | None = None) -> Matcher:
    """Compile patterns.

    Args:
        patterns: in the order that matches name them by.
        cache: folder for compiled databases; None compiles anew.
        fast: whether hyperscan is used; by default where it is installed.
    """
    wanted = find_spec("hyperscan") is not None if fast is None else fast
    decide = tuple(re.compile(p.whole.encode(), _flags(p)) for p in patterns)
    database = _database(patterns, cache) if wanted else None
    return Matcher(tuple(patterns), wanted, decide, database)


def _flags(pattern: Pattern) -> int:
    return re.DOTALL | (re.IGNORECASE if pattern.caseless else 0)


def _database(patterns: Sequence[Pattern], cache: Path | None) -> Any:
    import hyperscan  # noqa: PLC0415 - not on every platform

    name = _digest(patterns, hyperscan)
    if cache and (stored := _stored(cache, name)):
        loaded = hyperscan.loadb(stored, mode=hyperscan.HS_MODE_BLOCK)
        loaded.scratch = hyperscan.Scratch(loaded)
        return loaded
    database = hyperscan.Database(mode=hyperscan.HS_MODE_BLOCK)
    database.compile(
        expressions=[p.loose.encode() for p in patterns],
        ids=list(range(len(patterns))),
        elements=len(patterns),
        flags=[hyperscan.HS_FLAG_DOTALL | (hyperscan.HS_FLAG_CASELESS if p.caseless else 0) for p in patterns],
    )
    if cache:
        _store(cache, name, hyperscan.dumpb(database))
    return database


def _digest(patterns: Sequence[Pattern], library: Any) -> str:
    text = repr([(p.loose, p.caseless) for p in patterns]) + str(library.__version__) + repr(os.uname().machine)
    return hashlib.sha256(text.encode()).hexdigest()


# A database is a program that a C library runs unchecked, so it is believed only with a tag under a key that nobody
# but this user can read, in a folder that nobody else can write.


def _stored(cache: Path, name: str) -> bytes | None:
    try:
        if not _is_own(cache):
            return None
        data = (cache / name).read_bytes()
        tag, content = data[:32], data[32:]
        return content if hmac.compare_digest(tag, _tag(cache, name, content)) else None
    except OSError:
        return None


def _store(cache: Path, name: str, content: bytes) -> None:
    try:
        cache.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not _is_own(cache):
            return
        made = cache / f".{name}.{os.getpid()}"
        made.write_bytes(_tag(cache, name, content) + content)
        made.replace(cache / name)
    except OSError:
        return  # a cache that cannot be kept costs time, nothing else


def _is_own(cache: Path) -> bool:
    state = cache.lstat()
    return cache.is_dir() and not cache.is_symlink() and state.st_uid == os.getuid() and not state.st_mode & 0o022


def _tag(cache: Path, name: str, content: bytes) -> bytes:
    file = cache / "key"
    try:
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        pass
    else:
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(os.urandom(32))
    state = file.lstat()
    if state.st_uid != os.getuid() or state.st_mode & 0o077 or len(key := file.read_bytes()) != 32:
        raise OSError("the key of the cache is not ours alone")
    return hmac.new(key, name.encode() + b"\0" + content, hashlib.sha256).digest()
