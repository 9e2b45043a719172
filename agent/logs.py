"""What a service writes for whoever runs it: lines of text, or one JSON object a line; never a secret."""

from __future__ import annotations

import json
import logging
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Literal, TextIO
from urllib.parse import unquote

from agent.config import Config
from dialog.events import Alert, Event
from streams.sources.urls import redact
from streams.types import Health

LogForm = Literal["text", "json"]
MAX_MESSAGE_CHARS = 4000
MIN_SECRET_CHARS = 4
"""A shorter one would blot out words by chance."""
HIDDEN = "***"

_PASSWORD = re.compile(r"://[^/?#\s]*?:([^/?#\s]+)@")
_SECRET_KEYS = ("password", "token", "secret", "api_key")
_LEVELS = {"ok": logging.INFO, "degraded": logging.WARNING, "failed": logging.ERROR}
_OF_ALERT = {"info": logging.INFO, "warning": logging.WARNING, "alarm": logging.WARNING}


def hider(secrets: Iterable[str]) -> Callable[[str], str]:
    """What takes secrets, and what addresses hold of them, out of a line."""
    known = sorted({s for s in secrets if len(s) >= MIN_SECRET_CHARS}, key=len, reverse=True)

    def hide(text: str) -> str:
        for secret in known:
            text = text.replace(secret, HIDDEN)
        return redact(text)

    return hide


def secrets_of(config: Config) -> tuple[str, ...]:
    """Whatever must not be shown to anybody: tokens, passwords, and what looks like one in plugins' tables."""
    told = [config.web.token, config.mqtt.password, *(server.credential for server in config.web.ice_servers)]
    for url in (config.mqtt.url, *(source.url for source in config.sources)):
        if (found := _PASSWORD.search(url)) is not None:
            told += [found[1], unquote(found[1])]
    return tuple(dict.fromkeys(secret for secret in (*told, *_secrets_in(config.plugins.tables)) if secret))


def _secrets_in(table: Mapping[str, Any]) -> Iterator[str]:
    for key, value in table.items():
        if isinstance(value, Mapping):
            yield from _secrets_in(value)
        elif isinstance(value, str) and any(word in key.lower() for word in _SECRET_KEYS):
            yield value


def log_to(stream: TextIO, form: LogForm, configs: Sequence[Config], level: int = logging.INFO) -> logging.Handler:
    """A handler that writes to `stream` without the secrets of configurations.

    Args:
        stream: where to.
        form: `text`, or `json`: `time` (ISO 8601), `level`, `logger`, `message` and what a record has beside.
        configs: whose secrets are left out: the one in force, and those that were.
        level: the least that is written.
    """
    handler = logging.StreamHandler(stream)
    handler.setLevel(level)
    hide = hider(secret for config in configs for secret in secrets_of(config))
    handler.setFormatter(_Json(hide) if form == "json" else _Text(hide))
    return handler


def log_service(form: LogForm, configs: Sequence[Config]) -> None:
    """Send what heed and its libraries log to standard error, from now on; `configs` as for `log_to`."""
    root = logging.getLogger()
    for old in list(root.handlers):
        root.removeHandler(old)
    root.addHandler(log_to(sys.stderr, form, configs))
    logging.getLogger("heed").setLevel(logging.INFO)


def log_note(line: str) -> None:
    """A line about heed itself, as at its start."""
    logging.getLogger("heed").info("%s", line)


def log_event(event: Event) -> None:
    """A tap for `Bus.tap`: faults, what ends them, and alerts."""
    match event:
        case Health():
            more: dict[str, Any] = {"type": "health", "component": event.component, "state": event.state}
            line, level = f"{event.component} {event.state}: {event.reason}", _LEVELS[event.state]
        case Alert():
            more = {"type": "alert", "rule": event.rule, "severity": event.severity, "phase": event.phase}
            more["id"] = event.id
            line, level = f"alert {event.rule} {event.phase}: {event.text}", _OF_ALERT[event.severity]
        case _:
            return
    logging.getLogger("heed").log(level, "%s", line, extra={"heed": more})


class _Text(logging.Formatter):
    def __init__(self, hide: Callable[[str], str]) -> None:
        super().__init__("%(levelname)s %(name)s: %(message)s")
        self._hide = hide

    def format(self, record: logging.LogRecord) -> str:
        return _one_line(self._hide(super().format(record)), keep_lines=bool(record.exc_info))


class _Json(logging.Formatter):
    def __init__(self, hide: Callable[[str], str]) -> None:
        super().__init__()
        self._hide = hide

    def format(self, record: logging.LogRecord) -> str:
        moment = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        told = {"time": moment, "level": record.levelname.lower(), "logger": record.name}
        told["message"] = _one_line(self._hide(record.getMessage()))
        if record.exc_info:
            told["error"] = self._hide(self.formatException(record.exc_info))
        told |= {key: self._hide(str(value)) for key, value in getattr(record, "heed", {}).items()}
        return json.dumps(told, ensure_ascii=True)


def _one_line(text: str, keep_lines: bool = False) -> str:
    """What was seen or heard may hold anything: no line of a log is made by it, and no terminal is moved."""
    kept = "".join(c if c.isprintable() or (keep_lines and c == "\n") else " " for c in text)
    return kept if keep_lines else kept[:MAX_MESSAGE_CHARS]
