"""Another configuration while cameras are watched: only those concerned notice, over real RTSP."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from agent.cameras.config import CamerasConfig, SourceConfig
from agent.config import Config, load_config
from agent.reload import Reloader
from agent.switchboard import Switchboard
from agent.tables import ConfigError
from streams.clock import ManualClock
from streams.errors import HeedError
from streams.looks import LookOptions, Looks
from tests.agent.cameras.test_station import Rig, recordings, rig, served
from tests.streams.sources.clips import write_clip
from tests.streams.sources.waiting import until

__all__ = ["recordings"]


def config(*sources: SourceConfig, **more: object) -> Config:
    return replace(Config(), sources=sources, **more)  # type: ignore[arg-type]


def reloader(r: Rig, *sources: SourceConfig) -> Reloader:
    """As at the start of heed: the sources are watched."""
    for source in sources:
        r.station.watch(source)
    return Reloader(config(*sources), Switchboard(r.events.append, ManualClock()), lambda new, chosen: [], r.station)


async def test_cameras_that_have_not_changed_keep_their_connection(recordings: dict[str, Path]) -> None:
    async with rig() as r, served(recordings) as server:
        gate = SourceConfig("gate", server.url("moving"))
        yard, hall = SourceConfig("yard", server.url("moving")), SourceConfig("hall", server.url("moving"))
        reload = reloader(r, gate, yard, hall)
        await until(lambda: all(r.eyes.of(name) for name in ("gate", "yard", "hall")))
        left = ((0.0, 0.0), (0.5, 0.0), (0.5, 1.0), (0.0, 1.0))
        shop = SourceConfig("shop", server.url("still"))
        line = await reload(config(shop, replace(yard, masks=(left,)), gate))
        assert line == ("configuration read again; sources added: shop; sources ended: hall; sources begun again: yard")
        assert set(r.station.sources) == {"gate", "yard", "shop"}
        gone, seen = len(r.eyes.of("hall")), len(r.eyes.of("gate"))
        await until(lambda: r.eyes.of("yard")[-1].rgb[:, :150].max() == 0 and r.eyes.of("shop"))
        await until(lambda: len(r.eyes.of("gate")) > seen + 5)
        assert len(r.eyes.of("hall")) <= gone + 1, "no more than what was on its way"
        assert r.reasons("camera:gate") == ["it runs"] and not r.reasons("line:gate"), "it has noticed nothing"
        assert r.reasons("camera:yard") == ["it runs", "it is watched no longer", "it runs"]


async def test_a_user_who_is_described_anew_has_one_conversation(tmp_path: Path) -> None:
    clip = write_clip(tmp_path / "a.mkv", seconds=60)
    async with rig() as r:
        me = SourceConfig("me", str(clip), user=True)
        reload = reloader(r, me)
        await until(lambda: r.eyes.of("me"))
        for fps in (1.0, 2.0, 3.0):
            await reload(config(replace(me, max_fps=fps)))
        seen = len(r.eyes.of("me"))
        await until(lambda: len(r.eyes.of("me")) > seen)
        assert [dialog.source for dialog in r.core.dialogs()] == ["me"]
        await reload(config())
        assert not r.station.sources and not r.core.dialogs()


async def test_a_source_added_by_command_stays_and_the_file_has_the_last_word(recordings: dict[str, Path]) -> None:
    networks = CamerasConfig(networks=("127.0.0.0/8",))
    async with rig(cameras=networks) as r, served(recordings) as server:
        reload = reloader(r)
        reload._config = config(cameras=networks)
        assert r.tell("add", name="guest", url=server.url("still")).ok
        assert r.tell("add", name="gate", url=server.url("still")).ok
        await until(lambda: r.eyes.of("guest") and r.eyes.of("gate"))
        gate = SourceConfig("gate", server.url("moving"), max_fps=4)
        await reload(config(gate, cameras=networks))
        assert r.station.sources["gate"] == gate and r.reasons("camera:guest") == ["it runs"]
        line = await reload(config(gate))
        assert "in force: cameras.networks" in line
        assert not r.tell("add", name="more", url=server.url("still")).ok, "nobody adds any more"


async def test_room_that_becomes_free_is_used_and_one_too_many_is_named(tmp_path: Path) -> None:
    clip = write_clip(tmp_path / "a.mkv", seconds=30)
    a, b, c, d = (SourceConfig(name, str(clip), max_fps=10) for name in "abcd")
    async with rig(looks=Looks(LookOptions(cores=0.1))) as r:
        reload = reloader(r, a, b)
        line = await reload(config(b, c, d))
        assert "sources added: c, d; sources ended: a" in line and "'d' is refused" in line
        assert list(r.station.sources) == ["b", "c"] and "is refused" in r.reasons("camera:d")[-1]
        await reload(config(c, d))
        assert list(r.station.sources) == ["c", "d"]


async def test_a_file_that_is_missing_changes_nothing(tmp_path: Path) -> None:
    clip = write_clip(tmp_path / "a.mkv", seconds=30)
    async with rig() as r:
        hall = SourceConfig("hall", str(clip))
        reload = reloader(r, hall)
        await until(lambda: r.eyes.of("hall"))
        with pytest.raises(HeedError, match="there is no file"):
            await reload(config(replace(hall, url=str(tmp_path / "b.mkv")), SourceConfig("x", str(clip))))
        assert r.station.sources == {"hall": hall} and r.reasons("camera:hall") in ([], ["it runs"])
        assert reload.sources == ("hall",)


async def test_languages_follow_the_file(tmp_path: Path) -> None:
    clip = write_clip(tmp_path / "a.mkv", seconds=30)
    async with rig() as r:
        hall = SourceConfig("hall", str(clip), language="es")
        reload = reloader(r, hall)
        assert r.station._languages == {"hall": "es"}
        await reload(config(replace(hall, language="fr"), replace(hall, name="shop", language="de")))
        assert r.station._languages == {"hall": "fr", "shop": "de"}
        await reload(config())
        await asyncio.sleep(0)
        assert r.station._languages == {}


@pytest.mark.parametrize("url", ["ftp://cam/x", "rtsp://", "file:///etc/passwd", "rtsp://u:hunter2@cam/a b"])
def test_an_address_that_cannot_be_is_refused_before_anything_changes(url: str, tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text(f'[[sources]]\nname = "door"\nurl = "{url}"\n')
    with pytest.raises(ConfigError, match=r"'sources\[0\].url': the address") as caught:
        load_config(tmp_path / "config.toml", {})
    assert "hunter2" not in str(caught.value) and "\n" not in str(caught.value)
