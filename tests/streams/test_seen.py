"""What can be seen is told apart from what is said, heard, or wrong with a device."""

from __future__ import annotations

import pytest

from streams import wording

SEEN = (
    wording.enters("dog", "left"), wording.leaves("van", "right", 200), wording.stays("person", "middle", 60),
    wording.moves("cat", "left", "top"), wording.recognised("bus"), wording.appears("fox"), wording.count("person", 0),
    wording.count("car", 3), wording.faces(2), wording.faces(0), wording.scene(["desk", "lamp"]),
    wording.scene_change(), wording.sign("EXIT"), wording.sign_gone("EXIT"), wording.motion("left"),
    *map(wording.light, wording.LIGHT), wording.reported(["fox"], "yard"), wording.comes_into("person", "driveway"),
    wording.known_as("person", "Ana"),
)  # fmt: skip

UNSEEN = (
    *map(wording.covered, (True, False)), *map(wording.frozen, (True, False)), *map(wording.blurred, (True, False)),
    *map(wording.turned, (True, False)), *map(wording.looked, ("full", "reduced", "motion")),
    *(wording.gone(yes, device) for yes in (True, False) for device in ("camera", "microphone")), wording.loud(),
    *map(wording.noise, (True, False)), wording.heard("a dog barking"), wording.says("Look, a dog!"),
    wording.says("I see\nit", "Ana"), wording.writes("2 people are in view", "Ben"), "a dog is heard barking",
)  # fmt: skip


@pytest.mark.parametrize("text", SEEN)
def test_seen(text: str) -> None:
    assert wording.is_seen(text)


@pytest.mark.parametrize("text", UNSEEN)
def test_not_seen(text: str) -> None:
    assert not wording.is_seen(text)
