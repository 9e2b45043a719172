"""The desk in a real browser, on a laptop and a phone: by mouse and by keyboard, and as a screen reader tells it."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, async_playwright, expect

from agent.archive.records import Record
from agent.archive.store import Store
from streams.types import Health
from streams.webrtc.client import Publisher
from tests.agent.web.browser import chromium
from tests.agent.web.deskrig import NS, PASSWORD, PEOPLE, DeskRig, audit_of, desk_rig
from tests.webrtc_link import pictures, until

pytestmark = [pytest.mark.timeout(900), pytest.mark.asyncio(loop_scope="module")]

PHONE: dict[str, Any] = {
    "viewport": {"width": 390, "height": 844}, "device_scale_factor": 2, "is_mobile": True, "has_touch": True,
}  # fmt: skip

WAIT_MS = 60_000
expect.set_options(timeout=WAIT_MS)


@pytest.fixture(autouse=True)
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HEED_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("HEED_CACHE", str(tmp_path / "no models"))


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def chrome() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        arguments = ["--no-sandbox", "--disable-features=WebRtcHideLocalIpsWithMdns"]
        browser = await playwright.chromium.launch(executable_path=chromium(), args=arguments)
        yield browser
        await browser.close()


@asynccontextmanager
async def opened(chrome: Browser, rig: DeskRig, view: str = "", **options: Any) -> AsyncIterator[Page]:
    """The page; a fault of its scripts, or a request to anybody else, fails the test."""
    context = await chrome.new_context(**options)
    page = await context.new_page()
    page.set_default_timeout(WAIT_MS)
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("request", lambda r: None if r.url.startswith((rig.url, "data:", "blob:")) else faults.append(r.url))
    await page.goto(f"{rig.url}/desk{view}")
    yield page
    assert faults == []
    await context.close()


async def log_in(page: Page, name: str) -> None:
    await page.locator("#login").get_by_label("Name").fill(name)
    await page.get_by_label("Password", exact=True).fill(PASSWORD)
    await page.keyboard.press("Enter")
    await expect(page.locator("#link")).to_have_text("online")


def todo(page: Page) -> Any:
    return page.get_by_role("list", name="Incidents that nobody has acknowledged").locator("> li")


async def test_the_duty_desk_from_log_in_to_acknowledgement_by_keyboard(chrome: Browser, tmp_path: Path) -> None:
    async with desk_rig(tmp_path, PEOPLE) as rig, opened(chrome, rig) as page:
        await page.locator("#login").get_by_label("Name").fill("otto")
        await page.get_by_label("Password", exact=True).fill("not the password")
        await page.keyboard.press("Enter")
        await expect(page.locator("#login-problem")).to_contain_text("wrong")
        await log_in(page, "otto")
        await expect(page.locator("#my-name")).to_have_text("otto (operates)")
        await expect(page.get_by_role("link", name="Archive")).to_be_hidden()  # only for who administers
        await rig.see("a person enters from the left")
        await expect(page.locator("#announce")).to_have_text("alarm: gate: a person enters from the left")
        await expect(todo(page)).to_have_count(1)
        await expect(todo(page).locator(".what")).to_have_text("gate: a person enters from the left")
        await expect(page.get_by_label("1 not acknowledged")).to_be_visible()

        await todo(page).get_by_role("button", name="Evidence").focus()
        await page.keyboard.press("Enter")
        shown = todo(page).get_by_role("button", name="The picture of that moment: a person enters from the left")
        await expect(shown).to_be_visible()
        await expect(todo(page).get_by_role("button", name="Evidence")).to_have_attribute("aria-expanded", "true")
        await todo(page).get_by_role("button", name="Not useful").focus()
        await page.keyboard.press("Space")
        await expect(todo(page)).to_contain_text("raised less eagerly (1 times not useful)")
        await expect(page.locator(":focus")).to_have_text("Not useful")
        await todo(page).get_by_role("button", name="Acknowledge").focus()
        await page.keyboard.press("Enter")
        await expect(todo(page)).to_have_count(0)
        await expect(page.locator("#unseen")).to_be_hidden()
        assert audit_of(rig)[-2:] == [("otto", "not_useful"), ("otto", "acknowledge")]

        await page.get_by_role("button", name="Log out").click()
        await expect(page.get_by_label("Password", exact=True)).to_be_visible()


async def test_who_only_views_is_offered_no_more(chrome: Browser, tmp_path: Path) -> None:
    async with desk_rig(tmp_path, PEOPLE) as rig, opened(chrome, rig) as page:
        await rig.see("a person enters from the left")
        await log_in(page, "vera")
        await expect(todo(page)).to_have_count(1)
        await expect(todo(page).get_by_role("button")).to_have_text(["Evidence"])
        await page.get_by_role("link", name="Rules").click()
        await expect(page.locator("#rules li")).to_have_count(2)
        await expect(page.locator("#view-rules").get_by_role("button")).to_have_count(0)


async def test_a_log_in_that_ends_is_asked_for_again(chrome: Browser, tmp_path: Path) -> None:
    async with desk_rig(tmp_path, {"vera": "view"}, token="the configured token") as rig, opened(chrome, rig) as page:
        await page.get_by_text("With a token").click()
        await page.get_by_label("Token").fill("the configured token")
        await page.keyboard.press("Enter")
        await expect(page.locator("#my-name")).to_have_text("token (administers)")
        await page.context.clear_cookies()
        await expect(page.get_by_label("Password", exact=True)).to_be_visible()
        await log_in(page, "vera")


async def test_a_camera_is_watched_live_and_others_as_pictures(chrome: Browser, tmp_path: Path) -> None:
    async with desk_rig(tmp_path) as rig, opened(chrome, rig) as page:
        for _ in range(3):
            rig.show("gate")
        await expect(page.get_by_role("button", name="gate", exact=True).locator("img")).to_be_visible()
        await page.get_by_role("button", name="gate", exact=True).click()
        await expect(page.locator("#live-how")).to_have_text("pictures, about one a second")
        await page.keyboard.press("Escape")
        rig.core.bus.publish(Health("camera:yard", "failed", "no connection", 0))
        await expect(page.get_by_role("button", name="yard, fault: no connection")).to_be_visible()
        async with Publisher(rig.url, "door", video=pictures(100_000, 10)):
            await page.get_by_role("button", name="door, live").click()
            await expect(page.locator("#live-how")).to_have_text("live")
            await expect(page.locator("#live-video")).to_be_visible()
            await page.get_by_role("button", name="Close").click()
            await until(lambda: rig.server.metrics.peers.labels("watch")._value.get() == 0, "it is hung up")


async def test_an_answer_stands_over_what_it_rests_on_and_search_finds(chrome: Browser, tmp_path: Path) -> None:
    async with desk_rig(tmp_path) as rig, opened(chrome, rig, "#ask") as page:
        await expect(page.locator("#link")).to_have_text("online")
        await rig.see("a white van enters from the left")
        await rig.kept()
        await page.get_by_label("Question").fill("Where is the white van?")
        await page.keyboard.press("Enter")
        answer = page.get_by_role("log").locator("> li")
        await expect(answer).to_contain_text("a white van enters from the left")
        rests = answer.get_by_role("list", name="What the answer rests on").get_by_role("listitem")
        await expect(rests).to_contain_text("[1] a white van enters from the left")
        await expect(rests.get_by_role("button")).to_be_visible()
        await rests.get_by_role("link", name="gate").click()
        await expect(page.get_by_role("heading", name="Timeline")).to_be_visible()
        await expect(page.locator("#moments li")).to_contain_text(["a white van enters from the left"])
        await page.get_by_role("button", name="The day in short").click()
        await expect(page.locator("#summary")).to_contain_text("1 white van entered")
        await page.get_by_role("link", name="Ask").click()
        await page.get_by_label("Question").fill("when did the van come")
        await page.get_by_role("button", name="Search").click()
        await expect(page.locator("#found li")).to_contain_text(["a white van enters from the left"])


async def test_a_rule_with_a_zone_is_drawn_changed_and_removed(chrome: Browser, tmp_path: Path) -> None:
    async with desk_rig(tmp_path, shown=("gate",)) as rig, opened(chrome, rig, "#rules") as page:
        await page.get_by_role("button", name="New rule").click()
        await page.locator("#rule").get_by_label("Name").fill("at the wall")
        await page.get_by_label("Who or what").fill("person")
        await page.locator("#rule-cameras").get_by_label("gate").check()
        await page.get_by_label("Drawn on").select_option("gate")
        await expect(page.locator("#zone-picture")).to_be_visible()
        box = await page.locator("#zone").bounding_box()
        assert box is not None
        for x, y in ((0.2, 0.2), (0.8, 0.2), (0.8, 0.8)):
            await page.locator("#zone").click(position={"x": box["width"] * x, "y": box["height"] * y})
        await page.get_by_role("button", name="Add a corner").click()  # and a fourth one by keyboard
        for _ in range(2):
            await page.keyboard.press("Shift+ArrowLeft")
        await page.get_by_role("button", name="Save").click()
        await expect(page.locator("#rules li").last).to_contain_text("at gate, in a zone")
        zone = next(r["zone"] for r in (await rules_of(rig)) if r["name"] == "at the wall")
        assert [[round(v, 1) for v in point] for point in zone[:3]] == [[0.2, 0.2], [0.8, 0.2], [0.8, 0.8]]
        assert zone[3] == [0.05, 0.9]

        await page.get_by_role("button", name="Edit: at the wall").click()
        await page.get_by_label("Who or what").fill("")
        await page.get_by_role("button", name="Save").click()
        await expect(page.locator("#rule-problem")).to_contain_text("it has no condition")
        await page.get_by_label("What is to be told").select_option("a sentence of mine")
        await page.get_by_role("textbox", name="Sentence").fill("someone leaves a bag")
        await page.get_by_role("button", name="Save").click()
        await expect(page.locator("#rules li").last).to_contain_text("“someone leaves a bag”")
        await page.get_by_role("button", name="Remove: at the wall").click()
        await page.get_by_role("dialog").get_by_role("button", name="Remove").click()
        await expect(page.locator("#rules li")).to_have_count(2)


async def test_saving_a_rule_changes_what_was_changed_and_nothing_else(chrome: Browser, tmp_path: Path) -> None:
    made = {"name": "silent", "words": ["no, thanks", "all well"], "absent_s": 600, "does": ["leaves"],
            "zone": [[0, 0], [0.12345, 0], [1, 1]], "triggers": ["a"], "count_at_least": 2, "objects": ["person"],
            "dwell_s": 5}  # fmt: skip
    async with desk_rig(tmp_path, shown=("gate",)) as rig:
        await rig.board.hosts["alerts"].command("add", made)
        before = (await rules_of(rig))[-1]
        assert before["words"] == ["no, thanks", "all well"]
        async with opened(chrome, rig, "#rules") as page:
            await page.get_by_role("button", name="Edit: silent").click()
            await page.get_by_label("Severity").last.select_option("alarm")
            await page.get_by_role("button", name="Save").click()
            await expect(page.locator("#rules li").last).to_contain_text("alarm")
            assert (await rules_of(rig))[-1] == {**before, "severity": "alarm"}
            await page.get_by_role("button", name="Edit: silent").click()
            await page.get_by_label("What is to be told").select_option("a sound")
            await page.get_by_role("textbox", name="Sounds").fill("loud")
            await page.get_by_role("button", name="Save").click()
            await expect(page.locator("#rules li").last).to_contain_text("sound: loud")
        after = (await rules_of(rig))[-1]
        gone = {"words": [], "objects": [], "does": [], "zone": [], "absent_s": 0, "dwell_s": 0, "count_at_least": None}
        assert after == {**before, "severity": "alarm", "sounds": ["loud"], **gone}


async def rules_of(rig: DeskRig) -> list[dict[str, Any]]:
    import json

    found: list[dict[str, Any]] = json.loads(await rig.desk.rules())["rules"]
    return found


async def test_deleting_asks_first(chrome: Browser, tmp_path: Path) -> None:
    async with desk_rig(tmp_path) as rig:
        await rig.see("a car enters from the left")
        await rig.kept()
        async with opened(chrome, rig, "#archive") as page:
            await page.locator("#part").get_by_label("Camera").select_option("gate")
            await page.get_by_role("button", name="Delete …").click()
            await page.get_by_role("dialog").get_by_role("button", name="No").click()
            await expect(page.locator("#part-note")).to_have_text("Nothing was deleted.")
            await page.get_by_role("button", name="Delete …").click()
            await page.get_by_role("dialog").get_by_role("button", name="Delete 1 events").click()
            await expect(page.locator("#part-note")).to_have_text("1 events are deleted.")
            await expect(page.locator("#audit")).to_contain_text("1 events: gate")


async def test_what_a_camera_read_stays_text(chrome: Browser, tmp_path: Path) -> None:
    async with desk_rig(tmp_path) as rig, opened(chrome, rig) as page:
        sign, name = 'the sign says "<img src=x onerror=document.title=1>"', 'gate"><b>x'
        await rig.see(sign, name, "sign")
        await rig.see('a voice says: "fire <script>document.title=2</script>"', name, "speech")
        await expect(todo(page)).to_contain_text("<script>")
        await todo(page).get_by_role("button", name="Evidence").click()
        await page.goto(f"{rig.url}/desk#timeline?camera={quote(name)}")
        await expect(page.locator("#moments")).to_contain_text("<img src=x")
        assert "heed desk" in await page.title()
        assert await page.locator("img[src=x], #wall b, main script").count() == 0


@pytest.mark.parametrize("options", [{}, PHONE, {"color_scheme": "dark"}], ids=["laptop", "phone", "dark"])
async def test_every_view_fits_and_every_control_has_a_name(
    chrome: Browser, tmp_path: Path, options: dict[str, Any]
) -> None:
    async with desk_rig(tmp_path) as rig, opened(chrome, rig, **options) as page:
        await rig.see("a person enters from the left")
        await expect(todo(page)).to_have_count(1)
        for view in ("now", "incidents", "timeline", "ask", "rules", "health", "archive"):
            await page.get_by_role("navigation").get_by_role("link", name=re.compile(f"^{view}", re.I)).click()
            await expect(page.locator(f"#view-{view}")).to_be_visible()
            await expect(page.locator('nav [aria-current="page"]')).to_have_count(1)
            width = await page.evaluate("document.documentElement.scrollWidth - innerWidth")
            assert width <= 0, f"{view} is wider than the window"
            nameless = await page.evaluate(NAMELESS)
            assert nameless == [], f"{view}: {nameless}"


NAMELESS = """() => [...document.querySelectorAll('main button, main input, main select, main a, nav a')]
  .filter((e) => e.checkVisibility())
  .filter((e) => !(e.ariaLabel || e.textContent.trim() || e.labels?.length || e.title)).map((e) => e.outerHTML)"""


async def test_fifty_cameras_and_a_hundred_thousand_events_a_page_at_a_time(chrome: Browser, tmp_path: Path) -> None:
    fill(tmp_path / "archive", 100_000)
    async with desk_rig(tmp_path) as rig:
        for n in range(50):
            rig.show(f"camera-{n}")
        async with opened(chrome, rig) as page:
            await expect(page.locator("#wall li")).to_have_count(51)
            await expect(todo(page)).to_have_count(15)
            await expect(page.locator("#unseen")).to_have_text("99+")
            await page.get_by_label("Find a camera").fill("camera 49")
            await expect(page.locator("#wall li:visible")).to_have_count(1)
            await page.get_by_role("link", name="Incidents").click()
            rows = page.locator("#incidents > li")
            await expect(rows).to_have_count(30)
            await page.get_by_role("button", name="Older incidents").click()
            await expect(rows).to_have_count(60)
            await rows.first.get_by_role("link", name="Timeline").click()
            await expect(page.locator("#moments > li")).to_have_count(50)
            assert await page.locator("#hours button").count() == 24


def fill(folder: Path, n: int) -> None:
    """An archive of so many events of 50 cameras on one past day, an incident for every hundredth."""
    start_ns = 1_780_000_000 * NS
    with Store(folder, start_ns) as store:
        for begin in range(0, n, 5000):
            records: list[Record] = []
            for k in range(begin, begin + 5000):
                t_ns, camera = start_ns + k * 800_000_000, f"camera-{k % 50}"
                name = f"{camera}/v{k}"
                records.append(Record("object", camera, t_ns, t_ns, "a person enters from the left", name))
                if k % 100 == 0:
                    more = {"rule": "somebody", "severity": "alarm", "phase": "new", "evidence": [name]}
                    alert = f"somebody-{k // 100 + 1}"
                    records.append(Record("alert", "somebody", t_ns, t_ns, f"{camera}: a person", alert, more=more))
            store.add(records)
