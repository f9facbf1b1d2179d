"""Retention of stored data: days by store, from the environment or the settings of a broker."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, fields

from unified_runtime.core.errors import InvalidInput
from unified_runtime.core.suggestions import did_you_mean

PREFIX = "UNIFIED_RETENTION_"
"""Prefix of the environment variables; the rest is the name of a setting in upper case."""
DAY = 86400.0
_MOST = 36500.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Retention:
    """Days for which data is stored, by store. None: it is never deleted.

    Attributes:
        usage: single calls of the usage store.
        usage_sums: its sums by day.
        inbox: events.
        idempotency: results of writes, and unconfirmed writes, after their last change.
        approvals: approvals after their end.
        programs: programs after their end. Paused ones have a limit of their own.
        sagas: journals of sagas after their end.
        audit: entries of the audit log.
    """

    usage: float = 30
    usage_sums: float = 400
    inbox: float = 30
    idempotency: float = 30
    approvals: float = 30
    programs: float = 30
    sagas: float | None = None
    audit: float | None = None


NAMES = tuple(one.name for one in fields(Retention))


def load_retention(given: Mapping[str, float] | None = None, environ: Mapping[str, str] = os.environ) -> Retention:
    """Return the retention of each store: as given, else of the environment, else the default.

    Raises:
        InvalidInput: the store is unknown, or the number of days is not valid.
    """
    found: dict[str, float] = {}
    for variable, value in environ.items():
        if variable.startswith(PREFIX) and value:
            name = variable.removeprefix(PREFIX).lower()
            try:
                found[_known(name, variable)] = _days(float(value), variable)
            except ValueError:
                raise InvalidInput(f"{variable} = {value!r} is not a number of days") from None
    for name, days in (given or {}).items():
        found[_known(name, f"retention.{name}")] = _days(days, f"retention.{name}")
    retention = Retention(**found)
    if retention.usage_sums < retention.usage:
        raise InvalidInput(
            f"retention: sums of usage are stored for {retention.usage_sums:g} days, less than the {retention.usage:g} of single calls: "
            "set usage_sums to as many at least"
        )
    return retention


def _known(name: str, setting: str) -> str:
    if name not in NAMES:
        raise InvalidInput(f"{setting}: {name!r} is not a store{did_you_mean(name, NAMES)}; stores are {', '.join(NAMES)}")
    return name


def _days(days: float, setting: str) -> float:
    if not 1 <= days <= _MOST:
        raise InvalidInput(f"{setting} = {days:g} is not valid: a number of days from 1 to {_MOST:g}; leave it out for the default")
    return days
