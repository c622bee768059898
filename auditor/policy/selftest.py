"""Tests of a policy: samples of evidence with the outcomes expected. `auditor policy test FILE` runs them.

They stand beside the policy, `baseline.tests.yaml` for `baseline.yaml`:

    schema: 1
    cases:
      - name: an insecure session cookie beside a harmless one
        at: 2026-11-22T10:00:00Z          # optional: moment of observation and judgement; this one by default
        target:                           # optional; only what the rules look at
          {url: "https://contoh.go.id", level: standard, tags: [layanan], se_category: tinggi, region: "6371",
           service: perizinan, organisation: diskominfo}
        facts:
          tls.offered: true               # of the type that the fact declares
          tls.versions: [TLSv1.2, TLSv1.3]
          http.hsts.max_age: 31536000
          http.cookie.session: {PHPSESSID: true, bahasa: false}            # of a fact with subjects: by subject
          http.cookie.secure: {PHPSESSID: false, bahasa: false}
          cert.not_after: {leaf: 2027-01-31T23:59:59Z}
        absent:                           # reasons: not_offered unreachable refused timeout malformed ...
          http.csp.present: not_offered   # of a fact with subjects: all of them ...
          cert.key_bits: {"1": malformed} # ... or by subject
        incomplete:                       # sets of which some members could not be resolved
          - tls.versions
          - tls.suites[TLSv1.2]
        covered: [http.cookie.session, http.cookie.secure]     # looked for everywhere: there are no others
        expect: {SES-03: fail, KOM-02: unknown}                # pass fail unknown not_applicable manual
      - name: no cookies at all
        covered: [http.cookie.session, http.cookie.secure]
        expect: {SES-03: not_applicable}

Facts that a case does not mention were not collected, so rules about them are unknown; `target.*` follows from
`target`. Facts whose names begin alike (`http.`, `tls.`) count as collected by one check.

A rule is tested when some case expects each outcome that its facts can give: pass and fail; fail and manual where it
`decides: fail_only`; nothing for a rule that only a person answers.
"""
