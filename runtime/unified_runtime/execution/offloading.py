"""Offloading: async clients run an adapter's long steps in a thread, not on the event loop.

Converting a large text or making thousands of records runs in this interpreter, which switches between threads every few
milliseconds. JSON decoding holds the interpreter until it ends; it is bounded by `reading.MOST_VALUES` and
`Settings.largest_response`.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping, Sequence
from operator import length_hint
from typing import Any

from unified_runtime.adapter_api.steps import Steps
from unified_runtime.core.applied_credentials import AppliedCredential
from unified_runtime.core.blocking_tasks import BlockingTask
from unified_runtime.core.messages import Local, Request
from unified_runtime.core.records import Page, Record
from unified_runtime.core.responses import Response

LARGE_TEXT = 4_000
"""Characters of a call's texts from which its steps run in a thread. Converting this many takes up to 50 ms."""
LARGE_ECHO = 16 * 1024
"""Bytes of a response from which secrets that it may echo are removed in a thread."""
LARGE_RESPONSE = 256 * 1024
"""Bytes of a response from which its records are made in a thread."""


LARGE_RECORDS = 8 * 1024
"""Bytes of a response from which its records are written in a thread: their texts are converted then."""
MANY_RECORDS = 100


_NONE: Mapping[str, Any] = {}


class Ended:
    """Value of an adapter's steps."""

    __slots__ = ("value",)

    def __init__(self, value: Any) -> None:
        self.value = value


def large(arguments: Sequence[Any]) -> bool:
    """Return True if the texts among the arguments of a call have more than `LARGE_TEXT` characters in total."""
    size = 0
    for argument in arguments:
        size += len(argument) if type(argument) is str else sum(map(length_hint, getattr(argument, "__dict__", _NONE).values()))
    return size > LARGE_TEXT


def large_result(value: Any) -> bool:
    """Return True if the records of a call take long to write, since their texts are converted."""
    records = value.items if isinstance(value, Page) else (value,)
    if not records or not isinstance(records[0], Record):
        return False
    private = records[0].__pydantic_private__
    return len(records) > MANY_RECORDS or (private is not None and len(private["raw"].body) > LARGE_RECORDS)


def offload_step(steps: Steps[Any], response: Response | None) -> Generator[BlockingTask[Any], Any, Request | Local | Ended]:
    """Run the next step in a thread. Returns what it yields, or its value in `Ended`.

    Raises:
        Exception: what the step raises.
    """

    def step() -> Callable[[], Request | Local | Ended]:
        try:
            found = next(steps) if response is None else steps.send(response)
        except StopIteration as stop:
            ended = Ended(stop.value)
            return lambda: ended
        except Exception as error:  # noqa: BLE001  raised again by the flow
            failed = error
        else:
            return lambda: found

        def again() -> Request:
            raise failed

        return again

    task = BlockingTask(step, blocks=True)
    yield task
    return task.result()


def redacted(response: Response, credential: AppliedCredential) -> Generator[BlockingTask[Any], Any, Response]:
    """Return a response without the secrets of the credential that it echoes; search a large one in a thread."""
    if len(response.body) <= LARGE_ECHO or not credential.may_redact(response):
        return credential.redacted(response)
    task = BlockingTask(lambda: credential.redacted(response), blocks=True)
    yield task
    return task.result
