"""Structured field values (RFC 9651, section 4.2), as far as the headers of browsers use them.

Values are `bool`, `int`, `float`, `bytes`, text (`str`), `Token`, and inner lists (`tuple`). Parameters are read and
dropped. A field that breaks the grammar anywhere has no value at all.
"""

import base64
import binascii
import re
from collections.abc import Mapping
from dataclasses import dataclass

Value = object
"""One of the types above."""


class Token(str):
    """A word without quotes."""

    __slots__ = ()


_KEY = re.compile(r"[a-z*][a-z0-9_\-.*]*")
_TOKEN = re.compile(r"[A-Za-z*][!#$%&'*+\-.^_`|~0-9A-Za-z:/]*")
_NUMBER = re.compile(r"-?(?:[0-9]{1,12}\.[0-9]{1,3}|[0-9]{1,15})(?![0-9.])")
_STRING = re.compile(r'"((?:[ !#-\[\]-~]|\\["\\])*)"')
_BYTES = re.compile(r":([A-Za-z0-9+/=]*):")
_BOOLEAN = re.compile(r"\?([01])")
_OWS = re.compile(r"[ \t]*")
_SP = re.compile(r" *")


class _BrokenError(Exception):
    """The text breaks the grammar."""


def dictionary(value: str) -> Mapping[str, Value] | None:
    """Members by key, the last of a key; None when the field breaks the grammar. An empty field has no members."""
    try:
        return _Reader(value.strip(" ")).dictionary()
    except _BrokenError:
        return None


def item(value: str) -> Value | None:
    """The one value of an item; None when the field breaks the grammar, as an empty one does."""
    reader = _Reader(value.strip(" "))
    try:
        found = reader.item()
    except _BrokenError:
        return None
    return found if reader.ended() else None


@dataclass(slots=True)
class _Reader:
    text: str
    at: int = 0

    def ended(self) -> bool:
        return self.at >= len(self.text)

    def dictionary(self) -> dict[str, Value]:
        members: dict[str, Value] = {}
        while not self.ended():
            key = self._take(_KEY)[0]
            members.pop(key, None)
            if self._skip("="):
                members[key] = self._inner_list() if self._skip("(") else self.item()
            else:
                members[key] = True
                self._parameters()
            self._take(_OWS)
            if self.ended():
                break
            if not self._skip(","):
                raise _BrokenError
            self._take(_OWS)
            if self.ended():  # a comma at the end
                raise _BrokenError
        return members

    def item(self) -> Value:
        value = self._bare()
        self._parameters()
        return value

    def _inner_list(self) -> tuple[Value, ...]:
        values: list[Value] = []
        while True:
            self._take(_SP)
            if self._skip(")"):
                self._parameters()
                return tuple(values)
            values.append(self.item())
            if self.text[self.at : self.at + 1] not in (" ", ")"):
                raise _BrokenError

    def _parameters(self) -> None:
        while self._skip(";"):
            self._take(_SP)
            self._take(_KEY)
            if self._skip("="):
                self._bare()

    def _bare(self) -> Value:
        first = self.text[self.at : self.at + 1]
        if first == '"':
            return re.sub(r"\\(.)", r"\1", self._take(_STRING)[1])
        if first == ":":
            return self._bytes()
        if first == "?":
            return self._take(_BOOLEAN)[1] == "1"
        if first.isascii() and (first.isalpha() or first == "*"):
            return Token(self._take(_TOKEN)[0])
        number = self._take(_NUMBER)[0]
        return float(number) if "." in number else int(number)

    def _bytes(self) -> bytes:
        try:
            return base64.b64decode(self._take(_BYTES)[1])
        except (binascii.Error, ValueError):
            raise _BrokenError from None

    def _take(self, pattern: re.Pattern[str]) -> re.Match[str]:
        found = pattern.match(self.text, self.at)
        if found is None:
            raise _BrokenError
        self.at = found.end()
        return found

    def _skip(self, character: str) -> bool:
        found = self.text.startswith(character, self.at)
        self.at += found
        return found
