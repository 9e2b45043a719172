"""Voice activity for turns, and the judgement of pauses."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from agent.bench.perception_audio import read_audio
from agent.models.store import ModelStore
from streams.encoders.hearing.activity import ActivityEncoder, ActivityOptions
from streams.encoders.hearing.encoder import HearingEncoder
from streams.encoders.hearing.onnx import rounds_badly
from streams.encoders.hearing.turn_end import SmartTurn
from streams.encoders.hearing.vad import SileroVad
from streams.encoders.hearing.window import WINDOW_S
from streams.errors import ModelError
from streams.types import NS, AudioChunk, Observation, Partial, Transcript, Voice
from tests.streams.hearing.fakes import CountingStt, ToneVad, noise, tone

SOUND = np.concatenate([noise(1.0), tone(1.0), noise(0.6, seed=1), tone(0.5), noise(1.0, seed=2)])


def heard(samples: np.ndarray, size: int = 320, options: ActivityOptions | None = None) -> list[Observation]:
    encoder = ActivityEncoder(ToneVad(), options)
    state = encoder.init_state("mic")
    out: list[Observation] = []
    for begin in range(0, len(samples), size):
        out += encoder.step(state, AudioChunk("mic", begin * NS // 16_000, samples[begin : begin + size]))
    return out + encoder.flush(state)


def test_voices_begin_and_end_where_they_do() -> None:
    out = heard(SOUND)
    assert all(isinstance(o, Voice) for o in out)
    times = [(o.t_ns / NS, o.speaking) for o in out if isinstance(o, Voice) and o.sure]
    assert [speaking for _, speaking in times] == [True, False, True, False]
    for (t_s, _), want_s in zip(times, (1.0, 2.0, 2.6, 3.1), strict=True):
        assert abs(t_s - want_s) <= 2 * WINDOW_S


@pytest.mark.parametrize("size", [1, 509, 16_000, 10**6])
def test_it_does_not_matter_how_the_sound_was_cut(size: int) -> None:
    assert heard(SOUND, size) == heard(SOUND)


def test_it_is_known_within_a_tenth_of_a_second() -> None:
    """And before the sound that follows is there."""
    known = {n: heard(SOUND[: round(n * 160)]) for n in range(90, 130)}
    assert [o.sure for o in known[112] if isinstance(o, Voice)] == [False, True] and not known[99]


def test_a_first_sign_comes_within_a_twentieth_and_is_taken_back_where_nothing_follows() -> None:
    """One window is enough to fall silent for; before, two whole ones after another were waited for."""
    for offset in range(0, 512, 64):  # wherever the windows happen to lie
        early = heard(np.concatenate([noise(1.0), noise(offset / 16_000), tone(0.048)]))
        assert [(o.speaking, o.sure) for o in early if isinstance(o, Voice)][:1] == [(True, False)]
    click = [o for o in heard(np.concatenate([noise(1.0), tone(0.03), noise(1.0)])) if isinstance(o, Voice)]
    assert [(o.speaking, o.sure) for o in click] == [(True, False), (False, False)]
    assert click[1].t_ns - click[0].t_ns < 0.2 * NS


def test_a_click_and_a_whisper_are_no_voice() -> None:
    click = np.concatenate([noise(1.0), tone(0.03), noise(1.0)])
    faint = np.concatenate([noise(1.0, 1e-5), tone(1.0, 0.0008), noise(1.0, 1e-5)])
    assert heard(faint) == [] and not [o for o in heard(click) if isinstance(o, Voice) and o.sure]


def test_a_break_in_the_stream_ends_a_voice() -> None:
    encoder = ActivityEncoder(ToneVad())
    state = encoder.init_state("mic")
    first = encoder.step(state, AudioChunk("mic", 0, tone(1.0)))
    later = encoder.step(state, AudioChunk("mic", 60 * NS, noise(1.0)))
    assert [o.speaking for o in [*first, *later] if isinstance(o, Voice) and o.sure] == [True, False]


class _Sure:
    """Judges by how much it is given."""

    def __init__(self) -> None:
        self.given: list[int] = []

    def finished(self, samples: np.ndarray) -> float:
        self.given.append(len(samples))
        return 0.75 + 0.1 * (len(self.given) - 1)


def test_pauses_are_judged_and_told_with_the_words_and_again_at_the_end() -> None:
    """ "How many people are there?" seemed unfinished after 0.2 s of silence, and finished after 0.5 s."""
    judge, stt = _Sure(), CountingStt()
    encoder: HearingEncoder[Any] = HearingEncoder(ToneVad(), stt, ends=judge)
    state = encoder.init_state("mic")
    out = encoder.step(state, AudioChunk("mic", 0, np.concatenate([tone(2.0), noise(1.0)])))
    paused = [o for o in out if isinstance(o, Partial) and o.paused]
    (said,) = [o for o in out if isinstance(o, Transcript)]
    assert ([o.finished for o in paused], said.finished) == ([0.75], 0.85)
    assert judge.given[1] - judge.given[0] == pytest.approx(0.3 * 16_000, abs=512)
    assert all(o.finished is None for o in out if isinstance(o, Partial) and not o.paused)
    assert said.text == paused[0].text


@pytest.mark.models
def test_a_question_cut_in_its_middle_is_less_finished_than_the_whole(
    store: ModelStore, silero: SileroVad, media: Path
) -> None:
    turns = SmartTurn(store.path("smart-turn-v3"))
    quiet = noise(0.2, 1e-4)
    for name, cut_s in (("en_one_two_three.flac", 1.3), ("en_sb_spk1_snt5.flac", 1.3), ("en_quilter.flac", 1.9)):
        samples = np.concatenate(list(read_audio(media / "audio" / name)))
        voiced = np.flatnonzero(np.abs(samples) > 0.05 * np.abs(samples).max())
        whole = samples[voiced[0] : voiced[-1]]
        ended, broken = (turns.finished(np.concatenate([x, quiet])) for x in (whole, whole[: round(cut_s * 16_000)]))
        assert ended > 0.5 and ended > 2 * broken, name
    assert 0.0 <= turns.finished(np.zeros(10, np.float32)) <= 1.0


@pytest.mark.parametrize(
    ("cpu", "badly"),
    [
        ("processor\t: 0\nflags\t\t: fpu sse2 avx2 fma\n", True),
        ("flags\t\t: fpu avx2 avx512_vnni\n", False),
        ("flags\t\t: fpu avx2 avx_vnni\n", False),
        ("Features\t: fp asimd i8mm\n", False),
        (None, False),
    ],
)
def test_processors_whose_8_bit_sums_overflow_are_known(tmp_path: Path, cpu: str | None, badly: bool) -> None:
    path = tmp_path / "cpuinfo"
    if cpu is not None:
        path.write_text(cpu)
    assert rounds_badly(path) is badly


def test_a_missing_model_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="heed models pull"):
        SmartTurn(tmp_path)
