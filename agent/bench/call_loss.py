"""`heed bench call`, packet loss: facts told and asked for by voice over a line that loses packets both ways."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from agent.bench.call_latency import ask, quiet
from agent.bench.call_line import Line
from agent.bench.call_sound import Sound, spoken
from agent.bench.perception_audio import Errors, word_errors
from streams.errors import HeedError

LOSSES = (0.0, 0.01, 0.05)
FACTS = tuple(
    (f"The {thing} is in the {place}.", f"Where is the {thing}?", place)
    for thing, place in (
        ("letter", "garden"),
        ("blue cup", "bedroom"),
        ("piano", "kitchen"),
        ("passport", "hotel"),
        ("small dog", "station"),
        ("little girl", "office"),
        ("guitar", "hall"),
        ("money", "library"),
        ("mirror", "bedroom"),
        ("coffee", "kitchen"),
        ("picture", "office"),
        ("medicine", "hotel"),
    )
)
"""Statement, question, and what the answer must name; understood by the default recogniser on a good line."""
HEARD_S = 10.0


@dataclass(frozen=True, slots=True)
class Lost:
    """What loss of one share brought about."""

    share: float
    sent: int
    """Packets of sound that reached the line, both ways."""
    lost: int
    asked: int
    answered: int
    right: int
    words: Errors
    """Of statements and questions, as the agent understood them."""
    voice_to_voice_s: tuple[float, ...]


class LossyTransport:
    """Loses packets of sound at a connection's transport, both ways, at random (seeded); reports and keys pass.

    Raises:
        HeedError: this version of aiortc keeps its transport otherwise.
    """

    def __init__(self, connection: Any, share: float, seed: int = 0) -> None:
        self.sent = 0
        self.lost = 0
        self._share = share
        self._random = random.Random(seed)
        transport = next((t.sender.transport for t in connection.getTransceivers() if t.kind == "audio"), None)
        if not (hasattr(transport, "_send_rtp") and hasattr(transport, "_handle_rtp_data")):
            raise HeedError("this version of aiortc does not let packets be lost: use aiortc 1.15")
        for name in ("_send_rtp", "_handle_rtp_data"):
            setattr(transport, name, self._through(getattr(transport, name)))

    def _through(self, way: Callable[..., Any]) -> Callable[..., Any]:
        async def passed(data: bytes, *more: Any, **named: Any) -> None:
            if is_rtp(data):
                self.sent += 1
                if self._random.random() < self._share:
                    self.lost += 1
                    return
            await way(data, *more, **named)

        return passed


def is_rtp(data: bytes) -> bool:
    """A packet of media, not a report (RFC 5761 section 4)."""
    return len(data) > 1 and not 192 <= data[1] <= 223


async def lose(url: str, share: float, facts: tuple[tuple[str, str, str], ...]) -> Lost:
    """A call in which facts are told and asked for. The facts must be new to the agent."""
    asked = answered = right = 0
    words, times = Errors(0, 0), []
    async with Line(url, f"loss{share * 100:.0f}") as line:
        link = LossyTransport(line.caller.connection, share)
        for statement, _, _ in facts:
            words = _add(words, statement, await _told(line, spoken(statement)))
        for _, question, answer in facts:
            turn = await ask(line, spoken(question))
            asked += 1
            answered += bool(turn.answer)
            right += answer in turn.answer.casefold()
            words = _add(words, question, turn.heard)
            if turn.voice_to_voice_s is not None:
                times.append(turn.voice_to_voice_s)
        return Lost(share, link.sent, link.lost, asked, answered, right, words, tuple(times))


async def _told(line: Line, sound: Sound) -> str:
    """Tell a fact; returns how it was understood."""
    mark = line.mark()
    line.microphone.say(sound)
    await line.event(lambda e: e.get("type") == "transcript", HEARD_S, mark)
    await line.pause(1.5)  # in case it was taken for two
    await quiet(line)
    return " ".join(str(e["text"]) for _, e in line.events[mark:] if e.get("type") == "transcript")


def _add(errors: Errors, said: str, heard: str) -> Errors:
    more = word_errors(said, heard)
    return Errors(errors.wrong + more.wrong, errors.words + more.words)
