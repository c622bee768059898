"""Text as a reader sees it: disguises of letters undone, so that one list of words is enough.

Undone are compatibility forms (NFKC), accents heaped on letters, characters without width, letters of other scripts
that look Latin (a part of Unicode TS 39, confusables), digits and signs in the place of letters, and letters set apart
(`s l o t`, `s.l.o.t`).
"""

import re
import unicodedata

_LATIN = str.maketrans(
    # Cyrillic
    "аеорсухіјѕԁһкмтвнԛԝгӏѵАВЕКМНОРСТХІЈЅ"
    # Greek
    "αβεηικνορτυχγωΑΒΕΖΗΙΚΜΝΟΡΤΥΧ"
    # Armenian
    "սօոհզցյլ"
    # small capitals, script g, dotless i and j
    "ᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘʀꜱᴛᴜᴠᴡʏᴢɡıȷøłđ",
    "aeopcyxijsdhkmtbhqwrlvabekmhopctxijs"
    "abenikvoptuxywabezhikmnoptyx"
    "uonhqgjl"
    "abcdefghijklmnoprstuvwyzgijold",
)  # fmt: skip
_WIDTHLESS = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0]|[\U000e0000-\U000e0fff]"
)
_APART = re.compile(r"(?<![^\W_])(?:[^\W_](?P<gap>[ .\-_*·|•~])(?:[^\W_](?P=gap)){2,})[^\W_](?![^\W_])")
_SPACE = re.compile(r"\s+")
_LEET = str.maketrans("013456789@$!|", "oleasgtbgasll")
_INSIDE = r"[^\s<>\"'=/?&,;:()\[\]{}#]"
_TOKEN = re.compile(rf"(?<!{_INSIDE}){_INSIDE}*?[013-9@$!|]{_INSIDE}*")
_SIGNS = re.compile(r"[013-9@$!|]")
_LETTER = re.compile(r"[a-z]")
FOLD = str.maketrans("i", "l")
"""Letters that no reader tells apart from the digit 1, as one."""


def normal(text: str) -> str:
    """Lower case, one space between words, disguises undone, digits as they are."""
    text = _SPACE.sub(" ", latin(text).lower())
    return _APART.sub(lambda found: found[0].replace(found["gap"], ""), text)


def latin(text: str) -> str:
    """Look-alikes as the Latin letters that they are taken for."""
    if text.isascii():
        return text
    text = unicodedata.normalize("NFKC", _WIDTHLESS.sub("", text))
    bare = "".join(char for char in unicodedata.normalize("NFD", text) if not _is_heaped(char))
    return unicodedata.normalize("NFC", bare).translate(_LATIN)


def _is_heaped(char: str) -> bool:
    """Combining marks of Latin letters."""
    return "\u0300" <= char <= "\u036f"


def plain(text: str) -> str:
    """Normal text with letters for digits and signs, `i` and `l` as one: for comparing, as long as the text itself."""

    def undo(found: re.Match[str]) -> str:
        return found[0].translate(_LEET) if _LETTER.search(found[0]) else found[0]

    return (_TOKEN.sub(undo, text) if _SIGNS.search(text) else text).translate(FOLD)
