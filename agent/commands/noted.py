"""What a command did, for the log of what people did."""

from __future__ import annotations

import getpass
import sys


def note(what: str, about: str) -> None:
    """Write it down under the name of this machine's user; says so where the disk refuses."""
    from agent.access.audit import Audit
    from agent.config import data_folder
    from streams.clock import wall_now

    log = Audit(data_folder(), wall_now)
    try:
        name = getpass.getuser()
    except (KeyError, OSError):  # a user without a name, as in a container
        name = "?"
    if not log.note(f"command:{name}", what, about):
        print(f"heed: not written down who did this: {log.failure}", file=sys.stderr)
