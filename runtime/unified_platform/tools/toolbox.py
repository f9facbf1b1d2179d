"""The tools of one agent: what its toolset holds, via the vendors that its user has connected."""

from __future__ import annotations

import functools
import importlib.resources
import json
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from unified_platform import catalog
from unified_platform.tools.definitions import definitions
from unified_platform.tools.gathering import Progress
from unified_platform.tools.results import Result, sentence
from unified_platform.tools.tool import Setting, Tool
from unified_platform.toolsets import Toolset, parse
from unified_runtime import InvalidInput
from unified_runtime import current as current_client
from unified_runtime.context import current_acting
from unified_runtime.suggest import did_you_mean

if TYPE_CHECKING:
    from unified_runtime import AsyncClient, Client


class Toolbox:
    """Tools by name, in the order of the catalog. Iterating gives the tools."""

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
        """Call a tool by name, as a model asks for it. A name that is none is told like any other mistake."""
        tool = self._named(name)
        return tool.call(arguments, progress=progress) if isinstance(tool, Tool) else tool

    async def acall(self, name: str, arguments: object, *, progress: Progress | None = None) -> Result:
        """The async twin of `call`."""
        tool = self._named(name)
        return await tool.acall(arguments, progress=progress) if isinstance(tool, Tool) else tool

    def _named(self, name: str) -> Tool | Result:
        try:
            return self[name]
        except KeyError:
            told = sentence(f"There is no tool {name!r}{did_you_mean(name, self._tools)}")
            return Result(told, failed=True, error="InvalidInput")

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
    fields: Mapping[str, Iterable[str]] | None = None,
) -> Toolbox:
    """The tools that an agent has for a user. What the client's policy would never allow the agent is not among them.

    Args:
        user: for whom the tools act; None acts through connections of no particular user.
        team: whose shared connections serve beside the user's own.
        agent: which agent it is, for policies and the audit trail.
        toolsets: what the agent may use, such as `["tasks.read", "jira"]`; without, everything but what
            only a toolset that names it holds (`crm_records`). See `unified_platform.toolsets`.
        vendors: the vendors to reach; without, those that the user has connected.
        client, async_client: through which calls are made; without, the one that holds where a tool is called.
        result_tokens: the most that one result may cost a model's context, about (four bytes a token).
        page: records of a list to gather, where the model does not say.
        fields: by resource, the fields of a record to show, such as `{"tasks": ["title", "status"]}`; all of them without.

    Raises:
        InvalidInput: a toolset, vendor or field is none.
    """
    entries = catalog.load()
    held = _toolset(toolsets, entries)
    setting = Setting(user, team, agent, client, async_client, result_tokens, page, fields=_fields(fields))
    reached = _vendors(vendors, setting, entries)
    guard = _client(setting).guard
    offers: dict[str, dict[str, catalog.Operation]] = {}
    for entry in entries:
        for resource in entry.resources.values() if entry.name in reached else ():
            for one in resource.operations.values():
                name = f"{resource.name}.{one.name}"
                if held.holds(entry.name, resource.name, one.name, one.effect) and (
                    guard is None or guard.may_call(agent, name, entry.name)
                ):
                    offers.setdefault(name, {})[entry.name] = one
    wanted = [one for one in definitions().values() if one.operation in offers and not (one.named and toolsets is None)]
    names = frozenset(definition.name for definition in wanted)
    return Toolbox(Tool(definition, offers[definition.operation], setting, names) for definition in wanted)


def _toolset(words: Iterable[str] | str | Toolset | None, entries: tuple[catalog.Entry, ...]) -> Toolset:
    return words if isinstance(words, Toolset) else parse(words, entries)


def _client(setting: Setting) -> Client | AsyncClient:
    return setting.client or setting.async_client or current_client.client()


def _vendors(vendors: Iterable[str] | None, setting: Setting, entries: tuple[catalog.Entry, ...]) -> frozenset[str]:
    known = [entry.name for entry in entries]
    if vendors is None:
        with setting.acting():
            return frozenset(_client(setting).connections.vendors(known, current_acting()))
    wanted = frozenset(vendors)
    for name in sorted(wanted):
        if name not in known:
            raise InvalidInput(f"there is no vendor {name!r}{did_you_mean(name, known)}; the catalog has {', '.join(known)}")
    return wanted


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
    """Names that tools had in earlier releases, with those they have now: an agent's saved prompts go on working."""
    text = importlib.resources.files("unified_platform.tools").joinpath("aliases.json").read_text(encoding="utf-8")
    found: dict[str, str] = json.loads(text)
    return found
