"""A table of rows, such as a sheet. Written by `gen build`; do not edit."""

from __future__ import annotations

from unified_runtime.client.operations import listing, many, operation
from unified_runtime.core.operations import UNSET, Extra, Invocation, Unset
from unified_runtime.core.vendor_modules import VendorModules

TYPE_CHECKING = False

if TYPE_CHECKING:
    from .models.tables import Table

VENDORS = VendorModules(__name__, ("airtable", "smartsheet"))
"""Module of each vendor's adapter, imported on first use."""


@operation("tables", "create", VENDORS, effect="write")
def create(
    *,
    name: str,
    workbook_id: str,
    name_field: str,
    description: str | None | Unset = UNSET,
    via: str | None = None,
    extra: Extra | None = None,
    idempotency_key: str | None = None,
) -> Invocation[Table]:
    """Create a table.

    Args:
        name: Its name.
        workbook_id: The workbook it is in.
        name_field: The name of its first field
        description: What it is for.
        via: The vendor to use, if not the one that `acting` names.
        extra: The vendor's own fields, by vendor; checked against its schema.
        idempotency_key: The same call under the same key is made once; see `remember`.
    """
    from .models.tables import TableCreate

    return Invocation(
        model=TableCreate,
        given={"name": name, "workbook_id": workbook_id, "name_field": name_field, "description": description},
        via=via,
        extra=extra,
        key=idempotency_key,
    )


@operation("tables", "get", VENDORS, effect="read")
def get(id: str, *, via: str | None = None) -> Invocation[Table]:
    """Read a table.

    Args:
        id: The table's id.
        via: The vendor to use, if not the one that `acting` names.
    """
    return Invocation(ids={"id": id}, via=via)


@listing("tables", "list", VENDORS)
def list(
    *,
    workbook_id: str | None | Unset = UNSET,
    cursor: str | None = None,
    limit: int | None = None,
    via: str | None = None,
    extra: Extra | None = None,
) -> Invocation[Table]:
    """List tables.

    Args:
        workbook_id: In this workbook.
        cursor: Continue from this page's cursor.
        limit: Page size to request.
        via: The vendor to use, if not the one that `acting` names.
        extra: The vendor's own parameters, by vendor; checked against its schema.
    """
    from .models.tables import TableFilters

    return Invocation(
        model=TableFilters, given={"workbook_id": workbook_id}, cursor=cursor, limit=limit, via=via, extra=extra
    )


@operation("tables", "update", VENDORS, effect="write")
def update(
    id: str,
    *,
    name: str | Unset = UNSET,
    description: str | None | Unset = UNSET,
    via: str | None = None,
    extra: Extra | None = None,
    idempotency_key: str | None = None,
) -> Invocation[Table]:
    """Rename a table or change its description.

    Args:
        id: The table's id.
        name: Its name.
        description: What it is for.
        via: The vendor to use, if not the one that `acting` names.
        extra: The vendor's own fields, by vendor; checked against its schema.
        idempotency_key: The same call under the same key is made once; see `remember`.
    """
    from .models.tables import TableUpdate

    return Invocation(
        model=TableUpdate,
        given={"name": name, "description": description},
        ids={"id": id},
        via=via,
        extra=extra,
        key=idempotency_key,
    )


create_many = many(create)
"""`create` for many inputs; see `unified_runtime.client.operations.Many`."""


update_many = many(update)
"""`update` for many inputs; see `unified_runtime.client.operations.Many`."""
