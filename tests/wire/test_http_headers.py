"""Headers beside the policies: isolation, permissions, caching, traces, case by case with the section, as bytes on a wire."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest

import checks.headers
from auditor.model import Absence, Fact
from auditor.net import Limits, Neighbours, Network
from checks.headers import preload
from tests.wire.conformance import BODY, Case, case, expect
from tests.wire.site import Page, Site, aim, reply

NOT_OFFERED = Absence.NOT_OFFERED
SESSION = "Set-Cookie: PHPSESSID=x; Path=/; Secure; HttpOnly"


def header(name: str, *values: str) -> tuple[str, ...]:
    return tuple(f"{name}: {value}" for value in values)


def told(group: str, **values: Any) -> dict[str, Any]:
    """What facts `http.GROUP.NAME` say."""
    return {f"{group}.{name}": value for name, value in values.items()}


def opener(name: str, *values: str, policy: str, void: bool = False, tls: bool = True) -> object:
    names = {"cross-origin-opener-policy"} if void else set()
    facts = told("header", opener_policy=policy, void=names)
    return case("HTML-7.1.3", name, header("Cross-Origin-Opener-Policy", *values), tls=tls, **facts)


def resource(name: str, *values: str, policy: object, void: bool = False) -> object:
    names = {"cross-origin-resource-policy"} if void else set()
    facts = told("header", resource_policy=policy, void=names)
    return case("Fetch-3.7", name, header("Cross-Origin-Resource-Policy", *values), **facts)


def permissions(section: str, name: str, *values: str, in_force: bool, to_all: object) -> object:
    void = {"permissions-policy"} if values and not in_force else set()
    facts = told("header", permissions_policy=in_force, permissions_open=to_all, void=void)
    return case(section, name, header("Permissions-Policy", *values), **facts)


def caching(section: str, name: str, *fields: str, shared: bool, cookie: str = SESSION) -> object:
    return case(section, name, (cookie, *fields), **told("cache", session_shared=shared))


def traces(name: str, *fields: str, seen: set[str]) -> object:
    return case("9110-10.2.4", name, fields, **told("header", versions=seen))


def old(name: str, *fields: str, seen: set[str]) -> object:
    return case("deprecated", name, fields, **told("header", deprecated=seen))


# fmt: off
ISOLATION = [
    opener("not sent", policy="unsafe-none"),
    opener("same-origin", "same-origin", policy="same-origin"),
    opener("with a parameter", 'same-origin; report-to="coop"', policy="same-origin"),
    opener("allow popups", "same-origin-allow-popups", policy="same-origin-allow-popups"),
    opener("noopener", "noopener-allow-popups", policy="noopener-allow-popups"),
    opener("unsafe-none by name", "unsafe-none", policy="unsafe-none"),
    opener("capitals are another token", "Same-Origin", policy="unsafe-none", void=True),
    opener("quotes make it a string", '"same-origin"', policy="unsafe-none", void=True),
    opener("twice is no item", "same-origin", "same-origin", policy="unsafe-none", void=True),
    opener("unknown token", "sama-asal", policy="unsafe-none", void=True),
    opener("empty", "", policy="unsafe-none", void=True),
    opener("something behind it", "same-origin x", policy="unsafe-none", void=True),
    opener("over plain http", "same-origin", policy="unsafe-none", tls=False),
    case("HTML-7.1.4", "require-corp", header("Cross-Origin-Embedder-Policy", "require-corp"), **told("header", embedder_policy="require-corp")),
    case("HTML-7.1.4", "credentialless", header("Cross-Origin-Embedder-Policy", "credentialless"), **told("header", embedder_policy="credentialless")),
    case("HTML-7.1.4", "an integer", header("Cross-Origin-Embedder-Policy", "1"), **told("header", embedder_policy="unsafe-none", void={"cross-origin-embedder-policy"})),
    case("HTML-7.1.4", "report-only enforces nothing", header("Cross-Origin-Embedder-Policy-Report-Only", "require-corp"), **told("header", embedder_policy="unsafe-none", void=set())),
    resource("not sent", policy=NOT_OFFERED),
    resource("same-origin", "same-origin", policy="same-origin"),
    resource("same-site", "same-site", policy="same-site"),
    resource("cross-origin", "cross-origin", policy="cross-origin"),
    resource("capitals", "Same-Origin", policy=NOT_OFFERED, void=True),
    resource("twice is one value", "same-origin", "same-origin", policy=NOT_OFFERED, void=True),
    resource("a parameter", "same-origin; x", policy=NOT_OFFERED, void=True),
]

PERMISSIONS = [
    permissions("PP-5.2", "not sent", in_force=False, to_all=NOT_OFFERED),
    permissions("PP-5.2", "nobody", "camera=(), geolocation=()", in_force=True, to_all=set()),
    permissions("PP-5.2", "self", "camera=self", in_force=True, to_all=set()),
    permissions("PP-5.2", "self and a site", 'camera=(self "https://peta.contoh.go.id")', in_force=True, to_all=set()),
    permissions("PP-5.2", "star", "camera=*, fullscreen=*", in_force=True, to_all={"camera"}),
    permissions("PP-5.2", "star in a list", "geolocation=(self *)", in_force=True, to_all={"geolocation"}),
    permissions("PP-5.2", "star in quotes is no token", 'camera="*"', in_force=True, to_all=set()),
    permissions("PP-5.2", "two fields are one dictionary", "camera=()", "microphone=*", in_force=True, to_all={"microphone"}),
    permissions("9651-4.2.2", "the last of a key counts", "camera=*, camera=()", in_force=True, to_all=set()),
    permissions("9651-4.2.2", "semicolons between members break it", "camera=(); microphone=()", in_force=False, to_all=NOT_OFFERED),
    permissions("9651-4.2.2", "the syntax of Feature-Policy breaks it", "camera 'none'; microphone 'none'", in_force=False, to_all=NOT_OFFERED),
    permissions("9651-4.2.2", "a comma at the end breaks it", "camera=(),", in_force=False, to_all=NOT_OFFERED),
    permissions("9651-4.2.2", "keys in capitals break it", "Camera=()", in_force=False, to_all=NOT_OFFERED),
    permissions("9651-4.2.1.2", "a list without its end breaks it", "camera=(self", in_force=False, to_all=NOT_OFFERED),
    permissions("9651-4.2.1.2", "quotes of CSP break it", "camera=('self')", in_force=False, to_all=NOT_OFFERED),
    permissions("9651-4.2.5", "a string without its end breaks it", 'camera=("https://a.id)', in_force=False, to_all=NOT_OFFERED),
    permissions("9651-4.2.3.2", "parameters are passed over", "camera=();a=1, microphone=*;b", in_force=True, to_all={"microphone"}),
    permissions("9651-4.2.2", "tabs and blanks around commas", "camera=() \t,\t microphone=()", in_force=True, to_all=set()),
]

VOID = [
    case("void", "nothing sent", **told("header", void=set())),
    case("6797-6.1", "HSTS that breaks its grammar", header("Strict-Transport-Security", "max-age=x"), **told("header", void={"strict-transport-security"})),
    case("6797-8.1", "HSTS over plain http is not broken", header("Strict-Transport-Security", "max-age=600"), tls=False, **told("header", void=set())),
    case("Fetch-3.6", "nosniff misspelt", header("X-Content-Type-Options", "no-sniff"), **told("header", void={"x-content-type-options"})),
    case("RP-8.1", "a referrer policy that nobody knows", header("Referrer-Policy", "none"), **told("header", void={"referrer-policy"})),
    case("RP-8.1", "one that is known behind one that is not", header("Referrer-Policy", "rahasia, no-referrer"), **told("header", void=set())),
]

CACHING = [
    caching("9111-3", "nothing said", shared=False),
    caching("9111-5.2.2.1", "max-age", "Cache-Control: max-age=600", shared=True),
    caching("9111-5.2.2.1", "max-age zero", "Cache-Control: max-age=0", shared=False),
    caching("9111-5.2.2.10", "s-maxage beats max-age", "Cache-Control: max-age=600, s-maxage=0", shared=False),
    caching("9111-5.2.2.10", "s-maxage alone", "Cache-Control: s-maxage=60", shared=True),
    caching("9111-5.2.2.9", "public and fresh", "Cache-Control: public, max-age=60", shared=True),
    caching("9111-5.2.2.7", "private", "Cache-Control: private, max-age=600", shared=False),
    caching("9111-5.2.2.7", "private with fields", 'Cache-Control: max-age=600, private="set-cookie"', shared=False),
    caching("9111-5.2.2.5", "no-store", "Cache-Control: no-store, max-age=600", shared=False),
    caching("9111-5.2.2.4", "no-cache asks each time", "Cache-Control: no-cache, max-age=600", shared=False),
    caching("9111-5.2", "directives in capitals", "Cache-Control: PRIVATE, MAX-AGE=600", shared=False),
    caching("9111-5.2", "two fields", "Cache-Control: max-age=600", "Cache-Control: private", shared=False),
    caching("9111-5.2", "a word inside quotes is no directive", 'Cache-Control: x="a, private", max-age=600', shared=True),
    caching("9111-4.2.1", "the first of two ages", "Cache-Control: max-age=0, max-age=600", shared=False),
    caching("9111-5.3", "Expires in the future", "Date: Mon, 23 Nov 2026 10:00:00 GMT", "Expires: Mon, 23 Nov 2026 11:00:00 GMT", shared=True),
    caching("9111-5.3", "Expires zero is the past", "Date: Mon, 23 Nov 2026 10:00:00 GMT", "Expires: 0", shared=False),
    caching("9111-5.3", "max-age beats Expires", "Cache-Control: max-age=0", "Date: Mon, 23 Nov 2026 10:00:00 GMT", "Expires: Mon, 23 Nov 2026 11:00:00 GMT", shared=False),
    caching("9111-4.1", "Vary star", "Cache-Control: max-age=600", "Vary: *", shared=False),
    caching("9111-3", "a cookie of no session", "Cache-Control: max-age=600", shared=False, cookie="Set-Cookie: bahasa=id"),
    caching("9111-3", "no number", "Cache-Control: max-age=lama", shared=False),
]

TRACES = [
    traces("Server with a version", "Server: nginx/1.18.0 (Ubuntu)", seen={"Server: nginx/1.18.0 (Ubuntu)"}),
    traces("Server without", "Server: nginx", seen=set()),
    traces("none", seen=set()),
    traces("Apache with modules", "Server: Apache/2.4.41 (Unix) OpenSSL/1.1.1d PHP/7.4.3", seen={"Server: Apache/2.4.41 (Unix) OpenSSL/1.1.1d PHP/7.4.3"}),
    traces("PHP", "X-Powered-By: PHP/5.6.40", seen={"X-Powered-By: PHP/5.6.40"}),
    traces("a framework without version", "X-Powered-By: Express", seen=set()),
    traces("ASP.NET's name holds no version", "X-Powered-By: ASP.NET", seen=set()),
    traces("ASP.NET", "X-AspNet-Version: 4.0.30319", seen={"X-AspNet-Version: 4.0.30319"}),
    traces("a major version alone", "Server: Microsoft-IIS/10", seen={"Server: Microsoft-IIS/10"}),
    traces("two fields", "Server: a/1.0", "X-Generator: Contoh 2.1", seen={"Server: a/1.0", "X-Generator: Contoh 2.1"}),
    traces("versions of other fields are theirs", "X-UA-Compatible: IE=11.0", "Via: 1.1 proksi", seen=set()),
    old("nothing", seen=set()),
    old("X-XSS-Protection", "X-XSS-Protection: 1; mode=block", seen={"x-xss-protection"}),
    old("X-XSS-Protection switched off", "X-XSS-Protection: 0", seen=set()),
    old("pins", 'Public-Key-Pins: pin-sha256="x"; max-age=1', seen={"public-key-pins"}),
    old("several", "Expect-CT: max-age=1", "Feature-Policy: camera 'none'", "P3P: CP=x", seen={"expect-ct", "feature-policy", "p3p"}),
]
SERVICE = [
    case("9651-3.1", "Clear-Site-Data", ('Clear-Site-Data: "cache", "cookies"',), **told("header", clear_site_data={"cache", "cookies"})),
    case("9651-3.1", "none of it", **told("header", clear_site_data=set())),
    case("7838-3", "HTTP/3 by Alt-Svc", ('Alt-Svc: h3=":443"; ma=86400',), h3_offered=True),
    case("7838-3", "a draft of it", ('Alt-Svc: h3-29=":443"',), h3_offered=True),
    case("7838-3", "another protocol", ('Alt-Svc: h2=":443"',), h3_offered=False),
    case("7838-3", "cleared", ("Alt-Svc: clear",), h3_offered=False),
    case("9110-8.4", "no coding", compression="none"),
    case("9110-8.4", "a coding", ("Content-Encoding: identity",), compression="identity"),
    case("9110-6.6.1", "no Date", clock_skew=NOT_OFFERED),
    case("9110-6.6.1", "a Date that is none", ("Date: kemarin",), clock_skew=NOT_OFFERED),
    case("9111-5.2.2.5", "no-store", ("Cache-Control: no-store",), **told("cache", no_store=True)),
    case("9111-5.2.2.5", "no-cache is not no-store", ("Cache-Control: no-cache",), **told("cache", no_store=False)),
    case("plug-ins", "cross-domain policies", ("X-Permitted-Cross-Domain-Policies: None",), **told("header", cross_domain_policies="none")),
    case("plug-ins", "no cross-domain policies", **told("header", cross_domain_policies=NOT_OFFERED)),
    case("sent", "as it was sent", ("X-Frame-Options: deny", "X-Frame-Options: ALLOWALL"), **told("header", **{"sent[x-frame-options]": "deny, ALLOWALL"})),
    case("CSP-6.4.2", "frames are the policy's", ("Content-Security-Policy: frame-ancestors *",), **told("frame", by_policy=True, restricted=False)),
    case("CSP-6.4.2", "frames are X-Frame-Options'", ("X-Frame-Options: DENY",), **told("frame", by_policy=False, restricted=True)),
    case("software", "fields that name it", ("X-Powered-By: Express", "Server: nginx"), **told("header", software={"X-Powered-By: Express"})),
]

NOT_HEADER = "no HSTS in the first answer over HTTPS"
NOT_UPGRADED = "plain http does not lead to HTTPS of the same host first"
UPGRADED: dict[str, Page] = {"/": reply(301, "Location: https://contoh.go.id/")}
PRELOAD = [
    ("max-age=31536000; includeSubDomains; preload", UPGRADED, set()),
    ("max-age=31536000; includeSubDomains", UPGRADED, {"without preload"}),
    ("max-age=600; preload", UPGRADED, {"max-age under a year", "without includeSubDomains"}),
    ("sampah", UPGRADED, {NOT_HEADER}),
    ("max-age=31536000; includeSubDomains; preload", {"/": reply(200, body=b"<p>halo")}, {NOT_UPGRADED}),
    ("max-age=31536000; includeSubDomains; preload", {"/": reply(301, "Location: http://contoh.go.id/x")}, {NOT_UPGRADED}),
    ("max-age=31536000; includeSubDomains; preload", {"/": reply(301, "Location: https://www.contoh.go.id/")}, {NOT_UPGRADED}),
]
# fmt: on


@pytest.mark.parametrize("served", [*SERVICE, *ISOLATION, *PERMISSIONS, *VOID, *CACHING, *TRACES])
def test_what_the_specification_says(served: Case) -> None:
    expect(checks.headers, "http.", served)


@pytest.mark.parametrize(("value", "plain", "told"), PRELOAD)
def test_what_keeps_a_host_from_the_preload_list(value: str, plain: dict[str, Page], told: set[str]) -> None:
    page = reply(200, f"Strict-Transport-Security: {value}", body=BODY)
    with Site({"/": page}, tls=True) as secure, Site(plain) as in_clear:
        found = seen(secure, in_clear)
    assert set(found["http.hsts.preload_obstacles"]) == told
    assert found["http.hsts.preloaded"] is False


def seen(secure: Site, plain: Site | None = None) -> dict[str, Any]:
    target = aim(secure, plain)
    with Network(target, neighbours=Neighbours(), limits=Limits(exchange=5)) as net:
        return {item.name: item.value for item in checks.headers.collect(target, net) if isinstance(item, Fact)}


@pytest.mark.parametrize(
    ("host", "listed"),
    [
        ("kemhan.go.id", True),
        ("www.kemhan.go.id", True),
        ("contoh.go.id", False),
        ("x.dev", True),
        ("contoh.com", None),
    ],
)
def test_whether_a_host_is_on_the_preload_list(host: str, listed: bool | None) -> None:  # noqa: FBT001
    assert preload.is_preloaded(host) is listed


def test_the_clock_of_the_server_is_compared_with_ours() -> None:
    late = datetime.now(UTC) - timedelta(hours=2)
    page = reply(200, f"Date: {format_datetime(late, usegmt=True)}", body=BODY)
    with Site({"/": page}, tls=True) as secure:
        found = seen(secure)
    assert 7_190 < found["http.clock_skew"] < 7_300
