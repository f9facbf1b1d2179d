"""Three tools for a model: search the functions, read their stubs, run a program. Their size does not depend on what is connected."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from unified_platform.programs.limits import Limits
from unified_platform.programs.outcomes import Outcome
from unified_platform.programs.reading import read_api, within
from unified_platform.programs.runner import ProgramRunner
from unified_platform.programs.store import ProgramStore
from unified_platform.programs.synopsis import synopsis
from unified_platform.tools import Definition, Result, Tool, Toolbox, ToolSearch
from unified_platform.tools.argument_checks import ArgumentChecker
from unified_platform.tools.page_collector import Progress
from unified_platform.tools.results import BYTES_PER_TOKEN, sentence
from unified_platform.tools.tool import ToolContext
from unified_runtime import InvalidInput, UnifiedError

SEARCH_TOKENS = 900
"""Maximum tokens of the stubs that a search returns, approximate."""
_SEARCH = Definition(
    name="search_api",
    operation="programs.search",
    like="get",
    effect="read",
    description="Find Python functions of the user's apps by what they shall do. Returns stubs.",
    parameters={
        "type": "object",
        "properties": {"query": {"type": "string"}, "limit": {"type": "integer"}},
        "required": ["query"],
    },
    record={},
    lookups={},
    synonyms=(),
)
_READ = Definition(
    name="read_api",
    operation="programs.read",
    like="get",
    effect="read",
    description="Read the stubs of functions (`tasks.create`) or modules (`tasks`): arguments, allowed values, fields of records.",
    parameters={
        "type": "object",
        "properties": {"names": {"type": "array", "items": {"type": "string"}}},
        "required": ["names"],
    },
    record={},
    lookups={},
    synonyms=(),
)
_RUN = Definition(
    name="run_program",
    operation="programs.run",
    like="create",
    effect="destructive",
    description=(
        "Run a Python program that calls these functions: `from unified import tasks`, then "
        "`for task in tasks.list(status='open'): ...`. Types are checked before anything is sent. Use it for several steps, loops and "
        "filters: only what it prints and the value of its last expression come back. Await functions of `unified.aio` in asyncio.gather "
        "to overlap calls. No files, network, classes with bases or generators. Failed calls raise ValueError (invalid input), LookupError "
        "(not found) or RuntimeError. Calls that need an approval pause the program; it goes on once approved."
    ),
    parameters={
        "type": "object",
        "properties": {
            "code": {"type": "string"},
            "dry_run": {"type": "boolean", "description": "only check, and list what it can call"},
            "key": {"type": "string", "description": "run again under the same key, it repeats no completed call"},
            "atomic": {"type": "boolean", "description": "if it fails, undo what it wrote"},
            "resume": {"type": "string", "description": "id of a paused program, instead of code"},
        },
    },
    record={},
    lookups={},
    synonyms=(),
)


class _ProgramTool(Tool, ABC):
    """Base of the three tools: not an operation, but called and described like one."""

    pauses = True

    def __init__(self, definition: Definition, runner: ProgramRunner, setting: ToolContext) -> None:
        self.definition = definition
        self.vendors = tuple(sorted({vendor for tool in runner.api.values() for vendor in tool.vendors}))
        self.parameters = dict(definition.parameters)
        self.runner = runner
        self._setting = setting
        self._extra = ()
        self._names = frozenset()
        self._checker = ArgumentChecker(definition.parameters, definition.operation)

    @property
    def output(self) -> dict[str, Any]:
        """Return the JSON Schema of a result's `data`, which can have any type."""
        return {}

    def call(self, given: object, *, progress: Progress | None = None) -> Result:
        try:
            return self._respond(self._checker.check(given))
        except UnifiedError as error:
            return _failure(error)

    async def acall(self, given: object, *, progress: Progress | None = None) -> Result:
        return self.call(given, progress=progress)

    @abstractmethod
    def _respond(self, given: Mapping[str, Any]) -> Result: ...


class SearchApi(_ProgramTool):
    """Tool that finds functions."""

    def __init__(self, runner: ProgramRunner, setting: ToolContext, search: ToolSearch) -> None:
        super().__init__(_SEARCH, runner, setting)
        self._search = search
        self._paths = {tool.name: path for path, tool in runner.api.items()}

    def _respond(self, given: Mapping[str, Any]) -> Result:
        found = [one for one in self._search.search(given["query"], given.get("limit", 5)) if one.name in self._paths]
        if not found:
            return Result("Nothing fits. Try other words, or fewer.", {"functions": []})
        paths = [self._paths[one.name] for one in found]
        text, shown = within(self.runner.api, paths, SEARCH_TOKENS)
        more = [f"# {self._paths[one.name]}({one.arguments})" for one in found if self._paths[one.name] not in shown]
        return Result("\n".join([text, *more]), {"functions": paths})


class ReadApi(_ProgramTool):
    """Tool that returns stubs."""

    def __init__(self, runner: ProgramRunner, setting: ToolContext) -> None:
        super().__init__(_READ, runner, setting)

    def _respond(self, given: Mapping[str, Any]) -> Result:
        text = read_api(self.runner.api, given["names"])
        most = self._setting.result_tokens * BYTES_PER_TOKEN
        if len(text) > most:
            text = f"{text[:most]}\n# cut: read fewer functions at once"
        return Result(text, {"stubs": text})


class RunProgram(_ProgramTool):
    """Tool that runs a program, or resumes a paused one."""

    def __init__(self, runner: ProgramRunner, setting: ToolContext) -> None:
        super().__init__(_with_functions(synopsis(runner.api)), runner, setting)

    def _respond(self, given: Mapping[str, Any]) -> Result:
        if id := _resumed(given):
            return _result(self.runner.resume(id))
        return _result(self.runner.run(given["code"], **_options(given)))

    async def acall(self, given: object, *, progress: Progress | None = None) -> Result:
        try:
            values = self._checker.check(given)
            if id := _resumed(values):
                return _result(await self.runner.aresume(id))
            return _result(await self.runner.arun(values["code"], **_options(values)))
        except UnifiedError as error:
            return _failure(error)


def program_tools(toolbox: Toolbox, *, store: ProgramStore | None = None, limits: Limits | None = None, rights: str = "") -> Toolbox:
    """Return the three tools over the tools of an agent.

    Args:
        toolbox: the agent's tools, whose operations programs can call.
        store: stores paused and durable programs.
        limits: limits of each program.
        rights: text that is stored with a program; its rights when it is resumed are derived from it.
    """
    runner = ProgramRunner(list(toolbox), store=store, limits=limits, rights=rights)
    tools = list(toolbox)
    setting = tools[0].setting if tools else ToolContext()
    return Toolbox([SearchApi(runner, setting, ToolSearch(toolbox)), ReadApi(runner, setting), RunProgram(runner, setting)])


def _with_functions(text: str) -> Definition:
    """Return the definition of `run_program` with the functions in the description of its argument `code`."""
    properties = {**_RUN.parameters["properties"], "code": {"type": "string", "description": text}}
    return replace(_RUN, parameters={**_RUN.parameters, "properties": properties}) if text else _RUN


def _resumed(given: Mapping[str, Any]) -> str:
    if "resume" in given:
        return str(given["resume"])
    if "code" not in given:
        raise InvalidInput("code: is required", fields={"code": "is required"})
    return ""


def _options(given: Mapping[str, Any]) -> dict[str, Any]:
    return {name: given[name] for name in ("key", "dry_run", "atomic") if name in given}


def _result(outcome: Outcome) -> Result:
    failed = outcome.state in ("failed", "rejected")
    kind = {"failed": "Rejected", "rejected": "InvalidInput"}.get(outcome.state)
    data = None if failed else {"state": outcome.state, "id": outcome.id, "value": outcome.value, "printed": outcome.printed}
    untrusted = () if failed else ("/value", "/printed")
    approval = outcome.approval or None
    return Result(outcome.text, data, failed, kind, approval=approval, source="program", untrusted=untrusted)


def _failure(error: UnifiedError) -> Result:
    return Result(sentence(error.message), failed=True, error=type(error).__name__, retry=error.retry_safe, fields=dict(error.fields))
