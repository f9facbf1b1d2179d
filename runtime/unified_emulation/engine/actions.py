"""Operations whose effect on records a fact states."""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping
from typing import Any

from unified_emulation.engine.account import Account
from unified_emulation.engine.behaviour import values
from unified_emulation.engine.behaviour.applied import Applied
from unified_emulation.engine.behaviour.templates import render
from unified_emulation.engine.changes import Change, identity, times
from unified_emulation.engine.responses import Refused
from unified_emulation.engine.routes import Call
from unified_emulation.engine.tables import Record, Table
from unified_openapi.behaviour.kinds import Action


class Actions:
    """Actions of one emulator on its records. `user` returns the id of the authenticated user."""

    def __init__(self, account: Account, behaviour: Applied, user: Callable[[], Any]) -> None:
        self._account = account
        self._behaviour = behaviour
        self._user = user

    def perform(self, fact: Action, call: Call, table: Table) -> tuple[Any, list[Change]]:
        """Perform an action; return the body of the response that the fact states, and the changes.

        Raises:
            Refused: the record does not exist.
        """
        body = call.body if isinstance(call.body, dict) else {}
        known = {
            "path": call.path,
            "sent": {**call.query, **body},
            "user": self._user,
            "login": self._account.login,
            **times(self._behaviour.clock()),
            **identity(),
        }
        if fact.does == "respond":
            return render(fact.response, known), []
        if fact.does == "create":
            record = self._account.new(table, {}, {})
            return self._written(fact, call, record, {}, known)
        found = [record for record in self._account.records(table) if self._selected(record, fact, known)]
        if fact.does == "list":
            listed = [copy.deepcopy(record.values) for record in self._behaviour.listed(call, found)]
            return render(fact.response, {**known, "records": listed}), []
        if not found:
            raise Refused(404, "there is no such record")
        if fact.does == "read":
            return render(fact.response, {**known, "record": copy.deepcopy(found[0].values)}), []
        return self._written(fact, call, found[0], copy.deepcopy(found[0].values), known)

    def _written(
        self, fact: Action, call: Call, record: Record, before: Mapping[str, Any], known: Mapping[str, Any]
    ) -> tuple[Any, list[Change]]:
        for path, template in fact.values.items():
            values.write(record.values, path, render(template, known))
        self._behaviour.written(call, before, record, self._user)
        return render(fact.response, {**known, "record": copy.deepcopy(record.values)}), [Change.of(call, record, before)]

    def _selected(self, record: Record, fact: Action, known: Mapping[str, Any]) -> bool:
        return all(
            any(str(value) == str(render(template, known)) for value in values.values_at(record.values, path))
            for path, template in fact.where.items()
        )


def status_of(call: Call) -> int:
    """Return the status of an operation that succeeds."""
    return next((int(code) for code in call.operation.responses if code.startswith("2") and code.isdigit()), 200)
