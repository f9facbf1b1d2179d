"""The unified releases: A published version of a repository. Written by `gen build`; do not edit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, NotRequired, TypedDict

from pydantic import AwareDatetime, ConfigDict, Field
from unified_runtime.core.records import Input, Record


class Release(Record):
    """A published version of a repository."""

    id: str
    """The release's id."""
    tag: str | None = None
    """The tag of the version."""
    name: str | None = None
    """Its title."""
    notes: str | None = None
    """What changed."""
    repository_id: str | None = None
    """The repository."""
    draft: bool | None = None
    """Whether it is not published yet."""
    prerelease: bool | None = None
    """Whether it is not ready for production."""
    author_id: str | None = None
    """Who created it."""
    url: str | None = None
    """Its page for people."""
    created_at: AwareDatetime | None = None
    """When it was created."""
    published_at: AwareDatetime | None = None
    """When it was published."""


class ReleaseCreate(Input):
    """Create a release."""

    model_config = ConfigDict(
        extra="forbid",
    )
    tag: Annotated[str, Field(min_length=1)]
    """The tag of the version."""
    name: str | None = None
    """Its title."""
    notes: str | None = None
    """What changed."""
    repository_id: Annotated[str, Field(min_length=1)]
    """The repository."""
    draft: bool | None = None
    """Whether it is not published yet."""
    prerelease: bool | None = None
    """Whether it is not ready for production."""
    target: str | None = None
    """The branch or commit to tag, if the tag does not exist."""


class ReleaseFilters(Input):
    """List the releases of a repository."""

    model_config = ConfigDict(
        extra="forbid",
    )
    repository_id: Annotated[str, Field(min_length=1)]
    """The repository."""


class ReleaseUpdate(Input):
    """Change a release's title, notes or state."""

    model_config = ConfigDict(
        extra="forbid",
    )
    name: str | None = None
    """Its title."""
    notes: str | None = None
    """What changed."""
    draft: bool | None = None
    """Whether it is not published yet."""
    prerelease: bool | None = None
    """Whether it is not ready for production."""


if TYPE_CHECKING:

    class ReleaseValues(TypedDict):
        """Values of Release."""

        id: str
        tag: str | None
        name: str | None
        notes: NotRequired[str | None]
        repository_id: str | None
        draft: bool | None
        prerelease: bool | None
        author_id: str | None
        url: str | None
        created_at: AwareDatetime | None
        published_at: AwareDatetime | None
else:
    ReleaseValues = dict
