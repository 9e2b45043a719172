import dataclasses
import operator
import os
import re
import subprocess
import sys
import typing
from pathlib import Path

import pytest

from agent.config import RANGES, Config, bound_products, cache_folder, limits_of, load_config, processes_beside
from agent.tables import ConfigError
from streams.webrtc.ice import IceServer

ROOT = Path(__file__).resolve().parent.parent.parent


def load(tmp_path: Path, text: str) -> Config:
    path = tmp_path / "config.toml"
    path.write_text(text)
    return load_config(path, {})


def test_the_file_shows_the_defaults() -> None:
    assert load_config(ROOT / "config.toml", {}) == Config()


def test_every_key_is_in_the_file_with_a_comment() -> None:
    lines = (ROOT / "config.toml").read_text().splitlines()

    def look(section: str, kind: type) -> None:
        start = lines.index(f"[{section}]")
        for key in dataclasses.fields(kind):
            if key.metadata.get("rest"):  # the tables of plugins, which have keys of their own
                continue
            inner = typing.get_type_hints(kind)[key.name]
            if dataclasses.is_dataclass(inner) and isinstance(inner, type):
                look(f"{section}.{key.name}", inner)
                continue
            at = next(i for i in range(start, len(lines)) if lines[i].startswith(f"{key.name} ="))
            assert lines[at - 1].startswith("# "), f"{section}.{key.name} has no comment"

    for section, kind in typing.get_type_hints(Config).items():
        if section != "sources":
            look(section, kind)


@pytest.mark.parametrize("key", RANGES)
def test_every_range_belongs_to_a_key(key: str) -> None:
    assert isinstance(operator.attrgetter(key)(Config()), int | float)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[web]\nprot = 1", "unknown key 'web.prot': did you mean 'port'?"),
        ("[wbe]\nport = 1", "unknown key 'wbe': did you mean 'web'?"),
        ('[web]\nport = "x"', "'web.port' must be a whole number"),
        ("[web]\nport = true", "'web.port' must be a whole number"),
        ("[web]\nport = 70000", "'web.port' must be between 0 and 65535"),
        ('[models]\nfusion = "x"', "'models.fusion' must be one of"),
        ('[[sources]]\nname = "a"', r"'sources\[0\]' needs url"),
        ('[[sources]]\nname = "a/b"\nurl = "x"', "odd characters"),
        ('[[sources]]\nname="a"\nurl="x"\n[[sources]]\nname="a"\nurl="y"', "two entries of the same name"),
        ("[plugins.limits]\nmemory_mb = 1", "'plugins.limits.memory_mb' must be between 16 and 1e\\+06"),
        (
            "[plugins.alerts.limits]\nmemory = 1",
            "'plugins.alerts.limits.memory': did you mean 'memory_mb'?",
        ),
        ("[plugins.alerts.limits]\nhang_s = 0", "'plugins.alerts.limits.hang_s' must be between 1 and 600"),
        ("[plugins.alerts]\nlimits = 3", "'plugins.alerts.limits' must be a table"),
        ('[frigate]\nread = "a/#"', "'frigate.read' must be a topic without wildcards"),
        ('[frigate]\nread = "heed"', "'frigate.read' must be a topic without wildcards"),
        ('[frigate]\nread = "f"\nwrite = "f"', "'frigate.write' must be another prefix"),
        ('[frigate]\nread = "frigate"', "'frigate' needs a broker: set 'mqtt.url'"),
        ('[mqtt]\nbirth_topic = "$SYS/x"', "'mqtt.birth_topic' must be a topic"),
        ('[mqtt]\ncert_file = "a.pem"', "go together"),
        ("[mqtt]\nalert_qos = 0", "'mqtt.alert_qos' must be between 1 and 2"),
        ('[[sources]]\nname="a"\nurl="x"\nmax_fps=100', r"'sources\[0\].max_fps' must be 0, or between"),
        ('[[sources]]\nname="a"\nurl="x"\nhours=["noon"]', r"'sources\[0\].hours': 'noon' is not like"),
        ('[[sources]]\nname="a"\nurl="x"\nlanguage="Spanish"', r"'sources\[0\].language' must be a code"),
        ('[[sources]]\nname="a"\nurl="x"\nmasks=[[[0,0],[1,1]]]', r"'sources\[0\].masks\[0\]' needs 3 to 64 points"),
        ('[[sources]]\nname="a"\nurl="x"\nmasks=[[0,1]]', r"'sources\[0\].masks\[0\]\[0\]' must be a list"),
        ('[[sources]]\nname="a"\nurl="x"\nzones=[{name="z"}]', r"'sources\[0\].zones\[0\]' needs points"),
        (
            '[[sources]]\nname="a"\nurl="x"\nzones=[{name="z",points=[[0,0],[1,0],[0,2]]}]',
            r"'sources\[0\].zones\[0\].points' has a point",
        ),
        ('[[sources]]\nname="a"\nurl="x"\nonly_zones=true', r"'sources\[0\].only_zones' needs zones"),
        ('[cameras]\nnetworks=["home"]', r"'cameras.networks\[0\]' is no network"),
        ("x = ", "not valid TOML"),
        ("web = 3", "'web' must be a table"),
    ],
)
def test_what_is_wrong_is_said_in_one_line(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(ConfigError, match=message) as caught:
        load(tmp_path, text)
    assert "\n" not in str(caught.value)


def test_a_camera_of_its_own(tmp_path: Path) -> None:
    source = load(
        tmp_path,
        """
        [[sources]]
        name = "yard"
        url = "rtsp://me:hunter2@10.0.0.5/x"
        max_fps = 0.5
        hours = ["mon-fri 18:00-07:00"]
        masks = [[[0, 0], [0.5, 0], [0.5, 1]]]
        zones = [{name = "drive", points = [[0, 0.5], [1, 0.5], [1, 1]]}]
        """,
    ).sources[0]
    assert source.masks == (((0.0, 0.0), (0.5, 0.0), (0.5, 1.0)),) and source.zones[0].name == "drive"
    assert "hunter2" not in repr(source)


def test_the_example_of_a_source_is_right(tmp_path: Path) -> None:
    lines = (ROOT / "config.toml").read_text().split("# Cameras, streams and files", 1)[1].splitlines()[1:]
    source = load(tmp_path, "\n".join(line.removeprefix("# ") for line in lines)).sources[0]
    assert source.max_fps == 5 and source.hours and source.masks and source.zones and source.fixed


def test_one_plugin_may_have_limits_of_its_own(tmp_path: Path) -> None:
    plugins = load(tmp_path, "[plugins.limits]\nhang_s = 20\n[plugins.translation.limits]\nmemory_mb = 4000").plugins
    mine, others = limits_of(plugins, "translation"), limits_of(plugins, "alerts")
    assert (mine.memory_mb, mine.hang_s) == (4000, 20.0) and (others.memory_mb, others.hang_s) == (1024, 20.0)


def test_a_message_never_shows_a_value(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        load(tmp_path, '[mqtt]\npasword = "hunter2"')
    assert "hunter2" not in str(caught.value)


def test_turn_servers_with_their_credentials(tmp_path: Path) -> None:
    table = '{urls = "turn:relay.lan:3478?transport=udp", username = "heed", credential = "hunter2"}'
    config = load(tmp_path, f'[web]\nice_servers = ["stun:stun.lan", {table}]')
    turn = config.web.ice_servers[1]
    assert config.web.ice_servers[0].urls == ("stun:stun.lan",)
    assert turn == IceServer(("turn:relay.lan:3478?transport=udp",), "heed", "hunter2")
    assert "hunter2" not in repr(config)
    for bad, message in (
        ('["http://x"]', "must be like stun:host:3478"),
        ('["turn:relay.lan"]', "needs 'username' and 'credential'"),
        ("[{urls = []}]", "has no URL"),
        ("[7]", "'web.ice_servers[0].urls' must be a list"),
        ('[{url = "stun:a"}]', "did you mean 'urls'"),
    ):
        with pytest.raises(ConfigError, match=re.escape(message)):
            load(tmp_path, f"[web]\nice_servers = {bad}")


def test_a_missing_file_is_said(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot read"):
        load_config(tmp_path / "none.toml", {})


def test_variables_override_the_file(tmp_path: Path) -> None:
    path = tmp_path / "c.toml"
    path.write_text("[web]\nport = 1\n")
    environ = {"HEED_WEB_PORT": "9000", "HEED_VISION_SIGNS": "no", "HEED_WEB_ICE_SERVERS": "stun:a, stun:b"}
    config = load_config(path, environ)
    servers = (IceServer(("stun:a",)), IceServer(("stun:b",)))
    assert (config.web.port, config.vision.signs, config.web.ice_servers) == (9000, False, servers)
    with pytest.raises(ConfigError, match=r"'web\.port' must be a whole number"):
        load_config(path, {"HEED_WEB_PORT": "many"})


def test_the_cache_folder_can_be_chosen(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HEED_CACHE", str(tmp_path))
    assert cache_folder() == tmp_path


@pytest.mark.parametrize(("given", "processes"), [("2", 2), ("", 1), ("0", 1), ("two", 1)])
def test_processes_that_share_the_cores(monkeypatch: pytest.MonkeyPatch, given: str, processes: int) -> None:
    monkeypatch.setenv("LOCAL_WORLD_SIZE", given)
    assert processes_beside() == processes


def test_few_prepared_products_are_kept_unless_the_user_wants_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ONEDNN_PRIMITIVE_CACHE_CAPACITY", raising=False)
    monkeypatch.setenv("LRU_CACHE_CAPACITY", "500")
    bound_products()
    assert os.environ["ONEDNN_PRIMITIVE_CACHE_CAPACITY"] == "64" and os.environ["LRU_CACHE_CAPACITY"] == "500"


def test_every_command_bounds_them_before_torch_is_loaded() -> None:
    script = """
import os, sys
from agent import cli
assert cli.main(["check-config", sys.argv[1]]) == 0
assert os.environ["ONEDNN_PRIMITIVE_CACHE_CAPACITY"] == "64" and "torch" not in sys.modules
"""
    environment = {name: value for name, value in os.environ.items() if "CACHE_CAPACITY" not in name}
    subprocess.run([sys.executable, "-c", script, str(ROOT / "config.toml")], check=True, env=environment)
