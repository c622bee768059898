"""Groups, signature algorithms and protocols that are negotiated, by their names in the IANA registries.

Source: IANA, "TLS Supported Groups" and "TLS SignatureScheme" (www.iana.org/assignments/tls-parameters); RFC 8422,
7919, 8446, 8734, 9189, 9367 and 8998; draft-ietf-tls-ecdhe-mlkem, draft-ietf-tls-mlkem, draft-ietf-tls-mldsa.
"""

_CURVES = (
    "sect163k1 sect163r1 sect163r2 sect193r1 sect193r2 sect233k1 sect233r1 sect239k1 sect283k1 sect283r1 sect409k1"
    " sect409r1 sect571k1 sect571r1 secp160k1 secp160r1 secp160r2 secp192k1 secp192r1 secp224k1 secp224r1 secp256k1"
    " secp256r1 secp384r1 secp521r1 brainpoolP256r1 brainpoolP384r1 brainpoolP512r1 x25519 x448 brainpoolP256r1tls13"
    " brainpoolP384r1tls13 brainpoolP512r1tls13 GC256A GC256B GC256C GC256D GC512A GC512B GC512C curveSM2"
)
GROUPS = {
    **dict(enumerate(_CURVES.split(), 1)),
    **{256 + at: f"ffdhe{bits}" for at, bits in enumerate((2048, 3072, 4096, 6144, 8192))},
    512: "MLKEM512",
    513: "MLKEM768",
    514: "MLKEM1024",
    4587: "SecP256r1MLKEM768",
    4588: "X25519MLKEM768",
    4589: "SecP384r1MLKEM1024",
    4590: "curveSM2MLKEM768",
    25497: "X25519Kyber768Draft00",
    25498: "SecP256r1Kyber768Draft00",
}
"""Names by code."""

_LIKELY = (29, 23, 4588, 24, 30, 25, 256, 257, 258, 4587, 259, 260, 4589, 26, 27, 28, 31, 32, 33, 22, 21, 19)
_ELDERS = {*range(1, 23), 26, 27, 28}
"""Curves that TLS 1.3 does not have (RFC 8446, section 4.2.7)."""
_NEWCOMERS = {31, 32, 33, 41, *(code for code in GROUPS if code >= 512)}
"""Groups of TLS 1.3 alone (RFC 8734; draft-ietf-tls-ecdhe-mlkem)."""

GROUPS_TLS13 = tuple(
    sorted(
        set(GROUPS) - _ELDERS, key=lambda code: (code not in _LIKELY, _LIKELY.index(code) if code in _LIKELY else code)
    )
)
GROUPS_TLS12 = tuple(
    code for code in (*_LIKELY, *sorted(set(GROUPS) - set(_LIKELY))) if code not in _NEWCOMERS and code < 256
)
"""Elliptic curves, likely ones first: a server's finite-field groups of TLS 1.2 show in its prime."""

SIGNATURES = {
    0x0401: "rsa_pkcs1_sha256",
    0x0804: "rsa_pss_rsae_sha256",
    0x0403: "ecdsa_secp256r1_sha256",
    0x0501: "rsa_pkcs1_sha384",
    0x0805: "rsa_pss_rsae_sha384",
    0x0503: "ecdsa_secp384r1_sha384",
    0x0601: "rsa_pkcs1_sha512",
    0x0806: "rsa_pss_rsae_sha512",
    0x0603: "ecdsa_secp521r1_sha512",
    0x0301: "rsa_pkcs1_sha224",
    0x0201: "rsa_pkcs1_sha1",
    0x0303: "ecdsa_sha224",
    0x0203: "ecdsa_sha1",
    0x0807: "ed25519",
    0x0808: "ed448",
    0x0809: "rsa_pss_pss_sha256",
    0x080A: "rsa_pss_pss_sha384",
    0x080B: "rsa_pss_pss_sha512",
    0x0101: "rsa_pkcs1_md5",
    0x0103: "ecdsa_md5",
    0x0202: "dsa_sha1",
    0x0302: "dsa_sha224",
    0x0402: "dsa_sha256",
    0x0502: "dsa_sha384",
    0x0602: "dsa_sha512",
    0x0102: "dsa_md5",
    0x081A: "ecdsa_brainpoolP256r1tls13_sha256",
    0x081B: "ecdsa_brainpoolP384r1tls13_sha384",
    0x081C: "ecdsa_brainpoolP512r1tls13_sha512",
    0x0708: "sm2sig_sm3",
    0x0709: "gostr34102012_256a",
    0x070A: "gostr34102012_256b",
    0x070B: "gostr34102012_256c",
    0x070C: "gostr34102012_256d",
    0x070D: "gostr34102012_512a",
    0x070E: "gostr34102012_512b",
    0x070F: "gostr34102012_512c",
    0x0904: "mldsa44",
    0x0905: "mldsa65",
    0x0906: "mldsa87",
}
"""Names by code. Pairs of hash and signature that TLS 1.3 did not register keep the words of RFC 5246."""

SIGNATURES_TLS13 = (
    (0x0804, 0x0805, 0x0806),
    (0x0403, 0x0503, 0x0603),
    (0x0807, 0x0808),
    (0x0809, 0x080A, 0x080B),
    (0x081A, 0x081B, 0x081C),
    (0x0708, 0x0904, 0x0905, 0x0906, *range(0x0709, 0x0710)),
)
"""Those that TLS 1.3 may sign with, by the kind of key: a server has one or two of these."""

SHARES = {
    29: bytes([9]) + bytes(31),
    23: bytes.fromhex(
        "04"
        "6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296"
        "4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5"
    ),
}
"""Keys to offer, by group, where none is ever used: the base points of x25519 (RFC 7748, section 4.1) and P-256
(SP 800-186, section 3.2.1.3)."""

PROTOCOLS = ("h2", "http/1.1")
"""Asked for by ALPN, each alone (RFC 7301)."""
