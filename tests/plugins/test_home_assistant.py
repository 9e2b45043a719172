"""What Home Assistant gets to see of heed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from agent.services import Outlet
from dialog.events import Mute, Perceived, Reply, TurnChanged
from plugins.alerts.home_assistant import discovery as alerts_discovery
from plugins.alerts.options import Options as AlertsOptions
from plugins.alerts.rules import Rule
from plugins.home_assistant import setup
from plugins.home_assistant.entities import About, agent, slug, source
from plugins.home_assistant.options import Options
from plugins.testing import Hosted, NotedServices, check_plugin, hosted
from streams.errors import HeedError
from streams.types import Health, Kind, Percept, Transcript, ns
from tests.plugins.home_assistant_rules import checked, state_fits


def seen(t_s: float, text: str, kind: Kind = "object", name: str = "door") -> Perceived:
    percept = Percept(f"{name}/v{t_s:g}", kind, name, ns(t_s), ns(t_s), text, 0.9, (0.1, 0.2, 0.3, 0.4))
    return Perceived(ns(t_s), percept)


def last(plugin: Hosted, topic: str) -> Any:
    """What was published last on a topic: JSON, or text."""
    found = [payload for where, payload, _ in plugin.services.published if where == topic]
    assert found, f"nothing was published on {topic}"
    text = found[-1].decode()
    return json.loads(text) if text.startswith("{") else text


def all_of(plugin: Hosted, topic: str) -> list[str]:
    return [payload.decode() for where, payload, _ in plugin.services.published if where == topic]


async def test_the_agent_and_a_configured_camera_are_announced_before_anything_is_seen(tmp_path: Path) -> None:
    async with hosted(setup, tmp_path, {"node": "gate", "sources": ["front-door"]}) as plugin:
        await plugin.host.advance(ns(1))
        configs = {t: p for t, p, keep in plugin.services.published if t.endswith("/config") and keep}
        told = checked("/homeassistant/device/heed_gate/config", configs["/homeassistant/device/heed_gate/config"])
        assert {c["p"] for c in told["components"].values()} == {"sensor", "switch", "text"}
        assert told["components"]["ask"]["command_topic"] == "heed/gate/ask"
        topic = "/homeassistant/device/heed_gate_front-door/config"
        camera = checked(topic, configs[topic])
        assert camera["device"]["via_device"] == "heed_gate"
        kinds = {key: entity["p"] for key, entity in camera["components"].items()}
        assert kinds == {
            "health": "sensor", "problem": "binary_sensor", "person": "binary_sensor", "motion": "binary_sensor",
            "people": "sensor", "quality": "sensor", "seen": "event", "picture": "camera",
        }  # fmt: skip
        first = {what: last(plugin, f"source/front-door/{what}") for what in ("person", "motion", "people", "problem")}
        assert first == {"person": "OFF", "motion": "OFF", "people": "0", "problem": "OFF"}
        assert last(plugin, "source/front-door/availability") == "online"
        # every topic is one that the agent would publish on
        outlet = Outlet("gate", True)
        assert all(outlet.publish(where, payload, keep) for where, payload, keep in plugin.services.published)


async def test_what_the_states_follow(tmp_path: Path) -> None:
    async with hosted(setup, tmp_path) as plugin:
        await plugin.feed(seen(1, "a person enters from the left"))
        assert last(plugin, "source/door/person") == "ON" and last(plugin, "source/door/motion") == "ON"
        await plugin.feed(seen(2, "2 people are in view", "count"))
        assert last(plugin, "source/door/people") == "2"
        event = last(plugin, "source/door/seen")
        assert (event["event_type"], event["what"], event["id"]) == ("enters", "person", "door/v1")
        await plugin.feed(seen(20, "the person leaves to the right after 19 seconds"))
        await plugin.feed(seen(21, "nobody is in view", "count"))
        assert last(plugin, "source/door/person") == "OFF" and last(plugin, "source/door/people") == "0"
        assert last(plugin, "source/door/motion") == "ON"
        await plugin.host.advance(ns(49))
        assert last(plugin, "source/door/motion") == "ON"
        await plugin.host.advance(ns(51))
        assert last(plugin, "source/door/motion") == "OFF"
        # a state is said when it changes, and not otherwise; events are not retained, states are
        assert all_of(plugin, "source/door/motion") == ["OFF", "ON", "OFF"]
        kept = {where: keep for where, _, keep in plugin.services.published}
        assert not kept["source/door/seen"] and kept["source/door/person"] and kept["source/door/people"]


async def test_a_camera_that_is_gone_is_unavailable_and_a_problem(tmp_path: Path) -> None:
    async with hosted(setup, tmp_path, {"sources": ["door"]}) as plugin:
        await plugin.feed(seen(1, "the camera is covered", "health"))
        assert last(plugin, "source/door/problem") == "ON" and last(plugin, "source/door/availability") == "online"
        assert last(plugin, "source/door/health") == {"state": "degraded", "reason": "the camera is covered"}
        await plugin.feed(seen(2, "the camera is free again", "health"))
        assert last(plugin, "source/door/problem") == "OFF"
        await plugin.feed(Health("camera:door", "failed", "the camera is gone", ns(3)))
        assert last(plugin, "source/door/availability") == "offline" and last(plugin, "source/door/problem") == "ON"
        assert last(plugin, "assistant/health")["components"] == {"camera:door": "the camera is gone"}
        await plugin.feed(Health("camera:door", "ok", "the camera is back", ns(4)))
        assert last(plugin, "source/door/availability") == "online" and last(plugin, "source/door/problem") == "OFF"
        assert last(plugin, "assistant/health") == {"state": "ok", "components": {}}


async def test_less_than_full_quality_is_no_problem_of_the_camera(tmp_path: Path) -> None:
    async with hosted(setup, tmp_path, {"sources": ["door"]}) as plugin:
        reason = "only motion is looked for; 20% of them, all of them would take 3.1 cores"
        await plugin.feed(Health("look:door", "degraded", reason, ns(1)))
        assert last(plugin, "source/door/quality") == {"state": "only motion is looked for", "reason": reason}
        assert last(plugin, "source/door/problem") == "OFF"
        assert last(plugin, "assistant/health")["state"] == "degraded"


async def test_a_complaint_about_a_message_passes_and_a_lost_broker_does_not(tmp_path: Path) -> None:
    async with hosted(setup, tmp_path) as plugin:
        await plugin.feed(Health("mqtt:text", "degraded", "the text is empty", ns(1)))
        await plugin.feed(Health("mqtt:heed", "failed", "connection lost", ns(2)))
        assert len(last(plugin, "assistant/health")["components"]) == 2
        await plugin.host.advance(ns(400))
        assert last(plugin, "assistant/health") == {"state": "failed", "components": {"mqtt:heed": "connection lost"}}


async def test_a_microphone_has_words_and_a_long_one_fits_into_a_state(tmp_path: Path) -> None:
    async with hosted(setup, tmp_path) as plugin:
        await plugin.feed(Perceived(ns(2), Transcript("hall", ns(1), ns(2), "word " * 200, "Ann")))
        said = last(plugin, "source/hall/said")
        assert state_fits(said["state"].encode()) and said["text"].count("word") == 200 and said["speaker"] == "Ann"
        configs = [p for t, p, _ in plugin.services.published if t == "/homeassistant/device/heed_heed_hall/config"]
        told = checked("/homeassistant/device/heed_heed_hall/config", configs[-1])
        assert set(told["components"]) == {"health", "problem", "said"}
        assert not [keep for where, _, keep in plugin.services.published if where.endswith("/said") and keep]
        await plugin.feed(seen(3, "a person enters from the left", name="hall"))  # it has a picture too
        configs = [p for t, p, _ in plugin.services.published if t == "/homeassistant/device/heed_heed_hall/config"]
        assert "picture" in checked("/homeassistant/device/heed_heed_hall/config", configs[-1])["components"]


async def test_pictures_come_in_turn_and_only_when_they_are_new(tmp_path: Path) -> None:
    services = NotedServices(views={"door": b"one", "yard": b"two"})
    async with hosted(setup, tmp_path, {"sources": ["door", "yard"], "picture_every_s": 5}, services) as plugin:
        for t_s in range(1, 12):
            await plugin.host.advance(ns(t_s))
        assert [p for t, p, _ in services.published if t == "source/door/picture"] == [b"one"]
        assert [p for t, p, _ in services.published if t == "source/yard/picture"] == [b"two"]
        services.views["door"] = b"three"
        for t_s in range(12, 20):
            await plugin.host.advance(ns(t_s))
        assert [p for t, p, _ in services.published if t == "source/door/picture"] == [b"one", b"three"]


async def test_an_answer_to_whoever_asked_over_mqtt_and_to_nobody_else(tmp_path: Path) -> None:
    def reply(source: str, text: str) -> Reply:
        return Reply(ns(2), 1, ns(1), "Who came?", text, ("door/v1",), 0.1, None, 3, "", source)

    async with hosted(setup, tmp_path) as plugin:
        await plugin.feed(reply("call:1", "A secret."), reply("mqtt:7", "Another."))
        await plugin.feed(reply("mqtt", "A person. " * 60))
        answers = [json.loads(p) for t, p, _ in plugin.services.published if t == "assistant/answer"]
        assert len(answers) == 1 and answers[0]["question"] == "Who came?" and answers[0]["evidence"] == ["door/v1"]
        assert state_fits(answers[0]["state"].encode()) and len(answers[0]["text"]) == 600


async def test_silence_is_switched_for_all_and_for_who_comes_later(tmp_path: Path) -> None:
    async with hosted(setup, tmp_path) as plugin:
        await plugin.feed(TurnChanged(ns(1), "call:1", "listening", 0))
        assert await plugin.host.command("tried", "speak", {"on": "false"}) == "heed is silent"
        assert plugin.sent == [Mute(True, ""), Mute(True, "call:1")]
        assert last(plugin, "assistant/speaks") == "OFF"
        await plugin.feed(TurnChanged(ns(2), "call:2", "hearing", 0))
        assert plugin.sent[-1] == Mute(True, "call:2")
        await plugin.host.command("tried", "speak", {"on": "true"})
        assert plugin.sent[-1] == Mute(False, "call:2") and last(plugin, "assistant/speaks") == "ON"
        with pytest.raises(HeedError, match="true or false"):
            await plugin.host.command("tried", "speak", {"on": "perhaps"})


async def test_calls_and_writers_are_no_devices_and_there_are_not_too_many(tmp_path: Path) -> None:
    async with hosted(setup, tmp_path) as plugin:
        names = ["call:7", "mqtt", "terminal", "", "x" * 65, "a\nb"]
        await plugin.feed(*(seen(1, "a person enters from the left", name=name) for name in names))
        assert not [t for t, _, _ in plugin.services.published if t.startswith("source/")]
        await plugin.feed(*(seen(2, "something moves on the left", "motion", name=f"cam{n}") for n in range(80)))
        devices = {t for t, _, _ in plugin.services.published if "/device/heed_heed_cam" in t}
        assert len(devices) == 64
        assert plugin.host.status("tried").startswith("64 sources")


async def test_a_source_is_forgotten_on_request(tmp_path: Path) -> None:
    async with hosted(setup, tmp_path, {"sources": ["door"]}) as plugin:
        await plugin.host.advance(ns(1))
        assert await plugin.host.command("tried", "forget", {"source": "door"}) == "forgot door"
        assert plugin.services.published[-1] == ("/homeassistant/device/heed_heed_door/config", b"", True)
        assert await plugin.host.command("tried", "forget", {"source": "of-last-week"}) == "forgot of-last-week"
        with pytest.raises(HeedError, match="no source can be called 'call:1'"):
            await plugin.host.command("tried", "forget", {"source": "call:1"})


async def test_without_a_broker_it_says_so(tmp_path: Path) -> None:
    async with hosted(setup, tmp_path, {}, NotedServices(broker=False)) as plugin:
        await plugin.host.advance(ns(1))
        assert "no broker is configured" in plugin.host.status("tried")


async def test_a_burst_of_events_is_cut_and_states_are_not(tmp_path: Path) -> None:
    async with hosted(setup, tmp_path) as plugin:
        await plugin.feed(*(seen(1, "a person enters from the left", name=f"cam{n}") for n in range(40)))
        assert len([t for t, _, _ in plugin.services.published if t.endswith("/seen")]) == 20
        assert len([t for t, p, _ in plugin.services.published if t.endswith("/person") and p == b"ON"]) == 40
        assert "20 events left out" in plugin.host.status("tried")


@pytest.mark.parametrize("name", ["front door", "tür", "a/b", "heed/+/#", "日本", "x" * 64, "a.b"])
def test_any_name_becomes_a_topic_and_an_id(name: str) -> None:
    checked(*source(Options(), About(name, True, True)))
    assert len(slug(name)) <= 64


def test_names_that_look_alike_stay_apart() -> None:
    assert len({slug(name) for name in ("a b", "a_b", "a.b", "a/b")}) == 4


def test_the_alerts_belong_to_the_same_device_and_to_no_other_entity() -> None:
    ours = checked(*agent(Options(node="gate"), "home_assistant"))
    rules = [Rule("at the door", objects=("person",)), Rule("car", objects=("car",), enabled=False)]
    theirs = checked(*alerts_discovery(AlertsOptions(node="gate"), rules))
    assert ours["device"] == theirs["device"] and ours["availability"] == theirs["availability"]
    ids = [{c["unique_id"] for c in one["components"].values()} for one in (ours, theirs)]
    assert not ids[0] & ids[1]
    switch = theirs["components"]["at_the_door_switch"]
    assert json.loads(switch["payload_off"]) == {
        "type": "plugin", "plugin": "alerts", "command": "change", "name": "at the door", "enabled": False,
    }  # fmt: skip
    gone = checked(*alerts_discovery(AlertsOptions(node="gate"), rules[:1], ["car"]))
    assert gone["components"]["car_switch"] == {"p": "switch"}


@pytest.mark.parametrize(
    ("table", "why"),
    [
        ({"picture_every_s": 1}, "picture_every_s"),
        ({"quiet_s": 0}, "quiet_s"),
        ({"discovery_prefix": "a/#"}, "discovery_prefix"),
    ],
)
async def test_wrong_options_are_one_line(tmp_path: Path, table: dict[str, Any], why: str) -> None:
    async with hosted(setup, tmp_path, table) as plugin:
        assert why in plugin.host.quarantined["tried"]


async def test_it_keeps_the_contract(tmp_path: Path) -> None:
    await check_plugin(setup, tmp_path, {"sources": ["door"]})
