"""A field of a table's rows, also called a column. Written by `gen build`; do not edit."""

from __future__ import annotations

from unified_runtime.client.operations import listing, many, operation
from unified_runtime.core.operations import UNSET, Extra, Invocation, Unset
from unified_runtime.core.vendor_modules import VendorModules

TYPE_CHECKING = False

if TYPE_CHECKING:
    from typing import Literal

    from .models.table_fields import TableField

VENDORS = VendorModules(__name__, ("airtable", "smartsheet"))
"""Module of each vendor's adapter, imported on first use."""


@operation("table_fields", "create", VENDORS, effect="write")
def create(
    table_id: str,
    *,
    name: str,
    kind: Literal[
        "text",
        "long_text",
        "number",
        "percent",
        "currency",
        "boolean",
        "date",
        "datetime",
        "duration",
        "rating",
        "choice",
        "choices",
        "person",
        "people",
        "email",
        "url",
        "phone",
        "files",
        "link",
        "computed",
        "other",
    ],
    description: str | None | Unset = UNSET,
    via: str | None = None,
    extra: Extra | None = None,
    idempotency_key: str | None = None,
) -> Invocation[TableField]:
    """Add a field to a table.

    Args:
        table_id: To this table.
        name: The name people see.
        kind: What it holds.
        description: What it is for.
        via: The vendor to use, if not the one that `acting` names.
        extra: The vendor's own fields, by vendor; checked against its schema.
        idempotency_key: The same call under the same key is made once; see `remember`.
    """
    from .models.table_fields import TableFieldCreate

    return Invocation(
        model=TableFieldCreate,
        given={"name": name, "kind": kind, "description": description},
        ids={"table_id": table_id},
        via=via,
        extra=extra,
        key=idempotency_key,
    )


@listing("table_fields", "list", VENDORS)
def list(
    *,
    table_id: str,
    cursor: str | None = None,
    limit: int | None = None,
    via: str | None = None,
    extra: Extra | None = None,
) -> Invocation[TableField]:
    """List the fields of a table.

    Args:
        table_id: Of this table.
        cursor: Continue from this page's cursor.
        limit: Page size to request.
        via: The vendor to use, if not the one that `acting` names.
        extra: The vendor's own parameters, by vendor; checked against its schema.
    """
    from .models.table_fields import TableFieldFilters

    return Invocation(
        model=TableFieldFilters, given={"table_id": table_id}, cursor=cursor, limit=limit, via=via, extra=extra
    )


create_many = many(create)
"""`create` for many inputs; see `unified_runtime.client.operations.Many`."""
