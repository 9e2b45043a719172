"""Which numbers a machine computes with."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import torch

from dialog.model import machine
from dialog.model.adapter import Adapter
from dialog.model.engine import Engine
from dialog.model.load import Host


@pytest.fixture(autouse=True)
def asked_anew() -> Iterator[None]:
    machine.bfloat16_is_fast.cache_clear()
    yield
    machine.bfloat16_is_fast.cache_clear()


def test_a_product_takes_some_time() -> None:
    assert machine._product_s(torch.float32) > 0 and machine._product_s(torch.bfloat16) > 0


@pytest.mark.parametrize(("bfloat16_s", "wanted"), [(0.8, torch.bfloat16), (1.2, torch.bfloat16), (4.0, torch.float32)])
def test_bfloat16_only_where_it_is_fast(
    monkeypatch: pytest.MonkeyPatch, host: Host, adapter: Adapter, bfloat16_s: float, wanted: torch.dtype
) -> None:
    """A processor without its instructions took four times as long over every percept and every question."""
    monkeypatch.setattr(machine, "_product_s", {torch.bfloat16: bfloat16_s, torch.float32: 1.0}.__getitem__)
    assert machine.dtype_for(torch.device("cpu")) == wanted
    assert machine.dtype_for(torch.device("cuda")) == torch.bfloat16
    assert Engine(host, adapter, "int8").reading.dtype == wanted
    assert Engine(host, adapter, "bfloat16").reading.dtype == torch.bfloat16
