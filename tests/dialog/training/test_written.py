"""Days and questions written by hand."""

from __future__ import annotations

from pathlib import Path

import pytest

from dialog.training.evaluate import Score
from dialog.training.judging import judge
from dialog.training.written import FILE, written_logs
from streams.types import NS

DAY = """
[[day]]
tuned = false
now = "Mon 08:15"
lines = ["Sun 23:30 bar: the light goes off", "Mon 01:12 cellar: something moves"]
questions = [["When did the light go off?", "23:30", "Sun"], ["Who was it?", "-"]]
"""


def logs(tmp_path: Path, text: str = DAY) -> list:  # type: ignore[type-arg]
    path = tmp_path / "days.toml"
    path.write_text(text)
    return written_logs(len, path)


def test_a_day(tmp_path: Path) -> None:
    (log,) = logs(tmp_path)
    assert [(f.line, f.place, f.percept.text) for f in log.day.facts] == [
        ("Sun 23:30 bar: the light goes off", "bar", "the light goes off"),
        ("Mon 01:12 cellar: something moves", "cellar", "something moves"),
    ]
    assert [log.day.seconds_ago(i) for i in range(2)] == [8.75 * 3600, 7.05 * 3600], "Sunday was yesterday"
    assert (log.size, log.day.now, log.day.sources) == (66, "Mon 08:15", ("bar", "cellar"))
    light, who = log.questions
    assert (light.kind, light.keys, light.answerable) == ("written", ("23:30", "Sun"), True)
    assert (who.kind, who.keys, who.answerable) == ("no written", (), False)


def test_answers_are_judged(tmp_path: Path) -> None:
    (log,) = logs(tmp_path)
    light, who = log.questions
    score = Score()
    for asked, answer in (
        (light, "At Sun 23:30."), (light, "At 23:30."), (who, "I don't know who it was."), (who, "It was Ben."),
    ):  # fmt: skip
        score.add(asked, answer, None, log.day, log.size)
    assert [one.right for one in score.judged] == [True, False, True, False]
    assert score.shares()["right_fact"].value == 0.5 and score.shares()["exact"].of == 0
    assert not judge(light, "I don't know.", None, log.day).right


def test_the_days_that_come_with_heed() -> None:
    """Each question once, each right answer's words given, nothing that happened after it is asked."""
    found = written_logs(len)
    assert FILE.is_file() and len(found) >= 10
    texts = [(log.day.now, asked.text) for log in found for asked in log.questions]
    assert len(texts) == len(set(texts)) >= 150
    for log in found:
        times = [f.percept.t0_ns for f in log.day.facts]
        assert times == sorted(times) and 0 <= times[0] <= times[-1] <= log.day.now_ns < 15 * 86_400 * NS
        refused = [asked for asked in log.questions if not asked.answerable]
        assert 3 <= len(refused) < len(log.questions) / 2
        assert all(asked.keys and all(asked.keys) for asked in log.questions if asked.answerable)
        assert len({asked.kind.removeprefix("no ") for asked in log.questions}) == 1


def test_a_line_of_another_form(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="not a line such as"):
        logs(tmp_path, DAY.replace("Sun 23:30 bar: ", "Sun 23:30 "))
