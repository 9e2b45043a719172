"""Places as people say where something was."""

from __future__ import annotations

import pytest

from streams.places import told, where_is


@pytest.mark.parametrize(
    ("place", "said"),
    [
        ("kitchen", " in the kitchen"),
        ("back garden", " in the back garden"),
        ("newsroom", " in the newsroom"),
        ("front door", " at the front door"),
        ("gate", " at the gate"),
        ("room 204", " in room 204"),
        ("dock B", " at dock B"),
        ("cam 07", " on cam 07"),
        ("channel 4", " on channel 4"),
        ("Ben's desk", " at Ben's desk"),
        ("Lena's room", " in Lena's room"),
        ("camera", ""),
        ("", ""),
    ],
)
def test_where_it_is(place: str, said: str) -> None:
    assert where_is(place) == said


@pytest.mark.parametrize(
    ("clock", "place", "text", "sentence"),
    [
        ("14:03", "gate", "a dog appears", "at 14:03 at the gate: a dog appears."),
        ("Tue 9:00", "hall", 'Ana says: "Really?"', 'at Tue 9:00 in the hall: Ana says: "Really?"'),
        ("0:12", "camera", "it gets darker", "at 0:12: it gets darker."),
        ("09:00 to 10:00", "gate", "in short, 1 dog left", "from 09:00 to 10:00 at the gate: in short, 1 dog left."),
    ],
)
def test_telling(clock: str, place: str, text: str, sentence: str) -> None:
    assert told(clock, place, text) == sentence
