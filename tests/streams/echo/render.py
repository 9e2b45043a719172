"""The voices of the tests of echoes, made in a fresh process: what espeak's voice sounds like depends on what it spoke
before, and so whether a test passed would depend on which tests ran before it.

    python -m tests.streams.echo.render FILE.npz
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from agent.bench.call_room import agent_speech
from agent.bench.call_sound import spoken

SECONDS = 9.0
TEXTS = "You said that the key is under the mat.", "It was twenty past three when the lamp went on."
VOICES = ("en-us", "en-us+m3", "en-gb+f4", "de")


@lru_cache(maxsize=1)
def rendered() -> dict[str, NDArray[np.float32]]:
    """`[n]` each, at 16 kHz: `agent`, its own voice for `SECONDS`, and both `TEXTS` in each of `VOICES`."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "voices.npz"
        root = Path(__file__).resolve().parents[3]
        subprocess.run([sys.executable, "-m", "tests.streams.echo.render", path], cwd=root, check=True, timeout=120)
        with np.load(path) as found:
            return dict(found)


def main() -> None:
    pause = np.zeros(8000, np.float32)
    made = {"agent": agent_speech(SECONDS)}
    for voice in VOICES:
        said = np.concatenate([part for text in TEXTS for part in (pause, spoken(text, voice).samples)])
        made[voice] = said[: len(said) // 320 * 320]
    np.savez(sys.argv[1], **made)  # type: ignore[arg-type]


if __name__ == "__main__":
    main()
