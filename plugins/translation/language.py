"""Which language a line is in, told by its small words: enough to choose among the few that a user has configured.

A hearing engine that tells the language is believed; this is for typed text, and for engines that do not tell.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from types import MappingProxyType

SMALL_WORDS: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        language: frozenset(words.split())
        for language, words in {
            "en": "the a an and or of to in is are was were be do does did you i he she it we they what who where when "
            "how why which this that there not with for on at from my your his her have has can could will would "
            "please hello yes no",
            "es": "el la los las un una y o de del que en es son está están hay qué quién dónde cuándo cómo por para "
            "con no sí se lo su sus mi tu al como más pero cuántas cuántos cuál puede hola gracias me te fue era este "
            "esta eso ve ves quien donde cuando",
            "fr": "le la les un une des et ou de du que qui est sont il elle nous vous je ne pas dans où quand comment "
            "pourquoi avec pour sur ce cette c'est combien bonjour merci mais au aux se son sa ses y a",
            "it": "il lo la i gli le un una e o di del della che è sono chi dove quando come perché con per non si "
            "nel nella quanti quante questo questa ciao grazie ma al anche sul c'è ha mi ti",
            "pt": "o a os as um uma e ou de do da que em é são está quem onde quando como por para com não sim se seu "
            "sua no na ao mais mas quantos quantas olá obrigado isto isso você há eu",
            "ca": "el la els les un una i o de del que en és són hi ha qui on quan com per amb no sí es seu seva al "
            "més però quants quantes hola gràcies això aquest aquesta què",
            "de": "der die das ein eine und oder von zu in ist sind war wer wo wann wie warum welche dieses nicht mit "
            "für auf aus mein dein ich du er sie es wir was hat haben kann bitte hallo ja nein den dem viele",
        }.items()
    }
)
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_MARGIN = 1
"""So many small words more than the usual language has, at least, to be taken for another."""


def guess(text: str, usual: str, others: Iterable[str]) -> str:
    """The language of `text`: `usual`, or the one of `others` whose small words it clearly has more of."""
    words = [word.replace("’", "'") for word in _WORD.findall(text.lower())]

    def score(language: str) -> int:
        marks = 2 if language in ("es", "ast", "gl") and ("¿" in text or "¡" in text) else 0
        return marks + sum(word in SMALL_WORDS.get(language, ()) for word in words)

    best = max(others, key=score, default=usual)
    return best if score(best) >= score(usual) + _MARGIN else usual
