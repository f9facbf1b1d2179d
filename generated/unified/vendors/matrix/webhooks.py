"""Matrix: what it tells by itself. Written by `gen build`; do not edit."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from unified_runtime import failures
from unified_runtime.webhooks import Event, Place, Proof, Webhooks, event


def read(kind: str | None, body: Any) -> Iterator[Event]:
    """The unified events that one of Matrix's own tells."""
    if kind == "m.room.message" and (bool(failures.at(body, "content", "m.relates_to", "rel_type") != "m.replace")):
        yield event("message.created", "messages", "{}/{}", failures.at(body, "room_id"), failures.at(body, "event_id"))
    if kind == "m.room.message" and (bool(failures.at(body, "content", "m.relates_to", "rel_type") == "m.replace")):
        yield event(
            "message.updated",
            "messages",
            "{}/{}",
            failures.at(body, "room_id"),
            failures.at(body, "content", "m.relates_to", "event_id"),
        )
    if kind == "m.room.redaction" and (bool(failures.at(body, "redacts"))):
        yield event("message.deleted", "messages", "{}/{}", failures.at(body, "room_id"), failures.at(body, "redacts"))
    if kind == "m.room.redaction" and (
        (not (bool(failures.at(body, "redacts")))) and (bool(failures.at(body, "content", "redacts")))
    ):
        yield event(
            "message.deleted",
            "messages",
            "{}/{}",
            failures.at(body, "room_id"),
            failures.at(body, "content", "redacts"),
        )


WEBHOOKS = Webhooks(
    vendor="matrix",
    proof=Proof("Authorization", "Bearer {secret}"),
    read=read,
    kind=Place("path", ("type",)),
    delivery=Place("path", ("event_id",)),
    each=("events",),
    address="_matrix/app/v1/transactions/{txnId}",
    method="PUT",
)
