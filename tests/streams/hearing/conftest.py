"""The real models of hearing, where they are."""

from __future__ import annotations

from pathlib import Path

import pytest

from agent.models.store import ModelStore
from streams.encoders.hearing.moonshine import Moonshine
from streams.encoders.hearing.vad import SileroVad


@pytest.fixture(scope="session")
def silero() -> SileroVad:
    return SileroVad()


@pytest.fixture(scope="session")
def moonshine_folder(store: ModelStore) -> Path:
    return store.path("moonshine-tiny-en")


@pytest.fixture(scope="session")
def moonshine(moonshine_folder: Path) -> Moonshine:
    return Moonshine(moonshine_folder)
