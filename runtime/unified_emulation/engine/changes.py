"""Changes of records by requests, and the events of webhooks that they cause."""

from __future__ import annotations

import copy
import time
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from unified_emulation.engine.behaviour.situations import sent
from unified_emulation.engine.behaviour.values import values_at
from unified_emulation.engine.placement import Find
from unified_emulation.engine.routes import Call
from unified_emulation.engine.tables import Record, scalars
from unified_openapi.behaviour.kinds import AnyFact
from unified_openapi.behaviour.webhooks import WebhookEvent
from unified_openapi.documents.words import referenced


@dataclass(frozen=True, slots=True)
class Change:
    """Record that a request wrote. `before` has its values before: empty, if it is new; `record` those after, or before a deletion."""

    call: Call
    record: Record
    before: Mapping[str, Any]

    @staticmethod
    def of(call: Call, record: Record, before: Mapping[str, Any]) -> Change:
        """Return a change with a copy of the record, which later requests do not affect."""
        return Change(call, copy.deepcopy(record), before)

    def concerns(self, value: Any, find: Find) -> bool:
        """Return true if a record has an id, refers to it, or refers to a record that does; before or after the change."""
        wanted = str(value)
        known = [*scalars(self.record.values), *scalars(dict(self.before)), *self.record.scope.values(), *self.call.path.values()]
        if any(str(one) == wanted for one in known):
            return True
        ids = [value for name, value in self.record.values.items() if referenced(name) is not None and isinstance(value, str | int)]
        above = (find(one, "") for one in ids)
        return any(str(one) == wanted for each in above if each is not None for one in scalars(dict(each)))


@dataclass(frozen=True, slots=True)
class Event:
    """Event of a change: the fact that states it, and the values of its templates."""

    fact: WebhookEvent
    change: Change
    values: Mapping[str, Any] = field(repr=False)


Related = Callable[[str, Mapping[str, Any]], Mapping[str, Any] | None]
"""Return the values of the record that an operation reads, by the parameters of its path."""


def events(facts: Iterable[AnyFact], change: Change, user: Mapping[str, Any], related: Related, clock: float) -> Iterator[Event]:
    """Yield the events of a change, by the facts that concern it. `user` has the names of the authenticated user."""
    call = change.call
    path = {**change.record.scope, **call.path}
    common: dict[str, Any] = {
        "record": change.record.values,
        "before": dict(change.before),
        "path": path,
        "sent": {**call.query, **(call.body if isinstance(call.body, dict) else {})},
        **user,
        **times(clock),
    }
    for fact in facts:
        if not isinstance(fact, WebhookEvent) or not _differs(fact, change):
            continue
        found = {name: related(operation, path) for name, operation in fact.related.items()}
        for name, value in _parts(fact, call):
            yield Event(fact, change, {**common, **found, "name": name, "value": value, **identity()})


def times(clock: float) -> dict[str, Any]:
    """Return the names of a time: `$now` as a date-time, `$now_s` and `$now_ms` in seconds and milliseconds, `$micro` the microseconds of
    its second, with six digits.
    """
    text = datetime.fromtimestamp(clock, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return {"now": text, "now_s": int(clock), "now_ms": int(clock * 1000), "micro": f"{int(clock * 1_000_000) % 1_000_000:06}"}


def identity() -> dict[str, Any]:
    """Return the names of a new event: `$id` (a UUID), `$number`, and `$object_id` of 24 hexadecimal digits."""
    made = uuid.uuid4()
    return {"id": str(made), "number": time.time_ns() // 1000, "object_id": made.hex[:24]}


def _differs(fact: WebhookEvent, change: Change) -> bool:
    return not fact.changes or any(
        list(values_at(dict(change.before), path)) != list(values_at(change.record.values, path)) for path in fact.changes
    )


def _parts(fact: WebhookEvent, call: Call) -> Iterator[tuple[str | None, Any]]:
    if fact.each is None:
        yield None, None
        return
    for value in sent(call, fact.each):
        if isinstance(value, dict):
            yield from value.items()
