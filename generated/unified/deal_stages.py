"""A stage that deals can be in. Written by `gen build`; do not edit."""

from __future__ import annotations

from unified_runtime.client.operations import listing
from unified_runtime.core.operations import UNSET, Extra, Invocation, Unset
from unified_runtime.core.vendor_modules import VendorModules

TYPE_CHECKING = False

if TYPE_CHECKING:
    from .models.deal_stages import DealStage

VENDORS = VendorModules(__name__, ("hubspot", "pipedrive", "salesforce"))
"""Module of each vendor's adapter, imported on first use."""


@listing("deal_stages", "list", VENDORS)
def list(
    *,
    pipeline_id: str | None | Unset = UNSET,
    cursor: str | None = None,
    limit: int | None = None,
    via: str | None = None,
    extra: Extra | None = None,
) -> Invocation[DealStage]:
    """List stages.

    Args:
        pipeline_id: Of this pipeline.
        cursor: Continue from this page's cursor.
        limit: Page size to request.
        via: The vendor to use, if not the one that `acting` names.
        extra: The vendor's own parameters, by vendor; checked against its schema.
    """
    from .models.deal_stages import DealStageFilters

    return Invocation(
        model=DealStageFilters, given={"pipeline_id": pipeline_id}, cursor=cursor, limit=limit, via=via, extra=extra
    )
