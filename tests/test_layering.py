"""The import rules of the design: data flows one way, and each folder knows only what it may."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
OURS = ("agent", "streams", "dialog", "plugins")
MAY_IMPORT = {
    "streams": ("streams",),
    "dialog": ("dialog", "streams"),
    "plugins": ("plugins", "streams.types", "streams.errors", "dialog.events"),
    # What runs plugins is no plugin: it has hops, time-outs and times to tell.
    "plugins/process": ("plugins", "streams", "dialog.events"),
    "agent": OURS,
}
ONLY_IN = {
    "aiortc": ("streams/webrtc/",),
    "aiomqtt": ("streams/mqtt/",),
    "amqtt": ("agent/broker.py",),
    "sounddevice": ("streams/sources/devices.py", "streams/sinks/", "agent/doctor.py"),
    "torch": ("dialog/model/", "dialog/training/", "streams/encoders/", "agent/bench/", "agent/doctor.py"),
    "textual": ("agent/ui/",),
    "livekit": ("streams/echo/",),
}
FILES = sorted(p for folder in OURS for p in (ROOT / folder).rglob("*.py"))


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            yield node.module or ""


def within(module: str, package: str) -> bool:
    return module == package or module.startswith(package + ".")


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(ROOT)))
def test_imports(path: Path) -> None:
    name = path.relative_to(ROOT).as_posix()
    allowed = MAY_IMPORT.get("/".join(name.split("/")[:2]), MAY_IMPORT[name.split("/")[0]])
    for module in imports(path):
        top = module.split(".")[0]
        if top in OURS:
            assert any(within(module, a) for a in allowed), f"{name} imports {module}"
        if top in ONLY_IN:
            assert name.startswith(ONLY_IN[top]), f"{name} imports {module}, which belongs to {ONLY_IN[top]}"
        assert top != "tests", f"{name} imports tests"


def test_the_rules_find_a_breach(tmp_path: Path) -> None:
    bad = tmp_path / "bad.py"
    bad.write_text("def f():\n    from dialog.manager import Dialog\n")
    assert [m for m in imports(bad) if not any(within(m, a) for a in MAY_IMPORT["streams"])] == ["dialog.manager"]


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(ROOT)))
def test_only_the_clock_reads_time(path: Path) -> None:
    name = path.relative_to(ROOT).as_posix()
    if name in ("streams/clock.py",) or name.startswith(("agent/bench/", "dialog/training/")):
        return
    tree = ast.parse(path.read_text())
    reads = [
        f"{node.value.id}.{node.attr}"
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and (node.value.id, node.attr)
        in {("time", a) for a in ("time", "time_ns", "monotonic", "monotonic_ns", "perf_counter")}
        | {("datetime", "now"), ("datetime", "utcnow")}
    ]
    assert not reads, f"{name} reads time by {reads}: ask the injected clock"


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(ROOT)))
def test_the_environment_is_read_in_one_place(path: Path) -> None:
    name = path.relative_to(ROOT).as_posix()
    if name == "agent/config.py":
        return
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "os":
            assert node.attr not in ("environ", "getenv"), f"{name} reads the environment"
