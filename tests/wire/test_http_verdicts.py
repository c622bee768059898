"""The baseline, case by case with the section: a sound site fails nothing, each unsound one exactly its own rules.

Every case differs from a sound site in one thing. All checks of the header half look at it over real sockets.
"""

from collections.abc import Callable, Iterator

import pytest

from auditor.model import Level, Outcome
from tests.wire.conformance import BODY
from tests.wire.site import NAME, Page, Request, Site, reply
from tests.wire.verdicts import PLAIN, SECURE, SOUND, Verdict, fields, judged, outcomes, sites, verdict

FRAMES_OPEN = "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'"
SESSION = "ci_session=contohsesi0123456789abcdef; Path=/; Secure; HttpOnly; SameSite=Lax"
SHA = "sha384-oqVuAfXRKap7fdgcCY5uykM6+R9GqQ8K/uxy9rx7HNQlGYl1kPzQho1wx4JwY8wC"


@pytest.fixture(scope="module")
def servers() -> Iterator[tuple[Site, Site]]:
    with sites() as pair:
        yield pair


def page(markup: str, head: str = "") -> str:
    return f"<!doctype html><html><head><title>Dinas Contoh</title>{head}</head><body><p>Layanan publik.</p>{markup}</body></html>"


def hsts(section: str, name: str, value: object, *fails: str) -> object:
    return verdict(section, name, {"Strict-Transport-Security": value}, *fails)  # type: ignore[dict-item]


def xfo(section: str, name: str, value: object, *fails: str) -> object:
    """X-Frame-Options alone decides."""
    return verdict(section, name, {"Content-Security-Policy": FRAMES_OPEN, "X-Frame-Options": value}, *fails)  # type: ignore[dict-item]


def ancestors(section: str, name: str, value: str, *fails: str, options: str | None = None) -> object:
    policy = f"{FRAMES_OPEN}; frame-ancestors {value}"
    return verdict(section, name, {"Content-Security-Policy": policy, "X-Frame-Options": options}, *fails)


def one(header: str) -> Callable[..., object]:
    """Cases in which one field alone differs."""

    def case(section: str, name: str, value: object, *fails: str) -> object:
        return verdict(section, name, {header: value}, *fails)  # type: ignore[dict-item]

    return case


nosniff = one("X-Content-Type-Options")
referrer = one("Referrer-Policy")
permissions = one("Permissions-Policy")
coop = one("Cross-Origin-Opener-Policy")
coep = one("Cross-Origin-Embedder-Policy")
corp = one("Cross-Origin-Resource-Policy")
csp = one("Content-Security-Policy")
cookie = one("Set-Cookie")

REST = "; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"


def scripts(section: str, name: str, sources: str, *fails: str) -> object:
    """A policy that is sound but for its script-src."""
    return csp(section, name, f"script-src {sources}{REST}", *fails)


def markup(section: str, name: str, body: str, *fails: str, head: str = "", **changes: object) -> object:
    return verdict(section, name, changes, *fails, body=page(body, head))  # type: ignore[arg-type]


def contact(section: str, name: str, text: str, *fails: str, kind: str = "text/plain; charset=utf-8") -> object:
    answer = reply(200, body=text.encode(), kind=kind)
    return verdict(section, name, None, *fails, pages={"/.well-known/security.txt": answer})


def cors(section: str, name: str, answer: Callable[[str, str], list[str]], *fails: str) -> object:
    """A site that answers `fields` of (method, origin) beside its own."""

    def home(request: Request) -> bytes:
        origin = next(
            (
                line[7:].strip()
                for line in request.raw.decode("latin-1").split("\r\n")
                if line.lower().startswith("origin:")
            ),
            "",
        )
        return reply(200, *fields(), *(answer(request.method, origin) if origin else ()), body=BODY)

    return verdict(section, name, None, *fails, pages={"/": home}, level=Level.ACTIVE)


def walk(
    section: str,
    name: str,
    plain: dict[str, Page],
    *fails: str,
    pages: dict[str, Page] | None = None,
    unknown: tuple[str, ...] = (),
) -> object:
    return verdict(section, name, None, *fails, plain=plain, pages=pages, unknown=unknown)


HOME = reply(200, *fields(), body=BODY)


def to(location: str, status: int = 301, *more: str) -> bytes:
    return reply(status, f"Location: {location}", *more, body=b"dialihkan")


# fmt: off
HSTS = [
    verdict("6797-8.1", "the sound site itself", {}),
    hsts("6797-6.1", "not sent", None, "KOM-09"),
    hsts("6797-6.1.1", "a year, quoted", 'max-age="31536000"; includeSubDomains'),
    hsts("6797-6.1", "names in capitals", "MAX-AGE=31536000; INCLUDESUBDOMAINS"),
    hsts("6797-6.1", "white space around everything", " max-age = 31536000 ;  includeSubDomains ; "),
    hsts("6797-6.1", "empty directives", ";; max-age=31536000;; includeSubDomains;"),
    hsts("6797-6.1", "an unknown directive is passed over", "max-age=31536000; includeSubDomains; x=1; y"),
    hsts("6797-6.1", "order does not matter", "includeSubDomains; max-age=63072000"),
    hsts("6797-6.1", "a quoted unknown value with a semicolon in it", 'max-age=31536000; x="a;b"; includeSubDomains'),
    hsts("6797-8.1", "the first field counts, and it is sound", ("max-age=31536000; includeSubDomains", "max-age=0")),
    hsts("6797-8.1", "the first field counts, and it is zero", ("max-age=0", "max-age=31536000; includeSubDomains"), "KOM-09"),
    hsts("6797-8.1", "the first field counts, and it is void", ("sampah", "max-age=31536000; includeSubDomains"), "KOM-09"),
    hsts("6797-6.1.1", "zero takes it back", "max-age=0; includeSubDomains", "KOM-09"),
    hsts("6797-6.1.1", "five minutes", "max-age=300; includeSubDomains", "KOM-09"),
    hsts("6797-6.1.1", "an hour in quotes", 'max-age="3600"; includeSubDomains', "KOM-09"),
    hsts("6797-6.1.1", "no value", "max-age=; includeSubDomains", "KOM-09"),
    hsts("6797-6.1.1", "no equals sign", "max-age 31536000; includeSubDomains", "KOM-09"),
    hsts("6797-6.1.1", "a fraction", "max-age=31536000.5; includeSubDomains", "KOM-09"),
    hsts("6797-6.1.1", "a unit", "max-age=31536000s; includeSubDomains", "KOM-09"),
    hsts("6797-6.1.1", "a sign", "max-age=-31536000; includeSubDomains", "KOM-09"),
    hsts("6797-6.1.1", "words", "max-age=setahun; includeSubDomains", "KOM-09"),
    hsts("6797-6.1.1", "single quotes are no quotes", "max-age='31536000'; includeSubDomains", "KOM-09"),
    hsts("6797-6.1", "a comma in place of a semicolon", "max-age=31536000, includeSubDomains", "KOM-09"),
    hsts("6797-6.1", "the directive twice", "max-age=31536000; max-age=31536000; includeSubDomains", "KOM-09"),
    hsts("6797-6.1", "only includeSubDomains", "includeSubDomains", "KOM-09"),
    hsts("6797-6.1", "empty", "", "KOM-09"),
    hsts("6797-6.1.2", "includeSubDomains with a value", "max-age=31536000; includeSubDomains=1", "KOM-09"),
    hsts("6797-6.1.2", "includeSubDomains missing", "max-age=31536000", "KOM-10"),
    hsts("6797-6.1.2", "includeSubDomains misspelt", "max-age=31536000; includeSubDomain", "KOM-10"),
    hsts("6797-6.1.2", "includeSubDomains behind a comma is lost with the field", "max-age=31536000; preload, includeSubDomains", "KOM-09"),
    hsts("preload", "asked for with everything", "max-age=31536000; includeSubDomains; preload"),
    hsts("preload", "asked for without subdomains", "max-age=31536000; preload", "KOM-10", "KOM-11"),
    hsts("preload", "asked for with half a year", "max-age=15768000; includeSubDomains; preload", "KOM-09", "KOM-11"),
    verdict("6797-8.5", "by a meta element", {"Strict-Transport-Security": None}, "KOM-09",
            body=page("", '<meta http-equiv="Strict-Transport-Security" content="max-age=31536000; includeSubDomains">')),
    verdict("6797-8.1", "a void field over http does not matter", {}, plain={"*": to(SECURE, 301, "Strict-Transport-Security: max-age=0")}),
]

FRAMING = [
    xfo("HTML-7.7.1", "DENY", "DENY"),
    xfo("HTML-7.7.1", "SAMEORIGIN", "SAMEORIGIN"),
    xfo("HTML-7.7.1", "small letters", "sameorigin"),
    xfo("HTML-7.7.1", "twice the same, by proxy and application", ("SAMEORIGIN", "SAMEORIGIN")),
    xfo("HTML-7.7.1", "three times the same in one field", "DENY, deny, DENY"),
    xfo("HTML-7.7.1", "two that differ refuse", ("SAMEORIGIN", "DENY")),
    xfo("HTML-7.7.1", "one that is known beside one that is not refuses", "SAMEORIGIN, apa"),
    xfo("HTML-7.7.1", "ALLOWALL beside SAMEORIGIN refuses", "ALLOWALL, SAMEORIGIN"),
    xfo("HTML-7.7.1", "not sent", None, "HDR-03"),
    xfo("HTML-7.7.1", "ALLOW-FROM", "ALLOW-FROM https://lain.go.id", "HDR-03"),
    xfo("HTML-7.7.1", "ALLOWALL", "ALLOWALL", "HDR-03"),
    xfo("HTML-7.7.1", "empty", "", "HDR-03"),
    xfo("HTML-7.7.1", "a semicolon at the end", "DENY;", "HDR-03"),
    xfo("HTML-7.7.1", "in quotes", '"DENY"', "HDR-03"),
    xfo("HTML-7.7.1", "a misspelling", "SAME-ORIGIN", "HDR-03"),
    xfo("HTML-7.7.1", "two that nobody knows", "A, B", "HDR-03"),
    xfo("HTML-7.7.1", "true", "1", "HDR-03"),
    verdict("HTML-7.7.1", "by a meta element", {"Content-Security-Policy": FRAMES_OPEN}, "HDR-03", body=page("", "<meta http-equiv=X-Frame-Options content=DENY>")),
    ancestors("CSP-6.4.2", "none", "'none'"),
    ancestors("CSP-6.4.2", "self", "'self'"),
    ancestors("CSP-6.4.2", "the own domain", "'self' https://*.contoh.go.id"),
    ancestors("CSP-6.4.2", "a named host", "https://portal.lain.go.id"),
    ancestors("CSP-6.4.2", "an empty list", ""),
    ancestors("CSP-6.4.2", "none beside ALLOWALL", "'none'", options="ALLOWALL"),
    ancestors("CSP-6.4.2", "a named host beside ALLOW-FROM", "https://portal.lain.go.id", options="ALLOW-FROM https://portal.lain.go.id"),
    ancestors("CSP-6.4.2", "star", "*", "HDR-03"),
    ancestors("CSP-6.4.2", "star makes DENY ignored", "*", "HDR-03", options="DENY"),
    ancestors("CSP-6.4.2", "https", "https:", "HDR-03"),
    ancestors("CSP-6.4.2", "http", "http:", "HDR-03"),
    ancestors("CSP-6.4.2", "every agency", "'self' https://*.go.id", "HDR-03"),
    ancestors("CSP-6.4.2", "star with any port", "https://*:*", "HDR-03"),
    ancestors("CSP-6.4.2", "self beside star", "'self' *", "HDR-03"),
    verdict("CSP-4.2", "two policies, one closed", {"Content-Security-Policy": (FRAMES_OPEN, "frame-ancestors *", "frame-ancestors 'self'")}),
    verdict("CSP-4.2", "closed in the second of one field", {"Content-Security-Policy": f"{FRAMES_OPEN}, frame-ancestors 'none'"}),
    verdict("CSP-6.4.2", "watched only", {"Content-Security-Policy": FRAMES_OPEN, "Content-Security-Policy-Report-Only": "frame-ancestors 'none'"}, "HDR-03"),
    verdict("CSP-3.3", "frame-ancestors in a meta element is ignored", {"Content-Security-Policy": FRAMES_OPEN}, "HDR-03",
            body=page("", "<meta http-equiv=Content-Security-Policy content=\"frame-ancestors 'none'\">")),
    csp("CSP-6.1.3", "default-src stands in for no frame-ancestors", "default-src 'none'; form-action 'none'; base-uri 'none'", "HDR-03"),
]

NOSNIFF = [
    nosniff("Fetch-3.6", "small", "nosniff"),
    nosniff("Fetch-3.6", "capitals", "NoSniff"),
    nosniff("Fetch-3.6", "twice", ("nosniff", "nosniff")),
    nosniff("Fetch-3.6", "twice in one field", "nosniff, nosniff"),
    nosniff("Fetch-3.6", "the first of a list counts", "nosniff, lain"),
    nosniff("Fetch-3.6", "white space", " \tnosniff \t"),
    nosniff("Fetch-3.6", "not sent", None, "HDR-05"),
    nosniff("Fetch-3.6", "second of a list", "lain, nosniff", "HDR-05"),
    nosniff("Fetch-3.6", "empty first", ("", "nosniff"), "HDR-05"),
    nosniff("Fetch-3.6", "semicolon", "nosniff;", "HDR-05"),
    nosniff("Fetch-3.6", "in quotes", '"nosniff"', "HDR-05"),
    nosniff("Fetch-3.6", "with a blank in it", "no sniff", "HDR-05"),
    nosniff("Fetch-3.6", "empty", "", "HDR-05"),
    verdict("Fetch-3.6", "by a meta element", {"X-Content-Type-Options": None}, "HDR-05", body=page("", "<meta http-equiv=X-Content-Type-Options content=nosniff>")),
]

REFERRER = [
    *(referrer("RP-3", name, name) for name in ("no-referrer", "same-origin", "strict-origin", "strict-origin-when-cross-origin")),
    *(referrer("RP-3", name, name, "HDR-06") for name in ("unsafe-url", "no-referrer-when-downgrade", "origin", "origin-when-cross-origin")),
    referrer("RP-8.1", "capitals", "No-Referrer"),
    referrer("RP-8.1", "the last known of a list counts", "unsafe-url, strict-origin"),
    referrer("RP-8.1", "unknown ones behind it are passed over", "no-referrer, masa-depan"),
    referrer("RP-8.1", "the last field counts", ("unsafe-url", "same-origin")),
    referrer("RP-8.1", "the last field counts and is weak", ("same-origin", "unsafe-url"), "HDR-06"),
    referrer("RP-8.1", "the last of a list is weak", "strict-origin, unsafe-url", "HDR-06"),
    referrer("RP-8.1", "not sent", None, "HDR-06"),
    referrer("RP-8.1", "unknown", "no-referer", "HDR-06"),
    referrer("RP-8.1", "empty", "", "HDR-06"),
    referrer("RP-8.1", "the old names count in meta only", "never", "HDR-06"),
    referrer("RP-8.1", "semicolons make one unknown word", "no-referrer; same-origin", "HDR-06"),
    verdict("HTML-4.2.5.1", "by a meta element", {"Referrer-Policy": None}, body=page("", "<meta name=referrer content=no-referrer>")),
    verdict("HTML-4.2.5.1", "an old name in a meta element", {"Referrer-Policy": None}, body=page("", "<meta name=referrer content=never>")),
    verdict("HTML-4.2.5.1", "a meta element that loosens the header", {}, "HDR-06", body=page("", "<meta name=referrer content=always>")),
    verdict("HTML-4.2.5.1", "a list in a meta element is no policy", {"Referrer-Policy": None}, "HDR-06", body=page("", "<meta name=referrer content='no-referrer, same-origin'>")),
    verdict("HTML-4.2.5.1", "an unknown word in a meta element changes nothing", {}, body=page("", "<meta name=referrer content=entah>")),
]

PERMISSIONS = [
    permissions("PP-5.2", "not sent", None, "HDR-18"),
    permissions("PP-5.2", "one feature", "camera=()"),
    permissions("PP-5.2", "self", "geolocation=self, camera=()"),
    permissions("PP-5.2", "a named origin", 'geolocation=(self "https://peta.contoh.go.id")'),
    permissions("PP-5.2", "two fields", ("camera=()", "microphone=()")),
    permissions("PP-5.2", "a star for what harms nobody", "fullscreen=*, camera=()"),
    permissions("9651-3.2", "the last of a key counts", "camera=*, camera=()"),
    permissions("9651-3.1.2", "parameters", "camera=();report-to=x"),
    permissions("PP-5.2", "a star for the camera", "camera=*", "HDR-16"),
    permissions("PP-5.2", "a star in a list", "geolocation=(self *)", "HDR-16"),
    permissions("PP-5.2", "a star for payment", "payment=*, camera=()", "HDR-16"),
    permissions("PP-5.2", "a star for motion sensors", "accelerometer=*, camera=()", "HDR-16"),
    permissions("9651-4.2", "semicolons between features", "camera=(); microphone=()", "HDR-15", "HDR-18"),
    permissions("9651-4.2", "the syntax of Feature-Policy", "camera 'none'; microphone 'self'", "HDR-15", "HDR-18"),
    permissions("9651-4.2", "a comma at the end", "camera=(),", "HDR-15", "HDR-18"),
    permissions("9651-4.2", "quotes of CSP", "camera=('none')", "HDR-15", "HDR-18"),
    permissions("9651-4.2", "capitals in a key", "Camera=()", "HDR-15", "HDR-18"),
    permissions("9651-4.2", "a bracket left open", "camera=(", "HDR-15", "HDR-18"),
    permissions("9651-4.2", "origins without quotes are words that name nobody", "geolocation=(self https://peta.contoh.go.id)"),
    permissions("9651-4.2", "empty", "", "HDR-15", "HDR-18"),
    permissions("9651-4.2", "a void second field voids the first", ("camera=()", "microphone 'none'"), "HDR-15", "HDR-18"),
    verdict("PP-5.2", "Feature-Policy is another header", {"Permissions-Policy": None, "Feature-Policy": "camera 'none'"}, "HDR-18", "KNF-03"),
]

ISOLATION = [
    coop("HTML-7.1.3", "same-origin", "same-origin"),
    coop("HTML-7.1.3", "allow popups", "same-origin-allow-popups"),
    coop("HTML-7.1.3", "noopener", "noopener-allow-popups"),
    coop("HTML-7.1.3", "a parameter", 'same-origin; report-to="coop"'),
    coop("HTML-7.1.3", "not sent", None, "HDR-19"),
    coop("HTML-7.1.3", "unsafe-none", "unsafe-none", "HDR-19"),
    coop("HTML-7.1.3", "capitals", "Same-Origin", "HDR-15", "HDR-19"),
    coop("HTML-7.1.3", "in quotes", '"same-origin"', "HDR-15", "HDR-19"),
    coop("HTML-7.1.3", "twice", ("same-origin", "same-origin"), "HDR-15", "HDR-19"),
    coop("HTML-7.1.3", "a word that nobody knows", "same-site", "HDR-15", "HDR-19"),
    coop("HTML-7.1.3", "empty", "", "HDR-15", "HDR-19"),
    verdict("HTML-7.1.3", "watched only", {"Cross-Origin-Opener-Policy": None, "Cross-Origin-Opener-Policy-Report-Only": "same-origin"}, "HDR-19"),
    coep("HTML-7.1.4", "not sent", None),
    coep("HTML-7.1.4", "require-corp", "require-corp"),
    coep("HTML-7.1.4", "credentialless", "credentialless"),
    coep("HTML-7.1.4", "a parameter", 'require-corp; report-to="x"'),
    coep("HTML-7.1.4", "unsafe-none", "unsafe-none", "HDR-20"),
    coep("HTML-7.1.4", "capitals", "Require-Corp", "HDR-15", "HDR-20"),
    coep("HTML-7.1.4", "twice", ("require-corp", "require-corp"), "HDR-15", "HDR-20"),
    coep("HTML-7.1.4", "in quotes", '"require-corp"', "HDR-15", "HDR-20"),
    corp("Fetch-3.7", "same-site", "same-site"),
    corp("Fetch-3.7", "white space", "  same-origin\t"),
    corp("Fetch-3.7", "not sent", None, "HDR-21"),
    corp("Fetch-3.7", "cross-origin", "cross-origin", "HDR-21"),
    corp("Fetch-3.7", "capitals", "Same-Origin", "HDR-15", "HDR-21"),
    corp("Fetch-3.7", "twice", ("same-origin", "same-origin"), "HDR-15", "HDR-21"),
    corp("Fetch-3.7", "a list", "same-origin, same-site", "HDR-15", "HDR-21"),
    corp("Fetch-3.7", "a word that nobody knows", "none", "HDR-15", "HDR-21"),
    corp("Fetch-3.7", "in quotes", '"same-origin"', "HDR-15", "HDR-21"),
]

POLICIES = [
    csp("CSP-4.2", "not sent", None, "HDR-01", "HDR-03"),
    csp("CSP-4.2", "empty", "", "HDR-01", "HDR-03"),
    verdict("CSP-3.2", "watched only", {"Content-Security-Policy": None, "X-Frame-Options": "DENY", "Content-Security-Policy-Report-Only": "default-src 'self'"}, "HDR-02"),
    verdict("CSP-3.2", "watched beside an enforced one", {"Content-Security-Policy-Report-Only": "default-src 'none'"}),
    verdict("CSP-3", "under its old name", {"Content-Security-Policy": None, "X-Frame-Options": "DENY", "X-Content-Security-Policy": "default-src 'self'"}, "HDR-01", "KNF-03"),
    csp("CSP-6.1", "frames only", "frame-ancestors 'none'", "HDR-07"),
    csp("CSP-6.1", "upgrade only", ("upgrade-insecure-requests", "frame-ancestors 'none'"), "HDR-07"),
    scripts("CSP-6.7.3.2", "unsafe-inline", "'self' 'unsafe-inline'", "HDR-07"),
    scripts("CSP-6.7.3.2", "unsafe-inline in capitals", "'self' 'UNSAFE-INLINE'", "HDR-07"),
    scripts("CSP-6.7.3.2", "a hash disables it", f"'self' 'unsafe-inline' '{SHA.replace('384', '256')}'"),
    scripts("CSP-6.7.3.2", "strict-dynamic disables it", f"'unsafe-inline' 'strict-dynamic' '{SHA}' https:"),
    scripts("CSP-2.3.1", "a malformed hash disables nothing", "'self' 'unsafe-inline' 'sha256-a$b'", "HDR-07", "HDR-11"),
    scripts("CSP-2.3.1", "sha1 is no hash", "'self' 'unsafe-inline' 'sha1-YWJj'", "HDR-07", "HDR-11"),
    scripts("CSP-2.3.1", "a malformed nonce disables nothing", "'self' 'unsafe-inline' 'nonce-a$b'", "HDR-07", "HDR-11"),
    scripts("CSP-2.3.1", "an empty nonce disables nothing", "'self' 'unsafe-inline' 'nonce-'", "HDR-07", "HDR-11"),
    scripts("CSP-6.7.2.8", "star", "*", "HDR-08"),
    scripts("CSP-6.7.2.8", "https", "'self' https:", "HDR-08"),
    scripts("CSP-6.7.2.8", "http", "'self' http:", "HDR-08"),
    scripts("CSP-6.7.2.8", "data", "'self' data:", "HDR-08"),
    scripts("CSP-6.7.2.8", "any host and port", "https://*:*", "HDR-08"),
    scripts("CSP-6.7.2.10", "every agency", "'self' *.go.id", "HDR-08"),
    scripts("CSP-6.7.2.10", "every company", "'self' https://*.co.id", "HDR-08"),
    scripts("CSP-6.7.2.10", "a top level", "'self' *.com", "HDR-08"),
    scripts("CSP-6.7.2.10", "every site of a hoster", "'self' *.github.io", "HDR-08"),
    scripts("CSP-6.7.2.10", "the own subdomains", "'self' *.contoh.go.id"),
    scripts("CSP-6.7.2.8", "a named host", "'self' https://statis.contoh.go.id"),
    scripts("CSP-6.7.2.8", "blob", "'self' blob:"),
    scripts("CSP-4.4", "unsafe-eval", "'self' 'unsafe-eval'", "HDR-09"),
    scripts("CSP-4.4", "wasm-unsafe-eval", "'self' 'wasm-unsafe-eval'"),
    scripts("bypass", "a publisher", "'self' https://cdn.jsdelivr.net", "HDR-10"),
    scripts("bypass", "a folder of it", "'self' https://cdn.jsdelivr.net/npm/bootstrap@5.3.3/"),
    scripts("bypass", "AngularJS", "'self' https://ajax.googleapis.com", "HDR-10"),
    scripts("CSP-2.3.1", "self without quotes", "self", "HDR-11"),
    scripts("CSP-6.7.2.4", "none beside a host", "'none' https://statis.contoh.go.id", "HDR-11"),
    csp("CSP-2.2.1", "a misspelt directive", f"script-scr 'self'; default-src 'self'{REST}", "HDR-11"),
    csp("CSP-2.2.1", "the first of a name counts, and it is closed", f"script-src 'self'; script-src 'unsafe-inline'{REST}"),
    csp("CSP-2.2.1", "the first of a name counts, and it is open", f"script-src 'unsafe-inline'; script-src 'self'{REST}", "HDR-07"),
    csp("CSP-2.2.1", "directives in capitals", f"SCRIPT-SRC 'self'{REST.upper().replace('NONE', 'none').replace('SELF', 'self')}"),
    csp("CSP-4.2", "open then closed", (f"script-src 'unsafe-inline' *{REST}", "script-src 'self'")),
    csp("CSP-4.2", "closed then open", ("script-src 'self'", f"script-src 'unsafe-inline' *{REST}")),
    csp("CSP-4.2", "in one field", f"script-src 'unsafe-inline' *{REST}, script-src 'self'"),
    csp("CSP-4.2", "both open", (f"script-src 'unsafe-inline'{REST}", "default-src 'unsafe-inline'"), "HDR-07"),
    csp("CSP-6.8.3", "default stands in", f"default-src 'unsafe-inline'{REST}", "HDR-07"),
    csp("CSP-6.8.3", "script-src beats default", f"default-src 'unsafe-inline' *; script-src 'self'{REST}"),
    csp("CSP-6.8.3", "handlers left open", f"script-src 'self'; script-src-attr 'unsafe-inline'{REST}", "HDR-07"),
    csp("CSP-6.8.3", "elements left open", f"script-src 'self'; script-src-elem 'self' 'unsafe-inline'{REST}", "HDR-07"),
    csp("CSP-6.8.3", "elements of any host", f"script-src 'self'; script-src-elem *{REST}", "HDR-08"),
    csp("CSP-6.8.3", "open as a whole, closed in both parts", f"script-src 'unsafe-inline' *; script-src-elem 'self'; script-src-attr 'none'{REST}"),
    csp("CSP-6.1.10", "styles inline", f"script-src 'self'; style-src 'self' 'unsafe-inline'{REST}"),
    csp("CSP-6.1.8", "objects of any host", "script-src 'self'; object-src *; base-uri 'none'; frame-ancestors 'none'", "HDR-22"),
    csp("CSP-6.1.8", "objects not spoken of", "script-src 'self'; base-uri 'none'; frame-ancestors 'none'", "HDR-22"),
    csp("CSP-6.1.8", "objects by default", "default-src 'self'; base-uri 'none'; frame-ancestors 'none'"),
    csp("CSP-6.4.1", "forms to any host", "default-src 'self'; form-action *; frame-ancestors 'none'", "HDR-23"),
    csp("CSP-6.4.1", "forms to every agency", "default-src 'self'; form-action 'self' https://*.go.id; frame-ancestors 'none'", "HDR-23"),
    csp("CSP-6.4.1", "forms not spoken of", "default-src 'self'; frame-ancestors 'none'"),
    csp("CSP-6.3.2", "a sandbox without scripts", f"sandbox; script-src 'unsafe-inline'{REST}"),
    csp("CSP-6.3.2", "a sandbox with scripts", f"sandbox allow-scripts; script-src 'unsafe-inline'{REST}", "HDR-07"),
    csp("TT-2.3", "trusted types", f"default-src 'self'; require-trusted-types-for 'script'; trusted-types default{REST}"),
    verdict("CSP-3.3", "by a meta element", {"Content-Security-Policy": None, "X-Frame-Options": "DENY"},
            body=page("", "<meta http-equiv=Content-Security-Policy content=\"default-src 'self'\">")),
    verdict("CSP-3.3", "a meta element in the body is ignored", {"Content-Security-Policy": None, "X-Frame-Options": "DENY"}, "HDR-01",
            body=page("<meta http-equiv=Content-Security-Policy content=\"default-src 'self'\">")),
    verdict("CSP-3.3", "meta cannot loosen the header", {}, body=page("", "<meta http-equiv=Content-Security-Policy content=\"script-src 'unsafe-inline' *\">")),
    verdict("9112-5.2", "obs-fold", {"Content-Security-Policy": f"default-src 'self';\r\n object-src 'none'{REST}"}),
]


def nonced(section: str, name: str, policy: str, *fails: str, again: bool = False) -> object:
    """A policy whose nonce is new with every answer, or not."""
    number = iter(range(10_000))

    def home(_: Request) -> bytes:
        nonce = "c2FtYXNhbWFzYW1hc2FtYQ==" if again else f"{next(number):022d}=="
        return reply(200, *fields(**{"Content-Security-Policy": policy.replace("NONCE", f"'nonce-{nonce}'")}), body=BODY)

    return verdict(section, name, None, *fails, pages={"/": home})


NONCES = [
    nonced("CSP-8.2", "the strict policy", f"script-src NONCE 'strict-dynamic' 'unsafe-inline' https: http:{REST}"),
    nonced("CSP-6.7.3.2", "a nonce disables unsafe-inline", f"script-src 'self' 'unsafe-inline' NONCE{REST}"),
    nonced("CSP-7.1", "the same nonce again", f"script-src NONCE 'strict-dynamic'{REST}", "HDR-12", again=True),
    nonced("CSP-6.3.1", "no base-uri beside a nonce", "script-src NONCE 'strict-dynamic'; object-src 'none'; frame-ancestors 'none'", "HDR-14"),
    nonced("CSP-6.3.1", "no base-uri beside a nonce and hosts", "script-src 'self' NONCE; object-src 'none'; frame-ancestors 'none'", "HDR-14"),
    nonced("CSP-6.3.1", "base-uri self", "script-src NONCE; object-src 'none'; base-uri 'self'; frame-ancestors 'none'"),
    nonced("CSP-6.3.1", "a nonce for styles alone", "script-src 'self'; style-src NONCE; object-src 'none'; frame-ancestors 'none'"),
    nonced("CSP-6.7.3.2", "a nonce for styles does not cover scripts", f"script-src 'unsafe-inline'; style-src NONCE{REST}", "HDR-07"),
]

COOKIES = [
    cookie("6265bis-5.6", "none at all", None),
    cookie("6265bis-5.6", "Strict", SESSION.replace("Lax", "Strict")),
    cookie("6265bis-5.6", "attributes in any case and order", "PHPSESSID=x; samesite=LAX; HTTPONLY; SECURE; path=/"),
    cookie("6265bis-5.6", "without Secure", SESSION.replace("; Secure", ""), "SES-01"),
    cookie("6265bis-5.6", "without HttpOnly", SESSION.replace("; HttpOnly", ""), "SES-02"),
    cookie("6265bis-5.6.7", "without SameSite", SESSION.replace("; SameSite=Lax", ""), "SES-03"),
    cookie("6265bis-5.6.7", "SameSite=None", SESSION.replace("Lax", "None"), "SES-03"),
    cookie("6265bis-5.6.7", "an unknown SameSite", SESSION.replace("Lax", "Boleh"), "SES-03"),
    cookie("6265bis-5.6.7", "the last SameSite counts", SESSION + "; SameSite=None", "SES-03"),
    cookie("6265bis-5.6.3", "for all subdomains", SESSION + "; Domain=contoh.go.id", "SES-04"),
    cookie("6265bis-5.7", "None without Secure is refused", "PHPSESSID=x; HttpOnly; SameSite=None", "SES-06"),
    cookie("6265bis-5.7", "for every agency is refused", SESSION + "; Domain=.go.id", "SES-06"),
    cookie("6265bis-5.7", "for another agency is refused", SESSION + "; Domain=lain.go.id", "SES-06"),
    cookie("6265bis-4.1.3", "__Host- as it must be", "__Host-" + SESSION),
    cookie("6265bis-4.1.3", "__Secure- as it must be", "__Secure-" + SESSION),
    cookie("6265bis-4.1.3", "__Host- without Secure", "__Host-sesi=x; Path=/; HttpOnly; SameSite=Lax", "SES-06"),
    cookie("6265bis-4.1.3", "__Host- with a Domain", "__Host-" + SESSION + "; Domain=contoh.go.id", "SES-06"),
    cookie("6265bis-4.1.3", "__Host- without a path", "__Host-sesi=x; Secure; HttpOnly; SameSite=Lax", "SES-06"),
    cookie("6265bis-4.1.3", "__Host- with another path", "__Host-sesi=x; Path=/x; Secure; HttpOnly; SameSite=Lax", "SES-06"),
    cookie("6265bis-4.1.3", "__Secure- without Secure", "__secure-sesi=x; Path=/; HttpOnly; SameSite=Lax", "SES-06"),
    cookie("6265bis-5.6", "a control character", "PHPSESSID=a\x01b; Path=/", "SES-06"),
    cookie("6265bis-5.6", "deleted by Max-Age", "PHPSESSID=; Max-Age=0"),
    cookie("6265bis-5.6", "deleted by Expires", "PHPSESSID=deleted; expires=Thu, 01-Jan-1970 00:00:01 GMT; Path=/"),
    cookie("6265bis-5.7", "a deletion that is refused was to leave nothing", "PHPSESSID=; Max-Age=0; Domain=lain.go.id"),
    cookie("6265bis-5.7", "a deletion without its prefix's attributes", "__Host-sesi=; Max-Age=0"),
    cookie("6265bis-5.6", "set and deleted again", ("PHPSESSID=x; Path=/", "PHPSESSID=; Path=/; Max-Age=-1")),
    cookie("6265bis-5.7", "a later one replaces an earlier one", ("PHPSESSID=x; Path=/", "PHPSESSID=x; Path=/; Secure; HttpOnly; SameSite=Lax")),
    cookie("6265bis-5.7", "another path is another cookie", ("PHPSESSID=x; Path=/a", "PHPSESSID=x; Path=/; Secure; HttpOnly; SameSite=Lax"), "SES-01", "SES-02", "SES-03"),
    cookie("names", "no session", "bahasa=id; Path=/"),
    cookie("names", "XSRF-TOKEN is read by scripts", ("XSRF-TOKEN=eyJpdiI6IjEyMzQ1Njc4OTAxMjM0NTYiLCJ2YWx1ZSI6ImFiYyJ9; Path=/; Secure; SameSite=Lax", SESSION)),
    cookie("names", "statistics", "_ga=GA1.2.1234567890.1700000000; Path=/"),
    cookie("names", "a load balancer", "SERVERID=s1|ZXhhbXBsZQ; Path=/"),
    *(cookie("names", name[:24], f"{name}=x; Path=/", "SES-01", "SES-02", "SES-03") for name in (
        "PHPSESSID", "ci_session", "laravel_session", "dinas_contoh_session", "OJSSID", "MoodleSession", "JSESSIONID", "ASP.NET_SessionId",
        "wordpress_logged_in_0123456789abcdef0123456789abcdef", "SenayanMember", "0123456789abcdef0123456789abcdef", "connect.sid",
        "SESS0123456789abcdef0123456789abcdef", "ASPSESSIONIDABCDEFGH", ".ASPXAUTH", "sessionid", "CAKEPHP", "yii_session", "auth", "login", "logged_in", "sso_session", "remember_me", "session", "sid",
    )),
    cookie("entropy", "an unguessable value under any name", "kue=9f3a1c7be2d84f60a5c1; Path=/", "SES-01", "SES-02", "SES-03"),
    cookie("entropy", "a JSON web token", "token=eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjMifQ.c2Fwhx1R; Path=/", "SES-01", "SES-02", "SES-03"),
    cookie("entropy", "a date", "terakhir=2026-11-26T10:00:00; Path=/"),
    cookie("entropy", "a word", "tema=pemerintah-kabupaten-contoh; Path=/"),
    verdict("9111-3", "public beside a session", {"Cache-Control": "public, max-age=600"}, "SES-05"),
    verdict("9111-3", "a period beside a session", {"Cache-Control": "max-age=600"}, "SES-05"),
    verdict("9111-4.2.2", "public without a period", {"Cache-Control": "public"}, "SES-05"),
    verdict("9111-5.2.2.10", "a period for shared caches alone", {"Cache-Control": "max-age=0, s-maxage=600"}, "SES-05"),
    verdict("9111-5.3", "Expires ahead of Date", {"Date": "Thu, 26 Nov 2026 10:00:00 GMT", "Expires": "Thu, 26 Nov 2026 11:00:00 GMT"}, "SES-05"),
    verdict("9111-5.2.2.7", "private", {"Cache-Control": "private, max-age=600"}),
    verdict("9111-5.2.2.5", "no-store", {"Cache-Control": "no-store"}),
    verdict("9111-5.2.2.4", "no-cache", {"Cache-Control": "public, no-cache"}),
    verdict("9111-5.3", "Expires: 0", {"Expires": "0", "Date": "Thu, 26 Nov 2026 10:00:00 GMT"}),
    verdict("9111-3", "public without a cookie", {"Cache-Control": "public, max-age=600", "Set-Cookie": None}),
    verdict("9111-3", "public beside a choice of language", {"Cache-Control": "public, max-age=600", "Set-Cookie": "bahasa=id; Path=/"}),
]

REDIRECTS = [
    walk("9110-15.4", "301", {"*": to(SECURE)}),
    walk("9110-15.4", "302", {"*": to(SECURE, 302)}),
    walk("9110-15.4", "307", {"*": to(SECURE, 307)}),
    walk("9110-15.4", "308", {"*": to(SECURE, 308)}),
    walk("6797-7.2", "content in clear", {"/": HOME}, "KOM-07"),
    walk("6797-7.2", "an empty 200", {"/": reply(200)}, "KOM-07"),
    walk("HTML-refresh", "a meta refresh is no redirect", {"/": reply(200, body=f"<meta http-equiv=refresh content='0;url={SECURE}'>".encode())}, "KOM-07"),
    walk("HTML-refresh", "a script is no redirect", {"/": reply(200, body=f"<script>location='{SECURE}'</script>".encode())}, "KOM-07"),
    walk("9110-15.4", "from plain to plain to https", {"/": to(PLAIN + "x"), "/x": to(SECURE)}, "ALH-01"),
    walk("9110-15.4", "from plain to plain", {"/": to(PLAIN + "x"), "/x": HOME}, "KOM-07"),
    walk("9110-10.2.2", "without a location", {"/": reply(301)}, "KOM-07"),
    walk("9110-10.2.2", "to something that is no address", {"/": to("https://[kacau")}, "KOM-07"),
    walk("9110-10.2.2", "relative to itself", {"/": to("/x"), "/x": to("//contoh.go.id/y"), "/y": HOME}, "KOM-07"),
    walk("9110-10.2.2", "back and forth in clear", {"/": to("/x"), "/x": to("/")}, "KOM-07"),
    walk("9110-15.5", "404 in clear", {"/": reply(404)}, "KOM-07"),
    walk("9110-15.4", "the long way on https", {"*": to(SECURE)}, pages={"/": to("/a", 302), "/a": to("/b", 302), "/b": HOME}),
    verdict("HTML-refresh", "https leads to http by a meta refresh", {}, "KOM-08", body=page("", f"<meta http-equiv=refresh content='0; url={PLAIN}'>")),
    verdict("HTML-refresh", "https leads to http by a field", {"Refresh": f"0; url={PLAIN}"}, "KOM-08"),
    verdict("HTML-refresh", "to another page over https", {}, body=page("", f"<meta http-equiv=Refresh content='5;URL={SECURE}x'>")),
]

CONTENT = [
    markup("MC-4", "nothing", ""),
    markup("MC-4", "a script in clear", f"<script src={PLAIN}a.js></script>", "ISI-01"),
    markup("MC-4", "a style sheet in clear", "", "ISI-01", head=f"<link rel=stylesheet href={PLAIN}a.css>"),
    markup("MC-4", "a frame in clear", f"<iframe src={PLAIN}></iframe>", "ISI-01"),
    markup("MC-4.1", "an image in clear", f"<img src={PLAIN}a.png>", "ISI-02"),
    markup("MC-4.1", "a film in clear", f"<video src={PLAIN}a.mp4></video>", "ISI-02"),
    markup("MC-4.1", "the still of a film in clear", f"<video poster={PLAIN}a.png></video>", "ISI-02"),
    markup("MC-4.1", "the icon in clear", "", "ISI-02", head=f"<link rel='shortcut icon' href={PLAIN}a.ico>"),
    markup("MC-4.1", "a button's image in clear", f"<input type=image src={PLAIN}a.png>", "ISI-02"),
    markup("MC-4.1", "images by size are never upgraded", f"<img src=/a.png srcset='{PLAIN}b.png 2x'>", "ISI-01"),
    markup("MC-4.1", "pictures by size are never upgraded", f"<picture><source srcset='/a.png, {PLAIN}b.png 2x'><img src=/a.png></picture>", "ISI-01"),
    markup("MC-4", "an import in a style element", "", "ISI-01", head=f"<style>@import url('{PLAIN}a.css');</style>"),
    markup("MC-4.1", "an image in a style element", "", "ISI-02", head=f"<style>body {{ background: url({PLAIN}a.png) }}</style>"),
    markup("MC-4.1", "an image in a style attribute", f"<div style=\"background-image: url('{PLAIN}a.png')\"></div>", "ISI-02"),
    markup("MC-4.1", "an image loaded ahead", "", "ISI-02", head=f"<link rel=preload as=image href={PLAIN}a.png>"),
    markup("MC-4.1", "an old background", f"<table background={PLAIN}a.png></table>", "ISI-02"),
    markup("MC-2", "a link", f"<a href={PLAIN}>x</a>"),
    markup("MC-2", "a canonical address", "", head=f"<link rel=canonical href={PLAIN}>"),
    markup("MC-2", "an alternate address", "", head=f"<link rel=alternate hreflang=id href={PLAIN}>"),
    markup("MC-2", "in a comment", f"<!-- <script src={PLAIN}a.js></script> -->"),
    markup("MC-2", "without a scheme", "<script src=//contoh.go.id/a.js></script>"),
    verdict("UIR-3", "upgraded by policy", {"Content-Security-Policy": f"{SOUND['Content-Security-Policy']}; upgrade-insecure-requests"}, body=page(f"<script src={PLAIN}a.js></script><img src={PLAIN}a.png>")),
    markup("HTML-4.2.3", "a base in clear that the policy refuses", "<img src=a.png>", head=f"<base href={PLAIN}>"),
    markup("HTML-4.10", "a form in clear", f"<form action={PLAIN}kirim></form>", "ISI-03"),
    markup("HTML-4.10", "a button's own address in clear", f"<form><button formaction={PLAIN}kirim>Kirim</button></form>", "ISI-03"),
    markup("HTML-4.10", "a password in clear", f"<form action={PLAIN}masuk><input type=password></form>", "ISI-03"),
    markup("HTML-4.10", "a password over https", "<form action=/masuk method=post><input type=password></form>"),
    markup("SRI-3", "a stranger's script", "<script src=https://cdn.lain.com/a.js></script>", "ISI-04"),
    markup("SRI-3", "a stranger's style", "", "ISI-04", head="<link rel=stylesheet href=https://cdn.lain.com/a.css>"),
    markup("SRI-3", "bound", f"<script src=https://cdn.lain.com/a.js integrity={SHA} crossorigin=anonymous></script>"),
    markup("SRI-3", "bound by md5", "<script src=https://cdn.lain.com/a.js integrity=md5-YWJj crossorigin></script>", "ISI-04"),
    markup("SRI-3", "bound by nothing", "<script src=https://cdn.lain.com/a.js integrity='' crossorigin></script>", "ISI-04"),
    markup("SRI-3", "the own script", "<script src=/a.js></script>"),
    markup("SRI-3", "a subdomain's script", "<script src=https://statis.contoh.go.id/a.js></script>"),
    markup("SRI-3", "another agency's script", "<script src=https://cdn.lain.go.id/a.js></script>", "ISI-04"),
    markup("SRI-3", "a stranger's image", "<img src=https://cdn.lain.com/a.png>"),
    markup("SRI-3", "a stranger's script by the base", "<script src=a.js></script>", "ISI-04", head="<base href=https://cdn.lain.com/>", **{"Content-Security-Policy": "script-src 'self'; object-src 'none'; frame-ancestors 'none'"}),
    markup("hijacked", "polyfill.io", f"<script src=https://cdn.polyfill.io/v3/a.js integrity={SHA}></script>", "ISI-05"),
    markup("hijacked", "bootcss", f"<script src=https://cdn.bootcss.com/a.js integrity={SHA}></script>", "ISI-05"),
    markup("generator", "with a version", "", "KNF-04", "ISI-07", head="<meta name=generator content='WordPress 5.8'>"),
    markup("generator", "without one", "", head="<meta name=generator content='WordPress'>"),
]

LIBRARIES = [
    markup("retire", "in the file name", "<script src=/js/jquery-1.12.4.min.js></script>", "ISI-06"),
    markup("retire", "in a folder", "<script src=/libs/bootstrap/3.3.7/js/bootstrap.min.js></script>", "ISI-06"),
    markup("retire", "on a CDN", f"<script src=https://cdn.jsdelivr.net/npm/vue@2.6.10/dist/vue.min.js integrity={SHA} crossorigin></script>", "ISI-06"),
    markup("retire", "behind a question mark of WordPress", "<script src='/wp-includes/js/jquery/jquery.min.js?ver=3.4.1'></script>", "ISI-06"),
    markup("retire", "one without known weaknesses", "<script src=/js/jquery-3.7.1.min.js></script>"),
    markup("retire", "a range is served in its newest", f"<script src=https://cdn.jsdelivr.net/npm/jquery@3/dist/jquery.min.js integrity={SHA} crossorigin></script>"),
    markup("retire", "a name alone", "<script src=/js/jquery.min.js></script>"),
    markup("retire", "dates are no versions", "<script src=/2014/10/1/menu.js></script>"),
    markup("retire", "in a comment", "<!-- <script src=/js/jquery-1.12.4.min.js></script> -->"),
    verdict("retire", "in the first line of the site's own file", {}, "ISI-06", body=page("<script src=/js/jquery.min.js></script>"),
            pages={"/js/jquery.min.js": reply(200, body=b"/*! jQuery v1.11.3 | (c) 2005, 2015 jQuery Foundation, Inc. */", kind="text/javascript")}),
    verdict("retire", "a new one in the site's own file", {}, body=page("<script src=/js/jquery.min.js></script>"),
            pages={"/js/jquery.min.js": reply(200, body=b"/*! jQuery v3.7.1 | (c) OpenJS Foundation */", kind="text/javascript")}),
    markup("endoflife", "Joomla past its end", "", "KNF-04", "ISI-07", head="<meta name=generator content='Joomla! 3.9 - Open Source Content Management'>"),
    markup("endoflife", "Joomla without a version", "", head="<meta name=generator content='Joomla! - Open Source Content Management'>"),
    markup("endoflife", "Drupal past its end", "", "KNF-04", "ISI-07", head="<meta name=generator content='Drupal 7 (http://drupal.org)'>"),
    markup("endoflife", "a branch that the list does not know", "", "KNF-04", head="<meta name=generator content='WordPress 99.1'>"),
    verdict("endoflife", "PHP that the distribution patches", {"X-Powered-By": "PHP/7.4.3-4ubuntu2.18"}, "KNF-02", "KNF-07"),
    verdict("endoflife", "PHP that is supported", {"X-Powered-By": "PHP/8.4.1"}, "KNF-02", "KNF-07"),
]

DISCLOSURE = [
    verdict("9110-10.2.4", "Server alone", {"Server": "nginx"}),
    verdict("9110-10.2.4", "Server of a CDN", {"Server": "cloudflare"}),
    verdict("9110-10.2.4", "Server with a version", {"Server": "nginx/1.18.0"}, "KNF-02"),
    verdict("9110-10.2.4", "Server with a system", {"Server": "Apache/2.4.41 (Ubuntu)"}, "KNF-02"),
    verdict("9110-10.2.4", "IIS", {"Server": "Microsoft-IIS/10.0"}, "KNF-02"),
    verdict("headers", "PHP", {"X-Powered-By": "PHP/7.4.3"}, "KNF-02", "KNF-07", "ISI-07"),
    verdict("headers", "Express", {"X-Powered-By": "Express"}, "KNF-07"),
    verdict("headers", "ASP.NET", {"X-AspNet-Version": "4.0.30319"}, "KNF-02", "KNF-07"),
    verdict("headers", "Drupal", {"X-Generator": "Drupal 10 (https://www.drupal.org)"}, "KNF-02", "KNF-07"),
    verdict("headers", "Via is no version of the site's software", {"Via": "1.1 varnish"}),
    verdict("headers", "ETag and Age", {"ETag": '"5f-1.2"', "Age": "12"}),
    verdict("deprecated", "X-XSS-Protection off", {"X-XSS-Protection": "0"}),
    verdict("deprecated", "X-XSS-Protection on", {"X-XSS-Protection": "1; mode=block"}, "KNF-03"),
    verdict("deprecated", "HPKP", {"Public-Key-Pins": 'pin-sha256="YWJj"; max-age=60'}, "KNF-03"),
    verdict("deprecated", "Expect-CT", {"Expect-CT": "max-age=0"}, "KNF-03"),
    verdict("9110-9.3.8", "TRACE echoes", None, "KNF-05", level=Level.ACTIVE, pages={"/": lambda request: reply(200, body=request.raw, kind="message/http") if request.method == "TRACE" else HOME}),
    verdict("9110-9.3.8", "TRACE refused", None, level=Level.ACTIVE, pages={"/": lambda request: reply(405) if request.method == "TRACE" else HOME}),
]

GOOD = "Contact: mailto:csirt@contoh.go.id\nExpires: 2099-12-31T00:00:00Z\n"
CONTACTS = [
    contact("9116-3", "sound", GOOD),
    contact("9116-4", "line feeds of both kinds and comments", "# halo\r\n\r\nContact: https://contoh.go.id/lapor\r\nexpires: 2099-12-31T00:00:00+07:00\r\nPreferred-Languages: id, en\r\n"),
    contact("9116-2.3", "signed", f"-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA512\n\n{GOOD}-----BEGIN PGP SIGNATURE-----\n\nYWJj\n-----END PGP SIGNATURE-----\n"),
    contact("9116-2.3", "a signature that does not follow", f"-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA512\n\n{GOOD}", "KNF-06"),
    contact("9116-2.5.5", "expired", GOOD.replace("2099", "2020"), "KNF-06"),
    contact("9116-2.5.5", "without an end", "Contact: mailto:csirt@contoh.go.id\n", "KNF-06"),
    contact("9116-2.5.5", "two ends", GOOD + "Expires: 2098-12-31T00:00:00Z\n", "KNF-06"),
    contact("9116-2.5.5", "an end that is no date", GOOD.replace("2099-12-31T00:00:00Z", "besok"), "KNF-06"),
    contact("9116-2.5.5", "an end without a zone", GOOD.replace("00:00Z", "00:00"), "KNF-06"),
    contact("9116-2.5.3", "nobody to contact", "Expires: 2099-12-31T00:00:00Z\n", "KNF-06", "KTK-01"),
    contact("9116-2.5.3", "a bare address", GOOD.replace("mailto:", ""), "KNF-06"),
    contact("9116-2.5.3", "a contact in clear", GOOD + "Contact: http://contoh.go.id/lapor\n", "KNF-06"),
    contact("9116-2.5.2", "canonical", GOOD + f"Canonical: {SECURE}.well-known/security.txt\n"),
    contact("9116-2.5.2", "canonical elsewhere", GOOD + "Canonical: https://lain.go.id/.well-known/security.txt\n", "KNF-06"),
    contact("9116-2.5.8", "languages twice", GOOD + "Preferred-Languages: id\nPreferred-Languages: en\n", "KNF-06"),
    contact("9116-3", "as HTML", GOOD, "KNF-06", kind="text/html"),
    contact("9116-3", "in another charset", GOOD, "KNF-06", kind="text/plain; charset=iso-8859-1"),
    contact("9116-4", "no blank behind the colon", GOOD.replace("Contact: ", "Contact:"), "KNF-06"),
    contact("9116-4", "a loose line", GOOD + "hubungi kami\n", "KNF-06"),
    contact("9116-3", "an error page in its place", "<!doctype html><title>Tidak ada</title>", "KTK-01", kind="text/html"),
    verdict("9116-2.5.2", "canonical at the well-known place that leads elsewhere", None, pages={
        "/.well-known/security.txt": to("/security.txt", 302),
        "/security.txt": reply(200, body=f"{GOOD}Canonical: {SECURE}.well-known/security.txt\n".encode(), kind="text/plain"),
    }),
    verdict("9116-3", "none", None, "KTK-01", pages={"/.well-known/security.txt": reply(404)}),
    verdict("9116-3", "at its old place alone", None, "KNF-06", pages={"/.well-known/security.txt": reply(404), "/security.txt": reply(200, body=GOOD.encode(), kind="text/plain")}),
]

CORS = [
    cors("Fetch-4.10", "star", lambda *_: ["Access-Control-Allow-Origin: *"]),
    cors("Fetch-4.10", "star with credentials", lambda *_: ["Access-Control-Allow-Origin: *", "Access-Control-Allow-Credentials: true"]),
    cors("Fetch-4.10", "reflected without credentials", lambda _, origin: [f"Access-Control-Allow-Origin: {origin}"]),
    cors("Fetch-4.10", "reflected with credentials", lambda _, origin: [f"Access-Control-Allow-Origin: {origin}", "Access-Control-Allow-Credentials: true"], "HDR-17"),
    cors("Fetch-4.10", "reflected with credentials in capitals", lambda _, origin: [f"Access-Control-Allow-Origin: {origin}", "Access-Control-Allow-Credentials: TRUE"]),
    cors("Fetch-4.10", "null with credentials", lambda *_: ["Access-Control-Allow-Origin: null", "Access-Control-Allow-Credentials: true"], "HDR-17"),
    cors("Fetch-4.10", "null without credentials", lambda *_: ["Access-Control-Allow-Origin: null"]),
    cors("Fetch-4.10", "a named origin", lambda *_: ["Access-Control-Allow-Origin: https://layanan.contoh.go.id", "Access-Control-Allow-Credentials: true"]),
    cors("Fetch-4.10", "the own origin", lambda *_: [f"Access-Control-Allow-Origin: https://{NAME}", "Access-Control-Allow-Credentials: true"]),
    cors("Fetch-4.10", "the own host in clear", lambda *_: [f"Access-Control-Allow-Origin: http://{NAME}", "Access-Control-Allow-Credentials: true"], "HDR-17"),
    cors("Fetch-4.10", "two fields match nothing", lambda _, origin: [f"Access-Control-Allow-Origin: {origin}"] * 2 + ["Access-Control-Allow-Credentials: true"]),
    cors("Fetch-4.8", "a preflight alone, for PUT", lambda method, origin: [f"Access-Control-Allow-Origin: {origin}", "Access-Control-Allow-Credentials: true", "Access-Control-Allow-Methods: PUT"] if method == "OPTIONS" else [], "HDR-17"),
    cors("Fetch-4.8", "a preflight alone, for JSON", lambda method, origin: [f"Access-Control-Allow-Origin: {origin}", "Access-Control-Allow-Credentials: true", "Access-Control-Allow-Headers: Content-Type"] if method == "OPTIONS" else [], "HDR-17"),
    cors("suffix", "ends with the host", lambda _, origin: [f"Access-Control-Allow-Origin: {origin}", "Access-Control-Allow-Credentials: true"] if origin.endswith(NAME) and origin.startswith("https") else [], "HDR-17"),
    cors("prefix", "begins with the host", lambda _, origin: [f"Access-Control-Allow-Origin: {origin}", "Access-Control-Allow-Credentials: true"] if origin.startswith(f"https://{NAME}") else [], "HDR-17"),
]

OTHER_PAGES = [
    verdict("redirect", "the page behind a redirect is what counts", {}, pages={"/": to("/beranda", 302), "/beranda": HOME}),
    verdict("redirect", "a redirect needs no fields of its own", {}, pages={"/": reply(302, "Location: /beranda"), "/beranda": HOME}),
]
# fmt: on

EVERY = [
    *HSTS,
    *FRAMING,
    *NOSNIFF,
    *REFERRER,
    *PERMISSIONS,
    *ISOLATION,
    *POLICIES,
    *NONCES,
    *COOKIES,
    *REDIRECTS,
    *CONTENT,
    *LIBRARIES,
    *DISCLOSURE,
    *CONTACTS,
    *CORS,
    *OTHER_PAGES,
]


@pytest.mark.parametrize("case", EVERY)
def test_exactly_its_own_rules_fail(case: Verdict, servers: tuple[Site, Site]) -> None:
    found = judged(case, servers)
    told = {
        finding.rule: [(v.fact, v.observed) for v in finding.verdicts if v.outcome is not Outcome.PASS]
        for finding in found
        if finding.outcome in (Outcome.FAIL, Outcome.UNKNOWN)
    }
    assert outcomes(found, Outcome.FAIL) == case.fails, told
    assert outcomes(found, Outcome.UNKNOWN) == case.unknown, told
