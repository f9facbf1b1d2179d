"""A state that tasks can be in. Written by `gen build`; do not edit."""

from __future__ import annotations

from collections.abc import Mapping

from unified_runtime.client.operations import listing
from unified_runtime.core.operations import UNSET, Invocation, Unset

TYPE_CHECKING = False

if TYPE_CHECKING:
    from unified.models.statuses import Status

VENDORS: Mapping[str, str] = {
    "clickup": "unified.vendors.clickup.statuses",
    "jira": "unified.vendors.jira.statuses",
    "redmine": "unified.vendors.redmine.statuses",
    "todoist": "unified.vendors.todoist.statuses",
    "trello": "unified.vendors.trello.statuses",
    "zendesk": "unified.vendors.zendesk.statuses",
}
"""Module of each vendor's adapter, imported on first use."""


@listing("statuses", "list", VENDORS)
def list(
    *,
    project_id: str | None | Unset = UNSET,
    cursor: str | None = None,
    limit: int | None = None,
    via: str | None = None,
) -> Invocation[Status]:
    """List statuses.

    Args:
        project_id: Of this project.
        cursor: Continue from this page's cursor.
        limit: Page size to request.
        via: The vendor to use, if not the one that `acting` names.
    """
    from unified.models.statuses import StatusFilters

    return Invocation(model=StatusFilters, given={"project_id": project_id}, cursor=cursor, limit=limit, via=via)
