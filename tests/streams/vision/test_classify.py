"""The picture classifier: names, shapes, and clear errors."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from streams.encoders.vision import groups, imagenet
from streams.encoders.vision.classify import Classifier
from streams.errors import ModelError


def test_a_thousand_different_names() -> None:
    names = imagenet.names()
    assert len(names) == len(set(names)) == 1000
    assert (names[0], names[207], names[817], names[999]) == (
        "tench",
        "golden retriever",
        "sports car",
        "toilet tissue",
    )


def test_every_grouped_name_is_a_class() -> None:
    names = imagenet.names()
    worn = groups.columns(groups.WORN)
    assert names[worn[0]] == "abaya"
    for listed in groups.WHEELED.values():
        assert not set(groups.columns(listed)) & set(worn)
    assert names[groups.span(groups.DOGS)[0]] == "Chihuahua"
    assert names[groups.span(groups.CATS)[0]] == "tabby"
    with pytest.raises(KeyError):
        groups.columns("tabby; no such thing")


def test_no_model_is_one_clear_line(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="heed models pull"):
        Classifier(tmp_path)


@pytest.mark.parametrize("content", [b"", b"not a checkpoint at all"])
def test_a_damaged_model_is_one_clear_line(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "model.pth").write_bytes(content)
    with pytest.raises(ModelError, match="damaged"):
        Classifier(tmp_path)


def test_another_network_is_refused(tmp_path: Path) -> None:
    torch.save({"weight": torch.zeros(3)}, tmp_path / "model.pth")
    with pytest.raises(ModelError, match="EfficientNet"):
        Classifier(tmp_path)
    torch.save(np.zeros(3), tmp_path / "model.pth")
    with pytest.raises(ModelError, match="damaged"):
        Classifier(tmp_path)
