"""Configuration tables into frozen dataclasses: what is unknown or of the wrong type is one line that names the key.

Values never appear in messages: a key may hold a password.
"""

from __future__ import annotations

import difflib
import types
import typing
from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass
from typing import Any, Literal, TypeVar

from streams.errors import HeedError

T = TypeVar("T")

_NAMES = types.MappingProxyType({int: "a whole number", float: "a number", str: "a string", bool: "true or false"})


class OptionsError(HeedError):
    """A plugin's configuration cannot be used; the message names the key."""

    code = "config"


def build(schema: type[T], table: object, where: str) -> T:
    """`table`, as it comes from TOML, as a frozen dataclass.

    Fields may be `bool`, `int`, `float`, `str`, `Literal[...]`, `X | None`, another dataclass, `tuple[X, ...]` for
    lists (also of tables), a `tuple` of fixed length, `dict[str, X]` or `Mapping[str, X]`. A dataclass whose
    `__post_init__` raises `ValueError` says in it what is wrong with its values.

    Args:
        schema: the dataclass.
        table: what the file says.
        where: its name in messages, as in `plugins.alerts`.

    Raises:
        OptionsError: one line naming the key.
    """
    if not isinstance(table, Mapping):
        raise OptionsError(f"'{where}' must be a table")
    hints = typing.get_type_hints(schema)
    known = [f.name for f in fields(schema) if f.init]  # type: ignore[arg-type]
    for key in table:
        if key not in known:
            close = difflib.get_close_matches(str(key), known, 1)
            guess = f"did you mean '{close[0]}'?" if close else f"known here: {', '.join(known) or 'nothing'}"
            raise OptionsError(f"unknown key '{where}.{key}': {guess}")
    values = {key: _value(hints[key], value, f"{where}.{key}") for key, value in table.items()}
    missing = [
        f.name
        for f in fields(schema)  # type: ignore[arg-type]
        if f.init and f.name not in values and f.default is MISSING and f.default_factory is MISSING
    ]
    if missing:
        raise OptionsError(f"'{where}' needs {' and '.join(missing)}")
    try:
        return schema(**values)
    except ValueError as error:
        raise OptionsError(f"'{where}': {error}") from error


def _value(hint: Any, value: object, where: str) -> Any:
    origin, inner = typing.get_origin(hint), typing.get_args(hint)
    if is_dataclass(hint) and isinstance(hint, type):
        return build(hint, value, where)
    if origin in (typing.Union, types.UnionType):
        return _one_of([kind for kind in inner if kind is not type(None)], value, where)
    if origin is Literal:
        if value not in inner:
            raise OptionsError(f"'{where}' must be one of {', '.join(map(repr, inner))}")
        return value
    if origin is tuple:
        return _list(inner, value, where)
    if origin is not None and issubclass(origin, Mapping):
        if not isinstance(value, Mapping):
            raise OptionsError(f"'{where}' must be a table")
        return {str(key): _value(inner[1], item, f"{where}.{key}") for key, item in value.items()}
    if hint is Any:
        return value
    if hint is float and isinstance(value, int) and not isinstance(value, bool):
        value = float(value)
    if not isinstance(value, hint) or (hint is int and isinstance(value, bool)):
        raise OptionsError(f"'{where}' must be {_NAMES.get(hint, hint.__name__)}")
    return value


def _list(inner: tuple[Any, ...], value: object, where: str) -> tuple[Any, ...]:
    if not isinstance(value, list | tuple):
        raise OptionsError(f"'{where}' must be a list")
    if len(inner) == 2 and inner[1] is ...:
        return tuple(_value(inner[0], item, f"{where}[{n}]") for n, item in enumerate(value))
    if len(value) != len(inner):
        raise OptionsError(f"'{where}' must be a list of {len(inner)}")
    return tuple(_value(kind, item, f"{where}[{n}]") for n, (kind, item) in enumerate(zip(inner, value, strict=True)))


def _one_of(kinds: list[Any], value: object, where: str) -> Any:
    """The value as the first of several types that takes it."""
    for number, kind in enumerate(kinds):
        try:
            return _value(kind, value, where)
        except OptionsError:
            if number == len(kinds) - 1:
                raise
    raise OptionsError(f"'{where}' can have no value")
