"""Lists: order, omissions, delayed writes, caps, comparisons of filters."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import partial
from typing import Any

from unified_emulation.engine.behaviour.situations import has
from unified_emulation.engine.behaviour.values import values_at, write
from unified_emulation.engine.tables import Record, scalars
from unified_emulation.engine.times import time_of
from unified_openapi.behaviour.kinds import AnyFact, Cap, Delay, Matching, Omission, Order


@dataclass(slots=True)
class WriteTimes:
    """Times of the last writes, with what records were before."""

    created: dict[int, float] = field(default_factory=dict)
    changed: dict[int, tuple[float, dict[str, Any]]] = field(default_factory=dict)


def listed(facts: Iterable[AnyFact], records: Iterable[Record], times: WriteTimes, now: float) -> list[Record]:
    """Return the records that a list has, in its order, with the values that are visible by now."""
    found = list(records)
    for fact in facts:
        match fact:
            case Omission():
                found = [record for record in found if not has(record.values, fact.records)]
            case Delay():
                found = [seen for record in found if (seen := _visible(fact, record, times, now)) is not None]
            case Order():
                found.sort(key=partial(_key, fact.by), reverse=fact.descending)
    return found


def show(fact: Omission, record: Record) -> None:
    """Change the values that a record is left out with: a flag is reversed, any other value of `$any` removed."""
    for path, wanted in fact.records.items() if has(record.values, fact.records) else ():
        if wanted == "$any":
            write(record.values, path, None)
        elif isinstance(wanted, bool):
            write(record.values, path, not wanted)


def _visible(fact: Delay, record: Record, times: WriteTimes, now: float) -> Record | None:
    """Return a record as it was before writes that are not visible yet; None if it did not exist."""
    if fact.parts != "changed" and now - times.created.get(record.number, float("-inf")) < fact.seconds:
        return None
    at, before = times.changed.get(record.number, (float("-inf"), record.values))
    if fact.parts != "created" and now - at < fact.seconds:
        return Record(record.number, before, record.scope)
    return record


def _key(path: str, record: Record) -> tuple[int, Decimal, str]:
    return order_key(next(values_at(record.values, path), None))


def order_key(value: Any) -> tuple[int, Decimal, str]:
    """Return a key that sorts numbers, also in texts, before other texts, and what has no value first."""
    if value is None:
        return (0, Decimal(), "")
    text = str(value)
    if re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", text):
        return (1, Decimal(text), "")  # ids may have more digits than a float
    return (2, Decimal(), text)


def caps(facts: Iterable[AnyFact]) -> list[Cap]:
    return [fact for fact in facts if isinstance(fact, Cap)]


def matching(facts: Iterable[AnyFact], parameter: str) -> Matching | None:
    """Return the fact that states how a parameter selects records."""
    return next((fact for fact in facts if isinstance(fact, Matching) and fact.parameter == parameter), None)


def ids_in(fact: Matching, values: Mapping[str, Any]) -> set[str]:
    """Return the ids that a record has in the properties of a fact."""
    return {str(inner) for path in fact.properties for each in values_at(values, path) for inner in scalars(each)}


def matches(fact: Matching, values: Mapping[str, Any], text: str) -> bool:
    """Return true if a record is selected by the text of a parameter."""
    if fact.properties:
        candidates = [each for path in fact.properties for found in values_at(values, path) for each in scalars(found)]
    else:
        candidates = list(scalars(dict(values)))
    if fact.how in ("after", "before"):
        bound, times = time_of(text), [time for each in candidates if (time := time_of(each)) is not None]
        return bound is None or any(bound < time if fact.how == "after" else time < bound for time in times)
    texts = [each.casefold() for each in candidates if isinstance(each, str)]
    wanted = text.casefold()
    match fact.how:
        case "exact":
            return wanted in texts
        case "prefix":
            return any(each.startswith(wanted) for each in texts)
        case "word_prefix":
            return any(re.search(rf"(?<!\w){re.escape(wanted)}", each) for each in texts)
        case "words":
            return all(any(re.search(rf"(?<!\w){re.escape(word)}(?!\w)", each) for each in texts) for word in wanted.split())
        case "substring" | "content":
            return any(wanted in each for each in texts)
        case _:  # the engine looks these up
            return False
