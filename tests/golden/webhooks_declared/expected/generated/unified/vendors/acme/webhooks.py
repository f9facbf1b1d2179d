"""Acme: what it tells by itself. Written by `gen build`; do not edit."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from unified_runtime import failures
from unified_runtime.webhooks import Event, Place, Proof, Webhooks, event


def read(kind: str | None, body: Any) -> Iterator[Event]:
    """The unified events that one of Acme's own tells."""
    if kind == "new":
        yield event("task.created", "tasks", "{}", failures.at(body, "task", "id"))
    if kind in {"moved", "renamed"}:
        yield event("task.updated", "tasks", "{}", failures.at(body, "task", "id"))
    if kind == "changed" and (
        (not (bool(failures.at(body, "task", "gone"))))
        and (
            isinstance(failures.at(body, "task", "version"), (int, float)) and failures.at(body, "task", "version") > 1
        )
    ):
        yield event("task.updated", "tasks", "{}", failures.at(body, "task", "x-id"))
    if bool(failures.at(body, "task", "gone")):
        yield event("task.deleted", "tasks", "{}", failures.at(body, "task", "id"))


WEBHOOKS = Webhooks(
    vendor="acme",
    proof=Proof("Acme-Signature", "t={timestamp},v1={hex}", algorithm="sha256", over="{timestamp}.{body}", window=120),
    read=read,
    kind=Place("header", "X-Acme-Event"),
    delivery=Place("address", "id"),
    challenge=Place("query", "challenge"),
    each=("events",),
    address="deliveries/{id}",
    method="PUT",
)
