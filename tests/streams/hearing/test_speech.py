"""Streaming speech with stand-in models: what is said, when, and that chunks do not matter."""

from __future__ import annotations

import numpy as np
import pytest

from streams.encoders.hearing.encoder import HearingEncoder
from streams.encoders.hearing.segmenter import SegmenterOptions
from streams.encoders.hearing.speech import SpeechOptions
from streams.types import NS, SAMPLE_RATE_HZ, AudioChunk, Health, Partial, Percept, Transcript, ns, seconds
from tests.streams.hearing.fakes import CountingStt, ToneVad, cut, noise, tone


def encoder(stt: CountingStt | None = None, **options: object) -> HearingEncoder[int]:
    return HearingEncoder(ToneVad(), stt or CountingStt(), SpeechOptions(**options))  # type: ignore[arg-type]


SOUND = np.concatenate([noise(1.0), tone(3.2), noise(1.2, seed=1), tone(1.1), noise(0.9, seed=2), tone(0.7)])


def test_one_transcript_and_one_percept_per_utterance() -> None:
    out = cut(encoder(), SOUND, 320)
    said = [o for o in out if isinstance(o, Transcript)]
    assert [o.text for o in said] == ["word0 word1 word2 word3 word4 word5 word6", "word0 word1 word2", "word0 word1"]
    for o, (t0, t1) in zip(said, [(1.0, 4.2), (5.4, 6.5), (7.4, 8.1)], strict=True):
        assert seconds(o.t0_ns) == pytest.approx(t0, abs=0.05) and seconds(o.t1_ns) == pytest.approx(t1, abs=0.05)
    for o in said:
        percept = out[out.index(o) + 1]
        assert isinstance(percept, Percept) and percept.kind == "speech" and percept.id == ""
        assert percept.text == f'a voice says: "{o.text}"' and percept.confidence == 0.9
        assert (percept.t0_ns, percept.t1_ns, percept.source) == (o.t0_ns, o.t1_ns, "mic")
    assert said[-1].t1_ns <= len(SOUND) * NS // SAMPLE_RATE_HZ


@pytest.mark.parametrize("size", [1, 160, 511, 513, 7919, len(SOUND)])
def test_chunk_size_does_not_matter(size: int) -> None:
    assert cut(encoder(), SOUND, size) == cut(encoder(), SOUND, 320)


def test_later_sound_never_changes_earlier_output() -> None:
    whole = cut(encoder(), SOUND, 320)
    state, heard = encoder().init_state("mic"), []
    one = encoder()
    for begin in range(0, int(4.9 * SAMPLE_RATE_HZ), 320):
        heard += one.step(state, AudioChunk("mic", begin * NS // SAMPLE_RATE_HZ, SOUND[begin : begin + 320]))
    assert any(isinstance(o, Transcript) for o in heard)
    assert whole[: len(heard)] == heard


def test_partials_grow_and_come_before_the_final() -> None:
    out = cut(encoder(), SOUND, 320)
    final = next(i for i, o in enumerate(out) if isinstance(o, Transcript))
    partials = [o for o in out[:final] if isinstance(o, Partial)]
    assert len(partials) >= 2
    for before, after in zip(partials, partials[1:], strict=False):
        assert after.text.startswith(before.text) and after.t1_ns > before.t1_ns
    assert all(p.t0_ns == out[final].t0_ns for p in partials)  # type: ignore[union-attr]


def test_the_readings_cost_a_bounded_multiple_of_the_sound() -> None:
    stt = CountingStt()
    cut(encoder(stt, segmenter=SegmenterOptions(max_utterance_s=30.0)), np.concatenate([tone(28.0), noise(1.0)]), 320)
    read_s = sum(len(x) for x in stt.given) / SAMPLE_RATE_HZ
    assert 28 < read_s < 6 * 28


def test_without_partials_one_reading_per_utterance() -> None:
    stt = CountingStt()
    out = cut(encoder(stt, partials=False), SOUND, 320)
    assert len(stt.given) == 3 and not any(isinstance(o, Partial) for o in out)


def test_announces_a_voice_when_asked_to() -> None:
    out = cut(encoder(announce=True), SOUND, 320)
    first = next(o for o in out if isinstance(o, Partial))
    assert first.text == "" and 0.19 < seconds(first.t1_ns - first.t0_ns) < 0.3


def test_long_speech_is_cut_without_losing_or_doubling_a_sample() -> None:
    stt = CountingStt()
    sound = np.concatenate([noise(0.5), tone(3.7), tone(4.0, 0.2), tone(4.0), noise(1.0)])
    options = SpeechOptions(SegmenterOptions(max_utterance_s=5.0), partials=False)
    out = cut(HearingEncoder(ToneVad(), stt, options), sound, 320)
    said = [o for o in out if isinstance(o, Transcript)]
    assert len(said) >= 3
    for before, after in zip(said, said[1:], strict=False):
        assert before.t1_ns == after.t0_ns
    joined = np.concatenate(stt.given)
    begin = (int(0.5 * SAMPLE_RATE_HZ) // 512 - 9) * 512  # the first voiced window, less the pre-roll
    assert np.array_equal(joined, sound[begin : begin + len(joined)])


@pytest.mark.parametrize("text", ["", "...", "\u266a\u266a"])
def test_no_letters_no_transcript(text: str) -> None:
    stt = CountingStt()
    stt.WORDS = [text] * 100
    assert [o for o in cut(encoder(stt), SOUND, 320) if not isinstance(o, Health)] == []


def test_unsure_text_is_dropped() -> None:
    assert cut(encoder(CountingStt(confidence=0.2)), SOUND, 320) == []


def test_whisper_below_the_floor_is_dropped() -> None:
    sound = np.concatenate([noise(1.0, 1e-5), tone(2.0), noise(1.0, 1e-5)])
    assert cut(encoder(min_level_db=-5.0), sound, 320) == []


def test_a_failing_engine_is_told_once_and_the_stream_goes_on() -> None:
    stt = CountingStt()
    stt.fail = True
    one = encoder(stt)
    state = one.init_state("mic")
    broken = one.step(state, AudioChunk("mic", 0, SOUND[: 5 * SAMPLE_RATE_HZ]))
    assert [(o.component, o.state) for o in broken if isinstance(o, Health)] == [("model:speech", "failed")]
    assert "the engine is broken" in broken[0].reason  # type: ignore[union-attr]
    stt.fail = False
    after = one.step(state, AudioChunk("mic", ns(5.0), SOUND[5 * SAMPLE_RATE_HZ :])) + one.flush(state)
    assert [o.state for o in after if isinstance(o, Health)] == ["ok"]
    assert [o.text for o in after if isinstance(o, Transcript)] == ["word0 word1 word2", "word0 word1"]


def test_a_break_in_the_stream_finishes_the_utterance() -> None:
    one = encoder()
    state = one.init_state("mic")
    out = one.step(state, AudioChunk("mic", 0, tone(2.0)))
    assert state.speaking
    out += one.step(state, AudioChunk("mic", ns(60.0), noise(1.0)))
    assert not state.speaking
    (said,) = [o for o in out if isinstance(o, Transcript)]
    assert seconds(said.t1_ns) == pytest.approx(2.0, abs=0.05)
    out = one.step(state, AudioChunk("mic", ns(61.0), tone(1.0))) + one.flush(state)
    (said,) = [o for o in out if isinstance(o, Transcript)]
    assert seconds(said.t0_ns) == pytest.approx(61.0, abs=0.05)


def test_without_an_engine_only_sound_is_heard() -> None:
    out = cut(HearingEncoder(ToneVad(), None), SOUND, 320)
    assert not any(isinstance(o, Transcript | Partial) for o in out)


def test_memory_stays_that_of_one_utterance() -> None:
    one = encoder(partials=False)
    state = one.init_state("mic")
    for i in range(400):
        one.step(state, AudioChunk("mic", ns(i * 0.1), noise(0.1, seed=i)))
    assert state.speech is not None and len(state.speech._sound) < 20


def test_what_is_spoken_at_a_source_is_told_to_the_engine() -> None:
    hearing = HearingEncoder(ToneVad(), CountingStt(), SpeechOptions(language="en"), languages={"plaza": "es"})
    for source, language in (("plaza", "es"), ("mic", "en")):
        state = hearing.init_state(source)
        out = hearing.step(state, AudioChunk(source, 0, SOUND)) + hearing.flush(state)
        assert {o.language for o in out if isinstance(o, Transcript)} == {language}
