"""`Network`: everything that a check may do on the wire, for one target."""

import time
from collections.abc import Callable, Hashable, Iterator, Sequence
from contextlib import contextmanager
from hashlib import sha256
from threading import Lock
from typing import Literal, Self, TypeVar

from auditor.errors import Unobserved
from auditor.model import Absence, Endpoint, Target
from auditor.net import address as urls
from auditor.net import guard, resolver, route, tls
from auditor.net.address import Address
from auditor.net.connection import Connection, secure
from auditor.net.conversations import Ask, Conversations
from auditor.net.cookies import Jar
from auditor.net.deadline import Budget, Deadline, after
from auditor.net.dialler import Dialler, Path
from auditor.net.exchange import Request, exchange, retry_after
from auditor.net.pace import Neighbour, Neighbours
from auditor.net.stream import BLOCK
from auditor.net.suites import iana_name
from auditor.net.tape import Tape
from auditor.net.wire import Field, Handshake, Limits, Reply, Response, Stop, Visit

T = TypeVar("T")

_REDIRECTS = (301, 302, 303, 307, 308)


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
    ) -> None:
        self.target, self.limits = target, limits
        self.roots = roots
        """Trust anchors that the operator gave, PEM or DER; nothing here verifies by them, checks may."""
        self.requests = 0
        """HTTP requests sent."""
        self._neighbours, self._resolver = neighbours, resolver
        self._tape = Tape() if tape is None else tape
        self._sides = route.sides(target)
        self._dialler = Dialler()
        self._conversations = Conversations(limits.header, self._dialler.count)
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
    ) -> Visit:
        """Fetch an absolute URL, or a path relative to the target's URL.

        Args:
            url: its host must be in the target's scope.
            method: sent as it is, without a body.
            fields: sent beside the usual ones; the same name replaces the usual one.
            follow: follow redirects, within scope, to http and https only, and carry cookies along.
            cap: most bytes of the body, decoded; the limits' own by default.

        Raises:
            Unobserved: no complete head of an answer came, for each reason there is.
        """
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
                hops.append(self._fetch(Request(address, method, sent, self.limits.body if cap is None else cap)))
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

    def _stop(self, leads_to: str, onward: Address | None) -> Stop:
        if not leads_to or (onward is None and leads_to.lower().startswith(("http:", "https:"))):
            return "bad_location"
        return "" if onward and self._in_scope(onward.host) else "out_of_scope"

    def _in_scope(self, host: str) -> bool:
        return host == self.target.host or host in self.target.scope

    def _fetch(self, request: Request) -> Response:
        def ask() -> Response:
            if self._kept >= self.limits.bodies:
                raise Unobserved(Absence.LIMITED, "the bodies kept for this target are at their cap")
            path = self._path(request.address)
            response = self._dialler.at_first(path, lambda ip, left: self._ask(request, ip, path.port, left))
            with self._lock:
                self._kept += len(response.body)
            return response

        key = ("http", request.method, request.address.url, request.fields, request.cap)
        return self._once(key, ask)

    def _ask(self, request: Request, ip: str, port: int, left: int) -> Response:
        neighbour = self._neighbours.at(ip, port)
        key = (id(self), request.address.scheme, request.address.authority)
        connection = neighbour.admit(key, self._budget, rate=self.target.rate, errors=self.limits.errors)
        with self._lock:
            self._used.add((neighbour, key))
        keep = False
        deadline = self._patience("no full answer")
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
        """Send raw bytes to the https side and read until `enough(data)`, the close, a reset, or the cap.

        Args:
            payload: the same bytes for the same question, if the answer is to be found on a tape.
            enough: told everything read so far.
            purpose: what the conversation is for; part of its name in memory and on tape.

        Raises:
            Unobserved: NOT_COLLECTED when no https side is known; TIMEOUT when it was tried twice.
        """

        def talk() -> Reply:
            return self._at_tls(lambda ip, port, left: self._talk(payload, enough, ip, port, left))

        def try_twice() -> Reply:
            try:
                return talk()
            except Unobserved as gap:
                if gap.reason is not Absence.TIMEOUT:
                    raise
            return talk()

        return self._once(("converse", purpose, sha256(payload).hexdigest()), try_twice)

    def converse_all(self, asks: Sequence[Ask]) -> tuple[Reply | Unobserved, ...]:
        """Raw conversations as `converse` holds them, several at once (`auditor.net.conversations`).

        The outcomes are in the order asked; what one of them raises stands in its place.
        """

        def talk(missing: Sequence[int]) -> Sequence[Reply | Unobserved]:
            wanted = [asks[at] for at in missing]
            try:
                return self._at_tls(lambda ip, port, _: self._talk_all(wanted, ip, port))
            except Unobserved as gap:
                return [gap] * len(wanted)

        keys = [(self.target.url, "converse", ask.purpose, sha256(ask.payload).hexdigest()) for ask in asks]
        return self._tape.each(keys, talk)

    def _talk_all(self, asks: Sequence[Ask], ip: str, port: int) -> Sequence[Reply | Unobserved]:
        neighbour = self._neighbours.at(ip, port)
        with neighbour.talks(len(asks), self._budget, errors=self.limits.errors) as most, _telling(neighbour):
            return self._conversations.hold(asks, (ip, port), most, lambda: self._patience("no full reply"))

    def _at_tls(self, use: Callable[[str, int, int], T]) -> T:
        side = self._sides.get("https")
        if side is None:
            raise Unobserved(Absence.NOT_COLLECTED, "no https side is known of this target")
        path = self._path(Address("https", self.target.host, side.port, "/"))
        return self._dialler.at_first(path, lambda ip, left: use(ip, path.port, left))

    def _shake(self, ip: str, port: int, left: int) -> Handshake:
        neighbour = self._neighbours.at(ip, port)
        with neighbour.talk(self._budget, errors=self.limits.errors), _telling(neighbour):
            deadline = self._patience("no full handshake")
            started = time.monotonic()
            connected = self._dialler.dial(ip, port, left, deadline)
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

    def _talk(self, payload: bytes, enough: Callable[[bytes], bool], ip: str, port: int, left: int) -> Reply:
        neighbour = self._neighbours.at(ip, port)
        with neighbour.talk(self._budget, errors=self.limits.errors), _telling(neighbour):
            deadline = self._patience("no full reply")
            connection = Connection(self._dialler.dial(ip, port, left, deadline), ip, deadline)
            data = bytearray()
            ended: Literal["enough", "closed", "reset", "cap"] = "closed"
            try:
                connection.send(payload, deadline)
                while block := connection.stream.some(BLOCK):
                    data += block
                    if enough(bytes(data)):
                        ended = "enough"
                        break
                    if len(data) >= self.limits.header:
                        ended = "cap"
                        break
            except Unobserved as gap:
                if gap.reason is not Absence.REFUSED:
                    raise
                ended = "reset"
            finally:
                connection.close()
            return Reply(bytes(data[: self.limits.header]), ended)

    # Addresses

    def addresses(self, host: str) -> tuple[str, ...]:
        """Addresses that sockets for a host in scope go to: resolved once, guarded, pinned.

        Raises:
            Unobserved: NOT_AUTHORISED when the host is out of scope, or its addresses are not public.
        """
        if not self._in_scope(host):
            raise Unobserved(Absence.NOT_AUTHORISED, "the host is outside the scope of the target")
        return self._path(Address(self.target.scheme, host, self.target.port, "/")).addresses

    def _path(self, address: Address) -> Path:
        goes_to, named = route.endpoint(self._sides, address)

        def look_up() -> tuple[str, ...]:
            found = resolver.resolve(goes_to.host, self._patience("no address"), self._resolver)
            return found if named else guard.admit(goes_to.host, found)

        return Path(self._once(("addresses", goes_to.host, named), look_up), goes_to.port)

    def _patience(self, what: str) -> Deadline:
        return min(after(self.limits.exchange, what), self._budget.deadline)

    def _once(self, key: tuple[object, ...], make: Callable[[], T]) -> T:
        return self._tape.once((self.target.url, *key), make)


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
