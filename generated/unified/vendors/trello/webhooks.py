"""Webhooks of Trello. Written by `gen build`; do not edit."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from unified_runtime.adapter_api import error_details
from unified_runtime.adapter_api.webhooks import DeliveryField, Event, Proof, Webhooks, event


def read(kind: str | None, body: Any) -> Iterator[Event]:
    """Return the unified events of a delivery from Trello."""
    if kind in {"createCard", "copyCard", "emailCard", "convertToCardFromCheckItem"}:
        yield event(
            "task.created",
            "tasks",
            "{}",
            error_details.at(body, "action", "data", "card", "id"),
            time=error_details.at(body, "action", "date"),
            actor=error_details.at(body, "action", "idMemberCreator"),
        )
    if kind in {
        "updateCard",
        "addMemberToCard",
        "removeMemberFromCard",
        "addLabelToCard",
        "removeLabelFromCard",
        "moveCardToBoard",
    }:
        yield event(
            "task.updated",
            "tasks",
            "{}",
            error_details.at(body, "action", "data", "card", "id"),
            time=error_details.at(body, "action", "date"),
            actor=error_details.at(body, "action", "idMemberCreator"),
        )
    if kind in {"deleteCard", "moveCardFromBoard"}:
        yield event(
            "task.deleted",
            "tasks",
            "{}",
            error_details.at(body, "action", "data", "card", "id"),
            time=error_details.at(body, "action", "date"),
            actor=error_details.at(body, "action", "idMemberCreator"),
        )
    if kind == "commentCard":
        yield event(
            "comment.created",
            "comments",
            "{}",
            error_details.at(body, "action", "id"),
            time=error_details.at(body, "action", "date"),
            actor=error_details.at(body, "action", "idMemberCreator"),
        )
    if kind == "updateComment":
        yield event(
            "comment.updated",
            "comments",
            "{}",
            error_details.at(body, "action", "data", "action", "id"),
            time=error_details.at(body, "action", "date"),
            actor=error_details.at(body, "action", "idMemberCreator"),
        )
    if kind == "deleteComment":
        yield event(
            "comment.deleted",
            "comments",
            "{}",
            error_details.at(body, "action", "data", "action", "id"),
            time=error_details.at(body, "action", "date"),
            actor=error_details.at(body, "action", "idMemberCreator"),
        )


WEBHOOKS = Webhooks(
    vendor="trello",
    proof=Proof("X-Trello-Webhook", "{base64}", hmac="sha1", signed_content="{body}{url}"),
    read=read,
    kind=DeliveryField("path", ("action", "type")),
    delivery=DeliveryField("path", ("action", "id")),
)
