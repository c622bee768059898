"""Trust anchors: the roots a verifier was handed out of band. Never read from what is being verified."""

from pathlib import Path

from cryptography import x509

from auditor.errors import KeyFileError

_FILE_CAP = 4 * 1024 * 1024


def load(path: Path) -> tuple[x509.Certificate, ...]:
    """Root certificates of a PEM file, or of every `*.pem` and `*.crt` file in a folder.

    Raises:
        KeyFileError: nothing there, no certificate in it, or one that is no certificate authority.
    """
    if path.is_dir():
        files = sorted(file for pattern in ("*.pem", "*.crt") for file in path.glob(pattern))
        if not files:
            raise KeyFileError("holds no .pem or .crt file", place=str(path), hint="put root.pem there")
    else:
        files = [path]
    return tuple(root for file in files for root in _roots(file))


def _roots(file: Path) -> list[x509.Certificate]:
    try:
        with file.open("rb") as stream:
            certificates = x509.load_pem_x509_certificates(stream.read(_FILE_CAP))
    except OSError as error:
        raise KeyFileError(
            "{error}", error=error.strerror, place=str(file), hint="name the root.pem you were given"
        ) from None
    except ValueError:
        raise KeyFileError("no certificate can be read from it", place=str(file), hint="a PEM file is needed") from None
    for certificate in certificates:
        if not is_authority(certificate):
            name = certificate.subject.rfc4514_string()
            raise KeyFileError(
                "{name} is no certificate authority", name=name, place=str(file), hint="use root.pem, not cert.pem"
            )
    return certificates


def is_authority(certificate: x509.Certificate) -> bool:
    """Whether the certificate may issue others (basicConstraints, RFC 5280 section 4.2.1.9)."""
    try:
        return any(
            isinstance(extension.value, x509.BasicConstraints) and extension.value.ca
            for extension in certificate.extensions
        )
    except ValueError:
        return False
