"""Whether `heed run` would begin with a configuration: what one of the right form can still have wrong."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from agent.access.users import FILE as USERS
from agent.config import Config, data_folder
from agent.models.catalog import find
from agent.models.hub import is_outside
from agent.parts import load_voice
from agent.tables import ConfigError
from agent.web.access import WebOptions, check_options
from streams.errors import HeedError
from streams.mqtt.link import PORTS
from streams.sources.decode import check_path
from streams.sources.urls import parse_url


def check_startable(config: Config) -> None:
    """Look for what a start would refuse, and for what could never work once started, without loading a model or
    opening a connection. Whether models are on this machine is for `heed doctor`.

    Raises:
        ConfigError: one line naming the key.
    """
    web, models = config.web, config.models
    if web.enabled:
        users = data_folder() / USERS
        with _key("web", f"(users are looked for in {users.parent}; HEED_DATA names another folder)"):
            check_options(WebOptions(web.host, web.port, web.token or None, users=users))
    speech = "" if models.speech == "auto" else models.speech
    for key, spec in (("language", models.language), ("speech", speech)):
        with _key(f"models.{key}"):
            if spec and not is_outside(spec):
                find(spec)
    for key, name in (("turns", models.turns), ("pictures", models.pictures)):
        with _key(f"models.{key}"):
            if name:
                find(name)
    with _key("dialog.voice"):
        load_voice(config, lambda line: None)
    with _key("mqtt.url"):
        if config.mqtt.url not in ("", "embedded"):
            parse_url(config.mqtt.url, PORTS)
    for n, source in enumerate(config.sources):
        with _key(f"sources[{n}].url"):
            if "://" not in source.url:
                check_path(Path(source.url))


@contextmanager
def _key(name: str, hint: str = "") -> Iterator[None]:
    """What is wrong inside is wrong with this key."""
    try:
        yield
    except HeedError as error:
        raise ConfigError(f"'{name}': {error} {hint}".rstrip()) from error
