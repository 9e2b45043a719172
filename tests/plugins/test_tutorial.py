"""The tutorial `docs/plugins/write-your-own.md` works as it stands: every block is run, only nothing is installed."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from agent.cli import main
from agent.config import load_config
from agent.plugins import check, installed
from plugins.process.limits import Limits
from tests.plugins.process.test_host import ROOT, staged, until

DOCS = ROOT / "docs" / "plugins"


def blocks(name: str) -> list[tuple[str, str]]:
    """`(language, text)` of the fenced blocks of a page."""
    return re.findall(r"^```(\w+)\n(.*?)^```$", (DOCS / name).read_text(), re.MULTILINE | re.DOTALL)


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The tutorial's package, made and written as the page says."""
    monkeypatch.chdir(tmp_path)
    first, *_ = [text for language, text in blocks("write-your-own.md") if language == "sh"]
    made, entered = first.splitlines()
    assert main(made.split()[1:]) == 0
    root = tmp_path / entered.removeprefix("cd ")
    plugin, test = [text for language, text in blocks("write-your-own.md") if language == "python"]
    page = (DOCS / "write-your-own.md").read_text()
    for path, text in (("heed_doorbell/__init__.py", plugin), ("tests/test_heed_doorbell.py", test)):
        assert f"Put this into `{path}`" in page and (root / path).exists()
        (root / path).write_text(text)
    return root


def as_if_installed(package: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What `pip install -e` does: a folder on the path, and a note of the entry points beside it."""
    project = tomllib.loads((package / "pyproject.toml").read_text())["project"]
    info = package / f"{project['name'].replace('-', '_')}-{project['version']}.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {project['name']}\nVersion: {project['version']}\n")
    points = project["entry-points"]["heed.plugins"]
    (info / "entry_points.txt").write_text("[heed.plugins]\n" + "".join(f"{k} = {v}\n" for k, v in points.items()))
    monkeypatch.syspath_prepend(str(package))


def test_its_tests_pass(package: Path) -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-o", f"pythonpath=. {ROOT}"],
        cwd=package, capture_output=True, text=True, timeout=240,
    )  # fmt: skip
    assert ran.returncode == 0 and "2 passed" in ran.stdout, ran.stdout + ran.stderr


def test_it_is_found_listed_and_configured(
    package: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    as_if_installed(package, monkeypatch)
    assert installed()["doorbell"].package == "heed-doorbell"
    entry, config = [text for language, text in blocks("write-your-own.md") if language == "toml"]
    assert tomllib.loads(entry)["project"] == {
        "entry-points": tomllib.loads((package / "pyproject.toml").read_text())["project"]["entry-points"]
    }
    Path("config.toml").write_text(config)
    check(load_config(None, {}))
    monkeypatch.setenv("COLUMNS", "200")
    assert main(["plugins", "list"]) == 0
    line = next(line for line in capsys.readouterr().out.splitlines() if "doorbell" in line)
    assert "heed-doorbell 0.1.0" in line and re.search(r"\bon\b", line)
    assert main(["check-config"]) == 0


async def test_it_runs_live(package: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.syspath_prepend(str(package))
    table = {"after_s": 0, "camera": "cam"}
    async with staged("heed_doorbell:setup", tmp_path, table=table, name="doorbell") as stage:
        stage.show("a person enters from the left")
        await until(lambda: any(getattr(event, "rule", "") == "doorbell" for event in stage.out))
        await until(lambda: stage.services.said)
        assert await stage.host.command("answer", {}) == "somebody goes to the door"


def test_the_limits_told_are_those_in_the_code() -> None:
    page, limits = (DOCS / "README.md").read_text(), Limits()
    for line in (
        f"| {limits.hang_s:g} s | ended",
        f"services included | {limits.handler_s:g} s",
        f"is not set up | {limits.setup_s:g} s",
        f"{limits.emits_hz:g} a second, {limits.emits_burst} at once",
        f"{limits.services_hz:g} a second, {limits.services_burst} at once",
        f"resident memory | {limits.memory_bytes >> 30} GiB",
        f"a page | {limits.call_s:g} s",
        f"answer it | {limits.service_s:g} s",
        f"takes leave | {limits.stop_s:g} s",
        f"a queue of {limits.queue:,}",
        f"after {limits.pauses_s[0]:g} s, and after {limits.pauses_s[1]:g} s",
    ):
        assert line in page, line


def test_links_lead_somewhere() -> None:
    for page in DOCS.glob("*.md"):
        for target in re.findall(r"\]\((?!http)([^)#]+)\)", page.read_text()):
            assert (DOCS / target).exists(), f"{page.name}: {target}"


def test_the_configuration_shown_is_right(tmp_path: Path) -> None:
    shown = [text for language, text in blocks("README.md") if language == "toml"]
    assert shown
    for text in shown:
        (tmp_path / "config.toml").write_text(text)
        check(load_config(tmp_path / "config.toml", {}))
