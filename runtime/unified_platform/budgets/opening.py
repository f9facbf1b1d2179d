"""Where requests are counted: `UNIFIED_BUDGET` names a Redis server; and what the agents' file says each agent may use."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any, cast

from unified_runtime.errors import InvalidInput
from unified_runtime.pacing.budgets import AgentLimit, Agents, MemoryBudget
from unified_runtime.suggest import did_you_mean, shortened

if TYPE_CHECKING:
    from unified_platform.budgets.redis import RedisBudget
    from unified_platform.catalog import Entry

URL = "UNIFIED_BUDGET"
_SCHEMES = ("redis://", "rediss://", "unix://")
_KEYS = ("requests", "per", "vendor")


def default_url(environ: Mapping[str, str] = os.environ) -> str | None:
    """The server that `UNIFIED_BUDGET` names; None: this process's memory."""
    return environ.get(URL) or None


def open_budget(url: str | None = None, *, agents: Agents | None = None, processes: int = 1) -> MemoryBudget | RedisBudget:
    """The budget of an installation, for `unified.pace` or `Client(budget=...)`.

    Args:
        url: a Redis server, `redis://…`, that several processes share; by default what `UNIFIED_BUDGET` says, else this process's memory.
        agents: agents' own limits by name; those of `*` hold for each agent that is not named.
        processes: how many there are at least. While Redis does not answer, each has its share of every limit.

    Raises:
        InvalidInput: the URL is none, or the extra `redis` is not installed.
    """
    place = url if url is not None else default_url()
    if place is None:
        return MemoryBudget(agents)
    if not place.startswith(_SCHEMES):  # the address may hold a password: it is not shown
        raise InvalidInput(f"a budget lies in a Redis server: its address begins with {', '.join(_SCHEMES)}")
    from unified_platform.budgets.redis import RedisBudget

    try:
        return RedisBudget(place, agents, processes=processes)
    except ValueError:
        pass
    raise InvalidInput("the address of the Redis server for budgets is malformed: redis://user:password@host:6379/0")


def shared_budget(environ: Mapping[str, str] = os.environ) -> RedisBudget | None:
    """The budget in the server that `UNIFIED_BUDGET` names; None where it names none, and the process counts for itself.

    Raises:
        InvalidInput: as `open_budget` does.
    """
    url = default_url(environ)
    if url is None:
        return None
    opened = open_budget(url)
    return None if isinstance(opened, MemoryBudget) else opened


def rates_of(told: object, where: str, entries: Sequence[Entry]) -> tuple[AgentLimit, ...]:
    """An agent's own limits, as a file says them: `[{requests = 100, per = 60, vendor = "github"}]`.

    Raises:
        InvalidInput: they are not of this form, or name no vendor of the catalog. `where` says which they are.
    """
    if not isinstance(told, list):
        raise InvalidInput(f"{where}: rates are a list, such as [{{requests = 100, per = 60}}]")
    return tuple(_rate(one, where, [entry.name for entry in entries]) for one in cast("list[object]", told))


def _rate(given: object, where: str, known: list[str]) -> AgentLimit:
    if not isinstance(given, dict):
        raise InvalidInput(f"{where}: a rate is a table, such as {{requests = 100, per = 60}}, not {shortened(given)}")
    told = cast("dict[str, Any]", given)
    for key in told:
        if key not in _KEYS:
            raise InvalidInput(f"{where}: a rate has {key!r}{did_you_mean(key, _KEYS)}; it takes {', '.join(_KEYS)}")
    requests, per, vendor = told.get("requests"), told.get("per"), told.get("vendor")
    if not isinstance(requests, int) or isinstance(requests, bool) or requests < 1:
        raise InvalidInput(f"{where}: a rate needs requests, a whole number from 1")
    if not isinstance(per, int | float | Decimal) or isinstance(per, bool) or not 0 < per <= 400 * 86400:
        raise InvalidInput(f"{where}: a rate needs per, a number of seconds")
    if vendor is not None and vendor not in known:
        raise InvalidInput(f"{where}: there is no vendor {shortened(vendor)}{did_you_mean(str(vendor), known)}")
    return AgentLimit(requests, float(per), vendor)
