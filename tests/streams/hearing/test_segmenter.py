"""Utterances in rows of speech probabilities."""

from __future__ import annotations

import pytest

from streams.encoders.hearing.segmenter import Begun, Ended, Segmenter, SegmenterOptions
from streams.encoders.hearing.window import WINDOW_S

END = 16
"""Windows of silence that end an utterance by default (0.5 s)."""


def run(probabilities: list[float], options: SegmenterOptions | None = None, levels: list[float] | None = None) -> list:
    segmenter = Segmenter(options or SegmenterOptions())
    out = []
    for i, p in enumerate(probabilities):
        out += [(i, e) for e in segmenter.push(p, levels[i] if levels else -30.0)]
    return out + [(len(probabilities), e) for e in segmenter.flush()]


def test_one_utterance_with_pre_and_post_roll() -> None:
    (_, begun), (at, ended) = run([0.0] * 20 + [0.9] * 30 + [0.0] * 30)
    assert begun == Begun(20, 11)
    assert ended == Ended(20, 50, 11, 56, pytest.approx(30 * WINDOW_S), cut=False)
    assert at == 49 + END


def test_a_short_pause_does_not_end_it_and_a_long_one_does() -> None:
    assert len(run([0.9] * 20 + [0.0] * (END - 1) + [0.9] * 20)) == 2
    assert len(run([0.9] * 20 + [0.0] * END + [0.9] * 20)) == 4


def test_between_both_thresholds_nothing_changes() -> None:
    events = run([0.4] * 50 + [0.9] * 10 + [0.4] * 50 + [0.0] * 20)
    assert [(e.first, e.last) for _, e in events if isinstance(e, Ended)] == [(50, 110)]


@pytest.mark.parametrize("blip", [[0.9] * 3, [0.6] * 40])
def test_too_short_or_never_sure_is_nothing(blip: list[float]) -> None:
    assert run([0.0] * 20 + blip + [0.0] * 40) == []


def test_pre_roll_never_reaches_into_the_utterance_before() -> None:
    events = [e for _, e in run([0.9] * 20 + [0.0] * END + [0.9] * 20 + [0.0] * 40)]
    assert events[1].audio_last == 26
    assert events[2] == Begun(36, 27)


def test_too_long_is_cut_at_the_quietest_place_of_the_second_half() -> None:
    levels = [-20.0] * 200
    for i in range(40, 46):
        levels[i] = -70.0  # quieter, but in the first half
    for i in range(70, 76):
        levels[i] = -50.0
    events = [e for _, e in run([0.9] * 200, SegmenterOptions(max_utterance_s=100 * WINDOW_S), levels)]
    ends = [e for e in events if isinstance(e, Ended)]
    begins = [e for e in events if isinstance(e, Begun)]
    assert 70 <= ends[0].last <= 76 and ends[0].cut
    for end, begin in zip(ends[:-1], begins[1:], strict=True):
        assert end.last == end.audio_last == begin.first == begin.audio_first, "no window lost, none twice"
    assert ends[-1].last == 200 and not ends[-1].cut


def test_flush_ends_what_is_open_and_forgets_a_candidate() -> None:
    assert [type(e) for _, e in run([0.9] * 20)] == [Begun, Ended]
    assert run([0.9] * 2) == []


def test_memory_is_bounded_by_the_longest_utterance() -> None:
    segmenter = Segmenter(SegmenterOptions(max_utterance_s=3.0))
    for i in range(5000):
        segmenter.push(0.6, -30.0)  # never sure: a candidate without end
        assert i + 1 - segmenter.needed_from < (3.0 + 0.5) / WINDOW_S


@pytest.mark.parametrize("bad", [{"end_probability": 0.6}, {"max_utterance_s": 1.0}, {"start_probability": 0.0}])
def test_senseless_options_are_refused(bad: dict[str, float]) -> None:
    with pytest.raises(ValueError):
        SegmenterOptions(**bad)
