"""Users, roles and log-ins without a server: how they are kept, how they end, and the command that manages them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from agent.access import users
from agent.access.logins import Brake, Logins
from agent.access.roles import ROLES, Who, needed, needed_by
from agent.access.users import UserBook, UsersError
from agent.cli import main
from agent.web.access import ServerError, WebOptions, check_options
from dialog.events import Ask, Interrupt, Tell
from streams.types import NS
from tests.agent.web.deskrig import PASSWORD


@pytest.fixture(autouse=True)
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HEED_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("HEED_CACHE", str(tmp_path / "no models"))
    return tmp_path


def test_the_brake_lets_go_and_forgets() -> None:
    now = [0]
    brake = Brake(lambda: now[0])
    for _ in range(6):
        brake.failed("1.2.3.4")
    assert brake.wait_s("1.2.3.4") == 2 and brake.wait_s("5.6.7.8") == 0
    now[0] = 2 * NS
    assert brake.wait_s("1.2.3.4") == 0
    for _ in range(100):
        brake.failed("1.2.3.4")
    assert brake.wait_s("1.2.3.4") == 60
    brake.succeeded("1.2.3.4")
    assert brake.wait_s("1.2.3.4") == 0
    for n in range(10_000):
        brake.failed(str(n))
    assert len(brake._wrong) <= 4096


def test_log_ins_end_and_are_bounded() -> None:
    now = [0]
    logins = Logins(lambda: now[0])
    secret = logins.open(Who("vera", "view"), "stamp")
    found = logins.who(secret, lambda name: "stamp")
    assert found is not None and found.name == "vera" and secret not in repr(logins._sessions)
    assert logins.who(secret, lambda name: "changed") is None and logins.who(secret, lambda name: "stamp") is None
    secret = logins.open(Who("vera", "view"), "stamp")
    now[0] = 13 * 3600 * NS
    assert logins.who(secret, lambda name: "stamp") is None
    for _ in range(1500):
        logins.open(Who("vera", "view"), "stamp")
    assert len(logins) == 1000


def test_what_is_named_nowhere_needs_the_highest_role() -> None:
    assert needed("POST", "/api/desk/something/new") == "administer" and needed("DELETE", "/x") == "administer"
    assert needed("GET", "/x") == "view" and needed("POST", None) == "view"
    assert needed("HEAD", "/healthz") is None
    assert needed_by(Tell("other", "list")) == "administer" and needed_by(Tell("alerts", "add")) == "administer"
    assert needed_by(Ask("x")) == "view" and needed_by(Interrupt()) == "operate"
    assert [Who("x", role).may("operate") for role in ROLES] == [False, True, True]


def test_users_are_kept_without_their_secrets(tmp_path: Path) -> None:
    path = tmp_path / "some" / "users.json"
    users.add(path, "anna", "view", PASSWORD)
    token = users.add(path, "robot", "view", None)
    raw = path.read_text()
    assert PASSWORD not in raw and token not in raw and "$argon2id$" in raw
    assert path.stat().st_mode & 0o777 == 0o600
    book = UserBook(path)
    assert book.check("anna", PASSWORD) is not None and book.check("anna", PASSWORD + "x") is None
    assert book.check("nobody", PASSWORD) is None and book.check("robot", "") is None
    found = book.by_token(token)
    assert found is not None and found.name == "robot" and book.by_token("") is None
    wrong = [(name, PASSWORD) for name in ("../x", "", "local", "token", "x" * 65, "a b")]
    for name, password in (*wrong, ("a", "short"), ("a", "aaaaaaaaaaaa"), ("annabella", "annabella-annabella")):
        with pytest.raises(UsersError):
            users.add(path, name, "view", password)
    with pytest.raises(UsersError):
        users.remove(path, "nobody")


def test_beyond_loopback_users_are_enough(tmp_path: Path) -> None:
    path = tmp_path / "users.json"
    with pytest.raises(ServerError, match="heed users add"):
        check_options(WebOptions(host="0.0.0.0", users=path))
    users.add(path, "anna", "view", PASSWORD)
    check_options(WebOptions(host="0.0.0.0", users=path))


def test_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    import io

    monkeypatch.setattr("sys.stdin", io.StringIO(f"{PASSWORD}\n"))
    assert main(["users", "add", "anna", "--role", "operate"]) == 0
    assert main(["users", "add", "prometheus", "--token"]) == 0
    out = capsys.readouterr().out
    assert PASSWORD not in out and "heed_" in out
    assert main(["users", "role", "anna", "view"]) == 0 and main(["users", "list", "--json"]) == 0
    listed = [json.loads(line) for line in capsys.readouterr().out.splitlines()[1:]]
    assert listed == [
        {"name": "anna", "role": "view", "by": ["password"], "cameras": []},
        {"name": "prometheus", "role": "view", "by": ["token"], "cameras": []},
    ]
    assert main(["users", "remove", "anna"]) == 0 and main(["users", "remove", "anna"]) == 1
    assert main(["users", "log", "--json"]) == 0
    told = capsys.readouterr()
    assert "there is no user 'anna'" in told.err
    assert [json.loads(line)["what"] for line in told.out.splitlines()[1:]] == [
        "user added", "user added", "role changed", "user removed",
    ]  # fmt: skip
    monkeypatch.setattr("sys.stdin", io.StringIO("short\n"))
    assert main(["users", "add", "ben"]) == 1 and "10 to" in capsys.readouterr().err
