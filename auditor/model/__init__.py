"""The value types in which the floors of the house speak to each other: frozen, slotted, without behaviour."""

from auditor.model.facts import (
    TYPE_NAMES,
    Absent,
    Collected,
    Covered,
    Fact,
    FactSpec,
    Observation,
    Value,
    ValueType,
    absent_all,
)
from auditor.model.policy import (
    Assertion,
    Attestation,
    Band,
    Cap,
    Condition,
    Decides,
    Manual,
    Points,
    Policy,
    PolicyFile,
    Rule,
    Scoring,
    Text,
    Waiver,
)
from auditor.model.report import (
    REPORT_SCHEMA,
    Coverage,
    Finding,
    Plugin,
    Report,
    Run,
    Scope,
    Score,
    Tool,
    Verdict,
    View,
)
from auditor.model.targets import Authorisation, Endpoint, Officer, Organisation, Target
from auditor.model.vocabulary import Absence, Basis, Category, Level, Outcome, Severity

__all__ = [
    "REPORT_SCHEMA", "TYPE_NAMES", "Absence", "Absent", "Assertion", "Attestation", "Authorisation", "Band",
    "Basis", "Cap", "Category", "Collected", "Condition", "Coverage", "Covered", "Decides", "Endpoint", "Fact",
    "FactSpec", "Finding", "Level", "Manual", "Observation", "Officer", "Organisation", "Outcome", "Plugin",
    "Points", "Policy", "PolicyFile", "Report", "Rule", "Run", "Scope", "Score", "Scoring", "Severity", "Target",
    "Text", "Tool", "Value", "ValueType", "Verdict", "View", "Waiver", "absent_all",
]
