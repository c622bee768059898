"""CycloneDX 1.6 CBOM: everything cryptographic that was seen, to plan the move to post-quantum cryptography.

Sites are applications; protocols, certificates, keys and algorithms are cryptographic assets, each once however many
sites use it. What could not be enumerated whole is marked incomplete (`compositions`): an inventory with silent gaps
is worse than none.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from auditor.canonical import encode, format_time, sha256
from auditor.model import Fact, View

from .algorithms import Algorithm, of_group, of_key, of_signature, of_suite
from .digest import digest

_VERSIONS = {"SSLv2": "2.0", "SSLv3": "3.0", "TLSv1.0": "1.0", "TLSv1.1": "1.1", "TLSv1.2": "1.2", "TLSv1.3": "1.3"}
_SETS = ("tls.versions", "tls.suites", "tls.groups", "tls.signature_algorithms")
"""The facts that enumerate; where one is missing or partial the inventory of its site is incomplete."""


def render(view: View, lang: str) -> Iterable[tuple[str, bytes]]:  # noqa: ARG001 - an inventory has no language
    """`cbom.cdx.json`."""
    report = view.report
    inventory = _Inventory()
    for site in digest(view).sites:
        facts = _facts(view, site.target.url)
        _describe(inventory, site.target.url, facts)
    document = {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{uuid5(NAMESPACE_URL, report.id)}",
        "version": 1,
        "metadata": {
            "timestamp": format_time(report.judged_at),
            "tools": {
                "components": [{"type": "application", "name": report.tool.name, "version": report.tool.version}]
            },
        },
        "components": [inventory.components[ref] for ref in sorted(inventory.components)],
        "dependencies": [
            {"ref": ref, "dependsOn": sorted(inventory.uses.get(ref, ()))} for ref in sorted(inventory.components)
        ],
        "compositions": [
            {"aggregate": aggregate, "assemblies": sorted(refs)}
            for aggregate, refs in sorted(inventory.aggregates.items())
        ],
    }
    yield "cbom.cdx.json", encode(document) + b"\n"


@dataclass(slots=True)
class _Inventory:
    """Components by reference, and which use which."""

    components: dict[str, dict[str, Any]] = field(default_factory=dict)
    uses: dict[str, set[str]] = field(default_factory=dict)
    aggregates: dict[str, set[str]] = field(default_factory=dict)

    def add(self, ref: str, component: Mapping[str, Any], uses: Iterable[str] = ()) -> str:
        self.components.setdefault(ref, {"bom-ref": ref, **component})
        self.uses.setdefault(ref, set()).update(uses)
        return ref

    def algorithm(self, algorithm: Algorithm) -> str:
        return self.add(f"algorithm:{algorithm.name}", _asset(algorithm.name, "algorithm", _properties(algorithm)))


_Facts = Mapping[str, Mapping[str, Fact]]
"""By name and subject."""


def _facts(view: View, url: str) -> _Facts:
    found: dict[str, dict[str, Fact]] = {}
    for observation in view.observations:
        if observation.target == url:
            for fact in observation.facts:
                if fact.name.startswith(("tls.", "cert.")):
                    found.setdefault(fact.name, {})[fact.subject] = fact
    return found


def _describe(inventory: _Inventory, url: str, facts: _Facts) -> None:
    uses = {*_protocols(inventory, facts), *_certificates(inventory, facts), *_signatures(inventory, facts)}
    ref = inventory.add(f"site:{url}", {"type": "application", "name": url}, uses)
    known = facts.get("tls.offered", {}).get("")
    if known is not None and known.value is False:
        aggregate = "complete"  # no TLS, so nothing to enumerate
    elif not any(name in facts for name in _SETS):
        aggregate = "unknown"
    else:
        whole = all(facts.get(name) and all(fact.complete for fact in facts[name].values()) for name in _SETS)
        aggregate = "complete" if whole else "incomplete"
    inventory.aggregates.setdefault(aggregate, set()).add(ref)


def _protocols(inventory: _Inventory, facts: _Facts) -> Iterator[str]:
    suites = facts.get("tls.suites", {})
    groups = [of_group(name) for fact in facts.get("tls.groups", {}).values() for name in _members(fact)]
    versions = {name for fact in facts.get("tls.versions", {}).values() for name in _members(fact)}
    negotiated = facts.get("tls.negotiated_version", {}).get("")
    if negotiated is not None:
        versions.add(str(negotiated.value))
    for version in sorted(versions | set(suites)):
        names = _members(suites[version]) if version in suites else ()
        exchange = groups if version in ("TLSv1.0", "TLSv1.1", "TLSv1.2", "TLSv1.3") else []
        made_of = {name: [inventory.algorithm(a) for a in of_suite(name)] for name in names}
        refs = {*(ref for found in made_of.values() for ref in found), *map(inventory.algorithm, exchange)}
        mark = sha256("\n".join([*names, *sorted(group.name for group in exchange)]).encode())[:16]
        properties = {
            "type": "tls",
            "version": _VERSIONS.get(version, version),
            "cipherSuites": [{"name": name, "algorithms": found} for name, found in made_of.items()],
        }
        protocol = _asset(version, "protocol", {"protocolProperties": properties})
        yield inventory.add(f"protocol:{version}:{mark}", protocol, refs)


def _signatures(inventory: _Inventory, facts: _Facts) -> Iterator[str]:
    for fact in facts.get("tls.signature_algorithms", {}).values():
        for name in _members(fact):
            yield inventory.algorithm(of_signature(name))


def _certificates(inventory: _Inventory, facts: _Facts) -> Iterator[str]:
    for position, fingerprint in facts.get("cert.fingerprint", {}).items():

        def value(name: str, position: str = position) -> Any:
            fact = facts.get(name, {}).get(position)
            return None if fact is None else fact.value

        uses = set()
        properties: dict[str, Any] = {"certificateFormat": "X.509"}
        for key, name in (("subjectName", "cert.subject"), ("issuerName", "cert.issuer")):
            if value(name):
                properties[key] = value(name)
        for key, name in (("notValidBefore", "cert.not_before"), ("notValidAfter", "cert.not_after")):
            if value(name):
                properties[key] = format_time(value(name))
        if value("cert.signature_algorithm"):
            properties["signatureAlgorithmRef"] = inventory.algorithm(of_signature(value("cert.signature_algorithm")))
            uses.add(properties["signatureAlgorithmRef"])
        if value("cert.key_type") and value("cert.key_fingerprint"):
            properties["subjectPublicKeyRef"] = _key(inventory, value)
            uses.add(properties["subjectPublicKeyRef"])
        name = value("cert.subject") or str(fingerprint.value)
        asset = _asset(name, "certificate", {"certificateProperties": properties})
        asset["hashes"] = [{"alg": "SHA-256", "content": str(fingerprint.value)}]
        yield inventory.add(f"certificate:{fingerprint.value}", asset, uses)


def _key(inventory: _Inventory, value: Any) -> str:
    kind, bits, curve = value("cert.key_type"), value("cert.key_bits") or 0, value("cert.curve") or ""
    algorithm = inventory.algorithm(of_key(kind, bits, curve))
    material = {"type": "public-key", "algorithmRef": algorithm, "id": value("cert.key_fingerprint"), "size": bits}
    asset = _asset(f"{kind}-{bits}", "related-crypto-material", {"relatedCryptoMaterialProperties": material})
    return inventory.add(f"key:{value('cert.key_fingerprint')}", asset, {algorithm})


def _asset(name: str, kind: str, properties: Mapping[str, Any]) -> dict[str, Any]:
    return {"type": "cryptographic-asset", "name": name, "cryptoProperties": {"assetType": kind, **properties}}


def _properties(algorithm: Algorithm) -> Mapping[str, Any]:
    given = {
        "primitive": algorithm.primitive,
        "parameterSetIdentifier": algorithm.parameters,
        "curve": algorithm.curve,
        "mode": algorithm.mode,
        "padding": algorithm.padding,
        "cryptoFunctions": list(algorithm.functions),
    }
    levels = {"classicalSecurityLevel": algorithm.bits, "nistQuantumSecurityLevel": algorithm.pq}
    known = {key: value for key, value in given.items() if value} | {k: v for k, v in levels.items() if v is not None}
    return {"algorithmProperties": known}


def _members(fact: Fact) -> tuple[str, ...]:
    return fact.value if isinstance(fact.value, tuple) else ()
