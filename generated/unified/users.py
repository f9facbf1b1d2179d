"""A person or app that tasks are assigned to. Written by `gen build`; do not edit."""

from __future__ import annotations

from unified_runtime.client.operations import listing, operation
from unified_runtime.core.operations import UNSET, Extra, Invocation, Unset
from unified_runtime.core.vendor_modules import VendorModules

TYPE_CHECKING = False

if TYPE_CHECKING:
    from .models.users import User

VENDORS = VendorModules(
    __name__,
    (
        "asana",
        "bitbucket",
        "clickup",
        "discord",
        "freshdesk",
        "gitea",
        "github",
        "gitlab",
        "google-people",
        "hubspot",
        "jira",
        "linear",
        "matrix",
        "monday",
        "pipedrive",
        "redmine",
        "roundup",
        "salesforce",
        "slack",
        "smartsheet",
        "todoist",
        "trello",
        "zendesk",
    ),
)
"""Module of each vendor's adapter, imported on first use."""


@operation("users", "me", VENDORS, effect="read", like="get")
def me(*, via: str | None = None) -> Invocation[User]:
    """Read the authenticated user.

    Args:
        via: The vendor to use, if not the one that `acting` names.
    """
    return Invocation(via=via)


@operation("users", "get", VENDORS, effect="read")
def get(id: str, *, via: str | None = None) -> Invocation[User]:
    """Read a user.

    Args:
        id: The user's id.
        via: The vendor to use, if not the one that `acting` names.
    """
    return Invocation(ids={"id": id}, via=via)


@listing("users", "list", VENDORS)
def list(
    *,
    text: str | None | Unset = UNSET,
    email: str | None | Unset = UNSET,
    project_id: str | None | Unset = UNSET,
    cursor: str | None = None,
    limit: int | None = None,
    via: str | None = None,
    extra: Extra | None = None,
) -> Invocation[User]:
    """List or search users.

    Args:
        text: Whose name or address contains this text.
        email: With this address.
        project_id: Who can work in this project.
        cursor: Continue from this page's cursor.
        limit: Page size to request.
        via: The vendor to use, if not the one that `acting` names.
        extra: The vendor's own parameters, by vendor; checked against its schema.
    """
    from .models.users import UserFilters

    return Invocation(
        model=UserFilters,
        given={"text": text, "email": email, "project_id": project_id},
        cursor=cursor,
        limit=limit,
        via=via,
        extra=extra,
    )
