"""Text from a scanned site, made safe to look at.

Control characters move a terminal's cursor, and bidirectional ones reorder a line so that `gpj.exe` reads
`exe.jpg` (Unicode Technical Report 36, section 2.5): both are shown by their code point instead.
"""

LONGEST = 2000
"""Characters shown of any one text; nothing a person reads in a report is longer."""


def visible(text: str, cap: int = LONGEST) -> str:
    """The text on one line with nothing invisible in it, cut after `cap` characters."""
    cut = text if len(text) <= cap else text[:cap] + "…"
    if cut.isprintable():
        return cut
    return "".join(char if char.isprintable() else _named(char) for char in cut)


def _named(char: str) -> str:
    if char in "\u00a0\u202f":
        return " "
    return f"⟨U+{ord(char):04X}⟩"
