"""The unified branches: A branch of a repository. Written by `gen build`; do not edit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, TypedDict

from pydantic import ConfigDict, Field
from unified_runtime.core.records import Input, Record


class Branch(Record):
    """A branch of a repository."""

    id: str
    """The branch's id."""
    name: str | None = None
    """Its name."""
    repository_id: str | None = None
    """The repository."""
    commit: str | None = None
    """The SHA of its newest commit."""
    protected: bool | None = None
    """Whether rules limit who changes it."""


class BranchCreate(Input):
    """Create a branch."""

    model_config = ConfigDict(
        extra="forbid",
    )
    name: Annotated[str, Field(min_length=1)]
    """Its name."""
    repository_id: Annotated[str, Field(min_length=1)]
    """The repository."""
    source: str
    """The branch or commit that it begins at."""


class BranchFilters(Input):
    """List the branches of a repository."""

    model_config = ConfigDict(
        extra="forbid",
    )
    repository_id: Annotated[str, Field(min_length=1)]
    """The repository."""


if TYPE_CHECKING:

    class BranchValues(TypedDict):
        """Values of Branch."""

        id: str
        name: str | None
        repository_id: str | None
        commit: str | None
        protected: bool | None
else:
    BranchValues = dict
