"""`heed check-config`: is a configuration file right, and what is in force?"""

from __future__ import annotations

import argparse
import dataclasses
from pathlib import Path

from rich.console import Console
from rich.table import Table

from agent.cameras.config import SourceConfig
from agent.config import Config, load_config
from agent.plugins import check
from agent.startable import check_startable

_SECRET = ("token", "password")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", nargs="?", type=Path, help="the file (default: config.toml in this folder, if any)")
    parser.add_argument(
        "--all", action="store_true", help="show every key, not only those that differ from the default"
    )


def run(args: argparse.Namespace) -> int:
    config, default = load_config(args.file), Config()
    check(config)
    check_startable(config)
    table = Table("key", "value", "", title="heed's configuration", title_justify="left")
    for section in dataclasses.fields(config):
        values, defaults = getattr(config, section.name), getattr(default, section.name)
        if section.name == "sources":
            for source in values:
                usual = SourceConfig(source.name, source.url)
                own = [f.name for f in dataclasses.fields(source) if getattr(source, f.name) != getattr(usual, f.name)]
                table.add_row(f"sources: {source.name}", _hide_credentials(source.url), ", ".join(own))
            continue
        for key in dataclasses.fields(values):
            if key.metadata.get("rest"):
                for name in getattr(values, key.name):  # its values may be secrets: only the plugin knows
                    table.add_row(f"{section.name}.{name}", "(a table)", "")
                continue
            value, usual = getattr(values, key.name), getattr(defaults, key.name)
            if args.all or value != usual:
                shown = "(set)" if key.name in _SECRET and value else str(value)
                table.add_row(f"{section.name}.{key.name}", shown, "" if value == usual else f"default: {usual}")
    console = Console()
    if table.row_count:
        console.print(table)
    console.print("the configuration is right" + ("" if table.row_count else "; every key has its default"))
    return 0


def _hide_credentials(url: str) -> str:
    scheme, separator, rest = url.partition("://")
    return f"{scheme}{separator}***@{rest.split('@', 1)[1]}" if separator and "@" in rest else url
