"""A calendar that holds events. Written by `gen build`; do not edit."""

from __future__ import annotations

from unified_runtime.client.operations import listing, many, operation
from unified_runtime.core.operations import UNSET, Extra, Invocation, Unset
from unified_runtime.core.vendor_modules import VendorModules

TYPE_CHECKING = False

if TYPE_CHECKING:
    from .models.calendars import Calendar

VENDORS = VendorModules(__name__, ("google-calendar", "microsoft-graph"))
"""Module of each vendor's adapter, imported on first use."""


@operation("calendars", "create", VENDORS, effect="write")
def create(
    *,
    name: str,
    description: str | None | Unset = UNSET,
    time_zone: str | None | Unset = UNSET,
    via: str | None = None,
    extra: Extra | None = None,
    idempotency_key: str | None = None,
) -> Invocation[Calendar]:
    """Create a calendar.

    Args:
        name: What it is called.
        description: What it is for.
        time_zone: Its IANA time zone.
        via: The vendor to use, if not the one that `acting` names.
        extra: The vendor's own fields, by vendor; checked against its schema.
        idempotency_key: The same call under the same key is made once; see `remember`.
    """
    from .models.calendars import CalendarCreate

    return Invocation(
        model=CalendarCreate,
        given={"name": name, "description": description, "time_zone": time_zone},
        via=via,
        extra=extra,
        key=idempotency_key,
    )


@listing("calendars", "list", VENDORS)
def list(
    *, cursor: str | None = None, limit: int | None = None, via: str | None = None, extra: Extra | None = None
) -> Invocation[Calendar]:
    """List the calendars that one can see.

    Args:
        cursor: Continue from this page's cursor.
        limit: Page size to request.
        via: The vendor to use, if not the one that `acting` names.
        extra: The vendor's own parameters, by vendor; checked against its schema.
    """
    from .models.calendars import CalendarFilters

    return Invocation(model=CalendarFilters, given={}, cursor=cursor, limit=limit, via=via, extra=extra)


@operation("calendars", "get", VENDORS, effect="read")
def get(id: str, *, via: str | None = None) -> Invocation[Calendar]:
    """Read a calendar.

    Args:
        id: The calendar's id.
        via: The vendor to use, if not the one that `acting` names.
    """
    return Invocation(ids={"id": id}, via=via)


create_many = many(create)
"""`create` for many inputs; see `unified_runtime.client.operations.Many`."""
