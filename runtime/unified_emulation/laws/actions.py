"""Laws of other operations that write: actions have the effect of their inputs, and updates of a part leave the rest of a list or text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from unified_emulation.laws.compare import empty, same
from unified_emulation.laws.problems import only_looked_up
from unified_emulation.laws.session import Outcome
from unified_emulation.laws.verdicts import Law, State, Verdict
from unified_emulation.laws.writes import Writes, shown
from unified_gen.language.ast import Input, ModelField, ModelOperation
from unified_runtime.core.operations import OperationBase

_Bound = tuple[OperationBase[Any, Any], ModelOperation]
_MEMBERS, _TEXTS = ("add", "remove"), ("append",)


class Actions(Writes):
    """The laws of one resource's actions and partial updates."""

    def verdicts(self) -> Iterator[Verdict]:
        """Yield the verdicts on partial updates, and on each action."""
        update = self._session.operation(self._resource, "update")
        base = self._base(self._session.operation(self._resource, "create"))
        if base is None:
            return
        if update is not None and update[1].name.value == "update":
            yield from self._partial(update, base.id)
        usual = {
            id(found[1])
            for kind in ("create", "get", "list", "update", "delete")
            if (found := self._session.operation(self._resource, kind))
        }
        for declared in self._session.models[self._resource].operations:
            operation = self._session.adapter.operations.get(f"{self._resource}.{declared.name.value}")
            if operation is None or id(declared) in usual or declared.kind not in ("create", "update") or declared.content:
                continue
            if not any(given.type.kind == "bytes" for given in declared.inputs):
                yield from self._action((operation, declared), base)

    # ------------------------------------------------------------------------------------------------------ updates
    def _partial(self, update: _Bound, id: str) -> Iterator[Verdict]:
        """Yield the verdicts on `add_`, `remove_` and `append_` of fields that are read."""
        accepted, fields = self._inputs.accepted(self._resource, update[1]), self._session.fields(self._resource)
        for given in update[1].inputs:
            how, _, name = given.name.value.partition("_")
            if given.name.value not in accepted or name not in fields or not self._session.reads(self._resource, name):
                continue
            if how in _MEMBERS and f"add_{name}" in accepted:
                yield self._members(update, given, name, id)
            elif how in _TEXTS and name in accepted:
                yield self._appended(update, given, name, id)

    def _members(self, update: _Bound, given: Input, name: str, id: str) -> Verdict:
        one, other = self._inputs.value(self._resource, given, 0), self._inputs.value(self._resource, given, 1)
        if not one or not other or one == other:
            return self._verdict(Law.ROUND_TRIP, update[1], given.name.value, State.UNDECIDED, "no two values are known")
        removes = given.name.value.startswith("remove")
        self._session.restore(self._start)
        calls = [{f"add_{name}": one}, {f"add_{name}": other}, *([{given.name.value: one}] if removes else [])]
        outcome = self._last(update, calls, id)
        if isinstance(outcome, Verdict):
            return outcome
        found = list(getattr(self._read(id).record, name, None) or ())
        wrong = _has(found, one[0]) is removes or not _has(found, other[0])
        removed = f", {shown(one[0])} is removed" if removes else ""
        reason = f"{shown(one[0])} and {shown(other[0])} are added{removed}, and {shown(found)} is read"
        return self._judged(update[1], given.name.value, wrong, outcome, reason)

    def _appended(self, update: _Bound, given: Input, name: str, id: str) -> Verdict:
        self._session.restore(self._start)
        outcome = self._last(update, [{name: "First"}, {given.name.value: "Second"}], id)
        if isinstance(outcome, Verdict):
            return outcome
        found = str(getattr(self._read(id).record, name, None) or "")
        before, _, after = found.partition("First")
        reason = f"'Second' is appended to 'First', and {shown(found)} is read"
        return self._judged(update[1], given.name.value, bool(before.strip()) or "Second" not in after, outcome, reason)

    def _last(self, update: _Bound, calls: list[dict[str, Any]], id: str) -> Outcome | Verdict:
        """Return the outcome of the last of some updates, or the verdict if one of them fails."""
        outcome: Outcome | None = None
        for values in calls:
            outcome = self._session.run(update[0], {"id": id, **values})
            problem = self._problem(outcome, None)
            if problem is not None:
                return self._failed(Law.ROUND_TRIP, update[1], next(iter(values)), problem)
            if outcome.unknown:
                return self._verdict(Law.ROUND_TRIP, update[1], next(iter(values)), State.UNDECIDED, outcome.unknown)
        assert outcome is not None
        return outcome

    # ------------------------------------------------------------------------------------------------------ actions
    def _action(self, action: _Bound, base: Any) -> Iterator[Verdict]:
        """Yield the verdicts on the inputs of an action that are fields of the record, or on its requests if none is."""
        self._session.restore(self._start)
        needed = self._inputs.required(self._resource, action[1], 1)
        if needed is None:
            yield self._verdict(Law.ROUND_TRIP, action[1], "", State.UNDECIDED, "no value is known for an input that it needs")
            return
        if "id" in needed:
            needed["id"] = base.id
        checked: dict[str, str] = {}
        inputs: list[Input | ModelField] = [*action[1].inputs, *self._written(action[1])]
        for given in inputs:
            name = given.name.value
            field = self._field(given)
            if name == "id" or field is None or name not in self._inputs.accepted(self._resource, action[1]):
                continue
            value = needed.get(name, self._inputs.value(self._resource, given, 1))
            if value is not None:
                needed[name], checked[name] = value, field
        outcome = self._session.run(action[0], needed)
        target = getattr(outcome.value, "id", None) or needed.get("id")
        problem = self._problem(outcome, None)
        if problem is not None:
            yield self._failed(Law.ROUND_TRIP, action[1], "", problem)
            return
        read = self._read(target, outcome)
        if outcome.unknown or read.outcome.unknown or read.record is None or not checked:
            state = State.HELD if not outcome.unknown and not checked else State.UNDECIDED
            yield self._verdict(Law.REQUESTS, action[1], "", state, outcome.unknown or read.outcome.unknown or "nothing can be read back")
            return
        yield from self._effects(action, needed, checked, outcome, read.record)

    def _effects(
        self, action: _Bound, needed: Mapping[str, Any], checked: Mapping[str, str], outcome: Outcome, record: Any
    ) -> Iterator[Verdict]:
        removes = action[1].name.value.partition("_")[0] in ("remove", "unshare", "unlink", "leave")
        for name, field in checked.items():
            found = getattr(record, field, None)
            value = needed[name]
            members = isinstance(found, list | tuple) and not isinstance(value, list)
            wrong = _has(list(found or ()), value) is removes if members else not same(value, found)
            if wrong and only_looked_up(outcome, value):
                continue
            reason = f"{shown(value)} is {'removed' if removes else 'given'}, and {shown(found)} is read as `{field}`"
            yield self._judged(action[1], name, wrong, outcome, reason)
        made = action[1].name.value.partition("_")
        if made[0] == "create" and hasattr(record, f"is_{made[2]}"):
            flag = getattr(record, f"is_{made[2]}")
            yield self._judged(action[1], f"is_{made[2]}", flag is not True, outcome, f"`is_{made[2]}` of the record is {shown(flag)}")

    def _field(self, given: Input | ModelField) -> str | None:
        """Return the field that holds the value of an input after the action: that of its name, or the list of such values."""
        fields = self._session.fields(self._resource)
        for name in (given.name.value, f"{given.name.value}s"):
            if name in fields and self._session.reads(self._resource, name):
                return name
        return None

    def _judged(self, declared: ModelOperation, subject: str, wrong: bool, outcome: Outcome, reason: str) -> Verdict:
        state = State.HELD if not wrong else State.UNDECIDED if outcome.unknown else State.BROKEN
        return self._verdict(Law.ROUND_TRIP, declared, subject, state, (outcome.unknown or reason) if wrong else "")


def _has(found: list[Any], value: Any) -> bool:
    """Return true if a list has a value, or an object with it."""
    return any(
        same(value, each) or (hasattr(each, "model_dump") and value in each.model_dump().values()) for each in found if not empty(each)
    )
