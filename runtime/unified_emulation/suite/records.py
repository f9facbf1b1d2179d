"""Checks of new records: what they have beside what was sent, records with different values, and contents of files."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from unified_emulation.laws.compare import empty, same
from unified_emulation.laws.verdicts import State
from unified_emulation.suite.checks import Found, outcome_of
from unified_emulation.suite.inputs import CONTENT, SuiteInputs
from unified_emulation.suite.session import SuiteSession
from unified_runtime.core.errors import InvalidInput, Unsupported


class Records:
    """Checks of one resource's new records."""

    def __init__(self, session: SuiteSession, inputs: SuiteInputs, resource: str) -> None:
        self._session = session
        self._inputs = inputs
        self._resource = resource

    def bare(self) -> Iterator[Found]:
        """Yield the fields that a record has of which only what is required was sent."""
        create = self._session.operation(self._resource, "create")
        needed = None if create is None else self._inputs.required(self._resource, create[1], 0)
        if create is None or needed is None:
            return
        outcome = self._session.run(create[0], needed)
        made = outcome.value
        if outcome.error is not None or not hasattr(made, "model_dump"):
            yield create[1].name.value, "only required fields", State.BROKEN, outcome_of(outcome), outcome_of(outcome)
            return
        yield create[1].name.value, "only required fields", State.HELD, "", f"has {', '.join(_filled(made))}"

    def varied(self) -> Iterator[Found]:
        """Yield the results of creating records with different values, which filters distinguish."""
        create, update = (self._session.operation(self._resource, name) for name in ("create", "update"))
        if create is None:
            return
        for number in range(2):
            needed = self._inputs.required(self._resource, create[1], number)
            if needed is None:
                return
            values = dict(needed)
            accepted = self._inputs.accepted(self._resource, create[1])
            for field in self._session.models[self._resource].fields:
                plain = field.type.kind != "object" and not (field.type.kind == "id" and field.references == self._resource)
                if plain and field.name.value in accepted and create[1].takes(field) and field.name.value not in values:
                    value = self._inputs.value(self._resource, field, number)
                    values |= {} if value is None else {field.name.value: value}
            made = self._session.run(create[0], values)
            seen = outcome_of(made)
            id = getattr(made.value, "id", None)
            if made.error is None and update is not None and isinstance(id, str):
                seen += "".join(
                    f", {name} {outcome_of(self._session.run(update[0], {'id': id, name: value}))}"
                    for name, value in self._later(accepted, number)
                )
            yield create[1].name.value, f"varied values {number + 1}", State.HELD, "", seen

    def _later(self, created: frozenset[str], number: int) -> Iterator[tuple[str, str]]:
        """Yield enum values that only an update accepts."""
        update = self._session.operation(self._resource, "update")
        assert update is not None
        accepted = self._inputs.accepted(self._resource, update[1])
        for field in self._session.models[self._resource].fields:
            name = field.name.value
            if field.type.kind == "enum" and not field.type.many and name in accepted and name not in created:
                yield name, str(field.type.values[2 - number].value if len(field.type.values) > 2 else field.type.values[number].value)

    def contents(self) -> Iterator[Found]:
        """Yield the results of uploading a content, and of downloading it again."""
        for declared in self._session.models[self._resource].operations:
            operation = self._session.adapter.operations.get(f"{self._resource}.{declared.name.value}")
            inputs = [given.name.value for given in declared.inputs if given.type.kind == "bytes"]
            if operation is None or declared.kind != "create" or len(inputs) != 1:
                continue
            needed = self._inputs.required(self._resource, declared, 0)
            if needed is None:
                continue
            outcome = self._session.run(operation, needed)
            if isinstance(outcome.error, InvalidInput | Unsupported):
                continue
            id = getattr(outcome.value, "id", None)
            if outcome.error is not None or not isinstance(id, str):
                yield declared.name.value, inputs[0], State.BROKEN, outcome_of(outcome), outcome_of(outcome)
                continue
            sizes = getattr(outcome.value, "size", None)
            wrong = sizes is not None and not same(len(CONTENT), sizes)
            yield declared.name.value, inputs[0], State.BROKEN if wrong else State.HELD, f"its size is {sizes}" if wrong else "", "success"
            download = self._session.adapter.operations.get(f"{self._resource}.download")
            if download is not None:
                found = self._session.content(download, {"id": id})
                held = found == CONTENT
                yield "download", inputs[0], State.HELD if held else State.BROKEN, "" if held else "another content is downloaded", ""


def _filled(record: Any) -> list[str]:
    return [name for name, value in record.model_dump().items() if not empty(value) and name not in ("raw", "vendor")]
