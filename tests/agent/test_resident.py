"""The process that keeps the model between two questions."""

from __future__ import annotations

import json
import socket
import subprocess
import threading
from collections.abc import Iterator
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import pytest

import agent.asking
from agent.config import AskConfig, Config
from agent.request import Request
from agent.resident import ask_resident, serve, socket_path
from streams.errors import MediaError
from tests.fakes import FakeMind


@pytest.fixture
def loads(monkeypatch: pytest.MonkeyPatch) -> list[FakeMind]:
    """Each model that was loaded."""
    made: list[FakeMind] = []

    def load(*args: object, **kwargs: object) -> FakeMind:
        made.append(FakeMind())
        return made[-1]

    monkeypatch.setattr(agent.asking, "load_mind", load)
    monkeypatch.setattr(agent.asking, "limit_threads", lambda config: 1)
    return made


@pytest.fixture
def state(tmp_path: Path) -> Path:
    path = tmp_path / "s.jsonl"
    path.write_text(json.dumps({"t0": 1, "id": "p1", "text": "a person appears", "source": "door"}) + "\n")
    return path


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Path]:
    """A serving thread; ends when it is asked no more."""
    path = tmp_path / "ask.sock"
    listening = socket.socket(socket.AF_UNIX)
    listening.bind(str(path))
    listening.listen(2)
    config = replace(Config(), ask=AskConfig(keep_s=0.3))
    with listening:
        thread = threading.Thread(target=serve, args=(listening, path, config))
        thread.start()
        yield path
        thread.join(60)
        assert not thread.is_alive() and not path.exists(), "it ends by itself and takes its socket away"


def replies(path: Path, *questions: str, state: Path, now: str = "") -> list[str]:
    messages = ask_resident(path, None, Request(questions, str(state), now))
    return [m["reply"]["text"] for m in messages if "reply" in m]


def test_model_and_file_are_read_once(loads: list[FakeMind], state: Path, served: Path) -> None:
    assert replies(served, "A person?", "Who is a person?", state=state) == replies(
        served, "A person?", "A person?", state=state
    )
    (mind,) = loads
    assert len(mind.asked) == 4 and len(mind.lines) == 1


def test_a_file_that_was_written_to_is_read_again(loads: list[FakeMind], state: Path, served: Path) -> None:
    assert "person" in replies(served, "person?", state=state)[0]
    with state.open("a") as file:
        file.write(json.dumps({"t0": 2, "id": "p2", "text": "a horse appears", "source": "door"}) + "\n")
    assert "horse" in replies(served, "horse?", state=state)[0]
    assert len(loads) == 1


def test_faults_are_one_line_and_it_goes_on(loads: list[FakeMind], state: Path, served: Path, tmp_path: Path) -> None:
    with pytest.raises(MediaError, match="gone.jsonl"):
        replies(served, "Who?", state=tmp_path / "gone.jsonl")
    for raw in (b"\xff\xff\n", b"[]\n", b'{"questions": 3}\n', b'{"never": "ends"', b""):
        with socket.socket(socket.AF_UNIX) as link:
            link.connect(str(served))
            link.sendall(raw)
            link.shutdown(socket.SHUT_WR)
            answer = link.makefile("rb").read()
        assert not answer or "error" in json.loads(answer)
    assert replies(served, "person?", state=state)


def test_who_leaves_in_the_middle_harms_nobody(loads: list[FakeMind], state: Path, served: Path) -> None:
    messages = ask_resident(served, None, Request(("person?",) * 50, str(state)))
    next(messages)
    messages.close()
    assert replies(served, "person?", state=state)


def test_who_leaves_before_the_first_word_harms_nobody(state: Path, tmp_path: Path) -> None:
    """What could not be written was in the stream's buffer: closing it failed again, and ended the process."""
    path = tmp_path / "ask.sock"
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(path))
        listening.listen(2)
        with socket.socket(socket.AF_UNIX) as gone:
            gone.connect(str(path))
            gone.sendall(json.dumps(asdict(Request(("person?",), str(state)))).encode() + b"\n")
        serve(listening, path, replace(Config(), ask=AskConfig(keep_s=0.1)))
    assert not path.exists()


def test_another_configuration_has_another_socket(tmp_path: Path) -> None:
    folder = tmp_path / "run"
    config = Config()
    other = replace(config, ask=AskConfig(keep_s=5))
    assert socket_path(config, folder) == socket_path(config, folder) != socket_path(other, folder)
    assert folder.stat().st_mode & 0o777 == 0o700


def test_a_folder_that_others_can_enter_is_not_used(tmp_path: Path) -> None:
    folder = tmp_path / "open"
    folder.mkdir()
    folder.chmod(0o755)
    with pytest.raises(MediaError, match="not a folder of yours alone"):
        socket_path(Config(), folder)


def test_it_is_started_and_a_dead_one_is_replaced(state: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A real process; without models it says what to do, and that is an answer, too."""
    monkeypatch.setenv("HEED_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("HEED_ASK_KEEP_S", "60")
    started: list[subprocess.Popen[bytes]] = []
    popen = subprocess.Popen

    def start(*args: Any, **kwargs: Any) -> subprocess.Popen[bytes]:
        started.append(popen(*args, **kwargs))
        return started[-1]

    monkeypatch.setattr(subprocess, "Popen", start)
    path = tmp_path / "ask.sock"
    for number in (1, 2):
        for _ in range(2):
            with pytest.raises(MediaError, match="heed models pull"):
                replies(path, "Who?", state=state)
        assert len(started) == number
        started[-1].kill()
        started[-1].wait(60)
