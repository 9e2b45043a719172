"""A conversation with a user who speaks another language than the mind."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from agent.bus import Bus
from agent.interpreter import EngineInterpreter, interpreter_of
from dialog.events import Event, Reply, ReplyDelta
from dialog.interpreter import Interpreted, Understood
from dialog.manager import Dialog, DialogOptions
from plugins.translation.apertium import Apertium
from plugins.translation.translator import TranslationError
from streams.clock import ManualClock
from streams.errors import HeedError
from tests.fakes import FakeMind, FakeThought, ListSink, organs

SPANISH = {
    "¿Dónde están las llaves?": "Where are the keys?",
    "The keys are here.": "Las llaves están aquí.",
    "yes": "sí",
}


class Phrasebook:
    """An engine that knows a few sentences."""

    name = "phrasebook"

    def __init__(self, one_way: bool = False) -> None:
        self.one_way = one_way

    def pairs(self) -> frozenset[tuple[str, str]]:
        return frozenset({("en", "es"), ("es", "en")})

    def translate(self, segments: list[str], source: str, target: str) -> list[str]:
        if source == "en" and self.one_way:
            raise TranslationError("nothing here translates en to es; install it")
        return [SPANISH.get(segment.strip(), f"{target}({segment.strip()})") for segment in segments]

    def close(self) -> None: ...


def interpreter(told: list[str] | None = None, one_way: bool = False) -> EngineInterpreter:
    said = [] if told is None else told
    return EngineInterpreter(Phrasebook(one_way), "en", ("es",), said.append)  # type: ignore[arg-type]


async def converse(question: str, who: EngineInterpreter | None) -> tuple[list[Event], FakeMind, ListSink]:
    events: list[Event] = []
    mind, bus, sink = FakeMind(), Bus(), ListSink()
    mind.remember("p1", "The keys are here.", 0)
    with bus.tap(events.append), ThreadPoolExecutor(1) as executor:
        shared = replace(organs(ManualClock(), bus, executor, mind), interpreter=who)
        async with Dialog("call", shared, DialogOptions(), sink) as dialog:
            dialog.typed(question)
            await dialog.settle()
            dialog.typed("Where are the keys?")
            await dialog.settle()
    return events, mind, sink


async def test_a_question_in_spanish_is_answered_in_spanish() -> None:
    events, mind, sink = await converse("¿Dónde están las llaves?", interpreter())
    first, second = [event for event in events if isinstance(event, Reply)]
    assert mind.asked[0][0] == "Where are the keys?"
    assert (first.question, first.text) == ("¿Dónde están las llaves?", "Las llaves están aquí.")
    assert first.evidence == ("p1",) and first.sentences[0].text == "Las llaves están aquí."
    assert "".join(e.text for e in events if isinstance(e, ReplyDelta) and e.generation == 1).strip() == first.text
    assert sink.speech[0].text == "Las llaves están aquí." and first.spoken == first.text
    # An English question after it is answered as ever, and the mind remembers all in its own language.
    assert second.text == "The keys are here."
    assert [(turn.question, turn.answer) for turn in mind.asked[1][1]] == [
        ("Where are the keys?", "The keys are here.")
    ]


async def test_without_an_interpreter_nothing_changes() -> None:
    events, mind, _ = await converse("¿Dónde están las keys?", None)
    assert mind.asked[0][0] == "¿Dónde están las keys?"
    assert [event.text for event in events if isinstance(event, Reply)][1] == "The keys are here."


def test_one_who_cannot_answer_in_a_language_says_so_and_answers_in_the_minds_own() -> None:
    told: list[str] = []
    who = interpreter(told, one_way=True)
    assert who.understand("¿Dónde están las llaves?") == Understood("Where are the keys?", "")
    assert who.understand("¿Dónde están las llaves?").language == ""
    assert told == ["nothing here translates en to es; install it"]
    assert who.express("The keys are here.", "es") == "The keys are here."


def test_an_answer_comes_sentence_by_sentence() -> None:
    thought = FakeThought("It is open. It is big.".split(), ["p1"])
    told = Interpreted(thought, interpreter(), Understood("?", "es"))
    pieces = []
    while (piece := told.step()) is not None:
        pieces.append(piece)
    assert [piece for piece in pieces if piece] == ["es(It is open.) ", "es(It is big.) "]
    assert told.text.strip() == "es(It is open.) es(It is big.)" and told.plain == "It is open. It is big."
    assert told.step() is None


def test_a_voice_for_the_language() -> None:
    told: list[str] = []
    who = interpreter(told)
    spanish = who.voice("es")
    assert spanish is not None and len(spanish.say("Hola.")[0]) > 1000
    assert who.voice("es") is spanish
    assert who.voice("qqq") is None and who.voice("qqq") is None and len(told) == 1


def test_the_table_decides() -> None:
    assert interpreter_of({"dialog": False}, print) is None
    with pytest.raises(HeedError, match="did you mean 'dialog'"):
        interpreter_of({"dialogue": True}, print)
    who = interpreter_of({}, print)
    assert who is not None and who.understand("Where are the keys?") == Understood("Where are the keys?")


@pytest.mark.skipif(("es", "en") not in Apertium().pairs(), reason="sudo apt-get install apertium apertium-eng-spa")
def test_with_apertium() -> None:
    who = interpreter_of({}, print)
    assert who is not None
    understood = who.understand("¿Dónde está la llave?")
    assert understood.language == "es" and "key" in understood.text
    assert who.express("The gate is open.", "es") == "La puerta es abierta."
