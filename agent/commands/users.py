"""`heed users`: who may log in to the pages and interfaces of `heed run`, and as what. A running heed notices."""

from __future__ import annotations

import argparse
import getpass
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from agent.commands.noted import note

if TYPE_CHECKING:
    from agent.access.audit import Audit

EPILOG = """examples:
  heed users add anna --role operate              asks for the password, twice
  heed users add anna --role view < secret.txt    or reads it from standard input
  heed users add prometheus --role view --token   makes a token, and shows it this once
  heed users add guest --role view --camera gate  sees nothing of the other cameras
  heed users role anna administer
  heed users remove anna
  heed users list
  heed users log                                  what people did: log-ins, acknowledgements, changes, deletions

view looks, searches and asks; operate also acknowledges, calls and publishes; administer also changes rules, exports
and deletes. From the first user on everybody must log in, on this machine too."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    from agent.access.roles import ROLES

    verbs = parser.add_subparsers(dest="verb", metavar="VERB", required=True)
    add = verbs.add_parser("add", help="add somebody, or set a new password or token")
    add.add_argument("name", metavar="NAME", help="letters, digits, _ . @ -")
    add.add_argument("--role", choices=ROLES, default="view", help="what they may do (default: view)")
    add.add_argument("--token", action="store_true", help="a token for a program, not a password")
    add.add_argument(
        "--camera",
        action="append",
        default=[],
        metavar="NAME",
        help="sees this camera alone (repeatable)",
    )
    add.set_defaults(act=_add)
    role = verbs.add_parser("role", help="give somebody another role")
    role.add_argument("name", metavar="NAME", help="of the user")
    role.add_argument("role", choices=ROLES, help="what they may do")
    role.set_defaults(act=_role)
    remove = verbs.add_parser("remove", help="remove somebody; their log-ins end at once")
    remove.add_argument("name", metavar="NAME", help="of the user")
    remove.set_defaults(act=_remove)
    listing = verbs.add_parser("list", help="who there is")
    listing.add_argument("--json", action="store_true", help="print one JSON object a user")
    listing.set_defaults(act=_list)
    log = verbs.add_parser("log", help="what people did, the newest last")
    log.add_argument("--limit", type=int, default=50, metavar="N", help="lines to show (default: 50)")
    log.add_argument("--json", action="store_true", help="print one JSON object a line")
    log.set_defaults(act=_log)


def run(args: argparse.Namespace) -> int:
    return int(args.act(args))


def _path() -> Path:
    from agent.access.users import FILE
    from agent.config import data_folder

    return data_folder() / FILE


def _audit() -> Audit:
    from agent.access.audit import Audit
    from agent.config import data_folder
    from streams.clock import wall_now

    return Audit(data_folder(), wall_now)


def _add(args: argparse.Namespace) -> int:
    from agent.access import users

    password = None if args.token else _password(args.name)
    token = users.add(_path(), args.name, args.role, password, args.camera)
    note("user added", f"{args.name} as {args.role}")
    print(token or f"{args.name} may log in as {args.role}")
    if token:
        print("this token is shown only now: send it as 'Authorization: Bearer <token>'", file=sys.stderr)
    return 0


def _password(name: str) -> str:
    """From the terminal, twice; else the first line of standard input."""
    from agent.access.users import MAX_PASSWORD_CHARS, UsersError, check_password

    if not sys.stdin.isatty():
        return sys.stdin.readline(MAX_PASSWORD_CHARS + 2).rstrip("\r\n")
    password = getpass.getpass(f"password for {name}: ")
    check_password(password, name)
    if getpass.getpass("again: ") != password:
        raise UsersError("the two differ")
    return password


def _role(args: argparse.Namespace) -> int:
    from agent.access import users

    users.change_role(_path(), args.name, args.role)
    note("role changed", f"{args.name} is {args.role}")
    print(f"{args.name} is {args.role} now")
    return 0


def _remove(args: argparse.Namespace) -> int:
    from agent.access import users

    users.remove(_path(), args.name)
    note("user removed", args.name)
    print(f"{args.name} is removed")
    return 0


def _list(args: argparse.Namespace) -> int:
    from agent.access import users

    for user in users.read(_path()).values():
        by = [way for way, kept in (("password", user.password), ("token", user.token)) if kept]
        if args.json:
            print(json.dumps({"name": user.name, "role": user.role, "by": by, "cameras": list(user.cameras)}))
        else:
            print(f"{user.name:24}  {user.role:10}  {' and '.join(by):18}  {', '.join(user.cameras) or 'all cameras'}")
    return 0


def _log(args: argparse.Namespace) -> int:
    for line in reversed(_audit().last(max(1, args.limit))):
        if args.json:
            print(json.dumps(line))
        else:
            told = " ".join(str(line.get(key, "")) for key in ("t", "who", "from", "what", "about"))
            print(" ".join(told.split()))
    return 0
