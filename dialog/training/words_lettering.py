"""What is written on vehicles: firms, lines, ships."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from types import MappingProxyType

from dialog.training.words_world import NAMES, mixed, split

FIRST = mixed("""PEDAL;GLACIER;BRANDT;NORDIC;SWIFT;CITY;RAPID;BLUE STAR;SILVER;GOLDEN;HARBOUR;OLD TOWN;
ROYAL;LAKESIDE;EVEREST;PIONEER;FALCON;ATLAS;TITAN;COMET;ORION;DELTA;OMEGA;PRIMA;NOVA;TERRA;AQUA;SOLAR;POLAR;HANSA;
IBERIA;KESTREL;BEAVER;BADGER;FOX;HERON;MAPLE;CEDAR;WILLOW;ACORN;CLOVER;MEADOW;SUMMIT;CANYON;RIVERSIDE;
NORTHERN;WESTERN;UNITED;GLOBAL;METRO;TURBO;SMART;HAPPY;SUNNY;COSY;BRIGHT;KELLER;HOFMANN;MORRIS;DUBOIS;
PETERSEN;LINDT""")

TRADES = mixed("""EXPRESS;TOURS;LOGISTICS;BAKERY;PLUMBING;MOVERS;CATERING;ELECTRICS;TRANSPORT;FLORIST;COURIER;
PARCELS;DAIRY;ROOFING;CLEANING;LAUNDRY;GLASS;TIMBER;FREIGHT;REMOVALS;BROTHERS;& SONS;LIFTS;HEATING;PAINTERS;BREWERY;
FISH;MEATS;FRUIT;GARDENS;PEST CONTROL;SECURITY;WASTE;RECYCLING;TYRES;RENTALS;TAXI;MEDICAL;PIANOS;CATERERS;
STONEWORKS;SOLAR PANELS""")

SHIPS = mixed("""PRIMROSE;AURORA;SEAGULL;ALBATROSS;NEPTUNE;ESPERANZA;MERMAID;VALIANT;DOLPHIN;PEARL;TRITON;
WINDROSE;ARIADNE;PHOENIX;CALYPSO;HALCYON;ODYSSEY;LADY JANE;OLD SALT;NORTH STAR;SEA SPRITE;BLACK SWAN;
MORNING DEW;KITTIWAKE;PETREL;CORMORANT;BELLE;FORTUNA;ISOLDE;WAVE DANCER;BUTTERCUP;SIROCCO;GALATEA;ROSALIND;
PUFFIN;SANDPIPER;VENTURE""")

STOPS = mixed("""Airport;Central Station;Harbour;University;Old Town;Stadium;Hospital;Zoo;North Gate;Market Square;
Museum;Lakeside;Castle;Main Street;Ferry;Exhibition;Beach;Cathedral;East Side""")

VEHICLES: Mapping[str, Sequence[str]] = MappingProxyType(
    {
        "van": ("firm",), "truck": ("firm",), "car": ("firm",), "lorry": ("firm",), "trailer": ("firm",),
        "bus": ("line", "line", "firm"), "tram": ("line",), "coach": ("firm",), "train": ("line",), "boat": ("ship",),
        "ship": ("ship",), "ferry": ("ship",), "barge": ("ship",), "pickup": ("firm",), "motorcycle": ("firm",),
    }
)  # fmt: skip
"""What drives up with something written on it, and what sorts of lettering it may bear."""


def lettering(sort: str, rng: random.Random, held_out: bool) -> str:
    """The name of a firm or a ship, or the line and where it goes."""
    if sort == "ship":
        return rng.choice(split(SHIPS, held_out))
    if sort == "line":
        stop = rng.choice(split(STOPS, held_out))
        return rng.choice([f"{rng.randint(1, 99)} {stop}", f"Line {rng.randint(1, 40)} {stop}", stop])
    first = rng.choice(split(FIRST, held_out))
    if rng.random() < 0.15:
        first = rng.choice(split(NAMES, held_out)).upper()
    name = first if rng.random() < 0.2 else f"{first} {rng.choice(split(TRADES, held_out))}"
    return name if rng.random() < 0.75 else name.title()
