"""Text in the picture: where and when it changed, once; gone when it is gone."""

from __future__ import annotations

from functools import lru_cache

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from streams.encoders.vision.picture import ChangeGate
from streams.encoders.vision.reading import Line, RapidReader, alike, distance, grouped, makes_sense
from streams.encoders.vision.signs import FULL_PIXELS, PIXELS_PER_S, Signs, SignsState
from streams.types import NS, Percept, VideoFrame, ns


class Colours:
    """A reader for tests: reads the red, green or blue rectangles that it sees as words."""

    WORDS = {"red": 0, "green": 1, "blue": 2}

    def __init__(self) -> None:
        self.sizes: list[tuple[int, ...]] = []

    def read(self, rgb: NDArray[np.uint8], most_pixels: int) -> list[Line]:
        self.sizes.append(rgb.shape[:2])
        lines = []
        for word, channel in self.WORDS.items():
            mask = (rgb[..., channel] > 200) & (np.delete(rgb, channel, 2).max(2) < 60)
            if mask.sum() > 200:
                x, y, width, height = cv2.boundingRect(mask.astype(np.uint8))
                lines.append(Line(f"{word} exit", 0.9, x, y, width, height))
        return lines


@lru_cache
def noise(seed: int) -> NDArray[np.uint8]:
    """A wall with sensor noise."""
    blocks = np.random.default_rng(5).integers(90, 160, (9, 16, 3)).astype(np.uint8)
    rgb = cv2.resize(blocks, (640, 360), interpolation=cv2.INTER_NEAREST)
    return np.clip(rgb + np.random.default_rng(seed).normal(0, 2, rgb.shape), 0, 255).astype(np.uint8)


def picture(*signs: tuple[str, int, int], seed: int = 0) -> NDArray[np.uint8]:
    rgb = noise(seed % 3).copy()
    for word, x, y in signs:
        color = [0, 0, 0]
        color[Colours.WORDS[word]] = 255
        cv2.rectangle(rgb, (x, y), (x + 120, y + 40), color, -1)
    return rgb


def watch(frames: list[NDArray[np.uint8]], reader: object, fps: float = 10.0) -> tuple[list[Percept], SignsState]:
    gate, signs = ChangeGate(), Signs(reader)  # type: ignore[arg-type]
    gate_state, state = gate.init_state("camera"), signs.init_state("camera")
    found = []
    for i, rgb in enumerate(frames):
        p = gate.step(gate_state, VideoFrame("camera", ns(i / fps), rgb))
        if p is not None:
            found += signs.step(state, p)
    return found + signs.flush(state), state


def test_a_sign_is_said_once_and_when_it_is_gone() -> None:
    reader = Colours()
    frames = [picture(seed=i) for i in range(20)]
    frames += [picture(("red", 200, 100), seed=i) for i in range(40)]
    frames += [picture(seed=i) for i in range(60)]
    found, _ = watch(frames, reader)
    assert [p.text for p in found] == ['a sign reads "red exit"', 'the sign "red exit" is gone']
    assert ns(2) <= found[0].t0_ns < ns(3.5) and found[0].kind == "sign"
    assert found[1].t1_ns - found[1].t0_ns >= 2 * NS
    assert found[0].box == pytest.approx((200 / 640, 100 / 360, 121 / 640, 41 / 360), abs=0.01)
    assert len(reader.sizes) == 3
    assert reader.sizes[0] == (360, 640) and reader.sizes[1][0] * reader.sizes[1][1] < 640 * 360 / 4


def test_a_static_picture_is_read_once() -> None:
    reader = Colours()
    found, _ = watch([picture(("red", 100, 100), seed=i) for i in range(80)], reader)
    assert len(found) == 1 and len(reader.sizes) == 1


def test_a_sign_that_moves_is_the_same_sign() -> None:
    frames = [picture(("red", 40, 100), seed=i) for i in range(20)]
    frames += [picture(("red", 40 + 20 * i, 100), seed=i) for i in range(20)]
    frames += [picture(("red", 420, 100), seed=i) for i in range(60)]
    assert [p.text for p in watch(frames, Colours())[0]] == ['a sign reads "red exit"']


def test_another_text_at_its_place_is_said() -> None:
    frames = [picture(("red", 200, 100), seed=i) for i in range(30)]
    frames += [picture(("blue", 200, 100), seed=i) for i in range(60)]
    texts = [p.text for p in watch(frames, Colours())[0]]
    assert texts == ['a sign reads "red exit"', 'a sign reads "blue exit"', 'the sign "red exit" is gone']


def test_a_cut_takes_the_signs_with_it() -> None:
    other = 255 - picture(("green", 300, 200))
    cv2.rectangle(other, (300, 200), (420, 240), (0, 255, 0), -1)
    texts = [p.text for p in watch([picture(("red", 50, 50))] * 20 + [other] * 60, Colours())[0]]
    assert texts == ['a sign reads "red exit"', 'a sign reads "green exit"', 'the sign "red exit" is gone']


def test_restless_pictures_keep_to_the_budget() -> None:
    reader = Colours()
    rng = np.random.default_rng(0)
    frames = [cv2.resize(rng.integers(0, 255, (18, 32, 3)).astype(np.uint8), (640, 360)) for _ in range(200)]
    _, state = watch([np.asarray(f, np.uint8) for f in frames], reader)
    read = sum(min(900_000, 9 * h * w) for h, w in reader.sizes)
    assert 0 < read <= FULL_PIXELS + 20 * PIXELS_PER_S
    assert len(state.known) <= 64


def test_a_photograph_is_read_at_the_end_and_darkness_is_not() -> None:
    reader = Colours()
    found, _ = watch([picture(("blue", 10, 10))], reader)
    assert [p.text for p in found] == ['a sign reads "blue exit"']
    dark = Colours()
    assert watch([np.zeros((360, 640, 3), np.uint8)] * 20, dark)[0] == [] and dark.sizes == []
    signs = Signs(reader)
    assert signs.flush(signs.init_state("camera")) == []


def test_lines_of_one_sign_are_joined() -> None:
    lines = [
        Line("ROYAL", 0.9, 60, 42, 50, 18),
        Line("Théâtre du", 0.9, 10, 20, 100, 18),
        Line("PALAIS", 0.9, 0, 41, 55, 19),
        Line("EXIT", 0.9, 400, 20, 60, 18),
        Line("HUGE", 0.9, 10, 65, 200, 60),
    ]
    texts = [" ".join(line.text for line in group) for group in grouped(lines)]
    assert sorted(texts) == ["EXIT", "HUGE", "Théâtre du PALAIS ROYAL"]
    many = [Line("a rather long line of text", 0.9, 0, 20 * i, 200, 18) for i in range(10)]
    assert all(len(" ".join(x.text for x in group)) < 60 for group in grouped(many))


@pytest.mark.parametrize(
    ("text", "confidence", "sense"),
    [("EXIT", 0.7, True), ("EXIT", 0.5, False), ("A", 0.99, False), ("12", 0.9, True), ("12", 0.7, False),
     ("--=", 0.99, False), ("快", 0.9, False), ("出口出口", 0.7, False)],
)  # fmt: skip
def test_junk_is_left_out(text: str, confidence: float, sense: bool) -> None:
    assert makes_sense(Line(text, confidence, 0, 0, 10, 10)) is sense


def test_readings_of_one_text_are_alike() -> None:
    assert alike("Musée du Louvre", "Musee du LoUVRE") and alike("MISFITS", "MISFTS") and alike("WELCOME", "ELCOME")
    assert not alike("EXIT", "ENTRY") and not alike("red exit", "blue exit")
    assert distance("kitten", "sitting") == 3


def test_the_real_reader_reads() -> None:
    rgb = picture()
    cv2.rectangle(rgb, (180, 120), (470, 220), (255, 255, 255), -1)
    cv2.putText(rgb, "PLATFORM", (190, 165), cv2.FONT_HERSHEY_SIMPLEX, 1.3, (0, 0, 0), 3)
    cv2.putText(rgb, "to Zurich", (190, 205), cv2.FONT_HERSHEY_SIMPLEX, 1.0, (0, 0, 0), 2)
    found, _ = watch([picture(seed=1)] * 10 + [rgb] * 15, RapidReader())
    assert [p.text for p in found] == ['a sign reads "PLATFORM to Zurich"']
    assert RapidReader().read(np.zeros((1, 1, 3), np.uint8), 1000) == []
