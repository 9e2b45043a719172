"""Whether somebody has finished: sound and words together; and the words' part by the language model."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from dialog.judge import Judge, Judged, finished
from dialog.model.ends import sentence_ends
from dialog.model.engine import Engine
from dialog.model.fusion import Fusion, load_fusion
from dialog.pauses import Pauses
from streams.errors import ModelError
from streams.types import Partial
from tests.fakes import FakeMind
from tests.streams.sources.waiting import until


@pytest.fixture
def executor() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(1) as pool:
        yield pool


def partial(text: str, sound: float | None = None) -> Partial:
    return Partial("call", 0, 1, text, finished=sound, paused=True)


def test_either_can_hold_the_agent_back() -> None:
    assert finished(0.95, 0.5) > 0.9
    assert finished(0.02, 0.5) < 0.2 and finished(0.95, 0.002) < 0.25
    assert finished(None, 0.05) == pytest.approx(0.5)
    assert finished(None, 0.0) == 0.0


def test_whole_words_never_wait_the_longest() -> None:
    """A question whose words are plainly all got the longest wait, 2 s, because it was asked in a flat voice."""
    pauses = Pauses()
    flat = finished(0.001, 0.9)
    assert pauses.wait_s(flat) == pauses.options.unsure_s < pauses.wait_s(finished(0.001, 0.01))
    assert finished(0.9, 0.9) > 0.8, "nothing is taken away"


async def test_the_newest_pause_is_judged_and_the_same_words_only_once(executor: ThreadPoolExecutor) -> None:
    told: list[Judged] = []
    hold, mind = threading.Event(), FakeMind()
    judge = Judge(mind, executor, told.append)
    executor.submit(hold.wait, 20)
    for text in ("Where", "Where are", "Where are the keys?"):
        judge.judge(partial(text, 0.9))
    hold.set()
    await until(lambda: bool(told))
    await asyncio.sleep(0)
    assert [(j.said.text, j.finished > 0.9) for j in told] == [("Where are the keys?", True)]
    judge.judge(partial("Where are the keys?", 0.01))
    assert len(told) == 2 and told[1].finished < 0.3, "at once, by what is known of the words"
    await judge.close()


async def test_a_model_that_fails_says_nothing(executor: ThreadPoolExecutor) -> None:
    class Broken(FakeMind):
        def finished(self, words: str) -> float:
            raise ModelError("broken")

    told: list[Judged] = []
    judge = Judge(Broken(), executor, told.append)
    judge.judge(partial("Where?"))
    await judge.close()
    assert told == []


def test_the_plain_model_gives_a_probability(engine: Engine) -> None:
    assert 0.0 < sentence_ends(engine, "Where are the keys?") < 1.0
    assert sentence_ends(engine, "Where are the keys") == sentence_ends(engine, "Where, are the keys?!")
    assert sentence_ends(engine, " ... ") == 0.0
    assert 0.0 < sentence_ends(engine, "word " * 5000) < 1.0


@pytest.fixture(scope="module")
def real(request: pytest.FixtureRequest) -> Fusion:
    folder = request.getfixturevalue("store").path("smollm2-135m-instruct")
    return load_fusion("cross_attention", folder, device="cpu")


@pytest.mark.models
@pytest.mark.parametrize(
    ("whole", "cut"),
    [
        ("Where are the keys", "Where are the"),
        ("What does the sign say", "What does the"),
        ("Who came in at the front door", "Who came in at the front door and"),
        ("Am I still in the picture", "Am I still in the"),
        ("Tell me what happened in the kitchen", "Tell me what happened in the"),
    ],
)
def test_cut_sentences_are_told_from_whole_ones(real: Fusion, whole: str, cut: str) -> None:
    assert finished(None, real.finished(whole)) > 2 * finished(None, real.finished(cut))
