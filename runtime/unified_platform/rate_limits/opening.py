"""Opens the rate limiter that `UNIFIED_RATE_LIMITS` names, with the limits of agents from the agents' file."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any, cast

from unified_runtime.core.errors import InvalidInput
from unified_runtime.core.suggestions import did_you_mean, shortened
from unified_runtime.rate_limits.rate_limiter import MemoryRateLimiter
from unified_runtime.rate_limits.reservations import AgentLimit, Agents

if TYPE_CHECKING:
    from unified_platform.catalog.capabilities import Entry
    from unified_platform.rate_limits.redis import RedisRateLimiter

URL = "UNIFIED_RATE_LIMITS"
_SCHEMES = ("redis://", "rediss://", "unix://")
_KEYS = ("requests", "per", "vendor")


def default_url(environ: Mapping[str, str] = os.environ) -> str | None:
    """The server that `UNIFIED_RATE_LIMITS` names; None: this process's memory."""
    return environ.get(URL) or None


def open_rate_limiter(url: str | None = None, *, agents: Agents | None = None, processes: int = 1) -> MemoryRateLimiter | RedisRateLimiter:
    """Open the rate limiter of an installation, for `Client(rate_limiter=...)`.

    Args:
        url: a Redis server, `redis://…`, that several processes share; by default `UNIFIED_RATE_LIMITS`, else this process's memory.
        agents: agents' own limits by name; those of `*` hold for each agent that is not named.
        processes: how many there are at least. While Redis does not respond, each has its share of every limit.

    Raises:
        InvalidInput: the URL is none, or the extra `redis` is not installed.
    """
    location = url if url is not None else default_url()
    if location is None:
        return MemoryRateLimiter(agents)
    if not location.startswith(_SCHEMES):  # the address may hold a password: it is not shown
        raise InvalidInput(f"rate limits are counted by a Redis server: its address begins with {', '.join(_SCHEMES)}")
    from unified_platform.rate_limits.redis import RedisRateLimiter

    try:
        return RedisRateLimiter(location, agents, processes=processes)
    except ValueError:
        pass
    raise InvalidInput("the address of the Redis server for rate limits is malformed: redis://user:password@host:6379/0")


def shared_rate_limiter(environ: Mapping[str, str] = os.environ) -> RedisRateLimiter | None:
    """Open the rate limiter in the server that `UNIFIED_RATE_LIMITS` names; None if it is not set, and the process counts for itself.

    Raises:
        InvalidInput: as `open_rate_limiter` does.
    """
    url = default_url(environ)
    if url is None:
        return None
    opened = open_rate_limiter(url)
    return None if isinstance(opened, MemoryRateLimiter) else opened


def parse_rates(rates: object, where: str, entries: Sequence[Entry]) -> tuple[AgentLimit, ...]:
    """Return an agent's own limits from a file: `[{requests = 100, per = 60, vendor = "github"}]`.

    Raises:
        InvalidInput: they are not of this form, or name no vendor of the catalog. `where` names them in the message.
    """
    if not isinstance(rates, list):
        raise InvalidInput(f"{where}: rates are a list, such as [{{requests = 100, per = 60}}]")
    return tuple(_rate(one, where, [entry.name for entry in entries]) for one in cast("list[object]", rates))


def _rate(given: object, where: str, known: list[str]) -> AgentLimit:
    if not isinstance(given, dict):
        raise InvalidInput(f"{where}: a rate is a table, such as {{requests = 100, per = 60}}, not {shortened(given)}")
    data = cast("dict[str, Any]", given)
    for key in data:
        if key not in _KEYS:
            raise InvalidInput(f"{where}: a rate has {key!r}{did_you_mean(key, _KEYS)}; expected {', '.join(_KEYS)}")
    requests, per, vendor = data.get("requests"), data.get("per"), data.get("vendor")
    if not isinstance(requests, int) or isinstance(requests, bool) or requests < 1:
        raise InvalidInput(f"{where}: a rate needs requests, a whole number from 1")
    if not isinstance(per, int | float | Decimal) or isinstance(per, bool) or not 0 < per <= 400 * 86400:
        raise InvalidInput(f"{where}: a rate needs per, a number of seconds")
    if vendor is not None and vendor not in known:
        raise InvalidInput(f"{where}: there is no vendor {shortened(vendor)}{did_you_mean(str(vendor), known)}")
    return AgentLimit(requests, float(per), vendor)
