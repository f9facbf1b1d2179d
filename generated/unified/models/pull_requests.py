"""The unified pull_requests: A proposal to merge one branch into another. Written by `gen build`; do not edit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal, NotRequired, TypedDict

from pydantic import AwareDatetime, ConfigDict, Field
from unified_runtime.core.records import Input, Record


class PullRequest(Record):
    """A proposal to merge one branch into another."""

    id: str
    """The pull request's id."""
    title: str | None = None
    """Its title."""
    description: str | None = None
    """What it changes and why."""
    status: Literal["open", "merged", "closed"] | None = None
    """Whether it is open, merged, or closed without being merged."""
    draft: bool | None = None
    """Whether it is not ready for review."""
    repository_id: str | None = None
    """The repository that it changes."""
    source_branch: str | None = None
    """The branch with the changes."""
    target_branch: str | None = None
    """The branch that it is merged into."""
    author_id: str | None = None
    """Who opened it."""
    author_name: str | None = None
    """The author's name."""
    assignee_ids: list[str] = []
    """Who is responsible."""
    reviewer_ids: list[str] = []
    """Whose review is requested."""
    labels: list[str] = []
    """Its labels."""
    head_commit: str | None = None
    """The SHA of the newest commit."""
    mergeable: bool | None = None
    """Whether it merges without a conflict."""
    url: str | None = None
    """Its page for people."""
    created_at: AwareDatetime | None = None
    """When it was opened."""
    updated_at: AwareDatetime | None = None
    """When it last changed."""
    merged_at: AwareDatetime | None = None
    """When it was merged."""


class PullRequestClose(Input):
    """Close a pull request without merging it."""

    model_config = ConfigDict(
        extra="forbid",
    )


class PullRequestCreate(Input):
    """Open a pull request."""

    model_config = ConfigDict(
        extra="forbid",
    )
    title: Annotated[str, Field(min_length=1)]
    """Its title."""
    description: str | None = None
    """What it changes and why."""
    repository_id: Annotated[str, Field(min_length=1)]
    """The repository that it changes."""
    source_branch: Annotated[str, Field(min_length=1)]
    """The branch with the changes."""
    target_branch: Annotated[str, Field(min_length=1)]
    """The branch that it is merged into."""


class PullRequestFilters(Input):
    """List the pull requests of a repository."""

    model_config = ConfigDict(
        extra="forbid",
    )
    repository_id: Annotated[str, Field(min_length=1)]
    """The repository."""
    status: Literal["open", "merged", "closed"] | None = None
    """Only those with this status."""
    target_branch: str | None = None
    """Only those into this branch."""


class PullRequestMerge(Input):
    """Merge a pull request."""

    model_config = ConfigDict(
        extra="forbid",
    )
    method: Literal["merge", "squash", "rebase"] | None = None
    """How the commits are merged; the repository may not permit all."""
    expected_commit: str | None = None
    """Merge only if this is the newest commit still."""


class PullRequestRequestReview(Input):
    """Request reviews of a pull request."""

    model_config = ConfigDict(
        extra="forbid",
    )
    reviewer_ids: list[str]
    """The people."""


class PullRequestUpdate(Input):
    """Change a pull request's title, description or target branch."""

    model_config = ConfigDict(
        extra="forbid",
    )
    title: Annotated[str | None, Field(min_length=1)] = None
    """Its title."""
    description: str | None = None
    """What it changes and why."""
    target_branch: Annotated[str | None, Field(min_length=1)] = None
    """The branch that it is merged into."""


if TYPE_CHECKING:

    class PullRequestValues(TypedDict):
        """Values of PullRequest."""

        id: str
        title: str | None
        description: NotRequired[str | None]
        status: Literal["open", "merged", "closed"] | None
        draft: bool | None
        repository_id: str | None
        source_branch: str | None
        target_branch: str | None
        author_id: str | None
        author_name: str | None
        assignee_ids: list[str]
        reviewer_ids: list[str]
        labels: list[str]
        head_commit: str | None
        mergeable: bool | None
        url: str | None
        created_at: AwareDatetime | None
        updated_at: AwareDatetime | None
        merged_at: AwareDatetime | None
else:
    PullRequestValues = dict
