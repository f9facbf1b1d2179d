"""Webhooks of Gitea. Written by `gen build`; do not edit."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from unified_runtime.adapter_api import error_details
from unified_runtime.adapter_api.webhooks import Event, Proof, Webhooks, event


def read(kind: str | None, body: Any) -> Iterator[Event]:
    """Return the unified events of a delivery from Gitea."""
    if ((bool(error_details.at(body, "issue"))) and (not (bool(error_details.at(body, "comment"))))) and (
        bool(error_details.at(body, "action") == "opened")
    ):
        yield event(
            "task.created",
            "tasks",
            "{}/{}#{}",
            error_details.at(body, "repository", "owner", "login"),
            error_details.at(body, "repository", "name"),
            error_details.at(body, "issue", "number"),
            time=error_details.at(body, "issue", "updated_at"),
            actor=error_details.at(body, "sender", "login"),
        )
    if (
        (
            ((bool(error_details.at(body, "issue"))) and (not (bool(error_details.at(body, "comment")))))
            and (bool(error_details.at(body, "action")))
        )
        and (bool(error_details.at(body, "action") != "opened"))
    ) and (bool(error_details.at(body, "action") != "deleted")):
        yield event(
            "task.updated",
            "tasks",
            "{}/{}#{}",
            error_details.at(body, "repository", "owner", "login"),
            error_details.at(body, "repository", "name"),
            error_details.at(body, "issue", "number"),
            actor=error_details.at(body, "sender", "login"),
        )
    if ((bool(error_details.at(body, "issue"))) and (not (bool(error_details.at(body, "comment"))))) and (
        bool(error_details.at(body, "action") == "deleted")
    ):
        yield event(
            "task.deleted",
            "tasks",
            "{}/{}#{}",
            error_details.at(body, "repository", "owner", "login"),
            error_details.at(body, "repository", "name"),
            error_details.at(body, "issue", "number"),
            actor=error_details.at(body, "sender", "login"),
        )
    if (
        ((bool(error_details.at(body, "issue"))) and (bool(error_details.at(body, "comment"))))
        and (bool(error_details.at(body, "action") == "created"))
    ) and (error_details.at(body, "is_pull") is False):
        yield event(
            "comment.created",
            "comments",
            "{}/{}#{}:{}",
            error_details.at(body, "repository", "owner", "login"),
            error_details.at(body, "repository", "name"),
            error_details.at(body, "issue", "number"),
            error_details.at(body, "comment", "id"),
            time=error_details.at(body, "comment", "updated_at"),
            actor=error_details.at(body, "sender", "login"),
        )
    if (
        ((bool(error_details.at(body, "issue"))) and (bool(error_details.at(body, "comment"))))
        and (bool(error_details.at(body, "action") == "edited"))
    ) and (error_details.at(body, "is_pull") is False):
        yield event(
            "comment.updated",
            "comments",
            "{}/{}#{}:{}",
            error_details.at(body, "repository", "owner", "login"),
            error_details.at(body, "repository", "name"),
            error_details.at(body, "issue", "number"),
            error_details.at(body, "comment", "id"),
            actor=error_details.at(body, "sender", "login"),
        )
    if (
        ((bool(error_details.at(body, "issue"))) and (bool(error_details.at(body, "comment"))))
        and (bool(error_details.at(body, "action") == "deleted"))
    ) and (error_details.at(body, "is_pull") is False):
        yield event(
            "comment.deleted",
            "comments",
            "{}/{}#{}:{}",
            error_details.at(body, "repository", "owner", "login"),
            error_details.at(body, "repository", "name"),
            error_details.at(body, "issue", "number"),
            error_details.at(body, "comment", "id"),
            actor=error_details.at(body, "sender", "login"),
        )


WEBHOOKS = Webhooks(
    vendor="gitea",
    proof=Proof("X-Gitea-Signature", "{hex}", hmac="sha256", signed_content="{body}"),
    read=read,
    subscriptions={
        "task.created": ("issues",),
        "task.updated": ("issues",),
        "task.deleted": ("issues",),
        "comment.created": ("issue_comment",),
        "comment.updated": ("issue_comment",),
        "comment.deleted": ("issue_comment",),
    },
)
