"""HTML: visible text, comments, inline scripts, attributes, tables, in one pass over a parsed tree."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from selectolax.lexbor import LexborHTMLParser

from .document import Document, Passage, Table
from .tree import from_json

_INLINE = frozenset(
    (
        "a", "abbr", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "em", "font", "i", "ins", "kbd",
        "label", "mark", "q", "s", "samp", "small", "span", "strike", "strong", "sub", "sup", "time", "tt", "u", "var",
        "wbr",
    )
)  # fmt: skip
"""Elements that do not end a word: `63<b>71</b>` reads as one number."""
_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "caption", "legend"))
_DULL = frozenset(
    (
        "class", "style", "d", "points", "srcset", "sizes", "integrity", "nonce", "viewbox", "transform", "rel", "role",
        "width", "height", "lang", "dir", "type", "media", "target", "charset", "crossorigin", "fill", "stroke",
    )
)  # fmt: skip
"""Attributes that hold no words of people."""
_JSON_START = re.compile(r"[=(:,]\s*(?=\[\s*[\[{]|\{\s*\")")
_JSON_TRIES = 64
_OBJECT = re.compile(r"\{[^{}]{12,4000}\}")
_PAIR = re.compile(r"""[{,]\s*["']?([A-Za-z_]\w{0,40})["']?\s*:\s*(?:"([^"\n]*)"|'([^'\n]*)'|([0-9.]+))\s*(?=[,}])""")
_OBJECTS = 20_000
_JSON_LEAST = 20
_NESTED_LEVELS = 2
_SMALL, _DEEPEST = 20_000, 2_000
"""Elements left open beyond which no tree is built: the time for one grows with the square of its depth."""
_OPENED = re.compile(
    r"<(?:div|span|section|article|b|i|u|a|em|strong|font|center|form|table|ul|ol|dl|blockquote|main|nav|small|big|"
    r"code|pre|sub|sup|s|strike|tt|nobr|label|button|svg|g|math|template|object|details|fieldset|figure)\b",
    re.IGNORECASE,
)
_CLOSED = re.compile(r"</[a-z]", re.IGNORECASE)
_TAG = re.compile(r"<[^<>]*>")


def from_html(source: str, *, level: int = 0) -> Document:
    """Every passage and table of a page. A comment that holds markup is read as markup too."""
    if len(source) > _SMALL and len(_OPENED.findall(source)) - len(_CLOSED.findall(source)) > _DEEPEST:
        return Document((Passage(_TAG.sub("\n", source), "text"), Passage(source, "attributes")))
    walk = _Walk(level)
    walk.over(LexborHTMLParser(source).root)
    return walk.document()


def from_script(source: str) -> Document:
    """JavaScript: the text as it is, and the JSON literals in it as tables."""
    tables = [table for value in literals(source) for table in from_json(value).tables]
    tables += from_json(list(_objects(source))).tables
    return Document((Passage(source, "script"),), tuple(tables))


def _objects(source: str) -> Iterator[dict[str, str]]:
    """Flat object literals as JavaScript writes them, keys without quotes."""
    for number, found in enumerate(_OBJECT.finditer(source)):
        if number >= _OBJECTS:
            return
        pairs = _PAIR.findall(found[0])
        if len(pairs) > 1:
            yield {key: double or single or bare for key, double, single, bare in pairs}


def literals(source: str) -> Iterator[Any]:
    """JSON arrays and objects that stand in a script."""
    decoder, done, tries = json.JSONDecoder(), 0, 0
    for found in _JSON_START.finditer(source):
        if found.end() < done or tries >= _JSON_TRIES:
            continue
        tries += 1
        try:
            value, end = decoder.raw_decode(source, found.end())
        except (ValueError, RecursionError):
            continue
        if end - found.end() >= _JSON_LEAST:
            done = end
            yield value


@dataclass(slots=True)
class _Walk:
    level: int
    words: list[str] = field(default_factory=list)
    attributes: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    passages: list[Passage] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)
    title: str = ""
    heading: str = ""
    tables_seen: int = 0
    records: list[dict[str, str]] = field(default_factory=list)
    """Elements with several `data-` attributes: what a script will show."""

    def document(self) -> Document:
        head = [Passage("".join(self.words)), Passage("\n".join(self.attributes), "attributes")]
        passages = [passage for passage in (*head, *self.passages) if passage.text.strip()]
        tables = (*self.tables, *from_json(self.records).tables)
        return Document(tuple(passages), tables, self.title, tuple(self.links))

    def over(self, root: Any) -> None:
        """Walk without recursion: the depth of a tree is the page's own choice."""
        stack = [(root, False)] if root is not None else []
        while stack:
            node, left = stack.pop()
            if left:
                self.words.append("\n")
            elif node.tag == "-text":
                self.words.append(node.text_content or "")
            elif node.tag == "-comment":
                self._comment(node.comment_content or "")
            elif self._element(node.tag or "", node):
                stack += [(node, True)] if node.tag not in _INLINE else []
                children = list(node.iter(include_text=True, skip_empty=False))
                children += _contents(node) if node.tag == "template" else []
                stack += [(child, False) for child in reversed(children)]

    def _element(self, tag: str, node: Any) -> bool:
        """Note an element; whether its children are to be walked over."""
        self._attributes(tag, node)
        if tag in ("script", "style"):
            self._script(tag, node)
            return False
        if tag == "table" and self._table(node):
            return False
        if tag == "title":
            self.title = self.title or node.text().strip()
        if tag in _HEADINGS:
            self.heading = node.text(separator=" ").strip()
        if tag not in _INLINE:
            self.words.append("\n")
        return True

    def _comment(self, text: str) -> None:
        self.passages.append(Passage(text, "comment"))
        if "</" in text and self.level < _NESTED_LEVELS:
            inner = from_html(text, level=self.level + 1)
            self.passages += inner.passages
            self.tables += inner.tables

    def _script(self, tag: str, node: Any) -> None:
        text = node.text(deep=True)
        if not text:
            return
        self.passages.append(Passage(text, "script" if tag == "script" else "text"))
        kind = (node.attributes.get("type") or "") if tag == "script" else ""
        if tag == "script" and "json" not in kind:
            self.tables += from_script(text).tables
        elif tag == "script":
            try:
                self.tables += from_json(json.loads(text)).tables
            except (ValueError, RecursionError):
                return

    def _attributes(self, tag: str, node: Any) -> None:
        kept = []
        for name, value in node.attributes.items():
            if not value or name in _DULL:
                continue
            if name in ("href", "src", "action", "data", "data-src", "data-href"):
                self.links.append(value)
            kept.append(f'{name}="{value}"')
        data = {name[5:]: value for name, value in node.attributes.items() if value and name.startswith("data-")}
        if len(data) > 1:
            self.records.append(data)
        if kept:
            self.attributes.append(f"{tag} {' '.join(kept)}")

    def _table(self, node: Any) -> bool:
        """Read a table of data; one that holds tables is layout, and is walked like anything else."""
        if node.css_first("table table") is not None or len(node.css("table")) > 1:
            return False
        self.tables_seen += 1
        rows = []
        for row in node.css("tr"):
            cells = [cell for cell in row.iter() if cell.tag in ("td", "th")]
            rows.append(tuple(" ".join(cell.text(separator=" ").split()) for cell in cells))
        caption = node.css_first("caption")
        above = f"{self.title} {self.heading} {caption.text() if caption else ''}"
        self.tables.append(Table(tuple(rows), f"table {self.tables_seen}", above=above))
        for element in node.css("[href],[src],[data-nik],[value],[title],[data-id],[onclick],[data-content]"):
            self._attributes(element.tag or "", element)
        for script in node.css("script"):
            self._script("script", script)
        return True


def _contents(node: Any) -> list[Any]:
    whole = node.html or ""  # its content is a document of its own (HTML 4.12.3), which has no `inner_html` here
    html = whole[whole.find(">") + 1 : whole.rfind("<")]
    root = LexborHTMLParser(html).root if html else None
    return [root] if root is not None else []
