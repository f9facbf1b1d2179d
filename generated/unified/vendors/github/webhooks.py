"""GitHub: what it tells by itself. Written by `gen build`; do not edit."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from unified_runtime import failures
from unified_runtime.webhooks import Event, Place, Proof, Webhooks, event


def read(kind: str | None, body: Any) -> Iterator[Event]:
    """The unified events that one of GitHub's own tells."""
    if kind == "issues" and (bool(failures.at(body, "action") == "opened")):
        yield event(
            "task.created",
            "tasks",
            "{}/{}#{}",
            failures.at(body, "repository", "owner", "login"),
            failures.at(body, "repository", "name"),
            failures.at(body, "issue", "number"),
        )
    if kind == "issues" and (
        ((bool(failures.at(body, "action") != "opened")) and (bool(failures.at(body, "action") != "deleted")))
        and (bool(failures.at(body, "action") != "transferred"))
    ):
        yield event(
            "task.updated",
            "tasks",
            "{}/{}#{}",
            failures.at(body, "repository", "owner", "login"),
            failures.at(body, "repository", "name"),
            failures.at(body, "issue", "number"),
        )
    if kind == "issues" and (
        (bool(failures.at(body, "action") == "deleted")) or (bool(failures.at(body, "action") == "transferred"))
    ):
        yield event(
            "task.deleted",
            "tasks",
            "{}/{}#{}",
            failures.at(body, "repository", "owner", "login"),
            failures.at(body, "repository", "name"),
            failures.at(body, "issue", "number"),
        )
    if kind == "issue_comment" and (bool(failures.at(body, "action") == "created")):
        yield event("comment.created", "comments", "{}", failures.at(body, "comment", "id"))
    if kind == "issue_comment" and (bool(failures.at(body, "action") == "edited")):
        yield event("comment.updated", "comments", "{}", failures.at(body, "comment", "id"))
    if kind == "issue_comment" and (bool(failures.at(body, "action") == "deleted")):
        yield event("comment.deleted", "comments", "{}", failures.at(body, "comment", "id"))


WEBHOOKS = Webhooks(
    vendor="github",
    proof=Proof("X-Hub-Signature-256", "sha256={hex}", algorithm="sha256", over="{body}"),
    read=read,
    kind=Place("header", "X-GitHub-Event"),
    delivery=Place("header", "X-GitHub-Delivery"),
)
