"""An email that is not sent yet. Written by `gen build`; do not edit."""

from __future__ import annotations

from collections.abc import Sequence

from unified_runtime.client.operations import listing, many, operation
from unified_runtime.core.operations import UNSET, Extra, Invocation, Unset
from unified_runtime.core.vendor_modules import VendorModules

TYPE_CHECKING = False

if TYPE_CHECKING:
    from .models.email_drafts import EmailDraft

VENDORS = VendorModules(__name__, ("gmail", "microsoft-graph"))
"""Module of each vendor's adapter, imported on first use."""


@listing("email_drafts", "list", VENDORS)
def list(
    *, cursor: str | None = None, limit: int | None = None, via: str | None = None, extra: Extra | None = None
) -> Invocation[EmailDraft]:
    """List the drafts.

    Args:
        cursor: Continue from this page's cursor.
        limit: Page size to request.
        via: The vendor to use, if not the one that `acting` names.
        extra: The vendor's own parameters, by vendor; checked against its schema.
    """
    from .models.email_drafts import EmailDraftFilters

    return Invocation(model=EmailDraftFilters, given={}, cursor=cursor, limit=limit, via=via, extra=extra)


@operation("email_drafts", "get", VENDORS, effect="read")
def get(id: str, *, via: str | None = None) -> Invocation[EmailDraft]:
    """Read a draft.

    Args:
        id: The draft's id.
        via: The vendor to use, if not the one that `acting` names.
    """
    return Invocation(ids={"id": id}, via=via)


@operation("email_drafts", "create", VENDORS, effect="write")
def create(
    *,
    subject: str,
    body: str,
    to: Sequence[str] | None | Unset = UNSET,
    cc: Sequence[str] | None | Unset = UNSET,
    bcc: Sequence[str] | None | Unset = UNSET,
    via: str | None = None,
    extra: Extra | None = None,
    idempotency_key: str | None = None,
) -> Invocation[EmailDraft]:
    """Write an email without sending it.

    Args:
        subject: The subject.
        body: The text.
        to: Addresses of the recipients.
        cc: Addresses that get a copy.
        bcc: Addresses that get a copy without others knowing.
        via: The vendor to use, if not the one that `acting` names.
        extra: The vendor's own fields, by vendor; checked against its schema.
        idempotency_key: The same call under the same key is made once; see `remember`.
    """
    from .models.email_drafts import EmailDraftCreate

    return Invocation(
        model=EmailDraftCreate,
        given={"subject": subject, "body": body, "to": to, "cc": cc, "bcc": bcc},
        via=via,
        extra=extra,
        key=idempotency_key,
    )


@operation("email_drafts", "reply", VENDORS, effect="write", like="create")
def reply(
    email_id: str,
    *,
    body: str,
    cc: Sequence[str] | None | Unset = UNSET,
    bcc: Sequence[str] | None | Unset = UNSET,
    via: str | None = None,
    extra: Extra | None = None,
    idempotency_key: str | None = None,
) -> Invocation[EmailDraft]:
    """Write a reply to an email without sending it.

    Args:
        email_id: The email.
        body: The text.
        cc: Addresses that get a copy.
        bcc: Addresses that get a copy without others knowing.
        via: The vendor to use, if not the one that `acting` names.
        extra: The vendor's own fields, by vendor; checked against its schema.
        idempotency_key: The same call under the same key is made once; see `remember`.
    """
    from .models.email_drafts import EmailDraftReply

    return Invocation(
        model=EmailDraftReply,
        given={"body": body, "cc": cc, "bcc": bcc},
        ids={"email_id": email_id},
        via=via,
        extra=extra,
        key=idempotency_key,
    )


@operation("email_drafts", "update", VENDORS, effect="write")
def update(
    id: str,
    *,
    subject: str | Unset = UNSET,
    to: Sequence[str] | None | Unset = UNSET,
    cc: Sequence[str] | None | Unset = UNSET,
    bcc: Sequence[str] | None | Unset = UNSET,
    body: str | Unset = UNSET,
    via: str | None = None,
    extra: Extra | None = None,
    idempotency_key: str | None = None,
) -> Invocation[EmailDraft]:
    """Change a draft.

    Args:
        id: The draft's id.
        subject: The subject.
        to: Addresses of the recipients.
        cc: Addresses that get a copy.
        bcc: Addresses that get a copy without others knowing.
        body: The text.
        via: The vendor to use, if not the one that `acting` names.
        extra: The vendor's own fields, by vendor; checked against its schema.
        idempotency_key: The same call under the same key is made once; see `remember`.
    """
    from .models.email_drafts import EmailDraftUpdate

    return Invocation(
        model=EmailDraftUpdate,
        given={"subject": subject, "to": to, "cc": cc, "bcc": bcc, "body": body},
        ids={"id": id},
        via=via,
        extra=extra,
        key=idempotency_key,
    )


@operation("email_drafts", "send", VENDORS, effect="write", like="update")
def send(
    id: str, *, via: str | None = None, extra: Extra | None = None, idempotency_key: str | None = None
) -> Invocation[None]:
    """Send a draft. It cannot be taken back.

    Args:
        id: The draft.
        via: The vendor to use, if not the one that `acting` names.
        extra: The vendor's own fields, by vendor; checked against its schema.
        idempotency_key: The same call under the same key is made once; see `remember`.
    """
    from .models.email_drafts import EmailDraftSend

    return Invocation(model=EmailDraftSend, given={}, ids={"id": id}, via=via, extra=extra, key=idempotency_key)


@operation("email_drafts", "delete", VENDORS, effect="destructive")
def delete(
    id: str, *, via: str | None = None, extra: Extra | None = None, idempotency_key: str | None = None
) -> Invocation[None]:
    """Delete a draft for good.

    Args:
        id: The draft's id.
        via: The vendor to use, if not the one that `acting` names.
        extra: The vendor's own parameters, by vendor; checked against its schema.
        idempotency_key: The same call under the same key is made once; see `remember`.
    """
    return Invocation(ids={"id": id}, via=via, extra=extra, key=idempotency_key)


create_many = many(create)
"""`create` for many inputs; see `unified_runtime.client.operations.Many`."""


reply_many = many(reply)
"""`reply` for many inputs; see `unified_runtime.client.operations.Many`."""


update_many = many(update)
"""`update` for many inputs; see `unified_runtime.client.operations.Many`."""


delete_many = many(delete)
"""`delete` for many inputs; see `unified_runtime.client.operations.Many`."""
