"""Laws of operations that write: values are read back, enum values arrive, clearing clears, nothing else changes, deleting deletes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from unified_emulation.laws.compare import differences, empty, same
from unified_emulation.laws.inputs import Inputs
from unified_emulation.laws.problems import REJECTED, only_looked_up, problem_of
from unified_emulation.laws.session import Outcome, Session
from unified_emulation.laws.verdicts import Law, State, Verdict
from unified_gen.language.ast import ModelField, ModelOperation
from unified_runtime.core.errors import InvalidInput, NotFound, Unsupported
from unified_runtime.core.operations import OperationBase

_OF_CHANGES = ("updated_at", "edited_at", "version")
"""Fields that every change sets."""
_Bound = tuple[OperationBase[Any, Any], ModelOperation]


@dataclass(frozen=True, slots=True)
class _Read:
    """Outcome of reading a record back: the record, or why there is none."""

    record: Any
    outcome: Outcome


class Writes:
    """The laws of one resource's writes."""

    def __init__(self, session: Session, inputs: Inputs, resource: str) -> None:
        self._session = session
        self._inputs = inputs
        self._resource = resource
        self._start = session.snapshot()

    def verdicts(self) -> Iterator[Verdict]:
        """Yield the verdicts on create, update and delete."""
        create = self._session.operation(self._resource, "create")
        if create is not None:
            yield from self._created(create)
        base = self._base(create)
        for name in ("update", "delete"):
            found = self._session.operation(self._resource, name)
            if found is None:
                continue
            if base is None:
                yield self._verdict(Law.ROUND_TRIP, found[1], "", State.UNDECIDED, "there is no record to change")
            elif name == "update":
                yield from self._updated(found, base)
            else:
                yield self._deleted(found, base)

    # ------------------------------------------------------------------------------------------------------- create
    def _created(self, create: _Bound) -> Iterator[Verdict]:
        operation, declared = create
        needed = self._inputs.required(self._resource, declared, 0)
        if needed is None:
            yield self._verdict(Law.ROUND_TRIP, declared, "", State.UNDECIDED, "no value is known for an input that it needs")
            return
        self._start = self._session.snapshot()
        bare = self._session.run(operation, needed)
        everything: dict[str, Any] = dict(needed)
        for field in self._written(declared):
            name = field.name.value
            value = needed.get(name, self._inputs.value(self._resource, field, 1))
            if value is None:
                yield self._verdict(Law.ROUND_TRIP, declared, name, State.UNDECIDED, "no record is known whose id it could hold")
                continue
            if field.type.kind == "enum" and not field.type.many:
                yield from self._enum(create, field, needed, None, bare)
                continue
            verdict, value = self._any_round_trip(create, field, needed, value, None)
            if verdict.state is State.HELD:
                everything[name] = value
            yield verdict
        if len(everything) > len(needed) + 1:
            yield self._together(create, everything, None)

    def _together(self, bound: _Bound, values: Mapping[str, Any], id: str | None) -> Verdict:
        """Return the verdict on writing all fields at once that are read back one by one."""
        outcome, read = self._write(bound, values, id)
        problem = self._problem(outcome, read)
        if problem is not None:
            return self._failed(Law.ROUND_TRIP, bound[1], "", problem)
        reads = [name for name in values if self._session.reads(self._resource, name)]
        wrong = [name for name in reads if not same(values[name], getattr(read.record, name, None))]
        wrong = [name for name in wrong if not only_looked_up(outcome, values[name])]
        if not wrong or outcome.unknown:
            return self._verdict(Law.ROUND_TRIP, bound[1], "", State.UNDECIDED if wrong else State.HELD, outcome.unknown or "")
        name = wrong[0]
        others = ", ".join(sorted(set(values) - {name}))
        reason = f"written together with {others}, `{name}` is read as {shown(getattr(read.record, name))}"
        return self._verdict(Law.ROUND_TRIP, bound[1], name, State.BROKEN, reason)

    # ------------------------------------------------------------------------------------------------------- update
    def _updated(self, update: _Bound, base: Any) -> Iterator[Verdict]:
        self._start = self._session.snapshot()
        everything: dict[str, Any] = {}
        for field in self._written(update[1]):
            name = field.name.value
            value = self._inputs.value(self._resource, field, 2)
            if value is None:
                yield self._verdict(Law.ROUND_TRIP, update[1], name, State.UNDECIDED, "no record is known whose id it could hold")
                continue
            if field.type.kind == "enum" and not field.type.many:
                yield from self._enum(update, field, {}, base.id, None)
            else:
                self._session.restore(self._start)
                before = self._read(base.id).record
                verdict, value = self._any_round_trip(update, field, {}, value, base.id)
                if verdict.state is State.HELD:
                    everything[name] = value
                yield verdict
                if verdict.state is State.HELD and before is not None:
                    yield self._unchanged(update, name, value, base.id, before)
            yield from self._cleared(update, field, value, base.id)
        if len(everything) > 1:
            yield self._together(update, everything, base.id)

    def _unchanged(self, update: _Bound, name: str, value: Any, id: str, before: Any) -> Verdict:
        outcome, read = self._write(update, {name: value}, id)
        problem = self._problem(outcome, read)
        if problem is not None:
            return self._failed(Law.UNCHANGED, update[1], name, problem)
        changed = [each for each in differences(before, read.record) if each not in (name, f"{name}_label", *_OF_CHANGES)]
        if not changed:
            return self._verdict(Law.UNCHANGED, update[1], name, State.HELD)
        other = changed[0]
        reason = f"a change of `{name}` changes `{other}` from {shown(getattr(before, other))} to {shown(getattr(read.record, other))}"
        return self._verdict(
            Law.UNCHANGED, update[1], other, State.UNDECIDED if outcome.unknown else State.BROKEN, outcome.unknown or reason
        )

    def _cleared(self, update: _Bound, field: ModelField, value: Any, id: str) -> Iterator[Verdict]:
        """Yield the verdict on clearing a field that the model and the mapping allow to clear."""
        name = field.name.value
        if field.required or not self._session.reads(self._resource, name):
            return
        self._session.restore(self._start)
        if isinstance(value, list) or field.type.kind != "enum":
            filled = self._session.run(update[0], {"id": id, name: value})
            if filled.error is not None or empty(getattr(self._read(id).record, name, None)):
                return
        outcome = self._session.run(update[0], {"id": id, name: None})
        if isinstance(outcome.error, Unsupported | InvalidInput):
            return  # the mapping states that the vendor cannot clear it
        read = self._read(id)
        problem = self._problem(outcome, read)
        if problem is not None:
            yield self._failed(Law.CLEARING, update[1], name, problem)
        elif empty(cleared := getattr(read.record, name)) or cleared == "default":
            yield self._verdict(Law.CLEARING, update[1], name, State.HELD)
        else:
            reason = f"after it was cleared, `{name}` is read as {shown(getattr(read.record, name))}"
            yield self._verdict(
                Law.CLEARING, update[1], name, State.UNDECIDED if outcome.unknown else State.BROKEN, outcome.unknown or reason
            )

    # ------------------------------------------------------------------------------------------------------- delete
    def _deleted(self, delete: _Bound, base: Any) -> Verdict:
        self._session.restore(self._start)
        outcome = self._session.run(delete[0], {"id": base.id})
        get = self._session.operation(self._resource, "get")
        if outcome.error is not None:
            problem = self._problem(outcome, None)
            assert problem is not None
            return self._failed(Law.DELETION, delete[1], "", problem)
        if get is None:
            return self._verdict(Law.DELETION, delete[1], "", State.UNDECIDED, "there is no `get` to read the record")
        after = self._session.run(get[0], {"id": base.id})
        if isinstance(after.error, NotFound):
            return self._verdict(Law.DELETION, delete[1], "", State.HELD)
        reason = f"the record {base.id!r} can be read after it was deleted"
        unknown = outcome.unknown or after.unknown
        return self._verdict(Law.DELETION, delete[1], "", State.UNDECIDED if unknown else State.BROKEN, unknown or reason)

    # ------------------------------------------------------------------------------------------------------- both
    def _any_round_trip(
        self, bound: _Bound, field: ModelField, needed: Mapping[str, Any], value: Any, id: str | None
    ) -> tuple[Verdict, Any]:
        """Return the verdict on writing a field, and the value written: if the mapping rejects one, one that the vendor's records have."""
        name = field.name.value
        verdict = self._round_trip(bound, name, {**needed, name: value}, value, id)
        if verdict.state is State.UNDECIDED and verdict.reason.startswith(REJECTED):
            for other in self._inputs.others(self._resource, field):
                second = self._round_trip(bound, name, {**needed, name: other}, other, id)
                if second.state is not State.UNDECIDED:
                    return second, other
        return verdict, value

    def _round_trip(self, bound: _Bound, name: str, values: Mapping[str, Any], value: Any, id: str | None) -> Verdict:
        outcome, read = self._write(bound, values, id)
        problem = self._problem(outcome, read)
        if problem is not None:
            return self._failed(Law.ROUND_TRIP, bound[1], name, problem)
        if not self._session.reads(self._resource, name):
            return self._verdict(Law.ROUND_TRIP, bound[1], name, State.UNDECIDED, "the field is not read")
        found = getattr(read.record, name, None)
        if same(value, found):
            return self._verdict(Law.ROUND_TRIP, bound[1], name, State.HELD)
        unknown = outcome.unknown or read.outcome.unknown
        if unknown is None and only_looked_up(outcome, value):
            unknown = "the value is sent only to look something up, or within a longer text"
        reason = f"{shown(value)} is written, and {shown(found)} is read"
        return self._verdict(Law.ROUND_TRIP, bound[1], name, State.UNDECIDED if unknown else State.BROKEN, unknown or reason)

    def _enum(self, bound: _Bound, field: ModelField, needed: Mapping[str, Any], id: str | None, bare: Outcome | None) -> Iterator[Verdict]:
        """Yield the verdict on each value that the mapping supports."""
        name = field.name.value
        lacks = set(self._session.declared(self._resource, bound[1].name.value).get("lacks", {}).get(name, ()))
        unsent: list[str] = []
        for text in field.type.values:
            value = str(text.value)
            if value in lacks:
                continue
            outcome, read = self._write(bound, {**needed, name: value}, id)
            problem = self._problem(outcome, read)
            subject = name
            if isinstance(outcome.error, Unsupported):
                continue
            if problem is not None:
                yield self._failed(Law.ENUM, bound[1], subject, (problem[0], f"`{value}`: {problem[1]}"))
                continue
            found = getattr(read.record, name, None)
            unknown = outcome.unknown or read.outcome.unknown
            initial = bare is not None and _requests(bare) == _requests(outcome)  # nothing is sent for the value
            if not self._session.reads(self._resource, name):
                yield self._verdict(Law.ENUM, bound[1], subject, State.UNDECIDED, "the field is not read")
            elif found == value:
                unsent += [value] if initial else []
                yield self._verdict(Law.ENUM, bound[1], subject, State.HELD)
            elif initial and not unsent:
                unsent.append(value)
                reason = f"nothing is sent for `{value}`: the vendor's initial value decides"
                yield self._verdict(Law.ENUM, bound[1], subject, State.UNDECIDED, reason)
            else:
                reason = f"`{value}` is written, and {shown(found)} is read"
                yield self._verdict(Law.ENUM, bound[1], subject, State.UNDECIDED if unknown else State.BROKEN, unknown or reason)

    def _write(self, bound: _Bound, values: Mapping[str, Any], id: str | None) -> tuple[Outcome, _Read]:
        self._session.restore(self._start)
        outcome = self._session.run(bound[0], values if id is None else {"id": id, **values})
        target = id if id is not None else getattr(outcome.value, "id", None)
        return outcome, self._read(target, outcome)

    def _read(self, id: str | None, written: Outcome | None = None) -> _Read:
        """Read a record by its id; without `get`, in the list; without both, the response to the write."""
        nothing = written or Outcome(None, None, (), (), ())
        if id is None:
            return _Read(None, nothing)
        get = self._session.operation(self._resource, "get")
        if get is not None:
            outcome = self._session.run(get[0], {"id": id})
            return _Read(outcome.value, outcome)
        return _Read(written.value if written is not None else None, nothing)

    def _problem(self, outcome: Outcome, read: _Read | None) -> tuple[State, str] | None:
        """Return the verdict if a call failed, or nothing can be read back."""
        found = problem_of(outcome, *((read.outcome,) if read is not None else ()))
        if found is None and read is not None and read.record is None:
            return State.UNDECIDED, outcome.unknown or "the record cannot be read back: no `get` is mapped"
        return found

    def _base(self, create: _Bound | None) -> Any:
        """Return a record to change: one that exists, else a created one."""
        self._session.restore(self._start)
        if create is not None:
            needed = self._inputs.required(self._resource, create[1], 0)
            if needed is not None:
                made = self._session.run(create[0], needed)
                if made.value is not None and getattr(made.value, "id", None):
                    self._start = self._session.snapshot()
                    return made.value
        ids = self._inputs.ids(self._resource)
        get = self._session.operation(self._resource, "get")
        if not ids or get is None:
            return None
        self._start = self._session.snapshot()
        return self._session.run(get[0], {"id": ids[0]}).value

    def _written(self, declared: ModelOperation) -> list[ModelField]:
        inputs = set(self._session.declared(self._resource, declared.name.value)["inputs"])
        return [field for field in self._session.models[self._resource].fields if field.name.value in inputs and declared.takes(field)]

    def _failed(self, law: Law, declared: ModelOperation, subject: str, problem: tuple[State, str]) -> Verdict:
        """Return the verdict on a law whose call failed."""
        return self._verdict(Law.REQUESTS if problem[0] is State.BROKEN else law, declared, subject, *problem)

    def _verdict(self, law: Law, declared: ModelOperation, subject: str, state: State, reason: str = "") -> Verdict:
        return Verdict(law, self._resource, declared.name.value, subject, state, reason)


def _requests(outcome: Outcome) -> list[tuple[str, Any, Any]]:
    return [(call.operation.endpoint, dict(call.query), call.body) for call in outcome.calls if call.operation.method != "GET"]


def shown(value: Any) -> str:
    """Return a value for a message, cut off if it is long."""
    text = "nothing" if empty(value) else repr(value.value if hasattr(value, "value") else value)
    return text if len(text) <= 80 else f"{text[:79]}…"
