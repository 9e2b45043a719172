"""`heed bench call`, latency: from the end of a spoken question to the first sound of the answer, stage by stage."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

from agent.bench.call_line import Event, Line, Said
from agent.bench.call_sound import Sound, spoken

QUESTIONS = (
    "What do you see right now?",
    "How many people are there?",
    "What time is it?",
    "What can you hear?",
    "What is happening?",
    "What can you see?",
    "Can you hear me?",
    "What has changed?",
)
"""Such that the default recogniser understands them in espeak's voice: it is the delay that is measured."""
ANSWER_S = 15.0
"""An answer that has not begun by then is missing."""
QUIET_S = 0.6
TALK_S = 40.0
"""The longest answer that is waited for."""

STAGES = (
    ("to the agent", "the end of the voice, as the agent dates it, after the end that was sent: network and buffers"),
    ("pause, judging", "until the turn is taken to be over (voice activity, waiting, judgement)"),
    ("first token", "until the language model's first token, or nothing where it was thought of in the pause"),
    ("sentence, voice", "until the first sentence is complete and synthesised"),
    ("to the ear", "from the first sample played to the first audible one received: playout and network"),
)
BESIDE = "transcribing"
"""From the end of the voice to the final words: beside the pause, not after it."""


@dataclass(frozen=True, slots=True)
class Turn:
    """A question and what became of it."""

    question: str
    heard: str
    """The question as the agent understood it."""
    answer: str
    voice_to_voice_s: float | None
    """None: no sound came, or it came before the question was over (`cut_off`)."""
    cut_off: bool = False
    stages: dict[str, float] = field(default_factory=dict)
    """Seconds, by the names of `STAGES` and `BESIDE`; those that the events tell."""


async def ask(line: Line, sound: Sound, patience_s: float = ANSWER_S) -> Turn:
    """Ask by voice once it is quiet, and wait for the end of the answer, `patience_s` for its beginning."""
    await line.silent(line.now_s(), QUIET_S, TALK_S)
    mark = line.mark()
    said = line.microphone.say(sound)
    early = await line.audible(said.begin_s, max(0.0, said.end_s - line.now_s()))
    if early is not None and early < said.end_s:
        await quiet(line)
        return Turn(sound.text, "", "", None, cut_off=True)
    audible = await line.audible(said.end_s, patience_s)
    found = await line.event(is_reply, TALK_S if audible is not None else 1.0, mark)
    reply = {} if found is None else found[1]
    await quiet(line)
    to_ear_s = None if audible is None else audible - said.end_s
    parts = {} if audible is None else stages(line, mark, said, audible)
    return Turn(sound.text, str(reply.get("question", "")), str(reply.get("text", "")), to_ear_s, False, parts)


async def quiet(line: Line) -> None:
    """Wait until the agent has fallen silent."""
    await line.silent(line.now_s(), QUIET_S, TALK_S)


def is_reply(event: Event) -> bool:
    """A finished answer."""
    return event.get("type") == "reply"


def stages(line: Line, mark: int, said: Said, audible_s: float) -> dict[str, float]:
    """How the time between was spent, as far as the events since `mark` tell."""
    offset_s = line.agent_offset_s()
    words = [(at, e) for at, e in line.events[mark:] if e.get("type") == "transcript" and at <= audible_s]
    ended = float(words[-1][1]["t1"]) if words else None
    written = words[-1][0] - offset_s if words else None  # its `t` tells the sound's time, not when it was understood
    thinking = _first(line, mark, "turn", state="thinking")
    token = _first(line, mark, "reply_delta")
    playing = _first(line, mark, "speaking")
    out: dict[str, float] = {}
    if ended is not None:
        out[STAGES[0][0]] = ended + offset_s - said.end_s
        if written is not None:
            out[BESIDE] = written - ended
        over = thinking if thinking is not None else written
        if over is not None:
            out[STAGES[1][0]] = over - ended
            if token is not None:
                out[STAGES[2][0]] = max(0.0, token - over)
                start = max(token, over)
                out[STAGES[3][0]] = (playing if playing is not None else audible_s - offset_s) - start
    if playing is not None:
        out[STAGES[4][0]] = audible_s - offset_s - playing
    return out


def _first(line: Line, mark: int, kind: str, **fields: str) -> float | None:
    """The agent's time of the first such event."""
    found = line.find(lambda e: e.get("type") == kind and all(e.get(k) == v for k, v in fields.items()), mark)
    return None if found is None else float(found[1]["t"])


def questions(n: int) -> list[Sound]:
    """So many questions, in turn."""
    return [spoken(QUESTIONS[i % len(QUESTIONS)]) for i in range(n)]


def percentile(values: Sequence[float], share: float) -> float | None:
    """The value below which that share of the others lies (nearest rank); None of none."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(share * len(ordered) - 1e-9) - 1)] if ordered else None
