"""A remark on a task. Written by `gen build`; do not edit."""

from __future__ import annotations

from unified_runtime.client.operations import listing, many, operation
from unified_runtime.core.operations import Extra, Invocation
from unified_runtime.core.vendor_modules import VendorModules

TYPE_CHECKING = False

if TYPE_CHECKING:
    from .models.comments import Comment

VENDORS = VendorModules(
    __name__, ("asana", "clickup", "github", "jira", "redmine", "roundup", "todoist", "trello", "zendesk")
)
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
    from .models.comments import CommentCreate

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
    from .models.comments import CommentFilters

    return Invocation(model=CommentFilters, given={"task_id": task_id}, cursor=cursor, limit=limit, via=via)


create_many = many(create)
"""`create` for many inputs; see `unified_runtime.client.operations.Many`."""
