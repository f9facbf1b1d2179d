"""State machines of records: transitions that are listed and performed, and the fields that they require."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any

from unified_emulation.engine.behaviour.responses import respond
from unified_emulation.engine.behaviour.situations import sent
from unified_emulation.engine.behaviour.values import values_at, write
from unified_emulation.engine.routes import Call
from unified_openapi.behaviour.common import VendorResponse
from unified_openapi.behaviour.kinds import StateMachine, Transition


def value_of(machine: StateMachine, state: str) -> Any:
    """Return what the property of a record holds in a state."""
    stated = machine.states[state].value
    return state if stated is None else copy.deepcopy(stated)


def enter(machine: StateMachine, record: dict[str, Any], state: str) -> None:
    write(record, machine.property, value_of(machine, state))


def state_of(machine: StateMachine, record: Mapping[str, Any]) -> str | None:
    """Return the state of a record; None if its property has another value."""
    found = next(values_at(dict(record), machine.property), None)
    return next((name for name in machine.states if value_of(machine, name) == found), None)


def available(machine: StateMachine, state: str) -> list[Transition]:
    """Return the transitions that start from a state. One that leads back to it is left out unless it is accepted."""
    found = [each for each in machine.transitions if not each.from_ or state in each.from_]
    return [each for each in found if each.to != state or machine.already_there == "accepted"]


def shown(machine: StateMachine, transition: Transition, fields: bool) -> dict[str, Any]:
    """Return a transition as a list has it. `fields`: with those of its screen."""
    found = {
        "id": transition.id,
        "name": transition.name,
        "to": value_of(machine, transition.to),
        "hasScreen": bool(transition.requires),
        "isAvailable": True,
    }
    if fields:
        names = [path.rpartition(".")[2] for path in transition.requires]
        found["fields"] = {name: {"required": True, "key": name, "name": name.capitalize(), "operations": ["set"]} for name in names}
    return found


def perform(machine: StateMachine, call: Call, record: dict[str, Any]) -> VendorResponse | None:
    """Perform the transition that a request names, and set the fields of its screen. Return the response if it is rejected."""
    assert machine.by is not None
    wanted = [str(value) for value in sent(call, machine.by)]
    state = state_of(machine, record) or machine.initial
    transition = next((each for each in available(machine, state) if each.id in wanted), None)
    if transition is None:
        return respond(machine.rejection) if machine.rejection is not None else VendorResponse(400)
    for path in transition.requires:
        values = sent(call, path)
        if not values or values[0] is None:
            name = path.rpartition(".")[2]
            return _naming(respond(machine.missing), name) if machine.missing is not None else VendorResponse(400)
    enter(machine, record, transition.to)
    for path in transition.requires:
        write(record, path, sent(call, path)[0])
    return None


def _naming(response: VendorResponse, name: str) -> VendorResponse:
    return VendorResponse(response.status, _named(response.body, name), response.headers)


def _named(value: Any, name: str) -> Any:
    if isinstance(value, dict):
        return {key.replace("$field", name): _named(inner, name) for key, inner in value.items()}
    if isinstance(value, list):
        return [_named(each, name) for each in value]
    return value.replace("$field", name) if isinstance(value, str) else value
