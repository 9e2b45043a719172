import asyncio
import fcntl
import os
import termios

import pytest

from streams.errors import SourceError
from streams.sources.terminal import MAX_LINE_BYTES, TerminalLines


async def test_lines_come_whole_however_they_were_cut() -> None:
    read, write = os.pipe()
    async with TerminalLines(read) as lines:
        for piece in (b"who is", b" there?\n\n  \nwh", b"at now?\nlast, without an end"):
            os.write(write, piece)
        os.close(write)
        assert [line async for line in lines] == ["who is there?", "what now?", "last, without an end"]
    os.close(read)


async def test_an_endless_line_is_cut() -> None:
    read, write = os.pipe()
    async with TerminalLines(read) as lines:
        os.write(write, b"x" * 30_000)
        os.write(write, b"\nnext\n")
        os.close(write)
        got = [line async for line in lines]
    os.close(read)
    assert len(got[0]) <= MAX_LINE_BYTES
    assert got[-1] == "next"


async def test_a_file_that_cannot_be_waited_for_is_said() -> None:
    descriptor = os.open(__file__, os.O_RDONLY)
    try:
        with pytest.raises(SourceError, match="line by line"):
            async with TerminalLines(descriptor):
                pass
    finally:
        os.close(descriptor)


async def test_many_lines_at_once_all_come() -> None:
    read, write = os.pipe()
    wanted = [f"line {n}" for n in range(5000)]
    async with TerminalLines(read) as lines:
        os.write(write, "\n".join(wanted).encode())
        os.close(write)
        got = []
        async for line in lines:
            got.append(line)
            await asyncio.sleep(0)
    os.close(read)
    assert got == wanted


async def test_what_nobody_takes_waits_outside() -> None:
    read, write = os.pipe()

    async def waiting_bytes() -> int:
        for _ in range(20):
            await asyncio.sleep(0)
        return int.from_bytes(fcntl.ioctl(read, termios.FIONREAD, bytes(4)), "little")

    async with TerminalLines(read) as lines:
        os.write(write, b"first\nsecond\n")
        assert await waiting_bytes() == 0
        os.write(write, b"third\n")
        assert await waiting_bytes() == 6
        typed = aiter(lines)
        assert [await anext(typed) for _ in range(3)] == ["first", "second", "third"]
    os.close(read)
    os.close(write)
