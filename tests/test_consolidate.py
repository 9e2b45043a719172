"""Sentences back into what they mean, counts that add up, and the words of a merged percept."""

from __future__ import annotations

import inspect
import random
from collections.abc import Callable
from datetime import datetime

import pytest

from dialog.addressed import asks_to_remember
from dialog.training.days import make_day
from dialog.training.diary import Diary
from dialog.training.merged import begin_merged
from streams import wording
from streams.consolidate import MAX_NAMES, MAX_SUMMARY_CHARS, MAX_TEXTS, Meaning, Tally, meaning, summary, tally, total
from streams.tiers import LINE_TOKENS, estimate_tokens
from streams.types import NS, Kind, Percept

NOUNS = ("person", "car", "bus", "something", "animal", "umbrella", "delivery van")


def seen(text: str, kind: Kind = "object", speaker: str = "") -> Percept:
    return Percept("x/v1", kind, "x", 0, 0, text, speaker=speaker)


def sentences() -> dict[str, list[tuple[str, Meaning]]]:
    """Of each function of `streams.wording` that makes a sentence: sentences, and what they mean."""
    by_noun: dict[str, Callable[[str, str], str]] = {
        "enters": wording.enters, "leaves": wording.leaves, "stays": lambda noun, side: wording.stays(noun, side, 130),
        "moves": lambda noun, side: wording.moves(noun, side, "left"),
    }  # fmt: skip
    found = {
        what: [(make(noun, side), Meaning(what, noun)) for noun in NOUNS for side in wording.SIDES]
        for what, make in by_noun.items()
    }
    found["leaves"] += [(wording.leaves("person", "left", s), Meaning("leaves", "person")) for s in (0, 89, 91, 9000)]
    found["recognised"] = [(wording.recognised(noun), Meaning("recognised", noun)) for noun in NOUNS]
    found["count"] = [(wording.count(noun, n), Meaning("count", noun, n)) for noun in NOUNS for n in (0, 1, 2, 11)]
    found["faces"] = [(wording.faces(n), Meaning("faces", "", n)) for n in (0, 1, 4)]
    found["scene"] = [(wording.scene(["desk", "orange"]), Meaning("scene", "a desk and an orange"))]
    found["scene_change"] = [(wording.scene_change(), Meaning("scene change"))]
    signs = ("EXIT", "Nobody is in view", "a person appears", "Anna says: hello", "")
    found["sign"] = [(wording.sign(text), Meaning("sign", text)) for text in signs]
    found["sign_gone"] = [(wording.sign_gone(text), Meaning("sign gone", text)) for text in signs]
    found["motion"] = [(wording.motion(side), Meaning("motion")) for side in wording.SIDES]
    found["light"] = [(wording.light(change), Meaning("light", wording.light(change))) for change in wording.LIGHT]
    found["appears"] = [(wording.appears(noun, at), Meaning("enters", noun)) for noun in NOUNS for at in ("", "yard")]
    found["comes_into"] = [(wording.comes_into(noun, "yard"), Meaning("comes into", noun)) for noun in NOUNS]
    found["known_as"] = [(wording.known_as(noun, "AB 12"), Meaning("known as", noun)) for noun in NOUNS]
    found["reported"] = [
        (wording.reported(things, at), Meaning("reported")) for things in ([], ["car", "dog"]) for at in ("", "yard")
    ]
    found["looked"] = [(wording.looked(depth), Meaning("looked")) for depth in ("full", "reduced", "motion")]
    faults = [
        (wording.covered, "covered"), (wording.frozen, "frozen"), (wording.gone, "gone"), (wording.blurred, "blurred"),
        (wording.turned, "turned"),
    ]  # fmt: skip
    for make, name in faults:
        found[name] = [(make(True), Meaning("fault", make(True))), (make(False), Meaning("mended", make(False)))]
    found["gone"].append((wording.gone(True, "microphone"), Meaning("fault", "the microphone is gone")))
    found["noise"] = [(wording.noise(True), Meaning("noise")), (wording.noise(False), Meaning("quiet"))]
    found["loud"] = [(wording.loud(), Meaning("heard", "a sudden loud sound"))]
    found["heard"] = [(wording.heard("a dog barking"), Meaning("heard", "a dog barking"))]
    words = ('He said "a person appears"', "It is heard", "x writes: y", "", "the car leaves to the left")
    for who in ("", "Anna", "Peter Novak"):
        found.setdefault("says", []).extend((wording.says(t, who), Meaning("says", who or "a voice")) for t in words)
        found.setdefault("writes", []).extend(
            (wording.writes(t, who), Meaning("writes", who or "somebody")) for t in words
        )
    return found


@pytest.mark.parametrize("what", sentences())
def test_each_sentence_is_read_back(what: str) -> None:
    for text, expected in sentences()[what]:
        assert meaning(text) == expected, text


def test_no_sentence_is_left_out() -> None:
    helpers = {
        "article", "the", "plural", "duration", "ago", "times", "past", "consolidated", "clock", "place", "line",
        "is_seen", "joined",
    }  # fmt: skip
    public = {name for name, f in inspect.getmembers(wording, inspect.isfunction) if f.__module__ == wording.__name__}
    assert {name for name in public if not name.startswith("_")} - helpers == set(sentences())


@pytest.mark.parametrize(
    "text",
    ["", "a man opens the gate", "the cat appears", "9999999999999 cars are in view", "in short, ", "\n", "a  appears"],
)
def test_other_sentences_mean_nothing_that_is_counted(text: str) -> None:
    counts = tally(seen(text))
    assert counts.entered == counts.left == counts.spoke == counts.seen == ()


def test_speech_without_a_frame_counts_for_its_speaker() -> None:
    assert tally(seen("Good morning", "speech", "Anna")).spoke == (("Anna", 1),)
    assert tally(seen("Good morning", "speech")).spoke == (("a voice", 1),)
    assert tally(seen("Good morning", "text", "Ben")).events == (("Ben wrote", 1),)


def test_what_is_recognised_later_is_counted_once() -> None:
    seen_so = total([seen(wording.enters("something", "left")), seen(wording.recognised("person"))])
    assert seen_so == Tally(entered=(("person", 1),))
    assert summary(seen_so) == "in short, 1 person entered"
    across = tally(seen(wording.recognised("person")))
    assert summary(across) == "in short, 1 person entered", "also if the entry was told of before"


def test_adding_is_associative_and_loses_nothing() -> None:
    rng = random.Random(1)
    texts = [text for some in sentences().values() for text, _ in some]
    for _ in range(50):
        a, b, c = (total(seen(rng.choice(texts)) for _ in range(rng.randint(0, 40))) for _ in range(3))
        assert a.plus(b).plus(c) == a.plus(b.plus(c))
        assert sum(n for _, n in a.plus(b).left) == sum(n for _, n in (*a.left, *b.left))


def test_counts_are_bounded_but_complete() -> None:
    many = total(seen(wording.enters(f"kind{n % 100} dog", "left")) for n in range(1000))
    assert len(many.entered) <= MAX_NAMES and sum(n for _, n in many.entered) == 1000
    signs = total(seen(wording.sign(f"ROOM {n}"), "sign") for n in range(100))
    assert signs.signs == tuple(f"ROOM {n}" for n in range(100 - MAX_TEXTS, 100))
    assert len(total(seen(wording.says("x", f"Anna {n}"), "speech") for n in range(100)).spoke) <= MAX_NAMES
    assert len(total(seen(wording.heard(f"sound {n}"), "sound") for n in range(100)).events) <= MAX_NAMES
    assert len(tally(seen("y" * 4000, "scene")).notes[0]) <= 60


@pytest.mark.parametrize(
    ("whole", "text"),
    [
        (
            Tally((("car", 2), ("person", 5)), (("person", 4),), (("Anna", 3),), signs=("EXIT",)),
            'in short, 5 people entered, 2 cars entered, 4 people left; Anna spoke 3 times; a sign read "EXIT"',
        ),
        (
            Tally((("person", 1),), spoke=(("Anna", 1), ("Ben", 2))),
            "in short, 1 person entered; Ben spoke twice; Anna spoke once",
        ),
        (Tally(), "in short, nothing came or went"),
        (Tally(seen=(("person", 3),)), "in short, up to 3 people were in view"),
        (
            Tally((("person", 1),), seen=(("person", 3), ("umbrella", 1))),
            "in short, 1 person entered; an umbrella was in view",
        ),
        (
            Tally(
                (("bus", 1), ("car", 9), ("dog", 1), ("person", 2), ("something", 4)),
                spoke=(("A", 1), ("B", 1), ("C", 3), ("D", 1)),
            ),
            "in short, 9 cars entered, 2 people entered, 6 other things entered; "
            "C spoke 3 times; A spoke once; others spoke twice",
        ),
    ],
)
def test_the_words_of_a_merged_percept(whole: Tally, text: str) -> None:
    assert summary(whole) == text


def test_events_are_told_in_the_past() -> None:
    told = [
        wording.light("goes on"),
        wording.light("goes on"),
        wording.noise(True),
        wording.gone(True),
        wording.heard("it"),
    ]
    assert dict(total(seen(text, "light") for text in told).events) == {
        "the light went on": 2, "it became noisy": 1, "the camera was gone": 1, "it was heard": 1,
    }  # fmt: skip
    assert summary(total(seen(text, "light") for text in told)).startswith("in short, the light went on twice; ")


def test_a_summary_is_short_whatever_is_in_it() -> None:
    names = [f"{'long ' * 5}name {n}" for n in range(30)]
    whole = total(
        seen(text)
        for name in names
        for text in (
            wording.enters(name, "left"),
            wording.leaves(name, "left"),
            wording.says("x", name),
            wording.sign(name),
        )
    )
    text = summary(whole)
    assert "other things entered" in text and "other things left" in text, "entries and exits stay"
    assert len(text) < MAX_SUMMARY_CHARS + 100
    assert estimate_tokens(wording.line(Percept("x", "scene", "front-door", 0, NS, text), None)) < LINE_TOKENS


def test_the_line_of_a_merged_percept_tells_its_span() -> None:
    p = Percept("front-door/m1", "scene", "front-door", 0, 3600 * NS, wording.consolidated({"person": 5}, {}, {}, []))
    start = datetime(2026, 3, 2, 9, 0)
    assert wording.line(p, start) == "09:00 to 10:00 front door: in short, 5 people entered"
    assert wording.line(p, None) == "0:00 to 60:00 front door: in short, 5 people entered"


def test_training_reads_the_same_lines() -> None:
    made = 0
    for seed in range(40):
        diary = Diary(random.Random(seed), held_out=False)
        if diary.wall_start is None:
            continue
        begin_merged(diary, 3)
        for fact in diary.facts:
            made += 1
            assert fact.line == wording.line(fact.percept, diary.wall_start)
            assert fact.line.startswith(
                f"{fact.data['since']} to {fact.data['until']} {wording.place(fact.percept.source)}: "
            )
            assert fact.percept.text.startswith(wording.IN_SHORT)
    assert made > 50


def made_up_lines() -> list[str]:
    rng = random.Random(11)
    days = [make_day(rng, held_out=held_out, percepts=24) for held_out in (False, True) for _ in range(60)]
    return [fact.line for day in days for fact in day.facts]


@pytest.mark.models
def test_the_estimate_of_tokens_is_close_and_not_too_low() -> None:
    from tokenizers import Tokenizer

    from agent.config import cache_folder

    tokenizer = Tokenizer.from_file(str(cache_folder() / "models" / "smollm2-135m-instruct" / "tokenizer.json"))
    lines = made_up_lines()
    real = [min(LINE_TOKENS, len(tokenizer.encode(line, add_special_tokens=False).ids)) for line in lines]
    ours = [estimate_tokens(line) for line in lines]
    assert 1.0 <= sum(ours) / sum(real) < 1.04
    # Any neighbouring lines that make a full state of 4096 tokens: too low by 2 % at worst.
    sums = [sum(ours[n : n + 230]) - sum(real[n : n + 230]) for n in range(0, len(lines) - 230, 100)]
    assert min(sums) > -80
    assert min(a - b for a, b in zip(ours, real, strict=True)) >= -10
    for odd in ("日本語の文章です", "Привет, как дела?", "🙂🙂🙂", "x" * 500, "1234567890" * 40, "é" * 30):
        real_odd = min(LINE_TOKENS, len(tokenizer.encode(odd, add_special_tokens=False).ids))
        assert odd.startswith("x") or estimate_tokens(odd) >= real_odd, odd


@pytest.mark.parametrize("line", ["", "\ud800", "\x00", "a" * 10_000])
def test_the_estimate_takes_any_line(line: str) -> None:
    assert 1 <= estimate_tokens(line) <= LINE_TOKENS


@pytest.mark.parametrize(
    ("text", "yes"),
    [
        ("Remember that the code is 4711.", True),
        ("please remember, the keys are in the drawer", True),
        ("Okay, note that Anna comes at three.", True),
        ("Keep in mind that the oven is on.", True),
        ("Heed, remember the meeting.", True),
        ("Do you remember the code?", False),
        ("Remember the code?", False),
        ("I remember that.", False),
        ("Note the colour.", False),
        ("Remember", False),
        ("Remember when we met", False),
        ("", False),
    ],
)
def test_who_asks_to_remember(text: str, yes: bool) -> None:
    assert asks_to_remember(text) is yes
