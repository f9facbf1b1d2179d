"""The unified comments: A remark on a task. Written by `gen build`; do not edit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, NotRequired, TypedDict

from pydantic import AwareDatetime, ConfigDict, Field
from unified_runtime.core.records import Input, Record


class Comment(Record):
    """A remark on a task."""

    id: str
    """The comment's id."""
    task_id: str | None = None
    """The task it is about."""
    body: str | None = None
    """What it says."""
    author_id: str | None = None
    """Who wrote it."""
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
    """What it says."""


class CommentFilters(Input):
    """List the comments on a task."""

    model_config = ConfigDict(
        extra="forbid",
    )
    task_id: Annotated[str, Field(min_length=1)]
    """The task."""


if TYPE_CHECKING:

    class CommentValues(TypedDict):
        """Values of Comment."""

        id: str
        task_id: str | None
        body: NotRequired[str | None]
        author_id: str | None
        created_at: AwareDatetime | None
        updated_at: AwareDatetime | None
else:
    CommentValues = dict
