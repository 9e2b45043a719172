"""The people who may log in, in a file that `heed users` manages and a running heed reads anew when it changes.

Passwords are kept as argon2id hashes; tokens, which are 256 random bits, as SHA-256. A file that cannot be read lets
nobody in: it is never taken for a file without users.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import re
import secrets
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any, get_args

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from filelock import FileLock

from agent.access.roles import ROLES, Role
from streams.errors import HeedError

FILE = "users.json"
MAX_FILE_BYTES = 1_000_000
MAX_USERS = 1000
MAX_CAMERAS = 64
MIN_PASSWORD_CHARS = 10
MAX_PASSWORD_CHARS = 1000
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.@-]{0,63}")
_LOCK_S = 10.0


class UsersError(HeedError):
    """The file of users cannot be read or changed; one line that never holds a secret."""

    code = "users"


@dataclass(frozen=True, slots=True)
class User:
    """One person or program."""

    name: str
    role: Role
    password: str = ""
    """argon2id hash; empty: no password."""
    token: str = ""
    """SHA-256 of the token, in hexadecimal digits; empty: no token."""
    cameras: tuple[str, ...] = ()
    """What they see; empty: all."""

    @property
    def stamp(self) -> str:
        """Changes with the role, the password and the token: a log-in made before that is no longer good."""
        return hashlib.sha256(
            "\0".join((self.name, self.role, self.password, self.token, *self.cameras)).encode()
        ).hexdigest()


class UserBook:
    """The file as it is now, for a running heed. Blocking only where it says so."""

    def __init__(self, path: Path, hasher: PasswordHasher | None = None) -> None:
        """`hasher`: for tests; argon2id with the parameters of RFC 9106 for little memory by default."""
        self.path = path
        self._hasher = hasher or PasswordHasher()
        self._users: Mapping[str, User] = MappingProxyType({})
        self._seen: tuple[int, int, int] | None = None
        self._strict = False
        self._wrong = ""
        self._dummy = ""

    @property
    def demands(self) -> bool:
        """Whether users are, or were since heed started, in the file: then everybody must be one of them."""
        self._refresh()
        return self._strict

    @property
    def wrong(self) -> str:
        """Why nobody can log in; empty where all is well."""
        self._refresh()
        return self._wrong

    def get(self, name: str) -> User | None:
        """The user of that name as the file is now."""
        self._refresh()
        return self._users.get(name)

    def by_token(self, token: str) -> User | None:
        """Whose token that is. Compares with every user's, in equal time."""
        self._refresh()
        told = hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()
        found = None
        for user in self._users.values():
            if user.token and hmac.compare_digest(user.token, told):
                found = user
        return found

    def check(self, name: str, password: str) -> User | None:
        """The user whose name and password these are. Blocking, some 50 ms, for an unknown name as well."""
        user = self.get(name)
        if not self._dummy:
            self._dummy = self._hasher.hash(secrets.token_hex(16))
        kept = user.password if user is not None and user.password else self._dummy
        try:
            good = self._hasher.verify(kept, password[:MAX_PASSWORD_CHARS])
        except (VerificationError, InvalidHashError):
            return None
        return user if good and user is not None and user.password else None

    def _refresh(self) -> None:
        try:
            found = self.path.stat()
            seen = (found.st_mtime_ns, found.st_size, found.st_ino)
        except FileNotFoundError:
            self._users, self._seen, self._wrong = MappingProxyType({}), None, ""
            return
        except OSError as error:
            self._fail(f"{self.path} cannot be read: {error.strerror or error}")
            return
        if seen == self._seen:
            return
        self._seen = seen
        try:
            self._users, self._wrong = MappingProxyType(read(self.path)), ""
        except UsersError as error:
            self._fail(str(error))
        self._strict = self._strict or bool(self._users) or bool(self._wrong)

    def _fail(self, why: str) -> None:
        self._users, self._wrong, self._strict = MappingProxyType({}), why, True


def read(path: Path) -> dict[str, User]:
    """The users of a file; none where there is no file.

    Raises:
        UsersError: it is damaged.
    """
    try:
        if path.stat().st_size > MAX_FILE_BYTES:
            raise UsersError(f"{path} is larger than {MAX_FILE_BYTES} bytes: that is no file of users")
        users = [_user(entry) for entry in json.loads(path.read_text(encoding="utf-8"))["users"]]
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise UsersError(f"{path} cannot be read: {error.strerror or error}") from error
    except (ValueError, TypeError, KeyError, RecursionError):  # what it holds may be secret: not told
        raise UsersError(f"{path} is damaged: mend it, or remove it and add the users again") from None
    if len({user.name for user in users}) != len(users) or len(users) > MAX_USERS:
        raise UsersError(f"{path} has two users of one name, or more than {MAX_USERS}")
    return {user.name: user for user in users}


def add(path: Path, name: str, role: Role, password: str | None, cameras: Sequence[str] = ()) -> str:
    """Add a user, or change one of that name, who sees these cameras alone (empty: all). Returns a new token where
    `password` is None, else nothing.

    Raises:
        UsersError: the name, role or password is not allowed, or the file cannot be written.
    """
    if not NAME.fullmatch(name) or name in ("local", "token"):
        raise UsersError(
            "a user's name has 1 to 64 letters, digits, '_', '.', '@' or '-', and is neither 'local' nor 'token'"
        )
    if role not in ROLES:
        raise UsersError(f"the role must be one of {', '.join(ROLES)}")
    token = ""
    with _changing(path) as users:
        if len(users) >= MAX_USERS and name not in users:
            raise UsersError(f"there are {MAX_USERS} users already")
        known = _checked(replace(users.get(name, User(name, role)), role=role, cameras=tuple(cameras)))
        if password is None:
            token = f"heed_{secrets.token_urlsafe(32)}"
            users[name] = replace(known, token=hashlib.sha256(token.encode()).hexdigest())
        else:
            check_password(password, name)
            users[name] = replace(known, password=PasswordHasher().hash(password))
    return token


def change_role(path: Path, name: str, role: Role) -> None:
    """Give a user another role. Raises `UsersError`."""
    with _changing(path) as users:
        if name not in users:
            raise UsersError(f"there is no user {name[:64]!r}")
        users[name] = _checked(replace(users[name], role=role))


def remove(path: Path, name: str) -> None:
    """Remove a user; log-ins end at once. Raises `UsersError`."""
    with _changing(path) as users:
        if users.pop(name, None) is None:
            raise UsersError(f"there is no user {name[:64]!r}")


def check_password(password: str, name: str) -> None:
    """Refuse one that is easily guessed. Raises `UsersError`."""
    if not MIN_PASSWORD_CHARS <= len(password) <= MAX_PASSWORD_CHARS:
        raise UsersError(f"a password has {MIN_PASSWORD_CHARS} to {MAX_PASSWORD_CHARS} characters")
    if len(set(password)) < 4 or name.lower() in password.lower():
        raise UsersError("that password is easily guessed: take several words, without the user's name")


@contextmanager
def _changing(path: Path) -> Iterator[dict[str, User]]:
    """The users of a file; what becomes of them in the context is written, whole or not at all."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with FileLock(path.with_suffix(".lock"), timeout=_LOCK_S, mode=0o600):
            users = read(path)
            yield users
            fresh = path.with_suffix(".new")
            fresh.unlink(missing_ok=True)
            with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
                json.dump({"users": [asdict(user) for user in users.values()]}, file, indent=1)
                file.flush()
                os.fsync(file.fileno())
            os.replace(fresh, path)
    except OSError as error:
        raise UsersError(f"{path} cannot be written: {error.strerror or error}") from error


def _checked(user: User) -> User:
    if user.cameras and user.role == "administer":
        raise UsersError("who administers sees all cameras: leave --camera out, or give another role")
    if len(user.cameras) > MAX_CAMERAS or not all(0 < len(c) <= 200 and c.isprintable() for c in user.cameras):
        raise UsersError(f"a user sees at most {MAX_CAMERAS} cameras, with names of 1 to 200 characters")
    return user


def _user(entry: Mapping[str, Any]) -> User:
    cameras = entry.get("cameras", ())
    if not isinstance(cameras, list | tuple) or not all(isinstance(camera, str) for camera in cameras):
        raise TypeError
    user = _checked(User(**{**entry, "cameras": tuple(cameras)}))
    if not NAME.fullmatch(user.name) or user.role not in get_args(Role):
        raise ValueError
    if not isinstance(user.password, str) or not isinstance(user.token, str):
        raise TypeError
    return user
