"""Plain HTTPS calls to services that are trusted by certificate, not scanned: time stamps, notices."""

from typing import Any

import requests
from requests.adapters import HTTPAdapter

_TIMEOUT = 15.0


class _Bounded(HTTPAdapter):
    """Gives every call a time-out, which requests itself leaves off."""

    def send(self, *args: Any, **kwargs: Any) -> requests.Response:
        kwargs["timeout"] = kwargs.get("timeout") or _TIMEOUT
        return super().send(*args, **kwargs)


def session() -> requests.Session:
    """A session that verifies certificates, never reads the environment, and never waits for ever.

    `verify` may be set to a CA file. Raises `requests.RequestException` as usual.
    """
    made = requests.Session()
    made.trust_env = False
    made.mount("https://", _Bounded())
    made.mount("http://", _Bounded())
    return made
