"""What tasks belong to. Written by `gen build`; do not edit."""

from __future__ import annotations

from unified_runtime.client.operations import listing, many, operation
from unified_runtime.core.operations import UNSET, Extra, Invocation, Unset
from unified_runtime.core.vendor_modules import VendorModules

TYPE_CHECKING = False

if TYPE_CHECKING:
    from .models.projects import Project

VENDORS = VendorModules(
    __name__,
    (
        "asana",
        "clickup",
        "freshdesk",
        "gitea",
        "github",
        "gitlab",
        "google-tasks",
        "jira",
        "linear",
        "monday",
        "redmine",
        "todoist",
        "trello",
        "zendesk",
    ),
)
"""Module of each vendor's adapter, imported on first use."""


@operation("projects", "create", VENDORS, effect="write")
def create(
    *,
    name: str,
    key: str | None | Unset = UNSET,
    description: str | None | Unset = UNSET,
    parent_id: str | None | Unset = UNSET,
    via: str | None = None,
    extra: Extra | None = None,
    idempotency_key: str | None = None,
) -> Invocation[Project]:
    """Create a project.

    Args:
        name: Its name.
        key: The short name that people use.
        description: What it is about.
        parent_id: The project, team or workspace above it.
        via: The vendor to use, if not the one that `acting` names.
        extra: The vendor's own fields, by vendor; checked against its schema.
        idempotency_key: The same call under the same key is made once; see `remember`.
    """
    from .models.projects import ProjectCreate

    return Invocation(
        model=ProjectCreate,
        given={"name": name, "key": key, "description": description, "parent_id": parent_id},
        via=via,
        extra=extra,
        key=idempotency_key,
    )


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
    *,
    text: str | None | Unset = UNSET,
    cursor: str | None = None,
    limit: int | None = None,
    via: str | None = None,
    extra: Extra | None = None,
) -> Invocation[Project]:
    """List or search projects.

    Args:
        text: Whose name contains this text.
        cursor: Continue from this page's cursor.
        limit: Page size to request.
        via: The vendor to use, if not the one that `acting` names.
        extra: The vendor's own parameters, by vendor; checked against its schema.
    """
    from .models.projects import ProjectFilters

    return Invocation(model=ProjectFilters, given={"text": text}, cursor=cursor, limit=limit, via=via, extra=extra)


@operation("projects", "update", VENDORS, effect="write")
def update(
    id: str,
    *,
    name: str | Unset = UNSET,
    description: str | None | Unset = UNSET,
    via: str | None = None,
    extra: Extra | None = None,
    idempotency_key: str | None = None,
) -> Invocation[Project]:
    """Rename a project or change its description.

    Args:
        id: The project's id.
        name: Its name.
        description: What it is about.
        via: The vendor to use, if not the one that `acting` names.
        extra: The vendor's own fields, by vendor; checked against its schema.
        idempotency_key: The same call under the same key is made once; see `remember`.
    """
    from .models.projects import ProjectUpdate

    return Invocation(
        model=ProjectUpdate,
        given={"name": name, "description": description},
        ids={"id": id},
        via=via,
        extra=extra,
        key=idempotency_key,
    )


@operation("projects", "archive", VENDORS, effect="write", like="update")
def archive(
    id: str, *, via: str | None = None, extra: Extra | None = None, idempotency_key: str | None = None
) -> Invocation[None]:
    """Archive a project; its tasks stay.

    Args:
        id: The project.
        via: The vendor to use, if not the one that `acting` names.
        extra: The vendor's own fields, by vendor; checked against its schema.
        idempotency_key: The same call under the same key is made once; see `remember`.
    """
    from .models.projects import ProjectArchive

    return Invocation(model=ProjectArchive, given={}, ids={"id": id}, via=via, extra=extra, key=idempotency_key)


@operation("projects", "unarchive", VENDORS, effect="write", like="update")
def unarchive(
    id: str, *, via: str | None = None, extra: Extra | None = None, idempotency_key: str | None = None
) -> Invocation[None]:
    """Restore an archived project.

    Args:
        id: The project.
        via: The vendor to use, if not the one that `acting` names.
        extra: The vendor's own fields, by vendor; checked against its schema.
        idempotency_key: The same call under the same key is made once; see `remember`.
    """
    from .models.projects import ProjectUnarchive

    return Invocation(model=ProjectUnarchive, given={}, ids={"id": id}, via=via, extra=extra, key=idempotency_key)


create_many = many(create)
"""`create` for many inputs; see `unified_runtime.client.operations.Many`."""


update_many = many(update)
"""`update` for many inputs; see `unified_runtime.client.operations.Many`."""
