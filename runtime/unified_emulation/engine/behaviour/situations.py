"""Situations of facts: conditions of the account, what a request sends, and the stored record."""

from __future__ import annotations

import re
from collections.abc import Container, Mapping
from typing import Any

from unified_emulation.engine.behaviour.values import values_at
from unified_emulation.engine.routes import Call
from unified_openapi.behaviour.common import Fact, Situation


def sent(call: Call, path: str) -> list[Any]:
    """Return what a request sends at a path of its body or as a parameter."""
    for part in (call.query, call.path):
        if path in part:
            return [part[path]]
    return list(values_at(call.body, path))


def holds(fact: Fact, call: Call, record: Mapping[str, Any] | None, conditions: Container[str]) -> bool:
    """Return true if a fact concerns a request: to one of its operations, in its situation."""
    if fact.operations and not {call.operation.name, call.operation.endpoint} & set(fact.operations):
        return False
    if not _is(fact.when, call, record, conditions):
        return False
    return fact.unless is None or not _is(fact.unless, call, record, conditions)


def _is(situation: Situation, call: Call, record: Mapping[str, Any] | None, conditions: Container[str]) -> bool:
    if situation.condition is not None and situation.condition not in conditions:
        return False
    if not all(_matches(sent(call, path), wanted) for path, wanted in situation.request.items()):
        return False
    if not all(sent(call, path) for path in situation.sends):
        return False
    if not all(_unlike(sent(call, path), pattern) for path, pattern in situation.unlike.items()):
        return False
    return not situation.record or (record is not None and has(record, situation.record))


def has(record: Mapping[str, Any], wanted: Mapping[str, Any]) -> bool:
    """Return true if a record has a value, or one of the values, at each path."""
    return all(_matches(list(values_at(record, path)), value) for path, value in wanted.items())


def _unlike(found: list[Any], pattern: str) -> bool:
    return any(value is not None and re.fullmatch(pattern, str(value)) is None for value in found)


def _matches(found: list[Any], wanted: Any) -> bool:
    if wanted == "$any":
        return any(value is not None for value in found)
    if wanted is None:
        return all(value is None for value in found)
    allowed = wanted if isinstance(wanted, list) else [wanted]
    if None in allowed and all(value is None for value in found):
        return True
    members = [*found, *(each for value in found if isinstance(value, list) for each in value)]
    return any(_same(value, each) for value in members for each in allowed)


def _same(one: Any, other: Any) -> bool:
    """Return true if two values are equal; unlike in Python, true is not 1."""
    return isinstance(one, bool) == isinstance(other, bool) and bool(one == other)
