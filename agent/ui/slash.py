"""What a typed line means: a question, or a command behind a slash. The same for both views."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

MAX_LINE_CHARS = 4000

COMMANDS: Mapping[str, str] = MappingProxyType(
    {
        "ask": "ask a question (a line without a slash does the same)",
        "camera": "show the pictures of one source, or of any",
        "copy": "copy the newest answer",
        "help": "keys and commands",
        "interrupt": "stop speaking and answering",
        "mute": "answer in writing only; again: aloud too",
        "remarks": "speak unasked, or not",
        "save": "write the conversation to a file",
        "search": "find words in all that was said and seen",
        "quit": "leave",
    }
)


def parsed(line: str) -> tuple[str, str]:
    """Command and argument of a typed line; a line without a slash is a question.

    An unambiguous beginning of a command is that command; an unknown one is returned as it is.
    """
    line = line.strip()[:MAX_LINE_CHARS]
    if not line.startswith("/"):
        return "ask", line
    name, _, argument = line[1:].partition(" ")
    name = name.lower()
    close = [known for known in COMMANDS if known.startswith(name)] if name else []
    return (close[0] if len(close) == 1 and name not in COMMANDS else name), argument.strip()


def help_lines() -> list[str]:
    """One line for each command."""
    return [f"/{name}: {about}" for name, about in COMMANDS.items()]
