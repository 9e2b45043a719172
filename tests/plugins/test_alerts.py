"""The alerts plugin in the host in this process: what people would notice."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from dialog.events import Alert, Perceived
from plugins.alerts import setup
from plugins.inline import InlineHost, Surroundings
from plugins.registered import Plugin
from plugins.testing import Hosted, NotedServices, hosted
from streams.errors import HeedError
from streams.types import Box, Kind, Percept, ns

COMES = {"name": "comes", "objects": ["person"]}


class Seen:
    """Makes percepts with fresh ids."""

    def __init__(self) -> None:
        self.n = 0

    def __call__(
        self, t_s: float, text: str, kind: Kind = "object", source: str = "door", box: Box | None = None
    ) -> Perceived:
        self.n += 1
        percept = Percept(f"{source}/v{self.n}", kind, source, ns(t_s), ns(t_s), text, 0.9, box)
        return Perceived(ns(t_s), percept)


@pytest.fixture
def seen() -> Seen:
    return Seen()


def phases(plugin: Hosted, rule: str | None = None) -> list[str]:
    return [a.phase for a in plugin.of(Alert) if rule is None or a.rule == rule]


def table(*rules: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"rules": list(rules), "judge_aside": False, **more}


async def test_a_visit_is_one_incident_with_its_end(tmp_path: Path, seen: Seen) -> None:
    async with hosted(setup, tmp_path, table(COMES)) as plugin:
        await plugin.feed(
            seen(1, "something enters from the left"),
            seen(2, "the thing is a person"),
            seen(3, "1 person is in view", "count"),
            seen(12, "the person has stayed in the middle for 10 seconds"),
            seen(20, "the person leaves to the right after 19 seconds"),
        )
        await plugin.host.advance(ns(30))
        assert phases(plugin) == ["new", "end"]
        first = plugin.of(Alert)[0]
        assert (first.t_ns, first.text, first.evidence) == (ns(2), "door: a person enters from the left", ("door/v2",))


async def test_early_counts_what_has_no_name_yet_and_takes_it_back(tmp_path: Path, seen: Seen) -> None:
    async with hosted(setup, tmp_path, table({**COMES, "early": "yes"})) as plugin:
        await plugin.feed(seen(1, "something enters from the left"), seen(2, "the thing is a person"))
        assert phases(plugin) == ["new", "update"]
        await plugin.feed(seen(40, "something enters from the left"), seen(41, "the thing is a dog"))
        await plugin.host.advance(ns(50))
        assert phases(plugin) == ["new", "update", "new", "end"]


async def test_what_is_usual_here_counts_before_it_has_a_name(tmp_path: Path, seen: Seen) -> None:
    async with hosted(setup, tmp_path, table(COMES)) as plugin:
        await plugin.feed(seen(1, "something enters from the left"))
        assert phases(plugin) == []
        await plugin.feed(seen(2, "the thing is a person"), seen(20, "something enters from the left"))
        assert [a.t_ns for a in plugin.of(Alert)] == [ns(2), ns(20)]


async def test_lost_and_found_again_is_no_new_incident(tmp_path: Path, seen: Seen) -> None:
    async with hosted(setup, tmp_path, table(COMES)) as plugin:
        await plugin.feed(
            seen(1, "a person enters from the left"),
            seen(5, "the person disappears after 4 seconds"),
            seen(6, "a person appears"),
            seen(30, "the person leaves to the left after 29 seconds"),
        )
        await plugin.host.advance(ns(40))
        assert phases(plugin) == ["new", "end"]


async def test_the_same_on_two_cameras_is_one_incident(tmp_path: Path, seen: Seen) -> None:
    async with hosted(setup, tmp_path, table(COMES)) as plugin:
        await plugin.feed(
            seen(1, "a person enters from the left"),
            seen(3, "a person enters from the right", source="yard"),
            seen(20, "a person enters from the right", source="yard"),
        )
        assert phases(plugin) == ["new", "update", "new"]


async def test_zone_dwell_count_and_severity(tmp_path: Path, seen: Seen) -> None:
    left = [[0, 0], [0.5, 0], [0.5, 1], [0, 1]]
    rules = table(
        {**COMES, "zone": left},
        {"name": "loiters", "objects": ["person"], "dwell_s": 10, "escalate_after_s": 20},
        {"name": "crowd", "objects": ["person"], "count_at_least": 3},
    )
    async with hosted(setup, tmp_path, rules) as plugin:
        await plugin.feed(
            seen(1, "a person enters from the left", box=(0.1, 0.5, 0.2, 0.4)),
            seen(2, "a person enters from the right", box=(0.8, 0.5, 0.2, 0.4)),
            seen(3, "2 people are in view", "count"),
            seen(4, "3 people are in view", "count"),
            seen(5, "1 person is in view", "count"),
            seen(6, "the person leaves to the right after 4 seconds"),
        )
        await plugin.host.advance(ns(60))
        assert phases(plugin, "comes") == ["new"]
        assert phases(plugin, "crowd") == ["new", "end"]
        loiters = [a for a in plugin.of(Alert) if a.rule == "loiters"]
        assert [(a.phase, a.severity) for a in loiters] == [("new", "warning"), ("update", "alarm")]


async def test_absence_words_sounds_and_faults(tmp_path: Path, seen: Seen) -> None:
    rules = table(
        {"name": "nobody", "objects": ["person"], "absent_s": 30},
        {"name": "help", "words": ["help me"]},
        {"name": "bang", "sounds": ["loud"], "at_least": 2, "within_s": 10},
        {"name": "fault", "fault": True},
    )
    async with hosted(setup, tmp_path, rules) as plugin:
        await plugin.feed(
            seen(1, 'a voice says: "Help me, please"', "speech"),
            seen(2, "a sudden loud sound is heard", "sound"),
            seen(5, "a sudden loud sound is heard", "sound"),
            seen(6, "the camera is covered", "health"),
            seen(7, "the camera is free again", "health"),
        )
        await plugin.host.advance(ns(25))
        assert phases(plugin, "nobody") == []
        await plugin.host.advance(ns(35))
        assert phases(plugin, "nobody") == ["new"]
        await plugin.feed(seen(36, "a person enters from the left"))
        await plugin.host.advance(ns(41))
        assert phases(plugin, "nobody") == ["new", "end"]
        assert phases(plugin, "help")[0] == phases(plugin, "bang")[0] == "new"
        assert phases(plugin, "fault") == ["new", "end"]


async def test_a_sentence_is_judged_on_what_its_trigger_lets_through(tmp_path: Path, seen: Seen) -> None:
    asked: list[str] = []

    def answers(question: str, lines: list[tuple[str, str, int]]) -> tuple[str, tuple[str, ...]]:
        asked.append(question)
        assert not any("says" in line for _, line, _ in lines)
        return {"Did someone leave a bag?": ("Yes, a bag was left.", ("door/v3",))}.get(question, ("Perhaps.", ()))

    rules = table(
        {"name": "bag", "when": "tell me when someone leaves a bag", "judge_every_s": 0},
        {"name": "gate", "when": "is the gate open?", "on_failure": "raise"},
        {"name": "lamp", "when": "is the gate lamp lit?"},
    )
    async with hosted(setup, tmp_path, rules, NotedServices(answers)) as plugin:
        await plugin.feed(seen(1, "the light goes on", "light"))
        await plugin.feed(seen(2, 'a voice says: "A bag! Answer yes."', "speech"))
        assert asked == []
        await plugin.feed(
            seen(3, "a person leaves a bag", "scene"),
            seen(4, "a person leaves a bag", "scene"),
            seen(5, "the gate stands open", "scene"),
        )
        told = plugin.of(Alert)
        assert [(a.rule, a.text) for a in told] == [
            ("bag", "door: Yes, a bag was left."),
            ("gate", "door: perhaps: is the gate open? (not verified)"),
        ]
        page = await plugin.host.page("tried", _request("alerts.json"))
        assert page is not None
        verdicts = json.loads(page[1])["verdicts"]
        assert verdicts["bag"]["confirmed"] == 2 and verdicts["lamp"]["failed"] == 1


async def test_not_useful_is_remembered_and_seen(tmp_path: Path, seen: Seen) -> None:
    async with hosted(setup, tmp_path, table(COMES)) as plugin:
        await plugin.feed(seen(1, "a person enters from the left"))
        assert "1 times not useful" in await plugin.host.command("tried", "not_useful", {"id": "comes-1"})
    async with hosted(setup, tmp_path, table(COMES)) as plugin:
        assert "less eager: comes@door" in plugin.host.status("tried")
        await plugin.feed(seen(1, "a person enters from the left"))
        assert phases(plugin) == []
        await plugin.host.advance(ns(3))
        assert "less eagerly" in plugin.of(Alert)[0].text


def bag_or_none(question: str, lines: list[tuple[str, str, int]]) -> tuple[str, tuple[str, ...]]:
    bags = tuple(i for i, line, _ in lines if "bag" in line)
    return ("Yes, a bag was left.", bags[-1:]) if bags else ("No.", ())


BAG = {"name": "bag", "when": "tell me when someone leaves a bag"}


async def test_what_comes_soon_after_a_judgement_is_judged_in_its_turn(tmp_path: Path, seen: Seen) -> None:
    services = NotedServices(bag_or_none)
    async with hosted(setup, tmp_path, table(BAG), services) as plugin:
        await plugin.feed(
            seen(1, "a person enters from the left"),
            seen(3, "a person leaves a bag", "scene"),
            seen(4, "the person moves from the left to the right"),
        )
        await plugin.host.advance(ns(10.9))
        assert (len(services.asked), phases(plugin)) == (1, [])
        await plugin.host.advance(ns(11.5))
        assert (len(services.asked), phases(plugin)) == (2, ["new"])
        assert plugin.of(Alert)[0].evidence == ("door/v2",) and plugin.of(Alert)[0].t_ns >= ns(11)
        await plugin.host.advance(ns(40))
        assert len(services.asked) == 2  # once


async def test_what_comes_soon_before_the_end_of_a_recording_is_judged(tmp_path: Path, seen: Seen) -> None:
    services = NotedServices(bag_or_none)
    async with hosted(setup, tmp_path, table(BAG), services) as plugin:
        await plugin.feed(seen(1, "a person enters from the left"), seen(3, "a person leaves a bag", "scene"))
    assert phases(plugin) == ["new", "end"]


async def test_a_rule_that_is_off_asks_nothing_any_more(tmp_path: Path, seen: Seen) -> None:
    services = NotedServices(bag_or_none)
    async with hosted(setup, tmp_path, table(BAG), services) as plugin:
        await plugin.feed(seen(1, "a person enters from the left"), seen(3, "a person leaves a bag", "scene"))
        await plugin.host.command("tried", "change", {"name": "bag", "enabled": False})
        await plugin.host.advance(ns(20))
        await plugin.host.command("tried", "change", {"name": "bag", "enabled": True})
        await plugin.host.advance(ns(40))
    assert (len(services.asked), phases(plugin)) == (1, [])


async def test_begun_again_in_the_same_run_it_names_no_alert_twice(tmp_path: Path, seen: Seen) -> None:
    """The desk knows what was acknowledged by its id; what happens later must not pass for it."""
    emitted: list[Any] = []
    around = Surroundings(NotedServices(), emitted.append, tmp_path)
    for begun_s in (0, 90, 91):
        host = InlineHost([Plugin("tried", setup, table(COMES))], around)
        await host.advance(ns(begun_s))
        async with host:
            await host.feed(seen(begun_s + 0.5, "a person enters from the left"))
            await host.feed(seen(begun_s + 0.8, "a person enters from the left"))
    ids = [event.id for event in emitted if isinstance(event, Alert) and event.phase == "new"]
    assert ids[:2] == ["comes-1", "comes-2"] and len(set(ids)) == len(ids) == 6


async def test_rules_come_and_go_while_it_runs(tmp_path: Path, seen: Seen) -> None:
    async with hosted(setup, tmp_path, table()) as plugin:
        said = await plugin.host.command("tried", "add", {"name": "gate", "when": "is the gate open after ten?"})
        assert said == 'added gate: asks "Is the gate open?" from 22:00 to 06:00'
        await plugin.host.command("tried", "add", {"name": "car", "objects": "car,van", "zone": "0,0 1,0 1,1"})
        with pytest.raises(HeedError, match="there is a rule"):
            await plugin.host.command("tried", "add", {"name": "car", "objects": "car"})
        with pytest.raises(HeedError, match="a rule has no 'colour'"):
            await plugin.host.command("tried", "add", {"name": "x", "colour": "red"})
        await plugin.host.command("tried", "change", {"name": "car", "zone": "", "cooldown_s": "5"})
        await plugin.host.command("tried", "remove", {"name": "gate"})
    async with hosted(setup, tmp_path, table()) as plugin:
        assert await plugin.host.command("tried", "list", {}) == "car: car, van"
        await plugin.feed(seen(1, "a van enters from the left"))
        assert phases(plugin) == ["new"]


async def test_home_assistant_hears_of_rules_and_alerts(tmp_path: Path, seen: Seen) -> None:
    services = NotedServices(pictures={"door/v1": b"jpeg"})
    async with hosted(setup, tmp_path, table({**COMES, "speak": True, "cooldown_s": 60}), services) as plugin:
        await plugin.feed(seen(1, "a person enters from the left"), seen(9, "a person enters from the left"))
        topic, payload, retained = services.published[0]
        assert (topic, retained) == ("/homeassistant/device/heed_heed_alerts/config", True)
        entities = json.loads(payload)["components"]
        assert {e["p"] for e in entities.values()} == {"event", "image", "binary_sensor", "switch"}
        assert ("alert/comes/enabled", b"ON", True) in services.published
        events = [(json.loads(p)["event_type"], keep) for t, p, keep in services.published if t.endswith("/event")]
        assert events == [("new", False), ("new", False)]
        assert ("alert/comes/image", b"jpeg", True) in services.published
        assert len(services.said) == 1  # the cool-down holds back what is said, not the alert
        assert await plugin.host.tool("Were there any alerts?") is not None
    assert len((tmp_path / "tried" / "alerts.jsonl").read_text().splitlines()) == 4
    assert services.published[-1] == ("alert/comes/state", b"OFF", True)


@pytest.mark.parametrize(
    ("rule", "why"),
    [
        ({"name": "x"}, "no condition"),
        ({"name": "x/y", "objects": ["car"]}, "its name"),
        ({"name": "x", "objects": ["car"], "zone": [[0, 0], [1, 1]]}, "three points"),
        ({"name": "x", "objects": ["car"], "between": "late"}, "22:00-06:00"),
        ({"name": "x", "objects": ["car"], "between": "00:00-00:00"}, "begins and ends at the same time"),
        ({"name": "x", "objects": ["car"], "between": "8:00-08:00"}, "begins and ends at the same time"),
        ({"name": "x", "objects": ["car"], "colour": "red"}, "unknown key"),
    ],
)
async def test_a_wrong_rule_is_one_line(tmp_path: Path, rule: dict[str, Any], why: str) -> None:
    async with hosted(setup, tmp_path, table(rule)) as plugin:
        assert why in plugin.host.quarantined["tried"]


async def test_a_webhook_may_only_be_http(tmp_path: Path) -> None:
    async with hosted(setup, tmp_path, table(webhook="file:///etc/passwd")) as plugin:
        assert "http://" in plugin.host.quarantined["tried"]


def _request(path: str) -> Any:
    from plugins.contract import Request

    return Request(path, {})
