"""`heed cameras`: find the cameras of a go2rtc or a Frigate, and take them into the configuration."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING

from agent.commands.plugins import address_of

if TYPE_CHECKING:
    from agent.cameras.found import Answer, Found

EPILOG = """examples:
  heed cameras discover http://192.168.1.5:1984           what a go2rtc hands out
  heed cameras discover http://192.168.1.5:5000           the cameras of a Frigate, with zones and masks
  heed cameras discover http://192.168.1.5:5000 --write   and into config.toml with them
  heed cameras discover http://192.168.1.5:5000 --write --only gate --only yard
  heed cameras discover http://192.168.1.5:1984 --add     have a running heed watch them, until it ends

Only the host that is named is asked; cameras are watched through it, as rtsp://HOST:8554/NAME. Afterwards
`systemctl reload heed` brings a running service to watch them."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    verbs = parser.add_subparsers(dest="verb", metavar="VERB", required=True)
    discover = verbs.add_parser("discover", help="ask a go2rtc or a Frigate for its cameras")
    discover.add_argument("url", metavar="URL", help="http://host:1984 of a go2rtc, http://host:5000 of a Frigate")
    discover.add_argument("--write", action="store_true", help="add those that are new to the configuration")
    discover.add_argument("--add", action="store_true", help="have a running heed watch those that are new, at once")
    discover.add_argument("--url", dest="heed", metavar="URL", help="of that heed (default: as the configuration says)")
    discover.add_argument("--only", action="append", default=[], metavar="NAME", help="this camera alone (repeatable)")
    discover.add_argument("--config", type=Path, metavar="FILE", help="configuration (default: config.toml)")
    discover.add_argument(
        "--rtsp-port", type=int, default=8554, metavar="N", help="where it hands out streams (default: 8554)"
    )
    discover.add_argument("--json", action="store_true", help="print one JSON object a camera")
    discover.set_defaults(act=_discover)


def run(args: argparse.Namespace) -> int:
    return int(args.act(args))


def _discover(args: argparse.Namespace) -> int:
    import asyncio

    from agent.cameras.discover import discover
    from agent.cameras.write import write
    from agent.config import load_config
    from streams.errors import HeedError

    if not 1 <= args.rtsp_port <= 65_535:
        raise HeedError("--rtsp-port must be between 1 and 65535")
    if args.heed and not args.heed.startswith(("http://", "https://")):
        raise HeedError("--url must begin with http:// or https://")
    path = args.config or Path("config.toml")
    config = load_config(path if args.config or path.is_file() else None)
    answer = asyncio.run(discover(args.url, args.rtsp_port))
    names = {one.source.name for one in answer.found}
    if missing := [name for name in args.only if name not in names]:
        raise HeedError(f"there is no camera {missing[0][:64]!r}; found: {', '.join(sorted(names)) or 'none'}")
    taken = {source.name for source in config.sources} | {source.url for source in config.sources}
    new: list[Found] = []
    for one in answer.found:
        if not {one.source.name, one.source.url} & taken and (not args.only or one.source.name in args.only):
            taken |= {one.source.name, one.source.url}
            new.append(one)
    _show(answer, new, args.json)
    if args.write and new:
        write(path, [one.source for one in new])
    if args.add and new:
        url = args.heed or address_of(config.web.host, config.web.port)
        return _add(url.rstrip("/"), config.web.token, args, new)
    if not args.json:
        _conclude(path, new, args.write)
    return 0


def _add(url: str, token: str, args: argparse.Namespace, new: list[Found]) -> int:
    """Have a running heed watch what is new; 1 if it refuses any."""
    import asyncio
    from dataclasses import replace
    from urllib.parse import urlsplit

    from agent.cameras.found import Host
    from agent.cameras.running import add, in_numbers

    host = Host(in_numbers(urlsplit(args.url).hostname or ""), args.rtsp_port)
    sources = [replace(one.source, url=host.moved(one.source.url)) for one in new]
    told = asyncio.run(add(url, token, sources))
    for one, (ok, line) in zip(new, told, strict=True):
        more = "" if not ok or not (one.source.zones or one.source.masks) else " (without zones and masks: --write)"
        print(f"{'added' if ok else 'refused'}: {line}{more}")
    return 0 if all(ok for ok, _ in told) else 1


def _show(answer: Answer, new: list[Found], as_json: bool) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    from agent.show import safe

    if as_json:
        for one in answer.found:
            row = {"name": one.source.name, "url": one.source.url, "about": one.about, "new": one in new}
            print(json.dumps(row, ensure_ascii=False))
        return
    console = Console()
    table = Table("camera", "address", "", "", title=answer.kind, title_justify="left")
    for one in answer.found:
        cells = (one.source.name, one.source.url, one.about, "" if one in new else "not added")
        table.add_row(*(Text(safe(cell)) for cell in cells))
    console.print(table if answer.found else Text(f"{answer.kind}: no camera that could be watched"))
    for name, why in answer.left_out:
        console.print(Text(safe(f"left out: {name}: {why}")))


def _conclude(path: Path, new: list[Found], written: bool) -> None:
    from agent.cameras.write import block

    if not new:
        print("nothing to add: all of them stand in the configuration, or were not asked for")
    elif written:
        print(f"{len(new)} added to {path}; a running service takes them with `systemctl reload heed`")
    else:
        print(f"\nto add to {path} (or let --write do it):\n")
        print("\n".join(block(one.source) for one in new), end="")
