"""The unified repository_files: A file in a repository, at a branch, tag or commit. Written by `gen build`; do not edit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, TypedDict

from pydantic import ConfigDict, Field
from unified_runtime.core.records import Input, Record


class RepositoryFile(Record):
    """A file in a repository, at a branch, tag or commit."""

    id: str
    """The file's path in the repository."""
    content: str | None = None
    """Its text."""
    sha: str | None = None
    """The version of its content."""
    size: int | None = None
    """How many bytes it has."""
    url: str | None = None
    """Its page for people."""


class RepositoryFileCreate(Input):
    """Add a text file by a commit."""

    model_config = ConfigDict(
        extra="forbid",
    )
    content: Annotated[str, Field(min_length=1)]
    """Its text."""
    path: str
    """The path of the file."""
    message: str
    """The message of the commit."""
    branch: str | None = None
    """The branch; without it the default branch."""


class RepositoryFileFilters(Input):
    """List all files of a repository."""

    model_config = ConfigDict(
        extra="forbid",
    )
    repository_id: Annotated[str, Field(min_length=1)]
    """The repository."""
    ref: str | None = None
    """A branch, tag or commit; without it the default branch."""


class RepositoryFileUpdate(Input):
    """Replace a text file by a commit."""

    model_config = ConfigDict(
        extra="forbid",
    )
    content: Annotated[str, Field(min_length=1)]
    """Its text."""
    path: str
    """The path of the file."""
    message: str
    """The message of the commit."""
    sha: str
    """The version that is replaced; a newer one is a conflict."""
    branch: str | None = None
    """The branch; without it the default branch."""


if TYPE_CHECKING:

    class RepositoryFileValues(TypedDict):
        """Values of RepositoryFile."""

        id: str
        content: str | None
        sha: str | None
        size: int | None
        url: str | None
else:
    RepositoryFileValues = dict
