"""More wordings for sorts of claims, such that what was held out for the evaluation stays held out.

Of a list of wordings training knows the first part (`asking.TRAINED`), the evaluation all. New wordings are therefore
put between the two: most of them behind the known ones, every fifth or so before those held out, so that both parts
grow alike and in all manners of asking.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from dialog.training.claim_sorts import Sort
from dialog.training.words_speech import listed

_TRAINED = 0.8
"""As `asking.TRAINED`, which cannot be imported here without a circle; a test compares them."""


@dataclass(frozen=True, slots=True)
class More:
    """Further wordings for one sort of claim; see `Sort` for what each list holds."""

    asks: Sequence[str] = ()
    clauses: Sequence[str] = ()
    checks: Sequence[str] = ()
    says: Sequence[str] = ()
    mine: Sequence[str] = ()


def more(**lists: str) -> More:
    """Further wordings, those of a list separated by `|`."""
    return More(**{field: tuple(listed(text, "|")) for field, text in lists.items()})


def grown(old: Sequence[str], new: Sequence[str]) -> tuple[str, ...]:
    """The old wordings and the new ones that are not among them, each in its part."""
    new = [one for one in dict.fromkeys(new) if one not in old]
    known = min(len(old), max(1, int(len(old) * _TRAINED)))
    held = len(new) - (max(1, int((len(old) + len(new)) * _TRAINED)) - known)
    held = min(max(held, 0), len(new))
    apart = [n for n in range(len(new)) if n * held // len(new) != (n + 1) * held // len(new)]
    tested = [new[n] for n in apart]
    learnt = [one for one in new if one not in tested]
    return (*old[:known], *learnt, *tested, *old[known:])


def widened(sorts: Sequence[Sort], *wider: Mapping[str, More]) -> tuple[Sort, ...]:
    """The sorts with all wordings there are for them. KeyError: wordings for a sort that there is not."""
    known = {sort.name: sort for sort in sorts}
    for name, extra in ((name, extra) for some in wider for name, extra in some.items()):
        old = known[name]
        known[name] = replace(
            old,
            asks=grown(old.asks, extra.asks),
            clauses=grown(old.clauses, extra.clauses),
            checks=grown(old.checks, extra.checks),
            says=tuple(dict.fromkeys((*old.says, *extra.says))),
            mine=tuple(dict.fromkeys((*old.mine, *extra.mine))),
        )
    return tuple(known.values())
