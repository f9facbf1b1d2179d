"""Business that may come about. Written by `gen build`; do not edit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from unified_runtime.client.operations import listing, many, operation
from unified_runtime.core.operations import UNSET, Extra, Invocation, Unset
from unified_runtime.core.vendor_modules import VendorModules

TYPE_CHECKING = False

if TYPE_CHECKING:
    from datetime import date, datetime
    from decimal import Decimal
    from typing import Literal

    from .models.deals import Deal

VENDORS = VendorModules(__name__, ("hubspot", "pipedrive", "salesforce"))
"""Module of each vendor's adapter, imported on first use."""


@operation("deals", "create", VENDORS, effect="write")
def create(
    *,
    name: str,
    amount: Decimal | None | Unset = UNSET,
    currency: str | None | Unset = UNSET,
    status: Literal["open", "won", "lost"] | None | Unset = UNSET,
    stage_id: str | None | Unset = UNSET,
    pipeline_id: str | None | Unset = UNSET,
    probability: Decimal | None | Unset = UNSET,
    close_date: date | None | Unset = UNSET,
    company_id: str | None | Unset = UNSET,
    contact_ids: Sequence[str] | None | Unset = UNSET,
    owner_id: str | None | Unset = UNSET,
    description: str | None | Unset = UNSET,
    lead_source: str | None | Unset = UNSET,
    lost_reason: str | None | Unset = UNSET,
    custom_fields: Mapping[str, object] | Sequence[str] = (),
    via: str | None = None,
    extra: Extra | None = None,
    idempotency_key: str | None = None,
) -> Invocation[Deal]:
    """Create a deal.

    Args:
        name: What it is called.
        amount: What it is worth, in its currency.
        currency: The currency of the amount, an ISO 4217 code such as EUR.
        status: How it went.
        stage_id: How far it is.
        pipeline_id: The series of stages it goes through.
        probability: How likely it is won, from 0 to 1: three in four is 0.75.
        close_date: Date it is expected to be decided.
        company_id: The company it is made with.
        contact_ids: The people it is made with.
        owner_id: Who looks after it.
        description: More about it.
        lead_source: Its source, in the vendor's words.
        lost_reason: Why it was lost.
        custom_fields: Values of custom fields, or names of custom fields to read as well: by the names that `describe` returns.
        via: The vendor to use, if not the one that `acting` names.
        extra: The vendor's own fields, by vendor; checked against its schema.
        idempotency_key: The same call under the same key is made once; see `remember`.
    """
    from .models.deals import DealCreate

    return Invocation(
        model=DealCreate,
        given={
            "name": name,
            "amount": amount,
            "currency": currency,
            "status": status,
            "stage_id": stage_id,
            "pipeline_id": pipeline_id,
            "probability": probability,
            "close_date": close_date,
            "company_id": company_id,
            "contact_ids": contact_ids,
            "owner_id": owner_id,
            "description": description,
            "lead_source": lead_source,
            "lost_reason": lost_reason,
        },
        custom_fields=custom_fields,
        via=via,
        extra=extra,
        key=idempotency_key,
    )


@operation("deals", "get", VENDORS, effect="read")
def get(id: str, *, custom_fields: Sequence[str] = (), via: str | None = None) -> Invocation[Deal]:
    """Read a deal.

    Args:
        id: The deal's id.
        custom_fields: Custom fields to read as well: by the names that `describe` returns.
        via: The vendor to use, if not the one that `acting` names.
    """
    return Invocation(ids={"id": id}, custom_fields=custom_fields, via=via)


@listing("deals", "list", VENDORS, finds=True)
def list(
    *,
    text: str | None | Unset = UNSET,
    company_id: str | None | Unset = UNSET,
    contact_id: str | None | Unset = UNSET,
    owner_id: str | None | Unset = UNSET,
    status: Literal["open", "won", "lost"] | None | Unset = UNSET,
    stage_id: str | None | Unset = UNSET,
    created_after: datetime | None | Unset = UNSET,
    updated_after: datetime | None | Unset = UNSET,
    cursor: str | None = None,
    limit: int | None = None,
    custom_fields: Mapping[str, object] | Sequence[str] = (),
    via: str | None = None,
    extra: Extra | None = None,
) -> Invocation[Deal]:
    """Find deals.

    Args:
        text: Text in the name.
        company_id: Made with this company.
        contact_id: Made with this person.
        owner_id: Looked after by this user.
        status: With this status.
        stage_id: In this stage.
        created_after: Created since then.
        updated_after: Changed since then.
        cursor: Continue from this page's cursor.
        limit: Page size to request.
        custom_fields: Values to find in fields that this account has added, or names of those to read: by the names that `describe` returns.
        via: The vendor to use, if not the one that `acting` names.
        extra: The vendor's own parameters, by vendor; checked against its schema.
    """
    from .models.deals import DealFilters

    return Invocation(
        model=DealFilters,
        given={
            "text": text,
            "company_id": company_id,
            "contact_id": contact_id,
            "owner_id": owner_id,
            "status": status,
            "stage_id": stage_id,
            "created_after": created_after,
            "updated_after": updated_after,
        },
        cursor=cursor,
        limit=limit,
        custom_fields=custom_fields,
        via=via,
        extra=extra,
    )


@operation("deals", "update", VENDORS, effect="write")
def update(
    id: str,
    *,
    name: str | Unset = UNSET,
    amount: Decimal | None | Unset = UNSET,
    currency: str | None | Unset = UNSET,
    status: Literal["open", "won", "lost"] | None | Unset = UNSET,
    stage_id: str | None | Unset = UNSET,
    pipeline_id: str | None | Unset = UNSET,
    probability: Decimal | None | Unset = UNSET,
    close_date: date | None | Unset = UNSET,
    company_id: str | None | Unset = UNSET,
    contact_ids: Sequence[str] | None | Unset = UNSET,
    owner_id: str | None | Unset = UNSET,
    description: str | None | Unset = UNSET,
    lead_source: str | None | Unset = UNSET,
    lost_reason: str | None | Unset = UNSET,
    custom_fields: Mapping[str, object] | Sequence[str] = (),
    via: str | None = None,
    extra: Extra | None = None,
    idempotency_key: str | None = None,
) -> Invocation[Deal]:
    """Change a deal.

    Args:
        id: The deal's id.
        name: What it is called.
        amount: What it is worth, in its currency.
        currency: The currency of the amount, an ISO 4217 code such as EUR.
        status: How it went.
        stage_id: How far it is.
        pipeline_id: The series of stages it goes through.
        probability: How likely it is won, from 0 to 1: three in four is 0.75.
        close_date: Date it is expected to be decided.
        company_id: The company it is made with.
        contact_ids: The people it is made with.
        owner_id: Who looks after it.
        description: More about it.
        lead_source: Its source, in the vendor's words.
        lost_reason: Why it was lost.
        custom_fields: Values of custom fields, or names of custom fields to read as well: by the names that `describe` returns.
        via: The vendor to use, if not the one that `acting` names.
        extra: The vendor's own fields, by vendor; checked against its schema.
        idempotency_key: The same call under the same key is made once; see `remember`.
    """
    from .models.deals import DealUpdate

    return Invocation(
        model=DealUpdate,
        given={
            "name": name,
            "amount": amount,
            "currency": currency,
            "status": status,
            "stage_id": stage_id,
            "pipeline_id": pipeline_id,
            "probability": probability,
            "close_date": close_date,
            "company_id": company_id,
            "contact_ids": contact_ids,
            "owner_id": owner_id,
            "description": description,
            "lead_source": lead_source,
            "lost_reason": lost_reason,
        },
        ids={"id": id},
        custom_fields=custom_fields,
        via=via,
        extra=extra,
        key=idempotency_key,
    )


@operation("deals", "delete", VENDORS, effect="destructive")
def delete(
    id: str, *, via: str | None = None, extra: Extra | None = None, idempotency_key: str | None = None
) -> Invocation[None]:
    """Delete a deal.

    Args:
        id: The deal's id.
        via: The vendor to use, if not the one that `acting` names.
        extra: The vendor's own parameters, by vendor; checked against its schema.
        idempotency_key: The same call under the same key is made once; see `remember`.
    """
    return Invocation(ids={"id": id}, via=via, extra=extra, key=idempotency_key)


@operation("deals", "add_contact", VENDORS, effect="write", like="update")
def add_contact(
    id: str,
    contact_id: str,
    *,
    custom_fields: Sequence[str] = (),
    via: str | None = None,
    extra: Extra | None = None,
    idempotency_key: str | None = None,
) -> Invocation[Deal]:
    """Link a person to a deal.

    Args:
        id: The deal's id.
        contact_id: The person's id.
        custom_fields: Custom fields to read as well: by the names that `describe` returns.
        via: The vendor to use, if not the one that `acting` names.
        extra: The vendor's own fields, by vendor; checked against its schema.
        idempotency_key: The same call under the same key is made once; see `remember`.
    """
    from .models.deals import DealAddContact

    return Invocation(
        model=DealAddContact,
        given={},
        ids={"id": id, "contact_id": contact_id},
        custom_fields=custom_fields,
        via=via,
        extra=extra,
        key=idempotency_key,
    )


@operation("deals", "remove_contact", VENDORS, effect="write", like="update")
def remove_contact(
    id: str,
    contact_id: str,
    *,
    custom_fields: Sequence[str] = (),
    via: str | None = None,
    extra: Extra | None = None,
    idempotency_key: str | None = None,
) -> Invocation[Deal]:
    """Take a person off a deal.

    Args:
        id: The deal's id.
        contact_id: The person's id.
        custom_fields: Custom fields to read as well: by the names that `describe` returns.
        via: The vendor to use, if not the one that `acting` names.
        extra: The vendor's own fields, by vendor; checked against its schema.
        idempotency_key: The same call under the same key is made once; see `remember`.
    """
    from .models.deals import DealRemoveContact

    return Invocation(
        model=DealRemoveContact,
        given={},
        ids={"id": id, "contact_id": contact_id},
        custom_fields=custom_fields,
        via=via,
        extra=extra,
        key=idempotency_key,
    )


create_many = many(create)
"""`create` for many inputs; see `unified_runtime.client.operations.Many`."""


update_many = many(update)
"""`update` for many inputs; see `unified_runtime.client.operations.Many`."""


delete_many = many(delete)
"""`delete` for many inputs; see `unified_runtime.client.operations.Many`."""


add_contact_many = many(add_contact)
"""`add_contact` for many inputs; see `unified_runtime.client.operations.Many`."""


remove_contact_many = many(remove_contact)
"""`remove_contact` for many inputs; see `unified_runtime.client.operations.Many`."""
