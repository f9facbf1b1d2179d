"""A step that a task may take now. Written by `gen build`; do not edit."""

from __future__ import annotations

from collections.abc import Mapping

from unified_runtime.client.operations import listing
from unified_runtime.core.operations import Invocation

TYPE_CHECKING = False

if TYPE_CHECKING:
    from unified.models.transitions import Transition

VENDORS: Mapping[str, str] = {
    "jira": "unified.vendors.jira.transitions",
    "redmine": "unified.vendors.redmine.transitions",
}
"""Module of each vendor's adapter, imported on first use."""


@listing("transitions", "list", VENDORS)
def list(
    *, task_id: str, cursor: str | None = None, limit: int | None = None, via: str | None = None
) -> Invocation[Transition]:
    """List the steps a task may take.

    Args:
        task_id: Of this task.
        cursor: Continue from this page's cursor.
        limit: Page size to request.
        via: The vendor to use, if not the one that `acting` names.
    """
    from unified.models.transitions import TransitionFilters

    return Invocation(model=TransitionFilters, given={"task_id": task_id}, cursor=cursor, limit=limit, via=via)
