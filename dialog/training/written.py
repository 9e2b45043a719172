"""Days and questions written by hand (`written.toml`): what the generator's own questions cannot tell.

A held-out day of the generator has other names and values than training, but questions of the same makers. These were
written as somebody would ask who has never seen the generator.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from dialog.model.memory import CLOCK
from dialog.training.asking import Question
from dialog.training.evaluate import Log
from dialog.training.facts import Day, Fact
from streams.types import NS, Percept
from streams.wording import WEEKDAYS

FILE = Path(__file__).parent / "written.toml"

REFUSED = "-"
"""The one word of a question that only a refusal answers rightly."""

DAY_NS = 86_400 * NS
WEEK_NS = 7 * DAY_NS

_CLOCK = r"(?:[A-Z][a-z]{2} )?\d\d:\d\d"
LINE = re.compile(rf"(?P<clock>{_CLOCK}(?: to {_CLOCK})?) (?P<place>[^:]+): (?P<text>.+)")


def written_logs(count: Callable[[str], int], path: Path = FILE) -> list[Log]:
    """The days of a file, with their questions. `count` gives the state tokens of a line.

    The kind of a question is `written` for days that were left alone, `written, tuned` for those after whose failures
    the generator was widened; of one without an answer with `no ` before it. Raises `ValueError` for a line of another
    form.
    """
    with path.open("rb") as file:
        return [_log(entry, count) for entry in tomllib.load(file)["day"]]


def _log(entry: Mapping[str, Any], count: Callable[[str], int]) -> Log:
    day = written_day(entry["now"], entry["lines"])
    kind = "written, tuned" if entry["tuned"] else "written"
    asked = []
    for text, *keys in entry["questions"]:
        known = keys != [REFUSED]
        asked.append(Question(kind if known else f"no {kind}", text, "", tuple(keys) if known else (), (), known))
    return Log(sum(count(line) for line in entry["lines"]), day, tuple(asked))


def written_day(now: str, lines: Sequence[str]) -> Day:
    """A day of lines such as `14:03 gate: a dog enters`, asked about at `now`. Raises `ValueError` for another form."""
    now_ns = WEEK_NS + _time_ns(now)
    facts = tuple(_fact(n, line, now_ns) for n, line in enumerate(lines))
    return Day(facts, tuple(dict.fromkeys(f.percept.source for f in facts)), now_ns, now)


def _fact(n: int, line: str, now_ns: int) -> Fact:
    found = LINE.fullmatch(line)
    if found is None or CLOCK.match(line) is None:
        raise ValueError(f"not a line such as `14:03 gate: a dog enters`: {line}")
    begun, _, ended = found["clock"].partition(" to ")
    t0_ns, t1_ns = (_before(now_ns, clock) for clock in (begun, ended or begun))
    percept = Percept(f"w{n}", "object", found["place"], t0_ns, t1_ns, found["text"])
    return Fact(percept, line, found["clock"], "written")


def _before(now_ns: int, clock: str) -> int:
    """The last such time before now; a day of the week is the last such day."""
    t_ns = WEEK_NS + _time_ns(clock)
    return t_ns - (WEEK_NS if " " in clock else DAY_NS) * (t_ns > now_ns)


def _time_ns(clock: str) -> int:
    """`14:03` on the first day of a week, or `Wed 14:03`."""
    day, _, time = clock.rpartition(" ")
    hours, minutes = time.split(":")
    return ((WEEKDAYS.index(day) if day else 0) * 1440 + int(hours) * 60 + int(minutes)) * 60 * NS
