"""What signs, screens and plates may read."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence

from dialog.training.words_world import mixed, split

SIGN_WORDS = mixed("""EXIT;NO PARKING;WET FLOOR;DELIVERIES;AUTHORIZED ONLY;PUSH;PULL;OPEN;CLOSED;RECEPTION;DANGER;STOP;
NO SMOKING;ENTRANCE;ELEVATOR;PRIVATE;FIRE EXIT;CAUTION;STAFF ONLY;WELCOME;SALE;KEEP OUT;TOILET;INFORMATION;TICKETS;
HIGH VOLTAGE;Coffee;Bakery;Mind the gap;No entry;Please wait here;Do not touch;Ring the bell;Out of order;
Beware of the dog;SLOW;PHARMACY;LOST AND FOUND;ONE WAY;GIVE WAY;DEAD END;DETOUR;ROAD CLOSED;MEN AT WORK;HARD HATS ONLY;
NO DIVING;NO FISHING;NO DOGS;DOGS WELCOME;FREE WIFI;CASH ONLY;NO REFUNDS;SELF SERVICE;PAY HERE;QUEUE HERE;NEXT PLEASE;
SOLD OUT;NEW ARRIVALS;HALF PRICE;LAST DAY;BUY ONE GET ONE FREE;FOR RENT;FOR SALE;VACANCY;NO VACANCY;CHECK IN;CHECK OUT;
BAGGAGE CLAIM;DEPARTURES;ARRIVALS;CUSTOMS;TAXI;BUS STOP;CAR WASH;FUEL;LIBRARY;SILENCE PLEASE;MUSEUM;GIFT SHOP;CLOAKROOM;
LADIES;GENTLEMEN;BABY CHANGE;FIRST AID;EMERGENCY STAIRS;ASSEMBLY POINT;FIRE HOSE;EYE WASH;BIOHAZARD;RADIATION;LASER ON;
ON AIR;RECORDING;MEETING IN PROGRESS;DO NOT DISTURB;Back in five minutes;Gone for lunch;Please knock;Please ring twice;
Use other door;Door is alarmed;Keep door closed;Keep left;Keep right;No cycling;Watch your step;Mind your head;
Low ceiling;Slippery when wet;Children playing;Cat on the roof;Fragile;This side up;Handle with care;Do not stack;
Keep dry;Heavy;Returns;Goods in;Goods out;Packing;Quality control;Maintenance;Server room;Waiting room;X-ray;Surgery;
Visitors must sign in;Wash your hands;Masks required;Fresh fish;Hot soup today;Daily special;Flowers;Shoe repair;
Dry cleaning;Hairdresser;Post office;Town hall;Police;Fire station;School;Playground;Swimming pool;Gym;Happy Birthday;
Merry Christmas;Just married;Good luck;Thank you for your visit;See you soon;Please take a number;No photos;
Smile, you are on camera;Video surveillance;Keep calm;Please recycle;Paper only;Glass;Compost;Vote here;Yard sale;
Lost cat;Wanted;Reserved;Occupied;Vacant;Loading;Error;Update required;Low battery;Insert card;Connection lost""")

SIGN_STEMS = mixed("""EXIT;ROOM;GATE;PLATFORM;LEVEL;BAY;UNIT;FLAT;LINE;TABLE;HALL;DOCK;ZONE;LOT;AISLE;Track;Floor;
Locker;Counter;Bus;Tram;Row;Seat;Box;Order;Queue;Window;Ward;House;Pump;Lane;Shelf;Ticket;Flight;Desk;Apartment;Building;
Warehouse;Studio;Suite;Stop;Pier;Section;Invoice;Batch;Pallet""")

GOODS = mixed("""Apples;Bread;Coffee;Espresso;Tea;Milk;Pizza;Burger;Soup;Sandwich;Ice cream;Tomatoes;Eggs;Cheese;Salad;
Haircut;Day ticket;Parking;Diesel;Petrol;Car wash;Wine;Beer;Flowers;T-shirt;Shoes;Lunch menu;Cake;Oranges;Rice;Socks;
Umbrella;Book;Poster;Fish""")

SITES = mixed("""bakery;greenfarm;fixit;bluebird;citybikes;sunshop;oldmill;flowerbox;techlab;northgate;bookworm;petcare;
movers;cleanwash;rapidpost;homeheat;toolbox;freshfish;redbarn;skyview;harborcafe;kidsclub;printhub;mediplus""")

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun", "Monday", "Wednesday", "Friday", "Saturday", "Sunday", "Daily")


def code(rng: random.Random) -> str:
    """A code of letters and digits."""
    digits = "".join(rng.choice("0123456789") for _ in range(rng.randint(3, 5)))
    letters = "".join(rng.choice("ABCDEFGHKLMNPRSTUVWXYZ") for _ in range(rng.randint(1, 2)))
    return rng.choice([digits, digits, f"{letters}{digits}", f"{letters}-{digits}"])


def _numbered(rng: random.Random, held_out: bool) -> str:
    n = rng.randint(1, rng.choice([9, 40, 999]))
    letter = rng.choice("ABCDEF") if rng.random() < 0.15 else ""
    return f"{rng.choice(split(SIGN_STEMS, held_out))} {n}{letter}"


def _price(rng: random.Random, held_out: bool) -> str:
    amount = f"{rng.randint(0, 60)}.{rng.choice(['00', '20', '25', '49', '50', '75', '90', '95', '99'])}"
    money = rng.choice([f"${amount}", f"€{amount}", f"£{amount}", f"{amount} EUR", amount])
    if rng.random() < 0.15:
        return f"{rng.randrange(10, 75, 5)}% OFF"
    return f"{rng.choice(split(GOODS, held_out))} {money}" if rng.random() < 0.8 else money


def _plate(rng: random.Random, held_out: bool) -> str:
    def letters(n: int) -> str:
        return "".join(rng.choice("ABCDEFGHJKLMNPRSTUVWXYZ") for _ in range(n))

    n = rng.randint(10, 9999)
    return rng.choice(
        [f"{letters(2)}-{letters(2)} {n}", f"{letters(3)} {n}", f"{letters(2)}{n % 90 + 10} {letters(3)}",
         f"{letters(2)}-{n % 900 + 100}-{letters(2)}"]
    )  # fmt: skip


def _phone(rng: random.Random, held_out: bool) -> str:
    a, b, c = rng.randint(200, 999), rng.randint(100, 999), rng.randint(1000, 9999)
    number = rng.choice([f"555-{c}", f"({a}) 555-{c}", f"0{a} {b}{c}", f"{a}-{b}-{c}", f"+49 {a} {c}"])
    return rng.choice(["Call ", "Tel. ", "Tel: ", ""]) + number


def _hours(rng: random.Random, held_out: bool) -> str:
    first, last = rng.randint(5, 11), rng.randint(13, 23)
    day, other = rng.sample(DAYS, 2)
    span = rng.choice(
        [f"{first}:00-{last}:00", f"{first}-{last}", f"{first} am - {last - 12} pm", f"{first}:30 to {last}:00"]
    )
    return rng.choice(
        [f"Open {span}", f"{day} {span}", f"{day}-{other} {span}", f"Closed on {day}", f"Opens at {first}"]
    )


def _site(rng: random.Random, held_out: bool) -> str:
    name = rng.choice(split(SITES, held_out)) + rng.choice(["", "", str(rng.randint(2, 99))])
    end = rng.choice(["com", "org", "net", "de", "co.uk", "io", "eu"])
    return rng.choice([f"www.{name}.{end}", f"{name}.{end}", f"info@{name}.{end}"])


def _word(rng: random.Random, held_out: bool) -> str:
    return rng.choice(split(SIGN_WORDS, held_out))


def _code(rng: random.Random, held_out: bool) -> str:
    return code(rng)


_WRITERS: Sequence[tuple[Callable[[random.Random, bool], str], float]] = (
    (_word, 36), (_numbered, 20), (_code, 10), (_price, 9), (_plate, 9), (_phone, 5), (_hours, 6), (_site, 5),
)  # fmt: skip


def sign_text(rng: random.Random, held_out: bool) -> str:
    """What a sign reads, often with a number or a code that cannot be guessed."""
    write = rng.choices([writer for writer, _ in _WRITERS], [weight for _, weight in _WRITERS])[0]
    return write(rng, held_out)
