"""ONNX Runtime sessions on the CPU, with one clear line where something is wrong with a model."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import onnxruntime
from numpy.typing import NDArray
from onnxruntime.capi import onnxruntime_pybind11_state

from streams.errors import ModelError

_QUIET = 4
"""Log level: fatal only. Errors come as exceptions."""


_VNNI = frozenset({"avx512_vnni", "avx_vnni", "amx_int8"})
_CPU = Path("/proc/cpuinfo")


def rounds_badly(cpu: Path = _CPU) -> bool:
    """Whether this processor adds up products of 8-bit numbers in 16 bits, which overflow: x86 without VNNI. Where the
    system does not tell, it is taken for a better one."""
    try:
        found = re.search(r"^flags\s*:(.*)$", cpu.read_text(), re.M)
    except OSError:
        return False
    return found is not None and not _VNNI & set(found[1].split())


def open_session(
    path: Path, what: str, threads: int, arena: bool = True, exact: bool = False
) -> onnxruntime.InferenceSession:
    """A session for the model file `path`; `what` names the model in messages.

    `arena` False gives memory back after each run, for inputs of many lengths. `exact` is for a model of 8-bit numbers
    that suffers where a processor `rounds_badly`: its operators are then not fused, which takes half as long again.

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
    # No sums that overflow where a processor has no VNNI: a finished sentence was judged 0.06 finished.
    options.add_session_config_entry("session.x64quantprecision", "1")
    if exact and rounds_badly():
        options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_BASIC
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
