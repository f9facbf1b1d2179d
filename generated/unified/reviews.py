"""A person's review of a pull request. Written by `gen build`; do not edit."""

from __future__ import annotations

from unified_runtime.client.operations import listing, many, operation
from unified_runtime.core.operations import UNSET, Extra, Invocation, Unset
from unified_runtime.core.vendor_modules import VendorModules

TYPE_CHECKING = False

if TYPE_CHECKING:
    from typing import Literal

    from .models.reviews import Review

VENDORS = VendorModules(__name__, ("bitbucket", "gitea", "github"))
"""Module of each vendor's adapter, imported on first use."""


@operation("reviews", "create", VENDORS, effect="write")
def create(
    *,
    pull_request_id: str,
    decision: Literal["approve", "request_changes", "comment"],
    body: str | None | Unset = UNSET,
    via: str | None = None,
    extra: Extra | None = None,
    idempotency_key: str | None = None,
) -> Invocation[Review]:
    """Review a pull request.

    Args:
        pull_request_id: The pull request.
        decision: The verdict; a text is needed unless it is approve.
        body: The text of the review.
        via: The vendor to use, if not the one that `acting` names.
        extra: The vendor's own fields, by vendor; checked against its schema.
        idempotency_key: The same call under the same key is made once; see `remember`.
    """
    from .models.reviews import ReviewCreate

    return Invocation(
        model=ReviewCreate,
        given={"pull_request_id": pull_request_id, "decision": decision, "body": body},
        via=via,
        extra=extra,
        key=idempotency_key,
    )


@listing("reviews", "list", VENDORS)
def list(
    *,
    pull_request_id: str,
    cursor: str | None = None,
    limit: int | None = None,
    via: str | None = None,
    extra: Extra | None = None,
) -> Invocation[Review]:
    """List the reviews of a pull request.

    Args:
        pull_request_id: The pull request.
        cursor: Continue from this page's cursor.
        limit: Page size to request.
        via: The vendor to use, if not the one that `acting` names.
        extra: The vendor's own parameters, by vendor; checked against its schema.
    """
    from .models.reviews import ReviewFilters

    return Invocation(
        model=ReviewFilters,
        given={"pull_request_id": pull_request_id},
        cursor=cursor,
        limit=limit,
        via=via,
        extra=extra,
    )


create_many = many(create)
"""`create` for many inputs; see `unified_runtime.client.operations.Many`."""
