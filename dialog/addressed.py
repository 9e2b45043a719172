"""Is a spoken sentence meant for the agent? A pure judgement on its words (English)."""

from __future__ import annotations

import re

_NAME = re.compile(r"\b(heed|hey agent|computer)\b", re.IGNORECASE)
_OPENING = re.compile(
    r"^(?:(?:and|so|but|okay|ok|well|um|uh|please|now|hey|hi|hello)[\s,]+)*"
    r"(?:what|where|when|who|whose|which|why|how|is|are|was|were|am|do|does|did|has|have|had|can|could|will|would|"
    r"should|shall|may|isn't|aren't|wasn't|didn't|doesn't|tell|say|show|describe|list|count|remind|summari[sz]e|"
    r"explain|give|read|look|watch|stop|thank|thanks|hello|hi|hey|good (?:morning|evening|afternoon)|bye|goodbye)\b",
    re.IGNORECASE,
)
_GREETING = re.compile(r"^(?:hello|hi|hey|thanks|thank you|bye|goodbye|good (?:morning|evening|afternoon))\b", re.I)

_KEEP = re.compile(
    r"^(?:(?:and|so|but|okay|ok|well|um|uh|now|also|hey|heed|computer|hey agent)[\s,]+)*(?:please[\s,]+)?"
    r"(?:remember(?! when\b)|note that|keep in mind)\b[\s,:]*\S",
    re.IGNORECASE,
)


def is_addressed(text: str) -> bool:
    """True for a question, a request, a greeting, or a sentence that names the agent.

    A plain statement is not: it is remembered, and needs no answer.
    """
    text = text.strip()
    if not text:
        return False
    return text.endswith("?") or bool(_NAME.search(text) or _GREETING.match(text) or _OPENING.match(text))


def asks_to_remember(text: str) -> bool:
    """True for a sentence that asks to keep what it says: `Please remember that ...`, `Note that ...`.

    A question (`Remember the keys?`) does not.
    """
    text = text.strip()
    return not text.endswith("?") and bool(_KEEP.match(text))
