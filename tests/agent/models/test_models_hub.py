"""Models from outside the catalogue: folders, hub ids, Whisper sizes. The hub is a stand-in; no network is used."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from agent.models import hub
from agent.models.store import ModelStore
from streams.errors import ModelError


class FakeHub:
    """A hub whose repositories are dictionaries, and a cache folder that starts empty."""

    def __init__(self, cache: Path, repositories: dict[str, list[str]], error: Exception | None = None) -> None:
        self.cache = cache
        self.repositories = repositories
        self.error = error
        self.ignored: list[str] = []

    def files(self, repo: str) -> list[str]:
        if self.error:
            raise self.error
        return self.repositories[repo]

    def snapshot(self, repo: str, ignore: Sequence[str], local_only: bool) -> str:
        folder = self.cache / repo.replace("/", "--")
        self.ignored = list(ignore)
        if local_only and not folder.exists():
            raise FileNotFoundError("LocalEntryNotFoundError: not in the cache\nsecond line")
        if self.error:
            raise self.error
        folder.mkdir(parents=True, exist_ok=True)
        if not local_only:
            for file in self.repositories[repo]:
                (folder / file).write_bytes(b"x")
        return str(folder)

    def whisper(self, size: str, local_only: bool) -> str:
        if size not in ("tiny", "small"):
            raise ValueError(f"Invalid model size '{size}', expected one of: tiny, small")
        return self.snapshot(f"Systran/faster-whisper-{size}", (), local_only)


@pytest.fixture
def fake(tmp_path: Path) -> FakeHub:
    return FakeHub(
        tmp_path / "hub",
        {
            "org/safe": ["config.json", "model.safetensors", "pytorch_model.bin"],
            "org/old": ["config.json", "pytorch_model.bin"],
            "Systran/faster-whisper-tiny": ["model.bin", "config.json"],
        },
    )


@pytest.mark.parametrize("spec", ["hf:org/safe", "org/safe", "whisper:tiny"])
def test_a_model_that_is_not_here_names_the_command_and_is_found_after_it(fake: FakeHub, spec: str) -> None:
    with pytest.raises(ModelError, match=f"not on this machine yet: run `heed models pull {spec}`") as caught:
        hub.local(spec, fake)
    assert "\n" not in str(caught.value)
    assert not fake.cache.exists(), "looking must not fetch"
    assert hub.pull(spec, fake) == hub.local(spec, fake)


def test_pickled_weights_are_left_out_only_where_safetensors_are_there(fake: FakeHub) -> None:
    hub.pull("hf:org/safe", fake)
    assert "*.bin" in fake.ignored
    hub.pull("hf:org/old", fake)
    assert "*.bin" not in fake.ignored


def test_half_a_snapshot_is_not_a_model(fake: FakeHub) -> None:
    (fake.cache / "org--safe").mkdir(parents=True)
    with pytest.raises(ModelError, match="only in part"):
        hub.local("org/safe", fake)


def test_an_unreachable_hub_is_one_line(fake: FakeHub) -> None:
    fake.error = ConnectionError("cannot resolve host\nstack of details")
    with pytest.raises(ModelError, match="cannot fetch hf:org/safe from the hub: cannot resolve host") as caught:
        hub.pull("hf:org/safe", fake)
    assert "\n" not in str(caught.value)


class Foreign(Exception):
    """As a hub's HTTP client raises: neither OSError nor ValueError."""


@pytest.mark.parametrize(("told", "said"), [("no route\nto host", "no route"), ("", "Foreign")])
@pytest.mark.parametrize(
    ("spec", "entrance"),
    [
        ("hf:org/safe", "huggingface_hub.HfApi.list_repo_files"),
        ("hf:org/safe", "huggingface_hub.snapshot_download"),
        ("whisper:tiny", "faster_whisper.utils.download_model"),
    ],
)
def test_whatever_the_hubs_libraries_raise_is_one_line(
    spec: str, entrance: str, told: str, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object, **__: object) -> None:
        raise Foreign(told)

    monkeypatch.setattr("huggingface_hub.HfApi.list_repo_files", lambda *_: [])
    monkeypatch.setattr(entrance, fails)
    with pytest.raises(ModelError, match=f"cannot fetch {spec} from the hub: {said} ") as caught:
        hub.pull(spec)
    assert "\n" not in str(caught.value)


def test_an_unknown_whisper_size_is_one_line(fake: FakeHub) -> None:
    with pytest.raises(ModelError, match="cannot use whisper:huge: Invalid model size"):
        hub.local("whisper:huge", fake)


@pytest.mark.parametrize("spec", ["hf:name", "hf:a/b/c", "s3:a/b", "hf:", "whisper:", "a/b/c", "/"])
def test_a_spec_that_names_nothing_says_how_to_write_one(spec: str, tmp_path: Path) -> None:
    with pytest.raises(ModelError):
        hub.local(spec, FakeHub(tmp_path, {}))


def test_a_local_folder_is_checked_not_copied(tmp_path: Path, fake: FakeHub, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "mine"
    with pytest.raises(ModelError, match="is not a folder"):
        hub.local(str(folder), fake)
    folder.mkdir()
    with pytest.raises(ModelError, match="holds no weights"):
        hub.pull(str(folder), fake)
    (folder / "model.safetensors").write_bytes(b"x")
    assert hub.local(str(folder), fake) == hub.pull(str(folder), fake) == folder
    monkeypatch.chdir(tmp_path)
    assert hub.local("./mine", fake) == Path("mine")
    assert hub.local("whisper:./mine", fake) == Path("mine")
    with pytest.raises(ModelError, match="is not a folder"):
        hub.local("whisper:./no-such", fake)


def test_the_store_tells_names_from_places(tmp_path: Path) -> None:
    store = ModelStore(tmp_path / "cache")
    folder = tmp_path / "mine"
    folder.mkdir()
    (folder / "model.safetensors").write_bytes(b"x")
    assert store.resolve(str(folder)) == folder
    assert store.pull([str(folder)]) == [folder]
    with pytest.raises(ModelError, match="heed models pull efficientnet-lite0"):
        store.resolve("efficientnet-lite0")
    assert not (tmp_path / "cache").exists()
