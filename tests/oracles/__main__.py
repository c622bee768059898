"""Two other judges on the same cases: `python -m tests.oracles FOLDER` writes docs/http-differential.md.

FOLDER holds a node_modules with `@mdn/mdn-http-observatory` and `csp_evaluator`:

    npm install --ignore-scripts @mdn/mdn-http-observatory csp_evaluator
    mkdir -p node_modules/@mdn/mdn-http-observatory/conf
    echo '{}' > node_modules/@mdn/mdn-http-observatory/conf/hsts-preload.json   # its own is fetched when it is installed
    echo '["id", "go.id", "com"]' > node_modules/@mdn/mdn-http-observatory/conf/tld-list.json

Every case of tests/wire/test_http_verdicts.py is served as its bytes; the expected verdict is that of the case, which
the suite holds the baseline to. A disagreement that nothing below explains is an error.
"""

import json
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from auditor.policy.score import score
from tests.wire.site import authority
from tests.wire.test_http_verdicts import EVERY
from tests.wire.verdicts import Verdict, judged, loaded, sites

HERE = Path(__file__).parent
PAGE = HERE.parents[1] / "docs" / "http-differential.md"
SCORED = "mdn-observatory-like"

AREAS: Mapping[str, frozenset[str]] = {
    "content-security-policy": frozenset({"HDR-01", "HDR-02", "HDR-07", "HDR-08", "HDR-09", "HDR-22"}),
    "cookies": frozenset({"SES-01", "SES-02", "SES-06"}),
    "cross-origin-resource-sharing": frozenset({"HDR-17"}),
    "redirection": frozenset({"KOM-07", "ALH-01"}),
    "referrer-policy": frozenset({"HDR-06"}),
    "strict-transport-security": frozenset({"KOM-09"}),
    "subresource-integrity": frozenset({"ISI-04", "ISI-01"}),
    "x-content-type-options": frozenset({"HDR-05"}),
    "x-frame-options": frozenset({"HDR-03"}),
    "cross-origin-resource-policy": frozenset({"HDR-21"}),
}
"""Tests of the Observatory, and the rules of the baseline that ask the same."""
SCRIPTS = frozenset({"HDR-07", "HDR-08", "HDR-10", "HDR-14", "HDR-22"})
"""What csp-evaluator calls high."""
HIGH = 10

EXPLAINED: tuple[tuple[str, str, str], ...] = (
    # judge and test, case (both searched for as patterns), why
    ("strict-transport", "white-space-around", "RFC 6797 6.1 takes the grammar of RFC 2616, with white space around `=`; the field is sound"),
    ("strict-transport", "first-field-counts,-and-it-is-sound", "RFC 6797 8.1: the first field is processed, others are not"),
    ("strict-transport", "an-hour-in-quotes", "RFC 6797 6.1: a value may be quoted; it says one hour"),
    ("strict-transport", "no-value|a-fraction|a-unit|words|single-quotes", "RFC 6797 6.1.1: max-age is delta-seconds, digits alone; browsers drop the field. `parseInt` takes the digits in front, and NaN is not less than six months"),
    ("strict-transport", "the-directive-twice", "RFC 6797 6.1: a directive must not stand twice; browsers drop the field"),
    ("strict-transport", "includeSubDomains-with-a-value", "RFC 6797 6.1.2: the directive has no value; browsers drop the field"),
    ("strict-transport", "half-a-year", "no section: six months suffice for the Observatory, the baseline asks for a year, as hstspreload.org does"),
    ("frame-options", "twice-the-same|three-times|two-that-differ|one-that-is-known|ALLOWALL-beside", "HTML 7.7.1: the values are a set; one of them, or several with a known one among them, refuse the frame"),
    ("frame-options", "ALLOW-FROM", "HTML 7.7.1 knows DENY and SAMEORIGIN; ALLOW-FROM restricts nothing"),
    ("frame-options", "6.4.2-(star|https|http|every|self)", "CSP 6.4.2: the list lets strangers' sites frame the page, and X-Frame-Options is then ignored"),
    ("frame-options", "two-policies|second-of-one-field|upgrade-only|first-of-a-name", "CSP 4.2: every policy counts, and one that has frame-ancestors decides; here policies are merged, or the whole header given up"),
    ("frame-options", "meta-element", "CSP 3.3: frame-ancestors in a meta element is ignored"),
    ("x-content-type", ".", "Fetch 3.6 (determine nosniff): the first member of the list counts"),
    ("referrer", "not-sent", "no section: the default of browsers protects; the baseline asks that it be stated, as advice"),
    ("referrer", "old-name", "HTML 4.2.5.1: `never` in a meta element means no-referrer"),
    ("referrer", "loosens", "HTML 4.2.5.1: the meta element is processed after the header, and `always` means unsafe-url"),
    ("referrer", "a-list-in-a-meta", "HTML 4.2.5.1: a meta element names one policy; a list is none"),
    ("resource-policy", "not-sent|cross-origin", "no section: both mean that anybody may load the response; the baseline advises against it (info), the Observatory takes no points"),
    ("resource-policy", "capitals", "Fetch 3.7: compared byte by byte"),
    ("content-security", "6.4.2-http", "CSP 6.4.2: frame-ancestors loads nothing; what it lets in is the framing test's"),
    ("content-security", "malformed|an-empty-nonce", "CSP 2.3.1, 6.7.3.2: what breaks the grammar is no nonce or hash, and 'unsafe-inline' stands"),
    ("content-security", "any-host-and-port", "CSP 6.7.2.8: `https://*:*` matches every host"),
    ("content-security", "every-agency|every-company|top-level|every-site", "CSP 6.7.2.10: the wildcard matches hosts of other owners (Public Suffix List)"),
    ("content-security", "first-of-a-name-counts,-and-it-is-closed", "CSP 2.2.1: later directives of a name are ignored; the header is sound"),
    ("content-security", "4.2-(open|closed|in-one)", "CSP 4.2: every policy must allow a thing"),
    ("content-security", "6.8.3-(handlers|elements|open)", "CSP 6.8.3: script-src-elem and script-src-attr decide where they stand"),
    ("content-security", "sandbox", "CSP 6.3.2: without allow-scripts no script runs"),
    ("content-security", "meta-element-in-the-body", "CSP 3.3: a meta element outside the head is ignored"),
    ("cookies", "unknown-SameSite", "RFC 6265bis 5.6.7: an unknown value is the default; SES-03 says so, the baseline's rules on Secure and HttpOnly hold"),
    ("cookies", "refused|__Host-", "RFC 6265bis 5.7: browsers refuse the cookie, which the site meant to set; it must not vanish from the report"),
    ("cookies", "deleted", "RFC 6265bis 5.7: what has expired is removed; nothing is stored"),
    ("cookies", "no-session|statistics|balancer|a-date|a-word|choice-of-language", "RFC 6265bis 8.3: what a cookie carries says what it needs; these carry no session"),
    ("redirection", "no-address", "RFC 9110 10.2.2: an invalid Location leads nowhere; port 80 does answer, in clear"),
    ("subresource", "MC-4", "Mixed Content 4: a script or style over http on an https page is mixed content, on the same site too; the Observatory has no such test"),
    ("subresource", "without-a-scheme", "URL 4.4: `//host` takes the scheme of the page, https"),
    ("subresource", "stranger's-style", "SRI 3.7: style sheets have integrity as well"),
    ("subresource", "md5", "SRI 3.3.4: md5 is no known algorithm; the attribute binds nothing"),
    ("resource-sharing", "reflected|null|in-clear|preflight", "Fetch 4.10: the origin may read with credentials. The Observatory compares with a request header that axios does not give, and so never finds it"),
    ("resource-sharing", "suffix|prefix", "Fetch 4.10: a look-alike origin may read with credentials; the Observatory tries one origin"),
    ("down", "obs-fold", "RFC 9112 5.2: browsers take a folded line for one with spaces; Node refuses the answer"),
    ("down", "control-character", "RFC 6265bis 5.6: the cookie is dropped, the answer stands; Node refuses the answer"),
    ("csp-evaluator", "4.2", "CSP 4.2: every policy must allow a thing; csp-evaluator sees one at a time"),
    ("csp-evaluator", "any-host-and-port", "CSP 6.7.2.8: `https://*:*` matches every host"),
    ("csp-evaluator", "every-agency|every-company|top-level|every-site", "CSP 6.7.2.10: the wildcard matches hosts of other owners (Public Suffix List)"),
    ("csp-evaluator", "closed-in-both-parts", "CSP 6.8.3: script-src-elem and script-src-attr decide where they stand"),
    ("csp-evaluator", "sandbox", "CSP 6.3.2: without allow-scripts no script runs"),
)  # fmt: skip


def main(folder: Path) -> None:
    """Ask, compare, write."""
    rows: list[tuple[str, str, str, str, str]] = []
    asked = equal = 0
    with sites() as servers, tempfile.NamedTemporaryFile(suffix=".pem") as root:
        root.write(authority().cert_pem.bytes())
        root.flush()
        environment = {
            "NODE_EXTRA_CA_CERTS": root.name,
            "NODE_NO_WARNINGS": "1",
            "PATH": "/usr/local/bin:/usr/bin:/bin",
        }
        command = ["node", str(HERE / "oracles.mjs"), str(folder.resolve()), *(str(site.port) for site in servers)]
        with subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment
        ) as oracles:
            assert oracles.stdin
            assert oracles.stdout
            for parameter in EVERY:
                case: Verdict = parameter.values[0]
                servers[0].show(case.pages)
                servers[1].show(case.plain)
                oracles.stdin.write(json.dumps({"policies": policies(case)}) + "\n")
                oracles.stdin.flush()
                said = json.loads(oracles.stdout.readline())
                disagreements = list(compared(parameter.id, case, said))
                rows += disagreements
                asked += 1
                ours = score(loaded(SCORED), judged(case, servers, SCORED))[0].value
                equal += said["mdn"].get("score") == ours
            oracles.stdin.close()
    PAGE.write_text(page(folder, rows, asked, equal))
    sys.stdout.write(f"{asked} cases, {len(rows)} disagreements, {equal} equal scores: {PAGE}\n")


def policies(case: Verdict) -> list[str]:
    """What the case's home page sends as Content-Security-Policy, each policy alone; none where it is made anew."""
    home = case.pages["/"]
    if not isinstance(home, bytes):
        return []
    head = home.split(b"\r\n\r\n")[0].decode("latin-1").replace("\r\n ", "  ")
    values = [
        line.partition(":")[2] for line in head.split("\r\n") if line.lower().startswith("content-security-policy:")
    ]
    return [policy.strip() for value in values for policy in value.split(",") if policy.strip()]


def compared(name: str, case: Verdict, said: Mapping[str, Any]) -> Iterator[tuple[str, str, str, str, str]]:
    """Rows of judge, case, what it says, what the case expects, why; each of a disagreement."""
    if error := said["mdn"].get("error"):
        yield "MDN: down", name, error, told(case.fails), reason("down", name)
    for area, rules in AREAS.items():
        if error:
            break
        result, passed = said["mdn"]["tests"][area]
        if passed is bool(case.fails & rules):
            yield f"MDN: {area}", name, result, told(case.fails & rules), reason(area, name)
    if not name.startswith(("CSP", "TT", "bypass")) or not policies(case):
        return
    found = said["csp"]
    high = sorted(
        {f"{directive} {value}".strip() for every in found for level, directive, value in every if level == HIGH}
    )
    if bool(high) is not bool(case.fails & SCRIPTS):
        yield (
            "csp-evaluator",
            name,
            "high: " + ", ".join(high) if high else "nothing high",
            told(case.fails & SCRIPTS),
            reason("csp-evaluator", name),
        )


def told(rules: frozenset[str]) -> str:
    return ", ".join(sorted(rules)) or "sound"


def reason(judge: str, name: str) -> str:
    for area, case, why in EXPLAINED:
        if re.search(area, judge) and re.search(case, name):
            return why
    raise AssertionError(f"{judge} disagrees about {name}, and nothing explains it")


def page(folder: Path, rows: list[tuple[str, str, str, str, str]], asked: int, equal: int) -> str:
    versions = {
        package: json.loads((folder / "node_modules" / package / "package.json").read_text())["version"]
        for package in ("@mdn/mdn-http-observatory", "csp_evaluator")
    }
    lines = "".join("| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |\n" for row in sorted(rows))
    return f"""\
<!-- Generated by `python -m tests.oracles`. -->

# Where other judges of headers disagree, and why

{asked} cases of `tests/wire/test_http_verdicts.py`, each a site that is sound but for one thing, were served as bytes to
{", ".join(f"`{name}` {version}" for name, version in versions.items())} as well. The expected verdict is written by hand from
the section that the case is named after. {len(rows)} times another judge says otherwise; each is listed with the section
that decides. "Sound" means that no rule of the area fails.

By the policy `mdn-observatory-like`, which gives the Observatory's points to what a browser makes of the same bytes,
{equal} of the {asked} sites score exactly what the Observatory gives them; the others differ for the reasons below, or
because the Observatory counts the worst fault of a test alone.

| judge: test | case | says | expected | why |
|---|---|---|---|---|
{lines}"""


if __name__ == "__main__":
    main(Path(sys.argv[1]))
