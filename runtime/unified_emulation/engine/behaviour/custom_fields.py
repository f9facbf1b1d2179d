"""Custom fields of an account: how requests have them, and how records return them."""

from __future__ import annotations

import copy
import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any, Literal

from unified_emulation.engine.behaviour.values import values_at, write
from unified_emulation.engine.routes import Call
from unified_openapi.behaviour.kinds import AnyFact, CustomFields

_TYPES: Mapping[type, Literal["string", "number", "boolean", "list", "object", "id"]] = {
    bool: "boolean",
    str: "string",
    int: "number",
    float: "number",
    list: "list",
    dict: "object",
}


def without(facts: Iterable[AnyFact], call: Call) -> Call:
    """Return a request without the custom fields that it writes: the document does not declare them."""
    for fact in facts:
        if isinstance(fact, CustomFields) and isinstance(call.body, dict) and fact.parameter is None:
            body = copy.deepcopy(call.body)
            for held in values_at(body, fact.sent):
                if fact.sent_key is None and isinstance(held, dict):
                    for name in [name for name in held if re.fullmatch(fact.names, name)]:
                        del held[name]
                elif isinstance(held, list):
                    held.clear()
            call = replace(call, body=body)
    return call


def store(facts: Iterable[AnyFact], call: Call, before: Mapping[str, Any], record: dict[str, Any]) -> None:
    """Store the custom fields that a request writes. Those that it does not write stay: of a new record, what it is created with."""
    lists: dict[str, dict[str, dict[str, Any]]] = {}
    for fact in facts:
        if isinstance(fact, CustomFields):
            sent = _sent(fact, call)
            if fact.parameter is not None and not sent:
                continue  # it is one that another fact describes
            if fact.key is None:
                for name, value in sent.items():
                    write(record, f"{fact.stored}.{name}", value)
            else:
                if fact.stored not in lists:
                    lists[fact.stored] = _elements(fact, before or record)
                _list(fact, sent, lists[fact.stored], record)


def _sent(fact: CustomFields, call: Call) -> dict[str, Any]:
    body = call.body if isinstance(call.body, dict) else {}
    if fact.parameter is not None:
        name = str(call.path.get(fact.parameter, body.get(fact.parameter)))
        return {name: next(values_at(body, fact.sent), None)} if re.fullmatch(fact.names, name) else {}
    found: dict[str, Any] = {}
    for held in values_at(body, fact.sent):
        if isinstance(held, dict):
            found |= {name: _inside(fact, value) for name, value in held.items() if re.fullmatch(fact.names, name)}
        elif isinstance(held, list) and fact.sent_key is not None:
            found |= {str(one[fact.sent_key]): one.get(fact.sent_value) for one in held if isinstance(one, dict) and fact.sent_key in one}
    return found


def _inside(fact: CustomFields, value: Any) -> Any:
    return value.get(fact.sent_inside) if fact.sent_inside is not None and isinstance(value, dict) else value


def _elements(fact: CustomFields, record: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    stored = [one for held in values_at(record, fact.stored) if isinstance(held, list) for one in held if isinstance(one, dict)]
    return {str(one[fact.key]): dict(one) for one in stored if fact.key in one}


def _list(fact: CustomFields, sent: Mapping[str, Any], elements: dict[str, dict[str, Any]], record: dict[str, Any]) -> None:
    """Write the elements of a list into the record, after changing those that are sent."""
    assert fact.key is not None
    for name, value in sent.items():
        element: dict[str, Any] = {fact.key: int(name) if fact.integer_ids else name, **copy.deepcopy(fact.constants)}
        kind = _TYPES.get(type(value), "string")
        if isinstance(value, str) and "id" in fact.values and re.fullmatch(fact.names, value):
            kind = "id"
        path = fact.values.get(kind)
        if path is not None:
            head, each, inner = path.partition("[].")
            if each and isinstance(value, list | str):
                write(element, head, [{inner: one} for one in (value if isinstance(value, list) else value.split(",")) if one])
            else:
                write(element, path, value)
        elements[name] = element
    write(record, fact.stored, list(elements.values()))
