"""The one way out: polite, guarded, capped, memoised."""

from auditor.net.connection import CONNECTION_REFUSED
from auditor.net.conversations import Ask
from auditor.net.network import Network
from auditor.net.pace import Neighbours
from auditor.net.tape import Tape
from auditor.net.wire import Field, Handshake, Limits, Reply, Response, Visit

__all__ = [
    "CONNECTION_REFUSED",
    "Ask",
    "Field",
    "Handshake",
    "Limits",
    "Neighbours",
    "Network",
    "Reply",
    "Response",
    "Tape",
    "Visit",
]
