"""Connections to a name's addresses: which one is used, and which are known to be dead."""

import socket
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock
from typing import TypeVar

from auditor.errors import Unobserved
from auditor.model import Absence
from auditor.net.connection import dial
from auditor.net.deadline import Deadline, after

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Path:
    """Addresses of one name in the order to try them, and the TCP port."""

    addresses: tuple[str, ...]
    port: int


class Unconnected(Unobserved):
    """No TCP connection: another address of the same name may do better."""


class Dialler:
    """Opens TCP connections for one target. Safe among threads."""

    def __init__(self) -> None:
        self.connections = 0
        """TCP connections tried."""
        self._lock = Lock()
        self._chosen: dict[Path, str] = {}
        self._dead: dict[Path, Unobserved] = {}

    def at_first(self, path: Path, use: Callable[[str, int], T]) -> T:
        """Run `use(address, addresses left)` at the first address that takes a connection, and stay with that.

        Where none does, that is remembered: a dead side costs one deadline, not one for each request.

        Raises:
            Unobserved: what `use` raised at the address that was used, or at the last one.
        """
        if gap := self._dead.get(path):
            raise Unobserved(gap.reason, gap.detail)
        chosen = self._chosen.get(path)
        candidates = (chosen,) if chosen else path.addresses
        for left, address in zip(range(len(candidates), 0, -1), candidates, strict=True):
            try:
                result = use(address, left)
            except Unconnected as gap:
                if left > 1:
                    continue
                if not chosen and gap.reason is not Absence.LIMITED:
                    self._dead[path] = gap
                raise Unobserved(gap.reason, gap.detail) from None
            except Unobserved:
                self._chosen[path] = address
                raise
            self._chosen[path] = address
            return result
        raise Unobserved(Absence.UNREACHABLE, "no address")

    def chosen(self, path: Path) -> str:
        """The address that is used; empty before there is one."""
        return self._chosen.get(path, "")

    def count(self, connections: int) -> None:
        """Count connections that were tried elsewhere."""
        with self._lock:
            self.connections += connections

    def dial(self, address: str, port: int, left: int, deadline: Deadline) -> socket.socket:
        """Connect, leaving a fair share of the time to the addresses that may follow.

        Raises:
            Unconnected: with the absence.
        """
        self.count(1)
        try:
            share = deadline.left() / left
            return dial(address, port, min(deadline, after(share, "no connection")))
        except Unobserved as gap:
            raise Unconnected(gap.reason, gap.detail) from None
