"""Whether the DNS lets the certificate's authority issue for the host: CAA records (RFC 8659)."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from cryptography import x509
from cryptography.x509.oid import NameOID

from auditor.errors import Unobserved
from auditor.model import Absence, Absent, Collected, Covered, Fact, FactSpec, Level, Target, absent_all
from auditor.net import Network

from . import names, replaced
from .positions import LEAF, POSITION
from .presented import Chain, presentation
from .reading import UNREADABLE, certificates, quietly, read

facts = {
    "cert.caa": FactSpec(
        tuple,
        "Properties of the CAA records that hold for the host, its own or those of the nearest name above it: "
        "`issue letsencrypt.org`, `issuewild ;`, `iodef mailto:...`",
        level=Level.STANDARD,
        cost=3,
    ),
    "cert.caa_matches": FactSpec(
        bool, "Those records let the authority of this leaf issue it", subject=POSITION, level=Level.STANDARD
    ),
}

_NONE = Unobserved(Absence.NOT_OFFERED, "there are no CAA records for the name")
_ADDRESS = Unobserved(Absence.NOT_OFFERED, "an address has no CAA records")
_UNKNOWN = Unobserved(Absence.NOT_ASSESSABLE, "the name of the authority in CAA records is not known here")
_RECORD = re.compile(r'(?P<flags>\d{1,3}) (?P<tag>[A-Za-z0-9]+) "(?P<value>(?:[^"\\]|\\.)*)"')
_ESCAPE = re.compile(r"\\(\d{3}|.)")
_KNOWN_TAGS = frozenset({"issue", "issuewild", "iodef", "issuemail", "contactemail", "contactphone", "issuevmc"})
_CRITICAL = 128


@dataclass(frozen=True, slots=True)
class Property:
    """One CAA record."""

    tag: str
    value: str
    critical: bool = False


def collect(target: Target, net: Network) -> Iterable[Collected]:
    """A question to the resolver for the host and for each name above it, up to the first that has records."""
    presented = presentation(target, net)
    if any(replaced.by_block_page(target.host, chain.certificates) for chain in presented.chains):
        yield from absent_all(facts, replaced.GAP.reason, replaced.GAP.detail)
        return
    try:
        found = _ADDRESS if _is_address(target.host) else relevant(target.host, net) or _NONE
    except Unobserved as gap:
        found = gap
    if isinstance(found, Unobserved):
        yield from absent_all(facts, found.reason, found.detail)
        return
    yield Fact("cert.caa", tuple(f"{each.tag} {each.value}" for each in found))
    for chain in presented.chains:
        allowed = _allowed(found, target.host, chain)
        subject = f"{chain.prefix}{LEAF}"
        if isinstance(allowed, Unobserved):
            yield Absent("cert.caa_matches", allowed.reason, allowed.detail, subject)
        else:
            yield Fact("cert.caa_matches", allowed, subject)
    if presented.gap is not None:
        yield Absent("cert.caa_matches", presented.gap.reason, presented.gap.detail)
    else:
        yield Covered("cert.caa_matches")


def relevant(host: str, net: Network) -> tuple[Property, ...]:
    """The records that hold for a name (RFC 8659, section 3); none where there are none up to the top.

    Raises:
        Unobserved: the resolver does not answer, or a record cannot be read.
    """
    labels = host.split(".")
    for start in range(len(labels)):
        if records := net.records(".".join(labels[start:]), "CAA"):
            return tuple(map(_property, records))
    return ()


def _property(record: str) -> Property:
    match = _RECORD.fullmatch(record)
    if match is None:
        raise Unobserved(Absence.MALFORMED, "a CAA record that cannot be read")
    value = _ESCAPE.sub(lambda found: chr(int(found[1])) if len(found[1]) == 3 else found[1], match["value"])
    return Property(match["tag"].lower(), value, bool(int(match["flags"]) & _CRITICAL))


def _is_address(host: str) -> bool:
    return ":" in host or host.replace(".", "").isdecimal()


def _allowed(found: Sequence[Property], host: str, chain: Chain) -> bool | Unobserved:
    leaf = read(chain.certificates[0])
    if not isinstance(leaf, x509.Certificate):
        return Unobserved(Absence.MALFORMED, f"the certificate cannot be read: {type(leaf).__name__}")
    try:
        with quietly():
            wild = names.by_wildcard(host, leaf)
            organisations = {name for each in certificates(chain.certificates) for name in _organisations(each.issuer)}
    except UNREADABLE as error:
        return Unobserved(Absence.MALFORMED, f"the certificate cannot be read: {type(error).__name__}")
    return permitted(found, organisations, wild=wild)


def permitted(found: Sequence[Property], organisations: Iterable[str], *, wild: bool) -> bool | Unobserved:
    """Whether records let an authority issue, which goes by any of these organisations (RFC 8659, section 4).

    `wild`: the certificate is for the name by a wildcard. What cannot be told is NOT_ASSESSABLE.
    """
    if any(each.critical and each.tag not in _KNOWN_TAGS for each in found):
        return False
    wildcard = [each for each in found if each.tag == "issuewild"] if wild else []
    restricting = wildcard or [each for each in found if each.tag == "issue"]
    if not restricting:
        return True
    domains = set(filter(None, map(_domain, restricting)))
    own = {domain for name in organisations for domain in _authorities().get(name, ())}
    if domains & own:
        return True
    known = {domain for each in _authorities().values() for domain in each}
    return False if own or domains <= known else _UNKNOWN


def _domain(restriction: Property) -> str:
    """The authority's name, without parameters; empty where nobody may issue."""
    return restriction.value.partition(";")[0].strip().lower().rstrip(".")


def _organisations(name: x509.Name) -> Iterator[str]:
    return (str(each.value) for each in name.get_attributes_for_oid(NameOID.ORGANIZATION_NAME))


@cache
def _authorities() -> Mapping[str, frozenset[str]]:
    lines = files(__package__).joinpath("authorities.txt").read_text("utf-8").splitlines()
    entries = (line.split("\t") for line in lines if not line.startswith("#"))
    return {organisation: frozenset(domains.split()) for organisation, domains in entries}
