"""Parsed TOML tables into frozen dataclasses. Unknown keys are errors, with a guess; messages never hold values."""

from __future__ import annotations

import difflib
import types
import typing
from collections.abc import Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from typing import Any, Literal

from streams.errors import HeedError
from streams.webrtc.ice import IceServer


class ConfigError(HeedError):
    """The configuration cannot be used; the message names the key."""

    code = "config"


def from_text(text: str, hint: Any) -> Any:
    if hint is bool:
        return {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}.get(text.lower(), text)
    if hint in (int, float):
        try:
            return hint(text)
        except ValueError:
            return text
    return [x.strip() for x in text.split(",") if x.strip()] if typing.get_origin(hint) is tuple else text


def build(cls: type, table: object, where: str) -> Any:
    if not isinstance(table, dict):
        raise ConfigError(f"'{where}' must be a table")
    hints = typing.get_type_hints(cls)
    known = [f.name for f in keys(cls)]
    table = _gathered(cls, table, known)
    for key in table:
        if key in hints and key not in known:
            continue
        if key not in known:
            close = difflib.get_close_matches(key, known, 1)
            guess = f"did you mean '{close[0]}'?" if close else f"known here: {', '.join(known)}"
            raise ConfigError(f"unknown key '{_join(where, key)}': {guess}")
    values = {key: _value(hints[key], value, _join(where, key)) for key, value in table.items()}
    try:
        return cls(**values)
    except TypeError as error:
        missing = [f.name for f in fields(cls) if f.name not in values and f.default is MISSING]
        raise ConfigError(f"'{where}' needs {' and '.join(missing)}") from error


def keys(cls: type) -> list[Field[Any]]:
    """Fields that are keys of the file: all but the one that gathers the remaining tables."""
    return [f for f in fields(cls) if not f.metadata.get("rest")]


def _gathered(cls: type, table: dict[str, Any], known: list[str]) -> dict[str, Any]:
    """The table with its remaining tables under the field that gathers them, if the class has one."""
    rest = next((f.name for f in fields(cls) if f.metadata.get("rest")), None)
    if rest is None:
        return table
    if not isinstance(table.get(rest, {}), dict):
        raise ConfigError(f"'plugins.{rest}' must be a table")
    others = {key: value for key, value in table.items() if key not in known and isinstance(value, dict)}
    return {**{key: value for key, value in table.items() if key not in others}, rest: others}


def _value(hint: Any, value: object, where: str) -> Any:
    if typing.get_origin(hint) is Mapping:
        return value
    if hint is IceServer:
        value = value if isinstance(value, dict) else {"urls": value}
        urls = value.get("urls")  # one, or several, as browsers take it
        value = {**value, "urls": [urls]} if isinstance(urls, str) else value
    if is_dataclass(hint) and isinstance(hint, type):
        return build(hint, value, where)
    if typing.get_origin(hint) is tuple:
        item = typing.get_args(hint)[0]
        if not isinstance(value, list):
            raise ConfigError(f"'{where}' must be a list")
        return tuple(_value(item, v, f"{where}[{n}]") for n, v in enumerate(value))
    if typing.get_origin(hint) is Literal:
        choices = typing.get_args(hint)
        if value not in choices:
            raise ConfigError(f"'{where}' must be one of {', '.join(map(repr, choices))}")
        return value
    if hint is float and isinstance(value, int) and not isinstance(value, bool):
        value = float(value)
    if not isinstance(value, hint) or (hint is int and isinstance(value, bool)):
        raise ConfigError(f"'{where}' must be {_NAMES[hint]}")
    return value


def _join(where: str, key: str) -> str:
    return f"{where}.{key}" if where else key


_NAMES = types.MappingProxyType({int: "a whole number", float: "a number", str: "a string", bool: "true or false"})
