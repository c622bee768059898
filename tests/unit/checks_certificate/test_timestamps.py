"""Lists of certificate timestamps: counted by log, as OpenSSL counts them; anything else is no list."""

import subprocess
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.model import Absence
from checks.certificate import timestamps
from tests.unit.checks_certificate.chains import look
from tests.wire import pki

MOMENT = datetime(2026, 5, 1, 12, tzinfo=UTC)


def look_at(*timestamp: bytes) -> tuple[object, str]:
    """The number of logs that the check counts, and OpenSSL's text, of a certificate with such a list in it."""
    site = pki.leaf(pki.authority(), pki.HOST, further=(pki.embedded_timestamps(pki.timestamp_list(*timestamp)),))
    command = ["openssl", "x509", "-inform", "DER", "-noout", "-text"]
    shown = subprocess.run(command, input=site.der, check=True, capture_output=True).stdout.decode()
    return look(site.chain_der)["cert.scts_embedded", "leaf"], shown


def test_each_log_counts_once() -> None:
    count, shown = look_at(pki.timestamp(b"a"), pki.timestamp(b"b"), pki.timestamp(b"a", MOMENT))
    assert shown.count("Log ID") == 3
    assert count == 2


def test_when_a_log_promised() -> None:
    (parsed,) = timestamps.parsed(pki.timestamp_list(pki.timestamp(b"a", MOMENT)))
    assert parsed.at == MOMENT
    assert parsed.log.startswith(b"a")


def test_other_versions_are_passed_over() -> None:
    assert timestamps.parsed(pki.timestamp_list(b"\x01 of another form", pki.timestamp(b"a")))[0].log[:1] == b"a"


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\0",
        b"\0\5\0\1",
        b"\0\2\0\0",
        b"\0\0more",
        pki.timestamp_list(b"\0" * 40),
        pki.timestamp_list(pki.timestamp(b"a", MOMENT)[:-1]),
        pki.timestamp_list(b"\0" + bytes(32) + b"\xff" * 8 + b"\0\0" + b"\4\3\0\1s"),
    ],
)
def test_what_is_no_list(data: bytes) -> None:
    with pytest.raises(ValueError, match=r"timestamp|vector|list"):
        timestamps.parsed(data)


def test_broken_list_in_a_certificate_is_malformed() -> None:
    site = pki.leaf(pki.authority(), pki.HOST, further=(pki.embedded_timestamps(b"\0\5\0\1"),))
    seen = look(site.chain_der)
    assert seen["cert.scts_embedded", "leaf"] is Absence.MALFORMED


@given(st.binary(max_size=200))
def test_bytes_of_any_kind_are_a_list_or_a_value_error(data: bytes) -> None:
    try:
        found = timestamps.parsed(data)
    except ValueError:
        return
    assert timestamps.logs(found) <= len(found)


@given(st.lists(st.tuples(st.binary(min_size=32, max_size=32), st.integers(0, 4_000_000_000))))
def test_lists_are_read_as_they_were_written(entries: list[tuple[bytes, int]]) -> None:
    epoch = datetime(1970, 1, 1, tzinfo=UTC)
    written = [pki.timestamp(log, epoch + timedelta(seconds=seconds)) for log, seconds in entries]
    found = timestamps.parsed(pki.timestamp_list(*written))
    assert [(each.log, each.at) for each in found] == [(log, epoch + timedelta(seconds=s)) for log, s in entries]
