"""Placeholder responses of a plan: no request is sent, and later requests contain `Symbol`s."""

from __future__ import annotations

from unified_runtime.core.responses import Response


class PlanEnds(Exception):
    """Raised inside an adapter to end a plan: the rest depends on a response that does not exist."""


class PlannedResponse(Response):
    """Placeholder that a planner sends into an adapter instead of a response."""

    __slots__ = ()


PLANNED = PlannedResponse(200, (), b"", "")
