"""Reports made up by hand, with nothing scanned: what renderers must cope with."""

import hashlib
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from auditor.model import (
    REPORT_SCHEMA,
    Absence,
    Attestation,
    Authorisation,
    Basis,
    Category,
    Coverage,
    Fact,
    FactSpec,
    Finding,
    Level,
    Manual,
    Observation,
    Officer,
    Organisation,
    Outcome,
    Plugin,
    Policy,
    PolicyFile,
    Report,
    Rule,
    Run,
    Scope,
    Score,
    Severity,
    Target,
    Text,
    Tool,
    Verdict,
    View,
    Waiver,
)

AT = datetime(2026, 11, 22, 2, 15, tzinfo=UTC)

SPECS: dict[str, FactSpec] = {
    "http.https_redirect": FactSpec(bool, "Plain HTTP leads to HTTPS"),
    "http.hsts.max_age": FactSpec(int, "Strict-Transport-Security max-age", unit="s"),
    "http.csp.present": FactSpec(bool, "A Content-Security-Policy is sent"),
    "http.header.x_content_type_options": FactSpec(str, "X-Content-Type-Options"),
    "http.cookie.secure": FactSpec(bool, "Secure attribute", subject="cookie"),
    "http.cookie.http_only": FactSpec(bool, "HttpOnly attribute", subject="cookie"),
    "tls.versions": FactSpec(tuple, "Protocol versions offered"),
    "cert.not_after": FactSpec(datetime, "End of validity", subject="position"),
    "cert.lifetime_days": FactSpec(int, "Lifetime", unit="days", subject="position"),
    "cert.chain_trusted": FactSpec(bool, "Chain is trusted", subject="store"),
    "exposure.git": FactSpec(bool, "Git folder readable", subject="path"),
    "exposure.env": FactSpec(bool, "Environment file readable", subject="path"),
}

AUTHORISATION = Authorisation(
    letter="ST-12/DISKOMINFO/2026",
    issuer="Sekretaris Daerah",
    valid_from=date(2026, 1, 1),
    valid_to=date(2026, 12, 31),
    level=Level.STANDARD,
    file="surat-tugas.pdf",
    file_sha256=hashlib.sha256(b"surat").hexdigest(),
)
STATED = Authorisation(letter="ST-99/2026", stated=True)


def rule(
    identity: str, severity: Severity, title: tuple[str, str], fact: str, expected: str, **more: object
) -> tuple[Rule, str, str]:
    known: dict[str, object] = {
        "controls": ("PERBAN-BSSN-4-2021.P27.8.c", "PEMDI-2026.I11"),
        "rationale": Text(
            "Tanpa perlindungan ini, pihak di jaringan yang sama dapat membaca atau mengubah data warga yang dikirim.",
            "Without it, anyone on the same network can read or change what citizens send.",
        ),
        "remediation": Text(
            "Aktifkan pada konfigurasi server web, muat ulang layanan, lalu pindai ulang.",
            "Switch it on in the web server's configuration, reload the service, then scan again.",
        ),
        "fixes": {
            "nginx": 'server {\n    add_header Strict-Transport-Security "max-age=31536000" always;\n}',
            "apache": 'Header always set Strict-Transport-Security "max-age=31536000"',
        },
        "references": ("https://www.rfc-editor.org/rfc/rfc6797", "CWE-319"),
    }
    return Rule(identity, Text(*title), severity, **(known | more)), fact, expected  # type: ignore[arg-type]


RULES = [
    rule(
        "EKS-01",
        Severity.CRITICAL,
        ("Folder .git tidak terbuka untuk umum", "The .git folder is not public"),
        "exposure.git",
        "equals false",
        controls=("PERBAN-BSSN-4-2021.P27.13.d", "CWE-527"),
    ),
    rule(
        "EKS-02",
        Severity.CRITICAL,
        ("Berkas .env tidak terbuka untuk umum", "The .env file is not public"),
        "exposure.env",
        "equals false",
    ),
    rule(
        "KOM-01",
        Severity.HIGH,
        ("HTTP dialihkan ke HTTPS", "HTTP leads to HTTPS"),
        "http.https_redirect",
        "equals true",
    ),
    rule(
        "KOM-02",
        Severity.HIGH,
        ("Hanya TLS 1.2 ke atas yang ditawarkan", "Only TLS 1.2 and newer is offered"),
        "tls.versions",
        "subset_of [TLSv1.2, TLSv1.3]",
    ),
    rule(
        "SRT-01",
        Severity.HIGH,
        ("Sertifikat masih berlaku", "The certificate has not expired"),
        "cert.not_after",
        "beyond_days 0",
    ),
    rule(
        "SRT-02",
        Severity.MEDIUM,
        ("Masa berlaku sertifikat wajar", "The certificate's lifetime is reasonable"),
        "cert.lifetime_days",
        "at_most 398",
    ),
    rule(
        "SES-03",
        Severity.MEDIUM,
        ("Cookie sesi ditandai Secure dan HttpOnly", "Session cookies are Secure and HttpOnly"),
        "http.cookie.secure",
        "equals true",
    ),
    rule(
        "HDR-01",
        Severity.MEDIUM,
        ("HSTS sekurangnya satu tahun", "HSTS for at least a year"),
        "http.hsts.max_age",
        "at_least 31536000",
    ),
    rule(
        "HDR-02",
        Severity.MEDIUM,
        ("Content-Security-Policy dikirim", "A Content-Security-Policy is sent"),
        "http.csp.present",
        "equals true",
    ),
    rule(
        "HDR-03",
        Severity.LOW,
        ("X-Content-Type-Options: nosniff", "X-Content-Type-Options: nosniff"),
        "http.header.x_content_type_options",
        "equals nosniff",
    ),
    rule(
        "SRT-03",
        Severity.INFO,
        ("Rantai sertifikat dipercaya peramban", "The chain is trusted by browsers"),
        "cert.chain_trusted",
        "equals true",
    ),
    rule(
        "ATR-01",
        Severity.MEDIUM,
        ("Kebijakan kata sandi ditetapkan", "A password policy is set"),
        "",
        "",
        manual=Manual(
            Text(
                "Apakah kebijakan kata sandi telah ditetapkan oleh pejabat yang berwenang?",
                "Has the officer in charge set a password policy?",
            ),
            ("SK penetapan",),
        ),
    ),
    rule(
        "ATR-02",
        Severity.LOW,
        ("Pencatatan log ditinjau berkala", "Logs are reviewed regularly"),
        "",
        "",
        manual=Manual(Text("Apakah log ditinjau sekurangnya sebulan sekali?", "Are logs reviewed at least monthly?")),
    ),
]

BAD = {
    "EKS-01": [("/.git/HEAD", "true")],
    "EKS-02": [("/.env", "true"), ("/.env.backup", "true")],
    "KOM-01": [("", "false")],
    "KOM-02": [("", "[TLSv1.0, TLSv1.1, TLSv1.2]")],
    "SRT-01": [("leaf", "2026-11-02T23:59:59Z")],
    "SRT-02": [("leaf", "825")],
    "SES-03": [("PHPSESSID", "false"), ("laravel_session", "false")],
    "HDR-01": [("", "not_offered: no such header")],
    "HDR-02": [("", "false")],
    "HDR-03": [("", "not_offered")],
    "SRT-03": [("mozilla", "false")],
}


def policy(rules: Iterable[Rule] | None = None) -> Policy:
    chosen = tuple(rules) if rules is not None else tuple(entry[0] for entry in RULES)
    digest = hashlib.sha256(b"policy").hexdigest()
    return Policy(
        "baseline",
        "2026.1",
        Text("Garis dasar keamanan situs pemerintah daerah", "Security baseline for local government sites"),
        chosen,
        minimum_coverage=80,
        files=(PolicyFile("baseline.yaml", digest),),
        digest=digest,
    )


def target(
    host: str, organisation: Organisation | None = None, authorisation: Authorisation | None = AUTHORISATION
) -> Target:
    return Target(
        "https",
        host,
        443,
        service=host.split(".", maxsplit=1)[0],
        organisation=organisation,
        region="6371",
        tags=("layanan",),
        se_category=Category.TINGGI,
        authorisation=authorisation,
        level=Level.STANDARD,
        scope=(host, f"www.{host}"),
    )


def fingerprint(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def finding(
    site: Target, entry: tuple[Rule, str, str], outcome: Outcome, seen: Iterable[tuple[str, str]] = (), **more: object
) -> Finding:
    judged, fact, expected = entry
    each = outcome if outcome in (Outcome.PASS, Outcome.FAIL, Outcome.UNKNOWN) else Outcome.FAIL
    verdicts = tuple(
        Verdict(fact, subject, expected, observed, each, fingerprint(judged.id, site.url, fact, subject))
        for subject, observed in seen
    )
    return Finding("baseline", judged.id, site.url, outcome, judged.severity, verdicts=verdicts, **more)  # type: ignore[arg-type]


def view(
    targets: list[Target],
    findings: list[Finding],
    *,
    rules: Iterable[Rule] | None = None,
    scores: dict[str, tuple[int, str, int]] | None = None,
    percent: int = 100,
    signing: str = "trusted-key",
    waivers: tuple[Waiver, ...] = (),
    attestations: tuple[Attestation, ...] = (),
    previous: Report | None = None,
    agency: str = "Pemerintah Kabupaten Contoh",
) -> View:
    authorisations = tuple(dict.fromkeys(t.authorisation for t in targets if t.authorisation))
    total = len(findings)
    report = Report(
        schema=REPORT_SCHEMA,
        id="20261122T021500Z-7f3a9c",
        parent="",
        tool=Tool("auditor", "0.1.0", "3.11.7", "OpenSSL 3.0.16 11 Feb 2025"),
        policies=(policy(rules),),
        scope=Scope(agency, authorisations, tuple(sorted({host for t in targets for host in t.scope}))),
        run=Run(AT, AT + timedelta(seconds=42), None),
        judged_at=AT + timedelta(seconds=43),
        targets=tuple(targets),
        findings=tuple(findings),
        scores=tuple(
            Score("baseline", url, value, grade, share) for url, (value, grade, share) in (scores or {}).items()
        ),
        coverage=(Coverage("baseline", total * percent // 100, total, percent, 80),),
        waivers=waivers,
        attestations=attestations,
        provenance=tuple(
            Plugin("auditor.checks", name, "auditor", "0.1.0", hashlib.sha256(name.encode()).hexdigest())
            for name in ("certificate", "cookies", "exposure", "headers", "http", "tls")
        ),
        evidence_digest=hashlib.sha256(b"evidence").hexdigest(),
        signing=signing,
    )
    observations = tuple(
        Observation(t.url, "headers", AT + timedelta(seconds=place), 180, (Fact("http.csp.present", value=True),))
        for place, t in enumerate(targets)
    )
    return View(report, observations, SPECS, previous)


def judged(site: Target, broken: Iterable[str], **outcomes: Outcome) -> list[Finding]:
    """Every rule for a site: `broken` ones fail, manual ones wait, the rest pass."""
    wrong = set(broken)
    found = []
    for entry in RULES:
        identity = entry[0].id
        if entry[0].manual:
            found.append(finding(site, entry, Outcome.MANUAL, reason="no_answer"))
        elif identity in wrong:
            found.append(finding(site, entry, Outcome.FAIL, BAD[identity]))
        else:
            found.append(finding(site, entry, Outcome.PASS, [("", "true")]))
    return found


def good() -> View:
    site = target("contoh.go.id")
    return view([site], judged(site, ()), scores={site.url: (96, "A", 100)})


def bad(**more: object) -> View:
    """Everything wrong at once, and every special case: waived, expired, unknown, attested."""
    site = target(
        "layanan.contoh.go.id",
        Organisation(
            "diskominfo",
            "Dinas Komunikasi dan Informatika",
            Officer("Rina Wulandari, S.Kom.", "rina@contoh.go.id"),
            "6371",
        ),
    )
    found = {f.rule: f for f in judged(site, set(BAD) - {"SRT-03"})}
    found["KOM-01"] = replace(found["KOM-01"], outcome=Outcome.WAIVED, waiver=0)
    found["SRT-02"] = replace(found["SRT-02"], reason="waiver_expired", waiver=1)
    entries = {entry[0].id: entry for entry in RULES}
    found["KOM-02"] = finding(
        site, entries["KOM-02"], Outcome.UNKNOWN, [("", "timeout: no answer in 15 s")], reason=Absence.TIMEOUT
    )
    found["SRT-03"] = finding(
        site, entries["SRT-03"], Outcome.UNKNOWN, [("mozilla", "not_collected")], reason=Absence.NOT_COLLECTED
    )
    found["HDR-03"] = finding(site, entries["HDR-03"], Outcome.NOT_APPLICABLE)
    found["ATR-02"] = finding(site, entries["ATR-02"], Outcome.PASS, basis=Basis.ATTESTED, attestation=0)
    waivers = (
        Waiver(
            "KOM-01",
            "Perangkat lama di kecamatan belum mendukung HTTPS; diganti pada anggaran perubahan.",
            "Kepala Dinas Komunikasi dan Informatika",
            date(2026, 12, 31),
            host=site.host,
        ),
        Waiver(
            "SRT-02",
            "Menunggu perpanjangan dari penyedia.",
            "Kepala Bidang Persandian",
            date(2026, 9, 30),
            host=site.host,
        ),
    )
    attestations = (
        Attestation(
            "ATR-02",
            Outcome.PASS,
            "Budi Santoso, Kepala Seksi Persandian",
            date(2026, 11, 1),
            date(2027, 10, 31),
            "Log server web ditinjau setiap Senin; hasilnya dicatat pada buku kendali.",
            documents=("buku-kendali.pdf sha256:" + "ab" * 32,),
        ),
    )
    options = {
        "scores": {site.url: (24, "E", 82)},
        "percent": 82,
        "signing": "ephemeral",
        "waivers": waivers,
        "attestations": attestations,
    } | more
    return view([site], list(found.values()), **options)  # type: ignore[arg-type]


def unknown() -> View:
    """A site that could not be reached at all."""
    site = target("mati.contoh.go.id")
    found = [
        finding(site, entry, Outcome.UNKNOWN, [("", "unreachable: no address")], reason=Absence.UNREACHABLE)
        for entry in RULES
        if not entry[0].manual
    ]
    return view([site], found, percent=0, scores={site.url: (0, "E", 0)})


ORGANISATIONS = (
    Organisation(
        "diskominfo", "Dinas Komunikasi dan Informatika", Officer("Rina Wulandari", "rina@contoh.go.id"), "6371"
    ),
    Organisation(
        "dukcapil", "Dinas Kependudukan dan Pencatatan Sipil", Officer("Ahmad Fauzi", "ahmad@contoh.go.id"), "6371"
    ),
    Organisation("dinkes", "Dinas Kesehatan", Officer("dr. Sari Melati"), "6371"),
    Organisation("kecamatan", "Kecamatan Banjarmasin Utara", None, "6371"),
)


def dozen(**more: object) -> View:
    """Twelve sites of four organisations, from spotless to unreachable."""
    names = list(BAD)
    targets, found, scores = [], [], {}
    for place in range(12):
        site = target(f"situs{place + 1}.contoh.go.id", ORGANISATIONS[place % 4])
        targets.append(site)
        if place == 7:
            found += [
                finding(
                    site,
                    entry,
                    Outcome.UNKNOWN,
                    [("", "not_assessable: challenge page")],
                    reason=Absence.NOT_ASSESSABLE,
                )
                for entry in RULES
                if not entry[0].manual
            ]
            scores[site.url] = (0, "E", 0)
            continue
        wrong = names[place % 5 :: 3] if place % 4 else []
        found += judged(site, wrong)
        scores[site.url] = (100 - 11 * len(wrong), "ABCDE"[min(len(wrong), 4)], 100)
    return view(targets, found, scores=scores, percent=91, **more)  # type: ignore[arg-type]


def fleet(sites: int = 600, rules: int = 30) -> View:
    """A province's worth."""
    entries = []
    for place in range(rules):
        judged_rule, fact, expected = RULES[place % 11]
        entries.append((replace(judged_rule, id=f"{judged_rule.id}-{place:02}"), fact, expected))
    organisations = [
        replace(ORGANISATIONS[n % 4], id=f"opd{n}", name=f"{ORGANISATIONS[n % 4].name} {n + 1}") for n in range(40)
    ]
    targets, found, scores = [], [], {}
    for number in range(sites):
        site = target(f"situs{number + 1}.contoh.go.id", organisations[number % 40])
        targets.append(site)
        for place, entry in enumerate(entries):
            if (number * 7 + place * 5) % 11 < 3:
                found.append(finding(site, entry, Outcome.FAIL, BAD[RULES[place % 11][0].id]))
            elif (number + place) % 29 == 0:
                found.append(
                    finding(site, entry, Outcome.UNKNOWN, [("", "timeout: no answer in 15 s")], reason=Absence.TIMEOUT)
                )
            else:
                found.append(finding(site, entry, Outcome.PASS, [("", "true")]))
        scores[site.url] = (number % 101, "EDCBA"[number % 101 // 21], 96)
    return view(targets, found, rules=[entry[0] for entry in entries], scores=scores, percent=96)


EVIL = "<script>alert(1)</script>\x1b]0;pwned\x07\x1b[31m[bold red]x[/]\u202egpj.exe\u0000\r\n{{7*7}}&amp;'\""


def hostile() -> View:
    """Every text that a scanned site can choose, chosen badly."""
    site = target(
        "jahat.contoh.go.id",
        Organisation("x", "Dinas " + EVIL, Officer(EVIL, EVIL)),
        Authorisation(letter=EVIL, issuer=EVIL, stated=True),
    )
    site = replace(site, path="/" + EVIL, tags=(EVIL,), service=EVIL)
    entries = {entry[0].id: entry for entry in RULES}
    found = [
        finding(site, entries["EKS-01"], Outcome.FAIL, [("/" + EVIL, "true")]),
        finding(site, entries["SES-03"], Outcome.FAIL, [(EVIL, EVIL), ("long", "A" * 100_000)]),
        finding(site, entries["HDR-03"], Outcome.FAIL, [("", EVIL)]),
        finding(site, entries["KOM-02"], Outcome.UNKNOWN, [(EVIL, "malformed: " + EVIL)], reason=Absence.MALFORMED),
        finding(site, entries["HDR-02"], Outcome.WAIVED, [("", EVIL)], waiver=0),
    ]
    waiver = Waiver("HDR-02", EVIL, EVIL, date(2026, 12, 31))
    return view([site], found, waivers=(waiver,), agency="Pemerintah " + EVIL, signing="ephemeral")


def changed() -> View:
    """The bad site, after some faults were mended and others came."""
    now = bad()
    before = now.report
    earlier = []
    for found in before.findings:
        if found.rule == "EKS-01":
            earlier.append(replace(found, outcome=Outcome.PASS, verdicts=()))
        elif found.rule == "KOM-02":
            earlier.append(
                replace(
                    found,
                    outcome=Outcome.FAIL,
                    reason="",
                    verdicts=tuple(
                        replace(v, outcome=Outcome.FAIL, observed="[TLSv1.0, TLSv1.2]") for v in found.verdicts
                    ),
                )
            )
        elif found.rule == "HDR-03":
            entries = {entry[0].id: entry for entry in RULES}
            earlier.append(finding(before.targets[0], entries["HDR-03"], Outcome.FAIL, BAD["HDR-03"]))
        else:
            earlier.append(found)
    old = replace(
        before, id="20261115T021500Z-11aa22", judged_at=before.judged_at - timedelta(days=7), findings=tuple(earlier)
    )
    return replace(now, previous=old)
