"""A person one does business with. Written by `gen build`; do not edit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from unified_runtime.client.operations import listing, many, operation
from unified_runtime.core.operations import UNSET, Extra, Invocation, Unset
from unified_runtime.core.vendor_modules import VendorModules

TYPE_CHECKING = False

if TYPE_CHECKING:
    from datetime import datetime

    from .models.contacts import Address, Contact, Email, Phone

VENDORS = VendorModules(__name__, ("hubspot", "pipedrive", "salesforce"))
"""Module of each vendor's adapter, imported on first use."""


@operation("contacts", "create", VENDORS, effect="write")
def create(
    *,
    first_name: str | None | Unset = UNSET,
    last_name: str | None | Unset = UNSET,
    emails: Sequence[Email] | None | Unset = UNSET,
    phones: Sequence[Phone] | None | Unset = UNSET,
    job_title: str | None | Unset = UNSET,
    department: str | None | Unset = UNSET,
    company_id: str | None | Unset = UNSET,
    owner_id: str | None | Unset = UNSET,
    lifecycle_stage: str | None | Unset = UNSET,
    lead_source: str | None | Unset = UNSET,
    address: Address | None | Unset = UNSET,
    allow_duplicate: bool | None | Unset = UNSET,
    custom_fields: Mapping[str, object] | Sequence[str] = (),
    via: str | None = None,
    extra: Extra | None = None,
    idempotency_key: str | None = None,
) -> Invocation[Contact]:
    """Create a contact.

    Args:
        first_name: The given name.
        last_name: The family name.
        emails: Addresses, the main one first.
        phones: Telephone numbers, the main one first.
        job_title: Their job title.
        department: Their department.
        company_id: The company they belong to.
        owner_id: Their owner.
        lifecycle_stage: How far they are from lead to customer, in the vendor's word.
        lead_source: Their source, in the vendor's words.
        address: Where post goes.
        allow_duplicate: Save it though the vendor finds a similar record.
        custom_fields: Values of custom fields, or names of custom fields to read as well: by the names that `describe` returns.
        via: The vendor to use, if not the one that `acting` names.
        extra: The vendor's own fields, by vendor; checked against its schema.
        idempotency_key: The same call under the same key is made once; see `remember`.
    """
    from .models.contacts import ContactCreate

    return Invocation(
        model=ContactCreate,
        given={
            "first_name": first_name,
            "last_name": last_name,
            "emails": emails,
            "phones": phones,
            "job_title": job_title,
            "department": department,
            "company_id": company_id,
            "owner_id": owner_id,
            "lifecycle_stage": lifecycle_stage,
            "lead_source": lead_source,
            "address": address,
            "allow_duplicate": allow_duplicate,
        },
        custom_fields=custom_fields,
        via=via,
        extra=extra,
        key=idempotency_key,
    )


@operation("contacts", "upsert", VENDORS, effect="write", like="create")
def upsert(
    *,
    email: str,
    first_name: str | None | Unset = UNSET,
    last_name: str | None | Unset = UNSET,
    phones: Sequence[Phone] | None | Unset = UNSET,
    job_title: str | None | Unset = UNSET,
    department: str | None | Unset = UNSET,
    company_id: str | None | Unset = UNSET,
    owner_id: str | None | Unset = UNSET,
    lifecycle_stage: str | None | Unset = UNSET,
    lead_source: str | None | Unset = UNSET,
    address: Address | None | Unset = UNSET,
    custom_fields: Mapping[str, object] | Sequence[str] = (),
    via: str | None = None,
    extra: Extra | None = None,
    idempotency_key: str | None = None,
) -> Invocation[Contact]:
    """Save a person by e-mail address.

    Args:
        email: The address that identifies the contact.
        first_name: The given name.
        last_name: The family name.
        phones: Telephone numbers, the main one first.
        job_title: Their job title.
        department: Their department.
        company_id: The company they belong to.
        owner_id: Their owner.
        lifecycle_stage: How far they are from lead to customer, in the vendor's word.
        lead_source: Their source, in the vendor's words.
        address: Where post goes.
        custom_fields: Values of custom fields, or names of custom fields to read as well: by the names that `describe` returns.
        via: The vendor to use, if not the one that `acting` names.
        extra: The vendor's own fields, by vendor; checked against its schema.
        idempotency_key: The same call under the same key is made once; see `remember`.
    """
    from .models.contacts import ContactUpsert

    return Invocation(
        model=ContactUpsert,
        given={
            "email": email,
            "first_name": first_name,
            "last_name": last_name,
            "phones": phones,
            "job_title": job_title,
            "department": department,
            "company_id": company_id,
            "owner_id": owner_id,
            "lifecycle_stage": lifecycle_stage,
            "lead_source": lead_source,
            "address": address,
        },
        custom_fields=custom_fields,
        via=via,
        extra=extra,
        key=idempotency_key,
    )


@operation("contacts", "get", VENDORS, effect="read")
def get(id: str, *, custom_fields: Sequence[str] = (), via: str | None = None) -> Invocation[Contact]:
    """Read a contact.

    Args:
        id: The contact's id.
        custom_fields: Custom fields to read as well: by the names that `describe` returns.
        via: The vendor to use, if not the one that `acting` names.
    """
    return Invocation(ids={"id": id}, custom_fields=custom_fields, via=via)


@listing("contacts", "list", VENDORS, finds=True)
def list(
    *,
    text: str | None | Unset = UNSET,
    company_id: str | None | Unset = UNSET,
    deal_id: str | None | Unset = UNSET,
    owner_id: str | None | Unset = UNSET,
    email: str | None | Unset = UNSET,
    created_after: datetime | None | Unset = UNSET,
    updated_after: datetime | None | Unset = UNSET,
    cursor: str | None = None,
    limit: int | None = None,
    custom_fields: Mapping[str, object] | Sequence[str] = (),
    via: str | None = None,
    extra: Extra | None = None,
) -> Invocation[Contact]:
    """Find contacts.

    Args:
        text: Text in the name.
        company_id: Of this company.
        deal_id: Part of this deal.
        owner_id: Looked after by this user.
        email: With this address.
        created_after: Created since then.
        updated_after: Changed since then.
        cursor: Continue from this page's cursor.
        limit: Page size to request.
        custom_fields: Values to find in fields that this account has added, or names of those to read: by the names that `describe` returns.
        via: The vendor to use, if not the one that `acting` names.
        extra: The vendor's own parameters, by vendor; checked against its schema.
    """
    from .models.contacts import ContactFilters

    return Invocation(
        model=ContactFilters,
        given={
            "text": text,
            "company_id": company_id,
            "deal_id": deal_id,
            "owner_id": owner_id,
            "email": email,
            "created_after": created_after,
            "updated_after": updated_after,
        },
        cursor=cursor,
        limit=limit,
        custom_fields=custom_fields,
        via=via,
        extra=extra,
    )


@operation("contacts", "update", VENDORS, effect="write")
def update(
    id: str,
    *,
    first_name: str | None | Unset = UNSET,
    last_name: str | None | Unset = UNSET,
    emails: Sequence[Email] | None | Unset = UNSET,
    phones: Sequence[Phone] | None | Unset = UNSET,
    job_title: str | None | Unset = UNSET,
    department: str | None | Unset = UNSET,
    company_id: str | None | Unset = UNSET,
    owner_id: str | None | Unset = UNSET,
    lifecycle_stage: str | None | Unset = UNSET,
    lead_source: str | None | Unset = UNSET,
    address: Address | None | Unset = UNSET,
    custom_fields: Mapping[str, object] | Sequence[str] = (),
    via: str | None = None,
    extra: Extra | None = None,
    idempotency_key: str | None = None,
) -> Invocation[Contact]:
    """Change a contact.

    Args:
        id: The contact's id.
        first_name: The given name.
        last_name: The family name.
        emails: Addresses, the main one first.
        phones: Telephone numbers, the main one first.
        job_title: Their job title.
        department: Their department.
        company_id: The company they belong to.
        owner_id: Their owner.
        lifecycle_stage: How far they are from lead to customer, in the vendor's word.
        lead_source: Their source, in the vendor's words.
        address: Where post goes.
        custom_fields: Values of custom fields, or names of custom fields to read as well: by the names that `describe` returns.
        via: The vendor to use, if not the one that `acting` names.
        extra: The vendor's own fields, by vendor; checked against its schema.
        idempotency_key: The same call under the same key is made once; see `remember`.
    """
    from .models.contacts import ContactUpdate

    return Invocation(
        model=ContactUpdate,
        given={
            "first_name": first_name,
            "last_name": last_name,
            "emails": emails,
            "phones": phones,
            "job_title": job_title,
            "department": department,
            "company_id": company_id,
            "owner_id": owner_id,
            "lifecycle_stage": lifecycle_stage,
            "lead_source": lead_source,
            "address": address,
        },
        ids={"id": id},
        custom_fields=custom_fields,
        via=via,
        extra=extra,
        key=idempotency_key,
    )


@operation("contacts", "delete", VENDORS, effect="destructive")
def delete(
    id: str, *, via: str | None = None, extra: Extra | None = None, idempotency_key: str | None = None
) -> Invocation[None]:
    """Delete a contact.

    Args:
        id: The contact's id.
        via: The vendor to use, if not the one that `acting` names.
        extra: The vendor's own parameters, by vendor; checked against its schema.
        idempotency_key: The same call under the same key is made once; see `remember`.
    """
    return Invocation(ids={"id": id}, via=via, extra=extra, key=idempotency_key)


create_many = many(create)
"""`create` for many inputs; see `unified_runtime.client.operations.Many`."""


upsert_many = many(upsert)
"""`upsert` for many inputs; see `unified_runtime.client.operations.Many`."""


update_many = many(update)
"""`update` for many inputs; see `unified_runtime.client.operations.Many`."""


delete_many = many(delete)
"""`delete` for many inputs; see `unified_runtime.client.operations.Many`."""
