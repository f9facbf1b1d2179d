"""An email in a mailbox. Written by `gen build`; do not edit."""

from __future__ import annotations

from collections.abc import Sequence

from unified_runtime.client.operations import listing, many, operation
from unified_runtime.core.operations import UNSET, Extra, Invocation, Unset
from unified_runtime.core.vendor_modules import VendorModules

TYPE_CHECKING = False

if TYPE_CHECKING:
    from datetime import datetime

    from .models.emails import Email

VENDORS = VendorModules(__name__, ("gmail", "microsoft-graph"))
"""Module of each vendor's adapter, imported on first use."""


@listing("emails", "list", VENDORS)
def list(
    *,
    text: str | None | Unset = UNSET,
    thread_id: str | None | Unset = UNSET,
    sender: str | None | Unset = UNSET,
    folder_id: str | None | Unset = UNSET,
    unread: bool | None | Unset = UNSET,
    sent_after: datetime | None | Unset = UNSET,
    sent_before: datetime | None | Unset = UNSET,
    cursor: str | None = None,
    limit: int | None = None,
    via: str | None = None,
    extra: Extra | None = None,
) -> Invocation[Email]:
    """List or search emails, newest first.

    Args:
        text: Words in it.
        thread_id: In this conversation.
        sender: Sent by this address.
        folder_id: In this folder.
        unread: Only unread or only read ones.
        sent_after: Sent since then.
        sent_before: Sent before then.
        cursor: Continue from this page's cursor.
        limit: Page size to request.
        via: The vendor to use, if not the one that `acting` names.
        extra: The vendor's own parameters, by vendor; checked against its schema.
    """
    from .models.emails import EmailFilters

    return Invocation(
        model=EmailFilters,
        given={
            "text": text,
            "thread_id": thread_id,
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


@operation("emails", "get", VENDORS, effect="read")
def get(id: str, *, via: str | None = None) -> Invocation[Email]:
    """Read an email.

    Args:
        id: The email's id.
        via: The vendor to use, if not the one that `acting` names.
    """
    return Invocation(ids={"id": id}, via=via)


@operation("emails", "send", VENDORS, effect="write", like="create")
def send(
    *,
    subject: str,
    to: Sequence[str],
    body: str,
    cc: Sequence[str] | None | Unset = UNSET,
    bcc: Sequence[str] | None | Unset = UNSET,
    via: str | None = None,
    extra: Extra | None = None,
    idempotency_key: str | None = None,
) -> Invocation[Email]:
    """Send an email. It cannot be taken back.

    Args:
        subject: The subject.
        to: Addresses of the recipients.
        body: The text.
        cc: Addresses that get a copy.
        bcc: Addresses that get a copy without others knowing.
        via: The vendor to use, if not the one that `acting` names.
        extra: The vendor's own fields, by vendor; checked against its schema.
        idempotency_key: The same call under the same key is made once; see `remember`.
    """
    from .models.emails import EmailSend

    return Invocation(
        model=EmailSend,
        given={"subject": subject, "to": to, "body": body, "cc": cc, "bcc": bcc},
        via=via,
        extra=extra,
        key=idempotency_key,
    )


@operation("emails", "reply", VENDORS, effect="write", like="create")
def reply(
    id: str,
    *,
    body: str,
    cc: Sequence[str] | None | Unset = UNSET,
    bcc: Sequence[str] | None | Unset = UNSET,
    via: str | None = None,
    extra: Extra | None = None,
    idempotency_key: str | None = None,
) -> Invocation[Email]:
    """Reply to the sender of an email, in its thread. It cannot be taken back.

    Args:
        id: The email.
        body: The text.
        cc: Addresses that get a copy.
        bcc: Addresses that get a copy without others knowing.
        via: The vendor to use, if not the one that `acting` names.
        extra: The vendor's own fields, by vendor; checked against its schema.
        idempotency_key: The same call under the same key is made once; see `remember`.
    """
    from .models.emails import EmailReply

    return Invocation(
        model=EmailReply,
        given={"body": body, "cc": cc, "bcc": bcc},
        ids={"id": id},
        via=via,
        extra=extra,
        key=idempotency_key,
    )


@operation("emails", "reply_all", VENDORS, effect="write", like="create")
def reply_all(
    id: str,
    *,
    body: str,
    cc: Sequence[str] | None | Unset = UNSET,
    bcc: Sequence[str] | None | Unset = UNSET,
    via: str | None = None,
    extra: Extra | None = None,
    idempotency_key: str | None = None,
) -> Invocation[Email]:
    """Reply to the sender and all recipients of an email. It cannot be taken back.

    Args:
        id: The email.
        body: The text.
        cc: Addresses that get a copy.
        bcc: Addresses that get a copy without others knowing.
        via: The vendor to use, if not the one that `acting` names.
        extra: The vendor's own fields, by vendor; checked against its schema.
        idempotency_key: The same call under the same key is made once; see `remember`.
    """
    from .models.emails import EmailReplyAll

    return Invocation(
        model=EmailReplyAll,
        given={"body": body, "cc": cc, "bcc": bcc},
        ids={"id": id},
        via=via,
        extra=extra,
        key=idempotency_key,
    )


@operation("emails", "forward", VENDORS, effect="write", like="create")
def forward(
    id: str,
    *,
    to: Sequence[str],
    cc: Sequence[str] | None | Unset = UNSET,
    bcc: Sequence[str] | None | Unset = UNSET,
    body: str | Unset = UNSET,
    via: str | None = None,
    extra: Extra | None = None,
    idempotency_key: str | None = None,
) -> Invocation[Email]:
    """Forward an email with its files. It cannot be taken back.

    Args:
        id: The email.
        to: Addresses of the recipients.
        cc: Addresses that get a copy.
        bcc: Addresses that get a copy without others knowing.
        body: The text.
        via: The vendor to use, if not the one that `acting` names.
        extra: The vendor's own fields, by vendor; checked against its schema.
        idempotency_key: The same call under the same key is made once; see `remember`.
    """
    from .models.emails import EmailForward

    return Invocation(
        model=EmailForward,
        given={"to": to, "cc": cc, "bcc": bcc, "body": body},
        ids={"id": id},
        via=via,
        extra=extra,
        key=idempotency_key,
    )


@operation("emails", "update", VENDORS, effect="write")
def update(
    id: str,
    *,
    unread: bool | None | Unset = UNSET,
    starred: bool | None | Unset = UNSET,
    via: str | None = None,
    extra: Extra | None = None,
    idempotency_key: str | None = None,
) -> Invocation[Email]:
    """Mark an email as read or unread, star it, or remove the star.

    Args:
        id: The email.
        unread: Whether it is unread.
        starred: Whether it is starred.
        via: The vendor to use, if not the one that `acting` names.
        extra: The vendor's own fields, by vendor; checked against its schema.
        idempotency_key: The same call under the same key is made once; see `remember`.
    """
    from .models.emails import EmailUpdate

    return Invocation(
        model=EmailUpdate,
        given={"unread": UNSET if unread is None else unread, "starred": UNSET if starred is None else starred},
        ids={"id": id},
        via=via,
        extra=extra,
        key=idempotency_key,
    )


@operation("emails", "move", VENDORS, effect="write", like="update")
def move(
    id: str, folder_id: str, *, via: str | None = None, extra: Extra | None = None, idempotency_key: str | None = None
) -> Invocation[Email]:
    """Move an email to another folder.

    Args:
        id: The email.
        folder_id: The folder.
        via: The vendor to use, if not the one that `acting` names.
        extra: The vendor's own fields, by vendor; checked against its schema.
        idempotency_key: The same call under the same key is made once; see `remember`.
    """
    from .models.emails import EmailMove

    return Invocation(
        model=EmailMove, given={}, ids={"id": id, "folder_id": folder_id}, via=via, extra=extra, key=idempotency_key
    )


@operation("emails", "archive", VENDORS, effect="write", like="update")
def archive(
    id: str, *, via: str | None = None, extra: Extra | None = None, idempotency_key: str | None = None
) -> Invocation[Email]:
    """Move an email from the inbox to the archive.

    Args:
        id: The email.
        via: The vendor to use, if not the one that `acting` names.
        extra: The vendor's own fields, by vendor; checked against its schema.
        idempotency_key: The same call under the same key is made once; see `remember`.
    """
    from .models.emails import EmailArchive

    return Invocation(model=EmailArchive, given={}, ids={"id": id}, via=via, extra=extra, key=idempotency_key)


@operation("emails", "delete", VENDORS, effect="destructive")
def delete(
    id: str, *, via: str | None = None, extra: Extra | None = None, idempotency_key: str | None = None
) -> Invocation[None]:
    """Move an email to the trash.

    Args:
        id: The email's id.
        via: The vendor to use, if not the one that `acting` names.
        extra: The vendor's own parameters, by vendor; checked against its schema.
        idempotency_key: The same call under the same key is made once; see `remember`.
    """
    return Invocation(ids={"id": id}, via=via, extra=extra, key=idempotency_key)


send_many = many(send)
"""`send` for many inputs; see `unified_runtime.client.operations.Many`."""


reply_many = many(reply)
"""`reply` for many inputs; see `unified_runtime.client.operations.Many`."""


reply_all_many = many(reply_all)
"""`reply_all` for many inputs; see `unified_runtime.client.operations.Many`."""


forward_many = many(forward)
"""`forward` for many inputs; see `unified_runtime.client.operations.Many`."""


update_many = many(update)
"""`update` for many inputs; see `unified_runtime.client.operations.Many`."""


move_many = many(move)
"""`move` for many inputs; see `unified_runtime.client.operations.Many`."""


archive_many = many(archive)
"""`archive` for many inputs; see `unified_runtime.client.operations.Many`."""


delete_many = many(delete)
"""`delete` for many inputs; see `unified_runtime.client.operations.Many`."""
