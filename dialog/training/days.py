"""Made-up days: what cameras and microphones might perceive, in the very words that the encoders use.

A day is a list of facts. Each fact holds the percept's line, as the language model will read it, and what it means,
from which `questions` makes questions with known answers.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from dialog.training import words
from streams import wording
from streams.types import NS, Kind, Percept

SIDES = ("left", "right", "left", "right", "middle", "top", "bottom")


@dataclass(frozen=True, slots=True)
class Fact:
    """Something that happened: the percept, and what it means."""

    percept: Percept
    line: str
    clock: str
    what: str
    """Kind of fact, such as `enters`, `says`, `sign`."""
    data: dict[str, str] = field(default_factory=dict)

    @property
    def place(self) -> str:
        return wording.place(self.percept.source)


@dataclass(frozen=True, slots=True)
class Day:
    """Everything perceived up to now."""

    facts: tuple[Fact, ...]
    sources: tuple[str, ...]
    now_ns: int
    now: str
    """The time now as people say it."""


class _Maker:
    """Writes one day, fact after fact."""

    def __init__(self, rng: random.Random, held_out: bool) -> None:
        self.rng = rng
        self.held_out = held_out
        wall = rng.random() < 0.7
        self.wall_start = datetime(2026, 3, 2) + timedelta(seconds=rng.randint(0, 86_000)) if wall else None
        self.t_ns = rng.randint(0, 20 if not wall else 4 * 3600) * NS
        self.gap_s = rng.choice([(0.5, 6), (2, 60), (20, 400)]) if wall else rng.choice([(0.3, 4), (1, 15)])
        pool = words.split(words.SOURCES, held_out)
        self.sources = rng.sample(pool, min(len(pool), rng.choice([1, 1, 1, 2, 2, 3, 4, 5])))
        self.speakers = rng.sample(words.split(words.NAMES, held_out), rng.randint(1, 5))
        self.anonymous = rng.random() < 0.35
        self.inside: dict[str, list[str]] = {source: [] for source in self.sources}
        self.people: dict[str, int] = dict.fromkeys(self.sources, 0)
        self.light: dict[str, str] = {}
        self.fault: dict[str, str] = {}
        self.facts: list[Fact] = []

    def pick(self, values: list[str]) -> str:
        return self.rng.choice(words.split(values, self.held_out))

    def add(self, kind: Kind, source: str, text: str, what: str, /, **data: str) -> None:
        self.t_ns += round(self.rng.uniform(*self.gap_s) * NS)
        percept = Percept(f"{source}/x{len(self.facts)}", kind, source, self.t_ns, self.t_ns, text)
        line = wording.line(percept, self.wall_start)
        self.facts.append(Fact(percept, line, wording.clock(self.t_ns, self.wall_start), what, data))

    def step(self) -> None:
        """Let one thing happen (sometimes with its consequence)."""
        makers = [
            (self.comes_or_goes, 24), (self.speaks, 34), (self.reads_sign, 9), (self.changes_light, 7),
            (self.sounds, 7), (self.looks, 8), (self.lingers, 5), (self.breaks, 4), (self.moves_somewhere, 4),
        ]  # fmt: skip
        make = self.rng.choices([m for m, _ in makers], [w for _, w in makers])[0]
        make(self.rng.choice(self.sources))

    def comes_or_goes(self, source: str) -> None:
        rng, here = self.rng, self.inside[source]
        side = rng.choice(SIDES)
        if here and rng.random() < 0.45:
            noun = here.pop(rng.randrange(len(here)))
            after = rng.choice([None, rng.uniform(3, 4000)])
            self.add("object", source, wording.leaves(noun, side, after), "leaves", noun=noun, side=side)
        else:
            noun = rng.choice(words.THINGS_SEEN)
            here.append(noun)
            self.add("object", source, wording.enters(noun, side), "enters", noun=noun, side=side)
            if noun == "something" and rng.random() < 0.6:
                here[-1] = rng.choice(words.THINGS_SEEN[:10])
                self.add("object", source, wording.recognised(here[-1]), "recognised", noun=here[-1])
                noun = here[-1]
        if noun != "something" and rng.random() < 0.65:
            n = here.count(noun)
            self.add("count", source, wording.count(noun, n), "count", noun=noun, n=str(n))

    def looks(self, source: str) -> None:
        rng = self.rng
        r = rng.random()
        if r < 0.5:
            labels = rng.sample(words.split(words.LABELS, self.held_out), rng.randint(1, 3))
            self.add("scene", source, wording.scene(labels), "scene", labels="|".join(labels))
        elif r < 0.7:
            n = rng.randint(0, 4)
            self.add("face", source, wording.faces(n), "faces", n=str(n))
        elif r < 0.9:
            # A count out of the blue: the picture began with people in it.
            n = rng.randint(0, 6)
            here = [noun for noun in self.inside[source] if noun != "person"]
            self.inside[source] = here + ["person"] * n
            self.add("count", source, wording.count("person", n), "count", noun="person", n=str(n))
        else:
            self.add("scene", source, wording.scene_change(), "scene_change")

    def reads_sign(self, source: str) -> None:
        text = words.sign_text(self.rng, self.held_out)
        self.add("sign", source, wording.sign(text), "sign", text=text)
        if self.rng.random() < 0.12:
            self.add("sign", source, wording.sign_gone(text), "sign_gone", text=text)

    def changes_light(self, source: str) -> None:
        state = self.light.get(source) or self.rng.choice(["on", "off"])
        state = "off" if state == "on" else "on"
        self.light[source] = state
        if self.rng.random() < 0.75:
            self.add("light", source, wording.light(f"goes {state}"), "light", state=state)
        else:
            how = "brighter" if state == "on" else "darker"
            self.add("light", source, wording.light(f"gets {how}"), "brightness", how=how)

    def sounds(self, source: str) -> None:
        r = self.rng.random()
        if r < 0.65:
            what = self.pick(words.SOUNDS)
            self.add("sound", source, wording.heard(what), "sound", sound=what)
        elif r < 0.85:
            self.add("sound", source, wording.loud(), "loud")
        else:
            yes = self.rng.random() < 0.5
            self.add("sound", source, wording.noise(yes), "noise", state="noisy" if yes else "quiet")

    def lingers(self, source: str) -> None:
        rng = self.rng
        if self.inside[source] and rng.random() < 0.7:
            noun, side = rng.choice(self.inside[source]), rng.choice(SIDES)
            how_long = rng.choice([rng.uniform(5, 90), rng.uniform(90, 3000)])
            text = wording.stays(noun, side, how_long)
            self.add("object", source, text, "stays", noun=noun, side=side, duration=wording.duration(how_long))
        else:
            side = rng.choice(SIDES)
            self.add("motion", source, wording.motion(side), "motion", side=side)

    def moves_somewhere(self, source: str) -> None:
        if self.inside[source]:
            noun = self.rng.choice(self.inside[source])
            start, end = self.rng.sample(["left", "right", "middle"], 2)
            self.add("object", source, wording.moves(noun, start, end), "moves", noun=noun, start=start, end=end)

    def breaks(self, source: str) -> None:
        last = self.fault.pop(source, None)
        if last is not None:
            text = {"covered": wording.covered(False), "frozen": wording.frozen(False), "gone": wording.gone(False)}[
                last
            ]
            self.add("health", source, text, "mended", fault=last)
            return
        fault = self.rng.choice(["covered", "frozen", "gone"])
        self.fault[source] = fault
        text = {"covered": wording.covered(True), "frozen": wording.frozen(True), "gone": wording.gone(True)}[fault]
        self.add("health", source, text, "fault", fault=fault)

    def speaks(self, source: str) -> None:
        speaker = "" if self.anonymous or self.rng.random() < 0.1 else self.rng.choice(self.speakers)
        text, data = utterance(self.rng, speaker, self.held_out)
        if self.rng.random() < 0.88:
            who = speaker or "a voice"
            self.add("speech", source, wording.says(text, speaker), "says", who=who, verb="said", text=text, **data)
        else:
            who = speaker or "somebody"
            self.add("text", source, wording.writes(text, speaker), "says", who=who, verb="wrote", text=text, **data)


def utterance(rng: random.Random, speaker: str, held_out: bool) -> tuple[str, dict[str, str]]:
    """Something that somebody says, and what it means: `topic`, `claim` (the same in the third person)."""

    def pick(values: list[str]) -> str:
        return rng.choice(words.split(values, held_out))

    r = rng.random()
    if r < 0.36:
        thing, place = pick(words.THINGS), words.spot(rng, held_out)
        verb = "are" if is_plural(thing) else "is"
        text = rng.choice(
            [f"The {thing} {verb} {place}.", f"The {thing} {verb} {place}.", f"I left the {thing} {place}.",
             f"I put the {thing} {place}.", f"You can find the {thing} {place}.", f"I saw the {thing} {place}."]
        )  # fmt: skip
        return text, {"topic": thing, "sort": "where", "claim": f"The {thing} {verb} {place}", "key": place}
    if r < 0.48:
        topic = pick(words.TOPICS)
        when = rng.choice(
            [f"at {rng.randint(1, 12)} o'clock", f"at {rng.randint(1, 12)}:{rng.choice(['15', '30', '45'])}",
             f"on {rng.choice(['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'])}",
             "tomorrow", f"in {rng.randint(2, 50)} minutes"]
        )  # fmt: skip
        return f"The {topic} is {when}.", {
            "topic": topic,
            "sort": "when",
            "claim": f"The {topic} is {when}",
            "key": when,
        }
    if r < 0.58:
        thing, value = pick(words.CODED), words.code(rng)
        return f"The {thing} is {value}.", {
            "topic": thing, "sort": "code", "claim": f"The {thing} is {value}", "key": value
        }  # fmt: skip
    if r < 0.65 and speaker:
        food = pick(words.FOODS)
        text = rng.choice([f"My favourite food is {food}.", f"I would like {food} for dinner."])
        return text, {"topic": f"{speaker}'s food", "sort": "food", "claim": f"{speaker} likes {food}", "key": food}
    if r < 0.72:
        errand, who = pick(words.ERRANDS), pick(words.NAMES)
        text = rng.choice([f"{who} has to {errand}.", f"{who}, please {errand}."])
        return text, {"topic": who, "sort": "errand", "claim": f"{who} has to {errand}", "key": errand}
    if r < 0.78:
        who, colour = pick(words.NAMES), rng.choice(words.COLOURS)
        return f"{who}'s car is {colour}.", {
            "topic": f"{who}'s car", "sort": "colour", "claim": f"{who}'s car is {colour}", "key": colour
        }  # fmt: skip
    if r < 0.83:
        who, place = pick(words.NAMES), pick(words.ROOMS)
        return f"{who} is in the {place}.", {
            "topic": who, "sort": "whereabouts", "claim": f"{who} is in the {place}", "key": f"in the {place}"
        }  # fmt: skip
    return pick(words.CHATTER), {}


def is_plural(thing: str) -> bool:
    """Whether a thing is `are` rather than `is`."""
    return thing.endswith("keys") or thing in words.PLURAL


def make_day(rng: random.Random, held_out: bool = False, percepts: int | None = None) -> Day:
    """A day of `percepts` percepts (default: 1 to 40, most days short, a few empty)."""
    n = percepts if percepts is not None else rng.choice([rng.randint(1, 5), rng.randint(4, 16), rng.randint(6, 40)])
    n = 0 if percepts is None and rng.random() < 0.02 else n
    maker = _Maker(rng, held_out)
    while len(maker.facts) < n:
        maker.step()
    facts = maker.facts[:n]
    now_ns = (facts[-1].percept.t0_ns if facts else 0) + round(rng.uniform(*maker.gap_s) * rng.choice([1, 1, 5]) * NS)
    return Day(tuple(facts), tuple(maker.sources), now_ns, wording.clock(now_ns, maker.wall_start))
