"""`heed`: the command line. Finds the command, runs it, and turns every foreseen fault into one clear line."""

from __future__ import annotations

import argparse
import importlib
import logging
import sys
from collections.abc import Sequence
from importlib.metadata import version

from streams.errors import HeedError

COMMANDS: dict[str, tuple[str, str]] = {
    "run": ("agent.commands.run", "run the agent live: web page and calls, MQTT, cameras, microphone, terminal"),
    "replay": ("agent.commands.replay", "send a recorded file through the agent and see what it perceives"),
    "ask": ("agent.commands.ask", "ask a question against a file of percepts"),
    "search": ("agent.commands.search", "find moments of earlier days in the archive, in plain words"),
    "archive": ("agent.commands.archive", "what the archive holds: a day in short, export, deletion, back-up"),
    "cameras": ("agent.commands.cameras", "find the cameras of a go2rtc or a Frigate, and add them"),
    "users": ("agent.commands.users", "who may log in, and as what; and the log of what people did"),
    "tui": ("agent.commands.tui", "the terminal assistant: talk, type, and see what it perceives"),
    "demo": (
        "agent.commands.demo",
        "make a clip, hold a real WebRTC call about it with the agent, and show the result",
    ),
    "bench": ("agent.commands.bench", "measure perception, speed and answers; a table and one line of JSON"),
    "train": ("agent.commands.train", "train an adapter for the language model"),
    "models": ("agent.models.cli", "list and fetch models"),
    "plugins": ("agent.commands.plugins", "list the plugins that are installed, and which of them run"),
    "doctor": ("agent.doctor", "check this machine and say what to mend"),
    "check-config": ("agent.commands.check_config", "check a configuration file"),
}

EPILOG = """examples:
  heed models pull                          fetch the default models (once)
  heed demo                                 see and hear it work
  heed replay clip.mp4 --ask "12.5 How many people are there?"
  heed run                                  then open http://localhost:8770

Each command has a --help of its own."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command. Returns the exit code: 0 fine, 1 failed, 2 wrong usage, 130 interrupted."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    parser = _parser(arguments)
    args = parser.parse_args(arguments)
    if args.command is None:
        parser.print_help()
        return 2
    from agent.config import bound_products  # here, so that --help comes at once

    bound_products()
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    # `huggingface_hub` itself is set anew when it is imported, what is below it is not.
    hubs = ("transformers", "httpx", "httpx2", "huggingface_hub.utils", "faster_whisper")
    for chatty in ("aioice", "aiortc", *hubs, "heed.mqtt.wire"):
        logging.getLogger(chatty).setLevel(logging.ERROR)
    try:
        return int(args.run(args))
    except HeedError as error:
        print(f"heed: {error}", file=sys.stderr)
        return 1
    except PermissionError as error:  # mostly what belongs to a service's own user
        print(f"heed: {error.filename} cannot be read: {error.strerror}; run heed as its owner", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        sys.stderr.close()
        return 0
    except BaseExceptionGroup as group:
        known, rest = group.split(HeedError)
        if rest is not None or known is None:
            raise
        for line in dict.fromkeys(str(error) for error in _leaves(known)):
            print(f"heed: {line}", file=sys.stderr)
        return 1


def _parser(arguments: Sequence[str]) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="heed",
        description="A streaming, real-time multimodal agent: it watches, listens, remembers and answers.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"heed {version('heed')}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", title="commands")
    wanted = next((a for a in arguments if not a.startswith("-")), None)
    for name, (module, summary) in COMMANDS.items():
        sub = commands.add_parser(
            name, help=summary, description=summary[0].upper() + summary[1:] + ".",
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )  # fmt: skip
        if name == wanted:  # the other commands' modules need not be loaded to run this one
            loaded = importlib.import_module(module)
            sub.epilog = getattr(loaded, "EPILOG", None)
            loaded.add_arguments(sub)
            sub.set_defaults(run=loaded.run)
    return parser


def _leaves(group: BaseExceptionGroup[BaseException]) -> list[BaseException]:
    out: list[BaseException] = []
    for error in group.exceptions:
        out.extend(_leaves(error) if isinstance(error, BaseExceptionGroup) else [error])
    return out


if __name__ == "__main__":
    raise SystemExit(main())
