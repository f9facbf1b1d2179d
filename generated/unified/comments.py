"""A comment on a task. Written by `gen build`; do not edit."""

from __future__ import annotations

from unified_runtime.client.operations import listing, many, operation
from unified_runtime.core.operations import UNSET, Extra, Invocation, Unset
from unified_runtime.core.vendor_modules import VendorModules

TYPE_CHECKING = False

if TYPE_CHECKING:
    from .models.comments import Comment

VENDORS = VendorModules(
    __name__,
    (
        "asana",
        "clickup",
        "gitea",
        "github",
        "gitlab",
        "jira",
        "linear",
        "monday",
        "redmine",
        "roundup",
        "todoist",
        "trello",
        "zendesk",
    ),
)
"""Module of each vendor's adapter, imported on first use."""


@operation("comments", "create", VENDORS, effect="write")
def create(
    *,
    task_id: str,
    body: str,
    internal: bool | None | Unset = UNSET,
    via: str | None = None,
    extra: Extra | None = None,
    idempotency_key: str | None = None,
) -> Invocation[Comment]:
    """Comment on a task.

    Args:
        task_id: The task it is about.
        body: Its text.
        internal: Whether customers cannot see it. In a help desk it is internal unless this is false.
        via: The vendor to use, if not the one that `acting` names.
        extra: The vendor's own fields, by vendor; checked against its schema.
        idempotency_key: The same call under the same key is made once; see `remember`.
    """
    from .models.comments import CommentCreate

    return Invocation(
        model=CommentCreate,
        given={"task_id": task_id, "body": body, "internal": internal},
        via=via,
        extra=extra,
        key=idempotency_key,
    )


@listing("comments", "list", VENDORS)
def list(
    *,
    task_id: str,
    cursor: str | None = None,
    limit: int | None = None,
    via: str | None = None,
    extra: Extra | None = None,
) -> Invocation[Comment]:
    """List the comments on a task.

    Args:
        task_id: The task.
        cursor: Continue from this page's cursor.
        limit: Page size to request.
        via: The vendor to use, if not the one that `acting` names.
        extra: The vendor's own parameters, by vendor; checked against its schema.
    """
    from .models.comments import CommentFilters

    return Invocation(
        model=CommentFilters, given={"task_id": task_id}, cursor=cursor, limit=limit, via=via, extra=extra
    )


@operation("comments", "get", VENDORS, effect="read")
def get(id: str, *, via: str | None = None) -> Invocation[Comment]:
    """Read a comment.

    Args:
        id: The comment's id.
        via: The vendor to use, if not the one that `acting` names.
    """
    return Invocation(ids={"id": id}, via=via)


@operation("comments", "update", VENDORS, effect="write")
def update(
    id: str,
    *,
    body: str | Unset = UNSET,
    via: str | None = None,
    extra: Extra | None = None,
    idempotency_key: str | None = None,
) -> Invocation[Comment]:
    """Change the text of a comment.

    Args:
        id: The comment's id.
        body: Its text.
        via: The vendor to use, if not the one that `acting` names.
        extra: The vendor's own fields, by vendor; checked against its schema.
        idempotency_key: The same call under the same key is made once; see `remember`.
    """
    from .models.comments import CommentUpdate

    return Invocation(
        model=CommentUpdate, given={"body": body}, ids={"id": id}, via=via, extra=extra, key=idempotency_key
    )


@operation("comments", "delete", VENDORS, effect="destructive")
def delete(
    id: str, *, via: str | None = None, extra: Extra | None = None, idempotency_key: str | None = None
) -> Invocation[None]:
    """Delete a comment for good.

    Args:
        id: The comment's id.
        via: The vendor to use, if not the one that `acting` names.
        extra: The vendor's own parameters, by vendor; checked against its schema.
        idempotency_key: The same call under the same key is made once; see `remember`.
    """
    return Invocation(ids={"id": id}, via=via, extra=extra, key=idempotency_key)


create_many = many(create)
"""`create` for many inputs; see `unified_runtime.client.operations.Many`."""


update_many = many(update)
"""`update` for many inputs; see `unified_runtime.client.operations.Many`."""


delete_many = many(delete)
"""`delete` for many inputs; see `unified_runtime.client.operations.Many`."""
