"""A time stamp authority on loopback: `openssl ts -reply` behind a small HTTP server, and the CRLs it may point to.

with tsa.running(folder) as authority:
    ... authority.url, authority.root, authority.asked
"""

import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.ocsp import OCSPCertStatus, OCSPResponderEncoding, OCSPResponseBuilder
from cryptography.x509.oid import AuthorityInformationAccessOID, ExtendedKeyUsageOID, NameOID, ObjectIdentifier

DAY = timedelta(days=1)
YEAR = 365 * DAY

CONFIG = """\
[tsa]
default_tsa = here
[here]
serial = {folder}/serial
crypto_device = builtin
signer_cert = {folder}/tsa.pem
signer_key = {folder}/tsa.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256, sha384, sha512
accuracy = secs:1
ordering = no
tsa_name = yes
ess_cert_id_chain = no
ess_cert_id_alg = sha256
certs = {folder}/above.pem
"""


@dataclass(frozen=True)
class Issued:
    key: ec.EllipticCurvePrivateKey
    certificate: x509.Certificate

    @property
    def pem(self) -> bytes:
        return self.certificate.public_bytes(Encoding.PEM)

    @property
    def key_pem(self) -> bytes:
        return self.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def issue(
    common: str,
    issuer: Issued | None = None,
    *,
    usage: tuple[ObjectIdentifier, ...] = (),
    critical: bool = True,
    lifetime: timedelta = 20 * YEAR,
    crl: str = "",
    ocsp: str = "",
) -> Issued:
    """An authority, or with a usage a leaf; `crl` is where its revocation list lies, `ocsp` who answers about it."""
    key = ec.generate_private_key(ec.SECP256R1())
    by = issuer.key if issuer else key
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common)])
    start = datetime.now(UTC) - DAY
    ca = not usage
    builder = (
        x509.CertificateBuilder(
            issuer.certificate.subject if issuer else subject,
            subject, key.public_key(), x509.random_serial_number(), start, start + lifetime,
        )
        .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(by.public_key()), critical=False)
        .add_extension(
            x509.KeyUsage(
                digital_signature=not ca, content_commitment=False, key_encipherment=False, data_encipherment=False,
                key_agreement=False, key_cert_sign=ca, crl_sign=ca, encipher_only=False, decipher_only=False,
            ),
            critical=True,
        )
    )  # fmt: skip
    if usage:
        builder = builder.add_extension(x509.ExtendedKeyUsage(usage), critical=critical)
    if crl:
        point = x509.DistributionPoint([x509.UniformResourceIdentifier(crl)], None, None, None)
        builder = builder.add_extension(x509.CRLDistributionPoints([point]), critical=False)
    if ocsp:
        access = x509.AccessDescription(AuthorityInformationAccessOID.OCSP, x509.UniformResourceIdentifier(ocsp))
        builder = builder.add_extension(x509.AuthorityInformationAccess([access]), critical=False)
    return Issued(key, builder.sign(by, hashes.SHA256()))


def answer(issuer: Issued, certificate: x509.Certificate, *, revoked: bool = False) -> bytes:
    """What a responder with the issuer's own key says of a certificate (RFC 6960), DER."""
    now = datetime.now(UTC)
    builder = OCSPResponseBuilder().add_response(
        certificate, issuer.certificate, hashes.SHA1(), OCSPCertStatus.REVOKED if revoked else OCSPCertStatus.GOOD,
        now - timedelta(hours=1), now + DAY, now - timedelta(hours=2) if revoked else None, None,
    )  # fmt: skip
    made = builder.responder_id(OCSPResponderEncoding.HASH, issuer.certificate).sign(issuer.key, hashes.SHA256())
    return made.public_bytes(Encoding.DER)


def revocations(issuer: Issued, *revoked: x509.Certificate, since: timedelta = timedelta(hours=1)) -> bytes:
    """The issuer's CRL, DER, of an hour ago and for a week; `since` is how long ago they were revoked."""
    now = datetime.now(UTC)
    builder = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(issuer.certificate.subject)
        .last_update(now - timedelta(hours=1))
        .next_update(now + 7 * DAY)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer.key.public_key()), critical=False)
        .add_extension(x509.CRLNumber(1), critical=False)
    )
    for certificate in revoked:
        entry = x509.RevokedCertificateBuilder().serial_number(certificate.serial_number).revocation_date(now - since)
        builder = builder.add_revoked_certificate(entry.build())
    return builder.sign(issuer.key, hashes.SHA256()).public_bytes(Encoding.DER)


@dataclass
class Tsa:
    """The authority as it runs. `spoil` changes the answers; `pages` is what GET finds."""

    folder: Path
    url: str
    anchor: Issued
    spoil: Callable[[bytes], bytes | int] = lambda answer: answer
    pages: dict[str, bytes] = field(default_factory=dict)
    responder: Callable[[bytes], bytes] = lambda _: b""
    asked: int = 0

    @property
    def root(self) -> Path:
        """What a verifier passes to --trust-tsa."""
        return self.folder / "root.pem"

    @property
    def roots(self) -> tuple[x509.Certificate, ...]:
        return (self.anchor.certificate,)

    def answer(self, query: bytes) -> bytes:
        """What openssl says to a query."""
        (self.folder / "query").write_bytes(query)
        command = ["openssl", "ts", "-reply", "-config", str(self.folder / "config"), "-section", "here"]
        command += ["-queryfile", str(self.folder / "query")]
        return subprocess.run(command, check=True, capture_output=True).stdout


@contextmanager
def running(
    folder: Path,
    *,
    usage: tuple[ObjectIdentifier, ...] = (ExtendedKeyUsageOID.TIME_STAMPING,),
    critical: bool = True,
    lifetime: timedelta = 20 * YEAR,
    points_to_crl: bool = False,
) -> Iterator[Tsa]:
    """A root, an authority in between, and the time stamp authority under it, until the block ends."""
    lock = threading.Lock()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            query = self.rfile.read(int(self.headers["Content-Length"]))
            if self.path == "/ocsp":
                self.reply("application/ocsp-response", here.responder(query))
                return
            with lock:
                here.asked += 1
                answer = here.spoil(here.answer(query))
            if isinstance(answer, int):
                self.send_error(answer)
            else:
                self.reply("application/timestamp-reply", answer)

        def do_GET(self) -> None:
            if self.path in here.pages:
                self.reply("application/pkix-crl", here.pages[self.path])
            else:
                self.send_error(404)

        def reply(self, kind: str, body: bytes) -> None:
            self.send_response(200)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    base = f"http://127.0.0.1:{server.server_port}"
    root = issue("Akar Stempel Waktu")
    middle = issue("Antara Stempel Waktu", root, crl=f"{base}/root.crl" if points_to_crl else "")
    crl = f"{base}/middle.crl" if points_to_crl else ""
    leaf = issue("Stempel Waktu", middle, usage=usage, critical=critical, lifetime=lifetime, crl=crl)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "config").write_text(CONFIG.format(folder=folder))
    (folder / "serial").write_text("01\n")
    (folder / "tsa.pem").write_bytes(leaf.pem)
    (folder / "tsa.key").write_bytes(leaf.key_pem)
    (folder / "above.pem").write_bytes(middle.pem + root.pem)
    (folder / "root.pem").write_bytes(root.pem)
    here = Tsa(folder, f"{base}/tsa", root)
    here.pages = {"/root.crl": revocations(root), "/middle.crl": revocations(middle)}
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield here
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
