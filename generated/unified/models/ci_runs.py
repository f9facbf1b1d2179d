"""The unified ci_runs: A run of a repository's CI workflow or pipeline. Written by `gen build`; do not edit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal, TypedDict

from pydantic import AwareDatetime, ConfigDict, Field
from unified_runtime.core.records import Input, Record


class CiRun(Record):
    """A run of a repository's CI workflow or pipeline."""

    id: str
    """The run's id."""
    name: str | None = None
    """The name of the workflow."""
    status: Literal["queued", "running", "succeeded", "failed", "canceled", "skipped"] | None = None
    """Whether it waits, runs or has ended, and how."""
    status_label: str | None = None
    """The vendor's own value of status."""
    repository_id: str | None = None
    """The repository."""
    branch: str | None = None
    """The branch."""
    commit: str | None = None
    """The SHA of the commit."""
    event: str | None = None
    """What started it."""
    url: str | None = None
    """Its page for people."""
    started_at: AwareDatetime | None = None
    """When it started."""
    ended_at: AwareDatetime | None = None
    """When it ended."""


class CiRunFilters(Input):
    """List the CI runs of a repository."""

    model_config = ConfigDict(
        extra="forbid",
    )
    repository_id: Annotated[str, Field(min_length=1)]
    """The repository."""
    branch: str | None = None
    """Only runs of this branch."""
    commit: str | None = None
    """Only runs of this commit."""


if TYPE_CHECKING:

    class CiRunValues(TypedDict):
        """Values of CiRun."""

        id: str
        name: str | None
        status: Literal["queued", "running", "succeeded", "failed", "canceled", "skipped"] | None
        status_label: str | None
        repository_id: str | None
        branch: str | None
        commit: str | None
        event: str | None
        url: str | None
        started_at: AwareDatetime | None
        ended_at: AwareDatetime | None
else:
    CiRunValues = dict
