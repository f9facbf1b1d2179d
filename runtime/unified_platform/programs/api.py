"""Functions that a program can call: the operations of one agent's tools, arranged in modules.

`unified.tasks.create` is the unified operation `tasks.create`; `unified.api.jira.issues.add_watcher` an operation of Jira's document.
`unified.aio` has the same functions as coroutines. A function exists only if the agent has its tool.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from unified_platform.tools import Tool, definitions
from unified_runtime.core.suggestions import did_you_mean

ROOT = "unified"
ASYNC = "aio"
"""Module with the functions as coroutines."""


class ProgramApi(Mapping[str, Tool]):
    """Tools by the path of their function: `tasks.create`, `api.jira.issues.add_watcher`."""

    def __init__(self, tools: Iterable[Tool]) -> None:
        self._tools = {tool.python_path: tool for tool in tools}

    def __getitem__(self, path: str) -> Tool:
        return self._tools[path]

    def __iter__(self) -> Iterator[str]:
        return iter(self._tools)

    def __len__(self) -> int:
        return len(self._tools)

    def only(self, paths: Iterable[str]) -> ProgramApi:
        """Return those of these functions that exist."""
        return ProgramApi(self._tools[path] for path in paths if path in self._tools)

    def modules(self) -> tuple[str, ...]:
        """Return the modules that have functions: `tasks`, `api.jira.issues`."""
        return tuple(dict.fromkeys(path.rpartition(".")[0] for path in self._tools))

    def functions(self, module: str) -> dict[str, Tool]:
        """Return the functions of a module by name."""
        return {path.rpartition(".")[2]: tool for path, tool in self._tools.items() if path.rpartition(".")[0] == module}

    def has_module(self, module: str) -> bool:
        """Return whether this is a module, or contains one."""
        return any(name == module or name.startswith(f"{module}.") for name in self.modules())

    def missing(self, path: str) -> str:
        """Return why there is no function of this path, for a model."""
        module, _, name = path.rpartition(".")
        if any(path in (one.operation, one.resource) for one in definitions().values()):
            return f"{path} is not available to you: your tools, policy or connections do not include it"
        functions = self.functions(module)
        if functions:
            return f"{module} has no function {name}{did_you_mean(name, functions) or '; it has ' + ', '.join(functions)}"
        return f"there is no module {module or path}{did_you_mean(module or path, self.modules())}"
