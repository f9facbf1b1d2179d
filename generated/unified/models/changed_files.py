"""The unified changed_files: A file that a pull request changes. Written by `gen build`; do not edit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal, TypedDict

from pydantic import ConfigDict, Field
from unified_runtime.core.records import Input, Record


class ChangedFile(Record):
    """A file that a pull request changes."""

    id: str
    """The file's path in the repository."""
    previous_path: str | None = None
    """Its path before it was renamed."""
    change: Literal["added", "modified", "deleted", "renamed"] | None = None
    """What happens to it."""
    additions: int | None = None
    """How many lines are added."""
    deletions: int | None = None
    """How many lines are deleted."""
    patch: str | None = None
    """The changed lines as a unified diff."""
    url: str | None = None
    """Its page for people."""


class ChangedFileFilters(Input):
    """List the files that a pull request changes."""

    model_config = ConfigDict(
        extra="forbid",
    )
    pull_request_id: Annotated[str, Field(min_length=1)]
    """The pull request."""


if TYPE_CHECKING:

    class ChangedFileValues(TypedDict):
        """Values of ChangedFile."""

        id: str
        previous_path: str | None
        change: Literal["added", "modified", "deleted", "renamed"] | None
        additions: int | None
        deletions: int | None
        patch: str | None
        url: str | None
else:
    ChangedFileValues = dict
