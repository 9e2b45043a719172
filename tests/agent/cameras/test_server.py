"""The RTSP server of the measurements says why it does not start."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from agent.bench import cameras
from agent.bench.cameras import MISSING, CameraServer
from streams.errors import HeedError
from tests.agent.cameras.test_station import is_installed


@pytest.mark.skipif(not is_installed(), reason=MISSING)
async def test_a_port_that_is_taken_is_told() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        server = CameraServer({}, taken.getsockname()[1])
        with pytest.raises(HeedError, match=f"does not start: port {server.port} cannot be listened on") as caught:
            await server.plug()
    assert "apt install" not in str(caught.value) and server.pid == 0


@pytest.mark.skipif(not is_installed(), reason=MISSING)
async def test_a_name_that_cannot_be_served_is_told(tmp_path: Path) -> None:
    with pytest.raises(HeedError, match="quotes or backslashes in its name"):
        await CameraServer({"a": tmp_path / 'a".mp4'}).plug()


async def test_what_is_not_installed_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    broken = tmp_path / "server.py"
    broken.write_text("import sys\nsys.modules['gi'] = None\nraise ModuleNotFoundError(\"No module named 'gi'\")\n")
    monkeypatch.setattr(cameras, "SERVER", broken)
    monkeypatch.setattr(cameras, "PYTHON", cameras.shutil.which("python3") or "")
    with pytest.raises(HeedError, match="apt install .*No module named 'gi'"):
        await CameraServer({}).plug()
    broken.write_text("")
    with pytest.raises(HeedError, match="does not start: it ended without a word"):
        await CameraServer({}).plug()
