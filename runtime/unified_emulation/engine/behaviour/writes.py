"""Stored values of a write: what is dropped, merged, appended, set by the server, or a default."""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any

from unified_emulation.engine.behaviour.situations import sent
from unified_emulation.engine.behaviour.templates import render
from unified_emulation.engine.behaviour.values import remove, values_at, write
from unified_emulation.engine.placement import Find
from unified_emulation.engine.routes import Call
from unified_emulation.engine.tables import scalars
from unified_openapi.behaviour.kinds import Altered, AnyFact, Default, Dropped, ServerValue, Write

_MISSING = object()


def accepted(facts: Iterable[AnyFact], call: Call) -> Call:
    """Return a write without what the vendor drops, and with contents as the vendor changes them."""
    query, body = dict(call.query), copy.deepcopy(call.body)
    for fact in facts:
        if isinstance(fact, Dropped):
            for path in fact.properties:
                if not fact.values:
                    query.pop(path, None)
                    remove(body, path)
                else:
                    _without(query, path, fact.values)
                    _without(body, path, fact.values)
        elif isinstance(fact, Altered) and isinstance(body, dict):
            for path in fact.properties:
                _altered(body, path, fact)
        elif isinstance(fact, Write) and fact.how == "members" and isinstance(body, dict):
            _added(body, fact)
    return replace(call, query=query, body=body)


def _without(value: Any, path: str, dropped: tuple[Any, ...]) -> None:
    for found in list(values_at(value, path)):
        if isinstance(found, list):
            found[:] = [member for member in found if member not in dropped]
        elif found in dropped:
            remove(value, path)


def _altered(body: dict[str, Any], path: str, fact: Altered) -> None:
    for found in list(values_at(body, path)):
        if isinstance(found, list) and fact.how == "unique":
            found[:] = [each for number, each in enumerate(found) if each not in found[:number]]
        elif isinstance(found, list):
            found[:] = [_text(fact, each) if isinstance(each, str) else each for each in found]
        elif isinstance(found, str):
            write(body, path, _text(fact, found))


def _text(fact: Altered, text: str) -> str:
    match fact.how:
        case "truncated":
            return text[: fact.longest]
        case "normalized":
            return " ".join(text.split())
        case "line_ends":
            return re.sub(r"\r\n|\n|\r", "\r\n", text)
        case "lower_case":
            return text.lower()
        case _:
            return text


def _added(body: dict[str, Any], fact: Write) -> None:
    """Replace an object of members to add and to remove by the list of those to add: `written` joins it with the stored ones."""
    for path in fact.properties:
        for found in values_at(body, path):
            if isinstance(found, dict):
                write(body, path, found.get(fact.add or "add", []))


def written(
    facts: Iterable[AnyFact],
    call: Call,
    before: Mapping[str, Any],
    record: dict[str, Any],
    special: Mapping[str, Callable[[], Any]],
    find: Find,
) -> None:
    """Complete a record after a write.

    Args:
        facts: those that concern the request.
        call: the request as it was sent.
        before: the record before it.
        record: the record with what was sent.
        special: values of names such as `now`, for templates.
        find: returns the record that a sent id identifies.
    """
    for fact in facts:
        match fact:
            case Write(how="merge" | "append" | "members"):
                for path in fact.properties:
                    _join(fact, call, path, before, record)
            case Default():
                for path, value in fact.values.items():
                    _default(call, path, value, record)
            case ServerValue():
                for path, value in fact.values.items():
                    write(record, path, _special(value, call, {**special, "record": lambda: record}, find))


def _join(fact: Write, call: Call, path: str, before: Mapping[str, Any], record: dict[str, Any]) -> None:
    old, new = next(values_at(before, path), None), next(values_at(record, path), None)
    given = next(iter(sent(call, path)), _MISSING)
    if given is _MISSING:
        return
    if fact.how == "merge" and isinstance(old, dict) and isinstance(new, dict):
        write(record, path, merged(old, new))
    elif isinstance(old, list) and isinstance(new, list):
        gone = given.get(fact.remove or "remove", []) if isinstance(given, dict) else []
        left = [member for member in old if not set(map(str, scalars(member))) & set(map(str, gone))]
        write(record, path, [*left, *(member for member in new if member not in left)])
    elif fact.how == "append" and isinstance(old, str) and isinstance(new, str):
        write(record, path, old + new)


def merged(old: Any, new: Any) -> Any:
    """Return an object with the properties of another one replaced or added."""
    if isinstance(old, dict) and isinstance(new, dict):
        return {**old, **{name: merged(old[name], value) if name in old else value for name, value in new.items()}}
    return new


def _default(call: Call, path: str, value: Any, record: dict[str, Any]) -> None:
    head, dot, last = path.rpartition(".")
    if dot and any(isinstance(found, list) for found in values_at(record, head)):
        for member in values_at(record, head):
            for each in member if isinstance(member, list) else ():
                if isinstance(each, dict):
                    each.setdefault(last, copy.deepcopy(value))
    elif not sent(call, path) and (not dot or head in record or _in_objects(record, head)):
        write(record, path, value)


def _in_objects(record: Mapping[str, Any], path: str) -> bool:
    return any(isinstance(found, dict) for found in values_at(record, path))


def _special(value: Any, call: Call, special: Mapping[str, Callable[[], Any]], find: Find) -> Any:
    if isinstance(value, str) and value.startswith("$sent."):
        return next(iter(sent(call, value.removeprefix("$sent."))), None)
    if isinstance(value, str) and value.startswith("$of."):
        path, _, name = value.removeprefix("$of.").rpartition(".")
        found = find(next(iter(sent(call, path)), None), path.rpartition(".")[2])
        return None if found is None else copy.deepcopy(next(values_at(dict(found), name), None))
    return render(value, {**special, "path": call.path})
