"""A folder of a mailbox, or a label. Written by `gen build`; do not edit."""

from __future__ import annotations

from unified_runtime.client.operations import listing, many, operation
from unified_runtime.core.operations import UNSET, Extra, Invocation, Unset
from unified_runtime.core.vendor_modules import VendorModules

TYPE_CHECKING = False

if TYPE_CHECKING:
    from .models.email_folders import EmailFolder

VENDORS = VendorModules(__name__, ("gmail", "microsoft-graph"))
"""Module of each vendor's adapter, imported on first use."""


@listing("email_folders", "list", VENDORS)
def list(
    *, cursor: str | None = None, limit: int | None = None, via: str | None = None, extra: Extra | None = None
) -> Invocation[EmailFolder]:
    """List the folders or labels of the mailbox.

    Args:
        cursor: Continue from this page's cursor.
        limit: Page size to request.
        via: The vendor to use, if not the one that `acting` names.
        extra: The vendor's own parameters, by vendor; checked against its schema.
    """
    from .models.email_folders import EmailFolderFilters

    return Invocation(model=EmailFolderFilters, given={}, cursor=cursor, limit=limit, via=via, extra=extra)


@operation("email_folders", "get", VENDORS, effect="read")
def get(id: str, *, via: str | None = None) -> Invocation[EmailFolder]:
    """Read a folder with the number of its emails.

    Args:
        id: The folder's id.
        via: The vendor to use, if not the one that `acting` names.
    """
    return Invocation(ids={"id": id}, via=via)


@operation("email_folders", "create", VENDORS, effect="write")
def create(
    *,
    name: str,
    parent_id: str | None | Unset = UNSET,
    via: str | None = None,
    extra: Extra | None = None,
    idempotency_key: str | None = None,
) -> Invocation[EmailFolder]:
    """Create a folder or label.

    Args:
        name: Its name.
        parent_id: The folder it is in.
        via: The vendor to use, if not the one that `acting` names.
        extra: The vendor's own fields, by vendor; checked against its schema.
        idempotency_key: The same call under the same key is made once; see `remember`.
    """
    from .models.email_folders import EmailFolderCreate

    return Invocation(
        model=EmailFolderCreate, given={"name": name, "parent_id": parent_id}, via=via, extra=extra, key=idempotency_key
    )


@operation("email_folders", "update", VENDORS, effect="write")
def update(
    id: str,
    *,
    name: str | Unset = UNSET,
    via: str | None = None,
    extra: Extra | None = None,
    idempotency_key: str | None = None,
) -> Invocation[EmailFolder]:
    """Rename a folder or label.

    Args:
        id: The folder's id.
        name: Its name.
        via: The vendor to use, if not the one that `acting` names.
        extra: The vendor's own fields, by vendor; checked against its schema.
        idempotency_key: The same call under the same key is made once; see `remember`.
    """
    from .models.email_folders import EmailFolderUpdate

    return Invocation(
        model=EmailFolderUpdate, given={"name": name}, ids={"id": id}, via=via, extra=extra, key=idempotency_key
    )


@operation("email_folders", "delete", VENDORS, effect="destructive")
def delete(
    id: str, *, via: str | None = None, extra: Extra | None = None, idempotency_key: str | None = None
) -> Invocation[None]:
    """Delete a folder or label.

    Args:
        id: The folder's id.
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
