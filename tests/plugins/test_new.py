"""`heed plugins new`: what it makes works as it is, in a folder of its own, with nothing installed."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from agent.cli import main
from agent.commands.plugins_new import make
from streams.errors import HeedError
from tests.plugins.process.test_host import ROOT, staged, until


def test_the_package_that_it_makes_passes_its_own_tests(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["plugins", "new", "front-door", "--folder", str(tmp_path)]) == 0
    root = tmp_path / "heed-front-door"
    assert f"cd {root} && pytest" in capsys.readouterr().out
    entry = tomllib.loads((root / "pyproject.toml").read_text())["project"]["entry-points"]["heed.plugins"]
    assert entry == {"front-door": "heed_front_door:setup"}
    ran = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-o", f"pythonpath=. {ROOT}"],
        cwd=root, capture_output=True, text=True, timeout=240,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "2 passed" in ran.stdout
    checked = subprocess.run(
        [sys.executable, "-m", "ruff", "check", "--isolated", "--line-length", "120", "."],
        cwd=root, capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert checked.returncode == 0, checked.stdout + checked.stderr


async def test_it_runs_in_a_process(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(make("dog", tmp_path)))
    async with staged("heed_dog:setup", tmp_path, table={"words": ["DOG"]}, name="dog") as stage:
        stage.show("a dog enters")
        await until(lambda: any(getattr(event, "rule", "") == "dog" for event in stage.out))
        assert "noticed 1 times" in (await stage.host.tool("How many times did you see a dog?") or "")


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("Door", "small letters"),
        ("../x", "small letters"),
        ("a" * 40, "at most 32"),
        ("x-", "small letters"),
        ("subtitles", "there is a plugin subtitles already, from heed"),
    ],
)
def test_names_that_cannot_be_used(tmp_path: Path, name: str, line: str) -> None:
    with pytest.raises(HeedError, match=line):
        make(name, tmp_path)
    assert not list(tmp_path.iterdir())


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    make("dog", tmp_path)
    with pytest.raises(HeedError, match="exists already"):
        make("dog", tmp_path)
