"""A synthetic public-key infrastructure as values: authorities and leaves of every kind a test may need.

    root = pki.authority("Akar Uji")
    issuing = pki.authority("Penerbit Uji", root)
    site = pki.leaf(issuing, "contoh.go.id", "www.contoh.go.id", key="rsa-2048")
    files = site.write(tmp_path)            # files.chain (leaf and intermediates), files.key, files.root

Keys are made once a process, by kind and owner, and every leaf shares one: nothing here guards anything.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import dsa, ec, ed448, ed25519, padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

PrivateKey = (
    rsa.RSAPrivateKey
    | ec.EllipticCurvePrivateKey
    | ed25519.Ed25519PrivateKey
    | ed448.Ed448PrivateKey
    | dsa.DSAPrivateKey
)

DAY = timedelta(days=1)
HOST = "contoh.go.id"

_CURVES: dict[str, ec.EllipticCurve] = {
    "ec-p224": ec.SECP224R1(),
    "ec-p256": ec.SECP256R1(),
    "ec-p384": ec.SECP384R1(),
    "ec-p521": ec.SECP521R1(),
}


@dataclass(frozen=True, slots=True)
class Files:
    """Where an identity was written, PEM."""

    chain: Path
    key: Path
    root: Path


@dataclass(frozen=True, slots=True)
class Identity:
    """A certificate, its key, and the certificates above it, nearest issuer first and root last."""

    certificate: x509.Certificate
    key: PrivateKey
    above: tuple[x509.Certificate, ...] = ()

    @property
    def der(self) -> bytes:
        return self.certificate.public_bytes(Encoding.DER)

    @property
    def pem(self) -> bytes:
        return self.certificate.public_bytes(Encoding.PEM)

    @property
    def key_pem(self) -> bytes:
        return self.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())

    @property
    def sent(self) -> tuple[x509.Certificate, ...]:
        """What a well configured server sends: this certificate and the intermediates, without the root."""
        return (self.certificate, *self.above[:-1])

    @property
    def chain_pem(self) -> bytes:
        return b"".join(certificate.public_bytes(Encoding.PEM) for certificate in self.sent)

    @property
    def chain_der(self) -> tuple[bytes, ...]:
        return tuple(certificate.public_bytes(Encoding.DER) for certificate in self.sent)

    @property
    def root_pem(self) -> bytes:
        """The certificate at the top: the identity's own where nothing is above it."""
        return (self.above[-1] if self.above else self.certificate).public_bytes(Encoding.PEM)

    def write(self, folder: Path, name: str = "site") -> Files:
        """Write `NAME.pem`, `NAME.key` and `NAME.root.pem` into `folder`."""
        files = Files(folder / f"{name}.pem", folder / f"{name}.key", folder / f"{name}.root.pem")
        files.chain.write_bytes(self.chain_pem)
        files.key.write_bytes(self.key_pem)
        files.key.chmod(0o600)
        files.root.write_bytes(self.root_pem)
        return files


@cache
def key_of(kind: str, owner: str = "") -> PrivateKey:
    """A key by kind: `rsa-BITS`, `dsa-BITS`, `ec-p224|p256|p384|p521`, `ed25519`, `ed448`; every owner has its own."""
    family, _, size = kind.partition("-")
    if kind in _CURVES:
        return ec.generate_private_key(_CURVES[kind])
    if family == "rsa":
        return rsa.generate_private_key(65537, int(size))
    if family == "dsa":
        return dsa.generate_private_key(int(size))
    if family == "ed25519":
        return ed25519.Ed25519PrivateKey.generate()
    if family == "ed448":
        return ed448.Ed448PrivateKey.generate()
    raise ValueError(f"no kind of key: {kind}")


def now() -> datetime:
    """The current time to the second, which is all that a certificate can say."""
    return datetime.now(UTC).replace(microsecond=0)


def authority(
    name: str = "Akar Uji",
    issuer: Identity | None = None,
    *,
    key: str = "ec-p256",
    not_before: datetime | None = None,
    not_after: datetime | None = None,
    digest: hashes.SHA1 | hashes.MD5 | None = None,
    path_length: int | None = None,
    organisation: str = "",
    further: tuple[x509.ExtensionType, ...] = (),
) -> Identity:
    """A root, or an intermediate under `issuer`; valid from yesterday for ten years unless told.

    `further` extensions are not critical.
    """
    starts = not_before or now() - DAY
    mine = key_of(key, name)
    builder = _builder(_name(name, organisation), issuer, mine, starts, not_after or starts + 3650 * DAY)
    builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=path_length), critical=True)
    builder = builder.add_extension(_usage("key_cert_sign", "crl_sign"), critical=True)
    for extension in further:
        builder = builder.add_extension(extension, critical=False)
    return _signed(builder, mine, issuer, digest)


def leaf(
    issuer: Identity | None,
    *names: str,
    key: str = "ec-p256",
    not_before: datetime | None = None,
    not_after: datetime | None = None,
    digest: hashes.SHA1 | hashes.MD5 | None = None,
    common_name: str = "",
    dns_names: tuple[str, ...] = (),
    server: bool = True,
    purposes: tuple[x509.ObjectIdentifier, ...] = (),
    further: tuple[x509.ExtensionType, ...] = (),
    owner: str = "leaf",
) -> Identity:
    """A server certificate for DNS names and IP addresses; self-signed without an issuer.

    Valid from yesterday for 90 days unless told. No names at all leaves the subjectAltName out; `common_name`
    stands for itself, `dns_names` are taken as such even where they look like addresses. `server=False` makes it a
    client certificate (extended key usage clientAuth), `purposes` are others; `further` extensions are not critical,
    and another `owner` has another key.
    """
    starts = not_before or now() - DAY
    mine = key_of(key, owner)
    subject = _name(common_name or (names[0] if names else HOST))
    builder = _builder(subject, issuer, mine, starts, not_after or starts + 90 * DAY)
    purpose = ExtendedKeyUsageOID.SERVER_AUTH if server else ExtendedKeyUsageOID.CLIENT_AUTH
    builder = builder.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
    builder = builder.add_extension(x509.ExtendedKeyUsage(purposes or [purpose]), critical=False)
    presented = [*map(_general, names), *map(x509.DNSName, dns_names)]
    if presented:
        builder = builder.add_extension(x509.SubjectAlternativeName(presented), critical=False)
    for extension in further:
        builder = builder.add_extension(extension, critical=False)
    return _signed(builder, mine, issuer, digest)


def expired(issuer: Identity, *names: str, ago: timedelta = DAY, key: str = "ec-p256") -> Identity:
    """A leaf that ended `ago` before now."""
    ended = now() - ago
    return leaf(issuer, *(names or (HOST,)), key=key, not_before=ended - 90 * DAY, not_after=ended)


@cache
def standard() -> Identity:
    """The usual site certificate for `HOST`: EC leaf, intermediate, root; one for the whole process."""
    return leaf(authority("Penerbit Uji", authority("Akar Uji")), HOST, f"www.{HOST}")


def timestamp(log: bytes, at: datetime | None = None) -> bytes:
    """A SignedCertificateTimestamp (RFC 6962, section 3.2) of a log, filled up to 32 octets; its signature is none."""
    milliseconds = int((at or now()).timestamp()) * 1000
    return b"\0" + log.ljust(32, b"\0") + milliseconds.to_bytes(8) + b"\0\0" + b"\4\3\0\1s"


def timestamp_list(*timestamps: bytes) -> bytes:
    """A SignedCertificateTimestampList."""
    content = b"".join(len(each).to_bytes(2) + each for each in timestamps)
    return len(content).to_bytes(2) + content


def embedded_timestamps(content: bytes) -> x509.UnrecognizedExtension:
    """The certificate's extension with such a list, or whatever `content` is."""
    size = len(content)
    length = bytes([size]) if size < 128 else bytes([0x81, size]) if size < 256 else b"\x82" + size.to_bytes(2)
    return x509.UnrecognizedExtension(x509.ObjectIdentifier("1.3.6.1.4.1.11129.2.4.2"), b"\4" + length + content)


def _name(common_name: str, organisation: str = "") -> x509.Name:
    attributes = [x509.NameAttribute(NameOID.COMMON_NAME, common_name)]
    if organisation:
        attributes.append(x509.NameAttribute(NameOID.ORGANIZATION_NAME, organisation))
    return x509.Name(attributes)


def _general(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ip_address(name))
    except ValueError:
        return x509.DNSName(name)


def _builder(
    subject: x509.Name, issuer: Identity | None, key: PrivateKey, starts: datetime, ends: datetime
) -> x509.CertificateBuilder:
    return x509.CertificateBuilder(
        issuer_name=issuer.certificate.subject if issuer else subject,
        subject_name=subject,
        public_key=key.public_key(),
        serial_number=x509.random_serial_number(),
        not_valid_before=starts.astimezone(UTC).replace(tzinfo=None),
        not_valid_after=ends.astimezone(UTC).replace(tzinfo=None),
    ).add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)


def _signed(
    builder: x509.CertificateBuilder,
    mine: PrivateKey,
    issuer: Identity | None,
    digest: hashes.SHA1 | hashes.MD5 | None,
) -> Identity:
    signer = issuer.key if issuer else mine
    if issuer:
        identifier = x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer.key.public_key())
        builder = builder.add_extension(identifier, critical=False)
    pure = isinstance(signer, ed25519.Ed25519PrivateKey | ed448.Ed448PrivateKey)
    certificate = builder.sign(signer, None if pure else hashes.SHA256())
    if digest:
        certificate = _signed_weakly(certificate, signer, digest)
    return Identity(certificate, mine, (issuer.certificate, *issuer.above) if issuer else ())


def _signed_weakly(
    certificate: x509.Certificate, signer: PrivateKey, digest: hashes.SHA1 | hashes.MD5
) -> x509.Certificate:
    """The certificate signed again with a digest that cryptography's builder refuses; RSA signers only.

    The OIDs sha256WithRSAEncryption, sha1With... and md5With... differ in their last octet (RFC 8017, appendix A.2.4).
    """
    if not isinstance(signer, rsa.RSAPrivateKey):
        raise TypeError("a weak digest needs an RSA issuer")
    oid = bytes.fromhex("06092a864886f70d0101")
    weak = {"sha1": b"\x05", "md5": b"\x04"}[digest.name]
    signed = certificate.tbs_certificate_bytes.replace(oid + b"\x0b", oid + weak)
    signature = signer.sign(signed, padding.PKCS1v15(), digest)
    der = certificate.public_bytes(Encoding.DER).replace(oid + b"\x0b", oid + weak)
    return x509.load_der_x509_certificate(der[: -len(signature)] + signature)


def _usage(*granted: str) -> x509.KeyUsage:
    every = (
        "digital_signature",
        "content_commitment",
        "key_encipherment",
        "data_encipherment",
        "key_agreement",
        "key_cert_sign",
        "crl_sign",
        "encipher_only",
        "decipher_only",
    )
    return x509.KeyUsage(**{usage: usage in granted for usage in every})
