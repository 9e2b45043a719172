"""Models that do not come from the catalogue: a local folder, the Hugging Face hub, or a Whisper size.

Everything goes through the libraries' own loaders and caches, so that a model another program fetched is found, and
tokens, mirrors and offline switches of the user hold. Nothing is fetched unless `pull` is called.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

from streams.errors import ModelError

UNUSED = ("*.h5", "*.msgpack", "*.gguf", "*.ot", "*.tflite", "*.mlmodel", "*.onnx", "original/*", "onnx/*")
"""Weights of other frameworks that hubs keep beside the ones we load."""
PICKLES = ("*.bin", "*.pt", "*.pth")
"""Left out where safetensors are there: they run code when loaded carelessly."""
WEIGHTS = ("*.safetensors", "*.bin", "*.onnx", "*.ort", "*.pt", "*.pth")
PROBLEM_CHARS = 200


class Hub(Protocol):
    """What is needed of huggingface_hub and faster-whisper (tests put their own in its place)."""

    def files(self, repo: str) -> list[str]:
        """Names of the files of a hub repository."""
        ...

    def snapshot(self, repo: str, ignore: Sequence[str], local_only: bool) -> str:
        """Folder of the repository's snapshot in the hub's cache."""
        ...

    def whisper(self, size: str, local_only: bool) -> str:
        """Folder of a Whisper model for CTranslate2."""
        ...


class HuggingFace:
    """The real hub, with its own progress bars and configuration."""

    def files(self, repo: str) -> list[str]:
        from huggingface_hub import HfApi

        with _one_kind():
            return list(HfApi().list_repo_files(repo))

    def snapshot(self, repo: str, ignore: Sequence[str], local_only: bool) -> str:
        from huggingface_hub import snapshot_download

        with _one_kind():
            return str(snapshot_download(repo, ignore_patterns=list(ignore), local_files_only=local_only))

    def whisper(self, size: str, local_only: bool) -> str:
        from faster_whisper.utils import download_model

        with _one_kind():
            return str(download_model(size, local_files_only=local_only))


@contextmanager
def _one_kind() -> Iterator[None]:
    """Without a network, the hub's HTTP client raises errors of its own: they become OSErrors, as the hub's are."""
    try:
        yield
    except (OSError, ValueError):
        raise
    except Exception as error:  # whichever client the library uses
        raise OSError(str(error) or type(error).__name__) from error


def is_outside(spec: str) -> bool:
    """Is `spec` a path, a hub id or a Whisper size, rather than a name of the catalogue?"""
    return "/" in spec or "\\" in spec or ":" in spec or spec in (".", "..") or spec.startswith("~")


def local(spec: str, hub: Hub | None = None) -> Path:
    """Folder of a model that is on this machine already.

    Args:
        spec: a folder, `hf:org/name`, `org/name`, `whisper:size` or `whisper:folder`. A folder that
            exists wins over a hub id.
        hub: where hub ids are looked up.

    Raises:
        ModelError: it is not here; says the command that fetches it.
    """
    if folder := _folder(spec):
        return folder
    kind, name = _split(spec)
    try:
        found = Path(_ask(hub or HuggingFace(), kind, name, local_only=True))
    except FileNotFoundError as error:
        raise ModelError(f"the model {spec} is not on this machine yet: run `heed models pull {spec}`") from error
    except (OSError, ValueError) as error:
        raise ModelError(f"cannot use {spec}: {_first_line(error)}") from error
    if not _has_weights(found):
        raise ModelError(f"the model {spec} is here only in part: run `heed models pull {spec}`")
    return found


def pull(spec: str, hub: Hub | None = None) -> Path:
    """Fetch a hub model into the hub's cache, with the hub's own progress bars; a local folder is only checked.

    Raises:
        ModelError: no such model, no access, no network, or no space.
    """
    if folder := _folder(spec):
        return folder
    kind, name = _split(spec)
    try:
        return Path(_ask(hub or HuggingFace(), kind, name, local_only=False))
    except (OSError, ValueError) as error:  # the hub's own errors are OSErrors too
        raise ModelError(
            f"cannot fetch {spec} from the hub: {_first_line(error)} "
            "(check the name and the network; a model that asks for consent needs `hf auth login`)"
        ) from error


def _ask(hub: Hub, kind: str, name: str, local_only: bool) -> str:
    if kind == "whisper":
        return hub.whisper(name, local_only)
    ignore = list(UNUSED)
    if not local_only and any(file.endswith(".safetensors") for file in hub.files(name)):
        ignore += PICKLES
    return hub.snapshot(name, ignore, local_only)


def _folder(spec: str) -> Path | None:
    """The local folder that `spec` names, or None where it is not a path.

    Raises:
        ModelError: it is a path, but no folder with weights is there.
    """
    place = spec.removeprefix("whisper:")  # `whisper:` may stand before a folder too
    if spec.startswith("hf:") or (place != spec and "/" not in place and "\\" not in place):
        return None
    path, spec = Path(place).expanduser(), place
    looks_like_path = spec.startswith((".", "/", "~", "\\")) or path.is_absolute()
    if not path.is_dir():
        if looks_like_path:
            raise ModelError(f"{spec} is not a folder; a local model is a folder with its weights")
        return None
    if not _has_weights(path):
        raise ModelError(f"the folder {spec} holds no weights ({', '.join(WEIGHTS)})")
    return path


def _split(spec: str) -> tuple[str, str]:
    kind, colon, name = spec.partition(":")
    if not colon:
        kind, name = "hf", spec
    if kind == "whisper" and name:
        return kind, name
    owner, slash, model = name.partition("/")
    if kind != "hf" or not (owner and slash and model) or "/" in model:
        raise ModelError(f"{spec!r} names no model; a hub model is written hf:owner/name, a Whisper size whisper:small")
    return kind, name


def _has_weights(folder: Path) -> bool:
    return any(next(folder.glob(pattern), None) is not None for pattern in WEIGHTS)


def _first_line(error: Exception) -> str:
    lines = str(error).strip().splitlines()
    return (lines[0] if lines else type(error).__name__)[:PROBLEM_CHARS]
