"""A row of a table. Its values are custom fields, by the ids of the table's fields. Written by `gen build`; do not edit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from unified_runtime.client.operations import listing, many, operation
from unified_runtime.core.operations import UNSET, Extra, Invocation, Unset
from unified_runtime.core.vendor_modules import VendorModules

TYPE_CHECKING = False

if TYPE_CHECKING:
    from .models.rows import Row

VENDORS = VendorModules(__name__, ("airtable", "smartsheet"))
"""Module of each vendor's adapter, imported on first use."""


@operation("rows", "create", VENDORS, effect="write")
def create(
    *,
    table_id: str,
    parent_id: str | None | Unset = UNSET,
    custom_fields: Mapping[str, object] | Sequence[str] = (),
    via: str | None = None,
    extra: Extra | None = None,
    idempotency_key: str | None = None,
) -> Invocation[Row]:
    """Add a row to a table.

    Args:
        table_id: The table it is in.
        parent_id: The row it is a part of.
        custom_fields: Values of custom fields, or names of custom fields to read as well: by the names that `describe` returns.
        via: The vendor to use, if not the one that `acting` names.
        extra: The vendor's own fields, by vendor; checked against its schema.
        idempotency_key: The same call under the same key is made once; see `remember`.
    """
    from .models.rows import RowCreate

    return Invocation(
        model=RowCreate,
        given={"table_id": table_id, "parent_id": parent_id},
        custom_fields=custom_fields,
        via=via,
        extra=extra,
        key=idempotency_key,
    )


@operation("rows", "get", VENDORS, effect="read")
def get(id: str, *, custom_fields: Sequence[str] = (), via: str | None = None) -> Invocation[Row]:
    """Read a row.

    Args:
        id: The row's id, with its table's.
        custom_fields: Custom fields to read as well: by the names that `describe` returns.
        via: The vendor to use, if not the one that `acting` names.
    """
    return Invocation(ids={"id": id}, custom_fields=custom_fields, via=via)


@listing("rows", "list", VENDORS)
def list(
    *,
    table_id: str,
    view_id: str | None | Unset = UNSET,
    cursor: str | None = None,
    limit: int | None = None,
    custom_fields: Sequence[str] = (),
    via: str | None = None,
    extra: Extra | None = None,
) -> Invocation[Row]:
    """Find rows of a table.

    Args:
        table_id: Of this table.
        view_id: Only those that this view shows.
        cursor: Continue from this page's cursor.
        limit: Page size to request.
        custom_fields: Custom fields to read as well: by the names that `describe` returns.
        via: The vendor to use, if not the one that `acting` names.
        extra: The vendor's own parameters, by vendor; checked against its schema.
    """
    from .models.rows import RowFilters

    return Invocation(
        model=RowFilters,
        given={"table_id": table_id, "view_id": view_id},
        cursor=cursor,
        limit=limit,
        custom_fields=custom_fields,
        via=via,
        extra=extra,
    )


@operation("rows", "update", VENDORS, effect="write")
def update(
    id: str,
    *,
    parent_id: str | None | Unset = UNSET,
    custom_fields: Mapping[str, object] | Sequence[str] = (),
    via: str | None = None,
    extra: Extra | None = None,
    idempotency_key: str | None = None,
) -> Invocation[Row]:
    """Change a row.

    Args:
        id: The row's id, with its table's.
        parent_id: The row it is a part of.
        custom_fields: Values of custom fields, or names of custom fields to read as well: by the names that `describe` returns.
        via: The vendor to use, if not the one that `acting` names.
        extra: The vendor's own fields, by vendor; checked against its schema.
        idempotency_key: The same call under the same key is made once; see `remember`.
    """
    from .models.rows import RowUpdate

    return Invocation(
        model=RowUpdate,
        given={"parent_id": parent_id},
        ids={"id": id},
        custom_fields=custom_fields,
        via=via,
        extra=extra,
        key=idempotency_key,
    )


@operation("rows", "delete", VENDORS, effect="destructive")
def delete(
    id: str, *, via: str | None = None, extra: Extra | None = None, idempotency_key: str | None = None
) -> Invocation[None]:
    """Delete a row.

    Args:
        id: The row's id, with its table's.
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
