"""Permissions-Policy: which features of the device the page keeps for itself (Permissions Policy, 5.2, 9.2)."""

from collections.abc import Mapping

from auditor.net import Response

from ..http.structured import Token, dictionary

POWERFUL = frozenset(
    (
        "accelerometer", "ambient-light-sensor", "bluetooth", "camera", "clipboard-read", "display-capture",
        "geolocation", "gyroscope", "hid", "identity-credentials-get", "idle-detection", "local-fonts", "magnetometer",
        "microphone", "midi", "otp-credentials", "payment", "publickey-credentials-get", "serial", "usb",
        "window-management", "xr-spatial-tracking",
    )
)  # fmt: skip
"""Features behind which people's surroundings, devices or money are."""


def effective(response: Response) -> Mapping[str, tuple[str, ...]] | None:
    """Allow-lists by feature; None when the header was not sent, or is void as a whole."""
    values = response.values("permissions-policy")
    members = dictionary(", ".join(values)) if values else None
    if not members:
        return None
    return {name: _listed(value) for name, value in members.items()}


def open_to_all(lists: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """Powerful features that any site in a frame may be given without being named."""
    return tuple(sorted(name for name, allowed in lists.items() if name in POWERFUL and "*" in allowed))


def _listed(value: object) -> tuple[str, ...]:
    """Tokens `*` and `self`, and origins; whatever else stands there counts for nothing."""
    members = value if isinstance(value, tuple) else (value,)
    tokens = [str(member) for member in members if isinstance(member, Token) and member in ("*", "self")]
    return (*tokens, *(member for member in members if type(member) is str and "://" in member))
