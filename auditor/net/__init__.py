"""The one way out: polite, guarded, capped, memoised."""

from auditor.net.connection import CONNECTION_REFUSED
from auditor.net.crawl import Crawl, Document, Missed, Sitemap, shown
from auditor.net.exchange import AGENT
from auditor.net.network import Confide, Network
from auditor.net.pace import CONVERSATIONS, Neighbours
from auditor.net.script import Ask, Dialogue, Script, Series, Turn
from auditor.net.tape import Tape
from auditor.net.wire import Field, Handshake, Limits, Reply, Response, Visit

__all__ = [
    "AGENT",
    "CONNECTION_REFUSED",
    "CONVERSATIONS",
    "Ask",
    "Confide",
    "Crawl",
    "Dialogue",
    "Document",
    "Field",
    "Handshake",
    "Limits",
    "Missed",
    "Neighbours",
    "Network",
    "Reply",
    "Response",
    "Script",
    "Series",
    "Sitemap",
    "Tape",
    "Turn",
    "Visit",
    "shown",
]
