"""What extensions say, by `openssl x509 -text` as a second source."""

import subprocess
from ipaddress import IPv4Network

import pytest
from cryptography import x509
from cryptography.x509.oid import AuthorityInformationAccessOID as Access
from cryptography.x509.oid import ExtendedKeyUsageOID, ObjectIdentifier

from auditor.model import Absence
from tests.unit.checks_certificate.chains import look
from tests.wire import pki


def text(der: bytes) -> str:
    """What OpenSSL says of a certificate."""
    command = ["openssl", "x509", "-inform", "DER", "-noout", "-text"]
    return subprocess.run(command, input=der, check=True, capture_output=True).stdout.decode()


def said(*further: x509.ExtensionType) -> tuple[dict[tuple[str, str], object], str]:
    site = pki.leaf(pki.authority(), pki.HOST, further=further)
    return look(site.chain_der), text(site.der)


def url(value: str) -> x509.UniformResourceIdentifier:
    return x509.UniformResourceIdentifier(value)


def test_a_plain_certificate_leaves_out_what_it_leaves_out() -> None:
    seen, shown = said()
    for name, heading in (
        ("cert.key_usage", "X509v3 Key Usage"),
        ("cert.ocsp_urls", "OCSP - URI"),
        ("cert.issuer_urls", "CA Issuers - URI"),
        ("cert.crl_urls", "X509v3 CRL Distribution Points"),
        ("cert.name_constraints", "X509v3 Name Constraints"),
        ("cert.path_length", "pathlen"),
    ):
        assert heading not in shown
        assert seen[name, "leaf"] is Absence.NOT_OFFERED
    assert seen["cert.must_staple", "leaf"] is False
    assert seen["cert.scts_embedded", "leaf"] == 0


def test_authority_says_what_it_may() -> None:
    limits = x509.NameConstraints([x509.DNSName("go.id")], [x509.IPAddress(IPv4Network("10.0.0.0/8"))])
    issuing = pki.authority("Penerbit", pki.authority(), path_length=0, further=(limits,))
    seen = look(pki.leaf(issuing, pki.HOST).chain_der)
    shown = text(issuing.der)
    assert "CA:TRUE, pathlen:0" in shown
    assert (seen["cert.ca", "1"], seen["cert.path_length", "1"]) == (True, 0)
    assert "Certificate Sign, CRL Sign" in shown
    assert seen["cert.key_usage", "1"] == ("keyCertSign", "cRLSign")
    assert "DNS:go.id" in shown
    assert "IP:10.0.0.0/255.0.0.0" in shown
    assert seen["cert.name_constraints", "1"] == ("permitted dns go.id", "excluded ip 10.0.0.0/8")
    assert seen["cert.ca", "leaf"] is False


def test_where_the_issuer_is_to_be_asked() -> None:
    places = x509.AuthorityInformationAccess([
        x509.AccessDescription(Access.OCSP, url("http://ocsp.contoh.id")),
        x509.AccessDescription(Access.CA_ISSUERS, url("http://ca.contoh.id/ca.der")),
    ])  # fmt: skip
    lists = x509.CRLDistributionPoints([x509.DistributionPoint([url("http://ca.contoh.id/ca.crl")], None, None, None)])
    seen, shown = said(places, lists)
    assert "OCSP - URI:http://ocsp.contoh.id" in shown
    assert seen["cert.ocsp_urls", "leaf"] == ("http://ocsp.contoh.id",)
    assert "CA Issuers - URI:http://ca.contoh.id/ca.der" in shown
    assert seen["cert.issuer_urls", "leaf"] == ("http://ca.contoh.id/ca.der",)
    assert "URI:http://ca.contoh.id/ca.crl" in shown
    assert seen["cert.crl_urls", "leaf"] == ("http://ca.contoh.id/ca.crl",)


def test_must_staple() -> None:
    seen, shown = said(x509.TLSFeature([x509.TLSFeatureType.status_request]))
    assert "status_request" in shown
    assert seen["cert.must_staple", "leaf"] is True


def test_purposes_by_name_and_dotted() -> None:
    own = ObjectIdentifier("1.3.6.1.4.1.99999.1")
    purposes = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.CLIENT_AUTH, own])
    issuing = pki.authority("Penerbit", pki.authority(), further=(purposes,))
    shown, seen = text(issuing.der), look(pki.leaf(issuing, pki.HOST).chain_der)
    assert "TLS Web Client Authentication, 1.3.6.1.4.1.99999.1" in shown
    assert seen["cert.extended_key_usage", "1"] == ("clientAuth", "1.3.6.1.4.1.99999.1")
    assert (seen["cert.server_auth", "1"], seen["cert.server_auth", "leaf"]) == (False, True)
    assert seen["cert.extended_key_usage", "leaf"] == ("serverAuth",)


def test_certificate_without_purposes_or_for_any_may_serve() -> None:
    anything = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.ANY_EXTENDED_KEY_USAGE])
    issuing = pki.authority("Penerbit", pki.authority("Atas", pki.authority()), further=(anything,))
    seen = look(pki.leaf(issuing, pki.HOST).chain_der)
    assert seen["cert.extended_key_usage", "1"] == ("anyExtendedKeyUsage",)
    assert seen["cert.extended_key_usage", "2"] is Absence.NOT_OFFERED
    assert [seen["cert.server_auth", position] for position in ("leaf", "1", "2")] == [True, True, True]


@pytest.mark.parametrize(("key", "curve"), [("ec-p384", "secp384r1"), ("ec-p521", "secp521r1")])
def test_curve_and_no_exponent(key: str, curve: str) -> None:
    site = pki.leaf(pki.authority(), pki.HOST, key=key)
    seen = look(site.chain_der)
    assert f"ASN1 OID: {curve}" in text(site.der)
    assert seen["cert.curve", "leaf"] == curve
    assert seen["cert.rsa_exponent", "leaf"] is Absence.NOT_OFFERED
    assert seen["cert.roca", "leaf"] is False


def test_exponent_and_no_curve() -> None:
    site = pki.leaf(pki.authority(), pki.HOST, key="rsa-2048")
    seen = look(site.chain_der)
    assert "Exponent: 65537" in text(site.der)
    assert seen["cert.rsa_exponent", "leaf"] == 65537
    assert seen["cert.curve", "leaf"] is Absence.NOT_OFFERED


def test_fingerprints_are_openssls() -> None:
    site = pki.standard()
    seen = look(site.chain_der)
    made = ["openssl", "x509", "-inform", "DER", "-noout", "-fingerprint", "-sha256"]
    shown = subprocess.run(made, input=site.der, check=True, capture_output=True).stdout.decode()
    assert seen["cert.fingerprint", "leaf"] == shown.strip().partition("=")[2].replace(":", "").lower()
    key = subprocess.run(
        "openssl x509 -inform DER -noout -pubkey | openssl pkey -pubin -outform DER | openssl sha256 -r",
        input=site.der, check=True, capture_output=True, shell=True,
    ).stdout.decode()  # fmt: skip
    assert seen["cert.key_fingerprint", "leaf"] == key.split()[0]


@pytest.mark.parametrize(
    "name",
    ["10.0.0.5", "192.168.1.1", "127.0.0.1", "fd00::1", "server", "simpeg.local", "*.dinas.internal", "portal.lan"],
)
def test_internal_names(name: str) -> None:
    seen = look(pki.leaf(pki.authority(), pki.HOST, name).chain_der)
    assert seen["cert.internal_names", "leaf"] == (name,)


@pytest.mark.parametrize("name", ["103.10.20.30", "2606:4700::1", "a.b.go.id", "*.example.org", "go.id"])
def test_public_names(name: str) -> None:
    assert look(pki.leaf(pki.authority(), pki.HOST, name).chain_der)["cert.internal_names", "leaf"] == ()
