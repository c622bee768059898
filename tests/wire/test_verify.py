"""Tampering, judged three times over: by `auditor.verify`, by sha256sum, and by openssl with nothing of ours."""

import shutil
import subprocess
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from auditor import bundle
from auditor.canonical import decode, encode, load_json, sha256
from auditor.model import Outcome, Report
from auditor.trust import cms, keys
from auditor.verify import Check, Reader, Verification, verify
from tests.unit.trust.certificates import issue
from tests.unit.trust.certificates import signer as signer_of
from tests.wire import bundles
from tests.wire.bundles import AT, EXPECTED, GOOD, WEAK, Sealed, copy, edit_finding, edit_report, reseal

MEMBERS = (
    "report.json",
    "evidence.jsonl",
    "facts.json",
    "policy/coba.yaml",
    "policy/dasar.yaml",
    "waivers.yaml",
    "report.html",
    "exports/report.sarif",
)


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Sealed:
    return bundles.create(tmp_path_factory.mktemp("asli"))


@pytest.fixture(scope="module")
def stranger(tmp_path_factory: pytest.TempPathFactory) -> Sealed:
    """Somebody else with a key of the same name."""
    return bundles.create(tmp_path_factory.mktemp("asing"))


@pytest.fixture
def sealed(original: Sealed, tmp_path: Path) -> Sealed:
    return copy(original, tmp_path / "salinan")


def asked(sealed: Sealed, lang: str = "en") -> Verification:
    return verify(sealed.path, Reader(sealed.roots), AT + timedelta(minutes=1), lang)


def faults(result: Verification) -> dict[str, Check]:
    """The checks that keep the bundle from being genuine, by name."""
    found = {
        check.name: check
        for check in result.checks
        if check.outcome is Outcome.FAIL or (check.outcome is Outcome.UNKNOWN and check.needed)
    }
    assert result.genuine is (not found)
    return found


def stock_sums(sealed: Sealed) -> bool:
    command = ["sha256sum", "--check", "--strict", "--status", "SHA256SUMS"]
    return subprocess.run(command, cwd=sealed.path, check=False).returncode == 0


def stock_signature(sealed: Sealed, *options: str) -> bool:
    command = ["openssl", "cms", "-verify", "-cades", "-binary", "-content", "SHA256SUMS", "-inform", "DER"]
    command += ["-in", "signature/SHA256SUMS.p7s", "-CAfile", str(sealed.root), "-out", "/dev/null", *options]
    return subprocess.run(command, cwd=sealed.path, capture_output=True, check=False).returncode == 0


def test_the_bundle_of_these_tests_is_judged_as_worked_out_by_hand(original: Sealed) -> None:
    report = decode(Report, (original.path / "report.json").read_bytes())
    assert {(item.target, item.rule): item.outcome for item in report.findings} == EXPECTED


def test_a_genuine_bundle_passes_everywhere(sealed: Sealed) -> None:
    result = asked(sealed)
    assert faults(result) == {}
    assert [check.name for check in result.checks] == [
        "layout", "files", "digests", "signature", "chain", "revocation", "report", "timestamp", "validation", "facts",
        "evidence", "policies", "policy_known", "answers", "scope", "claims", "verdicts", "scores", "log",
    ]  # fmt: skip
    assert stock_sums(sealed)
    assert stock_signature(sealed)


def test_what_even_a_genuine_bundle_does_not_prove_is_said(sealed: Sealed) -> None:
    said = " / ".join(asked(sealed).unproven)
    for expected in ("report.html", "exports/report.sarif", "time stamp", "revoked", "signer vouches"):
        assert expected in said


def test_a_bundle_signed_with_a_throwaway_key_is_whole_but_not_trusted(original: Sealed, tmp_path: Path) -> None:
    sealed = replace(original, path=bundles.seal(tmp_path, keys.ephemeral()))
    found = faults(asked(sealed))
    assert set(found) == {"chain"}
    assert found["chain"].outcome is Outcome.FAIL
    assert "NOT TRUSTED" in found["chain"].detail
    assert not stock_signature(sealed)
    assert stock_sums(sealed)


def test_without_roots_the_signer_is_unknown_and_the_rest_is_still_checked(sealed: Sealed) -> None:
    found = faults(verify(sealed.path, Reader(), AT, "en"))
    assert {name: check.outcome for name, check in found.items()} == {"chain": Outcome.UNKNOWN}
    assert "--trust" in found["chain"].detail


def test_a_foreign_root_is_caught_by_both(sealed: Sealed, stranger: Sealed) -> None:
    foreign = replace(sealed, root=stranger.root)
    assert set(faults(asked(foreign))) == {"chain"}
    assert not stock_signature(foreign)


def flip(path: Path, position: int) -> None:
    data = bytearray(path.read_bytes())
    data[position % len(data)] ^= 1
    path.write_bytes(data)


@pytest.mark.parametrize("member", MEMBERS)
@pytest.mark.parametrize("position", [0, 7, -1])
def test_one_byte_changed_in_any_member_is_caught_and_named(sealed: Sealed, member: str, position: int) -> None:
    flip(sealed.path / member, position)
    found = faults(asked(sealed))
    assert found["digests"].outcome is Outcome.FAIL
    assert member in found["digests"].detail
    assert not stock_sums(sealed)


@pytest.mark.parametrize("member", MEMBERS)
def test_new_sums_do_not_heal_a_changed_member(sealed: Sealed, member: str) -> None:
    flip(sealed.path / member, 5)
    reseal(sealed)
    found = faults(asked(sealed))
    assert found["signature"].outcome is Outcome.FAIL
    assert "SHA256SUMS is not what was signed" in found["signature"].detail
    assert "chain" in found
    assert stock_sums(sealed)
    assert not stock_signature(sealed)


@pytest.mark.parametrize("member", MEMBERS)
def test_a_foreign_signature_over_new_sums_is_told_from_the_right_one(
    sealed: Sealed, stranger: Sealed, member: str
) -> None:
    flip(sealed.path / member, 5)
    reseal(sealed, stranger.signer)
    found = faults(asked(sealed))
    assert found["chain"].outcome is Outcome.FAIL
    assert "trusted root" in found["chain"].detail
    assert not stock_signature(sealed)


@pytest.mark.parametrize("position", [0, 64, 70, -1])
def test_a_byte_changed_in_the_sums_is_caught(sealed: Sealed, position: int) -> None:
    flip(sealed.path / "SHA256SUMS", position)
    found = faults(asked(sealed))
    assert found["signature"].outcome is Outcome.FAIL
    assert {"files", "digests"} & set(found)
    assert not stock_signature(sealed)


@pytest.mark.parametrize("kept", [0, 1, 100, 500, -1])
def test_a_signature_cut_short_is_caught(sealed: Sealed, kept: int) -> None:
    path = sealed.path / bundle.SIGNATURE
    path.write_bytes(path.read_bytes()[:kept])
    found = faults(asked(sealed))
    assert "SHA256SUMS.p7s" in found["signature"].detail
    assert found["chain"].outcome is Outcome.UNKNOWN
    assert not stock_signature(sealed)


@pytest.mark.parametrize("member", [*MEMBERS, "SHA256SUMS", "signature/SHA256SUMS.p7s"])
def test_a_removed_file_is_caught_and_named(sealed: Sealed, member: str) -> None:
    (sealed.path / member).unlink()
    found = faults(asked(sealed))
    assert member in found["files"].detail
    assert not (stock_sums(sealed) and stock_signature(sealed))


@pytest.mark.parametrize("member", MEMBERS)
def test_a_removed_file_is_missed_even_with_new_sums_and_the_right_key(sealed: Sealed, member: str) -> None:
    """Who holds the key may leave out what is a mere rendering, never what the verdicts rest on."""
    (sealed.path / member).unlink()
    reseal(sealed, sealed.signer)
    found = faults(asked(sealed))
    assert stock_sums(sealed)
    assert stock_signature(sealed)
    if member in ("report.html", "exports/report.sarif"):
        assert found == {}
    else:
        assert any(Path(member).name in check.detail for check in found.values()), found


@pytest.mark.parametrize("name", ["exports/tambahan.json", "policy/tambahan.yaml", "report.txt"])
def test_an_added_file_is_caught_and_named(sealed: Sealed, name: str) -> None:
    (sealed.path / name).write_bytes(b"schema: 1\n")
    assert name in faults(asked(sealed))["files"].detail


@pytest.mark.parametrize("name", ["tambahan.txt", "signature/lain.p7s", "log/entries", "validation/a.pem"])
def test_a_file_that_no_bundle_has_is_caught_and_named(sealed: Sealed, name: str) -> None:
    (sealed.path / name).parent.mkdir(exist_ok=True)
    (sealed.path / name).write_bytes(b"x")
    found = faults(asked(sealed))
    assert name in found["layout"].detail


def test_a_policy_that_nobody_judged_by_is_caught_though_signed(sealed: Sealed) -> None:
    (sealed.path / "policy" / "tambahan.yaml").write_bytes(bundles.BASE.replace(b"id: dasar", b"id: tambahan"))
    reseal(sealed, sealed.signer)
    assert "tambahan.yaml" in faults(asked(sealed))["policies"].detail


def test_a_renamed_file_is_caught_under_both_names(sealed: Sealed) -> None:
    (sealed.path / "report.html").rename(sealed.path / "report.txt")
    detail = faults(asked(sealed))["files"].detail
    assert "report.html" in detail
    assert "report.txt" in detail
    assert not stock_sums(sealed)


def test_a_symbolic_link_is_caught_though_its_bytes_are_right(sealed: Sealed, tmp_path: Path) -> None:
    shutil.move(sealed.path / "report.json", tmp_path / "di-luar.json")
    (sealed.path / "report.json").symlink_to(tmp_path / "di-luar.json")
    assert stock_sums(sealed)  # sha256sum follows links
    found = faults(asked(sealed))
    assert "report.json" in found["layout"].detail


def test_a_bundle_that_is_not_there_is_said_so(tmp_path: Path) -> None:
    found = faults(verify(tmp_path / "tidak-ada", Reader(), AT, "en"))
    assert "tidak-ada" in found["layout"].detail


def to_pass(report: Report) -> Report:
    return edit_finding(report, WEAK.url, "TLS-01", lambda f: replace(f, outcome=Outcome.PASS))


def test_a_verdict_changed_by_the_holder_of_the_key_is_recomputed_and_named(sealed: Sealed) -> None:
    """Signatures and sums are all good; only recomputing shows the lie."""
    edit_report(sealed, to_pass)
    reseal(sealed, sealed.signer)
    assert stock_sums(sealed)
    assert stock_signature(sealed)
    found = faults(asked(sealed))
    assert set(found) == {"verdicts", "scores"}
    for named in ("TLS-01", WEAK.url, "says passed", "gives failed"):
        assert named in found["verdicts"].detail


def lower_expectation(report: Report) -> Report:
    return edit_finding(
        report,
        WEAK.url,
        "TLS-01",
        lambda f: replace(f, verdicts=tuple(replace(v, observed="[TLSv1.2]") for v in f.verdicts)),
    )


def drop_finding(report: Report) -> Report:
    return replace(report, findings=tuple(f for f in report.findings if f.rule != "SES-01"))


def drop_target(report: Report) -> Report:
    return replace(
        report,
        targets=(GOOD,),
        findings=tuple(f for f in report.findings if f.target == GOOD.url),
        scope=replace(report.scope, hosts=(GOOD.host,)),
    )


@pytest.mark.parametrize(
    ("change", "check", "said"),
    [
        (lower_expectation, "verdicts", "TLS-01"),
        (drop_finding, "verdicts", "SES-01"),
        (lambda r: replace(r, findings=r.findings + r.findings[:1]), "verdicts", "twice"),
        (lambda r: replace(r, findings=r.findings[::-1]), "verdicts", "order"),
        (drop_target, "scope", WEAK.url),
        (lambda r: replace(r, scores=tuple(replace(s, value=100, grade="A") for s in r.scores)), "scores", WEAK.url),
        (lambda r: replace(r, scores=r.scores[:1]), "scores", "missing"),
        (lambda r: replace(r, coverage=(replace(r.coverage[0], judged=8, percent=100),)), "scores", "coba"),
        (lambda r: replace(r, coverage=()), "scores", "coba"),
        (lambda r: replace(r, waivers=(replace(r.waivers[0], rule="SES-01"),)), "answers", "waivers.yaml"),
        (lambda r: replace(r, waivers=()), "answers", "waivers.yaml"),
        (lambda r: replace(r, judged_at=r.judged_at - timedelta(days=9)), "claims", "before"),
        (lambda r: replace(r, judged_at=r.judged_at + timedelta(days=9)), "claims", "after it was signed"),
        (lambda r: replace(r, signing="ephemeral"), "claims", "ephemeral"),
        (lambda r: replace(r, evidence_digest="0" * 64), "evidence", "evidence.jsonl"),
        (lambda r: replace(r, schema=2), "report", "schema 2"),
        (lambda r: replace(r, policies=(replace(r.policies[0], rules=r.policies[0].rules[1:]),)), "policies", "coba"),
        (lambda r: replace(r, policies=(replace(r.policies[0], minimum_coverage=1),)), "policies", "coba"),
        (lambda r: replace(r, policies=()), "policies", "coba.yaml"),
        (lambda r: replace(r, targets=r.targets + r.targets[:1]), "scope", GOOD.url),
        (lambda r: replace(r, scope=replace(r.scope, authorisations=())), "scope", "scope"),
        (lambda r: replace(r, scope=replace(r.scope, hosts=(*r.scope.hosts, "lain.go.id"))), "scope", "scope"),
    ],
)  # fmt: skip
def test_a_lie_of_the_key_holder_is_caught_where_it_stands(
    sealed: Sealed, change: Callable[[Report], Report], check: str, said: str
) -> None:
    edit_report(sealed, change)
    reseal(sealed, sealed.signer)
    assert stock_signature(sealed)
    found = faults(asked(sealed))
    assert found[check].outcome is Outcome.FAIL
    assert said in found[check].detail


def test_an_edited_policy_is_caught_even_when_signed_by_the_right_key(sealed: Sealed) -> None:
    path = sealed.path / "policy" / "dasar.yaml"
    path.write_bytes(path.read_bytes().replace(b"31536000", b"1"))
    reseal(sealed, sealed.signer)
    found = faults(asked(sealed))
    assert "policy/dasar.yaml" in found["policies"].detail
    assert found["verdicts"].outcome is Outcome.UNKNOWN


def test_evidence_swapped_with_its_digest_gives_other_verdicts(sealed: Sealed) -> None:
    """The whole chain of digests is right again: only the verdicts do not follow."""
    path = sealed.path / "evidence.jsonl"
    path.write_bytes(path.read_bytes().replace(b'["TLSv1.0","TLSv1.2"]', b'["TLSv1.2","TLSv1.3"]'))
    edit_report(sealed, lambda r: replace(r, evidence_digest=sha256(path.read_bytes())))
    reseal(sealed, sealed.signer)
    detail = faults(asked(sealed))["verdicts"].detail
    assert "TLS-01" in detail
    assert "says failed" in detail


def test_evidence_of_another_site_is_caught(sealed: Sealed) -> None:
    path = sealed.path / "evidence.jsonl"
    path.write_bytes(path.read_bytes().replace(b"https://lemah.contoh.go.id/", b"https://tetangga.go.id/"))
    edit_report(sealed, lambda r: replace(r, evidence_digest=sha256(path.read_bytes())))
    reseal(sealed, sealed.signer)
    assert "https://tetangga.go.id/" in faults(asked(sealed))["scope"].detail


def test_a_changed_fact_schema_is_caught(sealed: Sealed) -> None:
    path = sealed.path / "facts.json"
    path.write_bytes(path.read_bytes().replace(b'"type":"integer"', b'"type":"text"'))
    reseal(sealed, sealed.signer)
    found = faults(asked(sealed))
    assert "http.hsts.max_age" in found["evidence"].detail
    assert found["verdicts"].outcome is Outcome.UNKNOWN


@pytest.mark.parametrize("member", ["report.json", "evidence.jsonl", "facts.json"])
def test_white_space_between_canonical_bytes_is_caught(sealed: Sealed, member: str) -> None:
    path = sealed.path / member
    path.write_bytes(path.read_bytes().replace(b'":', b'": ', 1))
    if member == "evidence.jsonl":
        edit_report(sealed, lambda r: replace(r, evidence_digest=sha256(path.read_bytes())))
    reseal(sealed, sealed.signer)
    assert any(f"{member} is not canonical" in check.detail for check in faults(asked(sealed)).values())


def test_an_expired_signer_is_caught_by_both(sealed: Sealed) -> None:
    later = AT + timedelta(days=800)
    found = faults(verify(sealed.path, Reader(sealed.roots), later, "en"))
    assert set(found) == {"chain"}
    assert "expired" in found["chain"].detail
    assert not stock_signature(sealed, "-attime", str(int(later.timestamp())))
    assert stock_signature(sealed, "-attime", str(int(AT.timestamp())))


def test_a_second_signature_in_the_file_is_caught(sealed: Sealed, stranger: Sealed, tmp_path: Path) -> None:
    made = tmp_path / "dua.p7s"
    command = ["openssl", "cms", "-sign", "-cades", "-binary", "-md", "sha384", "-outform", "DER", "-out", str(made)]
    command += ["-in", str(sealed.path / "SHA256SUMS")]
    for one in (sealed, stranger):
        folder = one.root.parent
        command += ["-signer", str(folder / "cert.pem"), "-inkey", str(folder / "key.pem")]
    subprocess.run(command, check=True, capture_output=True)
    (sealed.path / bundle.SIGNATURE).write_bytes(made.read_bytes())
    found = faults(asked(sealed))
    assert "exactly one signer" in found["signature"].detail


def test_a_signature_of_the_right_key_over_something_else_is_caught(sealed: Sealed) -> None:
    (sealed.path / bundle.SIGNATURE).write_bytes(cms.sign(sealed.signer, b"sesuatu yang lain", AT))
    found = faults(asked(sealed))
    assert "SHA256SUMS is not what was signed" in found["signature"].detail
    assert not stock_signature(sealed)


def test_a_certificate_for_something_else_does_not_sign_reports(sealed: Sealed, tmp_path: Path) -> None:
    root = issue("Akar", ca=True, start=AT - timedelta(days=1), end=AT + timedelta(days=9))
    leaf = issue("Server", root, usages=(), sign_usage=False, start=AT - timedelta(days=1), end=AT + timedelta(days=9))
    reseal(sealed, signer_of(leaf))
    (tmp_path / "root.pem").write_bytes(root.pem)
    found = faults(asked(replace(sealed, root=tmp_path / "root.pem")))
    assert "not meant for signing" in found["chain"].detail


def test_indonesian_is_spoken_unless_asked_otherwise(sealed: Sealed) -> None:
    here = {check.name: check.title for check in verify(sealed.path, Reader(sealed.roots), AT).checks}
    there = {check.name: check.title for check in asked(sealed).checks}
    assert here.keys() == there.keys()
    assert (here["signature"], there["signature"]) == ("Tanda tangan", "Signature")


def test_text_out_of_a_hostile_bundle_cannot_repaint_the_terminal(sealed: Sealed) -> None:
    edit_report(
        sealed,
        lambda r: edit_finding(r, WEAK.url, "TLS-01", lambda f: replace(f, rule="\x1b[2J\r\nSEMUA LULUS" + "x" * 9999)),
    )
    result = asked(sealed)
    assert not result.genuine
    for check in result.checks:
        assert check.detail.isprintable()
        assert len(check.detail) < 700


@pytest.mark.parametrize("member", ["report.json", "facts.json", "evidence.jsonl", "waivers.yaml", "policy/coba.yaml"])
@pytest.mark.parametrize(
    "data",
    [
        b"\xff\xfe", b"[" * 100_000, b"{" * 100_000, b'{"schema":' + b"9" * 5000 + b"}\n", b'{"a":1,"a":2}\n', b"null\n",
        b'"\\ud800"\n', b"{}\n", b"[]\n", b"&a [*a]\n", b"!!python/object/apply:os.getpid []\n", b"a: &x [1]\nb: *x\n", b"\0" * 64,
    ],
    ids=lambda data: repr(data[:24]),
)  # fmt: skip
def test_a_hostile_document_is_a_failed_check_that_names_it(sealed: Sealed, member: str, data: bytes) -> None:
    (sealed.path / member).write_bytes(data)
    if member == "evidence.jsonl":
        edit_report(sealed, lambda r: replace(r, evidence_digest=sha256(data)))
    reseal(sealed, sealed.signer)
    found = faults(asked(sealed))
    failed = [check for check in found.values() if check.outcome is Outcome.FAIL]
    assert failed
    assert any(Path(member).stem in check.detail for check in failed), found


def test_a_target_of_an_unknown_scheme_is_a_failed_check(sealed: Sealed) -> None:
    path = sealed.path / "report.json"
    path.write_bytes(path.read_bytes().replace(b'"scheme":"https"', b'"scheme":"gopher"'))
    reseal(sealed, sealed.signer)
    assert "scope" in faults(asked(sealed))


def mutated(draw: st.DrawFn, data: bytes) -> bytes:
    """The bytes with a few of them replaced, inserted or cut."""
    changed = bytearray(data)
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(changed)))
        stop = min(len(changed), start + draw(st.integers(0, 12)))
        changed[start:stop] = draw(st.binary(max_size=12))
    return bytes(changed)


@settings(max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(choice=st.data(), member=st.sampled_from([*MEMBERS, "SHA256SUMS", "signature/SHA256SUMS.p7s"]))
def test_no_mutation_raises_or_passes(original: Sealed, tmp_path: Path, choice: st.DataObject, member: str) -> None:
    data = (original.path / member).read_bytes()
    changed = choice.draw(st.composite(lambda draw: mutated(draw, data))())
    folder = tmp_path / "mutasi"
    shutil.rmtree(folder, ignore_errors=True)
    sealed = copy(original, folder)
    (sealed.path / member).write_bytes(changed)
    assert asked(sealed).genuine is (changed == data)


PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8) | st.sampled_from(["ftp", "9999-12-31", "pass"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


@settings(max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(choice=st.data(), member=st.sampled_from(["report.json", "facts.json", "evidence.jsonl"]))
def test_no_document_of_another_shape_raises_or_passes(
    original: Sealed, tmp_path: Path, choice: st.DataObject, member: str
) -> None:
    """Well-formed, canonical, summed and signed by the right key, but with a value somewhere replaced."""
    data = (original.path / member).read_bytes()
    lines = [load_json(line) for line in data.splitlines()]
    place = choice.draw(st.sampled_from(lines))
    while True:
        keys_here = list(place) if isinstance(place, dict) else range(len(place))
        key = choice.draw(st.sampled_from(list(keys_here)))
        inner = place[key]
        if not inner or not isinstance(inner, (dict, list)) or choice.draw(st.integers(0, 3)) == 0:
            break
        place = inner
    place[key] = choice.draw(PLAIN)
    changed = b"".join(encode(line) + b"\n" for line in lines)
    folder = tmp_path / "bentuk"
    shutil.rmtree(folder, ignore_errors=True)
    sealed = copy(original, folder)
    (sealed.path / member).write_bytes(changed)
    if member == "evidence.jsonl":
        edit_report(sealed, lambda r: replace(r, evidence_digest=sha256(changed)))
    reseal(sealed)
    assert asked(sealed).genuine is (changed == data)
