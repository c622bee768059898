"""Pages that intruders put up to show that they were there."""

import re

from .lexicon import Lexicon
from .reading import Reading

_SMALL = 3_000
"""Characters of visible text of a page that says little else."""
_TINY = 1_000
_FEW_LINKS = 10
_DEED = (
    "(?:hacked|h4cked|hack3d|haxored|defaced|d3faced|pwned|pwn3d|0wned|owned|rooted|touched|stamped|destroyed|ruined"
    "|fucked)"
)
_BOAST = re.compile(
    rf"\b{_DEED}[\W_]{{0,4}}(?:by|oleh|from|with love)\b"
    r"|\b(?:di[ -]?)?(?:hack|hek|retas|deface) oleh\b"
    r"|\byou(?:'ve| have| got| were)? (?:been )?(?:hacked|pwned|owned)\b"
    rf"|\b(?:site|website|server|system|security) (?:has been |have been |was |is |got |get )?{_DEED}\b"
)
_OPENS = re.compile(rf"\W{{0,6}}(?:{_DEED}[\W_]{{0,4}}by\b|you(?:'ve| have) been (?:hacked|pwned)\b)")
_BADGE = re.compile(
    r"\b(?:was here|greetz|hacker rulez|cyber (?:army|team)|security is an illusion"
    r"|patch your (?:site|system|security))\b"
)


def is_defaced(reading: Reading, lexicon: Lexicon) -> bool:
    """Whether title or a first heading boasts, on a page with little else; in an article that means nothing."""
    heads = [text for text in (reading.title, *reading.headings[:3]) if text]
    text = " ".join(block.text for block in reading.blocks if not block.hidden)
    if lexicon.acts.search(_BOAST.sub(" ", " ".join(heads))):
        return False
    if any(_OPENS.match(head) for head in heads) and len(text) <= 2 * _SMALL:
        return True
    if len(text) > _SMALL or len(reading.links) > _FEW_LINKS:
        return False
    if any(_BOAST.search(head) or _BADGE.search(head) for head in heads):
        return True
    return len(text) <= _TINY and _BOAST.search(text) is not None and not lexicon.acts.search(_BOAST.sub(" ", text))
