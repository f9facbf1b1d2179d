"""Sagas seen from outside: what runs, what ended how, and another try at what could not be undone. No saga's own code is needed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from unified_platform.extras import extra
from unified_platform.sagas.places import database_url
from unified_platform.sagas.reports import PREFIX, VERSION, report
from unified_runtime.errors import InvalidInput, NotFound

_INNER = ("DBOS.", "asked ", "begun")
"""Steps of the engine's own."""


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
        found = self._client.list_workflows(sort_desc=True, limit=limit)
        return [_seen(status) for status in found if status.name.startswith(PREFIX)]

    def oldest_running(self) -> Seen | None:
        """Of the sagas that run, the one that began first; None if none runs."""
        found = self._client.list_workflows(status="PENDING", limit=100)
        return next((_seen(status) for status in found if status.name.startswith(PREFIX)), None)

    def get(self, id: str) -> Seen:
        """One saga.

        Raises:
            NotFound: there is none of this id.
        """
        found = [status for status in self._client.list_workflows(workflow_ids=[id]) if status.name.startswith(PREFIX)]
        if not found:
            raise NotFound(f"there is no saga {id!r}")
        return _seen(found[0])

    def steps(self, id: str) -> Sequence[Step]:
        """What a saga has done so far, in order."""
        return [_step(told) for told in self._client.list_workflow_steps(id) if not told["function_name"].startswith(_INNER)]

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
    found = report(status)
    left = tuple(f"{one.step}: {one.why}" + (f" (by hand: {one.todo})" if one.todo else "") for one in found.left)
    reason = found.cause.message if found.cause is not None else ""
    return Seen(found.id, found.name, found.state, _time(status.created_at), reason, left)


def _step(told: Any) -> Step:
    found = told["output"] if isinstance(told["output"], list) else [told["output"]]
    errors = [one["error"]["message"] for one in found if isinstance(one, dict) and "error" in one]
    if told["error"] is not None:
        errors = [str(told["error"])]
    state = "failed" if errors else "done"
    return Step(told["function_id"], told["function_name"], state, "; ".join(errors) or None, _time(told["completed_at_epoch_ms"]))


def _time(milliseconds: int | None) -> datetime | None:
    return None if milliseconds is None else datetime.fromtimestamp(milliseconds / 1000, UTC)
