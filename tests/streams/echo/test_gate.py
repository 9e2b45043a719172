"""Own voice that comes back uncancelled is silenced; a person over it, and a headset, are not touched."""

from __future__ import annotations

import numpy as np
import pytest

from agent.bench.call_sound import spoken
from streams.echo.aec3 import Aec3
from streams.echo.blocks import BLOCK
from streams.echo.coupling import Coupling
from streams.echo.gate import OwnVoiceGate
from streams.echo.reference import Reference
from streams.types import NS, SAMPLE_RATE_HZ
from tests.streams.echo.render import VOICES, rendered
from tests.streams.echo.room import echo_of, samples_of, through

AUDIBLE = 10 ** (-62 / 20)
"""What hearing takes for silence is below this."""


@pytest.fixture(scope="module")
def played() -> np.ndarray:
    return rendered()["agent"]


def loud(sound: np.ndarray) -> np.ndarray:
    """Which blocks of 32 ms are no silence to whoever listens."""
    blocks = sound[: len(sound) // 512 * 512].reshape(-1, 512)
    return np.asarray(np.sqrt((blocks.astype(np.float64) ** 2).mean(axis=1)) > AUDIBLE)


@pytest.mark.parametrize("level_db", [-30, -20, -10, -6])
@pytest.mark.parametrize("delay_s", [0.06, 0.15, 0.25, 0.4])
def test_nothing_of_its_own_voice_is_heard_from_the_first_word_on(
    played: np.ndarray, level_db: float, delay_s: float
) -> None:
    """Without the gate the recogniser writes these words down, a little wrong, and the agent interrupts itself."""
    echo = echo_of(played, delay_s, level_db)
    assert loud(echo).mean() > 0.5 and not loud(samples_of(through(OwnVoiceGate(), played, echo))).any()


@pytest.mark.parametrize("delay_s", [0.15, 0.4])
@pytest.mark.parametrize("voice", VOICES)
def test_nor_of_another_voice(voice: str, delay_s: float) -> None:
    """A first word that begins softly, and a vowel one period later, each opened the gate in a quarter of rooms."""
    said = rendered()[voice]
    for seed, level_db in enumerate((-30, -20, -10, -6)):
        out = samples_of(through(OwnVoiceGate(), said, echo_of(said, delay_s, level_db, seed)))
        assert not loud(out).any(), f"{level_db} dB"


@pytest.mark.parametrize("level_db", [-30, -20, -10])
def test_a_person_over_it_comes_through(played: np.ndarray, level_db: float) -> None:
    both, question, begin = echo_of(played, 0.15, level_db), spoken("What time is it now?"), 6 * SAMPLE_RATE_HZ
    both[begin : begin + len(question.samples)] += question.samples
    through_it = loud(samples_of(through(OwnVoiceGate(), played, both))[begin:])
    first = int(np.flatnonzero(through_it)[0])
    assert first * 0.032 < 0.3 and through_it[first : first + 25].mean() > 0.9


def test_a_headset_is_left_alone_once_that_is_known(played: np.ndarray) -> None:
    rng, question, begin = np.random.default_rng(0), spoken("What time is it now?"), 3 * SAMPLE_RATE_HZ
    heard = (rng.standard_normal(len(played)) * 1e-4).astype(np.float32)
    heard[begin : begin + len(question.samples)] += question.samples
    clean = samples_of(through(OwnVoiceGate(), played, heard))
    assert np.array_equal(clean[begin:], heard[begin : len(clean)])


def test_where_nothing_comes_back_the_canceller_swallows_no_first_word(played: np.ndarray) -> None:
    """It took out 35 dB of the first 0.1 s of whoever spoke over the agent with a headset on."""
    rng, question, begin = np.random.default_rng(0), spoken("What time is it now?"), 3 * SAMPLE_RATE_HZ
    heard = (rng.standard_normal(len(played)) * 1e-4).astype(np.float32)
    heard[begin : begin + len(question.samples)] += question.samples
    clean = samples_of(through(Aec3(), played, heard))
    first = slice(begin + 128, begin + 128 + SAMPLE_RATE_HZ // 10)
    assert np.abs(clean[first] - heard[begin : begin + SAMPLE_RATE_HZ // 10]).max() < 1e-3


def test_silence_before_and_after_proves_nothing() -> None:
    coupling = Coupling(Reference())
    for i in range(300):
        coupling.hear(i * BLOCK, np.zeros(BLOCK, np.float32))
    assert coupling.state == "unknown" and not coupling.playing()


def test_an_echo_that_begins_later_is_found(played: np.ndarray) -> None:
    """Somebody takes the headset off."""
    reference = Reference()
    coupling, echo = Coupling(reference), echo_of(played, 0.2, -10)
    echo[: 4 * SAMPLE_RATE_HZ] = 0.0
    states = []
    for i in range(len(played) // BLOCK):
        reference.add(NS + i * NS // 100, played[i * BLOCK : (i + 1) * BLOCK], SAMPLE_RATE_HZ)
        coupling.hear(SAMPLE_RATE_HZ + i * BLOCK, echo[i * BLOCK : (i + 1) * BLOCK])
        states.append(coupling.state)
    assert states[390] == "clear" and states[480] == "echo"
    assert coupling.delay == pytest.approx(0.2 * SAMPLE_RATE_HZ, abs=2 * BLOCK)
    assert 10 * np.log10(coupling.gain) == pytest.approx(-10, abs=3)
