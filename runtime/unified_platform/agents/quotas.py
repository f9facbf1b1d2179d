"""Daily quotas of an agent, from its table in the agents' file.

```toml
[agents.helper]
toolsets = ["tasks", "contacts"]
max_calls = 1000
max_cost = 5.00
quotas = [
    { tool = "tasks.delete", max_calls = 10 },
    { vendor = "salesforce", max_calls = 200, max_cost = 1.50 },
]
```

Every quota that a call falls under has to leave room for it. Costs are those of the price table, in its currency.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from unified_platform.catalog.capabilities import Entry
from unified_platform.catalog.toolsets import parse_toolset
from unified_runtime.core.errors import InvalidInput
from unified_runtime.core.suggestions import did_you_mean

_KEYS = ("tool", "vendor", "max_calls", "max_cost")
_MOST = 10**15
"""More calls, or billionths, than anybody wants, and fewer than a database can count."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Quota:
    """A bound on one agent's calls of a day. `tool` is an operation or all of a resource (`tasks.create`, `tasks`); None means any."""

    tool: str | None = None
    vendor: str | None = None
    max_calls: int | None = None
    max_cost: Decimal | None = None

    def holds(self, tool: str, vendor: str) -> bool:
        """Return whether a call of a tool via a vendor falls under it."""
        return self.vendor in {None, vendor} and self.tool in {None, tool, tool.partition(".")[0]}

    @property
    def scope(self) -> str:
        """Scope of the quota as text: `tasks.delete via jira`; empty for everything."""
        return " ".join(filter(None, (self.tool, f"via {self.vendor}" if self.vendor else "")))


def parse_quotas(table: Mapping[str, Any], location: str, entries: Sequence[Entry]) -> tuple[Quota, ...]:
    """The quotas of an agent's table.

    Raises:
        InvalidInput: one is none, or names nothing of the catalog.
    """
    found = []
    if "max_calls" in table or "max_cost" in table:
        found.append(Quota(max_calls=_calls(table, location), max_cost=_cost(table, location)))
    listed = table.get("quotas", [])
    if not isinstance(listed, list):
        raise InvalidInput(f'{location}: quotas are a list of tables such as {{ tool = "tasks.delete", max_calls = 10 }}')
    found += [_quota(one, f"{location}, quota {number}", entries) for number, one in enumerate(listed, 1)]
    scopes = [one.scope for one in found]
    for scope in scopes:
        if scopes.count(scope) > 1:
            raise InvalidInput(f"{location} has two quotas for {scope or 'everything'}: one has both max_calls and max_cost")
    return tuple(found)


def _quota(table: object, location: str, entries: Sequence[Entry]) -> Quota:
    if not isinstance(table, dict):
        raise InvalidInput(f"{location} is a table with {', '.join(_KEYS)}")
    for key in table:
        if key not in _KEYS:
            raise InvalidInput(f"{location} has {key!r}{did_you_mean(key, _KEYS)}; expected {', '.join(_KEYS)}")
    tool, vendor = table.get("tool"), table.get("vendor")
    known = {entry.name: entry for entry in entries}
    if vendor is not None and (not isinstance(vendor, str) or vendor not in known):
        raise InvalidInput(f"{location}: there is no vendor {vendor!r}{did_you_mean(str(vendor), known)}")
    if tool is not None:
        _known_tool(tool, location, entries if vendor is None else [known[vendor]])
    calls, cost = _calls(table, location), _cost(table, location)
    if calls is None and cost is None:
        raise InvalidInput(f"{location} needs max_calls, max_cost or both")
    return Quota(tool=tool, vendor=vendor, max_calls=calls, max_cost=cost)


def _known_tool(tool: object, location: str, entries: Sequence[Entry]) -> None:
    if (
        not isinstance(tool, str)
        or tool in {entry.name for entry in entries}
        or tool.rpartition(".")[2] in {"read", "write", "destructive"}
    ):
        raise InvalidInput(f"{location}: tool is an operation such as tasks.create, or a resource such as tasks, not {tool!r}")
    try:
        parse_toolset([tool], entries)
    except InvalidInput as error:
        reason = error.message.removeprefix(f"toolset {tool!r}: ")
    else:
        return
    raise InvalidInput(f"{location}: {reason}")


def _calls(table: Mapping[str, Any], location: str) -> int | None:
    value = table.get("max_calls")
    if value is None:
        return None
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= _MOST:
        raise InvalidInput(f"{location}: max_calls is a whole number from 0, not {value!r}")
    return value


def _cost(table: Mapping[str, Any], location: str) -> Decimal | None:
    value = table.get("max_cost")
    if value is None:
        return None
    try:
        amount = Decimal(value) if isinstance(value, (int, str, Decimal)) and not isinstance(value, bool) else Decimal("NaN")
    except InvalidOperation:
        amount = Decimal("NaN")
    if not amount.is_finite() or not 0 <= amount <= _MOST // 10**9 or amount != round(amount, 9):
        raise InvalidInput(f"{location}: max_cost is an amount such as 5.00, not {value!s}")
    return amount
