"""The unified reviews: A person's review of a pull request. Written by `gen build`; do not edit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal, NotRequired, TypedDict

from pydantic import AwareDatetime, ConfigDict, Field
from unified_runtime.core.records import Input, Record


class Review(Record):
    """A person's review of a pull request."""

    id: str
    """The review's id."""
    pull_request_id: str | None = None
    """The pull request."""
    verdict: Literal["approved", "changes_requested", "commented", "pending", "dismissed"] | None = None
    """Whether the changes are approved, or others are requested."""
    body: str | None = None
    """The text of the review."""
    author_id: str | None = None
    """Who wrote it."""
    author_name: str | None = None
    """The author's name."""
    commit: str | None = None
    """The SHA of the commit that was reviewed."""
    submitted_at: AwareDatetime | None = None
    """When it was submitted."""


class ReviewCreate(Input):
    """Review a pull request."""

    model_config = ConfigDict(
        extra="forbid",
    )
    pull_request_id: Annotated[str, Field(min_length=1)]
    """The pull request."""
    body: str | None = None
    """The text of the review."""
    decision: Literal["approve", "request_changes", "comment"]
    """The verdict; a text is needed unless it is approve."""


class ReviewFilters(Input):
    """List the reviews of a pull request."""

    model_config = ConfigDict(
        extra="forbid",
    )
    pull_request_id: Annotated[str, Field(min_length=1)]
    """The pull request."""


if TYPE_CHECKING:

    class ReviewValues(TypedDict):
        """Values of Review."""

        id: str
        pull_request_id: str | None
        verdict: Literal["approved", "changes_requested", "commented", "pending", "dismissed"] | None
        body: NotRequired[str | None]
        author_id: str | None
        author_name: str | None
        commit: str | None
        submitted_at: AwareDatetime | None
else:
    ReviewValues = dict
