"""What a conversation remembers of itself: the last turns, bounded."""

from __future__ import annotations

from collections import deque

from dialog.mind import Turn


class History:
    """The last `turns` turns, at most `chars` characters together. Nothing of an unheard answer is kept."""

    def __init__(self, turns: int = 4, chars: int = 1200) -> None:
        self._turns: deque[Turn] = deque(maxlen=max(1, turns))
        self._chars = chars if turns > 0 else 0

    def add(self, question: str, answer: str) -> None:
        """Keep a turn. An answer of which nothing was heard or read leaves no trace."""
        if answer.strip() and self._chars:
            self._turns.append(Turn(question, answer.strip()))
            while self._turns and sum(len(t.question) + len(t.answer) for t in self._turns) > self._chars:
                self._turns.popleft()

    def turns(self) -> tuple[Turn, ...]:
        """Oldest first."""
        return tuple(self._turns)
