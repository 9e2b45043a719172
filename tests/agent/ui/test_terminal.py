"""The assistant as a person has it: `heed tui` in a real terminal (tmux), with real models, over a real recording."""

from __future__ import annotations

import asyncio
import shutil
import socket
import subprocess
import sys
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from agent.models.store import ModelStore

pytestmark = [
    pytest.mark.models,
    pytest.mark.timeout(900),
    pytest.mark.skipif(shutil.which("tmux") is None, reason="tmux is not installed"),
]
HEED = f"{sys.executable} -m agent.cli"
LIMIT_S = 400


class Tmux:
    """A tmux server of its own."""

    def __init__(self) -> None:
        self._socket = f"heed-{uuid.uuid4().hex[:8]}"

    def do(self, *arguments: str, given: bytes | None = None) -> str:
        command = ["tmux", "-L", self._socket, "-f", "/dev/null", *arguments]
        return subprocess.run(command, input=given, capture_output=True, check=True, timeout=60).stdout.decode()

    def start(self, name: str, command: str, width: int = 100, height: int = 30) -> None:
        """Run a command; its exit code is shown when it ends."""
        size = ("-x", str(width), "-y", str(height))
        self.do("new-session", "-d", "-s", name, *size, f"{command}; echo ended with $?; sleep 1000")

    def type(self, name: str, *keys: str) -> None:
        self.do("send-keys", "-t", name, *keys)

    def screen(self, name: str) -> str:
        return self.do("capture-pane", "-p", "-t", name)

    async def until(self, name: str, is_so: Callable[[str], bool]) -> str:
        """Look again and again, until something is so."""
        for _ in range(LIMIT_S * 4):
            screen = await asyncio.to_thread(self.screen, name)
            if is_so(screen):
                return screen
            await asyncio.sleep(0.25)
        raise AssertionError(self.screen(name))


@pytest.fixture
def tmux() -> Iterator[Tmux]:
    server = Tmux()
    yield server
    subprocess.run(["tmux", "-L", server._socket, "kill-server"], capture_output=True)


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory, store: ModelStore) -> Path:
    """A woman says where the keys are, and somebody enters. Made in a fresh process: what espeak's voice sounds like
    depends on what it spoke before, and now and then the recogniser heard "The key of the times"."""
    folder = tmp_path_factory.mktemp("clip")
    make = (
        "import sys; from pathlib import Path; from agent.demo.clip import make_clip; "
        "from agent.demo.run import espeak; print(make_clip(Path(sys.argv[1]), espeak).scene)"
    )
    made = subprocess.run([sys.executable, "-c", make, str(folder)], capture_output=True, text=True, check=True)
    return Path(made.stdout.strip())


def flat(screen: str) -> str:
    """The conversation's words in one line, whatever their wrapping."""
    return " ".join(line.split("│")[0].strip() for line in screen.splitlines())


async def test_a_recording_is_watched_and_asked_about(tmux: Tmux, clip: Path, tmp_path: Path) -> None:
    tmux.start("one", f"{HEED} tui --file {clip}")
    await tmux.until("one", lambda screen: "Ask, or / for commands" in screen)
    tmux.type("one", "What is there?", "Enter")  # before the models are loaded
    await tmux.until("one", lambda screen: "What is there?" in flat(screen).split(" > ")[0])
    # Among what was said, not a caption that may still change: a question then finds it in the memory.
    await tmux.until("one", lambda screen: "scene The keys are behind" in screen)
    tmux.type("one", "Where are the keys?", "Enter")
    await tmux.until("one", lambda screen: "behind the door" in flat(screen) and "[1]" in screen)
    tmux.type("one", "Tab", "Enter")
    await tmux.until("one", lambda screen: "▸ [1]" in screen)
    await tmux.until("one", lambda screen: "seen now" in screen and "▀▀▀▀" in screen)
    for width, height in ((20, 5), (200, 50), (3, 2), (80, 24), (100, 30)) * 4:
        tmux.do("resize-window", "-t", "one", "-x", str(width), "-y", str(height))
    await tmux.until("one", lambda screen: "▸ [1]" in screen)
    pasted = tmp_path / "pasted"
    pasted.write_bytes(b"\x1b[2J \x07 \xe2\x80\xae" + b"word " * 200_000)
    tmux.do("load-buffer", str(pasted))
    tmux.type("one", "Tab")
    tmux.do("paste-buffer", "-p", "-t", "one")
    await tmux.until("one", lambda screen: "word word" in screen)
    tmux.type("one", "C-u", "/quit", "Enter")
    assert "ended with 0" in await tmux.until("one", lambda screen: "ended with" in screen)


async def test_two_terminals_at_one_running_agent(tmux: Tmux, clip: Path, tmp_path: Path) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    config = tmp_path / "config.toml"
    config.write_text(f'[web]\nport = {port}\ntoken = "open-sesame"\n[[sources]]\nname = "hall"\nurl = "{clip}"\n')
    attach = f"{HEED} tui --attach http://127.0.0.1:{port} --token"
    tmux.start("one", f"{attach} open-sesame", 200, 50)  # before there is an agent: it comes when there is one
    await tmux.until("one", lambda screen: "● lost" in screen)
    tmux.start("agent", f"{HEED} run --config {config}")
    tmux.start("two", f"{attach} open-sesame", 200, 50)
    tmux.start("wrong", f"{attach} open-sesam")
    for name in ("one", "two"):
        await tmux.until(name, lambda screen: "hall The keys are behind" in screen)
        await tmux.until(name, lambda screen: "▀▀▀▀" in screen)
    tmux.type("one", "Where are the keys?", "Enter")
    for name in ("one", "two"):
        await tmux.until(name, lambda screen: "behind the door" in flat(screen) and "[1]" in screen)
    await tmux.until("wrong", lambda screen: "it needs the right token" in flat(screen))
    tmux.type("agent", "C-c")
    for name in ("one", "two"):
        await tmux.until(name, lambda screen: "● lost" in screen)
        tmux.type(name, "C-q")
        assert "ended with 0" in await tmux.until(name, lambda screen: "ended with" in screen)


async def test_plain_lines_through_pipes(clip: Path) -> None:
    process = await asyncio.create_subprocess_exec(
        *(*HEED.split(), "tui", "--plain", "--file", str(clip), "--mic"),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdin is not None and process.stdout is not None
    said = ""
    async with asyncio.timeout(LIMIT_S):
        while "keys are behind" not in said:
            said += (await process.stdout.readline()).decode()
        process.stdin.write(b"Where are the keys?\n/search keys\n/evidence\n/theme dark\n")
        process.stdin.close()
        said += (await process.stdout.read()).decode()
        assert await process.wait() == 0, said
    assert "behind the door" in said.partition("Where are the keys?")[2], said
    assert "no microphone was found" in said and "only the full screen can do that" in said
    assert "\x1b" not in said
