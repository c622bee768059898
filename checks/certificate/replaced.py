"""Certificates of the pages that providers show in place of blocked sites (Internet Positif): not the site's own.

Within Indonesia a resolver or a device on the way may answer for a name on the national list. What answers is then
that page, whatever name was asked for, and nothing that it does says anything about the site.
"""

from cryptography import x509
from cryptography.x509.oid import NameOID

from auditor.errors import Unobserved
from auditor.model import Absence

from . import names
from .reading import UNREADABLE, quietly, read

LABELS = frozenset({"internetpositif", "internet-positif", "trustpositif", "lamanlabuh", "internetbaik"})
"""Labels of host names that such pages have; the ministry's and the providers' own."""
DOMAINS = ("aduankonten.id", "mercusuar.uzone.id", "trust.komdigi.go.id")
"""Names that such pages live at or below."""

GAP = Unobserved(Absence.NOT_ASSESSABLE, "the certificate of a block page was shown in place of the site's")


def by_block_page(host: str, chain: tuple[bytes, ...]) -> bool:
    """Whether the chain's leaf is a block page's, and not for `host`."""
    leaf = read(chain[0]) if chain else None
    if not isinstance(leaf, x509.Certificate):
        return False
    try:
        with quietly():
            spoken_for = [*names.presented(leaf), *_common_names(leaf)]
            return any(map(_blocks, spoken_for)) and not names.matches(host, leaf)
    except UNREADABLE:
        return False


def _common_names(leaf: x509.Certificate) -> list[str]:
    return [str(each.value) for each in leaf.subject.get_attributes_for_oid(NameOID.COMMON_NAME)]


def _blocks(name: str) -> bool:
    name = name.lower().rstrip(".")
    return not LABELS.isdisjoint(name.split(".")) or any(name == each or name.endswith(f".{each}") for each in DOMAINS)
