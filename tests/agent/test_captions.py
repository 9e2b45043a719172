"""Subtitles: valid at any moment, every word once, readable lines, hostile text harmless."""

from __future__ import annotations

import html
import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agent.captions import MAX_LINE_CHARS, MAX_LINES, VttWriter

CUE = re.compile(r"(\d{2,}):(\d\d):(\d\d)\.(\d{3}) --> (\d{2,}):(\d\d):(\d\d)\.(\d{3})")


def cues(raw: str) -> list[tuple[int, int, list[str]]]:
    """A strict reader: start and end in ms, text lines. Fails on anything that WebVTT does not allow."""
    assert raw.startswith("WEBVTT\n\n") and raw.endswith("\n\n")
    found = []
    for block in raw[len("WEBVTT\n\n") :].split("\n\n"):
        if not block:
            continue
        first, *lines = block.split("\n")
        match = CUE.fullmatch(first)
        assert match, first
        h0, m0, s0, f0, h1, m1, s1, f1 = map(int, match.groups())
        start, end = ((h0 * 60 + m0) * 60 + s0) * 1000 + f0, ((h1 * 60 + m1) * 60 + s1) * 1000 + f1
        assert m0 < 60 and s0 < 60 and m1 < 60 and s1 < 60
        assert start < end
        assert lines and all(lines)
        assert all("-->" not in line for line in lines)
        found.append((start, end, lines))
    assert [c[0] for c in found] == sorted(c[0] for c in found)
    return found


def plain(lines: list[str]) -> list[str]:
    return [html.unescape(re.sub(r"^<v [^>]*>", "", line)) for line in lines]


def said(text: str, t0: float = 0.0, t1: float = 2.0, speaker: str = "") -> dict[str, object]:
    return {"t": t1, "type": "transcript", "t0": t0, "t1": t1, "source": "mic", "speaker": speaker, "text": text}


def test_a_cue_has_its_time_speaker_and_text(tmp_path: Path) -> None:
    path = tmp_path / "a.vtt"
    with VttWriter(path) as vtt:
        vtt.write(said("Where are the keys?", 3661.5, 3663.25, "Ann <b>"))
    assert path.read_text() == ("WEBVTT\n\n01:01:01.500 --> 01:01:03.250\n<v Ann &lt;b&gt;>Where are the keys?\n\n")


def test_other_events_are_ignored(tmp_path: Path) -> None:
    with VttWriter(tmp_path / "a.vtt") as vtt:
        vtt.write({"t": 1, "type": "partial", "t0": 0, "t1": 1, "text": "where"})
        vtt.write({"t": 1, "type": "health", "component": "x", "state": "ok", "reason": ""})
        vtt.write(said("   "))
    assert (tmp_path / "a.vtt").read_text() == "WEBVTT\n\n" and vtt.cues == 0


def test_captions_instead_of_transcripts(tmp_path: Path) -> None:
    with VttWriter(tmp_path / "a.vtt", ("caption",)) as vtt:
        vtt.write(said("no"))
        vtt.write({"t": 1, "type": "caption", "t0": 0, "t1": 1, "lang": "en", "text": "yes"})
    assert [plain(c[2]) for c in cues((tmp_path / "a.vtt").read_text())] == [["yes"]]


def test_the_file_is_valid_after_every_cue_while_open(tmp_path: Path) -> None:
    path = tmp_path / "a.vtt"
    with VttWriter(path) as vtt:
        for n in range(5):
            assert len(cues(path.read_text())) == n
            vtt.write(said(f"line {n}", n, n + 1))


def test_a_long_speech_is_shared_out_over_its_time(tmp_path: Path) -> None:
    with VttWriter(tmp_path / "a.vtt") as vtt:
        vtt.write(said(" ".join(["word"] * 60), 10, 30))
    found = cues((tmp_path / "a.vtt").read_text())
    assert len(found) > 2 and found[0][0] == 10_000 and found[-1][1] == 30_000
    assert all(a[1] == b[0] for a, b in zip(found, found[1:], strict=False))


@pytest.mark.parametrize(
    "text", ["a --> b", "</v><script>x</script>", "&lt;&amp;", "a\r\n\r\nNOTE b", "\x1b[2J\u202ex"]
)
def test_hostile_text_stays_text(tmp_path: Path, text: str) -> None:
    with VttWriter(tmp_path / "a.vtt") as vtt:
        vtt.write(said(text, speaker=text))
    raw = (tmp_path / "a.vtt").read_text()
    (cue,) = cues(raw)
    assert "<script" not in raw and "\x1b" not in raw and "\u202e" not in raw
    assert plain(cue[2])[0].replace(" ", "") == re.sub(r"[\s\x1b\u202e]", "", text)


LINES = st.lists(
    st.tuples(st.text(max_size=300), st.floats(0, 1e5), st.floats(0, 60), st.text(max_size=10)), max_size=8
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(LINES)
def test_any_text_gives_a_valid_file_with_every_word_once(
    tmp_path: Path, lines: list[tuple[str, float, float, str]]
) -> None:
    path = tmp_path / "p.vtt"
    with VttWriter(path) as vtt:
        for text, t0, length, speaker in lines:
            vtt.write(said(text, t0, t0 + length, speaker))
    found = cues(path.read_bytes().decode())
    assert len(found) == vtt.cues
    for _, _, body in found:
        assert len(body) <= MAX_LINES and all(len(line) <= MAX_LINE_CHARS for line in plain(body))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.text("abcdefg<>&-", min_size=1, max_size=60), min_size=1, max_size=40))
def test_words_are_kept_in_order(tmp_path: Path, words: list[str]) -> None:
    with VttWriter(tmp_path / "p.vtt") as vtt:
        vtt.write(said(" ".join(words)))
    kept = "".join("".join(plain(c[2])) for c in cues((tmp_path / "p.vtt").read_text()))
    assert kept.replace(" ", "") == "".join(words)
