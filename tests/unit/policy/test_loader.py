"""Policies as files: what is read, what is refused and where, how they extend each other."""

import re
from collections.abc import Mapping
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.canonical import sha256
from auditor.errors import PolicyError
from auditor.model import Assertion, Band, Cap, Condition, Decides, Manual, Points, Rule, Scoring, Severity, Text
from auditor.policy import LoadedPolicy, load, load_all, load_sources, locate, packaged
from auditor.policy.document import IDENTITY
from tests.unit.policy.evidence import SPECS

HEAD = 'schema: 1\nid: contoh\nversion: "1"\n'
RULE = "rules:\n  - id: R-1\n    require:\n      tls.offered: {equals: true}\n"

FULL = """\
schema: 1
id: contoh
version: 2026.1
title: {id: Kebijakan contoh, en: Example policy}
minimum_coverage: 70
rules:
  - id: KOM-02
    title: {id: Hanya TLS 1.2 ke atas, en: Only TLS 1.2 and newer}
    severity: high
    controls: [PERBAN-BSSN-4-2021.P27.8.c]
    when: {tls.offered: {equals: true}}
    require:
      tls.versions: {subset_of: [TLSv1.2, TLSv1.3]}
      "cert.lifetime_days[leaf]": {at_least: 1, at_most: 398}
      any:
        - {http.hsts.max_age: {at_least: 31536000}}
        - http.hsts.preloaded: {equals: true}
          cert.not_after[leaf]: {beyond_days: 0}
    rationale: {id: Sebab, en: Why}
    remediation: {id: Perbaiki, en: Mend}
    fixes:
      nginx: |
        server {
          ssl_protocols TLSv1.2 TLSv1.3;
        }
    references: ["https://www.rfc-editor.org/rfc/rfc8996"]
  - id: ATR-01
    manual: {question: {id: Sudah?, en: Done?}, evidence: [SK]}
  - id: ATR-02
    severity: low
    require: {http.cookie.secure: {equals: true}}
    decides: fail_only
scoring:
  start: 90
  minimum: 10
  maximum: 110
  by_severity: {high: {pass: 0, fail: -15}}
  points: {KOM-02: {pass: 5, fail: -20}}
  bonus_from: 80
  caps: [{rule: ATR-02, at_most: 40}]
  bands: [{at_least: 90, grade: A}, {at_least: 10, grade: E}]
"""


def write(folder: Path, **files: str) -> Path:
    """Write `a_b="..."` as `a_b.yaml`; the path of the first."""
    for name, text in files.items():
        (folder / f"{name}.yaml").write_text(text, "utf-8")
    return folder / f"{next(iter(files))}.yaml"


def loaded(folder: Path, text: str) -> LoadedPolicy:
    return load(write(folder, contoh=text), SPECS)


def policy_text(identity: str, *rules: str, extends: str = "", more: str = "") -> str:
    """A policy of rules that differ by their severity, written `R-1 high`."""
    body = "".join(
        f"  - {{id: {rule}, severity: {severity}, require: {{tls.offered: {{equals: true}}}}}}\n"
        for rule, severity in (text.split() for text in rules)
    )
    extending = f"extends: [{extends}]\n" if extends else ""
    return f'schema: 1\nid: {identity}\nversion: "1"\n{extending}{more}' + (f"rules:\n{body}" if body else "")


def severities(found: LoadedPolicy) -> dict[str, str]:
    return {rule.id: rule.severity.value for rule in found.policy.rules}


# What is read


def test_every_key_of_a_policy_arrives_in_the_model(tmp_path: Path) -> None:
    policy = loaded(tmp_path, FULL).policy
    assert (policy.id, policy.version, policy.minimum_coverage) == ("contoh", "2026.1", 70)
    assert policy.title == Text("Kebijakan contoh", "Example policy")
    assert policy.rules == (
        Rule(
            id="KOM-02",
            title=Text("Hanya TLS 1.2 ke atas", "Only TLS 1.2 and newer"),
            severity=Severity.HIGH,
            controls=("PERBAN-BSSN-4-2021.P27.8.c",),
            when=Condition((Assertion("tls.offered", "equals", operand=True),)),
            require=Condition(
                (
                    Assertion("tls.versions", "subset_of", ("TLSv1.2", "TLSv1.3")),
                    Assertion("cert.lifetime_days", "at_least", 1, "leaf"),
                    Assertion("cert.lifetime_days", "at_most", 398, "leaf"),
                ),
                (
                    Condition((Assertion("http.hsts.max_age", "at_least", 31536000),)),
                    Condition(
                        (
                            Assertion("http.hsts.preloaded", "equals", operand=True),
                            Assertion("cert.not_after", "beyond_days", 0, "leaf"),
                        )
                    ),
                ),
            ),
            rationale=Text("Sebab", "Why"),
            remediation=Text("Perbaiki", "Mend"),
            fixes={"nginx": "server {\n  ssl_protocols TLSv1.2 TLSv1.3;\n}"},
            references=("https://www.rfc-editor.org/rfc/rfc8996",),
        ),
        Rule("ATR-01", Text("ATR-01", "ATR-01"), Severity.MEDIUM, manual=Manual(Text("Sudah?", "Done?"), ("SK",))),
        Rule(
            "ATR-02",
            Text("ATR-02", "ATR-02"),
            Severity.LOW,
            require=Condition((Assertion("http.cookie.secure", "equals", operand=True),)),
            decides=Decides.FAIL_ONLY,
        ),
    )
    assert policy.scoring == Scoring(
        90, 10, 110, {"high": Points(0, -15)}, {"KOM-02": Points(5, -20)}, 80, (Cap("ATR-02", 40),),
        (Band(90, "A"), Band(10, "E")),
    )  # fmt: skip


def test_the_least_policy_has_defaults(tmp_path: Path) -> None:
    policy = loaded(tmp_path, HEAD + RULE).policy
    assert (policy.title, policy.minimum_coverage, policy.scoring) == (Text("contoh", "contoh"), 80, None)


def test_an_alternative_may_hold_alternatives(tmp_path: Path) -> None:
    nested = "{any: [{any: [{tls.offered: {equals: true}}]}, {http.reachable: {equals: true}}]}"
    (rule,) = loaded(tmp_path, f"{HEAD}rules: [{{id: R-1, require: {nested}}}]").policy.rules
    inner = Condition(any=(Condition((Assertion("tls.offered", "equals", operand=True),)),))
    assert rule.require == Condition(any=(inner, Condition((Assertion("http.reachable", "equals", operand=True),))))


def test_a_rule_may_select_one_kind_and_range_over_another(tmp_path: Path) -> None:
    loaded(
        tmp_path,
        HEAD + RULE.replace("tls.offered:", "http.cookie.secure:") + "      cert.key_bits[leaf]: {at_least: 256}\n",
    )


# What is refused, and where


@pytest.mark.parametrize(
    ("assertion", "said"),
    [
        ("tls.ofered: {equals: true}", "7:7: unknown fact 'tls.ofered' (did you mean tls.offered?)"),
        ("zzz: {equals: true}", "7:7: unknown fact 'zzz' (see: auditor facts)"),
        ("TLS.offered: {equals: true}", "7:7: unknown fact 'TLS.offered' (did you mean tls.offered?)"),
        ("tls.offered: {equal: true}", "7:21: unknown operator 'equal' (did you mean equals?)"),
        ("tls.offered: {not: true}", "7:21: unknown operator 'not' (there are: at_least,"),
        ("tls.offered: {equals: yes}", "7:29: operator equals on tls.offered needs true or false"),
        ("tls.offered: {equals: 1}", "7:29: operator equals on tls.offered needs true or false"),
        ('tls.offered: {equals: "true"}', "7:29: operator equals on tls.offered needs true or false"),
        ("http.hsts.max_age: {at_least: true}", "7:37: operator at_least on http.hsts.max_age needs an integer"),
        ("http.hsts.max_age: {at_least: 1.5}", "7:37: operator at_least on http.hsts.max_age needs an integer"),
        ("http.hsts.max_age: {equals: [1]}", "7:35: operator equals on http.hsts.max_age needs an integer"),
        ("http.server: {equals: 12}", "7:29: operator equals on http.server needs text (text that looks like"),
        ("http.server: {one_of: nginx}", "7:29: operator one_of on http.server needs a list"),
        ("http.server: {one_of: {a: b}}", "7:29: operator one_of on http.server needs a list"),
        ("http.server: {one_of: [a, [b]]}", "7:33: expected one value, found a list"),
        ("tls.versions: {subset_of: [a, a]}", "7:37: 'a' stands twice"),
        ("tls.versions: {contains_all: []}", "7:36: an empty list asks nothing"),
        ("tls.versions: {contains_none: []}", "7:37: an empty list asks nothing"),
        ("http.server: {one_of: []}", "7:29: an empty list asks nothing"),
        ("tls.offered: {at_least: 1}", "7:21: operator at_least is not for tls.offered, which is of type boolean (operators for this type: equals)"),
        ("tls.versions: {equals: a}", "7:22: operator equals is not for tls.versions, which is of type set (operators for this type: subset_of,"),
        ("cert.not_after[leaf]: {at_least: 1}", "7:30: operator at_least is not for cert.not_after, which is of type time"),
        ("cert.not_after[leaf]: {beyond_days: 40000}", "7:43: 40000 days are more than a century"),
        ("http.server: {matches: (a+)+}", "7:30: not a usable pattern: could take too long"),
        ('http.server: {matches: "["}', "7:30: not a usable pattern:"),
        ("tls.offered[x]: {equals: true}", "7:7: fact tls.offered has no subjects to select from"),
        ("cert.key_bits[]: {at_least: 1}", "7:7: unknown fact 'cert.key_bits[]'"),
        ("tls.offered: true", "7:20: expected a mapping, found true"),
        ("tls.offered: {}", "7:20: an empty mapping asks nothing"),
        ("tls.offered:", '7:19: expected a mapping, found ""'),
        ("any: []", "7:12: an empty list asks nothing"),
        ("any: {tls.offered: {equals: true}}", "7:12: expected a list, found a mapping"),
        ("any: [{}]", "7:13: an empty mapping asks nothing"),
        ("any: [tls.offered]", "7:13: expected a mapping, found tls.offered"),
        ("all: [{tls.offered: {equals: true}}]", "7:7: unknown fact 'all'"),
        ("tls.offered: {equals: true, equals: false}", "7:35: key 'equals' stands twice"),
    ],
)  # fmt: skip
def test_a_wrong_assertion_is_named_with_its_place(assertion: str, said: str, tmp_path: Path) -> None:
    with pytest.raises(PolicyError) as caught:
        loaded(tmp_path, f"{HEAD}rules:\n  - id: R-1\n    require:\n      {assertion}\n")
    assert str(caught.value).removeprefix(f"{tmp_path / 'contoh.yaml'}:").startswith(said)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("id: contoh\n", "1:1: key schema is missing"),
        ("schema: 2\n", "1:9: unknown schema 2 (this version reads schema 1)"),
        ('schema: "1"\n', '1:9: expected an integer, found "1"'),
        ("schema: 1\nversion: 1\nrules: []\n", "1:1: key id is missing"),
        ("schema: 1\nid: a/b\n", "2:5: an id has letters, digits, dot, dash and underscore, at most 64 of them"),
        ("schema: 1\nid: .hidden\n", "2:5: an id has letters"),
        ("schema: 1\nid: contoh\nrules: [{id: R-1, manual: {question: {id: a, en: b}}}]\n", "1:1: key version is missing"),
        (HEAD, "1:1: the policy has no rules"),
        (HEAD + "rules: []\n", "1:1: the policy has no rules"),
        (HEAD + "rule: []\n", "4:1: unknown key 'rule' (did you mean rules?)"),
        (HEAD + "title: Contoh\n" + RULE, "4:8: expected a mapping, found Contoh"),
        (HEAD + "title: {id: Contoh}\n" + RULE, "4:8: key en is missing"),
        (HEAD + "title: {id: Contoh, en: }\n" + RULE, "4:25: the value is missing"),
        (HEAD + "title: {id: Contoh, en: x, fr: y}\n" + RULE, "4:28: unknown key 'fr' (there are: en, id)"),
        (HEAD + "minimum_coverage: 101\n" + RULE, "4:19: expected a percentage from 0 to 100, found 101"),
        (HEAD + "minimum_coverage: 80%\n" + RULE, "4:19: expected an integer, found 80%"),
        (HEAD + "extends: baseline\n", "4:10: expected a list, found baseline"),
        (HEAD + "extends: [baseline, baseline]\n", "4:21: 'baseline' stands twice"),
        (HEAD + "extends: [bassline]\n", "4:11: no policy bassline (did you mean baseline?)"),
        (HEAD + "extends: [./hilang.yaml]\n", "4:11: file"),
        (HEAD + RULE + "  - id: R-1\n    require: {tls.offered: {equals: false}}\n", "8:9: rule R-1 stands twice (first at line 5)"),
        (HEAD + RULE + "    severity: hihg\n", "8:15: unknown word 'hihg' (did you mean high?)"),
        (HEAD + RULE + "    severity: HIGH\n", "8:15: unknown word 'HIGH'"),
        (HEAD + RULE + "    serverity: high\n", "8:5: unknown key 'serverity' (did you mean severity?)"),
        (HEAD + RULE + "    decides: pass_only\n", "8:14: unknown word 'pass_only' (did you mean fail_only?)"),
        (HEAD + RULE + "    when: {}\n", "8:11: an empty mapping asks nothing"),
        (HEAD + RULE + "    remediation: {id: a}\n", "8:18: key en is missing"),
        (HEAD + RULE + "    fixes: [nginx]\n", "8:12: expected a mapping, found a list"),
        (HEAD + RULE + "    fixes: {nginx: }\n", "8:20: the value is missing"),
        (HEAD + RULE + "    controls: [A, A]\n", "8:19: 'A' stands twice"),
        (HEAD + RULE + "    manual: {question: {id: a, en: b}}\n", "8:13: the facts decide this rule both ways, so nobody would be asked (add decides: fail_only)"),
        (HEAD + "rules:\n  - {id: R-1, severity: low}\n", "5:5: rule R-1 has neither require nor manual, so nothing decides it"),
        (HEAD + "rules:\n  - {severity: low}\n", "5:5: key id is missing"),
        (HEAD + "rules:\n  - {id: R-1, decides: fail_only, manual: {question: {id: a, en: b}}}\n", "5:24: decides: fail_only needs require"),
        (HEAD + "rules:\n  - {id: R-1, manual: {}}\n", "5:23: key question is missing"),
        (HEAD + "rules:\n  - {id: R-1, manual: {question: Sudah?}}\n", "5:34: expected a mapping, found Sudah?"),
        (HEAD + "rules:\n  - R-1\n", "5:5: expected a mapping, found R-1"),
        (HEAD + "rules: R-1\n", "4:8: expected a list, found R-1"),
        (HEAD + RULE + "scoring: 100\n", "8:10: expected a mapping, found 100"),
        (HEAD + RULE + "scoring: {strat: 1}\n", "8:11: unknown key 'strat' (did you mean start?)"),
        (HEAD + RULE + "scoring: {start: 1.5}\n", "8:18: expected an integer, found 1.5"),
        (HEAD + RULE + "scoring: {minimum: 5, maximum: 4}\n", "8:10: minimum is above maximum"),
        (HEAD + RULE + "scoring: {by_severity: {hgih: {fail: -1}}}\n", "8:25: unknown word 'hgih' (did you mean high?)"),
        (HEAD + RULE + "scoring: {by_severity: {high: -1}}\n", "8:31: expected a mapping, found -1"),
        (HEAD + RULE + "scoring: {by_severity: {high: {pass: 0, fail: 1}}}\n", "8:31: a failed rule would score more than a passed one"),
        (HEAD + RULE + "scoring: {points: {R-2: {fail: -1}}}\n", "8:20: unknown rule 'R-2' (did you mean R-1?)"),
        (HEAD + RULE + "scoring: {caps: [{rule: R-2, at_most: 1}]}\n", "8:25: unknown rule 'R-2' (did you mean R-1?)"),
        (HEAD + RULE + "scoring: {caps: [{rule: R-1}]}\n", "8:18: key at_most is missing"),
        (HEAD + RULE + "scoring: {bands: [{at_least: 0, grade: E}, {at_least: 90, grade: A}]}\n", "8:18: bands go from the highest at_least down"),
        (HEAD + RULE + "scoring: {bands: [{at_least: 9, grade: E}, {at_least: 9, grade: A}]}\n", "8:18: bands go from the highest at_least down"),
        (HEAD + RULE + "scoring: {bands: [{at_least: 10, grade: A}]}\n", "8:18: a score of 0 would be in no band"),
        (HEAD + RULE + "scoring: {bands: [{at_least: 0, grade: A, requires: [R-1]}]}\n", "8:18: a score of 0 would be in no band"),
        (HEAD + RULE + "scoring: {bands: [{at_least: 0, grade: E}, {at_least: 9, grade: A, requires: [R-1]}]}\n", "8:18: bands go from the highest at_least down"),
        (HEAD + RULE + "scoring: {bands: [{at_least: 9, grade: A, requires: [R-9]}, {at_least: 0, grade: E}]}\n", "8:54: unknown rule 'R-9'"),
        ("schema: 1\nid: contoh\n\tversion: 1\n", "3:1: not YAML:"),
    ],
)  # fmt: skip
def test_a_wrong_policy_is_named_with_its_place(text: str, said: str, tmp_path: Path) -> None:
    with pytest.raises(PolicyError) as caught:
        loaded(tmp_path, text)
    assert str(caught.value).removeprefix(f"{tmp_path / 'contoh.yaml'}:").startswith(said)


@pytest.mark.parametrize("where", ["when", "require", "any"])
def test_two_kinds_of_subjects_in_one_rule_are_refused_wherever_they_stand(where: str, tmp_path: Path) -> None:
    first, second = "http.cookie.secure: {equals: true}", "cert.key_bits: {at_least: 1}"
    body = {
        "when": f"when: {{{first}}}, require: {{{second}}}",
        "require": f"require: {{{first}, {second}}}",
        "any": f"require: {{any: [{{{first}}}, {{{second}}}]}}",
    }[where]
    with pytest.raises(PolicyError) as caught:
        loaded(tmp_path, f"{HEAD}rules:\n  - {{id: R-1, {body}}}\n")
    assert str(caught.value).endswith(
        "the rule ranges over cookie (http.cookie.secure) and position (cert.key_bits) at once "
        "(select one, as in cert.key_bits[...])"
    )
    assert f":5:{f'  - {{id: R-1, {body}'.index('cert.key_bits') + 1}: " in str(caught.value)


@pytest.mark.parametrize("reference", ["hilang.yaml", "./hilang", "a/b.yml"])
def test_a_missing_file_is_named(reference: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(PolicyError, match=rf"^{re.escape(str(Path(reference)))}: file not found$"):
        load(reference, SPECS)


# Finding


def test_an_id_never_means_the_working_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, contoh=HEAD + RULE)
    monkeypatch.chdir(tmp_path)
    with pytest.raises(PolicyError, match=r"^contoh: no policy contoh \(a file is named by its path"):
        load("contoh", SPECS)
    with pytest.raises(PolicyError, match=r"^basline: no policy basline \(did you mean baseline\?\)$"):
        load("basline", SPECS)
    assert load("./contoh.yaml", SPECS).policy.id == "contoh"
    assert load("contoh.yaml", SPECS).policy.id == "contoh"


def test_packaged_policies_are_named_after_their_ids() -> None:
    assert "baseline" in packaged()
    assert not [name for name in packaged() if name.endswith(".tests")]
    folder = Path(__file__).parents[3] / "policies"
    for name in packaged():
        assert IDENTITY.fullmatch(name)
        assert re.search(rf"^id: {re.escape(name)}$", (folder / f"{name}.yaml").read_text("utf-8"), re.MULTILINE)


def test_a_reference_is_located_as_it_is_loaded() -> None:
    assert locate("baseline") == Path(__file__).parents[3] / "policies" / "baseline.yaml"
    assert locate("umum/dasar.yaml") == locate(Path("umum/dasar.yaml")) == Path("umum/dasar.yaml")
    with pytest.raises(PolicyError, match="no policy basline"):
        locate("basline")


# Extending


def test_own_rules_replace_inherited_ones_in_their_place(tmp_path: Path) -> None:
    write(tmp_path, dasar=policy_text("dasar", "A low", "B low", "C low"))
    found = loaded(tmp_path, policy_text("contoh", "D high", "B high", extends="./dasar.yaml"))
    assert severities(found) == {"A": "low", "B": "high", "C": "low", "D": "high"}
    assert [rule.id for rule in found.policy.rules] == ["A", "B", "C", "D"]


def test_a_path_is_relative_to_the_file_that_names_it(tmp_path: Path) -> None:
    (tmp_path / "umum").mkdir()
    (tmp_path / "daerah").mkdir()
    write(tmp_path / "umum", pokok=policy_text("pokok", "A low"), dasar=policy_text("dasar", extends="pokok.yaml"))
    file = write(tmp_path / "daerah", contoh=policy_text("contoh", "B low", extends="../umum/dasar.yaml"))
    assert severities(load(file, SPECS)) == {"A": "low", "B": "low"}


def test_a_base_that_two_others_extend_is_read_once(tmp_path: Path) -> None:
    write(
        tmp_path,
        pokok=policy_text("pokok", "A low"),
        kiri=policy_text("kiri", "B low", extends="pokok.yaml"),
        kanan=policy_text("kanan", "C low", extends="./pokok.yaml"),
    )
    found = loaded(tmp_path, policy_text("contoh", extends="kiri.yaml, kanan.yaml"))
    assert severities(found) == {"A": "low", "B": "low", "C": "low"}
    assert [name for name, _ in found.sources] == ["contoh.yaml", "kiri.yaml", "pokok.yaml", "kanan.yaml"]
    assert [item.name for item in found.policy.files] == [name for name, _ in found.sources]


def test_two_bases_that_bring_different_rules_of_one_id_need_a_word_of_the_child(tmp_path: Path) -> None:
    write(tmp_path, kiri=policy_text("kiri", "A low"), kanan=policy_text("kanan", "A high"))
    with pytest.raises(PolicyError, match=r":4:22: kiri and kanan bring different rules A \(say which holds"):
        loaded(tmp_path, policy_text("contoh", "B low", extends="kiri.yaml, kanan.yaml"))
    settled = loaded(tmp_path, policy_text("contoh", "A medium", extends="kiri.yaml, kanan.yaml"))
    assert severities(settled) == {"A": "medium"}


def test_a_circle_is_refused(tmp_path: Path) -> None:
    write(
        tmp_path,
        kiri=policy_text("kiri", "A low", extends="kanan.yaml"),
        kanan=policy_text("kanan", extends="kiri.yaml"),
    )
    with pytest.raises(
        PolicyError, match=r"kanan\.yaml:4:11: policies extend each other in a circle: kiri > kanan > kiri$"
    ):
        load(tmp_path / "kiri.yaml", SPECS)
    with pytest.raises(PolicyError, match=r"circle: contoh > contoh$"):
        loaded(tmp_path, policy_text("contoh", extends="contoh.yaml"))


def test_a_file_that_others_extend_is_named_after_its_id(tmp_path: Path) -> None:
    write(tmp_path, dasar=policy_text("lain", "A low"))
    with pytest.raises(PolicyError, match=r"dasar\.yaml:2:5: .* named after its id: lain\.yaml, not dasar\.yaml$"):
        loaded(tmp_path, policy_text("contoh", extends="dasar.yaml"))


def test_two_files_with_one_id_are_refused(tmp_path: Path) -> None:
    (tmp_path / "lain").mkdir()
    write(tmp_path, dasar=policy_text("dasar", "A low"))
    write(tmp_path / "lain", dasar=policy_text("dasar", "A high"))
    with pytest.raises(PolicyError, match=r"dasar\.yaml:2:5: two different policies have the id dasar$"):
        loaded(tmp_path, policy_text("contoh", "A low", extends="dasar.yaml, lain/dasar.yaml"))


def test_an_error_in_a_base_names_the_base(tmp_path: Path) -> None:
    write(tmp_path, dasar=policy_text("dasar", "A lwo"))
    with pytest.raises(PolicyError, match=r"dasar\.yaml:5:23: unknown word 'lwo' \(did you mean low\?\)"):
        loaded(tmp_path, policy_text("contoh", extends="dasar.yaml"))


@pytest.mark.parametrize(
    ("bases", "own", "minimum"),
    [(("", ""), "", 80), (("60", "90"), "", 90), (("60", ""), "", 80), (("90", "90"), "50", 50)],
)
def test_minimum_coverage_is_the_own_or_the_strictest_inherited(
    bases: tuple[str, str], own: str, minimum: int, tmp_path: Path
) -> None:
    said = [f"minimum_coverage: {value}\n" if value else "" for value in (*bases, own)]
    write(tmp_path, kiri=policy_text("kiri", "A low", more=said[0]), kanan=policy_text("kanan", "B low", more=said[1]))
    found = loaded(tmp_path, policy_text("contoh", extends="kiri.yaml, kanan.yaml", more=said[2]))
    assert found.policy.minimum_coverage == minimum


def test_scoring_is_inherited_as_a_whole_and_ambiguity_is_refused(tmp_path: Path) -> None:
    write(
        tmp_path,
        kiri=policy_text("kiri", "A low", more="scoring: {start: 1}\n"),
        kanan=policy_text("kanan", "B low", more="scoring: {start: 2}\n"),
    )
    inherited = loaded(tmp_path, policy_text("contoh", extends="kiri.yaml"))
    assert inherited.policy.scoring == Scoring(start=1)
    with pytest.raises(PolicyError, match=r"the policies extended score differently \(add a scoring of your own\)$"):
        loaded(tmp_path, policy_text("contoh", extends="kiri.yaml, kanan.yaml"))
    own = "scoring: {start: 3, points: {A: {fail: -1}}}\n"
    assert loaded(tmp_path, policy_text("contoh", extends="kiri.yaml, kanan.yaml", more=own)).policy.scoring == Scoring(
        start=3, points={"A": Points(0, -1)}
    )


# Several policies, bundles, digests


def test_policies_of_one_run_do_not_share_an_id(tmp_path: Path) -> None:
    (tmp_path / "lain").mkdir()
    first = write(tmp_path, contoh=policy_text("contoh", "A low"))
    same = write(tmp_path, salinan=policy_text("contoh", "A low"))
    other = write(tmp_path / "lain", contoh=policy_text("contoh", "A high"))
    assert len(load_all([first, same], SPECS)) == 1
    with pytest.raises(PolicyError, match=rf"^{re.escape(str(other))}: two different policies have the id contoh$"):
        load_all([first, other], SPECS)


def family(folder: Path) -> LoadedPolicy:
    write(folder, dasar=policy_text("dasar", "A low"))
    return load(write(folder, berkas=policy_text("contoh", "B low", extends="./dasar.yaml")), SPECS)


def test_the_same_policies_come_out_of_a_bundle(tmp_path: Path) -> None:
    found = family(tmp_path)
    assert [name for name, _ in found.sources] == ["contoh.yaml", "dasar.yaml"]
    assert load_sources(dict(found.sources), SPECS, ["contoh"]) == (found,)
    (again, base) = load_sources(dict(found.sources), SPECS, ["contoh", "dasar"])
    assert (again, base.policy.id) == (found, "dasar")


def test_a_bundle_has_every_file_under_its_id_and_no_other(tmp_path: Path) -> None:
    sources = dict(family(tmp_path).sources)

    def refused(files: Mapping[str, bytes], *ids: str) -> str:
        with pytest.raises(PolicyError) as caught:
            load_sources(files, SPECS, ids or ["contoh"])
        return str(caught.value)

    assert refused({"contoh.yaml": sources["contoh.yaml"]}) == "policy/contoh.yaml:4:11: no policy dasar"
    assert refused(sources, "lain") == "policy: no policy lain"
    assert refused({**sources, "lain.yaml": b""}) == "policy/lain.yaml: no policy of the report needs this file"
    assert (
        refused({**sources, "dasar.yaml": b"schema: 9"})
        == "policy/dasar.yaml:1:9: unknown schema 9 (this version reads schema 1)"
    )
    renamed = {"contoh.yaml": sources["dasar.yaml"]}
    assert refused(renamed) == ("policy/contoh.yaml:2:5: this file is named after its id: dasar.yaml, not contoh.yaml")


def test_one_policy_has_one_digest_everywhere(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    here, there = family(tmp_path / "a"), family(tmp_path / "b")
    assert here.policy.digest == there.policy.digest
    names = ["contoh.yaml", "dasar.yaml"]
    digests = [sha256(dict(here.sources)[name]) for name in names]
    listed = ",".join(f'["{name}","{digest}"]' for name, digest in zip(names, digests, strict=True))
    assert here.policy.digest == sha256(f"[{listed}]".encode())
    write(tmp_path / "b", dasar=policy_text("dasar", "A low") + "# diubah\n")
    assert load(tmp_path / "b" / "berkas.yaml", SPECS).policy.digest != here.policy.digest


# Mutations


@settings(max_examples=300, deadline=None)
@given(st.integers(0, 2**32))
def test_a_mutated_policy_is_read_or_refused_and_never_a_crash(seed: int) -> None:
    random = Random(seed)
    words = re.split(r"(\W)", FULL)
    for _ in range(random.randint(1, 4)):
        place = random.randrange(len(words))
        match random.randrange(5):
            case 0:
                del words[place]
            case 1:
                words.insert(place, random.choice(words))
            case 2:
                words[place] = random.choice(
                    ["{", "}", "[", "]", ":", "-", "&a", "*a", "!x", "\t", "\n", "'", '"', "true", "12", "", "~"]
                )
            case 3:
                other = random.randrange(len(words))
                words[place], words[other] = words[other], words[place]
            case _:
                words[place] = words[place][::-1]
    try:
        (found,) = load_sources({"contoh.yaml": "".join(words).encode()}, SPECS, ["contoh"])
    except PolicyError as error:
        assert str(error).startswith("policy/")  # noqa: PT017 - both ends are looked at
    else:
        assert found.policy.rules


def test_a_pinned_policy_is_that_policy_or_an_error(tmp_path: Path) -> None:
    file = tmp_path / "contoh.yaml"
    file.write_text(HEAD + RULE, "utf-8")
    digest = load(file, SPECS).policy.digest
    assert load(f"{file}#sha256={digest}", SPECS) == load(file, SPECS)
    assert load(f"{file}#sha256={digest.upper()}", SPECS) == load(file, SPECS)
    file.write_text(HEAD + RULE + "    severity: low\n", "utf-8")
    with pytest.raises(PolicyError, match="is not the policy that was pinned"):
        load(f"{file}#sha256={digest}", SPECS)


def test_a_pin_covers_what_a_policy_extends(tmp_path: Path) -> None:
    (tmp_path / "dasar.yaml").write_text(HEAD.replace("contoh", "dasar") + RULE, "utf-8")
    file = tmp_path / "contoh.yaml"
    file.write_text(HEAD + "extends: [./dasar.yaml]\n", "utf-8")
    pinned = f"{file}#sha256={load(file, SPECS).policy.digest}"
    assert load(pinned, SPECS).policy.rules
    (tmp_path / "dasar.yaml").write_text(HEAD.replace("contoh", "dasar") + RULE + "    severity: low\n", "utf-8")
    with pytest.raises(PolicyError, match="is not the policy that was pinned"):
        load(pinned, SPECS)


@pytest.mark.parametrize("mark", ["#", "#sha256=", "#sha256=abc", "#md5=" + "a" * 64, "#" + "a" * 64])
def test_a_pin_that_is_none_is_an_error(tmp_path: Path, mark: str) -> None:
    file = tmp_path / "contoh.yaml"
    file.write_text(HEAD + RULE, "utf-8")
    with pytest.raises(PolicyError, match="64 hexadecimal digits"):
        load(f"{file}{mark}", SPECS)


def test_a_packaged_policy_can_be_pinned(tmp_path: Path) -> None:
    with pytest.raises(PolicyError, match="no policy"):
        load("tidak-ada#sha256=" + "a" * 64, SPECS)
