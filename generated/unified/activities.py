"""A call, a meeting, a mail or a task in a CRM. Written by `gen build`; do not edit."""

from __future__ import annotations

from unified_runtime.client.operations import listing, many, operation
from unified_runtime.core.operations import UNSET, Extra, Invocation, Unset
from unified_runtime.core.vendor_modules import VendorModules

TYPE_CHECKING = False

if TYPE_CHECKING:
    from datetime import date, datetime
    from typing import Literal

    from .models.activities import Activity

VENDORS = VendorModules(__name__, ("pipedrive", "salesforce"))
"""Module of each vendor's adapter, imported on first use."""


@operation("activities", "create", VENDORS, effect="write")
def create(
    *,
    type: Literal["call", "meeting", "email", "task"],
    title: str,
    due_date: date,
    body: str | None | Unset = UNSET,
    done: bool | None | Unset = UNSET,
    deal_id: str | None | Unset = UNSET,
    contact_id: str | None | Unset = UNSET,
    company_id: str | None | Unset = UNSET,
    owner_id: str | None | Unset = UNSET,
    via: str | None = None,
    extra: Extra | None = None,
    idempotency_key: str | None = None,
) -> Invocation[Activity]:
    """Log an activity in a CRM.

    Args:
        type: What it is.
        title: One line that states what it is.
        due_date: The date on which it happens or is due.
        body: What happened or is to be done.
        done: Whether it is over.
        deal_id: The deal it is about.
        contact_id: The person it is with.
        company_id: The company it is about.
        owner_id: Who does it.
        via: The vendor to use, if not the one that `acting` names.
        extra: The vendor's own fields, by vendor; checked against its schema.
        idempotency_key: The same call under the same key is made once; see `remember`.
    """
    from .models.activities import ActivityCreate

    return Invocation(
        model=ActivityCreate,
        given={
            "type": type,
            "title": title,
            "due_date": due_date,
            "body": body,
            "done": done,
            "deal_id": deal_id,
            "contact_id": contact_id,
            "company_id": company_id,
            "owner_id": owner_id,
        },
        via=via,
        extra=extra,
        key=idempotency_key,
    )


@operation("activities", "get", VENDORS, effect="read")
def get(id: str, *, via: str | None = None) -> Invocation[Activity]:
    """Read an activity.

    Args:
        id: The activity's id.
        via: The vendor to use, if not the one that `acting` names.
    """
    return Invocation(ids={"id": id}, via=via)


@listing("activities", "list", VENDORS)
def list(
    *,
    type: Literal["call", "meeting", "email", "task"],
    deal_id: str | None | Unset = UNSET,
    contact_id: str | None | Unset = UNSET,
    company_id: str | None | Unset = UNSET,
    updated_after: datetime | None | Unset = UNSET,
    cursor: str | None = None,
    limit: int | None = None,
    via: str | None = None,
    extra: Extra | None = None,
) -> Invocation[Activity]:
    """List activities of a type.

    Args:
        type: What they are.
        deal_id: About this deal.
        contact_id: With this person.
        company_id: About this company.
        updated_after: Changed since then.
        cursor: Continue from this page's cursor.
        limit: Page size to request.
        via: The vendor to use, if not the one that `acting` names.
        extra: The vendor's own parameters, by vendor; checked against its schema.
    """
    from .models.activities import ActivityFilters

    return Invocation(
        model=ActivityFilters,
        given={
            "type": type,
            "deal_id": deal_id,
            "contact_id": contact_id,
            "company_id": company_id,
            "updated_after": updated_after,
        },
        cursor=cursor,
        limit=limit,
        via=via,
        extra=extra,
    )


@operation("activities", "update", VENDORS, effect="write")
def update(
    id: str,
    *,
    title: str | Unset = UNSET,
    body: str | None | Unset = UNSET,
    due_date: date | Unset = UNSET,
    done: bool | None | Unset = UNSET,
    owner_id: str | None | Unset = UNSET,
    via: str | None = None,
    extra: Extra | None = None,
    idempotency_key: str | None = None,
) -> Invocation[Activity]:
    """Change an activity.

    Args:
        id: The activity's id.
        title: One line that states what it is.
        body: What happened or is to be done.
        due_date: The date on which it happens or is due.
        done: Whether it is over.
        owner_id: Who does it.
        via: The vendor to use, if not the one that `acting` names.
        extra: The vendor's own fields, by vendor; checked against its schema.
        idempotency_key: The same call under the same key is made once; see `remember`.
    """
    from .models.activities import ActivityUpdate

    return Invocation(
        model=ActivityUpdate,
        given={"title": title, "body": body, "due_date": due_date, "done": done, "owner_id": owner_id},
        ids={"id": id},
        via=via,
        extra=extra,
        key=idempotency_key,
    )


@operation("activities", "delete", VENDORS, effect="destructive")
def delete(
    id: str, *, via: str | None = None, extra: Extra | None = None, idempotency_key: str | None = None
) -> Invocation[None]:
    """Delete an activity.

    Args:
        id: The activity's id.
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
