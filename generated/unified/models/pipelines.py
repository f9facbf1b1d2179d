"""The unified pipelines: A series of stages that deals go through. Written by `gen build`; do not edit."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypedDict

from pydantic import ConfigDict
from unified_runtime.core.records import Input, Record


class Pipeline(Record):
    """A series of stages that deals go through."""

    id: str
    """The pipeline's id."""
    name: str | None = None
    """The name people see."""


class PipelineFilters(Input):
    """List the pipelines of deals."""

    model_config = ConfigDict(
        extra="forbid",
    )


if TYPE_CHECKING:

    class PipelineValues(TypedDict):
        """Values of Pipeline."""

        id: str
        name: str | None
else:
    PipelineValues = dict
