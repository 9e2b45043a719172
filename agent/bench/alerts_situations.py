"""Made-up situations to measure how often the language model judges an alert's sentence right.

Each says what was perceived, and whether the sentence is then true. Half of them are true. What happens in the false
ones is near to what is asked, as it is when a trigger let it through.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Situation:
    """`lines` are `(kind, text)`, half a minute apart; the last is the one that let the sentence be judged."""

    when: str
    lines: tuple[tuple[str, str], ...]
    true: bool


_CAME = ("object", "a person enters from the left")
_WENT = ("object", "the person leaves to the right after 12 seconds")
_CAR = ("object", "a car enters from the bottom")
_CAR_WENT = ("object", "the car leaves to the top after 4 seconds")
_NOBODY = ("count", "nobody is in view")
_TWO = ("count", "2 people are in view")
_COVERED = ("health", "the camera is covered")
_FREE = ("health", "the camera is free again")
_LOUD = ("sound", "a sudden loud sound is heard")
_DARK = ("light", "the light goes off")
_LIGHT = ("light", "the light goes on")


def _says(text: str) -> tuple[str, str]:
    return "speech", f'a voice says: "{text}"'


SITUATIONS: tuple[Situation, ...] = (
    Situation("tell me when someone comes in", (_NOBODY, _LIGHT, _CAME), True),
    Situation("tell me when someone comes in", (_NOBODY, _CAR, _CAR_WENT), False),
    Situation("let me know if a car arrives", (_CAME, _WENT, _CAR), True),
    Situation("let me know if a car arrives", (_NOBODY, _CAME, _WENT), False),
    Situation("alert me when a car leaves", (_CAR, _CAME, _CAR_WENT), True),
    Situation("alert me when a car leaves", (_CAR, _CAME, _WENT), False),
    Situation("tell me when somebody leaves", (_CAME, _DARK, _WENT), True),
    Situation("tell me when somebody leaves", (_LIGHT, _DARK, _CAR), False),
    Situation("is anyone in view?", (_NOBODY, _CAME, ("count", "1 person is in view")), True),
    Situation("is anyone in view?", (_TWO, _WENT, _NOBODY), False),
    Situation("warn me when the camera is covered", (_CAME, _DARK, _COVERED), True),
    Situation("warn me when the camera is covered", (_CAME, _COVERED, _FREE), False),
    Situation("tell me if there is a loud sound", (_CAME, _LOUD), True),
    Situation("tell me if there is a loud sound", (_CAME, ("sound", "it becomes quiet")), False),
    Situation("tell me when a dog barks", (_CAME, ("sound", "a dog barking is heard")), True),
    Situation("tell me when a dog barks", (_CAME, ("sound", "a glass breaking is heard")), False),
    Situation("is the light on?", (_DARK, _CAME, _LIGHT), True),
    Situation("is the light on?", (_LIGHT, _CAME, _DARK), False),
    Situation("tell me when someone mentions the keys", (_CAME, _says("I put the keys on the shelf.")), True),
    Situation("tell me when someone mentions the keys", (_CAME, _says("The train is late again.")), False),
    Situation("is the gate open after ten?", (_CAME, ("scene", "the gate is open")), True),
    Situation("is the gate open after ten?", (_CAME, ("scene", "the gate is closed")), False),
    Situation("tell me when someone leaves a bag", (_CAME, ("scene", "a person leaves a bag"), _WENT), True),
    Situation("tell me when someone leaves a bag", (_CAME, _TWO, _WENT), False),
    Situation("let me know when a delivery is mentioned", (_CAME, _says("The delivery comes at noon.")), True),
    Situation("let me know when a delivery is mentioned", (_CAME, _says("We close at six today.")), False),
    Situation("did anybody write something?", (_CAME, ("text", 'somebody writes: "where are you"')), True),
    Situation("did anybody write something?", (_CAME, _LOUD), False),
)  # fmt: skip
