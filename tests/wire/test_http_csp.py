"""Content Security Policy Level 3, case by case with its section, as bytes on a wire."""

from typing import Any

import pytest

import checks.csp
from auditor.model import Absence, Level
from auditor.net import Limits, Neighbours, Network
from tests.wire.conformance import BODY, Case, case, csp, expect, facts_of
from tests.wire.site import Site, aim, reply

NOT_OFFERED = Absence.NOT_OFFERED


def meta(*contents: str) -> str:
    elements = "".join(f'<meta http-equiv="Content-Security-Policy" content="{content}">' for content in contents)
    return f"<!doctype html><head>{elements}<title>x</title></head><body><p>Layanan publik.</body>"


def inline(section: str, name: str, policy: str, *, runs: bool) -> object:
    return case(section, name, csp(policy), inline_script=runs)


def weak(**ways: set[str]) -> dict[str, Any]:
    """What is told to leave each effect open."""
    return {f"weakened_by[{effect}]": told for effect, told in ways.items()}


def hosts(section: str, name: str, *policies: str, reach: bool) -> object:
    return case(section, name, csp(*policies), script_anywhere=reach)


# fmt: off
NONE_AT_ALL = [
    case("4.2", "without a policy everything is open", present=False, inline_script=True, script_anywhere=True, eval=True, inline_style=True, object_blocked=False, base_restricted=False, form_restricted=False, strict=False, trusted_types=False, sandboxed=False, upgrade=False, reported=NOT_OFFERED, weakened_by=NOT_OFFERED, faults=NOT_OFFERED, publishers=NOT_OFFERED, nonce_bits=NOT_OFFERED),
    case("3.2", "report-only enforces nothing", ("Content-Security-Policy-Report-Only: default-src 'none'",), present=False, report_only=True, inline_script=True, object_blocked=False),
    case("3", "x-content-security-policy is no policy", ("X-Content-Security-Policy: default-src 'none'",), present=False, inline_script=True),
    case("3", "x-webkit-csp is no policy", ("X-WebKit-CSP: default-src 'none'",), present=False),
    case("2.2.2", "an empty field is no policy", csp(""), present=False, inline_script=True),
    case("2.2.2", "separators alone are no policy", csp(" ; , ;"), present=False),
    case("2.2.2", "field names in any case", ("CONTENT-security-POLICY: script-src 'none'",), present=True, inline_script=False),
]

PARSING = [
    inline("2.2.1", "directive names in any case", "SCRIPT-Src 'self'", runs=False),
    inline("2.2.1", "keywords in any case", "script-src 'UNSAFE-Inline'", runs=True),
    inline("2.2.1", "the first directive of a name counts", "script-src 'none'; script-src 'unsafe-inline'", runs=False),
    inline("2.2.1", "the first directive counts when it is the weak one", "script-src 'unsafe-inline'; script-src 'none'", runs=True),
    inline("2.2.1", "a duplicate in another case is one", "script-src 'self'; Script-Src 'unsafe-inline'", runs=False),
    inline("2.2.1", "tabs and runs of spaces separate values", "script-src\t 'self'   'unsafe-inline'", runs=True),
    inline("2.2.1", "a vertical tab is no white space", "script-src\x0b'self'", runs=True),
    inline("2.2.1", "a directive with a byte above 127 is skipped", "script-src 'self' \xe9; object-src 'none'", runs=True),
    inline("2.2.1", "the directives beside a skipped one stand", "\xe9-src x; script-src 'self'", runs=False),
    inline("2.2.1", "semicolons without end", ";;;script-src 'self';;;", runs=False),
    inline("2.2.1", "no white space around semicolons", "default-src *;script-src 'self'", runs=False),
    inline("2.2.1", "a directive without a value is an empty list", "script-src", runs=False),
    case("2.2.2", "a comma begins another policy", csp("script-src 'unsafe-inline', script-src 'self'"), inline_script=False),
    case("2.2.2", "a comma inside a list cuts it", csp("script-src 'self', 'unsafe-inline'"), inline_script=False, faults={"'unsafe-inline'"}),
    case("2.2.2", "a comma between keywords cuts the weak one off", csp("script-src 'unsafe-inline', default-src *"), inline_script=False),
    case("2.2.2", "obs-fold is white space", ("Content-Security-Policy: script-src\r\n 'self'",), inline_script=False),
    case("2.2.2", "white space before the first directive", ("Content-Security-Policy:    script-src 'self'",), inline_script=False),
]

TOGETHER = [
    case("4.2", "weak then strict", csp("script-src 'unsafe-inline' *", "script-src 'self'"), inline_script=False, script_anywhere=False),
    case("4.2", "strict then weak", csp("script-src 'self'", "script-src 'unsafe-inline' *"), inline_script=False, script_anywhere=False),
    case("4.2", "both weak", csp("script-src 'unsafe-inline'", "default-src 'unsafe-inline'"), inline_script=True),
    case("4.2", "a policy without script directives restricts no scripts", csp("img-src 'self'", "script-src 'unsafe-inline'"), inline_script=True),
    case("4.2", "one policy closes elements and the other handlers", csp("script-src-elem 'none'; script-src 'unsafe-inline'", "script-src-attr 'none'; script-src 'unsafe-inline'"), inline_script=False),
    case("4.2", "eval needs the leave of every policy", csp("script-src 'unsafe-eval'", "script-src 'self'"), eval=False),
    case("4.2", "each policy gives another directive", csp("object-src 'none'", "base-uri 'none'", "form-action 'self'"), object_blocked=True, base_restricted=True, form_restricted=True, inline_script=True),
    case("4.2", "header and meta hold together", csp("script-src 'unsafe-inline' *"), body=meta("script-src 'self'"), inline_script=False, script_anywhere=False),
    case("4.2", "meta cannot loosen the header", csp("script-src 'self'"), body=meta("script-src 'unsafe-inline'"), inline_script=False),
    case("4.2", "two meta elements hold together", body=meta("script-src 'unsafe-inline'", "script-src 'self'"), inline_script=False),
    case("4.2", "report-only beside a weak policy closes nothing", (*csp("script-src 'unsafe-inline'"), "Content-Security-Policy-Report-Only: script-src 'none'"), inline_script=True),
    hosts("4.2", "wildcards of two suffixes meet nowhere", "script-src *.go.id", "script-src *.ac.id", reach=False),
    hosts("4.2", "the same wildcard twice", "script-src *.go.id", "script-src https://*.go.id", reach=True),
    hosts("4.2", "a suffix below a suffix", "script-src *.id", "script-src *.go.id", reach=True),
    hosts("4.2", "any host and a named one meet at the named one", "script-src *", "script-src https://cdn.contoh.go.id", reach=False),
    hosts("4.2", "one asks for another port than the other", "script-src *:8443", "script-src *:9443", reach=False),
    hosts("4.2", "a port that both name", "script-src *:8443", "script-src https://*.go.id:8443", reach=True),
    hosts("4.2", "http is upgraded where the other wants https", "script-src http:", "script-src https:", reach=True),
    hosts("4.2", "data and https meet nowhere", "script-src data:", "script-src https:", reach=False),
    hosts("4.2", "data in both", "script-src data: 'self'", "script-src https://cdn.go.id data:", reach=True),
    hosts("4.2", "paths that cannot agree", "script-src https://*/a/b.js", "script-src https://*/c.js", reach=False),
    hosts("4.2", "a folder and a file in it", "script-src https://*/a/", "script-src https://*/a/b.js", reach=True),
]

INLINE = [
    inline("6.7.3.2", "self allows no inline", "script-src 'self'", runs=False),
    inline("6.7.3.2", "unsafe-inline allows", "script-src 'unsafe-inline'", runs=True),
    inline("6.7.3.2", "a nonce disables it", "script-src 'unsafe-inline' 'nonce-r4nd0m'", runs=False),
    inline("6.7.3.2", "a sha256 hash disables it", "script-src 'unsafe-inline' 'sha256-4ytCWsgpB0QvPLVbtqN3vEZtR6uj0rPwbzdXyWCBqEU='", runs=False),
    inline("6.7.3.2", "a sha384 hash disables it", "script-src 'sha384-AAAA' 'unsafe-inline'", runs=False),
    inline("6.7.3.2", "a sha512 hash disables it", "script-src 'sha512-AAAA' 'unsafe-inline'", runs=False),
    inline("6.7.3.2", "strict-dynamic disables it", "script-src 'unsafe-inline' 'strict-dynamic'", runs=False),
    inline("6.7.3.2", "hash in url-safe base64", "script-src 'unsafe-inline' 'sha256-_-8='", runs=False),
    inline("2.3.1", "nonce with a character outside base64 is none", "script-src 'unsafe-inline' 'nonce-a$b'", runs=True),
    inline("2.3.1", "empty nonce is none", "script-src 'unsafe-inline' 'nonce-'", runs=True),
    inline("2.3.1", "padding alone is no nonce", "script-src 'unsafe-inline' 'nonce-=='", runs=True),
    inline("2.3.1", "three signs of padding are no nonce", "script-src 'unsafe-inline' 'nonce-ab==='", runs=True),
    inline("2.3.1", "nonce without quotes is a host", "script-src 'unsafe-inline' nonce-abc", runs=True),
    inline("2.3.1", "nonce without its last quote is none", "script-src 'unsafe-inline' 'nonce-abc", runs=True),
    inline("2.3.1", "hash with a character outside base64 is none", "script-src 'unsafe-inline' 'sha256-a$b'", runs=True),
    inline("2.3.1", "md5 is no hash", "script-src 'unsafe-inline' 'md5-AAAA'", runs=True),
    inline("2.3.1", "sha1 is no hash", "script-src 'unsafe-inline' 'sha1-AAAA'", runs=True),
    inline("2.3.1", "hash algorithm in capitals", "script-src 'unsafe-inline' 'SHA256-AAAA'", runs=False),
    inline("2.3.1", "nonce prefix in capitals", "script-src 'unsafe-inline' 'NONCE-abcd'", runs=False),
    inline("2.3.1", "unsafe-inline without quotes is a host", "script-src unsafe-inline", runs=False),
    inline("6.7.2.4", "none beside others is ignored", "script-src 'none' 'unsafe-inline'", runs=True),
    inline("6.7.3.2", "unsafe-hashes allows nothing of an attacker's", "script-src 'unsafe-hashes' 'self'", runs=False),
    inline("6.7.3.2", "report-sample changes nothing", "script-src 'unsafe-inline' 'report-sample'", runs=True),
    inline("6.8.3", "default-src stands in", "default-src 'self'", runs=False),
    inline("6.8.3", "default-src with unsafe-inline stands in", "default-src 'unsafe-inline'", runs=True),
    inline("6.8.3", "script-src beats default-src", "default-src 'none'; script-src 'unsafe-inline'", runs=True),
    inline("6.8.3", "no script directive and no default", "img-src 'none'; style-src 'none'", runs=True),
    inline("6.8.3", "script-src-elem and -attr both closed", "script-src 'unsafe-inline'; script-src-elem 'self'; script-src-attr 'none'", runs=False),
    inline("6.8.3", "handlers left open", "script-src 'unsafe-inline'; script-src-elem 'self'", runs=True),
    inline("6.8.3", "elements left open", "script-src 'unsafe-inline'; script-src-attr 'none'", runs=True),
    inline("6.8.3", "elem alone leaves handlers to nobody", "script-src-elem 'self'", runs=True),
    inline("6.8.3", "attr alone leaves elements to nobody", "script-src-attr 'none'", runs=True),
    inline("6.8.3", "a nonce for elements does not cover handlers", "script-src-elem 'nonce-abcd'; script-src-attr 'unsafe-inline'", runs=True),
    inline("6.3.2", "sandbox without allow-scripts runs none", "sandbox allow-forms; script-src 'unsafe-inline'", runs=False),
    inline("6.3.2", "sandbox with allow-scripts runs them", "sandbox ALLOW-Scripts", runs=True),
    case("6.7.3.2", "what leaves it open is told", csp("default-src 'self'; script-src 'unsafe-inline'"), **weak(inline_script={"script-src 'unsafe-inline'"})),
    case("6.8.3", "the directive that decides is told", csp("default-src 'self' 'unsafe-inline'"), **weak(inline_script={"default-src 'unsafe-inline'"}, inline_style={"default-src 'unsafe-inline'"})),
    case("6.8.3", "a missing directive is told", csp("img-src 'self'"), **weak(inline_script={"script-src"}, script_anywhere={"script-src"}, base_restricted={"base-uri"}, form_restricted={"form-action"}, object_blocked={"object-src"})),
    case("6.7.3.2", "nothing is told of what is closed", csp("script-src 'self'"), **weak(inline_script=set(), eval=set())),
]

EVAL = [
    case("4.4", "default without unsafe-eval", csp("default-src 'self'"), eval=False),
    case("4.4", "script-src with unsafe-eval", csp("script-src 'self' 'unsafe-eval'"), eval=True),
    case("4.4", "default-src with unsafe-eval", csp("default-src 'unsafe-eval'"), eval=True),
    case("4.4", "script-src-elem has no say", csp("script-src-elem 'unsafe-eval'; script-src 'self'"), eval=False),
    case("4.4", "script-src-elem alone restricts no eval", csp("script-src-elem 'self'"), eval=True),
    case("4.4", "wasm-unsafe-eval is not eval", csp("script-src 'self' 'wasm-unsafe-eval'"), eval=False),
    case("4.4", "trusted-types-eval is for vetted text", csp("script-src 'trusted-types-eval'; require-trusted-types-for 'script'"), eval=False, trusted_types=True),
    case("4.4", "without any script directive", csp("object-src 'none'"), eval=True),
]

STYLES = [
    case("6.7.3.2", "style self", csp("style-src 'self'"), inline_style=False),
    case("6.7.3.2", "style unsafe-inline", csp("style-src 'self' 'unsafe-inline'"), inline_style=True),
    case("6.7.3.2", "style nonce disables it", csp("style-src 'unsafe-inline' 'nonce-abcd'"), inline_style=False),
    case("6.7.3.2", "strict-dynamic means nothing for styles", csp("style-src 'unsafe-inline' 'strict-dynamic'"), inline_style=True),
    case("6.8.3", "style-src-attr left open", csp("style-src 'none'; style-src-attr 'unsafe-inline'"), inline_style=True),
    case("6.8.3", "style by default-src", csp("default-src 'none'"), inline_style=False),
    case("6.3.2", "a sandbox applies styles", csp("sandbox"), inline_style=True),
]

HOSTS = [
    hosts("6.7.2.8", "star", "script-src *", reach=True),
    hosts("6.7.2.8", "scheme https", "script-src https:", reach=True),
    hosts("6.7.2.9", "scheme http takes https", "script-src http:", reach=True),
    hosts("6.7.2.9", "scheme ws takes http and https", "script-src ws:", reach=True),
    hosts("6.7.2.9", "scheme wss takes https", "script-src wss:", reach=True),
    hosts("6.7.2.8", "scheme data", "script-src 'self' data:", reach=True),
    hosts("6.7.2.8", "scheme blob needs a script first", "script-src 'self' blob:", reach=False),
    hosts("6.7.2.8", "an unknown scheme", "script-src foo:", reach=False),
    hosts("6.7.2.8", "star with scheme and port", "script-src https://*:*", reach=True),
    hosts("6.7.2.8", "star with one port", "script-src *:8443", reach=True),
    hosts("6.7.2.8", "star with a path", "script-src https://*/js/", reach=True),
    hosts("6.7.2.10", "wildcard over a top-level domain", "script-src *.com", reach=True),
    hosts("6.7.2.10", "wildcard over go.id", "script-src https://*.go.id", reach=True),
    hosts("6.7.2.10", "wildcard over co.id in capitals", "script-src HTTPS://*.CO.ID", reach=True),
    hosts("6.7.2.10", "wildcard over a suffix of the private section", "script-src https://*.github.io", reach=True),
    hosts("6.7.2.10", "wildcard over the own domain", "script-src https://*.contoh.go.id", reach=False),
    hosts("6.7.2.10", "one host", "script-src cdn.contoh.go.id", reach=False),
    hosts("6.7.2.10", "a public suffix without wildcard is one host", "script-src go.id", reach=False),
    hosts("6.7.2.8", "self", "script-src 'self'", reach=False),
    hosts("6.7.2.4", "none", "script-src 'none'", reach=False),
    hosts("6.7.2.4", "none beside star", "script-src 'none' *", reach=True),
    hosts("6.7.2.4", "empty list", "script-src", reach=False),
    hosts("2.3.1", "star in quotes is void", "script-src '*'", reach=False),
    hosts("2.3.1", "star in the middle is void", "script-src https://a.*.com", reach=False),
    hosts("2.3.1", "star without dot is void", "script-src *go.id", reach=False),
    hosts("2.3.1", "scheme without colon is a host", "script-src https", reach=False),
    hosts("2.3.1", "slashes without host are void", "script-src https://", reach=False),
    hosts("6.7.1.1", "strict-dynamic makes hosts void", "script-src 'nonce-abcd' 'strict-dynamic' https: *", reach=False),
    hosts("6.7.1.1", "a nonce does not make hosts void", "script-src 'nonce-abcd' https:", reach=True),
    hosts("6.8.3", "script-src-elem decides about elements", "script-src 'self'; script-src-elem *", reach=True),
    hosts("6.8.3", "script-src-attr has no say", "script-src 'self'; script-src-attr *", reach=False),
    hosts("6.8.3", "no script directive", "style-src 'self'", reach=True),
    hosts("6.8.3", "default-src star", "default-src *; object-src 'none'", reach=True),
    hosts("6.3.2", "a sandbox loads no script", "sandbox; script-src *", reach=False),
    case("6.7.2.8", "what reaches out is told", csp("script-src 'self' https: *.go.id https://cdn.contoh.go.id"), **weak(script_anywhere={"script-src https:", "script-src *.go.id"})),
]

OTHERS = [
    case("6.1.9", "object-src none", csp("object-src 'none'"), object_blocked=True),
    case("6.1.9", "object-src by default-src", csp("default-src 'none'"), object_blocked=True),
    case("6.1.9", "object-src beats default-src", csp("default-src 'none'; object-src 'self'"), object_blocked=False),
    case("6.1.9", "object-src empty", csp("object-src"), object_blocked=True),
    case("6.1.9", "object-src self loads from the site", csp("object-src 'self'"), object_blocked=False, **weak(object_blocked={"object-src 'self'"})),
    case("6.1.9", "a nonce loads no object", csp("default-src 'nonce-abcd'"), object_blocked=True),
    case("6.1.9", "script-src is no fallback for objects", csp("script-src 'none'"), object_blocked=False),
    case("6.3.1", "base-uri none", csp("base-uri 'none'"), base_restricted=True),
    case("6.3.1", "base-uri self", csp("base-uri 'self'"), base_restricted=True),
    case("6.3.1", "base-uri star", csp("base-uri *"), base_restricted=False),
    case("6.3.1", "base-uri go.id wildcard", csp("base-uri *.go.id"), base_restricted=False),
    case("6.3.1", "base-uri data leads nowhere", csp("base-uri data:"), base_restricted=True),
    case("6.8.3", "default-src is no fallback for base-uri", csp("default-src 'none'"), base_restricted=False),
    case("6.4.1", "form-action self", csp("form-action 'self'"), form_restricted=True),
    case("6.4.1", "form-action https", csp("form-action 'self' https:"), form_restricted=False),
    case("6.4.1", "form-action empty", csp("form-action"), form_restricted=True),
    case("6.8.3", "default-src is no fallback for form-action", csp("default-src 'none'"), form_restricted=False),
    case("6.3.2", "a sandbox without allow-forms sends none", csp("sandbox allow-scripts"), form_restricted=True, sandboxed=False),
    case("6.3.2", "a sandbox with allow-forms sends them", csp("sandbox allow-forms"), form_restricted=False, sandboxed=True),
    case("TT-3.2", "require-trusted-types-for script", csp("require-trusted-types-for 'script'"), trusted_types=True),
    case("TT-3.2", "require-trusted-types-for without quotes", csp("require-trusted-types-for script"), trusted_types=False),
    case("TT-3.2", "trusted-types alone requires nothing", csp("trusted-types default"), trusted_types=False),
    case("UIR-3.1", "upgrade-insecure-requests", csp("upgrade-insecure-requests"), upgrade=True, present=True),
    case("UIR-3.1", "upgrade-insecure-requests by meta", body=meta("upgrade-insecure-requests"), upgrade=True),
    case("UIR-3.1", "upgrade-insecure-requests in report-only", ("Content-Security-Policy-Report-Only: upgrade-insecure-requests",), upgrade=False),
]

STRICT = [
    case("8.4", "nonce and strict-dynamic", csp("script-src 'nonce-cmFuZG9tcmFuZG9tMTIzNA==' 'strict-dynamic' https: 'unsafe-inline'"), strict=True, inline_script=False),
    case("8.4", "hash and strict-dynamic", csp("script-src 'strict-dynamic' 'sha256-AAAA'"), strict=True),
    case("8.4", "nonce alone", csp("script-src 'nonce-abcd'"), strict=True),
    case("8.4", "nonce beside self", csp("script-src 'self' 'nonce-abcd'"), strict=False),
    case("8.4", "no script at all", csp("script-src 'none'"), strict=True),
    case("8.4", "handlers left open", csp("script-src 'nonce-abcd'; script-src-attr 'unsafe-inline'"), strict=False),
    case("8.4", "a strict one beside a lax one", csp("script-src *", "script-src 'nonce-abcd'"), strict=True),
    case("8.4", "self is no strict policy", csp("default-src 'self'"), strict=False),
]

META = [
    case("3.3", "meta in the head", body=meta("script-src 'self'"), present=True, inline_script=False),
    case("3.3", "meta in the body", body="<body><p>x</p><meta http-equiv=Content-Security-Policy content=\"script-src 'self'\">", present=False, inline_script=True),
    case("3.3", "a comma in meta separates nothing", body=meta("script-src 'self', script-src 'unsafe-inline'"), present=True, inline_script=True),
    case("3.3", "meta cannot sandbox", body=meta("sandbox; img-src 'self'"), sandboxed=False, present=True),
    case("3.3", "meta cannot report by report-uri", body=meta("img-src 'self'; report-uri /lapor"), reported=False),
    case("3.3", "meta with nothing else is no policy", body=meta("sandbox; report-uri /x; frame-ancestors 'none'"), present=False),
    case("3.3", "meta may hold character references", body=meta("script-src &#39;self&#39;"), inline_script=False),
    case("3.3", "meta with empty content", body=meta(""), present=False),
    case("3.3", "meta in noscript", body="<head><noscript><meta http-equiv=Content-Security-Policy content=\"script-src 'self'\"></noscript></head><body>x", present=False),
    case("3.3", "meta report-only is nothing", body="<head><meta http-equiv=Content-Security-Policy-Report-Only content=\"script-src 'self'\"></head><body>x", present=False, report_only=False),
]

REPORTING = [
    case("5.5", "report-uri", csp("default-src 'self'; report-uri /lapor"), reported=True),
    case("5.5", "report-uri of another site", csp("default-src 'self'; report-uri https://lapor.contoh.go.id/csp"), reported=True),
    case("5.5", "report-uri without address", csp("default-src 'self'; report-uri"), reported=False),
    case("5.5", "report-uri that is no web address", csp("default-src 'self'; report-uri mailto:a@contoh.go.id"), reported=False),
    case("5.5", "no report directive", csp("default-src 'self'"), reported=False),
    case("5.5", "report-to an endpoint that is defined", (*csp("default-src 'self'; report-to csp"), 'Reporting-Endpoints: csp="/lapor"'), reported=True),
    case("5.5", "report-to an endpoint that nobody defined", (*csp("default-src 'self'; report-to csp"), 'Reporting-Endpoints: lain="/lapor"'), reported=False),
    case("5.5", "report-to silences report-uri", csp("default-src 'self'; report-to csp; report-uri /lapor"), reported=False),
    case("RA-3.2", "endpoint without quotes is no string", (*csp("default-src 'self'; report-to csp"), "Reporting-Endpoints: csp=/lapor"), reported=False),
    case("RA-3.2", "endpoint over http is no trustworthy address", (*csp("default-src 'self'; report-to csp"), 'Reporting-Endpoints: csp="http://lapor.contoh.go.id/"'), reported=False),
    case("RA-3.2", "several endpoints in two fields", (*csp("default-src 'self'; report-to b"), 'Reporting-Endpoints: a="/a"', 'Reporting-Endpoints: b="/b"'), reported=True),
    case("RA-3.2", "a broken field defines nothing", (*csp("default-src 'self'; report-to csp"), 'Reporting-Endpoints: csp="/lapor'), reported=False),
    case("RA-3.2", "over plain http no endpoint is defined", (*csp("default-src 'self'; report-to csp"), 'Reporting-Endpoints: csp="https://lapor.go.id/x"'), tls=False, reported=False),
    case("RT", "Report-To defines a group", (*csp("default-src 'self'; report-to csp"), 'Report-To: {"group":"csp","max_age":600,"endpoints":[{"url":"https://lapor.go.id/"}]}'), reported=True),
    case("RT", "Report-To without group is the default one", (*csp("default-src 'self'; report-to default"), 'Report-To: {"max_age":600,"endpoints":[{"url":"https://lapor.go.id/"}]}'), reported=True),
    case("RT", "Report-To that expires at once", (*csp("default-src 'self'; report-to csp"), 'Report-To: {"group":"csp","max_age":0,"endpoints":[{"url":"https://lapor.go.id/"}]}'), reported=False),
    case("RT", "Report-To that is no JSON", (*csp("default-src 'self'; report-to csp"), "Report-To: csp=https://lapor.go.id"), reported=False),
    case("RT", "Report-To nested without end", (*csp("default-src 'self'; report-to csp"), "Report-To: " + "[" * 9_000), reported=False),
    case("5.5", "a watched policy may be the one that reports", (*csp("default-src 'self'"), "Content-Security-Policy-Report-Only: default-src 'none'; report-uri /lapor"), reported=True),
]

FAULTS = [
    case("2.3.1", "keywords without quotes", csp("default-src self unsafe-inline none"), faults={"default-src self", "default-src unsafe-inline", "default-src none"}),
    case("2.3.1", "a nonce without quotes", csp("script-src nonce-abcd"), faults={"script-src nonce-abcd"}),
    case("2.3.1", "an unknown keyword", csp("script-src 'unsafe-inlin'"), faults={"script-src 'unsafe-inlin'"}),
    case("6.7.2.4", "none beside others", csp("script-src 'none' 'self'"), faults={"script-src 'none'"}),
    case("6.7.2.4", "none alone is right", csp("script-src 'none'"), faults=set()),
    case("2.3.1", "a colon after the directive", csp("script-src: 'self'"), faults={"script-src:"}, inline_script=True),
    case("2.3.1", "a directive that nobody knows", csp("skrip-src 'self'"), faults={"skrip-src"}),
    case("2.3.1", "all that is right", csp("default-src 'self' https://*.contoh.go.id:8443/js/ data: 'nonce-abcd' wss://a.b; report-uri /a$b!; sandbox allow-forms; trusted-types a b"), faults=set()),
]

PUBLISHERS = [
    case("6.7.2.8", "jsdelivr as a whole", csp("script-src 'self' https://cdn.jsdelivr.net"), publishers={"script-src https://cdn.jsdelivr.net"}, script_anywhere=False),
    case("6.7.2.12", "jsdelivr with the path of one package", csp("script-src https://cdn.jsdelivr.net/npm/bootstrap@5.3.3/"), publishers=set()),
    case("6.7.2.12", "jsdelivr with the folder of all packages", csp("script-src https://cdn.jsdelivr.net/npm/"), publishers={"script-src https://cdn.jsdelivr.net/npm/"}),
    case("6.7.2.11", "jsdelivr at another port", csp("script-src https://cdn.jsdelivr.net:8443"), publishers=set()),
    case("6.7.2.10", "a wildcard over a publisher", csp("script-src https://*.jsdelivr.net"), publishers={"script-src https://*.jsdelivr.net"}),
    case("6.7.1.1", "strict-dynamic takes hosts away", csp("script-src 'nonce-abcd' 'strict-dynamic' https://unpkg.com"), publishers=set()),
    case("4.2", "another policy takes the host away", csp("script-src https://unpkg.com", "script-src 'self'"), publishers=set()),
    case("6.7.2.8", "any host is told elsewhere", csp("script-src *"), publishers=set()),
    case("6.7.2.8", "only the own host", csp("script-src 'self'"), publishers=set()),
]

EVERY = [
    *NONE_AT_ALL,
    *PARSING,
    *TOGETHER,
    *INLINE,
    *EVAL,
    *STYLES,
    *HOSTS,
    *OTHERS,
    *STRICT,
    *META,
    *REPORTING,
    *FAULTS,
    *PUBLISHERS,
]
# fmt: on


@pytest.mark.parametrize("served", EVERY)
def test_what_the_specification_says(served: Case) -> None:
    expect(checks.csp, "http.csp.", served)


@pytest.mark.parametrize(
    ("nonce", "bits"),
    [("YWJj", 24), ("cmFuZG9tcmFuZG9tMTIzNA==", 128), ("cmFuZG9tcmFuZG9tMTIzNA", 128), ("a", 0)],
)
def test_room_of_a_nonce_is_that_of_its_decoded_bytes(nonce: str, bits: int) -> None:
    served = Case("", csp(f"script-src 'nonce-{nonce}' 'nonce-cmFuZG9tcmFuZG9tMTIzNDU2Nzg='"), {})
    assert facts_of(checks.csp, "http.csp.", served)["nonce_bits"] == bits


def twice(*policies: str, status: int = 200) -> object:
    first, second = (reply(status if turn else 200, *csp(policy), body=BODY) for turn, policy in enumerate(policies))
    served = Case("", (), {}, more={"/": (first, second)})
    return facts_of(checks.csp, "http.csp.", served, Level.STANDARD)["nonce_reused"]


def test_a_nonce_that_comes_again_is_reused() -> None:
    assert twice("script-src 'nonce-c2FtYQ=='", "script-src 'nonce-c2FtYQ=='") is True
    assert twice("script-src 'nonce-c2F0dQ=='", "script-src 'nonce-ZHVh'") is False
    assert twice("script-src 'nonce-c2F0dQ=='", "style-src 'nonce-c2F0dQ=='; script-src 'nonce-ZHVh'") is True


def test_a_second_visit_that_shows_something_else_compares_nothing() -> None:
    assert twice("script-src 'nonce-c2F0dQ=='", "script-src 'nonce-c2F0dQ=='", status=503) is Absence.NOT_ASSESSABLE


@pytest.mark.parametrize(
    ("level", "policy", "visits"),
    [(Level.PASSIVE, "'nonce-YWJj'", 1), (Level.STANDARD, "'nonce-YWJj'", 2), (Level.STANDARD, "'self'", 1)],
)
def test_the_second_visit_is_made_for_nonces_at_level_standard_alone(level: Level, policy: str, visits: int) -> None:
    with Site({"/": reply(200, *csp(f"script-src {policy}"), body=BODY)}, tls=True) as site:
        target = aim(site, level=level)
        with Network(target, neighbours=Neighbours(), limits=Limits(exchange=5)) as net:
            list(checks.csp.collect(target, net))
        assert site.paths == ["/"] * visits
