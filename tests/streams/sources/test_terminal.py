import os

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
