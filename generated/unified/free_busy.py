"""When people and calendars are taken. Written by `gen build`; do not edit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from unified_runtime.client.operations import listing
from unified_runtime.core.operations import Invocation

TYPE_CHECKING = False

if TYPE_CHECKING:
    from datetime import datetime

    from unified.models.free_busy import FreeBusy

VENDORS: Mapping[str, str] = {
    "google-calendar": "unified.vendors.google_calendar.free_busy",
    "microsoft-graph": "unified.vendors.microsoft_graph.free_busy",
}
"""Module of each vendor's adapter, imported on first use."""


@listing("free_busy", "list", VENDORS)
def list(
    *,
    ids: Sequence[str],
    start: datetime,
    end: datetime,
    cursor: str | None = None,
    limit: int | None = None,
    via: str | None = None,
) -> Invocation[FreeBusy]:
    """Find when calendars or people are busy.

    Args:
        ids: Calendars by id, people by address.
        start: From this time on.
        end: Up to this time.
        cursor: Continue from this page's cursor.
        limit: Page size to request.
        via: The vendor to use, if not the one that `acting` names.
    """
    from unified.models.free_busy import FreeBusyFilters

    return Invocation(
        model=FreeBusyFilters, given={"ids": ids, "start": start, "end": end}, cursor=cursor, limit=limit, via=via
    )
