"""Sagas seen from outside: what runs, what ended how, and another try at what could not be undone. No saga's own code is needed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from unified_platform.extras import extra
from unified_platform.sagas.engine import PREFIX, VERSION
from unified_platform.sagas.places import database_url
from unified_runtime.errors import InvalidInput, NotFound

_STATES = {"PENDING": "running", "ENQUEUED": "waiting", "DELAYED": "waiting", "CANCELLED": "canceled"}


@dataclass(frozen=True, slots=True)
class Step:
    """One step: its number in the saga, its name, and how it ended (`done`, `failed` with the reason, or nothing yet)."""

    number: int
    name: str
    state: str
    error: str | None
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class Seen:
    """One saga. `state` is `running`, `waiting`, `done`, `rolled back`, `needs you` (something could not be undone) or `broken`."""

    id: str
    name: str
    state: str
    started_at: datetime | None
    told: str
    left: tuple[str, ...]


class Looking:
    """The sagas of a database."""

    def __init__(self, client: Any) -> None:
        self._client = client

    def list(self, *, limit: int = 100) -> Sequence[Seen]:
        """The newest sagas, newest first."""
        found = self._client.list_workflows(sort_desc=True, limit=limit, load_input=False)
        return [_seen(status) for status in found if status.name.startswith(PREFIX)]

    def get(self, id: str) -> Seen:
        """One saga.

        Raises:
            NotFound: there is none of this id.
        """
        found = [status for status in self._client.list_workflows(workflow_ids=[id], load_input=False) if status.name.startswith(PREFIX)]
        if not found:
            raise NotFound(f"there is no saga {id!r}")
        return _seen(found[0])

    def steps(self, id: str) -> Sequence[Step]:
        """What a saga has done so far, in order."""
        return [_step(told) for told in self._client.list_workflow_steps(id) if not told["function_name"].startswith("DBOS.")]

    def retry(self, id: str) -> None:
        """Have another try at what could not be undone. The process in which the saga is defined makes it, as soon as it runs.

        Raises:
            NotFound: there is none of this id.
            InvalidInput: nothing of it is left to undo.
        """
        saga = self.get(id)
        failed = [step for step in self.steps(id) if " undo " in f" {step.name} " and step.state == "failed"]
        if saga.state != "needs you" or not failed:
            raise InvalidInput(f"saga {id} is {saga.state}: nothing of it could be undone now that could not before")
        first = failed[0].name.partition(": try ")[0]
        start = next(step.number for step in self.steps(id) if step.name == first)
        self._client.rewind_workflow(id, start_step=start, application_version=VERSION)


@contextmanager
def looking(url: str | Path | None = None) -> Iterator[Looking]:
    """Look into the sagas of a database; by default see `places.default_url`.

    Raises:
        InvalidInput: dbos is not installed.
    """
    dbos = extra("dbos", "sagas", "a saga")
    client = dbos.DBOSClient(system_database_url=database_url(url), serializer=dbos.DBOSPortableJSONSerializer(), lazy=True)
    try:
        yield Looking(client)
    finally:
        client.destroy()


def _seen(status: Any) -> Seen:
    told = status.output if isinstance(status.output, dict) else {}
    left = tuple(f"{step}: {why}" for step, why in told.get("left", ()))
    if status.status in _STATES:
        state = _STATES[status.status]
    elif status.status != "SUCCESS":
        state = "broken"
    else:
        state = "done" if "failed" not in told else "needs you" if left else "rolled back"
    reason = told.get("failed") or (str(status.error) if status.error is not None else "")
    return Seen(status.workflow_id, status.name.removeprefix(PREFIX), state, _time(status.created_at), reason, left)


def _step(told: Any) -> Step:
    output = told["output"] if isinstance(told["output"], dict) else {}
    error = output.get("error")
    failed = told["error"] is not None or error is not None
    message = (error or {}).get("message") if error is not None else None if told["error"] is None else str(told["error"])
    return Step(told["function_id"], told["function_name"], "failed" if failed else "done", message, _time(told["completed_at_epoch_ms"]))


def _time(milliseconds: int | None) -> datetime | None:
    return None if milliseconds is None else datetime.fromtimestamp(milliseconds / 1000, UTC)
