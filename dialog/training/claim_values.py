"""Values for the slots of claims: listed ones, and ones put together."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping

from dialog.training import claims_made, words
from dialog.training import words_speech as ws

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
          "November", "December")  # fmt: skip
HOURS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")

LISTS: Mapping[str, list[str]] = {
    "appointment": ws.APPOINTMENTS, "food": ws.FOODS, "grocery": ws.GROCERIES, "errand": ws.ERRANDS,
    "coded": ws.CODED, "city": ws.CITIES, "company": ws.COMPANIES, "visitor": ws.VISITORS, "device": ws.DEVICES,
    "broken": ws.BROKEN, "owned": ws.OWNED, "job": ws.JOBS, "relation": ws.RELATIONS, "mood": ws.MOODS,
    "pet": ws.PETS, "petname": ws.PET_NAMES, "plant": ws.PLANTS, "allergen": ws.ALLERGENS, "dose": ws.DOSES,
    "drink": ws.DRINKS, "hobby": ws.HOBBIES, "language": ws.LANGUAGES, "subject": ws.SUBJECTS, "duty": ws.DUTIES,
    "document": ws.DOCUMENTS, "weather": ws.WEATHER, "team": ws.TEAMS, "rival": ws.TEAMS, "goods": ws.GOODS,
    "stocked": ws.STOCKED, "measured": ws.MEASURED, "heavy": ws.HEAVY, "appliance": ws.APPLIANCES, "shop": ws.SHOPS,
    "cargo": ws.CARGO, "dish": ws.DISHES, "ingredient": ws.INGREDIENTS, "permitted": ws.PERMITTED,
    "planned": ws.PLANNED, "colour": words.COLOURS, "room": words.ROOMS,
}  # fmt: skip
"""Slots whose values are drawn from a list."""


class Values:
    """Draws values for slots, those of training or those of the evaluation."""

    rng: random.Random
    held_out: bool

    def __init__(self, rng: random.Random, held_out: bool) -> None:
        self.rng, self.held_out = rng, held_out

    def of(self, slot: str) -> str:
        """A value for a slot."""
        if slot in ("person", "other"):
            return self.name()
        if slot == "thing":
            return self.pick(words.THINGS)
        if slot in LISTS:
            return self.pick(LISTS[slot])
        return (MADE.get(slot) or claims_made.MADE[slot])(self)

    def pick(self, values: list[str]) -> str:
        return self.rng.choice(words.split(values, self.held_out))

    def name(self) -> str:
        """Somebody with a name of their own."""
        return self.pick([name for name in words.NAMES if name[:1].isupper()])

    def number(self, low: int, high: int) -> str:
        return str(self.rng.randint(low, high))


def spot(v: Values) -> str:
    return words.spot(v.rng, v.held_out)


def time(v: Values) -> str:
    """A time as people say it."""
    rng, r = v.rng, v.rng.random()
    hour = rng.randint(1, 12)
    if r < 0.25:
        return f"at {hour} o'clock"
    if r < 0.45:
        return f"at {HOURS[hour - 1]}"
    if r < 0.6:
        return f"at {rng.choice(['half past', 'quarter past', 'quarter to'])} {HOURS[hour - 1]}"
    if r < 0.7:
        return f"at {hour} {rng.choice(['am', 'pm'])}"
    return f"at {rng.randint(0, 23)}:{rng.choice(['00', '05', '10', '15', '20', '30', '40', '45', '50'])}"


def day(v: Values) -> str:
    """A day, as people say it."""
    rng, r = v.rng, v.rng.random()
    if r < 0.55:
        return f"on {rng.choice(DAYS)}"
    if r < 0.7:
        return "tomorrow"
    if r < 0.8:
        return f"next {rng.choice(['week', 'month', *DAYS])}"
    return f"on {date(v)}"


def date(v: Values) -> str:
    return f"{v.rng.randint(1, 28)} {v.rng.choice(MONTHS)}"


def when(v: Values) -> str:
    """A time, a day, or both."""
    rng, r = v.rng, v.rng.random()
    if r < 0.45:
        return time(v)
    if r < 0.7:
        return day(v)
    if r < 0.85:
        return f"{day(v)} {time(v)}"
    return rng.choice([f"in {rng.randint(2, 50)} minutes", f"in {rng.randint(2, 6)} hours", "this afternoon",
                       "tonight", "this evening", "around noon", "before lunch", "after work"])  # fmt: skip


def price(v: Values) -> str:
    rng = v.rng
    n = rng.choice([rng.randint(2, 30), rng.randint(10, 400)])
    return rng.choice([f"{n} euros", f"{n} dollars", f"{n}.{rng.choice(['50', '90', '99', '20'])}", f"{n} pounds"])


def phone(v: Values) -> str:
    d = "".join(v.rng.choice("0123456789") for _ in range(7))
    return v.rng.choice([f"555 {d[:4]}", f"0{d[:3]} {d[3:]}", f"{d[:3]} {d[3:]}", f"{d[:2]} {d[2:4]} {d[4:6]}"])


def password(v: Values) -> str:
    word = v.pick(ws.PASSWORD_WORDS)
    return v.rng.choice([f"{word}{v.number(1, 99)}", f"{word}-{v.number(100, 999)}", word])


def plate(v: Values) -> str:
    letters = "".join(v.rng.choice("ABCDEFGHJKLMNPRSTUVWXYZ") for _ in range(4))
    return v.rng.choice([f"{letters[:2]}-{letters[2:]} {v.number(10, 9999)}",
                            f"{letters[:3]} {v.number(100, 999)}"])  # fmt: skip


def parking(v: Values) -> str:
    level = v.rng.choice(["level 1", "level 2", "level 3", "level 4", "the roof deck"])
    return v.rng.choice([f"in space {v.number(1, 180)}", f"on {level}", f"in row {v.rng.choice('ABCDEF')}",
                            f"in front of the {v.pick(ws.SHOPS)}", f"behind the {v.pick(ws.SHOPS)}",
                            f"on {v.pick(ws.STREETS)}"])  # fmt: skip


def length(v: Values) -> str:
    rng = v.rng
    n = v.number(2, 240)
    return rng.choice([f"{n} centimetres", f"{n} metres", f"{n} inches", f"{n} feet", f"{n}.5 metres"])


def weight(v: Values) -> str:
    n = v.rng.randint(2, 90)
    return v.rng.choice([f"{n} kilos", f"{n} pounds", f"{n}.5 kilos", f"{n * 10} grams", f"{n} kilograms"])


def seat(v: Values) -> str:
    n = v.number(1, 40)
    return v.rng.choice([f"at table {n}", f"in row {n}", f"at desk {n}", f"in seat {n}A", "by the window",
                            f"in seat {n}C", f"at counter {n}", f"next to {v.name()}"])  # fmt: skip


def shelf(v: Values) -> str:
    n, letter = v.number(1, 30), v.rng.choice("ABCDEFG")
    return v.rng.choice([f"in aisle {n}", f"on shelf {letter}{n}", f"on shelf {n}", f"in bay {n}",
                            f"in rack {letter}{n}", "on the top shelf", f"in box {n}"])  # fmt: skip


def score(v: Values) -> str:
    return f"{v.number(0, 5)} to {v.number(0, 5)}"


def amount(v: Values) -> str:
    n = v.number(2, 900)
    return v.rng.choice([f"{n} grams", f"{v.number(2, 9)} cups", f"{v.number(2, 9)} spoons",
                            f"{n} millilitres", "half a cup", "a pinch"])  # fmt: skip


def often(v: Values) -> str:
    return v.rng.choice(["every day", "once a week", "twice a week", "every second day", "on Mondays",
                            "every morning", "on Sundays", "every three days", "once a month", "every evening",
                            "on Wednesdays and Saturdays"])  # fmt: skip


def portion(v: Values) -> str:
    return v.rng.choice(["one cup", "two cups", "half a tin", "a handful", "two spoons", "one carrot",
                            f"{v.number(3, 9) + '0'} grams", "a slice of apple", "three biscuits"])  # fmt: skip


def flight(v: Values) -> str:
    return f"{v.pick(ws.AIRLINES)} {v.number(100, 1999)}"


def address(v: Values) -> str:
    street, n = v.pick(ws.STREETS), v.number(1, 190)
    return v.rng.choice([f"at {n} {street}", f"on {street}", f"at {street} {n}"])


def groceries(v: Values) -> str:
    one, two, three = v.rng.sample(words.split(ws.GROCERIES, v.held_out), 3)
    return v.rng.choice([f"{one} and {two}", f"{one}, {two} and {three}", f"{one}, {two} and {three}"])


def fluid(v: Values) -> str:
    """A temperature or a setting."""
    return v.rng.choice([f"{v.number(3, 26)}0 degrees", f"{v.number(2, 95)} degrees",
                            f"level {v.number(1, 9)}", f"program {v.number(1, 12)}"])  # fmt: skip


def shoe(v: Values) -> str:
    return v.rng.choice([v.number(34, 47), "small", "medium", "large", "extra large"])


MADE: Mapping[str, Callable[[Values], str]] = {
    "spot": spot, "time": time, "day": day, "date": date, "when": when,
    "price": price, "phone": phone, "password": password, "plate": plate,
    "parking": parking, "length": length, "weight": weight, "seat": seat,
    "shelf": shelf, "score": score, "amount": amount, "often": often,
    "portion": portion, "flight": flight, "address": address, "groceries": groceries,
    "setting": fluid, "size": shoe,
    "code": lambda v: words.code(v.rng),
    "age": lambda v: v.number(1, 96),
    "count": lambda v: v.number(2, 400),
    "platform": lambda v: v.rng.choice([v.number(1, 24), f"{v.number(1, 14)}{v.rng.choice('AB')}"]),
    "gate": lambda v: v.rng.choice("ABCDEFG") + v.number(1, 60),
    "roomno": lambda v: v.rng.choice([f"in room {v.number(1, 420)}", f"in the {v.pick(words.ROOMS)}",
                                      f"in hall {v.number(1, 9)}", f"on floor {v.number(2, 30)}"]),
    "number": lambda v: v.number(2, 99),
    "dock": lambda v: v.rng.choice([f"dock {v.number(1, 24)}", f"bay {v.number(1, 24)}", f"gate {v.number(1, 9)}",
                                    f"row {v.number(1, 40)}", f"zone {v.rng.choice('ABCDEF')}"]),
    "weekday": lambda v: v.rng.choice(["tomorrow", "tonight", *[f"on {d}" for d in DAYS]]),
    "until": lambda v: f"until {v.rng.choice([*DAYS, date(v), date(v), 'next week'])}",
    "extent": lambda v: v.rng.choice(["high", "long", "wide", "deep", "long"]),
}  # fmt: skip
"""Slots whose values are put together."""
