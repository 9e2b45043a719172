"""`python -m agent.models`: the same as `heed models`, without the rest of the program (for the setup)."""

from __future__ import annotations

import argparse
import sys

from agent.models import cli
from streams.errors import HeedError


def main() -> int:
    """Parse the command line, run, and report an error as one line."""
    parser = argparse.ArgumentParser(prog="heed models")
    cli.add_arguments(parser)
    try:
        return cli.run(parser.parse_args())
    except HeedError as error:
        print(f"heed: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("heed: interrupted; nothing half is left behind", file=sys.stderr)
        return 130


if __name__ == "__main__":
    sys.exit(main())
