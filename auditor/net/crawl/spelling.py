"""One spelling for each URL: what is asked for, by what it is recognised, and how facts name it."""

import re
from dataclasses import replace
from urllib.parse import urlsplit

from auditor.net import address as urls
from auditor.net.address import Address

LONGEST = 2_000
"""Characters of a URL that is still followed."""
SHOWN = 440
"""Characters of a URL in a fact."""

_BLANKS = re.compile(r"[\t\r\n]")
_HEX = re.compile(r"%([0-9A-Fa-f]{2})")
_UNRESERVED = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_VISIT = re.compile(
    r"(?:(?:php|asp|j|ci_?)sess(?:ion)?_?id\w*|cfid|cftoken|zenid|oscsid|utm_\w+|fbclid|gclid|dclid|gbraid|wbraid|msclkid"
    r"|yclid|igshid|mc_[ce]id|_ga|_gl|replytocom)(?:=.*)?"
    r"|(?:sid|s|sess|session|session_?id|session_?key|token|ticket|nonce|csrf\w*)=(?=[^=]*[0-9])[\w.~%-]{16,}",
    re.IGNORECASE | re.DOTALL,
)
"""Parameters that name a visit or where a visitor came from, and never another page; some only by their value."""
_MATRIX = re.compile(r";(?:jsessionid|phpsessid|sid)=[^/;?]*", re.IGNORECASE)
_COOKIELESS = re.compile(r"/\([A-Z]\([a-z0-9]{20,}\)\)(?=/)")
"""ASP.NET's session in the path, `/(S(lit3py55t21z5v55vlm25s55))/`."""
_INDEX = re.compile(r"/(?:index|default)\.(?:html?|php|aspx?|jsp|cfm)\Z", re.IGNORECASE)
_ROUTE = re.compile(
    r"(?:p|page|paged|page_id|hal|halaman|id|post|cat|m|view|option|task|controller|action|module|mod|act|r|q|route|"
    r"lang|type|format|tab|sort|order|year|month|day|tahun|bulan)",
    re.IGNORECASE,
)
_PLAIN = re.compile(r"[0-9]{1,5}|[a-z]{1,16}")


def canonical(base: str, reference: str) -> Address | None:
    """Where a reference in a page leads, in one spelling; None where that is no http(s) URL of sane length.

    RFC 3986 section 6.2.2 (case, percent-encoding, dot segments), without fragment, session ids and tracking.
    """
    text = _BLANKS.sub("", reference.strip(" \t\r\n\f"))
    cut = min((at for at in (text.find("?"), text.find("#")) if at >= 0), default=len(text))
    found = urls.resolve(base, text[:cut].replace("\\", "/") + text[cut:]) if len(text) <= LONGEST else None
    return None if found is None else spelled(found)


def spelled(address: Address) -> Address | None:
    """The address in its one spelling, or None where that is too long."""
    path, mark, query = address.resource.partition("?")
    path = _COOKIELESS.sub("", _MATRIX.sub("", _encoded(path)))
    kept = [part for part in _encoded(query).split("&") if part and not _VISIT.fullmatch(part)]
    resource = _without_dots(path) + (mark + "&".join(kept) if kept else "")
    return replace(address, resource=resource) if len(resource) <= LONGEST else None


def key(address: Address) -> str:
    """What two addresses of the same page have in common: parameters in any order, doubled slashes, index files."""
    path, _, query = address.resource.partition("?")
    path = re.sub(r"/{2,}", "/", path)
    return f"{address.scheme}://{address.authority}{_INDEX.sub('/', path)}?{'&'.join(sorted(query.split('&')))}"


def shown(url: str) -> str:
    """A URL as facts name it: values of its query are left out, but for short ones of parameters that choose a page."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    pieces = [_named(piece) for piece in parts.query.split("&") if piece]
    text = f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}" + (
        f"?{'&'.join(pieces)}" if pieces else ""
    )
    return text if len(text) <= SHOWN else text[: SHOWN - 1] + "…"


def _named(piece: str) -> str:
    name, mark, value = piece.partition("=")
    if not mark:
        return name if _PLAIN.fullmatch(name) else "…"
    return f"{name}={value if _ROUTE.fullmatch(name) and _PLAIN.fullmatch(value) else ''}"


def _encoded(text: str) -> str:
    """Percent-encoding in upper case, and only where it is needed."""

    def spell(match: re.Match[str]) -> str:
        code = int(match[1], 16)
        return chr(code) if code in _UNRESERVED else match[0].upper()

    return _HEX.sub(spell, text)


def _without_dots(path: str) -> str:
    """RFC 3986 section 5.2.4."""
    kept: list[str] = []
    segments = path.split("/")[1:]
    for segment in segments:
        if segment == "..":
            del kept[-1:]
        elif segment != ".":
            kept.append(segment)
    if segments[-1:] in ([".."], ["."]):
        kept.append("")
    return "/" + "/".join(kept)
