"""The unified file_versions: An earlier or the present content of a file. Written by `gen build`; do not edit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, TypedDict

from pydantic import AwareDatetime, ConfigDict, Field
from unified_runtime.core.records import Input, Record


class FileVersion(Record):
    """An earlier or the present content of a file."""

    id: str
    """The version's id."""
    file_id: str | None = None
    """The file."""
    size: int | None = None
    """How many bytes it has."""
    author_name: str | None = None
    """The name of the person who saved it."""
    author_email: str | None = None
    """Their address."""
    created_at: AwareDatetime | None = None
    """When it was saved."""


class FileVersionFilters(Input):
    """List the versions of a file."""

    model_config = ConfigDict(
        extra="forbid",
    )
    file_id: Annotated[str, Field(min_length=1)]
    """The file."""


class FileVersionRestore(Input):
    """Return a file to a version."""

    model_config = ConfigDict(
        extra="forbid",
    )


if TYPE_CHECKING:

    class FileVersionValues(TypedDict):
        """Values of FileVersion."""

        id: str
        file_id: str | None
        size: int | None
        author_name: str | None
        author_email: str | None
        created_at: AwareDatetime | None
else:
    FileVersionValues = dict
