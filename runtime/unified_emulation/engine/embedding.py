"""Records inside of other records, and references that must identify a record, as facts state."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable
from typing import Any

from unified_emulation.engine.account import Account
from unified_emulation.engine.behaviour import values
from unified_emulation.engine.behaviour.applied import Applied
from unified_emulation.engine.behaviour.situations import holds, sent
from unified_emulation.engine.behaviour.templates import render
from unified_emulation.engine.routes import Call
from unified_emulation.engine.tables import Record, Table
from unified_openapi.behaviour.common import VendorResponse
from unified_openapi.behaviour.kinds import Embedded, Reference
from unified_openapi.documents.words import identifies, words

_NAMES = frozenset({"name", "login", "username"})
"""Properties that identify a record in a reference, beside its ids."""


class Embedding:
    """Relations of one emulator's records that facts state. `table` returns the table of an operation."""

    def __init__(self, account: Account, behaviour: Applied, table: Callable[[str], Table | None]) -> None:
        facts = behaviour.behaviour.facts.values()
        self._embedded = [fact for fact in facts if isinstance(fact, Embedded)]
        self._references = [fact for fact in facts if isinstance(fact, Reference)]
        self._account = account
        self._behaviour = behaviour
        self._table = table

    def embed(self, call: Call, records: Iterable[Record]) -> None:
        """Show records inside of those that a request reads."""
        facts = [fact for fact in self._embedded if {call.operation.name, call.operation.endpoint} & set(fact.operations)]
        for record in records if facts else ():
            for fact in facts:
                if holds(fact, call, record.values, self._behaviour.conditions):
                    values.write(record.values, fact.property, self._inside(fact, call, record))
                else:
                    values.remove(record.values, fact.property)

    def _inside(self, fact: Embedded, call: Call, record: Record) -> list[dict[str, Any]]:
        table = self._table(fact.record)
        if table is None:
            return []
        known = {"record": record.values, "path": {**record.scope, **call.path}}
        wanted = {path: str(render(template, known)) for path, template in fact.where.items()}
        found = self._account.seeded(table, {}) if table.listed is not None else self._account.records(table)
        chosen = [
            each.values
            for each in found
            if all(any(str(value) == text for value in values.values_at(each.values, path)) for path, text in wanted.items())
        ]
        return [copy.deepcopy({name: each[name] for name in fact.shows or each if name in each}) for each in chosen]

    def unknown(self, call: Call) -> VendorResponse | None:
        """Return the response to a request that refers to a record that does not exist; None for others."""
        for fact in self._references:
            if not holds(fact, call, None, self._behaviour.conditions):
                continue
            for name in fact.properties:
                given = [each for found in sent(call, name) for each in _members(found, fact.separator)]
                if any(each not in (None, "", *fact.accepts) and not self._identifies(fact.record, each) for each in given):
                    return fact.response
        return None

    def _identifies(self, operation: str, value: Any) -> bool:
        table = self._table(operation)
        if table is None:
            return True
        found = self._account.seeded(table, {}) if table.listed is not None else self._account.records(table)
        named = ((name, each) for record in found for name, each in record.values.items())
        return any(str(each) == str(value) for name, each in named if _identifies(name))


def _members(value: Any, separator: str | None) -> list[Any]:
    """Return the values of a list, or of a text with a separator between them."""
    if isinstance(value, str) and separator is not None:
        return value.split(separator)
    return value if isinstance(value, list) else [value]


def _identifies(name: str) -> bool:
    """Return true if a property may identify its record: an id of any noun, or a name."""
    return identifies(name) or words(name)[-1:] == ("id",) or name in _NAMES
