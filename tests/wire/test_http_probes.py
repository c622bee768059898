"""What is asked beside the page: CORS origins, methods, security.txt; as bytes on a wire."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from types import ModuleType
from typing import Any

import pytest

import checks.contact
import checks.cors
import checks.methods
from auditor.model import Absence, Absent, Covered, Fact, Level
from auditor.net import Limits, Neighbours, Network
from tests.wire.conformance import BODY, Case, facts_of
from tests.wire.site import NAME, NOT_FOUND, Cut, Page, Request, Site, aim, reply

ORIGINS = {"any", "null", "prefix", "suffix", "dot", "plain"}
CHALLENGE = reply(403, "cf-mitigated: challenge", body=b"<title>Just a moment...</title>")


def origin_of(request: Request) -> str:
    found = re.search(rb"(?im)^origin:[ \t]*(.*?)\r", request.raw)
    return found[1].decode() if found else ""


def answering(rule: Callable[[str, Request], list[str]]) -> dict[str, Page]:
    """A home page whose CORS fields depend on the origin asked for."""
    return {"/": lambda request: reply(200, *rule(origin_of(request), request), body=BODY)}


def reflected(origin: str, *_: object) -> list[str]:
    return [f"Access-Control-Allow-Origin: {origin}", "Access-Control-Allow-Credentials: true"]


def said(pages: dict[str, Page], fact: str, check: ModuleType = checks.cors) -> set[str]:
    """Origins for which a fact is true."""
    facts = facts_of(check, "http.cors.", Case("", (), {}, more=pages), Level.ACTIVE)
    return {
        name.partition("[")[2].rstrip("]")
        for name, value in facts.items()
        if name.startswith(f"{fact}[") and value is True
    }


def only(test: Callable[[str], object]) -> dict[str, Page]:
    """A site that reflects origins that pass a careless test."""
    return answering(lambda origin, request: reflected(origin) if test(origin) else [])


@pytest.mark.parametrize(
    ("pages", "reads"),
    [
        pytest.param(only(lambda _: False), set(), id="nobody"),
        pytest.param(only(lambda _: True), ORIGINS, id="any-origin-reflected"),
        pytest.param(only(lambda origin: origin == "null"), {"null"}, id="null"),
        pytest.param(only(lambda origin: origin.startswith(f"https://{NAME}")), {"prefix"}, id="compared-from-the-start"),
        pytest.param(only(lambda origin: origin.endswith(NAME)), {"suffix", "plain"}, id="compared-from-the-end"),
        pytest.param(only(lambda origin: re.fullmatch(r"https://contoh.go.id", origin)), {"dot"}, id="a-dot-that-is-any-character"),
        pytest.param(only(lambda origin: origin == f"http://{NAME}"), {"plain"}, id="the-site-in-clear"),
        pytest.param(only(lambda origin: origin == f"https://{NAME}"), set(), id="itself-alone"),
    ],
)  # fmt: skip
def test_whom_a_careless_comparison_lets_read_with_cookies(pages: dict[str, Page], reads: set[str]) -> None:
    assert said(pages, "credentials") == reads


@pytest.mark.parametrize(
    ("fields", "readable", "credentials"),
    [
        pytest.param(["Access-Control-Allow-Origin: *"], True, False, id="4.10-star"),
        pytest.param(["Access-Control-Allow-Origin: *", "Access-Control-Allow-Credentials: true"], True, False, id="4.10-star-and-credentials"),
        pytest.param(["Access-Control-Allow-Origin: {}"], True, False, id="4.10-reflected-without-credentials"),
        pytest.param(["Access-Control-Allow-Origin: {}", "Access-Control-Allow-Credentials: True"], True, False, id="4.10-true-in-capitals"),
        pytest.param(["Access-Control-Allow-Origin: {}", "Access-Control-Allow-Credentials: true"], True, True, id="4.10-both"),
        pytest.param(["Access-Control-Allow-Origin: {}", "Access-Control-Allow-Origin: {}", "Access-Control-Allow-Credentials: true"], False, False, id="4.10-two-fields-match-nothing"),
        pytest.param(["Access-Control-Allow-Origin: {}, *", "Access-Control-Allow-Credentials: true"], False, False, id="4.10-a-list-matches-nothing"),
        pytest.param(["Access-Control-Allow-Origin: https://contoh.go.id", "Access-Control-Allow-Credentials: true"], False, False, id="4.10-another-origin"),
        pytest.param(["Access-Control-Allow-Credentials: true"], False, False, id="4.10-no-origin"),
        pytest.param([], False, False, id="4.10-nothing"),
    ],
)  # fmt: skip
def test_the_cors_check_of_fetch(fields: list[str], readable: bool, credentials: bool) -> None:  # noqa: FBT001
    pages = answering(lambda origin, _: [line.format(origin) for line in fields])
    assert bool(said(pages, "readable")) is readable
    assert bool(said(pages, "credentials")) is credentials


def preflight(status: int, *methods: str, origins: Callable[[str], list[str]] = reflected) -> dict[str, Page]:
    def answer(request: Request) -> bytes:
        listed = [f"Access-Control-Allow-Methods: {value}" for value in methods]
        if request.method != "OPTIONS":
            return reply(200, body=BODY)
        return reply(status, *origins(origin_of(request)), *listed)

    return {"/": answer}


@pytest.mark.parametrize(
    ("pages", "writes"),
    [
        pytest.param(preflight(204, "GET, PUT"), True, id="4.8-put"),
        pytest.param(preflight(200, "GET", "DELETE"), True, id="4.8-second-field"),
        pytest.param(preflight(204, "GET, POST"), False, id="4.8-other-methods"),
        pytest.param(preflight(204, "*"), False, id="4.8-star-is-no-method-with-credentials"),
        pytest.param(preflight(204, "put"), False, id="4.8-methods-keep-their-case"),
        pytest.param(preflight(204), False, id="4.8-no-list"),
        pytest.param(preflight(405, "PUT"), False, id="4.8-status-not-ok"),
        pytest.param(preflight(501, "PUT"), False, id="4.8-not-implemented"),
        pytest.param(preflight(301, "PUT"), False, id="4.8-redirect"),
        pytest.param(preflight(204, "PUT", origins=lambda _: ["Access-Control-Allow-Origin: *"]), False, id="4.8-star-without-credentials"),
    ],
)  # fmt: skip
def test_preflight(pages: dict[str, Page], writes: bool) -> None:  # noqa: FBT001
    assert said(pages, "writable") == (ORIGINS if writes else set())


def collected(
    check: ModuleType, pages: dict[str, Page], level: Level = Level.ACTIVE
) -> tuple[list[Any], list[tuple[str, str]]]:
    with Site({"/": reply(200, body=BODY)} | pages, tls=True) as site:
        target = aim(site, level=level)
        with Network(target, neighbours=Neighbours(), limits=Limits(exchange=2, target=10)) as net:
            found = list(check.collect(target, net))
        return found, [(request.method, request.target) for request in site.requests]


def test_six_origins_are_tried_twice_each() -> None:
    found, asked = collected(checks.cors, {})
    assert asked == [("GET", "/"), *[("GET", "/"), ("OPTIONS", "/")] * 6]
    assert {item.subject for item in found if isinstance(item, Fact)} == ORIGINS
    assert {item.fact for item in found if isinstance(item, Covered)} == set(checks.cors.facts)


@pytest.mark.parametrize(
    "failure", [CHALLENGE, reply(503), reply(429), Cut()], ids=["challenge", "503", "429", "reset"]
)
def test_a_wall_against_strangers_is_no_refusal_of_the_site(failure: Any) -> None:
    found, _ = collected(checks.cors, {"/": (reply(200, body=BODY), failure)})
    assert not [item for item in found if isinstance(item, Fact)]
    assert {item.subject for item in found if isinstance(item, Absent)} == ORIGINS


# ---------------------------------------------------------------- methods


def by_method(**answers: bytes) -> dict[str, Page]:
    return {"/": lambda request: answers.get(request.method, reply(200, body=BODY))}


def echo(request: Request) -> bytes:
    return reply(200, body=request.raw, kind="message/http") if request.method == "TRACE" else reply(200, body=BODY)


@pytest.mark.parametrize(
    ("pages", "trace", "invented"),
    [
        pytest.param({"/": echo}, True, True, id="9110-9.3.8-echo"),
        pytest.param(by_method(TRACE=reply(405), AUDITOR=reply(405)), False, False, id="9110-15.5.6-both-refused"),
        pytest.param(by_method(TRACE=reply(501), AUDITOR=reply(501)), False, False, id="9110-15.6.2-not-implemented"),
        pytest.param(by_method(TRACE=reply(200, body=BODY), AUDITOR=reply(400)), False, False, id="9110-9.3.8-a-page-is-no-echo"),
        pytest.param(by_method(TRACE=reply(403), AUDITOR=reply(301, "Location: /")), False, False, id="redirect"),
        pytest.param(by_method(TRACE=reply(503), AUDITOR=reply(429)), Absence.NOT_ASSESSABLE, Absence.NOT_ASSESSABLE, id="in-trouble"),
        pytest.param(by_method(TRACE=CHALLENGE, AUDITOR=CHALLENGE), Absence.NOT_ASSESSABLE, Absence.NOT_ASSESSABLE, id="challenge"),
    ],
)  # fmt: skip
def test_methods(pages: dict[str, Page], trace: object, invented: object) -> None:
    facts = facts_of(checks.methods, "http.method.", Case("", (), {}, more=pages), Level.ACTIVE)
    assert (facts["trace"], facts["invented"]) == (trace, invented)


# ---------------------------------------------------------------- security.txt

GOOD = "Contact: mailto:csirt@contoh.go.id\nExpires: 2027-01-31T10:00:00Z\n"
PLACE = "/.well-known/security.txt"


def text(content: str, *, kind: str = "text/plain; charset=utf-8", place: str = PLACE) -> dict[str, Page]:
    return {place: reply(200, body=content.encode(), kind=kind)}


def contact(pages: dict[str, Page]) -> dict[str, Any]:
    return facts_of(checks.contact, "http.security_txt.", Case("", (), {}, more=pages), Level.STANDARD)


def faults(content: str, *told: str, name: str) -> Any:
    return pytest.param(content, set(told), id=name)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        faults(GOOD, name="2-sound"),
        faults("# kontak\r\n\r\n" + GOOD.replace("\n", "\r\n"), name="2.2-comments-and-crlf"),
        faults(GOOD.upper().replace("MAILTO", "mailto"), name="2-names-in-any-case"),
        faults("Contact: https://contoh.go.id/lapor\n" + GOOD, name="2.5.3-several-contacts"),
        faults("Contact: http://contoh.go.id/lapor\n" + GOOD, "contact over plain http", name="2.5.3-contact-in-clear"),
        faults(GOOD.replace("mailto:", ""), "contact is no URI", name="2.5.3-bare-address"),
        faults("Contact: mailto:a@contoh.go.id\n", "no expires", name="2.5.5-no-expires"),
        faults(GOOD + "Expires: 2027-02-01T00:00:00Z\n", "expires more than once", name="2.5.5-twice"),
        faults(GOOD.replace("2027-01-31T10:00:00Z", "31 Januari 2027"), "expires is no date", name="2.5.5-no-date"),
        faults(GOOD.replace("-01-31T", "-02-31T"), "expires is no date", name="2.5.5-a-day-that-is-not"),
        faults(GOOD + "Preferred-Languages: id\nPreferred-Languages: en\n", "preferred-languages more than once", name="2.5.8-twice"),
        faults(GOOD + f"Canonical: https://{NAME}{PLACE}\n", name="2.5.2-canonical"),
        faults(GOOD + f"Canonical: https://lain.go.id{PLACE}\n", "canonical names other addresses", name="2.5.2-elsewhere"),
        faults(GOOD + "hubungi kami\n", "a line that is neither field nor comment", name="4-a-loose-line"),
        faults(GOOD + "Contact:mailto:b@contoh.go.id\n", "no space behind the colon of a field", name="4-no-blank-after-the-colon"),
        faults(GOOD + "X-Lain: apa saja\n", name="2.4-unknown-fields-are-extensions"),
    ],
)  # fmt: skip
def test_faults_of_a_security_txt(content: str, told: set[str]) -> None:
    seen = contact(text(content))
    assert (seen["present"], seen["faults"]) == (True, told)


def test_the_end_of_a_security_txt_is_told_in_utc() -> None:
    seen = contact(text(GOOD.replace("10:00:00Z", "10:00:00.5+07:00")))
    assert seen["expires"] == datetime(2027, 1, 31, 3, 0, tzinfo=UTC)


def test_signed_text_is_read_without_its_armour() -> None:
    signed = f"-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA512\n\n{GOOD}- # catatan\n-----BEGIN PGP SIGNATURE-----\n\niQEz\n-----END PGP SIGNATURE-----\n"
    seen = contact(text(signed))
    assert (seen["present"], seen["signed"], seen["faults"]) == (True, True, set())
    assert contact(text(GOOD))["signed"] is False


@pytest.mark.parametrize(
    ("pages", "present"),
    [
        pytest.param({}, False, id="404"),
        pytest.param({PLACE: reply(200, body=BODY), "/security.txt": NOT_FOUND}, False, id="home-page-in-its-place"),
        pytest.param(text("<html>Contact: kami</html>", kind="text/html"), False, id="html"),
        pytest.param(text(GOOD, place="/security.txt"), True, id="old-place"),
        pytest.param({PLACE: reply(301, "Location: /security.txt")} | text(GOOD, place="/security.txt"), True, id="redirect"),
        pytest.param({PLACE: reply(503)}, Absence.NOT_ASSESSABLE, id="503"),
        pytest.param({PLACE: CHALLENGE}, Absence.NOT_ASSESSABLE, id="challenge"),
        pytest.param({PLACE: reply(302, "Location: https://lain.id/security.txt")}, Absence.NOT_ASSESSABLE, id="elsewhere"),
    ],
)  # fmt: skip
def test_whether_there_is_a_security_txt(pages: dict[str, Page], present: object) -> None:
    assert contact(pages)["present"] is present


def test_how_it_is_served_counts_too() -> None:
    assert contact(text(GOOD, place="/security.txt"))["faults"] == {"not at its well-known place"}
    assert contact(text(GOOD, kind="text/html"))["faults"] == {"served as another type than text/plain"}


def test_a_text_that_was_cut_is_not_called_faulty() -> None:
    seen = contact(text(GOOD + "# isi\n" * 20_000 + "Contact: x\n"))
    assert (seen["present"], seen["faults"], seen["expires"]) == (True, Absence.LIMITED, Absence.LIMITED)


@pytest.mark.parametrize("check", [checks.cors, checks.methods, checks.contact], ids=["cors", "methods", "contact"])
def test_behind_what_is_not_the_site_nothing_more_is_asked(check: ModuleType) -> None:
    found, asked = collected(check, {"/": CHALLENGE})
    assert asked == [("GET", "/")]
    assert {(item.fact, item.reason) for item in found if isinstance(item, Absent)} == {
        (name, Absence.NOT_ASSESSABLE) for name in check.facts
    }
