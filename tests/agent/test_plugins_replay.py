"""`heed replay` with plugins switched on: the same recording gives the same lines and the same files."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from agent.cli import main
from plugins.translation.apertium import Apertium

pytestmark = [
    pytest.mark.models,
    pytest.mark.media,
    pytest.mark.skipif(("en", "es") not in Apertium().pairs(), reason="sudo apt-get install apertium apertium-eng-spa"),
]

CONFIG = """
[plugins]
enabled = ["subtitles", "translation", "alerts"]
[plugins.subtitles]
file = "subs.srt"
[plugins.translation]
to = ["es"]
[[plugins.alerts.rules]]
name = "country"
words = ["country"]
[[plugins.alerts.rules]]
name = "told"
when = "tell me when somebody speaks of a country"
"""


def replayed(capsys: pytest.CaptureFixture[str], config: Path, media: Path, out: Path) -> list[dict[str, Any]]:
    recording, question = str(media / "audio" / "en_jfk.flac"), "11 How many alerts were there?"
    arguments = ["--config", str(config), "--out", str(out), "--ask", question, "--json"]
    assert main(["replay", recording, *arguments]) == 0
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_the_same_each_time(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, media: Path, store: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HEED_DATA", str(tmp_path / "data"))
    config = tmp_path / "config.toml"
    config.write_text(CONFIG)
    first = replayed(capsys, config, media, tmp_path / "out")
    again = replayed(capsys, config, media, tmp_path / "again")
    # What espeak has said before changes how long a sentence takes by some milliseconds (`dialog.speech.espeak`).
    timed = ("ttft_s", "first_audio_s", "duration_s")
    strip = [[{k: v for k, v in line.items() if k not in timed} for line in lines] for lines in (first, again)]
    assert strip[0] == strip[1]
    lasted = [[line["duration_s"] for line in lines if "duration_s" in line] for lines in (first, again)]
    assert lasted[0] == pytest.approx(lasted[1], abs=0.1)

    said = " ".join(line["text"] for line in first if line["type"] == "transcript")
    captions = " ".join(line["text"] for line in first if line["type"] == "caption")
    assert re.findall(r"[a-z']+", captions.lower()) == re.findall(r"[a-z']+", said.lower())
    assert "país" in " ".join(line["text"] for line in first if line["type"] == "translation")
    phases = [line["phase"] for line in first if line["type"] == "alert" and line["rule"] == "country"]
    assert phases[0] == "new" and phases[-1] == "end", "the end is told when the recording ends"
    (reply,) = [line for line in first if line["type"] == "reply"]
    assert reply["text"].startswith("There w") and "alert" in reply["text"]
    assert not [line for line in first if line["type"] == "health" and line["component"].startswith("plugin:")]

    for file in ("captions.es.vtt", "plugins/subtitles/subs.srt", "plugins/alerts/alerts.jsonl"):
        assert (tmp_path / "out" / file).read_bytes() == (tmp_path / "again" / file).read_bytes()
    assert "país" in (tmp_path / "out" / "captions.es.vtt").read_text()
    assert not (tmp_path / "data").exists(), "a recording leaves the plugins of live work alone"
