r"""The format of signatures: YAML that says where a file lies by mistake and what proves that it is there.

    schema: 1
    facts:
      exposure.env: {doc: An environment file is readable}
    signatures:
      - id: dotenv
        fact: exposure.env
        paths: [/.env, /app/.env]
        proof: {regex: ['^(APP|DB)_[A-Z]+='], distinct: 2}
        samples:
          positive: [{body: "APP_ENV=production\nDB_HOST=127.0.0.1"}]
          negative: [{body: "Setelan APP_ENV dijelaskan di sini."}]

Read strictly, by `auditor.source`: every mistake is an error with `file:line:col`.
"""

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from auditor.errors import PluginError
from auditor.model import Level
from auditor.net import Field, Response
from auditor.source import Node, listed, read, schema_one

from . import paths
from .proof import Proof, is_page

PROOF = 4_096
"""Bytes that are read of a file: enough to prove what it is, too few to take it."""
MOST_READ = 65_536
"""The most that a signature may read instead."""
HOSTS = 2
"""Hosts of others that a signature is asked of at most: buckets and databases that the scope of a target lists."""
METHODS = ("GET", "HEAD")
"""Nothing is sent but these: no body, no login, no write."""

_ID = re.compile(r"[a-z0-9][a-z0-9-]*")
_NAME = re.compile(r"[A-Za-z0-9-]+")


@dataclass(frozen=True, slots=True)
class Sample:
    """An answer that a signature must take for its file, or must not."""

    positive: bool
    answer: Response
    place: str
    """`file:line:col`."""


@dataclass(frozen=True, slots=True, eq=False)
class Signature:
    """One kind of file or page that must not be readable."""

    id: str
    fact: str
    paths: tuple[str, ...]
    proof: Proof
    method: str = "GET"
    fields: tuple[Field, ...] = ()
    bytes: int = PROOF
    rare: tuple[str, ...] = ()
    """More paths, asked for at level `active` only."""
    hosts: re.Pattern[str] | None = None
    """Asked of the hosts in the target's scope whose names match, and of no other; of `HOSTS` at most."""
    stack: str = ""
    """Asked for where the site shows this stack, or none: not where it shows another one."""
    page: bool = False
    """It is an HTML page. All others are not, whatever they hold."""
    disproof: tuple[Proof, ...] = ()
    """None of these may hold."""
    hint: Proof | None = None
    """What an unproven answer must be like to be still in doubt."""
    samples: tuple[Sample, ...] = ()

    def proves(self, answer: Response) -> bool:
        """Whether the answer is such a file for certain."""
        return (
            (self.page or not is_page(answer.body))
            and self.proof.holds(answer)
            and not any(proof.holds(answer) for proof in self.disproof)
        )

    def hints(self, answer: Response) -> bool:
        """Whether an answer that proves nothing could still be such a file."""
        return self.hint is not None and not is_page(answer.body) and self.hint.holds(answer)


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All signatures of one folder, the facts that they state, and how stacks show themselves."""

    facts: Mapping[str, str]
    """What each fact means."""
    rare: tuple[str, ...]
    """Of these, the one that says that rare paths were asked for."""
    signatures: tuple[Signature, ...]
    stacks: Mapping[str, Proof]

    def shown(self, home: Response) -> frozenset[str]:
        """The stacks that a home page shows."""
        return frozenset(name for name, proof in self.stacks.items() if proof.holds(home))

    def wanted(self, shown: frozenset[str], level: Level) -> tuple[Signature, ...]:
        """What to ask a site for: at level `active` everything.

        Below that no rare paths, and none of a stack where the site shows another one.
        """
        if level is Level.ACTIVE:
            return tuple(replace(one, paths=(*one.paths, *one.rare)) for one in self.signatures)
        return tuple(one for one in self.signatures if not one.stack or not shown or one.stack in shown)


def load(folder: Path) -> Catalogue:
    """Read every `*.yaml` of a folder.

    Raises:
        PluginError: at `file:line:col`, whatever is wrong.
    """
    tops = [
        read(path, path.name, PluginError).entries("schema", "facts", "signatures", "stacks")
        for path in sorted(folder.glob("*.yaml"))
    ]
    facts: dict[str, str] = {}
    rare: list[str] = []
    stacks: dict[str, Proof] = {}
    for top in tops:
        top.need("schema", schema_one)
        for key, node in top["facts"].mapping() if "facts" in top else ():
            if key.text() in facts:
                raise key.error("{word} stands twice", word=repr(key.text()))
            entry = node.entries("doc", "rare")
            facts[key.text()] = entry.need("doc", Node.text)
            rare += [key.text()] * entry.get("rare", Node.boolean, default=False)
        for key, node in top["stacks"].mapping() if "stacks" in top else ():
            stacks[key.text()] = read_proof(node)
    found: dict[str, Signature] = {}
    for top in tops:
        for node in top.get("signatures", Node.items, ()):
            signature = _signature(node, facts, stacks)
            if signature.rare and not rare:
                raise node.error("rare paths need a fact that says that they were asked for")
            if signature.id in found:
                raise node.error("{word} stands twice", word=repr(signature.id))
            found[signature.id] = signature
    return Catalogue(facts, tuple(rare), tuple(found.values()), stacks)


def wrong_samples(catalogue: Catalogue) -> tuple[str, ...]:
    """Where samples stand that are not told apart as they should be. For the tests of whoever writes signatures."""
    return tuple(
        f"{sample.place}: {signature.id}"
        for signature in catalogue.signatures
        for sample in signature.samples
        if signature.proves(sample.answer) is not sample.positive
    )


_KEYS = (
    "id", "fact", "paths", "rare", "hosts", "method", "fields", "bytes", "stack", "page",
    "proof", "not", "hint", "samples",
)  # fmt: skip
_PROOF_KEYS = ("status", "header", "magic", "text", "regex", "distinct", "json", "any")


def _signature(node: Node, facts: Mapping[str, object], stacks: Mapping[str, object]) -> Signature:
    entry = node.entries(*_KEYS)
    signature = Signature(
        id=entry.need("id", _matching(_ID)),
        fact=entry.need("fact", _one_of(facts, "unknown fact {word}")),
        paths=entry.need("paths", listed(_path)),
        rare=entry.get("rare", listed(_path), ()),
        proof=entry.need("proof", read_proof),
        hosts=entry.get("hosts", lambda node: re.compile(_valid(node)), None),
        method=entry.get("method", _one_of(METHODS, "unknown method {word}"), "GET"),
        fields=entry.get("fields", _fields, ()),
        bytes=entry.get("bytes", _size, PROOF),
        stack=entry.get("stack", _one_of(stacks, "unknown stack {word}"), ""),
        page=entry.get("page", Node.boolean, default=False),
        disproof=entry.get("not", listed(read_proof), ()),
        hint=entry.get("hint", read_proof, None),
        samples=entry.need("samples", _samples),
    )
    if not signature.proof.reads_content and not (signature.method == "HEAD" and signature.proof.header):
        raise entry["proof"].error("a proof needs content: a status or a field alone proves nothing")
    for path in (*entry["paths"].items(), *entry.get("rare", Node.items, ())):
        if path.text() in paths.AT_REST and signature.method != "GET":
            raise path.error("{word} is only known by GET", word=path.text())
    return signature


def read_proof(node: Node) -> Proof:
    """A proof as it is written."""
    entry = node.entries(*_PROOF_KEYS)
    if not entry.values:
        raise node.error("the value is missing")
    return Proof(
        status=frozenset(entry.get("status", listed(Node.integer), ())),
        header=entry.get("header", _headers, ()),
        magic=entry.get("magic", listed(_hex), ()),
        text=tuple(text.encode() for text in entry.get("text", listed(Node.text), ())),
        regex=entry.get("regex", listed(_regex), ()),
        distinct=entry.get("distinct", Node.integer, 1),
        json=frozenset(text.encode() for text in entry.get("json", listed(Node.text), ())),
        any=entry.get("any", listed(read_proof), ()),
    )


def _samples(node: Node) -> tuple[Sample, ...]:
    entry = node.entries("positive", "negative")
    return tuple(
        Sample(word == "positive", _answer(item), item.place)
        for word in ("positive", "negative")
        for item in entry.need(word, _not_empty)
    )


def _answer(node: Node) -> Response:
    entry = node.entries("status", "fields", "body", "hex")
    body = entry.get("hex", _hex, b"") or entry.get("body", Node.text, "").encode()
    return Response("", entry.get("status", Node.integer, 200), "", "1.1", entry.get("fields", _fields, ()), body)


def _not_empty(node: Node) -> tuple[Node, ...]:
    if not node.items():
        raise node.error("the value is missing")
    return node.items()


def _path(node: Node) -> str:
    text = node.text()
    if text in paths.AT_REST:
        return text
    for word in paths.words(text):
        if word not in paths.MOST:
            raise node.unknown("unknown word {word}", word, paths.MOST)
    if (
        not text.startswith(("/", "{base}", "{script}", "{folder}"))
        or not text.isascii()
        or re.search(r"[\s#\\]|\.\./", text)
    ):
        raise node.error("expected a path that begins with a slash, found {found}", found=text)
    return text


def _fields(node: Node) -> tuple[Field, ...]:
    return tuple(Field(_matching(_NAME)(key), value.text()) for key, value in node.mapping())


def _headers(node: Node) -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((_matching(_NAME)(key), re.compile(_valid(value), re.IGNORECASE)) for key, value in node.mapping())


def _regex(node: Node) -> re.Pattern[bytes]:
    return re.compile(_valid(node).encode(), re.MULTILINE)


def _valid(node: Node) -> str:
    try:
        re.compile(node.text())
    except re.error as problem:
        raise node.error("no regular expression: {problem}", problem=problem) from None
    return node.text()


def _hex(node: Node) -> bytes:
    try:
        return bytes.fromhex(node.text())
    except ValueError:
        raise node.error("expected hexadecimal digits, found {found}", found=node.text()) from None


def _size(node: Node) -> int:
    if not 1 <= node.integer() <= MOST_READ:
        raise node.error("{found} is out of range", found=node.integer())
    return node.integer()


def _matching(pattern: re.Pattern[str]) -> Callable[[Node], str]:
    def read_name(node: Node) -> str:
        if not pattern.fullmatch(node.text()):
            raise node.error("expected a name, found {found}", found=node.text())
        return node.text()

    return read_name


def _one_of(words: Collection[str], message: str) -> Callable[[Node], str]:
    def read_word(node: Node) -> str:
        if node.text() not in words:
            raise node.unknown(message, node.text(), words)
        return node.text()

    return read_word
