"""What a page loads and where its forms go, with addresses as a browser resolves them (HTML, 4.2.3 "base")."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import urljoin, urlsplit

from ..csp import effect
from ..csp.sources import at
from ..http.page import tokens

Kind = Literal["script", "style", "frame", "object", "media", "form", "other"]

_SCRIPT_TYPES = re.compile(
    r"|module|(?:text|application)/(?:x-)?(?:java|ecma)script|text/(?:javascript1\.[0-5]|jscript|livescript)",
    re.IGNORECASE,
)
_EDGES = re.compile(r"^[\x00-\x20]+|[\x00-\x20]+$")
_BREAKS = re.compile(r"[\t\n\r]")
_SLASHES = re.compile(r"^(https?:)?[\\/]{2,}", re.IGNORECASE)
_DIGEST = re.compile(r"sha(?:256|384|512)-[A-Za-z0-9+/_\-]+={0,2}(?:\?[!-~]*)?")
_ADDRESSES: Mapping[str, tuple[tuple[Kind, str], ...]] = {
    "iframe": (("frame", "src"),),
    "frame": (("frame", "src"),),
    "embed": (("object", "src"),),
    "object": (("object", "data"),),
    "img": (("media", "src"),),
    "source": (("media", "src"),),
    "audio": (("media", "src"),),
    "video": (("media", "src"), ("media", "poster")),
    "track": (("other", "src"),),
    **dict.fromkeys(("body", "table", "thead", "tbody", "tfoot", "tr", "td", "th"), (("media", "background"),)),
}
"""Attributes that load, by element; `background` is of old (HTML, 15.3), and is heeded all the same."""
_ICONS = frozenset(("icon", "apple-touch-icon", "apple-touch-icon-precomposed"))
_BETWEEN = re.compile(r"[\s,]*")
_WORD = re.compile(r"\S+")
_DESCRIPTORS = re.compile(r"(?:[^,(]|\([^)]*\))*,?")
_LONGEST_SRCSET = 16_384
_IN_CSS = re.compile(
    r"""(?P<import>@import\s+)?(?:url\(\s*(?P<mark>["']?)(?P<url>[^"'()\s]{1,2000})(?P=mark)\s*\)
    |(?<=@import\s)(?P<quote>["'])(?P<bare>[^"']{1,2000})(?P=quote))""",
    re.VERBOSE | re.IGNORECASE,
)
_CSS_COMMENT = re.compile(r"/\*.*?(?:\*/|\Z)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Resource:
    """One address, absolute. `integrity` is the attribute's value, `element` its name as written in HTML."""

    kind: Kind
    element: str
    url: str
    integrity: str = ""

    @property
    def host(self) -> str:
        """Its host, empty when it has none."""
        return urlsplit(self.url).hostname or ""

    @property
    def is_bound(self) -> bool:
        """Some token of `integrity` is a digest that browsers know; without one, all is let through (SRI, 3.3)."""
        return any(_DIGEST.fullmatch(token) for token in self.integrity.split())


@dataclass(slots=True)
class _Form:
    action: str
    password: bool = False


@dataclass(slots=True)
class Contents:
    """All of a page. `password_actions`: where forms with a password field are sent."""

    resources: list[Resource] = field(default_factory=list)
    password_actions: list[str] = field(default_factory=list)
    generator: str = ""


@dataclass(slots=True)
class _Walk:
    url: str
    policies: effect.Policies
    base: str = ""
    templates: int = 0
    form: _Form | None = None
    found: Contents = field(default_factory=Contents)

    def start(self, name: str, attributes: dict[str, str], content: str) -> None:
        if name == "template":
            self.templates += 1
        elif self.templates:
            return
        elif name == "base" and not self.base and "href" in attributes:
            self._base(attributes["href"])
        elif name == "meta" and attributes.get("name", "").lower() == "generator":
            self.found.generator = self.found.generator or attributes.get("content", "").strip()
        elif name == "form":
            self._close()
            self.form = _Form(self._absolute(attributes.get("action", "")) or self.url)
            self._add("form", name, attributes.get("action", ""))
        elif name in ("input", "button"):
            self._field(name, attributes)
        else:
            for kind, address in _loaded(name, attributes):
                self._add(kind, name, address, attributes.get("integrity", ""))
        if not self.templates:
            for kind, address in _styled(content if name == "style" else "", attributes.get("style", "")):
                self._add(kind, name, address)

    def end(self, name: str) -> None:
        if name == "template":
            self.templates = max(0, self.templates - 1)
        elif name == "form" and not self.templates:
            self._close()

    def finish(self) -> Contents:
        self._close()
        return self.found

    def _base(self, href: str) -> None:
        """The first base element with an address counts, unless its scheme or a policy forbids it."""
        self.base = self.url
        wanted = self._absolute(href)
        if wanted and effect.allows(self.policies, "base-uri", at(wanted), at(self.url)):
            self.base = wanted

    def _field(self, name: str, attributes: dict[str, str]) -> None:
        kind = attributes.get("type", "").strip().lower()
        if name == "input" and kind == "password":
            if self.form:
                self.form.password = True
            else:
                self.found.password_actions.append(self.url)
        if name == "input" and kind == "image":
            self._add("media", name, attributes.get("src", ""))
        if "formaction" in attributes and kind in ("submit", "image", "" if name == "button" else "submit"):
            self._add("form", name, attributes["formaction"])

    def _close(self) -> None:
        if self.form and self.form.password:
            self.found.password_actions.append(self.form.action)
        self.form = None

    def _add(self, kind: Kind, element: str, address: str, integrity: str = "") -> None:
        url = self._absolute(address) if address.strip() else ""
        if url:
            self.found.resources.append(Resource(kind, element, url, integrity))

    def _absolute(self, address: str) -> str:
        """A web address as the URL Standard reads it, near enough; empty when it is none."""
        text = _BREAKS.sub("", _EDGES.sub("", address))
        scheme = text.partition(":")[0].lower() if ":" in text.partition("/")[0] else ""
        if scheme and scheme not in ("http", "https"):
            return ""
        place, mark, rest = text.partition("?")
        place = place.replace("\\", "/")
        place = _SLASHES.sub(lambda found: f"{found[1] or ''}//", place)
        try:
            url = urljoin(self.base or self.url, place + mark + rest)
            parts = urlsplit(url)
            usable = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
        except ValueError:
            return ""
        return url if usable else ""


def contents(source: str, url: str, policies: effect.Policies) -> Contents:
    """What stands in the markup of a page at `url`; scripts may add to it."""
    walk = _Walk(url, policies)
    for kind, name, attributes, text in tokens(source):
        if kind == "start":
            walk.start(name, attributes, text)
        elif kind == "end":
            walk.end(name)
    return walk.finish()


def _loaded(name: str, attributes: dict[str, str]) -> Iterator[tuple[Kind, str]]:
    """Kinds and addresses that an element makes a browser load."""
    if name == "script":
        if _SCRIPT_TYPES.fullmatch(attributes.get("type", "").strip()):
            yield "script", attributes.get("src", "")
    elif name == "link":
        yield from _linked(attributes)
    for kind, attribute in _ADDRESSES.get(name, ()):
        yield kind, attributes.get(attribute, "")
    if name in ("img", "source"):
        for address in _candidates(attributes.get("srcset", "")):
            yield "other", address  # browsers block these and never upgrade them (Mixed Content, 4.1 "imageset")


def _linked(attributes: dict[str, str]) -> Iterator[tuple[Kind, str]]:
    words = set(attributes.get("rel", "").lower().split())
    address, purpose = attributes.get("href", ""), attributes.get("as", "").lower()
    if "stylesheet" in words and "alternate" not in words:
        yield "style", address
    elif {"modulepreload", "manifest", "prefetch"} & words or (
        "preload" in words and purpose in ("script", "style", "font", "fetch")
    ):
        yield "other", address
    elif _ICONS & words or ("preload" in words and purpose in ("image", "audio", "video")):
        yield "media", address


def _candidates(srcset: str) -> Iterator[str]:
    """Addresses of a list of images by size (HTML, 4.8.4.3.10 "parse a srcset attribute"), near enough."""
    at, text = 0, srcset[:_LONGEST_SRCSET]
    while (gap := _BETWEEN.match(text, at)) and (word := _WORD.match(text, gap.end())):
        address, at = word.group().rstrip(","), word.end()
        if address == word.group() and (rest := _DESCRIPTORS.match(text, at)):
            at = rest.end()
        yield address


def _styled(*sheets: str) -> Iterator[tuple[Kind, str]]:
    """What styles in the markup load: other sheets, and images; a font counts as an image here."""
    for sheet in sheets:
        if "url(" in sheet.lower() or "@import" in sheet.lower():
            for found in _IN_CSS.finditer(_CSS_COMMENT.sub(" ", sheet)):
                yield ("other" if found["import"] or found["bare"] else "media"), found["url"] or found["bare"]
