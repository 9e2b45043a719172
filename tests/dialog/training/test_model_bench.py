"""The benches of the language model run and report what they promise (a tiny model, so the figures mean nothing)."""

from __future__ import annotations

import argparse
import builtins
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from agent.bench import decode, evidence, grounding, plot, ttft
from agent.commands.bench import BENCHES
from dialog.model.adapter import Adapter, save_adapter
from dialog.model.engine import Engine
from dialog.model.load import load_host
from dialog.training import evaluate
from dialog.training.untouched import small_talk, untouched
from streams.errors import HeedError

FLOAT = ("--precision", "float32")


def parsed(add: Callable[[argparse.ArgumentParser], None], *given: str) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    add(parser)
    return parser.parse_args(given)


@pytest.fixture
def made(adapter: Adapter, tmp_path: Path) -> str:
    """An adapter's file."""
    save_adapter(adapter, tmp_path / "a.safetensors", {})
    return str(tmp_path / "a.safetensors")


def test_all_are_registered() -> None:
    assert {"decode", "ttft", "grounding", "evidence"} <= set(BENCHES)


def test_decode(tiny: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(decode, "_bandwidth", lambda device: 1e9)
    args = parsed(decode.add_arguments, "--tokens", "3", "--rounds", "1", "--model", str(tiny))
    result = decode.run(args)
    names = {row[0] for row in result.rows}
    assert {"transformers float32", "transformers bfloat16", "heed torch bfloat16", "heed onnx 8 bit"} < names
    assert "heed onnx 8 bit, 512 state entries" in names and all(len(row) == len(result.columns) for row in result.rows)
    assert result.figures["heed_onnx_8_bit_kl"] > 0
    assert result.figures["speedup"] > 0 and result.figures["bandwidth_gb_s"] == 1.0


def test_grounding(tiny: Path, made: str, tmp_path: Path) -> None:
    args = parsed(
        grounding.add_arguments,
        "--days", "1", "--questions", "3", "--sizes", "128,256", "--talk", "3", "--model", str(tiny),
        "--adapter", made, "--dump", str(tmp_path / "d.jsonl"), "--plot", str(tmp_path / "p.svg"), *FLOAT,
    )  # fmt: skip
    result = grounding.run(args)
    assert result.columns[1:] == grounding.WAYS and all(len(row) == 4 for row in result.rows)
    figures = json.loads(json.dumps(result.figures))
    assert figures["asked"] == 6 and figures["small_talk_unchanged"]["share"] == 1.0
    for way in grounding.WAYS:
        scores = figures[way]
        assert scores["right_fact"]["of"] == 6
        assert 0 <= scores["right_fact"]["low"] <= scores["right_fact"]["share"] <= scores["right_fact"]["high"] <= 1
        assert {size: share["of"] for size, share in scores["by_size"].items()} == {"128": 3, "256": 3}
        assert sum(share["of"] for share in scores["by_kind"].values()) == 6
    lines = [json.loads(line) for line in (tmp_path / "d.jsonl").read_text().splitlines()]
    assert len(lines) == 18 and {line["fusion"] for line in lines} == set(grounding.WAYS)
    assert [line["expected"] for line in lines[:6]] == [line["expected"] for line in lines[6:12]]
    assert sum(line["right"] for line in lines[:6]) == round(6 * figures["cross_attention"]["right_fact"]["share"])
    assert (tmp_path / "p.svg").read_text().lstrip().startswith("<?xml")


def test_grounding_written_by_hand(tiny: Path, made: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The days that come with heed, those that were looked at and those left alone apart."""
    monkeypatch.setattr(evaluate, "MAX_NEW_TOKENS", 4)  # what the tiny model says means nothing
    args = parsed(
        grounding.add_arguments,
        "--written", "--talk", "0", "--model", str(tiny), "--adapter", made, "--fusion", "none", *FLOAT,
    )  # fmt: skip
    result = grounding.run(args)
    scores = result.figures["none"]
    kinds = {"written, tuned", "written", "no written, tuned", "no written"}
    assert set(scores["by_kind"]) == kinds and scores["exact"]["of"] == 0
    assert sum(share["of"] for share in scores["by_kind"].values()) == result.figures["asked"] >= 150
    assert result.figures["sizes"] == sorted(int(size) for size in scores["by_size"]) and len(scores["by_size"]) > 3


def test_small_talk_tells_a_changed_host_from_the_host(tiny: Path, adapter: Adapter) -> None:
    engine = Engine(load_host(tiny, "cpu"), adapter, "float32")
    assert untouched(engine, tiny, 4, 8).value == 1.0
    engine.host.weights.layers[1].attention_norm.mul_(-1.5)
    changed = untouched(engine, tiny, 4, 8)
    assert changed.of == 4 and changed.hits < 4
    assert len(set(small_talk(10))) == 10


def test_evidence(tiny: Path, made: str, tmp_path: Path) -> None:
    args = parsed(
        evidence.add_arguments,
        "--days", "1", "--questions", "3", "--sizes", "256", "--model", str(tiny), "--adapter", made,
        "--dump", str(tmp_path / "d.jsonl"), *FLOAT,
    )  # fmt: skip
    result = evidence.run(args)
    assert all(len(row) == len(result.columns) for row in result.rows)
    figures = json.loads(json.dumps(result.figures))
    assert figures["asked"] == figures["right_fact"]["of"] == 3
    assert {"swap_changes", "swap_elsewhere_stays", "lost_cited", "answer_precision_all"} <= set(figures)
    assert len((tmp_path / "d.jsonl").read_text().splitlines()) == 3


def test_ttft(tiny: Path, made: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ttft, "RING", 512)
    args = parsed(
        ttft.add_arguments,
        "--minutes", "0,1,60", "--sizes", "128,512", "--rounds", "2", "--model", str(tiny), "--adapter", made,
        "--plot", str(tmp_path / "p.png"), *FLOAT,
    )  # fmt: skip
    result = ttft.run(args)
    figures = json.loads(json.dumps(result.figures))
    assert list(figures["minutes"]) == ["0", "1", "60"] and list(figures["state_tokens"]) == ["128", "512"]
    assert figures["minutes"]["0"]["tokens"] == 0
    assert 512 - 96 < figures["minutes"]["60"]["tokens"] <= 512  # the ring is full
    for size, case in figures["state_tokens"].items():
        assert int(size) - 96 < case["tokens"] <= int(size)
        assert min(case[f"{what}_ms"] for what in ("cross_attention", "read_ahead", "prompt", "percept")) > 0
    assert (
        figures["ratio"] > 0 and len(result.rows) == 5 and all(len(row) == len(result.columns) for row in result.rows)
    )
    assert (tmp_path / "p.png").read_bytes().startswith(b"\x89PNG")


def test_a_watch_brings_percepts_at_its_rate() -> None:
    lines = ttft.watch(31, 6)
    assert lines[0][2] == 0 and lines[-1][2] == 300 * 10**9 and lines[-1][1].startswith("08:05 ")
    assert len({name for name, _, _ in lines}) == 31


@pytest.mark.parametrize(
    ("add", "given"),
    [
        (grounding.add_arguments, ("--sizes", "64,x")), (grounding.add_arguments, ("--sizes", "3")),
        (grounding.add_arguments, ("--days", "0")), (ttft.add_arguments, ("--minutes", "1,-2")),
        (evidence.add_arguments, ("--questions", "many")),
    ],
)  # fmt: skip
def test_bad_options_are_refused(add: Callable[..., None], given: tuple[str, ...], capsys: Any) -> None:
    with pytest.raises(SystemExit):
        parsed(add, *given)
    assert given[1].split(",")[-1] in capsys.readouterr().err


def test_a_plot_that_cannot_be_made_is_refused_before_the_measurement(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plot.check_plot(None)
    plot.check_plot(tmp_path / "a.png")
    for path in (tmp_path / "a.jpg", tmp_path / "nowhere" / "a.png"):
        with pytest.raises(HeedError, match="--plot"):
            plot.check_plot(path)
    real = builtins.__import__

    def without(name: str, *rest: Any) -> Any:
        if name.startswith("matplotlib"):
            raise ImportError(name)
        return real(name, *rest)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(HeedError, match=r'pip install "heed\[plots\]"'):
        plot.check_plot(tmp_path / "a.png")
