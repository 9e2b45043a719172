"""The whole demonstration over a real WebRTC connection, with a stand-in for the agent that answers by rule."""

from __future__ import annotations

import asyncio
import io
import json
import wave
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from rich.console import Console

from agent.bus import Bus
from agent.demo.clip import RATE_HZ, DemoClip, Fact, Question, Speak, write_scene, write_wav
from agent.demo.run import DemoOptions, run_demo
from agent.demo.scene import Dark, Scene, Walk
from agent.web.access import WebOptions
from agent.web.relay import relay
from agent.web.server import WebServer
from dialog.events import Ask, Perceived, Reply, ReplyDelta
from streams.clock import MonotonicClock
from streams.sink import Speech
from streams.types import Percept, Transcript, ns
from streams.webrtc.peer import Peer

TONE = (0.3 * np.sin(np.arange(11_025) * 0.2)).astype(np.float32)


def short_clip(folder: Path, speak: Speak, seed: int) -> DemoClip:
    """Four seconds: one spoken question at 1 s, one typed at 2 s."""
    folder.mkdir(parents=True)
    user = np.zeros(4 * RATE_HZ, np.float32)
    user[RATE_HZ : RATE_HZ * 3 // 2] = 0.3 * np.sin(np.arange(RATE_HZ // 2) * 0.05)
    scene, wav = folder / "scene.mp4", folder / "user.wav"
    write_scene(scene, Scene("HALL 29", Walk(1, 2, 3, 4), Dark(10, 20), seed), np.zeros(4 * RATE_HZ, np.float32))
    write_wav(wav, user)
    questions = (Question(1.0, "What does it say?", ("29",)), Question(2.0, "What came in?", ("thing",), typed=True))
    return DemoClip(scene, wav, 4.0, "HALL 29", questions, (Fact(0.5, "x"),), ())


@dataclass
class StandIn:
    """Sees one sign, hears one question (any sound of the user), answers from a table by voice and text."""

    answers: dict[str, str]
    aloud: bool = True
    thinks_s: float = 0.0
    misheard: int = 0
    """So many spoken questions are not understood."""
    clock: MonotonicClock = field(default_factory=MonotonicClock)
    bus: Bus = field(default_factory=Bus)
    url: str = ""
    seen: dict[str, set[tuple[int, ...]]] = field(default_factory=dict)
    ended: bool = False
    answered: list[str] = field(default_factory=list)
    asked_too_early: list[str] = field(default_factory=list)
    _speaking: asyncio.Lock = field(default_factory=asyncio.Lock)
    _generation: int = 0
    _call: Peer | None = None

    @property
    def core(self) -> StandIn:
        return self

    @asynccontextmanager
    async def running(self) -> AsyncIterator[StandIn]:
        async with WebServer(WebOptions(port=0), self.bus, self.attend, self.clock) as server:
            self.url = server.url
            async with asyncio.TaskGroup() as tasks:
                obeying = tasks.create_task(self._obey())
                yield self
                obeying.cancel()
        self.ended = True

    async def attend(self, peer: Peer) -> None:
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._see(peer))
            tasks.create_task(self._hear(peer))
            if peer.role == "call":
                self._call = peer
                tasks.create_task(relay(self.bus, peer))

    async def _see(self, peer: Peer) -> None:
        async for frame in peer.video:
            shapes = self.seen.setdefault(peer.name, set())
            if not shapes:
                sign = Percept("room/v1", "sign", peer.name, frame.t_ns, frame.t_ns, 'a sign says "HALL 29"')
                self.bus.publish(Perceived(frame.t_ns, sign))
            shapes.add(frame.rgb.shape)

    async def _hear(self, peer: Peer) -> None:
        asked, quiet_ns = 0, 0
        async for chunk in peer.audio:
            loud = float(np.abs(chunk.samples).max(initial=0)) > 0.1
            if peer.role == "call" and loud and chunk.t0_ns >= quiet_ns:
                asked, quiet_ns = asked + 1, chunk.t0_ns + ns(1.0)
                if asked != self.misheard + 1:
                    continue
                said = Transcript(peer.name, chunk.t0_ns, chunk.t_ns, "What does it say?")
                self.bus.publish(Perceived(chunk.t_ns, said))
                await self._answer(said.text, "")

    async def _obey(self) -> None:
        async for command in self.bus.commands:
            assert isinstance(command, Ask)
            if self._speaking.locked():
                self.asked_too_early.append(command.text)
            await self._answer(command.text, command.correlation)

    async def _answer(self, question: str, correlation: str) -> None:
        """One at a time, and each to its end, as the agent does it."""
        text = self.answers.get(question)
        if text is None or self._call is None:
            return
        async with self._speaking:
            self._generation += 1
            now, speech = self.clock.now_ns(), self._call.speech
            self.answered.append(question)
            await self.clock.sleep_until(now + ns(self.thinks_s))
            self.bus.publish(ReplyDelta(now, self._generation, text))
            if self.aloud:
                speech.play(Speech(self._generation, text, TONE, 22_050))
            while not speech.idle():
                await self.clock.sleep_until(self.clock.now_ns() + ns(0.05))
            end = self.clock.now_ns()
            self.bus.publish(
                Reply(end, self._generation, now, question, text, ("room/v1",), 0.1, 0.2, 3, text, "you", correlation)
            )
            await self.clock.sleep_until(end + ns(0.5))  # what is on its way is still this reply's


BOTH = {"What does it say?": "It says HALL 29.", "What came in?": "A thing came in."}


async def demo(tmp_path: Path, stand_in: StandIn, **options: float) -> tuple[int, str]:
    out = io.StringIO()
    wanted = DemoOptions(**{"min_right": 2, "last_answer_s": 3.0, "limit_s": 60.0} | options)  # type: ignore[arg-type]
    code = await run_demo(tmp_path, stand_in.running, Console(file=out, width=200), wanted, short_clip)
    return code, out.getvalue()


async def test_answers_that_come_are_kept_shown_and_pass(tmp_path: Path) -> None:
    stand_in = StandIn(BOTH)
    code, shown = await demo(tmp_path, stand_in)
    assert code == 0, shown
    assert stand_in.ended and stand_in.seen == {"room": {(360, 640, 3)}}
    lines = [json.loads(line) for line in (tmp_path / "events.jsonl").read_text().splitlines()]
    assert [line["type"] for line in lines if line["type"] != "health"].count("reply") == 2
    assert "reply_delta" not in {line["type"] for line in lines}
    assert "What does it say?" in (tmp_path / "captions.vtt").read_text()
    for number in (1, 2):
        with wave.open(str(tmp_path / f"reply-{number}.wav")) as file:
            assert 0.4 <= file.getnframes() / file.getframerate() <= 1.0, "the half second that was played"
    page = (tmp_path / "report.html").read_text()
    assert "It says HALL 29." in page and "data:image/jpeg" in page and 'src="reply-2.wav"' in page
    for word in ("a sign says", "What came in?", "2 of 2 answers right", "report.html"):
        assert word in shown


async def test_an_answer_that_cannot_be_heard_and_one_that_never_came_fail(tmp_path: Path) -> None:
    code, shown = await demo(tmp_path, StandIn({"What does it say?": "It says HALL 29."}, aloud=False), min_right=1)
    assert code == 1 and "no answer to 'What came in?'" in shown
    assert "the answer to 'What does it say?' was not heard" in shown
    assert "reply-1.wav" not in shown and "report.html" in shown


async def test_the_user_waits_for_an_answer_that_comes_late(tmp_path: Path) -> None:
    stand_in = StandIn(BOTH, thinks_s=2.5)
    code, shown = await demo(tmp_path, stand_in, last_answer_s=15.0)
    assert code == 0, shown
    assert stand_in.answered == list(BOTH) and not stand_in.asked_too_early


async def test_a_question_that_brings_no_answer_is_asked_again(tmp_path: Path) -> None:
    stand_in = StandIn(BOTH, misheard=1)
    code, shown = await demo(tmp_path, stand_in, again_s=0.5, last_answer_s=15.0)
    assert code == 0, shown
    assert "no answer; the user asks again" in shown and stand_in.answered == list(BOTH)


async def test_it_is_asked_again_only_once(tmp_path: Path) -> None:
    stand_in = StandIn(BOTH, misheard=2)
    code, shown = await demo(tmp_path, stand_in, again_s=0.5, patience_s=4.0)
    assert code == 1 and shown.count("the user asks again") == 1
    assert "no answer to 'What does it say?'" in shown and stand_in.answered == ["What came in?"]


async def test_an_agent_that_never_starts_ends_the_demonstration_with_a_clear_line(tmp_path: Path) -> None:
    @asynccontextmanager
    async def never() -> AsyncIterator[StandIn]:
        await asyncio.Event().wait()
        yield StandIn({})

    out = io.StringIO()
    start: Callable[[], object] = never
    code = await run_demo(
        tmp_path,
        start,
        Console(file=out, width=200),
        DemoOptions(limit_s=5.0),
        short_clip,  # type: ignore[arg-type]
    )
    assert code == 1 and "gave up after 5 s, waiting for the agent to start" in out.getvalue()
