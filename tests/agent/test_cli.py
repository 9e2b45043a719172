"""The command line as a user meets it: help that teaches, one clear line for each fault, honest exit codes."""

from __future__ import annotations

import json
import logging
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from agent.cli import COMMANDS, main
from agent.models.store import ModelStore
from tests.streams.sources.clips import claim_size, jpeg

ROOT = Path(__file__).resolve().parent.parent.parent


def heed(*arguments: str, cwd: Path | None = None, **environ: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "agent.cli", *arguments],
        capture_output=True, text=True, cwd=cwd or ROOT, timeout=240, env={**os.environ, **environ},
    )  # fmt: skip


def fails(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    """Runs a command that must fail with one line; returns it."""
    assert main(list(arguments)) == 1
    lines = [line for line in capsys.readouterr().err.splitlines() if line.startswith("heed: ")]
    assert len(lines) == 1, lines
    return lines[0]


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        main([command, "--help"])
    assert left.value.code == 0
    text = capsys.readouterr().out
    assert "usage: heed" in text and len(text) > 150


def test_help_is_quick_and_lists_every_command() -> None:
    done = heed("--help")
    assert done.returncode == 0
    assert all(f"    {name}" in done.stdout for name in COMMANDS)


def test_without_a_command_help_is_shown() -> None:
    done = heed()
    assert (done.returncode, "usage: heed" in done.stdout) == (2, True)


def test_help_loads_no_models() -> None:
    code = "import sys, agent.cli; agent.cli._parser(['--help']); print('torch' in sys.modules, 'cv2' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, timeout=60)
    assert done.stdout.split() == ["False", "False"]


def test_a_missing_file(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert "none.mp4" in fails(capsys, "replay", str(tmp_path / "none.mp4"))


def test_a_corrupt_file(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = tmp_path / "broken.mp4"
    path.write_bytes(b"\x00\x01" * 5000)
    assert "broken.mp4" in fails(capsys, "replay", str(path))


def test_an_empty_file(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = tmp_path / "empty.wav"
    path.write_bytes(b"")
    assert "empty" in fails(capsys, "replay", str(path))


def test_a_picture_too_large_to_decode(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = tmp_path / "huge.jpg"
    path.write_bytes(claim_size(jpeg(), 20_000, 20_000))
    assert "20000x20000" in fails(capsys, "replay", str(path)).replace(" ", "")


def test_a_port_in_use(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, store: ModelStore) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        monkeypatch.setenv("HEED_WEB_PORT", str(taken.getsockname()[1]))
        assert "is in use" in fails(capsys, "run")


def test_off_loopback_a_token_is_demanded(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, store: ModelStore
) -> None:
    monkeypatch.setenv("HEED_WEB_HOST", "0.0.0.0")
    assert "token" in fails(capsys, "run")


def test_a_wrong_question(capsys: pytest.CaptureFixture[str]) -> None:
    assert "--ask needs a time and a question" in fails(capsys, "replay", "x.mp4", "--ask", "Who is there?")


def test_a_wrong_start(capsys: pytest.CaptureFixture[str]) -> None:
    assert "--start is not an ISO 8601 time" in fails(capsys, "replay", "x.mp4", "--start", "noon")


def test_a_wrong_configuration(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = tmp_path / "c.toml"
    path.write_text("[web]\nprot = 1\n")
    assert "did you mean 'port'?" in fails(capsys, "check-config", str(path))
    assert "did you mean 'port'?" in fails(capsys, "run", "--config", str(path))


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ('[web]\nhost = "0.0.0.0"', "'web': listening on 0.0.0.0"),
        ('[web]\ntoken = "short"', "at least 8 characters"),
        ('[models]\nspeech = "foo"', "'models.speech'"),
        ('[models]\nlanguage = "foo"', "'models.language'"),
        ('[dialog]\nvoice = "klingon"', "'dialog.voice'"),
        ('[mqtt]\nurl = "foo"', "'mqtt.url'"),
        ('[[sources]]\nname = "film"\nurl = "nofile.mp4"', "'sources[0].url'"),
    ],
)
def test_check_config_refuses_what_a_start_would_refuse(
    text: str, key: str, capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HEED_DATA", str(tmp_path))
    path = tmp_path / "c.toml"
    path.write_text(text)
    assert key in fails(capsys, "check-config", str(path))


def test_a_file_that_may_not_be_read(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(self: Path) -> bool:
        raise PermissionError(13, "Permission denied", str(self))

    monkeypatch.setattr(Path, "is_file", refuse)
    assert "config.toml cannot be read: Permission denied" in fails(capsys, "check-config")


def test_check_config_hides_secrets(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = tmp_path / "c.toml"
    path.write_text(
        '[web]\ntoken = "hunter2hunter2"\n[[sources]]\nname = "door"\nurl = "rtsp://root:hunter2@10.0.0.1/x"\n'
    )
    assert main(["check-config", str(path)]) == 0
    shown = capsys.readouterr().out
    assert "hunter2" not in shown
    assert "web.token" in shown and "door" in shown


def test_ask_needs_a_state_and_one_question(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    empty = tmp_path / "empty.jsonl"
    empty.write_text("")
    assert "holds no percepts" in fails(capsys, "ask", "Who?", "--state", str(empty))
    assert "give one question" in fails(capsys, "ask", "--state", str(empty))


def test_a_model_that_is_not_there_is_said_with_its_remedy(tmp_path: Path) -> None:
    state = tmp_path / "s.jsonl"
    state.write_text(json.dumps({"t0": 1, "text": "a person appears"}) + "\n")
    done = heed("ask", "Who?", "--state", str(state), HEED_CACHE=str(tmp_path / "cache"))
    assert done.returncode == 1
    assert "heed models pull" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_hub_that_cannot_be_reached_is_one_line(
    capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Unreachable(Exception):
        """As the hub's HTTP client raises when its retries are over: no OSError."""

    def refused(*_: object) -> None:
        logging.getLogger("huggingface_hub").setLevel(logging.WARNING)  # as its import does
        logging.getLogger("huggingface_hub.utils._http").warning("Retrying in 1s [Retry 1/5].")
        logging.getLogger("httpx2").warning("connect_tcp.failed")
        raise Unreachable("[Errno 111] Connection refused")

    monkeypatch.setattr("huggingface_hub.HfApi.list_repo_files", refused)
    line = fails(capsys, "models", "pull", "hf:owner/name")
    assert line.startswith("heed: cannot fetch hf:owner/name from the hub: [Errno 111] Connection refused (check")
    assert caplog.messages == []


def test_the_program_is_installed_under_its_name() -> None:
    program = Path(sys.executable).with_name("heed")
    done = subprocess.run([str(program), "--version"], capture_output=True, text=True, timeout=60)
    assert done.stdout.startswith("heed ")
