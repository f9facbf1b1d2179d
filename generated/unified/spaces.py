"""What pages belong to. Written by `gen build`; do not edit."""

from __future__ import annotations

from unified_runtime.client.operations import listing, operation
from unified_runtime.core.operations import UNSET, Extra, Invocation, Unset
from unified_runtime.core.vendor_modules import VendorModules

TYPE_CHECKING = False

if TYPE_CHECKING:
    from .models.spaces import Space

VENDORS = VendorModules(__name__, ("confluence",))
"""Module of each vendor's adapter, imported on first use."""


@operation("spaces", "get", VENDORS, effect="read")
def get(id: str, *, via: str | None = None) -> Invocation[Space]:
    """Read a space.

    Args:
        id: The space's id.
        via: The vendor to use, if not the one that `acting` names.
    """
    return Invocation(ids={"id": id}, via=via)


@listing("spaces", "list", VENDORS)
def list(
    *,
    text: str | None | Unset = UNSET,
    cursor: str | None = None,
    limit: int | None = None,
    via: str | None = None,
    extra: Extra | None = None,
) -> Invocation[Space]:
    """List or search spaces.

    Args:
        text: Whose name contains this text.
        cursor: Continue from this page's cursor.
        limit: Page size to request.
        via: The vendor to use, if not the one that `acting` names.
        extra: The vendor's own parameters, by vendor; checked against its schema.
    """
    from .models.spaces import SpaceFilters

    return Invocation(model=SpaceFilters, given={"text": text}, cursor=cursor, limit=limit, via=via, extra=extra)
