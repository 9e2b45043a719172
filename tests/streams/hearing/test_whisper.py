"""faster-whisper as an engine, on a tiny random model: real classes, real files, any language, clear errors."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from streams.encoders.hearing.encoder import HearingEncoder
from streams.encoders.hearing.speech import SpeechOptions
from streams.encoders.hearing.whisper import FasterWhisper, _without_loop
from streams.errors import ModelError
from streams.types import Transcript
from tests.streams.hearing import tiny_whisper
from tests.streams.hearing.fakes import ToneVad, cut, noise, tone


@pytest.fixture(scope="module")
def english(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_whisper.make(tmp_path_factory.mktemp("whisper-en"), multilingual=False)


@pytest.fixture(scope="module")
def multilingual(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_whisper.make(tmp_path_factory.mktemp("whisper"), multilingual=True)


def test_hears_deterministically(english: Path) -> None:
    engine = FasterWhisper(str(english), device="cpu", threads=1)
    first, second = engine.transcribe(tone(1.5)), engine.transcribe(tone(1.5))
    assert first == second
    assert first.language == "en" and not engine.multilingual
    assert 0 <= first.confidence <= 1
    assert engine.transcribe(np.zeros(0, np.float32)).text == ""


def test_through_the_whole_encoder(english: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("streams.encoders.hearing.whisper._unlikely", lambda segment: False)
    engine = FasterWhisper(str(english), device="cpu", threads=1)
    options = SpeechOptions(min_confidence=0.0, partials=False)
    sound = np.concatenate([noise(0.5), tone(1.5), noise(1.0)])
    (said,) = [o for o in cut(HearingEncoder(ToneVad(), engine, options), sound, 1024) if isinstance(o, Transcript)]
    assert said.text and said.language == "en"


def test_a_multilingual_model_takes_or_finds_the_language(multilingual: Path) -> None:
    engine = FasterWhisper(str(multilingual), device="cpu", threads=1, word_times=True)
    assert engine.multilingual
    assert engine.transcribe(tone(1.0), "de").language == "de"
    assert len(engine.transcribe(tone(1.0)).language) in (2, 3)
    with pytest.raises(ModelError, match="xx"):
        engine.transcribe(tone(1.0), "xx")


def test_an_english_model_refuses_other_languages(english: Path) -> None:
    with pytest.raises(ModelError, match="'en' only"):
        FasterWhisper(str(english), device="cpu").transcribe(tone(1.0), "fr")


def test_what_is_no_model_is_one_clear_line(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="folder with a CTranslate2 model") as caught:
        FasterWhisper(str(tmp_path), device="cpu")
    assert "\n" not in str(caught.value)


def test_endless_repetition_is_cut() -> None:
    assert _without_loop("so I said " + "thank you very much " * 30) == "so I said thank you very much"
    assert _without_loop("no no no") == "no no no"
