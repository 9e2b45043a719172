"""Apertium's real programs, where they are installed (tools/debian.sh does it)."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from plugins.translation.apertium import MODES, Apertium, finish, stages
from plugins.translation.translator import MAX_SEGMENT_CHARS, TranslationError, Translators


@pytest.fixture
def apertium() -> Iterator[Apertium]:
    engine = Apertium()
    if ("en", "es") not in engine.pairs():
        pytest.skip("Apertium's English-Spanish pair is missing: sudo apt-get install apertium apertium-eng-spa")
    yield engine
    engine.close()


def test_english_becomes_spanish_and_back(apertium: Apertium) -> None:
    assert apertium.translate(["The gate is open.", "", "my name is Bill"], "en", "es") == [
        "La puerta es abierta.",
        "",
        "Mi nombre es Bill",
    ]
    assert apertium.translate(["La puerta es grande."], "es", "en") == ["The door is big."]


def test_segments_do_not_touch_each_other(apertium: Apertium) -> None:
    words = ["The dog sees the cat.", "the child", "I am here."]
    together = apertium.translate(words, "en", "es")
    alone = [apertium.translate([word], "en", "es")[0] for word in reversed(words)]
    assert together == alone[::-1]


@pytest.mark.parametrize(
    "text",
    ["a < b / c {x} $5 ^^ @me \\n [here] *now*", "^dog<n>$ [<b>] [] \\", "one\0two\nthree\x1b[0m", "$1; rm -rf /"],
)
def test_marks_of_apertiums_own_are_words_like_others(apertium: Apertium, text: str) -> None:
    translated = apertium.translate([text], "en", "es")[0]
    assert [c for c in translated if c in "<>{}$^@\\[]*;/"] == [c for c in text if c in "<>{}$^@\\[]*;/"]
    assert "\0" not in translated and "\n" not in translated
    assert apertium.translate(["The gate is open."], "en", "es") == ["La puerta es abierta."]


def test_a_program_that_dies_is_started_anew(apertium: Apertium) -> None:
    apertium.translate(["yes"], "en", "es")
    (row,) = apertium._running.values()
    os.kill(row._processes[3].pid, signal.SIGKILL)
    row._processes[3].wait()
    with pytest.raises(TranslationError, match="eng-spa: a program ended"):
        apertium.translate(["The gate is open."], "en", "es")
    assert apertium.translate(["The gate is open."], "en", "es") == ["La puerta es abierta."]


def test_an_answer_that_does_not_come_is_a_line(tmp_path: Path, apertium: Apertium) -> None:
    (tmp_path / "eng-spa.mode").write_text("apertium-pretransfer | lt-proc-that-is-not-there | apertium-pretransfer\n")
    with pytest.raises(TranslationError, match="cannot start lt-proc-that-is-not-there: No such file"):
        Apertium(tmp_path).translate(["yes"], "en", "es")
    row = Apertium(MODES, timeout_s=0.0)
    with pytest.raises(TranslationError, match="no answer within 0 s"):
        row.translate(["yes"], "en", "es")
    assert not row._running


def test_closing_leaves_no_process(apertium: Apertium) -> None:
    apertium.translate(["yes"], "en", "es")
    processes = [process for row in apertium._running.values() for process in row._processes]
    assert processes and all(process.poll() is None for process in processes)
    apertium.close()
    assert all(process.poll() is not None for process in processes)


def test_a_long_segment_is_refused(apertium: Apertium) -> None:
    assert apertium.translate(["word " * (MAX_SEGMENT_CHARS // 5)], "en", "es")[0].count("palabra") > 300
    with pytest.raises(TranslationError, match="longer than 2000"):
        apertium.translate(["x" * (MAX_SEGMENT_CHARS + 1)], "en", "es")


@pytest.mark.parametrize("mode", ["rm -rf x", "lt-proc a; rm x", "lt-proc a |", "sh -c 'lt-proc'", "lt-proc 'a"])
def test_a_mode_file_holds_nothing_but_apertiums_programs(tmp_path: Path, mode: str) -> None:
    (tmp_path / "eng-spa.mode").write_text(mode)
    with pytest.raises(TranslationError, match=r"eng-spa\.mode"):
        stages(tmp_path / "eng-spa.mode")


def test_a_mode_file_becomes_commands(tmp_path: Path) -> None:
    (tmp_path / "a.mode").write_text("lt-proc '/d/a b.bin' | apertium-tagger -g $2 '/d/x.prob' | lt-proc $1 -z g.bin")
    assert stages(tmp_path / "a.mode") == [
        ["lt-proc", "-z", "/d/a b.bin"],
        ["apertium-tagger", "-z", "-g", "/d/x.prob"],
        ["lt-proc", "-n", "-z", "g.bin"],
    ]


def test_what_is_missing_is_named_with_its_package() -> None:
    nobody = Translators([Apertium(Path("/nonexistent"))])
    with pytest.raises(TranslationError, match=r"sudo apt-get install apertium apertium-eng-spa"):
        nobody.translate(["yes"], "en", "es")
    with pytest.raises(TranslationError, match=r"install apertium apertium-fr-es apertium-eng-spa"):
        nobody.translate(["oui"], "fr", "en")
    with pytest.raises(TranslationError, match=r"no Apertium pair for it; name a CTranslate2 model"):
        nobody.translate(["yes"], "en", "ja")
    assert nobody.translate(["yes"], "en", "en") == ["yes"]


def test_a_detour_over_a_third_language() -> None:
    class Engine:
        name = "noted"

        def pairs(self) -> frozenset[tuple[str, str]]:
            return frozenset({("fr", "es"), ("es", "en"), ("en", "es"), ("fr", "ca"), ("ca", "en")})

        def translate(self, segments: list[str], source: str, target: str) -> list[str]:
            return [f"{segment}>{target}" for segment in segments]

        def close(self) -> None: ...

    engines = Translators([Engine()])  # type: ignore[list-item]
    assert engines.translate(["a", "b"], "fr", "en") == ["a>es>en", "b>es>en"]
    assert engines.translate(["a"], "es", "en") == ["a>en"]


def test_spanish_marks_and_blanks() -> None:
    assert finish("Hola . Es abierta ? Sí !  Bien", "es") == "Hola. ¿Es abierta? ¡Sí! Bien"
    assert finish("¿Es abierta ?", "es") == "¿Es abierta?"
    assert finish("Is it open ?", "en") == "Is it open?"
