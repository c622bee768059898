"""What the network brought, kept to be played again: a test's tool, never part of a bundle (it holds bodies)."""

import base64
from collections.abc import Callable, Hashable
from concurrent.futures import Future
from pathlib import Path
from threading import Lock
from typing import Any, TypeVar, cast

from auditor import canonical
from auditor.errors import Unobserved
from auditor.model import Absence
from auditor.net.crawl import Crawl, Document, Missed, Sitemap
from auditor.net.wire import Field, Handshake, Reply, Response

T = TypeVar("T")
Memory = dict[Hashable, "Future[Any]"]


class Tape:
    """Remembers the outcome of every call; safe among threads.

    A new tape records. A loaded one only plays: a call that it does not hold is NOT_COLLECTED.
    """

    def __init__(self) -> None:
        self._outcomes: Memory = {}
        self._lock = Lock()
        self._plays_only = False

    def once(self, key: tuple[Any, ...], make: Callable[[], T]) -> T:
        """The outcome of `make`, which runs once per `key`; others who ask meanwhile wait for it.

        Raises:
            Unobserved: as `make` did, each time anew; NOT_COLLECTED for what a loaded tape does not hold.
        """
        name = self._name(key)
        with self._lock:
            outcome = self._outcomes.get(name)
            mine = outcome is None
            if outcome is None:
                if self._plays_only:
                    raise Unobserved(Absence.NOT_COLLECTED, "not on the tape")
                outcome = self._outcomes[name] = Future()
        if mine:
            self._run(name, outcome, make)
        value = outcome.result()
        if isinstance(value, Unobserved):
            raise Unobserved(value.reason, value.detail)
        return cast("T", value)

    def recall(self, key: tuple[Any, ...]) -> Any:
        """The outcome kept under `key`, an `Unobserved` included; None where it is still to be made."""
        with self._lock:
            outcome = self._outcomes.get(self._name(key))
        if outcome is None:
            return Unobserved(Absence.NOT_COLLECTED, "not on the tape") if self._plays_only else None
        return outcome.result()

    def keep(self, key: tuple[Any, ...], value: Any) -> None:
        """Keep an outcome that was made."""
        outcome: Future[Any] = Future()
        outcome.set_result(value)
        with self._lock:
            self._outcomes[self._name(key)] = outcome

    def _name(self, key: tuple[Any, ...]) -> Hashable:
        """What the outcome is kept under: the key itself, or its text where that was read from a file."""
        return _text_of(key) if self._plays_only else key

    def _run(self, name: Hashable, outcome: "Future[Any]", make: Callable[[], Any]) -> None:
        try:
            outcome.set_result(make())
        except Unobserved as gap:
            outcome.set_result(gap)
        except BaseException as error:
            with self._lock:
                del self._outcomes[name]
            outcome.set_exception(error)
            raise

    def save(self, path: Path) -> None:
        """Write what was recorded, one call a line."""
        with self._lock:
            done = {_text_of(key): outcome.result() for key, outcome in self._outcomes.items() if outcome.done()}
        path.write_bytes(
            b"".join(canonical.encode([name, *_pack(value)]) + b"\n" for name, value in sorted(done.items()))
        )

    @classmethod
    def load(cls, path: Path) -> "Tape":
        """A tape that plays what was saved.

        Raises:
            auditor.canonical.DecodeError: the file is no tape.
        """
        tape = cls()
        for line in path.read_bytes().splitlines():
            name, kind, plain = canonical.load_json(line)
            outcome: Future[Any] = Future()
            outcome.set_result(_unpack(kind, plain))
            tape._outcomes[name] = outcome
        tape._plays_only = True
        return tape


def _text_of(key: Any) -> str:
    return canonical.encode(list(key)).decode("utf-8", "surrogatepass")


def _pack(value: Any) -> tuple[str, Any]:  # noqa: PLR0911 - one line a kind of value
    match value:
        case Unobserved():
            return "unobserved", [value.reason, value.detail]
        case Response():
            return "response", _pack_response(value)
        case Crawl():
            plain = {name: getattr(value, name) for name in Crawl.__slots__}
            return "crawl", plain | {"documents": [_pack_document(item) for item in value.documents]}
        case Handshake():
            plain = {name: getattr(value, name) for name in Handshake.__slots__}
            return "handshake", plain | {"chain": [_text(item) for item in value.chain]}
        case Reply():
            return "reply", [_text(value.data), value.ended]
        case (Reply(), *_):
            return "replies", [[_text(reply.data), reply.ended] for reply in value]
        case _:
            return "addresses", value


def _unpack(kind: str, plain: Any) -> Any:  # noqa: PLR0911 - the same
    match kind:
        case "unobserved":
            return Unobserved(Absence(plain[0]), plain[1])
        case "response":
            return _unpack_response(plain)
        case "crawl":
            return _unpack_crawl(plain)
        case "handshake":
            return Handshake(**plain | {"chain": tuple(_bytes(item) for item in plain["chain"])})
        case "reply":
            return Reply(_bytes(plain[0]), plain[1])
        case "replies":
            return tuple(Reply(_bytes(data), ended) for data, ended in plain)
        case "addresses":
            return tuple(plain)
    raise canonical.DecodeError(f"{kind!r:.40} is on no tape of ours")


def _pack_response(value: Response) -> dict[str, Any]:
    return {name: getattr(value, name) for name in Response.__slots__} | {"body": _text(value.body)}


def _unpack_response(plain: Any) -> Response:
    fields = tuple(Field(**item) for item in plain["fields"])
    return Response(**plain | {"body": _bytes(plain["body"]), "fields": fields, "faults": tuple(plain["faults"])})


def _pack_document(value: Document) -> dict[str, Any]:
    plain = {name: getattr(value, name) for name in Document.__slots__}
    return plain | {"head": _pack_response(value.head), "packed": _text(value.packed)}


def _unpack_crawl(plain: Any) -> Crawl:
    documents = (
        item | {"head": _unpack_response(item["head"]), "packed": _bytes(item["packed"]), "links": tuple(item["links"])}
        for item in plain["documents"]
    )
    sitemaps = (Sitemap(**item | {"locations": tuple(item["locations"])}) for item in plain["sitemaps"])
    missed = (Missed(**item | {"reason": Absence(item["reason"])}) for item in plain["missed"])
    return Crawl(
        **plain
        | {
            "documents": tuple(Document(**item) for item in documents),
            "sitemaps": tuple(sitemaps),
            "missed": tuple(missed),
            "traps": tuple(plain["traps"]),
            "reason": None if plain["reason"] is None else Absence(plain["reason"]),
        }
    )


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode()


def _bytes(text: str) -> bytes:
    return base64.b64decode(text)
