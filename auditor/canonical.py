"""The one serializer: value types to canonical JSON and back, strictly.

Canonical means: UTF-8, keys sorted, no white space, no floats, times in UTC to the second with `Z`. For such
data these are the bytes RFC 8785 asks for. Files are signed as the bytes they are and never re-encoded to be
verified.
"""

import hashlib
import json
import types
import typing
from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from functools import cache
from typing import Any, TypeVar, Union

from auditor.model import TYPE_NAMES

T = TypeVar("T")

_TYPES_BY_NAME = {name: type_ for type_, name in TYPE_NAMES.items()}
_TIME = "%Y-%m-%dT%H:%M:%SZ"


class DecodeError(ValueError):
    """Data that is not of the type asked for; the message starts with the place inside the data."""


def sha256(data: bytes) -> str:
    """Hex digest."""
    return hashlib.sha256(data).hexdigest()


def encode(value: Any) -> bytes:
    """Canonical JSON of a value type, or of plain data.

    Raises:
        TypeError: for a float, a naive datetime, or a type that no document of ours holds.
    """
    return json.dumps(
        to_plain(value), sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False
    ).encode("utf-8", "surrogatepass")


def to_plain(value: Any) -> Any:  # noqa: PLR0911 - one line a kind of value
    """Value types to dicts, lists, strings, integers and booleans."""
    if value is None or isinstance(value, (bool, int)):
        return value
    if isinstance(value, str):
        return value.value if isinstance(value, StrEnum) else value
    if isinstance(value, datetime):
        return format_time(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, type):
        return TYPE_NAMES[value]
    if is_dataclass(value):
        return {name: to_plain(getattr(value, name)) for name in _field_names(value.__class__)}
    if isinstance(value, Mapping):
        return {str(key): to_plain(item) for key, item in value.items()}
    if isinstance(value, (tuple, list)):
        return [to_plain(item) for item in value]
    raise TypeError(f"{type(value).__name__} has no place in a canonical document")


def format_time(moment: datetime) -> str:
    """UTC to the second, `2026-11-22T10:00:00Z`.

    Raises:
        TypeError: for a datetime without a zone.
    """
    if moment.tzinfo is None:
        raise TypeError("a time without a zone has no place in a canonical document")
    # not strftime, which writes the year 1 (a certificate may start then) as "1"
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="seconds") + "Z"


def parse_time(text: str) -> datetime:
    """The inverse of `format_time`.

    Raises:
        ValueError: for any other form.
    """
    return datetime.strptime(text, _TIME).replace(tzinfo=UTC)


def decode(type_: type[T], data: bytes) -> T:
    """Parse JSON bytes as `type_`.

    Raises:
        DecodeError: not JSON, a duplicate key, an unknown or missing key, or a value of the wrong type.
    """
    value: T = from_plain(type_, load_json(data))
    return value


def load_json(data: bytes) -> Any:
    """JSON to plain data, refusing what canonical documents never hold.

    Raises:
        DecodeError: not UTF-8 JSON, a duplicate key, a float, NaN.
    """
    try:
        return json.loads(
            data.decode("utf-8", "surrogatepass"),
            object_pairs_hook=_no_duplicates,
            parse_float=_no_float,
            parse_constant=_no_float,
        )
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError) as error:
        raise DecodeError(f"not JSON: {error}") from None


def _no_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    plain = dict(pairs)
    if len(plain) != len(pairs):
        names = [key for key, _ in pairs]
        raise DecodeError(f"key {next(n for n in names if names.count(n) > 1)!r} stands twice")
    return plain


def _no_float(text: str) -> Any:
    raise DecodeError(f"{text} is not an integer")


def from_plain(type_: Any, plain: Any, where: str = "") -> Any:
    """Plain data as `type_`: a value type, an enum, or a generic of them.

    Raises:
        DecodeError: with the place inside the data.
    """
    origin = typing.get_origin(type_)
    if origin in (Union, types.UnionType):
        return _from_union(type_, plain, where)
    if origin is tuple:
        item = typing.get_args(type_)[0]
        _expect(isinstance(plain, list), "a list", plain, where)
        return tuple(from_plain(item, part, f"{where}[{i}]") for i, part in enumerate(plain))
    if origin in (dict, Mapping):
        _expect(isinstance(plain, dict), "a mapping", plain, where)
        item = typing.get_args(type_)[1]
        return {key: from_plain(item, part, f"{where}.{key}") for key, part in plain.items()}
    if is_dataclass(type_):
        return _from_mapping(type_, plain, where)
    if origin is type:
        _expect(plain in _TYPES_BY_NAME, f"one of {', '.join(_TYPES_BY_NAME)}", plain, where)
        return _TYPES_BY_NAME[plain]
    return _from_scalar(type_, plain, where)


def _from_union(type_: Any, plain: Any, where: str) -> Any:
    options = typing.get_args(type_)
    if plain is None and type(None) in options:
        return None
    if all(typing.get_origin(option) is type for option in options):
        return from_plain(options[0], plain, where)
    for option in options:
        if option is type(None):
            continue
        try:
            return from_plain(option, plain, where)
        except DecodeError:
            if len([o for o in options if o is not type(None)]) == 1:
                raise
    raise DecodeError(f"{where or 'value'}: {plain!r:.60} is of no allowed type")


def _from_mapping(type_: Any, plain: Any, where: str) -> Any:
    _expect(isinstance(plain, dict), "a mapping", plain, where)
    hints = _hints(type_)
    unknown = sorted(set(plain) - set(hints))
    if unknown:
        raise DecodeError(f"{where or type_.__name__}: unknown key {unknown[0]!r}")
    for part in fields(type_):
        if part.name not in plain and part.default is MISSING and part.default_factory is MISSING:
            raise DecodeError(f"{where or type_.__name__}: key {part.name!r} is missing")
    return type_(**{key: from_plain(hints[key], item, f"{where}.{key}") for key, item in plain.items()})


def _from_scalar(type_: Any, plain: Any, where: str) -> Any:
    if type_ is bool or type_ is int or type_ is str:
        _expect(type(plain) is type_, TYPE_NAMES[type_], plain, where)
        return plain
    _expect(isinstance(plain, str), "text", plain, where)
    try:
        if type_ is datetime:
            return parse_time(plain)
        if type_ is date:
            return date.fromisoformat(plain)
        return type_(plain)
    except ValueError:
        raise DecodeError(f"{where or 'value'}: {plain!r:.60} is not a valid {type_.__name__}") from None


def _expect(holds: bool, wanted: str, plain: Any, where: str) -> None:  # noqa: FBT001 - reads as a sentence
    if not holds:
        raise DecodeError(f"{where or 'value'}: expected {wanted}, found {plain!r:.60}")


@cache
def _hints(type_: type) -> dict[str, Any]:
    return typing.get_type_hints(type_)


@cache
def _field_names(type_: type) -> tuple[str, ...]:
    return tuple(part.name for part in fields(type_))
