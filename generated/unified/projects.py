"""What tasks belong to. Written by `gen build`; do not edit."""

from __future__ import annotations

from unified_runtime.client.operations import listing, operation
from unified_runtime.core.operations import UNSET, Invocation, Unset
from unified_runtime.core.vendor_modules import VendorModules

TYPE_CHECKING = False

if TYPE_CHECKING:
    from .models.projects import Project

VENDORS = VendorModules(__name__, ("asana", "clickup", "github", "jira", "redmine", "todoist", "trello", "zendesk"))
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
    from .models.projects import ProjectFilters

    return Invocation(model=ProjectFilters, given={"text": text}, cursor=cursor, limit=limit, via=via)
