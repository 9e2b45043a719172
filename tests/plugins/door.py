"""A plugin with something worth opening: it counts who opens it, and how often it was asked to."""

from __future__ import annotations

from dialog.events import Perceived
from plugins.contract import Register


def setup(register: Register) -> None:
    counts = {"seen": 0, "opened": 0, "asked": 0}

    def count(what: str) -> str:
        counts[what] += 1
        return "the door is open"

    register.on(Perceived, lambda event: counts.update(seen=counts["seen"] + 1))
    register.command("open", lambda arguments: count("opened"), "open the door")
    register.tool(r"\bopen\b.*\bdoor\b", lambda question: count("asked"))
    register.command("counts", lambda arguments: " ".join(f"{k}={v}" for k, v in counts.items()), "what happened")
