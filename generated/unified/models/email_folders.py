"""The unified email_folders: A folder of a mailbox, or a label. Written by `gen build`; do not edit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal, TypedDict

from pydantic import ConfigDict, Field
from unified_runtime.core.records import Input, Record


class EmailFolder(Record):
    """A folder of a mailbox, or a label."""

    id: str
    """The folder's id."""
    name: str | None = None
    """Its name."""
    parent_id: str | None = None
    """The folder it is in."""
    role: Literal["inbox", "sent", "drafts", "trash", "spam", "archive", "other"] | None = None
    """What it is for; other for one that the user made."""
    unread_count: int | None = None
    """How many unread emails it has."""
    total_count: int | None = None
    """How many emails it has."""


class EmailFolderCreate(Input):
    """Create a folder or label."""

    model_config = ConfigDict(
        extra="forbid",
    )
    name: Annotated[str, Field(min_length=1)]
    """Its name."""
    parent_id: Annotated[str | None, Field(min_length=1)] = None
    """The folder it is in."""


class EmailFolderFilters(Input):
    """List the folders or labels of the mailbox."""

    model_config = ConfigDict(
        extra="forbid",
    )


class EmailFolderUpdate(Input):
    """Rename a folder or label."""

    model_config = ConfigDict(
        extra="forbid",
    )
    name: Annotated[str | None, Field(min_length=1)] = None
    """Its name."""


if TYPE_CHECKING:

    class EmailFolderValues(TypedDict):
        """Values of EmailFolder."""

        id: str
        name: str | None
        parent_id: str | None
        role: Literal["inbox", "sent", "drafts", "trash", "spam", "archive", "other"] | None
        unread_count: int | None
        total_count: int | None
else:
    EmailFolderValues = dict
