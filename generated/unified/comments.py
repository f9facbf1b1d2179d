"""A remark on a task. Written by `gen build`; do not edit."""

from __future__ import annotations

from collections.abc import Mapping

from unified_runtime.client.operations import listing, many, operation
from unified_runtime.core.operations import Extra, Invocation

TYPE_CHECKING = False

if TYPE_CHECKING:
    from unified.models.comments import Comment

VENDORS: Mapping[str, str] = {
    "asana": "unified.vendors.asana.comments",
    "clickup": "unified.vendors.clickup.comments",
    "github": "unified.vendors.github.comments",
    "jira": "unified.vendors.jira.comments",
    "redmine": "unified.vendors.redmine.comments",
    "roundup": "unified.vendors.roundup.comments",
    "todoist": "unified.vendors.todoist.comments",
    "trello": "unified.vendors.trello.comments",
    "zendesk": "unified.vendors.zendesk.comments",
}
"""Module of each vendor's adapter, imported on first use."""


@operation("comments", "create", VENDORS, effect="write")
def create(
    *, task_id: str, body: str, via: str | None = None, extra: Extra | None = None, idempotency_key: str | None = None
) -> Invocation[Comment]:
    """Comment on a task.

    Args:
        task_id: The task it is about.
        body: What it says.
        via: The vendor to use, if not the one that `acting` names.
        extra: The vendor's own fields, by vendor; checked against its schema.
        idempotency_key: The same call under the same key is made once; see `remember`.
    """
    from unified.models.comments import CommentCreate

    return Invocation(
        model=CommentCreate, given={"task_id": task_id, "body": body}, via=via, extra=extra, key=idempotency_key
    )


@listing("comments", "list", VENDORS)
def list(
    *, task_id: str, cursor: str | None = None, limit: int | None = None, via: str | None = None
) -> Invocation[Comment]:
    """List the comments on a task.

    Args:
        task_id: The task.
        cursor: Continue from this page's cursor.
        limit: Page size to request.
        via: The vendor to use, if not the one that `acting` names.
    """
    from unified.models.comments import CommentFilters

    return Invocation(model=CommentFilters, given={"task_id": task_id}, cursor=cursor, limit=limit, via=via)


create_many = many(create)
"""`create` for many inputs; see `unified_runtime.client.operations.Many`."""
