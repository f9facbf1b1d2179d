"""An organization one does business with. Written by `gen build`; do not edit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from unified_runtime.client.operations import listing, many, operation
from unified_runtime.core.operations import UNSET, Extra, Invocation, Unset
from unified_runtime.core.vendor_modules import VendorModules

TYPE_CHECKING = False

if TYPE_CHECKING:
    from datetime import datetime
    from decimal import Decimal

    from .models.companies import Address, Company, Phone

VENDORS = VendorModules(__name__, ("hubspot", "pipedrive", "salesforce"))
"""Module of each vendor's adapter, imported on first use."""


@operation("companies", "create", VENDORS, effect="write")
def create(
    *,
    name: str,
    domain: str | None | Unset = UNSET,
    industry: str | None | Unset = UNSET,
    employees: int | None | Unset = UNSET,
    annual_revenue: Decimal | None | Unset = UNSET,
    phones: Sequence[Phone] | None | Unset = UNSET,
    description: str | None | Unset = UNSET,
    parent_id: str | None | Unset = UNSET,
    owner_id: str | None | Unset = UNSET,
    address: Address | None | Unset = UNSET,
    allow_duplicate: bool | None | Unset = UNSET,
    custom_fields: Mapping[str, object] | Sequence[str] = (),
    via: str | None = None,
    extra: Extra | None = None,
    idempotency_key: str | None = None,
) -> Invocation[Company]:
    """Create a company.

    Args:
        name: What it is called.
        domain: The domain of its website, such as example.com.
        industry: What it does, in the vendor's word.
        employees: How many people work there.
        annual_revenue: What it turns over in a year.
        phones: Telephone numbers, the main one first.
        description: More about it.
        parent_id: The company it belongs to.
        owner_id: Its owner.
        address: Its address.
        allow_duplicate: Save it though the vendor finds a similar record.
        custom_fields: Values of custom fields, or names of custom fields to read as well: by the names that `describe` returns.
        via: The vendor to use, if not the one that `acting` names.
        extra: The vendor's own fields, by vendor; checked against its schema.
        idempotency_key: The same call under the same key is made once; see `remember`.
    """
    from .models.companies import CompanyCreate

    return Invocation(
        model=CompanyCreate,
        given={
            "name": name,
            "domain": domain,
            "industry": industry,
            "employees": employees,
            "annual_revenue": annual_revenue,
            "phones": phones,
            "description": description,
            "parent_id": parent_id,
            "owner_id": owner_id,
            "address": address,
            "allow_duplicate": allow_duplicate,
        },
        custom_fields=custom_fields,
        via=via,
        extra=extra,
        key=idempotency_key,
    )


@operation("companies", "upsert", VENDORS, effect="write", like="create")
def upsert(
    *,
    name: str,
    domain: str | None | Unset = UNSET,
    industry: str | None | Unset = UNSET,
    employees: int | None | Unset = UNSET,
    annual_revenue: Decimal | None | Unset = UNSET,
    phones: Sequence[Phone] | None | Unset = UNSET,
    description: str | None | Unset = UNSET,
    parent_id: str | None | Unset = UNSET,
    owner_id: str | None | Unset = UNSET,
    address: Address | None | Unset = UNSET,
    custom_fields: Mapping[str, object] | Sequence[str] = (),
    via: str | None = None,
    extra: Extra | None = None,
    idempotency_key: str | None = None,
) -> Invocation[Company]:
    """Save an organization by domain or name.

    Args:
        name: What it is called.
        domain: The domain of its website, such as example.com.
        industry: What it does, in the vendor's word.
        employees: How many people work there.
        annual_revenue: What it turns over in a year.
        phones: Telephone numbers, the main one first.
        description: More about it.
        parent_id: The company it belongs to.
        owner_id: Its owner.
        address: Its address.
        custom_fields: Values of custom fields, or names of custom fields to read as well: by the names that `describe` returns.
        via: The vendor to use, if not the one that `acting` names.
        extra: The vendor's own fields, by vendor; checked against its schema.
        idempotency_key: The same call under the same key is made once; see `remember`.
    """
    from .models.companies import CompanyUpsert

    return Invocation(
        model=CompanyUpsert,
        given={
            "name": name,
            "domain": domain,
            "industry": industry,
            "employees": employees,
            "annual_revenue": annual_revenue,
            "phones": phones,
            "description": description,
            "parent_id": parent_id,
            "owner_id": owner_id,
            "address": address,
        },
        custom_fields=custom_fields,
        via=via,
        extra=extra,
        key=idempotency_key,
    )


@operation("companies", "get", VENDORS, effect="read")
def get(id: str, *, custom_fields: Sequence[str] = (), via: str | None = None) -> Invocation[Company]:
    """Read a company.

    Args:
        id: The company's id.
        custom_fields: Custom fields to read as well: by the names that `describe` returns.
        via: The vendor to use, if not the one that `acting` names.
    """
    return Invocation(ids={"id": id}, custom_fields=custom_fields, via=via)


@listing("companies", "list", VENDORS, finds=True)
def list(
    *,
    text: str | None | Unset = UNSET,
    name: str | None | Unset = UNSET,
    domain: str | None | Unset = UNSET,
    owner_id: str | None | Unset = UNSET,
    created_after: datetime | None | Unset = UNSET,
    updated_after: datetime | None | Unset = UNSET,
    cursor: str | None = None,
    limit: int | None = None,
    custom_fields: Mapping[str, object] | Sequence[str] = (),
    via: str | None = None,
    extra: Extra | None = None,
) -> Invocation[Company]:
    """Find companies.

    Args:
        text: Text in the name.
        name: Of this name.
        domain: With this domain.
        owner_id: Looked after by this user.
        created_after: Created since then.
        updated_after: Changed since then.
        cursor: Continue from this page's cursor.
        limit: Page size to request.
        custom_fields: Values to find in fields that this account has added, or names of those to read: by the names that `describe` returns.
        via: The vendor to use, if not the one that `acting` names.
        extra: The vendor's own parameters, by vendor; checked against its schema.
    """
    from .models.companies import CompanyFilters

    return Invocation(
        model=CompanyFilters,
        given={
            "text": text,
            "name": name,
            "domain": domain,
            "owner_id": owner_id,
            "created_after": created_after,
            "updated_after": updated_after,
        },
        cursor=cursor,
        limit=limit,
        custom_fields=custom_fields,
        via=via,
        extra=extra,
    )


@operation("companies", "update", VENDORS, effect="write")
def update(
    id: str,
    *,
    name: str | Unset = UNSET,
    domain: str | None | Unset = UNSET,
    industry: str | None | Unset = UNSET,
    employees: int | None | Unset = UNSET,
    annual_revenue: Decimal | None | Unset = UNSET,
    phones: Sequence[Phone] | None | Unset = UNSET,
    description: str | None | Unset = UNSET,
    parent_id: str | None | Unset = UNSET,
    owner_id: str | None | Unset = UNSET,
    address: Address | None | Unset = UNSET,
    custom_fields: Mapping[str, object] | Sequence[str] = (),
    via: str | None = None,
    extra: Extra | None = None,
    idempotency_key: str | None = None,
) -> Invocation[Company]:
    """Change a company.

    Args:
        id: The company's id.
        name: What it is called.
        domain: The domain of its website, such as example.com.
        industry: What it does, in the vendor's word.
        employees: How many people work there.
        annual_revenue: What it turns over in a year.
        phones: Telephone numbers, the main one first.
        description: More about it.
        parent_id: The company it belongs to.
        owner_id: Its owner.
        address: Its address.
        custom_fields: Values of custom fields, or names of custom fields to read as well: by the names that `describe` returns.
        via: The vendor to use, if not the one that `acting` names.
        extra: The vendor's own fields, by vendor; checked against its schema.
        idempotency_key: The same call under the same key is made once; see `remember`.
    """
    from .models.companies import CompanyUpdate

    return Invocation(
        model=CompanyUpdate,
        given={
            "name": name,
            "domain": domain,
            "industry": industry,
            "employees": employees,
            "annual_revenue": annual_revenue,
            "phones": phones,
            "description": description,
            "parent_id": parent_id,
            "owner_id": owner_id,
            "address": address,
        },
        ids={"id": id},
        custom_fields=custom_fields,
        via=via,
        extra=extra,
        key=idempotency_key,
    )


@operation("companies", "delete", VENDORS, effect="destructive")
def delete(
    id: str, *, via: str | None = None, extra: Extra | None = None, idempotency_key: str | None = None
) -> Invocation[None]:
    """Delete a company.

    Args:
        id: The company's id.
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
