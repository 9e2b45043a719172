"""`heed plugins new NAME`: a small package with a working plugin, its test, and how to install it."""

from __future__ import annotations

import argparse
import re
from pathlib import Path
from string import Template

from streams.errors import HeedError

_NAME = re.compile(r"[a-z][a-z0-9]*([_-][a-z0-9]+)*")
MAX_NAME_CHARS = 32

PYPROJECT = Template("""\
[build-system]
requires = ["setuptools>=77"]
build-backend = "setuptools.build_meta"

[project]
name = "heed-$dashed"
version = "0.1.0"
description = "A plugin for heed: says when something that you name is seen, heard or read."
requires-python = ">=3.11"
dependencies = []  # libraries of your own; heed is there already

[project.entry-points."heed.plugins"]
$name = "$package:setup"

[tool.setuptools]
packages = ["$package"]

[tool.pytest.ini_options]
testpaths = ["tests"]
pythonpath = ["."]
""")

PLUGIN = Template('''\
"""Raises an alert when something that you name is seen, heard or read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from dialog.events import Perceived
from plugins.contract import Alert, Register
from streams.types import NS, Percept


@dataclass(frozen=True)
class Options:
    """The table `[plugins.$name]` in config.toml."""

    words: tuple[str, ...] = ("person",)
    """What to look out for, in any text that heed makes of what it perceives."""
    quiet_s: float = 60.0
    """After an alert, silence for so long."""

    def __post_init__(self) -> None:
        if not self.quiet_s >= 0:
            raise ValueError("quiet_s must not be negative")


class Noticed:
    """One run of the plugin. Its methods are called one after another, never two at once."""

    def __init__(self, register: Register) -> None:
        self._register = register
        self._options = register.options(Options)
        self._count = 0
        self._quiet_until_ns = 0
        register.on(Perceived, self.see)
        register.command("reset", self.reset, "begin to count anew")
        register.tool(r"\\bhow (many|often)\\b.*\\b$word\\b", lambda question: self.status())
        register.status(self.status)

    def see(self, event: Perceived) -> None:
        """Something was perceived: by a camera, a microphone, a reader of text."""
        what = event.what
        if not isinstance(what, Percept):
            return  # a transcript, or words that are still being said: `speech` percepts follow
        text = what.text.lower()
        if event.t_ns < self._quiet_until_ns or not any(word.lower() in text for word in self._options.words):
            return
        self._count += 1
        self._quiet_until_ns = event.t_ns + round(self._options.quiet_s * NS)
        said = f"{self._register.clock(event.t_ns)} {what.source}: {what.text}"[:400]
        self._register.emit(Alert(event.t_ns, f"$name-{self._count}", "$name", "info", "new", said, (what.id,)))

    def reset(self, arguments: Mapping[str, Any]) -> str:
        """A command: `{"type": "plugin", "plugin": "$name", "command": "reset"}`."""
        self._count, self._quiet_until_ns = 0, 0
        return "counts from zero again"

    def status(self) -> str:
        """A line for `heed plugins list`, and the answer to the question that the tool takes."""
        return f"noticed {self._count} times: {', '.join(self._options.words)}"[:200]


def setup(register: Register) -> None:
    """What the entry point names."""
    Noticed(register)
''')

TEST = Template('''\
"""Tests of the plugin: `pytest`, in an environment where heed is installed."""

from __future__ import annotations

import asyncio
from pathlib import Path

from dialog.events import Perceived
from plugins.contract import Alert
from plugins.testing import check_plugin, hosted
from streams.types import NS, Percept

from $package import setup


def perceived(t_s: float, text: str) -> Perceived:
    t_ns = round(t_s * NS)
    return Perceived(t_ns, Percept(f"door/v{t_ns}", "object", "door", t_ns, t_ns, text))


def test_it_says_once_what_it_was_told_to_look_out_for(tmp_path: Path) -> None:
    async def run() -> None:
        async with hosted(setup, tmp_path, {"words": ["dog"], "quiet_s": 10}, name="$name") as tried:
            await tried.feed(perceived(1, "a person enters"), perceived(2, "a dog enters"), perceived(3, "a dog sits"))
            assert [alert.text for alert in tried.of(Alert)] == ["0:02 door: a dog enters"]
            await tried.feed(perceived(13, "a dog leaves"))
            assert tried.host.status("$name") == "noticed 2 times: dog"
            assert await tried.host.command("$name", "reset", {}) == "counts from zero again"

    asyncio.run(run())


def test_it_keeps_the_contract(tmp_path: Path) -> None:
    asyncio.run(check_plugin(setup, tmp_path, name="$name"))
''')

README = Template("""\
# heed-$dashed

A plugin for heed: raises an alert when something that you name is seen, heard or read.

In the environment in which heed is installed:

    pip install --no-deps -e .
    heed plugins list

Switch it on in `config.toml`:

    [plugins]
    enabled = ["$name"]

    [plugins.$name]
    words = ["dog"]
    quiet_s = 60.0

Test it with `pytest` (`pip install pytest`, once). What plugins can do is in heed's `docs/plugins/`.
""")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of the verb."""
    parser.add_argument("name", metavar="NAME", help="as in config.toml: small letters, digits, - and _")
    parser.add_argument(
        "--folder", type=Path, default=Path(), help="where the package's folder is made (default: here)"
    )
    parser.set_defaults(act=run)


def run(args: argparse.Namespace) -> int:
    """Make it, and say what to do next."""
    made = make(args.name, args.folder)
    print(f"made {made}: a plugin that works, and its tests. Next:")
    print(f"  cd {made} && pytest && pip install --no-deps -e .    (once before: pip install pytest)")
    print(f'  then switch it on: [plugins] enabled = ["{args.name}"] in config.toml')
    return 0


def make(name: str, folder: Path) -> Path:
    """Make the package `heed-<name>` in `folder`; returns its folder.

    Raises:
        HeedError: the name cannot be used, or the folder exists or cannot be made.
    """
    from agent.plugins import installed

    if not _NAME.fullmatch(name) or len(name) > MAX_NAME_CHARS:
        raise HeedError(
            f"a plugin's name is at most {MAX_NAME_CHARS} small letters, digits, - and _, beginning with a letter: "
            f"not {name[:40]!r}"
        )
    if (other := installed().get(name)) is not None:
        raise HeedError(f"there is a plugin {name} already, from {other.package}: choose another name")
    dashed, package = name.replace("_", "-"), "heed_" + name.replace("-", "_")
    values = {"name": name, "dashed": dashed, "package": package, "word": re.split("[_-]", name)[0]}
    root = folder / f"heed-{dashed}"
    files = {
        "pyproject.toml": PYPROJECT,
        "README.md": README,
        f"{package}/__init__.py": PLUGIN,
        f"tests/test_{package}.py": TEST,
    }
    try:
        root.mkdir(parents=True)
        for path, template in files.items():
            (root / path).parent.mkdir(exist_ok=True)
            (root / path).write_text(template.substitute(values), encoding="utf-8")
    except FileExistsError:
        raise HeedError(f"{root} exists already: remove it, or choose another name or --folder") from None
    except OSError as error:
        raise HeedError(f"cannot make {root}: {error.strerror or error}") from error
    return root
