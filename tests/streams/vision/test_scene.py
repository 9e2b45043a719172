"""What the picture shows: only what is sure, in everyday words, rarely."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from streams.encoders.vision import imagenet
from streams.encoders.vision.picture import ChangeGate
from streams.encoders.vision.scene import ANIMALS, WORDS, Scene
from streams.types import Percept, VideoFrame, ns

LABELS = imagenet.names()


class Fake:
    """A classifier that answers with what the test says."""

    labels = LABELS

    def __init__(self, *answers: dict[str, float]) -> None:
        self.answers = list(answers)
        self.runs = 0

    def run(self, crops: list[NDArray[np.uint8]]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        answer = self.answers[min(self.runs, len(self.answers) - 1)]
        self.runs += 1
        rows = np.zeros((len(crops), 1000), np.float32)
        for name, value in answer.items():
            rows[:, LABELS.index(name)] = value
        return rows, np.ones((len(crops), 1280), np.float32)


def view(seed: int) -> NDArray[np.uint8]:
    blocks = np.random.default_rng(seed).integers(20, 240, (9, 16, 3)).astype(np.uint8)
    return np.asarray(cv2.resize(blocks, (320, 180), interpolation=cv2.INTER_NEAREST), np.uint8)


def show(fake: Fake, frames: list[NDArray[np.uint8]], fps: float = 10.0) -> list[Percept]:
    gate, scene = ChangeGate(), Scene(fake)
    gate_state, state = gate.init_state("camera"), scene.init_state("camera")
    found = []
    for i, rgb in enumerate(frames):
        picture = gate.step(gate_state, VideoFrame("camera", ns(i / fps), rgb))
        if picture is not None:
            found += scene.step(state, picture)
    return found


@pytest.mark.parametrize(
    ("answer", "text"),
    [
        ({"desktop computer": 0.3, "desk": 0.26}, "the picture shows a computer and a desk"),
        ({"Border collie": 0.3, "collie": 0.25}, "the picture shows a dog"),
        ({"street sign": 0.9}, "the picture shows a street sign"),
        ({"Border collie": 0.3}, ""),  # not sure enough
        ({"medicine chest": 0.9}, ""),  # a class that nobody means
        ({"bulletproof vest": 0.9}, ""),  # and clothing
        ({"cab": 0.1, "moped": 0.1, "streetcar": 0.1}, ""),
    ],
)
def test_words(answer: dict[str, float], text: str) -> None:
    found = show(Fake(answer), [view(1)] * 3)
    assert [p.text for p in found] == ([text] if text else [])
    if found:
        assert found[0].features is not None and found[0].features.shape == (2, 1280)


def test_it_is_asked_at_first_sight_and_after_a_cut_only() -> None:
    fake = Fake({"streetcar": 0.9}, {"cup": 0.9})
    found = show(fake, [view(1)] * 100 + [view(2)] * 100)
    assert fake.runs == 2
    assert [p.text for p in found] == ["the picture shows a tram", "the picture shows a cup"]


def test_a_lasting_change_is_looked_at_and_the_same_is_not_said_again() -> None:
    # the view changes in small steps: no cut, but another picture in the end
    first, second = view(1), view(2)
    frames = [first] * 10
    for i in range(36):
        rgb = first.copy()
        rgb[: 5 * (i + 1)] = second[: 5 * (i + 1)]
        frames.append(rgb)
    fake = Fake({"streetcar": 0.9})
    assert len(show(fake, frames + [second] * 200)) == 1
    assert fake.runs == 2


def test_darkness_is_not_classified() -> None:
    fake = Fake({"streetcar": 0.9})
    assert show(fake, [np.zeros((90, 160, 3), np.uint8)] * 20) == [] and fake.runs == 0


def test_all_names_are_classes() -> None:
    for words in WORDS.values():
        for classes in words.values():
            assert set(classes) <= set(LABELS)
    ends = [(LABELS[first], LABELS[last]) for _, first, last in ANIMALS]
    assert ends[3:5] == [("Chihuahua", "Mexican hairless"), ("tabby", "Egyptian cat")]
