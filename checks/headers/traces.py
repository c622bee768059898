"""What headers tell about the server's software, and headers whose time has passed."""

import re

from auditor.net import Response

SHOWN = 120
NAMING = (
    "server", "x-powered-by", "x-aspnet-version", "x-aspnetmvc-version", "x-generator", "x-powered-cms",
    "x-php-version", "x-cms-version", "x-drupal-version", "x-joomla-version", "x-owa-version", "x-litespeed-version",
    "x-jenkins", "x-varnish-version", "microsoftsharepointteamservices", "liferay-portal", "x-redirect-by",
)  # fmt: skip
"""Fields in which software gives its name, in lower case."""
_VERSION = re.compile(r"[0-9]+\.[0-9]+|/[0-9]+|\bv[0-9]+|(?<=[A-Za-z] )[0-9]+\b")

DEPRECATED = {
    "public-key-pins": "RFC 7469, no browser has it any more",
    "public-key-pins-report-only": "the same",
    "expect-ct": "RFC 9163, superseded by what browsers require of every certificate",
    "x-content-security-policy": "before Content-Security-Policy",
    "x-webkit-csp": "before Content-Security-Policy",
    "feature-policy": "before Permissions-Policy",
    "p3p": "no browser has it any more",
    "x-xss-protection": "no browser has it any more; in old ones it opened holes of its own",
}
"""Fields that do nothing today, and why."""
_HARMLESS = {"x-xss-protection": ("0",)}
"""Values that switch off what should be off."""


def versions(response: Response) -> tuple[str, ...]:
    """`Name: value` of fields that give a version of software away."""
    return tuple(
        f"{field.name}: {field.value}"[:SHOWN]
        for field in response.fields
        if field.name.lower() in NAMING and _VERSION.search(field.value)
    )


def naming(response: Response) -> tuple[str, ...]:
    """`Name: value` of fields that do nothing but name software; Server is expected, and so is not among them."""
    return tuple(
        f"{field.name}: {field.value}"[:SHOWN]
        for field in response.fields
        if field.name.lower() in NAMING[1:] and field.value.strip()
    )


def deprecated(response: Response) -> tuple[str, ...]:
    """Names of such fields, in lower case."""
    return tuple(
        name
        for name in DEPRECATED
        if any(value.strip().lower() not in _HARMLESS.get(name, ()) for value in response.values(name))
    )
