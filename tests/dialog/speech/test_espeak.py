"""Speech synthesis: understood when heard back, deaf to commands in the text, clear when it cannot."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from agent.bench.perception_audio import word_errors
from agent.models.store import ModelStore
from dialog.speech import espeak
from dialog.speech.espeak import Espeak, EspeakOptions
from dialog.speech.synth import MAX_CHARS, speakable
from streams.errors import ModelError
from streams.resample import resample

VOICES = ("en-us", "en-gb+f3", "en-us+m3")


def test_speaks() -> None:
    samples, rate_hz = Espeak().say("Hello there.")
    assert samples.dtype == np.float32 and samples.ndim == 1 and rate_hz == 22_050
    assert 0.4 * rate_hz < len(samples) < 3 * rate_hz
    assert 0.1 < np.max(np.abs(samples)) <= 1


def test_options_change_the_sound() -> None:
    text = "One two three four five six seven eight."
    slow, fast = (Espeak(EspeakOptions(words_per_minute=w)).say(text)[0] for w in (110, 260))
    assert len(slow) > 1.5 * len(fast)
    low, high = (Espeak(EspeakOptions(pitch=p)).say(text)[0] for p in (10, 90))
    assert not np.array_equal(low, high)


def test_voices_side_by_side_keep_apart() -> None:
    # The library carries its phase from sentence to sentence: lengths differ by less than 900 samples (40 ms).
    voices = [Espeak(EspeakOptions(v, words_per_minute=w)) for v, w in zip(VOICES, (120, 165, 230), strict=True)]
    alone = [len(v.say("How many people are there?")[0]) for v in voices]
    assert min(np.diff(sorted(alone))) > 2000
    with ThreadPoolExecutor(3) as pool:
        together = list(pool.map(lambda v: len(v.say("How many people are there?")[0]), voices * 5))
    assert together == pytest.approx(alone * 5, abs=900)


def test_sounds_the_same_in_every_process() -> None:
    # Left alone the library takes the time of day for the noise in a voice: one clip in twenty was misheard.
    say = (
        "import hashlib; from dialog.speech.espeak import Espeak; "
        "print(*(hashlib.sha256(Espeak().say(t)[0].tobytes()).hexdigest() for t in ('The keys.', 'At four.')))"
    )
    runs = [subprocess.run([sys.executable, "-c", say], capture_output=True, check=True).stdout for _ in range(3)]
    assert runs[0] and runs == runs[:1] * 3


@pytest.mark.parametrize("text", ["", "   ", "...", "\x00\x07", "[[", "<>", "***"])
def test_nothing_to_say_is_no_sound(text: str) -> None:
    assert len(Espeak().say(text)[0]) == 0


@pytest.mark.parametrize(
    ("text", "want"),
    [
        ("a [[h@'loU]] b", "a h@'loU b".replace("@", " at ").replace("  ", " ")),
        ('<speak rate="9">hi</speak>', 'speak rate="9" hi /speak'),
        ("**bold** and `code` and _it_", "bold and code and it"),
        ("a\x00b\x1b[31mc\u202e", "a b [31mc"),
        ("salt & pepper", "salt and pepper"),
        ("see https://www.example.org/x?y=1 now", "see example.org now"),
        ("snake_case", "snake case"),
    ],
)
def test_text_is_made_harmless(text: str, want: str) -> None:
    assert speakable(text) == want


def test_long_text_is_capped_at_a_word() -> None:
    text = speakable("word " * 10_000)
    assert len(text) <= MAX_CHARS and text.endswith("word")
    assert len(speakable("x" * 10**6)) <= MAX_CHARS


@pytest.mark.parametrize("voice", ["xx-nowhere", "en-us+nobody", "../../etc", ""])
def test_unknown_voice_is_one_clear_line(voice: str) -> None:
    with pytest.raises(ModelError, match="knows no voice") as caught:
        Espeak(EspeakOptions(voice=voice))
    assert "\n" not in str(caught.value)


def test_options_out_of_range_are_refused() -> None:
    with pytest.raises(ValueError, match="words_per_minute"):
        EspeakOptions(words_per_minute=5)
    with pytest.raises(ValueError, match="pitch"):
        EspeakOptions(pitch=100)


def test_missing_library_names_the_command(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "espeakng_loader", None)
    with pytest.raises(ModelError, match="pip install espeakng-loader"):
        espeak._open.__wrapped__()


@pytest.mark.models
@pytest.mark.parametrize("voice", VOICES)
def test_what_it_says_is_understood(voice: str, store: ModelStore) -> None:
    from streams.encoders.hearing.moonshine import Moonshine

    ears, mouth = Moonshine(store.path("moonshine-tiny-en")), Espeak(EspeakOptions(voice=voice))
    wrong = words = 0
    for text in (
        "How many people are in the room?",
        "A person entered from the left and stayed for eight seconds.",
        "When did the light go off?",
    ):
        samples, rate_hz = mouth.say(text)
        errors = word_errors(text, ears.transcribe(resample(samples, rate_hz, 16_000)).text)
        wrong, words = wrong + errors.wrong, words + errors.words
    assert wrong / words < 0.25
