"""Pages of Japanese shops on a site that is not Japanese (the "Japanese keyword hack")."""

import re

from .lexicon import Lexicon
from .reading import Reading

_KANA = re.compile("[\u3040-\u30ff\u3400-\u9fff\uff66-\uff9f]")
_LETTERS = re.compile(r"[^\W\d_]")
_LEAST_WORDS = 2


def kana_share(reading: Reading) -> int:
    """Percent of a page's letters that are kana or ideographs."""
    text = " ".join(block.text for block in reading.blocks)
    letters = len(_LETTERS.findall(text))
    return len(_KANA.findall(text)) * 100 // letters if letters else 0


def is_japanese_shop(reading: Reading, lexicon: Lexicon) -> bool:
    """Whether much of the page is Japanese and it speaks of shopping; a kanji now and then is nothing."""
    text = " ".join(block.text for block in reading.blocks)
    if text.isascii():
        return False
    shopping = set(lexicon.shopping.findall(text))
    if len(shopping) < _LEAST_WORDS:
        return False
    return reading.language.startswith("ja") or kana_share(reading) >= lexicon.kana_percent
