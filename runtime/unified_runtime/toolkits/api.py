"""Python API of a toolkit: `jira.issues.add_watcher(...)`."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from unified_runtime.core.suggestions import did_you_mean
from unified_runtime.toolkits.operations import Caller, ToolkitOperation
from unified_runtime.toolkits.registry import toolkit
from unified_runtime.toolkits.toolkit import Toolkit


class Api:
    """Operations of a vendor, in groups as attributes. Calls are made by the client that `caller` returns."""

    def __init__(self, toolkit: Toolkit, caller: Callable[[], Caller]) -> None:
        self._toolkit = toolkit
        self._caller = caller

    def call(self, operation: str, /, **arguments: Any) -> Any:
        """Call an operation by its name in the vendor's document, `METHOD /path`, or `group.name`.

        Raises:
            InvalidInput: there is no such operation, or an argument is unknown, missing or not valid.
            UnifiedError: see `unified_runtime.core.errors`.
        """
        return self.operation(operation)(**arguments)

    def operation(self, name: str, /) -> ToolkitOperation:
        """Return an operation; see `call`.

        Raises:
            InvalidInput: there is no such operation.
        """
        return self._toolkit.operation(name, self._caller)

    def __iter__(self) -> Iterator[str]:
        """Iterate over the names of the groups."""
        return iter(self._toolkit.groups)

    def __getattr__(self, name: str) -> Group:
        if name.startswith("__"):
            raise AttributeError(name)
        names = self._toolkit.groups.get(name)
        if names is None:
            title = self._toolkit.vendor.title
            raise AttributeError(f"{title} has no group {name!r}{did_you_mean(name, self._toolkit.groups)}")
        return Group(self, name, names)

    def __dir__(self) -> Iterator[str]:
        yield from ("call", "operation", *self._toolkit.groups)

    def __repr__(self) -> str:
        return f"<Api {self._toolkit.vendor.name}: {len(self._toolkit)} operations in {len(self._toolkit.groups)} groups>"


class Group:
    """Operations of one group, as attributes."""

    def __init__(self, api: Api, name: str, names: Mapping[str, str]) -> None:
        self._api = api
        self._name = name
        self._names = names

    def __iter__(self) -> Iterator[str]:
        """Iterate over the names of the operations."""
        return iter(self._names)

    def __getattr__(self, name: str) -> ToolkitOperation:
        if name.startswith("__"):
            raise AttributeError(name)
        found = self._names.get(name) or self._names.get(f"{name}_")
        if found is None:
            raise AttributeError(f"{self._name} has no operation {name!r}{did_you_mean(name, self._names)}")
        return self._api.operation(found)

    def __dir__(self) -> Iterator[str]:
        yield from self._names

    def __repr__(self) -> str:
        return f"<Group {self._name}: {', '.join(self._names)}>"


def api(name: str, caller: Callable[[], Caller]) -> Api:
    """Return the API of a toolkit by its name, or by that name with underscores.

    Raises:
        InvalidInput: there is no such toolkit.
    """
    return Api(toolkit(name.replace("_", "-")), caller)
