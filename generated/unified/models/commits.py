"""The unified commits: A commit of a repository. Written by `gen build`; do not edit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, TypedDict

from pydantic import AwareDatetime, ConfigDict, Field
from unified_runtime.core.records import Input, Record


class Commit(Record):
    """A commit of a repository."""

    id: str
    """The commit's id."""
    sha: str | None = None
    """Its SHA."""
    message: str | None = None
    """Its message."""
    repository_id: str | None = None
    """The repository."""
    author_name: str | None = None
    """Who wrote the changes."""
    author_email: str | None = None
    """The author's address."""
    authored_at: AwareDatetime | None = None
    """When the changes were written."""
    url: str | None = None
    """Its page for people."""


class CommitFilters(Input):
    """List the commits of a repository, newest first."""

    model_config = ConfigDict(
        extra="forbid",
    )
    repository_id: Annotated[str, Field(min_length=1)]
    """The repository."""
    ref: str | None = None
    """The branch or commit that the list begins at."""
    path: str | None = None
    """Only commits that change this file or folder."""
    authored_after: AwareDatetime | None = None
    """Only commits since this time."""


if TYPE_CHECKING:

    class CommitValues(TypedDict):
        """Values of Commit."""

        id: str
        sha: str | None
        message: str | None
        repository_id: str | None
        author_name: str | None
        author_email: str | None
        authored_at: AwareDatetime | None
        url: str | None
else:
    CommitValues = dict
