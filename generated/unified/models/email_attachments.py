"""The unified email_attachments: A file of an email. Written by `gen build`; do not edit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, TypedDict

from pydantic import ConfigDict, Field
from unified_runtime.core.records import Input, Record


class EmailAttachment(Record):
    """A file of an email."""

    id: str
    """The attachment's id."""
    email_id: str | None = None
    """The email it is of."""
    name: str | None = None
    """The file's name."""
    mime_type: str | None = None
    """Its media type."""
    size: int | None = None
    """How many bytes it has."""


class EmailAttachmentFilters(Input):
    """List the files of an email."""

    model_config = ConfigDict(
        extra="forbid",
    )
    email_id: Annotated[str, Field(min_length=1)]
    """The email."""


if TYPE_CHECKING:

    class EmailAttachmentValues(TypedDict):
        """Values of EmailAttachment."""

        id: str
        email_id: str | None
        name: str | None
        mime_type: str | None
        size: int | None
else:
    EmailAttachmentValues = dict
