"""robots.txt by RFC 9309: its own examples, and what the wild adds."""

import time

import pytest

from auditor.net.crawl.robots import NOTHING, parse

# RFC 9309, section 5.1, with us as one that no group names.
SIMPLE = """
User-Agent: *
Disallow: *.gif$
Disallow: /example/
Allow: /publications/

User-Agent: foobot
Disallow:/
Allow:/example/page.html
Allow:/example/allowed.gif

User-Agent: barbot
User-Agent: bazbot
Disallow: /example/page.html

User-Agent: quxbot
"""


@pytest.mark.parametrize(
    ("token", "resource", "allowed"),
    [
        ("auditor", "/a.gif", False),
        ("auditor", "/a.gif?x", True),
        ("auditor", "/example/x", False),
        ("auditor", "/publications/x", True),
        ("foobot", "/", False),
        ("foobot", "/example/page.html", True),
        ("foobot", "/example/allowed.gif", True),
        ("barbot", "/example/page.html", False),
        ("bazbot", "/example/page.html", False),
        ("bazbot", "/example/x", True),
        ("quxbot", "/example/page.html", True),
    ],
)
def test_examples_of_the_rfc(token: str, resource: str, *, allowed: bool) -> None:
    assert parse(SIMPLE, token).allows(resource) is allowed


@pytest.mark.parametrize(
    ("rules", "resource", "allowed"),
    [
        # section 5.2: the longest match decides
        ("Allow: /example/page/\nDisallow: /example/page/disallowed.gif", "/example/page/disallowed.gif", False),
        ("Allow: /example/page/\nDisallow: /example/page/disallowed.gif", "/example/page/x", True),
        # section 2.2.2: allow in a tie, octets compared
        ("Disallow: /a\nAllow: /a", "/a", True),
        ("Disallow: /foo/bar/ツ", "/foo/bar/%E3%83%84", False),
        ("Disallow: /foo/bar/%62%61%7A", "/foo/bar/baz", False),
        # section 2.2.3
        ("Disallow: /this/*/exactly", "/this/and/that/exactly/x", False),
        ("Disallow: /x$", "/x", False),
        ("Disallow: /x$", "/xy", True),
        ("Disallow: /*a*b$", "/a-b-c-b", False),
        ("Disallow: /*a*b$", "/a-b-c", True),
        ("Disallow:", "/x", True),
        ("Disallow: /", "/robots.txt", True),
    ],
)
def test_matching(rules: str, resource: str, *, allowed: bool) -> None:
    assert parse(f"User-agent: *\n{rules}").allows(resource) is allowed


def test_our_own_group_replaces_the_general_one_and_groups_of_one_name_are_joined() -> None:
    lines = [
        "User-agent: *", "Disallow: /", "", "User-agent: Auditor/1.0 (x)", "Disallow: /a", "",
        "User-agent: lain", "Disallow: /", "", "USER-AGENT: AUDITOR", "Disallow: /b",
    ]  # fmt: skip
    rules = parse("\r\n".join(lines))
    assert [rules.allows(path) for path in ("/", "/a", "/b")] == [True, False, False]


def test_no_group_for_us_means_everything() -> None:
    assert parse("User-agent: lain\nDisallow: /").allows("/x")
    assert parse("<html>bukan robots</html>").allows("/x")
    assert not NOTHING.allows("/x")


def test_sitemaps_belong_to_no_group() -> None:
    named = parse("Sitemap: https://contoh.go.id/a.xml\nUser-agent: *\nsitemap:/b.xml # x\n").sitemaps
    assert named == ("https://contoh.go.id/a.xml", "/b.xml")


def test_a_hostile_pattern_is_matched_in_linear_steps() -> None:
    rules = parse("User-agent: *\nDisallow: /" + "*a" * 2_000 + "b$")
    started = time.process_time()
    assert rules.allows("/" + "a" * 2_000)
    assert time.process_time() - started < 1
