"""Functions of databases as part of a flow: in the caller's thread for sync clients, in another one for async clients."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from unified_runtime.core.blocking_tasks import BlockingTask
from unified_runtime.core.errors import UnifiedError
from unified_runtime.execution.flows import Flow

T = TypeVar("T")


def blocking(function: Callable[[], T]) -> Flow[T]:
    """Run a function that may block, and return its result or raise its error."""

    def attempt() -> T | UnifiedError:
        try:
            return function()
        except UnifiedError as error:
            return error

    task: BlockingTask[T | UnifiedError] = BlockingTask(attempt, blocks=True)
    yield task
    if isinstance(task.result, UnifiedError):
        raise task.result
    return task.result
