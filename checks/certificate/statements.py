"""The facts about certificates: what each is called and what it means."""

from datetime import datetime

from auditor.model import FactSpec, Level

from .positions import POSITION

STORE = "store"

facts = {
    "cert.not_before": FactSpec(datetime, "First second of the validity period", subject=POSITION),
    "cert.not_after": FactSpec(datetime, "Last second of the validity period", subject=POSITION),
    "cert.names": FactSpec(tuple, "dNSName and iPAddress entries of subjectAltName", subject=POSITION),
    "cert.key_type": FactSpec(
        str,
        "Kind of public key: rsa, ec, ed25519, ed448, dsa, mldsa65 ..., dotted where it has no such name",
        subject=POSITION,
    ),
    "cert.key_bits": FactSpec(int, "Size of the public key", unit="bit", subject=POSITION),
    "cert.signature_algorithm": FactSpec(
        str,
        "Algorithm that the certificate is signed with: sha256WithRSAEncryption, ecdsa-with-SHA256, id-Ed25519, "
        "id-RSASSA-PSS-sha256 ... (RFC 8017, 5758, 8410), dotted where it has no such name",
        subject=POSITION,
    ),
    "cert.lifetime_days": FactSpec(
        int,
        "Validity period as the CA/Browser Forum counts it, a fraction being a further day",
        unit="day",
        subject=POSITION,
    ),
    "cert.self_signed": FactSpec(bool, "Issued in its own name and signed with its own key", subject=POSITION),
    "cert.subject": FactSpec(str, "Subject, as RFC 4514 text", subject=POSITION),
    "cert.issuer": FactSpec(str, "Issuer, as RFC 4514 text", subject=POSITION),
    "cert.fingerprint": FactSpec(str, "SHA-256 of the certificate, hexadecimal", subject=POSITION),
    "cert.key_fingerprint": FactSpec(
        str,
        "SHA-256 of the SubjectPublicKeyInfo, hexadecimal: equal where two certificates share a key",
        subject=POSITION,
    ),
    "cert.curve": FactSpec(
        str, "Curve of an EC key: secp256r1, brainpoolP256r1 ... (SEC 2, RFC 5639)", subject=POSITION
    ),
    "cert.rsa_exponent": FactSpec(int, "Public exponent of an RSA key", subject=POSITION),
    "cert.roca": FactSpec(
        bool, "The key is of RSA and has the fingerprint of the library of CVE-2017-15361 (ROCA)", subject=POSITION
    ),
    "cert.ca": FactSpec(bool, "It may issue certificates: basicConstraints with cA (RFC 5280)", subject=POSITION),
    "cert.path_length": FactSpec(int, "Most authorities that may stand below: pathLenConstraint", subject=POSITION),
    "cert.key_usage": FactSpec(
        tuple, "keyUsage, in the words of RFC 5280: digitalSignature, keyCertSign, cRLSign ...", subject=POSITION
    ),
    "cert.extended_key_usage": FactSpec(
        tuple, "extKeyUsage: serverAuth, clientAuth, anyExtendedKeyUsage ... or a dotted identifier", subject=POSITION
    ),
    "cert.server_auth": FactSpec(
        bool, "Its extKeyUsage, where it has one, allows for TLS servers (RFC 5280, section 4.2.1.12)", subject=POSITION
    ),
    "cert.name_constraints": FactSpec(
        tuple,
        "Subtrees that names below are bound to: `permitted dns go.id`, `excluded ip 10.0.0.0/8`",
        subject=POSITION,
    ),
    "cert.must_staple": FactSpec(
        bool, "It obliges the server to send an OCSP response along (RFC 7633)", subject=POSITION
    ),
    "cert.ocsp_urls": FactSpec(tuple, "Where its issuer answers OCSP requests", subject=POSITION),
    "cert.crl_urls": FactSpec(tuple, "Where its issuer's revocation list is to be had", subject=POSITION),
    "cert.issuer_urls": FactSpec(tuple, "Where its issuer's certificate is to be had (caIssuers)", subject=POSITION),
    "cert.ocsp_published": FactSpec(bool, "It names an OCSP responder that can be asked over HTTP", subject=POSITION),
    "cert.revocation_published": FactSpec(
        bool, "It names an OCSP responder or a revocation list that can be asked over HTTP", subject=POSITION
    ),
    "cert.scts_embedded": FactSpec(
        int,
        "Certificate transparency logs of which it contains a timestamp (RFC 6962); signatures are not verified",
        subject=POSITION,
    ),
    "cert.leaf": FactSpec(bool, "It is the first of its chain, the server's own", subject=POSITION),
    "cert.hostname_matches": FactSpec(bool, "The leaf speaks for the host asked for (RFC 9525)", subject=POSITION),
    "cert.internal_names": FactSpec(
        tuple,
        "Entries of the leaf's subjectAltName that are not public: addresses by RFC 6890, single labels, names under "
        "no public suffix",
        subject=POSITION,
    ),
    "cert.lifetime_over_limit_days": FactSpec(
        int,
        "Days by which the leaf's validity period exceeds what the CA/Browser Forum allowed when it began; 0 if none",
        unit="day",
        subject=POSITION,
    ),
    "cert.distrusted_by": FactSpec(
        tuple,
        "Browsers (chrome, mozilla) that refuse the leaf for the date at which this authority issued it, though they "
        "have its root",
        subject=POSITION,
    ),
    "cert.chain_length": FactSpec(
        int, "Certificates that the server sends with the leaf, itself included", subject=POSITION
    ),
    "cert.chain_order": FactSpec(
        tuple,
        "What is to be remarked of the chain as sent: missing (the leaf alone, without its issuer), extra (issued "
        "nothing in the chain), misordered (issued nothing before it), duplicate, root (self-signed, of no use)",
        subject=POSITION,
    ),
    "cert.ocsp_stapled": FactSpec(
        bool,
        "An OCSP response comes along with the leaf when it is asked for (RFC 6066, section 8)",
        subject=POSITION,
        level=Level.STANDARD,
        cost=2,
    ),
    "cert.ocsp_staple_faults": FactSpec(
        tuple,
        "Why that response may not be believed: unreadable, unsuccessful, another_certificate, unsigned (by neither "
        "the issuer nor its delegate)",
        subject=POSITION,
        level=Level.STANDARD,
    ),
    "cert.ocsp_staple_status": FactSpec(
        str, "What it says of the leaf: good, revoked, unknown", subject=POSITION, level=Level.STANDARD
    ),
    "cert.ocsp_staple_this_update": FactSpec(
        datetime, "Since when that is known to be so", subject=POSITION, level=Level.STANDARD
    ),
    "cert.ocsp_staple_next_update": FactSpec(datetime, "Until when it holds", subject=POSITION, level=Level.STANDARD),
    "cert.scts_ocsp": FactSpec(
        int,
        "Certificate transparency logs of which that response contains a timestamp",
        subject=POSITION,
        level=Level.STANDARD,
    ),
    "cert.scts_tls": FactSpec(
        int,
        "Certificate transparency logs of which a timestamp comes with the TLS handshake",
        subject=POSITION,
        level=Level.STANDARD,
    ),
    "cert.scts": FactSpec(
        int,
        "Different certificate transparency logs of which a timestamp comes with the leaf in any of the three ways",
        subject=POSITION,
        level=Level.STANDARD,
    ),
    "cert.block_page": FactSpec(
        bool, "The certificate is that of a block page (Internet Positif), shown by a network in place of the site"
    ),
    "cert.chain_trusted": FactSpec(
        bool,
        "At the time of the scan the chain leads to a root of the store: mozilla, system, operator (--ca)",
        subject=STORE,
    ),
    "cert.chain_status": FactSpec(str, "ok, or OpenSSL's words for why it does not", subject=STORE),
}
