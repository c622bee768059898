"""Trust anchors from files and folders, PEM and DER."""

from pathlib import Path

import pytest

from auditor.targets import read_roots
from checks.certificate import trust
from tests.wire import pki


def test_a_folder_of_both_encodings_is_one_store(tmp_path: Path) -> None:
    first, second, third = (pki.authority(f"Akar {number}") for number in (1, 2, 3))
    (tmp_path / "a.pem").write_bytes(first.pem)
    (tmp_path / "b.CER").write_bytes(second.der)
    (tmp_path / "c.crt").write_bytes(b"Subject: Akar 3\n" + third.pem)
    (tmp_path / "README").write_bytes(b"-----BEGIN CERTIFICATE-----")
    (tmp_path / "kunci.pem").write_bytes(third.key_pem)
    roots = read_roots(tmp_path)
    assert len(roots) == 3
    for root in (first, second, third):
        assert trust.verdict(trust.operator(roots), pki.leaf(root, pki.HOST).chain_der) == trust.TRUSTED


@pytest.mark.parametrize("data", [b"", b"no certificate", pki.authority().key_pem])
def test_a_file_without_a_certificate(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "root.pem").write_bytes(data)
    for path in (tmp_path / "root.pem", tmp_path):
        with pytest.raises(ValueError, match="no certificate"):
            read_roots(path)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        read_roots(tmp_path / "root.pem")
