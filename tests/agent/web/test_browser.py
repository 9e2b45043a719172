"""The page in a real browser against the real agent: Chromium with a recorded camera and microphone."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from aiohttp import web
from playwright.async_api import Browser, Page, expect

from agent.config import Config, WebConfig
from agent.live import Live
from agent.models.store import ModelStore
from agent.web.server import WebServer
from agent.wiring import RunningAgent, running_agent
from dialog.manager import Dialog
from streams.webrtc.peer import HUNG_UP, Peer
from tests.agent.web import browser as kit

pytestmark = [
    pytest.mark.models,
    pytest.mark.media,
    pytest.mark.timeout(900),
    pytest.mark.asyncio(loop_scope="module"),
]

ASK_S, CALL_OUT_S, EVERY_S = 7.0, 16.0, 3.5
"""When the user asks, and from when and how often he says "Stop, please"; seconds after the microphone opened."""

SEA = "The sea is wide and deep, and many animals live in it that nobody has ever seen. " * 6
"""Longer than anybody listens to."""


@dataclass
class Stage:
    """One agent and one browser for all tests here; each test visits the page anew."""

    agent: RunningAgent
    chrome: Browser
    peers: list[Peer] = field(default_factory=list)
    goodbyes: asyncio.Queue[str] = field(default_factory=asyncio.Queue)
    """Calls that were ended over HTTP."""

    async def join(self, name: str, sound: bool = False, **options: Any) -> Page:
        page = await kit.visit(self.chrome, self.agent.url, **options)
        await page.get_by_label("Your name").fill(name)
        await page.get_by_role("checkbox", name="Microphone").set_checked(sound)
        await page.get_by_role("button", name="Join").click()
        await in_call(page)
        return page


@pytest.fixture(scope="module")
def devices(media: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """What the microphone hears and the camera sees, as files."""
    folder = tmp_path_factory.mktemp("devices")
    stops = [(CALL_OUT_S + n * EVERY_S, kit.speech("Stop, please. Wait.")) for n in range(40)]
    said = kit.recording(media / "audio" / "en_goforward.flac")
    asked = kit.speech("What does the sign say?")
    kit.write_microphone(folder / "microphone.wav", [(1.5, said), (ASK_S, asked), *stops], 160)
    sign = kit.pictures_of(media / "video" / "room_one_by_one_a.mp4", 30)
    kit.write_camera(folder / "camera.mjpeg", lambda n: sign[n], len(sign))
    return folder / "microphone.wav", folder / "camera.mjpeg"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def stage(devices: tuple[Path, Path], store: ModelStore) -> AsyncIterator[Stage]:
    kit.chromium()
    peers: list[Peer] = []
    goodbyes: asyncio.Queue[str] = asyncio.Queue()
    attend, end = Live.attend, WebServer._end

    async def attend_and_tell(live: Live, peer: Peer) -> None:
        peers.append(peer)
        await attend(live, peer)

    async def end_and_tell(server: WebServer, request: web.Request) -> web.Response:
        goodbyes.put_nowait(request.path)
        return await end(server, request)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Live, "attend", attend_and_tell)
        patch.setattr(WebServer, "_end", end_and_tell)
        async with (
            running_agent(Config(web=WebConfig(port=0)), lambda line: None) as agent,
            kit.browser(*devices) as chrome,
        ):
            yield Stage(agent, chrome, peers, goodbyes)


async def in_call(page: Page) -> None:
    await page.locator('#picture[data-call="in"]').wait_for()


async def until(page: Page, condition: Callable[[], Awaitable[bool]], what: str) -> None:
    """Wait for a condition in the page, with a generous limit."""
    for _ in range(kit.WAIT_MS // 50):
        if await condition():
            return
        await page.wait_for_timeout(50)
    raise AssertionError(f"never happened: {what}")


async def loud(page: Page) -> bool:
    return float(await page.evaluate("heard()")) > 1e-4


async def silent(page: Page) -> bool:
    return float(await page.evaluate("heard()")) < 1e-6


async def test_talks_is_captioned_answered_and_interrupts(stage: Stage) -> None:
    page = await stage.join("Anna", sound=True)
    log = page.get_by_role("log")
    # A real recording: grey while it is spoken, then firm, also over the picture.
    await expect(log.locator(".mine").first).to_contain_text("ward", ignore_case=True, timeout=kit.WAIT_MS)
    await expect(log.locator(".mine:not(.partial)").first).to_contain_text("meters", timeout=kit.WAIT_MS)
    partials = [line["text"] for line in await kit.lines(page, "partial")]
    assert partials, "no partial caption came"

    # A question: the answer is heard, its words are shown as they are spoken.
    await until(page, lambda: loud(page), "an audible answer")
    await page.get_by_role("button", name="Mute").click()
    await expect(page.get_by_role("button", name="Unmute")).to_have_attribute("aria-pressed", "true")
    assert await kit.lines(page, "speaking")
    await log.locator(".reply:not([data-state])").first.wait_for()
    await expect(page.locator("#latency")).to_contain_text("answered after")
    await until(page, lambda: silent(page), "the end of the answer")
    await expect(page.locator("#state")).to_have_text("You are muted", timeout=kit.WAIT_MS)

    # While it says more, the user calls out: it falls silent.
    (dialog,) = [one for one in stage.agent.core.dialogs() if one.source == "Anna"]
    await until(page, lambda: _told(dialog), "nobody speaks any more")
    await until(page, lambda: loud(page), "a long speech")
    await page.get_by_role("button", name="Unmute").click()
    await until(page, lambda: _cut(page), "the long speech ends before its last word")
    await until(page, lambda: silent(page), "silence")
    await expect(log.locator(".reply").last.locator("small")).to_contain_text("interrupted", timeout=kit.WAIT_MS)
    await page.get_by_role("button", name="Leave").click()
    assert not page.faults  # type: ignore[attr-defined]
    await page.context.close()


async def _told(dialog: Dialog) -> bool:
    return dialog.tell(SEA)


async def _cut(page: Page) -> bool:
    asked = [line for line in await kit.lines(page, "reply") if line.get("unasked") and line["text"] in SEA]
    assert all(len(line["spoken"]) < len(line["text"]) for line in asked), asked
    return bool(asked)


async def test_types_and_opens_the_evidence(stage: Stage) -> None:
    page = await stage.join("Ben")
    await page.locator("#percepts li").filter(has_text="enters").first.wait_for()
    await page.get_by_label("Message").fill("Who or what came in?")
    await page.keyboard.press("Enter")
    await expect(page.locator("#log .mine")).to_have_text(["YouWho or what came in?"])
    sentence = page.locator("#log .sentence").last
    await sentence.wait_for()
    await sentence.focus()
    await page.keyboard.press("Enter")
    await expect(sentence).to_have_attribute("aria-expanded", "true")
    shown = page.locator("#log .because img").first
    await shown.wait_for()
    await until(page, lambda: shown.evaluate("i => i.complete && i.naturalWidth > 100"), "the picture is drawn")
    await until(page, lambda: silent(page), "the end of the answer")
    await page.keyboard.press("Enter")
    await expect(sentence).to_have_attribute("aria-expanded", "false")
    assert not page.faults  # type: ignore[attr-defined]
    await page.context.close()


async def test_a_lost_network_is_told_and_the_conversation_goes_on(stage: Stage) -> None:
    page = await stage.join("Cleo")
    dialog = next(d for d in stage.agent.core.dialogs() if d.source == "Cleo")
    await page.get_by_label("Message").fill("What do you see?")
    await page.keyboard.press("Enter")
    await page.locator("#log .reply:not([data-state])").wait_for()
    before = max(line["generation"] for line in await kit.lines(page, "reply"))

    # No packet gets through any more, and nobody says goodbye.
    lost = next(peer for peer in stage.peers if peer.name == "Cleo")
    for transport in lost._pc._RTCPeerConnection__iceTransports:  # type: ignore[attr-defined]
        await transport._connection.close()
    await page.locator('#picture[data-call="lost"]').wait_for()
    await expect(page.locator("#lost-why")).to_contain_text("Calling again")
    await in_call(page)
    assert [peer.name for peer in stage.peers].count("Cleo") > 1
    assert next(d for d in stage.agent.core.dialogs() if d.source == "Cleo") is dialog
    await page.get_by_label("Message").fill("What do you see now?")
    await page.keyboard.press("Enter")
    await page.locator("#log .reply:not([data-state])").nth(1).wait_for()
    assert max(line["generation"] for line in await kit.lines(page, "reply")) > before
    await page.context.close()


async def test_leaving_and_closing_the_tab_end_the_session(stage: Stage) -> None:
    page = await stage.join("Dora")
    await page.get_by_role("button", name="Leave").click()
    await expect(page.get_by_role("button", name="Join")).to_be_focused()
    await _gone(stage, "Dora")
    async with page.expect_response(lambda response: response.headers.get("location") is not None) as opened:
        await page.get_by_role("button", name="Join").click()
    place = (await opened.value).headers["location"]
    await in_call(page)
    peer = stage.peers[-1]
    assert peer.name == "Dora" and not peer.reason
    await page.close(run_before_unload=True)
    await _gone(stage, "Dora")
    assert peer.reason == HUNG_UP
    async with asyncio.timeout(kit.WAIT_MS / 1000):
        while await stage.goodbyes.get() != place:  # the request outlives the page
            pass


async def _gone(stage: Stage, name: str) -> None:
    async with asyncio.timeout(kit.WAIT_MS / 1000):
        await asyncio.gather(*(peer.ended() for peer in stage.peers if peer.name == name))


async def test_by_keyboard_alone(stage: Stage) -> None:
    page = await kit.visit(stage.chrome, stage.agent.url, viewport={"width": 360, "height": 640})
    await page.keyboard.press("Tab")
    await expect(page.get_by_label("Your name")).to_be_focused()
    await page.keyboard.type("Zoë Lee")
    await page.keyboard.press("Tab")
    await page.keyboard.press("Space")  # without microphone
    await page.keyboard.press("Enter")
    await in_call(page)
    assert stage.peers[-1].name == "Zoe-Lee"
    await page.get_by_role("button", name="Unmute").wait_for()
    reached: list[str] = []
    for _ in range(30):
        await page.keyboard.press("Tab")
        name = await page.evaluate("document.activeElement.id || document.activeElement.textContent")
        if name in reached:
            break
        reached.append(name)
    assert {"cam", "stop", "options", "leave", "log", "text"} <= set(reached), reached
    await page.locator("#options").focus()
    await page.keyboard.press("Enter")
    await page.get_by_role("switch", name="Speaks unasked").focus()
    await page.keyboard.press("Space")
    await page.keyboard.press("Escape")
    await expect(page.locator("#options")).to_be_focused()
    await page.get_by_label("Message").focus()
    await page.keyboard.type("Tell me a long story about a ship.")
    await page.keyboard.press("Enter")
    await page.locator('body[data-state="speaking"]').wait_for()
    await page.keyboard.press("Escape")
    await page.locator('body[data-state="muted"]').wait_for()
    sent = await page.evaluate("window.commands")
    assert {"type": "remarks", "on": False} in sent and {"type": "interrupt"} in sent
    assert await page.evaluate("document.documentElement.scrollWidth") <= 360
    await page.context.close()


async def test_every_control_has_a_role_and_a_name(stage: Stage) -> None:
    page = await stage.join("Finn")
    await page.get_by_role("button", name="Options").click()
    for role, name in (
        ("button", "Unmute"),
        ("button", "Camera off"),
        ("button", "Stop talking"),
        ("button", "Leave"),
        ("button", "Send"),
        ("button", "Copy a link to this room"),
        ("combobox", "Microphone"),
        ("combobox", "Camera"),
        ("combobox", "Loudspeaker"),
        ("switch", "Answers aloud"),
        ("switch", "Speaks unasked"),
        ("textbox", "Message"),
        ("log", "What was said"),
        ("region", "Call"),
        ("region", "Conversation"),
    ):
        await expect(page.get_by_role(role, name=name, exact=True)).to_be_visible()  # type: ignore[arg-type]
    nameless = await page.evaluate(
        """() => [...document.querySelectorAll('button, input, select, [role=button]')]
            .filter((e) => e.checkVisibility() && !(e.labels?.length || e.ariaLabel || e.textContent.trim()))
            .map((e) => e.outerHTML)"""
    )
    assert nameless == []
    await page.get_by_role("button", name="Camera off").click()
    await expect(page.get_by_role("button", name="Camera on")).to_have_attribute("aria-pressed", "true")
    await expect(page.locator("#blank")).to_have_text("Your camera is off")
    await page.get_by_role("button", name="Camera on").click()
    await until(page, lambda: page.evaluate("self.document.getElementById('self').videoWidth > 0"), "own picture")
    await page.context.close()


async def test_a_question_is_shown_once_although_another_was_asked_before_its_answer(stage: Stage) -> None:
    """It stood there twice, the second time as if the room had asked it."""
    page = await kit.visit(stage.chrome, stage.agent.url)
    shown = await page.evaluate(
        """async () => {
            const { me, show, typed } = await import('/static/talk.js');
            Object.assign(me, { name: 'zoe', speaker: 'Zoë', room: 'kitchen' });
            for (const text of ['Hello there.', 'What does it say?']) show.transcript({ speaker: 'Zoë', text });
            typed('And now?');
            const reply = { source: 'kitchen', text: 'EXIT.', evidence: [], sentences: [], spoken: '' };
            show.reply({ ...reply, generation: 1, question: 'Hello there. What does it say?' });
            show.reply({ ...reply, generation: 2, question: 'Who is there?' });
            return [...document.querySelectorAll('#log .said')].map((e) => e.innerText.replace(/\\s+/g, ' '));
        }"""
    )
    mine = ["You Hello there.", "You What does it say?", "You And now?"]
    assert [line.replace("You", "You ").replace("  ", " ") for line in shown[:3]] == mine
    assert len(shown) == 4 and shown[3].endswith("Who is there?") and shown[3].startswith("somebody")
    assert page.faults == []  # type: ignore[attr-defined]
    await page.context.close()


async def test_people_see_each_others_names_and_a_screen_reader_is_told(stage: Stage) -> None:
    one = await kit.visit(stage.chrome, stage.agent.url)
    two = await kit.visit(stage.chrome, stage.agent.url)
    for page, name in ((one, "Zoë"), (two, "Ольга")):
        await page.get_by_label("Your name").fill(name)
        await page.locator("#room").evaluate("e => { e.value = 'hall'; }")
        await page.get_by_role("checkbox", name="Microphone").set_checked(False)
        await page.get_by_role("button", name="Join").click()
        await in_call(page)
    await expect(one.locator("#people")).to_have_text("with Ольга")
    await expect(two.locator("#people")).to_have_text("with Zoë")
    for selector in ("#people", "#announce"):
        live = "e => e.ariaLive || (e.getAttribute('role') === 'status' ? 'polite' : '')"
        assert await one.locator(selector).evaluate(live) == "polite"
    await two.get_by_role("button", name="Leave").click()
    await expect(one.locator("#people")).to_be_hidden(timeout=kit.WAIT_MS)
    await one.context.close()
    await two.context.close()
