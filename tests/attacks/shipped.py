"""Operations of the shipped catalog, and the requests that they would send for given inputs."""

from __future__ import annotations

import functools
import importlib
import inspect
import itertools
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from tests.support.samples import custom_field, sample_id
from unified_platform.catalog import capabilities
from unified_runtime import Client, InvalidInput, UnifiedError, Unsupported
from unified_runtime.core.plans import PlannedRequest


class Unknown(Exception):
    """The test knows no inputs that an operation accepts."""


@dataclass(frozen=True)
class Shipped:
    """One operation of one vendor. `takes` has its inputs by name, with the annotations of its builder."""

    vendor: str
    name: str
    operation: Any
    takes: Mapping[str, str]
    required: frozenset[str]

    def __str__(self) -> str:
        return f"{self.vendor}-{self.name}"

    def requests(self, **given: Any) -> tuple[PlannedRequest, ...]:
        """Return the requests that would be sent. Required inputs that are not given get harmless values."""
        inputs = dict(self.plain) | given
        invocation = self.operation.build(**{names(self.operation)[name]: value for name, value in inputs.items()}, via=self.vendor)
        return Client().plan(self.operation, invocation).requests

    @property
    def ids(self) -> list[str]:
        """Return the names of the required ids."""
        return sorted(name for name in self.required if _is_id(name))

    @functools.cached_property
    def plain(self) -> Mapping[str, Any]:
        """Return harmless inputs: ids in the vendor's format, and the first other values that this operation accepts."""
        ids = {name: sample_id(self.vendor, self.name, name) for name in self.ids}
        typed = {name: _value(self, name) for name in self.required if not _is_id(name)}
        several = [[(name, value) for value in values] for name, values in typed.items() if isinstance(values, tuple)]
        if self.name.endswith(".update"):
            # Texts first: other fields may have to be changed together with others.
            changed = sorted(self.takes.keys() - self.required, key=lambda name: ("str" not in self.takes[name], name))
            several += [[(name, _value(self, name)) for name in changed]] if changed else []
        for words in itertools.product(*several):
            inputs = typed | ids | dict(words)
            invocation = self.operation.build(**{names(self.operation)[name]: value for name, value in inputs.items()}, via=self.vendor)
            try:
                Client().plan(self.operation, invocation)
            except UnifiedError:
                continue
            return inputs
        raise Unknown(f"{self}: no plain inputs are known")


def _is_id(name: str) -> bool:
    return name == "id" or name.endswith("_id")


def _value(one: Shipped, name: str) -> Any:
    if name == "custom_fields" and "Mapping" in one.takes[name]:
        return {custom_field(one.vendor, one.operation.resource): "plain"}
    return TYPED.get(name) or (sample_id(one.vendor, one.name, name) if _is_id(name) else _of(one.takes[name]))


def _of(annotation: str) -> Any:
    """Return a value of the type of a builder's parameter."""
    if word := re.search(r"Literal\['([^']+)'", annotation):
        return word[1]
    for word, value in (
        ("datetime", datetime(2026, 11, 26, 12, tzinfo=UTC)),
        ("date", date(2026, 11, 26)),
        ("Decimal", Decimal(1)),
        ("bool", True),
        ("int", 1),
    ):
        if word in annotation:
            return value
    return ["plain"] if "list[" in annotation or "Sequence[" in annotation else "plain"


TYPED: dict[str, Any] = {
    "content": b"x",
    "email": "a@b.test",
    "sender": "a@b.test",
    "url": "https://app.example.test/hooks/board",
    "events": ["issues"],
    **{name: ["a@b.test"] for name in ("to", "cc", "bcc")},
    "role": "reader",
    "key": ("plain", "PLAIN"),
    "mime_type": ("text/plain", "application/pdf"),
    "type": ("plain", "p_cars", "Invoice__c", "call"),
}


def names(operation: Any) -> dict[str, str]:
    """Return the parameters of a builder by the names of the inputs."""
    return {name.removesuffix("_"): name for name in inspect.signature(operation.build).parameters}


def operations() -> Iterator[Shipped]:
    """Return every operation of every vendor."""
    for entry in capabilities.load_internal():
        for resource in entry.resources.values():
            module = importlib.import_module(f"unified.{resource.name}")
            for one in resource.operations.values():
                operation = getattr(module, one.name)
                parameters = inspect.signature(operation.build).parameters
                takes = {
                    name.removesuffix("_"): str(parameter.annotation)
                    for name, parameter in parameters.items()
                    if name not in {"via", "extra", "cursor", "idempotency_key", "limit", "progress"}
                }
                required = {
                    name.removesuffix("_") for name, parameter in parameters.items() if parameter.default is inspect.Parameter.empty
                }
                optional = {*takes} - required
                yield Shipped(
                    entry.name, f"{resource.name}.{one.name}", operation, takes, frozenset(required | ({*one.requires} & optional))
                )


REFUSED = (InvalidInput, Unsupported)


def _known(one: Shipped) -> bool:
    try:
        return bool(one.plain) or not one.required
    except Unknown:
        return False


EVERY = [*operations()]
ALL = [one for one in EVERY if _known(one)]
"""Operations whose inputs are known; `test_path_traversal.py` lists the others."""
