"""Turn-taking by the first signs of a voice, before it is sure that there is one; on virtual time."""

from __future__ import annotations

from dialog.signals import Audible, Cancel, Decision, Drop, Hold, Resume, Typed, Voiced
from streams.types import NS
from tests.dialog.talk import Talk


def sign(talk: Talk, speaking: bool) -> list[Decision]:
    return talk.tell(Voiced("anna", round(talk.t_s * NS), speaking, sure=False))


def speaking() -> Talk:
    talk = Talk()
    talk.voice(False)
    talk.wait(3.0)
    talk.tell(Typed("Tell me a story."))
    talk.tell(Audible(1))
    talk.wait(1.0)
    return talk


def test_a_first_sign_holds_and_a_false_one_lets_it_go_on_at_once() -> None:
    talk = speaking()
    assert sign(talk, True) == [Hold()]
    assert talk.wait(0.08) == []
    assert sign(talk, False) == [Resume("no voice came of it")]
    assert talk.turns.state == "speaking"


def test_a_sign_that_becomes_a_voice_is_held_for_once() -> None:
    talk = speaking()
    assert sign(talk, True) == [Hold()] and talk.voice(True) == []
    talk.wait(0.5)
    assert sign(talk, False) == []  # it is a voice by now
    assert [type(d) for d in talk.words("Stop it now", talk.t_s - 0.5)] == [Cancel, Drop]


def test_a_sign_that_is_forgotten_does_not_hold_for_ever() -> None:
    talk = speaking()
    assert sign(talk, True) == [Hold()]
    assert talk.wait(1.1) == [] and talk.wait(0.2) == [Resume("no words came")]


def test_a_sign_means_nothing_while_nothing_is_heard_of_the_agent() -> None:
    talk = Talk()
    assert sign(talk, True) == sign(talk, False) == [] and talk.turns.state == "listening"
