"""Sequences of several requests that a mapping uses by name (`exchange`), for operations that a mapping cannot express by itself.

Each replaces one request of an operation: its arguments are that request, the vendor's other operations by role, and the arguments of the
mapping, and its result has the format of that request's response.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, TypeVar

import msgspec

from unified_runtime.adapter_api.steps import Steps, call, fetch
from unified_runtime.core import typed_json
from unified_runtime.core.decoding import decode
from unified_runtime.core.endpoints import Endpoint
from unified_runtime.core.errors import Forbidden, InvalidInput, NotFound, Rejected, Unsupported, VendorProtocolError
from unified_runtime.core.planning import PlanEnds
from unified_runtime.core.raw import Document, Raw
from unified_runtime.core.responses import Response
from unified_runtime.core.symbols import Symbol

S = TypeVar("S")

_MOST_PAGES = 100
"""Maximum pages of reactions to one message that are read; a correct server does not have more."""

_ROOMS_AT_ONCE = 20
"""Maximum rooms on one page of the account's own rooms: each needs a separate request."""

_MEMBERS_AT_ONCE = 20
"""Maximum members on one page of a channel's members: each needs a separate request."""


_TYPE, _PARENT = frozenset({"type", "issuetype"}), frozenset({"parent_id", "parent", "parentId"})
"""Names in the errors of a rejected issue."""


class _IssueType(msgspec.Struct, rename="camel"):
    id: str
    subtask: bool = False
    hierarchy_level: int = 0


class _IssueTypes(msgspec.Struct, rename="camel"):
    issue_types: list[_IssueType] = []


class _Owner(msgspec.Struct):
    user_id: str


class _Members(msgspec.Struct):
    members: list[str]
    response_metadata: dict[str, Any] = {}


class _Profile(msgspec.Struct):
    user: dict[str, Any]


class _FolderInfo(msgspec.Struct):
    shared_folder_id: str | None = None


class _Entry(msgspec.Struct):
    rev: str | None = None
    shared_folder_id: str | None = None
    sharing_info: _FolderInfo | None = None


class _SharedWith(msgspec.Struct):
    users: list[dict[str, Any]] = []
    groups: list[dict[str, Any]] = []
    invitees: list[dict[str, Any]] = []
    cursor: str | None = None


class _Joined(msgspec.Struct):
    joined_rooms: list[str]


class _Membership(msgspec.Struct):
    membership: str | None = None


def jira_issue_type(
    endpoint: Endpoint, *, json: Any, schema: type[S], save_as: str, types: Endpoint, project: str, given: str | None
) -> Steps[S]:
    """Create an issue whose type was not given: with the default of the mapping, or else, if its project has no such type, with the first
    standard type of the project. A part of another issue has the first type of sub-tasks if its parent cannot have standard ones.

    A rejected request creates nothing, so another one is safe.

    Source: https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-issues/#api-rest-api-3-issue-createmeta-projectidorkey-issuetypes-get
    """
    fields = json["fields"]
    try:
        made: S = yield from call(endpoint, json=json, schema=schema, save_as=save_as)
    except Rejected as error:
        of_type, of_parent = (not names.isdisjoint(error.fields) for names in (_TYPE, _PARENT))
        if given is not None or set(fields.get("issuetype") or ()) != {"name"} or not (of_type or of_parent):
            raise
        found = yield from call(types, path=(project,), query={"maxResults": 200}, schema=_IssueTypes)
        usable = [each.id for each in found.issue_types if each.subtask != of_type and each.hierarchy_level <= 0]
        if not usable:
            raise
        changed = {**json, "fields": {**fields, "issuetype": {"id": usable[0]}}}
        made = yield from call(endpoint, json=changed, schema=schema, save_as=save_as)
    return made


def matrix_direct(
    endpoint: Endpoint,
    *,
    json: Any,
    schema: type[S],
    save_as: str,
    user: str,
    me: Endpoint,
    known: Endpoint,
    joined: Endpoint,
    member: Endpoint,
    record: Endpoint,
) -> Steps[S]:
    """Return the direct conversation with a user: the room in the account data `m.direct`, or a new one, which is recorded there.

    A room is valid while the account is in it and the user is in it or invited; of several, the one recorded last is returned. Account
    data can only be replaced completely and unconditionally: if two clients open conversations at the same time, one of them may remain
    unrecorded.

    Source: https://spec.matrix.org/v1.16/client-server-api/#direct-messaging
    """
    owner = yield from call(me, schema=_Owner, save_as="me")
    path = (owner.user_id, "m.direct")
    direct: dict[str, Any] = {}
    with contextlib.suppress(NotFound):  # there is no record yet
        direct = yield from call(known, path=path, schema=dict[str, Any], save_as="direct")
    if isinstance(direct, Symbol):  # a plan shows the requests of a first conversation
        direct = {}
    rooms = _texts(direct.get(user))
    if rooms:
        mine = frozenset((yield from call(joined, schema=_Joined, save_as="joined")).joined_rooms)
        for room in reversed([room for room in rooms if room in mine]):
            if (yield from _is_there(member, room, user)):
                return typed_json.convert({"room_id": room}, schema)
    created = yield from call(endpoint, json=json, schema=schema, save_as=save_as)
    room_id: Any = created.room_id  # type: ignore[attr-defined]
    yield from call(record, path=path, json={**direct, user: [*rooms, room_id]})
    return created


def matrix_rooms(endpoint: Endpoint, *, json: dict[str, Any], schema: type[S], joined: Endpoint, summary: Endpoint) -> Steps[tuple[S, Raw]]:
    """Return a page of rooms: first those that the account is in, of which a homeserver lists only the ids, then others in its directory.

    A cursor has the list to continue and the position in it: `j` and the last room, or `d` and the directory's own token.

    Raises:
        InvalidInput: the cursor is neither.

    Source: https://spec.matrix.org/v1.16/client-server-api/#listing-rooms
    """
    query = dict(json)
    cursor = query.pop("since", None)
    if cursor is not None and cursor[:1] not in ("j", "d"):
        raise InvalidInput("cursor must be one that a page returned", fields={"cursor": "must be one that a page returned"})
    mine = yield from call(joined, schema=_Joined, save_as="joined")
    if cursor is None or cursor.startswith("j"):
        if isinstance(mine, Symbol):  # a plan shows the request for one room
            yield from fetch(summary, path=(mine.joined_rooms[0],), schema=dict[str, Any])
        rooms = sorted(mine.joined_rooms)
        left = [room for room in rooms if cursor is None or room > cursor[1:]]
        page = left[: min(_ROOMS_AT_ONCE, query.get("limit", _ROOMS_AT_ONCE))]
        found = []
        for room in page:
            room_summary = yield from _summary(summary, room)
            if _contains(room_summary, (query.get("filter") or {}).get("generic_search_term")):
                found.append(room_summary)
        body = msgspec.json.encode({"chunk": found, "next_batch": f"j{page[-1]}" if len(left) > len(page) else "d"})
        response = Response(200, (), body, "")
        return decode(response, schema), Raw(Document(body, response))
    if cursor[1:]:
        query["since"] = cursor[1:]
    directory, raw = yield from fetch(endpoint, json=query, schema=dict[str, Any])
    inside = frozenset(mine.joined_rooms)
    chunk = [room for room in directory.get("chunk") or () if not (isinstance(room, dict) and room.get("room_id") in inside)]
    further = directory.get("next_batch")
    body = msgspec.json.encode({**directory, "chunk": chunk, "next_batch": f"d{further}" if isinstance(further, str) and further else None})
    response = raw.response or Response(200, (), body, "")
    return decode(Response(response.status, response.pairs, body, response.url), schema), Raw(Document(body, raw.response))


def _summary(summary: Endpoint, room: str) -> Steps[dict[str, Any]]:
    """Return the summary of a room; only its id if the homeserver does not provide one."""
    try:
        return (yield from call(summary, path=(room,), schema=dict[str, Any], save_as="room"))
    except (NotFound, Forbidden):
        return {"room_id": room}


def _contains(room: Mapping[str, Any], text: str | None) -> bool:
    return text is None or any(text.casefold() in str(room.get(name) or "").casefold() for name in ("name", "topic"))


def _is_there(member: Endpoint, room: str, user: str) -> Steps[bool]:
    """Return true if a user is in a room, or is invited to it."""
    try:
        found = yield from call(member, path=(room, "m.room.member", user), schema=_Membership)
    except (NotFound, Forbidden):
        return False
    return found.membership in ("join", "invite")


def matrix_unencrypted(endpoint: Endpoint, *, path: Sequence[object], state: Endpoint, **request: Any) -> Steps[Any]:
    """Send to a room without end-to-end encryption; the first part of the path is the room.

    Homeservers accept plain text in an encrypted room, where everyone would read it and clients warn of it.

    Raises:
        Unsupported: the room is encrypted.

    Source: https://spec.matrix.org/v1.16/client-server-api/#mroomencryption
    """
    yield from _check_unencrypted(state, path[0])
    return (yield from call(endpoint, path=path, **request))


def matrix_readable(
    endpoint: Endpoint, *, path: Sequence[object], schema: type[S], state: Endpoint, **request: Any
) -> Steps[tuple[S, Raw]]:
    """List events of a room without end-to-end encryption: the messages of an encrypted one cannot be read, as if there were none.

    Raises:
        Unsupported: the room is encrypted.
    """
    yield from _check_unencrypted(state, path[0])
    return (yield from fetch(endpoint, path=path, schema=schema, **request))


def _check_unencrypted(state: Endpoint, room: object) -> Steps[None]:
    with contextlib.suppress(NotFound, Forbidden):  # there is no such state, or the request itself reports what is forbidden
        found = yield from call(state, path=(room, "m.room.encryption"), schema=dict[str, Any], save_as="encryption")
        if not isinstance(found, Symbol) and found.get("algorithm"):
            raise Unsupported(
                f"the room {room} is encrypted end to end, and this client cannot encrypt or decrypt; use a room without encryption"
            )


class _Pinned(msgspec.Struct):
    pinned: list[str] = []


def matrix_pin(endpoint: Endpoint, *, path: Sequence[object], json: Any, state: Endpoint, event: str) -> Steps[None]:
    """Add an event to those that are pinned to its room. One that is pinned already keeps its position.

    The list can only be replaced completely and unconditionally: of two clients that change it at the same time, one may be undone.

    Source: https://spec.matrix.org/v1.16/client-server-api/#mroompinned_events
    """
    pinned = yield from _pinned(state, path, planned=[])
    if event not in pinned:
        yield from call(endpoint, path=path, json={**json, "pinned": [*pinned, event]})


def matrix_unpin(endpoint: Endpoint, *, path: Sequence[object], json: Any, state: Endpoint, event: str) -> Steps[None]:
    """Remove an event from those that are pinned to its room, as `matrix_pin` adds it."""
    pinned = yield from _pinned(state, path, planned=[event])
    if event in pinned:
        yield from call(endpoint, path=path, json={**json, "pinned": [each for each in pinned if each != event]})


def _pinned(state: Endpoint, path: Sequence[object], *, planned: list[str]) -> Steps[list[str]]:
    """Return the ids of the events that are pinned to a room; none if it has no such state. A plan goes on with those of `planned`."""
    try:
        found = yield from call(state, path=path, schema=_Pinned, save_as="pins")
    except NotFound:
        return []
    return planned if isinstance(found, Symbol) else found.pinned


def matrix_reactions(
    endpoint: Endpoint, *, path: Sequence[object], schema: type[S], save_as: str | None = None, related: Endpoint
) -> Steps[tuple[S, Raw]]:
    """Return an event with the reactions to it: each emoji with the ids of its users.

    They are added to its `unsigned`, as servers aggregated them before version 1.4 of the specification, with `user_ids` in addition.
    Reactions are separate events, and are read from all pages of the event's relations.

    Source: https://spec.matrix.org/v1.16/client-server-api/#event-annotations-and-reactions
    """
    event, raw = yield from fetch(endpoint, path=path, schema=dict[str, Any], save_as=save_as or "event")
    found: list[Mapping[str, Any]] = []
    cursor: str | None = None
    for _ in range(_MOST_PAGES):
        query = {"dir": "f", "limit": 100, "from": cursor}
        page = yield from call(related, path=(*path, "m.annotation"), query=query, schema=dict[str, Any])
        if isinstance(page, Symbol):
            if save_as is None:
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
    aggregated = {**event, "unsigned": {**unsigned, "m.relations": {**relations, "m.annotation": chunk}}}
    response = raw.response
    assert response is not None  # it was just received
    return decode(Response(response.status, response.pairs, msgspec.json.encode(aggregated), response.url), schema), raw


def _aggregated(events: list[Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    """Yield the reactions by key, in the order of the first of each; a user counts once for each key."""
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


def slack_members(
    endpoint: Endpoint, *, query: Mapping[str, Any], schema: type[S], channel: str, members: Endpoint, user: Endpoint
) -> Steps[tuple[S, Raw]]:
    """Return a page of the members of a channel as `users.list` returns users: Slack lists only their ids, and users one at a time.

    Source: https://docs.slack.dev/reference/methods/conversations.members
    """
    size = min(query.get("limit", _MEMBERS_AT_ONCE), _MEMBERS_AT_ONCE)
    page = yield from call(members, query={**query, "channel": channel, "limit": size}, schema=_Members, save_as="page")
    if isinstance(page, Symbol):  # a plan shows the request for one member
        yield from fetch(user, query={"user": page.members[0]}, schema=_Profile)
    found = []
    for each in page.members:
        profile = yield from call(user, query={"user": each}, schema=_Profile, save_as="user")
        found.append(profile.user)
    body = msgspec.json.encode({"ok": True, "members": found, "response_metadata": page.response_metadata})
    response = Response(200, (), body, "")
    return decode(response, schema), Raw(Document(body, response))


def dropbox_members(
    endpoint: Endpoint,
    *,
    json: Mapping[str, Any],
    schema: type[S],
    lookup: Endpoint,
    more: Endpoint,
    folder: Endpoint,
    folder_more: Endpoint,
) -> Steps[tuple[S, Raw]]:
    """Return all members of a file or folder in `users`: Dropbox has three lists of members, and other operations for folders.

    A group has a `user` with its id and no address, an invited person one with the address as the id. A folder that is not shared has no
    members.

    Source: https://www.dropbox.com/developers/documentation/http/documentation#sharing-list_file_members
    """
    id = json["file"]
    entry = yield from call(lookup, json={"path": id}, schema=_Entry, save_as="entry")
    found: list[dict[str, Any]] = []
    further = more
    if entry.rev is not None:
        page = yield from call(endpoint, json={"file": id, "limit": 300}, schema=_SharedWith, save_as="page")
    else:
        shared = entry.shared_folder_id or (entry.sharing_info.shared_folder_id if entry.sharing_info is not None else None)
        if shared is None:
            return _composed(found, schema)
        further = folder_more
        page = yield from call(folder, json={"shared_folder_id": shared, "limit": 1000}, schema=_SharedWith, save_as="page")
    for _ in range(_MOST_PAGES):
        if isinstance(page, Symbol):  # of a plan
            break
        found += [*page.users, *map(_group_as_user, page.groups), *map(_invitee_as_user, page.invitees)]
        if page.cursor is None:
            break
        page = yield from call(further, json={"cursor": page.cursor}, schema=_SharedWith, save_as="page")
    return _composed(found, schema)


def _group_as_user(member: dict[str, Any]) -> dict[str, Any]:
    group = member.get("group") or {}
    return {**member, "user": {"account_id": group.get("group_id"), "display_name": group.get("group_name")}}


def _invitee_as_user(member: dict[str, Any]) -> dict[str, Any]:
    address = (member.get("invitee") or {}).get("email")
    return {**member, "user": member.get("user") or {"account_id": address, "email": address}}


def _composed(members: list[dict[str, Any]], schema: type[S]) -> tuple[S, Raw]:
    body = msgspec.json.encode({"users": members, "groups": [], "invitees": []})
    response = Response(200, (), body, "")
    return decode(response, schema), Raw(Document(body, response))
