"""One serializer: canonical out, strict in."""

import json
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.canonical import DecodeError, decode, encode, load_json
from auditor.model import (
    TYPE_NAMES,
    Assertion,
    Attestation,
    Authorisation,
    Condition,
    FactSpec,
    Finding,
    Level,
    Outcome,
    Rule,
    Severity,
    Target,
    Text,
    Verdict,
    Waiver,
)

SAMPLES = [
    Target("https", "contoh.go.id", 8443, tags=("a",), authorisation=Authorisation("ST-1", valid_to=date(2026, 12, 31))),
    Rule(
        "R-1", Text("judul", "title"), Severity.HIGH,
        require=Condition((Assertion("a", "equals", operand=True), Assertion("b", "subset_of", ("x",), "leaf")),
                          (Condition((Assertion("c", "at_least", 3),)),)),
        fixes={"nginx": "add_header …;"},
    ),
    Finding("p", "R-1", "t", Outcome.FAIL, Severity.LOW, verdicts=(Verdict("a", "", "equals true", "false", Outcome.FAIL, "00"),), waiver=0),
    Waiver("R-1", "sebab", "Kepala", date(2026, 12, 31), subject=""),
    Attestation("R-1", Outcome.PASS, "Nama", date(2026, 1, 1), date(2027, 1, 1), "…", documents=("a sha256:00",)),
    *(FactSpec(type_, "doc", level=Level.ACTIVE) for type_ in TYPE_NAMES),
]  # fmt: skip


@pytest.mark.parametrize("value", SAMPLES, ids=lambda value: type(value).__name__)
def test_value_types_survive_the_way_to_disk_and_back(value: object) -> None:
    assert decode(type(value), encode(value)) == value


def test_bytes_do_not_depend_on_order_or_zone() -> None:
    assert encode({"b": 1, "a": [True, None]}) == b'{"a":[true,null],"b":1}'
    wib = timezone(timedelta(hours=7))
    assert (
        encode(datetime(2026, 11, 24, 10, tzinfo=wib))
        == encode(datetime(2026, 11, 24, 3, tzinfo=UTC))
        == b'"2026-11-24T03:00:00Z"'
    )


@pytest.mark.parametrize("value", [1.5, float("nan"), b"x", datetime(2026, 1, 1), object(), {1.5}])  # noqa: DTZ001 - naive on purpose
def test_what_no_document_holds_is_not_written(value: object) -> None:
    with pytest.raises(TypeError):
        encode({"a": value})


@pytest.mark.parametrize(
    "data", [b"", b"{", b'{"a":1,"a":2}', b"1.0", b"1e3", b"NaN", b"-Infinity", b"\xff", b"[" * 100_000]
)
def test_what_no_document_holds_is_not_read(data: bytes) -> None:
    with pytest.raises(DecodeError):
        load_json(data)


PLAIN = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.text()),
    lambda inner: st.one_of(st.lists(inner), st.dictionaries(st.text(), inner)),
)


@given(PLAIN)
def test_canonical_bytes_are_a_fixed_point(plain: object) -> None:
    data = encode(plain)
    assert load_json(data) == plain == json.loads(data.decode("utf-8", "surrogatepass"))
    assert encode(load_json(data)) == data


@given(PLAIN)
def test_decoding_anything_gives_a_value_or_its_own_error(plain: object) -> None:
    for type_ in (Target, Rule, Finding, FactSpec):
        try:
            value = decode(type_, encode(plain))
        except DecodeError:
            continue
        assert isinstance(value, type_)
