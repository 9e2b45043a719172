"""heed among its neighbours on a real Mosquitto: Home Assistant, a Frigate, and whoever asks."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import aiomqtt
import pytest
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

from agent import askers
from agent.beside import hosts_for
from agent.bus import Bus
from agent.config import Config, PluginsConfig, SourceConfig
from agent.core import Core, CoreOptions
from agent.links import serve_mqtt
from agent.live import Live, Senses
from agent.mqtt_config import FrigateConfig, MqttConfig
from agent.plugins import Installed
from agent.services import AgentServices, Outlet
from agent.switchboard import Switchboard
from agent.web.pictures import Pictures
from agent.wiring import start_plugins
from dialog.events import Event, Interrupt, Perceived, Speaking
from streams.clock import MonotonicClock
from streams.types import Health, Percept
from tests.agent.test_live import BrightEncoder, LoudEncoder
from tests.fakes import FakeMind, NoVoice, organs
from tests.mosquitto import Mosquitto, client, next_message
from tests.plugins.home_assistant_rules import checked
from tests.streams.mqtt.test_frigate import event
from tests.streams.sources.clips import jpeg
from tests.streams.sources.waiting import until


@dataclass
class Rig:
    core: Core
    outlet: Outlet
    pictures: Pictures
    mind: FakeMind
    events: list[Event] = field(default_factory=list)

    def percepts(self) -> list[Percept]:
        return [e.what for e in self.events if isinstance(e, Perceived) and isinstance(e.what, Percept)]

    def reasons(self, component: str) -> list[str]:
        return [e.reason for e in self.events if isinstance(e, Health) and e.component == component]

    async def see(self, text: str, name: str = "door") -> None:
        now_ns = self.core.clock.now_ns()
        percept = Percept(f"{name}/v{now_ns}", "object", name, now_ns, now_ns, text, 0.9, (0.25, 0.5, 0.25, 0.25))
        await self.core.observe(now_ns, [percept])


@pytest.fixture
def executor() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(2) as pool:
        yield pool


@asynccontextmanager
async def on_the_broker(
    broker: Mosquitto, executor: ThreadPoolExecutor, config: Config | None = None
) -> AsyncIterator[Rig]:
    """An agent with small stand-ins for models, connected."""
    await broker.ready()
    config = config or Config()
    config = config if config.mqtt.url else replace(config, mqtt=MqttConfig(url=broker.url))
    bus, mind, pictures = Bus(), FakeMind(), Pictures()
    async with Core(organs(MonotonicClock(), bus, executor, mind), bus, CoreOptions()) as core:
        outlet = Outlet(config.agent.node, True)
        rig = Rig(core, outlet, pictures, mind)
        live = Live(core, Senses(LoudEncoder(), BrightEncoder(), NoVoice(), executor, executor, executor))
        with bus.tap(rig.events.append), bus.tap(pictures.on_event), bus.tap(outlet.on_event):
            serving = asyncio.create_task(serve_mqtt(config, core, live, outlet, pictures))
            try:
                async with asyncio.timeout(60):
                    await until(lambda: rig.reasons("mqtt:heed"))
                    yield rig
            finally:
                serving.cancel()
                await asyncio.gather(serving, return_exceptions=True)


def asked(topic: str, mark: bytes) -> Properties:
    wanted = Properties(PacketTypes.PUBLISH)  # type: ignore[no-untyped-call]
    wanted.ResponseTopic, wanted.CorrelationData = topic, mark
    return wanted


def mark_of(message: aiomqtt.Message) -> bytes:
    assert message.properties is not None
    return bytes(message.properties.CorrelationData)  # type: ignore[attr-defined]


async def test_two_who_ask_at_once_both_get_their_answer_with_its_evidence(
    mosquitto: Mosquitto, executor: ThreadPoolExecutor
) -> None:
    async with on_the_broker(mosquitto, executor) as rig, client(mosquitto) as peer:
        await rig.see("the gate opens")
        await rig.see('a sign reads "EXIT 42"', "yard")
        await peer.subscribe("answers/#", qos=1)
        await peer.subscribe("heed/heed/reply", qos=1)
        await peer.publish("heed/heed/ask", "What of the gate?", qos=1, properties=asked("answers/ann", b"\x00\x01"))
        await peer.publish("heed/heed/ask", "What does the sign say?", qos=1, properties=asked("answers/bob", b"\x02"))
        first, second = await next_message(peer, "answers/ann"), await next_message(peer, "answers/bob")
        assert (mark_of(first), mark_of(second)) == (b"\x00\x01", b"\x02")
        ann, bob = (json.loads(m.payload) for m in (first, second))
        assert "gate" in ann["text"] and "EXIT 42" in bob["text"]
        assert [c["text"] for c in ann["cited"]] == ["the gate opens"] and ann["cited"][0]["id"] in ann["evidence"]
        assert bob["cited"][0]["source"] == "yard" and bob["cited"][0]["time"]
        assert [turns for _, turns, _ in rig.mind.asked] == [(), ()], "bob's question is not a part of ann's talk"
        assert not [e for e in rig.events if isinstance(e, Speaking)], "nothing of it is said aloud"
        # what went to its asker went to nobody else: the next on `reply` is the one that was asked in public
        await peer.publish(
            "heed/heed/command", json.dumps({"type": "ask", "text": "And the gate?", "correlation": "x"})
        )
        public = json.loads((await next_message(peer, "heed/heed/reply")).payload)
        assert (public["question"], public["correlation"]) == ("And the gate?", "x")


async def test_too_many_questions_are_refused_each_in_a_line(
    mosquitto: Mosquitto, executor: ThreadPoolExecutor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(askers, "MAX_WAITING", 1)
    async with on_the_broker(mosquitto, executor), client(mosquitto) as peer:
        await peer.subscribe("answers/#", qos=1)
        go = threading.Event()
        for _ in range(2):  # the mind is busy elsewhere
            executor.submit(go.wait)
        for n in range(12):
            await peer.publish("heed/heed/ask", "Who?", qos=1, properties=asked("answers/me", b"%d" % n))
        refused = [await next_message(peer, "answers/me") for _ in range(10)]
        assert all("waiting already" in json.loads(message.payload)["text"] for message in refused)
        assert {json.loads(message.payload)["type"] for message in refused} == {"error"}
        go.set()
        answered = [await next_message(peer, "answers/me") for _ in range(2)]
        assert {json.loads(message.payload)["type"] for message in answered} == {"reply"}
        marks = sorted(int(mark_of(message)) for message in [*refused, *answered])
        assert marks == list(range(12)), "each question has its answer or refusal"


async def test_what_is_retained_is_sent_again_when_home_assistant_begins(
    mosquitto: Mosquitto, executor: ThreadPoolExecutor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("agent.services.BIRTH_WAIT_S", 0.01)
    async with on_the_broker(mosquitto, executor) as rig, client(mosquitto) as peer:
        rig.outlet.publish("/homeassistant/device/heed_heed/config", b"{}", True)
        await peer.subscribe("homeassistant/device/#", qos=1)
        await next_message(peer, "homeassistant/device/heed_heed/config")
        await peer.publish("homeassistant/status", "offline", qos=1)
        await peer.publish("homeassistant/status", "online", qos=1)
        again = await next_message(peer, "homeassistant/device/heed_heed/config")
        assert again.payload == b"{}" and not again.retain


async def test_home_assistant_sees_asks_and_switches(
    mosquitto: Mosquitto, executor: ThreadPoolExecutor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both plugins that announce to it, each in its process, as Home Assistant would meet them."""
    monkeypatch.setenv("HEED_DATA", str(tmp_path))
    rules = {"alerts": {"rules": [{"name": "comes", "objects": ["person"]}]}}
    config = Config(plugins=PluginsConfig(tables=rules), sources=(SourceConfig("door", "rtsp://127.0.0.1/x"),))
    found = [Installed(name, f"plugins.{name}:setup", "heed", "1") for name in ("home_assistant", "alerts")]
    async with on_the_broker(mosquitto, executor, config) as rig, AsyncExitStack() as stack:
        home = await stack.enter_async_context(client(mosquitto))
        for topic in ("homeassistant/#", "heed/heed/assistant/#", "heed/heed/source/#", "heed/heed/alert/#"):
            await home.subscribe(topic, qos=1)
        services = AgentServices(rig.core, lambda tokens: rig.mind, rig.pictures, rig.outlet)
        board = Switchboard(rig.core.bus.publish, rig.core.clock)
        await start_plugins(stack, board, rig.core, hosts_for(config, rig.core, found, services), rig.outlet)
        messages = Messages(home)
        agent = checked(*await messages.of("homeassistant/device/heed_heed/config"))
        alerts = checked(*await messages.of("homeassistant/device/heed_heed_alerts/config"))
        camera = checked(*await messages.of("homeassistant/device/heed_heed_door/config"))
        assert agent["device"] == alerts["device"] and camera["device"]["via_device"] == "heed_heed"
        assert (await messages.of(camera["components"]["person"]["state_topic"]))[1] == b"OFF"

        await rig.see("a person enters from the left")
        seen = json.loads((await messages.of(camera["components"]["seen"]["state_topic"]))[1])
        assert seen["event_type"] == "enters" and seen["what"] == "person"
        assert (await messages.of(camera["components"]["person"]["state_topic"]))[1] == b"ON"
        raised = json.loads((await messages.of(alerts["components"]["comes_event"]["state_topic"]))[1])
        assert raised["event_type"] == "new"

        await home.publish(agent["components"]["ask"]["command_topic"], "Which person enters?")
        answer = json.loads((await messages.of(agent["components"]["answer"]["state_topic"]))[1])
        assert "person enters" in answer["state"] and answer["question"] == "Which person enters?"

        switch = alerts["components"]["comes_switch"]
        assert (await messages.of(switch["state_topic"]))[1] == b"ON"
        await home.publish(switch["command_topic"], switch["payload_off"])
        assert (await messages.of(switch["state_topic"]))[1] == b"OFF"
        speaks = agent["components"]["speaks"]
        await home.publish(speaks["command_topic"], speaks["payload_off"])
        await until(lambda: all(dialog.muted for dialog in rig.core.dialogs()))
        assert (await messages.of(speaks["state_topic"], b"OFF"))[1] == b"OFF"


class Messages:
    """What a peer received: the next one of a topic, though others came before it."""

    def __init__(self, peer: aiomqtt.Client) -> None:
        self._peer = peer
        self._waiting: list[tuple[str, bytes]] = []

    async def of(self, topic: str, payload: bytes | None = None) -> tuple[str, bytes]:
        """The oldest that was not asked for yet; with `payload`, the oldest that is that."""
        async with asyncio.timeout(30):
            while True:
                for n, message in enumerate(self._waiting):
                    if message[0] == topic and payload in (None, message[1]):
                        return self._waiting.pop(n)
                got = await anext(aiter(self._peer.messages))
                self._waiting.append((str(got.topic), bytes(got.payload)))


async def test_a_frigates_cameras_become_sources_and_its_snapshots_pictures(
    mosquitto: Mosquitto, executor: ThreadPoolExecutor
) -> None:
    config = Config(frigate=FrigateConfig(read="frigate"))
    await mosquitto.ready()
    async with client(mosquitto) as peer:
        await peer.publish("frigate/available", "offline", retain=True, qos=1)
        await peer.publish("frigate/events", event("new", 1, id="old"), retain=True, qos=1)
    async with on_the_broker(mosquitto, executor, config) as rig, client(mosquitto) as peer:
        await until(lambda: rig.reasons("frigate:frigate") == ["Frigate is offline"])
        await peer.publish("frigate/available", "online", retain=True, qos=1)
        await until(lambda: len(rig.reasons("frigate:frigate")) == 2)
        assert not rig.percepts(), "what is retained happened before"
        await peer.publish("frigate/front_door/person/snapshot", jpeg(640, 360), retain=True, qos=1)
        await until(lambda: rig.pictures.newest("front_door"))
        await peer.publish("frigate/events", event("new", 1), qos=1)
        await until(lambda: rig.percepts())
        found = rig.percepts()[0]
        assert (found.source, found.text) == ("front_door", "a person appears")
        assert (rig.pictures.get(found.id) or b"")[:2] == b"\xff\xd8"
        await peer.publish("frigate/events", b"{" * 100, qos=1)
        await until(lambda: rig.reasons("frigate:events"))
        await peer.publish("frigate/events", bytes(5_000_000), qos=1)  # larger than is taken: the broker drops it
        await peer.publish("frigate/events", event("end", 9), qos=1)
        await until(lambda: any("disappears" in p.text for p in rig.percepts()))
        await peer.subscribe("answers/me")
        await peer.publish("heed/heed/ask", "Which person appears?", properties=asked("answers/me", b"1"))
        answer = json.loads((await next_message(peer, "answers/me")).payload)
        assert answer["cited"][0]["source"] == "front_door"


async def test_what_is_seen_is_written_as_frigate_would(mosquitto: Mosquitto, executor: ThreadPoolExecutor) -> None:
    config = Config(frigate=FrigateConfig(write="nvr"))
    async with on_the_broker(mosquitto, executor, config) as rig, client(mosquitto) as peer:
        await peer.subscribe("nvr/#", qos=1)
        await rig.see("a person enters from the left")
        new = json.loads((await next_message(peer, "nvr/events")).payload)
        start = rig.core.clock.wall_start
        assert start is not None and abs(new["after"]["start_time"] - start.timestamp()) < 60
        assert (new["type"], new["after"]["camera"], new["after"]["label"]) == ("new", "door", "person")
        assert new["after"]["box"] == [250, 500, 500, 750] and new["after"]["end_time"] is None
        assert (await next_message(peer, "nvr/door/person")).payload == b"1"
        await rig.see("something enters from the left")  # nameless: nothing to tell yet
        await rig.see("the thing is a car")
        car = json.loads((await next_message(peer, "nvr/events")).payload)
        assert (car["type"], car["after"]["label"]) == ("new", "car") and car["after"]["id"] != new["after"]["id"]
        await rig.see("the person leaves to the right")
        end = json.loads((await next_message(peer, "nvr/events")).payload)
        assert (end["type"], end["after"]["id"]) == ("end", new["after"]["id"])
        assert end["after"]["end_time"] >= end["after"]["start_time"]
        assert (await next_message(peer, "nvr/door/person")).payload == b"0"


async def test_two_agents_that_read_and_write_frigates_events_do_not_chase_one_another(
    mosquitto: Mosquitto, executor: ThreadPoolExecutor
) -> None:
    """What one wrote and this one read is not written once more."""
    config = Config(frigate=FrigateConfig(read="frigate", write="nvr"))
    async with on_the_broker(mosquitto, executor, config) as rig, client(mosquitto) as peer:
        await peer.subscribe("nvr/#", qos=1)
        await peer.publish("frigate/events", event("new", 1), qos=1)
        await until(lambda: rig.percepts())
        await rig.see("a dog enters from the left")
        assert json.loads((await next_message(peer, "nvr/events")).payload)["after"]["label"] == "dog"


async def test_over_tls_with_a_password_as_the_configuration_says(
    secure: Mosquitto, executor: ThreadPoolExecutor, tmp_path: Path
) -> None:
    url, ca_file = f"mqtts://localhost:{secure.port}", str(tmp_path / "ca.pem")
    config = Config(mqtt=MqttConfig(url, "ann", "hunter2", ca_file=ca_file))
    async with on_the_broker(secure, executor, config) as rig:
        assert rig.reasons("mqtt:heed")[0] == f"connected to {url}"


async def test_an_interrupted_answer_frees_the_way_for_the_next(
    mosquitto: Mosquitto, executor: ThreadPoolExecutor
) -> None:
    async with on_the_broker(mosquitto, executor) as rig, client(mosquitto) as peer:
        await rig.see("the gate opens")
        await peer.subscribe("answers/#", qos=1)
        for n in range(4):
            await peer.publish("heed/heed/ask", "The gate?", qos=1, properties=asked("answers/me", b"%d" % n))
            rig.core.bus.send(Interrupt("mqtt"))
        marks = [mark_of(await next_message(peer, "answers/me")) for _ in range(4)]
        assert marks == [b"0", b"1", b"2", b"3"]
