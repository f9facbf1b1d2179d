"""Laws of lists: every page arrives once and in order, every filter narrows, and an id from a list reads the same record."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from itertools import combinations
from typing import Any

from unified_emulation.laws.compare import empty
from unified_emulation.laws.inputs import Inputs
from unified_emulation.laws.problems import problem_of
from unified_emulation.laws.session import Outcome, Session
from unified_emulation.laws.verdicts import Law, State, Verdict
from unified_gen.language.ast import Input, ModelOperation
from unified_runtime.core.errors import NotFound
from unified_runtime.core.operations import OperationBase

_SMALL, _LARGE = 2, 50


class Lists:
    """The laws of one resource's list."""

    def __init__(self, session: Session, inputs: Inputs, resource: str) -> None:
        self._session = session
        self._inputs = inputs
        self._resource = resource

    def verdicts(self) -> Iterator[Verdict]:
        """Yield the verdicts on the list of this resource, if it has one, and on its searches."""
        main = self._session.operation(self._resource, "list")
        start = self._session.snapshot()
        for declared in self._session.models[self._resource].operations:
            operation = self._session.adapter.operations.get(f"{self._resource}.{declared.name.value}")
            if operation is not None and operation.pages and declared.kind == "list":
                self._session.restore(start)
                yield from self._list((operation, declared), main is not None and declared is main[1])

    def _list(self, found: tuple[OperationBase[Any, Any], ModelOperation], main: bool) -> Iterator[Verdict]:
        operation, declared = found
        needed = self._inputs.listing(self._resource, found)
        if needed is None:
            yield self._verdict(Law.PAGES, declared, "", State.UNDECIDED, "no value is known for an input that it needs")
            return
        start = self._session.snapshot()
        complete = self._session.run(operation, {**needed, "limit": _LARGE})
        problem = problem_of(complete)
        if problem is not None and not main and complete.refused is None:
            problem = State.UNDECIDED, f"what a search returns is not in the document: {problem[1]}"
        if problem is not None:
            yield self._failed(Law.PAGES, declared, "", problem)
            return
        records: list[Any] = complete.value
        if not records:
            yield self._verdict(Law.PAGES, declared, "", State.UNDECIDED, complete.unknown or "the emulated list has no records")
        elif (pages := self._pages(operation, declared, needed, records)) is not None:
            yield pages
        if not main:  # what a search finds is not in the document
            return
        yield from self._ids(declared, records)
        yield from self._distinct(declared, records)
        for given in declared.inputs:
            if given.name.value in self._session.declared(self._resource, declared.name.value)["inputs"]:
                self._session.restore(start)
                yield self._filter(operation, declared, given, needed, records, complete)

    # ------------------------------------------------------------------------------------------------------- pages
    def _pages(
        self, operation: OperationBase[Any, Any], declared: ModelOperation, needed: Mapping[str, Any], records: Sequence[Any]
    ) -> Verdict | None:
        """Return the verdict on reading the list in small pages; None if the vendor sends it as one."""
        outcome = self._session.run(operation, {**needed, "limit": _SMALL})
        problem = problem_of(outcome)
        if problem is not None:
            return self._failed(Law.PAGES, declared, "", problem)
        if outcome.more and len(outcome.value) >= len(records):
            reason = f"the list ends after {len(outcome.value)} records, though the vendor reports that there are more"
            return self._verdict(Law.PAGES, declared, "", State.BROKEN, reason)
        wanted, found = [_key(each) for each in records], [_key(each) for each in outcome.value]
        if outcome.cut:
            wanted = wanted[: len(found)]
        if len(outcome.calls) < 2 and len(found) == len(wanted):
            return None
        if found == wanted and len(set(found)) == len(found):
            return self._verdict(Law.PAGES, declared, "", State.HELD)
        if len(set(found)) < len(found):
            reason = f"in pages of {_SMALL}, {len(found) - len(set(found))} of {len(set(wanted))} records arrive twice"
        elif len(found) < len(wanted):
            reason = f"in pages of {_SMALL}, {len(found)} of {len(wanted)} records arrive"
        else:
            reason = f"in pages of {_SMALL}, the records arrive in another order, or others arrive"
        return self._verdict(Law.PAGES, declared, "", State.BROKEN, reason)

    # ------------------------------------------------------------------------------------------------------- ids
    def _ids(self, declared: ModelOperation, records: Sequence[Any]) -> Iterator[Verdict]:
        get = self._session.operation(self._resource, "get")
        if get is None or not records or not isinstance(getattr(records[0], "id", None), str):
            return
        for listed in (records[0], records[-1]):
            outcome = self._session.run(get[0], {"id": listed.id})
            problem = problem_of(outcome)
            if problem is not None:
                yield self._failed(Law.IDS, get[1], "id", (problem[0], f"{listed.id!r}, an id of the list: {problem[1]}"))
                return
            before, after = listed.model_dump(), outcome.value.model_dump()
            differ = [name for name in before if not empty(before[name]) and not empty(after[name]) and before[name] != after[name]]
            if differ:
                name = differ[0]
                reason = f"`{name}` of {listed.id!r} is {before[name]!r} in the list, and {after[name]!r} by `{get[1].name.value}`"
                yield self._verdict(Law.IDS, declared, name, State.BROKEN, reason)
                return
        yield self._verdict(Law.IDS, get[1], "id", State.HELD)

    # ------------------------------------------------------------------------------------------------------- fields
    def _distinct(self, declared: ModelOperation, records: Sequence[Any]) -> Iterator[Verdict]:
        """Yield the verdict on the texts of different fields: each property of the emulated records has texts of its own."""
        if len(records) < _SMALL + 1:
            return
        values = [each.model_dump() for each in records]
        texts = [name for name in values[0] if all(isinstance(each[name], str) and each[name] for each in values)]
        distinct = [name for name in texts if len({each[name] for each in values}) == len(values)]
        same = [(name, other) for name, other in combinations(distinct, 2) if all(each[name] == each[other] for each in values)]
        if not same:
            yield self._verdict(Law.DISTINCT, declared, "", State.HELD)
        for name, other in same:
            reason = f"it reads what `{name}` reads: {_text(values[0][name])} in one record"
            yield self._verdict(Law.DISTINCT, declared, other, State.BROKEN, reason)

    # ------------------------------------------------------------------------------------------------------- filters
    def _filter(
        self,
        operation: OperationBase[Any, Any],
        declared: ModelOperation,
        given: Input,
        needed: Mapping[str, Any],
        records: Sequence[Any],
        complete: Outcome,
    ) -> Verdict:
        name = given.name.value
        chosen = self._value(given, needed, records)
        if chosen is None:
            reason = "no record of the list has a value to filter by"
            return self._of_created((operation, declared), given, needed, reason)
        outcome = self._session.run(operation, {**needed, name: chosen, "limit": _LARGE})
        problem = problem_of(outcome)
        if isinstance(outcome.error, NotFound) and not self._session.identifies(str(chosen)):
            return self._verdict(Law.FILTER, declared, name, State.UNDECIDED, "no emulated record has the id that is compared")
        if problem is not None:
            return self._failed(Law.FILTER, declared, name, problem)
        known = {(note.endpoint, note.name, note.value) for note in complete.notes} if name not in needed else set()
        unknown = next(
            (
                f"`{note.name}` of {note.endpoint}: {note.reason}"
                for note in outcome.notes
                if (note.endpoint, note.name, note.value) not in known
            ),
            None,
        )
        judged = [_at_limit(given, chosen, each) or _matches(given, chosen, each) for each in outcome.value]
        if None in judged:
            reason = unknown or "the list does not return the field that is compared"
            return self._of_created((operation, declared), given, needed, reason)
        selected = {_key(each) for each in outcome.value}
        wanted = [each for each in records if _matches(given, chosen, each) and not _at_limit(given, chosen, each)]
        lost = [each for each in wanted if _key(each) not in selected]
        if not all(judged):
            wrong = next(each for each, good in zip(outcome.value, judged, strict=True) if not good)
            reason = f"with `{name}` {_text(chosen)}, a record arrives that {_described(given, wrong)}"
        elif lost and (complete.cut or outcome.cut):
            return self._verdict(Law.FILTER, declared, name, State.UNDECIDED, "the list is too long to be read to its end")
        elif lost:
            reason = f"with `{name}` {_text(chosen)}, a record is missing that {_described(given, lost[0])}"
        elif not outcome.value:
            return self._of_created((operation, declared), given, needed, unknown or "no record has this value")
        elif name not in needed and all(_matches(given, chosen, each) for each in records):
            return self._of_created((operation, declared), given, needed, unknown or "all records of the list have the same value")
        else:
            return self._verdict(Law.FILTER, declared, name, State.HELD)
        return self._verdict(Law.FILTER, declared, name, State.UNDECIDED if unknown else State.BROKEN, unknown or reason)

    def _of_created(
        self, listing: tuple[OperationBase[Any, Any], ModelOperation], given: Input, needed: Mapping[str, Any], reason: str
    ) -> Verdict:
        """Return the verdict on two records that are created with different values of the field: the filter has to return only one.

        For a filter by a field without a value, the first is created without one. Without such records the law is not decided, for the
        given reason.
        """
        operation, declared = listing
        name = given.name.value
        undecided = self._verdict(Law.FILTER, declared, name, State.UNDECIDED, reason)
        create = self._session.operation(self._resource, "create")
        field = self._session.fields(self._resource).get(given.field or given.empty_field or "")
        if create is None or field is None or not needed.keys() <= {name} or given.type.kind in ("date", "datetime"):
            return undecided
        created: list[tuple[Any, str]] = []
        for number in range(2):
            values = self._inputs.required(self._resource, create[1], number)
            value = self._inputs.value(self._resource, field, number)
            if values is None or value is None or field.name.value not in self._inputs.accepted(self._resource, create[1]):
                return undecided
            written = {**values, field.name.value: value}
            if given.empty_field is not None and not number:
                if field.name.value in values:
                    return undecided
                value, written = True, values
            made = self._session.run(create[0], written)
            if made.error is not None or made.unknown is not None or not isinstance(getattr(made.value, "id", None), str):
                return undecided
            created.append((value[0] if isinstance(value, list) else value, made.value.id))
        (chosen, wanted), (other, unwanted) = created
        if chosen == other:
            return undecided
        unfiltered = self._session.run(operation, {"limit": _LARGE}) if name not in needed else None
        if unfiltered is not None and not {wanted, unwanted} <= {getattr(each, "id", None) for each in unfiltered.value or ()}:
            return undecided  # the list leaves them out anyway
        outcome = self._session.run(operation, {name: chosen, "limit": _LARGE})
        if problem_of(outcome) is not None or outcome.unknown is not None:
            return self._verdict(Law.FILTER, declared, name, State.UNDECIDED, outcome.unknown or reason)
        found = {getattr(each, "id", None) for each in outcome.value}
        if wanted not in found:
            text = f"with `{name}` {_text(chosen)}, the record is missing that was created with this value"
        elif unwanted in found:
            text = f"with `{name}` {_text(chosen)}, the record arrives that was created with {_text(other)}"
        else:
            return self._verdict(Law.FILTER, declared, name, State.HELD)
        return self._verdict(Law.FILTER, declared, name, State.BROKEN, text)

    def _value(self, given: Input, needed: Mapping[str, Any], records: Sequence[Any]) -> Any:
        """Return a value that some record has and, if possible, another has not."""
        name = given.name.value
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

    def _failed(self, law: Law, declared: ModelOperation, subject: str, problem: tuple[State, str]) -> Verdict:
        """Return the verdict on a law whose call failed: an id that cannot be read breaks the law, any other failure concerns requests."""
        own = law if law is Law.IDS or problem[0] is not State.BROKEN else Law.REQUESTS
        return self._verdict(own, declared, subject, *problem)

    def _verdict(self, law: Law, declared: ModelOperation, subject: str, state: State, reason: str = "") -> Verdict:
        return Verdict(law, self._resource, declared.name.value, subject, state, reason)


def _key(record: Any) -> str:
    return str(getattr(record, "id", None) or record)


def _matches(given: Input, chosen: Any, record: Any) -> bool | None:
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
        return f"has {_text(getattr(record, given.empty_field, None))} in `{given.empty_field}`"
    if given.searched_fields:
        return f"has {' and '.join(repr(getattr(record, field, None)) for field in given.searched_fields)}"
    return f"has {_text(getattr(record, given.field or '', None))} in `{given.field}`"


def _text(value: Any) -> str:
    text = str(value) if isinstance(value, datetime) else repr(value)
    return text if len(text) <= 80 else f"{text[:79]}…"
