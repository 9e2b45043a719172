"""Spanish subtitles of a spoken English recording, live in the call page and as WebVTT; all that runs is real."""

from __future__ import annotations

import re
from pathlib import Path

import aiohttp
import numpy as np
import pytest
from playwright.async_api import expect

from agent.config import Config, PluginsConfig, WebConfig
from agent.models.store import ModelStore
from agent.wiring import running_agent
from plugins.translation.apertium import Apertium
from tests.agent.web import browser as kit

pytestmark = [pytest.mark.models, pytest.mark.media, pytest.mark.timeout(600)]


@pytest.mark.skipif(("en", "es") not in Apertium().pairs(), reason="sudo apt-get install apertium apertium-eng-spa")
async def test_spanish_subtitles_of_spoken_english(
    tmp_path: Path, media: Path, store: ModelStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HEED_DATA", str(tmp_path / "data"))
    microphone, camera = tmp_path / "microphone.wav", tmp_path / "camera.mjpeg"
    kit.write_microphone(microphone, [(2.0, kit.recording(media / "audio" / "en_jfk.flac"))], 120)
    kit.write_camera(camera, lambda n: np.full((240, 320, 3), 90, np.uint8), 5)
    tables = {"translation": {"to": ["es"], "file": "subs.{lang}.vtt"}}
    plugins = PluginsConfig(("subtitles", "translation"), tables=tables)
    config = Config(web=WebConfig(port=0), plugins=plugins)
    async with running_agent(config, lambda line: None) as agent, kit.browser(microphone, camera) as chrome:
        for host in agent.plugins.hosts.values():
            await host.settled()
        page = await kit.visit(chrome, agent.url)
        await page.get_by_label("Your name").fill("Anna")
        await page.get_by_role("button", name="Join").click()
        await page.locator('#picture[data-call="in"]').wait_for()

        spanish = page.locator("#captions .translated[lang=es]", has_text="país")
        await expect(spanish.first).to_be_visible(timeout=kit.WAIT_MS)
        said = page.locator("#log .mine", has=page.locator("small[lang=es]", has_text="país")).first
        await expect(said).to_contain_text("country", ignore_case=True, timeout=kit.WAIT_MS)
        captions = [line for line in await kit.lines(page, "caption") if line["speaker"] == "Anna"]
        assert captions and all(line["lang"] == "en" for line in captions)

        # The choice of a language stands under Options.
        await page.get_by_role("button", name="Options").click()
        await expect(page.get_by_label("Subtitles")).to_have_value("es")

        async with aiohttp.ClientSession(agent.url) as session:
            async with session.get("/api/plugins/translation/es.vtt") as answer:
                live = await answer.text()
            async with session.get("/api/plugins/subtitles/live.vtt") as answer:
                english = await answer.text()
        assert not page.faults  # type: ignore[attr-defined]
        await page.context.close()
    written = (tmp_path / "data" / "plugins" / "translation" / "subs.es.vtt").read_text()
    for text in (live, written):
        assert text.startswith("WEBVTT\n\n") and re.search(r"\d\d:\d\d\.\d{3} --> \d\d:\d\d", text) and "país" in text
    assert "country" in english
