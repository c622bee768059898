"""Plain HTTPS calls to services that are trusted by certificate, not scanned: time stamps, notices."""

from typing import Any

import requests

from auditor.net.deadline import within

_TIMEOUT = 15.0
"""Seconds for a whole call, redirects and body included."""


class _Session(requests.Session):
    """Bounds every call: a time-out of requests' own holds for each read only, and is left off by default."""

    def request(self, *args: Any, **kwargs: Any) -> requests.Response:
        try:
            return within(_TIMEOUT, lambda: super(_Session, self).request(*args, **{"timeout": _TIMEOUT} | kwargs))
        except TimeoutError:
            raise requests.Timeout(f"no full answer in {_TIMEOUT:g} s") from None


def session() -> requests.Session:
    """A session that verifies certificates, never reads the environment, and never waits for long.

    `verify` may be set to a CA file. Raises `requests.RequestException` as usual.
    """
    made = _Session()
    made.trust_env = False
    return made
