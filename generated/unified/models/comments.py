"""The unified comments: A comment on a task. Written by `gen build`; do not edit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, NotRequired, TypedDict

from pydantic import AwareDatetime, ConfigDict, Field
from unified_runtime.core.records import Input, Record


class Comment(Record):
    """A comment on a task."""

    id: str
    """The comment's id."""
    task_id: str | None = None
    """The task it is about."""
    body: str | None = None
    """Its text."""
    internal: bool | None = None
    """Whether customers cannot see it. In a help desk it is internal unless this is false."""
    author_id: str | None = None
    """Who wrote it."""
    author_name: str | None = None
    """The author's name."""
    created_at: AwareDatetime | None = None
    """When it was written."""
    updated_at: AwareDatetime | None = None
    """When it last changed."""


class CommentCreate(Input):
    """Comment on a task."""

    model_config = ConfigDict(
        extra="forbid",
    )
    task_id: Annotated[str, Field(min_length=1)]
    """The task it is about."""
    body: Annotated[str, Field(min_length=1)]
    """Its text."""
    internal: bool | None = None
    """Whether customers cannot see it. In a help desk it is internal unless this is false."""


class CommentFilters(Input):
    """List the comments on a task."""

    model_config = ConfigDict(
        extra="forbid",
    )
    task_id: Annotated[str, Field(min_length=1)]
    """The task."""


class CommentUpdate(Input):
    """Change the text of a comment."""

    model_config = ConfigDict(
        extra="forbid",
    )
    body: Annotated[str | None, Field(min_length=1)] = None
    """Its text."""


if TYPE_CHECKING:

    class CommentValues(TypedDict):
        """Values of Comment."""

        id: str
        task_id: str | None
        body: NotRequired[str | None]
        internal: bool | None
        author_id: str | None
        author_name: str | None
        created_at: AwareDatetime | None
        updated_at: AwareDatetime | None
else:
    CommentValues = dict
