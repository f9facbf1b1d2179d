"""A field that the vendor's tasks have. Written by `gen build`; do not edit."""

from __future__ import annotations

from collections.abc import Mapping

from unified_runtime.client.operations import listing
from unified_runtime.core.operations import UNSET, Invocation, Unset

TYPE_CHECKING = False

if TYPE_CHECKING:
    from unified.models.task_fields import TaskField

VENDORS: Mapping[str, str] = {
    "asana": "unified.vendors.asana.task_fields",
    "clickup": "unified.vendors.clickup.task_fields",
    "github": "unified.vendors.github.task_fields",
    "jira": "unified.vendors.jira.task_fields",
    "redmine": "unified.vendors.redmine.task_fields",
    "trello": "unified.vendors.trello.task_fields",
    "zendesk": "unified.vendors.zendesk.task_fields",
}
"""Module of each vendor's adapter, imported on first use."""


@listing("task_fields", "list", VENDORS)
def list(
    *,
    project_id: str | None | Unset = UNSET,
    type: str | None | Unset = UNSET,
    cursor: str | None = None,
    limit: int | None = None,
    via: str | None = None,
) -> Invocation[TaskField]:
    """List fields.

    Args:
        project_id: Of new tasks in this project.
        type: Of tasks of this type.
        cursor: Continue from this page's cursor.
        limit: Page size to request.
        via: The vendor to use, if not the one that `acting` names.
    """
    from unified.models.task_fields import TaskFieldFilters

    return Invocation(
        model=TaskFieldFilters, given={"project_id": project_id, "type": type}, cursor=cursor, limit=limit, via=via
    )
