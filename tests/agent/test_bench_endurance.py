"""`heed bench endurance`: its judgements on made figures, and its made-up life."""

from __future__ import annotations

import json
from collections import Counter
from datetime import datetime

from agent.bench import endurance_broker, endurance_restart, endurance_senses, endurance_week
from agent.bench.endurance_broker import Arrived, judged
from agent.bench.endurance_life import station_life
from agent.bench.endurance_restart import STAGES, Start, _seen
from agent.bench.endurance_week import BEGIN


def test_what_the_broker_repeats_is_told_from_what_is_published_twice() -> None:
    marked = Arrived(Counter({"alert 0": 1, "alert 1": 2}), Counter({"a": 1, "b": 2}), marked=1)
    one = judged(1, 5, 2, 1, marked)
    assert (one.missing, one.marked, one.unmarked, one.republished, one.astray) == (0, 1, 0, 1, 0)
    twice = judged(1, 5, 2, 1, Arrived(Counter({"alert 0": 1, "alert 1": 2}), Counter({"a": 1, "b": 2}), marked=0))
    assert (twice.unmarked, twice.astray) == (1, 0), "with one id it can be left out"
    other = judged(1, 5, 2, 0, Arrived(Counter({"alert 0": 1, "alert 1": 2}), Counter({"a": 1, "b": 1, "c": 1}), 0))
    assert other.astray == 1, "with two ids it cannot"
    lost = judged(2, 5, 3, 0, Arrived(Counter({"alert 0": 1, "alert 1": 1}), Counter({"a": 1, "b": 1}), 0))
    assert (lost.missing, lost.astray) == (1, 1)
    rows, figures = endurance_broker.told([one, lost])
    assert rows[0][1] == "0 of 2" and rows[4][1] == "1 of 3"
    json.dumps(figures)


def test_growth_after_the_first_day_is_told_as_a_slope() -> None:
    samples = [
        {"day": n / 4, "rss_mb": 100.0 + (10 if n < 4 else n / 2), "percepts": n, "alerts": 0, "answers": 0, "state": 5}
        for n in range(29)
    ]  # fmt: skip
    rows, figures = endurance_week.told(samples)
    assert figures["rss_slope_mb_day"] == round(figures["rss_late_slope_mb_day"], 6) == 2.0
    assert ("  state: after the first day, most, at the end", "5, 5, 5") in rows
    json.dumps(figures)


def test_what_the_senses_take_is_looked_at_once_they_have_settled() -> None:
    samples = [{"frames": 100 * n, "told": n, "rss_mb": 50.0 if n == 1 else 90.0, "objects": 7} for n in range(1, 21)]
    _, figures = endurance_senses.told(samples)
    assert figures["senses_slope_mb_per_1000"] == 0.0 and figures["pictures"] == 2000
    json.dumps(figures)


def test_a_start_is_over_when_the_last_thing_is_there() -> None:
    at = dict.fromkeys(STAGES, 1.0) | {"ready": 4.0, "cameras": 6.0, "answers": 20.0}
    rows, figures = endurance_restart.told([Start(at, at)])
    assert figures["restart_p50_s"] == 6.0 and len(rows) == 1 + len(STAGES)
    json.dumps(figures)
    text = 'heed_frames_total{source="a"} 3.0\nheed_frames_total{source="b"} 0.0\nother{source="c"} 1.0'
    assert _seen(text, {"a", "b", "c"}) == {"a"}


def test_days_are_as_long_as_wanted_and_in_order() -> None:
    records = list(station_life(1, BEGIN.astimezone(), 2, 300))
    assert 600 <= len(records) < 620 and len({record.source for record in records}) == 8
    times = [record.t0_ns for record in records]
    assert times == sorted(times)
    kinds = Counter(record.kind for record in records)
    assert kinds["object"] > 150 and len(kinds) == 9
    assert datetime.fromtimestamp(times[-1] / 1e9).date() >= BEGIN.date()
