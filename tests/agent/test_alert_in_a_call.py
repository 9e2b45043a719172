"""An alert that is spoken, in a real call: real models, real plugins in their processes, real WebRTC."""

from __future__ import annotations

from pathlib import Path

import pytest

from agent.bench.call_agent import agent_process
from agent.bench.call_line import Line
from agent.bench.call_sound import spoken
from agent.config import Config, load_config
from agent.models.store import ModelStore

RULE = """
[dialog]
remarks = false
[plugins]
enabled = ["alerts"]
[[plugins.alerts.rules]]
name = "fire"
words = ["fire"]
severity = "alarm"
speak = true
"""


def configured(folder: Path) -> Config:
    path = folder / "config.toml"
    path.write_text(RULE)
    return load_config(path, {})


@pytest.mark.models
@pytest.mark.timeout(600)
async def test_who_is_in_a_call_hears_an_alert(
    store: ModelStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HEED_DATA", str(tmp_path))
    async with agent_process(configured(tmp_path)) as agent, Line(agent.url, "ann") as line:
        await line.pause(1.0)
        mark = line.mark()
        said = line.microphone.say(spoken("There is a fire in the kitchen."))  # no question: it gets no answer
        alert = await line.event(lambda e: e.get("type") == "alert", 60, mark)
        audible_s = await line.audible(said.end_s, 60)
        told = await line.event(lambda e: e.get("type") == "reply", 60, mark)
    assert alert is not None and alert[1]["severity"] == "alarm" and "fire" in alert[1]["text"]
    assert audible_s is not None and told is not None and "fire" in told[1]["text"]
