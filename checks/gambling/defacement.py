"""Pages that intruders put up to show that they were there."""

import re

from .lexicon import Lexicon
from .reading import Reading

_SMALL = 3_000
"""Characters of visible text of a page that says little else."""
_TINY = 1_000
_FEW_LINKS = 10
_SURE = "(?:hacked|h4cked|hack3d|h4ck3d|haxored|hax0red|defaced|d3faced|pwned|pwn3d|0wned|0wn3d)"
_DUBIOUS = "(?:owned|rooted|touched|stamped|destroyed|ruined|fucked)"
"""Words that also stand in ordinary titles."""
_BOAST = re.compile(
    rf"\b{_SURE}[\W_]{{0,4}}(?:by|oleh|from|with love)\b|\b(?:hacked|defaced)by"
    r"|\b(?:di[ -]?)?(?:hack|hek|retas|deface) oleh\b"
    r"|\byou(?:'ve| have| got| were)? (?:been )?(?:hacked|pwned|0wned)\b"
    rf"|\b(?:site|website|server|system|security) (?:has been |have been |was |is |got |get )?{_SURE}\b"
)
_PERHAPS = re.compile(rf"\b{_DUBIOUS}[\W_]{{0,4}}(?:by|from)\b")
_OPENS = re.compile(rf"\W{{0,6}}(?:{_SURE}[\W_]{{0,4}}by\b|you(?:'ve| have) been (?:hacked|pwned)\b)")
_ALONE = re.compile(rf"\W*{_SURE}\W*")
_BADGE = re.compile(
    r"\b(?:was here|greetz|hacker rulez|haxor|h4x0r|security is an illusion|expect us"
    r"|patch your (?:site|system|security)"
    r"|cyber ?(?:army|team)|(?:hacker|defacer) (?:team|crew|group)|(?:your|ur) security|hello admin|hai admin|zone-h)\b"
)
_ASKS = re.compile(r"\b(?:how|what|why|if|when|cara|apa|apakah|tips|jika|bila|kalau|bagaimana|mengapa)\b|\?")


def is_defaced(reading: Reading, lexicon: Lexicon) -> bool:
    """Whether title or a first heading boasts, on a page with little else; in an article that means nothing."""
    heads = [text for text in (reading.title, *reading.headings[:3]) if text]
    shown = [block.text for block in reading.blocks if not block.hidden]
    length = sum(map(len, shown))
    if any(_ASKS.search(head) or lexicon.acts.search(_BOAST.sub(" ", head)) for head in heads):
        return False
    if any(_OPENS.match(head) or _ALONE.fullmatch(head) for head in heads) and length <= 2 * _SMALL:
        return True
    if length > _SMALL or len(reading.links) > _FEW_LINKS:
        return False
    if any(_BOAST.search(head) or _BADGE.search(head) for head in heads):
        return True
    if any(_PERHAPS.search(head) for head in heads):
        return any(_BADGE.search(text) for text in shown)
    return length <= _TINY and any(
        _BOAST.search(text) and not lexicon.acts.search(_BOAST.sub(" ", text)) for text in shown
    )
