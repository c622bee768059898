"""Keys that lie in PKCS#12 files, made by openssl, and in variables of a pipeline."""

import os
import subprocess
from pathlib import Path

import pytest

from auditor.canonical import load_json
from auditor.cli import run
from auditor.errors import KeyFileError
from auditor.trust import keys
from tests.wire import bundles

PASSPHRASE = "kata-sandi-percobaan"


@pytest.fixture
def packed(tmp_path: Path) -> Path:
    """A key with its certificate and root in one PKCS#12 file."""
    made = keys.create(tmp_path / "kunci", "Petugas Persandian", None)
    file = tmp_path / "kunci.p12"
    file.touch(0o600)
    command = ["openssl", "pkcs12", "-export", "-inkey", str(made.key), "-in", str(made.certificate)]
    command += ["-certfile", str(made.root), "-out", str(file), "-passout", f"pass:{PASSPHRASE}"]
    subprocess.run(command, check=True)
    file.chmod(0o600)
    return file


def test_a_pkcs12_file_signs_with_its_passphrase_only(packed: Path) -> None:
    signer = keys.load(packed, PASSPHRASE.encode())
    assert (signer.subject, signer.store, signer.signing) == ("CN=Petugas Persandian", "file", "trusted-key")
    assert signer.chain == ()  # never the root
    for wrong in (None, b"bukan itu"):
        with pytest.raises(KeyFileError, match="no private key") as caught:
            keys.load(packed, wrong)
        assert "bukan itu" not in repr(caught.value)


def test_a_pkcs12_file_that_others_may_read_is_refused(packed: Path) -> None:
    packed.chmod(0o644)
    with pytest.raises(KeyFileError, match="0644"):
        keys.load(packed, PASSPHRASE.encode())


def judged(tmp_path: Path, *options: str) -> dict[str, object]:
    first = bundles.create(tmp_path / "awal")
    told = ["judge", str(first.path), "--out", str(tmp_path / "out"), "--fail-on", "never", *options]
    assert run(told) == 0
    (path,) = (tmp_path / "out").iterdir()
    report: dict[str, object] = load_json((path / "report.json").read_bytes())
    assert not any(PASSPHRASE.encode() in file.read_bytes() for file in path.rglob("*") if file.is_file())
    assert run(["verify", str(path), "--trust", str(tmp_path / "kunci" / "root.pem")]) == 0
    return report


def test_a_passphrase_by_descriptor_is_a_person_s_and_one_of_the_environment_a_pipeline_s(
    packed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    reading, writing = os.pipe()
    os.write(writing, f"{PASSPHRASE}\n".encode())
    os.close(writing)
    assert judged(tmp_path, "--key", str(packed), "--passphrase-fd", str(reading))["signing"] == "trusted-key"
    monkeypatch.setenv("AUDITOR_KEY_PASSPHRASE", PASSPHRASE)
    (tmp_path / "lagi").mkdir()
    (tmp_path / "lagi" / "kunci").symlink_to(tmp_path / "kunci")
    assert judged(tmp_path / "lagi", "--key", str(packed))["signing"] == "ci"


def test_a_key_in_a_variable_is_a_pipeline_s_and_the_report_and_its_verifier_say_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    made = keys.create(tmp_path / "kunci", "Pipeline", None)
    monkeypatch.setenv("KUNCI_UJI", made.key.read_text() + made.certificate.read_text())
    monkeypatch.setenv("AUDITOR_LANG", "en")
    report = judged(tmp_path, "--key", "env:KUNCI_UJI")
    assert report["signing"] == "ci"
    assert isinstance(report["sealing"], dict)
    assert report["sealing"]["store"] == "environment"
    assert "held by a pipeline" in capsys.readouterr().out
    assert run(["judge", str(tmp_path), "--key", "env:TIDAK_ADA"]) in (2, 4)


def test_an_ml_dsa_key_never_signs_alone(tmp_path: Path) -> None:
    assert run(["keys", "create", "--out", str(tmp_path / "pq"), "--post-quantum", "--no-passphrase"]) == 0
    first = bundles.create(tmp_path / "awal")
    told = [
        "judge",
        str(first.path),
        "--out",
        str(tmp_path / "out"),
        "--cosigner",
        str(tmp_path / "pq" / "mldsa65.pem"),
    ]
    assert run(told) == 2
