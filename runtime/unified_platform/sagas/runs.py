"""Sagas that are defined by functions, and their runs."""

from __future__ import annotations

import functools
import inspect
import uuid
from collections.abc import Callable
from typing import Any, Concatenate, Generic, ParamSpec, TypeVar

import msgspec

from unified_platform.sagas.reports import report
from unified_platform.sagas.saga import Saga
from unified_platform.sagas.step_calls import acting_fields
from unified_runtime.client.saga_steps import failed
from unified_runtime.core.context import current_acting
from unified_runtime.core.wire.sagas import Report

P = ParamSpec("P")
T = TypeVar("T")


class Run(Generic[T]):
    """A saga that was started."""

    def __init__(self, id: str, handle: Any, steps: Callable[[str], Any]) -> None:
        self.id = id
        self._handle = handle
        self._steps = steps

    def result(self) -> T:
        """Wait for its end and return what its function returned.

        Raises:
            SagaFailed: it was rolled back.
        """
        try:
            data = self._handle.get_result(polling_interval_sec=0.2)
        except Exception:
            found = self.report()
            if found.state in {"running", "waiting"}:
                raise
            raise failed(found) from None
        if "failed" not in data:
            value: T = data["value"]
            return value
        raise failed(self.report())

    def report(self) -> Report:
        """Return the report of the saga so far."""
        return report(self._handle.get_status(), self._steps)


Start = Callable[[str, dict[str, Any]], Run[Any]]
"""Starts a saga under an id with its inputs, or finds it started."""


class SagaFunction(Generic[P, T]):
    """A saga. Calling it runs it to its end."""

    def __init__(self, name: str, function: Callable[Concatenate[Saga, P], T], start: Start, timeout: float | None) -> None:
        self.name = name
        self._start = start
        self._timeout = timeout
        functools.update_wrapper(self, function)

    def __call__(self, *args: P.args, **inputs: P.kwargs) -> T:
        """Run it, under an id of its own.

        Raises:
            SagaFailed: it failed; lists what was undone, and what needs manual action.
        """
        return self.start(str(uuid.uuid4()), *args, **inputs).result()

    def start(self, id: str, /, *args: P.args, **inputs: P.kwargs) -> Run[T]:
        """Start it under an id. An id that was used before names the same run, whether it goes on or has ended.

        Raises:
            Conflict: the id was used with other inputs.
            InvalidInput: an input is not a JSON value.
        """
        bound = inspect.signature(self.__wrapped__).bind(None, *args, **inputs)  # type: ignore[attr-defined]
        named = dict(list(bound.arguments.items())[1:])
        given = {"saga": id, "acting": msgspec.to_builtins(acting_fields(current_acting())), "inputs": named}
        if self._timeout is not None:
            given["timeout"] = self._timeout
        return self._start(id, given)
