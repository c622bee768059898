"""Who may frame the page: X-Frame-Options by the HTML Standard, frame-ancestors by CSP Level 3."""

import pytest

from checks.headers.framing import effective
from tests.unit.checks_http.answers import answer


@pytest.mark.parametrize(
    ("values", "restricted"),
    [
        # The tables "illustrates the processing of various values" of HTML, section X-Frame-Options.
        pytest.param(["DENY"], True, id="xfo-deny"),
        pytest.param(["SAMEORIGIN"], True, id="xfo-sameorigin"),
        pytest.param(["INVALID"], False, id="xfo-invalid"),
        pytest.param(["ALLOWALL"], False, id="xfo-allowall"),
        pytest.param(["ALLOW-FROM=https://example.com/"], False, id="xfo-allow-from-equals"),
        pytest.param(["SAMEORIGIN, SAMEORIGIN"], True, id="xfo-list-same"),
        pytest.param(["SAMEORIGIN, DENY"], True, id="xfo-list-conflict-blocks"),
        pytest.param(["SAMEORIGIN,"], True, id="xfo-list-with-empty-blocks"),
        pytest.param(["SAMEORIGIN, ALLOWALL"], True, id="xfo-list-allowall-blocks"),
        pytest.param(["SAMEORIGIN, INVALID"], True, id="xfo-list-invalid-blocks"),
        pytest.param(["ALLOWALL, INVALID"], True, id="xfo-list-allowall-invalid-blocks"),
        pytest.param(["ALLOWALL,"], True, id="xfo-list-allowall-empty-blocks"),
        pytest.param(["INVALID, INVALID"], False, id="xfo-list-invalid-twice"),
        # Fields of the same name are one list.
        pytest.param(["SAMEORIGIN", "SAMEORIGIN"], True, id="xfo-proxy-and-application-agree"),
        pytest.param(["SAMEORIGIN", "DENY"], True, id="xfo-fields-conflict-blocks"),
        pytest.param(["INVALID", "OTHER"], False, id="xfo-only-unknown-values"),
        pytest.param(["deny"], True, id="xfo-any-case"),
        pytest.param(["  DENY\t"], True, id="xfo-white-space"),
        pytest.param(['"DENY"'], False, id="xfo-quotes-belong-to-the-value"),
        pytest.param(["ALLOW-FROM https://example.com/"], False, id="xfo-allow-from-ignored"),
        pytest.param(["ALLOW-FROM https://example.com/, DENY"], True, id="xfo-allow-from-beside-deny-blocks"),
        pytest.param(["DENY; SAMEORIGIN"], False, id="xfo-semicolon"),
        pytest.param([""], False, id="xfo-empty"),
        pytest.param([], False, id="xfo-none"),
    ],
)
def test_x_frame_options(values: list[str], *, restricted: bool) -> None:
    framed = effective(answer(*(f"X-Frame-Options: {value}" for value in values)))
    assert (framed.restricted, framed.by_policy) == (restricted, False)


@pytest.mark.parametrize(
    ("sources", "restricted"),
    [
        pytest.param("'none'", True, id="none"),
        pytest.param("'self'", True, id="self"),
        pytest.param("", True, id="empty-list-matches-nothing"),
        pytest.param("*", False, id="star"),
        pytest.param("'none' *", False, id="none-is-ignored-beside-others"),
        pytest.param("'self' *", False, id="self-and-star"),
        pytest.param("https:", False, id="scheme-https"),
        pytest.param("http:", False, id="scheme-http-takes-https-too"),
        pytest.param("https://*", False, id="any-host"),
        pytest.param("https://*:*", False, id="any-host-any-port"),
        pytest.param("*:8443", False, id="any-host-one-port"),
        pytest.param("*.com", False, id="wildcard-over-top-level"),
        pytest.param("*.go.id", False, id="wildcard-over-public-suffix"),
        pytest.param("https://*.go.id", False, id="wildcard-over-public-suffix-with-scheme"),
        pytest.param("*.contoh.go.id", True, id="wildcard-below-own-domain"),
        pytest.param("https://portal.contoh.go.id", True, id="one-host"),
        pytest.param("data:", True, id="scheme-of-no-site"),
        pytest.param("wss://*", False, id="6.7.2.9-wss-takes-https"),
        pytest.param("blob:", True, id="scheme-no-stranger-has"),
        pytest.param("portal!contoh", True, id="no-valid-source-matches-nothing"),
        pytest.param("'UNSAFE-INLINE'", True, id="keyword-that-means-nothing-here"),
    ],
)
def test_frame_ancestors(sources: str, *, restricted: bool) -> None:
    framed = effective(answer(f"Content-Security-Policy: frame-ancestors {sources}"))
    assert (framed.restricted, framed.by_policy) == (restricted, True)


def test_frame_ancestors_overrides_x_frame_options() -> None:
    assert not effective(answer("X-Frame-Options: DENY", "Content-Security-Policy: frame-ancestors *")).restricted
    assert effective(answer("X-Frame-Options: ALLOWALL", "Content-Security-Policy: frame-ancestors 'none'")).restricted


def test_a_policy_without_frame_ancestors_leaves_x_frame_options_in_force() -> None:
    assert effective(answer("X-Frame-Options: DENY", "Content-Security-Policy: default-src 'self'")).restricted
    assert not effective(answer("Content-Security-Policy: default-src 'none'")).restricted


def test_report_only_restricts_nothing_and_overrides_nothing() -> None:
    watched = "Content-Security-Policy-Report-Only: frame-ancestors 'none'"
    assert not effective(answer(watched)).restricted
    assert effective(answer("X-Frame-Options: DENY", watched)).restricted


@pytest.mark.parametrize(
    "fields",
    [
        pytest.param(["frame-ancestors *", "frame-ancestors 'none'"], id="two-fields"),
        pytest.param(["frame-ancestors 'none'", "frame-ancestors *"], id="two-fields-other-order"),
        pytest.param(["frame-ancestors *, frame-ancestors 'self'"], id="one-field-with-comma"),
        pytest.param(["default-src 'self'", "frame-ancestors 'none'"], id="only-the-second-speaks"),
        pytest.param(["frame-ancestors *.go.id", "frame-ancestors *.ac.id"], id="each-open-to-others"),
    ],
)
def test_several_policies_must_all_let_through(fields: list[str]) -> None:
    assert effective(answer(*(f"Content-Security-Policy: {value}" for value in fields))).restricted


def test_first_directive_of_a_name_counts_in_one_policy() -> None:
    assert not effective(answer("Content-Security-Policy: frame-ancestors *; frame-ancestors 'none'")).restricted


def test_directive_names_are_case_insensitive() -> None:
    assert effective(answer("Content-Security-Policy: Frame-Ancestors 'none'")).restricted


def test_a_meta_element_restricts_no_framing() -> None:
    body = """<head><meta http-equiv="X-Frame-Options" content="DENY">
              <meta http-equiv="Content-Security-Policy" content="frame-ancestors 'none'"></head>"""
    assert not effective(answer(body=body)).restricted
