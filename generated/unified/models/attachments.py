"""The unified attachments: A file on a task. Written by `gen build`; do not edit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, TypedDict

from pydantic import AwareDatetime, ConfigDict, Field
from unified_runtime.core.records import Input, Record


class Attachment(Record):
    """A file on a task."""

    id: str
    """The attachment's id."""
    task_id: str | None = None
    """The task it is on."""
    name: str | None = None
    """The file's name."""
    mime_type: str | None = None
    """Its media type."""
    size: int | None = None
    """How many bytes it has."""
    author_id: str | None = None
    """Who added it."""
    url: str | None = None
    """Where its content is, often for people who are logged in."""
    created_at: AwareDatetime | None = None
    """When it was added."""


class AttachmentFilters(Input):
    """List the files on a task."""

    model_config = ConfigDict(
        extra="forbid",
    )
    task_id: Annotated[str, Field(min_length=1)]
    """The task."""


class AttachmentUpload(Input):
    """Add a file to a task."""

    model_config = ConfigDict(
        extra="forbid",
    )
    task_id: Annotated[str, Field(min_length=1)]
    """The task it is on."""
    name: Annotated[str, Field(min_length=1)]
    """The file's name."""
    mime_type: str | None = None
    """Its media type."""


if TYPE_CHECKING:

    class AttachmentValues(TypedDict):
        """Values of Attachment."""

        id: str
        task_id: str | None
        name: str | None
        mime_type: str | None
        size: int | None
        author_id: str | None
        url: str | None
        created_at: AwareDatetime | None
else:
    AttachmentValues = dict
