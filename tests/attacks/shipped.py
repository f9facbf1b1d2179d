"""The operations of the shipped catalog, and the requests that they would send with given inputs."""

from __future__ import annotations

import importlib
import inspect
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from unified_platform import catalog
from unified_runtime import Client, InvalidInput, Unsupported
from unified_runtime.plans import PlannedRequest


@dataclass(frozen=True, slots=True)
class Shipped:
    """One operation of one vendor. `takes` are its inputs by name, with the annotation that its builder gives them."""

    vendor: str
    name: str
    operation: Any
    takes: Mapping[str, str]
    required: frozenset[str]

    def __str__(self) -> str:
        return f"{self.vendor}-{self.name}"

    def requests(self, **given: Any) -> tuple[PlannedRequest, ...]:
        """What would be sent. Required inputs that are not given are plain ones."""
        inputs = {name: self.plain(name) for name in self.required} | given
        if self.name.endswith(".update") and {*inputs} == {"id"}:
            inputs[self.changes] = "plain"
        invocation = self.operation.build(**{names(self.operation)[name]: value for name, value in inputs.items()}, via=self.vendor)
        return Client().plan(self.operation, invocation).requests

    def plain(self, name: str) -> Any:
        """An input that nobody minds."""
        if self.vendor in IDS and name in {"id", "task_id", "project_id"}:
            return IDS[self.vendor]["task" if name == "task_id" or (name == "id" and self.name.startswith("tasks")) else "other"]
        return PLAIN.get(name, "1234567890")

    @property
    def changes(self) -> str:
        """A field that an update may change to a text."""
        return next(name for name in ("title", "name", "first_name") if name in self.takes)


IDS = {
    "github": {"task": "octo/hello#1", "other": "octo/hello"},
    "trello": {"task": "5f0c1d2e3a4b5c6d7e8f9a0b", "other": "5f0c1d2e3a4b5c6d7e8f9a0c"},
}
PLAIN: dict[str, Any] = {"content": b"x", "email": "a@b.test", "role": "reader", "mime_type": "text/plain"}


def names(operation: Any) -> dict[str, str]:
    """The parameters of a builder by the names of the inputs."""
    return {name.removesuffix("_"): name for name in inspect.signature(operation.build).parameters}


def operations() -> Iterator[Shipped]:
    """Every operation of every vendor."""
    for entry in catalog.load():
        for resource in entry.resources.values():
            module = importlib.import_module(f"unified.{resource.name}")
            for one in resource.operations.values():
                operation = getattr(module, one.name)
                parameters = inspect.signature(operation.build).parameters
                takes = {
                    name.removesuffix("_"): str(parameter.annotation)
                    for name, parameter in parameters.items()
                    if name not in {"via", "extra", "cursor", "key", "limit", "progress"}
                }
                required = {
                    name.removesuffix("_") for name, parameter in parameters.items() if parameter.default is inspect.Parameter.empty
                }
                optional = {*takes} - required
                yield Shipped(
                    entry.name, f"{resource.name}.{one.name}", operation, takes, frozenset(required | ({*one.requires} & optional))
                )


REFUSED = (InvalidInput, Unsupported)
ALL = [*operations()]
