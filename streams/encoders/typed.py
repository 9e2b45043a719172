"""Typed text: each message is one percept."""

from __future__ import annotations

from streams import wording
from streams.types import Observation, Percept, TextMessage

MAX_CHARS = 4000


class TextEncoder:
    """Stateless: a line in, a `text` percept out. Blank lines are nothing; long ones are cut at `MAX_CHARS`."""

    def init_state(self, source: str) -> None:
        return None

    def step(self, state: None, media: TextMessage) -> list[Observation]:
        text = "".join(c if c.isprintable() else " " for c in media.text[:MAX_CHARS]).strip()
        if not text:
            return []
        return [
            Percept(
                id="",
                kind="text",
                source=media.source,
                t0_ns=media.t_ns,
                t1_ns=media.t_ns,
                text=wording.writes(text, media.speaker),
                speaker=media.speaker,
            )
        ]

    def flush(self, state: None) -> list[Observation]:
        return []
