"""Behaviour of one vendor while its emulator runs: facts that concern a request, the account's conditions, time, and effects."""

from __future__ import annotations

import copy
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from unified_emulation.engine.behaviour import custom_fields, effects, limits, lists, responses, state_machines, values, writes
from unified_emulation.engine.behaviour.effects import Fetched, Notified
from unified_emulation.engine.behaviour.situations import holds
from unified_emulation.engine.placement import Find
from unified_emulation.engine.routes import Call
from unified_emulation.engine.tables import Record
from unified_openapi.behaviour.common import Situation, VendorResponse
from unified_openapi.behaviour.kinds import (
    Action,
    AnyFact,
    Cap,
    Cascade,
    Content,
    CustomFields,
    Default,
    Error,
    Matching,
    Omission,
    QueryLanguage,
    RateLimit,
    ServerValue,
    StateMachine,
    Withheld,
)
from unified_openapi.behaviour.load import Behaviour
from unified_openapi.behaviour.webhooks import Webhook


class Applied:
    """Facts of a vendor, applied to requests.

    `conditions` are those that hold: change them to emulate another account. `clock` returns the time in seconds: replace it to move
    time.
    """

    def __init__(self, behaviour: Behaviour) -> None:
        self.behaviour = behaviour
        self.clock: Callable[[], float] = time.time
        self.find: Find = lambda value, name: None
        """Returns the record that an id identifies."""
        self.contents = [fact for fact in behaviour.facts.values() if isinstance(fact, Content)]
        self.machines = [fact for fact in behaviour.facts.values() if isinstance(fact, StateMachine)]
        self.conditions: set[str] = set()
        self.notifications: list[Notified] = []
        self.fetched: list[Fetched] = []
        self._headers: dict[str, str] = {}
        self.reset()

    def reset(self) -> None:
        """Return to the account's conditions at the start, without effects, times of writes and counted requests."""
        self.conditions = {name for name, condition in self.behaviour.conditions.items() if condition.holds}
        self.notifications, self.fetched = [], []
        self._windows = limits.Windows()
        self._times = lists.WriteTimes()

    def concerning(self, call: Call, record: Mapping[str, Any] | None = None) -> list[tuple[str, AnyFact]]:
        """Return the facts that concern a request, with their ids."""
        return [(name, fact) for name, fact in self.behaviour.facts.items() if holds(fact, call, record, self.conditions)]

    def _facts(self, call: Call, record: Mapping[str, Any] | None = None) -> list[AnyFact]:
        return [fact for _, fact in self.concerning(call, record)]

    # ------------------------------------------------------------------------------------------------------ responses
    def refusal(self, call: Call) -> VendorResponse | None:
        """Return the response to a request that is refused before it is carried out; None for others. Rate limits count it."""
        found = self.concerning(call)
        self._headers = {}
        limited = [(name, fact) for name, fact in found if isinstance(fact, RateLimit)]
        refused, self._headers = self._windows.take(limited, call, self.clock())
        return refused or responses.refusal([fact for _, fact in found], call, self.clock())

    def rejection(self, call: Call, record: Mapping[str, Any]) -> VendorResponse | None:
        """Return the response to a write that the values of the stored record do not allow; None for others."""
        facts = (fact for fact in self._facts(call, record) if isinstance(fact, Error) and fact.when.record)
        return next((responses.respond(fact.response) for fact in facts), None)

    def failure(self, call: Call, reason: str) -> VendorResponse | None:
        """Return the vendor's response to a failure that the engine found; None if no fact states it."""
        return responses.failure(self._facts(call), reason)

    def retired(self, path: str) -> VendorResponse | None:
        """Return the response at an address that the document does not have."""
        return responses.retired(self.behaviour.facts.values(), path, self.clock())

    def headers(self) -> tuple[tuple[str, str], ...]:
        """Return the headers that report the rate limits of the last request."""
        return tuple(self._headers.items())

    def shown(self, call: Call, content: Any, record: Mapping[str, Any] | None = None) -> Any:
        """Return the content of a response without what the vendor withholds."""
        hidden = [fact for fact in self._facts(call, record) if isinstance(fact, Withheld)]
        if not hidden:
            return content
        content = copy.deepcopy(content)
        for fact in hidden:
            responses.withhold(fact, content)
        return content

    # --------------------------------------------------------------------------------------------------------- writes
    def accepted(self, call: Call, record: Mapping[str, Any]) -> Call:
        """Return a write as the vendor accepts it."""
        found = self._facts(call, record)
        return custom_fields.without(found, writes.accepted(found, call)) if found else call

    def declared(self, call: Call) -> Call:
        """Return a request without what the document does not declare and the vendor accepts."""
        return custom_fields.without(self._facts(call), call)

    def written(self, call: Call, before: Mapping[str, Any], record: Record, user: Callable[[], Any], me: Callable[[], Any]) -> None:
        """Complete a record that a request wrote, and note when: `before` is the record before it, empty if it is new.

        `user` returns the id of the authenticated user, `me` the record.
        """
        special: dict[str, Callable[[], Any]] = {
            "user": user,
            "me": me,
            "number": lambda: record.number,
            "record": lambda: record.values,
            "today": lambda: datetime.fromtimestamp(self.clock(), UTC).date().isoformat(),
            "now": self._now,
            "now_ms": lambda: int(self.clock() * 1000),
        }
        facts = self._facts(call, before)
        writes.written(facts, call, before, record.values, special, self.find)
        custom_fields.store(facts, call, before, record.values)
        if before:
            self._times.changed[record.number] = (self.clock(), dict(before))
        else:
            self._times.created[record.number] = self.clock()

    def complete(self, call: Call, record: Record) -> None:
        """Set the times and constants of a new record that it does not have."""
        for fact in self._facts(call):
            for path, value in fact.values.items() if isinstance(fact, ServerValue | Default) and fact.when == Situation() else ():
                if next(values.values_at(record.values, path), None) is None and (value == "$now" or "$" not in str(value)):
                    values.write(record.values, path, self._now() if value == "$now" else value)

    def _now(self) -> str:
        return datetime.fromtimestamp(self.clock(), UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")

    def free_references(self, call: Call) -> set[str]:
        """Return the properties of a request that refer to any kind of record: those whose changes a webhook is about."""
        return {fact.about.rpartition(".")[2] for fact in self._facts(call) if isinstance(fact, Webhook) and fact.about is not None}

    def changes(self, call: Call) -> str | None:
        """Return the operation that reads the record which an operation changes, if only a fact states it."""
        names = {call.operation.name, call.operation.endpoint}
        facts = [fact for fact in self.behaviour.facts.values() if isinstance(fact, ServerValue | CustomFields) and fact.record is not None]
        return next((fact.record for fact in facts if names & set(fact.operations)), None)

    def marks_deleted(self, call: Call, record: Mapping[str, Any]) -> bool:
        """Return true if a deletion sets values of the record, which remains."""
        return any(isinstance(fact, ServerValue) for fact in self._facts(call, record))

    def effects(self, call: Call, record: Mapping[str, Any] | None = None) -> None:
        """Record who a successful request informs, and the links that are fetched because of it."""
        for effect in effects.effects(self.concerning(call, record), call):
            if isinstance(effect, Notified):
                self.notifications.append(effect)
            else:
                self.fetched.append(effect)

    # ---------------------------------------------------------------------------------------------------------- lists
    def listed(self, call: Call, records: Sequence[Record]) -> list[Record]:
        """Return the records that a list has, in its order."""
        return lists.listed(self._facts(call), records, self._times, self.clock())

    def show(self, call: Call, records: Sequence[Record]) -> None:
        """Change made-up records that a list would always leave out, so that it has some."""
        for fact in self._facts(call) if records else ():
            if isinstance(fact, Omission) and fact.when == Situation() and fact.unless is None:
                for record in records:
                    lists.show(fact, record)

    def completed(self, call: Call, content: dict[str, Any]) -> None:
        """Set the values of a list's response, beside its records, that the server states."""
        for fact in self._facts(call):
            if isinstance(fact, ServerValue):
                for path, value in fact.values.items():
                    values.write(content, path, value)

    def caps(self, call: Call) -> list[Cap]:
        return lists.caps(self._facts(call))

    def matching(self, call: Call, parameter: str) -> Matching | None:
        """Return the fact that states how a parameter selects records."""
        return lists.matching(self._facts(call), parameter)

    def cascades(self, call: Call, record: Mapping[str, Any] | None = None) -> list[Cascade]:
        """Return the facts that state which writes the parts of a record follow."""
        return [fact for fact in self._facts(call, record) if isinstance(fact, Cascade)]

    def searches(self, call: Call) -> list[Matching]:
        """Return the facts that state how a request's parameters select records."""
        return [fact for fact in self._facts(call) if isinstance(fact, Matching)]

    def actions(self, call: Call) -> list[Action]:
        """Return the facts that state what an operation does."""
        return [fact for fact in self._facts(call) if isinstance(fact, Action)]

    def partial(self, call: Call) -> QueryLanguage | None:
        """Return the fact by which a parameter selects properties of the response."""
        return next((fact for fact in self._facts(call) if isinstance(fact, QueryLanguage) and fact.language == "google_fields"), None)

    def content(self, call: Call) -> Content | None:
        """Return the fact by which the response to a request is the content of a record."""
        return next((fact for fact in self._facts(call) if isinstance(fact, Content)), None)

    # ------------------------------------------------------------------------------------------------- state machines
    def machine(self, call: Call) -> StateMachine | None:
        """Return the state machine whose transitions an operation lists or performs."""
        names = {call.operation.name, call.operation.endpoint}
        return next((machine for machine in self.machines if names & {machine.lists, machine.performs}), None)

    @staticmethod
    def enter(machine: StateMachine, record: Record, new: bool) -> None:
        """Set the state of a record that has none of the machine's: the initial one, or for a seed any."""
        if state_machines.state_of(machine, record.values) is None:
            names = list(machine.states)
            state_machines.enter(machine, record.values, machine.initial if new else names[record.number % len(names)])
