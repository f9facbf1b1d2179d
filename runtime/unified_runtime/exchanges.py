"""Exchanges of several requests that a mapping asks for by name (`through`), where what is wanted takes an order of requests of its own.

Each stands in place of one request of an operation: it is given that request, the vendor's other operations by role, and what the mapping
passes to it, and comes to an answer of the same form.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, TypeVar

import msgspec

from unified_runtime.errors import Forbidden, InvalidInput, NotFound, VendorProtocolError
from unified_runtime.messages import Response
from unified_runtime.raw import Document, Raw
from unified_runtime.reading import decode
from unified_runtime.steps import Endpoint, Steps, call, fetch
from unified_runtime.symbols import PlanEnds, Symbol

S = TypeVar("S")

_MOST_PAGES = 100
"""Pages of reactions that are read of one message: more are no answer of an honest server."""

_ROOMS_AT_ONCE = 20
"""Rooms of one page of those that the account is in: each is asked for by a request of its own."""


class _Owner(msgspec.Struct):
    user_id: str


class _Joined(msgspec.Struct):
    joined_rooms: list[str]


class _Membership(msgspec.Struct):
    membership: str | None = None


def matrix_direct(
    endpoint: Endpoint,
    *,
    json: Any,
    reads: type[S],
    keep: str,
    user: str,
    me: Endpoint,
    known: Endpoint,
    joined: Endpoint,
    member: Endpoint,
    record: Endpoint,
) -> Steps[S]:
    """The direct conversation with a user: the room that the account data `m.direct` tells of, or a new one, which is recorded there.

    A room counts while the account is in it and the user is, or is invited; of several it is the one recorded last. Account data is
    replaced whole, and a homeserver has no condition for that: two clients that open conversations in the same moment may leave one of
    them unrecorded.

    Source: https://spec.matrix.org/v1.16/client-server-api/#direct-messaging
    """
    owner = yield from call(me, reads=_Owner, keep="me")
    place = (owner.user_id, "m.direct")
    told: dict[str, Any] = {}
    with contextlib.suppress(NotFound):  # nothing was ever recorded
        told = yield from call(known, path=place, reads=dict[str, Any], keep="direct")
    if isinstance(told, Symbol):  # a plan shows what the first conversation takes
        told = {}
    rooms = _texts(told.get(user))
    if rooms:
        mine = frozenset((yield from call(joined, reads=_Joined, keep="joined")).joined_rooms)
        for room in reversed([room for room in rooms if room in mine]):
            if (yield from _is_there(member, room, user)):
                return msgspec.convert({"room_id": room}, reads)
    created = yield from call(endpoint, json=json, reads=reads, keep=keep)
    room_id: Any = created.room_id  # type: ignore[attr-defined]
    yield from call(record, path=place, json={**told, user: [*rooms, room_id]})
    return created


def matrix_rooms(endpoint: Endpoint, *, json: dict[str, Any], reads: type[S], joined: Endpoint, summary: Endpoint) -> Steps[tuple[S, Raw]]:
    """A page of rooms: first those that the account is in, which a homeserver tells by their ids alone, then the others of its directory.

    A cursor says which of the two lists goes on, and where: `j` and the last room, or `d` and the directory's own token.

    Raises:
        InvalidInput: the cursor is none of these.

    Source: https://spec.matrix.org/v1.16/client-server-api/#listing-rooms
    """
    asked = dict(json)
    cursor = asked.pop("since", None)
    if cursor is not None and cursor[:1] not in ("j", "d"):
        raise InvalidInput("cursor must be one that a page returned", fields={"cursor": "must be one that a page returned"})
    mine = yield from call(joined, reads=_Joined, keep="joined")
    if cursor is None or cursor.startswith("j"):
        if isinstance(mine, Symbol):  # a plan shows one room of those that there may be
            yield from fetch(summary, path=(mine.joined_rooms[0],), reads=dict[str, Any])
        rooms = sorted(mine.joined_rooms)
        left = [room for room in rooms if cursor is None or room > cursor[1:]]
        page = left[: min(_ROOMS_AT_ONCE, asked.get("limit", _ROOMS_AT_ONCE))]
        found = []
        for room in page:
            told = yield from _summary(summary, room)
            if _contains(told, (asked.get("filter") or {}).get("generic_search_term")):
                found.append(told)
        body = msgspec.json.encode({"chunk": found, "next_batch": f"j{page[-1]}" if len(left) > len(page) else "d"})
        response = Response(200, (), body, "")
        return decode(response, reads), Raw(Document(body, response))
    if cursor[1:]:
        asked["since"] = cursor[1:]
    directory, raw = yield from fetch(endpoint, json=asked, reads=dict[str, Any])
    inside = frozenset(mine.joined_rooms)
    chunk = [room for room in directory.get("chunk") or () if not (isinstance(room, dict) and room.get("room_id") in inside)]
    further = directory.get("next_batch")
    body = msgspec.json.encode({**directory, "chunk": chunk, "next_batch": f"d{further}" if isinstance(further, str) and further else None})
    response = raw.response or Response(200, (), body, "")
    return decode(Response(response.status, response.pairs, body, response.url), reads), Raw(Document(body, raw.response))


def _summary(summary: Endpoint, room: str) -> Steps[dict[str, Any]]:
    """What a room says of itself; its id alone where the homeserver does not tell."""
    try:
        return (yield from call(summary, path=(room,), reads=dict[str, Any], keep="room"))
    except (NotFound, Forbidden):
        return {"room_id": room}


def _contains(room: Mapping[str, Any], text: str | None) -> bool:
    return text is None or any(text.casefold() in str(room.get(name) or "").casefold() for name in ("name", "topic"))


def _is_there(member: Endpoint, room: str, user: str) -> Steps[bool]:
    """Whether a user is in a room, or is invited to it."""
    try:
        found = yield from call(member, path=(room, "m.room.member", user), reads=_Membership)
    except (NotFound, Forbidden):
        return False
    return found.membership in ("join", "invite")


def matrix_reactions(
    endpoint: Endpoint, *, path: Sequence[object], reads: type[S], keep: str | None = None, related: Endpoint
) -> Steps[tuple[S, Raw]]:
    """An event with the reactions to it, each emoji with those who chose it.

    They stand in its `unsigned`, where servers aggregated them before version 1.4 of the specification, with `user_ids` besides. Reactions
    are events of their own and are read from the event's relations, all pages of them.

    Source: https://spec.matrix.org/v1.16/client-server-api/#event-annotations-and-reactions
    """
    event, raw = yield from fetch(endpoint, path=path, reads=dict[str, Any], keep=keep or "event")
    found: list[Mapping[str, Any]] = []
    cursor: str | None = None
    for _ in range(_MOST_PAGES):
        query = {"dir": "f", "limit": 100, "from": cursor}
        page = yield from call(related, path=(*path, "m.annotation"), query=query, reads=dict[str, Any])
        if isinstance(page, Symbol):
            if keep is None:
                raise PlanEnds
            unknown: Any = event
            return unknown, raw
        found += [each for each in page.get("chunk") or () if isinstance(each, dict)]
        cursor = page.get("next_batch")
        if not isinstance(cursor, str) or not cursor:
            break
    else:
        raise VendorProtocolError(f"the reactions to one message fill more than {_MOST_PAGES} pages")
    unsigned = event.get("unsigned")
    unsigned = unsigned if isinstance(unsigned, dict) else {}
    relations = unsigned.get("m.relations")
    relations = relations if isinstance(relations, dict) else {}
    chunk = {"chunk": [*_aggregated(found)]}
    told = {**event, "unsigned": {**unsigned, "m.relations": {**relations, "m.annotation": chunk}}}
    response = raw.response
    assert response is not None  # it has just come
    return decode(Response(response.status, response.pairs, msgspec.json.encode(told), response.url), reads), raw


def _aggregated(events: list[Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    """Reactions by their key, in the order of the first of each; a user counts once for each."""
    users: dict[str, dict[str, None]] = {}
    for event in events:
        content = event.get("content")
        relation = content.get("m.relates_to") if isinstance(content, dict) else None
        key = relation.get("key") if isinstance(relation, dict) else None
        sender = event.get("sender")
        if isinstance(key, str) and isinstance(sender, str) and event.get("type") == "m.reaction":
            users.setdefault(key, {})[sender] = None
    for key, chose in users.items():
        yield {"type": "m.reaction", "key": key, "count": len(chose), "user_ids": [*chose]}


def _texts(value: Any) -> list[str]:
    return [each for each in value if isinstance(each, str)] if isinstance(value, list) else []
