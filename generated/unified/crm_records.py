"""A record of a custom object, which an account has added to its CRM. Written by `gen build`; do not edit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from unified_runtime.client.operations import listing, many, operation
from unified_runtime.core.operations import UNSET, Extra, Invocation, Unset
from unified_runtime.core.vendor_modules import VendorModules

TYPE_CHECKING = False

if TYPE_CHECKING:
    from .models.crm_records import CrmRecord

VENDORS = VendorModules(__name__, ("hubspot", "salesforce"))
"""Module of each vendor's adapter, imported on first use."""


@operation("crm_records", "create", VENDORS, effect="write")
def create(
    *,
    type: str,
    name: str | None | Unset = UNSET,
    custom_fields: Mapping[str, object] | Sequence[str] = (),
    via: str | None = None,
    extra: Extra | None = None,
    idempotency_key: str | None = None,
) -> Invocation[CrmRecord]:
    """Create a custom object's record.

    Args:
        type: The object it is a record of, by the vendor's name for it.
        name: What it is called.
        custom_fields: Values of custom fields, or names of custom fields to read as well: by the names that `describe` returns.
        via: The vendor to use, if not the one that `acting` names.
        extra: The vendor's own fields, by vendor; checked against its schema.
        idempotency_key: The same call under the same key is made once; see `remember`.
    """
    from .models.crm_records import CrmRecordCreate

    return Invocation(
        model=CrmRecordCreate,
        given={"type": type, "name": name},
        custom_fields=custom_fields,
        via=via,
        extra=extra,
        key=idempotency_key,
    )


@operation("crm_records", "get", VENDORS, effect="read")
def get(id: str, *, custom_fields: Sequence[str] = (), via: str | None = None) -> Invocation[CrmRecord]:
    """Read a custom object's record.

    Args:
        id: The record's id, with its object's.
        custom_fields: Custom fields to read as well: by the names that `describe` returns.
        via: The vendor to use, if not the one that `acting` names.
    """
    return Invocation(ids={"id": id}, custom_fields=custom_fields, via=via)


@listing("crm_records", "list", VENDORS, finds=True)
def list(
    *,
    type: str,
    cursor: str | None = None,
    limit: int | None = None,
    custom_fields: Mapping[str, object] | Sequence[str] = (),
    via: str | None = None,
    extra: Extra | None = None,
) -> Invocation[CrmRecord]:
    """Find a custom object's records.

    Args:
        type: Of this object.
        cursor: Continue from this page's cursor.
        limit: Page size to request.
        custom_fields: Values to find in fields that this account has added, or names of those to read: by the names that `describe` returns.
        via: The vendor to use, if not the one that `acting` names.
        extra: The vendor's own parameters, by vendor; checked against its schema.
    """
    from .models.crm_records import CrmRecordFilters

    return Invocation(
        model=CrmRecordFilters,
        given={"type": type},
        cursor=cursor,
        limit=limit,
        custom_fields=custom_fields,
        via=via,
        extra=extra,
    )


@operation("crm_records", "update", VENDORS, effect="write")
def update(
    id: str,
    *,
    name: str | None | Unset = UNSET,
    custom_fields: Mapping[str, object] | Sequence[str] = (),
    via: str | None = None,
    extra: Extra | None = None,
    idempotency_key: str | None = None,
) -> Invocation[CrmRecord]:
    """Change a custom object's record.

    Args:
        id: The record's id, with its object's.
        name: What it is called.
        custom_fields: Values of custom fields, or names of custom fields to read as well: by the names that `describe` returns.
        via: The vendor to use, if not the one that `acting` names.
        extra: The vendor's own fields, by vendor; checked against its schema.
        idempotency_key: The same call under the same key is made once; see `remember`.
    """
    from .models.crm_records import CrmRecordUpdate

    return Invocation(
        model=CrmRecordUpdate,
        given={"name": name},
        ids={"id": id},
        custom_fields=custom_fields,
        via=via,
        extra=extra,
        key=idempotency_key,
    )


@operation("crm_records", "delete", VENDORS, effect="destructive")
def delete(
    id: str, *, via: str | None = None, extra: Extra | None = None, idempotency_key: str | None = None
) -> Invocation[None]:
    """Delete a custom object's record.

    Args:
        id: The record's id, with its object's.
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
