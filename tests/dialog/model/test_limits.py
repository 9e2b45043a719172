"""What a question limits itself to, and what may answer it."""

from __future__ import annotations

import pytest

from dialog.model.engine import Engine
from dialog.model.limits import Limits, asked_limits
from streams.types import NS

PLACES = ("gate", "north gate", "kitchen", "room 1", "room 12", "cam.2", "")


@pytest.mark.parametrize(
    ("question", "place"),
    [
        ("What came to a stop at the gate?", "gate"),
        ("How long was the van at the north gate?", "north gate"),
        ("who was in our kitchen", "kitchen"),
        ("In total, how many trucks dropped in in the Kitchen?", "kitchen"),
        ("Length of the vehicle's stay in room 12?", "room 12"),
        ("What is on cam.2?", "cam.2"),
        ("When did the light go on in the kitchen?", "kitchen"),
        ("What does Bo say about the kitchen?", None),
        ("Which gate is broken?", None),
        ("Who was at the garage?", None),
        ("What was in the kitchen and at the gate?", None),
        ("What happened after the light went on in the kitchen?", None),
        ("What was heard when it got dark in the kitchen?", None),
        ("What changed since it rang in the kitchen?", None),
        ("Was there a dog in the kitchen?", None),
        ("And did anybody knock at the gate?", None),
        ("Anything new at the gate?", None),
        ("What barked, in the kitchen or at the gate?", None),
        ("", None),
    ],
)
def test_the_place_that_is_asked_about(question: str, place: str | None) -> None:
    lines = [f"09:00 {place}: a dog enters" for place in PLACES]
    assert asked_limits(question, lines) == (None if place is None else Limits(place))


@pytest.mark.parametrize(
    ("question", "part"),
    [
        ("Who came this morning?", "08:00"),
        ("What was heard at night?", "02:00"),
        ("Which car left in the afternoon?", "15:00"),
        ("Did a cat enter this evening?", "20:00"),
        ("Tell me what you noticed in the middle of the night.", "23:30"),
        ("What came by tonight?", "21:00"),
        ("Was it darker in the evening than in the morning?", None),
        ("Were there more people than this morning?", None),
        ("Is the light still on this evening?", None),
        ("How long was it dark at night?", None),
        ("What happened after it got dark in the evening?", None),
        ("Who says good morning?", None),
        ("What is for dinner?", None),
    ],
)
def test_the_part_of_the_day_that_is_asked_about(question: str, part: str | None) -> None:
    times = ("02:00", "08:00", "15:00", "20:00", "21:00", "23:30")
    limits = asked_limits(question, [f"{time} gate: a dog enters" for time in times])
    if part is None:
        assert limits is None
        return
    assert limits is not None and limits.allow(f"{part} gate: a dog enters") and limits.allow(f"Tue {part} gate: a")
    others = [time for time in times if not limits.allow(f"{time} gate: a dog enters")]
    assert len(others) >= 2
    assert limits.allow('12:00 gate: Bo says: "I come at eight."')
    assert asked_limits(question, ["0:07 gate: a dog enters"]) is None, "seconds into a recording"
    assert asked_limits(question, ["143:07 gate: a dog enters"]) is None


def test_a_place_and_a_part_of_the_day() -> None:
    limits = asked_limits("What came in at the gate this morning?", ["09:00 gate: a dog enters", "09:00 hall: a"])
    assert limits is not None and limits.allow("08:30 gate: a cat enters")
    assert not limits.allow("08:30 hall: a cat enters") and not limits.allow("20:30 gate: a cat enters")


def test_what_may_answer() -> None:
    limits = Limits("gate")
    assert limits.allow("14:03 gate: a dog enters")
    assert not limits.allow("14:03 kitchen: a dog enters")
    assert not limits.allow('14:03 kitchen: a sign reads "NO DOGS"')
    assert limits.allow('14:03 kitchen: Bo says: "There is a dog at the gate."')
    assert limits.allow('14:03 desk: Bo writes: "The gate sticks."')


def test_what_was_seen_elsewhere_is_not_read(engine: Engine) -> None:
    memory = engine.memory(512)
    memory.put_many(
        [("a", "14:03 gate: a dog enters", 0), ("b", "14:04 kitchen: a cat enters", NS),
         ("c", '14:05 kitchen: Bo says: "Hi."', 2 * NS)]
    )  # fmt: skip
    for question, read in (("What came in at the gate?", ("a", "c")), ("Was a cat at the gate?", ("a", "b", "c"))):
        generation = engine.start(engine.host.encode(question), memory, max_new_tokens=4)
        generation.asking.question = question
        generation.prefill()
        assert generation.asking.read[0].names == read
        assert [line.name for line in generation.asking.lines] == ["a", "b", "c"], "marks have a place of their own"


def test_what_was_merged_lasted() -> None:
    limits = asked_limits("What was seen in the afternoon?", ["09:00 gate: a dog enters"])
    assert limits is not None
    assert limits.allow("09:00 to 14:00 gate: in short, 3 people entered")
    assert limits.allow("Mon 22:00 to Tue 13:00 gate: in short, 3 people entered")
    assert not limits.allow("08:00 to 10:00 gate: in short, 3 people entered")


@pytest.mark.parametrize(
    ("question", "read"),
    [
        ("Who delivered on Wednesday around midday?", ["Wed 02:00", "Wed 11:50", "Wed 20:10"]),
        ("Thursday evening's chicken count?", ["Thu 18:00"]),
        ("What was heard on wednesday night?", ["Wed 02:00", "Wed 20:10", "Thu 02:00"]),
        ("Who was here on Sunday?", []),
        ("Was there a van on Wednesday or Thursday?", None),
        ("What happened between Wednesday and Friday?", None),
        ("Is the light on since Wednesday?", None),
        ("What did I miss today, Thursday?", None),
        ("What happens next Wednesday?", None),
        ("Who comes on Wednesdays after eight?", None),
        ("Who came?", None),
    ],
)
def test_the_weekday_that_is_asked_about(question: str, read: list[str] | None) -> None:
    times = ["Tue 11:50", "Wed 02:00", "Wed 11:50", "Wed 20:10", "Thu 02:00", "Thu 18:00", "Sat 02:00"]
    limits = asked_limits(question, [f"{time} gate: a van enters" for time in times])
    assert (limits is None) is (read is None)
    if limits is not None:
        assert [time for time in times if limits.allow(f"{time} gate: a van enters")] == read
        assert limits.allow("20:10 gate: a van enters"), "of the day on which the stream began, whichever that is"
        assert limits.allow('Mon 20:10 gate: a sign reads "OPEN ON SUNDAY"') and limits.allow(
            'Mon 12:00 gate: Bo says: "They come on Friday."'
        )
    alone = asked_limits(question, ["12:00 gate: a van enters"])
    assert alone is None or alone.day is None, "no other day is known of"


def test_what_was_merged_lasts_into_the_weekday() -> None:
    limits = asked_limits("What was seen on Tuesday?", ["Tue 09:00 gate: a dog enters"])
    assert limits is not None
    assert limits.allow("Mon 22:00 to Tue 03:00 gate: in short, 3 people entered")
    assert not limits.allow("Mon 08:00 to 10:00 gate: in short, 3 people entered")
    assert not limits.allow("Wed 00:00 to 01:00 gate: in short, 3 people entered")
