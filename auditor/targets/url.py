"""What an operator may write for a site, read strictly.

`https://host[:port][/path]`, `http://...`, `host`, `host:port`; for a service that begins TLS within its own protocol
`smtp://host[:port]`, and so with imap, pop3, ldap, postgresql; names in any script (IDNA 2008 with the mapping of
UTS 46), IPv4 and IPv6 literals. Anything that another reader could take for another host is refused: user names,
IPv4 in decimal, octal or hexadecimal, backslashes, control characters.
"""

import re
from ipaddress import IPv6Address, ip_address
from urllib.parse import quote

from auditor.errors import TargetError
from auditor.mask import mask_text
from auditor.model import SERVICES, WEB, Endpoint, Target

_PORTS = WEB | SERVICES
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.\-]*)://")
_AUTHORITY = re.compile(r"\[(?P<v6>[^\[\]]*)\](?::(?P<v6port>.*))?|(?P<host>[^:\[\]]*)(?::(?P<port>.*))?", re.DOTALL)
_LABEL = re.compile(r"(?!-)[a-z0-9\-]{1,63}(?<!-)")
_NUMBER = re.compile(r"[0-9]+|0[xX][0-9A-Fa-f]*")
_BAD_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")
_MAX = 2048


def parse_target(text: str, *, place: str = "TARGET") -> Target:
    """A site or service out of what the operator wrote; https where no scheme is written, scope itself and its twin.

    Raises:
        TargetError: not one of the forms above.
    """
    rest = _clean(text, place)
    scheme = "https"
    if match := _SCHEME.match(rest):
        scheme, rest = match[1].lower(), rest[match.end() :]
    if scheme not in _PORTS:
        raise TargetError(
            "{scheme} is not a scheme that is known here", place=place, scheme=scheme,
            hint="use https or http; for a service smtp, imap, pop3, ldap or postgresql",
        )  # fmt: skip
    if "?" in rest or "#" in rest:
        raise TargetError("a query or fragment is not allowed", place=place, hint="leave out everything from ? or # on")
    authority, slash, path = rest.partition("/")
    host, port = _host_and_port(authority, place)
    if path and scheme in SERVICES:
        raise TargetError(
            "{scheme} has no paths", place=place, scheme=scheme, hint="leave out everything after the host"
        )
    if _BAD_PERCENT.search(path):
        raise TargetError("a % in the path is not followed by two hex digits", place=place, hint="write % as %25")
    path = slash + quote(path, safe="/%:@!$&'()*+,;=~-._")
    return Target(scheme, host, port or _PORTS[scheme], path or "/", scope=own_scope(host))


def parse_endpoint(text: str, *, place: str = "--connect", port: int | None = None) -> Endpoint:
    """`127.0.0.1:4402`, `[::1]:443`, `proxy.internal:8443`; `port` is meant where none is written.

    Raises:
        TargetError: no such form, or a port is missing.
    """
    host, written = _host_and_port(_clean(text, place), place)
    wanted = written or port
    if wanted is None:
        raise TargetError("the port is missing", place=place, hint="write HOST:PORT, such as 127.0.0.1:4402")
    return Endpoint(host, wanted)


def parse_host(text: str, *, place: str = "") -> str:
    """An A-label name or IP literal, lower case, without brackets and trailing dot.

    Raises:
        TargetError: not a host.
    """
    host, port = _host_and_port(_clean(text, place), place)
    if port is not None:
        raise TargetError("a host without port is wanted here", place=place)
    return host


def own_scope(host: str) -> tuple[str, ...]:
    """The host and, for a name below a domain, its www/apex twin."""
    if host.startswith("www."):
        return (host, host.removeprefix("www."))
    return (host, f"www.{host}") if "." in host and _literal(host) is None else (host,)


def _clean(text: str, place: str) -> str:
    text = text.strip(" \t\r\n")
    if not text:
        raise TargetError("nothing is written", place=place, hint="write a URL or host name")
    if len(text) > _MAX:
        raise TargetError("is longer than {most} characters", place=place, most=_MAX)
    bad = next((char for char in text if not char.isprintable() or char.isspace() or char in '\\"<>^`{|}'), None)
    if bad:
        raise TargetError("the character {code} is not allowed", place=place, code=f"U+{ord(bad):04X}")
    return text


def _host_and_port(authority: str, place: str) -> tuple[str, int | None]:
    if "@" in authority:
        raise TargetError(
            "a user name or password is not allowed", place=place, hint="nothing logs in; leave out all up to the @"
        )
    if isinstance(_literal(authority), IPv6Address):
        return str(ip_address(authority)), None
    match = _AUTHORITY.fullmatch(authority)
    if match is None:
        raise TargetError(
            "{host} is not a host", place=place, hint="write IPv6 as [2001:db8::1]:443", host=_shown(authority)
        )
    if match["v6"] is not None:
        return _ipv6(match["v6"], place), _port(match["v6port"], place)
    return _name(match["host"], place), _port(match["port"], place)


def _ipv6(text: str, place: str) -> str:
    address = _literal(text)
    if not isinstance(address, IPv6Address):
        raise TargetError("{host} is not an IPv6 address", place=place, host=_shown(text))
    return str(address)


def _port(text: str | None, place: str) -> int | None:
    if text is None:
        return None
    if not re.fullmatch(r"[0-9]{1,5}", text) or not 1 <= int(text) <= 65535:
        raise TargetError("{port} is not a port", place=place, hint="a number from 1 to 65535", port=_shown(text))
    return int(text)


def _name(text: str, place: str) -> str:
    written = text.removesuffix(".")
    if not written:
        raise TargetError("the host is missing", place=place, hint="such as https://contoh.go.id")
    name = written.lower() if written.isascii() and "xn--" not in written.lower() else _a_labels(written, place)
    labels = name.split(".")
    if _NUMBER.fullmatch(labels[-1]):
        # What ends in a number is an IPv4 address to browsers (WHATWG URL, 4.5): only its plain form is clear.
        if name != written or _literal(name) is None:
            raise TargetError(
                "{host} is not an IPv4 address", place=place, hint="write four decimal numbers", host=_shown(text)
            )
        return name
    if len(name) > 253 or not all(_LABEL.fullmatch(label) for label in labels):
        raise TargetError("{host} is not a host name", place=place, hint="such as contoh.go.id", host=_shown(text))
    return name


def _a_labels(written: str, place: str) -> str:
    import idna  # noqa: PLC0415 - its tables are large and names in other scripts rare

    try:
        return idna.encode(written, uts46=True, std3_rules=True).decode("ascii").removesuffix(".")
    except idna.IDNAError as problem:
        raise TargetError(
            "{host} is not a host name: {problem}", place=place, host=_shown(written), problem=str(problem)
        ) from None


def _literal(text: str) -> object:
    """The address that a literal without brackets means; None for a name and for addresses with a zone."""
    try:
        return None if "%" in text else ip_address(text)
    except ValueError:
        return None


def _shown(text: str) -> str:
    return repr(mask_text(text) if len(text) <= 80 else mask_text(text[:79]) + "…")
