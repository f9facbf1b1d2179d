"""Laws of filters: each returns the matching records and only these, by itself and together with another one."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import combinations, pairwise, product
from typing import Any

from unified_emulation.laws.compare import empty
from unified_emulation.laws.inputs import Inputs
from unified_emulation.laws.problems import problem_of
from unified_emulation.laws.session import Outcome, Session
from unified_emulation.laws.verdicts import Law, State, Verdict
from unified_gen.language.ast import Input, ModelField, ModelOperation
from unified_runtime.core.errors import NotFound
from unified_runtime.core.operations import OperationBase

LARGE = 50
"""Records of a page that has all those of an emulated list."""
_FAR = 4
"""Distance, in days, of the dates of two created records: a date between them is none of theirs."""
_Bound = tuple[OperationBase[Any, Any], ModelOperation]


@dataclass(frozen=True, slots=True)
class Listing:
    """A list that was read: the operation, the inputs that it needs, its records, and the outcome of reading it."""

    bound: _Bound
    needed: Mapping[str, Any]
    records: Sequence[Any]
    complete: Outcome


class Filters:
    """The laws of the filters of one list."""

    def __init__(self, session: Session, inputs: Inputs, resource: str, listing: Listing) -> None:
        self._session = session
        self._inputs = inputs
        self._resource = resource
        self._of = listing
        self._fields = session.fields(resource)

    def of_listed(self) -> Iterator[Verdict]:
        """Yield the verdict on each filter by the records of the list; nothing is created."""
        start = self._session.snapshot()
        for given in self._filters():
            self._session.restore(start)
            yield self._of_listed(given)

    def verdicts(self) -> Iterator[Verdict]:
        """Yield the verdict on each filter, then one on their combinations. Records are created for those that the list leaves open."""
        start = self._session.snapshot()
        filters = self._filters()
        found: dict[str, Verdict] = {}
        for given in filters:
            self._session.restore(start)
            found[given.name.value] = self._of_listed(given)
        self._session.restore(start)
        created = self._created([given for given in filters if not self._refers_to_itself(given)])
        for given in filters:
            found[given.name.value] = self._better(found[given.name.value], given, created)
        combined = list(self._combined(filters, created))
        for given in filters:
            if found[given.name.value].state is State.UNDECIDED:
                self._session.restore(start)
                found[given.name.value] = self._better(found[given.name.value], given, self._created([given]))
        yield from found.values()
        yield from combined

    def _filters(self) -> list[Input]:
        declared = self._of.bound[1]
        accepted = self._session.declared(self._resource, declared.name.value)["inputs"]
        return [given for given in declared.inputs if given.name.value in accepted]

    def _better(self, verdict: Verdict, given: Input, created: Sequence[Any]) -> Verdict:
        """Return the verdict on created records if it decides more than that on the listed ones."""
        if verdict.state is State.BROKEN:
            return verdict
        second = self._of_created(given, created)
        return second if second is not None and (second.state is State.BROKEN or verdict.state is State.UNDECIDED) else verdict

    # ------------------------------------------------------------------------------------------------- listed records
    def _of_listed(self, given: Input) -> Verdict:
        """Return the verdict on the records of the list: the matching ones arrive, and only these."""
        name, needed, records, complete = given.name.value, self._of.needed, self._of.records, self._of.complete
        chosen = self._value(given)
        if chosen is None:
            return self._undecided(name, "no record of the list has a value to filter by")
        outcome = self._list({name: chosen})
        problem = problem_of(outcome)
        if isinstance(outcome.error, NotFound) and not self._session.identifies(str(chosen)):
            return self._undecided(name, "no emulated record has the id that is compared")
        if problem is not None:
            return self._failed(name, problem)
        known = {(note.endpoint, note.name, note.value) for note in complete.notes} if name not in needed else set()
        unknown = next(
            (
                f"`{note.name}` of {note.endpoint}: {note.reason}"
                for note in outcome.notes
                if (note.endpoint, note.name, note.value) not in known
            ),
            None,
        )
        judged = [_at_limit(given, chosen, each) or matches(given, chosen, each) for each in outcome.value]
        if None in judged:
            return self._undecided(name, unknown or "the list does not return the field that is compared")
        selected = {key(each) for each in outcome.value}
        wanted = [each for each in records if matches(given, chosen, each) and not _at_limit(given, chosen, each)]
        lost = [each for each in wanted if key(each) not in selected]
        if not all(judged):
            wrong = next(each for each, good in zip(outcome.value, judged, strict=True) if not good)
            reason = f"with `{name}` {shown(chosen)}, a record arrives that {_described(given, wrong)}"
        elif lost and (complete.cut or outcome.cut):
            return self._undecided(name, "the list is too long to be read to its end")
        elif lost:
            reason = f"with `{name}` {shown(chosen)}, a record is missing that {_described(given, lost[0])}"
        elif not outcome.value:
            return self._undecided(name, unknown or "no record has this value")
        elif name not in needed and all(matches(given, chosen, each) for each in records):
            return self._undecided(name, unknown or "all records of the list have the same value")
        else:
            return self._verdict(name, State.HELD)
        return self._verdict(name, State.UNDECIDED if unknown else State.BROKEN, unknown or reason)

    def _value(self, given: Input) -> Any:
        """Return a value that some record has and, if possible, another has not."""
        name, needed, records = given.name.value, self._of.needed, self._of.records
        if name in needed:
            return needed[name]
        if given.empty_field is not None:  # a value that some record has
            return any(empty(getattr(each, given.empty_field, None)) for each in records) if records else None
        if given.searched_fields:
            texts = [getattr(each, field, None) for each in records for field in given.searched_fields]
            return next((text for text in texts if isinstance(text, str) and text), None)
        if given.field is None:
            return None
        values: list[Any] = []
        for each in records:
            value = getattr(each, given.field, None)
            values += value if isinstance(value, list) else [value]
        values = [value for value in values if value is not None]
        if given.type.kind == "date" and values:
            return sorted(values)[len(values) // 2]
        if given.type.kind == "datetime":
            return sorted(values)[len(values) // 2] - timedelta(hours=1) if values else None  # no record is at the limit itself
        return next((value for value in values if values.count(value) < len(records)), values[0] if values else None)

    # ------------------------------------------------------------------------------------------------ created records
    def _created(self, filters: Sequence[Input]) -> Sequence[Any]:
        """Return three records that are created for filters, as they are read back: two with different values of the fields that are
        compared, and one without. None are returned if the list leaves one of them out anyway.
        """
        create = self._session.operation(self._resource, "create")
        if create is None or not filters:
            return ()
        compared = list(dict.fromkeys(field for given in filters if (field := self._compared(given)) is not None))
        made = [self._made(create, fields, number) for number, fields in enumerate((compared, compared, []))]
        ids = [each for each in made if each is not None]
        records = [record for id in ids if (record := self._read(id)) is not None]
        if len(records) < 2:
            return ()
        listed = {getattr(each, "id", None) for each in self._list({}).value or ()}
        return [each for each in records if each.id in listed or not self._needed(each, ())]

    def _needed(self, record: Any, given: Collection[str]) -> bool:
        """Return true if a record matches what the list needs, apart from the given inputs."""
        needed = {name: value for name, value in self._of.needed.items() if name not in given}
        filters = (each for each in self._of.bound[1].inputs if each.name.value in needed)
        return all(matches(each, needed[each.name.value], record) is not False for each in filters)

    def _made(self, create: _Bound, fields: Sequence[ModelField], number: int) -> str | None:
        """Create a record with the number-th values of fields, as far as create and update accept them, and return its id."""
        required = self._inputs.required(self._resource, create[1], number)
        if required is None:
            return None
        accepted = self._inputs.accepted(self._resource, create[1])
        required |= {name: value for name, value in self._of.needed.items() if name in accepted}
        values = dict(required)
        for field in fields:
            value = self._value_of(create[1], field, number)
            if field.name.value in accepted and value is not None and (field.name.value not in required or number):
                values[field.name.value] = value
        outcome = self._session.run(create[0], values)
        if outcome.error is not None and len(values) > len(required) + 1:  # some vendors do not accept them together
            for name in [name for name in values if name not in required]:
                if self._session.run(create[0], {**required, name: values[name]}).error is not None:
                    del values[name]
            outcome = self._session.run(create[0], values)
        id = getattr(outcome.value, "id", None)
        if outcome.error is not None or not isinstance(id, str):
            return None
        update = self._session.operation(self._resource, "update")
        if update is not None:
            later = self._inputs.accepted(self._resource, update[1]) - values.keys()
            for field in fields:
                if (name := field.name.value) in later:
                    self._session.run(update[0], {"id": id, name: self._value_of(update[1], field, number)})
        return id

    def _value_of(self, operation: ModelOperation, field: ModelField, number: int) -> Any:
        if field.type.kind == "enum" and not field.type.many:
            lacks = self._session.declared(self._resource, operation.name.value).get("lacks", {}).get(field.name.value, ())
            offered = [str(text.value) for text in field.type.values if text.value not in lacks]
            return offered[number % len(offered)] if offered else None
        return self._inputs.value(self._resource, field, number * (_FAR if field.type.kind in ("date", "datetime") else 1))

    def _read(self, id: str) -> Any:
        get = self._session.operation(self._resource, "get")
        if get is not None:
            return self._session.run(get[0], {"id": id}).value
        return next((each for each in self._list({}).value or () if getattr(each, "id", None) == id), None)

    def _of_created(self, given: Input, created: Sequence[Any]) -> Verdict | None:
        """Return the verdict on created records; None if it is not known of two whether they match."""
        for value in _values(given, created):
            expected = [matches(given, value, each) and self._needed(each, (given.name.value,)) for each in created]
            if True in expected and False in expected:
                return self._selects({given.name.value: value}, expected, created)
        return None

    def _combined(self, filters: Sequence[Input], created: Sequence[Any]) -> Iterator[Verdict]:
        """Yield the verdict on pairs of filters: each narrows what the other one returns."""
        decided = False
        for one, other in combinations(filters, 2):
            names = (one.name.value, other.name.value)
            for values in product(_values(one, created), _values(other, created)):
                judged = [[matches(given, value, each) for each in created] for given, value in zip((one, other), values, strict=True)]
                both = list(zip(*judged, strict=True))
                if not {(True, False), (False, True)} <= set(both):
                    continue
                known = [self._needed(each, names) for each in created]
                expected = [False if False in (*each, at) else None if None in each else True for each, at in zip(both, known, strict=True)]
                verdict = self._selects(dict(zip(names, values, strict=True)), expected, created)
                if verdict.state is State.BROKEN:
                    yield verdict
                    return
                decided = decided or verdict.state is State.HELD
                break
        if decided:
            yield self._verdict("", State.HELD)

    def _selects(self, values: Mapping[str, Any], expected: Sequence[bool | None], created: Sequence[Any]) -> Verdict:
        """Return the verdict on one request of the list, in which some of the created records are expected."""
        outcome = self._list(values)
        name, text = next(iter(values)), " and ".join(f"`{name}` {shown(value)}" for name, value in values.items())
        problem = problem_of(outcome)
        if problem is not None or outcome.unknown is not None or outcome.cut:
            state, reason = problem or (State.UNDECIDED, outcome.unknown or "the list is too long to be read to its end")
            return self._failed(name, (state, f"with {text}: {reason}"))
        found = {getattr(each, "id", None) for each in outcome.value}
        for wanted, record in zip(expected, created, strict=True):
            if wanted is True and record.id not in found:
                return self._verdict(name, State.BROKEN, f"with {text}, the record is missing that was created with this value")
            if wanted is False and record.id in found:
                return self._verdict(name, State.BROKEN, f"with {text}, a record arrives that was created with another value")
        return self._verdict(name, State.HELD)

    def _compared(self, given: Input) -> ModelField | None:
        """Return the field that a filter compares: of a search, the first one that is written."""
        names = given.searched_fields or (given.field or given.empty_field or "",)
        return next((self._fields[name] for name in names if name in self._fields), None)

    def _refers_to_itself(self, given: Input) -> bool:
        """Return true if a filter is for records below another one of the same list: many lists leave these out."""
        field = self._compared(given)
        return field is not None and field.references == self._resource

    def _list(self, values: Mapping[str, Any]) -> Outcome:
        return self._session.run(self._of.bound[0], {**self._of.needed, **values, "limit": LARGE})

    def _failed(self, name: str, problem: tuple[State, str]) -> Verdict:
        """Return the verdict on a filter whose call failed: the failure concerns requests."""
        law = Law.REQUESTS if problem[0] is State.BROKEN else Law.FILTER
        return Verdict(law, self._resource, self._of.bound[1].name.value, name, *problem)

    def _undecided(self, name: str, reason: str) -> Verdict:
        return self._verdict(name, State.UNDECIDED, reason)

    def _verdict(self, name: str, state: State, reason: str = "") -> Verdict:
        return Verdict(Law.FILTER, self._resource, self._of.bound[1].name.value, name, state, reason)


def _values(given: Input, records: Sequence[Any]) -> Iterator[Any]:
    """Yield values of a filter that some of the records may match, and others not."""
    if given.empty_field is not None:
        yield True
    elif given.searched_fields:
        texts = (getattr(each, name, None) for each in records for name in given.searched_fields)
        yield from (text for text in texts if isinstance(text, str) and text)
    elif given.field is not None and given.type.kind in ("date", "datetime"):
        times = sorted({value for each in records if isinstance(value := getattr(each, given.field, None), date)})
        least = timedelta(days=2) if given.type.kind == "date" else timedelta(seconds=2)  # requests may have no fractions
        middles = (one + (other - one) / 2 for one, other in pairwise(times) if other - one >= least)
        yield from (each.replace(microsecond=0) if isinstance(each, datetime) else each for each in middles)
    elif given.field is not None:
        for each in records:
            value = getattr(each, given.field, None)
            yield from (inner for inner in (value if isinstance(value, list) else [value]) if not empty(inner))


def key(record: Any) -> str:
    return str(getattr(record, "id", None) or record)


def matches(given: Input, chosen: Any, record: Any) -> bool | None:
    """Return true if a record has the value of a filter; None if the list does not return what is compared."""
    if given.empty_field is not None:
        return empty(getattr(record, given.empty_field, None)) is chosen
    if given.searched_fields:
        texts = [text for field in given.searched_fields if isinstance(text := getattr(record, field, None), str)]
        return any(chosen.casefold() in text.casefold() for text in texts) if texts else None
    value = getattr(record, given.field or "", None)
    if empty(value):
        return None
    if isinstance(value, list):
        return chosen in value
    if given.type.kind in ("date", "datetime") and isinstance(value, date):
        return bool(value <= chosen if given.name.value.endswith("_before") else value >= chosen)
    return bool(value == chosen)


def _at_limit(given: Input, chosen: Any, record: Any) -> bool:
    """Return true if a record is at the limit of a date itself, or at the time before which others are: vendors return it, or do not."""
    limit = given.type.kind == "date" or (given.type.kind == "datetime" and given.name.value.endswith("_before"))
    return limit and given.field is not None and bool(getattr(record, given.field, None) == chosen)


def _described(given: Input, record: Any) -> str:
    if given.empty_field is not None:
        return f"has {shown(getattr(record, given.empty_field, None))} in `{given.empty_field}`"
    if given.searched_fields:
        return f"has {' and '.join(repr(getattr(record, field, None)) for field in given.searched_fields)}"
    return f"has {shown(getattr(record, given.field or '', None))} in `{given.field}`"


def shown(value: Any) -> str:
    text = str(value) if isinstance(value, datetime) else repr(value)
    return text if len(text) <= 80 else f"{text[:79]}…"
