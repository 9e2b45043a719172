"""Our frozen values as JSON and back, by their declared types alone: a closed set of classes, every field checked.

JSON and not pickle: what a child process sends is untrusted, and unpickling runs what the sender wants.
"""

from __future__ import annotations

import types
import typing
from collections.abc import Hashable, Mapping
from dataclasses import fields, is_dataclass
from functools import lru_cache
from typing import Any, Literal, cast

from dialog.events import Command, Event
from plugins.registered import Offers
from streams.errors import HeedError

EVENTS: tuple[type[Any], ...] = typing.get_args(Event)
COMMANDS: tuple[type[Any], ...] = typing.get_args(Command)

MAX_STRING_CHARS = 16_000
"""Longest string of a decoded value; what plugins emit is limited further (`registered.check_emitted`)."""
MAX_ITEMS = 4096
"""Longest list of a decoded value."""
_CLASS = "$"
_LEFT_OUT = frozenset({"features"})
"""Feature vectors are large, and the encoders' own."""


class CodecError(HeedError):
    """A message from another process is not what it should be."""

    code = "plugin"


def encode(value: Any) -> Any:
    """A value of heed as plain JSON values: a dataclass becomes an object that names its class."""
    if is_dataclass(value) and not isinstance(value, type):
        pairs = {f.name: encode(getattr(value, f.name)) for f in fields(value) if f.name not in _LEFT_OUT}
        return {_CLASS: type(value).__name__, **pairs}
    if isinstance(value, tuple | list):
        return [encode(item) for item in value]
    if isinstance(value, Mapping):
        return {str(key): encode(item) for key, item in value.items()}
    if value is None or isinstance(value, bool | int | float | str):
        return value
    return str(value) if not hasattr(value, "item") else value.item()  # a numpy number


def decode_event(value: object) -> Any:
    """An event of the closed set.

    Raises:
        CodecError: one line naming the field.
    """
    return _among(EVENTS, value, "event")


def decode_command(value: object) -> Any:
    """A command of the closed set.

    Raises:
        CodecError: one line naming the field.
    """
    return _among(COMMANDS, value, "command")


def decode_offers(value: object) -> Offers:
    """What a plugin registered.

    Raises:
        CodecError: one line naming the field.
    """
    offers: Offers = _among((Offers,), value, "offers")
    return offers


def decode(hint: Any, value: object, where: str) -> Any:
    """A plain JSON value as the declared type: `str`, `int`, `tuple[...]`, `X | None`, `Literal`, a dataclass.

    Raises:
        CodecError: one line naming the field.
    """
    origin, inner = typing.get_origin(hint), typing.get_args(hint)
    if origin is None:
        return _plain(hint, value, where)
    if origin in (typing.Union, types.UnionType):
        return _one_of(inner, value, where)
    if origin is Literal:
        if value not in inner or type(value) not in {type(item) for item in inner}:
            raise CodecError(f"'{where}' must be one of {', '.join(map(repr, inner))}")
        return value
    if origin is tuple:
        return _tuple(inner, value, where)
    raise CodecError(f"'{where}' cannot be sent")


def _plain(hint: Any, value: object, where: str) -> Any:
    if hint is Any:
        return value
    if hint is None or hint is type(None):
        if value is None:
            return None
    elif isinstance(hint, type) and is_dataclass(hint):
        return _among((hint,), value, where)
    elif hint is float:
        if isinstance(value, int | float) and not isinstance(value, bool):
            return float(value)
    elif hint is int:
        if isinstance(value, int) and not isinstance(value, bool) and abs(value) < 2**63:
            return value
    elif isinstance(hint, type) and isinstance(value, hint):
        if isinstance(value, str) and len(value) > MAX_STRING_CHARS:
            raise CodecError(f"'{where}' is longer than {MAX_STRING_CHARS} characters")
        return value
    raise CodecError(f"'{where}' must be {getattr(hint, '__name__', hint)}")


def _one_of(kinds: tuple[Any, ...], value: object, where: str) -> Any:
    if isinstance(value, dict):
        return _among(tuple(kind for kind in kinds if isinstance(kind, type) and is_dataclass(kind)), value, where)
    reason: CodecError | None = None
    for kind in kinds:
        try:
            return decode(kind, value, where)
        except CodecError as error:
            reason = error
    raise reason or CodecError(f"'{where}' can have no value")


def _tuple(inner: tuple[Any, ...], value: object, where: str) -> tuple[Any, ...]:
    if not isinstance(value, list) or len(value) > MAX_ITEMS:
        raise CodecError(f"'{where}' must be a list of at most {MAX_ITEMS}")
    if len(inner) == 2 and inner[1] is ...:
        return tuple(decode(inner[0], item, where) for item in value)
    if len(value) != len(inner):
        raise CodecError(f"'{where}' must be a list of {len(inner)}")
    return tuple(decode(kind, item, where) for kind, item in zip(inner, value, strict=True))


def _among(kinds: tuple[type[Any], ...], value: object, where: str) -> Any:
    if not isinstance(value, dict):
        raise CodecError(f"'{where}' must be an object")
    kind = next((kind for kind in kinds if kind.__name__ == value.get(_CLASS)), None)
    if kind is None:
        raise CodecError(f"'{where}' must be {' or '.join(kind.__name__ for kind in kinds)}")
    hints, given = _hints(cast(Hashable, kind)), {}
    for name, item in value.items():
        if name == _CLASS:
            continue
        if name not in hints or name in _LEFT_OUT:
            raise CodecError(f"'{where}.{name[:40]}' is no field of {kind.__name__}")
        given[name] = decode(hints[name], item, f"{where}.{name}")
    try:
        return kind(**given)
    except TypeError as error:
        raise CodecError(f"'{where}': a field of {kind.__name__} is missing") from error


@lru_cache(maxsize=64)
def _hints(kind: Hashable) -> dict[str, Any]:
    return typing.get_type_hints(kind)
