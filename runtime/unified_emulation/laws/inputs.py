"""Values for the inputs of unified operations: plain ones, that every codec carries without loss, and ids of records that exist."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from unified_emulation.laws.compare import empty
from unified_emulation.laws.session import MADE_UP, Session
from unified_gen.language.ast import Input, ModelField, ModelOperation, Type
from unified_runtime.core.operations import OperationBase

_TRIES = 5
"""Records whose ids are tried until a list of what belongs to them has records."""
_TEXTS = {"emoji": ("👍", "🎉")}
"""Texts of a form that vendors require."""
_DAY = date(2031, 5, 6)
_TIME = datetime(2031, 5, 6, 9, 30, tzinfo=UTC)


class Inputs:
    """Values of inputs for one session. `ids` has the ids of records by resource, in the order of their lists."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._ids: dict[str, tuple[str, ...]] = {}
        self._pending: set[str] = set()
        self.seen: dict[str, list[Any]] = {}
        """Records of each list, for values that a vendor is known to accept."""

    def ids(self, resource: str) -> tuple[str, ...]:
        """Return ids of records of a resource: listed, else created, else made up (for vendors that do not list them)."""
        if resource in self._ids:
            return self._ids[resource]
        if resource in self._pending or resource not in self._session.models:
            return ()
        self._pending.add(resource)
        found = self._listed(resource) or self._created(resource)
        if not found:
            found = tuple(f"{MADE_UP}{number}" for number in range(3))
        self._pending.discard(resource)
        self._ids[resource] = found
        return found

    def _listed(self, resource: str) -> tuple[str, ...]:
        listed = self._session.operation(resource, "list")
        if listed is None or resource not in self._session.adapter.catalog["resources"]:
            return ()
        values = self.listing(resource, listed)
        if values is None:
            return ()
        outcome = self._session.run(listed[0], values)
        if not isinstance(outcome.value, list):
            return ()
        self.seen[resource] = outcome.value
        return tuple(dict.fromkeys(each.id for each in outcome.value if isinstance(getattr(each, "id", None), str)))

    def listing(self, resource: str, listed: tuple[OperationBase[Any, Any], ModelOperation]) -> dict[str, Any] | None:
        """Return the inputs that a list needs: if possible, those for which it has records. None if one of them cannot be given."""
        operation, declared = listed
        first = self.required(resource, declared, 0)
        if not first:
            return first
        texts = [name for name in first if any(given.name.value == name and given.searched_fields for given in declared.inputs)]
        others: list[dict[str, Any]] = [values for number in range(1, _TRIES) if (values := self.required(resource, declared, number))]
        others += [{**first, texts[0]: text} for text in self._session.texts()] if texts else []
        for values in (first, *others):
            outcome = self._session.run(operation, values)
            if outcome.value or outcome.refused is not None:
                return values
        return first

    def _created(self, resource: str) -> tuple[str, ...]:
        create = self._session.operation(resource, "create")
        if create is None:
            return ()
        found = []
        for number in range(2):
            values = self.required(resource, create[1], number)
            outcome = self._session.run(create[0], values) if values is not None else None
            if outcome is not None and isinstance(getattr(outcome.value, "id", None), str):
                found.append(outcome.value.id)
        return tuple(found)

    def others(self, resource: str, field: ModelField) -> list[Any]:
        """Return further values of a field, for a mapping that rejects the usual one: those of listed records, then other forms."""
        name = field.name.value
        found = [getattr(record, name, None) for record in self.seen.get(resource, ())][:2]
        if field.type.kind == "text":
            texts = [f"{name.replace('_', '-')}.example.com", "Europe/Paris", "RRULE:FREQ=DAILY;COUNT=3", "EUR", "11"]
            found += [[text] if field.type.many else text for text in texts]
        elif field.type.kind == "object":
            found += [self.value(resource, field, number) for number in range(6)]
        return [value for number, value in enumerate(found) if not empty(value) and value not in found[:number]]

    def required(self, resource: str, operation: ModelOperation, number: int) -> dict[str, Any] | None:
        """Return a value for each input that an operation needs; None if one of them cannot be given."""
        name = operation.name.value
        needed = set(self._session.declared(resource, name)["requires"])
        fields = {field.name.value: field for field in self._session.models[resource].fields if operation.takes(field)}
        needed |= {field for field, declared in fields.items() if name in declared.required or operation.kind in declared.required}
        inputs = {given.name.value: given for given in operation.inputs}
        needed |= {given for given, declared in inputs.items() if declared.required}
        values: dict[str, Any] = {}
        for each in sorted(needed):
            value = self.value(resource, inputs.get(each) or fields.get(each), number)
            if value is None:
                return None
            values[each] = value
        return values

    def accepted(self, resource: str, operation: ModelOperation) -> frozenset[str]:
        """Return the inputs that a mapping accepts in an operation."""
        return frozenset(self._session.declared(resource, operation.name.value)["inputs"])

    def value(self, resource: str, declared: ModelField | Input | None, number: int) -> Any:
        """Return the number-th value of an input; None if there is none."""
        if declared is None:
            return None
        target = declared.references
        if target is None and isinstance(declared, Input) and declared.field is not None:
            field = self._session.fields(resource).get(declared.field)
            target = resource if declared.field == "id" else field.references if field is not None else None
        maximum = declared.maximum if isinstance(declared, ModelField) else None
        value = self._of(declared.type, declared.name.value, target, number, maximum)
        return self._supported(resource, declared.name.value, value)

    def _supported(self, resource: str, name: str, value: Any) -> Any:
        """Return an object, or a list of them, without the fields that the mapping reports as unsupported."""
        if isinstance(value, list):
            return [self._supported(resource, name, each) for each in value]
        if not isinstance(value, dict):
            return value
        lacks = self._session.adapter.catalog["resources"][resource]["unsupported"]
        return {inner: each for inner, each in value.items() if not any(key.endswith(f"{name}.{inner}") for key in lacks)}

    def _of(self, type: Type, name: str, target: str | None, number: int, maximum: int | None = None) -> Any:
        if type.arms:
            return self._of(type.arms[-1], name, target, number)
        value = self._one(type, name, target, number, maximum)
        return [value] if type.many and value is not None else value

    def _one(self, type: Type, name: str, target: str | None, number: int, maximum: int | None) -> Any:
        match type.kind:
            case "id":
                ids = self.ids(target) if target is not None else ()
                return ids[number % len(ids)] if ids else None
            case "text" if name in _TEXTS:
                return _TEXTS[name][number % len(_TEXTS[name])]
            case "text" | "markdown":
                return f"{name.replace('_', '').capitalize()}{number + 1}"
            case "boolean":
                return number % 2 == 0
            case "integer":
                return 11 + number
            case "decimal":
                return Decimal(21 + number) if maximum is None else Decimal(maximum) / Decimal(2 ** (number + 1))
            case "date":
                return _DAY + timedelta(days=_ordinal(name) + number)
            case "datetime":
                return _TIME + timedelta(days=_ordinal(name) + number)
            case "email":
                return f"{name.replace('_', '')}{number}@example.com"
            case "url":
                return f"https://example.com/{name}/{number}"
            case "enum":
                return type.values[number % len(type.values)].value
            case "object":
                return self._object(type, number)
            case _:
                return None

    def _object(self, type: Type, number: int) -> Mapping[str, Any]:
        fields = {
            field.name.value: self._of(field.type, field.name.value, field.references, number)
            for field in type.fields
            if not field.read_only
        }
        return {name: value for name, value in fields.items() if value is not None}


def _ordinal(name: str) -> int:
    """Return an offset in days, so that the end of something is after its beginning."""
    return 7 if any(word in name for word in ("end", "due", "before", "close")) else 0
