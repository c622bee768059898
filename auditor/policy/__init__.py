"""Policies: read, judged, scored. Pure: files in, values out; no network, no clock, no environment."""

from auditor.policy.judge import judge
from auditor.policy.loader import LoadedPolicy, load, load_all, load_sources, locate, packaged, pin
from auditor.policy.schema import reference, schema
from auditor.policy.score import coverage, exit_code, score
from auditor.policy.waivers import Answers, load_answers, load_attestations, load_waivers, read_answers

__all__ = [
    "Answers",
    "LoadedPolicy",
    "coverage",
    "exit_code",
    "judge",
    "load",
    "load_all",
    "load_answers",
    "load_attestations",
    "load_sources",
    "load_waivers",
    "locate",
    "packaged",
    "pin",
    "read_answers",
    "reference",
    "schema",
    "score",
]
