"""YAML that people write, read strictly and with the place of every word.

    def read_officer(node: Node) -> Officer:
        entry = node.entries("name", "contact")
        return Officer(entry.need("name", Node.text), entry.get("contact", Node.text, ""))

    top = read(Path("petugas.yaml")).entries("schema", "officers")
    officers = top.need("officers", listed(read_officer))

The reader says which type it wants; the writer's spelling never chooses one. So none of YAML's surprises exist:
`no` and `on` are words, `012`, `0x1f`, `1_000` and `12:30` are no integers, `2026-01-01` is a day only where a day
is asked for. A boolean is `true` or `false`, an integer is decimal; in quotes both are text. Refused outright:
anchors, aliases and tags (so no merge keys, no bombs), duplicate or complex keys, a second document, tabs as
indentation, other encodings than UTF-8, empty values, more than 32 levels or 4 MiB.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from difflib import get_close_matches
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeVar

import yaml

from auditor.canonical import parse_time
from auditor.errors import InputError, PolicyError

T = TypeVar("T")
D = TypeVar("D")
E = TypeVar("E", bound=StrEnum)

MAX_BYTES = 4 * 1024 * 1024
MAX_DEPTH = 32
MAX_INTEGER = 10**12

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""Only its events are used: libyaml's where PyYAML was built with it, being ten times faster.

The other one refuses a little more (`{id: Sudah?, en: Done?}` needs quotes) and reads the rest alike.
"""

_UNPRINTABLE = re.compile(r"[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")
"""What YAML forbids in a stream (YAML 1.2.2, production 1, c-printable), and a byte order mark inside it."""
_INTEGER = re.compile(r"0|-?[1-9][0-9]{0,18}")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


@dataclass(frozen=True, slots=True)
class Document:
    """A file as its errors name it, and the class of those errors."""

    name: str
    error: type[InputError] = PolicyError


@dataclass(frozen=True, slots=True)
class Node:
    """One value in a file: a scalar's source text, the items of a list, or the entries of a mapping."""

    document: Document
    line: int
    column: int
    content: "str | tuple[Node, ...] | Mapping[str, tuple[Node, Node]]"
    """Of a mapping, key and value nodes by key."""
    quoted: bool = False
    """A scalar in quotes or in a block is text whatever it looks like."""

    @property
    def place(self) -> str:
        """`file:line:col`, both counted from 1."""
        return f"{self.document.name}:{self.line}:{self.column}"

    def error(self, message: str, *, hint: str = "", **values: object) -> InputError:
        """An error of the document's class at this place."""
        return self.document.error(message, place=self.place, hint=hint, **values)

    def unknown(self, message: str, word: str, known: Iterable[str]) -> InputError:
        """An error about a `{word}` that does not exist, with the nearest one of those that do, or all of a few."""
        names = sorted(known)
        near = get_close_matches(word, names, 1)
        if near:
            return self.error(message, hint="did you mean {nearest}?", word=repr(word), nearest=near[0])
        if 0 < len(names) <= 16:
            return self.error(message, hint="there are: {known}", word=repr(word), known=", ".join(names))
        return self.error(message, word=repr(word))

    # Readers. Each raises the document's error class where the value is of another type.

    def text(self) -> str:
        """A scalar as it is written, without surrounding space; never empty."""
        text = self._scalar().strip()
        if not text or (not self.quoted and text in ("~", "null")):
            raise self.error("the value is missing")
        return text

    def integer(self) -> int:
        """A decimal integer."""
        text = self._scalar()
        if self.quoted or not _INTEGER.fullmatch(text):
            raise self.error("expected an integer, found {found}", found=self._shown)
        if abs(int(text)) > MAX_INTEGER:
            raise self.error("{found} is out of range", found=text)
        return int(text)

    def boolean(self) -> bool:
        """`true` or `false`."""
        text = self._scalar()
        if self.quoted or text not in ("true", "false"):
            raise self.error("expected true or false, found {found}", found=self._shown)
        return text == "true"

    def day(self) -> date:
        """`2026-11-22`."""
        text = self._scalar()
        try:
            if _DAY.fullmatch(text):
                return date.fromisoformat(text)
        except ValueError:
            pass
        raise self.error("expected a day such as 2026-11-22, found {found}", found=self._shown)

    def time(self) -> datetime:
        """`2026-11-22T10:00:00Z`."""
        text = self._scalar()
        try:
            return parse_time(text)
        except ValueError:
            raise self.error("expected a time such as 2026-11-22T10:00:00Z, found {found}", found=self._shown) from None

    def plain(self) -> bool | int | str:
        """A scalar of the type it looks like: `true`, `12`, or text."""
        text = self._scalar()
        if not self.quoted and text in ("true", "false"):
            return self.boolean()
        return self.integer() if not self.quoted and _INTEGER.fullmatch(text) else self.text()

    def items(self) -> "tuple[Node, ...]":
        """The items of a list, perhaps none."""
        if not isinstance(self.content, tuple):
            raise self.error(
                "expected a list, found a mapping" if self.is_mapping else "expected a list, found {found}",
                found=self._shown,
            )
        return self.content

    def mapping(self) -> "tuple[tuple[Node, Node], ...]":
        """Keys and values of a mapping whose keys are the writer's to choose, in their order."""
        if not isinstance(self.content, Mapping):
            raise self.error(
                "expected a mapping, found a list" if self.is_list else "expected a mapping, found {found}",
                found=self._shown,
            )
        return tuple(self.content.values())

    def entries(self, *keys: str) -> "Entries":
        """The entries of a mapping with these keys and no others."""
        found = {}
        for key, value in self.mapping():
            if key.text() not in keys:
                raise key.unknown("unknown key {word}", key.text(), keys)
            found[key.text()] = value
        return Entries(self, found)

    @property
    def is_list(self) -> bool:
        """Whether it is a list."""
        return isinstance(self.content, tuple)

    @property
    def is_mapping(self) -> bool:
        """Whether it is a mapping."""
        return isinstance(self.content, Mapping)

    def _scalar(self) -> str:
        if not isinstance(self.content, str):
            raise self.error(
                "expected one value, found a list" if self.is_list else "expected one value, found a mapping"
            )
        return self.content

    @property
    def _shown(self) -> str:
        """A scalar as it is quoted in errors."""
        shown = str(self.content)
        shown = shown if len(shown) <= 60 else shown[:59] + "…"
        return f'"{shown}"' if self.quoted or not shown else shown


@dataclass(frozen=True, slots=True)
class Entries:
    """A mapping of which all keys are known."""

    node: Node
    values: Mapping[str, Node]

    def __contains__(self, key: str) -> bool:
        return key in self.values

    def __getitem__(self, key: str) -> Node:
        return self.values[key]

    def need(self, key: str, read: Callable[[Node], T]) -> T:
        """The value of a key that must be there."""
        if key not in self.values:
            raise self.node.error("key {key} is missing", key=key)
        return read(self.values[key])

    def get(self, key: str, read: Callable[[Node], T], default: D) -> T | D:
        """The value of a key, or `default` where it is not there."""
        return read(self.values[key]) if key in self.values else default


def listed(read: Callable[[Node], T]) -> Callable[[Node], tuple[T, ...]]:
    """A reader of lists out of a reader of items."""
    return lambda node: tuple(read(item) for item in node.items())


def distinct(node: Node) -> tuple[str, ...]:
    """A reader of lists of text in which nothing stands twice."""
    seen: dict[str, None] = {}
    for item in node.items():
        if item.text() in seen:
            raise item.error("{word} stands twice", word=repr(item.text()))
        seen[item.text()] = None
    return tuple(seen)


def chosen(words: type[E]) -> Callable[[Node], E]:
    """A reader of one word of a closed list."""

    def read_word(node: Node) -> E:
        if node.text() not in [word.value for word in words]:
            raise node.unknown("unknown word {word}", node.text(), [word.value for word in words])
        return words(node.text())

    return read_word


def schema_one(node: Node) -> int:
    """A reader of the format's number, which is 1 in every file so far."""
    if node.integer() != 1:
        raise node.error("unknown schema {number}", hint="this version reads schema 1", number=node.integer())
    return 1


def read(source: Path | bytes, name: str = "", error: type[InputError] = PolicyError) -> Node:
    """The top of a file, or of the bytes of one. `name` is how errors call it; the path where it is left out.

    Raises:
        InputError: of class `error`; unreadable, or not YAML within the limits of this module.
    """
    document = Document(name or (str(source) if isinstance(source, Path) else "-"), error)
    data = read_bytes(source, document) if isinstance(source, Path) else source
    return _compose(_decoded(data, document), document)


def read_bytes(path: Path, document: Document) -> bytes:
    """The bytes of a file of acceptable size.

    Raises:
        InputError: of the document's class.
    """
    try:
        with path.open("rb") as file:
            return file.read(MAX_BYTES + 1)
    except FileNotFoundError:
        raise document.error("file not found", place=document.name) from None
    except (OSError, ValueError) as problem:  # ValueError: a NUL in the path
        shown = getattr(problem, "strerror", None) or str(problem)
        raise document.error("cannot be read: {problem}", place=document.name, problem=shown) from None


def _decoded(data: bytes, document: Document) -> str:
    if len(data) > MAX_BYTES:
        raise document.error("is larger than {size} MiB", place=document.name, size=MAX_BYTES // 1024**2)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        before = data[: problem.start].decode("utf-8-sig", "replace")
        raise document.error("is not UTF-8", place=_place(document, before), hint="save it as UTF-8") from None
    bad = _UNPRINTABLE.search(text)
    if bad:
        place = _place(document, text[: bad.start()])
        raise document.error("the character {code} is not allowed", place=place, code=f"U+{ord(bad[0]):04X}")
    return text


def _place(document: Document, before: str) -> str:
    line = before.count("\n") + 1
    return f"{document.name}:{line}:{len(before) - (before.rfind(chr(10)) + 1) + 1}"


@dataclass(slots=True)
class _Open:
    """A list or mapping whose end has not been reached."""

    at: Node
    is_mapping: bool
    items: list[Node] = field(default_factory=list)
    entries: dict[str, tuple[Node, Node]] = field(default_factory=dict)
    key: Node | None = None

    def add(self, node: Node) -> None:
        if not self.is_mapping:
            self.items.append(node)
        elif self.key is not None:
            self.entries[self.key.text()] = (self.key, node)
            self.key = None
        else:
            if not isinstance(node.content, str):
                raise node.error("a key must be text")
            first = self.entries.get(node.text())
            if first:
                raise node.error(
                    "key {key} stands twice", hint="first at line {line}", key=repr(node.text()), line=first[0].line
                )
            self.key = node

    def closed(self) -> Node:
        content = self.entries if self.is_mapping else tuple(self.items)
        return Node(self.at.document, self.at.line, self.at.column, content)


def _compose(text: str, document: Document) -> Node:
    try:
        return _from_events(yaml.parse(text, Loader=_LOADER), document)
    except yaml.YAMLError as error:
        mark: Any = getattr(error, "problem_mark", None)
        place = f"{document.name}:{mark.line + 1}:{mark.column + 1}" if mark else document.name
        said = getattr(error, "problem", None) or str(error)
        raise document.error("not YAML: {problem}", place=place, problem=said) from None


def _from_events(events: Iterable[Any], document: Document) -> Node:
    """Nodes out of events, without recursion: a file of brackets alone must not exhaust the stack."""
    stack: list[_Open] = []
    root: Node | None = None
    for event in events:
        at = Node(document, event.start_mark.line + 1, event.start_mark.column + 1, "")
        _refuse_extras(event, at)
        node: Node | None = None
        match event:
            case yaml.ScalarEvent():
                node = Node(document, at.line, at.column, event.value, quoted=bool(event.style))
            case yaml.CollectionStartEvent():
                stack.append(_Open(at, isinstance(event, yaml.MappingStartEvent)))
                if len(stack) > MAX_DEPTH:
                    raise at.error("nested too deeply")
            case yaml.CollectionEndEvent():
                node = stack.pop().closed()
            case yaml.DocumentStartEvent() if root is not None:
                raise at.error("a second document is not allowed")
        if node is not None and stack:
            stack[-1].add(node)
        elif node is not None:
            root = node
    if root is None or root.content == "":
        raise document.error("is empty", place=document.name)
    return root


def _refuse_extras(event: Any, at: Node) -> None:
    if isinstance(event, yaml.AliasEvent):
        raise at.error("aliases are not allowed")
    if getattr(event, "anchor", None):
        raise at.error("anchors are not allowed")
    if getattr(event, "tag", None) is not None:
        raise at.error("tags are not allowed")
