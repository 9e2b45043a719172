import pytest

from dialog.addressed import is_addressed
from dialog.echo import is_echo, words
from dialog.heard import Sentence, heard_text
from dialog.signals import Answer, Cancel, Drop, Finished, Said, Stop, Typed
from dialog.turn import TurnOptions, TurnTaking
from streams.types import NS


def said(text: str, t_s: float = 1.0) -> Said:
    return Said(round((t_s - 1) * NS), round(t_s * NS), text)


def test_a_question_is_answered_and_a_statement_is_not() -> None:
    turns = TurnTaking()
    assert turns.handle(said("The keys are on the table."), NS) == [
        Drop("The keys are on the table.", "not a question")
    ]
    assert turns.handle(said("Where are the keys?", 5), 5 * NS) == [Answer(1, "Where are the keys?", 5 * NS)]


def test_without_barge_in_what_is_said_during_an_answer_waits_its_turn() -> None:
    turns = TurnTaking(TurnOptions(barge_in=False))
    turns.handle(said("Who is there?"), NS)
    assert turns.handle(said("And what is that?", 2), 2 * NS) == []
    assert turns.handle(Finished(1), 3 * NS) == [Answer(2, "And what is that?", 2 * NS)]
    assert turns.handle(Finished(2), 4 * NS) == []
    assert not turns.busy


def test_the_queue_is_bounded() -> None:
    turns = TurnTaking(TurnOptions(queue=2, barge_in=False))
    for n in range(4):
        decisions = turns.handle(said(f"Question {n}?", n + 1), n * NS)
    assert decisions == [Drop("Question 1?", "too many questions wait")]


def test_a_typed_question_stops_the_answer() -> None:
    turns = TurnTaking()
    turns.handle(said("Who is there?"), NS)
    assert turns.handle(Typed("What time is it?", "c1"), 2 * NS) == [
        Cancel(1, "a new question was typed"),
        Answer(2, "What time is it?", 2 * NS, "c1"),
    ]
    assert turns.handle(Finished(1), 3 * NS) == []
    assert turns.busy, "a late end of the stopped answer must not end the new one"


def test_stop_silences_and_forgets_what_waits() -> None:
    turns = TurnTaking(TurnOptions(barge_in=False))
    turns.handle(said("Who is there?"), NS)
    turns.handle(said("And now?", 2), 2 * NS)
    assert turns.handle(Stop(), 3 * NS) == [Cancel(1, "interrupted")]
    assert turns.handle(Stop(), 4 * NS) == []
    assert not turns.busy


def test_the_agent_does_not_answer_itself() -> None:
    turns = TurnTaking()
    turns.handle(said("Where are the keys?"), NS)
    turns.saying(1, "Is it the red chair? The keys are under the red chair.")
    heard = said("is it the bread chair", 4)
    assert turns.handle(heard, 4 * NS) == [Drop(heard.text, "the agent's own words")]
    turns.handle(Finished(1), 5 * NS)
    assert turns.handle(heard, 6 * NS) == [Drop(heard.text, "the agent's own words")]
    assert isinstance(turns.handle(said("Is it the red chair?", 60), 60 * NS)[0], Answer)


def test_an_answer_that_never_ends_is_stopped() -> None:
    turns = TurnTaking(TurnOptions(limit_s=10, barge_in=False))
    turns.handle(said("Who is there?"), NS)
    turns.handle(said("Hello?", 2), 2 * NS)
    assert turns.tick(10 * NS) == []
    assert turns.tick(12 * NS) == [Cancel(1, "took longer than 10 s"), Answer(2, "Hello?", 2 * NS)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("What does the sign say?", True),
        ("where are the keys", True),
        ("Okay, so is the light on", True),
        ("Tell me what happened.", True),
        ("Heed, the door.", True),
        ("Hello there.", True),
        ("Good morning", True),
        ("The keys are under the red chair.", False),
        ("I think that is what he meant.", False),
        ("Whatever happens, stay.", False),
        ("", False),
    ],
)
def test_who_is_addressed(text: str, expected: bool) -> None:
    assert is_addressed(text) is expected


def test_echo_needs_most_words_in_order() -> None:
    saying = "The sign says exit forty two. I saw it at ten past three."
    assert is_echo("the sign says exit forty too", saying)
    assert not is_echo("what does the sign say", saying)
    assert not is_echo("where are the keys", saying)
    assert not is_echo("", saying)


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("Ключи лежат за дверью.", 4),
        ("Die Tür öffnet sich über den Straßenrand.", 7),
        ("Die Tu\u0308r o\u0308ffnet.", 3),
        ("L’homme n'est pas là.", 4),
        ("चाबियाँ दरवाज़े के पीछे हैं।", 5),
        ("المفاتيح خلف الباب", 3),
        ("열쇠는 문 뒤에 있다.", 4),
        ("钥匙在门后面。", 6),
        ("鍵はドアの後ろにあります。", 12),
        ("กุญแจอยู่หลังประตู", 13),
        ("'Stop', it's 10 o'clock!", 4),
        ("?! ... -- '", 0),
    ],
)
def test_words_of_any_script(text: str, count: int) -> None:
    assert len(words(text)) == count
    assert is_echo(text, text) is (count > 0)


def test_an_echo_is_known_in_any_script() -> None:
    saying = "Ключи лежат за дверью на полке. Die Tür öffnet sich. 钥匙在门后面的架子上。"
    for heard in ("ключи лежат за дверью", "die TÜR öffnet sich", "die Tu\u0308r o\u0308ffnet", "钥匙在门后面"):
        assert is_echo(heard, saying)
    for other in ("где мои очки", "wo ist mein Hut", "谁在那里", "ключи от машины"):
        assert not is_echo(other, saying)


def test_heard_text() -> None:
    sentences = [Sentence("One two three four.", 2.0), Sentence("Five six.", 1.0)]
    assert heard_text(sentences, 3.0) == "One two three four. Five six."
    assert heard_text(sentences, 2.6) == "One two three four. Five"
    assert heard_text(sentences, 1.0) == "One two"
    assert heard_text(sentences, 0.0) == ""
