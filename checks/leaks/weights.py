"""Weights of evidence (`data/weights.yaml`) and the levels that their sum gives."""

from enum import IntEnum
from functools import cache
from pathlib import Path
from typing import Any

import yaml

_DATA = Path(__file__).with_name("data") / "weights.yaml"


class Level(IntEnum):
    """How sure it is that a value is what it looks like."""

    NOISE = 0
    POSSIBLE = 1
    PROBABLE = 2
    CONFIRMED = 3


def of_kind(kind: str, evidence: str) -> float:
    """Weight of `bare`, `formatted`, `label` or `header` for a kind; 0 where the kind has none."""
    return float(_table()["kinds"].get(kind, {}).get(evidence, 0))


def of(evidence: str) -> float:
    """Weight of evidence that is the same for all kinds."""
    return float(_table()[evidence])


def level(score: float) -> Level:
    """What a sum of log10 odds amounts to."""
    for name in ("confirmed", "probable", "possible"):
        if score >= _table()[name] - 1e-9:
            return Level[name.upper()]
    return Level.NOISE


@cache
def _table() -> dict[str, Any]:
    return dict(yaml.load(_DATA.read_text("utf-8"), Loader=yaml.CSafeLoader))
