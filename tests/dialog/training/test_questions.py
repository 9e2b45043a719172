"""Questions about what was seen and heard, and when: right by the day, refused where the day holds nothing."""

from __future__ import annotations

import random
import re
from dataclasses import replace
from types import ModuleType

from dialog.training import (
    about_general,
    about_order,
    about_seen,
    about_time,
    about_views,
    about_visits,
    refusals,
    refusals_time,
)
from dialog.training.asking import DERIVED, REFUSAL, Asker, Question
from dialog.training.days import Day, Fact, make_day
from dialog.training.questions import as_spoken, question
from dialog.training.wordings import indirect
from streams import wording
from streams.types import NS, Kind, Percept

MINE = (about_order, about_seen, about_time, about_views, about_visits)
REFUSING = (refusals, refusals_time)


def asked(modules: tuple[ModuleType, ...], days: int, held: bool = False, seed: int = 3) -> list[tuple[Day, Question]]:
    rng = random.Random(seed)
    found = []
    for _ in range(days):
        day = make_day(rng, held)
        for module in modules:
            for maker, _ in module.MAKERS:
                made = maker(Asker(day, rng, held))
                found += [(day, made)] if made is not None else []
    return found


def fact(n: int, kind: Kind, text: str, what: str, /, source: str = "gate", **data: str) -> Fact:
    percept = Percept(f"{source}/v{n}", kind, source, n * 60 * NS, n * 60 * NS, text)
    clock = f"14:{n:02d}"
    return Fact(percept, f"{clock} {source}: {text}", clock, what, data)


def small_day() -> Day:
    enters = wording.enters
    facts = (
        fact(1, "object", enters("dog", "left"), "enters", noun="dog", side="left"),
        fact(3, "object", enters("car", "right"), "enters", noun="car", side="right"),
        fact(7, "object", enters("dog", "right"), "enters", noun="dog", side="right"),
        fact(9, "light", wording.light("goes on"), "light", state="on"),
        fact(12, "object", enters("dog", "top"), "enters", noun="dog", side="top"),
    )
    return Day(facts, ("gate",), 20 * 60 * NS, "14:20")


def test_keys_are_in_the_answer_and_in_the_evidence() -> None:
    found = asked(MINE, 150)
    assert len({q.kind for _, q in found}) > 35
    for day, q in found:
        assert q.answerable and q.evidence, q
        assert all(key.lower() in q.answer.lower() for key in q.keys), q
        told = " ".join(f"{day.facts[i].line} {day.facts[i].clock}" for i in q.evidence).lower()
        if q.kind not in DERIVED:
            assert all(key.strip("~").lower() in told for key in q.keys), (q, told)


def test_refusals_match_and_answers_do_not() -> None:
    for _, q in asked(REFUSING, 150):
        assert not q.answerable and not q.evidence and REFUSAL.search(q.answer), q
        assert all(REFUSAL.search(key) for key in q.keys)
    rng = random.Random(11)
    for _ in range(100):
        day = make_day(rng)
        for _ in range(6):
            q = question(day, rng)
            assert q.answerable != bool(REFUSAL.search(q.answer)), q


def test_what_is_refused_is_not_in_the_day() -> None:
    for day, q in asked(REFUSING, 200):
        clock = re.fullmatch(r"I have not noticed anything at (\d+:\d\d)\.", q.answer)
        assert clock is None or all(f.clock != clock[1] for f in day.facts)
        thing = re.fullmatch(r"I have not (?:seen|heard) (?:an? )?(?!any)([\w ]+?)\.", q.answer)
        if thing is None or thing[1].endswith((" leave", "come")) or thing[1] == "the picture change":
            continue
        if re.search(r" (in|at|on) ", thing[1]):
            name, place = re.split(r" (?:in|at|on) (?:the )?", thing[1], maxsplit=1)
            here = [f for f in day.facts if f.place == place and f.percept.kind not in ("speech", "text")]
            assert not any(re.search(rf"\b{name}\b", f.percept.text) for f in here), q
        else:
            assert not any(re.search(rf"\b{thing[1]}\b", f.line) for f in day.facts), q


def test_times_are_counted() -> None:
    day, rng = small_day(), random.Random(2)
    made = {q.answer for q in (about_visits.times(Asker(day, rng, False)) for _ in range(200)) if q is not None}
    assert made == {"At 14:01, 14:07 and 14:12, so 3 times.", "At 14:03, so once."}


def test_before_after_and_order() -> None:
    day, rng = small_day(), random.Random(2)
    for _ in range(200):
        q = about_order.neighbour(Asker(day, rng, False))
        if q is None:
            continue
        named = 1 if "car" in q.text else 3
        assert q.evidence == ((named + 1,) if q.kind == "after" else (named - 1,)), q
    facts = (*day.facts[1:4], fact(11, "sound", wording.heard("a siren"), "sound", sound="a siren"))
    two = Day(facts, ("gate",), day.now_ns, day.now)
    made = [q for q in (about_order.order(Asker(two, rng, False)) for _ in range(300)) if q is not None]
    assert made
    for q in made:
        car_first = q.text.lower().find("car") < q.text.lower().find("siren")
        if "car" not in q.text or "siren" not in q.text or q.text.startswith(("Which", "What", "In which")):
            continue
        later = "after" in q.text or "later" in q.text
        assert q.answer.endswith("so yes." if car_first != later else "so no."), q


def test_what_is_seen_is_the_picture_and_what_happened_last() -> None:
    """Where no picture was named, what is seen was taken for nothing, though a sign had been read."""
    sign = fact(3, "sign", wording.sign("EXIT 4"), "sign", text="EXIT 4")
    day = Day((fact(1, "speech", 'a voice says: "hello"', "says"), sign), ("gate",), 20 * 60 * NS, "14:20")
    made = [about_seen.views(Asker(day, random.Random(n), False)) for n in range(40)]
    # Told as everywhere, the place too, whether or not the question names the gate.
    assert {q.answer for q in made if q} == {'At 14:03 at the gate: a sign reads "EXIT 4".'}
    picture = fact(2, "scene", wording.scene(["desk", "mug"]), "scene", labels="desk|mug")
    both = replace(day, facts=(picture, sign))
    made = [about_seen.views(Asker(both, random.Random(n), False)) for n in range(40)]
    assert 'I see a desk and a mug, since 14:02. At 14:03 at the gate: a sign reads "EXIT 4".' in {
        q.answer for q in made if q and q.evidence == (0, 1)
    }


def test_lists_begin_with_the_newest_and_tell_each_thing_in_a_sentence_with_its_place() -> None:
    day = small_day()
    for make in (about_time.summary, about_time.recent, about_time.since, about_time.window):
        lists = [q for n in range(300) if (q := make(Asker(day, random.Random(n), False))) and len(q.evidence) > 1]
        assert lists, make
        for q in lists:
            told = [about_time.told(day.facts[i]) for i in sorted(q.evidence, reverse=True)]
            plain = q.answer.removeprefix("Yes, ")
            assert plain[:1].upper() + plain[1:] == " ".join(told), q


def test_windows_hold_what_happened_in_them() -> None:
    day, rng = small_day(), random.Random(4)
    for _ in range(200):
        q = about_time.window(Asker(day, rng, False))
        clocks = re.findall(r"\d\d:\d\d", q.text) if q is not None else []
        if q is None or len(clocks) != 2:
            continue
        inside = tuple(i for i, f in enumerate(day.facts) if clocks[0] <= f.clock <= clocks[1])
        assert q.evidence == inside, q


def test_light_at_a_time_is_the_last_change_before() -> None:
    for day, q in asked((about_views,), 300):
        if q.kind == "light at":
            (i,) = q.evidence
            state = day.facts[i].data["state"]
            on = re.search(
                r"\b(on|off)\b(?! (cam|camera|\S+ cam))", re.sub(r"(?i) on (the )?[^,?:]*cam\w*", "", q.text)
            )
            assert on is None or q.answer.endswith("so yes." if on[1] == state else "so no."), q


def test_evaluation_asks_in_ways_that_training_never_does() -> None:
    asker, held = Asker(small_day(), random.Random(1), False), Asker(small_day(), random.Random(1), True)
    trained = {asker.choose(about_time.LAST) for _ in range(2000)}
    tested = {held.choose(about_time.LAST) for _ in range(2000)}
    assert trained < tested == set(about_time.LAST)


def test_there_are_many_ways_to_ask() -> None:
    asker = Asker(small_day(), random.Random(5), False)
    forms = {asker.fill(about_visits.CAME, it="a dog", noun="dog", nouns="dogs", where=" at the gate", gone2="come",
                        came2="come") for _ in range(3000)}  # fmt: skip
    assert len(forms) > 300
    assert not any("{" in text or "  " in text for text in forms)
    dressed = {asker.dress("When did a dog come in?") for _ in range(500)}
    assert len(dressed) > 50
    assert all("dog" in text for text in dressed)


def test_indirect_forms_are_grammatical() -> None:
    assert indirect("When did the dog leave?", lambda forms: forms[0]) == "Can you tell me when the dog left?"
    assert indirect("Did anyone come in?", lambda forms: forms[0]) == "Can you tell me if anyone came in?"
    assert indirect("Is there a car at the gate?", lambda forms: forms[3]) == "Tell me if there is a car at the gate."
    assert indirect("How is the light?", lambda forms: forms[0]) is None


def test_hurried_questions_keep_names_and_values() -> None:
    rng = random.Random(1)
    spoken = {as_spoken("What did you see at 14:03 near the zebra crossing?", rng) for _ in range(600)}
    assert len(spoken) > 8
    assert all("14:03" in text and "zebra" in text for text in spoken)


def test_parts_of_the_day_are_those_in_which_it_came() -> None:
    """`Did a dog come this morning?` was only ever asked of days on which it did: a dog at 19:37 made it say yes."""
    rng, yes, no = random.Random(8), 0, 0
    hours = {"this morning": range(5, 12), "this afternoon": range(12, 18), "this evening": range(18, 22)}
    for _ in range(500):
        day = make_day(rng)
        found = [make(Asker(day, rng, False)) for make in (about_general.at_daytime, about_general.not_at_daytime)]
        for q in filter(None, found):
            part = next((p for p in hours if p in q.text.lower()), "")
            if q.answerable and part:
                yes += 1
                assert int(day.facts[q.evidence[0]].clock.split()[-1].split(":")[0]) in hours[part], q
            elif not q.answerable:
                no += 1
                noun = q.answer.removeprefix("I have not seen ").split(" ", 1)[1].removesuffix(f" {part}.")
                today = [f for f in day.facts if f.clock.split()[:-1] == day.now.split()[:-1]]
                inside = [f for f in today if int(f.clock.split()[-1].split(":")[0]) in hours[part]]
                assert not any(re.search(rf"\b{noun}\b.* enters", f.line) for f in inside), q
    assert yes > 20 and no > 40
