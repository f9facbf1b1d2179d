"""A calendar that holds events. Written by `gen build`; do not edit."""

from __future__ import annotations

from collections.abc import Mapping

from unified_runtime.operations import Invocation, listing, operation

TYPE_CHECKING = False

if TYPE_CHECKING:
    from unified.models.calendars import Calendar

VENDORS: Mapping[str, str] = {
    "google-calendar": "unified.vendors.google_calendar.calendars",
    "microsoft-graph": "unified.vendors.microsoft_graph.calendars",
}
"""Vendor to the module of its adapter, imported when first used."""


@listing("calendars", "list", VENDORS)
def list(*, cursor: str | None = None, limit: int | None = None, via: str | None = None) -> Invocation[Calendar]:
    """List the calendars that one can see.

    Args:
        cursor: Go on from this page's cursor.
        limit: How many to ask for at a time.
        via: The vendor to use, if not the one that `acting` names.
    """
    from unified.models.calendars import CalendarFilters

    return Invocation(model=CalendarFilters, given={}, cursor=cursor, limit=limit, via=via)


@operation("calendars", "get", VENDORS, effect="read")
def get(id: str, *, via: str | None = None) -> Invocation[Calendar]:
    """Read a calendar.

    Args:
        id: The calendar's id.
        via: The vendor to use, if not the one that `acting` names.
    """
    return Invocation(ids={"id": id}, via=via)
