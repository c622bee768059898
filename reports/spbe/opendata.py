"""Satu Data: aggregates as open data, with their dictionary, DCAT and a CKAN package. Never a site, never a fault.

Rows are by region and policy; what stands for too few sites is left out (`fewest` in `frameworks/satu-data.yaml`),
since whoever knows that there is one site knows it by its mean.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from auditor import frameworks, regions
from auditor.messages import catalog
from auditor.model import Finding, Outcome, Severity, View

from ..digest import NOT_REQUESTED, Digest, Site, digest
from ..sheet import Cell, Column, Sheet, delimited
from ..visible import visible
from .posture import encrypted_at, judged, named

_GRAVE = Severity.HIGH.rank


def render(view: View, lang: str) -> Iterable[tuple[str, bytes]]:
    """`satu-data.csv`, `satu-data-kamus.csv`, `satu-data-dcat.jsonld` and `satu-data-ckan.json`."""
    form = frameworks.data("satu-data")
    arranged = digest(view)
    table = Sheet("data", tuple(Column(c["name"]) for c in form["columns"]), tuple(rows(arranged, form["fewest"])))
    yield "satu-data.csv", delimited(table)
    yield "satu-data-kamus.csv", delimited(_dictionary(form, lang))
    yield "satu-data-dcat.jsonld", _json(_dcat(view, form, lang))
    yield "satu-data-ckan.json", _json(_ckan(view, form, lang))


def rows(arranged: Digest, fewest: int) -> Iterable[tuple[Cell, ...]]:
    """One row a region and policy with enough assessed sites, sorted."""
    groups: defaultdict[str, list[Site]] = defaultdict(list)
    for site in arranged.sites:
        organisation = site.target.organisation
        groups[(site.target.region or (organisation.region if organisation else ""))[:4]].append(site)
    period = arranged.report.judged_at.astimezone(arranged.zone).strftime("%Y-%m")
    for code, sites in sorted(groups.items()):
        for policy in arranged.report.policies:
            under = [site for site in sites if any(f.policy == policy.id for f in site.findings)]
            assessed = [site for site in under if any(_decided(f, policy.id) for f in site.findings)]
            if len(assessed) >= fewest and all(judged(site) for site in assessed):
                yield (
                    code,
                    regions.name(code) or "",
                    period,
                    f"{policy.id} {policy.version}",
                    *_counts(arranged, policy.id, under, assessed),
                )


def _counts(arranged: Digest, policy: str, sites: list[Site], assessed: list[Site]) -> tuple[Cell, ...]:
    agencies = {site.target.organisation.id for site in sites if site.target.organisation}
    scores = [s.value for site in assessed for s in site.scores if s.policy == policy and s.value is not None]
    found = [f for site in sites for f in site.findings if f.policy == policy and f.reason != NOT_REQUESTED]
    decided = sum(_decided(finding, policy) for finding in found)
    open_ = sum(finding.outcome is Outcome.UNKNOWN for finding in found)
    sound = [site for site in assessed if not any(_grave(finding, policy) for finding in site.findings)]
    secret = [site for site in assessed if encrypted_at(site, arranged) is True]
    return (
        len(sites),
        len(assessed),
        len(agencies),
        100 * len(secret) // len(assessed),
        100 * len(sound) // len(assessed),
        sum(scores) // len(scores) if scores else None,
        100 * decided // (decided + open_),
    )


def _decided(finding: Finding, policy: str) -> bool:
    return finding.policy == policy and finding.outcome in (Outcome.PASS, Outcome.FAIL, Outcome.WAIVED)


def _grave(finding: Finding, policy: str) -> bool:
    return (
        finding.policy == policy
        and finding.outcome in (Outcome.FAIL, Outcome.WAIVED)
        and finding.severity.rank >= _GRAVE
    )


def _dictionary(form: Mapping[str, Any], lang: str) -> Sheet:
    text = catalog(lang).text
    header = (text("Column"), text("Type"), text("Unit"), text("Meaning"))
    found = tuple((c["name"], c["type"], c["unit"], named(c["text"], lang)) for c in form["columns"])
    return Sheet("kamus", tuple(Column(title) for title in header), found)


def _dcat(view: View, form: Mapping[str, Any], lang: str) -> Any:
    """DCAT 3 (W3C) as JSON-LD."""
    data = form["dataset"]
    day = view.report.judged_at.date().isoformat()
    return {
        "@context": {
            "dcat": "http://www.w3.org/ns/dcat#",
            "dct": "http://purl.org/dc/terms/",
            "foaf": "http://xmlns.com/foaf/0.1/",
            "xsd": "http://www.w3.org/2001/XMLSchema#",
        },
        "@type": "dcat:Dataset",
        "dct:identifier": f"{data['name']}-{view.report.id}",
        "dct:title": {"@value": named(data["title"], lang), "@language": lang},
        "dct:description": {"@value": named(data["description"], lang), "@language": lang},
        "dct:issued": {"@value": day, "@type": "xsd:date"},
        "dct:license": {"@id": data["license_url"]},
        "dct:publisher": {"@type": "foaf:Agent", "foaf:name": visible(view.report.scope.agency)},
        "dcat:keyword": data["keywords"],
        "dcat:distribution": [
            {
                "@type": "dcat:Distribution",
                "dct:title": name,
                "dcat:mediaType": {"@id": "https://www.iana.org/assignments/media-types/text/csv"},
                "dct:format": "CSV",
            }
            for name in ("satu-data.csv", "satu-data-kamus.csv")
        ],
    }


def _ckan(view: View, form: Mapping[str, Any], lang: str) -> Any:
    """The body of CKAN's `package_create`; its files are uploaded by `resource_create`."""
    data, report = form["dataset"], view.report
    return {
        "name": f"{data['name']}-{report.judged_at:%Y-%m}",
        "title": named(data["title"], lang),
        "notes": named(data["description"], lang),
        "license_id": data["license"],
        "author": visible(report.scope.agency),
        "tags": [{"name": word} for word in data["keywords"]],
        "extras": [{"key": "periode", "value": f"{report.judged_at:%Y-%m}"}, {"key": "laporan", "value": report.id}],
        "resources": [
            {"name": name, "url": name, "format": "CSV", "mimetype": "text/csv"}
            for name in ("satu-data.csv", "satu-data-kamus.csv")
        ],
    }


def _json(plain: Any) -> bytes:
    return (json.dumps(plain, ensure_ascii=False, indent=2) + "\n").encode()
