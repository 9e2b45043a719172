"""`heed bench translation` runs, and what it counts as rewritten is."""

from __future__ import annotations

import argparse
from pathlib import Path

import pytest

from agent.bench.translation import Pair, _say, add_arguments, run
from dialog.events import Caption, Event
from plugins.translation.apertium import Apertium
from streams.types import NS

pytest.importorskip("sacrebleu")


@pytest.mark.media
@pytest.mark.skipif(("en", "es") not in Apertium().pairs(), reason="sudo apt-get install apertium apertium-eng-spa")
def test_it_measures_what_is_there_and_says_what_is_missing(media: Path) -> None:
    parser = argparse.ArgumentParser()
    add_arguments(parser)
    result = run(parser.parse_args(["--media", str(media), "--rounds", "2"]))
    spanish = result.figures["pairs"]["en-es"]
    assert spanish["sentences"] == 10 and spanish["rewrites"] == 0 and 40 < spanish["chrf"] < 100
    assert result.figures["rewrites"] == 0
    for pair in result.figures["pairs"].values():
        assert "chrf" in pair or "install" in pair["missing"]


def test_a_model_is_named_by_its_pair() -> None:
    parser = argparse.ArgumentParser()
    add_arguments(parser)
    assert parser.parse_args(["--model", "fr:en:a/b"]).model == [{"source": "fr", "target": "en", "folder": "a/b"}]
    with pytest.raises(SystemExit):
        parser.parse_args(["--model", "fr"])


@pytest.mark.parametrize(("starts", "rewrites"), [((0, 1, 2), 0), ((0, 0), 1), ((1, 0), 1)])
async def test_what_replaces_a_shown_segment_is_a_rewrite(starts: tuple[int, ...], rewrites: int) -> None:
    emitted: list[Event] = []

    async def feed(event: Event) -> None:
        if "Transcript" in repr(event):
            emitted.extend(Caption(0, start * NS, start * NS, "es", "x", True) for start in starts)

    pair = Pair("en", "es")
    await _say(pair, emitted, feed, 0, "one two three")
    assert pair.rewrites == rewrites
