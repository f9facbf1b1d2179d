"""Values for a suite's calls: ids of the records that it may use, and of those that it created."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from unified_emulation.laws.inputs import Inputs
from unified_emulation.suite.session import SuiteSession
from unified_gen.language.ast import Input, ModelField, ModelOperation

CONTENT = b"Content of the behaviour suite.\n"
"""Content of uploads."""
OWN = "users"
"""Resource whose records are people: an account's suite uses only the authenticated user, so that no one else is informed."""


class SuiteInputs(Inputs):
    """Values of inputs for one suite.

    `scratch` has the ids of records, by resource, that the suite writes into; others of these resources are not touched. With `shared`,
    other people use the account: the only user is the authenticated one.
    """

    def __init__(self, session: SuiteSession, scratch: Mapping[str, Sequence[str]], *, shared: bool) -> None:
        super().__init__(session)
        self._suite = session
        self.scratch = scratch
        self._shared = shared
        self._names: dict[str, tuple[str, ...]] = {}

    def ids(self, resource: str) -> tuple[str, ...]:
        """Return ids of records of a resource that the suite may use."""
        if resource in self.scratch:
            return tuple(self.scratch[resource])
        if resource == OWN and self._shared:
            me = self._suite.adapter.operations.get("users.me")
            found = None if me is None else getattr(self._suite.run(me, {}).value, "id", None)
            self._ids.setdefault(resource, (found,) if isinstance(found, str) else ())
        created = tuple(id for own, id in self._suite.created if own == resource)
        if created or (self._shared and self.creates(resource)):
            return created or self._created(resource)
        return super().ids(resource)

    def creates(self, resource: str) -> bool:
        """Return true if the vendor has an operation that creates such records: the suite changes only those that it created."""
        return resource in self._suite.models and self._suite.operation(resource, "create") is not None

    def required(self, resource: str, operation: ModelOperation, number: int) -> dict[str, Any] | None:
        """Return a value for each input that an operation needs, and for those that refer to the scratch records."""
        values = super().required(resource, operation, number)
        if values is None:
            return None
        for name in sorted(self.accepted(resource, operation)):
            target = self.target(resource, operation, name)
            if target is not None and name not in values and target in self.scratch and target != resource:
                values[name] = self.scratch[target][0]
        return values

    def target(self, resource: str, operation: ModelOperation, name: str) -> str | None:
        """Return the resource whose ids an input holds."""
        given = next((one for one in operation.inputs if one.name.value == name), None)
        field = self._suite.fields(resource).get(name if given is None else given.field or "")
        if given is not None and given.references is not None:
            return given.references
        return None if field is None else field.references

    def value(self, resource: str, declared: ModelField | Input | None, number: int) -> Any:
        """Return the number-th value of an input; of a type, the name of one that the vendor lists."""
        if declared is not None and declared.type.kind == "bytes":
            return CONTENT
        if declared is not None and declared.type.kind == "text" and not declared.type.many:
            names = self._listed_names(f"{resource.removesuffix('s')}_{declared.name.value}s")
            if names:
                return names[number % len(names)]
        return super().value(resource, declared, number)

    def _listed_names(self, resource: str) -> tuple[str, ...]:
        if resource not in self._names:
            self._names[resource] = ()
            if resource in self._suite.models and self._suite.operation(resource, "list") is not None:
                self.ids(resource)
                self._names[resource] = tuple(each.name for each in self.seen.get(resource, ()) if isinstance(each.name, str))
        return self._names[resource]
