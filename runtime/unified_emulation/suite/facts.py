"""Facts of behaviour, judged by what a suite exchanged with the vendor."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from unified_emulation.engine.behaviour.situations import has, holds, sent
from unified_emulation.engine.behaviour.values import values_at
from unified_emulation.laws.verdicts import State
from unified_emulation.suite.exchanges import Exchange, Reader
from unified_openapi.behaviour.kinds import AnyFact, Cap, Default, Error, IdForm, Omission, Order, Reference, ServerValue, Withheld
from unified_openapi.behaviour.load import Behaviour

Judged = tuple[str, AnyFact, State, str]
"""Id of a fact, the fact, whether it held, and why not."""


def judged(behaviour: Behaviour, reader: Reader, exchanges: Sequence[Exchange]) -> Iterator[Judged]:
    """Yield the facts whose situation occurred, and whether the vendor behaved so.

    Facts that depend on a condition of the account are left out: whether it holds is not known.
    """
    for name, fact in behaviour.facts.items():
        judge = next((judge for kind, judge in _JUDGES.items() if isinstance(fact, kind)), None)
        if judge is None or fact.when.condition is not None or not fact.operations:
            continue
        states = [found for each in _concerning(fact, exchanges) for found in judge(fact, reader, each)]
        if states:
            wrong = next((reason for reason in states if reason), "")
            yield name, fact, State.BROKEN if wrong else State.HELD, wrong


def _concerning(fact: AnyFact, exchanges: Iterable[Exchange]) -> Iterator[Exchange]:
    """Yield the exchanges in the situation of a fact. What a stored record was before is not known."""
    situations = [one for one in (fact.when, fact.unless) if one is not None]
    if any(one.record or one.condition for one in situations):
        return
    yield from (each for each in exchanges if each.call is not None and holds(fact, each.call, None, ()))


def _items(reader: Reader, exchange: Exchange) -> list[Any]:
    """Return the records of a list's response."""
    assert exchange.call is not None
    role = reader.role(exchange.call)
    content = exchange.content
    if role is None or role.kind != "list" or exchange.status >= 400:
        return []
    for name in role.at:
        content = content.get(name) if isinstance(content, Mapping) else None
    return content if isinstance(content, list) else []


def _error(fact: Error, reader: Reader, exchange: Exchange) -> Iterator[str]:
    if fact.reason == "unknown_record" and exchange.status in (400, 401, 403, 404, 410) and not fact.when.request:
        same = exchange.status == fact.response.status
        yield "" if same else f"{exchange.endpoint} responds with {exchange.status}, not {fact.response.status}"


def _cap(fact: Cap, reader: Reader, exchange: Exchange) -> Iterator[str]:
    found = _items(reader, exchange)
    if fact.page is not None and found:
        if len(found) > fact.page:
            yield f"a page has {len(found)} records, more than {fact.page}"
        elif len(found) == fact.page:
            yield ""


def _order(fact: Order, reader: Reader, exchange: Exchange) -> Iterator[str]:
    found: list[Any] = [next(values_at(each, fact.by), None) for each in _items(reader, exchange)]
    if len(found) > 2 and None not in found and len(set(map(str, found))) > 1 and len({type(each) for each in found}) == 1:
        ordered = sorted(found, reverse=fact.descending)
        yield "" if found == ordered else f"records are not in the order of `{fact.by}`"


def _omission(fact: Omission, reader: Reader, exchange: Exchange) -> Iterator[str]:
    if any(isinstance(each, Mapping) and has(each, fact.records) for each in _items(reader, exchange)):
        yield "the list has records that it should leave out"


def _server_value(fact: ServerValue, reader: Reader, exchange: Exchange) -> Iterator[str]:
    if exchange.status < 400:
        yield from _values(fact.values, exchange)


def _default(fact: Default, reader: Reader, exchange: Exchange) -> Iterator[str]:
    assert exchange.call is not None
    call = exchange.call
    if exchange.status < 400:
        yield from _values({path: value for path, value in fact.values.items() if not sent(call, path)}, exchange)


def _values(wanted: Mapping[str, Any], exchange: Exchange) -> Iterator[str]:
    """Yield whether a response has values; those that the server makes, such as times, are not compared."""
    for path, value in wanted.items():
        if isinstance(value, dict | list) or (isinstance(value, str) and "$" in value):
            continue
        for at in _within(exchange.content, path):
            same = at == value or (at in ("", [], None) and value in ("", [], None))
            yield "" if same else f"`{path}` is {at!r}, not {value!r}"


def _within(content: Any, path: str, depth: int = 2) -> Iterator[Any]:
    """Yield the values at a path of a response, or of an object in it."""
    found = list(values_at(content, path)) if isinstance(content, Mapping) else []
    yield from found
    if not found and depth and isinstance(content, Mapping):
        for inner in content.values():
            yield from _within(inner, path, depth - 1)


def _withheld(fact: Withheld, reader: Reader, exchange: Exchange) -> Iterator[str]:
    if exchange.status < 400:
        for path in fact.properties:
            shown = [value for value in _within(exchange.content, path) if value not in (None, "", [], {})]
            yield f"`{path}` is shown" if shown else ""


def _id_form(fact: IdForm, reader: Reader, exchange: Exchange) -> Iterator[str]:
    assert exchange.call is not None
    if exchange.status < 400:
        for value in sent(exchange.call, fact.parameter):
            if value not in (None, ""):
                yield "" if re.fullmatch(fact.pattern, str(value)) else f"{value!r} was accepted"


def _reference(fact: Reference, reader: Reader, exchange: Exchange) -> Iterator[str]:
    if exchange.status == fact.response.status:
        yield ""


_JUDGES: Mapping[type, Callable[..., Iterator[str]]] = {
    Error: _error,
    Cap: _cap,
    Order: _order,
    Omission: _omission,
    ServerValue: _server_value,
    Default: _default,
    Withheld: _withheld,
    IdForm: _id_form,
    Reference: _reference,
}
