"""What libraries write does not reach the screen."""

from __future__ import annotations

import subprocess
import sys

PROGRAM = """
import os, sys
from agent.ui.screen_only import last_of, stderr_aside
with stderr_aside() as aside:
    os.write(2, b"of a library\\n")
    print("of Python", file=sys.stderr, flush=True)
    sys.__stderr__.write("drawn\\n")
    sys.__stderr__.flush()
    kept = last_of(aside)
print(kept, end="")
os.write(2, b"again\\n")
"""


def test_only_the_screen_is_drawn() -> None:
    done = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True)
    assert done.stderr == "drawn\nagain\n" and done.stdout == "of a library\nof Python\n"
