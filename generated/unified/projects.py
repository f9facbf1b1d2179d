"""What tasks belong to. Written by `gen build`; do not edit."""

from __future__ import annotations

from collections.abc import Mapping

from unified_runtime.client.operations import listing, operation
from unified_runtime.core.operations import UNSET, Invocation, Unset

TYPE_CHECKING = False

if TYPE_CHECKING:
    from unified.models.projects import Project

VENDORS: Mapping[str, str] = {
    "asana": "unified.vendors.asana.projects",
    "clickup": "unified.vendors.clickup.projects",
    "github": "unified.vendors.github.projects",
    "jira": "unified.vendors.jira.projects",
    "redmine": "unified.vendors.redmine.projects",
    "todoist": "unified.vendors.todoist.projects",
    "trello": "unified.vendors.trello.projects",
    "zendesk": "unified.vendors.zendesk.projects",
}
"""Module of each vendor's adapter, imported on first use."""


@operation("projects", "get", VENDORS, effect="read")
def get(id: str, *, via: str | None = None) -> Invocation[Project]:
    """Read a project.

    Args:
        id: The project's id.
        via: The vendor to use, if not the one that `acting` names.
    """
    return Invocation(ids={"id": id}, via=via)


@listing("projects", "list", VENDORS)
def list(
    *, text: str | None | Unset = UNSET, cursor: str | None = None, limit: int | None = None, via: str | None = None
) -> Invocation[Project]:
    """List or search projects.

    Args:
        text: Whose name contains this text.
        cursor: Continue from this page's cursor.
        limit: Page size to request.
        via: The vendor to use, if not the one that `acting` names.
    """
    from unified.models.projects import ProjectFilters

    return Invocation(model=ProjectFilters, given={"text": text}, cursor=cursor, limit=limit, via=via)
