"""A field that the vendor's contacts, companies or deals have. Written by `gen build`; do not edit."""

from __future__ import annotations

from unified_runtime.client.operations import listing
from unified_runtime.core.operations import UNSET, Extra, Invocation, Unset
from unified_runtime.core.vendor_modules import VendorModules

TYPE_CHECKING = False

if TYPE_CHECKING:
    from typing import Literal

    from .models.crm_fields import CrmField

VENDORS = VendorModules(__name__, ("hubspot", "pipedrive", "salesforce"))
"""Module of each vendor's adapter, imported on first use."""


@listing("crm_fields", "list", VENDORS)
def list(
    *,
    of: Literal["contacts", "companies", "deals", "crm_records"],
    type: str | None | Unset = UNSET,
    cursor: str | None = None,
    limit: int | None = None,
    via: str | None = None,
    extra: Extra | None = None,
) -> Invocation[CrmField]:
    """List fields.

    Args:
        of: Of which records.
        type: Of which custom object.
        cursor: Continue from this page's cursor.
        limit: Page size to request.
        via: The vendor to use, if not the one that `acting` names.
        extra: The vendor's own parameters, by vendor; checked against its schema.
    """
    from .models.crm_fields import CrmFieldFilters

    return Invocation(
        model=CrmFieldFilters, given={"of": of, "type": type}, cursor=cursor, limit=limit, via=via, extra=extra
    )
