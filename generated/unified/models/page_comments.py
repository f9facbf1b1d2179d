"""The unified page_comments: A remark on a page. Written by `gen build`; do not edit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, NotRequired, TypedDict

from pydantic import AwareDatetime, ConfigDict, Field
from unified_runtime.core.records import Input, Record


class PageComment(Record):
    """A remark on a page."""

    id: str
    """The comment's id."""
    page_id: str | None = None
    """The page it is about."""
    body: str | None = None
    """Its text."""
    author_id: str | None = None
    """Who wrote it."""
    created_at: AwareDatetime | None = None
    """When it was written."""
    updated_at: AwareDatetime | None = None
    """When it last changed."""


class PageCommentCreate(Input):
    """Comment on a page."""

    model_config = ConfigDict(
        extra="forbid",
    )
    page_id: Annotated[str, Field(min_length=1)]
    """The page it is about."""
    body: Annotated[str, Field(min_length=1)]
    """Its text."""


class PageCommentFilters(Input):
    """List the comments on a page."""

    model_config = ConfigDict(
        extra="forbid",
    )
    page_id: Annotated[str, Field(min_length=1)]
    """The page."""


class PageCommentUpdate(Input):
    """Change the text of a comment on a page."""

    model_config = ConfigDict(
        extra="forbid",
    )
    body: Annotated[str | None, Field(min_length=1)] = None
    """Its text."""


if TYPE_CHECKING:

    class PageCommentValues(TypedDict):
        """Values of PageComment."""

        id: str
        page_id: str | None
        body: NotRequired[str | None]
        author_id: str | None
        created_at: AwareDatetime | None
        updated_at: AwareDatetime | None
else:
    PageCommentValues = dict
