"""Questions over MQTT: answered one after another, each to whoever asked it, with what the answer rests on.

A question that is typed into a conversation cuts off the answer to the one before. That is right for one person, and
wrong for strangers on a broker: theirs wait for their turn, and are refused in a line when too many wait. Who names a
response topic has a conversation for this question alone: it is not spoken, nobody else hears the answer, and nothing
that others asked is remembered in it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from agent.core import Core
from agent.jsonl import line_of, to_dict
from dialog.events import Ask, Event, Reply, TurnChanged
from streams import wording
from streams.channel import Channel
from streams.errors import HeedError
from streams.mqtt.intake import Question
from streams.types import Health, seconds

MAX_WAITING = 16
"""Questions whose turn has not come."""
ANSWER_S = 120.0
"""So long an answer may take; then the next one has its turn."""
MAX_CITED = 8
MAX_CITED_CHARS = 400


@dataclass(frozen=True, slots=True)
class _Asked:
    question: Question
    source: str
    """Its conversation."""
    key: str


class Askers:
    """One for the conversation `source`. `run` is its task; `on_event` is told of every event."""

    def __init__(self, source: str, core: Core, respond: Callable[[Question, str], None]) -> None:
        """`respond` sends a line to whoever asked a question."""
        self._source, self._core, self._respond = source, core, respond
        self._waiting: Channel[_Asked] = Channel(MAX_WAITING, "wait", f"questions over {source}")
        self._present: _Asked | None = None
        self._done = asyncio.Event()
        self._failed = ""
        self._number = 0

    def ask(self, question: Question, key: str = "") -> None:
        """Take a question; `key` is the asker's own mark for the reply, where it has one."""
        self._number += 1
        source = f"{self._source}:{self._number}" if question.response_topic else self._source
        if not self._waiting.offer(_Asked(question, source, key or f"{self._source}-{self._number}")):
            self._refuse(question, f"{MAX_WAITING} questions are waiting already; ask again in a moment")

    def on_event(self, event: Event) -> bool:
        """Notice the end of an answer. True for a reply that is for its asker alone."""
        present = self._present
        private = isinstance(event, Reply) and event.source.startswith(f"{self._source}:")
        if present is None:
            return private
        if isinstance(event, Health) and event.component == f"dialog:{present.source}" and event.state == "failed":
            self._failed = event.reason
        elif isinstance(event, TurnChanged) and event.source == present.source and event.state == "listening":
            if self._failed:  # it ended, and no reply came before
                self._give_up(present, self._failed)
        elif isinstance(event, Reply) and (event.source, event.correlation) == (present.source, present.key):
            self._over()
            self._answer(present.question, event)
        return private

    async def run(self) -> None:
        """Put the questions, one after another."""
        async for asked in self._waiting:
            self._present, self._failed = asked, ""
            self._done.clear()
            try:
                async with asyncio.timeout(ANSWER_S):
                    await self._put(asked)
            except TimeoutError:
                self._give_up(asked, f"there was no answer within {ANSWER_S:g} s")
            except HeedError as error:
                self._give_up(asked, str(error))

    async def _put(self, asked: _Asked) -> None:
        """Ask, and return once it is answered or given up.

        Raises:
            HeedError: it cannot be asked now.
        """
        if asked.question.response_topic:
            async with self._core.converse(asked.source) as dialog:
                dialog.typed(asked.question.text, asked.key)
                await self._done.wait()
        elif self._core.bus.send(Ask(asked.question.text, asked.source, asked.key)):
            await self._done.wait()
        else:
            raise HeedError("too many commands are waiting; ask again in a moment")

    def _give_up(self, asked: _Asked, why: str) -> None:
        if self._present is asked:
            self._over()
            self._refuse(asked.question, why)

    def _over(self) -> None:
        self._present = None
        self._done.set()

    def _answer(self, question: Question, reply: Reply) -> None:
        if question.response_topic:
            self._respond(question, line_of({**to_dict(reply), "cited": self._cited(reply)}))

    def _cited(self, reply: Reply) -> list[dict[str, Any]]:
        """What the answer rests on, for an asker who does not hold the percepts."""
        known = [found for one in reply.evidence[:MAX_CITED] if (found := self._core.state.get(one)) is not None]
        start = self._core.clock.wall_start
        return [
            {
                "id": p.id,
                "source": p.source,
                "kind": p.kind,
                "t0": seconds(p.t0_ns),
                "time": wording.clock(p.t0_ns, start),
                "text": p.text[:MAX_CITED_CHARS],
            }
            for p in known
        ]

    def _refuse(self, question: Question, why: str) -> None:
        now_ns = self._core.clock.now_ns()
        if question.response_topic:
            error = {"t": seconds(now_ns), "type": "error", "question": question.text, "text": why}
            self._respond(question, line_of(error))
        else:
            self._core.bus.publish(Health("mqtt:ask", "degraded", why, now_ns))
