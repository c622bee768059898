"""`Network`: everything that a check may do on the wire, for one target."""

import time
from collections import deque
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from hashlib import sha256
from threading import Lock
from typing import Any, Self, TypeVar

from auditor.errors import Unobserved
from auditor.mask import Masker
from auditor.model import WEB, Absence, Endpoint, Target
from auditor.net import address as urls
from auditor.net import guard, resolver, route, tls
from auditor.net.address import Address
from auditor.net.connection import Connection, follow, secure
from auditor.net.conversations import Agenda, Conversations, Item
from auditor.net.cookies import Jar
from auditor.net.crawl import Crawl, crawler
from auditor.net.crawl import requests as crawl_requests
from auditor.net.deadline import Budget, Deadline, after
from auditor.net.dialler import Dialler, Path
from auditor.net.exchange import Request, exchange, retry_after
from auditor.net.pace import CONNECTIONS, Neighbour, Neighbours
from auditor.net.script import Ask, Dialogue, Script, Series, heard, played
from auditor.net.script import after as preceded
from auditor.net.starttls import PREFACES
from auditor.net.suites import iana_name
from auditor.net.tape import Tape
from auditor.net.wire import Field, Handshake, Limits, Reply, Response, Stop, Visit

T = TypeVar("T")

_REDIRECTS = (301, 302, 303, 307, 308)


Confide = Callable[[str, str, str, str], None]
"""Of a URL, a type of data, a place in the file, and the value."""


class Network:
    """The way out for one target: every answer a value, every failure a named absence, every call made once.

    Use it as a context manager. Safe among threads. Whatever goes out raises `auditor.errors.Unobserved` when
    there is no usable answer.
    """

    def __init__(
        self,
        target: Target,
        *,
        neighbours: Neighbours,
        limits: Limits = Limits(),  # noqa: B008 - frozen
        resolver: Endpoint | None = None,
        roots: tuple[bytes, ...] = (),
        tape: Tape | None = None,
        masker: Masker | None = None,
        confide: Confide | None = None,
    ) -> None:
        self.target, self.limits = target, limits
        self.roots = roots
        """Trust anchors that the operator gave, PEM or DER; nothing here verifies by them, checks may."""
        self.masker = Masker() if masker is None else masker
        """What checks tag personal data with: the same key for every target of a run."""
        self.confide = confide
        """Takes what the owner of the site needs to clean up, to be encrypted to him; None where nobody asked."""
        self.requests = 0
        """HTTP requests sent."""
        self._neighbours, self._resolver = neighbours, resolver
        self._tape = Tape() if tape is None else tape
        self._sides = route.sides(target)
        self._dialler = Dialler()
        self._conversations = Conversations(neighbours.conversations, limits.header, self._dialler.count)
        self._budget = Budget(limits.target)
        self._lock = Lock()
        self._kept = 0
        self._used: set[tuple[Neighbour, Hashable]] = set()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for neighbour, key in self._used:
            neighbour.hang_up(key)
        self._used.clear()

    @property
    def connections(self) -> int:
        """TCP connections tried."""
        return self._dialler.connections

    @property
    def https(self) -> str | None:
        """Root URL of the TLS side, None where none is known."""
        return self._root("https")

    @property
    def http(self) -> str | None:
        """Root URL of the plain side, None where none is known."""
        return self._root("http")

    @property
    def tls(self) -> bool:
        """Whether a side that speaks TLS is known: that of a web site, or the service itself."""
        return self._tls is not None

    @property
    def _tls(self) -> route.Side | None:
        return self._sides.get("https" if self.target.scheme in WEB else self.target.scheme)

    def _root(self, scheme: str) -> str | None:
        side = self._sides.get(scheme)
        return None if side is None else Address(scheme, self.target.host, side.port, "/").url

    # Pages

    def home(self) -> Visit:
        """The page at the target's own URL, redirects followed within scope."""
        return self.get(self.target.url, follow=True)

    def get(
        self,
        url: str,
        *,
        method: str = "GET",
        fields: tuple[Field, ...] = (),
        follow: bool = False,
        cap: int | None = None,
        at: str | None = None,
    ) -> Visit:
        """Fetch an absolute URL, or a path relative to the target's URL.

        Args:
            url: its host must be in the target's scope.
            method: sent as it is, without a body.
            fields: sent beside the usual ones; the same name replaces the usual one.
            follow: follow redirects, within scope, to http and https only, and carry cookies along.
            cap: most bytes of the body, decoded; the limits' own by default.
            at: of the host's `addresses`, the one to ask; that which took a connection first by default.

        Raises:
            Unobserved: no complete head of an answer came, for each reason there is; NOT_ASSESSABLE where the
                target is no web site.
        """
        if self.target.scheme not in WEB:
            raise Unobserved(Absence.NOT_ASSESSABLE, f"a service of {self.target.scheme} has no pages")
        address = urls.resolve(self.target.url, url)
        if address is None or not self._in_scope(address.host):
            raise Unobserved(Absence.NOT_AUTHORISED, "the URL is outside the scope of the target")
        hops: list[Response] = []
        seen: set[tuple[str, str]] = set()
        jar = Jar()
        while True:
            cookies = jar.header(address)
            sent = (*fields, Field("Cookie", cookies)) if cookies else fields
            try:
                request = Request(address, method, sent, self.limits.body if cap is None else cap)
                hops.append(self._fetch(request, self._path_at(address, at) if at else None))
            except Unobserved as gap:
                if not hops or gap.reason not in (Absence.NOT_AUTHORISED, Absence.NOT_COLLECTED):
                    raise
                return Visit(tuple(hops), "not_allowed", address.url)
            seen.add((address.url, cookies))
            jar.receive(address, hops[-1].values("set-cookie"))
            location = hops[-1].first("location")
            if not follow or hops[-1].status not in _REDIRECTS or location is None:
                return Visit(tuple(hops))
            leads_to, onward = urls.follow(address.url, location)
            stop = self._stop(leads_to, onward)
            if stop or onward is None:
                return Visit(tuple(hops), stop, leads_to)
            if (onward.url, jar.header(onward)) in seen:
                return Visit(tuple(hops), "loop", leads_to)
            if len(hops) > self.limits.redirects:
                return Visit(tuple(hops), "too_many", leads_to)
            address = onward

    def call(self, url: str, *, body: bytes = b"", fields: tuple[Field, ...] = (), cap: int | None = None) -> Response:
        """Ask a service that the site names beside itself (its certificate's OCSP responder, a revocation list).

        It need not lie in scope, since it is nothing of the site's; but the site may only name addresses that are no
        less public than its own. No redirect is followed.

        Args:
            url: absolute, http or https; certificates are not verified.
            body: makes it a POST.
            fields: as of `get`, with the body's Content-Type.
            cap: as of `get`.

        Raises:
            Unobserved: as `get`; MALFORMED for no such URL, NOT_AUTHORISED for no address that the site may name.
        """
        address = urls.parse(url)
        if address is None:
            raise Unobserved(Absence.MALFORMED, "no http or https URL")
        path = self._service(address)
        kept = self.limits.body if cap is None else cap
        return self._fetch(Request(address, "POST" if body else "GET", fields, kept, body), path)

    def _service(self, address: Address) -> Path:
        def look_up() -> tuple[str, ...]:
            found = resolver.resolve(address.host, self._patience("no address"), self._resolver)
            return guard.admit_service(address.host, found, self.addresses(self.target.host))

        return Path(self._once(("service", address.host), look_up), address.port)

    def _stop(self, leads_to: str, onward: Address | None) -> Stop:
        if not leads_to or (onward is None and leads_to.lower().startswith(("http:", "https:"))):
            return "bad_location"
        return "" if onward and self._in_scope(onward.host) else "out_of_scope"

    def _in_scope(self, host: str) -> bool:
        return host == self.target.host or host in self.target.scope

    def crawl(self) -> Crawl:
        """The pages and files of the site, walked over once for every check (`auditor.net.crawl`).

        Robots.txt is honoured, the scope kept, and no more asked for than `auditor.net.crawl.requests` says.

        Raises:
            Unobserved: as `home`; what stops it later ends the crawl and is told in it.
        """
        budget, most = Budget(self.limits.target), crawl_requests(self.target)

        def fetch(address: Address, lane: int, cap: int) -> Response:
            request = Request(address, "GET", (), cap)
            return self._retrieve(request, self._path(address), budget, lane)

        def walk() -> Crawl:
            home, before = self.home(), self.requests
            unbounded = self.target.rate is None and self.target.stays_inside
            lanes = crawler.LANES if unbounded else CONNECTIONS
            found = crawler.crawl(home, fetch, self._in_scope, budget=most, limits=self.limits, lanes=lanes)
            return replace(found, requests=self.requests - before)

        return self._once(("crawl", most), walk)

    def _fetch(self, request: Request, path: Path | None = None) -> Response:
        def ask() -> Response:
            if self._kept >= self.limits.bodies:
                raise Unobserved(Absence.LIMITED, "the bodies kept for this target are at their cap")
            response = self._retrieve(request, path or self._path(request.address), self._budget)
            with self._lock:
                self._kept += len(response.body)
            return response

        key = (
            "http",
            request.method,
            request.address.url,
            request.fields,
            request.cap,
            *(path.addresses if path else ()),
        )
        return self._once((*key, sha256(request.body).hexdigest()) if request.body else key, ask)

    def _retrieve(self, request: Request, path: Path, budget: Budget, lane: int = 0) -> Response:
        """One request; those of one `lane` share a connection."""
        return self._dialler.at_first(path, lambda ip, left: self._ask(request, ip, path.port, left, budget, lane))

    def _ask(self, request: Request, ip: str, port: int, left: int, budget: Budget, lane: int) -> Response:
        neighbour = self._neighbours.at(ip, port)
        key = (id(self), request.address.scheme, request.address.authority, lane)
        connection = neighbour.admit(key, budget, rate=self.target.rate, errors=self.limits.errors)
        with self._lock:
            self._used.add((neighbour, key))
        keep = False
        deadline = min(after(self.limits.exchange, "no full answer"), budget.deadline)
        try:
            with _telling(neighbour):
                if connection is None:
                    connection = self._open(request.address, ip, port, left, deadline)
                try:
                    response, keep = self._exchange(connection, request, deadline)
                except Unobserved as gap:
                    # A kept connection may have been given up by the server just when it was used again.
                    if not connection.answers or gap.reason in (Absence.TIMEOUT, Absence.LIMITED):
                        raise
                    connection.close()
                    connection = self._open(request.address, ip, port, left, deadline)
                    response, keep = self._exchange(connection, request, deadline)
            neighbour.answered(response.status, retry_after(response), response.took_ms / 1000)
            return response
        finally:
            if connection is not None and not keep:
                connection.close()
            neighbour.give_back(key, connection if keep else None)

    def _exchange(self, connection: Connection, request: Request, deadline: Deadline) -> tuple[Response, bool]:
        with self._lock:
            self.requests += 1
        return exchange(connection, request, self.limits, deadline)

    def _open(self, to: Address, ip: str, port: int, left: int, deadline: Deadline) -> Connection:
        connected = self._dialler.dial(ip, port, left, deadline)
        if to.scheme == "https":
            connected = secure(connected, self._neighbours.contexts.http, to.host, deadline)
        return Connection(connected, ip, deadline)

    # TLS

    def handshake(self) -> Handshake:
        """One full handshake with the https side, as a browser would shake it.

        Raises:
            Unobserved: NOT_COLLECTED when no https side is known; REFUSED for an alert, a close, a reset.
        """
        return self._once(("handshake",), lambda: self._at_tls(self._shake))

    def converse(self, payload: bytes, enough: Callable[[bytes], bool], *, purpose: str) -> Reply:
        """Send raw bytes to the TLS side and read until `enough(data)`, the close, a reset, or the cap.

        Args:
            payload: the same bytes for the same question, if the answer is to be found on a tape.
            enough: told everything read so far.
            purpose: what the conversation is for; part of its name in memory and on tape.

        Raises:
            Unobserved: NOT_COLLECTED when no TLS side is known; TIMEOUT when it was tried twice.
        """
        (outcome,) = self.converse_all([Ask(payload, enough, purpose)])
        if isinstance(outcome, Unobserved):
            raise outcome
        return outcome

    def converse_all(self, asks: Sequence[Ask], address: str = "") -> tuple[Reply | Unobserved, ...]:
        """Raw conversations as `converse` holds them, several at once (`auditor.net.conversations`).

        The outcomes are in the order asked; what one of them raises stands in its place. `address` is one of
        `tls_addresses`, where it must be that one.
        """

        def single(ask: Ask) -> Series[Reply | Unobserved]:
            outcome: Reply | Unobserved = yield ask
            return outcome

        results = self.converse_along({str(at): single(ask) for at, ask in enumerate(asks)}, address)
        return tuple(results[str(at)] for at in range(len(asks)))

    def converse_along(self, series: Mapping[str, Series[T]], address: str = "") -> dict[str, T]:
        """Series of raw conversations side by side, each at its own pace; what they return, by the same names."""
        results: dict[str, T] = {}
        agenda: Agenda = deque()
        waiting: dict[tuple[str, ...], list[str]] = {}

        def advance(name: str, outcome: Any = None) -> Iterable[Item]:
            """Let a series go on to its next conversation that is not known already, as an item; none at its end."""
            while True:
                try:
                    held = series[name].send(outcome)
                except StopIteration as end:
                    results[name] = end.value
                    return ()
                key = self._name(held, address)
                outcome = _played(held, self._tape.recall(key))
                if outcome is None:
                    waiting.setdefault(key, []).append(name)
                    return () if len(waiting[key]) > 1 else (self._item(held, key, partial(resume, key)),)

        def resume(key: tuple[str, ...], outcome: Any) -> Iterable[Item]:
            """Let every series go on that waits for this conversation."""
            return [item for name in waiting.pop(key) for item in advance(name, outcome)]

        for name in series:
            agenda.extend(advance(name))
        try:
            if agenda:
                self._at_tls(lambda ip, port, _: self._talk_all(agenda, ip, port), address)
        except Unobserved as gap:
            while agenda:
                agenda.extend(agenda.popleft().tell(gap))
        return {name: results[name] for name in series}

    def _name(self, held: Ask | Dialogue, address: str) -> tuple[str, ...]:
        digest = sha256(held.payload).hexdigest() if isinstance(held, Ask) else address
        return (self.target.url, "converse", held.purpose, digest, *((address,) if address else ()))

    def _item(self, held: Ask | Dialogue, key: tuple[str, ...], resume: Callable[[Any], Iterable[Item]]) -> Item:
        replies: list[Reply] = []

        def script() -> Script[Any]:
            replies.clear()
            own = held.script() if isinstance(held, Ask) else heard(held.script(), replies)
            preface = PREFACES.get(self.target.scheme)
            return own if preface is None else preceded(preface, own)

        def tell(outcome: Any) -> Iterable[Item]:
            kept = isinstance(outcome, Unobserved) or isinstance(held, Ask)
            self._tape.keep(key, outcome if kept else tuple(replies))
            return resume(outcome)

        return Item(script, tell)

    def _talk_all(self, agenda: Agenda, ip: str, port: int) -> None:
        neighbour = self._neighbours.at(ip, port)
        with (
            neighbour.talks(self._conversations.width, self._budget, errors=self.limits.errors) as most,
            _telling(neighbour),
        ):
            self._conversations.hold(agenda, (ip, port), most, lambda: self._patience("no full reply"))

    def _at_tls(self, use: Callable[[str, int, int], T], address: str = "") -> T:
        path = self._tls_path()
        if address:
            path = Path((address,), path.port)
        return self._dialler.at_first(path, lambda ip, left: use(ip, path.port, left))

    def _tls_path(self) -> Path:
        side = self._tls
        if side is None:
            raise Unobserved(Absence.NOT_COLLECTED, "no https side is known of this target")
        return self._path(Address(side.scheme, self.target.host, side.port, "/"))

    def tls_addresses(self) -> tuple[str, ...]:
        """Addresses of the TLS side, the one that conversations go to first where one has been used.

        Raises:
            Unobserved: as `addresses`.
        """
        path = self._tls_path()
        used = self._dialler.chosen(path)
        return tuple(sorted(path.addresses, key=lambda address: address != used))

    def _shake(self, ip: str, port: int, left: int) -> Handshake:
        neighbour = self._neighbours.at(ip, port)
        with neighbour.talk(self._budget, errors=self.limits.errors), _telling(neighbour):
            deadline = self._patience("no full handshake")
            started = time.monotonic()
            connected = self._dialler.dial(ip, port, left, deadline)
            if preface := PREFACES.get(self.target.scheme):
                follow(preface(), connected, deadline)
            with secure(connected, self._neighbours.contexts.visitor, self.target.host, deadline) as secured:
                cipher = secured.cipher()
                return Handshake(
                    tls.version_of(secured),
                    iana_name(cipher[0] if cipher else ""),
                    secured.selected_alpn_protocol() or "",
                    tls.chain_of(secured),
                    ip,
                    round((time.monotonic() - started) * 1000),
                )

    # Addresses

    def addresses(self, host: str) -> tuple[str, ...]:
        """Addresses that sockets for a host in scope go to: resolved once, guarded, pinned.

        Raises:
            Unobserved: NOT_AUTHORISED when the host is out of scope, or its addresses are not public.
        """
        if not self._in_scope(host):
            raise Unobserved(Absence.NOT_AUTHORISED, "the host is outside the scope of the target")
        return self._path(Address(self.target.scheme, host, self.target.port, "/")).addresses

    def records(self, name: str, kind: str) -> tuple[str, ...]:
        """What the DNS says of an A-label name under a type, as text; none where it says nothing (`net.resolver`).

        Raises:
            Unobserved: TIMEOUT or UNREACHABLE for a resolver that does not answer; NOT_COLLECTED where sockets are
                aimed by `connect` and no resolver is named, since the public DNS knows nothing of such a place.
        """
        if self._resolver is None and (self.target.connect or self.target.connect_http):
            raise Unobserved(Absence.NOT_COLLECTED, "sockets are aimed by hand, and no resolver is named")
        return self._once(
            ("records", name, kind),
            lambda: resolver.records(name, kind, self._patience("no answer of the resolver"), self._resolver),
        )

    def _path(self, address: Address) -> Path:
        goes_to, named = route.endpoint(self._sides, address)

        def look_up() -> tuple[str, ...]:
            found = resolver.resolve(goes_to.host, self._patience("no address"), self._resolver)
            return found if named else guard.admit(goes_to.host, found)

        return Path(self._once(("addresses", goes_to.host, named), look_up), goes_to.port)

    def _path_at(self, address: Address, at: str) -> Path:
        path = self._path(address)
        return Path(tuple(known for known in path.addresses if known == at), path.port)

    def _patience(self, what: str) -> Deadline:
        return min(after(self.limits.exchange, what), self._budget.deadline)

    def _once(self, key: tuple[object, ...], make: Callable[[], T]) -> T:
        return self._tape.once((self.target.url, *key), make)


def _played(held: Ask | Dialogue, known: Any) -> Any:
    """The outcome that is known of a conversation; None where none is."""
    if known is None or isinstance(known, Unobserved) or isinstance(held, Ask):
        return known
    try:
        return played(held.script(), known)
    except Unobserved as gap:
        return gap


@contextmanager
def _telling(neighbour: Neighbour) -> Iterator[None]:
    """Let a neighbour's count of failures know how this went."""
    try:
        yield
        neighbour.reached()
    except Unobserved as gap:
        if gap.reason is not Absence.LIMITED:
            neighbour.failed()
        raise
