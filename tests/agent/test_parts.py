"""How many threads the models of a live agent take."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import torch

import agent.parts
from agent.config import Config
from agent.parts import limit_small
from dialog.model.machine import has_gpu, loading_threads


@pytest.fixture(autouse=True)
def threads() -> Iterator[None]:
    before = torch.get_num_threads()
    torch.set_num_threads(2)
    yield
    torch.set_num_threads(before)


class Store:
    """Has one model, of a width."""

    def __init__(self, folder: Path, width: int) -> None:
        self._folder = folder
        (folder / "config.json").write_text(json.dumps({"hidden_size": width}))

    def resolve(self, spec: str) -> Path:
        return self._folder


@pytest.mark.skipif(has_gpu(), reason="the models run on the GPU here")
@pytest.mark.parametrize(("width", "chosen", "wanted"), [(576, 0, 1), (2048, 0, 2), (576, 2, 2)])
def test_small_models_take_one_thread_for_what_they_perceive(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, width: int, chosen: int, wanted: int
) -> None:
    """Two that wait for one another take ten times as long where other programs want the processor as well; large
    models, and whoever names a number, keep theirs."""
    store = Store(tmp_path, width)
    monkeypatch.setattr(agent.parts, "ModelStore", lambda folder: store)
    config = Config()
    limit_small(replace(config, agent=replace(config.agent, threads=chosen)))
    assert torch.get_num_threads() == wanted


def test_a_small_model_is_loaded_with_one_thread_and_the_others_are_given_back() -> None:
    with loading_threads(576):
        assert torch.get_num_threads() == 1
    with loading_threads(2048):
        assert torch.get_num_threads() == 2
    assert torch.get_num_threads() == 2
