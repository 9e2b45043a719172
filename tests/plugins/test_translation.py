"""The plugin: append-only, in order, both texts with times; names kept; what is missing is said once."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from dialog.events import Caption, Perceived
from plugins.contract import Register, Request
from plugins.testing import Hosted, hosted
from plugins.translation.apertium import Apertium
from plugins.translation.options import Options
from plugins.translation.plugin import Translation, setup
from plugins.translation.translator import TranslationError
from streams.types import NS, Health, Partial, Percept, Transcript
from streams.wording import sign

HAVE_APERTIUM = ("en", "es") in Apertium().pairs()


class Marking:
    """An engine that marks what it was given, and has no pair into German."""

    name = "marking"

    def __init__(self) -> None:
        self.closed = False
        self.broken = False

    def pairs(self) -> frozenset[tuple[str, str]]:
        return frozenset({("en", "es"), ("en", "fr"), ("es", "fr")})

    def translate(self, segments: list[str], source: str, target: str) -> list[str]:
        if target == "de" or self.broken:
            raise TranslationError(f"nothing here translates {source} to {target}; install it")
        return [f"{target}:{segment.replace('Green', 'Verde')}" for segment in segments]

    def close(self) -> None:
        self.closed = True


def said(t0_s: float, t1_s: float, text: str, speaker: str = "", language: str = "") -> Perceived:
    return Perceived(
        round((t1_s + 0.5) * NS), Transcript("mic", round(t0_s * NS), round(t1_s * NS), text, speaker, language)
    )


def marked(engine: Marking, **table: Any) -> Any:
    def start(register: Register) -> None:
        options = register.options(Options)
        Translation(register, options, engine).start()  # type: ignore[arg-type]

    return start


def captions(tried: Hosted) -> list[tuple[str, str, str, float, float]]:
    return [(c.language, c.text, c.original, c.t0_ns / NS, c.t1_ns / NS) for c in tried.of(Caption)]


async def test_each_sentence_comes_once_in_every_language_with_both_texts(tmp_path: Path) -> None:
    engine = Marking()
    async with hosted(marked(engine), tmp_path, {"to": ["es", "fr"]}) as tried:
        await tried.feed(
            Perceived(NS, Partial("mic", 0, NS, "It is")), said(0, 4, "It is. He is.", "Ann"), said(5, 6, "Yes", "Bo")
        )
        assert tried.host.status("tried") == "translated: 3 to es, 3 to fr"
    assert captions(tried)[:4] == [
        ("es", "es:It is.", "It is.", 0, 2), ("fr", "fr:It is.", "It is.", 0, 2),
        ("es", "es:He is.", "He is.", 2, 4), ("fr", "fr:He is.", "He is.", 2, 4),
    ]  # fmt: skip
    assert all(c.translated and c.source == "mic" for c in tried.of(Caption))
    assert [c.speaker for c in tried.of(Caption)] == ["Ann"] * 4 + ["Bo"] * 2
    assert [c.t_ns for c in tried.of(Caption)] == sorted(c.t_ns for c in tried.of(Caption))
    assert engine.closed and not tried.of(Health)


async def test_what_is_in_the_language_already_is_left_alone(tmp_path: Path) -> None:
    async with hosted(marked(Marking()), tmp_path, {"to": ["es", "fr"]}) as tried:
        await tried.feed(said(0, 1, "Hola.", language="es"))
    assert captions(tried) == [("fr", "fr:Hola.", "Hola.", 0, 1)]


async def test_a_missing_language_is_said_once_and_the_others_go_on(tmp_path: Path) -> None:
    engine = Marking()
    async with hosted(marked(engine), tmp_path, {"to": ["de", "es"]}) as tried:
        await tried.feed(said(0, 1, "One."), said(1, 2, "Two."))
        engine.broken = True
        await tried.feed(said(2, 3, "Three."))
        engine.broken = False
        await tried.feed(said(3, 4, "Four."))
    assert [text for _, text, *_ in captions(tried)] == ["es:One.", "es:Two.", "es:Four."]
    assert [(h.component, h.state) for h in tried.of(Health)] == [
        ("translation:en-de", "degraded"), ("translation:en-es", "degraded"), ("translation:en-es", "ok"),
    ]  # fmt: skip
    assert "install" in tried.of(Health)[0].reason


async def test_names_that_were_seen_are_kept(tmp_path: Path) -> None:
    async with hosted(marked(Marking()), tmp_path) as tried:
        await tried.feed(said(0, 1, "we met Bill Green there"))
        await tried.feed(Perceived(2 * NS, Percept("c/v1", "sign", "c", NS, NS, sign("BILL GREEN"))))
        await tried.feed(said(3, 4, "we met Bill Green there"))
    assert [text for _, text, *_ in captions(tried)] == ["es:we met Bill Verde there", "es:we met Bill Green there"]


async def test_lines_of_subtitles_instead_of_utterances(tmp_path: Path) -> None:
    async with hosted(marked(Marking()), tmp_path, {"of": "caption"}) as tried:
        await tried.feed(said(0, 1, "Not this."))
        await tried.feed(Caption(2 * NS, 0, NS, "en", "this line", False, "mic", "Ann"))
        await tried.feed(Caption(3 * NS, 0, NS, "es", "nor this", True))
    assert captions(tried) == [("es", "es:this line", "this line", 0, 1)]


async def test_a_file_for_each_language_valid_at_any_moment(tmp_path: Path) -> None:
    table = {"to": ["es", "fr"], "file": "subs.{lang}.vtt"}
    async with hosted(marked(Marking()), tmp_path, table) as tried:
        await tried.feed(said(0, 2, "It <b>is</b> open & well.", "Ann"))
        before = (tmp_path / "tried" / "subs.es.vtt").read_text()
        await tried.feed(said(5, 8, "Two."))
        page = await tried.host.page("tried", Request("es.vtt", {}))
    after = (tmp_path / "tried" / "subs.es.vtt").read_text()
    assert before.startswith("WEBVTT\n\n") and after.startswith(before)
    assert "<v Ann>es:It &lt;b&gt;is&lt;/b&gt; open &amp; well." in after and "es:Two." in after
    assert "fr:Two." in (tmp_path / "tried" / "subs.fr.vtt").read_text()
    assert page is not None and page[0].startswith("text/vtt") and b"es:Two." in page[1]


async def test_a_file_that_cannot_be_written_stops_nothing(tmp_path: Path) -> None:
    (tmp_path / "tried").write_text("in the way")
    async with hosted(marked(Marking()), tmp_path, {"file": "subs.vtt"}) as tried:
        await tried.feed(said(0, 2, "One."), said(3, 4, "Two."))
    assert len(captions(tried)) == 2 and len(tried.of(Health)) == 1


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ({"to": []}, "one to eight languages"),
        ({"to": ["Spanish"]}, "no language code"),
        ({"to": ["es", "fr"], "file": "a.vtt"}, "must contain {lang}"),
        ({"file": "a.txt"}, "must end in .vtt or .srt"),
        ({"too": ["es"]}, "did you mean 'to'"),
        ({"models": [{"source": "en", "target": "es", "folder": "/nonexistent"}]}, "is no CTranslate2 model"),
    ],
)
async def test_a_wrong_table_is_one_line(tmp_path: Path, table: dict[str, Any], message: str) -> None:
    async with hosted(setup, tmp_path, table) as tried:
        assert message in tried.host.quarantined["tried"]


@pytest.mark.skipif(not HAVE_APERTIUM, reason="sudo apt-get install apertium apertium-eng-spa")
async def test_english_becomes_spanish_with_apertium(tmp_path: Path) -> None:
    async with hosted(setup, tmp_path, {"to": ["es"]}) as tried:
        await tried.feed(said(0, 2, "The gate is open."))
        await tried.feed(said(3, 4, "My name is Bill Brown. Then Bill Brown goes."))
    assert [text for _, text, *_ in captions(tried)] == [
        "La puerta es abierta.",
        "Mi nombre es Bill Brown.",
        "Entonces Bill Brown va.",
    ]
