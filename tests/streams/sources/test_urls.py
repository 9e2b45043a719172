"""Addresses: allow-listed, and their secrets never shown."""

from __future__ import annotations

import pytest

from streams.errors import SourceError
from streams.sources.urls import parse_url, redact

PORTS = {"rtsp": 554, "rtsps": 322, "http": 80, "https": 443}


def test_an_address_is_taken_apart() -> None:
    url = parse_url("RTSP://me:s%40cret@cam.lan/stream?token=abc", PORTS)
    assert (url.scheme, url.host, url.port, url.path) == ("rtsp", "cam.lan", 554, "/stream")
    assert (url.user, url.password) == ("me", "s@cret")
    assert url.shown == "RTSP://cam.lan/stream?..."
    assert "s%40cret" not in repr(url) and "abc" not in repr(url) and "s@cret" not in repr(url)


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd",
        "concat:a|b",
        "exec:rm",
        "/dev/video0",
        "rtsp://",
        "rtsp://host:99999/x",
        "rtsp://ho st/x",
        "rtsp://host/\nx",
        "rtsp://[::1/x",
        "rtsp://cam..lan/x",
        "rtsp://.lan/x",
        f"rtsp://{'a' * 64}.lan/x",
        "rtsp://" + "a" * 3000,
        "",
    ],
)
def test_what_is_not_an_allowed_address_is_refused_in_one_line(url: str) -> None:
    with pytest.raises(SourceError) as caught:
        parse_url(url, PORTS)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "text",
    ["rtsp://u:hunter2@h/x", "cannot open rtsp://u:p@hunter2@h:5/x: refused", "http://h/x?password=hunter2&a=b"],
)
def test_secrets_are_taken_out_of_any_text(text: str) -> None:
    assert "hunter2" not in redact(text) and "h" in redact(text)


def test_a_refused_address_does_not_show_its_password() -> None:
    with pytest.raises(SourceError) as caught:
        parse_url("ftp://user:hunter2@host/x", PORTS)
    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize(
    "host", ["cam.lan.", "front_door", "k\u00e4m.lan", "192.168.1.5", "[fe80::1%25eth0]", "a" * 63]
)
def test_every_kind_of_host_is_taken(host: str) -> None:
    assert parse_url(f"rtsp://{host}:8554/x", PORTS).port == 8554
