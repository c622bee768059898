"""Both indices against sums worked out by hand from their weights, and the laws that weights keep."""

import json
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor import maturity
from auditor.cli import run
from auditor.errors import InputError
from auditor.maturity import compute, instrument, rounded

PEMDI, SPBE = instrument("pemdi-2026"), instrument("spbe-2020")
BOTH = [PEMDI, SPBE]


def all_at(this: maturity.Instrument, level: int, **others: int) -> dict[int, int]:
    return {each.number: level for each in this.indicators} | {int(code[1:]): lvl for code, lvl in others.items()}


@pytest.mark.parametrize(("this", "count"), [(PEMDI, 20), (SPBE, 47)])
def test_weights_sum_to_a_hundred(this: maturity.Instrument, count: int) -> None:
    assert [each.number for each in this.indicators] == list(range(1, count + 1))
    assert sum(each.weight for each in this.indicators) == 100
    for parts in (this.aspects, this.domains):
        assert not parts or sum(part.weight for part in parts) == 100
        for part in parts:
            assert sum(each.weight for each in part.indicators) == part.weight


@pytest.mark.parametrize("this", BOTH)
@pytest.mark.parametrize("level", [1, 2, 3, 4, 5])
def test_one_level_everywhere_is_the_index(this: maturity.Instrument, level: int) -> None:
    found = compute(this, all_at(this, level))
    assert found.value == level
    assert {value for _, value in (*found.aspects, *found.domains)} == {level}


def test_pemdi_by_hand() -> None:
    # All at 3 is 3.00. Security at 4: I9, I10, I12 weigh 4, I11 weighs 3, so (4+4+3+4) x 1 / 100 = 0.15 more.
    assert compute(PEMDI, all_at(PEMDI, 3, I9=4, I10=4, I11=4, I12=4)).value == Decimal("3.15")
    # Users' satisfaction: I19 weighs 10 and I20 15; both at 5 instead of 3 give 25 x 2 / 100 = 0.50 more.
    found = compute(PEMDI, all_at(PEMDI, 3, I19=5, I20=5))
    assert (found.value, found.grade) == (Decimal("3.5"), "Sangat Baik")
    # Aspect 4 weighs 15: I9 at 5, the others at 2: (4x5 + 4x2 + 3x2 + 4x2) / 15 = 42 / 15 = 2.80.
    found = compute(PEMDI, all_at(PEMDI, 1, I9=5, I10=2, I11=2, I12=2))
    assert next(value for part, value in found.aspects if part.number == 4) == Decimal("2.8")
    # 85 points of weight at 1, and 42: (85 + 42) / 100 = 1.27.
    assert (found.value, found.grade) == (Decimal("1.27"), "Kurang")


def test_spbe_by_hand() -> None:
    # I8 and I9 weigh 1.3, I22 and I31 1.5: one level more on all four is 5.6 / 100 = 0.056.
    found = compute(SPBE, all_at(SPBE, 3, I8=4, I9=4, I22=4, I31=4))
    assert (found.value, rounded(found.value), found.grade) == (Decimal("3.056"), Decimal("3.06"), "Baik")
    # Internal policy is 10 indicators of 1.3; I8 at 5 and the others at 1: (9 x 1.3 + 1.3 x 5) / 13 = 1.4.
    found = compute(SPBE, all_at(SPBE, 1, I8=5))
    assert next(value for part, value in found.domains if part.number == 1) == Decimal("1.4")
    # Administration: 10 services of 2.75 at 5, all else at 2: (27.5 x 5 + 72.5 x 2) / 100 = 2.825.
    found = compute(SPBE, all_at(SPBE, 2, **{f"I{number}": 5 for number in range(32, 42)}))
    assert (found.value, found.grade) == (Decimal("2.825"), "Baik")


@pytest.mark.parametrize(
    ("this", "value", "grade"),
    [
        (PEMDI, "4.00", "Memuaskan"), (PEMDI, "3.99", "Sangat Baik"), (PEMDI, "3.49", "Baik"), (PEMDI, "2.49", "Cukup"),
        (PEMDI, "1.5", "Cukup"), (PEMDI, "1.49", "Kurang"),
        (SPBE, "4.2", "Memuaskan"), (SPBE, "4.1999", "Sangat Baik"), (SPBE, "3.5", "Sangat Baik"), (SPBE, "2.6", "Baik"),
        (SPBE, "2.5999", "Cukup"), (SPBE, "1.8", "Cukup"), (SPBE, "1.79", "Kurang"),
    ],
)  # fmt: skip
def test_grades_begin_at_their_bounds(this: maturity.Instrument, value: str, grade: str) -> None:
    assert this.grade(Decimal(value)) == grade


@pytest.mark.parametrize("this", BOTH)
@given(data=st.data())
def test_a_level_more_adds_its_weight_and_never_lowers_the_index(
    this: maturity.Instrument, data: st.DataObject
) -> None:
    levels = {each.number: data.draw(st.integers(1, 4)) for each in this.indicators}
    raised = data.draw(st.sampled_from(this.indicators))
    gain = compute(this, {**levels, raised.number: levels[raised.number] + 1}).value - compute(this, levels).value
    assert gain == raised.weight / 100


def test_what_has_no_level_has_no_index() -> None:
    levels = all_at(PEMDI, 3)
    del levels[11]
    with pytest.raises(InputError, match="missing: I11"):
        compute(PEMDI, levels)
    with pytest.raises(InputError, match="from 1 to 5"):
        compute(PEMDI, all_at(PEMDI, 3, I11=6))
    with pytest.raises(InputError, match="no indicator I48"):
        compute(SPBE, all_at(SPBE, 3, I48=1))


def test_the_command_says_the_index_its_source_and_what_a_level_adds(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "tingkat.yaml"
    assert run(["spbe", "template", "--instrument", "spbe-2020", "--out", str(file)]) == 0
    file.write_text(file.read_text("utf-8").replace(": 1  ", ": 3  "), "utf-8")
    capsys.readouterr()
    assert run(["spbe", "index", str(file), "--set", "I22=4"]) == 0
    said = capsys.readouterr()
    assert "3,00" in said.out
    assert "+0,015" in said.out
    assert "ringkasan, periksa JDIH" in said.err
    assert "dicabut" in said.err


def test_the_result_can_be_had_as_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "tingkat.yaml"
    run(["spbe", "template", "--out", str(file)])
    capsys.readouterr()
    assert run(["spbe", "index", str(file), "--set", "I20=5", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["index"], found["grade"], found["confidence"]) == ("1", "Kurang", "read-secondary")
    assert found["with"]["index"] == "1.6"  # I20 weighs 15: 15 x 4 / 100 more


@pytest.mark.parametrize("change", ["I48=3", "I22=6", "I22", "22=x"])
def test_a_change_that_cannot_be_is_an_error(tmp_path: Path, change: str) -> None:
    file = tmp_path / "tingkat.yaml"
    run(["spbe", "template", "--out", str(file)])
    assert run(["spbe", "index", str(file), "--set", change]) == 2
