"""Documentation that cannot drift: what the README names exists, and what exists is named there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from agent.cli import COMMANDS
from agent.commands.bench import BENCHES
from agent.config import Config, load_config
from agent.jsonl import to_dict
from agent.models.catalog import CATALOG
from streams.mqtt.topics import table
from tests.agent.test_jsonl import EVENTS

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text()


def test_the_topic_table_is_the_one_in_the_code() -> None:
    assert table() in README


def test_the_table_of_json_lines_names_every_field_in_order() -> None:
    rows = re.findall(r"^\| ((?:`\w+`(?:, )?)+) \| (.*) \|$", README, re.MULTILINE)
    named = {kind: re.findall(r"`([^`]*)`", said) for kinds, said in rows for kind in re.findall(r"\w+", kinds)}
    for event in map(to_dict, EVENTS):
        fields = [name for name in event if name not in ("t", "type")]
        kind = event["type"]
        assert kind in named and " ".join(fields) in " ".join(named[kind]), f"{kind}: {fields}"


def test_every_command_is_real() -> None:
    named = set(re.findall(r"\bheed ([a-z][a-z-]+)", README)) - {"is", "and", "does", "hears"}
    assert named <= set(COMMANDS), named - set(COMMANDS)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_is_named(command: str) -> None:
    assert f"heed {command}" in README


def test_every_bench_is_described_in_the_benchmarks() -> None:
    text = (ROOT / "BENCHMARKS.md").read_text()
    assert not [name for name in BENCHES if f"heed bench {name}" not in text]


def test_options_in_examples_are_real() -> None:
    import argparse
    import importlib

    for command, options in re.findall(r"heed (replay|ask|run) ([^\n`]*)", README):
        parser = argparse.ArgumentParser()
        importlib.import_module(COMMANDS[command][0]).add_arguments(parser)
        known = {o for action in parser._actions for o in action.option_strings}
        used = set(re.findall(r"(--[a-z-]+)", options))
        assert used <= known, f"heed {command}: {used - known}"


def test_every_default_model_is_in_the_table() -> None:
    assert not [
        m.name for m in CATALOG if m.default and m.project not in README and m.project.replace("-", "_") not in README
    ]


def test_links_lead_somewhere() -> None:
    for target in re.findall(r"\]\((?!http)([^)#]+)\)", README):
        assert (ROOT / target).exists(), target


def test_the_variables_named_are_keys() -> None:
    for name in set(re.findall(r"HEED_[A-Z]+_[A-Z_]+", README)):
        config = load_config(None, {name: "x"}) if "URL" in name or "LOCAL" in name else None
        assert config is None or config != Config(), f"{name} sets nothing"


def test_no_placeholder_is_left() -> None:
    assert "@@" not in README
