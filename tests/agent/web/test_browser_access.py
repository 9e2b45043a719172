"""What the page says when it may not, or cannot: permission, places, token, address. A real browser; no models."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect

from agent.bus import Bus
from agent.web.access import WebOptions
from agent.web.relay import relay
from agent.web.server import WebServer
from dialog.events import Interrupt, Mute, Reply, ReplyDelta, Speaking, TurnChanged
from streams.clock import MonotonicClock
from streams.types import NS
from streams.webrtc.peer import Peer
from tests.agent.web import browser as kit

pytestmark = [pytest.mark.timeout(900), pytest.mark.asyncio(loop_scope="module")]

TOKEN = "a long secret"


class Host:
    """Takes callers in and relays what is published; says nothing of its own."""

    def __init__(self) -> None:
        self.bus = Bus()
        self.peers: list[Peer] = []

    async def on_peer(self, peer: Peer) -> None:
        self.peers.append(peer)
        async with asyncio.TaskGroup() as group:
            group.create_task(relay(self.bus, peer))
            group.create_task(_drop(peer.audio))
            group.create_task(_drop(peer.video))

    @asynccontextmanager
    async def server(self, **options: Any) -> AsyncIterator[WebServer]:
        async with WebServer(WebOptions(port=0, **options), self.bus, self.on_peer, MonotonicClock()) as server:
            yield server


async def _drop(channel: Any) -> None:
    async for _ in channel:
        pass


@pytest.fixture
def host() -> Host:
    return Host()


@pytest.fixture(scope="module")
def devices(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    folder = tmp_path_factory.mktemp("devices")
    kit.write_microphone(folder / "quiet.wav", [], 5)
    kit.write_camera(folder / "grey.mjpeg", lambda n: np.full((480, 640, 3), 90, np.uint8), 10)
    return folder / "quiet.wav", folder / "grey.mjpeg"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def chrome(devices: tuple[Path, Path]) -> AsyncIterator[Browser]:
    async with kit.browser(*devices) as browser:
        yield browser


async def join(page: Page, name: str = "Anna") -> None:
    await page.get_by_label("Your name").fill(name)
    await page.get_by_role("button", name="Join").click()


async def in_call(page: Page) -> None:
    await page.locator('#picture[data-call="in"]').wait_for()


def problem(page: Page) -> Any:
    return expect(page.locator("#problem"))


async def test_a_refused_permission_says_where_to_give_it(host: Host, devices: tuple[Path, Path]) -> None:
    async with host.server() as server, kit.browser(*devices, allow=False) as chrome:
        page = await kit.visit(chrome, server.url)
        await join(page)
        await problem(page).to_contain_text("Allow it beside the page's address", timeout=kit.WAIT_MS)
        await expect(page.get_by_role("button", name="Join")).to_be_enabled()
        for device in ("Microphone", "Camera"):  # without either one can still listen and write
            await page.get_by_role("checkbox", name=device).uncheck()
        await page.get_by_role("button", name="Join").click()
        await in_call(page)
        assert host.peers[0].hears and not host.peers[0].offers_audio and not host.peers[0].offers_video


async def test_an_insecure_address_says_what_to_open(host: Host, chrome: Browser) -> None:
    async with host.server(allowed_hosts=("heed.lan",)) as server:
        page = await kit.visit(chrome, f"http://heed.lan:{server.port}")
        await join(page)
        await problem(page).to_contain_text(f"open http://localhost:{server.port}", timeout=kit.WAIT_MS)
        assert not host.peers
        await page.context.close()


async def test_a_full_heed_is_told_and_called_again(host: Host, chrome: Browser) -> None:
    async with host.server(max_peers=1) as server:
        first, second = await kit.visit(chrome, server.url), await kit.visit(chrome, server.url)
        await join(first)
        await in_call(first)
        await join(second, "Ben")
        await expect(second.locator("#lost-why")).to_contain_text("all 1 places are taken", timeout=kit.WAIT_MS)
        await first.get_by_role("button", name="Leave").click()
        await host.peers[0].ended()
        await second.get_by_role("button", name="Call again now").click()
        await in_call(second)
        await second.context.close()
        await first.context.close()


async def test_one_name_twice_does_not_call_for_ever(host: Host, chrome: Browser) -> None:
    async with host.server() as server:
        first, second = await kit.visit(chrome, server.url), await kit.visit(chrome, server.url)
        await join(first)
        await in_call(first)
        await join(second)
        await in_call(second)
        await problem(first).to_contain_text("joined under your name", timeout=kit.WAIT_MS)
        assert len(host.peers) == 2
        await second.context.close()
        await first.context.close()


async def test_a_token_is_asked_for_once(host: Host, chrome: Browser) -> None:
    async with host.server(token=TOKEN) as server:
        page = await kit.visit(chrome, server.url)
        await page.get_by_label("Token", exact=True).fill("wrong one")
        await page.keyboard.press("Enter")
        await expect(page.locator("#link")).to_have_text("a token is needed", timeout=kit.WAIT_MS)
        await page.get_by_role("dialog").wait_for()
        await page.get_by_label("Token", exact=True).fill(TOKEN)
        await page.keyboard.press("Enter")
        await expect(page.locator("#link")).to_have_text("online", timeout=kit.WAIT_MS)
        await join(page)
        await in_call(page)
        await page.context.close()
        by_link = await kit.visit(chrome, f"{server.url}/#token={TOKEN.replace(' ', '%20')}&room=kitchen")
        await expect(by_link.locator("#link")).to_have_text("online", timeout=kit.WAIT_MS)
        assert TOKEN not in await by_link.evaluate("decodeURIComponent(location.href)")
        await join(by_link, "Ben")
        await in_call(by_link)
        assert host.peers[-1].room == "kitchen"
        await by_link.context.close()


async def test_markup_in_what_was_heard_stays_text(host: Host, chrome: Browser) -> None:
    async with host.server() as server:
        page = await kit.visit(chrome, server.url)
        await join(page)
        await in_call(page)
        await page.locator("#mic").wait_for()
        text = '<img src=x onerror="document.title=1">'
        host.bus.publish(Reply(NS, 1, 0, text, text, (), 0.1, None, 3, "", "Anna"))
        await expect(page.locator("#log .reply")).to_contain_text(text, timeout=kit.WAIT_MS)
        assert await page.title() == "heed" and await page.locator("#log img").count() == 0
        await page.context.close()


async def test_words_appear_as_spoken_stay_when_held_and_are_struck_out_when_cut(host: Host, chrome: Browser) -> None:
    async with host.server() as server:
        page = await kit.visit(chrome, server.url)
        await join(page)
        await in_call(page)
        reply, words = page.locator("#log .reply"), page.locator("#log .reply span span")
        host.bus.publish(ReplyDelta(NS, 1, "One two three four.", "Anna"))
        await reply.wait_for()
        assert "One" not in (await reply.text_content() or "")  # it is heard before it is read
        host.bus.publish(TurnChanged(NS, "Anna", "speaking", 1, "", 0.42))
        host.bus.publish(Speaking(NS, "Anna", 1, "One two three four.", 3600.0))  # so slow that it never gets on
        await expect(words).to_have_class(["now", "ahead", "ahead", "ahead"], timeout=kit.WAIT_MS)
        await expect(page.locator("#latency")).to_have_text("answered after 0.4 s")
        host.bus.publish(TurnChanged(NS, "Anna", "holding", 1))
        await expect(page.locator("#state")).to_have_text("Paused", timeout=kit.WAIT_MS)
        await expect(words).to_have_class(["now", "ahead", "ahead", "ahead"])
        host.bus.publish(Reply(NS, 1, 0, "", "One two three four.", (), 0.1, 0.2, 3, "One", "Anna"))
        await expect(reply.locator("s")).to_have_text(" two three four.", timeout=kit.WAIT_MS)

        # Switched to text, the words are read as they are made.
        await page.get_by_role("button", name="Options").click()
        await page.get_by_role("switch", name="Answers aloud").click()
        async with asyncio.timeout(kit.WAIT_MS / 1000):
            assert await host.bus.commands.get() == Mute(True, "Anna")
        host.bus.publish(ReplyDelta(NS, 2, "Five six", "Anna"))
        await expect(reply.last).to_contain_text("Five six", timeout=kit.WAIT_MS)
        host.bus.publish(TurnChanged(NS, "Anna", "thinking", 2))
        await expect(page.locator("#state")).to_have_text("Thinking", timeout=kit.WAIT_MS)
        await page.keyboard.press("Escape")
        async with asyncio.timeout(kit.WAIT_MS / 1000):
            assert await host.bus.commands.get() == Interrupt("Anna")
        await page.context.close()


async def test_the_page_asks_nobody_else(host: Host, chrome: Browser) -> None:
    async with host.server() as server:
        page = await kit.visit(chrome, "about:blank")
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        await page.goto(server.url)
        await join(page)
        await in_call(page)
        assert {url.rpartition("/")[2] for url in asked} >= {"app.js", "call.js", "talk.js", "style.css"}
        assert [url for url in asked if not url.startswith((server.url, "data:"))] == []
        assert not page.faults  # type: ignore[attr-defined]
        await page.context.close()
