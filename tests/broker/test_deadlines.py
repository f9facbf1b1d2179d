"""Blocks with deadlines, all by one timer."""

from __future__ import annotations

import asyncio
import math
from typing import Any

import pytest

from unified_platform.broker.deadlines import deadline


def test_a_block_that_takes_too_long_is_ended() -> None:
    async def run() -> None:
        with deadline(0.0):
            await asyncio.Event().wait()

    with pytest.raises(TimeoutError):
        asyncio.run(run())


def test_one_that_is_over_is_not() -> None:
    async def run() -> str:
        with deadline(0.0):
            pass
        await asyncio.sleep(0)
        with deadline(math.inf):
            await asyncio.sleep(0)
        return "done"

    assert asyncio.run(run()) == "done"


def test_only_the_inner_block_ends() -> None:
    async def run() -> list[str]:
        received = []
        with deadline(math.inf):
            try:
                with deadline(0.0):
                    await asyncio.Event().wait()
            except TimeoutError:
                received.append("inner")
            await asyncio.sleep(0)
            received.append("outer goes on")
        return received

    assert asyncio.run(run()) == ["inner", "outer goes on"]


def test_block_raises_its_own_error() -> None:
    async def run() -> None:
        with deadline(math.inf):
            raise KeyError("mine")

    with pytest.raises(KeyError, match="mine"):
        asyncio.run(run())


def test_a_task_that_somebody_cancels_is_cancelled_even_where_it_is_late_as_well() -> None:
    async def block(begun: asyncio.Event) -> None:
        with deadline(0.0):
            begun.set()
            await asyncio.Event().wait()

    async def run() -> bool:
        begun = asyncio.Event()
        task = asyncio.create_task(block(begun))
        await begun.wait()
        task.cancel()
        task.cancel()
        await asyncio.wait([task])
        return task.cancelled()

    assert asyncio.run(run())


def test_each_block_ends_at_its_own_deadline_in_any_order() -> None:
    async def block(seconds: float, ended: list[float]) -> None:
        try:
            with deadline(seconds):
                await asyncio.Event().wait()
        except TimeoutError:
            ended.append(seconds)

    async def run() -> list[float]:
        ended: list[float] = []
        waits = (0.06, 0.0, 0.03, 0.03)
        await asyncio.gather(*(block(seconds, ended) for seconds in waits))
        return ended

    assert asyncio.run(run()) == [0.0, 0.03, 0.03, 0.06]


def test_many_blocks_take_one_timer(monkeypatch: pytest.MonkeyPatch) -> None:
    async def run() -> int:
        loop, timers = asyncio.get_running_loop(), list[float]()
        call_at = loop.call_at

        def counted(when: float, *rest: Any, **more: Any) -> asyncio.TimerHandle:
            timers.append(when)
            return call_at(when, *rest, **more)

        monkeypatch.setattr(loop, "call_at", counted)
        for _ in range(50):
            with deadline(60), deadline(30):
                pass
        return len(timers)

    assert asyncio.run(run()) == 2  # the second is due before the first
