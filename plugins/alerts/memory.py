"""What the plugin keeps in its folder: rules made, changed and removed while heed ran, and what was not useful."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from plugins.alerts.rules import MAX_RULES, Rule, changed
from streams.errors import HeedError

MAX_FILE_BYTES = 1_000_000
MAX_NOTED = 1000
MAX_RELUCTANCE = 5


class Memory:
    """Written at once, and whole: a crash leaves the file before or after."""

    def __init__(self, folder: Path, configured: Sequence[Rule]) -> None:
        """Reads the folder.

        Raises:
            HeedError: a file there is damaged; names it.
        """
        self._folder, self._configured = folder, configured
        kept = self._read("rules.json")
        self._own: dict[str, Rule] = {}
        self._removed: list[str] = [str(name) for name in kept.get("removed", [])][:MAX_NOTED]
        for table in kept.get("rules", [])[:MAX_RULES]:
            rule = changed(table)
            self._own[rule.name] = rule
        noted = self._read("not_useful.json")
        self._noted: dict[str, int] = {
            str(key): n for key, n in list(noted.items())[:MAX_NOTED] if isinstance(n, int) and 0 < n <= MAX_RELUCTANCE
        }

    def rules(self) -> list[Rule]:
        """The rules that hold: of the configuration, as changed since, and those added."""
        names = {rule.name for rule in self._configured}
        held = [self._own.get(r.name, r) for r in self._configured if r.name not in self._removed]
        return held + [rule for name, rule in self._own.items() if name not in names]

    def put(self, rule: Rule) -> None:
        """Add or change a rule.

        Raises:
            HeedError: there are too many, or the folder cannot be written.
        """
        if len(self.rules()) >= MAX_RULES and all(rule.name != r.name for r in self.rules()):
            raise HeedError(f"there are {MAX_RULES} rules already: remove one")
        self._own[rule.name] = rule
        self._removed = [name for name in self._removed if name != rule.name]
        self._keep_rules()

    def remove(self, name: str) -> None:
        """Remove a rule, a configured one too."""
        self._own.pop(name, None)
        if any(rule.name == name for rule in self._configured) and name not in self._removed:
            self._removed.append(name)
        self._keep_rules()

    def reluctance(self, rule: str, source: str) -> int:
        """How often a rule's alerts of a source were called not useful, at most `MAX_RELUCTANCE`."""
        return self._noted.get(f"{rule}@{source}", 0)

    def note(self, rule: str, source: str, useful: bool) -> int:
        """Remember a person's judgement; returns the new reluctance."""
        key = f"{rule}@{source}"
        n = max(0, min(MAX_RELUCTANCE, self._noted.get(key, 0) + (-1 if useful else 1)))
        self._noted.pop(key, None)
        if n and len(self._noted) < MAX_NOTED:
            self._noted[key] = n
        self._write("not_useful.json", self._noted)
        return n

    def noted(self) -> dict[str, int]:
        """`rule@source` to how often it was not useful."""
        return dict(self._noted)

    def _keep_rules(self) -> None:
        rules = [{k: v for k, v in asdict(rule).items() if v is not None} for rule in self._own.values()]
        self._write("rules.json", {"rules": rules, "removed": self._removed})

    def _read(self, name: str) -> dict[str, Any]:
        path = self._folder / name
        try:
            if path.stat().st_size > MAX_FILE_BYTES:
                raise HeedError(f"{path} is larger than {MAX_FILE_BYTES} bytes: remove it")
            found = json.loads(path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return {}
        except (OSError, ValueError) as error:
            raise HeedError(f"{path} cannot be read ({error}): mend or remove it") from error
        if not isinstance(found, dict):
            raise HeedError(f"{path} must hold a JSON object: mend or remove it")
        return found

    def _write(self, name: str, value: dict[str, Any]) -> None:
        path = self._folder / name
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            fresh = path.with_suffix(".new")
            fresh.write_text(json.dumps(value, ensure_ascii=False, indent=1), encoding="utf-8")
            os.replace(fresh, path)
        except OSError as error:
            raise HeedError(f"cannot write {path}: {error.strerror or error}") from error
