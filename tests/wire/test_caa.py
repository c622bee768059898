"""Whether CAA records let an authority issue: examples of RFC 8659, and over a scripted name server."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from auditor.errors import Unobserved
from auditor.model import Absence, Absent, Endpoint, Fact, Level, Target
from auditor.net import Limits, Neighbours, Network
from checks.certificate import caa
from checks.certificate.caa import Property
from tests.wire import name_server, nginx, pki

ENCRYPT, GOOGLE = ("Let's Encrypt", "Internet Security Research Group"), ("Google Trust Services",)
ISSUE, WILD = Property("issue", "letsencrypt.org"), Property("issuewild", "pki.goog")


@pytest.mark.parametrize(
    ("records", "organisations", "wild", "expected"),
    [
        ([ISSUE], ENCRYPT, False, True),
        ([ISSUE], GOOGLE, False, False),
        ([ISSUE], ENCRYPT, True, True),
        ([ISSUE, WILD], ENCRYPT, True, False),
        ([ISSUE, WILD], GOOGLE, True, True),
        ([WILD], ENCRYPT, False, True),
        ([Property("issue", ";")], ENCRYPT, False, False),
        ([Property("issue", "")], ENCRYPT, False, False),
        ([Property("issue", "LetsEncrypt.org; validationmethods=dns-01")], ENCRYPT, False, True),
        ([Property("iodef", "mailto:csirt@contoh.go.id")], GOOGLE, False, True),
        ([ISSUE, Property("issue", "pki.goog")], GOOGLE, False, True),
        ([ISSUE], ("Penerbit Uji",), False, False),
        ([Property("issue", "pse.contoh.go.id")], ("Penerbit Uji",), False, None),
        ([Property("issue", "pse.contoh.go.id")], ENCRYPT, False, False),
        ([ISSUE, Property("baru", "x", critical=True)], ENCRYPT, False, False),
        ([ISSUE, Property("baru", "x")], ENCRYPT, False, True),
    ],
)
def test_who_may_issue(
    records: list[Property], organisations: tuple[str, ...], *, wild: bool, expected: bool | None
) -> None:
    found = caa.permitted(records, organisations, wild=wild)
    assert (found.reason is Absence.NOT_ASSESSABLE) if isinstance(found, Unobserved) else (found is expected)


def look(folder: Path, zone: name_server.Zone, *names: str) -> tuple[Mapping[Any, Any], list[tuple[str, str]]]:
    site = pki.leaf(pki.authority("R99", organisation="Let's Encrypt"), *(names or (pki.HOST,)))
    with nginx.running(folder, nginx.tls(site.write(folder))) as (port,), name_server.serving(zone) as server:
        target = Target("https", "www.contoh.go.id", 443, level=Level.STANDARD, connect=Endpoint("127.0.0.1", port))
        with Network(target, neighbours=Neighbours(), limits=Limits(exchange=1), resolver=server.endpoint) as net:
            items = list(caa.collect(target, net))
    gaps = {(item.fact, item.subject or ""): item.reason for item in items if isinstance(item, Absent)}
    return gaps | {(item.name, item.subject): item.value for item in items if isinstance(item, Fact)}, server.asked


def test_the_nearest_name_with_records_decides(tmp_path: Path) -> None:
    zone = {("contoh.go.id", "CAA"): ['0 issue "letsencrypt.org"', '128 issue ";"'], ("go.id", "CAA"): ['0 issue ";"']}
    seen, asked = look(tmp_path, zone, "www.contoh.go.id")
    assert set(seen["cert.caa", ""]) == {"issue letsencrypt.org", "issue ;"}
    assert seen["cert.caa_matches", "leaf"] is True
    assert asked == [("www.contoh.go.id", "CAA"), ("contoh.go.id", "CAA")]


def test_a_wildcard_is_for_issuewild(tmp_path: Path) -> None:
    zone = {("contoh.go.id", "CAA"): ['0 issue "letsencrypt.org"', '0 issuewild "pki.goog"']}
    assert look(tmp_path, zone, "*.contoh.go.id")[0]["cert.caa_matches", "leaf"] is False


def test_no_records_up_to_the_top(tmp_path: Path) -> None:
    seen, asked = look(tmp_path, {})
    assert (seen["cert.caa", ""], seen["cert.caa_matches", ""]) == (Absence.NOT_OFFERED, Absence.NOT_OFFERED)
    assert [name for name, _ in asked] == ["www.contoh.go.id", "contoh.go.id", "go.id", "id"]


@pytest.mark.parametrize(
    ("answer", "reason"), [(name_server.SILENT, Absence.TIMEOUT), (name_server.FAILING, Absence.UNREACHABLE)]
)
def test_a_resolver_that_does_not_answer_says_nothing(tmp_path: Path, answer: tuple[str], reason: Absence) -> None:
    seen, _ = look(tmp_path, {("contoh.go.id", "CAA"): answer})
    assert (seen["cert.caa", ""], seen["cert.caa_matches", ""]) == (reason, reason)
