"""From a sentence ("tell me when someone leaves a bag after ten") to a trigger, a yes/no question and a time of day,
and from the language model's answer to a verdict. Pure: fixed patterns, no model."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from plugins.alerts.rules import Rule

Verdict = Literal["confirmed", "rejected", "failed"]

_ASKED = re.compile(
    r"^(?:please )?(?:(?:tell|notify|alert|warn|inform|call|ping|message) me|let me know|say(?: so)?|"
    r"i (?:want|would like|need) to know|watch(?: out)?(?: for)?|look out(?: for)?)[, ]*"
    r"(?:as soon as|when(?:ever)?|if|that)?\s*",
    re.I,
)
_QUESTION = re.compile(r"^(?:is|are|was|were|has|have|had|did|does|do|can|could|will)\b", re.I)
_BE = re.compile(r"^(.{1,80}?) (is|are|was|were|has|have) (.+)$", re.I)
_VERB = re.compile(r"^((?:the|a|an|my|our|any|some) (?:\w+ )?\w+|\w+) (\w+?(?:s|es|ies))\b(.*)$", re.I)
_PLURAL = re.compile(r"^((?:people|persons|cars|\w+s)) (\w+)\b(.*)$", re.I)
_HOURS = {w: n for n, w in enumerate("one two three four five six seven eight nine ten eleven twelve".split(), 1)}
# A number is a time of day where the words after it say so, or nothing that it could count follows ("after 5 minutes").
_AFTER = re.compile(
    rf"\b(after|before|since|until) (midnight|noon|(?:{'|'.join(_HOURS)}|\d\d?)"
    r"(?=:[0-5]\d\b| ?o['\u2019]?clock\b| ?[ap]\.?m\b|\s*(?:[,.?!;]|$)| (?:and|or|on|in|at|today|tonight|tomorrow|every"
    r"|each|please|someone|somebody|anyone|anybody|nobody|there|the|an?|my|our)\b))"
    r"(?::([0-5]\d))?(?: ?o['\u2019]?clock)?(?: ?([ap]\.?m\.?|in the morning|in the evening|at night))?(?!\w)",
    re.I,
)
_NIGHT = re.compile(r"\bat night\b|\bduring the night\b", re.I)
_IRREGULAR = MappingProxyType(
    {"goes": "go", "does": "do", "has": "have", "is": "be", "passes": "pass", "watches": "watch"}
)

_PEOPLE = frozenset(
    "someone somebody anyone anybody person people man woman visitor stranger intruder child he she".split()
)
_VEHICLES = frozenset("car cars vehicle vehicles van truck lorry taxi".split())
_SPEECH = frozenset(
    "say says said mention mentions mentioned ask asks talk talks speak speaks shout shouts call calls".split()
)
_TYPED = frozenset("write writes wrote written type types message messages text".split())
_READ = frozenset("sign read reads".split())
_SOUND = frozenset("hear heard sound noise loud bark barks barking alarm ring rings bang scream".split())
_FAULT = frozenset("camera microphone covered frozen".split())
_STOP = frozenset(
    """a an the is are was were be been has have had do does did i me my you we our us it its this that there here of in
    on at to from by for with and or not no any some when whenever if then after before since until now today please
    tell let know out up away off over back who what someone somebody anyone anybody something anything""".split()
)
_YES = re.compile(r"^\W*(yes|yeah|yep)\b", re.I)
_NO = re.compile(
    r"^\W*no\b|\b(don't know|do not know|have not (seen|heard|noticed)|haven't|not been mentioned|nothing|no fault)\b",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Trigger:
    """What a percept must be to be shown to the language model: of one of the kinds, or with one of the words."""

    kinds: frozenset[str]
    words: frozenset[str]
    """Beginnings of words."""
    listens: bool
    """The sentence is about what is said, written or read: only then does the model see such percepts."""

    def passes(self, kind: str, text: str) -> bool:
        """Whether a percept is worth a judgement."""
        if kind in ("speech", "text", "sign") and not self.listens:
            return False
        if kind in self.kinds:
            return True
        return any(word.startswith(stem) for word in re.findall(r"\w+", text.lower()) for stem in self.words)


def trigger_of(rule: Rule) -> Trigger:
    """The trigger of a rule with a sentence: as given, else derived from it."""
    said = re.findall(r"\w+", rule.when.lower())
    words, kinds = set(said), set(rule.kinds)
    if not rule.kinds:
        kinds |= {"object"} if words & (_PEOPLE | _VEHICLES) else set()
        kinds |= {"speech"} if words & _SPEECH else set()
        kinds |= {"text"} if words & _TYPED else set()
        kinds |= {"sign"} if words & _READ else set()
        kinds |= {"sound"} if words & _SOUND else set()
        kinds |= {"health"} if words & _FAULT else set()
    listens = bool(kinds & {"speech", "text", "sign"})
    if rule.triggers:
        return Trigger(frozenset(rule.kinds), frozenset(t.lower() for t in rule.triggers), listens)
    own = {_stem(w) for w in said if w not in _STOP | _SPEECH | _TYPED | _READ and w not in _HOURS and len(w) > 2}
    return Trigger(frozenset(kinds), frozenset(own), listens)


def question_of(rule: Rule) -> str:
    """The yes/no question that the language model is asked: as given, else the sentence as a question."""
    if rule.question:
        return rule.question
    told = _AFTER.sub("", _NIGHT.sub("", _ASKED.sub("", rule.when.strip())))
    told = " ".join(told.split()).strip(" .,!?")
    if _QUESTION.match(told):
        return f"{told[:1].upper()}{told[1:]}?"
    if found := _BE.match(told):
        return f"{found[2].capitalize()} {found[1]} {found[3]}?"
    if found := _VERB.match(told):
        return f"Did {found[1]} {_base(found[2])}{found[3]}?"
    if found := _PLURAL.match(told):
        return f"Did {found[1]} {found[2]}{found[3]}?"
    return f"Did you notice {told}?"


def hours_of(when: str) -> str:
    """The time of day in a sentence as `22:00-06:00`; empty without one. An hour without am or pm is the evening's
    after `after`, the morning's after `before`; before midnight is the evening."""
    if _NIGHT.search(when):
        return "22:00-06:00"
    found = _AFTER.search(when)
    if found is None:
        return ""
    word = found[2].lower()
    hour = {"midnight": 0, "noon": 12, **_HOURS}.get(word, -1)
    hour = int(word) if hour < 0 else hour
    if hour > 24:
        return ""
    half = (found[4] or "").lower().replace(".", "")
    late, early = half in ("pm", "in the evening", "at night"), half in ("am", "in the morning")
    after = found[1].lower() in ("after", "since")
    if 1 <= hour <= 11 and (late or (after and not early)):
        hour += 12
    elif hour == 24 or (hour == 12 and early):
        hour = 0
    told = f"{hour:02d}:{found[3] or '00'}"
    if after:
        return f"{told}-23:59" if 1 <= hour < 12 else f"{told}-06:00"
    return f"{'00:00' if hour else '18:00'}-{told}"


def verdict_of(answer: str, question: str = "") -> Verdict:
    """Yes, no (or not known to the model, which is its word for no), or neither. A statement that holds all words of
    the question ("the gate was open at 22:10") is a yes."""
    if _YES.search(answer):
        return "confirmed"
    if _NO.search(answer):
        return "rejected"
    wanted = {_stem(w) for w in re.findall(r"\w+", question.lower()) if w not in _STOP}
    told = {_stem(w) for w in re.findall(r"\w+", answer.lower())}
    return "confirmed" if wanted and wanted <= told else "failed"


def shown(rule: Rule, lines: Sequence[tuple[str, str, str, int]]) -> list[tuple[str, str, int]]:
    """Of recent percepts, `(id, kind, line, t_ns)`, those that the model may see: words only for rules about words, so
    that nothing said or shown to a camera can talk the model into a verdict about something else."""
    listens = trigger_of(rule).listens
    return [(i, line, t) for i, kind, line, t in lines if listens or kind not in ("speech", "text", "sign")]


def _base(verb: str) -> str:
    verb = verb.lower()
    if verb in _IRREGULAR:
        return _IRREGULAR[verb]
    if verb.endswith("ies"):
        return verb[:-3] + "y"
    return verb[:-2] if verb.endswith(("shes", "ches", "sses", "xes")) else verb[:-1]


def _stem(word: str) -> str:
    for end in ("ing", "ed", "es", "s"):
        if word.endswith(end) and len(word) - len(end) >= 3:
            return word.removesuffix(end)
    return word
