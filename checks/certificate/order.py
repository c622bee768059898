"""The chain as sent: whether it leads from the leaf upwards, each certificate issued by the next (RFC 8446, 4.4.2)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from cryptography import x509

from .reading import issued, read

MISSING, EXTRA, MISORDERED, DUPLICATE, ROOT = "missing", "extra", "misordered", "duplicate", "root"


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be said of a chain."""

    remarks: tuple[str, ...]
    """Of `missing`, `extra`, `misordered`, `duplicate`, `root`."""
    complete: bool
    """Whether there can be no more to remark."""


def order(chain: Sequence[bytes], *, led_to_a_root: bool) -> Order:
    """How the certificates of a chain (DER, leaf first) follow each other.

    `extra` has issued none of those above the leaf, nor the leaf; `misordered` has issued none of those before it;
    `root` is self-signed, and of no use to anybody; `missing` is the issuer of a leaf sent alone. Where a chain ends in
    an authority of which no store knows the issuer (`led_to_a_root` is false), that may be a private root, which need
    not be sent, or another authority, which must: then the remarks are not complete.
    """
    distinct = tuple(dict.fromkeys(chain))
    sent = [item for item in map(read, distinct) if isinstance(item, x509.Certificate)]
    remarks = {DUPLICATE} if len(distinct) < len(chain) else set()
    if len(sent) < len(distinct):
        return Order(tuple(remarks), complete=False)
    signed = {at: {below for below in range(len(sent)) if issued(sent[at], sent[below])} for at in range(len(sent))}
    path = _path(signed)
    if len(path) < len(sent):
        remarks.add(EXTRA)
    if any(not any(below < at for below in signed[at] & path) for at in path - {0}):
        remarks.add(MISORDERED)
    roots = {at for at in path if at in signed[at]}
    if roots - {0}:
        remarks.add(ROOT)
    ends = bool(roots) or led_to_a_root
    if not ends and path == {0}:
        remarks.add(MISSING)
    return Order(tuple(sorted(remarks)), complete=ends or MISSING in remarks)


def _path(signed: Mapping[int, set[int]]) -> set[int]:
    """The leaf, its issuers, theirs, and so on; several of one name and key where they are cross-signed."""
    path = {0}
    while more := {at for at, below in signed.items() if below & path} - path:
        path |= more
    return path
