"""A custom object, which an account has added to its CRM. Written by `gen build`; do not edit."""

from __future__ import annotations

from collections.abc import Mapping

from unified_runtime.operations import Invocation, listing

TYPE_CHECKING = False

if TYPE_CHECKING:
    from unified.models.crm_objects import CrmObject

VENDORS: Mapping[str, str] = {
    "hubspot": "unified.vendors.hubspot.crm_objects",
    "salesforce": "unified.vendors.salesforce.crm_objects",
}
"""Vendor to the module of its adapter, imported when first used."""


@listing("crm_objects", "list", VENDORS)
def list(*, cursor: str | None = None, limit: int | None = None, via: str | None = None) -> Invocation[CrmObject]:
    """List the custom objects that the account has.

    Args:
        cursor: Go on from this page's cursor.
        limit: How many to ask for at a time.
        via: The vendor to use, if not the one that `acting` names.
    """
    from unified.models.crm_objects import CrmObjectFilters

    return Invocation(model=CrmObjectFilters, given={}, cursor=cursor, limit=limit, via=via)
