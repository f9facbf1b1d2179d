"""A remark on a page. Written by `gen build`; do not edit."""

from __future__ import annotations

from unified_runtime.client.operations import listing, many, operation
from unified_runtime.core.operations import UNSET, Extra, Invocation, Unset
from unified_runtime.core.vendor_modules import VendorModules

TYPE_CHECKING = False

if TYPE_CHECKING:
    from .models.page_comments import PageComment

VENDORS = VendorModules(__name__, ("confluence",))
"""Module of each vendor's adapter, imported on first use."""


@operation("page_comments", "create", VENDORS, effect="write")
def create(
    *, page_id: str, body: str, via: str | None = None, extra: Extra | None = None, idempotency_key: str | None = None
) -> Invocation[PageComment]:
    """Comment on a page.

    Args:
        page_id: The page it is about.
        body: Its text.
        via: The vendor to use, if not the one that `acting` names.
        extra: The vendor's own fields, by vendor; checked against its schema.
        idempotency_key: The same call under the same key is made once; see `remember`.
    """
    from .models.page_comments import PageCommentCreate

    return Invocation(
        model=PageCommentCreate, given={"page_id": page_id, "body": body}, via=via, extra=extra, key=idempotency_key
    )


@listing("page_comments", "list", VENDORS)
def list(
    *,
    page_id: str,
    cursor: str | None = None,
    limit: int | None = None,
    via: str | None = None,
    extra: Extra | None = None,
) -> Invocation[PageComment]:
    """List the comments on a page.

    Args:
        page_id: The page.
        cursor: Continue from this page's cursor.
        limit: Page size to request.
        via: The vendor to use, if not the one that `acting` names.
        extra: The vendor's own parameters, by vendor; checked against its schema.
    """
    from .models.page_comments import PageCommentFilters

    return Invocation(
        model=PageCommentFilters, given={"page_id": page_id}, cursor=cursor, limit=limit, via=via, extra=extra
    )


@operation("page_comments", "get", VENDORS, effect="read")
def get(id: str, *, via: str | None = None) -> Invocation[PageComment]:
    """Read a comment on a page.

    Args:
        id: The comment's id.
        via: The vendor to use, if not the one that `acting` names.
    """
    return Invocation(ids={"id": id}, via=via)


@operation("page_comments", "update", VENDORS, effect="write")
def update(
    id: str,
    *,
    body: str | Unset = UNSET,
    via: str | None = None,
    extra: Extra | None = None,
    idempotency_key: str | None = None,
) -> Invocation[PageComment]:
    """Change the text of a comment on a page.

    Args:
        id: The comment's id.
        body: Its text.
        via: The vendor to use, if not the one that `acting` names.
        extra: The vendor's own fields, by vendor; checked against its schema.
        idempotency_key: The same call under the same key is made once; see `remember`.
    """
    from .models.page_comments import PageCommentUpdate

    return Invocation(
        model=PageCommentUpdate, given={"body": body}, ids={"id": id}, via=via, extra=extra, key=idempotency_key
    )


@operation("page_comments", "delete", VENDORS, effect="destructive")
def delete(
    id: str, *, via: str | None = None, extra: Extra | None = None, idempotency_key: str | None = None
) -> Invocation[None]:
    """Delete a comment on a page for good.

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
