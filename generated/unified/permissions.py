"""What somebody may do with a file. Written by `gen build`; do not edit."""

from __future__ import annotations

from unified_runtime.client.operations import listing, many, operation
from unified_runtime.core.operations import Extra, Invocation
from unified_runtime.core.vendor_modules import VendorModules

TYPE_CHECKING = False

if TYPE_CHECKING:
    from .models.permissions import Permission

VENDORS = VendorModules(__name__, ("dropbox", "google-drive", "microsoft-graph"))
"""Module of each vendor's adapter, imported on first use."""


@listing("permissions", "list", VENDORS)
def list(
    *,
    file_id: str,
    cursor: str | None = None,
    limit: int | None = None,
    via: str | None = None,
    extra: Extra | None = None,
) -> Invocation[Permission]:
    """List who can access a file.

    Args:
        file_id: The file.
        cursor: Continue from this page's cursor.
        limit: Page size to request.
        via: The vendor to use, if not the one that `acting` names.
        extra: The vendor's own parameters, by vendor; checked against its schema.
    """
    from .models.permissions import PermissionFilters

    return Invocation(
        model=PermissionFilters, given={"file_id": file_id}, cursor=cursor, limit=limit, via=via, extra=extra
    )


@operation("permissions", "delete", VENDORS, effect="destructive")
def delete(
    id: str, *, via: str | None = None, extra: Extra | None = None, idempotency_key: str | None = None
) -> Invocation[None]:
    """Take access to a file away.

    Args:
        id: The permission's id.
        via: The vendor to use, if not the one that `acting` names.
        extra: The vendor's own parameters, by vendor; checked against its schema.
        idempotency_key: The same call under the same key is made once; see `remember`.
    """
    return Invocation(ids={"id": id}, via=via, extra=extra, key=idempotency_key)


delete_many = many(delete)
"""`delete` for many inputs; see `unified_runtime.client.operations.Many`."""
