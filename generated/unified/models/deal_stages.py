"""The unified deal_stages: A stage that deals can be in. Written by `gen build`; do not edit."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Literal, TypedDict

from pydantic import ConfigDict, Field
from unified_runtime.core.records import Input, Record


class DealStage(Record):
    """A stage that deals can be in."""

    id: str
    """The stage's id."""
    name: str | None = None
    """The name people see."""
    pipeline_id: str | None = None
    """The series of stages it is in."""
    status: Literal["open", "won", "lost"] | None = None
    """What it means for a deal."""
    probability: Decimal | None = None
    """How likely deals in it are won, from 0 to 1."""


class DealStageFilters(Input):
    """List stages."""

    model_config = ConfigDict(
        extra="forbid",
    )
    pipeline_id: Annotated[str | None, Field(min_length=1)] = None
    """Of this pipeline."""


if TYPE_CHECKING:

    class DealStageValues(TypedDict):
        """Values of DealStage."""

        id: str
        name: str | None
        pipeline_id: str | None
        status: Literal["open", "won", "lost"] | None
        probability: Decimal | None
else:
    DealStageValues = dict
