"""Spanish subtitles of an English recording: heard by the default recogniser, translated by Apertium."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from agent.config import load_config
from agent.jsonl import to_dict
from agent.record import EventFiles
from agent.wiring import Replayed, replaying
from dialog.events import Caption, Event, Perceived
from plugins.inline import InlineHost, Surroundings
from plugins.registered import Plugin
from plugins.testing import NotedServices
from plugins.translation.apertium import Apertium
from plugins.translation.plugin import setup
from streams.sources.file import FileSource
from streams.types import Health, Transcript


@pytest.mark.models
@pytest.mark.media
@pytest.mark.skipif(("en", "es") not in Apertium().pairs(), reason="sudo apt-get install apertium apertium-eng-spa")
async def test_spanish_subtitles_of_an_english_recording(tmp_path: Path, media: Path, store: object) -> None:
    events: list[Event] = []
    heard = FileSource(media / "audio" / "en_jfk.flac", "jfk")
    async with heard, replaying(load_config(), Replayed(heard, []), lambda line: None) as session:
        with session.bus.tap(events.append):
            await session.run()
    emitted: list[Event] = []
    around = Surroundings(NotedServices(), emitted.append, tmp_path)
    table = {"to": ["es"], "file": "subs.es.vtt"}
    async with InlineHost([Plugin("translation", setup, table)], around) as host:
        for event in events:
            if isinstance(event, Perceived):
                await host.feed(event)
    with EventFiles(tmp_path / "out") as files:
        for event in emitted:
            files.write(to_dict(event))
    captions = [event for event in emitted if isinstance(event, Caption)]
    said = [e.what for e in events if isinstance(e, Perceived) and isinstance(e.what, Transcript)]
    assert not [event for event in emitted if isinstance(event, Health)]
    assert " ".join(c.original for c in captions).split() == " ".join(one.text for one in said).split()
    spanish = " ".join(c.text for c in captions).lower()
    assert "país" in spanish and "country" not in spanish
    lines = [json.loads(line) for line in (tmp_path / "out" / "events.jsonl").read_text().splitlines()]
    assert {line["type"] for line in lines} == {"translation"} and all(line["lang"] == "es" for line in lines)
    for file in (tmp_path / "out" / "captions.es.vtt", tmp_path / "translation" / "subs.es.vtt"):
        text = file.read_text()
        assert text.startswith("WEBVTT\n\n") and re.search(r"\d\d:\d\d:\d\d\.\d{3} --> \d\d:\d\d", text)
        assert "país" in text
