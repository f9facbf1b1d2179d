"""Laws of lists: every page arrives once and in order, every filter narrows, and an id from a list reads the same record."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations
from typing import Any

from unified_emulation.laws.compare import empty
from unified_emulation.laws.filters import LARGE, Filters, Listing, key, shown
from unified_emulation.laws.inputs import Inputs
from unified_emulation.laws.problems import problem_of
from unified_emulation.laws.session import Session
from unified_emulation.laws.verdicts import Law, State, Verdict
from unified_gen.language.ast import ModelOperation
from unified_runtime.core.operations import OperationBase

_SMALL = 2


class Lists:
    """The laws of one resource's list. With `create`, records are created for the filters; without it, the listed ones decide."""

    def __init__(self, session: Session, inputs: Inputs, resource: str, create: bool = True) -> None:
        self._session = session
        self._inputs = inputs
        self._resource = resource
        self._create = create

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
        complete = self._session.run(operation, {**needed, "limit": LARGE})
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
        self._session.restore(start)
        filters = Filters(self._session, self._inputs, self._resource, Listing(found, needed, records, complete))
        yield from filters.verdicts() if self._create else filters.of_listed()

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
        wanted, found = [key(each) for each in records], [key(each) for each in outcome.value]
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
            reason = f"it reads what `{name}` reads: {shown(values[0][name])} in one record"
            yield self._verdict(Law.DISTINCT, declared, other, State.BROKEN, reason)

    def _failed(self, law: Law, declared: ModelOperation, subject: str, problem: tuple[State, str]) -> Verdict:
        """Return the verdict on a law whose call failed: an id that cannot be read breaks the law, any other failure concerns requests."""
        own = law if law is Law.IDS or problem[0] is not State.BROKEN else Law.REQUESTS
        return self._verdict(own, declared, subject, *problem)

    def _verdict(self, law: Law, declared: ModelOperation, subject: str, state: State, reason: str = "") -> Verdict:
        return Verdict(law, self._resource, declared.name.value, subject, state, reason)
