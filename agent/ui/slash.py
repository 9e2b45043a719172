"""What a typed line means: a question, or a command behind a slash. The same for both views."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from types import MappingProxyType

MAX_LINE_CHARS = 4000

COMMANDS: Mapping[str, str] = MappingProxyType(
    {
        "ask": "ask a question (a line without a slash does the same)",
        "camera": "show the pictures of one source; without a name: of any",
        "copy": "copy the chosen answer, else the newest",
        "evidence": "what the newest answer rests on",
        "help": "keys and commands",
        "interrupt": "stop speaking and answering",
        "language": "show translations into one language, as es; without a name: what was said",
        "mute": "answer in writing only; again: aloud too",
        "quit": "leave",
        "remarks": "speak unasked, or not",
        "rules": "the rules that raised an alert, how often and when last",
        "save": "write the conversation to a file",
        "search": "find words in all that was said and seen",
        "theme": "colours: dark, light, or the name of a theme",
        "watch": "watch one more recording, camera or stream: a path or an address",
    }
)
WANTS: Mapping[str, str] = MappingProxyType({"ask": "a question", "search": "words", "watch": "a path or an address"})
"""Commands that do nothing without an argument, and what that is."""


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


def unknown(name: str) -> str:
    """What to say of a command that there is not."""
    close = [known for known in COMMANDS if name and known.startswith(name)] or difflib.get_close_matches(
        name, COMMANDS, 3
    )
    guess = f"did you mean {' or '.join(f'/{known}' for known in close)}?" if close else "/help lists what is"
    return f"/{name[:40]} is not known; {guess}"


def help_lines() -> list[str]:
    """One line for each command."""
    return [f"/{name}: {about}" for name, about in COMMANDS.items()]
