"""Echo cancellation with WebRTC's canceller, the agent's own voice and real recordings in a made room."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator
from pathlib import Path

import numpy as np
import pytest

from agent.bench.perception_audio import read_audio
from streams.clock import ManualClock
from streams.echo.aec3 import Aec3
from streams.echo.canceller import SILENCE_DB, EchoEstimate, cleaned
from streams.echo.choose import open_canceller
from streams.echo.gate import OwnVoiceGate
from streams.encoders.hearing.vad import SileroVad
from streams.types import NS, SAMPLE_RATE_HZ, AudioChunk, Health
from tests.streams.echo.room import agent_speech, db, echo_of, levelled, samples_of, through

pytest.importorskip("livekit.rtc", reason="no livekit package on this machine")
CONVERGED = 2 * SAMPLE_RATE_HZ


def voice_activity(sound: np.ndarray) -> np.ndarray:
    """Probability of speech in each 32 ms."""
    vad, out = SileroVad(), []
    state = vad.init_state()
    for i in range(0, len(sound) - 511, 512):
        probability, state = vad.step(state, sound[i : i + 512])
        out.append(probability)
    return np.array(out)


@pytest.fixture(scope="module")
def played() -> np.ndarray:
    return agent_speech(8.0)


@pytest.mark.parametrize("level_db", [-20, -10, 0])
@pytest.mark.parametrize("delay_s", [0.06, 0.12, 0.24])
def test_the_agents_own_voice_is_taken_out(played: np.ndarray, level_db: float, delay_s: float) -> None:
    """Delays of 20, 80 and 200 ms besides the 40 that buffers always take."""
    canceller, echo = Aec3(), echo_of(played, delay_s, level_db)
    clean = samples_of(through(canceller, played, echo))
    assert db(clean[CONVERGED:]) <= db(echo[CONVERGED:]) - 15
    assert (voice_activity(clean[CONVERGED:]) > 0.5).mean() < 0.02 < 0.5 < (voice_activity(echo) > 0.5).mean()
    said = canceller.estimate(3 * NS, 9 * NS)
    assert said.echo_share > 0.95
    assert said.level_db == pytest.approx(db(echo[CONVERGED:]), abs=0.5)
    assert said.residual_db < said.level_db - 13


def test_a_loudspeaker_at_another_rate(played: np.ndarray) -> None:
    echo = echo_of(played, 0.1, -10)
    clean = samples_of(through(Aec3(), np.repeat(played, 3), echo, 48_000))
    assert db(clean[CONVERGED:]) <= db(echo[CONVERGED:]) - 15


@pytest.mark.media
def test_a_person_is_heard_through_the_echo_and_left_alone_without(media: Path, played: np.ndarray) -> None:
    person = levelled(np.concatenate(list(read_audio(media / "audio" / "en_librivox_0870.flac")))[: 6 * SAMPLE_RATE_HZ])
    both = echo_of(played, 0.12, -10)
    both[CONVERGED:] += person
    canceller = Aec3()
    clean = samples_of(through(canceller, played, both))[CONVERGED:]
    assert db(person) - 6 < db(clean) < db(person) + 1  # the suppressor takes some of the person too
    assert (voice_activity(clean) > 0.5).mean() > 0.5 * (voice_activity(person) > 0.5).mean()
    assert canceller.estimate(NS, 3 * NS).echo_share > 0.9 > 0.75 > canceller.estimate(3 * NS, 9 * NS).echo_share

    alone = Aec3()
    clean = samples_of(through(alone, np.zeros(len(person), np.float32), person))
    assert db(clean) == pytest.approx(db(person), abs=1.0)
    assert alone.estimate(NS, 7 * NS).echo_share == 0.0


def test_no_sample_is_lost_or_moved_however_the_sound_is_cut(played: np.ndarray) -> None:
    canceller, at, out = Aec3(), 0, []
    for n in [100, 7, 320, 1, 480, 999, 160, 33]:
        out.append(canceller.clean(AudioChunk("mic", at * NS // SAMPLE_RATE_HZ, played[at : at + n])))
        at += n
    samples = samples_of(out)
    assert at - 160 < len(samples) <= at
    place = 0
    for chunk in out:
        assert round(chunk.t0_ns * SAMPLE_RATE_HZ / NS) == place
        place += len(chunk.samples)
    later = canceller.clean(AudioChunk("mic", 100 * NS, played[:480]))
    assert later.t0_ns == 100 * NS and len(later.samples) == 480


def test_nothing_is_known_of_a_time_not_heard() -> None:
    assert Aec3().estimate(0, NS) == EchoEstimate(0.0, SILENCE_DB)


async def test_where_the_library_is_missing_sound_passes_and_health_says_so(
    clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "livekit.rtc", None)
    health: list[Health] = []
    canceller = open_canceller("desk", clock, health.append)
    (said,) = health
    assert (said.component, said.state) == ("echo:desk", "degraded")
    assert "pip install" in said.reason and "\n" not in said.reason
    assert isinstance(canceller, OwnVoiceGate)
    chunk = AudioChunk("desk", 0, np.full(320, 0.1, np.float32))

    async def microphone() -> AsyncIterator[AudioChunk]:
        yield chunk
        yield AudioChunk("desk", NS // 50, np.zeros(0, np.float32))

    (clean,) = [c async for c in cleaned(microphone(), canceller)]
    assert clean.t0_ns == chunk.t0_ns and np.array_equal(clean.samples, chunk.samples)
    assert canceller.estimate(0, NS).echo_share == 0.0
