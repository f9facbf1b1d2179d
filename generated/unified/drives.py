"""A drive that a team shares. Written by `gen build`; do not edit."""

from __future__ import annotations

from unified_runtime.client.operations import listing
from unified_runtime.core.operations import Extra, Invocation
from unified_runtime.core.vendor_modules import VendorModules

TYPE_CHECKING = False

if TYPE_CHECKING:
    from .models.drives import Drive

VENDORS = VendorModules(__name__, ("google-drive", "microsoft-graph"))
"""Module of each vendor's adapter, imported on first use."""


@listing("drives", "list", VENDORS)
def list(
    *, cursor: str | None = None, limit: int | None = None, via: str | None = None, extra: Extra | None = None
) -> Invocation[Drive]:
    """List shared drives.

    Args:
        cursor: Continue from this page's cursor.
        limit: Page size to request.
        via: The vendor to use, if not the one that `acting` names.
        extra: The vendor's own parameters, by vendor; checked against its schema.
    """
    from .models.drives import DriveFilters

    return Invocation(model=DriveFilters, given={}, cursor=cursor, limit=limit, via=via, extra=extra)
