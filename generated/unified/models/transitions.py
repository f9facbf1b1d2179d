"""The unified transitions: A step that a task may take now. Written by `gen build`; do not edit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal, TypedDict

from pydantic import ConfigDict, Field
from unified_runtime.core.records import Input, Record


class Transition(Record):
    """A step that a task may take now."""

    id: str
    """The step's id."""
    name: str | None = None
    """The vendor's name for it."""
    status: Literal["open", "in_progress", "done", "canceled"] | None = None
    """The status it leads to."""
    status_label: str | None = None
    """The vendor's own value of status."""


class TransitionFilters(Input):
    """List the steps a task may take."""

    model_config = ConfigDict(
        extra="forbid",
    )
    task_id: Annotated[str, Field(min_length=1)]
    """Of this task."""


if TYPE_CHECKING:

    class TransitionValues(TypedDict):
        """Values of Transition."""

        id: str
        name: str | None
        status: Literal["open", "in_progress", "done", "canceled"] | None
        status_label: str | None
else:
    TransitionValues = dict
