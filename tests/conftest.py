"""Fixtures that all tests share: recordings, models, a clock that the test moves."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from agent.config import bound_products
from agent.models.catalog import default_names
from agent.models.store import ModelStore, cache_folder
from streams.clock import ManualClock

ROOT = Path(__file__).resolve().parent.parent

bound_products()  # some thousand tests in one process


@pytest.fixture(scope="session")
def media() -> Path:
    """The folder of real recordings, with `manifest.json`."""
    folder = Path(os.environ.get("HEED_MEDIA", ROOT.parent / "shared" / "media"))
    if not (folder / "manifest.json").is_file():
        pytest.skip(f"no recordings at {folder}; set HEED_MEDIA to a folder with manifest.json")
    return folder


@pytest.fixture(scope="session")
def manifest(media: Path) -> dict[str, dict[str, Any]]:
    """Ground truth by file name, as in `audio/en_jfk.flac`."""
    return {item["file"]: item for item in json.loads((media / "manifest.json").read_text())}


@pytest.fixture(autouse=True, scope="session")
def nothing_resident() -> Iterator[None]:
    """`heed ask` answers in its own process, except in the tests of the process that stays."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HEED_ASK_KEEP_S", "0")
        yield


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture(scope="session")
def store() -> ModelStore:
    """The pulled default models."""
    models = ModelStore(cache_folder())
    missing = [name for name in default_names() if not models.have(name)]
    if missing:
        pytest.skip(f"models missing in {models.folder}: {', '.join(missing)}; run `heed models pull`")
    return models
