"""Trello: what it tells by itself. Written by `gen build`; do not edit."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from unified_runtime import failures
from unified_runtime.webhooks import Event, Place, Proof, Webhooks, event


def read(kind: str | None, body: Any) -> Iterator[Event]:
    """The unified events that one of Trello's own tells."""
    if kind in {"createCard", "copyCard", "emailCard", "convertToCardFromCheckItem"}:
        yield event("task.created", "tasks", "{}", failures.at(body, "action", "data", "card", "id"))
    if kind in {
        "updateCard",
        "addMemberToCard",
        "removeMemberFromCard",
        "addLabelToCard",
        "removeLabelFromCard",
        "moveCardToBoard",
    }:
        yield event("task.updated", "tasks", "{}", failures.at(body, "action", "data", "card", "id"))
    if kind in {"deleteCard", "moveCardFromBoard"}:
        yield event("task.deleted", "tasks", "{}", failures.at(body, "action", "data", "card", "id"))
    if kind == "commentCard":
        yield event("comment.created", "comments", "{}", failures.at(body, "action", "id"))
    if kind == "updateComment":
        yield event("comment.updated", "comments", "{}", failures.at(body, "action", "data", "action", "id"))
    if kind == "deleteComment":
        yield event("comment.deleted", "comments", "{}", failures.at(body, "action", "data", "action", "id"))


WEBHOOKS = Webhooks(
    vendor="trello",
    proof=Proof("X-Trello-Webhook", "{base64}", algorithm="sha1", over="{body}{url}"),
    read=read,
    kind=Place("path", ("action", "type")),
    delivery=Place("path", ("action", "id")),
)
