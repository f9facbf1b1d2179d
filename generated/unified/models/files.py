"""The unified files: A file or a folder. Written by `gen build`; do not edit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal, TypedDict

from pydantic import AwareDatetime, ConfigDict, Field
from unified_runtime.core.records import Input, Record


class File(Record):
    """A file or a folder."""

    id: str
    """The file's id."""
    name: str | None = None
    """Its name."""
    mime_type: str | None = None
    """Its media type."""
    size: int | None = None
    """How many bytes it has."""
    parent_id: str | None = None
    """The folder it is in."""
    path: str | None = None
    """Its path from the root."""
    is_folder: bool | None = None
    """Whether it holds other files."""
    checksum: str | None = None
    """A checksum of its content, in the vendor's own algorithm."""
    owners: list[str] = []
    """Whose it is."""
    shared: bool | None = None
    """Whether others can see it."""
    url: str | None = None
    """Its page for people."""
    version: str | None = None
    """The version of it that this is."""
    created_at: AwareDatetime | None = None
    """When it was created."""
    updated_at: AwareDatetime | None = None
    """When it last changed."""


class FileCopy(Input):
    """Copy a file."""

    model_config = ConfigDict(
        extra="forbid",
    )
    name: Annotated[str | None, Field(min_length=1)] = None
    """Its name."""
    parent_id: Annotated[str | None, Field(min_length=1)] = None
    """The folder it is in."""


class FileCreateFolder(Input):
    """Create a folder."""

    model_config = ConfigDict(
        extra="forbid",
    )
    name: Annotated[str, Field(min_length=1)]
    """Its name."""
    parent_id: Annotated[str | None, Field(min_length=1)] = None
    """The folder it is in."""


class FileFilters(Input):
    """List the files of a folder."""

    model_config = ConfigDict(
        extra="forbid",
    )
    parent_id: Annotated[str | None, Field(min_length=1)] = None
    """In this folder; without it in the topmost one."""
    updated_after: AwareDatetime | None = None
    """Changed since then."""


class FileMove(Input):
    """Move a file into another folder."""

    model_config = ConfigDict(
        extra="forbid",
    )
    parent_id: Annotated[str, Field(min_length=1)]
    """The folder it is in."""


class FileSearch(Input):
    """Search files and folders by name."""

    model_config = ConfigDict(
        extra="forbid",
    )
    text: str
    """Text in the name; Google Drive finds beginnings of words only."""


class FileSearchContent(Input):
    """Search files by what they contain."""

    model_config = ConfigDict(
        extra="forbid",
    )
    text: str
    """Text in the content or the name."""


class FileShare(Input):
    """Share a file with a user."""

    model_config = ConfigDict(
        extra="forbid",
    )
    email: str
    """The user's address."""
    role: Literal["reader", "writer"]
    """What the user may do."""
    notify: bool | None = None
    """Mail the user about it; without it no one is informed."""


class FileUpdate(Input):
    """Change a file's name or media type."""

    model_config = ConfigDict(
        extra="forbid",
    )
    name: Annotated[str | None, Field(min_length=1)] = None
    """Its name."""
    mime_type: str | None = None
    """Its media type."""


class FileUpload(Input):
    """Upload a file."""

    model_config = ConfigDict(
        extra="forbid",
    )
    name: Annotated[str, Field(min_length=1)]
    """Its name."""
    mime_type: str | None = None
    """Its media type."""
    parent_id: Annotated[str | None, Field(min_length=1)] = None
    """The folder it is in."""


class FileUploadVersion(Input):
    """Replace the content of a file; earlier versions remain."""

    model_config = ConfigDict(
        extra="forbid",
    )


if TYPE_CHECKING:

    class FileValues(TypedDict):
        """Values of File."""

        id: str
        name: str | None
        mime_type: str | None
        size: int | None
        parent_id: str | None
        path: str | None
        is_folder: bool | None
        checksum: str | None
        owners: list[str]
        shared: bool | None
        url: str | None
        version: str | None
        created_at: AwareDatetime | None
        updated_at: AwareDatetime | None
else:
    FileValues = dict
