"""A step that a task may take now. Written by `gen build`; do not edit."""

from __future__ import annotations

from unified_runtime.client.operations import listing
from unified_runtime.core.operations import Extra, Invocation
from unified_runtime.core.vendor_modules import VendorModules

TYPE_CHECKING = False

if TYPE_CHECKING:
    from .models.transitions import Transition

VENDORS = VendorModules(__name__, ("jira", "redmine"))
"""Module of each vendor's adapter, imported on first use."""


@listing("transitions", "list", VENDORS)
def list(
    *,
    task_id: str,
    cursor: str | None = None,
    limit: int | None = None,
    via: str | None = None,
    extra: Extra | None = None,
) -> Invocation[Transition]:
    """List the steps a task may take.

    Args:
        task_id: Of this task.
        cursor: Continue from this page's cursor.
        limit: Page size to request.
        via: The vendor to use, if not the one that `acting` names.
        extra: The vendor's own parameters, by vendor; checked against its schema.
    """
    from .models.transitions import TransitionFilters

    return Invocation(
        model=TransitionFilters, given={"task_id": task_id}, cursor=cursor, limit=limit, via=via, extra=extra
    )
