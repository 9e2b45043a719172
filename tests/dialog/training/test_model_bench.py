"""The benches of the language model run and report what they promise (a tiny model, so the figures mean nothing)."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path

import pytest

from agent.bench import decode, grounding
from dialog.model.adapter import Adapter, save_adapter


def parsed(add: Callable[[argparse.ArgumentParser], None], *given: str) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    add(parser)
    return parser.parse_args(given)


def test_decode(tiny: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(decode, "_bandwidth", lambda device: 1e9)
    args = parsed(decode.add_arguments, "--tokens", "3", "--rounds", "1", "--model", str(tiny))
    result = decode.run(args)
    assert {row[0] for row in result.rows} == {"transformers float32", "transformers bfloat16", "heed int8"}
    assert result.figures["speedup"] > 0 and result.figures["bandwidth_gb_s"] == 1.0


def test_grounding(tiny: Path, adapter: Adapter, tmp_path: Path) -> None:
    save_adapter(adapter, tmp_path / "a.safetensors", {})
    args = parsed(
        grounding.add_arguments,
        "--days", "1", "--questions", "2", "--percepts", "3", "--model", str(tiny),
        "--adapter", str(tmp_path / "a.safetensors"),
    )  # fmt: skip
    result = grounding.run(args)
    assert [row[0] for row in result.rows] == ["cross_attention", "prompt", "none"]
    for way in ("cross_attention", "prompt", "none"):
        assert result.figures[way]["asked"] == 2 and 0 <= result.figures[way]["right_fact"] <= 1
