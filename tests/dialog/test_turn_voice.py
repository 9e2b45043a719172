"""Turn-taking with voice activity, on virtual time."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialog.interjections import is_backchannel, is_stop
from dialog.pauses import PATIENCE, PauseOptions, Pauses
from dialog.signals import (
    Answer,
    Audible,
    Cancel,
    Drop,
    Finished,
    Hold,
    Resume,
    Said,
    Seen,
    Stop,
    Typed,
)
from dialog.turn import WENT_ON, TurnOptions, TurnTaking
from streams.types import NS
from tests.dialog.talk import KEYS, Talk, answers


@pytest.mark.parametrize(
    ("finished", "at_least_s", "at_most_s"),
    [(0.95, 0.43, 0.49), (0.5, 0.78, 0.84), (0.2, 1.18, 1.24), (0.01, 1.9, 2.1)],
)
def test_the_surer_the_end_the_sooner_the_answer(finished: float, at_least_s: float, at_most_s: float) -> None:
    talk = Talk()
    talk.voice(True)
    assert talk.turns.state == "hearing"
    talk.wait(1.5)
    talk.voice(False)
    assert talk.words(KEYS, 0.0, finished) == [] and talk.turns.state == "waiting"
    assert answers(talk.wait(at_least_s)) == []
    assert answers(talk.wait(at_most_s - at_least_s)) == [KEYS]
    (answer,) = [d for d in talk.log if isinstance(d, Answer)]
    assert answer.asked_ns == round(1.5 * NS), "the end of the speech, not that of the pause"


def test_who_goes_on_after_a_pause_is_not_cut_off() -> None:
    talk = Talk()
    talk.voice(True)
    talk.wait(1.0)
    talk.voice(False)
    talk.words("What is on the.", 0.0, 0.05)
    assert answers(talk.wait(0.8)) == []
    talk.voice(True)
    talk.wait(0.8)
    talk.voice(False)
    talk.words("What is on the table?", 0.0, 0.9)
    assert answers(talk.wait(0.5)) == ["What is on the table?"]


def test_utterances_of_one_turn_are_one_question() -> None:
    talk = Talk()
    talk.voice(True)
    talk.wait(1.0)
    talk.voice(False)
    talk.words("The red chair in the hall.", 0.0, 0.1)
    talk.tell(Said(0, NS, "The red chair in the hall.", "anna", 0.1))
    talk.wait(1.0)
    talk.voice(True)
    talk.wait(1.0)
    talk.voice(False)
    talk.words("is it occupied?", 2.0, 0.9)
    assert answers(talk.wait(0.6)) == ["The red chair in the hall. is it occupied?"]


def test_the_transcript_of_what_is_being_answered_is_no_new_question() -> None:
    talk = Talk()
    talk.ask()
    assert talk.tell(Said(0, NS, "Where are the keys", "anna")) == []
    talk.tell(Finished(1))
    assert talk.tell(Said(0, NS, "Where are the keys", "anna")) == [] and talk.wait(3) == []


def test_going_on_before_anything_was_heard_withdraws_the_answer() -> None:
    talk = Talk()
    talk.voice(True)
    talk.wait(1.0)
    talk.voice(False)
    talk.words(KEYS, 0.0, 0.9)
    assert answers(talk.wait(0.5)) == [KEYS]
    assert talk.voice(True) == [Hold()]
    talk.wait(0.6)
    assert talk.words("Where are the keys of the car", 0.0) == [Cancel(1, WENT_ON)]
    talk.voice(False)
    talk.words("Where are the keys of the car?", 0.0, 0.9)
    assert answers(talk.wait(0.5)) == ["Where are the keys of the car?"]


def test_a_voice_silences_at_once_and_words_end_the_answer() -> None:
    talk = Talk()
    talk.ask()
    assert talk.voice(True) == [Hold()] and talk.turns.state == "holding"
    start_s = talk.t_s
    talk.wait(0.7)
    assert talk.words("What", start_s) == [], "one word may become anything"
    talk.wait(0.3)
    assert talk.words("What about the door", start_s) == [Cancel(1, "the user interrupted")]
    assert talk.turns.state == "hearing"
    talk.voice(False)
    talk.words("What about the door?", start_s, 0.9)
    assert answers(talk.wait(0.5)) == ["What about the door?"]


@pytest.mark.parametrize("text", ["Mm-hm.", "Right.", "Yeah, okay.", "Right, I see.", "Got it."])
def test_a_backchannel_lets_it_go_on(text: str) -> None:
    talk = Talk()
    talk.ask()
    talk.voice(True)
    start_s = talk.t_s
    talk.wait(0.5)
    talk.voice(False)
    assert talk.words(text, start_s, 0.9) == [Resume("a backchannel"), Drop(text, "a backchannel")]
    assert talk.turns.state == "speaking"
    assert talk.tell(Said(round(start_s * NS), round(talk.t_s * NS), text, "anna")) == []
    assert talk.wait(3) == []


def test_a_cough_lets_it_go_on() -> None:
    talk = Talk()
    talk.ask()
    talk.voice(True)
    talk.wait(0.3)
    talk.voice(False)
    assert talk.wait(1.1) == []
    assert talk.wait(0.2) == [Resume("no words came")]


def test_a_cough_does_not_lose_the_answer_that_is_thought_of() -> None:
    talk = Talk()
    talk.voice(True)
    talk.wait(1.0)
    talk.voice(False)
    talk.words(KEYS, 0.0, 0.9)
    talk.wait(0.5)
    assert talk.voice(True) == [Hold()]
    talk.wait(0.2)
    talk.voice(False)
    assert talk.wait(1.3) == [Resume("no words came")] and talk.turns.busy


@pytest.mark.parametrize("text", ["Stop.", "Okay, stop it.", "Wait a moment.", "No, be quiet please.", "Never mind."])
def test_a_wish_for_silence_is_no_question(text: str) -> None:
    talk = Talk(TurnTaking(TurnOptions(respond="all")))
    talk.ask()
    talk.voice(True)
    start_s = talk.t_s
    talk.wait(0.5)
    talk.voice(False)
    assert talk.words(text, start_s, 0.9)[0] == Cancel(1, "interrupted")
    assert talk.tell(Said(round(start_s * NS), round(talk.t_s * NS), text, "anna")) == []
    assert answers(talk.wait(3)) == []


def test_what_was_said_before_stop_gets_no_answer() -> None:
    talk = Talk()
    talk.voice(True)
    talk.wait(1.0)
    talk.words("where are the keys", 0.0)
    talk.voice(False)
    talk.wait(0.1)
    talk.tell(Stop())
    talk.wait(0.3)
    assert talk.tell(Said(0, NS, KEYS, "anna")) == []
    assert answers(talk.wait(3)) == [] and talk.turns.state == "listening"
    talk.ask("And who is there?")
    assert answers(talk.log) == ["And who is there?"], "what is said from then on is answered"


def test_stop_is_for_words_too_that_are_not_known_yet_or_go_on() -> None:
    talk = Talk()
    talk.voice(True)
    talk.wait(1.0)
    talk.voice(False)
    talk.tell(Stop())
    talk.wait(0.2)
    talk.tell(Said(0, NS, KEYS, "anna"))
    assert answers(talk.wait(3)) == [], "nothing was known of it when it was stopped"
    talk.ask()
    start_s = talk.t_s - 1.5
    assert talk.tell(Stop()) == [Cancel(1, "interrupted")]
    talk.wait(1.0)
    talk.words("Where are the keys of the car?", start_s, 0.9)
    assert answers(talk.wait(3)) == [], "more words of a question whose answer was stopped"


def while_a_question_waits() -> Talk:
    """A talk in which a written question is answered aloud and a spoken one waits."""
    talk = Talk()
    talk.tell(Typed("Who is there?"))
    talk.voice(True)
    start_s = talk.t_s
    talk.wait(1.0)
    talk.voice(False)
    talk.tell(Said(round(start_s * NS), round(talk.t_s * NS), KEYS, "anna"))
    talk.tell(Audible(1))
    talk.wait(0.2)
    return talk


def test_stop_forgets_the_question_that_waits() -> None:
    talk = while_a_question_waits()
    talk.voice(True)
    start_s = talk.t_s
    talk.wait(0.5)
    talk.voice(False)
    assert talk.words("Stop.", start_s, 0.9) == [Cancel(1, "interrupted"), Drop("Stop.", "a wish for silence")]
    talk.tell(Typed("And now?"))
    assert talk.tell(Finished(2)) == [] and answers(talk.wait(3)) == []


def test_a_question_that_waits_outlives_words_that_get_no_answer() -> None:
    talk = while_a_question_waits()
    talk.voice(True)
    start_s = talk.t_s
    talk.wait(1.0)
    talk.voice(False)
    assert talk.words("The weather is fine", start_s, 0.9) == [Cancel(1, "the user interrupted")]
    assert answers(talk.wait(1)) == [KEYS]
    assert talk.tell(Finished(2)) == [] and answers(talk.wait(3)) == []


def test_its_own_words_do_not_stop_it_and_soon_not_even_hold_it() -> None:
    talk = Talk()
    talk.ask()
    assert talk.voice(True) == [Hold()]
    start_s = talk.t_s
    talk.wait(0.7)
    echo = "the keys are under the bread chair"
    assert talk.words(echo, start_s) == [Resume("its own words"), Drop(echo, "the agent's own words")]
    talk.voice(False)
    talk.wait(0.2)
    assert talk.voice(True) == [], "the microphone hears the loudspeaker: only words count now"
    assert talk.words("And who is at the door", start_s + 2) == [Cancel(1, "the user interrupted")]


def test_words_of_any_script_end_the_answer() -> None:
    talk = Talk(TurnTaking(TurnOptions(respond="all")))
    talk.ask()
    talk.voice(True)
    start_s = talk.t_s
    talk.wait(1.0)
    assert talk.words("а кто стоит у двери", start_s) == [Cancel(1, "the user interrupted")]


def test_its_own_words_after_the_end_are_no_question() -> None:
    talk = Talk(TurnTaking(TurnOptions(respond="all")))
    talk.ask()
    talk.tell(Finished(1))
    talk.wait(0.5)
    assert talk.tell(Said(0, NS, "Under the red chair in the hall.", "bob"))[-1:] == [
        Drop("Under the red chair in the hall.", "the agent's own words")
    ]


def test_noise_that_sounds_like_a_voice_does_not_hold_it_for_ever() -> None:
    talk = Talk()
    talk.ask()
    talk.voice(True)
    decided = talk.wait(9)
    assert decided == [Resume("held for 8 s without an interruption")]
    talk.wait(30)
    assert "noise" in talk.turns.reason or not talk.turns.restless


def test_a_slow_speaker_is_given_longer() -> None:
    pauses = Pauses()
    quick = pauses.wait_s(0.5), pauses.wait_s(0.9)
    for _ in range(6):
        pauses.went_on(0.9)
    assert pauses.wait_s(0.5) > quick[0] and pauses.wait_s(0.9) > quick[1]
    pauses.went_on(60.0)
    assert pauses.wait_s(0.01) == PauseOptions().longest_s
    for options in PATIENCE.values():
        waits = [Pauses(options).wait_s(p) for p in (1.0, 0.5, 0.2, 0.0)]
        assert waits == sorted(waits)
    with pytest.raises(ValueError, match="rise"):
        PauseOptions(sure_s=2.0)


def test_two_people_in_a_room() -> None:
    """While one of them speaks the other's question waits."""
    talk = Talk()
    talk.voice(True, "anna")
    talk.wait(0.5)
    talk.voice(True, "bob")
    talk.wait(0.5)
    talk.voice(False, "anna")
    talk.words(KEYS, 0.0, 0.95, "anna")
    assert answers(talk.wait(1.0)) == []
    talk.voice(False, "bob")
    assert answers(talk.wait(0.5)) == [KEYS]


def test_a_remark_needs_silence() -> None:
    talk = Talk()
    assert answers(talk.tell(Seen("I see somebody coming in.", "cam/v1"))) == [""]
    assert talk.tell(Seen("I see a dog coming in.", "cam/v2")) == []
    talk.tell(Finished(1))
    talk.voice(True)
    assert talk.tell(Seen("I see a dog coming in.", "cam/v2")) == []


def test_typing_ends_what_was_being_said() -> None:
    talk = Talk()
    talk.voice(True)
    talk.wait(0.5)
    talk.words("Where are", 0.0)
    assert answers(talk.tell(Typed("Who is there?"))) == ["Who is there?"]
    talk.tell(Finished(1))
    talk.voice(False)
    assert answers(talk.wait(3)) == []


def test_talk_does_not_lose_a_typed_question() -> None:
    talk = Talk(TurnTaking(TurnOptions(respond="all")))
    talk.tell(Typed("Still there?"))
    assert talk.voice(True) == [Hold()]
    start_s = talk.t_s
    talk.wait(1.0)
    talk.words("Lovely weather", start_s)
    talk.voice(False)
    said = Said(round(start_s * NS), round(talk.t_s * NS), "Lovely weather.", "anna")
    talk.tell(said)
    assert talk.turns.busy and not talk.turns.held and not any(isinstance(d, Cancel) for d in talk.log)
    assert answers(talk.tell(Finished(1))) == ["Lovely weather."]


@pytest.mark.parametrize("text", ["What is that?", "Yes, but who came in?", "The keys.", "", "I think it was him"])
def test_what_is_no_backchannel(text: str) -> None:
    assert not is_backchannel(text) and not is_stop(text)


_TEXTS = st.sampled_from(["", "Mm-hm.", "Stop.", KEYS, "The keys are under the red chair", "Hello there", "uh"])
_SECONDS = st.floats(0, 3)
_PEOPLE = st.sampled_from(["anna", "bob"])
_STEPS = st.one_of(
    st.tuples(st.just("voice"), st.booleans(), _PEOPLE),
    st.tuples(st.just("words"), _TEXTS, st.none() | st.floats(0, 1)),
    st.tuples(st.just("said"), _TEXTS, _PEOPLE),
    st.tuples(st.just("typed"), _TEXTS.filter(bool), st.none()),
    st.tuples(st.just("stop"), st.none(), st.none()),
    st.tuples(st.just("audible"), st.none(), st.none()),
    st.tuples(st.just("finished"), st.none(), st.none()),
    st.tuples(st.just("seen"), st.none(), st.none()),
    st.tuples(st.just("wait"), _SECONDS, st.none()),
)


@given(st.lists(_STEPS, max_size=40), st.booleans())
def test_no_state_lasts_for_ever(steps: list[tuple[str, object, object]], barge_in: bool) -> None:
    """Whatever happens, generations grow, a held answer is an answer, and silence leads back to listening."""
    talk = Talk(TurnTaking(TurnOptions(respond="all", barge_in=barge_in)))
    generation = 0
    for kind, a, b in steps:
        before = talk.turns.generation
        match kind:
            case "voice":
                talk.voice(bool(a), str(b))
            case "words":
                talk.words(str(a), max(0.0, talk.t_s - 1), b if isinstance(b, float) else None)
            case "said":
                talk.tell(Said(round(max(0.0, talk.t_s - 1) * NS), round(talk.t_s * NS), str(a), str(b)))
            case "typed":
                talk.tell(Typed(str(a)))
            case "stop":
                talk.tell(Stop())
            case "audible":
                talk.tell(Audible(talk.turns.generation))
            case "finished":
                talk.tell(Finished(talk.turns.generation))
            case "seen":
                talk.tell(Seen("I see a dog coming in.", "x"))
            case _:
                talk.wait(float(a))  # type: ignore[arg-type]
        assert talk.turns.generation >= before and (talk.turns.busy or not talk.turns.held)
        generation = talk.turns.generation
    for who in ("anna", "bob"):
        talk.voice(False, who)
    for _ in range(12):
        talk.tell(Finished(talk.turns.generation))
        talk.wait(2.5)
    assert talk.turns.state == "listening" and not talk.turns.restless
    assert talk.turns.generation >= generation
    begun = [d.generation for d in talk.log if isinstance(d, Answer)]
    assert begun == list(range(1, len(begun) + 1))
