"""When people and calendars are busy. Written by `gen build`; do not edit."""

from __future__ import annotations

from collections.abc import Sequence

from unified_runtime.client.operations import listing
from unified_runtime.core.operations import Extra, Invocation
from unified_runtime.core.vendor_modules import VendorModules

TYPE_CHECKING = False

if TYPE_CHECKING:
    from datetime import datetime

    from .models.free_busy import FreeBusy

VENDORS = VendorModules(__name__, ("google-calendar", "microsoft-graph"))
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
    extra: Extra | None = None,
) -> Invocation[FreeBusy]:
    """Find when calendars or people are busy.

    Args:
        ids: Calendars by id, people by address.
        start: From this time on.
        end: Up to this time.
        cursor: Continue from this page's cursor.
        limit: Page size to request.
        via: The vendor to use, if not the one that `acting` names.
        extra: The vendor's own parameters, by vendor; checked against its schema.
    """
    from .models.free_busy import FreeBusyFilters

    return Invocation(
        model=FreeBusyFilters,
        given={"ids": ids, "start": start, "end": end},
        cursor=cursor,
        limit=limit,
        via=via,
        extra=extra,
    )
