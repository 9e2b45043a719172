"""The systemd unit and the container file: sound, hardened, and in step with the program."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest

from agent.cli import COMMANDS, main

ROOT = Path(__file__).resolve().parents[2]
UNIT, IMAGE = ROOT / "deploy" / "heed.service", ROOT / "deploy" / "Containerfile"


def section(name: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    inside = False
    for line in UNIT.read_text().splitlines():
        if line.startswith("["):
            inside = line == f"[{name}]"
        elif inside and "=" in line and not line.startswith("#"):
            key, _, value = line.partition("=")
            found.setdefault(key, []).append(value)
    return found


def test_the_unit_is_hardened() -> None:
    service = section("Service")
    on = ("NoNewPrivileges", "DynamicUser", "ProtectHome", "PrivateTmp", "RestrictSUIDSGID", "ProtectKernelModules")
    assert all(service[key] == ["yes"] for key in on)
    assert service["ProtectSystem"] == ["strict"] and service["CapabilityBoundingSet"] == [""]
    assert service["StateDirectory"] == ["heed"] and service["Type"] == ["notify"] and "WatchdogSec" in service
    assert "Restart" in service and "MemoryMax" in service


def test_what_the_unit_starts_is_a_command_of_heed(capsys: pytest.CaptureFixture[str]) -> None:
    (line,) = section("Service")["ExecStart"]
    program, command, *options = shlex.split(line)
    assert Path(program).name == "heed" and command in COMMANDS
    with pytest.raises(SystemExit):
        main([command, "--help"])
    known = capsys.readouterr().out
    assert all(option in known for option in options if option.startswith("--"))
    variables = " ".join(section("Service")["Environment"])
    assert "HEED_DATA=/var/lib/heed" in variables and "HEED_CACHE=" in variables
    assert not re.search(r"(?i)(token|password)=", UNIT.read_text().replace("HEED_WEB_TOKEN=...", ""))


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="no systemd-analyze on this machine")
def test_systemd_finds_nothing_wrong(tmp_path: Path) -> None:
    unit = tmp_path / "heed.service"  # its program is not installed here
    unit.write_text(UNIT.read_text().replace("/opt/heed/.venv/bin/heed", shutil.which("true") or "/bin/true"))
    done = subprocess.run(["systemd-analyze", "verify", "--man=no", str(unit)], capture_output=True, text=True)
    ours = [line for line in done.stderr.splitlines() if "heed.service" in line]
    assert done.returncode == 0 and not ours, done.stderr
    looked = subprocess.run(
        ["systemd-analyze", "security", "--offline=true", "--threshold=30", str(unit)], capture_output=True, text=True
    )
    assert looked.returncode == 0, looked.stdout[-600:] + looked.stderr


def test_the_image_has_all_that_heed_is_made_of_and_runs_as_nobody() -> None:
    lines = [line for line in IMAGE.read_text().replace("\\\n", " ").splitlines() if line and not line.startswith("#")]
    known = {"FROM", "WORKDIR", "COPY", "RUN", "ENV", "USER", "VOLUME", "EXPOSE", "HEALTHCHECK", "STOPSIGNAL"}
    assert {line.split()[0] for line in lines} <= known | {"ENTRYPOINT", "CMD"}
    copied = {word for line in lines if line.startswith("COPY") and "--from" not in line for word in line.split()[1:-1]}
    assert {"agent", "streams", "dialog", "plugins", "tools", "pyproject.toml"} <= copied
    assert all((ROOT / name).exists() for name in copied)
    last = lines[max(n for n, line in enumerate(lines) if line.startswith("FROM")) :]
    (user,) = [line.split()[1] for line in last if line.startswith("USER")]
    assert user.isdigit() and int(user) > 0
    debian = (ROOT / "tools" / "debian.sh").read_text()
    needed = re.findall(r"library \S+ \|\| echo (\S+)", debian)
    assert needed and all(package in IMAGE.read_text() for package in needed)
