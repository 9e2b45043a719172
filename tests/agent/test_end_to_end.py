"""A made recording through the whole agent with the real default models: what is perceived, answered and written."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from agent.cli import main
from agent.demo.clip import DemoClip, make_clip
from agent.demo.run import espeak
from agent.models.store import ModelStore

pytestmark = pytest.mark.models
# Of a sentence's duration espeak's history changes some milliseconds (`dialog.speech.espeak`).
TIMINGS = ("ttft_s", "first_audio_s", "duration_s")


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> DemoClip:
    return make_clip(tmp_path_factory.mktemp("clip"), espeak, seed=3)


def replay(capsys: pytest.CaptureFixture[str], *arguments: str) -> list[dict[str, Any]]:
    assert main(["replay", "--json", *arguments]) == 0
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def without_timings(lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{k: v for k, v in line.items() if k not in TIMINGS} for line in lines]


def test_the_same_replay_twice(
    store: ModelStore, clip: DemoClip, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """What happens in the clip is perceived at its time, a question is answered with evidence, and all of it again."""
    arguments = [str(clip.scene), "--name", "room", "--ask", "24.5 What does the sign say?"]
    lines = replay(capsys, *arguments, "--out", str(tmp_path / "out"))
    percepts = [line for line in lines if line["type"] == "percept"]
    (sign,) = [p for p in percepts if p["kind"] == "sign" and "gone" not in p["text"]]
    assert clip.sign in sign["text"]
    off = next(h.t_s for h in clip.happenings if h.what == "light off")
    (dark,) = [p for p in percepts if p["text"] == "the light goes off"]
    assert abs(dark["t0"] - off) < 1.0
    enters = next(h.t_s for h in clip.happenings if h.what == "enters left")
    assert any("enters from the left" in p["text"] and abs(p["t0"] - enters) < 1.5 for p in percepts)
    assert sum(line["type"] == "transcript" for line in lines) == len(clip.facts)
    (reply,) = [line for line in lines if line["type"] == "reply"]
    assert (reply["t"], reply["asked"], reply["question"]) == (24.5, 24.5, "What does the sign say?")
    assert reply["text"] and reply["tokens"] > 0 and reply["spoken"]
    assert set(reply["evidence"]) <= {p["id"] for p in percepts if p["t"] <= 24.5}
    assert [line["t"] for line in lines] == sorted(line["t"] for line in lines)

    written = {path.name for path in (tmp_path / "out").iterdir()}
    assert {"events.jsonl", "captions.vtt", "reply-1.wav", "report.html"} <= written
    assert [json.loads(x) for x in (tmp_path / "out" / "events.jsonl").read_text().splitlines()] == lines
    assert (tmp_path / "out" / "captions.vtt").read_text().count("-->") >= len(clip.facts)

    again = replay(capsys, *arguments, "--out", str(tmp_path / "again"))
    assert without_timings(again) == without_timings(lines)
    lasted = [[line["duration_s"] for line in some if "duration_s" in line] for some in (lines, again)]
    assert lasted[0] == pytest.approx(lasted[1], abs=0.1)


def test_what_was_replayed_can_be_asked_later(
    store: ModelStore, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    state = tmp_path / "state.jsonl"
    lines = [
        {"type": "percept", "id": "k/a1", "kind": "speech", "source": "kitchen", "t0": 12, "t1": 14,
         "text": 'Anna says: "The keys are under the red chair."', "confidence": 0.9, "box": None},
        {"type": "percept", "id": "r/v1", "kind": "light", "source": "room", "t0": 40, "t1": 40,
         "text": "the light goes off", "confidence": 0.9, "box": None},
    ]  # fmt: skip
    state.write_text("".join(json.dumps(line) + "\n" for line in lines))
    questions = tmp_path / "questions.txt"
    questions.write_text("Where are the keys?\n\nIs the light on?\n")
    assert main(["ask", "--questions", str(questions), "--state", str(state), "--json"]) == 0
    replies = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [r["question"] for r in replies] == ["Where are the keys?", "Is the light on?"]
    assert all(r["type"] == "reply" and r["text"] and set(r["evidence"]) <= {"k/a1", "r/v1"} for r in replies)
    assert "chair" in replies[0]["text"]


@pytest.mark.parametrize("fusion", ["prompt", "none"])
def test_other_ways_to_fuse(store: ModelStore, capsys: pytest.CaptureFixture[str], tmp_path: Path, fusion: str) -> None:
    state = tmp_path / "state.jsonl"
    state.write_text(json.dumps({"t0": 1, "text": "a person appears", "source": "door"}) + "\n")
    assert main(["ask", "What do you see?", "--state", str(state), "--fusion", fusion, "--json"]) == 0
    (line,) = capsys.readouterr().out.splitlines()
    assert json.loads(line)["text"]
