"""Durable steps of a running saga: steps of DBOS, and pauses whose end is one of them."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any

import msgspec

from unified_platform.sagas.reports import RETRIED
from unified_runtime.core.errors import InvalidInput


class DurableSteps:
    """The `Engine` of one saga. A result is saved by `sealed` and read back by `unsealed`, which get the saga's id and the step's name.

    Args:
        dbos: the module.
        id: the saga's.
        over: is set when the sagas of this process are closed.
    """

    def __init__(
        self, dbos: Any, id: str, over: threading.Event, sealed: Callable[[str, str, Any], Any], unsealed: Callable[[str, str, Any], Any]
    ) -> None:
        self._module = dbos
        self._id = id
        self._over = over
        self._sealed = sealed
        self._unsealed = unsealed

    def step(self, name: str, function: Callable[[], Any]) -> Any:
        saved = self._module.DBOS.run_step({"name": name}, lambda: self._sealed(self._id, name, function()))
        return self._unsealed(self._id, name, saved)

    def sleep(self, seconds: float) -> None:
        """Pause until the time that was saved when the pause began. Closing the sagas interrupts it; the next process goes on with it."""
        ends: float = self.step("pause", lambda: time.time() + seconds)
        if self._over.wait(min(max(ends - time.time(), 0.0), seconds)):
            raise Closed

    def retried(self) -> bool:
        status = self._module.DBOS.get_workflow_status(self._id)
        return bool((status.attributes or {}).get(RETRIED)) if status is not None else False

    def plain(self, value: Any) -> Any:
        try:
            return msgspec.json.decode(self._module.DBOSPortableJSONSerializer().serialize(value))
        except (TypeError, ValueError) as error:
            raise InvalidInput(f"a saga and its steps return values of JSON: {error}") from None


class Closed(BaseException):
    """Stops a saga whose process closes, without ending it. Not an `Exception`, which DBOS would save as the saga's end."""
