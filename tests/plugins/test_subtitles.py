"""Subtitles: what is committed never changes, no cue breaks a rule, every committed word is shown once."""

from __future__ import annotations

import html
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dialog.events import Caption, Perceived
from plugins.contract import Request
from plugins.subtitles import setup
from plugins.subtitles.commits import Commits
from plugins.subtitles.cues import Cue, Rules, broken_rules
from plugins.subtitles.formats import HlsOptions, HlsPlaylist, Order, srt_cue, vtt
from plugins.subtitles.subtitler import MAX_VOICES, Style, Subtitler
from plugins.subtitles.text import lay_out, words_of
from plugins.testing import hosted
from streams.errors import HeedError
from streams.types import NS, Partial, Transcript, ns

RULES = Rules()
WORD = st.one_of(
    st.sampled_from("a the of and quick brown fox, jumps. over! lazy dog's <b> --> 12:30 extraordinarily".split()),
    st.text(min_size=1, max_size=90),
)
TEXT = st.lists(WORD, max_size=60).map(" ".join)


def partial(text: str, t0: float = 0.0, t1: float = 1.0, paused: bool = False, speaker: str = "") -> Partial:
    return Partial("mic", ns(t0), ns(t1), text, speaker, paused=paused)


def final(text: str, t0: float = 0.0, t1: float = 2.0, speaker: str = "", source: str = "mic") -> Transcript:
    return Transcript(source, ns(t0), ns(t1), text, speaker, "en")


@st.composite
def talk(draw: st.DrawFn) -> list[Partial | Transcript]:
    """Utterances of two sources and speakers, with any texts: a recogniser at its worst."""
    out: list[Partial | Transcript] = []
    t = 0.0
    for _ in range(draw(st.integers(1, 6))):
        source, speaker = draw(st.sampled_from(["mic", "cam"])), draw(st.sampled_from(["", "Ann", "Bob <i>"]))
        t0 = t
        for _ in range(draw(st.integers(0, 4))):
            t += draw(st.floats(0.1, 4))
            out.append(Partial(source, ns(t0), ns(t), draw(TEXT), speaker, paused=draw(st.booleans())))
        t += draw(st.floats(0.1, 4))
        if draw(st.booleans()):
            out.append(Transcript(source, ns(t0), ns(t), draw(TEXT), speaker, "en"))
        t += draw(st.floats(0.01, 3))
    return out


def committed(commits: Commits, *said: Partial | Transcript) -> str:
    return " ".join(word.text for one in said for word in commits.push(one).words)


def test_a_partial_text_is_committed_without_its_last_punctuation() -> None:
    assert committed(Commits(), partial("And so,")) == "And so"


def test_two_partial_texts_must_agree_where_that_is_wanted() -> None:
    commits = Commits(agreement=2)
    assert committed(commits, partial("turn the light")) == ""
    assert committed(commits, partial("turn the lights on")) == "turn the"
    assert committed(commits, final("Turn the lights on.")) == "lights on."


def test_what_is_read_at_a_pause_is_committed_with_its_punctuation() -> None:
    commits = Commits()
    said = partial("And so", t1=1), partial("And so my friends.", t1=2, paused=True)
    assert committed(commits, *said) == "And so my friends."
    assert committed(commits, final("And so my friends. Ask.")) == "Ask."


@pytest.mark.parametrize(
    ("shown", "said", "added"),
    [
        ("bin blue at", "Bing blue at F two.", "F two."),
        ("eight of spades four", "Eight of spades, for cloves.", "cloves."),
        ("one two three", "One two.", ""),
        ("hello", "", ""),
        ("it is", "Well, it is cold.", "cold."),
    ],
)
def test_where_the_final_text_differs_the_rest_that_fits_is_appended(shown: str, said: str, added: str) -> None:
    assert committed(Commits(), partial(shown), final(said)) == f"{shown} {added}".strip()


def test_a_late_partial_text_of_an_utterance_that_ended_says_nothing() -> None:
    assert committed(Commits(), final("Yes."), partial("Yes indeed")) == "Yes."


@given(talk(), st.integers(1, 3))
@settings(deadline=None)
def test_words_of_one_utterance_only_grow_and_their_times_never_go_back(
    said: list[Partial | Transcript], agreement: int
) -> None:
    voices: dict[tuple[str, str], tuple[Commits, list[int]]] = {}
    for one in said:
        commits, times = voices.setdefault((one.source, one.speaker), (Commits(agreement), []))
        before = list(commits._keys) if commits._t0_ns == one.t0_ns else []
        commit = commits.push(one)
        assert commits._keys[: len(before)] == before
        for word in commit.words:
            assert word.t0_ns <= word.t1_ns and word.t0_ns >= one.t0_ns
            times += [word.t0_ns, word.t1_ns]
        if times and one.t0_ns >= times[-1]:
            times.clear()
        assert times == sorted(times)


@given(talk(), st.sampled_from(["rollup", "block"]), st.sampled_from([20, 37, 42]))
@settings(deadline=None)
def test_no_cue_breaks_a_rule_and_every_committed_word_is_shown_once(
    said: list[Partial | Transcript], style: Style, chars: int
) -> None:
    rules = Rules(max_line_chars=chars, max_late_s=1e9)
    subtitler = Subtitler(rules, style)
    cues: list[Cue] = []
    words: dict[str, str] = {}
    for one in said:
        cues += subtitler.push(one)
        words[one.source] = words.get(one.source, "") + "".join(w.text for w in subtitler.newest.words)
        cues += subtitler.tick(one.t1_ns)
    cues += subtitler.finish()
    for source, text in words.items():
        own = [cue for cue in cues if cue.source == source]
        for before, cue in zip([None, *own], own, strict=False):
            assert broken_rules(cue, before, rules) == [], cue
        assert "".join(cue.text for cue in own).replace(" ", "") == text.replace(" ", "")


def test_the_rules_find_a_breach() -> None:
    bad = Cue(0, NS // 2, ("x" * 43, "y", "z"))
    found = broken_rules(bad, Cue(0, 10, ("a",)), RULES)
    assert found == ["lines", "characters in a line", "reading speed", "shortest duration", "gap"]
    assert broken_rules(Cue(0, 8 * NS, ("a", "")), None, RULES) == ["empty line", "longest duration"]


def test_lines_break_at_phrases() -> None:
    words = "It was the best part of the whole long week, and we went home.".split()
    assert lay_out(words, 42, 2, "en") == ["It was the best part", "of the whole long week, and we went home."] or (
        lay_out(words, 48, 2, "en") == ["It was the best part of the whole long week,", "and we went home."]
    )
    for words in (["the", "a"] * 3, "an apple of the tree and the house".split()):
        lines = lay_out(words, 20, 2, "en") or []
        assert " ".join(lines) == " ".join(words)


def test_blocks_wait_for_the_end_and_rolling_lines_do_not() -> None:
    said = [partial("one two three"), final("One two three four.")]
    rolling, block = Subtitler(RULES, "rollup"), Subtitler(RULES, "block")
    assert [[c.text for c in rolling.push(s)] for s in said] == [["one two three"], ["four."]]
    assert [[c.text for c in block.push(s)] for s in said] == [[], ["one two three four."]]


def test_words_that_no_transcript_follows_are_shown_after_a_silence() -> None:
    block = Subtitler(RULES, "block")
    assert block.push(partial("is anybody there")) == [] and block.tick(2 * NS) == []
    assert [cue.text for cue in block.tick(4 * NS)] == ["is anybody there"]


def test_many_voices_take_bounded_memory_and_lose_no_word() -> None:
    subtitler = Subtitler(RULES, "block")
    cues = [
        cue for n in range(3 * MAX_VOICES) for cue in subtitler.push(Partial(f"s{n}", ns(n), ns(n + 1), "hello there"))
    ]
    cues += subtitler.finish()
    assert len(cues) == 3 * MAX_VOICES


def test_speakers_are_named_where_the_voice_changes() -> None:
    subtitler = Subtitler(RULES, "block")
    said = [final("Hello.", 0, 1, "Ann"), final("How are you?", 2, 3, "Ann"), final("Fine.", 4, 5, "Bob"),
            final("Beep.", 6, 7, "", "cam")]  # fmt: skip
    cues = [cue for one in said for cue in subtitler.push(one)]
    assert [cue.label for cue in cues] == ["Ann: ", "", "Bob: ", "- "]
    assert "<v Ann>How are you?" in vtt(cues) and "\n- Beep." in vtt(cues)
    assert srt_cue(cues[2], 3) == "3\n00:00:04,000 --> 00:00:05,000\nBob: Fine.\n\n"


@given(talk())
@settings(deadline=None)
def test_webvtt_is_valid_whatever_is_said(said: list[Partial | Transcript]) -> None:
    subtitler, order = Subtitler(RULES, "block"), Order()
    text = vtt(order.put(cue) for one in said for cue in subtitler.push(one))
    starts = []
    for block in text.removeprefix("WEBVTT\n\n").split("\n\n")[:-1]:
        first, *lines = block.split("\n")
        found = re.fullmatch(r"(\d\d:\d\d:\d\d\.\d{3}) --> (\d\d:\d\d:\d\d\.\d{3})", first)
        assert found and found[1] < found[2] and lines and all(lines)
        assert not any("-->" in line for line in lines)
        for line in lines:
            assert "<" not in re.sub(r"^<v [^<>]+>", "", line)
            assert html.unescape(line)
        starts.append(found[1])
    assert starts == sorted(starts)


def test_hls_publishes_each_segment_once_and_loses_no_cue() -> None:
    playlist = HlsPlaylist(HlsOptions(segment_s=6, keep=3, wait_s=2, mpegts=900_000))
    playlist.add(Cue(5 * NS, 7 * NS, ("over the edge",)))
    playlist.advance(ns(7.9))
    assert playlist.segment(0) is None
    playlist.advance(8 * NS)
    published = playlist.segment(0)
    assert published is not None and "LOCAL:00:00:00.000,MPEGTS:900000\n" in published and "over the edge" in published
    playlist.add(Cue(1 * NS, 2 * NS, ("late",)))
    playlist.advance(14 * NS)
    assert playlist.segment(0) == published
    second = playlist.segment(1) or ""
    assert "over the edge" in second and "00:00:06.000 --> 00:00:07.000\nlate" in second
    playlist.advance(60 * NS)
    assert "#EXT-X-MEDIA-SEQUENCE:6\n" in playlist.m3u8() and playlist.segment(0) is None
    playlist.finish(60 * NS)
    assert playlist.m3u8().endswith("#EXT-X-ENDLIST\n")


def test_hls_does_not_make_silence_up_to_a_cue_far_ahead() -> None:
    """One cue a year ahead made five million segments when the playlist ended."""
    playlist = HlsPlaylist(HlsOptions(segment_s=6, keep=3, wait_s=2))
    playlist.add(Cue(1 * NS, 2 * NS, ("now",)))
    playlist.add(Cue(31_536_000 * NS, 31_536_002 * NS, ("in a year",)))
    playlist.add(Cue(2 * NS, 31_536_002 * NS, ("for a year",)))
    playlist.finish(3 * NS)
    assert [n for n in range(100) if playlist.segment(n)] == [0, 1, 2]
    assert "now" in (playlist.segment(0) or "") and "00:00:02.000 --> 00:00:13.000" in (playlist.segment(2) or "")
    assert all("in a year" not in (playlist.segment(n) or "") for n in range(3))
    ahead = HlsPlaylist(HlsOptions(segment_s=6, keep=3, wait_s=2))
    ahead.add(Cue(1 * NS, 2 * NS, ("then",)))
    ahead.advance(31_536_000 * NS)  # a clock that was set
    assert ahead.m3u8().count("#EXTINF") == 3 and "then" not in (ahead.segment(5_255_998) or "then")


@pytest.mark.parametrize("rules", [Rules(), Rules(max_cue_s=15, max_late_s=20)], ids=["usual", "patient"])
def test_hls_loses_no_word_of_somebody_who_speaks_fast(rules: Rules) -> None:
    """Cues that can be read fall behind the words, by `max_late_s` and more: they begin after they are known."""
    playlist = HlsPlaylist(HlsOptions(segment_s=6, keep=1000, wait_s=8), rules)
    subtitler, order, whole = Subtitler(rules, "block"), Order(), []
    for n in range(60):  # 2 s of speech in every 2 s, at some 25 characters a second
        said = " ".join(f"word{10 * n + k}" for k in range(7)) + "."
        for cue in map(order.put, subtitler.push(final(said, 2 * n, 2 * n + 2))):
            playlist.add(cue)
            whole.append(cue)
        playlist.advance((2 * n + 2) * NS)
    assert max(cue.t0_ns for cue in whole) > 120 * NS  # it does lag
    playlist.finish(120 * NS)
    text = "".join(playlist.segment(n) or "" for n in range(1000))
    assert [cue.text for cue in whole if vtt([cue]).removeprefix("WEBVTT\n\n") not in text] == []


def test_hls_ends_with_its_last_words_however_short_its_segments() -> None:
    """Cues wait for `wait_s`, here longer than all segments that are kept."""
    playlist = HlsPlaylist(HlsOptions(segment_s=1, keep=3, wait_s=8))
    for t_s in range(1, 20):
        playlist.advance(t_s * NS)
        playlist.add(Cue((t_s - 1) * NS, t_s * NS, (f"word {t_s}",)))
    playlist.finish(20 * NS)
    assert "word 19" in (playlist.segment(18) or "") and "word 17" in (playlist.segment(16) or "")


def test_words_from_outside_are_cleaned_and_bounded() -> None:
    assert words_of("a\u202eb\x00 c\nd\ud800") == ["ab", "c", "d"]
    assert len(words_of("x " * 5000)) <= 1000 and max(map(len, words_of("y" * 5000))) <= 80


async def test_the_plugin_emits_captions_and_keeps_its_files_valid(tmp_path: Path) -> None:
    table = {"file": "subs.srt", "style": "rollup"}
    async with hosted(setup, tmp_path, table) as at:
        await at.feed(Perceived(ns(1.0), partial("Where are")))
        path = tmp_path / "tried" / "subs.srt"
        assert [c.text for c in at.of(Caption)] == ["Where are"] and path.read_text() == ""
        await at.feed(Perceived(ns(2.5), final("Where are the keys?")))
        assert [c.text for c in at.of(Caption)] == ["Where are", "the keys?"]
        assert path.read_text() == "1\n00:00:00,000 --> 00:00:02,000\nWhere are the keys?\n\n"
        kind, body = await at.host.page("tried", Request("live.vtt", {})) or ("", b"")
        assert kind.startswith("text/vtt") and b"Where are the keys?" in body
        assert await at.host.page("tried", Request("live.vtt", {"source": "cam"})) == (kind, b"WEBVTT\n\n")
        await at.host.advance(20 * NS)
        assert b"segment-0.vtt" in (await at.host.page("tried", Request("live.m3u8", {})) or ("", b""))[1]
        assert b"the keys" in (await at.host.page("tried", Request("segment-0.vtt", {})) or ("", b""))[1]
        for bad in ("segment-99.vtt", "segment-x.vtt", "segment-\u00b2.vtt"):
            with pytest.raises(HeedError, match="no such segment"):
                await at.host.page("tried", Request(bad, {}))
        assert at.host.status("tried").startswith("4 words in 2 cues")


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ({"file": "subs.txt"}, "vtt or .srt"),
        ({"style": "karaoke"}, "style"),
        ({"rules": {"max_line_chars": 5}}, "max_line_chars"),
        ({"rules": {"max_cps": 5}}, "cannot be read"),
        ({"hls": {"keep": 0}}, "keep"),
    ],
)
async def test_a_wrong_option_is_one_clear_line(tmp_path: Path, table: dict[str, object], message: str) -> None:
    async with hosted(setup, tmp_path, table) as at:
        assert message in at.host.quarantined["tried"] and "\n" not in at.host.quarantined["tried"]
