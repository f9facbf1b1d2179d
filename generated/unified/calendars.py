"""A calendar that holds events. Written by `gen build`; do not edit."""

from __future__ import annotations

from unified_runtime.client.operations import listing, operation
from unified_runtime.core.operations import Invocation
from unified_runtime.core.vendor_modules import VendorModules

TYPE_CHECKING = False

if TYPE_CHECKING:
    from .models.calendars import Calendar

VENDORS = VendorModules(__name__, ("google-calendar", "microsoft-graph"))
"""Module of each vendor's adapter, imported on first use."""


@listing("calendars", "list", VENDORS)
def list(*, cursor: str | None = None, limit: int | None = None, via: str | None = None) -> Invocation[Calendar]:
    """List the calendars that one can see.

    Args:
        cursor: Continue from this page's cursor.
        limit: Page size to request.
        via: The vendor to use, if not the one that `acting` names.
    """
    from .models.calendars import CalendarFilters

    return Invocation(model=CalendarFilters, given={}, cursor=cursor, limit=limit, via=via)


@operation("calendars", "get", VENDORS, effect="read")
def get(id: str, *, via: str | None = None) -> Invocation[Calendar]:
    """Read a calendar.

    Args:
        id: The calendar's id.
        via: The vendor to use, if not the one that `acting` names.
    """
    return Invocation(ids={"id": id}, via=via)
