"""Which names a certificate speaks for (RFC 9525): subjectAltName alone, never the common name."""

from collections.abc import Iterable
from ipaddress import IPv4Address, IPv6Address, ip_address

from cryptography import x509

from ..http.suffixes import is_listed


def presented(certificate: x509.Certificate) -> tuple[str, ...]:
    """The dNSName and iPAddress entries as text, in their order; none without the extension.

    Raises:
        ValueError: the extension cannot be read.
    """
    return tuple(str(name.value) for name in _entries(certificate) if isinstance(name, x509.DNSName | x509.IPAddress))


def matches(host: str, certificate: x509.Certificate) -> bool:
    """Whether an entry stands for `host`, an A-label name or an IP literal.

    An address is matched by an equal iPAddress only (RFC 9525, section 6.4); a name by a dNSName label by label,
    regardless of case, `*` standing for exactly one whole left-most label (section 6.3).

    Raises:
        ValueError: the extension cannot be read.
    """
    entries = _entries(certificate)
    try:
        address = ip_address(host)
    except ValueError:
        wanted = _labels(host)
        return any(isinstance(name, x509.DNSName) and _covers(_labels(name.value), wanted) for name in entries)
    return any(isinstance(name, x509.IPAddress) and name.value == address for name in entries)


def by_wildcard(host: str, certificate: x509.Certificate) -> bool:
    """Whether it is a wildcard alone that stands for a name.

    Raises:
        ValueError: the extension cannot be read.
    """
    wanted = _labels(host)
    entries = [_labels(name.value) for name in _entries(certificate) if isinstance(name, x509.DNSName)]
    return wanted not in entries and any(_covers(entry, wanted) for entry in entries)


def internal(certificate: x509.Certificate) -> tuple[str, ...]:
    """Entries that no public authority may certify (CA/Browser Forum, Baseline Requirements, section 4.2.2).

    Those are addresses that are not public (RFC 6890), names of one label, and names under no suffix of the Public
    Suffix List.

    Raises:
        ValueError: the extension cannot be read.
    """
    return tuple(str(name.value) for name in _entries(certificate) if _is_internal(name))


def _is_internal(name: x509.GeneralName) -> bool:
    match name:
        case x509.IPAddress(value=IPv4Address() | IPv6Address() as address):
            return not address.is_global
        case x509.DNSName(value=value):
            plain = value.removeprefix("*.").rstrip(".").lower()
            return "." not in plain or not is_listed(plain)
        case _:
            return False


def _entries(certificate: x509.Certificate) -> Iterable[x509.GeneralName]:
    try:
        return certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return ()


def _covers(pattern: list[str], wanted: list[str]) -> bool:
    if pattern[0] == "*" and len(pattern) > 1:
        return len(pattern) == len(wanted) and pattern[1:] == wanted[1:]
    return pattern == wanted


def _labels(name: str) -> list[str]:
    return name.lower().split(".")
