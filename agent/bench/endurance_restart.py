"""How long heed is away when it was killed: `heed run` as a service, with cameras and an archive, ended by SIGKILL and
started again, and the time from the start of the process to each thing that is there again."""

from __future__ import annotations

import asyncio
import json
import os
import socket
import statistics
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from agent.bench.cameras import CameraServer, Film, film, free_port
from agent.bench.progress import Step
from agent.config import child_environment
from streams.clock import Stopwatch

CAMERAS = 4
EVENTS = 20_000
"""That the archive holds already."""
QUIET, QUIET_S = "room_one_by_one_a.mp4", (0.0, 5.5)
FILM_S = 600.0
WITHIN_S = 120.0
UNDER_LOAD_S = 2.0
"""From the last thing that was there again to the next kill."""
LOOK_S = 0.05
LINES = (("speech:", "libraries"), ("pictures:", "hearing"), ("voice:", "vision"), ("the language model", "answers"))
"""Beginnings of lines of the log, and what is done when they come."""
STAGES = ("libraries", "hearing", "vision", "web", "ready", "cameras", "answers")


@dataclass(slots=True)
class Start:
    """One start: seconds since the process began, and its processor seconds by then."""

    at_s: dict[str, float] = field(default_factory=dict)
    used_s: dict[str, float] = field(default_factory=dict)


class _Life:
    """One process, from its start on."""

    def __init__(self, process: asyncio.subprocess.Process, port: int) -> None:
        self.process, self.start = process, Start()
        self._port, self._watch = port, Stopwatch()

    def there(self, stage: str) -> None:
        """A stage is reached."""
        if stage not in self.start.at_s:
            self.start.at_s[stage] = self._watch.elapsed_s()
            self.start.used_s[stage] = _processor_s(self.process.pid)

    async def read(self) -> None:
        """The lines of its log."""
        assert self.process.stderr is not None
        while line := await self.process.stderr.readline():
            try:
                said = str(json.loads(line).get("message", ""))
            except ValueError:
                continue
            for begins, stage in LINES:
                if said.startswith(begins):
                    self.there(stage)

    async def notified(self, manager: socket.socket) -> None:
        """Whether it says to the service manager that it is ready."""
        while b"READY=1" not in await asyncio.get_running_loop().sock_recv(manager, 4096):
            pass
        self.there("ready")

    async def looked_at(self, names: Sequence[str]) -> None:
        """The web server answers, and then each camera's pictures are looked at."""
        import aiohttp

        base, left = f"http://127.0.0.1:{self._port}", set(names)
        async with aiohttp.ClientSession() as web:
            while left:
                try:
                    if "web" not in self.start.at_s:
                        async with web.get(f"{base}/healthz") as answer:
                            if answer.status == 200:
                                self.there("web")
                    else:
                        async with web.get(f"{base}/metrics") as answer:
                            left -= _seen(await answer.text(), left)
                except (aiohttp.ClientError, OSError):
                    pass
                await asyncio.sleep(LOOK_S)
        self.there("cameras")


async def restarts(media: Path, times: int, step: Step) -> list[Start]:
    """Start, kill and start again so often; the starts after a kill."""
    out = list[Start]()
    names = [f"cam{n}" for n in range(CAMERAS)]
    with tempfile.TemporaryDirectory(prefix="heed-") as name:
        folder = Path(name)
        await asyncio.get_running_loop().run_in_executor(None, _prepare, media, folder)
        async with CameraServer(dict.fromkeys(names, folder / "quiet.mp4")) as server:
            port = free_port()
            _configure(folder, server, names, port)
            with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
                manager.bind(str(folder / "notify"))
                manager.setblocking(False)
                for n in range(times + 1):
                    start = await _one(folder, names, port, manager)
                    if n:
                        out.append(start)
                        step(f"ready after {start.at_s['ready']:.1f} s ({start.used_s['ready']:.1f} s of processor)")
    return out


def _prepare(media: Path, folder: Path) -> None:
    from agent.bench.archive import write
    from agent.bench.archive_life import life

    film(media / "video" / QUIET, folder / "quiet.mp4", Film(FILM_S, part_s=QUIET_S))
    write(folder / "archive", life(1, EVENTS // 14), None)


def _configure(folder: Path, server: CameraServer, names: Sequence[str], port: int) -> None:
    sources = "".join(f'[[sources]]\nname = "{name}"\nurl = "{server.url(name)}"\nsound = false\n' for name in names)
    rules = '[[plugins.alerts.rules]]\nname = "somebody"\nobjects = ["person"]\ndoes = ["enters"]\n'
    (folder / "config.toml").write_text(
        f'[web]\nport = {port}\n[archive]\nenabled = true\nfolder = "{folder}/archive"\n'
        f'[plugins]\nenabled = ["alerts"]\n{rules}{sources}'
    )


async def _one(folder: Path, names: Sequence[str], port: int, manager: socket.socket) -> Start:
    """Start, wait until all is there, kill. Raises `TimeoutError`."""
    environment = child_environment(HEED_DATA=str(folder / "data"), NOTIFY_SOCKET=str(folder / "notify"))
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "agent.cli", "run", "--config", str(folder / "config.toml"), "--log", "json",
        stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.PIPE,
        env=environment,
    )  # fmt: skip
    life = _Life(process, port)
    reading = asyncio.create_task(life.read())
    try:
        async with asyncio.timeout(WITHIN_S), asyncio.TaskGroup() as tasks:
            tasks.create_task(life.notified(manager))
            tasks.create_task(life.looked_at(names))
        async with asyncio.timeout(WITHIN_S):
            while "answers" not in life.start.at_s:  # noqa: ASYNC110 - lines of a log
                await asyncio.sleep(LOOK_S)
        await asyncio.sleep(UNDER_LOAD_S)
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()
        await reading
    return life.start


def _seen(metrics: str, names: set[str]) -> set[str]:
    """Those of which a picture was looked at, by what Prometheus is told."""
    lines = [line for line in metrics.splitlines() if line.startswith("heed_frames_total{")]
    return {name for name in names if any(f'"{name}"' in line and not line.endswith(" 0.0") for line in lines)}


def _processor_s(process: int) -> float:
    """Seconds of processor that a process has used."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def told(starts: Sequence[Start]) -> tuple[list[tuple[str, str]], dict[str, object]]:
    """Rows and figures."""
    middle: Mapping[str, tuple[float, float]] = {
        stage: (
            statistics.median(s.at_s[stage] for s in starts),
            statistics.median(s.used_s[stage] for s in starts),
        )
        for stage in STAGES
    }
    there = [max(s.at_s["ready"], s.at_s["web"], s.at_s["cameras"]) for s in starts]
    rows = [
        (
            f"killed and started again {len(starts)} times, {CAMERAS} cameras: all there but answers, p50 and longest",
            f"{statistics.median(there):.1f} and {max(there):.1f} s (wanted: 10 s)",
        ),
        *(
            (f"  until {stage}, p50", f"{at_s:.1f} s, {used_s:.1f} s of processor")
            for stage, (at_s, used_s) in middle.items()
        ),
    ]
    figures: dict[str, object] = {
        "restarts": len(starts), "restart_p50_s": round(statistics.median(there), 2),
        "restart_max_s": round(max(there), 2),
        "restart_stages": {k: {"at_s": round(a, 2), "used_s": round(u, 2)} for k, (a, u) in middle.items()},
    }  # fmt: skip
    return rows, figures
