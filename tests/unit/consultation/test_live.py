"""Waking those who follow a conversation."""

import asyncio

import pytest

from careline.consultation.live import Wakeups

pytestmark = pytest.mark.anyio
SOON = 5  # seconds; only a lost wake-up takes so long


async def is_woken(event):
    await asyncio.wait_for(event.wait(), SOON)
    return True


async def test_all_who_follow_a_conversation_are_woken_also_from_another_thread():
    wakeups = Wakeups()
    followers = [wakeups.follow("con_1") for _ in range(3)]
    await asyncio.to_thread(wakeups.wake, "con_1")
    assert all([await is_woken(event) for event in followers])


async def test_those_of_another_conversation_are_not():
    wakeups = Wakeups()
    ours, other = wakeups.follow("con_1"), wakeups.follow("con_2")
    wakeups.wake("con_1")
    assert await is_woken(ours)
    assert not other.is_set()


async def test_one_who_leaves_leaves_the_others_following():
    wakeups = Wakeups()
    leaver, stayer = wakeups.follow("con_1"), wakeups.follow("con_1")
    wakeups.unfollow("con_1", leaver)
    wakeups.wake("con_1")
    assert await is_woken(stayer)
    assert not leaver.is_set()


async def test_at_the_end_everybody_is_woken():
    wakeups = Wakeups()
    followers = [wakeups.follow(f"con_{number}") for number in range(3)]
    wakeups.stop()
    assert all([await is_woken(event) for event in followers])
    assert wakeups.stopping
