"""What the assistant needs of an agent, wherever that runs. Nothing here imports a model or a network."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from agent.ui.inbox import Inbox


class Backend(Protocol):
    """An agent to talk to. `run` lasts until it is cancelled; the others may be called at any time."""

    async def run(self, inbox: Inbox) -> None:
        """Connect, and offer events, `status` and `note` lines until cancelled. Foreseen faults become a status."""
        ...

    def send(self, command: Mapping[str, Any]) -> bool:
        """Hand over a command in the wire form (`{"type": "ask", ...}`). False: there is no agent to take it yet."""
        ...

    def watch(self, url: str) -> str:
        """Begin to watch a recording, camera or stream; returns why not, or an empty string."""
        ...

    async def picture(self, percept_id: str) -> bytes | None:
        """A JPEG of the moment in which something was seen, or None."""
        ...


def status(phase: str, text: str) -> Mapping[str, Any]:
    """The line that tells how the agent itself is doing: `loading`, `ready`, `lost` or `failed`."""
    return {"type": "status", "phase": phase, "text": text}


def note(text: str) -> Mapping[str, Any]:
    """A line of the assistant's own in the conversation."""
    return {"type": "note", "text": text}
