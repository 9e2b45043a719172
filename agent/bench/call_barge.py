"""`heed bench call`, barge-in: what stops the agent, how soon, and what must not stop it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from agent.bench.call_latency import QUIET_S, TALK_S, quiet
from agent.bench.call_line import Event, Line
from agent.bench.call_sound import Sound, cough, hum, recorded, spoken

Kind = Literal["interruption", "backchannel", "noise"]

PROMPTS = (
    "Tell me a long story about a dog and a cat.",
    "Explain to me in detail how a bicycle works.",
    "Describe a walk through a large city on a rainy day.",
    "Tell me in many words what people do in a kitchen.",
)
INTERRUPTIONS = (
    "Stop talking, please.",
    "Wait a moment, I have another question.",
    "No, that is not what I meant.",
    "What time is it now?",
)
BACKCHANNELS = ("Right.", "Yeah.", "Okay.", "I see.", "Sure.")
SMALL_WORDS_VOICE = "en-us+m3"
"""These words are too short to be understood in the voice of the questions."""
INTO_S = 1.0
"""How long the agent has spoken when it is interrupted."""
SILENT_S = 0.4
"""A silence this long is no pause between two words."""
AFTER_S = 3.0
"""For so long after the disturbance it is watched whether the agent goes on."""
FIRST_S = 20.0
WORDS_LOST = 1


@dataclass(frozen=True, slots=True)
class Disturbed:
    """One disturbance and what the agent did."""

    kind: Kind
    what: str
    silence_s: float | None
    """From the first voiced sample sent to silence heard; None where it went on without one."""
    went_on: bool
    """The answer was spoken to its end."""
    valid: bool
    """The agent had enough to say for the trial to tell anything."""

    @property
    def right(self) -> bool:
        """Interruptions stop it, everything else does not."""
        return self.went_on != (self.kind == "interruption")


def disturbances(media: Path | None, rounds: int) -> list[tuple[Kind, Sound]]:
    """What is tried: as many interruptions as everything else together, in turn."""
    small = [spoken(words, SMALL_WORDS_VOICE) for words in BACKCHANNELS]
    small.insert(1, hum())
    noises = [cough(0), cough(1)]
    for name in ("event_slow_clap.flac", "event_dog_1-100032-A-0.flac"):
        if media is not None and (path := media / "audio" / name).is_file():
            noises.append(recorded(path, path.stem))
    out: list[tuple[Kind, Sound]] = []
    for i in range(rounds):
        out.append(("interruption", spoken(INTERRUPTIONS[i % len(INTERRUPTIONS)])))
        if i % 2 == 0:
            out.append(("backchannel", small[i // 2 % len(small)]))
        else:
            out.append(("noise", noises[i // 2 % len(noises)]))
    return out


async def disturb(line: Line, kind: Kind, sound: Sound, number: int) -> Disturbed:
    """Let the agent tell something, disturb it, and see."""
    await quiet(line)
    key, mark = f"barge-{number}", line.mark()
    asked_s = line.now_s()
    await line.send(type="ask", text=PROMPTS[number % len(PROMPTS)], correlation=key)
    begun = await line.audible(asked_s, FIRST_S)
    if begun is None:
        return Disturbed(kind, sound.text, None, False, False)
    await line.pause(INTO_S)
    said = line.microphone.say(sound)
    silent = await line.silent(said.begin_s, SILENT_S, sound.duration_s + AFTER_S)
    found = await line.event(lambda e: e.get("type") == "reply" and e.get("correlation") == key, TALK_S, mark)
    reply = {} if found is None else found[1]
    # What ended by itself while the disturbance was on tells nothing.
    valid = found is not None and (found[0] > said.begin_s + SILENT_S + 1.0 or not whole(reply))
    await line.silent(line.now_s(), QUIET_S, TALK_S)
    return Disturbed(kind, sound.text, None if silent is None else silent - said.begin_s, whole(reply), valid)


def whole(reply: Event) -> bool:
    """Whether an answer was spoken to its end, give or take a word."""
    text, spoken_words = str(reply.get("text", "")).split(), str(reply.get("spoken", "")).split()
    return bool(text) and len(spoken_words) >= len(text) - WORDS_LOST
