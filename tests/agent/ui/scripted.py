"""What the tests of the screen share: a back end that replays given events, and the screen as text."""

from __future__ import annotations

import asyncio
import io
from collections.abc import Mapping, Sequence
from typing import Any

from rich.console import Console

from agent.ui.app import Assistant
from agent.ui.backend import status
from agent.ui.inbox import Inbox

EVIL = "\x1b[2J\x1b]52;c;AAAA\x07[red]\u202e\ud800\u200b\x9b31m\r\n$primary hi"


class Scripted:
    """A `Backend` of which everything is decided by the test."""

    def __init__(self, events: Sequence[Mapping[str, Any]] = (), jpeg: bytes | None = None, phase: str = "ready"):
        self.sent: list[Mapping[str, Any]] = []
        self.looked: list[str] = []
        self.watched: list[str] = []
        self.inbox: Inbox | None = None
        self._events, self._jpeg, self._phase = events, jpeg, phase

    async def run(self, inbox: Inbox) -> None:
        self.inbox = inbox
        inbox.offer(status(self._phase, ""))
        for event in self._events:
            inbox.offer(event)
        await asyncio.Event().wait()

    def offer(self, *events: Mapping[str, Any]) -> None:
        assert self.inbox is not None
        for event in events:
            self.inbox.offer(event)

    def send(self, command: Mapping[str, Any]) -> bool:
        self.sent.append(command)
        return True

    def watch(self, url: str) -> str:
        self.watched.append(url)
        return "" if url.startswith("rtsp://") else "no such file"

    async def picture(self, percept_id: str) -> bytes | None:
        self.looked.append(percept_id)
        return self._jpeg


def text_of(app: Assistant) -> str:
    """The screen as lines of text, without spaces at their ends and without the footer, which is Textual's own."""
    width, height = app.size
    console = Console(width=width, height=height, file=io.StringIO(), record=True, force_terminal=True)
    console.print(app.screen._compositor.render_update(full=True))
    lines = [line.rstrip() for line in console.export_text(styles=False).splitlines()]
    return "\n".join(lines[: height - 1]) + "\n"


def percept(number: int, text: str, kind: str = "motion", source: str = "front-door") -> dict[str, Any]:
    return {
        "type": "percept",
        "id": f"{source}/v{number}",
        "kind": kind,
        "source": source,
        "t": number,
        "t0": number,
        "text": text,
    }


def reply(question: str, text: str, evidence: Sequence[str] = (), **more: Any) -> dict[str, Any]:
    return {
        "type": "reply",
        "t": 20.0,
        "asked": 18.0,
        "source": "local",
        "generation": 1,
        "question": question,
        "text": text,
        "evidence": list(evidence),
        "sentences": [{"text": text, "evidence": list(evidence)}],
        "ttft_s": 0.25,
        "first_audio_s": 0.4,
        **more,
    }
