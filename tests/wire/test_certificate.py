"""The certificate check against real servers whose certificates we made."""

import base64
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.x509.oid import AuthorityInformationAccessOID

from auditor.errors import Unobserved
from auditor.model import Absence, Absent, Endpoint, Fact, Level, Target
from auditor.net import Limits, Neighbours, Network
from checks import certificate
from tests.wire import nginx, pki, revocations, scripted, tlslite_server
from tests.wire.programs import gnutls_serv, s_server
from tests.wire.site import Site, reply


def look(port: int, *roots: bytes, host: str = pki.HOST, level: Level = Level.PASSIVE) -> Mapping[tuple[str, str], Any]:
    """Values by fact and subject; reasons where there is none."""
    target = Target("https", host, 443, level=level, connect=Endpoint("127.0.0.1", port))
    with Network(target, neighbours=Neighbours(), roots=roots, limits=Limits(exchange=5)) as net:
        items = list(certificate.collect(target, net))
        # 5 where no handshake succeeds; 4 where a staple that did not come is asked for again
        assert net.connections in ((1,) if level is Level.PASSIVE else (3, 4, 5))
    gaps = {(item.fact, item.subject or ""): item.reason for item in items if isinstance(item, Absent)}
    return gaps | {(item.name, item.subject): item.value for item in items if isinstance(item, Fact)}


def served(folder: Path, site: pki.Identity, host: str = pki.HOST) -> Mapping[tuple[str, str], Any]:
    """What the check says of nginx with this identity, the operator knowing its root."""
    with nginx.running(folder, nginx.tls(site.write(folder))) as (port,):
        return look(port, site.root_pem, host=host)


def test_sound_site(tmp_path: Path) -> None:
    seen = served(tmp_path, pki.standard())
    assert seen["cert.chain_trusted", "operator"] is True
    assert seen["cert.chain_trusted", "mozilla"] is False
    assert seen["cert.hostname_matches", "leaf"] is True
    assert seen["cert.names", "leaf"] == (pki.HOST, f"www.{pki.HOST}")
    assert seen["cert.subject", "1"] == "CN=Penerbit Uji"
    assert {subject for name, subject in seen if name == "cert.key_bits"} == {"leaf", "1"}


def test_ec_leaf_under_an_rsa_issuer_keeps_its_own_kind(tmp_path: Path) -> None:
    seen = served(tmp_path, pki.leaf(pki.authority("P", pki.authority("A"), key="rsa-2048"), pki.HOST))
    kinds = {subject: (seen["cert.key_type", subject], seen["cert.key_bits", subject]) for subject in ("leaf", "1")}
    assert kinds == {"leaf": ("ec", 256), "1": ("rsa", 2048)}
    assert seen["cert.signature_algorithm", "leaf"] == "sha256WithRSAEncryption"


def test_wrong_host(tmp_path: Path) -> None:
    assert served(tmp_path, pki.standard(), host="lain.go.id")["cert.hostname_matches", "leaf"] is False


def test_address_in_the_certificate(tmp_path: Path) -> None:
    site = pki.leaf(pki.authority(), "127.0.0.1")
    assert served(tmp_path, site, host="127.0.0.1")["cert.hostname_matches", "leaf"] is True


def test_expired(tmp_path: Path) -> None:
    seen = served(tmp_path, pki.expired(pki.authority()))
    assert seen["cert.not_after", "leaf"] < pki.now()
    assert seen["cert.chain_status", "operator"] == "certificate has expired"


def test_self_signed(tmp_path: Path) -> None:
    site = pki.leaf(None, pki.HOST)
    with nginx.running(tmp_path, nginx.tls(site.write(tmp_path))) as (port,):
        seen = look(port)
    assert seen["cert.self_signed", "leaf"] is True
    assert seen["cert.chain_trusted", "operator"] is False


def test_missing_intermediate(tmp_path: Path) -> None:
    site = pki.standard()
    files = site.write(tmp_path)
    files.chain.write_bytes(site.pem)
    with nginx.running(tmp_path, nginx.tls(files)) as (port,):
        seen = look(port, site.root_pem)
    assert seen["cert.chain_trusted", "operator"] is False
    assert ("cert.key_bits", "1") not in seen


def test_root_that_is_sent_along_is_a_position_too(tmp_path: Path) -> None:
    site = pki.standard()
    files = site.write(tmp_path)
    files.chain.write_bytes(site.chain_pem + site.root_pem)
    with nginx.running(tmp_path, nginx.tls(files)) as (port,):
        seen = look(port, site.root_pem)
    assert seen["cert.self_signed", "2"] is True
    assert seen["cert.chain_trusted", "operator"] is True


def test_small_key_and_weak_digest(tmp_path: Path) -> None:
    site = pki.leaf(pki.authority(key="rsa-1024"), pki.HOST, key="rsa-1024", digest=hashes.SHA1())
    with s_server(tmp_path, site.write(tmp_path), "-cipher", "ALL:@SECLEVEL=0") as port:
        seen = look(port, site.root_pem)
    assert seen["cert.key_bits", "leaf"] == 1024
    assert seen["cert.signature_algorithm", "leaf"] == "sha1WithRSAEncryption"


def test_chain_of_a_server_that_wants_a_client_certificate(tmp_path: Path) -> None:
    site = pki.standard()
    files = site.write(tmp_path)
    config = nginx.tls(files, f"ssl_client_certificate {files.root};", "ssl_verify_client on;")
    with nginx.running(tmp_path, config) as (port,):
        assert look(port, site.root_pem)["cert.chain_trusted", "operator"] is True


def test_without_tls_the_reason_of_the_network_is_kept(tmp_path: Path) -> None:
    config = "server { listen @0; return 200 halo; }"
    with nginx.running(tmp_path, config) as (port,), pytest.raises(Unobserved) as caught:
        look(port)
    assert caught.value.reason is Absence.MALFORMED


def test_stalling_server_is_a_time_out() -> None:
    versions = ("TLSv1.2", "TLSv1.3", "http")
    with scripted.running(dict.fromkeys(versions, scripted.STALL)) as port:
        target = Target("https", pki.HOST, 443, connect=Endpoint("127.0.0.1", port))
        with (
            Network(target, neighbours=Neighbours(), limits=Limits(exchange=0.4)) as net,
            pytest.raises(Unobserved) as caught,
        ):
            list(certificate.collect(target, net))
    assert caught.value.reason is Absence.TIMEOUT


BOTH = ("TLSv1.2", "TLSv1.3")
RSA_ROOT = pki.authority("Akar RSA", key="rsa-2048")
ISSUING = pki.authority("Penerbit RSA", RSA_ROOT, key="rsa-2048")


@pytest.mark.parametrize("version", BOTH)
def test_a_host_with_two_certificates_shows_both(tmp_path: Path, version: str) -> None:
    rsa = pki.leaf(ISSUING, pki.HOST, key="rsa-2048", owner="rsa")
    ec = pki.leaf(pki.authority("Akar EC"), f"www.{pki.HOST}", key="ec-p384", owner="ec")
    files = rsa.write(tmp_path, "rsa"), ec.write(tmp_path, "ec")
    lines = [f"ssl_certificate {files[1].chain};", f"ssl_certificate_key {files[1].key};", f"ssl_protocols {version};"]
    with nginx.running(tmp_path, nginx.tls(files[0], *lines)) as (port,):
        seen = look(port, rsa.root_pem, level=Level.STANDARD)
    assert (seen["cert.key_type", "leaf"], seen["cert.key_bits", "leaf"]) == ("rsa", 2048)
    assert (seen["cert.key_type", "ec:leaf"], seen["cert.key_bits", "ec:leaf"]) == ("ec", 384)
    assert (seen["cert.hostname_matches", "leaf"], seen["cert.hostname_matches", "ec:leaf"]) == (True, False)
    assert (seen["cert.chain_trusted", "operator"], seen["cert.chain_trusted", "ec:operator"]) == (True, False)
    assert ("cert.subject", "1") in seen
    assert ("cert.subject", "ec:1") not in seen


@pytest.mark.parametrize("version", BOTH)
@pytest.mark.parametrize("key", ["rsa-2048", "ec-p256"])
def test_a_response_that_is_stapled(tmp_path: Path, version: str, key: str) -> None:
    site = pki.leaf(ISSUING, pki.HOST, key=key, further=(x509.TLSFeature([x509.TLSFeatureType.status_request]),))
    period = revocations.current()
    staple = tmp_path / "staple.der"
    staple.write_bytes(revocations.response(site, ISSUING, period=period))
    lines = [f"ssl_protocols {version};", "ssl_stapling on;", f"ssl_stapling_file {staple};"]
    with nginx.running(tmp_path, nginx.tls(site.write(tmp_path), *lines)) as (port,):
        seen = look(port, site.root_pem, level=Level.STANDARD)
    assert seen["cert.must_staple", "leaf"] is True
    assert seen["cert.ocsp_stapled", "leaf"] is True
    assert seen["cert.ocsp_staple_faults", "leaf"] == ()
    assert seen["cert.ocsp_staple_status", "leaf"] == "good"
    assert seen["cert.ocsp_staple_this_update", "leaf"] == period.begins
    assert seen["cert.ocsp_staple_next_update", "leaf"] == period.ends


def test_no_response_is_stapled(tmp_path: Path) -> None:
    site = pki.leaf(ISSUING, pki.HOST, further=(x509.TLSFeature([x509.TLSFeatureType.status_request]),))
    with nginx.running(tmp_path, nginx.tls(site.write(tmp_path))) as (port,):
        seen = look(port, site.root_pem, level=Level.STANDARD)
    assert (seen["cert.must_staple", "leaf"], seen["cert.ocsp_stapled", "leaf"]) == (True, False)
    assert seen["cert.ocsp_staple_status", "leaf"] is Absence.NOT_OFFERED


def test_staples_that_say_otherwise(tmp_path: Path) -> None:
    site = pki.leaf(ISSUING, pki.HOST)
    stale = revocations.stale()
    cases = (
        (revocations.response(site, ISSUING, period=stale), (), "good", stale.ends),
        (revocations.response(site, ISSUING, revocations.REVOKED), (), "revoked", None),
        (revocations.response(pki.leaf(ISSUING, "lain.go.id"), ISSUING), ("another_certificate",), Absence.NOT_ASSESSABLE, None),
        (revocations.response(site, ISSUING, signer=pki.authority("Orang Lain")), ("unsigned",), "good", None),
    )  # fmt: skip
    files, staple = site.write(tmp_path), tmp_path / "staple.der"
    for response, faults, status, ends in cases:
        staple.write_bytes(response)
        with s_server(tmp_path, files, "-status_file", str(staple)) as port:
            seen = look(port, site.root_pem, level=Level.STANDARD)
        assert (seen["cert.ocsp_staple_faults", "leaf"], seen["cert.ocsp_staple_status", "leaf"]) == (faults, status)
        assert ends is None or seen["cert.ocsp_staple_next_update", "leaf"] == ends


def test_timestamps_in_the_certificate_and_in_the_staple_are_counted_once_a_log(tmp_path: Path) -> None:
    embedded = pki.embedded_timestamps(pki.timestamp_list(pki.timestamp(b"a"), pki.timestamp(b"b")))
    site = pki.leaf(ISSUING, pki.HOST, further=(embedded,))
    staple = tmp_path / "staple.der"
    staple.write_bytes(revocations.response(site, ISSUING))
    with s_server(tmp_path, site.write(tmp_path), "-status_file", str(staple)) as port:
        seen = look(port, site.root_pem, level=Level.STANDARD)
    assert [seen[f"cert.scts{way}", "leaf"] for way in ("_embedded", "_tls", "_ocsp", "")] == [2, 0, 0, 2]


@pytest.mark.parametrize("key", ["rsa-2048", "ec-p256", "ec-p384", "ec-p521", "ed25519", "ed448"])
def test_every_kind_of_key_is_found_where_tls_1_3_is_all_there_is(tmp_path: Path, key: str) -> None:
    site = pki.leaf(ISSUING, pki.HOST, key=key)
    with s_server(tmp_path, site.write(tmp_path), "-tls1_3") as port:
        seen = look(port, site.root_pem, level=Level.STANDARD)
    assert seen["cert.key_type", "leaf"] == key.partition("-")[0]
    assert seen["cert.ocsp_stapled", "leaf"] is False
    assert seen["cert.chain_trusted", "operator"] is True


@pytest.mark.parametrize("version", BOTH)
def test_a_server_that_wants_a_client_certificate_shows_its_own(tmp_path: Path, version: str) -> None:
    site = pki.leaf(ISSUING, pki.HOST, key="rsa-2048")
    files = site.write(tmp_path)
    with gnutls_serv(
        tmp_path,
        files,
        f"NONE:+VERS-{version.replace('v', '')}:+CIPHER-ALL:+KX-ALL:+MAC-ALL:+GROUP-ALL:+SIGN-ALL",
        "--require-client-cert",
    ) as port:
        seen = look(port, site.root_pem, level=Level.STANDARD)
    assert (seen["cert.key_type", "leaf"], seen["cert.ocsp_stapled", "leaf"]) == ("rsa", False)
    config = nginx.tls(
        files, f"ssl_client_certificate {files.root};", "ssl_verify_client on;", f"ssl_protocols {version};"
    )
    with nginx.running(tmp_path, config) as (port,):
        assert look(port, site.root_pem, level=Level.STANDARD)["cert.chain_trusted", "operator"] is True


def test_ten_thousand_names(tmp_path: Path) -> None:
    names = [f"situs-{number}.contoh.go.id" for number in range(9_999)]
    site = pki.leaf(ISSUING, *names, pki.HOST, key="rsa-2048")
    with nginx.running(tmp_path, nginx.tls(site.write(tmp_path))) as (port,):
        target = Target("https", pki.HOST, 443, level=Level.STANDARD, connect=Endpoint("127.0.0.1", port))
        with Network(target, neighbours=Neighbours(), roots=(site.root_pem,)) as net:
            items = list(certificate.collect(target, net))
    seen = {(item.name, item.subject): item.value for item in items if isinstance(item, Fact)}
    assert seen["cert.names", "leaf"] == (*names, pki.HOST)
    assert seen["cert.hostname_matches", "leaf"] is True
    assert seen["cert.chain_trusted", "operator"] is True


@pytest.mark.parametrize("version", BOTH)
def test_a_response_that_the_server_fetches_when_it_is_first_asked_for(tmp_path: Path, version: str) -> None:
    with Site({}) as responder:
        place = x509.UniformResourceIdentifier(f"http://127.0.0.1:{responder.port}/")
        access = x509.AuthorityInformationAccess([x509.AccessDescription(AuthorityInformationAccessOID.OCSP, place)])
        must = x509.TLSFeature([x509.TLSFeatureType.status_request])
        site = pki.leaf(ISSUING, pki.HOST, key="rsa-2048", further=(access, must))
        body = revocations.response(site, ISSUING)
        responder.pages["*"] = reply(200, body=body, kind="application/ocsp-response")
        lines = (
            "ssl_stapling on;",
            f"ssl_stapling_responder http://127.0.0.1:{responder.port}/;",
            f"ssl_protocols {version};",
        )
        with nginx.running(tmp_path, nginx.tls(site.write(tmp_path), *lines)) as (port,):
            seen = look(port, site.root_pem, level=Level.STANDARD)
        assert responder.requests
    assert (seen["cert.ocsp_stapled", "leaf"], seen["cert.ocsp_staple_status", "leaf"]) == (True, "good")


@pytest.mark.parametrize("priority", ["NORMAL", "NORMAL:-VERS-TLS1.3"])
def test_a_response_that_gnutls_staples(tmp_path: Path, priority: str) -> None:
    site = pki.leaf(ISSUING, pki.HOST, key="rsa-2048")
    staple = tmp_path / "staple.der"
    staple.write_bytes(revocations.response(site, ISSUING))
    with gnutls_serv(tmp_path, site.write(tmp_path), priority, f"--ocsp-response={staple}") as port:
        seen = look(port, site.root_pem, level=Level.STANDARD)
    assert (seen["cert.ocsp_staple_faults", "leaf"], seen["cert.ocsp_staple_status", "leaf"]) == ((), "good")


@pytest.mark.parametrize("flag", ["-tls1_2", "-tls1_3"])
def test_timestamps_that_come_with_the_handshake(tmp_path: Path, flag: str) -> None:
    """OpenSSL's `serverinfo` sends any extension: contexts ClientHello, ServerHello of TLS 1.2, Certificate of TLS 1.3."""
    embedded = pki.embedded_timestamps(pki.timestamp_list(pki.timestamp(b"a")))
    site = pki.leaf(ISSUING, pki.HOST, key="rsa-2048", further=(embedded,))
    content = pki.timestamp_list(pki.timestamp(b"a"), pki.timestamp(b"b"))
    info = (0x1180).to_bytes(4) + (18).to_bytes(2) + len(content).to_bytes(2) + content
    file = tmp_path / "serverinfo.pem"
    encoded = base64.encodebytes(info).decode()
    file.write_text(f"-----BEGIN SERVERINFOV2 FOR SCT-----\n{encoded}-----END SERVERINFOV2 FOR SCT-----\n")
    with s_server(tmp_path, site.write(tmp_path), flag, "-serverinfo", str(file)) as port:
        seen = look(port, site.root_pem, level=Level.STANDARD)
    assert [seen[f"cert.scts{way}", "leaf"] for way in ("_embedded", "_tls", "_ocsp", "")] == [1, 2, 0, 2]


@pytest.mark.parametrize("version", [(3, 0), (3, 1), (3, 2), (3, 3)])
def test_versions_that_our_own_library_may_not_have(tmp_path: Path, version: tuple[int, int]) -> None:
    site = pki.leaf(ISSUING, pki.HOST, key="rsa-2048")
    with tlslite_server.running(site.write(tmp_path), version) as port:
        target = Target("https", pki.HOST, 443, level=Level.STANDARD, connect=Endpoint("127.0.0.1", port))
        with Network(target, neighbours=Neighbours(), roots=(site.root_pem,), limits=Limits(exchange=5)) as net:
            items = list(certificate.collect(target, net))
    seen = {(item.name, item.subject): item.value for item in items if isinstance(item, Fact)}
    assert (seen["cert.key_bits", "leaf"], seen["cert.chain_trusted", "operator"]) == (2048, True)
    assert not [item for item in items if isinstance(item, Absent) and item.fact == "cert.key_bits"]


@pytest.mark.parametrize("groups", ["X448", "P-521", "ffdhe2048"])
def test_groups_that_few_servers_insist_on(tmp_path: Path, groups: str) -> None:
    site = pki.leaf(ISSUING, pki.HOST, key="rsa-2048")
    with s_server(tmp_path, site.write(tmp_path), "-groups", groups) as port:
        target = Target("https", pki.HOST, 443, level=Level.STANDARD, connect=Endpoint("127.0.0.1", port))
        with Network(target, neighbours=Neighbours(), roots=(site.root_pem,), limits=Limits(exchange=5)) as net:
            items = list(certificate.collect(target, net))
    seen = {(item.name, item.subject): item.value for item in items if isinstance(item, Fact)}
    assert (seen["cert.key_bits", "leaf"], seen["cert.ocsp_stapled", "leaf"]) == (2048, False)
    assert not [item for item in items if isinstance(item, Absent) and item.fact == "cert.key_bits"]
