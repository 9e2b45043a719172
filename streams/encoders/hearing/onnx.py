"""ONNX Runtime sessions on the CPU, with one clear line where something is wrong with a model."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import onnxruntime
from numpy.typing import NDArray
from onnxruntime.capi import onnxruntime_pybind11_state

from streams.errors import ModelError

_QUIET = 4
"""Log level: fatal only. Errors come as exceptions."""


def open_session(path: Path, what: str, threads: int, arena: bool = True) -> onnxruntime.InferenceSession:
    """A session for the model file `path`; `what` names the model in messages.

    `arena` False gives memory back after each run, for inputs of many lengths.

    Raises:
        ModelError: the file is missing or cannot be read as a model.
    """
    if not path.is_file():
        raise ModelError(f"the {what} model is missing: no file {path}; get it with: heed models pull")
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads, options.inter_op_num_threads = threads, 1
    options.log_severity_level = _QUIET
    options.enable_cpu_mem_arena = arena
    # Idle threads sleep: the cores belong to the language model and the pictures too.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    try:
        return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    except _errors() as error:
        reason = " ".join(str(error).split())[:160]
        raise ModelError(
            f"the {what} model {path} cannot be read ({reason}); delete it and: heed models pull"
        ) from error


def run(session: onnxruntime.InferenceSession, feed: dict[str, NDArray[Any]], what: str) -> list[NDArray[Any]]:
    """All outputs for `feed`.

    Raises:
        ModelError: the model failed on it.
    """
    try:
        outputs: list[NDArray[Any]] = session.run(None, feed)
    except _errors() as error:
        raise ModelError(f"the {what} model failed: {' '.join(str(error).split())[:200]}") from error
    return outputs


def _errors() -> tuple[type[Exception], ...]:
    """ONNX Runtime's exceptions: they share no base below `Exception`."""
    own = vars(onnxruntime_pybind11_state).values()
    return (RuntimeError, ValueError, *(e for e in own if isinstance(e, type) and issubclass(e, Exception)))
