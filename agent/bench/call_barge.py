"""`heed bench call`, barge-in: what stops the agent, how soon, and what must not stop it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal

from agent.bench.call_latency import QUIET_S, TALK_S, quiet
from agent.bench.call_line import Event, Line
from agent.bench.call_sound import Sound, cough, hum, recorded, spoken
from streams.types import SAMPLE_RATE_HZ

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
RECORDINGS = (
    "en_goforward", "en_cards_001", "en_cards_003", "en_cards_005", "en_sb_spk1_snt1", "en_sb_spk1_snt3",
    "en_sb_spk1_snt5", "en_culprit", "en_libri_concord", "en_one_two_three", "en_quilter", "en_librivox_0890",
)  # fmt: skip
"""People who begin softly and loudly, in quiet rooms and in noise."""
CUT_S = 2.5
"""Nobody interrupts with more than that."""
STAGES = ("noticed", "silent")
"""From the first voiced sample until the agent knew of a voice; from then on until silence was heard."""
BACKCHANNELS = ("Right.", "Yeah.", "Okay.", "I see.", "Sure.")
SMALL_WORDS_VOICE = "en-us+m3"
"""These words are too short to be understood in the voice of the questions."""
INTO_S = 1.0
"""How long the agent has spoken when it is interrupted."""
SILENT_S = 0.4
"""A silence this long is no pause between two words."""
MOST_OTHERS = 8
"""Backchannels and noises, at most."""
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
    stages: dict[str, float] = field(default_factory=dict)
    """Seconds, by the names of `STAGES`; those that the events tell."""
    sound_s: float | None = None
    """From the first sound sent, be it a hiss or a breath, to silence heard."""

    @property
    def right(self) -> bool:
        """Interruptions stop it, everything else does not."""
        return self.went_on != (self.kind == "interruption")


def disturbances(media: Path | None, rounds: int) -> list[tuple[Kind, Sound]]:
    """What is tried: `rounds` interruptions, and in turn with them as many others, at most `MOST_OTHERS`."""
    small = [spoken(words, SMALL_WORDS_VOICE) for words in BACKCHANNELS]
    small.insert(1, hum())
    noises = [cough(0), cough(1)]
    for name in ("event_slow_clap.flac", "event_dog_1-100032-A-0.flac"):
        if media is not None and (path := media / "audio" / name).is_file():
            noises.append(recorded(path, path.stem))
    said = [spoken(words) for words in INTERRUPTIONS]
    said += [spoken(words, SMALL_WORDS_VOICE) for words in INTERRUPTIONS]
    for name in RECORDINGS:
        if media is not None and (path := media / "audio" / f"{name}.flac").is_file():
            said.append(cut(recorded(path, name), CUT_S))
    step = max(1, len(said) // rounds)  # a little of everything, however few
    out: list[tuple[Kind, Sound]] = []
    for i in range(rounds):
        out.append(("interruption", said[i * step % len(said)]))
        if i >= MOST_OTHERS:
            continue
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
    offset_s = line.agent_offset_s()

    def holds(event: Event) -> bool:  # what held it before the disturbance began was another thing
        held = event.get("type") == "turn" and event.get("state") == "holding"
        return held and float(event["t"]) + offset_s >= said.begin_s

    held = line.find(holds, mark)
    stages, sooner = {}, False
    if held is not None and silent is not None:
        held_s = float(held[1]["t"]) + offset_s
        stages = dict(zip(STAGES, (held_s - said.voiced_s, silent - held_s), strict=True))
        sooner = silent < held_s
    found = await line.event(lambda e: e.get("type") == "reply" and e.get("correlation") == key, TALK_S, mark)
    reply = {} if found is None else found[1]
    # What ended by itself while the disturbance was on, or before it was noticed, tells nothing.
    valid = found is not None and (not whole(reply) or (found[0] > said.begin_s + SILENT_S + 1.0 and not sooner))
    await line.silent(line.now_s(), QUIET_S, TALK_S)
    if silent is None:
        return Disturbed(kind, sound.text, None, whole(reply), valid)
    times = (max(0.0, silent - said.voiced_s), silent - said.begin_s)
    return Disturbed(kind, sound.text, times[0], whole(reply), valid, stages, times[1])


def cut(sound: Sound, length_s: float) -> Sound:
    """The first words: `length_s` from the first sound on, at the same level."""
    end = min(len(sound.samples), sound.first + round(length_s * SAMPLE_RATE_HZ))
    return replace(sound, samples=sound.samples[:end], last=min(sound.last, end - 1))


def whole(reply: Event) -> bool:
    """Whether an answer was spoken to its end, give or take a word."""
    text, spoken_words = str(reply.get("text", "")).split(), str(reply.get("spoken", "")).split()
    return bool(text) and len(spoken_words) >= len(text) - WORDS_LOST
