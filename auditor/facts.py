"""The union of all fact schemas: what policies are type-checked against and `facts.json` holds."""

from collections.abc import Iterable, Iterator, Mapping

from auditor.canonical import DecodeError, encode, from_plain, load_json
from auditor.errors import PluginError
from auditor.model import Absence, Absent, Covered, Fact, FactSpec, Target
from auditor.plugins import Check

TARGET_CHECK = "target"
"""Name under which the facts about the target itself stand in evidence."""

TARGET_FACTS: Mapping[str, FactSpec] = {
    "target.scheme": FactSpec(
        str, "Scheme of the URL asked for: https or http; of a service smtp, imap, pop3, ldap or postgresql"
    ),
    "target.host": FactSpec(str, "Host asked for, A-label or IP literal"),
    "target.level": FactSpec(str, "Highest level that was allowed to run: passive, standard or active"),
    "target.organisation": FactSpec(str, "Id of the organisation in the inventory"),
    "target.region": FactSpec(str, "Kemendagri region code, 2, 4 or 6 digits"),
    "target.service": FactSpec(str, "Service that the target belongs to; the host where none is named"),
    "target.se_category": FactSpec(str, "Category of the electronic system: rendah, tinggi or strategis"),
    "target.tags": FactSpec(tuple, "Tags of the inventory"),
}


def union(checks: Iterable[Check]) -> dict[str, FactSpec]:
    """Every fact that can be known: those of the target and those of the checks, by name.

    Raises:
        PluginError: a check declares a fact about the target, which only the operator states.
    """
    specs = dict(TARGET_FACTS)
    for check in checks:
        for name, spec in check.facts.items():
            if name in TARGET_FACTS:
                raise PluginError(
                    "{check} of {distribution} declares {fact}, which is for the operator to state",
                    check=check.name, distribution=check.plugin.distribution, fact=repr(name),
                )  # fmt: skip
            specs[name] = spec
    return specs


def write(specs: Mapping[str, FactSpec]) -> bytes:
    """`facts.json`: canonical JSON, one mapping of fact names to specs."""
    return encode({"schema": 1, "facts": specs}) + b"\n"


def read(data: bytes) -> dict[str, FactSpec]:
    """The inverse of `write`.

    Raises:
        DecodeError: not such a document.
    """
    plain = load_json(data)
    if not isinstance(plain, dict) or set(plain) != {"schema", "facts"} or plain["schema"] != 1:
        raise DecodeError("facts.json: expected schema 1 and facts")
    specs: dict[str, FactSpec] = from_plain(dict[str, FactSpec], plain["facts"], "facts")
    return specs


def about_target(target: Target) -> Iterator[Fact | Absent | Covered]:
    """The facts that the inventory or command line states. What it does not state is NOT_COLLECTED."""
    yield Fact("target.scheme", target.scheme)
    yield Fact("target.host", target.host)
    yield Fact("target.level", target.level.value)
    yield Fact("target.service", target.service or target.host)
    yield Fact("target.tags", target.tags)
    stated = {
        "target.organisation": target.organisation.id if target.organisation else "",
        "target.region": target.region,
        "target.se_category": target.se_category.value if target.se_category else "",
    }
    for name, value in stated.items():
        yield Fact(name, value) if value else Absent(name, Absence.NOT_COLLECTED, "not stated for this target")
