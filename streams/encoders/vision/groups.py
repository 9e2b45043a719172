"""Which ImageNet classes speak for which of the nouns that heed claims.

ImageNet-1k has no class for a person, but a crop of one is named after what the person wears, holds or rides.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from streams.encoders.vision import imagenet

WORN = """abaya; academic gown; apron; bathing cap; bearskin; bikini; bolo tie; bonnet; bow tie; brassiere; breastplate;
bulletproof vest; cardigan; cloak; cowboy boot; cowboy hat; crash helmet; crutch; cuirass; feather boa; football helmet;
fur coat; gasmask; gown; hoopskirt; jean; jersey; kimono; knee pad; lab coat; Loafer; maillot; tank suit;
military uniform; miniskirt; mortarboard; neck brace; overskirt; oxygen mask; pajama; poncho; running shoe; sandal;
sarong; ski mask; sock; sombrero; stole; suit; sunglass; sunglasses; sweatshirt; swimming trunks; trench coat;
vestment; wig; Windsor tie; wool; ballplayer; groom; scuba diver; shower cap; diaper; chain mail; mitten; ski;
rugby ball; racket; basketball; volleyball; barbell; dumbbell"""
"""Worn or held by people, and not what a shadow (velvet) or a car from above (backpack, stretcher) is taken for."""

WHEELED = {
    "car": """ambulance; beach wagon; cab; car wheel; convertible; grille; jeep; limousine; minivan; Model T; racer;
    sports car; car mirror; police van; pickup; tow truck; moving van; recreational vehicle; minibus; go-kart;
    snowplow; half track; amphibian; trailer truck; garbage truck; fire engine; school bus; trolleybus; forklift""",
    "truck": "pickup; tow truck; moving van; trailer truck; garbage truck; fire engine; snowplow",
    "bus": "school bus; trolleybus; minibus; streetcar",
    "bicycle": "bicycle-built-for-two; mountain bike; tricycle",
    "motorcycle": "moped; motor scooter",
}

DOGS = (151, 269)
CATS = (281, 286)
BIRDS = (7, 25), (80, 101), (127, 147)
"""First and one past the last class."""


def columns(listed: str) -> NDArray[np.intp]:
    """The columns of the named classes; names are separated by semicolons. An unknown name raises `KeyError`."""
    index = {name: i for i, name in enumerate(imagenet.names())}
    return np.array([index[" ".join(name.split())] for name in listed.split(";")], np.intp)


def span(*pairs: tuple[int, int]) -> NDArray[np.intp]:
    """The columns from the first up to but not including the last of each pair."""
    return np.concatenate([np.arange(first, last) for first, last in pairs])
