"""A conversation of emails. Written by `gen build`; do not edit."""

from __future__ import annotations

from unified_runtime.client.operations import listing, many, operation
from unified_runtime.core.operations import UNSET, Extra, Invocation, Unset
from unified_runtime.core.vendor_modules import VendorModules

TYPE_CHECKING = False

if TYPE_CHECKING:
    from datetime import datetime

    from .models.email_threads import EmailThread

VENDORS = VendorModules(__name__, ("gmail",))
"""Module of each vendor's adapter, imported on first use."""


@listing("email_threads", "list", VENDORS)
def list(
    *,
    text: str | None | Unset = UNSET,
    sender: str | None | Unset = UNSET,
    folder_id: str | None | Unset = UNSET,
    unread: bool | None | Unset = UNSET,
    sent_after: datetime | None | Unset = UNSET,
    sent_before: datetime | None | Unset = UNSET,
    cursor: str | None = None,
    limit: int | None = None,
    via: str | None = None,
    extra: Extra | None = None,
) -> Invocation[EmailThread]:
    """List or search threads, the latest first.

    Args:
        text: Words in one of its emails.
        sender: With an email of this address.
        folder_id: With an email in this folder.
        unread: With unread emails.
        sent_after: With an email since then.
        sent_before: With an email before then.
        cursor: Continue from this page's cursor.
        limit: Page size to request.
        via: The vendor to use, if not the one that `acting` names.
        extra: The vendor's own parameters, by vendor; checked against its schema.
    """
    from .models.email_threads import EmailThreadFilters

    return Invocation(
        model=EmailThreadFilters,
        given={
            "text": text,
            "sender": sender,
            "folder_id": folder_id,
            "unread": unread,
            "sent_after": sent_after,
            "sent_before": sent_before,
        },
        cursor=cursor,
        limit=limit,
        via=via,
        extra=extra,
    )


@operation("email_threads", "get", VENDORS, effect="read")
def get(id: str, *, via: str | None = None) -> Invocation[EmailThread]:
    """Read a thread.

    Args:
        id: The thread's id.
        via: The vendor to use, if not the one that `acting` names.
    """
    return Invocation(ids={"id": id}, via=via)


@operation("email_threads", "archive", VENDORS, effect="write", like="update")
def archive(
    id: str, *, via: str | None = None, extra: Extra | None = None, idempotency_key: str | None = None
) -> Invocation[EmailThread]:
    """Move all emails of a thread from the inbox to the archive.

    Args:
        id: The thread.
        via: The vendor to use, if not the one that `acting` names.
        extra: The vendor's own fields, by vendor; checked against its schema.
        idempotency_key: The same call under the same key is made once; see `remember`.
    """
    from .models.email_threads import EmailThreadArchive

    return Invocation(model=EmailThreadArchive, given={}, ids={"id": id}, via=via, extra=extra, key=idempotency_key)


@operation("email_threads", "delete", VENDORS, effect="destructive")
def delete(
    id: str, *, via: str | None = None, extra: Extra | None = None, idempotency_key: str | None = None
) -> Invocation[None]:
    """Move all emails of a thread to the trash.

    Args:
        id: The thread's id.
        via: The vendor to use, if not the one that `acting` names.
        extra: The vendor's own parameters, by vendor; checked against its schema.
        idempotency_key: The same call under the same key is made once; see `remember`.
    """
    return Invocation(ids={"id": id}, via=via, extra=extra, key=idempotency_key)


archive_many = many(archive)
"""`archive` for many inputs; see `unified_runtime.client.operations.Many`."""


delete_many = many(delete)
"""`delete` for many inputs; see `unified_runtime.client.operations.Many`."""
