"""What the server's certificate demands of a ClientHello."""

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey

from . import parameters


def group(chain: tuple[bytes, ...]) -> int | None:
    """The curve of the first certificate's key, as a group; None where it has none, or no name that TLS knows."""
    if not chain:
        return None
    try:
        key = x509.load_der_x509_certificate(chain[0]).public_key()
    except (ValueError, UnsupportedAlgorithm):
        return None
    if not isinstance(key, EllipticCurvePublicKey):
        return None
    return next((code for code, name in parameters.GROUPS.items() if name == key.curve.name), None)
