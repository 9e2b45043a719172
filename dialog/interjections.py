"""Small words that are said while another speaks: to agree, or to stop him. Pure judgements on words (English)."""

from __future__ import annotations

import re

from dialog.echo import words

_AGREEING = frozenset(
    """mm mhm hm hmm mmm mmhm mmhmm mhmm huh uh um ah aha oh ooh wow yeah yes yep yup right ok okay sure good great nice
    cool fine exactly true indeed really interesting understood gotcha perfect alright wonderful lovely well""".split()
)
_AGREEING_PHRASES = re.compile(
    r"^(?:i see|got it|go on|of course|all right|makes sense|that'?s right|no way|i know|uh huh|mm hm+|oh really|"
    r"is that so|carry on|keep going|sounds good|fair enough|thank you|thanks)$"
)
_STOP = re.compile(
    r"^(?:(?:heed|please|okay|ok|no|hey|oh)\s+)*(?:stop(?: it| that| talking| speaking| please| now)?|wait(?: a .*)?|"
    r"quiet|be quiet|hush|silence|shut up|enough|that'?s enough|never ?mind|hold on(?: a .*)?|cancel(?: that)?|pause|"
    r"one moment|just a (?:moment|second|minute)|hang on(?: a .*)?)(?:\s+(?:heed|please|now))*$"
)
_MOST_WORDS = 4


def is_backchannel(text: str) -> bool:
    """True for what listeners say without wanting a turn: `Mm-hm.`, `Right, I see.`

    The same words are an answer when the agent is silent: then nobody should ask this.
    """
    said = words(text.replace("-", " "))
    if not said or len(said) > _MOST_WORDS:
        return False
    return all(word in _AGREEING for word in said) or bool(_AGREEING_PHRASES.match(_without_agreeing(said)))


def is_stop(text: str) -> bool:
    """True for a wish that the agent be silent: `Stop.`, `Okay, wait a moment.`"""
    return bool(_STOP.match(" ".join(words(text.replace("-", " ")))))


def _without_agreeing(said: list[str]) -> str:
    """The words without agreeing ones at the front: `right, I see` is `i see`."""
    while len(said) > 1 and said[0] in _AGREEING and said[0] not in ("mm", "uh", "oh", "all"):
        said = said[1:]
    return " ".join(said)
