"""Encryption to certificates: CMS AuthEnvelopedData (RFC 5083) with AES-256-GCM (RFC 5084), for anyone's openssl.

    openssl cms -decrypt -inform DER -in bundle.zip.p7m -recip cert.pem -inkey key.pem -out bundle.zip

RSA recipients get the content key by OAEP (RFC 3560), elliptic-curve ones by ephemeral ECDH (RFC 5753). An envelope
hides and protects; it says nothing about who made it. Sign first.
"""

import os
import struct
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path

from asn1crypto import algos, cms, core, keys  # type: ignore[import-untyped] # has no stubs
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.x963kdf import X963KDF
from cryptography.hazmat.primitives.keywrap import aes_key_wrap
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from auditor.errors import KeyFileError
from auditor.trust.chain import strong

_FILE_CAP = 1024 * 1024
_TAG = 16
_ECDH_SHA256 = "1.3.132.1.11.1"
"""dhSinglePass-stdDH-sha256kdf-scheme, RFC 5753 section 7.1.4."""


class _GcmParameters(core.Sequence):  # type: ignore[misc] # has no stubs
    """RFC 5084 section 3.2."""

    _fields = [("nonce", core.OctetString), ("icv_length", core.Integer)]  # noqa: RUF012 - asn1crypto's way


class _SharedInfo(core.Sequence):  # type: ignore[misc] # has no stubs
    """ECC-CMS-SharedInfo, RFC 5753 section 7.2."""

    _fields = [  # noqa: RUF012 - asn1crypto's way
        ("key_info", cms.KeyEncryptionAlgorithm),
        ("supplement", core.OctetString, {"explicit": 2}),
    ]


def recipients(files: Iterable[Path], at: datetime) -> tuple[x509.Certificate, ...]:
    """The certificates in PEM files, each fit to be encrypted to `at` that moment.

    Raises:
        KeyFileError: missing, unreadable, expired, or with a key that is too weak or not meant for this.
    """
    found = []
    for file in files:
        try:
            with file.open("rb") as stream:
                certificates = x509.load_pem_x509_certificates(stream.read(_FILE_CAP))
        except OSError as error:
            raise KeyFileError("{error}", error=error.strerror, place=str(file)) from None
        except ValueError:
            raise KeyFileError(
                "no certificate can be read from it", place=str(file), hint="a PEM file is needed"
            ) from None
        for certificate in certificates:
            if not certificate.not_valid_before_utc <= at <= certificate.not_valid_after_utc:
                raise KeyFileError("the certificate is not valid today", place=str(file), hint="ask for a new one")
            _require_fit(certificate, str(file))
        found += certificates
    return tuple(found)


def encrypt(data: bytes, certificates: Sequence[x509.Certificate]) -> bytes:
    """`data` for the holders of any of these certificates' keys, DER.

    Raises:
        KeyFileError: no certificate, or one whose key is too weak or not meant for this.
    """
    if not certificates:
        raise KeyFileError("there is nobody to encrypt to", hint="name at least one certificate")
    key, nonce = AESGCM.generate_key(256), os.urandom(12)
    for certificate in certificates:
        _require_fit(certificate, "")
    infos = [_transported(c, key) if _by_transport(c) else _agreed(c, key) for c in certificates]
    sealed = AESGCM(key).encrypt(nonce, data, None)
    parameters = _GcmParameters({"nonce": nonce, "icv_length": _TAG})
    body = cms.AuthEnvelopedData(
        {
            "version": "v0",
            "recipient_infos": infos,
            "auth_encrypted_content_info": {
                "content_type": "data",
                "content_encryption_algorithm": {"algorithm": "aes256_gcm", "parameters": core.Any(parameters)},
                "encrypted_content": sealed[:-_TAG],
            },
            "mac": sealed[-_TAG:],
        }
    )
    return bytes(cms.ContentInfo({"content_type": "authenticated_enveloped_data", "content": body}).dump())


def _by_transport(certificate: x509.Certificate) -> bool:
    return isinstance(certificate.public_key(), rsa.RSAPublicKey)


def _require_fit(certificate: x509.Certificate, place: str) -> None:
    name = certificate.subject.rfc4514_string()
    if not strong(certificate.public_key()):
        raise KeyFileError("the key of {name} is too weak or of an unknown kind", name=name, place=place)
    for extension in certificate.extensions:
        usage = extension.value
        if not isinstance(usage, x509.KeyUsage):
            continue
        if not (usage.key_encipherment if _by_transport(certificate) else usage.key_agreement):
            raise KeyFileError(
                "the certificate of {name} is not meant for encryption",
                name=name,
                place=place,
                hint="keyEncipherment (RSA) or keyAgreement (ECDH) is needed; see: auditor keys create --receiving",
            )


def _transported(certificate: x509.Certificate, key: bytes) -> cms.RecipientInfo:
    public = certificate.public_key()
    assert isinstance(public, rsa.RSAPublicKey)  # noqa: S101 - `_by_transport` chose
    hashing = {"algorithm": "sha256"}
    oaep = {"hash_algorithm": hashing, "mask_gen_algorithm": {"algorithm": "mgf1", "parameters": hashing}}
    info = cms.KeyTransRecipientInfo(
        {
            "version": "v0",
            "rid": cms.RecipientIdentifier("issuer_and_serial_number", _identity(certificate)),
            "key_encryption_algorithm": {"algorithm": "rsaes_oaep", "parameters": algos.RSAESOAEPParams(oaep)},
            "encrypted_key": public.encrypt(key, padding.OAEP(padding.MGF1(hashes.SHA256()), hashes.SHA256(), None)),
        }
    )
    return cms.RecipientInfo("ktri", info)


def _agreed(certificate: x509.Certificate, key: bytes) -> cms.RecipientInfo:
    public = certificate.public_key()
    assert isinstance(public, ec.EllipticCurvePublicKey)  # noqa: S101 - `_by_transport` chose
    own = ec.generate_private_key(public.curve)
    wrapping = cms.KeyEncryptionAlgorithm({"algorithm": "aes256_wrap"})
    shared = _SharedInfo({"key_info": wrapping, "supplement": struct.pack(">I", 256)})
    derived = X963KDF(hashes.SHA256(), 32, shared.dump()).derive(own.exchange(ec.ECDH(), public))
    originator = keys.PublicKeyInfo.load(own.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo))
    info = cms.KeyAgreeRecipientInfo(
        {
            "version": "v3",
            "originator": cms.OriginatorIdentifierOrKey("originator_key", originator),
            "key_encryption_algorithm": {"algorithm": _ECDH_SHA256, "parameters": wrapping},
            "recipient_encrypted_keys": [
                {
                    "rid": cms.KeyAgreementRecipientIdentifier("issuer_and_serial_number", _identity(certificate)),
                    "encrypted_key": aes_key_wrap(derived, key),
                }
            ],
        }
    )
    return cms.RecipientInfo("kari", info)


def _identity(certificate: x509.Certificate) -> cms.IssuerAndSerialNumber:
    read = asn1_x509.Certificate.load(certificate.public_bytes(Encoding.DER))
    return cms.IssuerAndSerialNumber({"issuer": read.issuer, "serial_number": read.serial_number})
