"""Pulling a model: whole or not at all, whatever goes wrong. pip is real, the index is a local folder."""

from __future__ import annotations

import errno
import json
import os
import threading
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any, BinaryIO

import pytest

from agent.models import store as store_module
from agent.models.catalog import CATALOG, MOONSHINE, PACKAGED, WheelModel, default_names, find
from agent.models.fetch import arrived, open_new, unpack_wheel
from agent.models.store import STAMP, ModelStore, quiet
from streams.errors import ModelError
from tests.agent.models.tiny_wheel import WEIGHTS, gguf_entry, make_wheel, offline


@pytest.fixture
def index(tmp_path: Path) -> Path:
    return tmp_path / "index"


def make_store(tmp_path: Path, entry: WheelModel, **more: Any) -> ModelStore:
    return ModelStore(tmp_path / "cache", catalog=(entry,), pip_args=offline(tmp_path / "index"), **more)


def leftovers(store: ModelStore) -> list[str]:
    """What lies in the models' folder besides lock files."""
    return sorted(p.name for p in store.folder.iterdir() if p.suffix != ".lock") if store.folder.exists() else []


class Recorder:
    def __init__(self) -> None:
        self.calls: list[tuple[str, str, float | None]] = []

    def __call__(self, name: str, step: str, fraction: float | None) -> None:
        self.calls.append((name, step, fraction))

    def steps(self) -> list[str]:
        return list(dict.fromkeys(step for _, step, _ in self.calls))


def test_pull_takes_only_the_named_files_and_says_how_far_it_is(tmp_path: Path, index: Path) -> None:
    store, seen = make_store(tmp_path, make_wheel(index)), Recorder()
    assert store.list()[0].state == "missing"
    assert not store.have("tiny-model")

    (folder,) = store.pull(progress=seen)

    assert folder == store.path("tiny-model") == store.resolve("tiny-model")
    assert sorted(p.name for p in folder.iterdir()) == [STAMP, "weights.bin"]
    assert (folder / "weights.bin").read_bytes() == WEIGHTS
    assert seen.steps() == ["fetch", "check", "unpack", "ready"]
    assert all(fraction is None or 0.0 <= fraction <= 1.0 for _, _, fraction in seen.calls)
    listed = store.list()[0]
    assert (listed.state, listed.where) == ("ready", str(folder))
    assert leftovers(store) == ["tiny-model"]


def test_folders_that_pip_removes_while_one_looks_do_not_matter(
    tmp_path: Path, index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    entry, scandir = make_wheel(index), os.scandir
    (tmp_path / "gone").mkdir()
    (tmp_path / "stays").mkdir()
    (tmp_path / "stays" / "part").write_bytes(bytes(100))

    def late(path: Any = ".") -> Any:
        if Path(path).name == "gone":
            Path(path).rmdir()
        return scandir(path)

    monkeypatch.setattr(os, "scandir", late)
    assert arrived(entry, tmp_path) == min(1.0, max(100, entry.wheel_bytes) / entry.wheel_bytes)
    assert not (tmp_path / "gone").exists()


def test_a_second_pull_does_not_ask_pip(tmp_path: Path, index: Path) -> None:
    store, seen = make_store(tmp_path, make_wheel(index)), Recorder()
    store.pull()
    next(index.glob("*.whl")).unlink()
    store.pull(progress=seen)
    assert seen.steps() == ["ready"]


def test_the_wheel_of_a_fixed_platform_serves_every_machine(tmp_path: Path, index: Path) -> None:
    entry = make_wheel(index, tag="py3-none-win_arm64")
    store = make_store(tmp_path, replace(entry, platform="win_arm64"))
    assert (store.pull()[0] / "weights.bin").read_bytes() == WEIGHTS


def test_checksum_mismatch_installs_nothing(tmp_path: Path, index: Path) -> None:
    entry = make_wheel(index)
    store = make_store(tmp_path, replace(entry, sha256="0" * 64))
    with pytest.raises(ModelError, match=r"SHA-256 .* not the pinned 0000000000000000.*nothing was installed"):
        store.pull()
    assert leftovers(store) == []


def test_a_changed_wheel_of_the_same_version_is_refused(tmp_path: Path, index: Path) -> None:
    entry = make_wheel(index)
    make_wheel(index, members={"tiny_model/weights.bin": WEIGHTS[::-1]})
    with pytest.raises(ModelError, match="not the pinned"):
        make_store(tmp_path, entry).pull()


def broken_disk(after_files: int) -> Callable[[Path], BinaryIO]:
    """Opens files until the disk is full."""
    opened: list[Path] = []

    def open_or_fail(path: Path) -> BinaryIO:
        opened.append(path)
        if len(opened) > after_files:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return open_new(path)

    return open_or_fail


def test_disk_full_while_unpacking_is_one_line_and_leaves_nothing(tmp_path: Path, index: Path) -> None:
    store = make_store(tmp_path, gguf_entry(index), unpack=partial(unpack_wheel, opener=broken_disk(1)))
    with pytest.raises(ModelError, match="no space for tiny-model in .*HEED_CACHE") as caught:
        store.pull()
    assert "\n" not in str(caught.value)
    assert leftovers(store) == []


def test_disk_full_while_converting_is_the_same_line(tmp_path: Path, index: Path) -> None:
    from safetensors import SafetensorError

    def full(gguf: Path, out: Path, progress: Any) -> None:
        out.mkdir()
        (out / "model.safetensors").write_bytes(b"half")
        raise SafetensorError("Error while serializing: I/O error: No space left on device (os error 28)")

    store = make_store(tmp_path, gguf_entry(index), convert=full)
    with pytest.raises(ModelError, match="no space for tiny-model"):
        store.pull()
    assert leftovers(store) == []


def test_too_small_a_disk_is_said_before_anything_is_fetched(tmp_path: Path, index: Path) -> None:
    store, seen = make_store(tmp_path, replace(make_wheel(index), installed_bytes=1 << 60)), Recorder()
    with pytest.raises(ModelError, match="no space for tiny-model"):
        store.pull(progress=seen)
    assert seen.calls == []


def test_a_folder_that_cannot_be_made_is_one_line(tmp_path: Path, index: Path) -> None:
    (tmp_path / "cache").write_text("a file where the folder should be")
    with pytest.raises(ModelError, match="cannot write tiny-model to"):
        make_store(tmp_path, make_wheel(index)).pull()


def test_a_member_that_leads_out_of_the_folder_is_refused(tmp_path: Path, index: Path) -> None:
    entry = make_wheel(index, members={"../../evil": b"x"})
    store = make_store(tmp_path, replace(entry, files=(replace(entry.files[0], name="../../evil"),)))
    with pytest.raises(ModelError, match="leads out"):
        store.pull()
    assert leftovers(store) == []
    assert not list(tmp_path.rglob("evil"))


def test_members_that_are_not_named_are_never_written(tmp_path: Path, index: Path) -> None:
    make_store(tmp_path, make_wheel(index, members={"../../evil": b"x", "/evil": b"x"})).pull()
    assert not list(tmp_path.rglob("evil"))


def test_a_member_larger_than_named_is_refused(tmp_path: Path, index: Path) -> None:
    entry = make_wheel(index)
    store = make_store(tmp_path, replace(entry, files=(replace(entry.files[0], bytes=100),)))
    with pytest.raises(ModelError, match="larger than the 100 bytes"):
        store.pull()
    assert leftovers(store) == []


def test_a_wheel_without_the_file_and_a_wheel_that_is_none(tmp_path: Path, index: Path) -> None:
    entry = make_wheel(index)
    store = make_store(tmp_path, replace(entry, files=(replace(entry.files[0], member="tiny_model/no"),)))
    with pytest.raises(ModelError, match="does not hold tiny-model"):
        store.pull()
    junk = tmp_path / "junk.whl"
    junk.write_bytes(b"PK not a zip")
    with pytest.raises(ModelError, match="not a readable wheel"):
        unpack_wheel(entry, junk, tmp_path, quiet)


def test_a_version_that_the_index_lacks_names_pip_and_the_requirement(tmp_path: Path, index: Path) -> None:
    entry = make_wheel(index)
    with pytest.raises(ModelError, match=r"pip cannot fetch tiny-model==2\.0: No matching distribution") as caught:
        make_store(tmp_path, replace(entry, version="2.0")).pull()
    assert "\n" not in str(caught.value)


def fake_pip(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, says: str) -> None:
    """A pip that says something and fails."""
    fake = tmp_path / "python"
    fake.write_text(f"#!/bin/sh\ncat <<'END'\n{says}\nEND\nexit 1\n")
    fake.chmod(0o755)
    monkeypatch.setattr("agent.models.fetch.sys.executable", str(fake))


def test_a_python_without_pip_is_told_how_to_get_it(
    tmp_path: Path, index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake_pip(tmp_path, monkeypatch, "/usr/bin/python3: No module named pip")
    with pytest.raises(ModelError, match="this Python has no pip: run .*ensurepip"):
        make_store(tmp_path, make_wheel(index)).pull()


BROKEN_CONNECTION = """  WARNING: Connection interrupted while downloading.
error: incomplete-download

× Download failed after 6 attempts because not enough bytes were received (31.5 MB/85.8 MB)
note: This is an issue with network connectivity, not pip.
hint: Use --resume-retries to configure resume attempt limit."""


def test_a_broken_connection_is_told_in_pips_words(
    tmp_path: Path, index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake_pip(tmp_path, monkeypatch, BROKEN_CONNECTION)
    with pytest.raises(ModelError, match=r"pip cannot fetch tiny-model==1\.0: Download failed after 6 attempts"):
        make_store(tmp_path, make_wheel(index)).pull()


def test_a_disk_that_pip_filled_is_not_called_a_broken_connection(
    tmp_path: Path, index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """pip 26 says `incomplete-download` when the disk is full (seen on a file system of 60 MB)."""
    fake_pip(tmp_path, monkeypatch, BROKEN_CONNECTION)
    monkeypatch.setattr("agent.models.fetch.shutil.disk_usage", lambda folder: SimpleNamespace(free=0))
    monkeypatch.setattr(ModelStore, "_check_space", lambda self, entry: None)
    store = make_store(tmp_path, make_wheel(index))
    with pytest.raises(ModelError, match="no space for tiny-model"):
        store.pull()
    assert leftovers(store) == []


@pytest.mark.parametrize("at", ["fetch", "check", "unpack", "convert"])
def test_an_interrupted_pull_leaves_nothing_and_can_be_repeated(tmp_path: Path, index: Path, at: str) -> None:
    def interrupt(name: str, step: str, fraction: float | None) -> None:
        if step == at:
            raise KeyboardInterrupt

    store = make_store(tmp_path, gguf_entry(index), convert=fake_convert)
    with pytest.raises(KeyboardInterrupt):
        store.pull(progress=interrupt)
    assert leftovers(store) == []
    assert store.pull() == [store.path("tiny-model")]


def test_what_a_killed_process_left_is_cleared_away(tmp_path: Path, index: Path) -> None:
    store = make_store(tmp_path, make_wheel(index))
    half = store.folder / ".tiny-model.part-dead"
    half.mkdir(parents=True)
    (half / "wheel").write_bytes(b"half")
    store.pull()
    assert leftovers(store) == ["tiny-model"]


def fake_convert(gguf: Path, out: Path, progress: Any) -> None:
    """Stands in for the real converter: same contract, no arithmetic."""
    assert gguf.read_bytes() == WEIGHTS
    progress(0.5, "half")
    out.mkdir()
    (out / "model.safetensors").write_bytes(b"converted")
    (out / "model.safetensors").chmod(0o600)


def test_a_gguf_is_converted_and_removed_and_its_licence_kept(tmp_path: Path, index: Path) -> None:
    store, seen = make_store(tmp_path, gguf_entry(index), convert=fake_convert), Recorder()
    (folder,) = store.pull(progress=seen)
    assert sorted(p.name for p in folder.iterdir()) == ["LICENSE", STAMP, "model.safetensors"]
    assert ("tiny-model", "convert", 0.5) in seen.calls
    assert (folder / "model.safetensors").stat().st_mode & 0o044, "a shared cache must be readable by others"
    stamp = json.loads((folder / STAMP).read_text())
    assert stamp["files"] == {"LICENSE": 16, "model.safetensors": 9}


def test_two_pulls_at_once_make_the_model_once(tmp_path: Path, index: Path) -> None:
    other_waits, made = threading.Event(), []

    def slow(gguf: Path, out: Path, progress: Any) -> None:
        assert other_waits.wait(30), "the second pull did not wait"
        made.append(gguf)
        fake_convert(gguf, out, progress)

    def watch(name: str, step: str, fraction: float | None) -> None:
        if step == "wait for another pull":
            other_waits.set()

    entry = gguf_entry(index)
    stores = [make_store(tmp_path, entry, convert=slow) for _ in range(2)]
    folders: list[Path] = []
    threads = [threading.Thread(target=lambda s=s: folders.extend(s.pull(progress=watch))) for s in stores]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(made) == 1
    assert folders == [stores[0].path("tiny-model")] * 2


@pytest.mark.parametrize("damage", ["cut", "gone", "no stamp", "bad stamp", "old recipe"])
def test_a_damaged_or_older_copy_is_seen_and_made_anew(tmp_path: Path, index: Path, damage: str) -> None:
    entry = make_wheel(index)
    store = make_store(tmp_path, entry)
    (folder,) = store.pull()
    match damage:
        case "cut":
            (folder / "weights.bin").write_bytes(WEIGHTS[:-1])
        case "gone":
            (folder / "weights.bin").unlink()
        case "no stamp":
            (folder / STAMP).unlink()
        case "bad stamp":
            (folder / STAMP).write_text("[1, 2")
        case "old recipe":
            store = make_store(tmp_path, replace(entry, recipe=2))
    assert store.list()[0].state == "damaged"
    with pytest.raises(ModelError, match="damaged: run `heed models pull tiny-model`"):
        store.path("tiny-model")
    store.pull()
    assert (store.path("tiny-model") / "weights.bin").read_bytes() == WEIGHTS
    assert leftovers(store) == ["tiny-model"]


def test_a_missing_model_names_the_command(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="run `heed models pull moonshine-tiny-en`"):
        ModelStore(tmp_path).path("moonshine-tiny-en")
    assert not list(tmp_path.iterdir()), "looking must not write"


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("smolm", "smollm2-135m-instruct"),
        ("moonshine-tiny", "moonshine-tiny-en"),
        ("EfficientNet", "efficientnet-lite0"),
    ],
)
def test_an_unknown_name_gets_a_guess(typed: str, meant: str) -> None:
    with pytest.raises(ModelError, match=f"did you mean {meant}"):
        find(typed)


def test_an_unknown_name_fails_before_anything_is_fetched(tmp_path: Path, index: Path) -> None:
    seen = Recorder()
    with pytest.raises(ModelError, match="no model is called 'qqqq'; `heed models list`"):
        make_store(tmp_path, make_wheel(index)).pull(["tiny-model", "qqqq"], seen)
    assert seen.calls == []


def test_a_packaged_model_need_not_be_pulled() -> None:
    with pytest.raises(ModelError, match="inside the package faster-whisper"):
        find("silero-vad")


def test_packaged_models_are_found_without_importing_them() -> None:
    for model in PACKAGED:
        listed = store_module.packaged(model)
        assert listed.state == "in package", listed
        assert Path(listed.where).exists()


def test_a_package_that_is_not_installed_is_missing() -> None:
    listed = store_module.packaged(replace(PACKAGED[0], module="no_such_module_here"))
    assert (listed.state, listed.where) == ("missing", "")
    assert listed.fix.startswith("pip install")


def test_the_catalogue_is_pinned_and_plain() -> None:
    for entry in CATALOG:
        assert len(bytes.fromhex(entry.sha256)) == 32
        assert entry.version and entry.licence and entry.files
        assert any(file.name == "LICENSE" for file in entry.files), f"{entry.name}: ship the licence with the weights"
        assert not any(Path(file.name).is_absolute() or ".." in file.name for file in entry.files)
    assert default_names() == ("smollm2-135m-instruct", "moonshine-tiny-en", "efficientnet-lite0", "smart-turn-v3")
    assert MOONSHINE.platform, "its wheels differ by platform, so one is named"


@pytest.mark.models
def test_the_default_models_hold_what_their_users_open(store: ModelStore) -> None:
    names = {name: {p.name for p in store.path(name).iterdir()} for name in default_names()}
    assert {"model.safetensors", "config.json", "tokenizer.json", "LICENSE"} <= names["smollm2-135m-instruct"]
    assert {"encoder_model.ort", "decoder_model_merged.ort", "tokenizer.bin"} <= names["moonshine-tiny-en"]
    assert "efficientnet-lite0-57934424.pth" in names["efficientnet-lite0"]
