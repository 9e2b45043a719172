import asyncio

import pytest

from streams.channel import Channel
from streams.errors import ChannelClosed


async def test_latest_keeps_only_the_newest() -> None:
    channel: Channel[int] = Channel(8, "latest")
    for i in range(5):
        assert channel.offer(i)
    assert (len(channel), channel.dropped, await channel.get()) == (1, 4, 4)


async def test_drop_oldest_makes_room() -> None:
    channel: Channel[int] = Channel(3, "drop_oldest")
    for i in range(5):
        channel.offer(i)
    assert [await channel.get() for _ in range(3)] == [2, 3, 4]
    assert channel.dropped == 2


async def test_wait_makes_the_sender_wait_and_loses_nothing() -> None:
    channel: Channel[int] = Channel(2, "wait")
    got: list[int] = []

    async def send() -> None:
        for i in range(50):
            await channel.put(i)
        channel.close()

    async def receive() -> None:
        async for item in channel:
            got.append(item)
            assert len(channel) <= 2

    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(send())
        tasks.create_task(receive())
    assert got == list(range(50))
    assert channel.dropped == 0


async def test_a_full_waiting_channel_refuses_an_offer() -> None:
    channel: Channel[int] = Channel(1, "wait")
    assert channel.offer(1)
    assert not channel.offer(2)


async def test_close_ends_the_reader_after_what_is_left() -> None:
    channel: Channel[int] = Channel(2, "wait")
    channel.offer(1)
    channel.close()
    assert await channel.get() == 1
    with pytest.raises(ChannelClosed):
        await channel.get()
    with pytest.raises(ChannelClosed):
        await channel.put(2)


async def test_a_cancelled_reader_loses_no_value() -> None:
    channel: Channel[int] = Channel(2, "wait")
    reader = asyncio.ensure_future(channel.get())
    await asyncio.sleep(0)
    channel.offer(7)
    reader.cancel()
    try:
        got = [await reader]
    except asyncio.CancelledError:
        got = []
    got += [await channel.get()] if len(channel) else []
    assert got == [7]


async def test_waiting_readers_are_woken_by_close() -> None:
    channel: Channel[int] = Channel(1, "wait")
    reader = asyncio.ensure_future(channel.get())
    await asyncio.sleep(0)
    channel.close()
    with pytest.raises(ChannelClosed):
        await reader
