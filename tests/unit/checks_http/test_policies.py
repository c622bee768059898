"""Content-Security-Policy and Referrer-Policy, by header and by meta element."""

import pytest

from checks.csp import policy as csp
from checks.headers import referrer
from checks.http.page import read_page
from tests.unit.checks_http.answers import answer


def enforced(*fields: str, body: str = "") -> list[dict[str, tuple[str, ...]]]:
    response = answer(*fields, body=body)
    return [dict(policy) for policy in csp.enforced(response, read_page(response))]


def meta(content: str) -> str:
    return f'<meta http-equiv="Content-Security-Policy" content="{content}">'


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        pytest.param("default-src 'self'", [{"default-src": ("'self'",)}], id="2.2.1-one"),
        pytest.param("a 1;; ;b 2;", [{"a": ("1",), "b": ("2",)}], id="2.2.1-empty-tokens"),
        pytest.param("a 1; A 2", [{"a": ("1",)}], id="2.2.1-first-of-a-name"),
        pytest.param("a 1, b 2", [{"a": ("1",)}, {"b": ("2",)}], id="2.2.2-comma-separates-policies"),
        pytest.param("script-src 'nonce-AbC='", [{"script-src": ("'nonce-AbC='",)}], id="values-keep-their-case"),
        pytest.param("", [], id="2.2.2-empty-is-no-policy"),
        pytest.param(" ; ,;", [], id="2.2.2-only-separators"),
        pytest.param("d\xe9fault-src 'self'", [], id="2.2.1-non-ascii-token-skipped"),
    ],
)
def test_csp_parsing(value: str, expected: list[dict[str, tuple[str, ...]]]) -> None:
    assert enforced(f"Content-Security-Policy: {value}") == expected


@pytest.mark.parametrize(
    ("body", "present"),
    [
        pytest.param(f"<head>{meta('default-src https:')}</head>", True, id="in-head"),
        pytest.param(f"<title>x</title>{meta('default-src https:')}<p>x", True, id="in-implied-head"),
        pytest.param(f"<head></head>{meta('default-src https:')}<body>", True, id="after-head-goes-back-into-it"),
        pytest.param(f"<head></head><body>{meta('default-src https:')}", False, id="in-body"),
        pytest.param(f"<p>x</p>{meta('default-src https:')}", False, id="after-a-paragraph"),
        pytest.param(f"text{meta('default-src https:')}", False, id="after-text"),
        pytest.param(f"<head><!-- {meta('default-src https:')} -->", False, id="in-comment"),
        pytest.param(f"<head><noscript>{meta('default-src https:')}</noscript>", False, id="in-noscript"),
        pytest.param(f"<head><template>{meta('default-src https:')}</template>", False, id="in-template"),
        pytest.param(f"<head><title>{meta('default-src https:')}</title>", False, id="in-title"),
        pytest.param(f"<head><script>'{meta('default-src https:')}'</script>", False, id="in-script"),
        pytest.param(
            f"<head>{meta('frame-ancestors none; sandbox; report-uri /x')}", False, id="only-what-meta-cannot"
        ),
        pytest.param(
            "<head><meta http-equiv=CONTENT-SECURITY-POLICY content=default-src>", True, id="any-case-unquoted"
        ),
        pytest.param(
            "<head><meta name=Content-Security-Policy content=default-src>", False, id="name-is-not-http-equiv"
        ),
        pytest.param(
            '<head><meta http-equiv="Content-Security-Policy-Report-Only" content="a">', False, id="report-only"
        ),
    ],
)
def test_csp_by_meta_element(body: str, *, present: bool) -> None:
    assert bool(enforced(body=body)) is present


def test_csp_meta_in_something_else_than_html_is_none() -> None:
    assert enforced("Content-Type: text/plain", body=f"<head>{meta('default-src https:')}") == []


def test_csp_report_only_is_apart() -> None:
    response = answer("Content-Security-Policy-Report-Only: default-src 'self'")
    assert csp.report_only(response)
    assert not csp.enforced(response)


@pytest.mark.parametrize(
    ("values", "body", "expected"),
    [
        pytest.param(["no-referrer"], "", "no-referrer", id="8.1-one"),
        pytest.param(["No-Referrer"], "", "no-referrer", id="8.1-any-case"),
        pytest.param(["no-referrer, strict-origin"], "", "strict-origin", id="8.1-last-wins"),
        pytest.param(["no-referrer, future-policy"], "", "no-referrer", id="8.1-unknown-token-skipped"),
        pytest.param(["no-referrer,"], "", "no-referrer", id="8.1-empty-token-skipped"),
        pytest.param(["origin", "unsafe-url"], "", "unsafe-url", id="8.1-fields-are-one-list"),
        pytest.param(["none"], "", None, id="8.1-unknown-alone"),
        pytest.param(["never"], "", None, id="8.1-old-names-only-in-meta"),
        pytest.param([""], "", None, id="8.1-empty"),
        pytest.param([], "", None, id="not-sent"),
        pytest.param([], "<meta name=referrer content=never>", "no-referrer", id="html-meta-old-name"),
        pytest.param([], "<meta name=referrer content=always>", "unsafe-url", id="html-meta-always"),
        pytest.param(
            ["no-referrer"], "<meta name=referrer content=unsafe-url>", "unsafe-url", id="html-meta-over-header"
        ),
        pytest.param(["no-referrer"], '<meta name="referrer" content="">', "no-referrer", id="html-meta-empty-ignored"),
        pytest.param(
            ["origin"], '<meta name=referrer content="no-referrer, origin">', "origin", id="html-meta-takes-no-list"
        ),
        pytest.param(
            [], "<body><p>x</p><meta name=REFERRER content=Same-Origin>", "same-origin", id="html-meta-in-body"
        ),
        pytest.param([], "<template><meta name=referrer content=origin></template>", None, id="html-meta-in-template"),
    ],
)
def test_referrer_policy(values: list[str], body: str, expected: str | None) -> None:
    response = answer(*(f"Referrer-Policy: {value}" for value in values), body=body)
    assert referrer.effective(response, read_page(response)) == expected
