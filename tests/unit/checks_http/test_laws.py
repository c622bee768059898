"""Laws that hold for any bytes: nothing crashes a reader, and another policy never opens what was closed."""

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checks.contact.securitytxt import parse as parse_security_txt
from checks.content.resources import contents
from checks.csp import effect
from checks.csp.faults import faults
from checks.csp.policy import parse
from checks.csp.reporting import is_reported
from checks.csp.sources import Url
from checks.headers import caching, hsts, isolation, permissions, traces
from checks.http.structured import dictionary, item
from tests.unit.checks_http.answers import answer

OWN = Url("https", "contoh.go.id")

SOURCES = st.sampled_from(
    [
        "'self'", "'none'", "'unsafe-inline'", "'unsafe-eval'", "'strict-dynamic'", "'nonce-YWJj'", "'nonce-a$b'", "'sha256-YWJj'",
        "*", "https:", "http:", "ws:", "data:", "*.go.id", "*.id", "*.ac.id", "https://*:8443", "https://*/a/", "https://*.go.id:8443/a/b.js",
        "cdn.contoh.go.id", "self", "'*'", "allow-scripts", "allow-forms",
    ]
)  # fmt: skip
NAMES = st.sampled_from(
    [
        "default-src", "script-src", "script-src-elem", "script-src-attr", "style-src", "style-src-attr", "object-src", "base-uri",
        "form-action", "frame-ancestors", "sandbox", "img-src",
    ]
)  # fmt: skip
DIRECTIVES = st.builds(lambda name, values: " ".join((name, *values)), NAMES, st.lists(SOURCES, max_size=5))
POLICIES = st.lists(DIRECTIVES, max_size=5).map("; ".join).map(parse)

EFFECTS: dict[str, Callable[[effect.Policies], effect.Ways]] = {
    "injected_script": effect.injected_script,
    "injected_style": effect.injected_style,
    "text_as_code": effect.text_as_code,
    "objects": effect.objects,
    "foreign_script": lambda policies: effect.foreign_script(policies, OWN),
    "foreign_base": lambda policies: effect.foreign_base(policies, OWN),
    "foreign_form": lambda policies: effect.foreign_form(policies, OWN),
    "foreign_frame": lambda policies: effect.foreign_frame(policies, OWN),
    "loads_script": lambda policies: effect.loads_script(policies, Url("https", "x.go.id", 8443, "/a/b.js"), OWN),
}


@pytest.mark.parametrize("name", EFFECTS)
@given(first=POLICIES, second=POLICIES)
@settings(max_examples=150, deadline=None)
def test_another_policy_never_opens_what_was_closed(
    name: str, first: dict[str, tuple[str, ...]], second: dict[str, tuple[str, ...]]
) -> None:
    ways = EFFECTS[name]
    if not ways((first,)):
        assert not ways((first, second))
        assert not ways((second, first))


@pytest.mark.parametrize("name", EFFECTS)
@given(first=POLICIES, second=POLICIES)
@settings(max_examples=80, deadline=None)
def test_the_order_of_policies_means_nothing(
    name: str, first: dict[str, tuple[str, ...]], second: dict[str, tuple[str, ...]]
) -> None:
    ways = EFFECTS[name]
    assert set(ways((first, second))) == set(ways((second, first)))


@pytest.mark.parametrize("name", EFFECTS)
@given(policy=POLICIES)
@settings(max_examples=80, deadline=None)
def test_a_policy_said_twice_says_the_same(name: str, policy: dict[str, tuple[str, ...]]) -> None:
    ways = EFFECTS[name]
    assert set(ways((policy, policy))) == set(ways((policy,)))


@given(policy=POLICIES)
def test_what_is_strict_neither_runs_what_is_injected_nor_loads_from_strangers(
    policy: dict[str, tuple[str, ...]],
) -> None:
    if effect.is_strict((policy,)):
        assert not effect.injected_script((policy,))
        assert not effect.foreign_script((policy,), OWN)


FIELD = st.text(st.characters(max_codepoint=255, exclude_characters="\r\n"), max_size=200)


@given(value=FIELD | st.text("'\"()=*;,: -abcnosrc/.?%$\\\t1", max_size=120))
@settings(max_examples=400, deadline=None)
def test_no_field_value_crashes_a_reader(value: str) -> None:
    policies = (parse(value), parse(f"script-src {value}"))
    for ways in EFFECTS.values():
        ways(policies)
    faults(policies)
    dictionary(value)
    item(value)
    names = (
        "Strict-Transport-Security", "Cache-Control", "Expires", "Date", "Permissions-Policy", "Cross-Origin-Opener-Policy",
        "Server", "Reporting-Endpoints", "Report-To", "Content-Security-Policy",
    )  # fmt: skip
    response = answer(*(f"{name}: {value}" for name in names))
    for read in (caching.is_shared, permissions.effective, isolation.opener, traces.versions, hsts.effective):
        read(response)
    is_reported(response, [parse("report-to a"), parse(f"report-uri {value}")])


@given(text=st.text(max_size=300) | st.text("<>/=\"' basehrefscriptfomw:\\[]@.?#\n", max_size=300))
@settings(max_examples=300, deadline=None)
def test_no_text_crashes_the_readers_of_pages(text: str) -> None:
    found = contents(
        f"<base href='{text}'><script src='{text}'></script><form action='{text}'>{text}", "https://contoh.go.id/", ()
    )
    assert all(resource.url.startswith(("http:", "https:")) and resource.host for resource in found.resources)
    parse_security_txt(text)
    parse_security_txt(f"Contact: {text}\nExpires: {text}\n{text}")
