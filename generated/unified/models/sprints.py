"""The unified sprints: A period or a version that tasks are planned for. Written by `gen build`; do not edit."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Annotated, TypedDict

from pydantic import ConfigDict, Field
from unified_runtime.core.records import Input, Record


class Sprint(Record):
    """A period or a version that tasks are planned for."""

    id: str
    """The sprint's id."""
    name: str | None = None
    """What it is called."""
    start_date: date | None = None
    """Its first date."""
    due_date: date | None = None
    """The date on which it ends."""
    done: bool | None = None
    """Whether it is over."""


class SprintFilters(Input):
    """List sprints."""

    model_config = ConfigDict(
        extra="forbid",
    )
    project_id: Annotated[str | None, Field(min_length=1)] = None
    """Of this project."""


if TYPE_CHECKING:

    class SprintValues(TypedDict):
        """Values of Sprint."""

        id: str
        name: str | None
        start_date: date | None
        due_date: date | None
        done: bool | None
else:
    SprintValues = dict
