"""Percepts of other systems, in their own words: detectors with colours, captions, sensors, speech without a frame.

Each fact's data: `subject` (`a red car`, `the door`), `event` (what happened, in the past tense, for an answer),
`about` (`seen`, `caption`, `door`, `reading`, ...), `attr` and `value` where there is a property to ask about, and
`noun` where the subject is of one of the encoders' own classes.
"""

from __future__ import annotations

from collections.abc import Sequence

from dialog.training import words
from dialog.training.diary import Diary
from dialog.training.happenings import Happening
from streams import wording
from streams.types import Kind

PEOPLE = ("man", "woman", "boy", "girl", "courier", "child", "lady", "guard", "cyclist", "jogger", "postman", "worker",
          "visitor", "teenager", "nurse", "couple", "driver", "cleaner", "technician", "stranger")  # fmt: skip
GARMENTS = ("jacket", "coat", "shirt", "hat", "vest", "hoodie", "dress", "uniform", "sweater", "raincoat", "helmet",
            "cap", "scarf", "T-shirt")  # fmt: skip
VEHICLES = ("car", "van", "truck", "bicycle", "motorcycle", "bus", "pickup", "taxi", "scooter", "SUV", "trailer",
            "tractor", "delivery van", "sports car", "minibus")  # fmt: skip
ANIMALS = ("dog", "cat", "bird", "fox", "rabbit", "horse", "squirrel", "deer", "hedgehog", "crow")
THINGS = ("bag", "suitcase", "box", "umbrella", "ball", "backpack", "balloon", "ladder", "bucket", "crate", "parcel",
          "stroller", "wheelbarrow", "shopping cart")  # fmt: skip
CLASSES = {"car", "van", "truck", "bicycle", "motorcycle", "bus", "dog", "cat", "bird", "horse", "suitcase", "box",
           "umbrella", "backpack"}  # fmt: skip

VERBS: Sequence[tuple[str, str, str]] = (
    ("enters from the left", "entered from the left", "any"),
    ("enters from the right", "entered from the right", "any"),
    ("leaves to the left", "left to the left", "any"), ("leaves to the right", "left to the right", "any"),
    ("passes from left to right", "passed from left to right", "any"),
    ("walks past", "walked past", "alive"), ("runs across the yard", "ran across the yard", "alive"),
    ("stops at the gate", "stopped at the gate", "any"), ("waits at the door", "waited at the door", "alive"),
    ("drives past", "drove past", "vehicle"),
    ("parks in front of the house", "parked in front of the house", "vehicle"),
    ("turns into the driveway", "turned into the driveway", "vehicle"), ("backs up to the ramp",
    "backed up to the ramp", "vehicle"), ("approaches slowly", "approached slowly", "any"),
    ("crosses the street", "crossed the street", "alive"), ("rings the bell", "rang the bell", "person"),
    ("puts down a box", "put down a box", "person"), ("picks up a parcel", "picked up a parcel", "person"),
    ("looks through the window", "looked through the window", "person"), ("sits down on the bench",
    "sat down on the bench", "person"), ("carries a ladder", "carried a ladder", "person"),
    ("opens the gate", "opened the gate", "person"), ("lies in the grass", "lay in the grass", "animal"),
    ("jumps over the fence", "jumped over the fence", "alive"),
    ("leaves", "left", "any"), ("arrives", "arrived", "any"),
    ("is dropped", "was dropped", "thing"), ("falls over", "fell over", "thing"), ("is moved away", "was moved away",
    "thing"), ("drives away", "drove away", "vehicle"), ("pulls in", "pulled in", "vehicle"),
)  # fmt: skip
"""Now, then, and who does so."""

CAPTIONS: Sequence[tuple[str, str]] = (
    ("is reading on the couch", "was reading on the couch"), ("is cooking at the stove", "was cooking at the stove"),
    ("is talking on the phone", "was talking on the phone"), ("is sitting at a desk", "was sitting at a desk"),
    ("is washing the dishes", "was washing the dishes"), ("is watching television", "was watching television"),
    ("is standing by the window", "was standing by the window"), ("is working on a laptop", "was working on a laptop"),
    ("is drinking coffee", "was drinking coffee"), ("is sleeping in an armchair", "was sleeping in an armchair"),
    ("is stacking boxes", "was stacking boxes"), ("is sweeping the floor", "was sweeping the floor"),
    ("is playing the guitar", "was playing the guitar"), ("is watering the plants", "was watering the plants"),
    ("is pushing a pallet truck", "was pushing a pallet truck"), ("is looking for something in a drawer",
    "was looking for something in a drawer"), ("is climbing a ladder", "was climbing a ladder"),
    ("is feeding the dog", "was feeding the dog"), ("is paying at the till", "was paying at the till"),
    ("is waiting in the queue", "was waiting in the queue"), ("is painting a wall", "was painting a wall"),
    ("is holding an umbrella", "was holding an umbrella"), ("is tying their shoes", "was tying their shoes"),
    ("is writing on a whiteboard", "was writing on a whiteboard"), ("is folding laundry", "was folding laundry"),
)  # fmt: skip

OPENINGS = ("door", "window", "gate", "garage door", "front door", "back door", "fridge", "cellar door", "safe",
            "letter box", "skylight", "roller shutter", "cabinet", "barrier", "fire door", "balcony door",
            "lift door", "side entrance")  # fmt: skip

READINGS: Sequence[tuple[str, str, int, int]] = (
    ("temperature", "degrees", -8, 38), ("humidity", "percent", 20, 90), ("battery", "percent", 3, 100),
    ("water level", "centimetres", 5, 180), ("air pressure", "hectopascals", 970, 1040), ("CO2", "ppm", 400, 2400),
    ("power", "watts", 12, 3400), ("oven temperature", "degrees", 80, 250),
    ("freezer temperature", "degrees", -25, -10),
    ("tank level", "percent", 2, 100), ("wind speed", "kilometres per hour", 1, 95), ("queue length", "people", 0, 25),
    ("water temperature", "degrees", 9, 70), ("weight on the scale", "kilograms", 1, 900),
)  # fmt: skip
"""What a sensor measures, in which unit, from and to."""

DEVICES: Sequence[tuple[str, str, str]] = (
    ("the washing machine", "finishes", "finished"), ("the dishwasher", "starts", "started"),
    ("the heating", "turns off", "turned off"), ("the heating", "turns on", "turned on"),
    ("the coffee machine", "is ready", "was ready"), ("the fan", "turns on", "turned on"),
    ("the doorbell button", "is pressed", "was pressed"), ("the smoke detector", "reports smoke", "reported smoke"),
    ("the water sensor", "reports a leak", "reported a leak"), ("the alarm system", "is armed", "was armed"),
    ("the alarm system", "is disarmed", "was disarmed"), ("the lift", "stops on floor 3", "stopped on floor 3"),
    ("the conveyor", "stops", "stopped"), ("the printer", "runs out of paper", "ran out of paper"),
    ("the robot vacuum", "starts cleaning", "started cleaning"), ("the dryer", "finishes", "finished"),
    ("the compressor", "starts", "started"), ("the charger", "is unplugged", "was unplugged"),
    ("the sprinkler", "turns on", "turned on"), ("the router", "restarts", "restarted"),
    ("the baby monitor", "turns on", "turned on"), ("the freezer", "beeps", "beeped"),
)  # fmt: skip

POSTURES = ("sitting", "standing", "waiting", "lying")
SPOTS = ("on the sofa", "at the gate", "under the table", "next to the fence", "on the roof", "by the pool",
         "in the corner", "near the exit", "on the bench", "in front of the shelf", "on the lawn", "at the counter",
         "between two cars", "behind the counter", "on the platform", "by the lift")  # fmt: skip
NUMBERS = ("two", "three", "four", "five", "2", "3", "4", "5", "6", "seven")


def _pick(d: Diary, values: Sequence[str]) -> str:
    return d.rng.choice(words.split(list(values), d.held_out))


def _noun(kind: str, word: str) -> dict[str, str]:
    if kind == "person":
        return {"noun": "person"}
    return {"noun": word} if word in CLASSES else {}


def _subject(d: Diary) -> tuple[str, str, dict[str, str]]:
    """Somebody or something with a colour: its kind, the words for it, its data."""
    rng = d.rng
    kind = rng.choice(["person", "person", "vehicle", "vehicle", "animal", "thing"])
    pool = {"person": PEOPLE, "vehicle": VEHICLES, "animal": ANIMALS, "thing": THINGS}[kind]
    word = rng.choice(pool)
    data = _noun(kind, word) | {"thing": word}
    if kind == "person":
        if rng.random() < 0.35:
            return kind, wording.article(word), data
        colour, garment = rng.choice(words.COLOURS), rng.choice(GARMENTS)
        wears = rng.choice(["in", "in", "with", "wearing"])
        return kind, f"{wording.article(word)} {wears} {wording.article(colour)} {garment}", data | {
            "attr": "colour", "value": colour, "of": garment
        }  # fmt: skip
    plain = ("brown", "black", "white", "grey") if kind == "animal" else tuple(words.COLOURS)
    colour = rng.choice(plain)
    size = rng.choice(["", "", "", "", "small ", "large "])
    return kind, wording.article(f"{size}{colour} {word}"), data | {"attr": "colour", "value": colour, "of": word}


def detects(d: Diary, source: str) -> None:
    """`a red car enters from the left`."""
    kind, subject, data = _subject(d)
    fits = {"person": ("any", "alive", "person"), "vehicle": ("any", "vehicle"), "animal": ("any", "alive", "animal"),
            "thing": ("thing",)}[kind]  # fmt: skip
    now, then, _ = d.rng.choice([verb for verb in VERBS if verb[2] in fits])
    bare = d.rng.random() < 0.15
    shown = subject.split(" ", 1)[1] if bare else subject
    _tell(d, "object", source, f"{shown} {now}", subject, f"{subject} {then}", about="seen", **data)


def several(d: Diary, source: str) -> None:
    """`2 cats on the sofa`."""
    word = d.rng.choice([*ANIMALS[:3], "person", "car", "box", "bag", "bicycle"])
    number, spot = d.rng.choice(NUMBERS), _pick(d, SPOTS)
    many = {"person": "people", "box": "boxes"}.get(word, f"{word}s")
    subject = f"{number} {many}"
    now = d.rng.choice(["", "are "]) + (f"{d.rng.choice(POSTURES)} " if word in ("cat", "dog", "person") else "")
    data = {"noun": word} if word in CLASSES or word == "person" else {}
    _tell(d, "object", source, f"{subject} {now}{spot}", subject, f"{subject} were {spot}", about="several",
          thing=many, attr="number", value=number, spot=spot, **data)  # fmt: skip


def scored(d: Diary, source: str) -> None:
    """`person detected in driveway, 87 %`."""
    word = d.rng.choice(["person", "person", "car", "dog", "cat", "package", "truck", "face", "bicycle", "bear"])
    where = d.rng.choice(["driveway", "front yard", "zone 2", "entrance", "sidewalk", "parking area", "yard"])
    percent = d.rng.randint(51, 99)
    text = d.rng.choice(
        [f"{word} detected in {where}, {percent} %", f"{word} detected ({percent} %) in {where}",
         f"{word} detected in {where}", f"detected: {word} in {where} ({percent} %)"]
    )  # fmt: skip
    subject = wording.article(word)
    data = {"noun": word} if word in CLASSES or word == "person" else {}
    _tell(d, "object", source, text, subject, f"{subject} was detected in the {where}", about="scored", thing=word,
          **data)  # fmt: skip


def captions(d: Diary, source: str) -> None:
    """`a woman is reading on the couch`."""
    who = wording.article(d.rng.choice(PEOPLE)) if d.rng.random() < 0.75 else d.rng.choice(d.speakers)
    now, then = d.rng.choice(words.split(list(CAPTIONS), d.held_out))
    thing = who.split(" ", 1)[1] if who[:1].islower() else who
    _tell(d, "scene", source, f"{who} {now}", who, f"{who} {then}", about="caption", thing=thing, noun="person",
          doing=now.removeprefix("is "))  # fmt: skip


def opens(d: Diary, source: str) -> None:
    """`the door opens`, `the window is closed`."""
    thing = _pick(d, OPENINGS)
    state = d.rng.choice(["open", "closed", "open", "closed", "locked", "unlocked"])
    verb = {"open": "opens", "closed": "closes", "locked": "is locked", "unlocked": "is unlocked"}[state]
    text = d.rng.choice([f"the {thing} {verb}", f"the {thing} {verb}", f"the {thing} is {state}", f"{thing} {state}"])
    done = {"open": "opened", "closed": "closed", "locked": "was locked", "unlocked": "was unlocked"}[state]
    then = done if verb in text else f"was {state}"
    _tell(d, "motion", source, text, f"the {thing}", f"the {thing} {then}", about="opening", thing=thing, attr="state",
          value=state)  # fmt: skip


def measures(d: Diary, source: str) -> None:
    """`temperature 23 degrees`."""
    what, unit, low, high = d.rng.choice(READINGS)
    n = d.rng.randint(low, high)
    value = f"{n} {unit}" if d.rng.random() < 0.75 or abs(n) > 200 else f"{n}.{d.rng.randint(1, 9)} {unit}"
    text = d.rng.choice(
        [f"{what} {value}", f"{what}: {value}", f"the {what} is {value}", f"{what} is now {value}",
         f"the {what} reads {value}"]
    )  # fmt: skip
    _tell(d, "motion", source, text, f"the {what}", f"the {what} was {value}", about="reading", thing=what, attr=what,
          value=value)  # fmt: skip


def reports(d: Diary, source: str) -> None:
    """`the washing machine finishes`, `motion stops`."""
    if d.rng.random() < 0.3:
        n = d.rng.choice(["stops", "detected", "starts", "ended"])
        then = {"stops": "stopped", "detected": "was detected", "starts": "started", "ended": "ended"}[n]
        _tell(d, "motion", source, f"motion {n}", "motion", f"motion {then}", about="device", thing="motion")
        return
    subject, now, then = d.rng.choice(words.split(list(DEVICES), d.held_out))
    _tell(d, "motion", source, f"{subject} {now}", subject, f"{subject} {then}", about="device",
          thing=subject.removeprefix("the "))  # fmt: skip


def _tell(d: Diary, kind: Kind, source: str, text: str, subject: str, event: str, /, **data: str) -> None:
    d.later(kind, source, text, "foreign", subject=subject, event=event, **data)


FOREIGN: Sequence[tuple[Happening, float]] = (
    (detects, 12), (several, 3), (scored, 3), (captions, 5), (opens, 6), (measures, 5), (reports, 5),
)  # fmt: skip
