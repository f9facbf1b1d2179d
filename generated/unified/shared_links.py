"""A link that opens a file or a folder. Written by `gen build`; do not edit."""

from __future__ import annotations

from unified_runtime.client.operations import listing, many, operation
from unified_runtime.core.operations import UNSET, Extra, Invocation, Unset
from unified_runtime.core.vendor_modules import VendorModules

TYPE_CHECKING = False

if TYPE_CHECKING:
    from datetime import datetime
    from typing import Literal

    from .models.shared_links import SharedLink

VENDORS = VendorModules(__name__, ("dropbox", "google-drive", "microsoft-graph"))
"""Module of each vendor's adapter, imported on first use."""


@operation("shared_links", "create", VENDORS, effect="write")
def create(
    *,
    file_id: str,
    scope: Literal["anyone", "organization", "people"] | None | Unset = UNSET,
    role: Literal["reader", "writer"] | None | Unset = UNSET,
    expires_at: datetime | None | Unset = UNSET,
    via: str | None = None,
    extra: Extra | None = None,
    idempotency_key: str | None = None,
) -> Invocation[SharedLink]:
    """Create a link to a file.

    Args:
        file_id: The file or folder that it opens.
        scope: Who can open it: anyone, the organization, or people who have access.
        role: What they may do.
        expires_at: When it stops working.
        via: The vendor to use, if not the one that `acting` names.
        extra: The vendor's own fields, by vendor; checked against its schema.
        idempotency_key: The same call under the same key is made once; see `remember`.
    """
    from .models.shared_links import SharedLinkCreate

    return Invocation(
        model=SharedLinkCreate,
        given={"file_id": file_id, "scope": scope, "role": role, "expires_at": expires_at},
        via=via,
        extra=extra,
        key=idempotency_key,
    )


@listing("shared_links", "list", VENDORS)
def list(
    *,
    file_id: str,
    cursor: str | None = None,
    limit: int | None = None,
    via: str | None = None,
    extra: Extra | None = None,
) -> Invocation[SharedLink]:
    """List the links to a file.

    Args:
        file_id: The file or folder.
        cursor: Continue from this page's cursor.
        limit: Page size to request.
        via: The vendor to use, if not the one that `acting` names.
        extra: The vendor's own parameters, by vendor; checked against its schema.
    """
    from .models.shared_links import SharedLinkFilters

    return Invocation(
        model=SharedLinkFilters, given={"file_id": file_id}, cursor=cursor, limit=limit, via=via, extra=extra
    )


@operation("shared_links", "delete", VENDORS, effect="destructive")
def delete(
    id: str, *, via: str | None = None, extra: Extra | None = None, idempotency_key: str | None = None
) -> Invocation[None]:
    """Revoke a link.

    Args:
        id: The link's id.
        via: The vendor to use, if not the one that `acting` names.
        extra: The vendor's own parameters, by vendor; checked against its schema.
        idempotency_key: The same call under the same key is made once; see `remember`.
    """
    return Invocation(ids={"id": id}, via=via, extra=extra, key=idempotency_key)


create_many = many(create)
"""`create` for many inputs; see `unified_runtime.client.operations.Many`."""


delete_many = many(delete)
"""`delete` for many inputs; see `unified_runtime.client.operations.Many`."""
