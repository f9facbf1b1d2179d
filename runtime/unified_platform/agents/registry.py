"""Agents and what each may use, from a TOML file.

```toml
[agents.helper]
toolsets = ["tasks.read", "comments", "jira.projects"]
max_calls = 1000    # in a day; see quotas.py
rates = [{requests = 100, per = 60}, {requests = 10, per = 1, vendor = "jira"}]
```

`rates` are how many requests it may send to each vendor, or to one: it waits instead of failing (docs/explanation/reliability.md).

An agent that the file does not name may use nothing, and neither may a call that no agent makes.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path

from unified_platform.agents import quotas
from unified_platform.agents.quotas import Quota
from unified_platform.catalog import capabilities
from unified_platform.catalog.capabilities import Entry
from unified_platform.catalog.toolsets import Toolset, api_scopes, parse_toolset
from unified_platform.rate_limits import parse_rates
from unified_runtime.core.errors import InvalidInput
from unified_runtime.core.policy_decisions import Decision, Knowing, PolicyRequest, allow, deny
from unified_runtime.core.suggestions import did_you_mean, shortened
from unified_runtime.rate_limits.reservations import AgentLimit
from unified_runtime.toolkits.raw_requests import is_raw
from unified_runtime.toolkits.registry import names as toolkits
from unified_runtime.toolkits.registry import toolkit

FILE, VARIABLE = "agents.toml", "UNIFIED_AGENTS"
_KEYS = ("toolsets", "max_calls", "max_cost", "quotas", "rates")


class Agents:
    """Agents by name, and a policy engine that keeps each to its toolsets."""

    embedded = True
    immediate = True
    by_tool = True

    def __init__(
        self,
        toolsets: Mapping[str, Toolset],
        quotas: Mapping[str, tuple[Quota, ...]] | None = None,
        rates: Mapping[str, tuple[AgentLimit, ...]] | None = None,
    ) -> None:
        self._toolsets = dict(toolsets)
        self.quotas: Mapping[str, tuple[Quota, ...]] = {name: found for name, found in (quotas or {}).items() if found}
        self.rates = dict(rates or {})
        self._held: dict[str, Mapping[str, tuple[str, ...]]] = {}

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(self._toolsets)

    def toolset(self, agent: str) -> Toolset:
        """Return the toolset of an agent.

        Raises:
            InvalidInput: there is no such agent.
        """
        if agent not in self._toolsets:
            known = ", ".join(self._toolsets) or "none"
            raise InvalidInput(f"there is no agent {agent!r}{did_you_mean(agent, self._toolsets)}; there are: {known}")
        return self._toolsets[agent]

    def operations(self, agent: str, entries: Sequence[Entry], policy: Knowing | None = None) -> Mapping[str, tuple[str, ...]]:
        """The operations to show to an agent, each with the vendors through which it may be used.

        What is not here is not shown: what no toolset of the agent holds, and what the policy would never allow it.

        Raises:
            InvalidInput: there is no such agent.
        """
        toolset = self.toolset(agent)
        found = {**toolset.operations(entries), **toolset.api_operations([entry.name for entry in entries if entry.name in toolkits()])}
        if policy is not None:
            found = {name: tuple(one for one in vendors if policy.may_call(agent, name, one)) for name, vendors in found.items()}
        return {name: vendors for name, vendors in found.items() if vendors}

    def may_call(self, agent: str | None, operation: str, vendor: str) -> bool:
        """Return whether the agent's toolsets hold the operation (`tasks.create`) via the vendor."""
        toolset = self._toolsets.get(agent) if agent is not None else None
        if toolset is None or agent is None:
            return False
        resource, _, name = operation.partition(".")
        if resource == vendor:
            return not is_raw(name) and toolset.holds(vendor, vendor, name, toolkit(vendor).effect(name))
        if agent not in self._held:
            self._held[agent] = toolset.operations(capabilities.load())
        return vendor in self._held[agent].get(operation, ())

    def scopes(self, agent: str, vendor: Entry, policy: Knowing | None = None) -> tuple[str, ...]:
        """The least OAuth scopes that the agent's operations need at a vendor; those that the policy never allows need none.

        Raises:
            InvalidInput: there is no such agent.
        """
        held = self.operations(agent, (vendor,), policy)
        own = capabilities.least_scopes(
            one for resource in vendor.resources.values() for one in resource.operations.values() if f"{resource.name}.{one.name}" in held
        )
        return tuple(sorted({*own, *api_scopes(held, vendor.name)}))

    def decide(self, questions: Sequence[PolicyRequest]) -> list[Decision]:
        """Allow what the agent's toolsets hold. Further policies are combined with this by `AllEngines`."""
        return [self._decide(question) for question in questions]

    def _decide(self, question: PolicyRequest) -> Decision:
        toolset = self._toolsets.get(question.agent) if question.agent is not None else None
        if toolset is None:
            return deny("no agent is named" if question.agent is None else f"agent {shortened(question.agent)} is not known")
        if toolset.holds(question.vendor, question.resource, question.operation, question.effect):
            return allow(policies=(f"agent {question.agent}",), extra=toolset.extra)
        return deny(f"{question.name} via {question.vendor} is in no toolset of agent {question.agent}")


def load_agents(path: str | Path | None, entries: Sequence[Entry]) -> Agents:
    """The agents of a file; by default the one that `UNIFIED_AGENTS` names, else `agents.toml`.

    Raises:
        InvalidInput: it cannot be read, is not of this form, or a toolset names nothing of the catalog.
    """
    location = Path(path if path is not None else os.environ.get(VARIABLE) or FILE)
    try:
        text = location.read_text(encoding="utf-8")
    except OSError as error:
        raise InvalidInput(f"the agents' file {location} cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise InvalidInput(f"the agents' file {location} is not UTF-8") from None
    return parse_agents(text, str(location), entries)


def parse_agents(text: str, location: str, entries: Sequence[Entry]) -> Agents:
    """The agents of a text. Raises as `load_agents` does."""
    try:
        data = tomllib.loads(text, parse_float=Decimal)
    except tomllib.TOMLDecodeError as error:
        raise InvalidInput(f"{location} is not TOML: {error}") from None
    for name in data:
        if name != "agents":
            raise InvalidInput(f"{location}: there is no {name!r}{did_you_mean(name, ['agents'])}; it holds [agents.NAME] tables")
    agents = data.get("agents", {})
    if not isinstance(agents, dict):
        raise InvalidInput(f"{location}: agents are tables, [agents.NAME]")
    toolsets = {name: _toolset(name, details, location, entries) for name, details in agents.items()}
    rates = {
        name: parse_rates(details["rates"], f"{location}: agent {name}", entries) for name, details in agents.items() if "rates" in details
    }
    return Agents(
        toolsets, {name: quotas.parse_quotas(details, f"{location}: agent {name}", entries) for name, details in agents.items()}, rates
    )


def _toolset(name: str, table: object, location: str, entries: Sequence[Entry]) -> Toolset:
    if not isinstance(table, dict):
        raise InvalidInput(f"{location}: agent {name} is a table, [agents.{name}]")
    for key in table:
        if key not in _KEYS:
            raise InvalidInput(f"{location}: agent {name} has {key!r}{did_you_mean(key, _KEYS)}; expected {', '.join(_KEYS)}")
    listed = table.get("toolsets")
    # A toolset that was forgotten must not be one that holds everything.
    if not isinstance(listed, list) or not all(isinstance(each, str) for each in listed):
        raise InvalidInput(f'{location}: agent {name} needs toolsets, a list of texts such as ["tasks.read"]; an empty one holds nothing')
    try:
        return parse_toolset(listed, entries)
    except InvalidInput as error:
        reason = error.message
    raise InvalidInput(f"{location}: agent {name}: {reason}")
