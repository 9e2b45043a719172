"""What the picture as a whole shows: the classifier's view, said only where it is sure and in everyday words.

ImageNet's thousand classes are fine-grained and have no "person"; on pictures of something else the network is often
confidently wrong about odd classes. So only classes that a person would name in a room, a street or nature count
(`WORDS`), related classes add up, both the whole picture and its middle must agree, and a theme needs a clear
majority before anything of it is said.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from streams import wording
from streams.encoders.vision.frame import Picture
from streams.encoders.vision.picture import compare, is_blank
from streams.types import NS, Percept

ANIMALS: tuple[tuple[str, int, int], ...] = (
    ("bird", 7, 24),
    ("bird", 80, 100),
    ("bird", 127, 146),
    ("dog", 151, 268),
    ("cat", 281, 285),
    ("rabbit", 330, 332),
)
"""Word, first and last class: ImageNet's animals come in runs."""

# fmt: off
WORDS: dict[str, dict[str, tuple[str, ...]]] = {
    "office": {
        "computer": ("desktop computer", "monitor", "laptop", "notebook", "computer keyboard", "mouse", "screen",
                     "hand-held computer"),
        "desk": ("desk",), "printer": ("printer", "photocopier"),
    },
    "home": {
        "television": ("television", "entertainment center", "home theater"), "sofa": ("studio couch",),
        "table": ("dining table", "pool table"), "bookcase": ("bookcase", "library", "bookshop"),
        "bed": ("four-poster", "quilt", "pillow"), "refrigerator": ("refrigerator",),
        "stove": ("stove", "microwave", "dishwasher", "toaster", "espresso maker"), "bathtub": ("bathtub", "tub"),
        "washbasin": ("washbasin",), "washing machine": ("washer",), "wardrobe": ("wardrobe", "chiffonier"),
        "chair": ("folding chair", "rocking chair", "barber chair"), "lamp": ("table lamp", "lampshade"),
    },
    "drink": {
        "bottle": ("water bottle", "pop bottle", "wine bottle", "beer bottle", "water jug", "whiskey jug",
                   "pill bottle"),
        "cup": ("cup", "coffee mug", "espresso", "beer glass", "goblet"),
    },
    "food": {
        "pizza": ("pizza",), "banana": ("banana",), "orange": ("orange", "lemon"), "apple": ("Granny Smith",),
        "plate of food": ("plate", "carbonara", "burrito", "cheeseburger", "hotdog", "meat loaf", "hot pot"),
    },
    "traffic": {
        "tram": ("streetcar", "trolleybus"), "bus": ("minibus", "school bus"),
        "car": ("cab", "convertible", "sports car", "limousine", "minivan", "beach wagon", "jeep", "Model T", "racer",
                "police van", "pickup", "ambulance", "car wheel", "recreational vehicle"),
        "truck": ("trailer truck", "moving van", "garbage truck", "fire engine", "tow truck"),
        "motorbike": ("moped", "motor scooter"),
        "bicycle": ("mountain bike", "bicycle-built-for-two", "tricycle", "unicycle"),
        "traffic light": ("traffic light",), "street sign": ("street sign",), "parking meter": ("parking meter",),
        "train": ("bullet train", "passenger car", "electric locomotive", "steam locomotive", "freight car"),
    },
    "water": {
        "boat": ("speedboat", "lifeboat", "canoe", "gondola", "yawl", "schooner", "catamaran", "trimaran", "fireboat"),
        "ship": ("container ship", "liner", "aircraft carrier", "dock"),
        "beach": ("seashore", "sandbar", "promontory"), "lake": ("lakeside",),
    },
    "air": {"plane": ("airliner", "warplane", "wing"), "balloon": ("balloon", "airship")},
    "land": {"mountain": ("alp", "volcano", "cliff"), "valley": ("valley",)},
    "building": {
        "church": ("church", "bell cote", "monastery", "mosque"), "castle": ("castle", "palace"),
        "bridge": ("suspension bridge", "steel arch bridge", "viaduct"), "barn": ("barn",), "patio": ("patio",),
        "greenhouse": ("greenhouse",), "shop": ("grocery store", "bakery", "confectionery", "toyshop", "shoe shop"),
        "restaurant": ("restaurant",), "cinema": ("cinema",),
    },
}
"""Theme, word, names of the classes that it stands for."""
# fmt: on

THEME = 0.4
"""A theme needs this probability, averaged over both views, and `EACH` in either."""
EACH = 0.25
ANIMAL = 0.5
"""Animals need more: dark upright shapes are easily taken for dogs."""
WORD = 0.2
"""And a word this one, to be said."""
MOST = 3
SETTLE_NS = 3 * NS // 10
"""After a cut the coder needs a moment for a clean picture."""
LASTING_NS = 3 * NS
"""So long another view must have lasted before it is looked at."""
RARE_NS = 10 * NS
PROBE_NS = NS


class Looks(Protocol):
    """What is needed of the classifier (`streams.encoders.vision.classify.Classifier`)."""

    @property
    def labels(self) -> tuple[str, ...]:
        """The class names."""
        ...

    def run(self, crops: list[NDArray[np.uint8]]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Probabilities `[n, 1000]` and features `[n, D]` of crops `[h, w, 3]`."""
        ...


@dataclass(slots=True)
class SceneState:
    """What is kept of one stream."""

    source: str
    said: tuple[str, ...] = ()
    view: NDArray[np.uint8] | None = None
    """Small gray of the picture that was looked at, `[h, w]`."""
    due_ns: int | None = 0
    """When to look, at the earliest; None while nothing asks for it."""
    other_since_ns: int | None = None
    looked_ns: int = 0
    probed_ns: int = 0


class Scene:
    """Names what the picture shows: at first sight, after a cut, and when the view has changed lastingly."""

    def __init__(self, classifier: Looks) -> None:
        self._classifier = classifier
        self._groups = _groups(classifier.labels)

    def init_state(self, source: str) -> SceneState:
        """The state of a fresh stream."""
        return SceneState(source)

    def step(self, state: SceneState, picture: Picture) -> list[Percept]:
        """At most one `scene` percept, with the features `[2, D]` of the whole picture and of its middle."""
        if picture.cut:
            state.due_ns, state.said = picture.t_ns + SETTLE_NS, ()
        if state.due_ns is None:
            self._probe(state, picture)
        if state.due_ns is None or picture.t_ns < state.due_ns or is_blank(picture.gray):
            return []
        return self._look(state, picture)

    def _probe(self, state: SceneState, picture: Picture) -> None:
        """Ask for another look when the view has been another one for some seconds."""
        if state.view is None or picture.t_ns - state.probed_ns < PROBE_NS:
            return
        state.probed_ns = picture.t_ns
        if state.view.shape == picture.gray.shape and compare(state.view, picture.gray).cells < 0.35:
            state.other_since_ns = None
        elif state.other_since_ns is None:
            state.other_since_ns = picture.t_ns
        elif picture.t_ns - max(state.other_since_ns, state.looked_ns + RARE_NS - LASTING_NS) >= LASTING_NS:
            state.due_ns = picture.t_ns

    def _look(self, state: SceneState, picture: Picture) -> list[Percept]:
        state.view, state.looked_ns, state.due_ns, state.other_since_ns = picture.gray, picture.t_ns, None, None
        height, width = picture.rgb.shape[:2]
        side = min(height, width)
        top, left = (height - side) // 2, (width - side) // 2
        middle = np.ascontiguousarray(picture.rgb[top : top + side, left : left + side])
        probabilities, features = self._classifier.run([picture.rgb, middle])
        found = self._words(probabilities)
        words = tuple(word for word, _ in found)
        if not words or set(words) == set(state.said):
            return []
        state.said = words
        sure = min(0.95, found[0][1])
        text = wording.scene(list(words))
        return [Percept("", "scene", state.source, picture.t_ns, picture.t_ns, text, sure, features=features)]

    def _words(self, probabilities: NDArray[np.float32]) -> list[tuple[str, float]]:
        """Words with their probability, most certain first, from the two views `[2, 1000]`."""
        found: list[tuple[str, float]] = []
        for theme, words in self._groups.items():
            per_word = {word: probabilities[:, columns].sum(1) for word, columns in words.items()}
            total = np.sum(list(per_word.values()), axis=0)
            if float(total.mean()) < (ANIMAL if theme == "animal" else THEME) or float(total.min()) < EACH:
                continue
            found += [(word, float(views.mean())) for word, views in per_word.items() if float(views.mean()) >= WORD]
        return sorted(found, key=lambda item: (-item[1], item[0]))[:MOST]


def _groups(labels: tuple[str, ...]) -> dict[str, dict[str, list[int]]]:
    """Theme, word, columns."""
    column = {label: index for index, label in enumerate(labels)}
    groups = {
        theme: {word: [column[c] for c in classes if c in column] for word, classes in words.items()}
        for theme, words in WORDS.items()
    }
    animals: dict[str, list[int]] = {}
    for word, first, last in ANIMALS:
        animals.setdefault(word, []).extend(range(first, min(last, len(labels) - 1) + 1))
    groups["animal"] = animals
    return groups
