"""What an HTML page shows, by one linear pass over its tokens.

No tree is built: a hostile page can make a tree grow with the square of its size (WHATWG HTML 13.2.4.3, active
formatting elements), and classification needs words, title, forms and meta elements only.
"""

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import lru_cache

from auditor.net import Response

PARSED = 524_288
"""Characters of a page that are looked at."""

KEPT = 8
"""Pages remembered, since every check asks about the same home page; few, because bodies are kept with them."""

_TAG = re.compile(r"<(/?)([A-Za-z][^\s/>]*)")
_GAP = re.compile(r"[\s/]*")
_ATTRIBUTE = re.compile(r"([^\s/>][^\s/>=]*)(\s*=\s*)?")
_UNQUOTED = re.compile(r"[^\s>]*")
_SPACE = re.compile(r"\s+")

_OPAQUE = ("script", "style", "textarea", "title", "iframe", "noembed", "noframes", "noscript", "xmp")
"""Elements whose content is text to a browser that runs scripts (HTML 13.2.6.2)."""
_OPAQUE_END = {name: re.compile(rf"</{name}(?=[\s/>])", re.IGNORECASE) for name in _OPAQUE}

_HEAD = frozenset(
    (
        "html", "head", "title", "meta", "link", "script", "style", "base", "noscript", "template", "basefont",
        "bgsound", "noframes",
    )
)  # fmt: skip
"""Start tags that do not open the body (HTML 13.2.6.4.3 to 13.2.6.4.6)."""
_HEADINGS = frozenset(("h1", "h2", "h3"))
_LOADING = frozenset(("script", "iframe", "frame", "img", "link"))
_BREAKING = frozenset(("br", "p", "div", "li", "td", "th", "tr", "h1", "h2", "h3", "h4", "option", "button"))


@dataclass(frozen=True, slots=True)
class Meta:
    """A meta element: its attributes, names in lower case, and whether it belongs to the head."""

    attributes: dict[str, str]
    in_head: bool

    def get(self, name: str) -> str:
        """An attribute's value, empty when it is not there."""
        return self.attributes.get(name, "")


@dataclass(frozen=True, slots=True)
class Page:
    """The parts of a page that tell what kind of page it is. Texts have their white space collapsed."""

    title: str = ""
    headings: tuple[str, ...] = ()
    text: str = field(default="", repr=False)
    """Visible words: no script, style, noscript, template or head."""
    source: str = field(default="", repr=False)
    """The page as sent, cut at `PARSED`."""
    scripts: str = field(default="", repr=False)
    """Inline scripts, joined."""
    metas: tuple[Meta, ...] = ()
    links: int = 0
    """`a` elements with an address."""
    passwords: int = 0
    """Password inputs."""
    resources: tuple[str, ...] = ()
    """Addresses of scripts, frames, images and style sheets."""
    head_ended: bool = False
    """The body began within what was read: every meta of the head is in `metas`."""
    cut: bool = False
    """The page goes on behind what was read."""


def is_html(response: Response) -> bool:
    """Whether a browser would read the body as HTML: declared so, or undeclared and it looks like it."""
    declared = (response.first("content-type") or "").partition(";")[0].strip().lower()
    if declared:
        return declared in ("text/html", "application/xhtml+xml")
    return response.body.lstrip()[:1] == b"<"


@lru_cache(maxsize=KEPT)
def read_page(response: Response) -> Page:
    """The page in a response. A body that is not HTML is a page of text only."""
    whole = response.text
    source, cut = whole[:PARSED], len(whole) > PARSED or not response.complete
    if not is_html(response):
        return Page(text=_collapse(source[:65_536]), source=source, head_ended=True, cut=cut)
    return replace(_Reader().read(source), cut=cut)


@dataclass(slots=True)
class _Reader:
    words: list[str] = field(default_factory=list)
    headings: list[str] = field(default_factory=list)
    scripts: list[str] = field(default_factory=list)
    metas: list[Meta] = field(default_factory=list)
    resources: list[str] = field(default_factory=list)
    title: str | None = None
    links: int = 0
    passwords: int = 0
    body: bool = False
    templates: int = 0
    heading: int | None = None
    """Where in `words` the open heading began."""

    def read(self, source: str) -> Page:
        for kind, name, attributes, text in tokens(source):
            if kind == "text":
                self._text(text)
            elif kind == "start":
                self._start(name, attributes, text)
            else:
                self._end(name)
        return Page(
            title=self.title or "",
            headings=tuple(self.headings),
            text=_collapse("".join(self.words)),
            source=source,
            scripts="\n".join(self.scripts),
            metas=tuple(self.metas),
            links=self.links,
            passwords=self.passwords,
            resources=tuple(self.resources),
            head_ended=self.body,
        )

    def _text(self, text: str) -> None:
        if self.templates:
            return
        if text.strip():
            self.body = True
        self.words.append(html.unescape(text))

    def _start(self, name: str, attributes: dict[str, str], content: str) -> None:
        if name == "template":
            self.templates += 1
        elif self.templates:
            return
        self.body = self.body or name not in _HEAD
        self._count(name, attributes)
        if name in _BREAKING:
            self.words.append(" ")
        if name == "title" and self.title is None:
            self.title = _collapse(html.unescape(content))
        elif name == "script":
            self.scripts.append(content)
        elif name == "meta":
            self.metas.append(Meta(attributes, not self.body))
        elif name in _HEADINGS:
            self.heading = len(self.words)

    def _count(self, name: str, attributes: dict[str, str]) -> None:
        if name == "a":
            self.links += "href" in attributes
        elif name == "input":
            self.passwords += attributes.get("type", "").strip().lower() == "password"
        elif name in _LOADING:
            self.resources.append(attributes.get("src") or attributes.get("href", ""))

    def _end(self, name: str) -> None:
        if name == "template":
            self.templates = max(0, self.templates - 1)
        elif name in ("body", "html", "br"):
            self.body = True
        elif name in _HEADINGS and self.heading is not None:
            self.headings.append(_collapse("".join(self.words[self.heading :])))
            self.heading = None
        if name in _BREAKING:
            self.words.append(" ")


def tokens(source: str) -> Iterator[tuple[str, str, dict[str, str], str]]:
    """`(kind, name, attributes, text)`; a start tag of an opaque element brings its content as text."""
    at, end = 0, len(source)
    while at < end:
        mark = source.find("<", at)
        if mark < 0:
            yield "text", "", {}, source[at:]
            return
        if mark > at:
            yield "text", "", {}, source[at:mark]
        tag = _TAG.match(source, mark)
        if tag is None:
            at = _skip_markup(source, mark)
            if at == mark:
                yield "text", "", {}, "<"
                at = mark + 1
            continue
        closing, name = tag.group(1), tag.group(2).lower()
        attributes, at = _attributes(source, tag.end())
        if at < 0:
            return  # the file ends inside a tag: a browser drops that tag
        if closing:
            yield "end", name, {}, ""
            continue
        content = ""
        if name in _OPAQUE_END:
            close = _OPAQUE_END[name].search(source, at)
            stop = close.start() if close else end
            content, at = source[at:stop], stop
        yield "start", name, attributes, content


def _skip_markup(source: str, mark: int) -> int:
    """End of a comment, doctype or bogus comment that starts at `mark`; `mark` itself if it is none."""
    if source.startswith("<!--", mark):
        if source.startswith(("<!-->", "<!--->"), mark):
            return source.index(">", mark) + 1
        close = source.find("-->", mark + 4)
        return len(source) if close < 0 else close + 3
    if source.startswith(("<!", "<?", "</"), mark):
        close = source.find(">", mark)
        return len(source) if close < 0 else close + 1
    return mark


def _attributes(source: str, at: int) -> tuple[dict[str, str], int]:
    """Attributes from `at` to the end of the tag, and where the tag ended; -1 when it does not."""
    found: dict[str, str] = {}
    end = len(source)
    while True:
        gap = _GAP.match(source, at)
        at = gap.end() if gap else at
        if at >= end:
            return found, -1
        if source[at] == ">":
            return found, at + 1
        part = _ATTRIBUTE.match(source, at)
        if part is None:
            return found, -1
        name, at, value = part.group(1).lower(), part.end(), ""
        if part.group(2) and at < end:
            if source[at] in "\"'":
                close = source.find(source[at], at + 1)
                if close < 0:
                    return found, -1
                value, at = source[at + 1 : close], close + 1
            else:
                bare = _UNQUOTED.match(source, at)
                value, at = (bare.group(), bare.end()) if bare else ("", at)
        found.setdefault(name, html.unescape(value))


def _collapse(text: str) -> str:
    return _SPACE.sub(" ", text).strip()
