"""`heed bench call`, cut-offs: recorded conversations are played to an agent that answers every turn. An answer that
begins while somebody speaks, or in a pause within one speaker's turn, cuts him off; an end without answer is missed."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from agent.bench.call_latency import quiet
from agent.bench.call_line import Line, Said, first_audible, first_silence
from agent.bench.call_sound import Sound, recorded

PAUSE_S = 1.0
"""A shorter silence between two stretches of one speaker is a pause within his turn."""
MISSED_S = 3.0
"""An answer that has not begun by then, although nobody spoke, is missing."""
SLACK_S = 0.1
"""Labels err by so much."""
QUICK = ("audio/en_dialog_two_speakers.flac", "audio/en_quilter.flac")


@dataclass(frozen=True, slots=True)
class Stretch:
    """Somebody speaks, seconds of the recording."""

    who: str
    t0_s: float
    t1_s: float


@dataclass(frozen=True, slots=True)
class Talk:
    """What became of one recording."""

    name: str
    turns: int
    cut_off: int
    """Turns within which the agent took the word: it began to think."""
    heard: int
    """Turns within which it was heard to speak."""
    ends: int
    """Ends after which nobody spoke for `MISSED_S`."""
    missed: int
    voice_to_voice_s: tuple[float, ...]
    """From each such end to the first sound."""


def turns_of(item: dict[str, Any], sound: Sound) -> list[Stretch]:
    """The turns in a labelled recording: stretches of one speaker with short pauses between, joined.

    Where the manifest has no stretches, what has voice is a turn, up to a silence of `PAUSE_S`.
    """
    found = [
        Stretch(str(e["description"]).split(" ")[0] if "talks" in e["description"] else "", e["t0"], e["t1"])
        for e in item.get("events") or []
        if len(item["events"]) > 1 and not str(e["description"]).startswith("silence")
    ]
    if not found:
        return [Stretch("", t0_s, t1_s) for t0_s, t1_s in sound.stretches(PAUSE_S)]
    # Several labelled utterances of nobody in particular are turns of their own, however short the pause.
    own = any("utterance" in e["description"] or "speaks" in e["description"] for e in item["events"])
    turns: list[Stretch] = []
    for one in sorted(found, key=lambda s: s.t0_s):
        at = next((i for i, t in enumerate(turns) if t.who == one.who and one.t0_s - t.t1_s < PAUSE_S), None)
        if at is None or own:
            turns.append(one)
        else:
            turns[at] = Stretch(one.who, turns[at].t0_s, max(turns[at].t1_s, one.t1_s))
    return turns


def conversations(items: list[dict[str, Any]], quick: bool) -> list[dict[str, Any]]:
    """English recordings in which people talk."""
    audio = [i for i in items if i["file"].startswith("audio/") and i.get("language") == "en"]
    return [i for i in audio if i["file"] in QUICK] if quick else audio


async def play(url: str, folder: Path, item: dict[str, Any]) -> Talk:
    """Play one recording to the agent."""
    sound = recorded(folder / item["file"])
    turns = turns_of(item, sound)
    name = Path(item["file"]).stem
    async with Line(url, name.replace("_", "-")[:40]) as line:
        await line.pause(1.0)
        mark = line.mark()
        said = line.microphone.say(sound)
        await line.pause(sound.duration_s + MISSED_S + 0.5)
        offset_s = line.agent_offset_s()
        states = [e for _, e in line.events[mark:] if e.get("type") == "turn"]
        thinking = [e["t"] + offset_s - said.start_s for e in states if e.get("state") == "thinking"]
        speaking = [e["t"] + offset_s - said.start_s for e in states if e.get("state") == "speaking"]
        result = judge(name, turns, thinking, speaking, _sounds(line, said, turns))
        await line.send(type="interrupt")
        await quiet(line)
        return result


def judge(
    name: str, turns: list[Stretch], thinking: list[float], speaking: list[float], sounds: dict[float, float]
) -> Talk:
    """Hold the times at which the agent began to think and to speak against the turns.

    Args:
        name: of the recording.
        turns: in it.
        thinking: seconds of the recording.
        speaking: the same.
        sounds: when the first sound came, by the end of the turn before it.
    """

    def within(turn: Stretch, times: list[float]) -> bool:
        return any(turn.t0_s + SLACK_S < t < turn.t1_s - SLACK_S for t in times)

    ends = [
        turn.t1_s
        for turn in turns
        if not any(t is not turn and t.t0_s < turn.t1_s + MISSED_S and t.t1_s > turn.t1_s for t in turns)
    ]
    answered = [e for e in ends if any(e - SLACK_S <= t <= e + MISSED_S for t in thinking)]
    return Talk(
        name,
        len(turns),
        sum(within(turn, thinking) for turn in turns),
        sum(within(turn, speaking) for turn in turns),
        len(ends),
        len(ends) - len(answered),
        tuple(sounds[e] - e for e in answered if e in sounds),
    )


def _sounds(line: Line, said: Said, turns: list[Stretch]) -> dict[float, float]:
    """When the first sound came after each end, if it was silent at the end."""
    out = {}
    for turn in turns:
        end_s = said.start_s + turn.t1_s
        silent = first_silence(line.blocks, end_s - SLACK_S, SLACK_S)
        first = first_audible(line.blocks, end_s)
        if silent is not None and silent < end_s and first is not None and first - end_s < MISSED_S + 2.0:
            out[turn.t1_s] = first - said.start_s
    return out
