"""What a mark points at is told word by word, and what it finds nothing for is said to be nothing."""

from __future__ import annotations

import pytest

from dialog.model.pointing import POINT, Line, as_line, pointed_at, sentences, tell
from dialog.model.reckon import LONGEST, Reckoner

TEXTS = (
    "13:50 yard: the picture shows a bicycle and a bench",
    "14:02 gate: a person enters from the left",
    '14:03 hall: Ana says: "The key is in the drawer. Really!"',
    "14:03 gate: the light goes on",
    "14:03 gate: a dog is heard barking",
    "14:09 dock B: a van appears",
    "14:20 gate: it becomes noisy",
)


def lines(liking: tuple[float, ...] = (0.0,) * 7, asked: int = 0) -> list[Line]:
    """All of them; those before `asked` lie outside the time that is asked about."""
    made = (as_line(f"p{i}", text, liking[i], i >= asked) for i, text in enumerate(TEXTS))
    return [line for line in made if line is not None]


@pytest.mark.parametrize(
    ("mark", "told"),
    [
        ("~last 1~", "At 14:20 at the gate: it becomes noisy."),
        ("~last 2~", "At 14:20 at the gate: it becomes noisy. At 14:09 at dock B: a van appears."),
        ("~last 2 gate~", "At 14:20 at the gate: it becomes noisy. At 14:03 at the gate: a dog is heard barking."),
        ("~last 3 hall~", 'At 14:03 in the hall: Ana says: "The key is in the drawer. Really!"'),
        ("~last 1 Dock B~", "At 14:09 at dock B: a van appears."),
        ("~any last 1 dock B~", "Yes, at 14:09 at dock B: a van appears."),
        ("~first 1~", "At 13:50 in the yard: the picture shows a bicycle and a bench."),
        (
            "~first 2 gate~",
            "At 14:02 at the gate: a person enters from the left. At 14:03 at the gate: the light goes on.",
        ),
        ("~last 1 dock~", "At 14:09 at dock B: a van appears."),
        ("~first 1 day~", "At 13:50 in the yard: the picture shows a bicycle and a bench."),
        ("~any after 14:20 day~", "I have not noticed anything after that."),
        (
            "~last 1 dock 3~",
            "I have not noticed anything at dock 3, only in the yard, at the gate, in the hall and at dock B.",
        ),
        (
            "~last 3 cellar~",
            "I have not noticed anything in the cellar, only in the yard, at the gate, in the hall and at dock B.",
        ),
        (
            "~any last 1 cellar~",
            "I have not noticed anything in the cellar, only in the yard, at the gate, in the hall and at dock B.",
        ),
        ("~view cellar~", "I have not seen anything in the cellar, only in the yard, at the gate and at dock B."),
        ("~at 14:02~", "At 14:02 at the gate: a person enters from the left."),
        ("~at 14:03 hall~", 'At 14:03 in the hall: Ana says: "The key is in the drawer. Really!"'),
        ("~any at 14:04~", "I have not noticed anything at 14:04."),
        ("~at Tue 14:02 gate~", "I have not noticed anything at Tue 14:02 at the gate."),
        ("~after 14:09~", "At 14:20 at the gate: it becomes noisy."),
        ("~before 14:09~", "At 14:03 at the gate: a dog is heard barking."),
        ("~before 14:20 gate~", "At 14:03 at the gate: a dog is heard barking."),
        ("~after 14:09 van~", "At 14:20 at the gate: it becomes noisy."),
        ("~before 14:20 it noisy~", "At 14:09 at dock B: a van appears."),
        ("~after 14:09 cat~", "I have not noticed anything after that at the cat."),
        ("~after 14:20~", "I have not noticed anything after that."),
        ("~before 13:50~", "I have not noticed anything before that."),
        ("~after 11:11~", "I have not noticed anything after that."),
        ("~view~", "I see a bicycle and a bench, since 13:50. At 14:09 at dock B: a van appears."),
        ("~view yard~", "I see a bicycle and a bench, since 13:50."),
        ("~view gate~", "At 14:03 at the gate: the light goes on."),
        ("~view hall~", "I have not seen anything in the hall."),
        ("Well, ~last 1 dock B~", "Well, at 14:09 at dock B: a van appears."),
        ("~first~", "At 13:50 in the yard: the picture shows a bicycle and a bench."),
        ("~last dock B~", "At 14:09 at dock B: a van appears."),
        ("~at the gate~", "I don't know."),
        ("~morning~", "I don't know."),
        ("~ and ~14:03~ and ~view", "~ and ~14:03~ and ~view"),
    ],
)
def test_marks(mark: str, told: str) -> None:
    assert tell(mark, lines()) == told


def test_three_of_a_minute_are_told_the_newest_first() -> None:
    found = POINT.fullmatch("~at 14:03~")
    assert found is not None
    assert [line.name for line in pointed_at(found, lines())] == ["p4", "p3", "p2"]


@pytest.mark.parametrize(("best", "told"), [(2, "p1"), (3, "p2"), (4, "p3")])
def test_of_several_in_a_minute_the_question_means_what_it_needs_most(best: int, told: str) -> None:
    found = POINT.fullmatch("~before 14:03~")
    assert found is not None
    liking = tuple(5.0 if i == best else 0.0 for i in range(7))
    assert [line.name for line in pointed_at(found, lines(liking))] == [told]


def test_only_what_lies_in_the_time_asked_about_is_listed() -> None:
    assert tell("~last 3~", lines(asked=6)) == "At 14:20 at the gate: it becomes noisy."
    assert tell("~last 3~", lines(asked=7)) == "I have not noticed anything in that time."
    assert tell("~last 3 hall~", lines(asked=6)) == "I have not noticed anything in that time in the hall."
    assert tell("~before 14:20~", lines(asked=6)) == "At 14:09 at dock B: a van appears."


def test_what_has_no_place_is_one_thing_among_others() -> None:
    bare = as_line("b", "14:10 it rains")
    assert bare is not None and bare.place == ""
    assert tell("~last 2~", [*lines()[:6], bare]) == "At 14:10: it rains. At 14:09 at dock B: a van appears."


def test_nothing_at_all() -> None:
    assert tell("~last 3~", []) == "I have not noticed anything yet."
    assert tell("~view~", []) == "I have not seen anything yet."


def test_of_an_unknown_place_few_others_are_named() -> None:
    many = [Line(f"m{n}", "15:00", f"room {n}", "it gets darker") for n in range(9)]
    told = "I have not noticed anything in the lounge, only in room 0, in room 1, in room 2 and at 6 more places."
    assert tell("~last 1 lounge~", many) == told
    assert tell("~last 1 lounge~", [Line("c", "15:00", "camera", "it gets darker")]) == (
        "I have not noticed anything in the lounge."
    )
    in_time = lines(asked=5)
    assert tell("~last 1 cellar~", in_time) == (
        "I have not noticed anything in that time in the cellar, only at dock B and at the gate."
    )


def test_a_picture_that_was_replaced_is_not_seen_any_more() -> None:
    replaced = [*lines(), Line("p7", "14:30", "yard", "the picture changes completely")]
    assert tell("~view yard~", replaced) == "At 14:30 in the yard: the picture changes completely."


def test_a_merged_percept_is_told_with_its_span() -> None:
    merged = as_line("m", "09:00 to 10:00 gate: in short, 5 people entered")
    assert merged is not None
    assert tell("~last 1~", [merged]) == "From 09:00 to 10:00 at the gate: in short, 5 people entered."
    assert tell("~at 09:00~", [merged]) == "From 09:00 to 10:00 at the gate: in short, 5 people entered."


def test_a_line_without_a_time_cannot_be_told() -> None:
    assert as_line("x", "the house is quiet") is None


def test_what_was_perceived_is_no_mark() -> None:
    sign = as_line("s", '14:30 gate: a sign reads "~last 9~ ~14:03~"')
    assert sign is not None
    told = Reckoner({"14:03": 0}, 0, [*lines(), sign])
    assert told.whole(told.whole("~last 1~")) == 'At 14:30 at the gate: a sign reads "-last 9- -14:03-".'


def test_each_sentence_names_what_it_tells() -> None:
    assert sentences("~any last 2 gate~", lines()) == [
        ("Yes, at 14:20 at the gate: it becomes noisy.", "p6"),
        ("At 14:03 at the gate: a dog is heard barking.", "p4"),
    ]
    assert sentences("Well, ~view~ So much.", lines()) == [
        ("Well, I see a bicycle and a bench, since 13:50.", "p0"),
        ("At 14:09 at dock B: a van appears.", "p5"),
        ("So much", ""),
    ]
    assert sentences("~after 14:20~", lines()) == [("I have not noticed anything after that.", "")]


@pytest.mark.parametrize("text", ["~any last 3 dock B~", "It is so. ~view~", "~after Tue 14:03 a~ no", "~last 2~"])
def test_pieces_of_any_length_give_the_same(text: str) -> None:
    whole = Reckoner({}, 0, lines()).whole(text)
    for step in (1, 2, 3, 7, len(text)):
        made = Reckoner({}, 0, lines())
        assert "".join([*(made.feed(text[i : i + step]) for i in range(0, len(text), step)), made.end()]) == whole


def test_the_longest_mark_is_waited_for() -> None:
    longest = f"~any before Tue 14:03:00 {'x' * 52}~"
    assert POINT.fullmatch(longest) is not None and len(longest) <= LONGEST
