"""Evidence goes to disk masked and comes back exactly, or not at all."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor import evidence
from auditor.canonical import DecodeError
from auditor.mask import Masker
from auditor.model import Absence, Absent, Fact, FactSpec, Observation

AT = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
SPECS = {
    "a.flag": FactSpec(bool, ""),
    "a.number": FactSpec(int, ""),
    "a.text": FactSpec(str, ""),
    "a.time": FactSpec(datetime, ""),
    "a.set": FactSpec(tuple, ""),
}


class Open:
    """Masks nothing."""

    def text(self, text: str) -> str:
        return text


def line(*facts: Fact, absent: tuple[Absent, ...] = (), covered: tuple[str, ...] = ()) -> Observation:
    return Observation("https://contoh.go.id/", "a", AT, 5, facts, absent, covered)


VALUES = st.one_of(
    st.builds(Fact, st.just("a.flag"), st.booleans()),
    st.builds(Fact, st.just("a.number"), st.integers()),
    st.builds(Fact, st.just("a.text"), st.text()),
    st.builds(
        Fact,
        st.just("a.time"),
        st.datetimes(timezones=st.just(UTC)).map(lambda t: t.replace(microsecond=0)),
    ),
    st.builds(Fact, st.just("a.set"), st.lists(st.text()).map(tuple), st.just(""), st.booleans()),
)


@given(st.lists(VALUES))
def test_what_is_written_is_what_is_read(facts: list[Fact]) -> None:
    observations = (line(*facts, absent=(Absent("a.flag", Absence.TIMEOUT, "x"),), covered=("a.set",)), line())
    data = evidence.write(observations, Open())
    assert evidence.read(data, SPECS) == observations
    assert evidence.write(evidence.read(data, SPECS), Open()) == data


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (b'"value":true', b'"value":1', "a.flag"),
        (b'"value":true', b'"value":"true"', "a.flag"),
        (b'"a.flag"', b'"a.flat"', "undeclared fact 'a.flat'"),
        (b'"took_ms":5', b'"took_ms":5.0', "not an integer"),
        (b'"took_ms":5', b'"took_ms":true', "took_ms"),
        (b'"took_ms":5', b'"took_ms":5,"took_ms":5', "stands twice"),
        (b'"took_ms":5', b'"extra":1,"took_ms":5', "unknown key 'extra'"),
        (b'"check":"a",', b"", "'check' is missing"),
        (b"2026-11-24T03:00:00Z", b"2026-11-24", "datetime"),
        (b"}", b"", "not JSON"),
    ],
)
def test_altered_evidence_is_refused_with_its_line(old: bytes, new: bytes, message: str) -> None:
    data = evidence.write([line(Fact("a.number", 1)), line(Fact("a.flag", value=True))], Open())
    head, second = data.splitlines()
    assert old in second
    with pytest.raises(DecodeError, match="evidence line 2") as caught:
        evidence.read(head + b"\n" + second.replace(old, new, 1) + b"\n", SPECS)
    assert message in str(caught.value)


def test_personal_numbers_are_masked_wherever_a_check_puts_them() -> None:
    nik = "6371015208909001"  # synthetic: serial 9001
    seen = line(
        Fact("a.text", f"https://contoh.go.id/?nik={nik}"),
        Fact("a.set", (f"NIK {nik}", "ok")),
        absent=(
            Absent("a.flag", Absence.MALFORMED, f"at {nik}", subject=f"c{nik}"),
            Absent("a.flag", Absence.TIMEOUT, f"NIK: {nik}"),
        ),
    )
    data = evidence.write([seen], Masker(None))
    assert nik.encode() not in data
    assert b"ok" in data
