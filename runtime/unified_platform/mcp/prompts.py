"""`prompts/…`: prompt templates for common jobs. A client gets those that its tools support."""

from __future__ import annotations

import functools
import importlib.resources
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from mcp.server.context import ServerRequestContext
from mcp.shared.exceptions import MCPError
from mcp_types import (
    INVALID_PARAMS,
    GetPromptRequestParams,
    GetPromptResult,
    ListPromptsResult,
    PaginatedRequestParams,
    Prompt,
    PromptArgument,
    PromptMessage,
    TextContent,
)

from unified_platform.mcp.pagination import page
from unified_platform.mcp.profiles import Profiles, Toolboxes
from unified_runtime.core.suggestions import did_you_mean


@dataclass(frozen=True, slots=True)
class PromptTemplate:
    """Template of a common job; see `prompts.toml`. `optional` has an argument's description, and the text used if it is not given."""

    name: str
    title: str
    description: str
    tools: tuple[str, ...]
    text: str
    required: Mapping[str, str]
    optional: Mapping[str, tuple[str, str]]

    def filled(self, given: Mapping[str, str]) -> str:
        """Return the text with these arguments.

        Raises:
            MCPError: an argument is missing or unknown.
        """
        known = [*self.required, *self.optional]
        if unknown := [name for name in given if name not in known]:
            raise MCPError(INVALID_PARAMS, f"Unknown argument: {unknown[0]}{did_you_mean(unknown[0], known)}")
        if missing := [name for name in self.required if not given.get(name, "").strip()]:
            raise MCPError(INVALID_PARAMS, f"Missing argument: {', '.join(missing)}")
        return self.text.format(**{name: given.get(name) or default for name, (_, default) in self.optional.items()} | dict(given))


@functools.cache
def load_prompts() -> Mapping[str, PromptTemplate]:
    """Return every template, by name."""
    text = importlib.resources.files("unified_platform.mcp").joinpath("prompts.toml").read_text(encoding="utf-8")
    return {
        name: PromptTemplate(
            name,
            one["title"],
            one["description"],
            tuple(one["tools"]),
            one["text"].strip(),
            one.get("required", {}),
            {argument: (data, default) for argument, (data, default) in one.get("optional", {}).items()},
        )
        for name, one in tomllib.loads(text).items()
    }


class Prompts:
    """Prompts for a client's tools.

    Args:
        toolboxes, profiles: source of the tools.
        size: prompts of a page.
    """

    def __init__(self, toolboxes: Toolboxes, profiles: Profiles, *, size: int) -> None:
        self._toolboxes = toolboxes
        self._profiles = profiles
        self._size = size

    async def list(self, ctx: ServerRequestContext[Any, Any], params: PaginatedRequestParams | None) -> ListPromptsResult:
        """Return a page of prompts."""
        there = (await self._there(ctx)).values()
        shown, cursor = page([*there], lambda job: job.name, [*load_prompts()], params, self._size)
        return ListPromptsResult(prompts=[_prompt(job) for job in shown], next_cursor=cursor)

    async def get(self, ctx: ServerRequestContext[Any, Any], params: GetPromptRequestParams) -> GetPromptResult:
        """Return a prompt with its arguments inserted.

        Raises:
            MCPError: there is none of that name, or an argument is missing or unknown.
        """
        there = await self._there(ctx)
        job = there.get(params.name)
        if job is None:
            raise MCPError(INVALID_PARAMS, f"Unknown prompt: {params.name}{did_you_mean(params.name, there)}")
        text = TextContent(text=job.filled(params.arguments or {}))
        return GetPromptResult(description=job.description, messages=[PromptMessage(role="user", content=text)])

    async def _there(self, ctx: ServerRequestContext[Any, Any]) -> dict[str, PromptTemplate]:
        box = await self._toolboxes.of(self._profiles(ctx))
        return {name: job for name, job in load_prompts().items() if all(tool in box for tool in job.tools)}


def _prompt(job: PromptTemplate) -> Prompt:
    needed = [PromptArgument(name=name, description=data, required=True) for name, data in job.required.items()]
    optional = [PromptArgument(name=name, description=data, required=False) for name, (data, _) in job.optional.items()]
    return Prompt(name=job.name, title=job.title, description=job.description, arguments=needed + optional)
