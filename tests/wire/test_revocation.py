"""Whether certificates are revoked, asked of OpenSSL's responder, of scripted ones and of lists."""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.x509.oid import AuthorityInformationAccessOID as Access

from auditor.model import Absence, Absent, Endpoint, Fact, Level, Target
from auditor.net import Limits, Neighbours, Network
from checks.certificate import revocation
from tests.wire import name_server, nginx, pki, programs, revocations
from tests.wire.site import Site, Stall, closed_port, reply

ROOT = pki.authority("Akar Uji", key="rsa-2048")
ISSUING = pki.authority("Penerbit Uji", ROOT, key="rsa-2048")


def pointers(responder: str = "", crl: str = "") -> tuple[x509.ExtensionType, ...]:
    """Extensions that say where to ask."""
    found: list[x509.ExtensionType] = []
    if responder:
        place = x509.UniformResourceIdentifier(responder)
        found.append(x509.AuthorityInformationAccess([x509.AccessDescription(Access.OCSP, place)]))
    if crl:
        place = x509.UniformResourceIdentifier(crl)
        found.append(x509.CRLDistributionPoints([x509.DistributionPoint([place], None, None, None)]))
    return tuple(found)


def look(port: int, *, resolver: Endpoint | None = None, limits: Limits = Limits(exchange=5)) -> Mapping[Any, Any]:  # noqa: B008 - frozen
    """Values by fact and subject; reasons where there is none."""
    target = Target("https", pki.HOST, 443, level=Level.STANDARD, connect=Endpoint("127.0.0.1", port))
    with Network(target, neighbours=Neighbours(), roots=(ROOT.pem,), limits=limits, resolver=resolver) as net:
        items = list(revocation.collect(target, net))
    gaps = {(item.fact, item.subject or ""): item.reason for item in items if isinstance(item, Absent)}
    return gaps | {(item.name, item.subject): item.value for item in items if isinstance(item, Fact)}


def served(folder: Path, site: pki.Identity, **more: Any) -> Mapping[Any, Any]:
    with nginx.running(folder, nginx.tls(site.write(folder))) as (port,):
        return look(port, **more)


@contextmanager
def openssl_responder(folder: Path, issuer: pki.Identity, port: int, index: Sequence[str]) -> Iterator[None]:
    """`openssl ocsp` as a responder on a port that was chosen before."""
    files = issuer.write(folder, "issuer")
    (folder / "index.txt").write_text("".join(f"{line}\n" for line in index))
    command = (
        "openssl", "ocsp", "-index", folder / "index.txt", "-port", str(port), "-rsigner", files.chain,
        "-rkey", files.key, "-CA", files.chain, "-nmin", "10",
    )  # fmt: skip
    process = programs._start(command, folder / "ocsp.log")
    try:
        while "waiting for OCSP client" not in (folder / "ocsp.log").read_text():  # a connection would upset it
            assert process.poll() is None
            time.sleep(0.02)
        yield
    finally:
        programs._stop(process)


@pytest.mark.parametrize("state", ["V", "R", "absent"])
def test_what_openssls_responder_says(tmp_path: Path, state: str) -> None:
    (port,) = programs._free(1)
    site = pki.leaf(ISSUING, pki.HOST, further=pointers(f"http://127.0.0.1:{port}/"))
    ends = f"{site.certificate.not_valid_after_utc:%y%m%d%H%M%SZ}"
    revoked = f"{pki.now() - pki.DAY:%y%m%d%H%M%SZ},keyCompromise" if state == "R" else ""
    serial = f"{site.certificate.serial_number:040X}"
    line = f"{state}\t{ends}\t{revoked}\t{serial}\tunknown\t/CN={pki.HOST}"
    with openssl_responder(tmp_path, ISSUING, port, [] if state == "absent" else [line]):
        seen = served(tmp_path, site)
    expected = {"V": (False, "good"), "R": (True, "revoked"), "absent": (Absence.NOT_ASSESSABLE, "unknown")}[state]
    assert (seen["cert.revoked", "leaf"], seen["cert.ocsp_status", "leaf"]) == expected
    assert seen["cert.revoked", "1"] is Absence.NOT_OFFERED


Made = Callable[[pki.Identity], bytes]


def answered(
    folder: Path, pages: Mapping[str, Stall | bytes | Made], responder: str = "", crl: str = ""
) -> Mapping[Any, Any]:
    """What is said of a site whose issuer answers with `pages`, which are made for the site by functions."""
    with Site({}) as site:
        root = f"http://127.0.0.1:{site.port}"
        shown = pki.leaf(ISSUING, pki.HOST, further=pointers(responder and root + responder, crl and root + crl))
        for path, page in pages.items():
            site.pages[path] = page(shown) if callable(page) else page
        return served(folder, shown, limits=Limits(exchange=1))


def ocsp(make: Made) -> Made:
    return lambda shown: reply(200, body=make(shown), kind="application/ocsp-response")


def test_answers_that_are_not_to_be_believed_are_no_answers(tmp_path: Path) -> None:
    other = pki.leaf(ISSUING, "lain.go.id")
    cases: tuple[tuple[Stall | bytes | Made, Absence], ...] = (
        (ocsp(lambda _: b"<html>"), Absence.MALFORMED),
        (ocsp(lambda _: revocations.refusal()), Absence.REFUSED),
        (ocsp(lambda _: revocations.response(other, ISSUING)), Absence.MALFORMED),
        (ocsp(lambda shown: revocations.response(shown, ISSUING, signer=pki.authority("Lain"))), Absence.MALFORMED),
        (ocsp(lambda shown: revocations.response(shown, ISSUING, period=revocations.stale())), Absence.NOT_ASSESSABLE),
        (reply(503), Absence.REFUSED),
        (Stall(), Absence.TIMEOUT),
    )
    for page, reason in cases:
        seen = answered(tmp_path, {"/ocsp": page}, "/ocsp")
        assert (seen["cert.revoked", "leaf"], seen["cert.ocsp_status", "leaf"]) == (reason, reason)


def test_lists_are_looked_at_where_no_responder_has_settled_it(tmp_path: Path) -> None:
    empty, full = (
        (lambda _: reply(200, body=revocations.revocation_list(ISSUING))),
        (lambda shown: reply(200, body=revocations.revocation_list(ISSUING, shown))),
    )
    assert answered(tmp_path, {"/a.crl": empty}, crl="/a.crl")["cert.revoked", "leaf"] is False
    seen = answered(tmp_path, {"/a.crl": full}, crl="/a.crl")
    assert (seen["cert.revoked", "leaf"], seen["cert.crl_listed", "leaf"]) == (True, True)
    assert seen["cert.ocsp_status", "leaf"] is Absence.NOT_OFFERED
    seen = answered(tmp_path, {"/a.crl": full, "/ocsp": reply(500)}, "/ocsp", "/a.crl")
    assert (seen["cert.revoked", "leaf"], seen["cert.ocsp_status", "leaf"]) == (True, Absence.REFUSED)
    seen = answered(
        tmp_path, {"/a.crl": full, "/ocsp": ocsp(lambda s: revocations.response(s, ISSUING))}, "/ocsp", "/a.crl"
    )
    assert (seen["cert.revoked", "leaf"], seen["cert.crl_listed", "leaf"]) == (False, Absence.NOT_COLLECTED)


def test_lists_that_are_not_to_be_believed_say_nothing(tmp_path: Path) -> None:
    stranger = pki.authority("Penerbit Uji", key="rsa-1024")
    cases = (
        (revocations.revocation_list(stranger), Absence.MALFORMED),
        (revocations.revocation_list(ROOT), Absence.MALFORMED),
        (revocations.revocation_list(ISSUING, period=revocations.stale()), Absence.NOT_ASSESSABLE),
        (b"\x30\x03\x02\x01\x00", Absence.MALFORMED),
    )
    for body, reason in cases:
        page = reply(200, body=body, kind="application/pkix-crl")
        seen = answered(tmp_path, {"/a.crl": page}, crl="/a.crl")
        assert (seen["cert.revoked", "leaf"], seen["cert.crl_listed", "leaf"]) == (reason, reason)


def test_an_intermediate_that_is_revoked(tmp_path: Path) -> None:
    with Site({}) as site:
        issuing = pki.authority(
            "Penerbit Dicabut", ROOT, further=pointers(crl=f"http://127.0.0.1:{site.port}/akar.crl")
        )
        site.pages["/akar.crl"] = reply(200, body=revocations.revocation_list(ROOT, issuing))
        seen = served(tmp_path, pki.leaf(issuing, pki.HOST))
    assert (seen["cert.revoked", "leaf"], seen["cert.revoked", "1"]) == (Absence.NOT_OFFERED, True)


def test_a_responder_that_is_not_there(tmp_path: Path) -> None:
    site = pki.leaf(ISSUING, pki.HOST, further=pointers(f"http://127.0.0.1:{closed_port().port}/"))
    assert served(tmp_path, site)["cert.revoked", "leaf"] is Absence.REFUSED


def test_a_responder_by_name_is_found_by_the_resolver(tmp_path: Path) -> None:
    with Site({}) as site:
        shown = pki.leaf(ISSUING, pki.HOST, further=pointers(f"http://ocsp.contoh.go.id:{site.port}/"))
        site.pages["*"] = ocsp(lambda s: revocations.response(s, ISSUING))(shown)
        with name_server.serving({("ocsp.contoh.go.id", "A"): ["127.0.0.1"]}) as server:
            seen = served(tmp_path, shown, resolver=server.endpoint)
    assert seen["cert.revoked", "leaf"] is False
