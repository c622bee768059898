"""The checks http, headers and cookies over real sockets: exact bytes, every way to fail, and Debian's nginx."""

from collections.abc import Iterable
from contextlib import ExitStack
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

import checks.cookies
import checks.csp
import checks.exposure
import checks.headers
import checks.http
from auditor.errors import Unobserved
from auditor.model import Absence, Absent, Collected, Covered, Endpoint, Fact, Level, Target
from auditor.net import Limits, Neighbours, Network
from tests.wire import nginx, pki
from tests.wire.site import NAME, Answer, Cut, Page, Site, Stall, aim, closed_port, reply

BODY = b"<html><head><title>Dinas Contoh</title></head><body><h1>Halo warga</h1><p>Layanan.</p></body></html>"
HOME = reply(200, body=BODY)
SECURE = f"https://{NAME}/"
PLAIN = f"http://{NAME}/"
PATIENT = Limits(exchange=5.0, target=20.0)
BRIEF = Limits(exchange=0.5, target=8.0)
"""For servers that stall: what they cost is one such exchange."""


def pace(*pages: object) -> Limits:
    """How long to wait for these pages."""
    return BRIEF if any(isinstance(page, Stall) for page in pages) else PATIENT


def look(check: ModuleType, target: Target, limits: Limits = PATIENT) -> list[Collected]:
    """What a check collects; an `Unobserved` that escapes is spread over its facts, as the scan does."""
    with Network(target, neighbours=Neighbours(), limits=limits) as net:
        found: list[Collected] = []
        try:
            found.extend(check.collect(target, net))
        except Unobserved as failure:
            said = {item.name if isinstance(item, Fact) else item.fact for item in found}
            found += [Absent(name, failure.reason, failure.detail) for name in check.facts if name not in said]
    return found


def values(found: Iterable[Collected]) -> dict[str, Any]:
    """Facts by name (and subject), absences as their reason, sets of which a part was not seen as limited."""
    seen: dict[str, Any] = {}
    for item in found:
        if isinstance(item, Fact):
            name = f"{item.name}[{item.subject}]" if item.subject else item.name
            seen[name] = item.value if item.complete else Absence.LIMITED
        elif isinstance(item, Absent):
            seen[item.fact] = item.reason
    return seen


def of(seen: dict[str, Any], expected: dict[str, Any]) -> dict[str, Any]:
    """The part of what was seen that is expected: checks may come to say more."""
    return {name: seen.get(name) for name in expected}


def visit(
    check: ModuleType,
    secure: dict[str, Page] | None,
    plain: dict[str, Page] | None = None,
    limits: Limits | None = None,
) -> dict[str, Any]:
    """Run a check against an https site and, where given, its plain side."""
    with ExitStack() as stack:
        over_tls = stack.enter_context(Site(secure, tls=True)) if secure is not None else None
        in_clear = stack.enter_context(Site(plain)) if plain is not None else None
        limits = limits or pace(*(secure or {}).values(), *(plain or {}).values())
        return values(look(check, aim(over_tls, in_clear), limits))


def to(location: str, status: int = 301) -> bytes:
    return reply(status, f"Location: {location}", body=b"moved")


# ---------------------------------------------------------------- upgrade paths


@pytest.mark.parametrize(
    ("secure", "plain", "redirect", "downgrade"),
    [
        pytest.param({"/": HOME}, {"/": to(SECURE)}, True, False, id="301-to-https"),
        pytest.param({"/": HOME}, {"/": to(SECURE, 302)}, True, False, id="302-to-https"),
        pytest.param({"/": HOME}, {"/": to(SECURE, 308)}, True, False, id="308-to-https"),
        pytest.param({"/": HOME}, {"/": to("//contoh.go.id/x"), "/x": to(SECURE)}, True, False, id="by-way-of-plain-http"),
        pytest.param({"/": HOME}, {"/": HOME}, False, False, id="content-in-clear"),
        pytest.param({"/": HOME}, {"/": reply(200, body=b'<meta http-equiv=refresh content="0;url=https://contoh.go.id/">')}, False, False, id="refresh-is-no-redirect"),
        pytest.param({"/": HOME}, {"/": reply(404)}, False, False, id="404-in-clear"),
        pytest.param({"/": HOME}, {"/": reply(500)}, Absence.NOT_ASSESSABLE, False, id="500-in-clear"),
        pytest.param({"/": HOME}, {"/": reply(429)}, Absence.NOT_ASSESSABLE, False, id="429-in-clear"),
        pytest.param({"/": HOME}, {"/": reply(403, "cf-mitigated: challenge")}, Absence.NOT_ASSESSABLE, False, id="challenge-in-clear"),
        pytest.param({"/": to(PLAIN)}, {"/": HOME}, False, True, id="https-leads-to-http"),
        pytest.param({"/": to(PLAIN)}, {"/": to(SECURE)}, False, True, id="loop-over-both"),
        pytest.param({"/": to(PLAIN + "x")}, {"/": to(SECURE), "/x": HOME}, False, True, id="up-and-down-again"),
        pytest.param({"/": to(PLAIN + "x"), "/y": HOME}, {"/": to(SECURE), "/x": to(SECURE + "y")}, False, True, id="up-down-and-up-again"),
        pytest.param({"/": to("http://lain.id/")}, {"/": to(SECURE)}, False, True, id="https-leads-out-to-http"),
        pytest.param({"/": to("https://lain.id/")}, {"/": to("https://lain.id/")}, Absence.NOT_ASSESSABLE, Absence.NOT_ASSESSABLE, id="out-of-scope"),
        pytest.param({"/": HOME}, {"/": to("http://lain.id/")}, False, False, id="http-leads-out-to-http"),
        pytest.param({"/": to(SECURE)}, {"/": to(SECURE)}, Absence.NOT_ASSESSABLE, Absence.NOT_ASSESSABLE, id="https-loops"),
        pytest.param({"/": HOME}, {"/": to("https://[kacau")}, False, False, id="location-is-no-url"),
        pytest.param({"/": HOME}, {"/": reply(301)}, False, False, id="redirect-without-location"),
        pytest.param({"/": to("http://internetpositif.id/")}, {"/": HOME}, False, Absence.NOT_ASSESSABLE, id="block-page-on-https"),
        pytest.param({"/": HOME}, {"/": to("http://internetpositif.id/")}, Absence.NOT_ASSESSABLE, False, id="block-page-in-clear"),
        pytest.param({"/": Cut()}, {"/": to(SECURE)}, Absence.REFUSED, Absence.REFUSED, id="https-resets"),
        pytest.param({"/": reply(500)}, {"/": to(SECURE)}, True, Absence.NOT_ASSESSABLE, id="https-in-trouble"),
        pytest.param({"/": to("/x"), "/x": Cut()}, {"/": HOME}, False, Absence.REFUSED, id="later-hop-resets"),
        pytest.param({"/": to(PLAIN + "x")}, {"/": HOME, "/x": Cut()}, False, True, id="downgrade-to-a-dead-end"),
    ],
)  # fmt: skip
def test_upgrade(secure: dict[str, Page], plain: dict[str, Page], redirect: object, downgrade: object) -> None:
    seen = visit(checks.http, secure, plain)
    assert (seen["http.https_redirect"], seen["http.downgrade"]) == (redirect, downgrade)


@pytest.mark.parametrize(
    ("plain", "offered"),
    [
        pytest.param(HOME, True, id="answers"),
        pytest.param(reply(500), True, id="answers-500"),
        pytest.param(Cut(), Absence.REFUSED, id="resets"),
        pytest.param(Cut(b"HTTP/1.1 200 O"), Absence.REFUSED, id="resets-in-the-head"),
        pytest.param(Stall(), Absence.TIMEOUT, id="silent"),
        pytest.param(b"SSH-2.0-OpenSSH_9.2\r\n", Absence.MALFORMED, id="not-http"),
        pytest.param(to("http://internetpositif.id/"), Absence.NOT_ASSESSABLE, id="block-page"),
    ],
)
def test_plain_offered(plain: Answer, offered: object) -> None:
    seen = visit(checks.http, {"/": HOME}, {"/": plain})
    assert seen["http.plain_offered"] == offered


def test_a_closed_port_80_beside_a_living_https_is_not_offered() -> None:
    with Site({"/": HOME}, tls=True) as secure:
        seen = values(look(checks.http, aim(secure, closed_port())))
    assert seen["http.plain_offered"] is False
    assert seen["http.https_redirect"] is Absence.NOT_OFFERED


def test_a_plain_side_that_is_not_known_names_the_option() -> None:
    with Site({"/": HOME}, tls=True) as secure:
        found = look(checks.http, aim(secure))
    details = {item.fact: (item.reason, item.detail) for item in found if isinstance(item, Absent)}
    hops = {"http.hop.status", "http.hop.origin", "http.hop.hsts"}
    plain = {"http.plain_offered", "http.https_redirect", "http.first_to_https"}
    assert plain | hops <= set(details)
    details = {name: said for name, said in details.items() if name in plain | hops}
    assert all(reason is Absence.NOT_COLLECTED and "--connect-http" in detail for reason, detail in details.values())


def test_an_http_target_is_its_own_plain_side() -> None:
    seen = visit(checks.http, None, {"/": HOME})
    expected: dict[str, Any] = {
        "http.reachable": True,
        "http.status": 200,
        "http.page_class": "site",
        "http.plain_offered": True,
        "http.https_redirect": False,
        "http.first_to_https": Absence.NOT_OFFERED,
        "http.downgrade": Absence.NOT_COLLECTED,
        "http.sent_on": (),
        "http.hop.status[http 1]": 200,
        "http.hop.origin[http 1]": "http://contoh.go.id",
        "http.hop.hsts[http 1]": False,
        "http.hop.status": Absence.NOT_COLLECTED,
        "http.hop.origin": Absence.NOT_COLLECTED,
        "http.hop.hsts": Absence.NOT_COLLECTED,
    }
    assert of(seen, expected) == expected


def test_a_refused_https_side_beside_a_living_plain_one_is_not_reachable() -> None:
    with Site({"/": HOME}) as plain:
        seen = values(look(checks.http, aim(closed_port(), plain)))
    assert seen["http.reachable"] is False
    assert seen["http.plain_offered"] is True
    assert seen["http.https_redirect"] is False
    assert seen["http.page_class"] is Absence.REFUSED
    assert seen["http.downgrade"] is Absence.REFUSED


def test_status_and_class_are_those_of_the_final_page() -> None:
    seen = visit(
        checks.http, {"/": to("/masuk"), "/masuk": reply(404, body=b"<title>404 Not Found</title>")}, {"/": HOME}
    )
    assert (seen["http.reachable"], seen["http.status"], seen["http.page_class"]) == (True, 404, "error")


def test_a_block_page_is_no_answer_of_the_site() -> None:
    seen = visit(checks.http, {"/": to("http://internetpositif.id/")}, {"/": HOME})
    assert seen["http.reachable"] is Absence.NOT_ASSESSABLE
    assert seen["http.page_class"] == "block"


def test_one_visit_of_each_side_is_all_that_is_asked() -> None:
    with Site({"/": HOME}, tls=True) as secure, Site({"/": to(SECURE)}) as plain:
        target = aim(secure, plain, level=Level.PASSIVE)
        with Network(target, neighbours=Neighbours(), limits=PATIENT) as net:
            for check in (checks.http, checks.headers, checks.csp, checks.cookies):
                list(check.collect(target, net))
        assert (secure.paths, plain.paths) == (["/"], ["/"])


# ---------------------------------------------------------------- headers and cookies on the wire


def test_headers_of_a_hardened_site() -> None:
    hardened = reply(
        200, "Strict-Transport-Security: max-age=31536000; includeSubDomains; preload", "X-Frame-Options: SAMEORIGIN",
        "X-Frame-Options: SAMEORIGIN", "Content-Security-Policy: default-src 'self'", "X-Content-Type-Options: nosniff",
        "Content-Security-Policy-Report-Only: default-src 'none'", "Referrer-Policy: no-referrer, strict-origin", body=BODY,
    )  # fmt: skip
    expected: dict[str, Any] = {
        "http.hsts.max_age": 31_536_000,
        "http.hsts.include_subdomains": True,
        "http.hsts.preload": True,
        "http.frame.restricted": True,
        "http.header.x_frame_options": "SAMEORIGIN, SAMEORIGIN",
        "http.header.nosniff": True,
        "http.header.referrer_policy": "strict-origin",
        "http.header.opener_policy": "unsafe-none",
        "http.header.embedder_policy": "unsafe-none",
        "http.header.embedder_sent": False,
        "http.header.resource_policy": Absence.NOT_OFFERED,
        "http.header.permissions_policy": False,
        "http.header.permissions_open": Absence.NOT_OFFERED,
        "http.header.void": (),
        "http.header.software": (),
        "http.header.versions": (),
        "http.header.deprecated": (),
        "http.cache.session_shared": False,
    }
    assert of(visit(checks.headers, {"/": hardened}), expected) == expected


def test_headers_of_a_bare_site() -> None:
    expected: dict[str, Any] = {
        "http.hsts.max_age": Absence.NOT_OFFERED,
        "http.hsts.include_subdomains": Absence.NOT_OFFERED,
        "http.hsts.preload": Absence.NOT_OFFERED,
        "http.frame.restricted": False,
        "http.header.x_frame_options": Absence.NOT_OFFERED,
        "http.header.nosniff": False,
        "http.header.referrer_policy": Absence.NOT_OFFERED,
        "http.header.opener_policy": "unsafe-none",
        "http.header.embedder_policy": "unsafe-none",
        "http.header.embedder_sent": False,
        "http.header.resource_policy": Absence.NOT_OFFERED,
        "http.header.permissions_policy": False,
        "http.header.permissions_open": Absence.NOT_OFFERED,
        "http.header.void": (),
        "http.header.software": (),
        "http.header.versions": (),
        "http.header.deprecated": (),
        "http.cache.session_shared": False,
    }
    assert of(visit(checks.headers, {"/": HOME}), expected) == expected


def test_headers_are_those_of_the_page_behind_the_redirect() -> None:
    first = reply(302, "Location: /beranda", "X-Frame-Options: DENY", "X-Content-Type-Options: nosniff")
    seen = visit(checks.headers, {"/": first, "/beranda": HOME})
    assert (seen["http.frame.restricted"], seen["http.header.nosniff"]) == (False, False)


@pytest.mark.parametrize(
    ("raw", "fact", "expected"),
    [
        pytest.param(
            b"HTTP/1.1 200 OK\r\nContent-Security-Policy: default-src\r\n 'self';\r\n\tframe-ancestors 'none'\r\nContent-Length: 2\r\n\r\nok",
            "http.frame.restricted", True, id="9112-5.2-obs-fold",
        ),
        pytest.param(
            b"HTTP/1.1 200 OK\r\nrusak tanpa titik dua\r\nX-Frame-Options: DENY\r\nContent-Length: 2\r\n\r\nok",
            "http.frame.restricted", True, id="colon-less-line-hides-nothing",
        ),
        pytest.param(
            b"HTTP/1.1 200 OK\nX-Content-Type-Options: nosniff\nContent-Length: 2\n\nok",
            "http.header.nosniff", True, id="9112-2.2-bare-lf",
        ),
        pytest.param(
            b"HTTP/1.1 200 OK\r\nStrict-Transport-Security:\r\n max-age=600\r\nContent-Length: 2\r\n\r\nok",
            "http.hsts.max_age", 600, id="value-on-a-folded-line",
        ),
        pytest.param(
            b"HTTP/1.1 200 OK\r\n" + b"X-Isi: x\r\n" * 150 + b"X-Frame-Options: DENY\r\nContent-Length: 2\r\n\r\nok",
            "http.frame.restricted", True, id="more-than-a-hundred-fields",
        ),
    ],
)  # fmt: skip
def test_heads_that_standard_readers_trip_over(raw: bytes, fact: str, expected: object) -> None:
    assert visit(checks.headers, {"/": raw})[fact] == expected


def test_a_colon_less_line_hides_no_cookie() -> None:
    raw = b"HTTP/1.1 200 OK\r\nrusak\r\nSet-Cookie: PHPSESSID=x\r\nContent-Length: 2\r\n\r\nok"
    seen = visit(checks.cookies, {"/": raw})
    assert seen["http.cookie.secure[PHPSESSID]"] is False


OVERFULL = Limits(exchange=2.0, target=8.0, fields=20)


@pytest.mark.parametrize("check", [checks.headers, checks.csp], ids=["headers", "csp"])
def test_what_a_cut_head_does_not_show_is_not_missing(check: ModuleType) -> None:
    many = reply(200, *(f"X-Isi-{number}: x" for number in range(40)), body=BODY)
    seen = visit(check, {"/": many}, limits=OVERFULL)
    known_by_name = {"http.hsts.preloaded"}
    assert {name for name, value in seen.items() if value is not Absence.LIMITED} <= known_by_name
    assert {name.partition("[")[0] for name in seen} == set(check.facts)


def test_what_a_cut_head_shows_counts_where_nothing_later_can_change_it() -> None:
    first = (
        "Strict-Transport-Security: max-age=600", "Content-Security-Policy: frame-ancestors 'none'",
        "X-Content-Type-Options: nosniff", "Content-Security-Policy-Report-Only: default-src 'none'",
        "X-Frame-Options: DENY", "Referrer-Policy: no-referrer", "Content-Type: text/html",
    )  # fmt: skip
    many = reply(200, *first, *(f"X-Isi-{number}: x" for number in range(40)), body=BODY, kind=None)
    seen = visit(checks.headers, {"/": many}, limits=OVERFULL)
    assert seen["http.hsts.max_age"] == 600
    assert seen["http.frame.restricted"] is True
    assert seen["http.header.nosniff"] is True
    assert seen["http.header.referrer_policy"] is Absence.LIMITED


def test_a_policy_of_a_cut_head_closes_what_it_closes_and_no_more_is_known() -> None:
    first = (
        "Content-Security-Policy: script-src 'self'; object-src 'none'; base-uri *; style-src 'unsafe-inline'; tanya",
        "Content-Security-Policy-Report-Only: default-src 'none'", "Content-Type: text/html",
    )  # fmt: skip
    many = reply(200, *first, *(f"X-Isi-{number}: x" for number in range(40)), body=BODY, kind=None)
    seen = visit(checks.csp, {"/": many}, limits=OVERFULL)
    known = {
        "present": True, "report_only": True, "inline_script": False, "script_anywhere": False, "eval": False,
        "object_blocked": True, "weakened_by[inline_script]": (),
    }  # fmt: skip
    assert {name: seen[f"http.csp.{name}"] for name in known} == known
    unknown = (
        "inline_style",
        "base_restricted",
        "form_restricted",
        "strict",
        "trusted_types",
        "sandboxed",
        "upgrade",
        "reported",
        "nonce_bits",
    )
    assert {seen[f"http.csp.{name}"] for name in unknown} == {Absence.LIMITED}
    with Site({"/": many}, tls=True) as site:
        found = look(checks.csp, aim(site), OVERFULL)
    faults = [item for item in found if isinstance(item, Fact) and item.name == "http.csp.faults"]
    assert [(item.value, item.complete) for item in faults] == [(("tanya",), False)]


META_BEHIND = [
    (checks.csp, "http.csp.present", False),
    (checks.headers, "http.header.referrer_policy", Absence.NOT_OFFERED),
]


@pytest.mark.parametrize(("check", "name", "without"), META_BEHIND, ids=["csp", "referrer"])
@pytest.mark.parametrize("size", [2_000, 600_000], ids=["over-the-body-cap", "over-what-is-parsed"])
def test_what_a_meta_element_behind_the_cut_could_say_is_not_known(
    check: ModuleType, name: str, without: object, size: int
) -> None:
    limits = Limits(exchange=5.0, target=20.0, body=1_000 if size == 2_000 else 2_097_152)
    long = b"<head><script>" + b"x" * size + b"</script><meta name=referrer content=no-referrer></head><p>isi"
    assert visit(check, {"/": reply(200, body=long)}, limits=limits)[name] is Absence.LIMITED
    begun = b"<head></head><body>" + b"x" * size
    assert visit(check, {"/": reply(200, body=begun)}, limits=limits)[name] is without


def test_the_class_of_a_page_behind_a_cut_head_is_not_known() -> None:
    many = reply(200, *(f"X-Isi-{number}: x" for number in range(40)), body=b"<h1>It works!</h1>")
    assert visit(checks.http, {"/": many}, limits=OVERFULL)["http.page_class"] is Absence.LIMITED


def test_x_frame_options_in_a_cut_head_could_still_be_overridden() -> None:
    many = reply(200, "X-Frame-Options: DENY", *(f"X-Isi-{number}: x" for number in range(40)), body=BODY)
    assert visit(checks.headers, {"/": many}, limits=OVERFULL)["http.frame.restricted"] is Absence.LIMITED


def test_cookies_of_all_hops_with_their_flags() -> None:
    pages: dict[str, Page] = {
        "/": reply(302, "Location: /masuk", "Set-Cookie: bahasa=id; Path=/; Max-Age=600"),
        "/masuk": reply(200, "Set-Cookie: PHPSESSID=x; Path=/; Secure; HttpOnly; SameSite=Lax", "Set-Cookie: lama=; Max-Age=0", body=BODY),
    }  # fmt: skip
    assert visit(checks.cookies, pages) == {
        "http.cookie.session[bahasa]": False,
        "http.cookie.secure[bahasa]": False,
        "http.cookie.http_only[bahasa]": False,
        "http.cookie.same_site[bahasa]": "default",
        "http.cookie.host_only[bahasa]": True,
        "http.cookie.session[PHPSESSID]": True,
        "http.cookie.secure[PHPSESSID]": True,
        "http.cookie.http_only[PHPSESSID]": True,
        "http.cookie.same_site[PHPSESSID]": "Lax",
        "http.cookie.host_only[PHPSESSID]": True,
        "http.cookie.refused": (),
    }


def covered(secure: dict[str, Page], limits: Limits = PATIENT) -> set[str]:
    with Site(secure, tls=True) as site:
        return {item.fact for item in look(checks.cookies, aim(site), limits) if isinstance(item, Covered)}


def test_no_cookies_is_covered() -> None:
    assert covered({"/": HOME}) == set(checks.cookies.facts) - {"http.cookie.refused"}


def test_a_cut_head_covers_no_cookies_and_keeps_those_seen() -> None:
    many = reply(200, "Set-Cookie: PHPSESSID=x", *(f"X-Isi-{number}: x" for number in range(40)), body=BODY)
    assert covered({"/": many}, OVERFULL) == set()
    seen = visit(checks.cookies, {"/": many}, limits=OVERFULL)
    assert seen["http.cookie.secure"] is Absence.LIMITED
    assert seen["http.cookie.secure[PHPSESSID]"] is False


def test_a_cut_head_on_the_way_covers_nothing_either() -> None:
    many = reply(302, "Location: /x", *(f"X-Isi-{number}: x" for number in range(40)))
    assert covered({"/": many, "/x": HOME}, OVERFULL) == set()


def test_cookies_of_one_name_are_told_apart() -> None:
    page = reply(
        200,
        "Set-Cookie: a=1",
        "Set-Cookie: a=2; Path=/x",
        "Set-Cookie: a=3; Domain=contoh.go.id",
        "Set-Cookie: =4",
        body=BODY,
    )
    subjects = {name.partition("[")[2] for name in visit(checks.cookies, {"/": page}) if "[" in name}
    assert subjects == {"a;contoh.go.id/]", "a;contoh.go.id/x]", "a;contoh.go.id/;2]", "(nameless)]"}


def test_more_cookies_than_are_shown_are_not_covered() -> None:
    page = reply(200, *(f"Set-Cookie: a{number}=1" for number in range(301)), body=BODY)
    assert covered({"/": page}) == set()
    seen = visit(checks.cookies, {"/": page})
    assert seen["http.cookie.secure"] is Absence.LIMITED
    assert seen["http.cookie.secure[a0]"] is False


# ---------------------------------------------------------------- what is not the site is not assessed


CHALLENGE = reply(
    403,
    "cf-mitigated: challenge",
    "Set-Cookie: cf=1",
    "X-Frame-Options: SAMEORIGIN",
    body=b"<title>Just a moment...</title>",
)
NOT_THE_SITE = [
    pytest.param(CHALLENGE, Absence.NOT_ASSESSABLE, id="challenge"),
    pytest.param(reply(200, "X-Frame-Options: DENY", body=b"<h1>It works!</h1>"), Absence.NOT_ASSESSABLE, id="default-page"),
    pytest.param(reply(500, "X-Frame-Options: DENY"), Absence.NOT_ASSESSABLE, id="500"),
    pytest.param(reply(503, "Retry-After: 9"), Absence.NOT_ASSESSABLE, id="maintenance"),
    pytest.param(reply(404, "X-Frame-Options: DENY"), Absence.NOT_ASSESSABLE, id="404"),
    pytest.param(to("https://sso.lain.id/"), Absence.NOT_ASSESSABLE, id="elsewhere"),
    pytest.param(to("http://internetpositif.id/"), Absence.NOT_ASSESSABLE, id="block-page"),
    pytest.param(to(SECURE), Absence.NOT_ASSESSABLE, id="loop"),
    pytest.param(Cut(), Absence.REFUSED, id="reset"),
    pytest.param(Cut(b"HTTP/1.1 200 OK\r\nX-Frame-Opt"), Absence.REFUSED, id="reset-in-the-head"),
    pytest.param(Stall(), Absence.TIMEOUT, id="silent"),
    pytest.param(Stall(b"HTTP/1.1 200 OK\r\nX-Frame-Options: DENY\r\n"), Absence.TIMEOUT, id="stalls-in-the-head"),
    pytest.param(Stall(b"HTTP/1.1 200 OK\r\nX-Frame-Options: DENY\r\nContent-Length: 99\r\n\r\n<p>"), Absence.LIMITED, id="stalls-in-the-body"),
    pytest.param(Cut(b"HTTP/1.1 200 OK\r\nX-Frame-Options: DENY\r\nContent-Length: 99\r\n\r\n<p>"), Absence.LIMITED, id="reset-in-the-body"),
    pytest.param(b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n<p>pendek", Absence.LIMITED, id="short-body"),
    pytest.param(b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 6\r\n\r\nbukan.", Absence.MALFORMED, id="body-does-not-decode"),
    pytest.param(b"\x16\x03\x01 sampah \x00\xff", Absence.MALFORMED, id="garbage"),
    pytest.param(b"", None, id="nothing"),
]  # fmt: skip


@pytest.mark.parametrize("check", [checks.headers, checks.csp, checks.cookies], ids=["headers", "csp", "cookies"])
@pytest.mark.parametrize(("home", "reason"), NOT_THE_SITE)
def test_nothing_is_said_of_what_is_not_the_site(check: ModuleType, home: Answer, reason: Absence | None) -> None:
    with Site({"/": home}, tls=True) as site:
        found = look(check, aim(site), pace(home))
    assert {item.fact for item in found if isinstance(item, Absent)} == set(check.facts)
    assert all(isinstance(item, Absent) and item.subject is None for item in found)
    reasons = {item.reason for item in found if isinstance(item, Absent)}
    assert reasons == {reason} if reason else Absence.NOT_OFFERED not in reasons


GOOD = {
    "http.reachable": (True,), "http.status": (200,), "http.page_class": ("site", "login"),
    "http.plain_offered": (False,), "http.https_redirect": (True,), "http.downgrade": (False,),
}  # fmt: skip
"""What a policy would take for good."""

FAILURES = [
    pytest.param(Cut(), id="reset"),
    pytest.param(Cut(b"HTTP/1.1 200 OK\r\nX-Frame-Opt"), id="reset-in-the-head"),
    pytest.param(Stall(), id="silent"),
    pytest.param(Stall(b"HTTP/1.1 200"), id="stalls-in-the-head"),
    pytest.param(b"\x16\x03\x01 sampah \x00\xff", id="garbage"),
    pytest.param(b"SSH-2.0-OpenSSH_9.2\r\n", id="another-protocol"),
    pytest.param(b"", id="nothing"),
]


@pytest.mark.parametrize("failure", FAILURES)
def test_a_failure_of_both_sides_reassures_nowhere(failure: Answer) -> None:
    for check in (checks.http, checks.headers, checks.csp, checks.cookies, checks.exposure):
        with Site({"*": failure}, tls=True) as secure, Site({"*": failure}) as plain:
            found = look(check, aim(secure, plain), pace(failure))
        assert {item.fact for item in found if isinstance(item, Absent)} == set(check.facts)
        assert all(isinstance(item, Absent) and item.reason is not Absence.NOT_OFFERED for item in found)


@pytest.mark.parametrize(
    "failure",
    [
        pytest.param(reply(500), id="500"),
        pytest.param(Stall(b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n<p>"), id="stalls-in-the-body"),
        pytest.param(Cut(b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n<p>"), id="reset-in-the-body"),
        pytest.param(CHALLENGE, id="challenge"),
    ],
)
def test_a_failure_behind_the_head_reassures_nowhere(failure: Answer) -> None:
    with Site({"*": failure}, tls=True) as secure, Site({"*": failure}) as plain:
        target = aim(secure, plain)
        seen = values(look(checks.http, target, pace(failure)))
        rest = (checks.headers, checks.csp, checks.cookies, checks.exposure)
        others = [item for check in rest for item in look(check, target, pace(failure))]
    good = {name for name, value in seen.items() if value in GOOD.get(name, ())}
    assert good <= {"http.reachable", "http.status"}  # it did answer, and with that status
    assert {item.name for item in others if isinstance(item, Fact)} <= {"exposure.rare_names"}  # what was asked for
    assert all(item.reason is not Absence.NOT_OFFERED for item in others if isinstance(item, Absent))


def test_two_closed_ports_reassure_nowhere() -> None:
    target = aim(closed_port(), closed_port())
    for check in (checks.http, checks.headers, checks.csp, checks.cookies, checks.exposure):
        found = look(check, target)
        aimed = {name for name in check.facts if name.startswith("http.ipv6.")}
        assert {(item.fact, item.reason) for item in found if isinstance(item, Absent)} == {
            (name, Absence.NOT_COLLECTED if name in aimed else Absence.REFUSED) for name in check.facts
        }
        assert not [item for item in found if isinstance(item, (Fact, Covered))]


def test_a_dead_site_costs_one_deadline() -> None:
    with Site({"*": Stall()}, tls=True) as secure, Site({"*": Stall()}) as plain:
        target = aim(secure, plain)
        with Network(target, neighbours=Neighbours(), limits=BRIEF) as net:
            for check in (checks.headers, checks.csp, checks.cookies, checks.exposure):
                with pytest.raises(Unobserved):
                    list(check.collect(target, net))
            list(checks.http.collect(target, net))
        assert len(secure.requests) == 1
        assert not plain.requests


# ---------------------------------------------------------------- Debian's nginx


def server(folder: Path, *lines: str, listen: str = "@0 ssl") -> str:
    """A `server` block over the standard certificate that serves `folder`/www."""
    (folder / "www").mkdir(exist_ok=True)
    (folder / "www" / "index.html").write_bytes(BODY)
    files = pki.standard().write(folder)
    return "\n".join((
        "server {", f"listen {listen};", f"root {folder}/www;",
        *([f"ssl_certificate {files.chain};", f"ssl_certificate_key {files.key};"] if "ssl" in listen else []),
        *lines, "}",
    ))  # fmt: skip


def test_nginx_with_redirect_and_hardening(tmp_path: Path) -> None:
    secure = server(
        tmp_path,
        "server_tokens off;",
        'add_header Strict-Transport-Security "max-age=31536000; includeSubDomains" always;',
        'add_header X-Frame-Options "SAMEORIGIN" always;',
        'add_header X-Content-Type-Options "nosniff" always;',
        'add_header Referrer-Policy "strict-origin-when-cross-origin" always;',
        "add_header Content-Security-Policy \"default-src 'self'; frame-ancestors 'none'\" always;",
        'add_header Set-Cookie "ci_session=4f9a1c07e2b85d36; Path=/; Secure; HttpOnly; SameSite=Lax" always;',
    )
    plain = server(tmp_path, "return 301 https://$host$request_uri;", listen="@1")
    with nginx.running(tmp_path, secure + plain) as (https, http):
        target = aim(Endpoint("127.0.0.1", https), Endpoint("127.0.0.1", http))
        seen = {
            name: value
            for check in (checks.http, checks.headers, checks.cookies)
            for name, value in values(look(check, target)).items()
        }
        policy = values(look(checks.csp, target))
    assert (policy["http.csp.present"], policy["http.csp.report_only"]) == (True, False)
    expected: dict[str, Any] = {
        "http.reachable": True,
        "http.status": 200,
        "http.page_class": "site",
        "http.plain_offered": True,
        "http.https_redirect": True,
        "http.first_to_https": True,
        "http.downgrade": False,
        "http.sent_on": (),
        "http.hop.status[http 1]": 301,
        "http.hop.origin[http 1]": "http://contoh.go.id",
        "http.hop.hsts[http 1]": False,
        "http.hop.status[http 2]": 200,
        "http.hop.origin[http 2]": "https://contoh.go.id",
        "http.hop.hsts[http 2]": True,
        "http.hop.status[https 1]": 200,
        "http.hop.origin[https 1]": "https://contoh.go.id",
        "http.hop.hsts[https 1]": True,
        "http.hsts.max_age": 31_536_000,
        "http.hsts.include_subdomains": True,
        "http.hsts.preload": False,
        "http.frame.restricted": True,
        "http.header.x_frame_options": "SAMEORIGIN",
        "http.header.nosniff": True,
        "http.header.referrer_policy": "strict-origin-when-cross-origin",
        "http.header.opener_policy": "unsafe-none",
        "http.header.embedder_policy": "unsafe-none",
        "http.header.embedder_sent": False,
        "http.header.resource_policy": Absence.NOT_OFFERED,
        "http.header.permissions_policy": False,
        "http.header.permissions_open": Absence.NOT_OFFERED,
        "http.header.void": (),
        "http.header.software": (),
        "http.header.versions": (),  # server_tokens is off
        "http.header.deprecated": (),
        "http.cache.session_shared": False,
        "http.cookie.session[ci_session]": True,
        "http.cookie.secure[ci_session]": True,
        "http.cookie.http_only[ci_session]": True,
        "http.cookie.same_site[ci_session]": "Lax",
        "http.cookie.host_only[ci_session]": True,
        "http.cookie.refused": (),
    }
    assert of(seen, expected) == expected


def test_nginx_that_serves_both_sides_in_clear_and_tls(tmp_path: Path) -> None:
    config = server(tmp_path) + server(tmp_path, listen="@1")
    with nginx.running(tmp_path, config) as (https, http):
        target = aim(Endpoint("127.0.0.1", https), Endpoint("127.0.0.1", http))
        seen = values(look(checks.http, target))
    assert (seen["http.plain_offered"], seen["http.https_redirect"]) == (True, False)


def test_nginx_as_installed_is_a_default_page(tmp_path: Path) -> None:
    config = server(tmp_path).replace(f"root {tmp_path}/www;", "root /usr/share/nginx/html;")
    with nginx.running(tmp_path, config) as (https,):
        seen = values(look(checks.http, aim(Endpoint("127.0.0.1", https))))
    assert seen["http.page_class"] == "default"
