"""Logs: one object a line, and no secret in any of them."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest

from agent.config import Config, MqttConfig, PluginsConfig, SourceConfig, WebConfig
from agent.logs import LogForm, log_event, log_to, secrets_of
from dialog.events import Alert, Perceived
from streams.types import Health, Percept
from streams.webrtc.ice import IceServer

SECRETS = ("hunter2-web", "hunter2-mqtt", "p%40ss-camera", "p@ss-camera", "turn-secret", "plugin-secret")
CONFIG = Config(
    web=WebConfig(token=SECRETS[0], ice_servers=(IceServer(("turn:a:3478",), "u", SECRETS[4]),)),
    mqtt=MqttConfig("mqtt://broker", "heed", SECRETS[1]),
    sources=(SourceConfig("door", f"rtsp://admin:{SECRETS[2]}@cam/1?key=abcd"),),
    plugins=PluginsConfig(tables={"push": {"deep": {"api_token": SECRETS[5]}, "title": "Alarm"}}),
)


@pytest.fixture
def logger() -> Iterator[logging.Logger]:
    one = logging.getLogger("heed")
    level, one.propagate = one.level, False
    one.setLevel(logging.DEBUG)
    yield one
    one.setLevel(level)
    one.handlers.clear()
    one.propagate = True


def written(logger: logging.Logger, form: LogForm, work: Any) -> str:
    out = io.StringIO()
    handler = log_to(out, form, [Config(), CONFIG])
    logger.addHandler(handler)
    work()
    logger.removeHandler(handler)
    return out.getvalue()


def test_all_secrets_are_known() -> None:
    assert set(secrets_of(CONFIG)) == set(SECRETS)


@pytest.mark.parametrize("form", ["text", "json"])
def test_no_secret_is_written(logger: logging.Logger, form: LogForm) -> None:
    def work() -> None:
        for secret in SECRETS:
            logger.warning("it says %s", f"wrong password {secret}!", extra={"heed": {"reason": f"at {secret}"}})
            log_event(Health("camera:door", "failed", f"rtsp://admin:{secret}@cam/1?key=abcd refuses"))
            try:
                raise ValueError(f"bad {secret}")
            except ValueError:
                logger.exception("failed with %s", secret)
        logger.error("http://somebody:else@host/path?token=xyz")

    text = written(logger, form, work)
    assert text.count("wrong password") == len(SECRETS)
    for secret in (*SECRETS, "somebody:else", "xyz", "abcd"):
        assert secret not in text, secret


def test_faults_and_alerts_are_logged_as_objects(logger: logging.Logger) -> None:
    def work() -> None:
        log_event(Health("camera:door", "failed", "gone\x1b[2J\nforged line"))
        log_event(Alert(0, "a1", "door", "alarm", "new", "somebody came", ()))
        log_event(Perceived(0, Percept("door/v1", "object", "door", 0, 0, "a dog appears")))

    lines = [json.loads(line) for line in written(logger, "json", work).splitlines()]
    assert [line["level"] for line in lines] == ["error", "warning"]
    assert lines[0]["component"] == "camera:door" and lines[0]["time"].endswith("+00:00")
    assert "\x1b" not in lines[0]["message"] and "\n" not in lines[0]["message"]
    assert lines[1]["rule"] == "door" and lines[1]["phase"] == "new"


def test_a_line_of_text_is_one_line(logger: logging.Logger) -> None:
    text = written(logger, "text", lambda: log_event(Health("mqtt:x", "degraded", "lost\nERROR heed: forged")))
    assert text.count("\n") == 1 and text.startswith("WARNING heed: mqtt:x degraded: lost")
