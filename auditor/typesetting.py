"""Documents set by typst, the same bytes from the same input: its own fonts, nothing from the system or the network.

Templates get their data as JSON beside them, so that a text is never markup, whoever chose it.
"""

import json
import re
from collections.abc import Mapping
from functools import cache
from typing import Any

import typst

_STRANGE = re.compile(r"[^\n -~¡-¬®-ɏΑ-ΡΣ-ωЀ-џ‐-‧‰-›€₫←-↓≠≤≥⟨⟩]")
"""What the fonts cannot show or typst cannot shape: it panics on some scripts that combine characters."""
_LONG = re.compile(r"\S{25,}")
_BREAK = re.compile(r"(?<=[/._=&?:,;@-])(?=\w)|(?<=\w{18})(?=\w)")
_ZERO_WIDTH_SPACE = "\u200b"


def typeset(template: bytes, data: Mapping[str, Any], files: Mapping[str, bytes], *, tagged: bool) -> bytes:
    """The PDF that a template makes of `data.json` and the files beside it.

    It is PDF/A-3 (ISO 19005-3), level A where it is `tagged`: typst writes nothing that is not.
    """
    beside = {"main.typ": template, "data.json": json.dumps(_settable(data)).encode(), **files}
    compiler = typst.Compiler(beside, font_paths=_fonts(), ignore_system_fonts=True)  # type: ignore[type-var]
    set_ = compiler.compile(format="pdf", pdf_standards="a-3a" if tagged else "a-3b", pdf_tags=tagged)
    assert isinstance(set_, bytes)  # noqa: S101 - a list is for images, None for a file
    return set_


@cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False)


def _settable(value: Any) -> Any:
    """The data with every text fit to be set: characters that can be shown, long words that can be broken."""
    if isinstance(value, str):
        named = _STRANGE.sub(lambda found: f"⟨U+{ord(found[0]):04X}⟩", value)
        return _LONG.sub(lambda word: _BREAK.sub(_ZERO_WIDTH_SPACE, word[0]), named)
    if isinstance(value, Mapping):
        return {key: _settable(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_settable(item) for item in value]
    return value
