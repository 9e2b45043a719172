"""Lines typed at a terminal, or piped in."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator

from streams.channel import Channel
from streams.errors import SourceError

MAX_LINE_BYTES = 16_000
READ_BYTES = 65_536
"""So much is read at once, and no more until its lines were taken."""


class TerminalLines:
    """Complete lines of a file descriptor, without blocking a thread. An async context manager and iterator.

    A line longer than `MAX_LINE_BYTES` is cut; input that nobody takes waits in the terminal.
    """

    def __init__(self, descriptor: int = 0) -> None:
        """Args: descriptor: the open file to read; 0 is standard input."""
        self._descriptor = descriptor
        self._lines: Channel[str] = Channel(READ_BYTES, "wait", "terminal")
        self._rest = b""

    async def __aenter__(self) -> TerminalLines:
        """Begin to read.

        Raises:
            SourceError: this kind of file cannot be waited for.
        """
        try:
            self._listen()
        except (OSError, ValueError) as error:  # a regular file, or closed
            raise SourceError("standard input cannot be read line by line: use a terminal or a pipe") from error
        return self

    async def __aexit__(self, *_: object) -> None:
        asyncio.get_running_loop().remove_reader(self._descriptor)
        self._lines.close()

    async def __aiter__(self) -> AsyncIterator[str]:
        async for line in self._lines:
            if not self._lines and not self._lines.closed:
                self._listen()
            yield line

    def _listen(self) -> None:
        asyncio.get_running_loop().add_reader(self._descriptor, self._read)

    def _read(self) -> None:
        data = os.read(self._descriptor, READ_BYTES)
        if not data:
            self._take(self._rest)
            asyncio.get_running_loop().remove_reader(self._descriptor)
            self._lines.close()
            return
        *lines, rest = (self._rest + data).split(b"\n")
        self._rest = rest[:MAX_LINE_BYTES]
        for line in lines:
            self._take(line)
        if self._lines:
            asyncio.get_running_loop().remove_reader(self._descriptor)

    def _take(self, line: bytes) -> None:
        text = line[:MAX_LINE_BYTES].decode("utf-8", "replace").strip()
        if text:
            self._lines.offer(text)
