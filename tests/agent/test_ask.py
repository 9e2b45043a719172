"""`heed ask` with files of all sizes, and a small stand-in for the language model."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import agent.asking
from agent.cli import main
from streams import wording
from streams.tiers import estimate_tokens
from tests.fakes import FakeMind


@pytest.fixture
def mind(monkeypatch: pytest.MonkeyPatch) -> FakeMind:
    mind = FakeMind()
    monkeypatch.setattr(agent.asking, "load_mind", lambda *args, **kwargs: mind)
    return mind


def day(tmp_path: Path, minutes: int, sources: int = 1) -> Path:
    """A file with one entry a minute from 08:00 on, and a sentence at its beginning and end."""
    lines = [{"t0": "2026-03-02T07:59", "source": "desk", "kind": "speech", "text": wording.says("I am here.", "Anna")}]
    for n in range(minutes):
        when = f"2026-03-02T{8 + n // 60:02d}:{n % 60:02d}:01"
        text = wording.enters("person", "left")
        lines.append({"t0": when, "kind": "object", "source": f"door-{n % sources}", "text": text})
    lines.append({"t0": "2026-03-02T23:00", "source": "desk", "kind": "text", "text": "[/b] Anna: bye"})
    path = tmp_path / "day.jsonl"
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))
    return path


def test_a_file_that_fits_is_held_as_it_is(tmp_path: Path, mind: FakeMind, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["ask", "When was the bye?", "--state", str(day(tmp_path, 200, sources=100))]) == 0
    assert len(mind.lines) == 202
    out, err = capsys.readouterr()
    assert "larger than the state" not in err
    assert "[/b] Anna: bye" in err, "the evidence is shown as it is"


def test_a_larger_file_is_merged_as_it_would_have_been_live(
    tmp_path: Path, mind: FakeMind, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("agent.asking.MAX_TOKENS", 4096)
    assert main(["ask", "When was the bye?", "--state", str(day(tmp_path, 840)), "--json"]) == 0
    out, err = capsys.readouterr()
    (note,) = [line for line in err.splitlines() if line.strip()]
    assert note.startswith("the file is larger than the state (4096 tokens): the oldest ")
    assert json.loads(out)["type"] == "reply"
    merged = [line for line in mind.lines.values() if wording.IN_SHORT in line]
    assert merged[0].startswith("08:00 to ") and merged == sorted(merged)
    entered = [int(line.split(wording.IN_SHORT)[1].split()[0]) for line in merged]
    raw = sum("enters" in line for line in mind.lines.values())
    assert sum(entered) + raw == 840
    assert f"the oldest {840 - raw} of 842 percepts are merged into {len(merged)} lines" in note
    assert sum(map(estimate_tokens, mind.lines.values())) <= 4096
    assert list(mind.lines.values())[0] == '07:59 desk: Anna says: "I am here."', "a quiet source is not pushed out"


@pytest.mark.parametrize(
    ("content", "message"),
    [(b"", "holds no percepts"), (b"\n\n", "holds no percepts"), (b"\xff\xfe\x00", "line 1"), (b'{"t0": 1}', "line 1")],
)
def test_a_bad_file_is_one_clear_line(
    tmp_path: Path, mind: FakeMind, capsys: pytest.CaptureFixture[str], content: bytes, message: str
) -> None:
    path = tmp_path / "state.jsonl"
    path.write_bytes(content)
    assert main(["ask", "Who?", "--state", str(path)]) == 1
    out, err = capsys.readouterr()
    assert out == "" and message in err and len(err.strip().splitlines()) == 1
    assert not mind.lines


def test_the_size_of_the_state_is_configured(
    tmp_path: Path, mind: FakeMind, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("HEED_STATE_TOKENS", "512")
    monkeypatch.setattr("agent.asking.MAX_TOKENS", 512)
    assert main(["ask", "When was the bye?", "--state", str(day(tmp_path, 200))]) == 0
    assert "larger than the state (512 tokens)" in capsys.readouterr().err
    assert sum(map(estimate_tokens, mind.lines.values())) <= 512


def test_the_state_is_as_large_as_the_file_needs(
    tmp_path: Path, mind: FakeMind, capsys: pytest.CaptureFixture[str]
) -> None:
    """Within bounds a file is not merged, although a live state of that size would have been."""
    assert main(["ask", "When was the bye?", "--state", str(day(tmp_path, 840))]) == 0
    assert len(mind.lines) == 842 and sum(map(estimate_tokens, mind.lines.values())) > 4096
    assert "larger than the state" not in capsys.readouterr().err
