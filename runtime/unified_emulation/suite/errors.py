"""Checks of errors: unknown ids, and references to records that do not exist."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from unified_emulation.laws.session import MADE_UP
from unified_emulation.laws.verdicts import State
from unified_emulation.suite.checks import Found, outcome_of
from unified_emulation.suite.inputs import SuiteInputs
from unified_emulation.suite.session import SuiteSession
from unified_gen.language.ast import ModelOperation
from unified_runtime.core.errors import NotFound


class Errors:
    """Checks of one resource's errors."""

    def __init__(self, session: SuiteSession, inputs: SuiteInputs, resource: str) -> None:
        self._session = session
        self._inputs = inputs
        self._resource = resource

    def unknown_ids(self) -> Iterator[Found]:
        """Yield the results of reading, changing and deleting a record that does not exist."""
        known = self._known(self._resource)
        if known is None:
            return
        for name in ("get", "update", "delete"):
            found = self._session.operation(self._resource, name)
            if found is None or found[1].name.value != name:
                continue
            values: dict[str, Any] = {"id": unknown(known)}
            if name == "update":
                written = self._written(found[1])
                if written is None:
                    continue
                values |= written
            outcome = self._session.run(found[0], values)
            held = isinstance(outcome.error, NotFound)
            yield name, "unknown id", State.HELD if held else State.BROKEN, "" if held else outcome_of(outcome), outcome_of(outcome)

    def _known(self, resource: str) -> str | None:
        """Return the id of a record that exists."""
        return next((id for id in self._inputs.ids(resource) if not id.startswith(MADE_UP)), None)

    def _written(self, declared: ModelOperation) -> dict[str, Any] | None:
        accepted = self._inputs.accepted(self._resource, declared)
        for field in self._session.models[self._resource].fields:
            if field.name.value in accepted and field.type.kind in ("text", "markdown") and not field.type.many and declared.takes(field):
                return {field.name.value: "Unknown"}
        return None

    def unknown_references(self) -> Iterator[Found]:
        """Yield the results of creating a record that refers to one that does not exist, and of listing by such an id."""
        for kind in ("create", "list"):
            found = self._session.operation(self._resource, kind)
            needed = None if found is None else self._inputs.required(self._resource, found[1], 0)
            if found is None or needed is None:
                continue
            for name in sorted(self._inputs.accepted(self._resource, found[1])):
                target = self._inputs.target(self._resource, found[1], name)
                known = self._known(target) if target is not None and target in self._session.models else None
                if known is None:
                    continue
                field = self._session.fields(self._resource).get(name)
                many = kind == "create" and field is not None and field.type.many
                value = unknown(known)
                outcome = self._session.run(found[0], {**needed, name: [value] if many else value})
                yield found[1].name.value, f"unknown {name}", State.HELD, "", outcome_of(outcome)


def unknown(known: str) -> str:
    """Return an id of the same form that identifies nothing."""
    if (matrix := re.fullmatch(r"([!@#])([^:/]*)(:[^/]*)", known)) is not None:  # the server's name is not changed
        return f"{matrix[1]}{re.sub('[0-9A-Za-z]', '0', matrix[2])}{matrix[3]}"
    *before, last = re.split(r"(?<=[^0-9A-Za-z_=-])|(?<=-)(?=[0-9]+\Z)", known)
    if last.isdigit():
        changed = "9" * max(len(last), 7)
    else:
        changed = last[:-6] + re.sub("[0-9A-Za-z]", "0", last[-6:])
        changed = changed if changed != last else last[:-6] + re.sub("[0-9A-Za-z]", "1", last[-6:])
    return "".join(before) + changed
