"""The plugin: events in, messages for Home Assistant out. What they say is in the pure parts."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from dialog.events import Mute, Perceived, Reply, TurnChanged
from plugins.contract import Register
from plugins.discovery import state_of
from plugins.home_assistant import entities
from plugins.home_assistant.options import Options
from plugins.home_assistant.states import MAX_TEXT_CHARS, Message, States, announced
from streams.errors import HeedError
from streams.types import NS, Health, Percept, Transcript, ns

TICK_S = 1.0
MQTT = "mqtt"
"""The conversation of whoever asks over MQTT."""
MAX_A_SECOND = 20
"""Messages for Home Assistant; beyond, what merely happened is left out. What is, is never left out."""
MAX_CONVERSATIONS = 64


class HomeAssistant:
    """One running plugin."""

    def __init__(self, register: Register) -> None:
        self._register = register
        self._options = register.options(Options)
        self._states = States(register.clock, ns(self._options.quiet_s))
        self._speaks = True
        self._conversations: dict[str, None] = {}
        self._pictured: dict[str, tuple[int, bytes]] = {}
        self._ready = False
        self._health: bytes = b""
        self._second, self._sent, self._left_out = 0, 0, 0
        self._failure = ""
        register.on(Perceived, self._on_perceived)
        register.on(Health, self._on_health)
        register.on(Reply, self._on_reply)
        register.on(TurnChanged, self._on_turn)
        register.every(TICK_S, self._on_tick)
        register.command("speak", self._on_speak, "let all conversations speak aloud, or not: on")
        register.command("forget", self._on_forget, "take a source's device out of Home Assistant: source")
        register.status(self._status)

    async def _begin(self) -> None:
        if self._ready:
            return
        self._ready = True
        await self._publish(*entities.agent(self._options, self._register.name), True)
        await self._publish(entities.SPEAKS, b"ON", True)
        first = [message for name in self._options.sources for message in self._states.add(name, sees=True)]
        await self._tell(first)

    async def _on_perceived(self, event: Perceived) -> None:
        await self._begin()
        if isinstance(event.what, Percept):
            await self._tell(self._states.perceived(event.what, event.t_ns))
        elif isinstance(event.what, Transcript) and self._options.transcripts:
            await self._tell(self._states.transcript(event.what))

    async def _on_health(self, health: Health) -> None:
        if health.component == f"plugin:{self._register.name}":
            return
        await self._begin()
        await self._tell(self._states.health(health))

    async def _on_reply(self, reply: Reply) -> None:
        if reply.source != MQTT or not self._options.ask or not reply.text.strip():
            return
        await self._begin()
        body = {
            "state": state_of(reply.text),
            "text": reply.text[:MAX_TEXT_CHARS],
            "question": reply.question[:MAX_TEXT_CHARS],
            "evidence": list(reply.evidence[:8]),
            "time": self._register.clock(reply.t_ns),
        }
        await self._publish(entities.ANSWER, json.dumps(body, ensure_ascii=False).encode("utf-8", "replace"), False)

    def _on_turn(self, turn: TurnChanged) -> None:
        """A conversation that begins while all are silent is silent too."""
        if turn.source in self._conversations:
            return
        self._conversations[turn.source] = None
        if len(self._conversations) > MAX_CONVERSATIONS:
            self._conversations.pop(next(iter(self._conversations)))
        if not self._speaks and turn.source:
            self._register.send(Mute(True, turn.source))

    async def _on_tick(self, now_ns: int) -> None:
        await self._begin()
        await self._tell(self._states.tick(now_ns))
        if self._options.pictures:
            await self._show(now_ns)

    async def _show(self, now_ns: int) -> None:
        """The picture of the camera whose turn it is: one at each tick, so that many cameras make no burst."""
        due_ns = now_ns - ns(self._options.picture_every_s)
        names = [about.name for about in self._states.sources if about.sees]
        waiting = [name for name in names if self._pictured.get(name, (due_ns, b""))[0] <= due_ns]
        for name in waiting[: 1 + len(names) // max(1, int(self._options.picture_every_s))]:
            try:
                picture = await self._register.services.view(name)
            except HeedError as error:
                self._failure = str(error)
                continue
            before = self._pictured.pop(name, (0, b""))[1]
            self._pictured[name] = (now_ns, picture or before)
            if picture is not None and picture != before:
                await self._publish(entities.topic(name, "picture"), picture, True)

    async def _on_speak(self, arguments: Mapping[str, Any]) -> str:
        on = str(arguments.get("on", "")).lower()
        if on not in ("true", "false"):
            raise HeedError("'on' must be true or false")
        self._speaks = on == "true"
        for conversation in ("", *sorted(self._conversations)):
            self._register.send(Mute(not self._speaks, conversation))
        await self._publish(entities.SPEAKS, b"ON" if self._speaks else b"OFF", True)
        return "heed speaks aloud" if self._speaks else "heed is silent"

    async def _on_forget(self, arguments: Mapping[str, Any]) -> str:
        """Also of a source that was there in an earlier run only: Home Assistant still knows it."""
        name = str(arguments.get("source", ""))
        if not announced(name):
            raise HeedError(f"no source can be called {name[:64]!r}")
        self._states.forget(name)
        self._pictured.pop(name, None)
        await self._publish(*entities.forgotten(self._options, name), True)
        return f"forgot {name}"

    async def _tell(self, messages: Sequence[Message]) -> None:
        """Announce what is new, then say how things are."""
        for about in self._states.changed():
            await self._publish(*entities.source(self._options, about), True)
        for message in messages:
            if message.retain or self._allowed():
                await self._publish(message.topic, message.payload, message.retain)
        overall = self._states.overall()
        if overall.payload != self._health:
            self._health = overall.payload
            await self._publish(overall.topic, overall.payload, True)

    def _allowed(self) -> bool:
        second = self._register.now_ns() // NS
        if second != self._second:
            self._second, self._sent = second, 0
        self._sent += 1
        self._left_out += self._sent > MAX_A_SECOND
        return self._sent <= MAX_A_SECOND

    async def _publish(self, topic: str, payload: bytes, retain: bool) -> None:
        try:
            there = await self._register.services.publish(topic, payload, retain)
            self._failure = "" if there else "no broker is configured ([mqtt] url)"
        except HeedError as error:
            self._failure = str(error)

    def _status(self) -> str:
        told = f"{len(self._states.sources)} sources"
        told += "" if self._speaks else ", silent"
        told += f", {self._left_out} events left out" if self._left_out else ""
        return " ".join(f"{told}; {self._failure}".split()) if self._failure else told


def setup(register: Register) -> None:
    """Raises `HeedError`: the configuration is wrong."""
    HomeAssistant(register)
