"""Written days: their form is checked, they vary without becoming untrue, and some are kept from training."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from dialog.model.load import Host
from dialog.training import words
from dialog.training.asking import REFUSAL
from dialog.training.corpus import SMALL_TALK, USUAL, diary_batch, draw
from dialog.training.diaries import CLOCK, FOLDER, HELD_OUT, Diary, diary_logs, read_diaries, varied
from dialog.training.diaries_long import lengthened, stays_true, telling
from dialog.training.judging import is_right, reckoned

DAY = '''[[day]]
now = "18:05"
people = ["Priya", "Sam"]
lines = """
17:00 to 17:10 balcony: in short, 2 birds entered
17:20 living room: Priya says: "My flight leaves at 6:15, gate 4711."
17:22 living room: Sam says: "I eat no walnuts since 2019."
"""
asked = """
When does Priya's plane leave? | Priya's flight leaves at 6:15, Priya said so at 17:20. | 2 | 6:15
+ From which gate? | From gate 4711, Priya said so at 17:20. | 2 | 4711
Did she say so? | Yes, Priya did at 17:20: "My flight leaves at 6:15, gate 4711." | 2 | Yes; 17:20
When did Sam speak? | ~17:22~, at 17:22. | 3 | 17:22
Any cats? | I have not seen a cat. | - | -
what about sams flight | I don't know, nobody has mentioned Sam's flight. | - | -
"""
'''


def folder(tmp_path: Path, text: str) -> Path:
    (tmp_path / "some.toml").write_text(text)
    return tmp_path


def test_a_day_is_read_with_its_questions(tmp_path: Path) -> None:
    (diary,) = read_diaries(folder(tmp_path, DAY))
    day = diary.day
    assert [fact.place for fact in day.facts] == ["balcony", "living room", "living room"]
    assert day.facts[0].percept.t1_ns - day.facts[0].percept.t0_ns == 600 * 10**9
    plane, gate, _, spoke, cats, _ = diary.asked
    assert plane.evidence == (1,) and plane.keys == ("6:15",) and plane.answerable
    assert gate.text == "From which gate?" and gate.history[0].question == plane.text
    assert not cats.answerable and not cats.evidence
    assert reckoned(day, spoke).answer == "43 minutes ago, at 17:22."


def test_a_night_without_days_of_the_week_begins_the_evening_before(tmp_path: Path) -> None:
    night = DAY.replace('now = "18:05"', 'now = "00:20"').replace("17:22", "00:10")
    (diary,) = read_diaries(folder(tmp_path, night))
    assert [round(diary.day.seconds_ago(i) / 60) for i in range(3)] == [440, 420, 10]


@pytest.mark.parametrize(
    "was, now, fault",
    [
        ("| 2 | 4711", "| 2 | 4712", "key '4712' is not in the answer"),
        ("17:20. | 2 | 6:15", "17:21. | 2 | 6:15", "no line has the time 17:21"),
        ("| 3 | 17:22", "| 4 | 17:22", "there is no line 4"),
        ("| 3 | 17:22", "| third | 17:22", "'third' are no numbers of lines"),
        ("| 3 | 17:22", "| 3 | -", "an answer must hold something"),
        ("a cat. | - | -", "a cat. | 2 | -", "a refusal rests on no line"),
        ("When does", "+ When does", "nothing was asked before it"),
        ("Any cats? |", "Any cats?", "not `question | answer | lines | keys`"),
        ('"Sam"]', '"Sam", "Ana"]', "nobody is called Ana"),
        ("17:00 to 17:10", "17:50 to 17:55", "not in order of time"),
        ("17:22 living", "at 17:22 living", "not a line such as"),
    ],
)
def test_what_is_wrong_with_a_day_is_said_with_its_place(tmp_path: Path, was: str, now: str, fault: str) -> None:
    assert was in DAY
    with pytest.raises(ValueError, match="some.toml, day 1") as caught:
        read_diaries(folder(tmp_path, DAY.replace(was, now)))
    assert fault in str(caught.value) and "\n" not in str(caught.value)


def test_names_long_numbers_and_clocks_vary_together(tmp_path: Path) -> None:
    (diary,) = read_diaries(folder(tmp_path, DAY))
    drawn = [varied(diary, random.Random(seed)) for seed in range(30)]
    assert drawn[0] == varied(diary, random.Random(0))
    assert len({one.now for one in drawn}) > 4 and len({one.lines[1] for one in drawn}) == 30
    for one in drawn:
        who = one.lines[1].split(": ")[1].removesuffix(" says")
        assert who != "Priya" and who in words.split(words.NAMES, False)
        assert one.asked[0].text == f"When does {who}'s plane leave?" == one.asked[1].history[0].question
        sam = one.lines[2].split(": ")[1].removesuffix(" says")
        assert one.asked[-1].text == f"what about {sam.lower()}s flight" and f"{sam}'s" in one.asked[-1].answer
        gate = one.asked[1].keys[0]
        assert len(gate) == 4 and gate in one.lines[1] and gate in one.asked[1].answer
        assert "since 2019" in one.lines[2], "a year stays what it is"
        told = (one.lines[1], one.asked[0].answer.split(", ")[1], one.asked[2].answer, one.asked[2].keys[1])
        minutes = {CLOCK.search(text)[2] for text in told}  # type: ignore[index]
        assert len(minutes) == 1, "said at the time at which the line has it"
        assert one.day.now_ns - one.day.facts[-1].percept.t0_ns == 43 * 60 * 10**9
    assert varied(diary, random.Random(0), held_out=True).asked[0].text.split()[2][:-2] in words.split(
        words.NAMES, True
    )


def test_every_tenth_day_is_kept_from_training(tmp_path: Path) -> None:
    days = [DAY.replace("18:05", f"18:{n:02d}") for n in range(2 * HELD_OUT + 1)]
    trained = read_diaries(folder(tmp_path, "".join(days)))
    kept = read_diaries(tmp_path, held_out=True)
    assert [one.now for one in kept] == ["18:09", "18:19"] and len(trained) == 2 * HELD_OUT - 1


def test_the_diaries_that_come_with_heed_are_many_and_true() -> None:
    trained = read_diaries()
    asked = [one for diary in trained for one in diary.asked]
    assert len(trained) >= 300 and len(asked) >= 4000
    assert 0.15 < sum(not one.answerable for one in asked) / len(asked) < 0.4
    assert len({one.text.lower() for one in asked if not one.history}) > 0.9 * sum(not one.history for one in asked)
    for n, diary in enumerate(trained):
        told = varied(diary, random.Random(n))
        day = told.day
        for one in told.asked:
            answer = reckoned(day, one)
            assert is_right(answer, answer.answer), (one.text, one.answer, one.keys)
            assert one.answerable != bool(REFUSAL.search(one.answer))


def test_the_form_that_is_described_is_the_form(tmp_path: Path) -> None:
    told = (FOLDER / "README.md").read_text()
    (diary,) = read_diaries(folder(tmp_path, told.split("```toml")[1].split("```")[0]))
    assert len(diary.lines) == 4 and len(diary.asked) == 6
    days = read_diaries() + read_diaries(held_out=True)
    assert f"{len(days):,} days, {sum(len(day.asked) for day in days):,} questions" in told


def test_held_out_diaries_have_names_that_training_never_sees(host: Host) -> None:
    logs = diary_logs(lambda line: len(host.encode(line)), 6)
    assert len(logs) >= 30 and all(log.size > 50 and len(log.questions) == 6 for log in logs)
    people = set(words.split(words.NAMES, True))
    told = " ".join(fact.line for log in logs for fact in log.day.facts)
    assert sum(name in told for name in people) > 10
    assert [log.day.now for log in logs] == [log.day.now for log in diary_logs(len, 1)]


def test_training_draws_them_for_days_of_usual_size(host: Host, tmp_path: Path) -> None:
    diaries = read_diaries(folder(tmp_path, DAY))
    drawn = [draw(host, random.Random(seed), 3, USUAL, diaries) for seed in range(20)]
    written = [batch for batch in drawn if batch.rows[0].asked.kind in ("diary", "no diary")]
    assert 5 <= len(written) <= 17 and all(len(batch.rows) == 3 for batch in written)
    assert len({batch.day.facts[1].line for batch in written}) == len(written), "varied each time"
    assert len(draw(host, random.Random(0), 3, 5, []).lines) == 5


def test_long_days_are_diaries_behind_lines_of_others(host: Host) -> None:
    diaries = read_diaries()
    drawn = [draw(host, random.Random(seed), 8, 100, diaries) for seed in range(20)]
    assert all(len(batch.lines) == 100 for batch in drawn)
    written = [batch for batch in drawn if batch.rows[0].asked.kind in ("diary", "no diary")]
    assert 2 <= len(written) < 15
    for batch in written:
        times = [fact.percept.t0_ns for fact in batch.day.facts]
        assert times == sorted(times) and times[-1] <= batch.day.now_ns
        for asked in (reckoned(batch.day, row.asked) for row in batch.rows):
            assert is_right(asked, asked.answer)
            assert all(i >= 50 for i in asked.evidence), "what an answer rests on stands behind what was put before it"


def test_no_line_before_a_diary_makes_its_answers_untrue(tmp_path: Path) -> None:
    (diary,) = read_diaries(folder(tmp_path, DAY))
    plane, _, _, _, cats, flight = diary.asked
    for line, stays in (
        ("gate: rain is heard", (True, True)),
        ('yard: Ben says: "The plane is late."', (True, True)),
        ('yard: Ben says: "The flight of Priya is late."', (False, False)),
        ('yard: Sam says: "I have no flight."', (True, False)),
    ):
        before = [telling(line)]
        assert (stays_true(plane, before), stays_true(flight, before)) == stays, line
    assert not stays_true(cats, []), "it asks about all of the day"


def test_a_diary_is_not_lengthened_where_there_is_no_room(tmp_path: Path) -> None:
    (diary,) = read_diaries(folder(tmp_path, DAY))
    rng = random.Random(0)
    assert lengthened(diary, [diary], 40, rng) is None, "its first line is a span"
    bare = Diary(diary.now, diary.people, diary.lines[1:], tuple(diary.asked[i] for i in (0, 1, 2, 5)))
    assert lengthened(bare, [diary], 40, rng) is None, "too few lines of others"
    assert lengthened(bare, [diary] * 20, 2, rng) is None, "nothing to add"


def test_some_questions_come_after_others_of_the_same_day(host: Host, tmp_path: Path) -> None:
    (diary,) = read_diaries(folder(tmp_path, DAY))
    rows = [row for seed in range(40) for row in diary_batch(host, random.Random(seed), 16, diary).rows]
    assert len(rows) == 40 * len(diary.asked)
    plain = [row.asked for row in rows if "gate" not in row.asked.text.lower()]
    share = sum(bool(one.history) for one in plain) / len(plain)
    assert 0.15 < share < 0.5
    for one in plain:
        assert all(turn.question != one.text and "~" not in turn.answer for turn in one.history)


def test_one_question_of_a_diary_may_be_small_talk(host: Host, tmp_path: Path) -> None:
    (diary,) = read_diaries(folder(tmp_path, DAY))
    batches = [diary_batch(host, random.Random(seed), 16, diary) for seed in range(60)]
    talk = [sum(row.asked.kind == "talk" for row in batch.rows) for batch in batches]
    assert set(talk) == {0, 1} and abs(sum(talk) / 60 - SMALL_TALK) < 0.15
    assert len({row.asked.text for batch in batches for row in batch.rows if row.asked.kind == "talk"}) > 10


def test_diaries_are_what_the_model_reads(tmp_path: Path, host: Host) -> None:
    (diary,) = read_diaries(folder(tmp_path, DAY))
    batch = diary_batch(host, random.Random(1), 16, diary)
    assert len(batch.lines) == 3
    assert all(host.tokenizer.decode(ids).strip() in batch.day.facts[i].line for i, ids in enumerate(batch.lines))
