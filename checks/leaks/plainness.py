"""Writing undone that only hides digits: full-width and other scripts' digits, zero-width characters, odd spaces."""

import re
import unicodedata

_ODD = re.compile("(?![0-9])\\d|\uff20")
_GONE = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u2060\ufeff\u180e"))
_SPACES = dict.fromkeys((0x00A0, 0x1680, *range(0x2000, 0x200B), 0x202F, 0x205F, 0x3000), " ")
_DASHES = dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2013\u2014\u2015\u2212"), "-")
_MASKS = dict.fromkeys(map(ord, "\u2022\u25cf\u00d7\u2217\u22c6\u2588\u25a0\u25aa"), "*")
_TABLE = _GONE | _SPACES | _DASHES | _MASKS


def plain(text: str) -> str:
    """The text with digits in ASCII, and without characters that stand unseen between them."""
    if text.isascii():
        return text
    return _ODD.sub(_digit, text.translate(_TABLE))


def _digit(match: re.Match[str]) -> str:
    return "@" if match[0] == "\uff20" else str(unicodedata.decimal(match[0]))
