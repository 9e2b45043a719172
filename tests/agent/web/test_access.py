"""Who may talk to the server, without a server."""

from __future__ import annotations

import pytest
from aiohttp import web
from aiohttp.test_utils import make_mocked_request

from agent.web.access import Access, ServerError, WebOptions, check_name, check_options, is_loopback, person_name


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.5", "camera.lan", ""])
def test_beyond_loopback_a_token_is_demanded(host: str) -> None:
    assert not is_loopback(host)
    with pytest.raises(ServerError, match="set a token"):
        check_options(WebOptions(host=host))
    with pytest.raises(ServerError, match="too short"):
        check_options(WebOptions(host=host, token="short"))
    check_options(WebOptions(host=host, token="long enough"))


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "::1", "127.8.0.1"])
def test_on_loopback_none_is_needed(host: str) -> None:
    check_options(WebOptions(host=host))


def test_ports_that_do_not_exist() -> None:
    with pytest.raises(ServerError, match="port 70000"):
        check_options(WebOptions(port=70000))


@pytest.mark.parametrize("host", ["localhost:8770", "127.0.0.1", "[::1]:8770", "LOCALHOST", "cam.lan:8770"])
def test_names_of_this_machine(host: str) -> None:
    Access(WebOptions(allowed_hosts=("cam.lan",))).check_origin(make_mocked_request("GET", "/", headers={"Host": host}))


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "evil.example:8770"},
        {"Host": "localhost.evil.example"},
        {"Host": "localhost:8770", "Origin": "http://evil.example"},
        {"Host": "localhost:8770", "Origin": "http://localhost:1234"},
        {"Host": "localhost:8770", "Origin": "null"},
    ],
)
def test_other_names_and_pages_are_refused(headers: dict[str, str]) -> None:
    with pytest.raises(web.HTTPForbidden):
        Access(WebOptions()).check_origin(make_mocked_request("GET", "/", headers=headers))


def test_own_page_may_talk() -> None:
    headers = {"Host": "localhost:8770", "Origin": "http://localhost:8770"}
    Access(WebOptions()).check_origin(make_mocked_request("GET", "/", headers=headers))


@pytest.mark.parametrize("header", [None, "", "Bearer", "Bearer wrong token", "Basic secret token", "Bearer sécret"])
def test_wrong_tokens(header: str | None) -> None:
    access = Access(WebOptions(token="secret token"))
    headers = {} if header is None else {"Authorization": header}
    with pytest.raises(web.HTTPUnauthorized) as caught:
        access.check_token(make_mocked_request("GET", "/metrics", headers=headers))
    assert caught.value.headers["WWW-Authenticate"].startswith("Bearer")


def test_the_token() -> None:
    access = Access(WebOptions(token="secret token"))
    access.check_token(make_mocked_request("GET", "/metrics", headers={"Authorization": "bearer secret token"}))
    assert access.knows_socket(make_mocked_request("GET", "/api/events?token=secret%20token"))
    assert not access.knows_socket(make_mocked_request("GET", "/api/events?token=secret"))


@pytest.mark.parametrize("name", ["", "a b", "../x", "é", "x" * 65, "a/b", "a\n"])
def test_names_from_outside(name: str) -> None:
    with pytest.raises(web.HTTPBadRequest):
        check_name(name)
    assert check_name("front-door_2.a") == "front-door_2.a"


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ("Zoë", "Zoë"), ("Zoe\u0308", "Zoë"), ("李 小龙", "李 小龙"),
        ("Ольга", "Ольга"), ("O'Neil-Smith", "O'Neil-Smith"),
        ("a\x00b\nc\u202ed", "a b c d"), ('" says: "x', "says x"), ("  ", ""), ("<b>x</b>", "b x b"),
        ("x" * 99, "x" * 40),
    ],
)  # fmt: skip
def test_names_of_people(given: str, name: str) -> None:
    assert person_name(given) == name
