"""Writes `[[sources]]` blocks into a configuration file, without disturbing what is in it."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path

from agent.cameras.config import SourceConfig
from agent.config import load_config
from agent.tables import ConfigError
from streams.area import Polygon

MASKS_NOTE = "# Frigate's motion masks: heed blackens these parts. Delete the line to see them."


def block(source: SourceConfig) -> str:
    """A source as TOML."""
    lines = ["[[sources]]", f"name = {_text(source.name)}", f"url = {_text(source.url)}"]
    if source.max_fps:
        lines.append(f"max_fps = {source.max_fps:g}")
    if source.masks:
        lines += [MASKS_NOTE, f"masks = [{', '.join(map(_points, source.masks))}]"]
    if source.zones:
        zones = (f"{{name = {_text(zone.name)}, points = {_points(zone.points)}}}" for zone in source.zones)
        lines.append(f"zones = [{', '.join(zones)}]")
    return "\n".join(lines) + "\n"


def write(path: Path, sources: Sequence[SourceConfig]) -> None:
    """Append sources to a file; a new file where there is none. All of them, or none.

    Raises:
        ConfigError: the file cannot be read or written, or would not be right with them: one line; it is as it was.
    """
    path = path.resolve()  # a link stays one
    try:
        before = path.read_text(encoding="utf-8") if path.exists() else ""
        gap = "" if not before else "\n" if before.endswith("\n") else "\n\n"
        with tempfile.TemporaryDirectory(prefix=".heed-", dir=path.parent) as folder:
            fresh = Path(folder) / path.name
            with fresh.open("w", encoding="utf-8") as file:
                file.write(before + gap + "\n".join(map(block, sources)))
                file.flush()
                os.fsync(file.fileno())
            try:
                load_config(fresh, {})
            except ConfigError as error:
                raise ConfigError(f"{path} would not be right any more: {str(error).replace(str(fresh), '')}") from None
            if path.exists():
                shutil.copymode(path, fresh)
            os.replace(fresh, path)
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"cannot write {path}: {getattr(error, 'strerror', None) or 'it is no text'}") from error


def _text(value: str) -> str:
    """A TOML string: what JSON escapes, TOML reads; anything else stands as it is."""
    return json.dumps(value, ensure_ascii=False)


def _points(polygon: Polygon) -> str:
    return f"[{', '.join(f'[{x:g}, {y:g}]' for x, y in polygon)}]"
