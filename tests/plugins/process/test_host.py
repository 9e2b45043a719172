"""Plugins in processes of their own: what works, and what becomes of those that misbehave. Real processes throughout.

Limits are short here, so that a test of what takes minutes takes seconds; nothing is judged by the time it takes.
"""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import ExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from dialog.events import Alert, Caption, Event, Interrupt, Perceived
from plugins.contract import Request
from plugins.inline import Surroundings
from plugins.process.host import Named, ProcessHost
from plugins.process.life import Life
from plugins.process.limits import Limits, resident_bytes
from plugins.testing import NotedServices
from streams.clock import MonotonicClock
from streams.errors import HeedError
from streams.types import NS, Health, Percept, Transcript

ROOT = Path(__file__).resolve().parents[3]
BAD = "agent.bench.plugins_misbehaving"
QUICK = Limits(hang_s=3, handler_s=60, pauses_s=(0.05, 0.1), beat_s=0.1)


@dataclass
class Stage:
    """A host at work, and what came of it."""

    host: ProcessHost
    clock: MonotonicClock
    out: list[Event]
    sent: list[Any]
    services: NotedServices

    def of(self, *kinds: type[Any]) -> list[Any]:
        return [event for event in self.out if isinstance(event, kinds)]

    @property
    def health(self) -> list[tuple[str, str]]:
        return [(h.state, h.reason) for h in self.of(Health)]

    def show(self, text: str = "a person") -> None:
        t_ns = self.clock.now_ns()
        self.host.feed(Perceived(t_ns, Percept("cam/v1", "object", "cam", t_ns, t_ns, text)))


@asynccontextmanager
async def staged(
    entry: str, folder: Path, limits: Limits = QUICK, table: dict[str, Any] | None = None, name: str = "tried"
) -> AsyncIterator[Stage]:
    out: list[Event] = []
    sent: list[Any] = []
    services, clock = NotedServices(), MonotonicClock()
    around = Surroundings(services, out.append, folder, sent.append)
    async with ProcessHost(Named(name, entry, table or {}), around, clock, limits) as host:
        await host.settled()
        yield Stage(host, clock, out, sent, services)


async def until(true: Callable[[], object], limit_s: float = 90.0) -> None:
    """Wait for something that will come true."""
    async with asyncio.timeout(limit_s):
        while not true():  # noqa: ASYNC110 - what is waited for happens in another process
            await asyncio.sleep(0.01)


def alive(pid: int) -> bool:
    try:
        with open(f"/proc/{pid}/stat") as file:
            return file.read().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


async def test_events_go_there_and_captions_come_back(tmp_path: Path) -> None:
    async with staged(f"{BAD}:good", tmp_path) as stage:
        for number in range(100):
            stage.show(f"thing {number}")
        await until(lambda: len(stage.of(Caption)) == 100)
        assert [c.text for c in stage.of(Caption)] == [f"thing {n}" for n in range(100)]
        assert all(c.t_ns >= c.t0_ns for c in stage.of(Caption)), "its time is not behind ours"
        assert not stage.health
        await until(lambda: stage.host.status == "well")


async def test_what_it_emitted_is_not_told_to_it_again(tmp_path: Path) -> None:
    async with staged(f"{__name__}:echoes", tmp_path) as stage:
        stage.show()
        await until(lambda: stage.of(Caption))
        stage.host.feed(stage.of(Caption)[0])
        stage.host.feed(replace(stage.of(Caption)[0], text="another's"))
        await until(lambda: len(stage.of(Caption)) == 2)
        assert [c.text for c in stage.of(Caption)] == ["a person", "heard another's"]


def echoes(register: Any) -> None:
    register.on(Perceived, lambda e: register.emit(Caption(e.t_ns, 0, 0, "en", e.what.text)))
    register.on(Caption, lambda e: register.emit(replace(e, text=f"heard {e.text}")))


def everything(register: Any) -> None:
    async def see(event: Perceived) -> None:
        answer = await register.services.ask("who?", [("cam/v1", "14:03 cam: a dog", 7)], event.t_ns)
        picture = await register.services.picture("cam/v1")
        none = await register.services.picture("cam/v2")
        views = [await register.services.view(name) for name in ("cam", "none")]
        told = await register.services.publish("dog", b"\xff\0", True), await register.services.say("a dog")
        register.emit(
            Alert(event.t_ns, "1", "dog", "info", "new", repr((answer, picture, none, views, told)), ("cam/v1",))
        )

    def fail(arguments: Any) -> str:
        raise HeedError("'what' is missing")

    register.on(Perceived, see)
    register.command("reset", lambda arguments: f"reset {arguments['what']}", "forget")
    register.command("fail", fail, "cannot be done")
    register.tool(r"\bhow many\b", lambda question: "three")
    register.page("live/*", "text/plain", lambda request: f"{request.path} {request.query['a']}".encode())
    register.every(0.05, lambda t_ns: register.emit(Caption(t_ns, 0, 0, "en", "tick")))
    register.on_stop(lambda: register.emit(Caption(0, 0, 0, "en", "the end")))
    register.send(Interrupt("call"))


async def test_services_commands_tools_pages_timers_and_the_end(tmp_path: Path) -> None:
    async with staged(f"{__name__}:everything", tmp_path) as stage:
        stage.services.answers = lambda question, lines: (f"{question} {lines[0][1]}", ("cam/v1",))
        stage.services.pictures["cam/v1"] = b"\xff\xd8jpeg\0"
        stage.services.views["cam"] = b"\xff\xd8now"
        stage.show()
        await until(lambda: stage.of(Alert))
        answer = ("who? 14:03 cam: a dog", ("cam/v1",))
        assert stage.of(Alert)[0].text == repr((answer, b"\xff\xd8jpeg\0", None, [b"\xff\xd8now", None], (True, True)))
        assert stage.services.published == [("dog", b"\xff\0", True)] and stage.services.said == [("a dog", "")]
        host = stage.host
        assert await host.command("reset", {"what": "all"}) == "reset all"
        with pytest.raises(HeedError, match="^'what' is missing$"):
            await host.command("fail", {})
        with pytest.raises(HeedError, match="no command 'rest'; known: reset, fail"):
            await host.command("rest", {})
        assert await host.tool("How many?") == "three" and await host.tool("who?") is None
        assert await host.page(Request("live/x", {"a": "ä"})) == ("text/plain", "live/x ä".encode())
        assert await host.page(Request("dead", {})) is None
        assert [name for name, _ in host.offers.commands] == ["reset", "fail"] and host.offers.tools
        await until(lambda: len(stage.of(Caption)) > 3)
        assert stage.sent == [Interrupt("call")]
        pid = host.pid
    assert stage.of(Caption)[-1].text == "the end"
    assert not stage.health and not alive(pid)


async def test_what_was_fed_before_the_end_is_seen(tmp_path: Path) -> None:
    async with staged(f"{BAD}:good", tmp_path) as stage:
        for number in range(150):
            stage.show(str(number))
    assert len(stage.of(Caption)) == 150


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        ("hangs", "it hangs: no sign of life for 3 s"),
        ("raises", "KeyError: 'gone'"),
        ("floods", "it floods: more than 50 events a second"),
        ("trickles", "it floods: more than 50 events a second"),
        ("eats", "of memory, more than the 96 MiB it may"),
        ("gulps", "MemoryError"),
        ("dies", "its process ended (exit status 3)"),
        ("crashes", "its process ended (signal SIGSEGV)"),
        ("nags", "it floods: more than 2000 messages a second"),
        ("forges", "it breaks the contract: a message of"),
    ],
)
async def test_one_that_misbehaves_is_begun_again_and_then_put_aside(tmp_path: Path, bad: str, reason: str) -> None:
    limits = replace(QUICK, memory_bytes=96 << 20)
    async with staged(f"{BAD}:good", tmp_path, name="good") as good, staged(f"{BAD}:{bad}", tmp_path, limits) as stage:
        pids = set()
        while stage.host.state != "quarantined":
            pids.add(stage.host.pid)
            stage.show()
            good.show()
            await asyncio.sleep(0.05)
        states = [state for state, _ in stage.health]
        assert states == ["degraded", "ok", "degraded", "ok", "failed"]
        assert all(reason in line for state, line in stage.health if state != "ok"), stage.health
        assert stage.health[-1][1].startswith("in quarantine: ") and stage.host.status == stage.health[-1][1]
        with pytest.raises(HeedError, match="does not run: in quarantine"):
            await stage.host.command("x", {})
        stage.show()
        assert not any(map(alive, pids - {0}))
        shown = len(good.of(Caption))
        good.show("still here")
        await until(lambda: len(good.of(Caption)) > shown and good.of(Caption)[-1].text == "still here")
        assert not good.health and good.host.state == "running"


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        ("raises", "KeyError: 'gone'"),
        ("dies", "its process ended (exit status 3)"),
        ("crashes", "its process ended (signal SIGSEGV)"),
    ],
)
async def test_one_that_ends_while_it_is_being_told_much(tmp_path: Path, bad: str, reason: str) -> None:
    """Writing to a process that had just ended ended its supervisor too: for ever "running", and never begun again."""
    async with staged(f"{BAD}:{bad}", tmp_path) as stage:
        while stage.host.state != "quarantined":
            for _ in range(QUICK.window):
                stage.show("a person " * 1600)
            await asyncio.sleep(0.02)
        assert [state for state, _ in stage.health] == ["degraded", "ok", "degraded", "ok", "failed"]
        assert all(reason in line for state, line in stage.health if state != "ok"), stage.health


async def test_a_fault_of_ours_counts_as_a_failure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def run(life: Life) -> None:
        raise RuntimeError("a fault")

    monkeypatch.setattr(Life, "run", run)
    async with staged(f"{BAD}:good", tmp_path) as stage:
        assert stage.host.state == "quarantined" and stage.host.reason == "RuntimeError: a fault"


async def test_one_that_forges_is_found_however_many_files_heed_has_open(tmp_path: Path) -> None:
    """It wrote to files below 64 alone: in a long run its wire had a higher number, and it did no harm, for ever."""
    with ExitStack() as held:
        for _ in range(80):
            held.callback(os.close, os.open(os.devnull, os.O_RDONLY))
        async with staged(f"{BAD}:forges", tmp_path) as stage:
            while stage.host.state != "quarantined":
                stage.show()
                await asyncio.sleep(0.05)


async def test_a_handler_that_never_ends_is_a_hang_though_the_process_answers(tmp_path: Path) -> None:
    async with staged(f"{BAD}:waits", tmp_path, replace(QUICK, handler_s=0.5, failures=1)) as stage:
        stage.show()
        await until(lambda: stage.host.state == "quarantined")
        assert "an event was not handled within 0.5 s" in stage.host.reason


async def test_what_is_wrongly_configured_is_not_begun_again(tmp_path: Path) -> None:
    async with staged(f"{BAD}:misconfigured", tmp_path) as stage:
        assert stage.health == [("failed", "in quarantine: 'plugins.misconfigured.key' is missing")]
    for entry in ("no.such.module:setup", f"{BAD}:nothing", "json"):
        async with staged(entry, tmp_path) as stage:
            assert len(stage.health) == 1 and "cannot load" in stage.health[0][1]
    async with staged("plugins.subtitles:setup", tmp_path, table={"stile": "block"}) as stage:
        assert "unknown key 'plugins.tried.stile': did you mean 'style'?" in stage.host.reason


async def test_rubbish_on_standard_output_stays_there(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    async with staged(f"{BAD}:prints", tmp_path) as stage:
        for number in range(3):
            stage.show(str(number))
        await until(lambda: len(stage.of(Caption)) == 3)
        assert not stage.health
    assert capfd.readouterr() == ("", "")


async def test_one_that_prints_without_end_works_and_so_do_others(tmp_path: Path) -> None:
    async with staged(f"{BAD}:babbles", tmp_path) as stage, staged(f"{BAD}:good", tmp_path, name="good") as good:
        for number in range(20):
            stage.show(str(number))
            good.show(str(number))
        await until(lambda: len(stage.of(Caption)) == 20 and len(good.of(Caption)) == 20)
        assert not stage.health and not good.health


async def test_one_that_is_slow_loses_its_oldest_events_and_says_so(tmp_path: Path) -> None:
    async with staged(f"{BAD}:waits", tmp_path, replace(QUICK, queue=8, window=2)) as stage:
        for number in range(100):
            stage.show(str(number))
        assert "events lost" in stage.host.status


async def test_stuck_commands_and_pages_end_and_are_bounded(tmp_path: Path) -> None:
    async with staged(f"{BAD}:good", tmp_path, replace(QUICK, call_s=0.2, hang_s=60)) as stage:
        os.kill(stage.host.pid, signal.SIGSTOP)
        calls = [stage.host.command("pid", {}) for _ in range(40)]
        reasons = [str(r) for r in await asyncio.gather(*calls, return_exceptions=True)]
        assert sum("has not answered within 0.2 s" in r for r in reasons) == 32
        assert sum("is busy: 32 calls wait" in r for r in reasons) == 8


async def test_it_ends_with_what_it_started_when_heed_is_killed(tmp_path: Path) -> None:
    """Even a plugin that hangs, and even when heed is killed outright."""
    script = tmp_path / "heed.py"
    script.write_text(
        "import asyncio, sys\n"
        "from pathlib import Path\n"
        f"sys.path.insert(0, {str(ROOT)!r})\n"
        "from tests.plugins.process.test_host import *\n"
        "async def main():\n"
        f"    async with staged('{__name__}:spawns', Path({str(tmp_path)!r}), Limits()) as stage:\n"
        "        print(stage.host.pid, await stage.host.command('pid', {}), flush=True)\n"
        "        stage.show()\n"
        "        await asyncio.sleep(600)\n"
        "asyncio.run(main())\n"
    )
    process = await asyncio.create_subprocess_exec(sys.executable, str(script), stdout=asyncio.subprocess.PIPE)
    assert process.stdout is not None
    pids = [int(p) for p in (await process.stdout.readline()).split()]
    assert len(pids) == 2 and all(map(alive, pids))
    process.kill()
    await process.wait()
    await until(lambda: not any(map(alive, pids)))


def spawns(register: Any) -> None:
    """Starts a program of its own, and hangs."""
    program = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])

    def see(event: Perceived) -> None:
        while True:
            pass

    register.command("pid", lambda arguments: str(program.pid), "its program")
    register.on(Perceived, see)


async def test_nothing_is_left_behind(tmp_path: Path) -> None:
    def used() -> int:
        return len(list(Path("/proc/self/fd").iterdir()))

    async with staged(f"{BAD}:good", tmp_path):
        pass
    before = used()
    for entry in ("good", "dies", "good"):
        async with staged(f"{BAD}:{entry}", tmp_path) as stage:
            stage.show()
            await until(lambda stage=stage: stage.out)  # type: ignore[misc]
    await until(lambda: used() <= before)


async def test_the_process_loads_no_models_or_media_libraries(tmp_path: Path) -> None:
    async with staged("tests.plugins.process.light:setup", tmp_path) as stage:
        await until(lambda: stage.host.status != "running")
        memory = resident_bytes(stage.host.pid) or 0
        print(f"a plugin's process: {memory >> 20} MiB")
        assert stage.host.status == "light" and memory < 100 << 20


async def test_the_built_in_plugins_work_there_as_here(tmp_path: Path) -> None:
    """Subtitles in a process give the captions that the same plugin gives in this one."""
    async with staged("plugins.subtitles:setup", tmp_path, table={"file": "a.vtt"}) as stage:
        stage.host.feed(Perceived(2 * NS, Transcript("mic", 0, 2 * NS, "Hello there, general Kenobi.", "Ann")))
    assert "".join(c.text for c in stage.of(Caption)) == "Hello there, general Kenobi."
    assert "<v Ann>Hello there, general Kenobi." in (tmp_path / "tried" / "a.vtt").read_text()
