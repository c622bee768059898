"""The certificate check against real servers whose certificates we made."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes

from auditor.errors import Unobserved
from auditor.model import Absence, Endpoint, Fact, Target
from auditor.net import Limits, Neighbours, Network
from checks import certificate
from tests.wire import nginx, pki, scripted
from tests.wire.programs import s_server


def look(port: int, *roots: bytes, host: str = pki.HOST) -> Mapping[tuple[str, str], Any]:
    """Values by fact and subject."""
    target = Target("https", host, 443, connect=Endpoint("127.0.0.1", port))
    with Network(target, neighbours=Neighbours(), roots=roots, limits=Limits(exchange=5)) as net:
        items = list(certificate.collect(target, net))
        assert net.connections == 1
    return {(item.name, item.subject): item.value for item in items if isinstance(item, Fact)}


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
