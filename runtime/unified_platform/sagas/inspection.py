"""Sagas seen from outside: what runs, what ended how, and another try at what could not be undone. No saga's own code is needed."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from unified_platform.common.extras import require_extra
from unified_platform.sagas.journal import plain_output
from unified_platform.sagas.location import database_url
from unified_platform.sagas.reports import PREFIX, RETRIED, given, report
from unified_runtime.core.errors import InvalidInput, NotFound, Unavailable
from unified_runtime.core.owners import TENANT

_INNER = ("DBOS.", "begun", "pause")
"""Steps of the engine's own."""
_LEFT = re.compile(r"\d+ (undo|check) ")
"""Names of steps that a retry begins with."""

_ENDED = ("SUCCESS", "ERROR", "CANCELLED", "MAX_RECOVERY_ATTEMPTS_EXCEEDED")
_PAGE = 500
_DELETED = 100
"""Sagas that are deleted in one transaction."""


@dataclass(frozen=True, slots=True)
class StepStatus:
    """One step: its number in the saga, its name, and how it ended (`done`, `failed` with the reason, or nothing yet)."""

    number: int
    name: str
    state: str
    error: str | None
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class SagaStatus:
    """One saga.

    `version` is that of the code that it was started with, or that took it over. `state` is `running`, `waiting`, `done`, `rolled back`,
    `needs you` (something could not be undone), `canceled` or `broken` (its records cannot be used; `left` names all that it may have
    executed).
    """

    id: str
    name: str
    state: str
    started_at: datetime | None
    reason: str
    left: tuple[str, ...]
    version: str = ""


class SagaInspector:
    """The sagas of a database."""

    def __init__(self, client: Any) -> None:
        self._client = client

    def list(self, *, limit: int = 100) -> Sequence[SagaStatus]:
        """The newest sagas, newest first."""
        found = self._client.list_workflows(sort_desc=True, limit=limit)
        return [_status(status) for status in found if status.name.startswith(PREFIX)]

    def oldest_running(self) -> SagaStatus | None:
        """Of the sagas that run, the one that began first; None if none runs."""
        found = self._client.list_workflows(status="PENDING", limit=100)
        return next((_status(status) for status in found if status.name.startswith(PREFIX)), None)

    def get(self, id: str) -> SagaStatus:
        """One saga.

        Raises:
            NotFound: there is none of this id.
        """
        found = [status for status in self._client.list_workflows(workflow_ids=[id]) if status.name.startswith(PREFIX)]
        if not found:
            raise NotFound(f"there is no saga {id!r}")
        return _status(found[0], self._client.list_workflow_steps)

    def steps(self, id: str) -> Sequence[StepStatus]:
        """Return the steps of a saga so far, in order."""
        found = [data | {"output": plain_output(data["output"])} for data in self._client.list_workflow_steps(id)]
        return [_step(data) for data in found if not _inner(data)]

    def retry(self, id: str) -> None:
        """Have another try at what could not be undone, and look again for what may have been executed. A process that has these sagas open
        makes it, with any code.

        Raises:
            NotFound: there is none of this id.
            InvalidInput: nothing of it is left to undo.
        """
        saga = self.get(id)
        failed = [step for step in self.steps(id) if _LEFT.match(step.name) and step.state == "failed"]
        if saga.state != "needs you" or not failed:
            raise InvalidInput(f"saga {id} is {saga.state}: nothing of it could be undone now that could not before")
        first = failed[0].name.partition(": try ")[0]
        start = next(step.number for step in self.steps(id) if step.name == first)
        self._client.update_workflow_attributes(id, {RETRIED: True}, merge=True)
        self._client.rewind_workflow(id, start_step=start)

    # ------------------------------------------------------------------------------------------------ erasure and retention
    def prune(self, days: float) -> int:
        """Delete the journals of sagas that ended longer ago than so many days. Return their number.

        Raises:
            Unavailable: the database cannot be used.
        """
        before = (datetime.now(UTC) - timedelta(days=days)).isoformat()
        with _database_errors():
            return self._delete([one.workflow_id for one in self._all(status=list(_ENDED), completed_before=before, load_input=False)])

    def erase(self, user: str, *, tenant: str = TENANT, dry_run: bool = False) -> dict[str, int]:
        """Delete the journals of the sagas that ended and in which a call was made for a user. Return the number of those, and of running
        ones, which stay: erase again once they have ended.

        Raises:
            Unavailable: the database cannot be used.
        """
        with _database_errors():
            found = [one for one in self._all() if self._is_for(one, user, tenant)]
            ended = [one.workflow_id for one in found if one.status in _ENDED]
            if not dry_run:
                self._delete(ended)
        return {"sagas": len(ended), "running": len(found) - len(ended)}

    def _all(self, **conditions: Any) -> Iterator[Any]:
        """Yield all sagas with these conditions."""
        import sqlalchemy

        offset = 0
        while True:
            try:
                page = self._client.list_workflows(limit=_PAGE, offset=offset, load_output=False, **conditions)
            except sqlalchemy.exc.DBAPIError as error:
                if _no_tables(error):  # no saga was started yet
                    return
                raise
            yield from (one for one in page if one.name.startswith(PREFIX))
            if len(page) < _PAGE:
                return
            offset += _PAGE

    def _delete(self, ids: Sequence[str]) -> int:
        for start in range(0, len(ids), _DELETED):
            self._client.delete_workflows([*ids[start : start + _DELETED]])
        return len(ids)

    def _is_for(self, status: Any, user: str, tenant: str) -> bool:
        """Return whether a saga, or a step of it, is for a user of a tenant."""
        started = given(status)
        signed = _signed_facts(started)
        steps = [*started.get("steps", ()), *_steps_of(self._client.list_workflow_steps(status.workflow_id))]
        connected = {str(step["connection"][1]) for step in steps if len(step.get("connection", ())) > 1}
        if tenant not in ({signed.get("tenant", TENANT)} if signed else connected or {TENANT}):
            return False
        whom = signed.get("whom", {})
        only = whom.get("users", ()) if len(whom.get("users", ())) == 1 else ()
        acting = [started.get("acting") or {}, *(step.get("acting") or {} for step in steps)]
        return user in {whom.get("subject"), *only, *(one.get(name) for one in acting for name in ("user", "on_behalf_of"))}


@contextmanager
def _database_errors() -> Iterator[None]:
    """Raise `Unavailable` for an error of the database."""
    import sqlalchemy

    try:
        yield
    except sqlalchemy.exc.SQLAlchemyError as error:
        raise Unavailable(f"the database of sagas cannot be used: {type(error).__name__}") from None


def _no_tables(error: Any) -> bool:
    return getattr(error.orig, "sqlstate", None) == "42P01" or "no such table" in str(error.orig)


def _signed_facts(started: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return what a broker has signed for a saga, unverified; nothing if no broker made it."""
    try:
        payload = str(started["signed"]).split(".")[1]
        found = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    except (KeyError, IndexError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _steps_of(rows: Sequence[Any]) -> Iterator[Mapping[str, Any]]:
    """Yield the steps that a saga has saved."""
    for row in rows:
        output = plain_output(row["output"])
        if str(row["function_name"]).startswith("record ") and isinstance(output, dict):
            yield from output.get("steps", ())


@contextmanager
def open_inspector(url: str | Path | None = None) -> Iterator[SagaInspector]:
    """Look into the sagas of a database; by default see `location.default_url`.

    Raises:
        InvalidInput: dbos is not installed.
    """
    dbos = require_extra("dbos", "sagas", "a saga")
    client = dbos.DBOSClient(system_database_url=database_url(url), serializer=dbos.DBOSPortableJSONSerializer(), lazy=True)
    try:
        yield SagaInspector(client)
    finally:
        client.destroy()


def _status(status: Any, steps: Callable[[str], Any] | None = None) -> SagaStatus:
    found = report(status, steps)
    left = tuple(f"{one.step}: {one.why}" + (f" (by hand: {one.todo})" if one.todo else "") for one in found.left)
    reason = found.cause.message if found.cause is not None else ""
    return SagaStatus(
        found.id, found.name, found.state, _time(status.created_at), reason, left, str(status.app_version or "").partition("/")[2]
    )


def _inner(data: Any) -> bool:
    name, output = str(data["function_name"]), data["output"]
    if name.startswith("record "):
        return not (isinstance(output, dict) and "note" in output and len(output) > 1)
    return name.startswith(_INNER)


def _step(data: Any) -> StepStatus:
    name = data["output"]["note"] if data["function_name"].startswith("record ") else data["function_name"]
    found = data["output"] if isinstance(data["output"], list) else [data["output"]]
    errors = [one["error"]["message"] for one in found if isinstance(one, dict) and "error" in one]
    if data["error"] is not None:
        errors = [str(data["error"])]
    state = "failed" if errors else "done"
    return StepStatus(data["function_id"], name, state, "; ".join(errors) or None, _time(data["completed_at_epoch_ms"]))


def _time(milliseconds: int | None) -> datetime | None:
    return None if milliseconds is None else datetime.fromtimestamp(milliseconds / 1000, UTC)
