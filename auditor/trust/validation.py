"""What a signature and its time stamp rest on, taken out of them for readers who have only stock tools.

    signer.pem          the signer's certificate and those above it, no root
    tsa.pem             the same of the time stamp authority
    1.crl ... 1.ocsp    the revocation lists and the responders' answers of that day, DER

Nothing in it is new, so nothing in it can be altered unnoticed.
"""

from collections.abc import Iterable

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from auditor.trust import cms, timestamp


def material(p7s: bytes, response: bytes) -> dict[str, bytes]:
    """Files by name, of a signature and a stamp that were found intact."""
    signers, known, _ = cms.material(p7s)
    stampers = timestamp.certificates(timestamp.token_of(response))
    numbered = {f"{n}.crl": crl for n, crl in enumerate(known.crls, 1)}
    numbered |= {f"{n}.ocsp": answer for n, answer in enumerate(known.ocsps, 1)}
    return {"signer.pem": _pem(signers), "tsa.pem": _pem(stampers), **numbered}


def _pem(certificates: Iterable[x509.Certificate]) -> bytes:
    return b"".join(certificate.public_bytes(Encoding.PEM) for certificate in certificates)
