"""A note on a deal, a contact or a company. Written by `gen build`; do not edit."""

from __future__ import annotations

from unified_runtime.client.operations import listing, many, operation
from unified_runtime.core.operations import UNSET, Extra, Invocation, Unset
from unified_runtime.core.vendor_modules import VendorModules

TYPE_CHECKING = False

if TYPE_CHECKING:
    from datetime import datetime

    from .models.notes import Note

VENDORS = VendorModules(__name__, ("hubspot", "pipedrive", "salesforce"))
"""Module of each vendor's adapter, imported on first use."""


@operation("notes", "create", VENDORS, effect="write")
def create(
    *,
    body: str,
    deal_id: str | None | Unset = UNSET,
    contact_id: str | None | Unset = UNSET,
    company_id: str | None | Unset = UNSET,
    via: str | None = None,
    extra: Extra | None = None,
    idempotency_key: str | None = None,
) -> Invocation[Note]:
    """Log a note on a deal, a contact or a company.

    Args:
        body: What it states.
        deal_id: The deal it is on.
        contact_id: The person it is on.
        company_id: The company it is on.
        via: The vendor to use, if not the one that `acting` names.
        extra: The vendor's own fields, by vendor; checked against its schema.
        idempotency_key: The same call under the same key is made once; see `remember`.
    """
    from .models.notes import NoteCreate

    return Invocation(
        model=NoteCreate,
        given={"body": body, "deal_id": deal_id, "contact_id": contact_id, "company_id": company_id},
        via=via,
        extra=extra,
        key=idempotency_key,
    )


@operation("notes", "get", VENDORS, effect="read")
def get(id: str, *, via: str | None = None) -> Invocation[Note]:
    """Read a note.

    Args:
        id: The note's id.
        via: The vendor to use, if not the one that `acting` names.
    """
    return Invocation(ids={"id": id}, via=via)


@listing("notes", "list", VENDORS)
def list(
    *,
    deal_id: str | None | Unset = UNSET,
    contact_id: str | None | Unset = UNSET,
    company_id: str | None | Unset = UNSET,
    updated_after: datetime | None | Unset = UNSET,
    cursor: str | None = None,
    limit: int | None = None,
    via: str | None = None,
    extra: Extra | None = None,
) -> Invocation[Note]:
    """List notes.

    Args:
        deal_id: On this deal.
        contact_id: On this person.
        company_id: On this company.
        updated_after: Changed since then.
        cursor: Continue from this page's cursor.
        limit: Page size to request.
        via: The vendor to use, if not the one that `acting` names.
        extra: The vendor's own parameters, by vendor; checked against its schema.
    """
    from .models.notes import NoteFilters

    return Invocation(
        model=NoteFilters,
        given={"deal_id": deal_id, "contact_id": contact_id, "company_id": company_id, "updated_after": updated_after},
        cursor=cursor,
        limit=limit,
        via=via,
        extra=extra,
    )


@operation("notes", "update", VENDORS, effect="write")
def update(
    id: str,
    *,
    body: str | Unset = UNSET,
    via: str | None = None,
    extra: Extra | None = None,
    idempotency_key: str | None = None,
) -> Invocation[Note]:
    """Change the text of a note.

    Args:
        id: The note's id.
        body: What it states.
        via: The vendor to use, if not the one that `acting` names.
        extra: The vendor's own fields, by vendor; checked against its schema.
        idempotency_key: The same call under the same key is made once; see `remember`.
    """
    from .models.notes import NoteUpdate

    return Invocation(model=NoteUpdate, given={"body": body}, ids={"id": id}, via=via, extra=extra, key=idempotency_key)


@operation("notes", "delete", VENDORS, effect="destructive")
def delete(
    id: str, *, via: str | None = None, extra: Extra | None = None, idempotency_key: str | None = None
) -> Invocation[None]:
    """Delete a note.

    Args:
        id: The note's id.
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
