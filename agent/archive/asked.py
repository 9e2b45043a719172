"""What a question in plain words looks for: words, kinds, sources, times, and whether the first one is meant."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from agent.archive.records import ARCHIVED, wall_ns
from agent.archive.when import when
from streams import wording

MAX_QUESTION_CHARS = 1000
MAX_TERMS = 24
EARLIEST, LATEST = datetime(1971, 1, 1), datetime(2200, 1, 1)
"""No archive holds anything beyond; what a question names of such a time is looked for at this edge."""

STOP = frozenset(
    """
    a an and any are as at be been being but by can could did do does done for from had has have he her here his
    how i if in is it its just me more my of on or our out she should so some than that the their them then
    there these they this those to up us was we were what when where which who whose why will with would you
    your please find show search look give tell about ever time times moment happened happen happens happening
    thing things last first latest again got get most recent recently exactly o'clock something anything
    somebody someone anybody anyone everything everybody seen see saw camera cameras heed archive
    since until till while into onto off
    """.split()
)

_ALIKE: tuple[tuple[str, ...], ...] = (
    ("come", "came", "comes", "coming", "arrive", "arrives", "arrived", "arriving", "enter", "enters", "entered",
     "visit", "visited", "appear", "appears", "appeared", "pulled", "turned", "showed"),
    ("leave", "leaves", "left", "leaving", "go", "goes", "went", "gone", "disappear", "disappears", "drove", "depart",
     "departed", "walked"),
    ("say", "says", "said", "talk", "talked", "talking", "mention", "mentioned", "speak", "spoke", "tell", "told"),
    ("write", "writes", "wrote", "written", "typed", "sent", "message"),
    ("sign", "reads", "read", "plate", "label", "poster", "notice"),
    ("person", "people", "man", "woman", "visitor", "guy", "lady", "human", "stranger", "nobody"),
    ("car", "vehicle", "automobile"),
    ("van", "minivan", "minibus"),
    ("lorry", "truck"),
    ("bike", "bicycle", "cyclist"),
    ("motorbike", "motorcycle", "moped"),
    ("light", "lights", "lamp"),
    ("loud", "bang", "noise", "noisy", "crash", "explosion"),
    ("dark", "darker"),
    ("bright", "brighter"),
    ("covered", "blocked", "obscured"),
    ("frozen", "stuck", "froze"),
    ("stay", "stayed", "stayed", "wait", "waited", "waiting", "parked", "stood", "standing", "loiter", "loitering"),
    ("dog", "puppy"),
    ("kid", "child", "children", "kids"),
    ("parcel", "package", "delivery", "box"),
)  # fmt: skip
"""Words that people use for one another, and what heed itself says (`streams.wording`)."""

_SPOKEN = ("speech", "transcript", "text")
_KINDS: tuple[tuple[re.Pattern[str], tuple[str, ...]], ...] = (
    (re.compile(r"\b(said|says?|told|talk(?:ed|ing)?|mention(?:ed)?|spoke|heard .+ say)\b"), _SPOKEN),
    (re.compile(r"\b(wrote|written|typed|message)\b"), ("text",)),
    (re.compile(r"\b(sign|poster|plate|label)\b"), ("sign",)),
    (re.compile(r"\b(alarms?|alerts?|alerted)\b"), ("alert",)),
    (re.compile(r"\b(face|faces)\b"), ("face",)),
    (re.compile(r"\b(sound|noise|noisy|bang|loud|hear|heard|bark(?:ed|ing)?)\b"), ("sound", "speech", "transcript")),
    (re.compile(r"\b(come|came|enter(?:ed)?|arrived?|left|leave|visit(?:ed)?)\b"), ("object",)),
)  # fmt: skip

_ALONE: tuple[tuple[frozenset[str], tuple[str, ...]], ...] = (
    (frozenset("alert alerts alerted alarm alarms warning warnings incident incidents raised".split()), ("alert",)),
    (frozenset("sign signs poster posters plate plates label labels".split()), ("sign",)),
    (frozenset("sound sounds noise noises hear heard".split()), ("sound",)),
    (frozenset("face faces".split()), ("face",)),
    (frozenset("fault faults problem problems failure failures failed outage outages".split()), ("health",)),
    (frozenset("said say spoken talk talked speech".split()), ("speech",)),
)
"""A question with no other words than these asks for all of the kind: no text need hold them."""

_REPLIES = re.compile(
    r"\b(did you (?:say|answer|tell)|you (?:said|answered|told)|i ask(?:ed)?|was asked|your answers?)\b"
)


@dataclass(frozen=True, slots=True)
class Filter:
    """What is looked at, however it ranks. Empty: everything. Times are nanoseconds since 1970, UTC."""

    spans: tuple[tuple[int, int], ...] = ()
    """`[begin, end)` in nanoseconds."""
    sources: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, taken apart."""

    text: str
    """As it was asked, without the words about time."""
    terms: tuple[tuple[str, ...], ...]
    """Each with the words that mean the same, itself first."""
    only: Filter
    likely_sources: tuple[str, ...] = ()
    """Named in the question: preferred."""
    likely_kinds: tuple[str, ...] = ()
    oldest_first: bool = False


WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")


def ask(question: str, now: datetime, sources: Sequence[str], only: Filter = Filter()) -> Asked:  # noqa: B008 - frozen
    """Take a question apart.

    Args:
        question: in plain words.
        now: local wall-clock time of asking.
        sources: names of the archive's sources.
        only: what the user has chosen already; its spans win over those of the question.
    """
    said = when(question[:MAX_QUESTION_CHARS], now.replace(tzinfo=None))
    lower = said.rest.lower()
    named = tuple(source for source in sources if _names(lower, source))
    words = [w.removesuffix("'s").removesuffix("’s") for w in WORD.findall(lower)]
    placed = {w for source in named for w in wording.place(source).lower().split()}
    kept = [w for w in words if w not in STOP and w not in placed]
    spans = only.spans or tuple((_held_ns(begin), _held_ns(end)) for begin, end in said.spans)
    kinds = only.kinds or tuple(
        k for k in ARCHIVED if k not in ("health",) and (k != "reply" or _REPLIES.search(lower))
    )
    alone = next((found for words, found in _ALONE if kept and words.issuperset(kept)), ())
    if alone and (not only.kinds or set(alone) & set(only.kinds)):
        kinds, kept = alone, []
    likely = tuple(dict.fromkeys(k for form, some in _KINDS if form.search(lower) for k in some))
    return Asked(
        said.rest,
        tuple(_alike(word) for word in dict.fromkeys(kept[:MAX_TERMS])),
        Filter(spans, only.sources, kinds),
        named,
        likely,
        bool(re.search(r"\b(first|earliest|begin|began|start(?:ed)?)\b", lower)),
    )


def _held_ns(moment: datetime) -> int:
    """As `wall_ns`; a time beyond what a database can hold becomes one that is empty."""
    return wall_ns(min(max(moment, EARLIEST), LATEST))


def _alike(word: str) -> tuple[str, ...]:
    more = [w for group in _ALIKE if word in group for w in group if w != word]
    return (word, *dict.fromkeys(more))


def _names(question: str, source: str) -> bool:
    place = wording.place(source).lower()
    return len(place) > 1 and re.search(rf"(?<!\w){re.escape(place)}(?!\w)", question) is not None
