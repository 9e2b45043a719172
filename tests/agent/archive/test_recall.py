"""Answers about earlier days: what is brought back, and what becomes of what the model says."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from agent.archive.recall import Recall
from agent.archive.records import Record, local, wall_ns
from agent.archive.retold import Offer, Retold, quoted
from agent.archive.schema import ArchiveError
from agent.archive.search import Search
from agent.archive.store import Store
from agent.archive.when import when
from agent.bench.archive_answers import _tells
from agent.bench.archive_life import asked_in_vain, planted
from dialog.mind import rests_on
from dialog.refusal import REFUSAL, may_refuse
from streams import wording
from streams.clock import ManualClock
from streams.types import NS
from tests.fakes import FakeMind, FakeThought

NOW = datetime(2026, 11, 23, 18, 0)
DATES = {"Fri 16:42": "16:42 on Friday 13 November"}
VAN = Offer("gate/archive1", "On Friday 13 November at 16:42, gate: a white van appears.", "gate: a white van appears")


def said(thought: Retold) -> list[str]:
    pieces: list[str] = []
    while (piece := thought.step()) is not None:
        pieces.append(piece)
    assert "".join(pieces) == thought.text
    return pieces


def answer(text: str, offer: Offer | None = VAN, times: dict[str, str] | None = None, *on: str) -> Retold:
    return Retold(FakeThought(text.split(), list(on)), DATES, offer, times or {})


def test_a_weekday_gets_its_date_however_the_text_comes_in_pieces() -> None:
    thought = answer("A van entered at Fri 16:42 at the gate.", None, None, "gate/archive1")
    pieces = said(thought)
    assert thought.text == "A van entered at 16:42 on Friday 13 November at the gate."
    assert pieces[0] == "A" and len(pieces) > 5, "what is no time comes at once"
    assert thought.evidence()[0].text == thought.text


def test_times_that_only_begin_alike_stay() -> None:
    thought = answer("A van left on Fri and at Fri 16:43, F")
    said(thought)
    assert thought.text == "A van left on Fri and at Fri 16:43, F"


def test_a_refusal_is_followed_by_what_comes_nearest_and_cites_it() -> None:
    thought = answer("I have not seen a blue van.")
    pieces = said(thought)
    nearest = "on Friday 13 November at 16:42, gate: a white van appears."
    assert thought.text == f"I have not seen a blue van. The nearest that I have: {nearest}"
    assert [p for p in pieces if p] == [thought.text], "nothing is said before it is clear what the answer is"
    assert rests_on(thought.evidence()) == ("gate/archive1",)


def test_a_refusal_that_denies_just_what_the_moment_says_gives_way_to_it() -> None:
    for text in ("I have not seen a white van.", "I have not seen white vans at the gate."):
        thought = answer(text)
        said(thought)
        assert thought.text == VAN.words and rests_on(thought.evidence()) == ("gate/archive1",)


def test_a_refusal_stands_where_nothing_comes_near_and_an_answer_always() -> None:
    for offer, text in ((None, "I have not seen a fox."), (VAN, "I do see a van."), (VAN, "No, it went by.")):
        thought = answer(text, offer)
        said(thought)
        assert thought.text == text


def test_a_time_that_was_asked_for_is_told_of_what_the_answer_rests_on() -> None:
    times = {"gate/archive1": "16:42 on Friday 13 November"}
    thought = answer("A van is at the gate.", None, times, "gate/archive1")
    said(thought)
    assert thought.text == "A van is at the gate. That was at 16:42 on Friday 13 November."
    for text, on in (("A van came at 10:00.", "gate/archive1"), ("A van is at the gate.", "gate/archive2")):
        other = answer(text, None, times, on)
        said(other)
        assert other.text == text, "it has a time, or it rests on something else"


def test_what_was_held_back_is_not_said_after_a_cancel() -> None:
    thought = answer("I have not seen a blue van.")
    assert thought.step() == "" and thought.step() == ""
    thought.cancel()
    assert thought.step() is None and thought.text == ""


def test_beginnings_of_refusals() -> None:
    assert all(may_refuse(text) for text in ("", "I", "I have", "I don't know who", "No, I have not heard"))
    assert not any(may_refuse(text) for text in ("A", "I see", "Yes", "No, it"))
    assert REFUSAL.search("I have not heard a trumpet.") and not REFUSAL.search("A trumpet is heard.")


def test_a_quotation_has_a_date_and_an_end() -> None:
    at = datetime(2025, 12, 31, 7, 5)
    assert quoted(at, NOW, "gate", wording.sign("OPEN")) == (
        'On Wednesday 31 December 2025 at 07:05, gate: a sign reads "OPEN".'
    )
    assert quoted(NOW, NOW, "gate", wording.says("Stop!")) == 'At 18:00, gate: a voice says: "Stop!"'


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    told = [
        (2, "gate", "object", "two policemen talk to the guard"),
        (3, "gate", "object", "a white van enters from the left"),
        (3, "yard", "object", "a red car enters from the left"),
        (3, "garage", "alert", "night: smoke is seen"),
        (3, "kitchen", "speech", wording.says("Your appointment with the dentist is on Monday.", "Ida")),
        *((4, "yard", "object", f"a {noun} enters from the left") for noun in ("dog", "cat", "boy", "bus", "horse")),
        *((5, "yard", "speech", wording.says(f"The meeting is in room {n}.")) for n in range(40)),
    ]
    with Store(tmp_path, 0) as store:
        for n, (days, source, kind, text) in enumerate(told):
            t_ns = wall_ns(NOW - timedelta(days=days, minutes=n))
            store.add([Record(kind, source, t_ns, t_ns, text, f"{source}/v{n}")])
    return tmp_path


def recall_of(folder: Path, minds: list[FakeMind]) -> Recall:
    def fork(tokens: int) -> FakeMind:
        minds.append(FakeMind())
        return minds[-1]

    return Recall(folder, ManualClock(NOW), FakeMind(), lambda: None, fork)


def test_only_what_fits_about_as_well_as_the_best_is_brought_back(folder: Path) -> None:
    recall = recall_of(folder, [])
    (van,) = recall.find("when did the white van come 3 days ago", 0)
    assert van.text == "a white van enters from the left" and van.fit.share == 1.0 and van.fit.rare
    recall.close()


def test_what_is_asked_in_other_forms_of_the_words_is_offered(folder: Path) -> None:
    recall = recall_of(folder, [])
    thought = recall("when were the police here?", NS).told(FakeThought("I have not seen a man.".split(), []))
    while thought.step() is not None:
        pass
    assert thought.text.endswith("at 18:00, gate: two policemen talk to the guard.")
    recall.close()


def test_what_never_happened_is_refused_and_nothing_is_offered_for_common_words(folder: Path) -> None:
    recall = recall_of(folder, [])
    for question in ("when did the unicorn come 4 days ago", "when did the zeppelin enter 3 days ago?"):
        thought = recall(question, NS).told(FakeThought("I have not seen it.".split(), []))
        while thought.step() is not None:
            pass
        assert thought.text == "I have not seen it.", question
    recall.close()


def test_an_alert_that_no_percept_says_again_is_brought_back(folder: Path) -> None:
    recall = recall_of(folder, [])
    assert [one.text for one in recall.find("when was there smoke in the garage", 0)] == ["night: smoke is seen"]
    recall.close()


def test_what_only_the_archive_knows_is_asked_of_it_alone_and_what_the_state_holds_is_not(folder: Path) -> None:
    minds: list[FakeMind] = []
    recall = recall_of(folder, minds)
    found = recall("when is the appointment with the dentist?", NS)
    assert found.mind is minds[0] and len(minds[0].lines) == 1
    assert recall("is the dentist here now?", NS).mind is None, "of what is now, the archive knows nothing"
    recall.holds = lambda percept_id: True
    assert recall("when is the appointment with the dentist?", NS).mind is None
    recall.close()


def test_a_fit_tells_how_much_of_a_question_a_moment_holds(folder: Path) -> None:
    with Search(folder) as search:
        moments = search.find("when did the green van come", NOW)
        fits = dict(
            zip((m.text for m in moments), search.fits("when did the green van come", NOW, moments), strict=True)
        )
    van, car = fits["a white van enters from the left"], fits["a red car enters from the left"]
    assert 0 < car.share < van.share < 1 and van.rare
    here = [m for m in moments if m.text == "a white van enters from the left"]
    with Search(folder) as search:
        (left,) = search.fits("what has left", NOW, here)
    assert left.share == 0, "a side is no departure"


@pytest.mark.parametrize(
    "question",
    [
        "What happened on 12 October 1492?",
        "What happened 5000 months ago?",
        "Who came on 31 December 9999?",
        "Who came between 24 and 24 on 30 December 9999?",
        "Who came on 1 January 2900?",
        "Who came on 0001-01-01 at night?",
    ],
)
def test_a_time_beyond_all_archives_is_answered_with_nothing(folder: Path, question: str) -> None:
    with Search(folder) as search:
        assert all(m.began.year == NOW.year for m in search.find(question, NOW))
    recall = recall_of(folder, [])
    recall(question, NS)
    recall.close()


def test_of_a_time_before_all_archives_nothing_is_found(folder: Path) -> None:
    with Search(folder) as search:
        for question in ("What happened on 12 October 1492?", "What happened 5000 months ago?"):
            assert not search.find(question, NOW)


def test_an_archive_that_breaks_meanwhile_is_said_as_one_that_cannot_be_read(folder: Path) -> None:
    recall = recall_of(folder, [])
    assert recall.find("when did the white van come 3 days ago", 0)
    with Search(folder) as search, Store(folder, 0) as store:
        store.db.execute("ALTER TABLE sources RENAME TO lost_sources")
        store.db.execute("ALTER TABLE runs RENAME TO lost_runs")
        for read in (search.sources, search.newest_run, search.holdings):
            with pytest.raises(ArchiveError, match="cannot be read"):
                read()
    assert recall.find("when did the white van come 3 days ago", 0) == []
    recall.close()


def test_questions_asked_in_vain_are_not_of_the_day_of_the_incident() -> None:
    incidents = planted(1)
    vain = asked_in_vain(1, ("who was the bishop {when}?",), incidents)
    assert len(vain) > 10 and not any("{" in question for question in vain)
    for one in incidents:
        at = local(one.record.t0_ns)
        for question in vain:
            if question.startswith(one.form.partition("{when}")[0]):
                day = when(question, NOW).spans[0][0]
                assert abs((day.date() - at.date()).days) > 1, (question, at)


def test_an_answer_tells_what_was_asked_for() -> None:
    one = planted(1)[0]
    clock = f"{local(one.record.t0_ns):%H:%M}"
    assert _tells(f"A white van entered at {clock}.", one)
    assert not _tells("A white van entered from the left.", one), "when it came was asked"
    (said,) = [one for one in planted(1) if one.question.startswith("to which day")]
    assert _tells("It was moved to the second of December.", said)
    assert not _tells(f"At {local(said.record.t0_ns):%H:%M} in the hallway.", said), "when it was said was not asked"
