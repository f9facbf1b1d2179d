"""Metric labels with a fixed set of values, so that callers cannot create unlimited time series."""

from __future__ import annotations

from collections.abc import Iterable

from unified_platform.catalog import capabilities

OTHER = "other"
"""Label value of every unknown name."""
NONE = "none"
"""Label value if no vendor was chosen yet."""
MOST = 500
"""Maximum distinct values of a label."""


class KnownLabels:
    """Possible values of a label; any other value counts as `other`."""

    def __init__(self, values: Iterable[str]) -> None:
        self.values = frozenset(sorted(values)[:MOST])

    def __call__(self, value: str | None) -> str:
        if value is None:
            return NONE
        return value if value in self.values else OTHER


def tools_of_catalog() -> list[str]:
    """Return the operations of the compiled catalog (`tasks.create`)."""
    resources = (resource for entry in capabilities.load() for resource in entry.resources.values())
    return sorted({f"{resource.name}.{verb}" for resource in resources for verb in resource.operations})


def outcome_class(outcome: str, status: int | None) -> str:
    """Return a call's outcome for metrics: the class of the HTTP status if a response caused it, else the name of the error."""
    if outcome == "ok" or status is None or status < 400 or outcome in _OWN:
        return outcome
    return f"{min(status // 100, 5)}xx"


_OWN = frozenset({"unauthorized", "rate_limited"})
"""Outcomes with their own name, although a response caused them: someone has to reconnect, or to reduce the request rate."""

_RESULTS = frozenset({"200", "201", "202", "204", "206", "304", "400", "401", "403", "404", "409", "412", "422", "429"})


def result_of(status: int | None, error: str | None) -> str:
    """Return an attempt's result: the error if there was no response, a common status, or the class of another."""
    if error is not None:
        return error
    text = str(status)
    return text if text in _RESULTS else f"{text[:1]}xx"
