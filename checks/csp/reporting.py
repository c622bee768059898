"""Whether violations of a policy reach anybody (CSP Level 3, 5.5; Reporting API, 3.2; Report-To of 2018)."""

import json
from collections.abc import Iterable
from urllib.parse import urljoin, urlsplit

from auditor.net import Response

from ..http.structured import dictionary
from .policy import Policy

LONGEST_JSON = 16_384


def is_reported(response: Response, policies: Iterable[Policy]) -> bool:
    """Some policy's reports have an address: an endpoint that is defined, else `report-uri`.

    A policy with `report-to` is never reported by `report-uri`, even where that endpoint is not defined (5.5).
    """
    endpoints = defined(response)
    for policy in policies:
        if "report-to" in policy:
            if policy["report-to"] and policy["report-to"][0] in endpoints:
                return True
        elif any(_address(uri, response.url) for uri in policy.get("report-uri", ())):
            return True
    return False


def defined(response: Response) -> frozenset[str]:
    """Names of the endpoints that a response defines, by Reporting-Endpoints or by Report-To; over HTTPS only."""
    if urlsplit(response.url).scheme != "https":
        return frozenset()
    members = dictionary(", ".join(response.values("reporting-endpoints"))) or {}
    named = {
        name
        for name, value in members.items()
        if type(value) is str and _address(value, response.url).startswith("https:")
    }
    return frozenset(named | _groups(response))


def _groups(response: Response) -> set[str]:
    """Groups of Report-To: a JSON object each, in a list without its brackets."""
    text = ", ".join(response.values("report-to"))
    try:
        groups = json.loads(f"[{text}]") if len(text) <= LONGEST_JSON else []
    except (ValueError, RecursionError):
        return set()
    return {
        group.get("group", "default")
        for group in groups
        if isinstance(group, dict) and isinstance(group.get("group", ""), str) and _reaches_someone(group, response.url)
    }


def _reaches_someone(group: dict[str, object], base: str) -> bool:
    age, endpoints = group.get("max_age"), group.get("endpoints")
    if type(age) is not int or age <= 0 or not isinstance(endpoints, list):
        return False
    addresses = [entry.get("url") for entry in endpoints if isinstance(entry, dict)]
    return any(isinstance(url, str) and _address(url, base).startswith("https:") for url in addresses)


def _address(reference: str, base: str) -> str:
    """Absolute web address, or nothing."""
    try:
        url = urljoin(base, reference)
        return url if urlsplit(url).scheme in ("http", "https") and urlsplit(url).hostname else ""
    except ValueError:
        return ""
