"""Toolbox of one agent: the tools of its toolset, for the vendors that its user has connected."""

from __future__ import annotations

import functools
import importlib.resources
import json
import warnings
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from unified_platform.catalog import capabilities
from unified_platform.catalog.toolsets import EVERYTHING, Toolset, parse_toolset
from unified_platform.record_search.search import search_source
from unified_platform.tools.definitions import definitions
from unified_platform.tools.page_collector import Progress
from unified_platform.tools.record_search_tool import record_search_tool
from unified_platform.tools.results import Result, sentence
from unified_platform.tools.tool import Tool, ToolContext
from unified_platform.tools.tool_names import similar_tool
from unified_runtime import InvalidInput, NotConnected
from unified_runtime.client import current as current_client
from unified_runtime.client.broker import BrokerConnections
from unified_runtime.core.context import current_acting
from unified_runtime.core.suggestions import did_you_mean
from unified_runtime.toolkits import registry
from unified_runtime.toolkits.registry import names as toolkit_names

if TYPE_CHECKING:
    from unified_platform.tools.file_store import FileStore
    from unified_runtime import AsyncClient, Client


class Toolbox:
    """Tools by name, in the order of the catalog. Iteration yields the tools."""

    def __init__(self, tools: Iterable[Tool]) -> None:
        self._tools = {tool.name: tool for tool in tools}

    def __iter__(self) -> Iterator[Tool]:
        return iter(self._tools.values())

    def __len__(self) -> int:
        return len(self._tools)

    def __contains__(self, name: object) -> bool:
        return name in self._tools

    def __getitem__(self, name: str) -> Tool:
        return self._tools[aliases().get(name, name)] if name not in self._tools else self._tools[name]

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(self._tools)

    def call(self, name: str, arguments: object, *, progress: Progress | None = None) -> Result:
        """Call a tool by name, as requested by a model. An unknown name is a result with an error, like any other mistake."""
        tool = self._named(name)
        return tool.call(arguments, progress=progress) if isinstance(tool, Tool) else tool

    async def acall(self, name: str, arguments: object, *, progress: Progress | None = None) -> Result:
        """Call a tool by name, for async code; see `call`."""
        tool = self._named(name)
        return await tool.acall(arguments, progress=progress) if isinstance(tool, Tool) else tool

    def _named(self, name: str) -> Tool | Result:
        try:
            return self[name]
        except KeyError:
            data = sentence(f"There is no tool {name!r}{similar_tool(name, self._tools)}")
            return Result(data, failed=True, error="InvalidInput")

    def __repr__(self) -> str:
        return f"<Toolbox {', '.join(self._tools)}>"


def tools(
    *,
    user: str | None = None,
    team: str | None = None,
    agent: str | None = None,
    toolsets: Iterable[str] | str | Toolset | None = None,
    vendors: Iterable[str] | None = None,
    client: Client | None = None,
    async_client: AsyncClient | None = None,
    result_tokens: int = 4000,
    page: int = 20,
    text: int = 300,
    fields: Mapping[str, Iterable[str]] | None = None,
    files: FileStore | None = None,
    unconnected: bool = False,
    on_not_connected: Callable[[NotConnected], object] | None = None,
) -> Toolbox:
    """Return the tools of an agent for a user, without those that the client's policy would never allow the agent.

    Through a broker, they are those that its key or token and the broker's policies allow; `toolsets` may narrow them further.

    Args:
        user: user whose connections are used; None for connections of no particular user.
        team: team whose shared connections are used in addition.
        agent: name of the agent, for policies and the audit log.
        toolsets: allowed tools, such as `["tasks.read", "jira"]`; by default everything except tools
            that only a toolset with their name includes (`crm_records`). See `unified_platform.catalog.toolsets`.
        vendors: vendors to use, of which the tools list those that the user has connected, or all if none is; by default
            every connected vendor.
        client, async_client: client for calls; by default the current client at the time of the call.
        result_tokens: maximum tokens of one result in a model's context; see `token_counts`.
        page: records of a list to collect, unless the model requests a number.
        text: maximum characters of a text in a list; longer ones are cut, and can be read with a tool that gets one record.
        fields: fields of a record to include, by resource, such as `{"tasks": ["title", "status"]}`; by default all.
        files: the agent's files, which tools of toolkits receive and send by handle; by default in the user's data folder.
        unconnected: include the tools of vendors that the user has not connected yet: a call reports it, with the page to connect it.
        on_not_connected: called with the error (`NotConnected`, with its `url`) if a call finds no connection, to show the page to the
            user and wait, such as by `Connect.wait_for_connection`. If it returns True, the call is repeated once. It may be async.

    Raises:
        InvalidInput: a toolset, vendor or field does not exist.
    """
    entries = capabilities.load()
    held = _toolset(toolsets, entries)
    setting = ToolContext(
        user, team, agent, client, async_client, result_tokens, page, text, fields=_fields(fields), files=files,
        on_not_connected=on_not_connected,
    )  # fmt: skip
    client_ = _client(setting)
    broker = client_.connections if client_.broker_client is not None else None
    allowed: Mapping[str, tuple[str, ...]] | None = None
    if isinstance(broker, BrokerConnections):
        # The broker's keys and policies decide; policies of this process are irrelevant.
        named = None if vendors is None else [*vendors]
        if named is not None:
            _known(named, entries)
        with setting.acting():
            allowed = broker.operations(named, current_acting())
        reached = frozenset(one for via in allowed.values() for one in via)
    else:
        reached = _vendors(vendors, setting, entries, unconnected=unconnected)
    enforcer = client_.policy if allowed is None else None
    offers: dict[str, dict[str, capabilities.Operation]] = {}
    for entry in entries:
        for resource in entry.resources.values() if entry.name in reached else ():
            for one in resource.operations.values():
                name = f"{resource.name}.{one.name}"
                if allowed is not None and entry.name not in allowed.get(name, ()):
                    continue
                if held.holds(entry.name, resource.name, one.name, one.effect) and (
                    enforcer is None or enforcer.may_call(agent, name, entry.name)
                ):
                    offers.setdefault(name, {})[entry.name] = one
    wanted = [one for one in definitions().values() if one.operation in offers and not (one.named and toolsets is None and allowed is None)]
    names = frozenset(definition.name for definition in wanted)
    extra = () if held is EVERYTHING else held.extra  # only a toolset can include it
    made = [Tool(definition, offers[definition.operation], setting, names, extra) for definition in wanted]
    lists = [one.operation for one in wanted if one.like == "list"]
    searches = [search_source(one, vendor, offer) for one in lists for vendor, offer in offers[one].items()]
    searching = record_search_tool([one for one in searches if one is not None], setting)
    found = Toolbox([*made, *([searching] if searching is not None else ()), *_of_toolkits(held, vendors, setting, agent, allowed)])
    if not found:
        _warn_empty(user, reached, through_broker=allowed is not None, own_client=client is not None or async_client is not None)
    return found


def _warn_empty(user: str | None, reached: Collection[str], *, through_broker: bool, own_client: bool) -> None:
    """Warn that there are no tools, with the reason."""
    of_user = f"user {user!r}" if user is not None else "no user"
    if through_broker:
        reason = "the broker's key and policies allow none of these toolsets"
    elif reached:
        reason = f"the toolsets and the policy allow nothing of what {of_user} has connected ({', '.join(sorted(reached))})"
    else:
        where = "in this client. Connect a vendor" if own_client else "in the default client. Pass client=, connect a vendor"
        reason = f"{of_user} has connected no vendor {where}, or pass unconnected=True"
    warnings.warn(f"there are no tools: {reason}", stacklevel=3)


def _of_toolkits(
    held: Toolset,
    vendors: Iterable[str] | None,
    setting: ToolContext,
    agent: str | None,
    allowed: Mapping[str, tuple[str, ...]] | None,
) -> Iterator[Tool]:
    """Yield the tools of the operations of vendors' documents that a toolset names and the policy could allow; through a broker, those
    that it `allowed`."""
    if not held.api and (allowed is None or held is not EVERYTHING):
        return
    from unified_platform.tools.toolkit_tools import ToolkitTool, toolkit_tools  # imported late: most agents use unified operations only

    if allowed is not None:
        for name, via in allowed.items():
            vendor, _, operation = name.partition(".")
            if vendor not in via or vendor not in toolkit_names():
                continue  # a unified operation, or a toolkit that is not installed here
            toolkit = registry.toolkit(vendor)
            if operation in toolkit and (held is EVERYTHING or held.holds(vendor, vendor, operation, toolkit.effect(operation))):
                yield ToolkitTool(toolkit, operation, setting)
        return
    among = toolkit_names() if vendors is None else [*vendors]
    client = _client(setting)
    with setting.acting():
        connected = client.connections.vendors(list(among), current_acting())
    for tool in toolkit_tools(held.api, connected, setting):
        if client.policy is None or client.policy.may_call(agent, tool.operation, tool.vendors[0]):
            yield tool


def _toolset(words: Iterable[str] | str | Toolset | None, entries: tuple[capabilities.Entry, ...]) -> Toolset:
    return words if isinstance(words, Toolset) else parse_toolset(words, entries)


def _client(setting: ToolContext) -> Client | AsyncClient:
    return setting.client or setting.async_client or current_client.client()


def _vendors(
    vendors: Iterable[str] | None, setting: ToolContext, entries: tuple[capabilities.Entry, ...], *, unconnected: bool
) -> frozenset[str]:
    """Return the connected vendors, of the named ones if any are named. If none of these is connected, all of them: a call reports it."""
    named = None if vendors is None else _known(vendors, entries)
    if unconnected:
        return named if named is not None else frozenset(entry.name for entry in entries)
    with setting.acting():
        connected = _client(setting).connections.vendors([entry.name for entry in entries] if named is None else named, current_acting())
    return frozenset(connected or named or ())


def _known(vendors: Iterable[str], entries: tuple[capabilities.Entry, ...]) -> frozenset[str]:
    """Return the named vendors of the catalog, after checking that each is in it, or has a toolkit."""
    known = [entry.name for entry in entries]
    wanted = frozenset(vendors)
    for name in sorted(wanted):
        if name not in known and name not in toolkit_names():
            raise InvalidInput(f"there is no vendor {name!r}{did_you_mean(name, known)}; the catalog has {', '.join(known)}")
    return wanted & {*known}


def _fields(fields: Mapping[str, Iterable[str]] | None) -> dict[str, tuple[str, ...]] | None:
    if fields is None:
        return None
    records = {definition.resource: definition.record["properties"] for definition in definitions().values()}
    for resource, names in fields.items():
        if resource not in records:
            raise InvalidInput(f"fields: there is no resource {resource!r}{did_you_mean(resource, records)}")
        for name in names:
            if name not in records[resource]:
                raise InvalidInput(f"fields: {resource} has no field {name!r}{did_you_mean(name, records[resource])}")
    return {resource: tuple(names) for resource, names in fields.items()}


@functools.cache
def aliases() -> Mapping[str, str]:
    """Return earlier names of tools with their current names: saved prompts of agents continue to work."""
    text = importlib.resources.files("unified_platform.tools").joinpath("aliases.json").read_text(encoding="utf-8")
    found: dict[str, str] = json.loads(text)
    return found
