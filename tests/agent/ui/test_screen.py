"""The full screen, by Textual's pilot: what it shows, and what keys and commands do."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest
from textual import events

from agent.ui.app import Assistant
from agent.ui.picture import Picture
from agent.ui.slash import MAX_LINE_CHARS
from agent.ui.talk import Prompt, Said
from streams.sinks.thumbnail import jpeg
from tests.agent.ui.scripted import EVIL, Scripted, percept, reply, text_of

SNAPSHOTS = Path(__file__).parent / "snapshots"
SCENE = [
    percept(3, "a person enters from the left"),
    percept(5, 'a voice says: "The keys are in the hall."', "speech"),
    {"type": "transcript", "t": 5, "source": "front-door", "speaker": "Ann", "text": "The keys are in the hall."},
    {"type": "translation", "t": 5, "lang": "es", "source": "front-door", "text": "Las llaves están en la sala."},
    {"type": "alert", "id": "a1", "t": 6, "rule": "door", "severity": "warning", "phase": "new", "text": "somebody",
     "evidence": ["front-door/v3"]},
    reply("Where are the keys?", "They are in the hall.", ["front-door/v5", "front-door/v3", "gone/v1"]),
    {"type": "partial", "source": "local", "t": 21, "text": "and who came"},
    {"type": "health", "component": "microphone:local", "t": 1, "state": "ok", "reason": "it runs"},
    {"type": "health", "component": "camera:yard", "t": 1, "state": "failed", "reason": "no camera was found"},
    {"type": "level", "source": "local", "level": 0.5},
]  # fmt: skip


@pytest.fixture
def backend() -> Scripted:
    ramp = np.tile(np.linspace(0, 255, 320, dtype=np.uint8)[None, :, None], (180, 1, 3))
    return Scripted(SCENE, jpeg(ramp, 320))


async def test_the_screen_in_four_sizes(backend: Scripted) -> None:
    """Set HEED_UPDATE_SNAPSHOTS to write them anew, and look at the difference."""
    for size in ((80, 24), (100, 30), (200, 50), (40, 12)):
        app = Assistant(backend)
        async with app.run_test(size=size) as pilot:
            await shown(pilot, app, "They are in the hall.")
            path = SNAPSHOTS / f"{size[0]}x{size[1]}.txt"
            for _ in range(200):  # the picture comes when it is read, and again when its place has its size
                if path.is_file() and text_of(app) == path.read_text(encoding="utf-8"):
                    break
                await pilot.pause(0.02)
            if os.environ.get("HEED_UPDATE_SNAPSHOTS"):
                path.write_text(text_of(app), encoding="utf-8")
            assert text_of(app) == path.read_text(encoding="utf-8"), f"{path.name} differs"


async def test_a_question_is_sent_and_its_answer_grows_in_place() -> None:
    backend = Scripted()
    app = Assistant(backend)
    async with app.run_test(size=(100, 30)) as pilot:
        await shown(pilot, app, "ready")
        await pilot.press(*"Who?", "enter")
        assert backend.sent == [{"type": "ask", "text": "Who?", "correlation": "tui-1"}]
        delta = {"type": "reply_delta", "source": "terminal", "generation": 1, "t": 2}
        backend.offer({**delta, "text": "A"}, {**delta, "text": " man"})
        await shown(pilot, app, "A man")
        backend.offer(reply("Who?", "A man.", correlation="tui-1", source="terminal"))
        await shown(pilot, app, "A man.  first word 0.25 s")
        assert [line.who for line in app.view.lines] == ["note", "you", "heed"] and app.view.asked == ()


async def test_an_answer_opens_its_evidence_and_shows_the_picture(backend: Scripted) -> None:
    app = Assistant(backend)
    async with app.run_test(size=(100, 30)) as pilot:
        await shown(pilot, app, "They are in the hall.")
        await pilot.press("tab")
        assert isinstance(app.focused, Said) and app.focused.line.who == "heed"
        await pilot.press("enter")
        await shown(pilot, app, "▸ [1] 0:05 front door: a voice says")
        await shown(pilot, app, "[3] a moment that is no longer kept")
        await pilot.press("right")
        await shown(pilot, app, "▸ [2] 0:03 front door: a person enters")
        await shown(pilot, app, "evidence")
        assert backend.looked[-1] == "front-door/v3" and app.query_one(Picture)._strips
        await pilot.press("enter")
        await pilot.press("tab")
        assert isinstance(app.focused, Prompt) and "▸" not in text_of(app)


async def test_history_keeps_what_was_begun(backend: Scripted) -> None:
    app = Assistant(backend)
    async with app.run_test() as pilot:
        await pilot.press(*"/mute", "enter", *"/rules", "enter", *"beg", "up", "up")
        assert app.query_one(Prompt).value == "/mute"
        await pilot.press("up", "down", "down")
        assert app.query_one(Prompt).value == "beg"


async def test_letters_behind_a_command_key_are_not_lost(backend: Scripted) -> None:
    app = Assistant(backend)
    async with app.run_test() as pilot:
        prompt = app.query_one(Prompt)
        for key, letter in (("a", "a"), ("ctrl+u", None), ("q", "q"), ("enter", None), ("w", "w")):
            app.post_message(events.Key(key, letter))
        await pilot.pause()
        assert prompt.value == "w" and backend.sent[-1]["text"] == "q"


async def test_keys_that_come_together_go_where_they_are_meant_to(backend: Scripted) -> None:
    app = Assistant(backend)
    async with app.run_test(size=(100, 30)) as pilot:
        await shown(pilot, app, "They are in the hall.")
        for key in ("tab", "enter", "right"):
            app.post_message(events.Key(key, None))
        await shown(pilot, app, "▸ [2] 0:03 front door: a person enters")


async def test_commands(backend: Scripted, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    app = Assistant(backend)
    async with app.run_test(size=(120, 60)) as pilot:
        await shown(pilot, app, "They are in the hall.")
        for line, answer in (
            ("/search keys hall", "Ann: The keys are in the hall."),
            ("/search zebra", "nothing found"),
            ("/rules", "door: 1 alert, last at 0:06: somebody"),
            ("/camera yard", "no pictures of 'yard'; there are: front door"),
            ("/camera front door", "shows front door; there are: front door"),
            ("/evidence", "[2] 0:03 front door: a person enters from the left"),
            ("/watch nowhere.mp4", "not watched: no such file"),
            ("/watch rtsp://host/1", "watches rtsp://host/1"),
            ("/language de", "no translation into de yet"),
            ("/language es", "shows es; translations: es"),
            ("/remarks", "speaks only when asked"),
            ("/theme nothing", "no theme 'nothing'"),
            ("/s", "did you mean /save or /search?"),
            ("/search", "/search wants words"),
            ("/save a.txt", "written to a.txt"),
            ("/save a.txt", "cannot write a.txt: File exists"),
            ("/save no/a.txt", "No such file"),
            ("/mute", "answers in writing only"),
            ("/copy", "copied"),
            ("/help", "/watch: watch one more"),
        ):
            app.query_one(Prompt).value = line
            await pilot.press("enter")
            await shown(pilot, app, answer)
        assert backend.watched == ["nowhere.mp4", "rtsp://host/1"]
        assert {"type": "mute", "on": True} in backend.sent and {"type": "remarks", "on": False} in backend.sent
        assert "heed: They are in the hall." in (tmp_path / "a.txt").read_text()
        assert "Las llaves" in text_of(app) and app.clipboard.startswith("They are in the hall.")
        app.query_one(Prompt).value = "/theme light"
        await pilot.press("enter")
        assert app.theme == "textual-light"


async def test_the_palette_finds_by_a_few_letters(backend: Scripted) -> None:
    app = Assistant(backend)
    async with app.run_test(size=(100, 30)) as pilot:
        await shown(pilot, app, "They are in the hall.")
        await pilot.press("ctrl+p", *"srch")
        await shown(pilot, app, "find words in all that was said and seen")
        await pilot.press("enter")
        await until(pilot, lambda: app.query_one(Prompt).value == "/search ")
        await pilot.press("ctrl+u", "ctrl+p", *"cam front")
        await shown(pilot, app, "show its pictures")
        await pilot.press("enter")
        await shown(pilot, app, "shows front door")


async def test_a_megabyte_pasted_becomes_one_harmless_line(backend: Scripted) -> None:
    app = Assistant(backend)
    async with app.run_test() as pilot:
        app.post_message(events.Paste(f"one\n{EVIL}\n" + "x" * 1_000_000))
        await pilot.pause()
        value = app.query_one(Prompt).value
        assert value.startswith("one ") and MAX_LINE_CHARS - 100 < len(value) <= MAX_LINE_CHARS
        assert not [c for c in value if not c.isprintable()]


async def test_whatever_is_seen_heard_or_said_is_shown_harmlessly() -> None:
    kinds = ("asked", "reply", "reply_delta", "percept", "transcript", "partial", "alert", "note", "status", "health")
    hostile = {"text": EVIL, "phase": "new", "source": EVIL, "rule": EVIL, "component": EVIL, "state": EVIL}
    backend = Scripted([{"type": kind, "id": EVIL, "reason": EVIL, "question": EVIL, **hostile} for kind in kinds])
    app = Assistant(backend)
    async with app.run_test(size=(120, 40)) as pilot:
        await shown(pilot, app, "[red]")
        await pilot.press("ctrl+p", *"cam")
        await pilot.pause()
        shown_text = text_of(app)
        assert not [c for c in shown_text if not (c.isprintable() or c == "\n")]
        # Markup and styles of Textual's own are words like others.
        assert "$primary hi" in shown_text or "[red]" in shown_text


@pytest.mark.parametrize("sign", ["[/bin/sh]", "[@click=app.quit]EXIT[/]"])
async def test_what_a_sign_says_is_words_around_the_picture_and_in_the_palette_too(sign: str) -> None:
    """Textual reads a string as markup: a sign in front of a camera ended the program, or made a link to click on."""
    backend = Scripted([percept(1, f'the sign says "{sign}"', "sign", source=f"cam{sign}")])
    app = Assistant(backend)
    async with app.run_test(size=(200, 120)) as pilot:
        await until(pilot, lambda: app.query_one("#look").border_subtitle is not None)
        below = app.query_one("#look")._border_subtitle
        assert below is not None and below.plain == f'0:01 cam{sign}: the sign says "{sign}"' and not below.spans
        await pilot.press("ctrl+p")
        await shown(pilot, app, f"camera cam{sign}")
        await pilot.press(*"camera cam")
        await shown(pilot, app, f"camera cam{sign}")


async def test_a_burst_leaves_the_conversation_whole_and_the_prompt_free() -> None:
    backend = Scripted()
    app = Assistant(backend)
    async with app.run_test(size=(100, 30)) as pilot:
        await shown(pilot, app, "ready")
        for second in range(5):
            backend.offer(reply(f"question {second}", f"answer {second}", generation=second + 1))
            for n in range(1000):
                backend.offer(percept(1000 * second + n, f"moves {n}"))
            await pilot.press("abcde"[second])
        await shown(pilot, app, "answer 4")
        assert app.query_one(Prompt).value == "abcde"
        assert [line.text for line in app.view.lines if line.who == "heed"] == [f"answer {n}" for n in range(5)]
        assert len(app.query(Said)) == len(app.view.lines)


async def test_resizing_again_and_again(backend: Scripted) -> None:
    app = Assistant(backend)
    async with app.run_test(size=(100, 30)) as pilot:
        for n in range(60):
            await pilot.resize_terminal(1 + (n * 37) % 240, 1 + (n * 17) % 70)
        await pilot.resize_terminal(100, 30)
        await shown(pilot, app, "They are in the hall.")
        await pilot.press("a")
        assert app.query_one(Prompt).value == "a"


async def test_a_damaged_picture_is_no_picture() -> None:
    backend = Scripted([percept(1, "moves")], b"\xff\xd8 no jpeg")
    app = Assistant(backend)
    async with app.run_test(size=(100, 30)) as pilot:
        await shown(pilot, app, "0:01 front door: moves")
        assert app.query_one(Picture)._strips == []


async def until(pilot: object, is_so: object) -> None:
    """Wait for the screen's own work, until something is so."""
    for _ in range(400):
        await pilot.pause(0.02)  # type: ignore[attr-defined]
        if is_so():  # type: ignore[operator]
            return
    raise AssertionError(text_of(pilot.app))  # type: ignore[attr-defined]


async def shown(pilot: object, app: Assistant, text: str) -> None:
    """Wait until the screen shows the text."""
    await until(pilot, lambda: text in text_of(app))
