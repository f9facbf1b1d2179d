"""Labels whose values are known beforehand: a metric that anybody could give labels to would grow without end."""

from __future__ import annotations

from collections.abc import Iterable

from unified_platform import catalog

OTHER = "other"
"""Stands for every value that is not known."""
NONE = "none"
"""Stands for a vendor that was not chosen yet."""
MOST = 500
"""Values of a label that are told apart at the most."""


class Known:
    """The values that a label may have; any other counts as `other`."""

    def __init__(self, values: Iterable[str]) -> None:
        self.values = frozenset(sorted(values)[:MOST])

    def __call__(self, value: str | None) -> str:
        if value is None:
            return NONE
        return value if value in self.values else OTHER


def tools_of_catalog() -> list[str]:
    """The operations of the compiled catalog (`tasks.create`)."""
    resources = (resource for entry in catalog.load() for resource in entry.resources.values())
    return sorted({f"{resource.name}.{verb}" for resource in resources for verb in resource.operations})


def vendors_of_catalog() -> list[str]:
    return [entry.name for entry in catalog.load()]


def outcome_class(outcome: str, status: int | None) -> str:
    """A call's outcome as a metric tells it: the class of the HTTP status where an answer was the cause, else the error's own name."""
    if outcome == "ok" or status is None or status < 400 or outcome in _OWN:
        return outcome
    return f"{min(status // 100, 5)}xx"


_OWN = frozenset({"unauthorized", "rate_limited"})
"""Told by their names, although an answer was the cause: somebody has to connect again, or to ask for less."""

_RESULTS = frozenset({"200", "201", "202", "204", "206", "304", "400", "401", "403", "404", "409", "412", "422", "429"})


def result_of(status: int | None, error: str | None) -> str:
    """An attempt's result: why there was no answer, a status that is usual, or the class of another."""
    if error is not None:
        return error
    text = str(status)
    return text if text in _RESULTS else f"{text[:1]}xx"
