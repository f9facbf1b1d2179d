"""`prompts/…`: common jobs, worded once, for people to start from. A client is shown those that its tools can do."""

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

from unified_platform.mcp.pages import page
from unified_platform.mcp.profiles import Profiles, Toolboxes
from unified_runtime.suggest import did_you_mean


@dataclass(frozen=True, slots=True)
class Job:
    """A common job; see `jobs.toml`. `optional` holds what an argument is, and what stands where it is not given."""

    name: str
    title: str
    description: str
    tools: tuple[str, ...]
    text: str
    required: Mapping[str, str]
    optional: Mapping[str, tuple[str, str]]

    def filled(self, given: Mapping[str, str]) -> str:
        """The text with these arguments.

        Raises:
            MCPError: one is missing or unknown.
        """
        known = [*self.required, *self.optional]
        if unknown := [name for name in given if name not in known]:
            raise MCPError(INVALID_PARAMS, f"Unknown argument: {unknown[0]}{did_you_mean(unknown[0], known)}")
        if missing := [name for name in self.required if not given.get(name, "").strip()]:
            raise MCPError(INVALID_PARAMS, f"Missing argument: {', '.join(missing)}")
        return self.text.format(**{name: given.get(name) or default for name, (_, default) in self.optional.items()} | dict(given))


@functools.cache
def jobs() -> Mapping[str, Job]:
    """Every job, by name."""
    text = importlib.resources.files("unified_platform.mcp").joinpath("jobs.toml").read_text(encoding="utf-8")
    return {
        name: Job(
            name,
            one["title"],
            one["description"],
            tuple(one["tools"]),
            one["text"].strip(),
            one.get("required", {}),
            {argument: (told, default) for argument, (told, default) in one.get("optional", {}).items()},
        )
        for name, one in tomllib.loads(text).items()
    }


class Prompting:
    """The jobs that a client's tools can do.

    Args:
        toolboxes, profiles: whose tools there are.
        size: prompts of a page.
    """

    def __init__(self, toolboxes: Toolboxes, profiles: Profiles, *, size: int) -> None:
        self._toolboxes = toolboxes
        self._profiles = profiles
        self._size = size

    async def list(self, ctx: ServerRequestContext[Any, Any], params: PaginatedRequestParams | None) -> ListPromptsResult:
        """A page of them."""
        there = (await self._there(ctx)).values()
        shown, cursor = page([*there], lambda job: job.name, [*jobs()], params, self._size)
        return ListPromptsResult(prompts=[_prompt(job) for job in shown], next_cursor=cursor)

    async def get(self, ctx: ServerRequestContext[Any, Any], params: GetPromptRequestParams) -> GetPromptResult:
        """One, with its arguments filled in.

        Raises:
            MCPError: there is none of that name, or an argument is missing or unknown.
        """
        there = await self._there(ctx)
        job = there.get(params.name)
        if job is None:
            raise MCPError(INVALID_PARAMS, f"Unknown prompt: {params.name}{did_you_mean(params.name, there)}")
        text = TextContent(text=job.filled(params.arguments or {}))
        return GetPromptResult(description=job.description, messages=[PromptMessage(role="user", content=text)])

    async def _there(self, ctx: ServerRequestContext[Any, Any]) -> dict[str, Job]:
        box = await self._toolboxes.of(self._profiles(ctx))
        return {name: job for name, job in jobs().items() if all(tool in box for tool in job.tools)}


def _prompt(job: Job) -> Prompt:
    needed = [PromptArgument(name=name, description=told, required=True) for name, told in job.required.items()]
    optional = [PromptArgument(name=name, description=told, required=False) for name, (told, _) in job.optional.items()]
    return Prompt(name=job.name, title=job.title, description=job.description, arguments=needed + optional)
