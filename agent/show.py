"""What the agent perceives and answers, live on a terminal; plain lines where the output is not a terminal.

Everything seen or heard is untrusted: control characters and escape sequences never reach the terminal.
"""

from __future__ import annotations

import unicodedata
from collections import OrderedDict
from collections.abc import Callable, Mapping
from typing import Any

from rich.cells import cell_len, set_cell_size
from rich.console import Console
from rich.control import Control
from rich.segment import ControlType
from rich.table import Table
from rich.text import Text

from agent.marks import marked
from streams.wording import place

_LABELS = {
    "speech": "heard",
    "sound": "heard",
    "text": "read",
    "scene": "seen",
    "object": "seen",
    "count": "seen",
    "face": "seen",
    "motion": "seen",
    "light": "seen",
    "sign": "seen",
    "health": "health",
}
_STYLES = {
    "heard": "cyan",
    "read": "cyan",
    "seen": "green",
    "health": "yellow",
    "asked": "bold magenta",
    "heed": "bold",
    "alert": "bold red",
    "caption": "dim",
    "translation": "blue",
}
_HIDDEN = ("reply_delta", "partial", "caption")
_SOURCE_CELLS = 12
_MAX_CHARS = 4000
_PLACES = 4096
"""Percepts whose time and place are remembered, to say where an answer's evidence is."""


def safe(text: object) -> str:
    """`text` as one line that a terminal shows and does not obey: no control, escape or direction characters."""
    spaced = (" " if c.isspace() else c for c in str(text)[:_MAX_CHARS])
    kept = (c for c in spaced if unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Co", "Cn"))
    return " ".join("".join(kept).split())


def clock_text(t_s: object) -> str:
    """Seconds as `m:ss` (or `h:mm:ss`)."""
    total = int(t_s) if isinstance(t_s, int | float) and 0 <= t_s < 1e9 else 0
    hours, rest = divmod(total, 3600)
    return f"{hours}:{rest // 60:02d}:{rest % 60:02d}" if hours else f"{rest // 60}:{rest % 60:02d}"


def cited(reply: Mapping[str, Any], lines: Mapping[str, str]) -> list[str]:
    """A `reply` line as text: the answer with marks after its sentences, then each percept that it rests on.

    Args:
        reply: in the form of `agent.jsonl.to_dict`.
        lines: what to say of a percept, by its id; one that is not there is named by its id.
    """
    answer = marked(reply)
    rests = [f"[{n}] {safe(lines.get(name, name))}" for n, name in enumerate(answer.ids, 1)]
    return [safe(answer.text), *rests]


class Show:
    """Prints events (in the form of `agent.jsonl.to_dict`) as they come.

    On a terminal the last line shows what is being said or answered right now and is replaced as it grows. Not
    thread-safe; call it from one task.
    """

    def __init__(self, console: Console | None = None) -> None:
        self._console = console or Console()
        self._live = self._console.is_terminal and not self._console.is_dumb_terminal
        self._transient = False
        self._answer = ""
        self._generation: object = None
        self._places: OrderedDict[str, str] = OrderedDict()

    def event(self, event: Mapping[str, Any]) -> None:
        """Print one event. Unknown types are ignored, so that newer agents can be watched too."""
        kind = event.get("type")
        if kind == "partial" and self._live:
            self._now("heard", f"{safe(event.get('text', ''))} ...")
        elif kind == "reply_delta" and self._live:
            if event.get("generation") != self._generation:
                self._generation, self._answer = event.get("generation"), ""
            self._answer += str(event.get("text", ""))
            self._now("heed", safe(self._answer))
        elif kind not in _HIDDEN:
            self._note_place(event)
            for label, source, text, style in _lines(event, self._place_of):
                self._line(clock_text(event.get("t")), source, label, text, style)

    def close(self) -> None:
        """Wipe the line that was still growing."""
        self._wipe()

    def note(self, text: str) -> None:
        """A line about the run itself, not an event."""
        self._wipe()
        self._console.print(Text(safe(text), "dim"), soft_wrap=not self._live)

    def _note_place(self, event: Mapping[str, Any]) -> None:
        name = event.get("id")
        if event.get("type") != "percept" or not isinstance(name, str):
            return
        self._places[name] = f"{clock_text(event.get('t'))} {place(safe(event.get('source', '')))}"
        if len(self._places) > _PLACES:
            self._places.popitem(last=False)

    def _place_of(self, percept_id: str) -> str:
        """`0:12 front door`, which leads to the percept's line; its id where it was not printed here."""
        return self._places.get(percept_id) or safe(percept_id)

    def _line(self, t: str, source: str, label: str, text: str, style: str) -> None:
        self._wipe()
        source = safe(source)
        if not self._live:
            self._console.print(Text(f"{t:>7}  {source:<{_SOURCE_CELLS}}  {label:<6}  {text}"), soft_wrap=True)
            return
        row = Table.grid(padding=(0, 2, 0, 0))
        row.add_column(width=7, justify="right", style="dim", no_wrap=True)
        row.add_column(width=_SOURCE_CELLS, style="dim", no_wrap=True, overflow="ellipsis")
        row.add_column(width=6, no_wrap=True)
        row.add_column(overflow="fold")
        row.add_row(t, Text(source), Text(label, _STYLES.get(label, "")), Text(text, style))
        self._console.print(row)

    def _now(self, label: str, text: str) -> None:
        """Show `text` on the line that will be replaced, its end where it is too long."""
        room = self._console.width - 33
        if room < 10:
            return
        while cell_len(text) > room:
            text = "..." + text[max(4, len(text) - room + 3) :]
        line = Text(" " * 23)
        line.append(f"{label:<8}", _STYLES.get(label, "")).append(set_cell_size(text, room), "dim italic")
        self._wipe()
        self._console.print(line, end="", soft_wrap=True)
        self._transient = True

    def _wipe(self) -> None:
        if self._transient:
            self._console.control(Control((ControlType.ERASE_IN_LINE, 2), ControlType.CARRIAGE_RETURN))
            self._transient = False


def _lines(event: Mapping[str, Any], place_of: Callable[[str], str]) -> list[tuple[str, str, str, str]]:
    """What to print of an event: label, source, text, style. `place_of` says where a percept is found."""
    text = safe(event.get("text", ""))
    match event.get("type"):
        case "percept":
            if event.get("kind") == "speech":
                return []  # its transcript was printed
            label = _LABELS.get(str(event.get("kind")), "seen")
            return [(label, place(safe(event.get("source", ""))), text, "")]
        case "transcript":
            who = safe(event.get("speaker", ""))
            return [("heard", place(safe(event.get("source", ""))), f"{who}: {text}" if who else f'"{text}"', "")]
        case "reply":
            answer = marked(event)
            rests = [f"[{n}] {place_of(name)}" for n, name in enumerate(answer.ids, 1)]
            return [
                ("asked", place(safe(event.get("source", ""))), safe(event.get("question", "")), "magenta"),
                ("heed", "", safe(answer.text), "bold"),
                ("", "", _measures(event, rests), "dim"),
            ]
        case "alert":
            return [("alert", safe(event.get("rule", "")), f"{safe(event.get('severity', ''))}: {text}", "red")]
        case "health":
            reason = safe(event.get("reason", ""))
            state = safe(event.get("state", ""))
            style = "red" if state == "failed" else "yellow" if state == "degraded" else "dim"
            return [("health", safe(event.get("component", "")), f"{state}{f': {reason}' if reason else ''}", style)]
        case "plugin":
            style = "" if event.get("ok") else "yellow"
            return [("plugin", safe(event.get("plugin", "")), text, style)]
        case "translation":
            return [("text", safe(event.get("lang", "")), text, "blue")]
        case _:
            return []


def _measures(event: Mapping[str, Any], rests: list[str]) -> str:
    """`first word 0.42 s, first sound 0.61 s, rests on [1] 0:12 front door, [2] 0:31 call`."""
    parts = []
    for field, name in (("ttft_s", "first word"), ("first_audio_s", "first sound")):
        value = event.get(field)
        if isinstance(value, int | float):
            parts.append(f"{name} {value:.2f} s")
    parts.append(f"rests on {', '.join(rests)}" if rests else "rests on nothing perceived")
    return ", ".join(parts)
