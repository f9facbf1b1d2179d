"""Business that may become a deal. Written by `gen build`; do not edit."""

from __future__ import annotations

from unified_runtime.client.operations import listing, many, operation
from unified_runtime.core.operations import UNSET, Extra, Invocation, Unset
from unified_runtime.core.vendor_modules import VendorModules

TYPE_CHECKING = False

if TYPE_CHECKING:
    from datetime import datetime
    from decimal import Decimal

    from .models.leads import Lead

VENDORS = VendorModules(__name__, ("hubspot", "pipedrive", "salesforce"))
"""Module of each vendor's adapter, imported on first use."""


@operation("leads", "create", VENDORS, effect="write")
def create(
    *,
    name: str | None | Unset = UNSET,
    first_name: str | None | Unset = UNSET,
    last_name: str | None | Unset = UNSET,
    email: str | None | Unset = UNSET,
    phone: str | None | Unset = UNSET,
    company_name: str | None | Unset = UNSET,
    job_title: str | None | Unset = UNSET,
    contact_id: str | None | Unset = UNSET,
    company_id: str | None | Unset = UNSET,
    amount: Decimal | None | Unset = UNSET,
    currency: str | None | Unset = UNSET,
    status: str | None | Unset = UNSET,
    source: str | None | Unset = UNSET,
    owner_id: str | None | Unset = UNSET,
    via: str | None = None,
    extra: Extra | None = None,
    idempotency_key: str | None = None,
) -> Invocation[Lead]:
    """Create a lead.

    Args:
        name: What it is called: of a person, first and last name.
        first_name: The given name of the person.
        last_name: The family name of the person.
        email: Their address.
        phone: Their number.
        company_name: What their company is called.
        job_title: What they do.
        contact_id: The person it is about.
        company_id: The company it is about.
        amount: What it may be worth, in its currency.
        currency: The currency of the amount, an ISO 4217 code.
        status: How far it is, in the vendor's own word.
        source: Its source, in the vendor's own word.
        owner_id: Who looks after it.
        via: The vendor to use, if not the one that `acting` names.
        extra: The vendor's own fields, by vendor; checked against its schema.
        idempotency_key: The same call under the same key is made once; see `remember`.
    """
    from .models.leads import LeadCreate

    return Invocation(
        model=LeadCreate,
        given={
            "name": name,
            "first_name": first_name,
            "last_name": last_name,
            "email": email,
            "phone": phone,
            "company_name": company_name,
            "job_title": job_title,
            "contact_id": contact_id,
            "company_id": company_id,
            "amount": amount,
            "currency": currency,
            "status": status,
            "source": source,
            "owner_id": owner_id,
        },
        via=via,
        extra=extra,
        key=idempotency_key,
    )


@operation("leads", "get", VENDORS, effect="read")
def get(id: str, *, via: str | None = None) -> Invocation[Lead]:
    """Read a lead.

    Args:
        id: The lead's id.
        via: The vendor to use, if not the one that `acting` names.
    """
    return Invocation(ids={"id": id}, via=via)


@listing("leads", "list", VENDORS)
def list(
    *,
    text: str | None | Unset = UNSET,
    email: str | None | Unset = UNSET,
    owner_id: str | None | Unset = UNSET,
    updated_after: datetime | None | Unset = UNSET,
    cursor: str | None = None,
    limit: int | None = None,
    via: str | None = None,
    extra: Extra | None = None,
) -> Invocation[Lead]:
    """Find leads.

    Args:
        text: Text in the name.
        email: With this address.
        owner_id: Looked after by this user.
        updated_after: Changed since then.
        cursor: Continue from this page's cursor.
        limit: Page size to request.
        via: The vendor to use, if not the one that `acting` names.
        extra: The vendor's own parameters, by vendor; checked against its schema.
    """
    from .models.leads import LeadFilters

    return Invocation(
        model=LeadFilters,
        given={"text": text, "email": email, "owner_id": owner_id, "updated_after": updated_after},
        cursor=cursor,
        limit=limit,
        via=via,
        extra=extra,
    )


@operation("leads", "update", VENDORS, effect="write")
def update(
    id: str,
    *,
    name: str | None | Unset = UNSET,
    first_name: str | None | Unset = UNSET,
    last_name: str | None | Unset = UNSET,
    email: str | None | Unset = UNSET,
    phone: str | None | Unset = UNSET,
    company_name: str | None | Unset = UNSET,
    job_title: str | None | Unset = UNSET,
    contact_id: str | None | Unset = UNSET,
    company_id: str | None | Unset = UNSET,
    amount: Decimal | None | Unset = UNSET,
    currency: str | None | Unset = UNSET,
    status: str | None | Unset = UNSET,
    source: str | None | Unset = UNSET,
    owner_id: str | None | Unset = UNSET,
    via: str | None = None,
    extra: Extra | None = None,
    idempotency_key: str | None = None,
) -> Invocation[Lead]:
    """Change a lead.

    Args:
        id: The lead's id.
        name: What it is called: of a person, first and last name.
        first_name: The given name of the person.
        last_name: The family name of the person.
        email: Their address.
        phone: Their number.
        company_name: What their company is called.
        job_title: What they do.
        contact_id: The person it is about.
        company_id: The company it is about.
        amount: What it may be worth, in its currency.
        currency: The currency of the amount, an ISO 4217 code.
        status: How far it is, in the vendor's own word.
        source: Its source, in the vendor's own word.
        owner_id: Who looks after it.
        via: The vendor to use, if not the one that `acting` names.
        extra: The vendor's own fields, by vendor; checked against its schema.
        idempotency_key: The same call under the same key is made once; see `remember`.
    """
    from .models.leads import LeadUpdate

    return Invocation(
        model=LeadUpdate,
        given={
            "name": name,
            "first_name": first_name,
            "last_name": last_name,
            "email": email,
            "phone": phone,
            "company_name": company_name,
            "job_title": job_title,
            "contact_id": contact_id,
            "company_id": company_id,
            "amount": amount,
            "currency": currency,
            "status": status,
            "source": source,
            "owner_id": owner_id,
        },
        ids={"id": id},
        via=via,
        extra=extra,
        key=idempotency_key,
    )


@operation("leads", "delete", VENDORS, effect="destructive")
def delete(
    id: str, *, via: str | None = None, extra: Extra | None = None, idempotency_key: str | None = None
) -> Invocation[None]:
    """Delete a lead.

    Args:
        id: The lead's id.
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
