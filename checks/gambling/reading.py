"""A page as promoters use it: its words block by block, what of it is hidden, where its links lead.

One pass over the tokens; elements are followed by a stack, so that what stands inside a hidden block is hidden too.
"""

import base64
import binascii
import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import urljoin, urlsplit

from auditor.net import Response

from ..http.page import PARSED, is_html, tokens
from .normal import normal

_VOID = frozenset(
    ("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr")
)
_BREAKING = frozenset(
    (
        "address", "article", "aside", "blockquote", "br", "button", "center", "dd", "div", "dl", "dt", "fieldset",
        "figcaption", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "main", "marquee",
        "nav", "ol", "option", "p", "pre", "section", "select", "table", "td", "th", "tr", "ul",
    )
)  # fmt: skip
_HEADINGS = frozenset(("h1", "h2"))
_DEEPEST = 200
_HIDING = re.compile(
    r"display:none|visibility:hidden|opacity:0(?:\.0+)?(?:;|$|!)|font-size:[01](?:px|pt|em|%)?(?:;|$|!)"
    r"|(?:left|right|top|bottom|text-indent|margin|margin-(?:left|top|right|bottom)):-\d{3,}"
    r"|transform:(?:scale\(0\)|translate[xy]?\(-\d{3,})|clip(?:-path)?:(?:rect\(0|inset\((?:100|50)%)"
    r"|(?:max-)?(?:height|width):[01](?:px|pt|em|%)?(?:;|$|!)[^}]*overflow:(?:hidden|auto|scroll|clip)"
    r"|overflow:(?:hidden|auto|scroll|clip)[^}]*(?:max-)?(?:height|width):[01](?:px|pt|em|%)?(?:;|$|!)"
)
_COLOUR = re.compile(r"(?:^|;)color:([^;!]+)")
_BACKGROUND = re.compile(r"(?:^|;)background(?:-color)?:([^;!]+)")
_LONGEST_RULE = 4_000
_BETWEEN = "\n\n\n\n\n"
_PLAIN = 65_536
"""Characters of a file that is no page."""
_NESTED = 3
"""Markup in scripts in markup: so often it is looked into."""
_SELECTOR = re.compile(r"(?:[a-z][a-z0-9]*)?([.#][\w-]+)", re.IGNORECASE)
_HIDDEN_BY_SCRIPT = re.compile(
    r"getElementById\(\s*[\"']([\w-]+)[\"']\s*\)(?:\.style\.display\s*=\s*[\"']none|\.style\.visibility\s*=\s*[\"']hidden)"
)
_BASE64 = re.compile(r"""["']([A-Za-z0-9+/]{24,20000}={0,2})["']""")
_CODES = re.compile(r"fromCharCode\(([\d\s,]{8,20000})\)")
_ESCAPES = re.compile(r"\\x([0-9a-fA-F]{2})|\\u([0-9a-fA-F]{4})|%([0-9a-fA-F]{2})")
_REFRESH = re.compile(r"\s*[\d.]*\s*[;,]\s*(?:url\s*=\s*)?[\"']?([^\"']+)", re.IGNORECASE)
AWAY = re.compile(  # a script sends the visitor to the host that is caught
    r"(?:location(?:\.href|\.assign|\.replace)?|window\.open|location\[[\"']href[\"']\])\s*(?:=|\()\s*[\"'](?:https?:)?//([^\"'/?#\s]{3,253})",
    re.IGNORECASE,
)
_METAS = frozenset(
    ("description", "keywords", "og:title", "og:description", "og:site_name", "twitter:title", "twitter:description")
)


@dataclass(frozen=True, slots=True)
class Block:
    """Words that stand together, as `normal` gives them."""

    text: str
    hidden: bool = False
    heading: bool = False
    """Title, first headings, descriptions, structured data."""


@dataclass(frozen=True, slots=True)
class Link:
    """A link with its words, as `normal` gives them."""

    url: str
    host: str
    """In lower case, empty where there is none."""
    text: str
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read of one page."""

    url: str
    title: str = ""
    headings: tuple[str, ...] = ()
    """First headings, as `normal` gives them."""
    blocks: tuple[Block, ...] = field(default=(), repr=False)
    links: tuple[Link, ...] = field(default=(), repr=False)
    elsewhere: tuple[str, ...] = ()
    """Addresses that canonical, amphtml and a refresh name."""
    embedded: tuple[str, ...] = ()
    """Addresses of frames and scripts, and those that scripts send visitors to."""
    scripts: tuple[str, ...] = field(default=(), repr=False)
    """Inline scripts, and what they hold in code."""
    language: str = ""
    verifications: tuple[str, ...] = ()
    """Values of google-site-verification."""

    @property
    def text(self) -> str:
        """All blocks, too far apart for a term to reach over."""
        return _BETWEEN.join(block.text for block in self.blocks)

    @property
    def words(self) -> int:
        """Words that a visitor sees."""
        return sum(block.text.count(" ") + 1 for block in self.blocks if block.text and not block.hidden)


def read(response: Response) -> Reading:
    """Any text: HTML as a page, everything else as one block."""
    source = response.text[:PARSED]
    if not is_html(response):
        if "javascript" in (response.first("content-type") or ""):
            return _Reader(response.url).read_script(source)
        lines = tuple(Block(normal(line)) for line in source[:_PLAIN].splitlines() if line.strip())
        return Reading(response.url, blocks=lines)
    return _Reader(response.url).read(source)


@dataclass(slots=True)
class _Reader:
    url: str
    stack: list[tuple[str, bool]] = field(default_factory=list)
    nested: int = 0
    blocks: list[Block] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    headings: list[str] = field(default_factory=list)
    heading: list[str] | None = None
    link: tuple[str, list[str], bool] | None = None
    elsewhere: list[str] = field(default_factory=list)
    embedded: list[str] = field(default_factory=list)
    scripts: list[str] = field(default_factory=list)
    hidden_names: set[str] = field(default_factory=set)
    title: str = ""
    language: str = ""
    verifications: list[str] = field(default_factory=list)

    @property
    def hidden(self) -> bool:
        return bool(self.stack) and self.stack[-1][1]

    def read(self, source: str) -> Reading:
        self._styles(source)
        self._tokens(source)
        self._flush()
        self._end_link()
        return self._reading()

    def read_script(self, source: str) -> Reading:
        self._script(source)
        self._flush()
        return self._reading()

    def _reading(self) -> Reading:
        return Reading(
            self.url,
            self.title,
            tuple(self.headings),
            tuple(self.blocks),
            tuple(self.links),
            tuple(self.elsewhere),
            tuple(self.embedded),
            tuple(self.scripts),
            self.language,
            tuple(self.verifications),
        )

    def _styles(self, source: str) -> None:
        """Names of classes and elements that style rules and scripts hide."""
        for sheet in re.findall(r"<style\b[^>]*>(.*?)</style", source, re.IGNORECASE | re.DOTALL):
            for selectors, declarations in _rules(sheet):
                if _hides(declarations):
                    found = (_SELECTOR.fullmatch(selector.strip()) for selector in selectors.split(","))
                    self.hidden_names |= {match[1] for match in found if match}
        self.hidden_names |= {f"#{name}" for name in _HIDDEN_BY_SCRIPT.findall(source)}

    def _tokens(self, source: str) -> None:
        for kind, name, attributes, text in tokens(source):
            if kind == "text":
                self._words(text)
            elif kind == "start":
                self._start(name, attributes, text)
            else:
                self._end(name)

    def _words(self, text: str) -> None:
        text = html.unescape(text)
        self.words.append(text)
        if self.link is not None:
            self.link[1].append(text)
        if self.heading is not None:
            self.heading.append(text)

    def _start(self, name: str, attributes: dict[str, str], content: str) -> None:
        if name == "title" and not self.title:
            self.title = normal(html.unescape(content))
            self.blocks.append(Block(self.title, heading=True))
        elif name == "script":
            self._embed(attributes.get("src", ""))
            self._inline(attributes, content)
        elif name in ("iframe", "frame", "embed"):
            self._embed(attributes.get("src", ""))
        elif name == "noscript":
            self._apart(content, hidden=True)
        elif name == "meta":
            self._meta(attributes)
        elif name == "link":
            self._elsewhere(attributes)
        elif name == "html":
            self.language = attributes.get("lang", "").lower()
        elif name not in ("style", "textarea", "xmp", "noembed", "noframes"):
            self._open(name, attributes)

    def _open(self, name: str, attributes: dict[str, str]) -> None:
        hidden = self.hidden or self._is_hidden(name, attributes)
        if name in _BREAKING or hidden != self.hidden:
            self._flush()
        if name not in _VOID and len(self.stack) < _DEEPEST:
            self.stack.append((name, hidden))
        for attribute in ("onclick", "onload", "onmouseover"):
            self.embedded += [f"https://{host}" for host in AWAY.findall(attributes.get(attribute, ""))]
        if name in _HEADINGS:
            self.heading = []
        elif name in ("a", "area"):
            self._end_link()
            if address := attributes.get("href"):
                self.link = (address, [attributes.get("title", ""), " "], hidden)
        elif name == "img" and self.link is not None:
            self.link[1].append(f" {attributes.get('alt', '')} ")

    def _end(self, name: str) -> None:
        if name == "a":
            self._end_link()
        elif name in _HEADINGS and self.heading is not None:
            self.headings.append(normal("".join(self.heading)).strip())
            self.blocks.append(Block(self.headings[-1], self.hidden, heading=True))
            self.heading, self.words = None, []
        if name in _BREAKING:
            self._flush()
        for at in range(len(self.stack) - 1, max(-1, len(self.stack) - 40), -1):
            if self.stack[at][0] == name:
                if self.stack[at][1] and not (at and self.stack[at - 1][1]):
                    self._flush()
                del self.stack[at:]
                break

    def _flush(self) -> None:
        text = normal("".join(self.words)).strip()
        if text and self.heading is None:
            self.blocks.append(Block(text, self.hidden))
            self.words = []
        elif self.heading is None:
            self.words = []

    def _end_link(self) -> None:
        if self.link is None:
            return
        address, words, hidden = self.link
        self.link = None
        try:
            url = urljoin(self.url, address.strip())
            host = urlsplit(url).hostname or ""
        except ValueError:
            return
        self.links.append(Link(url, host, normal("".join(words)).strip(), hidden))

    def _apart(self, markup: str, *, hidden: bool) -> None:
        """Markup inside something else: read on its own."""
        if self.nested >= _NESTED:
            return
        self._flush()
        self.nested += 1
        depth = len(self.stack)
        self.stack.append(("", hidden))
        self._tokens(markup[:200_000])
        self._end_link()
        self._flush()
        del self.stack[depth:]
        self.nested -= 1

    def _meta(self, attributes: dict[str, str]) -> None:
        name = (attributes.get("name") or attributes.get("property", "")).lower()
        content = attributes.get("content", "")
        if name in _METAS and content:
            self.blocks.append(Block(normal(content), heading=True))
        elif name == "google-site-verification":
            self.verifications.append(content[:100])
        elif attributes.get("http-equiv", "").lower() == "refresh" and (refresh := _REFRESH.match(content)):
            self.elsewhere += self._joined(refresh[1])

    def _elsewhere(self, attributes: dict[str, str]) -> None:
        relations = attributes.get("rel", "").lower().split()
        if {"canonical", "amphtml"} & set(relations) and attributes.get("href"):
            self.elsewhere += self._joined(attributes["href"])

    def _embed(self, address: str) -> None:
        if address:
            self.embedded += self._joined(address)

    def _joined(self, address: str) -> list[str]:
        try:
            return [urljoin(self.url, address.strip())]
        except ValueError:
            return []

    def _inline(self, attributes: dict[str, str], content: str) -> None:
        kind = attributes.get("type", "").lower()
        if "json" in kind:
            found = re.findall(r'"(?:name|headline|description|keywords)"\s*:\s*"([^"\\]{1,500})', content)
            self.blocks += [Block(normal(html.unescape(text)), heading=kind.endswith("ld+json")) for text in found]
        elif content.strip():
            self._script(content)

    def _script(self, content: str) -> None:
        """A script, what it holds in code, and the markup that it writes."""
        content = content[:500_000]
        self.scripts.append(content)
        self.embedded += [f"https://{host}" for host in AWAY.findall(content)]
        for text in _decoded(content):
            self.scripts.append(text)
            self.embedded += [f"https://{host}" for host in AWAY.findall(text)]
            if "<" in text:
                self._apart(text, hidden=True)
        if "<a" in content or "\\x3ca" in content:
            self._apart(_ESCAPES.sub(_character, content).replace('\\"', '"').replace("\\'", "'"), hidden=True)

    def _is_hidden(self, name: str, attributes: dict[str, str]) -> bool:
        style = attributes.get("style", "")
        names = {f".{part}" for part in attributes.get("class", "").split()} | {f"#{attributes.get('id', '')}"}
        return (
            "hidden" in attributes
            or (bool(style) and _hides(style))
            or bool(self.hidden_names & names)
            or (name == "marquee" and attributes.get("height", "9") in ("0", "1"))
            or (name == "marquee" and attributes.get("width", "9") in ("0", "1"))
        )


def _rules(sheet: str) -> Iterator[tuple[str, str]]:
    """Selectors and declarations; of a rule inside another (`@media`) too."""
    for part in sheet.split("}"):
        before, brace, declarations = part.rpartition("{")
        if brace and len(declarations) <= _LONGEST_RULE:
            yield before.rpartition("{")[2][-_LONGEST_RULE:], declarations


def _hides(declarations: str) -> bool:
    style = re.sub(r"\s+|/\*.*?\*/", "", declarations).lower()
    if _HIDING.search(style):
        return True
    colour, background = _COLOUR.search(style), _BACKGROUND.search(style)
    return colour is not None and background is not None and colour[1] == background[1]


def _decoded(script: str) -> list[str]:
    """Strings that a script keeps in base64 or in numbers of characters."""
    found = []
    if "atob" in script or "base64" in script or "decode" in script:
        for text in _BASE64.findall(script)[:50]:
            try:
                found.append(base64.b64decode(text + "=" * (-len(text) % 4)).decode("utf-8", "replace"))
            except (binascii.Error, ValueError):
                continue
    for codes in _CODES.findall(script)[:50]:
        numbers = [int(code) for code in codes.replace(" ", "").split(",") if code.strip().isdigit()]
        found.append("".join(chr(number) for number in numbers if number < 0x110000))
    return found


def _character(match: re.Match[str]) -> str:
    return chr(int(match[1] or match[2] or match[3], 16))
