"""A container of tables, such as a base, a workspace or a spreadsheet. Written by `gen build`; do not edit."""

from __future__ import annotations

from unified_runtime.client.operations import listing, operation
from unified_runtime.core.operations import Extra, Invocation
from unified_runtime.core.vendor_modules import VendorModules

TYPE_CHECKING = False

if TYPE_CHECKING:
    from .models.workbooks import Workbook

VENDORS = VendorModules(__name__, ("airtable", "smartsheet"))
"""Module of each vendor's adapter, imported on first use."""


@listing("workbooks", "list", VENDORS)
def list(
    *, cursor: str | None = None, limit: int | None = None, via: str | None = None, extra: Extra | None = None
) -> Invocation[Workbook]:
    """List workbooks.

    Args:
        cursor: Continue from this page's cursor.
        limit: Page size to request.
        via: The vendor to use, if not the one that `acting` names.
        extra: The vendor's own parameters, by vendor; checked against its schema.
    """
    from .models.workbooks import WorkbookFilters

    return Invocation(model=WorkbookFilters, given={}, cursor=cursor, limit=limit, via=via, extra=extra)


@operation("workbooks", "get", VENDORS, effect="read")
def get(id: str, *, via: str | None = None) -> Invocation[Workbook]:
    """Read a workbook.

    Args:
        id: The workbook's id.
        via: The vendor to use, if not the one that `acting` names.
    """
    return Invocation(ids={"id": id}, via=via)
