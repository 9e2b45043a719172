"""Plugins from their entry points to events, commands, tools, pages and MQTT; only the models are small stand-ins."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

import aiohttp
import pytest

from agent.beside import hosts_for, inline, process_limits
from agent.bus import Bus
from agent.cli import main
from agent.config import Config, MqttConfig, PluginLimits, PluginsConfig, limits_of, load_config
from agent.core import Core, CoreOptions
from agent.jsonl import command_from
from agent.links import serve_mqtt
from agent.live import Live, Senses
from agent.plugins import Installed, check, installed, loaded, switched_on, table_of
from agent.services import AgentServices, Outlet
from agent.switchboard import Switchboard
from agent.tables import ConfigError
from agent.web.access import WebOptions
from agent.web.pictures import Pictures
from agent.web.server import WebServer
from agent.wiring import start_plugins
from dialog.events import Alert, Caption, Event, PluginReply, Reply, Tell
from plugins.process.limits import Limits
from streams.clock import MonotonicClock
from streams.errors import HeedError, MediaError
from streams.mqtt.link import MqttLink, MqttOptions
from streams.types import NS, Health, Percept, Transcript
from tests.fakes import FakeMind, FakeThought, NoVoice, organs
from tests.mosquitto import Mosquitto, client, next_message
from tests.streams.sources.waiting import until

RULE = {"name": "fire", "words": ["fire"], "severity": "alarm"}
TABLES: dict[str, Any] = {"alerts": {"rules": [RULE]}, "translation": {"to": ["es"], "dialog": False}}


def configured(*names: str, isolation: Literal["process", "none"] = "none", **tables: Any) -> Config:
    kept = {name: TABLES[name] for name in names if name in TABLES} | tables
    return replace(Config(), plugins=PluginsConfig(names, isolation, tables=kept))


@pytest.fixture
def executor() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(2) as pool:
        yield pool


@dataclass
class Rig:
    core: Core
    board: Switchboard
    live: Live
    services: AgentServices
    outlet: Outlet
    events: list[Event]

    async def hear(self, text: str) -> None:
        now_ns = self.core.clock.now_ns()
        said = Transcript("hall", now_ns, now_ns + NS, text, "Anna", "en")
        heard = Percept("", "speech", "hall", now_ns, now_ns + NS, f'Anna says: "{text}"')
        await self.core.observe(now_ns, [said, heard])

    def of(self, kind: type[Any]) -> list[Any]:
        return [event for event in self.events if isinstance(event, kind)]

    async def told(self, **fields: Any) -> PluginReply:
        before = len(self.of(PluginReply))
        self.core.bus.send(command_from(json.dumps({"type": "plugin", **fields}), "web-1"))
        await until(lambda: len(self.of(PluginReply)) > before)
        reply: PluginReply = self.of(PluginReply)[-1]
        return reply


@asynccontextmanager
async def rig(config: Config, pool: ThreadPoolExecutor, **patch: Any) -> AsyncIterator[Rig]:
    bus, clock, events = Bus(), MonotonicClock(), list[Event]()
    board = Switchboard(bus.publish, clock)
    mind = FakeMind()
    parts = replace(organs(clock, bus, pool, mind), tools=board.tool)
    async with AsyncExitStack() as stack:
        core = await stack.enter_async_context(Core(parts, bus, CoreOptions()))
        live = Live(core, Senses(NoVoice(), NoVoice(), NoVoice(), pool, pool, pool))
        outlet = Outlet(config.agent.node, bool(config.mqtt.url))
        services = AgentServices(core, lambda tokens: FakeMind(), Pictures(), outlet)
        stack.enter_context(bus.tap(events.append))
        hosts = hosts_for(config, core, switched_on(config), services)
        await start_plugins(stack, board, core, hosts, outlet)
        for host in hosts:
            await host.settled()
        yield Rig(core, board, live, services, outlet, events)


@pytest.fixture(autouse=True)
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HEED_DATA", str(tmp_path / "data"))
    return tmp_path / "data"


def test_the_built_in_ones_are_found_by_their_entry_points() -> None:
    found = installed()
    assert {"alerts", "subtitles", "translation"} <= set(found)
    assert all(found[name].builtin for name in ("alerts", "subtitles", "translation"))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('enabled = ["alrts"]', "not installed: did you mean 'alerts'?"),
        ("enbled = []", "unknown key 'plugins.enbled': did you mean 'enabled'?"),
        ('isolation = "thread"', "must be one of"),
        ("alerts = 3", "unknown key 'plugins.alerts'"),
        ("tables = 3", "must be a table"),
        ("[plugins.subtitels]\nstyle = 'block'", "no plugin for the table 'plugins.subtitels': did you mean"),
        ('enabled = ["alerts"]\n[[plugins.alerts.rules]]\nname="a"\nwrods=["x"]', r"rules\[0\].wrods.*'words'"),
        ('enabled = ["alerts"]\n[[plugins.alerts.rules]]\nname="a"\nwords="x"', r"rules\[0\].words' must be a list"),
        ('enabled = ["subtitles"]\n[plugins.subtitles]\nfile = "x.txt"', "must end in .vtt or .srt"),
    ],
)
def test_what_is_wrong_is_said_in_one_line(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "config.toml"
    path.write_text(f"[plugins]\n{text}")
    with pytest.raises(HeedError, match=message) as caught:
        check(load_config(path, {}))
    assert "\n" not in str(caught.value)


def test_plugins_are_switched_on_by_a_variable() -> None:
    config = load_config(None, {"HEED_PLUGINS_ENABLED": "subtitles, translation"})
    assert [plugin.name for plugin in switched_on(config)] == ["subtitles", "translation"]
    with pytest.raises(ConfigError, match="installed: none"):
        switched_on(config, {})


def test_alerts_know_the_name_of_the_node() -> None:
    config = load_config(None, {"HEED_AGENT_NODE": "cellar"})
    assert table_of(config, installed()["alerts"]) == {"node": "cellar"}


def test_its_limits_are_the_hosts_and_not_the_plugins(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text('[plugins]\nenabled = ["subtitles"]\n[plugins.subtitles.limits]\nmemory_mb = 512\nfailures = 5')
    config = load_config(path, {})
    check(config)
    assert "limits" not in table_of(config, installed()["subtitles"])
    limits = process_limits(limits_of(config.plugins, "subtitles"))
    assert (limits.memory_bytes, limits.failures) == (512 << 20, 5)
    assert process_limits(PluginLimits()) == Limits()


async def test_one_that_cannot_be_imported_concerns_only_itself(executor: ThreadPoolExecutor, tmp_path: Path) -> None:
    config = configured("subtitles")
    broken = Installed("broken", "plugins.no_such_module:setup", "other", "1")
    async with rig(config, executor) as r:
        with inline(config, r.core, [broken, installed()["subtitles"]], r.services, tmp_path) as host:
            async with host:
                assert list(host.running) == ["subtitles"]
                assert "cannot load plugins.no_such_module:setup" in host.quarantined["broken"]
    assert loaded(config, broken).name == "broken"


@pytest.mark.parametrize("isolation", ["none", "process"])
async def test_beside_a_live_agent(executor: ThreadPoolExecutor, isolation: Literal["none", "process"]) -> None:
    config = configured("subtitles", "alerts", isolation=isolation)
    async with (
        rig(config, executor) as r,
        WebServer(WebOptions(port=0), r.core.bus, r.live.attend, r.core.clock) as web,
    ):
        web.plugins.board = r.board
        await r.hear("There is a fire in the kitchen.")
        await until(lambda: r.of(Alert) and r.of(Caption))
        assert r.of(Alert)[0].severity == "alarm" and "fire" in r.of(Alert)[0].text
        assert r.of(Caption)[0].speaker == "Anna"

        # A command, and one that is wrong: the sender is told.
        listed = await r.told(plugin="alerts", command="list")
        assert (listed.ok, listed.text, listed.source) == (True, "fire: fire", "web-1")
        added = await r.told(
            plugin="alerts", command="add", name="two", objects=["person", "dog"], zone=[[0, 0], [1, 0], [1, 1]]
        )
        assert added.ok and added.text.startswith("added two"), added.text
        unknown = await r.told(plugin="alerts", command="open the door")
        assert not unknown.ok and "has no command" in unknown.text
        off = await r.told(plugin="translation", command="x")
        assert not off.ok and "switched on: subtitles, alerts" in off.text

        # A user's own question, answered by a plugin; one that it does not know goes to the mind.
        async with r.core.converse("you") as dialog:
            dialog.typed("How many alerts were there?")
            await dialog.settle()
            dialog.typed("What is in the kitchen?")
            await until(lambda: len(r.of(Reply)) == 2)
        assert r.of(Reply)[0].text.startswith("There was 1 alert") and "fire" in r.of(Reply)[0].text
        assert "kitchen" in r.of(Reply)[1].text

        # Its pages. A process tells its status once a second.
        await until(lambda: r.board.status()["alerts"].startswith("2 rules"))
        async with aiohttp.ClientSession(web.url) as session:
            async with session.get("/api/plugins") as answer:
                told = {one["name"]: one for one in (await answer.json())["plugins"]}
            assert told["alerts"]["status"].startswith("2 rules")
            async with session.get("/api/plugins/alerts/alerts.json") as answer:
                assert (
                    answer.content_type == "application/json" and "sandbox" in answer.headers["Content-Security-Policy"]
                )
                assert (await answer.json())["alerts"][0]["rule"] == "fire"
            async with session.get("/api/plugins/subtitles/live.m3u8") as answer:
                assert (await answer.text()).startswith("#EXTM3U")
            for path, status in (("alerts/nothing", 404), ("translation/es.vtt", 404), ("alerts/snapshots/x", 503)):
                async with session.get(f"/api/plugins/{path}") as answer:
                    assert answer.status == status and (await answer.text()).count("\n") == 1
    ends = [alert for alert in r.of(Alert) if alert.phase == "end"]
    assert ends, "its last words when heed stops"
    assert not [health for health in r.of(Health) if health.component.startswith("plugin:")]


async def test_pages_need_the_token(executor: ThreadPoolExecutor) -> None:
    options = WebOptions(port=0, token="a long token")
    async with (
        rig(configured("subtitles"), executor) as r,
        WebServer(options, r.core.bus, r.live.attend, r.core.clock) as web,
        aiohttp.ClientSession(web.url) as session,
    ):
        web.plugins.board = r.board
        for path in ("/api/plugins", "/api/plugins/subtitles/live.vtt"):
            async with session.get(path) as answer:
                assert answer.status == 401
            async with session.get(path, headers={"Authorization": "Bearer a long token"}) as answer:
                assert answer.status == 200


@pytest.mark.parametrize(
    "line",
    [
        {"plugin": "", "command": "x"},
        {"plugin": "x" * 65, "command": "x"},
        {"plugin": ["x"], "command": "x"},
        {"plugin": "x"},
        {"plugin": "x", "command": "y", "z": "a" * 4001},
        {"plugin": "x", "command": "y", "a" * 65: 1},
        {"plugin": "x", "command": "y", **{f"k{n}": 1 for n in range(65)}},
    ],
)
def test_a_malformed_command_is_refused(line: dict[str, Any]) -> None:
    with pytest.raises(MediaError):
        command_from(json.dumps({"type": "plugin", **line}), "x")


def test_arguments_are_text() -> None:
    line = {"plugin": "p", "command": "c", "a": True, "b": [1, "x"], "c": [[0, 0.5], [1, 1]], "d": None, "e": {"f": 1}}
    told = command_from(json.dumps({"type": "plugin", **line}), "web-1")
    assert told == Tell("p", "c", (("a", "true"), ("b", "1, x"), ("c", "0,0.5 1,1"), ("e", '{"f": 1}')), "web-1")


async def test_the_model_answers_a_plugin_from_what_it_is_given_alone(executor: ThreadPoolExecutor) -> None:
    async with rig(configured(), executor) as r:
        await r.hear("The gate is closed.")
        lines = [("gate/v1", "0:01 gate: the gate opens", NS), ("gate/v2", "0:02 door: a dog enters", 2 * NS)]
        answers = await asyncio.gather(*(r.services.ask("Is the gate open?", lines, 3 * NS) for _ in range(3)))
        assert answers == [("0:01 gate: the gate opens", ("gate/v1",))] * 3
        assert await r.services.ask("Is the gate open?", [], 3 * NS) == ("I do not know.", ()), "nothing was kept"
        with pytest.raises(HeedError, match="empty"):
            await r.services.ask(" ", lines, 0)
        assert await r.services.picture("gate/v1") is None
        assert not await r.services.publish("alert/x", b"y"), "no broker is configured"
        assert not await r.services.say("Hello"), "nobody is there"


async def test_conversations_come_first(executor: ThreadPoolExecutor) -> None:
    async with rig(configured(), executor) as r, r.core.converse("you") as dialog:
        mind, free, order = r.core.organs.mind, threading.Event(), list[str]()
        assert isinstance(mind, FakeMind)
        think = mind.ask

        def slowly(*asked: Any) -> FakeThought:
            assert free.wait(30)
            order.append("conversation")
            return think(*asked)

        settle = dialog.settle

        async def settled() -> None:
            free.set()  # only now that the plugin's question waits
            await settle()

        mind.ask = slowly  # type: ignore[method-assign]
        dialog.settle = settled  # type: ignore[method-assign]
        dialog.typed("What is in the kitchen?")
        await asyncio.sleep(0)
        asked = asyncio.create_task(r.services.ask("Is the gate open?", [("g/1", "0:01 the gate opens", 0)], NS))
        asked.add_done_callback(lambda task: order.append("plugin"))
        assert (await asked)[1] == ("g/1",)
    assert order == ["conversation", "plugin"]


@pytest.mark.parametrize(
    "topic",
    ["", "/", "$SYS/x", "/$SYS/x", "a/#", "a/+/b", "in/text", "ask", "a" * 300, "//x", "command", "/heed/heed/ask"],
)
async def test_a_plugin_cannot_publish_everywhere(topic: str) -> None:
    with pytest.raises(HeedError):
        Outlet("heed", True).publish(topic, b"", False)
    with pytest.raises(HeedError, match="larger"):
        Outlet("heed", True).publish("ok", bytes(2_000_000), False)


async def test_over_mqtt(executor: ThreadPoolExecutor, mosquitto: Mosquitto) -> None:
    """Discovery, though the broker is there later than the plugin; an alert; a command and its line."""
    config = replace(configured("alerts"), mqtt=MqttConfig(url=mosquitto.url))
    await mosquitto.ready()
    async with rig(config, executor) as r, client(mosquitto) as peer, asyncio.TaskGroup() as tasks:
        await peer.subscribe("heed/heed/#")
        await peer.subscribe("homeassistant/#")
        await until(lambda: r.board.status()["alerts"].startswith("1 rules"))
        await r.hear("Nothing of note.")  # the rules are announced, and nobody is there to hear it
        await until(lambda: r.outlet._retained)
        serving = tasks.create_task(serve_mqtt(config, r.core, r.live, r.outlet))
        found = json.loads((await next_message(peer, "homeassistant/device/heed_heed_alerts/config")).payload)
        assert "fire_event" in found["components"]
        await r.hear("Fire!")
        raised = json.loads((await next_message(peer, "heed/heed/alert/fire/event")).payload)
        assert (raised["event_type"], raised["rule"]) == ("new", "fire")
        await peer.publish("heed/heed/command", json.dumps({"type": "plugin", "plugin": "alerts", "command": "list"}))
        line = json.loads((await next_message(peer, "heed/heed/plugin")).payload)
        assert (line["plugin"], line["text"], line["ok"]) == ("alerts", "fire: fire", True)
        await peer.publish("heed/heed/command", "{")
        await until(lambda: any(h.component == "mqtt:command" and h.state == "degraded" for h in r.of(Health)))
        serving.cancel()


async def test_what_is_retained_is_sent_again_to_a_broker_that_forgot(mosquitto: Mosquitto) -> None:
    await mosquitto.ready()
    outlet, clock = Outlet("heed", True), MonotonicClock()
    assert outlet.publish("/homeassistant/x", b"1", True)
    async with client(mosquitto) as peer:
        await peer.subscribe("homeassistant/#")
        async with MqttLink(MqttOptions(mosquitto.url), clock, outlet.on_event) as link:
            with outlet.through(link):
                assert (await next_message(peer, "homeassistant/x")).payload == b"1"
                outlet.on_event(Health("mqtt:heed", "ok", "connected", 0))
                assert (await next_message(peer, "homeassistant/x")).payload == b"1"


def test_the_list(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HEED_PLUGINS_ENABLED", "subtitles")
    monkeypatch.setenv("HEED_WEB_ENABLED", "false")
    assert main(["plugins", "list", "--json"]) == 0
    rows = {row["name"]: row for row in map(json.loads, capsys.readouterr().out.splitlines())}
    assert rows["subtitles"]["on"] and not rows["alerts"]["on"] and rows["alerts"]["package"] == "heed"
    assert main(["plugins", "list", "--url", "http://127.0.0.1:9"]) == 1
    assert capsys.readouterr().err == "heed: no heed answers at http://127.0.0.1:9\n"
