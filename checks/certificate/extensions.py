"""What the extensions of a certificate grant, forbid and point to (RFC 5280, section 4.2). None: it has no such one."""

from collections.abc import Iterable, Mapping
from typing import TypeVar

from cryptography import x509
from cryptography.x509.oid import AuthorityInformationAccessOID, ExtendedKeyUsageOID

T = TypeVar("T", bound=x509.ExtensionType)

PURPOSES: Mapping[str, str] = {
    "1.3.6.1.5.5.7.3.1": "serverAuth",
    "1.3.6.1.5.5.7.3.2": "clientAuth",
    "1.3.6.1.5.5.7.3.3": "codeSigning",
    "1.3.6.1.5.5.7.3.4": "emailProtection",
    "1.3.6.1.5.5.7.3.8": "timeStamping",
    "1.3.6.1.5.5.7.3.9": "OCSPSigning",
    "2.5.29.37.0": "anyExtendedKeyUsage",
}
"""Key purposes of RFC 5280, section 4.2.1.12, by object identifier."""

_SERVER = {ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.ANY_EXTENDED_KEY_USAGE}
_USAGES = {
    "digital_signature": "digitalSignature",
    "content_commitment": "nonRepudiation",
    "key_encipherment": "keyEncipherment",
    "data_encipherment": "dataEncipherment",
    "key_agreement": "keyAgreement",
    "key_cert_sign": "keyCertSign",
    "crl_sign": "cRLSign",
}


def of(certificate: x509.Certificate, kind: type[T]) -> T | None:
    """The extension of a kind.

    Raises:
        ValueError: the extensions cannot be read; so do all below.
    """
    try:
        return certificate.extensions.get_extension_for_class(kind).value
    except x509.ExtensionNotFound:
        return None


def authority(certificate: x509.Certificate) -> bool:
    """Whether it may issue certificates: basicConstraints says cA."""
    constraints = of(certificate, x509.BasicConstraints)
    return constraints is not None and constraints.ca


def path_length(certificate: x509.Certificate) -> int | None:
    """Most authorities that may stand below."""
    constraints = of(certificate, x509.BasicConstraints)
    return constraints.path_length if constraints is not None else None


def key_usage(certificate: x509.Certificate) -> tuple[str, ...] | None:
    """What the key may be used for, in the words of RFC 5280; those that go with keyAgreement are left out."""
    usage = of(certificate, x509.KeyUsage)
    return None if usage is None else tuple(name for attribute, name in _USAGES.items() if getattr(usage, attribute))


def purposes(certificate: x509.Certificate) -> tuple[str, ...] | None:
    """Purposes of the extended key usage, dotted where they have no name in RFC 5280."""
    usage = of(certificate, x509.ExtendedKeyUsage)
    return None if usage is None else tuple(PURPOSES.get(oid.dotted_string, oid.dotted_string) for oid in usage)


def for_servers(certificate: x509.Certificate) -> bool:
    """Whether the extended key usage allows for TLS servers: there is none, or it names them, or any purpose."""
    usage = of(certificate, x509.ExtendedKeyUsage)
    return usage is None or not _SERVER.isdisjoint(usage)


def for_handshakes(certificate: x509.Certificate) -> bool:
    """Whether the key usage allows for a handshake of TLS: there is none, or it names one of its ways."""
    usage = of(certificate, x509.KeyUsage)
    return usage is None or usage.digital_signature or usage.key_encipherment or usage.key_agreement


def name_constraints(certificate: x509.Certificate) -> tuple[str, ...] | None:
    """Subtrees as `permitted dns go.id`, `excluded ip 10.0.0.0/8`."""
    constraints = of(certificate, x509.NameConstraints)
    if constraints is None:
        return None
    sides = (("permitted", constraints.permitted_subtrees), ("excluded", constraints.excluded_subtrees))
    return tuple(f"{side} {_subtree(name)}" for side, names in sides for name in names or ())


def must_staple(certificate: x509.Certificate) -> bool:
    """Whether the server has to send an OCSP response with it (RFC 7633)."""
    features = of(certificate, x509.TLSFeature)
    return features is not None and x509.TLSFeatureType.status_request in features


def ocsp_urls(certificate: x509.Certificate) -> tuple[str, ...] | None:
    """Where the issuer answers OCSP requests."""
    return _access(certificate, AuthorityInformationAccessOID.OCSP)


def issuer_urls(certificate: x509.Certificate) -> tuple[str, ...] | None:
    """Where the issuer's own certificate is to be had."""
    return _access(certificate, AuthorityInformationAccessOID.CA_ISSUERS)


def crl_urls(certificate: x509.Certificate) -> tuple[str, ...] | None:
    """Where the issuer's revocation list is to be had."""
    points = of(certificate, x509.CRLDistributionPoints)
    names = () if points is None else [name for point in points for name in point.full_name or ()]
    return _urls(names) or None


def over_http(urls: Iterable[str] | None) -> tuple[str, ...]:
    """Those that can be fetched: directories (ldap) cannot."""
    return tuple(url for url in urls or () if url.lower().startswith(("http://", "https://")))


def ocsp_published(certificate: x509.Certificate) -> bool:
    """Whether it says where to ask its issuer by OCSP."""
    return bool(over_http(ocsp_urls(certificate)))


def revocation_published(certificate: x509.Certificate) -> bool:
    """Whether it says where to ask for its revocation."""
    return ocsp_published(certificate) or bool(over_http(crl_urls(certificate)))


def _access(certificate: x509.Certificate, method: x509.ObjectIdentifier) -> tuple[str, ...] | None:
    access = of(certificate, x509.AuthorityInformationAccess)
    names = () if access is None else [each.access_location for each in access if each.access_method == method]
    return _urls(names) or None


def _urls(names: Iterable[x509.GeneralName]) -> tuple[str, ...]:
    return tuple(name.value for name in names if isinstance(name, x509.UniformResourceIdentifier))


def _subtree(name: x509.GeneralName) -> str:
    match name:
        case x509.DNSName(value=value):
            return f"dns {value}"
        case x509.IPAddress(value=address):
            return f"ip {address}"
        case x509.RFC822Name(value=value):
            return f"email {value}"
        case x509.UniformResourceIdentifier(value=value):
            return f"uri {value}"
        case x509.DirectoryName(value=directory):
            return f"directory {directory.rfc4514_string()}"
        case _:
            return type(name).__name__
