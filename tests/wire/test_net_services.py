"""Calls to services that a site names beside itself, and questions to the DNS."""

import pytest

from auditor.errors import Unobserved
from auditor.model import Absence, Endpoint, Level, Target
from auditor.net import Field, Limits, Neighbours, Network
from tests.wire import name_server
from tests.wire.site import Site, aim, reply

QUESTION = Field("Content-Type", "application/ocsp-request")


def network(target: Target, resolver: Endpoint | None = None) -> Network:
    return Network(target, neighbours=Neighbours(), limits=Limits(exchange=2), resolver=resolver)


def absence(net: Network, url: str) -> Absence:
    with pytest.raises(Unobserved) as caught:
        net.call(url)
    return caught.value.reason


def test_a_body_makes_it_a_post_that_is_made_once() -> None:
    with Site({"/ocsp": reply(200, body=b"answer")}) as service, network(aim(None, service)) as net:
        url = f"http://127.0.0.1:{service.port}/ocsp"
        for body in (b"question", b"question", b"another"):
            assert net.call(url, body=body, fields=(QUESTION,)).body == b"answer"
        first, second = service.requests
    assert first.raw.startswith(b"POST /ocsp HTTP/1.1\r\n")
    assert b"\r\nContent-Length: 8\r\n" in first.raw
    assert b"\r\nContent-Type: application/ocsp-request\r\n" in first.raw
    assert first.raw.endswith(b"\r\n\r\nquestion")
    assert second.raw.endswith(b"\r\n\r\nanother")


def test_a_service_leads_nowhere_else_and_its_answer_is_capped() -> None:
    pages = {"/a": reply(302, "Location: /b"), "/b": reply(200, body=b"x"), "/long": reply(200, body=b"y" * 4096)}
    with Site(pages) as service, network(aim(None, service)) as net:
        root = f"http://127.0.0.1:{service.port}"
        assert net.call(f"{root}/a").status == 302
        answer = net.call(f"{root}/long", cap=100)
        assert (len(answer.body), answer.complete) == (100, False)
        assert service.paths == ["/a", "/long"]


def test_no_url_and_no_such_place() -> None:
    with Site({}) as service, network(aim(None, service)) as net:
        assert absence(net, "ldap://127.0.0.1/cn=x") is Absence.MALFORMED
        assert absence(net, "http://169.254.169.254/latest/meta-data/") is Absence.NOT_AUTHORISED
        assert service.paths == []


def test_a_public_site_sends_us_nowhere_private() -> None:
    zone = {("contoh.go.id", "A"): ["1.1.1.1"], ("ocsp.contoh.go.id", "A"): ["127.0.0.1", "10.0.0.1"]}
    public = Target("https", "contoh.go.id", 443, level=Level.STANDARD)
    with name_server.serving(zone) as server, network(public, server.endpoint) as net:
        assert absence(net, "http://ocsp.contoh.go.id/") is Absence.NOT_AUTHORISED
        assert absence(net, "http://127.0.0.1/") is Absence.NOT_AUTHORISED
        assert net.connections == 0


def test_records_by_type_and_none() -> None:
    zone = {("contoh.go.id", "TXT"): ['"v=spf1 -all"', '"lain"'], ("sunyi.go.id", "TXT"): name_server.SILENT}
    with name_server.serving(zone) as server, network(aim(Endpoint("127.0.0.1", 9)), server.endpoint) as net:
        assert net.records("contoh.go.id", "TXT") == ('"lain"', '"v=spf1 -all"')
        assert net.records("contoh.go.id", "CAA") == ()
        assert net.records("tidak-ada.go.id", "CAA") == ()
        assert net.records("localhost", "CAA") == ()
        assert ("localhost", "CAA") not in server.asked
        with pytest.raises(Unobserved, match="timeout"):
            net.records("sunyi.go.id", "TXT")
    with network(aim(Endpoint("127.0.0.1", 9))) as net, pytest.raises(Unobserved, match="not_collected"):
        net.records("contoh.go.id", "CAA")
