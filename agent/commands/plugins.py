"""`heed plugins`: which plugins are installed, which are switched on, and how they fare in a running heed."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from agent.commands import plugins_new

EPILOG = """examples:
  heed plugins list                               what is installed, and what of it is switched on
  heed plugins new doorbell                       a package of one's own to begin with, in this folder
  heed plugins list --url http://127.0.0.1:8770   of a running heed at that address

Switch plugins on in config.toml, [plugins] enabled = ["subtitles"], or with HEED_PLUGINS_ENABLED=subtitles."""

MAX_ANSWER_BYTES = 1024 * 1024
TIMEOUT_S = 3.0


def add_arguments(parser: argparse.ArgumentParser) -> None:
    verbs = parser.add_subparsers(dest="verb", metavar="VERB", required=True)
    listing = verbs.add_parser("list", help="plugins that are installed, on or off, and their status")
    listing.add_argument("--config", type=Path, metavar="FILE", help="configuration (default: config.toml, if any)")
    listing.add_argument("--url", help="of the running heed (default: where the configuration says)")
    listing.add_argument("--json", action="store_true", help="print one JSON object a plugin")
    listing.set_defaults(act=_list)
    plugins_new.add_arguments(verbs.add_parser("new", help="make a package with a working plugin and its test"))


def run(args: argparse.Namespace) -> int:
    return int(args.act(args))


def _list(args: argparse.Namespace) -> int:
    from agent.config import load_config
    from agent.plugins import installed, switched_on

    config = load_config(args.config)
    known = installed()
    on = {plugin.name for plugin in switched_on(config, known)}
    url = args.url or address_of(config.web.host, config.web.port)
    running = _running(url, config.web.token, bool(args.url)) if args.url or config.web.enabled else {}
    rows = [
        {
            "name": plugin.name,
            "package": plugin.package,
            "version": plugin.version,
            "on": plugin.name in on,
            "status": running.get(plugin.name, ""),
        }
        for plugin in known.values()
    ]
    if args.json:
        for row in rows:
            print(json.dumps(row, ensure_ascii=False))
    else:
        _table(rows)
    return 0


def _table(rows: list[dict[str, Any]]) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    from agent.show import safe

    table = Table("plugin", "from", "", "status")
    for row in rows:
        source = f"{row['package']} {row['version']}"
        cells = (row["name"], source, "on" if row["on"] else "off", row["status"])
        table.add_row(*(Text(safe(cell)) for cell in cells))
    Console().print(table)


def address_of(host: str, port: int) -> str:
    """Where a heed of this configuration is found on this machine."""
    local = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, f"[{host}]" if ":" in host else host)
    return f"http://{local}:{port}"


def _running(url: str, token: str, wanted: bool) -> dict[str, str]:
    """Status lines of the plugins of a running heed; nothing where none runs.

    Raises:
        HeedError: `wanted`, and it does not answer as a heed does.
    """
    import urllib.error
    import urllib.request

    from streams.errors import HeedError

    if not url.startswith(("http://", "https://")):
        raise HeedError("--url must begin with http:// or https://")
    request = urllib.request.Request(f"{url.rstrip('/')}/api/plugins")
    if token:
        request.add_header("Authorization", f"Bearer {token}")
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(request, timeout=TIMEOUT_S) as answer:
            found = json.loads(answer.read(MAX_ANSWER_BYTES))
        return {str(one["name"]): str(one["status"]) for one in found["plugins"]}
    except urllib.error.HTTPError as error:
        error.close()
        if not wanted and error.code != 401:
            return {}
        why = "a token is needed: set HEED_WEB_TOKEN" if error.code == 401 else f"status {error.code}"
        raise HeedError(f"the heed at {url} does not tell its plugins: {why}") from None
    except (OSError, ValueError, KeyError, TypeError):
        if not wanted:
            return {}
        raise HeedError(f"no heed answers at {url}") from None
