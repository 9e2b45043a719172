"""Questions for `heed bench archive` about what never happened in its made-up life; many name something that did, but
for one thing. `{when}`: a time, or nothing."""

from __future__ import annotations

NEVER: tuple[str, ...] = (
    "when did the purple van come {when}?",
    "was there a rhinoceros in the car park {when}?",
    "have you seen an ostrich {when}?",
    "did the ambulance break down {when}?",
    "what did Rolf say about his tax return {when}?",
    "who talked about a stolen necklace {when}?",
    "when did the marching band pass {when}?",
    "when was the bishop here {when}?",
    "did somebody climb over the fence with a bicycle {when}?",
    "when did the gelato van catch fire {when}?",
    "what did Ida say about the electrician {when}?",
    "when was plate QQ 1234 at the gate {when}?",
    "did you hear a trumpet {when}?",
    "when did the burglar break the window {when}?",
    "who brought the wedding cake {when}?",
    "was there an alert about a flood in the garage {when}?",
    "when did the green limousine leave {when}?",
    "has the chimney sweep been here {when}?",
    "when was the piano delivered {when}?",
    "what did Mia say about the swimming pool {when}?",
    "did a camel walk through the yard {when}?",
    "when did the horse kick the guard {when}?",
    "who carried the mattress {when}?",
    "when did lightning hit the garage {when}?",
)
"""Beside the incidents of `archive_incidents`."""

NEVER_HELD_OUT: tuple[str, ...] = (
    "when did the orange school bus come {when}?",
    "was there a zebra at the gate {when}?",
    "when did the hot-air balloon land {when}?",
    "did a monk ring at the front door {when}?",
    "who played the accordion {when}?",
    "what did the vet say about the parrot {when}?",
    "when was the locksmith here {when}?",
    "has KT 77 XYZ been in the car park {when}?",
    "how much were the strawberries {when}?",
    "what did Per say about the insurance {when}?",
    "when did the scaffolding fall down {when}?",
    "who left the suitcase by the ramp {when}?",
    "did you see a submarine {when}?",
    "when did the gardener cut himself {when}?",
    "when was the red estate stolen {when}?",
    "was somebody on the roof of the church {when}?",
    "what did the policeman say about the key {when}?",
    "when did the washing machine explode {when}?",
    "did Mia mention her divorce {when}?",
    "when was the carpet cleaned {when}?",
)
"""Beside those of `archive_held_out`; written before any answer to them was seen, and not used to change any."""
