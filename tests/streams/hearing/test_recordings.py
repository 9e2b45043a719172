"""The whole of hearing on real recordings: words right, noise without words, chunks without influence."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from agent.bench.perception_audio import audio_rows, hear, read_audio
from streams.encoders.hearing.encoder import HearingEncoder
from streams.encoders.hearing.moonshine import Moonshine
from streams.encoders.hearing.vad import SileroVad
from streams.types import Observation, Percept, Transcript, seconds

pytestmark = [pytest.mark.models, pytest.mark.media]

LOUD = "a sudden loud sound is heard"
Listen = Callable[..., list[Observation]]


@pytest.fixture(scope="module")
def encoder(silero: SileroVad, moonshine: Moonshine) -> HearingEncoder[Any]:
    return HearingEncoder(silero, moonshine)


@pytest.fixture
def listen(encoder: HearingEncoder[Any], media: Path) -> Listen:
    def listen(name: str, chunk: int = 320, until_s: float | None = None) -> list[Observation]:
        samples = np.concatenate(list(read_audio(media / "audio" / name)))
        return hear(encoder, samples[: None if until_s is None else int(until_s * 16_000)], chunk)

    return listen


def test_word_errors_and_noise_within_the_limits(encoder: HearingEncoder[Any], media: Path) -> None:
    rows, figures = audio_rows(media, encoder, lambda name: None)
    assert figures["clean_en_items"] >= 15
    assert figures["wer_clean_en_mean"] <= 0.10, rows
    assert figures["noise_words"] == 0, rows
    assert figures["noise_percepts"] <= 8, rows


@pytest.mark.parametrize("chunk", [1, 509, 10**6])
def test_chunk_size_does_not_matter(listen: Listen, chunk: int) -> None:
    want = listen("en_one_two_three.flac")
    assert any(isinstance(o, Transcript) for o in want)
    assert listen("en_one_two_three.flac", chunk) == want


def test_later_sound_never_changes_earlier_output(listen: Listen) -> None:
    # 3.1 s lies in a pause that ends the first utterance.
    early = [o for o in listen("en_jfk.flac", until_s=3.1) if isinstance(o, Transcript)]
    whole = [o for o in listen("en_jfk.flac") if isinstance(o, Transcript)]
    assert early and whole[: len(early)] == early and len(whole) > len(early)


def test_utterances_have_their_times(listen: Listen, manifest: dict[str, Any]) -> None:
    said = [o for o in listen("stream_five_utterances_dev.flac") if isinstance(o, Transcript)]
    events = manifest["audio/stream_five_utterances_dev.flac"]["events"]
    assert len(said) == len(events)
    for transcript, event in zip(said, events, strict=True):
        assert seconds(transcript.t0_ns) == pytest.approx(event["t0"], abs=0.4)
        assert seconds(transcript.t1_ns) == pytest.approx(event["t1"], abs=0.4)


@pytest.mark.parametrize(
    "name",
    ["event_dog_1-100032-A-0.flac", "event_thunderstorm_3-103051-C-19.flac", "event_slow_clap.flac"],
)
def test_sudden_sounds_are_heard(listen: Listen, name: str) -> None:
    assert LOUD in [o.text for o in listen(name) if isinstance(o, Percept)]


def test_a_language_it_does_not_know_is_not_invented(listen: Listen) -> None:
    for name in ("fr_leopard.flac", "it_leopard.flac", "es_leopard.flac"):
        said = [o.text for o in listen(name) if isinstance(o, Transcript)]
        assert len(said) <= 1, said
