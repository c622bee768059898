"""What a page loads and where it sends things, case by case with the section, as bytes on a wire."""

from typing import Any

import pytest

import checks.content
from auditor.model import Absence, Fact
from auditor.net import Limits, Neighbours, Network
from tests.wire.conformance import Case, case, csp, expect
from tests.wire.site import Site, aim, reply

NONE: set[str] = set()


def page(markup: str, head: str = "") -> str:
    return f"<!doctype html><head><title>Dinas Contoh</title>{head}</head><body><p>Layanan publik.</p>{markup}</body>"


def markup(section: str, name: str, body: str, *policies: str, head: str = "", tls: bool = True, **told: Any) -> object:
    return case(section, name, csp(*policies), body=page(body, head), tls=tls, **told)


# fmt: off
MIXED = [
    markup("MC-4.2", "nothing", "", mixed_active=NONE, mixed_passive=NONE, insecure_forms=NONE),
    markup("MC-3", "script", "<script src=http://a.id/x.js></script>", mixed_active={"script http://a.id/x.js"}),
    markup("MC-3", "style sheet", "", head="<link rel=stylesheet href=http://a.id/x.css>", mixed_active={"link http://a.id/x.css"}),
    markup("MC-3", "frame", "<iframe src=http://a.id/></iframe>", mixed_active={"iframe http://a.id/"}),
    markup("MC-3", "object", "<object data=http://a.id/x></object><embed src=http://a.id/y>", mixed_active={"object http://a.id/x", "embed http://a.id/y"}),
    markup("MC-3", "preload", "", head="<link rel=preload as=script href=http://a.id/x.js>", mixed_active={"link http://a.id/x.js"}),
    markup("MC-4.1", "image is upgradeable", "<img src=http://a.id/x.png>", mixed_active=NONE, mixed_passive={"img http://a.id/x.png"}),
    markup("MC-4.1", "sound and video", "<video src=http://a.id/v></video><audio><source src=http://a.id/a></audio>", mixed_passive={"video http://a.id/v", "source http://a.id/a"}),
    markup("MC-2", "a link is no load", "<a href=http://a.id/>x</a>", mixed_active=NONE, mixed_passive=NONE),
    markup("MC-2", "a canonical address is no load", "", head="<link rel=canonical href=http://a.id/>", mixed_active=NONE),
    markup("MC-2", "an alternate style sheet waits", "", head="<link rel='alternate stylesheet' href=http://a.id/x.css>", mixed_active=NONE),
    markup("MC-2", "over https", "<script src=https://a.id/x.js></script>", mixed_active=NONE),
    markup("MC-2", "without a scheme", "<script src=//a.id/x.js></script>", mixed_active=NONE),
    markup("MC-2", "on a page in clear nothing is mixed", "<script src=http://a.id/x.js></script><img src=http://a.id/x>", tls=False, mixed_active=NONE, mixed_passive=NONE),
    markup("SC-3.1", "the visitor's own machine is trustworthy", "<script src=http://127.0.0.1:9/x.js></script><img src=http://localhost/x>", mixed_active=NONE, mixed_passive=NONE),
    markup("UIR-3.3", "upgraded by policy", "<script src=http://a.id/x.js></script><form action=http://a.id/></form>", "upgrade-insecure-requests", mixed_active=NONE, insecure_forms=NONE),
    markup("UIR-3.3", "upgraded by meta", "<script src=http://a.id/x.js></script>", head="<meta http-equiv=Content-Security-Policy content=upgrade-insecure-requests>", mixed_active=NONE),
    markup("MC-2", "a query is not told", "<script src='http://u:p@a.id/x.js?nik=1'></script>", mixed_active={"script http://a.id/x.js"}),
    markup("HTML-4.10", "form", "<form action=http://a.id/kirim></form>", insecure_forms={"form http://a.id/kirim"}),
    markup("HTML-4.10", "formaction of a button", "<form><button formaction=http://a.id/kirim>x</button></form>", insecure_forms={"button http://a.id/kirim"}),
    markup("HTML-4.10", "formaction of a button that submits nothing", "<form><button type=button formaction=http://a.id/>x</button></form>", insecure_forms=NONE),
    markup("HTML-4.10", "form without action", "<form></form><form action=''></form>", insecure_forms=NONE),
]

ADDRESSES = [
    markup("HTML-4.2.3", "base", "<script src=x.js></script>", head="<base href=http://a.id/js/>", mixed_active={"script http://a.id/js/x.js"}),
    markup("HTML-4.2.3", "the first base counts", "<script src=x.js></script>", head="<base href=http://a.id/><base href=https://b.id/>", mixed_active={"script http://a.id/x.js"}),
    markup("HTML-4.2.3", "a base without address does not count", "<script src=x.js></script>", head="<base target=_top><base href=http://a.id/>", mixed_active={"script http://a.id/x.js"}),
    markup("HTML-4.2.3", "a data base is refused", "<script src=x.js></script>", head="<base href=data:,x>", mixed_active=NONE, third_parties=NONE),
    markup("CSP-6.3.1", "a base that the policy refuses", "<script src=x.js></script>", "base-uri 'self'", head="<base href=http://a.id/>", mixed_active=NONE, third_parties=NONE),
    markup("HTML-4.2.3", "elements before the base", "", head="<script src=x.js></script><base href=http://a.id/>", mixed_active=NONE),
    markup("URL-4.4", "backslashes", r"<script src='http:\\a.id\x.js'></script>", mixed_active={"script http://a.id/x.js"}),
    markup("URL-4.4", "blanks and breaks", "<script src=' ht\ntp://a.id/x\t.js '></script>", mixed_active={"script http://a.id/x.js"}),
    markup("URL-4.4", "capitals in scheme and host", "<script src=HTTP://A.ID/X.js></script>", third_parties={"a.id"}),
    markup("URL-4.4", "character references", "<script src='http&colon;//a.id/x.js'></script>", mixed_active={"script http://a.id/x.js"}),
    markup("URL-4.4", "no address at all", "<script src='https://[kacau'></script><script src='http://a.id:99999/'></script><iframe src=about:blank></iframe>", third_parties=NONE, mixed_active=NONE),
    markup("HTML-13", "in a comment", "<!-- <script src=http://a.id/x.js></script> -->", mixed_active=NONE),
    markup("HTML-13", "in a template", "<template><script src=http://a.id/x.js></script></template>", mixed_active=NONE),
    markup("HTML-13", "in noscript", "<noscript><img src=http://a.id/x></noscript>", mixed_passive=NONE),
    markup("HTML-13", "in a textarea", "<textarea><script src=http://a.id/x.js></script></textarea>", mixed_active=NONE),
    markup("HTML-4.12", "a script of data loads nothing", "<script type=application/json src=http://a.id/x.js></script>", mixed_active=NONE),
    markup("HTML-4.12", "a module loads", "<script type=module src=http://a.id/x.js></script>", mixed_active={"script http://a.id/x.js"}),
    markup("HTML-4.12", "an old script type loads", "<script type=text/JavaScript src=http://a.id/x.js></script>", mixed_active={"script http://a.id/x.js"}),
]

SHA = "sha384-oqVuAfXRKap7fdgcCY5uykM6+R9GqQ8K/uxy9rx7HNQlGYl1kPzQho1wx4JwY8wC"
INTEGRITY = [
    markup("SRI-3.3", "none", "<script src=https://cdn.contoh.com/x.js></script>", unverified={"script https://cdn.contoh.com/x.js"}, third_parties={"cdn.contoh.com"}),
    markup("SRI-3.3", "sha384", f"<script src=https://cdn.contoh.com/x.js integrity='{SHA}' crossorigin=anonymous></script>", unverified=NONE, third_parties={"cdn.contoh.com"}),
    markup("SRI-3.3.4", "md5 is no digest", "<script src=https://cdn.contoh.com/x.js integrity='md5-AAAA'></script>", unverified={"script https://cdn.contoh.com/x.js"}),
    markup("SRI-3.3.4", "sha1 is no digest", "<script src=https://cdn.contoh.com/x.js integrity='sha1-AAAA'></script>", unverified={"script https://cdn.contoh.com/x.js"}),
    markup("SRI-3.3.4", "one that counts beside one that does not", f"<script src=https://cdn.contoh.com/x.js integrity='md5-AAAA {SHA}'></script>", unverified=NONE),
    markup("SRI-3.3.4", "empty", "<script src=https://cdn.contoh.com/x.js integrity></script>", unverified={"script https://cdn.contoh.com/x.js"}),
    markup("SRI-3.5", "options", f"<script src=https://cdn.contoh.com/x.js integrity='{SHA}?ct=x'></script>", unverified=NONE),
    markup("SRI-3.7", "style sheet", "", head="<link rel=stylesheet href=https://cdn.contoh.com/x.css>", unverified={"link https://cdn.contoh.com/x.css"}),
    markup("SRI-3.7", "style sheet with one", "", head=f"<link rel=stylesheet href=https://cdn.contoh.com/x.css integrity={SHA}>", unverified=NONE),
    markup("SRI-3.7", "frames and images have none", "<iframe src=https://peta.contoh.com/></iframe><img src=https://cdn.contoh.com/x>", unverified=NONE, third_parties={"peta.contoh.com"}),
    markup("SRI-3.3", "the same site's other host", "<script src=https://cdn.contoh.go.id/x.js></script>", unverified=NONE, third_parties=NONE),
    markup("SRI-3.3", "another agency under the same suffix", "<script src=https://lain.go.id/x.js></script>", unverified={"script https://lain.go.id/x.js"}, third_parties={"lain.go.id"}),
    markup("SRI-3.3", "the own host", "<script src=/x.js></script><script>x</script>", unverified=NONE, third_parties=NONE),
    markup("hijacked", "polyfill.io", "<script src=https://cdn.polyfill.io/v3/polyfill.min.js></script>", hijacked={"cdn.polyfill.io"}),
    markup("hijacked", "a name that only looks like it", "<script src=https://polyfill.io.contoh.com/x.js></script>", hijacked=NONE),
]

PASSWORDS = [
    markup("passwords", "none", "<form action=http://a.id/><input name=q></form>", password_insecure=False),
    markup("passwords", "on an https page", "<form><input type=password></form>", password_insecure=False),
    markup("passwords", "sent in clear", "<form action=http://a.id/masuk><input type=PASSWORD></form>", password_insecure=True),
    markup("passwords", "sent in clear, upgraded by policy", "<form action=http://a.id/masuk><input type=password></form>", "upgrade-insecure-requests", password_insecure=False),
    markup("passwords", "asked for in clear", "<form action=https://contoh.go.id/masuk><input type=password></form>", tls=False, password_insecure=True),
    markup("passwords", "outside a form in clear", "<input type=password>", tls=False, password_insecure=True),
    markup("passwords", "outside a form", "<input type=password>", password_insecure=False),
    markup("passwords", "in a form that is never closed", "<form action=http://a.id/><input type=password>", password_insecure=True),
    markup("generator", "none", "", generator=Absence.NOT_OFFERED),
    markup("generator", "WordPress", "", head='<meta name="Generator" content="WordPress 5.8">', generator="WordPress 5.8"),
]
# fmt: on


@pytest.mark.parametrize("served", [*MIXED, *ADDRESSES, *INTEGRITY, *PASSWORDS])
def test_what_the_specification_says(served: Case) -> None:
    expect(checks.content, "http.content.", served)


def test_a_page_that_was_cut_shows_what_it_shows_and_nothing_is_missing() -> None:
    body = page("<script src=http://a.id/x.js></script>" + "x" * 4_000 + "<input type=password>").encode()
    with Site({"/": reply(200, body=body)}, tls=True) as site:
        target = aim(site)
        with Network(target, neighbours=Neighbours(), limits=Limits(exchange=5, body=2_000)) as net:
            found = list(checks.content.collect(target, net))
    sets = {item.name: item for item in found if isinstance(item, Fact)}
    assert sets["http.content.mixed_active"].value == ("script http://a.id/x.js",)
    assert not any(item.complete for item in sets.values() if isinstance(item.value, tuple))
    rest = {item.fact: item.reason for item in found if not isinstance(item, Fact)}  # type: ignore[union-attr]
    assert set(rest) == {name for name, spec in checks.content.facts.items() if name not in sets}
    assert set(rest.values()) == {Absence.LIMITED}


def test_more_than_is_told_is_not_all() -> None:
    body = page("".join(f"<img src=http://a{number}.id/x>" for number in range(60))).encode()
    with Site({"/": reply(200, body=body)}, tls=True) as site:
        target = aim(site)
        with Network(target, neighbours=Neighbours(), limits=Limits(exchange=5)) as net:
            found = [item for item in checks.content.collect(target, net) if isinstance(item, Fact)]
    [passive] = [item for item in found if item.name == "http.content.mixed_passive"]
    assert isinstance(passive.value, tuple)
    assert (len(passive.value), passive.complete) == (50, False)


def test_something_else_than_html_loads_nothing() -> None:
    served = Case(
        "",
        ("Content-Type: text/plain",),
        {"mixed_active": NONE, "password_insecure": False},
        b"<script src=http://a.id/x.js></script>",
    )
    expect(checks.content, "http.content.", served)
