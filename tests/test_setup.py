"""The way from a clean clone to a running heed: Makefile, setup scripts, continuous integration.

The scripts run for real, with stand-ins for the programs that would change the machine.
"""

from __future__ import annotations

import os
import re
import subprocess
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
TARGETS = set(re.findall(r"^([a-z-]+):", MAKEFILE, re.MULTILINE))
PINS = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["dependencies"]


def sh(*command: str, path: Path | None = None, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run a command in the repository; programs in the folder `path` come before the machine's own."""
    environment = {k: v for k, v in os.environ.items() if k not in ("TORCH_INDEX", "VENV", "PYTHON", "MAKEFLAGS")}
    if path is not None:
        environment["PATH"] = f"{path}:/usr/bin:/bin"
    return subprocess.run(
        command, cwd=ROOT, env=environment | variables, capture_output=True, text=True, timeout=60, check=False
    )


def program(folder: Path, name: str, script: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / name
    file.write_text(f"#!/bin/bash\n{script}\n")
    file.chmod(0o755)


def test_the_targets_are_there_and_listed() -> None:
    assert {"help", "demo", "test", "lint", "install", "clean"} <= TARGETS
    listed = sh("make", "help").stdout
    for target in TARGETS:
        assert re.search(rf"^  {target} +\w", listed, re.MULTILINE), f"make help does not explain {target}"


def test_every_make_command_of_the_readme_is_a_target() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    named = set(re.findall(r"^\s*(?:\$ )?make ([a-z-]+)", readme, re.MULTILINE)) | set(
        re.findall(r"`make ([a-z-]+)", readme)
    )
    assert named <= TARGETS, f"README names targets that the Makefile lacks: {named - TARGETS}"


def test_demo_installs_then_runs_the_demo() -> None:
    plan = sh("make", "-n", "demo", "VENV=no-such-folder").stdout
    steps = ["tools/debian.sh run", "tools/install.sh .", "-m agent.models pull", "heed demo --out demo-out"]
    places = [plan.index(step) for step in steps]
    assert places == sorted(places)


def test_test_installs_then_checks_style_types_and_tests() -> None:
    plan = sh("make", "-n", "test", "VENV=no-such-folder").stdout
    steps = ["tools/install.sh '.[dev]'", "tools/debian.sh test", "-m agent.models pull"]
    steps += ["ruff check", "ruff format --check", "bin/mypy", "-m pytest"]
    places = [plan.index(step) for step in steps]
    assert places == sorted(places)


def test_ci_runs_the_demo_then_the_tests_and_stops_at_the_first_failure() -> None:
    file = ROOT / ".ci" / "run"
    assert os.access(file, os.X_OK)
    lines = [line for line in file.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]
    assert lines[0] == "set -euo pipefail"
    assert lines.index("make demo") < lines.index("make test")


@pytest.mark.parametrize("script", ["tools/debian.sh", "tools/install.sh", ".ci/run"])
def test_scripts_are_executable_and_parse(script: str) -> None:
    assert os.access(ROOT / script, os.X_OK)
    assert sh("bash", "-n", script).returncode == 0


MANY_LINES = "seq 100000 || exit 1"
"""More than a pipe holds: a reader that stops early (`grep -q` under pipefail) makes the writer fail."""


def machine(folder: Path, *, user: int = 0, sudo: bool = False, libraries: str = "", apt: str = "exit 0") -> Path:
    """Stand-ins for what `tools/debian.sh` asks and calls; apt-get writes its arguments to `calls`."""
    program(folder, "ldconfig", f"echo '{libraries}'; {MANY_LINES}")
    program(folder, "id", f"echo {user}")
    program(folder, "sudo", 'shift; exec "$@"' if sudo else "exit 1")
    program(folder, "apt-get", f'echo "$@" >> {folder}/calls; {apt}')
    return folder


def calls(folder: Path) -> list[str]:
    file = folder / "calls"
    return file.read_text().splitlines() if file.exists() else []


ALL_LIBRARIES = "libGL.so.1 libgthread-2.0.so.0 libportaudio.so.2"


def test_nothing_is_installed_where_nothing_is_missing(tmp_path: Path) -> None:
    result = sh("tools/debian.sh", "run", path=machine(tmp_path, libraries=ALL_LIBRARIES))
    assert (result.returncode, result.stdout, result.stderr, calls(tmp_path)) == (0, "", "", [])


def test_missing_libraries_are_installed_and_no_others(tmp_path: Path) -> None:
    result = sh("tools/debian.sh", "run", path=machine(tmp_path, libraries="libGL.so.1"))
    assert result.returncode == 0
    (call,) = calls(tmp_path)
    assert call.endswith("install -y --no-install-recommends libglib2.0-0 libportaudio2")


def test_old_package_lists_are_fetched_and_the_installation_repeated(tmp_path: Path) -> None:
    apt = f'[[ "$*" == *update* ]] && touch {tmp_path}/updated; [ -e {tmp_path}/updated ]'
    assert sh("tools/debian.sh", "run", path=machine(tmp_path, apt=apt)).returncode == 0
    assert ["update" in call for call in calls(tmp_path)] == [False, True, False]


def test_a_user_who_may_not_install_is_told_the_command_in_one_line(tmp_path: Path) -> None:
    result = sh("tools/debian.sh", "run", path=machine(tmp_path, user=1000))
    assert result.returncode == 1
    assert calls(tmp_path) == []
    (line,) = result.stderr.splitlines()
    assert "sudo apt-get install libgl1 libglib2.0-0 libportaudio2" in line


def test_sudo_is_used_where_it_asks_for_no_password(tmp_path: Path) -> None:
    assert sh("tools/debian.sh", "run", path=machine(tmp_path, user=1000, sudo=True)).returncode == 0
    assert len(calls(tmp_path)) == 1


def test_missing_test_programs_do_not_stop_the_tests(tmp_path: Path) -> None:
    script = (ROOT / "tools" / "debian.sh").read_text().replace("program tmux", "program no-such-program")
    program(tmp_path, "copy.sh", "\n".join(script.splitlines()[1:]))
    folder = machine(tmp_path, user=1000, libraries=ALL_LIBRARIES)
    result = sh(str(tmp_path / "copy.sh"), "test", path=folder)
    assert result.returncode == 0
    assert "tmux" in result.stderr and len(result.stderr.splitlines()) == 1


def fake_venv(folder: Path, pip_config: str = "", torch: bool = False, cpu_index_answers: bool = True) -> Path:
    """A virtual environment whose python only writes down what it is asked."""
    program(
        folder / "bin",
        "python",
        f'''echo "$@" >> {folder}/calls
case "$*" in
    *"pip config list"*) echo "{pip_config}"; {MANY_LINES} ;;
    *'m.version("torch")'*) exit {0 if torch else 1} ;;
    *--index-url*) exit {0 if cpu_index_answers else 1} ;;
    *"pip install"*) echo "Requirement already satisfied: numpy"; echo "Successfully installed heed" ;;
esac''',
    )
    return folder


def installs(folder: Path) -> list[str]:
    return [call.split("install ", 1)[1] for call in calls(folder) if "pip install" in call]


HAS_CARD = any(Path("/dev", name).exists() for name in ("nvidia0", "nvidiactl", "dxg"))
PIN = next(pin for pin in PINS if pin.startswith("torch=="))


@pytest.mark.skipif(HAS_CARD, reason="this machine has an NVIDIA card, so torch comes from the usual index")
@pytest.mark.parametrize("answers", [True, False])
def test_without_a_card_or_an_own_index_torch_is_built_for_the_processor(tmp_path: Path, answers: bool) -> None:
    venv = fake_venv(tmp_path / "venv", cpu_index_answers=answers)
    result = sh("tools/install.sh", ".", path=tmp_path, VENV=str(venv))
    assert result.returncode == 0, result.stderr
    first, last = installs(venv)
    assert f"--no-deps --index-url https://download.pytorch.org/whl/cpu {PIN}" in first
    assert last.endswith("-e .")
    assert "taking torch" in result.stderr
    assert ("did not answer" in result.stderr) is not answers


@pytest.mark.parametrize(
    "config",
    ["global.index-url='https://mirror.lan/simple'", "global.find-links='/opt/wheels'", ":env:.extra-index-url='x'"],
)
def test_the_users_own_index_is_left_alone(tmp_path: Path, config: str) -> None:
    venv = fake_venv(tmp_path / "venv", pip_config=config)
    assert sh("tools/install.sh", ".[dev]", path=tmp_path, VENV=str(venv)).returncode == 0
    assert [call.rsplit(" ", 2)[1:] for call in installs(venv)] == [["-e", ".[dev]"]]


def test_torch_index_names_another_index_or_none(tmp_path: Path) -> None:
    named = fake_venv(tmp_path / "named")
    sh("tools/install.sh", ".", path=tmp_path, VENV=str(named), TORCH_INDEX="https://mirror.lan/cpu")
    assert "--index-url https://mirror.lan/cpu" in installs(named)[0]
    none = fake_venv(tmp_path / "none")
    sh("tools/install.sh", ".", path=tmp_path, VENV=str(none), TORCH_INDEX="")
    assert len(installs(none)) == 1


def test_an_installed_torch_stays(tmp_path: Path) -> None:
    venv = fake_venv(tmp_path / "venv", torch=True)
    sh("tools/install.sh", ".", path=tmp_path, VENV=str(venv))
    assert len(installs(venv)) == 1


def test_without_a_new_enough_python_one_line_says_what_to_do(tmp_path: Path) -> None:
    program(tmp_path, "python3.9", "exit 1")
    result = sh("tools/install.sh", ".", VENV=str(tmp_path / "venv"), PYTHON=str(tmp_path / "python3.9"))
    assert result.returncode == 1
    assert "no Python 3.11 or newer found" in result.stderr.splitlines()[0]
    assert not (tmp_path / "venv").exists()


def test_a_failing_pip_fails_the_setup(tmp_path: Path) -> None:
    venv = fake_venv(tmp_path / "venv", pip_config="index-url=x")
    file = venv / "bin" / "python"
    file.write_text(file.read_text().replace('*"pip install"*)', '*"pip install"*) exit 1;'))
    result = sh("tools/install.sh", ".", path=tmp_path, VENV=str(venv))
    assert result.returncode == 1
    assert "pip could not install heed" in result.stderr
