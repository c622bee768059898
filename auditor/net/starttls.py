"""What is said in the clear before TLS begins, by scheme of the target.

A service that does not let TLS begin does not offer it (NOT_OFFERED). What it said is not kept.
"""

import re
from collections.abc import Callable, Mapping

from auditor.errors import Unobserved
from auditor.model import Absence
from auditor.net.script import Script, Turn

_NAME = "auditor.invalid"
"""Ours, as SMTP wants one; a name that nobody has (RFC 6761, section 6.4)."""
_SMTP_REPLY = re.compile(rb"(?:^|\n)(\d{3})(?: [^\n]*)?\n\Z")
_STARTTLS = re.compile(rb"^250[- ]STARTTLS\s*$", re.IGNORECASE | re.MULTILINE)
_LDAP_START_TLS = bytes.fromhex("301d02010177188016") + b"1.3.6.1.4.1.1466.20037"
_LDAP_ANSWER = re.compile(rb"\x78(?:[\x00-\x7f]|\x81.|\x82..)\x0a\x01(.)", re.DOTALL)
_POSTGRESQL_SSL_REQUEST = bytes.fromhex("0000000804d2162f")
_NOT_OFFERED = "the service does not let TLS begin"


def smtp() -> Script[None]:
    """RFC 3207."""
    if (code := _smtp_code((yield Turn(b"", _smtp_done)).data)) != b"220":
        raise _unfriendly(code)
    said = (yield Turn(f"EHLO {_NAME}\r\n".encode(), _smtp_done)).data
    if _smtp_code(said) != b"250" or not _STARTTLS.search(said):
        raise Unobserved(Absence.NOT_OFFERED, _NOT_OFFERED)
    if _smtp_code((yield Turn(b"STARTTLS\r\n", _smtp_done)).data) != b"220":
        raise Unobserved(Absence.NOT_OFFERED, _NOT_OFFERED)


def _smtp_done(data: bytes) -> bool:
    return _SMTP_REPLY.search(data) is not None


def _smtp_code(data: bytes) -> bytes:
    found = _SMTP_REPLY.search(data)
    return found[1] if found else b""


def imap() -> Script[None]:
    """RFC 9051, section 6.2.1."""
    greeting = (yield Turn(b"", _line)).data
    if not greeting.upper().startswith((b"* OK", b"* PREAUTH")):
        raise _unfriendly(b"BYE" if greeting.upper().startswith(b"* BYE") else b"")
    said = (
        yield Turn(b"a1 STARTTLS\r\n", lambda data: re.search(rb"^a1 [^\n]*\n", data, re.MULTILINE) is not None)
    ).data
    if not re.search(rb"^a1 OK\b", said, re.MULTILINE | re.IGNORECASE):
        raise Unobserved(Absence.NOT_OFFERED, _NOT_OFFERED)


def pop3() -> Script[None]:
    """RFC 2595, section 4."""
    greeting = (yield Turn(b"", _line)).data
    if not greeting.startswith(b"+OK"):
        raise _unfriendly(b"-ERR" if greeting.startswith(b"-ERR") else b"")
    if not (yield Turn(b"STLS\r\n", _line)).data.startswith(b"+OK"):
        raise Unobserved(Absence.NOT_OFFERED, _NOT_OFFERED)


def _line(data: bytes) -> bool:
    return data.endswith(b"\n")


def ldap() -> Script[None]:
    """RFC 4511, section 4.14: an extended request; resultCode 0 is success."""
    said = (yield Turn(_LDAP_START_TLS, lambda data: _LDAP_ANSWER.search(data) is not None)).data
    found = _LDAP_ANSWER.search(said)
    if found is None:
        raise _unfriendly(b"")
    if found[1] != b"\0":
        raise Unobserved(Absence.NOT_OFFERED, _NOT_OFFERED)


def postgresql() -> Script[None]:
    """PostgreSQL, Frontend/Backend Protocol, "SSL Session Encryption": one octet, S or N."""
    said = (yield Turn(_POSTGRESQL_SSL_REQUEST, bool)).data
    if said == b"N" or said[:1] == b"E":
        raise Unobserved(Absence.NOT_OFFERED, _NOT_OFFERED)
    if said != b"S":
        raise _unfriendly(b"")


def _unfriendly(code: bytes) -> Unobserved:
    if code:
        return Unobserved(Absence.REFUSED, f"the service greets with {code.decode('ascii')}")
    return Unobserved(Absence.MALFORMED, "what answers does not speak the protocol of the target's scheme")


PREFACES: Mapping[str, Callable[[], Script[None]]] = {
    "smtp": smtp,
    "imap": imap,
    "pop3": pop3,
    "ldap": ldap,
    "postgresql": postgresql,
}
"""By scheme; the others begin with TLS."""
