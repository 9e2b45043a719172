"""All sorts of claims, with all wordings."""

from __future__ import annotations

from collections.abc import Sequence

from dialog.training import (
    claims_more_codes,
    claims_more_likes,
    claims_more_persons,
    claims_more_plans,
    claims_more_things,
    claims_more_work,
    claims_numbers,
    claims_people,
    claims_things,
    claims_work,
)
from dialog.training.claim_sorts import Sort
from dialog.training.claims_widen import widened

SORTS: Sequence[Sort] = widened(
    (*claims_things.SORTS, *claims_people.SORTS, *claims_work.SORTS, *claims_numbers.SORTS),
    claims_more_likes.MORE,
    claims_more_persons.MORE,
    claims_more_things.MORE,
    claims_more_codes.MORE,
    claims_more_plans.MORE,
    claims_more_work.MORE,
)
