"""A kind of task. Written by `gen build`; do not edit."""

from __future__ import annotations

from collections.abc import Mapping

from unified_runtime.operations import UNSET, Invocation, Unset, listing

TYPE_CHECKING = False

if TYPE_CHECKING:
    from unified.models.task_types import TaskType

VENDORS: Mapping[str, str] = {
    "clickup": "unified.vendors.clickup.task_types",
    "github": "unified.vendors.github.task_types",
    "jira": "unified.vendors.jira.task_types",
    "redmine": "unified.vendors.redmine.task_types",
    "zendesk": "unified.vendors.zendesk.task_types",
}
"""Vendor to the module of its adapter, imported when first used."""


@listing("task_types", "list", VENDORS)
def list(
    *,
    project_id: str | None | Unset = UNSET,
    cursor: str | None = None,
    limit: int | None = None,
    via: str | None = None,
) -> Invocation[TaskType]:
    """List the types of tasks.

    Args:
        project_id: Of this project.
        cursor: Go on from this page's cursor.
        limit: How many to ask for at a time.
        via: The vendor to use, if not the one that `acting` names.
    """
    from unified.models.task_types import TaskTypeFilters

    return Invocation(model=TaskTypeFilters, given={"project_id": project_id}, cursor=cursor, limit=limit, via=via)
