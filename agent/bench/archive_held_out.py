"""Further incidents for `heed bench archive`, written after its ranking was settled and never used to change it."""

from __future__ import annotations

from streams import wording

HELD_OUT: tuple[tuple[str, str, str, str], ...] = (
    ("gate", "object", wording.enters("yellow school bus", "left"), "at what time was the school bus here {when}?"),
    ("car-park", "object", wording.enters("motorcycle with a sidecar", "right"), "the sidecar, when was it in {when}"),
    ("car-park", "object", "a trolley rolls into a parked silver estate", "when was the silver estate hit {when}?"),
    ("back-yard", "object", wording.enters("heron", "top"), "was the heron at the pond {when}?"),
    ("back-yard", "object", "two boys kick a ball over the hedge", "when did the ball go over the hedge {when}"),
    ("garage", "object", "a woman loads skis onto the roof rack", "who put the skis on the roof {when}?"),
    ("garage", "object", wording.leaves("tractor", "left", 75), "when has the tractor gone {when}?"),
    ("hallway", "object", "a man drops a tray of glasses", "what did the man with the tray do {when}"),
    ("warehouse", "object", wording.stays("ladder", "middle", 5400), "how long did the ladder stand there {when}?"),
    ("warehouse", "object", "a courier leaves a cool box by the ramp", "who left the cool box {when}?"),
    ("front-door", "object", wording.enters("nun", "left"), "did a nun come to the door {when}?"),
    ("front-door", "sign", wording.sign("PIANO TUNING HOLM"), "when was the piano tuner here {when}?"),
    ("car-park", "sign", wording.sign("KT 90 ZRM"), "has KT 90 ZRM been in the car park {when}?"),
    ("gate", "sign", wording.sign("Fresh eggs 3 Euro"), "how much were the eggs {when}?"),
    ("kitchen", "sound", wording.heard("a kettle whistling"), "when did the kettle whistle {when}?"),
    ("hallway", "sound", wording.heard("a violin"), "who played the violin {when}?"),
    (
        "kitchen", "speech", wording.says("The vet says the cat must not eat for a day.", "Mia"),
        "what did the vet say about the cat {when}?",
    ),
    (
        "kitchen", "speech", wording.says("I put the spare fuse in the blue biscuit tin."),
        "where is the spare fuse?",
    ),
    (
        "hallway", "speech", wording.says("The lift will be inspected on the ninth.", "Per"),
        "when will they inspect the lift?",
    ),
    (
        "garage", "speech", wording.says("The trailer licence runs out at the end of January.", "Rolf"),
        "when does the licence of the trailer expire?",
    ),
    (
        "front-door", "speech", wording.says("Could you take in a package for number twelve?"),
        "who asked to take a parcel for number twelve {when}?",
    ),
    ("front-door", "text", wording.writes("gone to the dentist, back at four", "Ida"), "where did Ida go {when}?"),
    ("warehouse", "alert", "the cold store stays open for 20 minutes", "was the cold store left open {when}?"),
    ("back-yard", "alert", "somebody is on the roof of the shed", "when was somebody on the shed {when}?"),
)  # fmt: skip
