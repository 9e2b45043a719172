"""Configuration: `config.toml` and `HEED_*` variables into frozen values. Unknown keys are errors, with a guess.

This is the one place that reads the environment. Values never appear in messages: a key may hold a password.
"""

from __future__ import annotations

import operator
import os
import tomllib
import types
import typing
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, is_dataclass
from pathlib import Path
from typing import Any, Literal

from agent.archive.config import ArchiveConfig
from agent.cameras.config import CamerasConfig, SourceConfig, wrong_name, wrong_network, wrong_source
from agent.mqtt_config import FrigateConfig, MqttConfig, check_topics
from agent.tables import ConfigError, build, from_text, keys
from streams.sources.hardware import wrong_device
from streams.webrtc.ice import IceServer

MAX_CONFIG_BYTES = 1_000_000


@dataclass(frozen=True, slots=True)
class AgentConfig:
    node: str = "heed"
    """Name of this agent: a level of its MQTT topics."""
    device: Literal["auto", "cpu", "cuda"] = "auto"
    """Where the models run."""
    threads: int = 0
    """Processor threads for the models; 0 takes the number of cores, at most 8."""
    hang_s: float = 30.0
    """A model that works on one picture or chunk of sound for so long hangs: it is given up; 0: never."""


@dataclass(frozen=True, slots=True)
class ModelsConfig:
    language: str = "smollm2-135m-instruct"
    """Catalogue name, local folder, or `hf:<organisation>/<name>`."""
    fusion: Literal["auto", "cross_attention", "native", "prompt", "none"] = "auto"
    """How percepts reach the language model; `auto` is cross_attention where an adapter fits, else prompt."""
    adapter: str = ""
    """File of a trained adapter; empty takes the one that comes with heed."""
    speech: str = "auto"
    """Speech to text: `moonshine-tiny-en`, `whisper:<size or folder>`, or `auto`."""
    turns: str = "smart-turn-v3"
    """What judges by the sound whether somebody who pauses has finished; empty for none."""
    pictures: str = "efficientnet-lite0"
    """What names things in pictures; empty for none."""


@dataclass(frozen=True, slots=True)
class StateConfig:
    per_source: int = 512
    """Percepts kept of each source as they are; older ones are merged into spans of time."""
    sources: int = 64
    """Sources remembered."""
    tokens: int = 4096
    """State tokens held for the language model; what no longer fits is merged into spans of time."""


@dataclass(frozen=True, slots=True)
class DialogConfig:
    respond: Literal["all", "questions", "none"] = "questions"
    """Which spoken sentences of a user get an answer."""
    patience: Literal["quick", "balanced", "patient"] = "balanced"
    """How long a pause may last before the agent takes its turn."""
    barge_in: bool = True
    """Speech interrupts the agent; else what is said during an answer waits."""
    remarks: bool = True
    """In a call: say so unasked when somebody comes into view, at most once a minute."""
    max_new_tokens: int = 96
    """Longest answer, in tokens."""
    history_turns: int = 4
    """Earlier exchanges that the language model sees."""
    voice: str = "en-us"
    """espeak-ng voice; empty for no speech."""
    voice_words_per_minute: int = 165
    """Speaking rate."""


@dataclass(frozen=True, slots=True)
class AskConfig:
    keep_s: float = 300.0
    """How long `heed ask` keeps the model in a process of its own for the next question; 0 for not at all."""


@dataclass(frozen=True, slots=True)
class HearingConfig:
    partial_s: float = 1.0
    """Seconds of speech between two partial texts; 0 for none."""
    end_silence_s: float = 0.5
    """Seconds of silence that end an utterance."""
    max_utterance_s: float = 20.0
    """Longer utterances are cut at a quiet place."""


@dataclass(frozen=True, slots=True)
class VisionConfig:
    max_fps: float = 10.0
    """Pictures looked at each second, at most."""
    signs: bool = True
    """Read text in the picture."""
    faces: bool = True
    """Find faces."""


@dataclass(frozen=True, slots=True)
class WebConfig:
    enabled: bool = True
    """Serve the page, calls, events and metrics."""
    host: str = "127.0.0.1"
    """Address to listen on; any other than loopback needs a token or a user (`heed users add`)."""
    port: int = 8770
    """TCP port."""
    token: str = ""
    """Bearer token of at least 8 characters (HEED_WEB_TOKEN keeps it out of the file)."""
    allowed_hosts: tuple[str, ...] = ()
    """Further names of this server for browsers, such as that of a proxy before it."""
    ice_servers: tuple[IceServer, ...] = ()
    """STUN and TURN servers: URLs, or tables of `urls`, `username`, `credential`; none are needed on one network."""
    max_peers: int = 8
    """Calls and publishers at once."""
    max_members: int = 8
    """People in one call."""
    max_watchers: int = 8
    """Who only watch, at once."""
    echo_cancellation: Literal["auto", "on", "off"] = "auto"
    """Take what the agent says out of what a caller sends; auto unless the caller says that it does so itself."""


@dataclass(frozen=True, slots=True)
class LocalConfig:
    microphone: str = ""
    """Name of a sound device, `default`, or empty for none."""
    loudspeaker: str = ""
    """Name of a sound device, `default`, or empty for none."""
    camera: str = ""
    """A device such as `/dev/video0`, or empty for none."""
    echo_cancellation: bool = True
    """Take what the loudspeaker plays out of what the microphone hears."""


@dataclass(frozen=True, slots=True)
class PluginLimits:
    """What the process of one plugin may use. Beyond it, the process is ended and begun again."""

    memory_mb: int = 1024
    """Resident memory, in MiB."""
    emits_hz: float = 50.0
    """Events and commands a second, in the long run."""
    services_hz: float = 50.0
    """Questions and looks a second, in the long run."""
    setup_s: float = 60.0
    """From its start until it is set up, its models loaded."""
    handler_s: float = 120.0
    """For one event."""
    hang_s: float = 10.0
    """For so long it may not answer at all."""
    failures: int = 3
    """So many within five minutes put it aside."""


@dataclass(frozen=True, slots=True)
class PluginsConfig:
    enabled: tuple[str, ...] = ()
    """Plugins to switch on, by name; `heed plugins list` shows those that are installed."""
    isolation: Literal["process", "none"] = "process"
    """Live, each runs in a process of its own, where what it does wrong concerns nobody else; or with the agent."""
    limits: PluginLimits = field(default_factory=PluginLimits)
    """For each process; a plugin's own are in `[plugins.<name>.limits]`."""
    tables: Mapping[str, Any] = field(default_factory=dict, metadata={"rest": True})
    """Each plugin's own table, `[plugins.<name>]`, as it was read; the plugin checks it."""


@dataclass(frozen=True, slots=True)
class Config:
    agent: AgentConfig = field(default_factory=AgentConfig)
    models: ModelsConfig = field(default_factory=ModelsConfig)
    state: StateConfig = field(default_factory=StateConfig)
    dialog: DialogConfig = field(default_factory=DialogConfig)
    ask: AskConfig = field(default_factory=AskConfig)
    hearing: HearingConfig = field(default_factory=HearingConfig)
    vision: VisionConfig = field(default_factory=VisionConfig)
    web: WebConfig = field(default_factory=WebConfig)
    mqtt: MqttConfig = field(default_factory=MqttConfig)
    frigate: FrigateConfig = field(default_factory=FrigateConfig)
    local: LocalConfig = field(default_factory=LocalConfig)
    cameras: CamerasConfig = field(default_factory=CamerasConfig)
    archive: ArchiveConfig = field(default_factory=ArchiveConfig)
    plugins: PluginsConfig = field(default_factory=PluginsConfig)
    sources: tuple[SourceConfig, ...] = ()
    """Cameras and files to watch: one `[[sources]]` each."""


RANGES: Mapping[str, tuple[float, float]] = types.MappingProxyType(
    {
        "agent.threads": (0, 256),
        "agent.hang_s": (0, 3600),
        "state.per_source": (1, 100_000),
        "state.sources": (1, 10_000),
        "state.tokens": (512, 65_536),
        "dialog.max_new_tokens": (1, 4096),
        "dialog.history_turns": (0, 64),
        "ask.keep_s": (0, 86_400),
        "dialog.voice_words_per_minute": (80, 450),
        "hearing.partial_s": (0, 10),
        "hearing.end_silence_s": (0.1, 5),
        "hearing.max_utterance_s": (2, 60),
        "vision.max_fps": (0.1, 60),
        "web.port": (0, 65_535),
        "web.max_peers": (1, 256),
        "web.max_members": (1, 64),
        "web.max_watchers": (0, 256),
        "mqtt.embedded_port": (0, 65_535),
        "mqtt.alert_qos": (1, 2),
        "plugins.limits.memory_mb": (16, 1_000_000),
        "plugins.limits.emits_hz": (0.1, 1000),
        "plugins.limits.services_hz": (0.1, 1000),
        "plugins.limits.setup_s": (1, 3600),
        "plugins.limits.handler_s": (1, 3600),
        "plugins.limits.hang_s": (1, 600),
        "plugins.limits.failures": (1, 100),
        "cameras.cores": (0, 1024),
        "archive.pictures_days": (0, 36_500),
        "archive.alert_pictures_days": (0, 36_500),
        "archive.pictures_mb": (0, 100_000_000),
        "archive.min_free_mb": (0, 100_000_000),
        "archive.clip_before_s": (0, 30),
        "archive.clip_after_s": (0, 60),
        "archive.clip_fps": (0.2, 15),
        "archive.clips_days": (0, 36_500),
        "archive.clips_mb": (0, 100_000_000),
        "archive.events_days": (0, 36_500),
        "archive.alerts_days": (0, 36_500),
    }
)


def limits_of(plugins: PluginsConfig, name: str) -> PluginLimits:
    """What the process of this plugin may use: `[plugins.limits]`, with its own table laid over it.

    Raises:
        ConfigError: its own table is wrong.
    """
    table = plugins.tables.get(name, {}).get("limits", {})
    if not isinstance(table, dict):
        raise ConfigError(f"'plugins.{name}.limits' must be a table")
    limits: PluginLimits = build(PluginLimits, {**asdict(plugins.limits), **table}, f"plugins.{name}.limits")
    for key in (f.name for f in fields(limits)):
        _check_range(f"plugins.{name}.limits.{key}", getattr(limits, key), RANGES[f"plugins.limits.{key}"])
    return limits


def data_folder() -> Path:
    """Where plugins keep what is theirs: `HEED_DATA`, else `heed` in the user's data directory."""
    if given := os.environ.get("HEED_DATA"):
        return Path(given).expanduser()
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share") / "heed"


def cache_folder() -> Path:
    """Where models are kept: `HEED_CACHE`, else `heed` in the user's cache directory."""
    if given := os.environ.get("HEED_CACHE"):
        return Path(given).expanduser()
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "heed"


def runtime_folder() -> Path:
    """Where this user's processes find one another; not created here."""
    return Path(os.environ.get("XDG_RUNTIME_DIR") or os.environ.get("TMPDIR") or "/tmp") / f"heed-{os.getuid()}"


def forget_variables(*names: str) -> None:
    """Take variables out of this process's environment, where a library would obey them wrongly."""
    for name in names:
        os.environ.pop(name, None)


def terminal_kind() -> tuple[str, bool]:
    """The kind of terminal (`TERM`), and whether tmux stands between."""
    return os.environ.get("TERM", ""), bool(os.environ.get("TMUX"))


def service_variables() -> dict[str, str]:
    """What a service manager says to those whom it starts (systemd's `sd_notify`)."""
    return {name: os.environ.get(name, "") for name in ("NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID")}


PREPARED_PRODUCTS = 64
"""An answer of a new length needs some seven, and those of an answer are used again and again while it is made."""


def bound_products() -> None:
    """Have torch keep few prepared products. By itself it keeps 1,024, one for each shape, and a process that answers
    questions of ever new lengths grows by some 8 MB an answer until it has them. Before torch is loaded, which reads
    this from the environment; what the user has set there holds."""
    for name in ("ONEDNN_PRIMITIVE_CACHE_CAPACITY", "LRU_CACHE_CAPACITY"):
        os.environ.setdefault(name, str(PREPARED_PRODUCTS))


def child_environment(**more: str) -> dict[str, str]:
    """This process's environment with `more`, for a program that heed starts."""
    return {**os.environ, **more}


def processes_beside() -> int:
    """How many processes of this program `torchrun` started on this machine, this one included."""
    given = os.environ.get("LOCAL_WORLD_SIZE", "")
    return max(1, int(given)) if given.isdecimal() else 1


def media_folder() -> Path:
    """Where `heed bench` finds labelled recordings: `HEED_MEDIA`, else `../shared/media`."""
    return Path(os.environ.get("HEED_MEDIA") or Path("..") / "shared" / "media")


def load_config(path: Path | None = None, environ: Mapping[str, str] | None = None) -> Config:
    """The configuration from a file (`config.toml` in the working directory if there is one) and `HEED_*` variables.

    `HEED_<SECTION>_<KEY>` overrides one key, as in `HEED_WEB_PORT=9000`.

    Raises:
        ConfigError: one line naming the file or key.
    """
    if path is None:
        path = Path("config.toml") if Path("config.toml").is_file() else None
    table: dict[str, Any] = {}
    if path is not None:
        try:
            if path.stat().st_size > MAX_CONFIG_BYTES:
                raise ConfigError(f"{path} is larger than {MAX_CONFIG_BYTES} bytes: that is no configuration")
            table = tomllib.loads(path.read_text(encoding="utf-8"))
        except OSError as error:
            raise ConfigError(f"cannot read {path}: {error.strerror or error}") from error
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise ConfigError(f"{path} is not valid TOML: {error}") from error
    override(table, os.environ if environ is None else environ)
    config: Config = build(Config, table, "")
    _check_values(config)
    return config


def override(table: dict[str, Any], environ: Mapping[str, str]) -> None:
    """Lay `HEED_<SECTION>_<KEY>` variables over a parsed table. Unknown variables are left to others."""
    hints = typing.get_type_hints(Config)
    for section in (f.name for f in fields(Config) if is_dataclass(hints[f.name])):
        for key in keys(hints[section]):
            text = environ.get(f"HEED_{section}_{key.name}".upper())
            if text is not None:
                table.setdefault(section, {})[key.name] = from_text(
                    text, typing.get_type_hints(hints[section])[key.name]
                )


def _check_values(config: Config) -> None:
    for key, bounds in RANGES.items():
        _check_range(key, operator.attrgetter(key)(config), bounds)
    for name in config.plugins.tables:
        limits_of(config.plugins, name)
    check_topics(config.mqtt, config.frigate)
    for n, server in enumerate(config.web.ice_servers):
        if wrong := server.wrong():
            raise ConfigError(f"'web.ice_servers[{n}]' {wrong}")
    for n, source in enumerate(config.sources):
        if wrong := wrong_name(source.name):
            raise ConfigError(f"'sources' has {wrong}")
        if wrong := wrong_source(source):
            raise ConfigError(f"'sources[{n}].{wrong}")
    if wrong := wrong_device(config.cameras.hardware_decoding):
        raise ConfigError(f"'cameras.hardware_decoding' {wrong}")
    for n, network in enumerate(config.cameras.networks):
        if wrong_network(network):
            raise ConfigError(f"'cameras.networks[{n}]' is no network such as 192.168.1.0/24")
    if len({source.name for source in config.sources}) != len(config.sources):
        raise ConfigError("'sources' has two entries of the same name")


def _check_range(key: str, value: float, bounds: tuple[float, float]) -> None:
    if not bounds[0] <= value <= bounds[1]:
        raise ConfigError(f"'{key}' must be between {bounds[0]:g} and {bounds[1]:g}")
