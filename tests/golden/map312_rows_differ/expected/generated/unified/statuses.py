"""A state of tasks. Written by `gen build`; do not edit."""

from __future__ import annotations

from unified_runtime.client.operations import listing
from unified_runtime.core.operations import Extra, Invocation
from unified_runtime.core.vendor_modules import VendorModules

TYPE_CHECKING = False

if TYPE_CHECKING:
    from .models.statuses import Status

VENDORS = VendorModules(__name__, ("acme",))
"""Module of each vendor's adapter, imported on first use."""


@listing("statuses", "list", VENDORS)
def list(
    *, cursor: str | None = None, limit: int | None = None, via: str | None = None, extra: Extra | None = None
) -> Invocation[Status]:
    """List statuses.

    Args:
        cursor: Continue from this page's cursor.
        limit: Page size to request.
        via: The vendor to use, if not the one that `acting` names.
        extra: The vendor's own parameters, by vendor; checked against its schema.
    """
    from .models.statuses import StatusFilters

    return Invocation(model=StatusFilters, given={}, cursor=cursor, limit=limit, via=via, extra=extra)
