"""Values to copy exactly: numbers, codes, dates, addresses, product names and quantities for slots of claims."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from dialog.training.words_speech import listed

if TYPE_CHECKING:
    from dialog.training.claim_values import Values

NUMBERED = listed("""customer number;membership number;staff number;badge number;account number;room number;desk number;
locker number;passport number;library card number;pin;start number;case number;personal code;parking permit number;
extension;student number;insurance number""")

SURNAMES = listed("""Becker;Nowak;Larsen;Moreau;Costa;Novak;Haddad;Okafor;Tanaka;Petrov;Silva;Jensen;Fischer;Romano;
Kowalski;Brennan;Dubois;Andersson;Sato;Varga;Marino;Horvat;Lindqvist;Castillo;Duarte;Keller;Ramirez;Osei;Yilmaz;
Whitfield;Garrido;Bauer;Sorensen;Rossi;Mbeki;Farrell""")

BRANDS = listed("""Norvex;Calyra;Tembo;Brisk;Quanta;Ludo;Zephyr;Ortal;Minto;Vireo;Solano;Kepra;Aldine;
Rovik;Pendo;Halden""")

MAIL_HOSTS = listed("""postbox.org;mailhouse.net;brightmail.com;quickpost.eu;homebox.org;letters.io;inbox-mail.com;
northmail.net;greenpost.org;cloudletter.com""")

METERS = listed("""water meter;gas meter;electricity meter;heating meter;mileage counter;rain gauge;pressure gauge;
oil tank gauge;solar panel display""")

GADGETS = listed("phone;laptop;tablet;scooter;electric bike;headset;camera;drone;watch;speaker")

LETTERS = "ABCDEFGHJKLMNPRSTUVWXYZ"
MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
          "November", "December")  # fmt: skip


def _digits(rng: random.Random, low: int, high: int) -> str:
    n = rng.randint(low, high)
    return rng.choice("123456789") + "".join(rng.choice("0123456789") for _ in range(n - 1))


def _letters(rng: random.Random, n: int) -> str:
    return "".join(rng.choice(LETTERS) for _ in range(n))


def _serial(v: Values) -> str:
    r = v.rng
    a, b = _digits(r, 2, 4), _digits(r, 2, 5)
    return r.choice([f"{_letters(r, 2)}{a}-{b}", f"{_letters(r, 3)} {a}", f"{a}-{_letters(r, 2)}-{b}", f"{a}{b}",
                     f"{_letters(r, 1)}{a}{_letters(r, 2)}{b}"])  # fmt: skip


def _mail(v: Values) -> str:
    who = v.name().split()[0].lower()
    last = v.pick(SURNAMES).lower()
    name = v.rng.choice([f"{who}.{last}", f"{who[0]}.{last}", f"{last}{v.number(1, 99)}", f"{who}_{v.number(10, 999)}"])
    return f"{name}@{v.pick(MAIL_HOSTS)}"


def _product(v: Values) -> str:
    r = v.rng
    return f"{v.pick(BRANDS)} " + r.choice(
        [f"{_letters(r, 1)}{v.number(1, 99)}0", f"{v.number(2, 99)}", f"{_letters(r, 2)}-{v.number(10, 999)}",
         f"{v.number(2, 9)} Pro", f"{v.number(100, 9000)}"]
    )  # fmt: skip


def _full_date(v: Values) -> str:
    day, month, year = v.number(1, 28), v.rng.choice(MONTHS), v.number(2009, 2031)
    return v.rng.choice([f"{day} {month} {year}", f"{month} {day}, {year}", f"{day}.{v.number(1, 12)}.{year}"])


def _money(v: Values) -> str:
    n = v.rng.choice([v.rng.randint(3, 90), v.rng.randint(10, 990), v.rng.randint(1, 60) * 100])
    cents = v.rng.choice(["", "", f".{v.rng.randint(10, 99)}"])
    return f"{n}{cents} {v.rng.choice(['euros', 'dollars', 'pounds', 'francs'])}"


def _reading(v: Values) -> str:
    return v.rng.choice([_digits(v.rng, 3, 7), f"{_digits(v.rng, 2, 5)}.{v.number(1, 9)}"])


def _lasts(v: Values) -> str:
    r = v.rng
    return r.choice([f"{v.number(10, 90)} minutes", f"{v.number(2, 9)} hours",
                     f"{v.number(2, 5)} and a half hours",
                     "three quarters of an hour", f"{v.number(2, 12)} days",
                     f"{v.number(91, 240)} minutes"])  # fmt: skip


def _hours(v: Values) -> str:
    first, last = v.rng.randint(5, 11), v.rng.randint(13, 22)
    half = v.rng.choice(["00", "30", "15", "45"])
    return v.rng.choice([f"from {first}:{half} to {last}:{v.rng.choice(['00', '30'])}", f"from {first} to {last}"])


MADE: Mapping[str, Callable[[Values], str]] = {
    "numbered": lambda v: v.pick(NUMBERED),
    "digits": lambda v: _digits(v.rng, 2, 8),
    "serial": _serial,
    "mail": _mail,
    "product": _product,
    "surname": lambda v: v.pick(SURNAMES),
    "fulldate": _full_date,
    "money": _money,
    "meter": lambda v: v.pick(METERS),
    "reading": _reading,
    "lasts": _lasts,
    "hours": _hours,
    "gadget": lambda v: v.pick(GADGETS),
    "percent": lambda v: v.rng.choice([f"{v.number(2, 99)} percent", f"{v.number(2, 99)}%"]),
    "people": lambda v: v.number(3, 260),
    "degrees": lambda v: f"{v.number(2, 38)}{v.rng.choice(['', '', '.5', '.2', '.8'])} degrees",
    "distance": lambda v: v.rng.choice([f"{v.number(2, 900)} kilometres", f"{v.number(2, 500)} miles"]),
    "tall": lambda v: v.rng.choice([f"1.{v.number(50, 99)} metres", f"{v.number(148, 204)} centimetres"]),
    "line": lambda v: v.rng.choice([v.number(1, 299), f"{v.rng.choice('NXME')}{v.number(1, 60)}"]),
    "postcode": lambda v: v.rng.choice([_digits(v.rng, 5, 5), f"{_letters(v.rng, 2)}{v.number(1, 9)} "
                                        f"{v.number(1, 9)}{_letters(v.rng, 2)}", _digits(v.rng, 4, 4)]),
}  # fmt: skip
"""Slots of these claims, beside those of `claim_values`."""
