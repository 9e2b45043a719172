"""What the copier is taught to look at."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from dialog.training.copies import copies


def words(text: str) -> list[int]:
    return [hash(word) % (1 << 31) for word in text.split()]


def plain(_: int) -> bool:
    return True


def stands_out(_: int) -> bool:
    return False


def test_the_longest_stretch_is_meant() -> None:
    """Both lines have "12 : 4"; only one goes on as the answer does."""
    lines = [words("12 : 40 a dog"), words("12 : 45 a cat enters")]
    answer = words("A cat came at 12 : 45")
    assert copies(answer, lines, plain) == [(4, 1, 0), (5, 1, 1), (6, 1, 2)]


def test_a_word_alone_counts_only_where_it_stands_out() -> None:
    lines = [words("12:00 Anna says hello")]
    assert copies(words("It was Anna indeed"), lines, plain) == []
    assert copies(words("It was Anna indeed"), lines, stands_out) == [(2, 0, 1)]


def test_ties_are_all_meant() -> None:
    lines = [words("7 a dog"), words("7 a cat")]
    assert copies(words("at 7 a bird"), lines, plain) == [(1, 0, 0), (1, 1, 0), (2, 0, 1), (2, 1, 1)]


def test_nothing_of_nothing() -> None:
    assert copies([], [[1]], stands_out) == [] == copies([1], [], stands_out) == copies([1], [[]], stands_out)


@given(st.lists(st.integers(0, 4), max_size=12), st.lists(st.lists(st.integers(0, 4), max_size=9), max_size=3))
def test_what_is_found_is_the_same_token(answer: list[int], lines: list[list[int]]) -> None:
    found = copies(answer, lines, stands_out)
    assert all(answer[n] == lines[i][j] for n, i, j in found)
    present = {token for line in lines for token in line}
    assert {n for n, _, _ in found} == {n for n, token in enumerate(answer) if token in present}
