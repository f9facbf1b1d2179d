"""The emulator of one vendor: request in, response out, over records in memory."""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from unified_emulation.engine import contents, paging, queries, selection
from unified_emulation.engine.account import ME, Account, key_of
from unified_emulation.engine.actions import Actions, status_of
from unified_emulation.engine.behaviour import state_machines
from unified_emulation.engine.behaviour.applied import Applied
from unified_emulation.engine.behaviour.effects import Fetched, Notified
from unified_emulation.engine.behaviour.lists import matches
from unified_emulation.engine.behaviour.situations import sent
from unified_emulation.engine.changes import Change, Event, events
from unified_emulation.engine.envelopes import Envelopes
from unified_emulation.engine.notes import Note, Refusal
from unified_emulation.engine.paging import BadPage
from unified_emulation.engine.responses import Refused, Response, stated_response
from unified_emulation.engine.roles import CREATE, DELETE, LIST, UPDATE, Role, Roles
from unified_emulation.engine.routes import Call, Request, Routes
from unified_emulation.engine.tables import Record, Table, Tables, shown
from unified_emulation.engine.validation import invalid
from unified_emulation.query_languages.records import QueryFault
from unified_openapi.behaviour.kinds import Action, StateMachine
from unified_openapi.behaviour.load import Behaviour
from unified_openapi.documents import Document, operations
from unified_openapi.documents.operations import OperationFacts
from unified_openapi.documents.words import identifies, noun, referenced, words
from unified_openapi.schemas.pagination import KEYSETS, Pagination, normalized, pagination_of
from unified_openapi.schemas.shapes import Schemas, Shape


class Emulator:
    """A vendor's server, derived from its document and its behaviour.

    `notes` and `refusals` collect what it did not know, and what it refused, `changes` what it wrote. `behaviour` has the conditions that
    hold, the clock, and the effects of writes.
    """

    def __init__(self, document: Document, behaviour: Behaviour | None = None) -> None:
        self.behaviour = Applied(behaviour or Behaviour())
        self.schemas = Schemas(document)
        found = operations(document)
        self.routes = Routes(found, self.schemas)
        self.roles = Roles(found, self.schemas)
        self.tables = Tables(self.roles, self.schemas)
        self.notes: list[Note] = []
        self.refusals: list[Refusal] = []
        self.changes: list[Change] = []
        self.calls: list[Call] = []
        self.more = False
        """True if the last page that was sent was not the last of its list."""
        self.account = Account(self.schemas, self.roles, self.tables)
        self._actions = Actions(self.account, self.behaviour, self._user)
        stated = (self._reader(fact.record) for fact in self.behaviour.behaviour.facts.values() if isinstance(fact, Action))
        self.account.stored_only |= {self.tables.of(reader).name for reader in stated if reader is not None}
        self._envelopes = Envelopes(self.schemas, self.account)
        self._queries = queries.Queries(behaviour or Behaviour(), self.account, lambda note: self.notes.append(note))

    @property
    def conditions(self) -> set[str]:
        """Conditions of the behaviour that hold for the account."""
        return self.behaviour.conditions

    @property
    def notifications(self) -> list[Notified]:
        """People that requests informed."""
        return self.behaviour.notifications

    @property
    def fetched(self) -> list[Fetched]:
        """Links that the vendor's servers fetched because of requests."""
        return self.behaviour.fetched

    def clear(self) -> None:
        """Forget the calls, changes, notes and refusals so far."""
        self.notes, self.refusals, self.changes, self.calls, self.more = [], [], [], [], False

    def events(self) -> list[Event]:
        """Return the events of webhooks that the changes caused, by facts of the vendor."""
        found: list[Event] = []
        for change in self.changes:
            facts = [fact for _, fact in self.behaviour.concerning(change.call, change.before)]
            user = {"user": self._user, "login": self.account.login}
            found += events(facts, change, user, self._related, self.behaviour.clock())
        return found

    def _related(self, name: str, path: Mapping[str, Any]) -> Mapping[str, Any] | None:
        reader = self._reader(name)
        try:
            return None if reader is None else copy.deepcopy(self._identified(reader, Call(reader.operation, path, {})).values)
        except Refused:
            return None

    # ------------------------------------------------------------------------------------------------------- requests
    def respond(self, request: Request, url: str = "") -> Response:
        """Return the response to a request; `url` is its complete address, for addresses of further pages."""
        call = self.routes.call(request)
        if call is None:
            self.refusals.append(Refusal(f"{request.method} {request.path}", ("the document has no such operation",)))
            retired = self.behaviour.retired(request.path)
            return Response(404, {"message": "the document has no such operation"}) if retired is None else stated_response(retired)
        self.calls.append(call)
        stated = self.behaviour.refusal(call)
        if stated is not None:
            self.refusals.append(Refusal(call.operation.endpoint, ("the vendor rejects this request in this situation",)))
            return stated_response(stated)
        response = self._response(call, url)
        if response.status < 400:
            self.behaviour.effects(call)
        return replace(response, body=self.behaviour.shown(call, response.body), headers=(*response.headers, *self.behaviour.headers()))

    def _response(self, call: Call, url: str) -> Response:
        role = self.roles.by_endpoint.get(call.operation.endpoint)
        try:
            if reasons := invalid(self.schemas, self.account.identifies, call):
                raise Refused(400, *reasons)
            if (rows := self._queries.rows(call, *self.roles.response(call.operation))) is not None:
                return Response(*rows)
            machine = self.behaviour.machine(call)
            reader = self._reader(machine.record) if machine is not None else None
            if machine is not None and reader is not None:
                return self._transitions(machine, reader, role, call)
            changed = self.behaviour.changes(call)
            if changed is not None and (reader := self._reader(changed)) is not None:
                return self._changed(reader, role, call)
            if (actions := self.behaviour.actions(call)) and (acted := self._acted(actions, call)) is not None:
                return acted
            if (fact := self.behaviour.content(call)) is not None:
                reader = role if fact.record is None else self._reader(fact.record)
                if reader is not None:
                    return contents.response(self.account, self._found(reader, Call(reader.operation, call.path, {})))
            if role is None or (call.binary and not self._uploads(role, call)) or not self._known(role):
                raise Refused(501, "the document does not state what this operation does")
            return self._handle(role, call, url)
        except Refused as refused:
            if refused.status == 501:
                self.notes.append(Note("operation", call.operation.endpoint, call.operation.name, refused.reasons[0]))
            elif refused.status != 404:
                self.refusals.append(Refusal(call.operation.endpoint, refused.reasons))
            stated = self.behaviour.failure(call, "unknown_record" if refused.status == 404 else "invalid")
            if stated is not None and refused.status in (400, 404):
                return stated_response(stated)
            return Response(refused.status, {"message": "; ".join(refused.reasons), "errors": []})
        except (BadPage, QueryFault) as bad:
            self.refusals.append(Refusal(call.operation.endpoint, (str(bad),)))
            return Response(400, {"message": str(bad)})

    def knows(self, operation: OperationFacts) -> bool:
        """Return true if the document states what an operation does."""
        role = self.roles.by_endpoint.get(operation.endpoint)
        return role is not None and self._known(role)

    def _known(self, role: Role) -> bool:
        table = self.tables.of(role)
        if role.kind in (UPDATE, DELETE) and not role.ids and not self._body_ids(role):
            return False
        return bool(table.properties)

    def _acted(self, facts: Sequence[Action], call: Call) -> Response | None:
        """Perform the actions that facts state; the response is that of the first."""
        bodies = []
        for fact in facts:
            reader = self._reader(fact.record)
            if reader is None:
                return None
            body, changes = self._actions.perform(fact, call, self.tables.of(reader))
            bodies.append(body)
            self.changes += changes
        return Response(status_of(call), bodies[0])

    @staticmethod
    def _uploads(role: Role, call: Call) -> bool:
        """Return true if a body without properties is the content of a new record: the operation accepts it beside one with properties."""
        return role.kind == CREATE and call.content is not None and any("multipart" in kind for kind in call.operation.bodies)

    def _handle(self, role: Role, call: Call, url: str) -> Response:
        match role.kind:
            case "list":
                return self._list(role, call, url)
            case "get":
                record = self._found(role, call)
                if not self.behaviour.listed(call, [record]):
                    raise Refused(404, f"this {role.noun} cannot be read")
                return self._envelopes.response(role, record, call.query)
            case "create":
                record = self._create(role, call)
                self.changes.append(Change.of(call, record, {}))
                return self._envelopes.response(role, record)
            case "update":
                record = self._found(role, call)
                before = copy.deepcopy(record.values)
                self._write(role, call, record)
                self.changes.append(Change.of(call, record, before))
                return self._envelopes.response(role, record)
            case _:
                record = self._found(role, call)
                before = copy.deepcopy(record.values)
                self.changes.append(Change.of(call, record, before))
                if self.behaviour.marks_deleted(call, record.values):
                    self.behaviour.written(call, before, record, self._user)
                else:
                    self.account.delete(self.tables.of(role), record)
                return Response(role.status, None if role.response is None else self._envelopes.around(role, None))

    # ------------------------------------------------------------------------------------------------------- records

    def _scope(self, role: Role, call: Call) -> dict[str, tuple[str, str]]:
        """Return the values of the path parameters above a record; each must identify one, if the document has an operation to read it."""
        found = {name: (value_noun, str(call.path[name])) for name, value_noun in role.scope if name != "format"}
        for name, (value_noun, value) in list(found.items()):
            shape = next((self.schemas.shape(one.schema) for one in call.operation.parameters if one.name == name), None)
            table = self.tables.by_noun.get(value_noun)
            if shape is not None and shape.enum_values is not None:
                del found[name]
            elif table is not None and len(self.account.readers(table)) == 1 and value not in ME:
                parent = self.account.identified(table, name, value)
                if parent is None and (any(map(str.isdigit, value)) or self.account.identifies(value)):
                    raise Refused(404, f"there is no {value_noun} with this `{name}`")
        return found

    def _body_ids(self, role: Role) -> tuple[str, ...]:
        """Return the properties of a body that identify the record, for operations without ids in their path."""
        if role.body is None:
            return ()
        table = self.tables.of(role)
        named = [name for name in self.schemas.shape(role.body).properties if identifies(name, strictly=True)]
        return tuple(name for name in named if name in table.properties)

    def _found(self, role: Role, call: Call) -> Record:
        record = self._identified(role, call)
        self._settle(self.tables.of(role), (record,))
        return record

    def _identified(self, role: Role, call: Call) -> Record:
        table, scope = self.tables.of(role), self._scope(role, call)
        if role.single:
            return self.account.own(table)
        values = {**call.path, **call.query}
        if not role.ids:
            body = call.body if isinstance(call.body, dict) else {}
            (name, *_) = self._body_ids(role)
            record = next((each for each in self.account.records(table) if each.values.get(name) == body.get(name)), None)
            if record is None:
                raise Refused(404, f"there is no {role.noun} with this `{name}`")
            return record
        first = str(values.get(role.ids[0], ""))
        if len(role.ids) == 1:
            if first in ME:
                return self.account.own(table)
            record = self.account.identified(table, role.ids[0], first, scope)
            if record is None or not self.account.below(record, scope, table):
                raise Refused(404, f"there is no {role.noun} with this `{role.ids[0]}`")
            return record
        for record in self.account.seeded(table, {}):
            if all(str(self.account.id_value(table, record, each)) == str(values[each]) for each in role.ids):
                return record
        if table.listed is not None:
            raise Refused(404, f"there is no {role.noun} with these ids")
        record = self.account.new(table, {}, None)
        for each in role.ids:
            for name in table.identifiers(each)[:1]:
                self.account.placement().write(record.values, {name: values[each]}, {name: table.properties[name]})
        return record

    # ------------------------------------------------------------------------------------------------ state machines

    def _reader(self, name: str) -> Role | None:
        """Return the role of an operation that a fact names: it reads the records that the fact is about."""
        return next((role for role in self.roles.by_endpoint.values() if name in (role.operation.name, role.operation.endpoint)), None)

    def _changed(self, reader: Role, role: Role | None, call: Call) -> Response:
        """Change a record as facts state."""
        record = self._found(reader, Call(reader.operation, call.path, {}))
        before = copy.deepcopy(record.values)
        self.behaviour.written(call, before, record, self._user)
        self.changes.append(Change.of(call, record, before))
        status = next((int(code) for code in call.operation.responses if code.startswith("2") and code.isdigit()), 200)
        return Response(status) if role is None or role.record is None else self._envelopes.response(role, record)

    def _settle(self, table: Table, records: Sequence[Record], new: bool = False) -> None:
        """Give records a state, if their table has a state machine, and what they state of their contents."""
        for fact in self.behaviour.contents:
            owner = self._reader(fact.record or fact.operations[0])
            if owner is not None and self.tables.of(owner) is table:
                contents.describe(fact, self.account, table, records)
        for machine in self.behaviour.machines:
            reader = self._reader(machine.record)
            if reader is not None and self.tables.of(reader) is table:
                for record in records:
                    self.behaviour.enter(machine, record, new)

    def _transitions(self, machine: StateMachine, reader: Role, role: Role | None, call: Call) -> Response:
        """List the transitions of a record, or perform one."""
        record = self._found(reader, Call(reader.operation, call.path, {}))
        if machine.performs in (call.operation.name, call.operation.endpoint):
            before = copy.deepcopy(record.values)
            rejected = state_machines.perform(machine, call, record.values)
            if rejected is not None:
                self.refusals.append(Refusal(call.operation.endpoint, ("this transition is not available, or lacks a field",)))
                return stated_response(rejected)
            self.behaviour.written(call, before, record, self._user)
            self.changes.append(Change.of(call, record, before))
            return Response(204 if role is None or role.response is None else role.status)
        state = state_machines.state_of(machine, record.values) or machine.initial
        fields = any("fields" in str(value) for value in sent(call, "expand"))
        found = [state_machines.shown(machine, each, fields) for each in state_machines.available(machine, state)]
        return Response(200 if role is None else role.status, {machine.listed_at: found})

    def _user(self) -> Any:
        """Return the id of the authenticated user; None if the document has no users."""
        table = self.tables.by_noun.get("user")
        return None if table is None else key_of(self.account.own(table).values)

    # ------------------------------------------------------------------------------------------------------- writes

    def _create(self, role: Role, call: Call) -> Record:
        table, scope = self.tables.of(role), self._scope(role, call)
        record = self.account.new(table, scope, {})
        if call.content is not None:
            self.account.store(record, call.media_type, call.content)
        self._write(role, call, record, new=True)
        self._settle(table, (record,), new=True)
        self.account.relate(table, record, scope)
        return record

    def _write(self, role: Role, request: Call, record: Record, new: bool = False) -> None:
        before = {} if new else copy.deepcopy(record.values)
        call = self.behaviour.accepted(request, before)
        body = call.body if isinstance(call.body, dict) else {}
        for name in role.body_at:
            body = body.get(name) or {}
        table = self.tables.of(role)
        if role.body is None and not body:
            declared = {one.name for one in call.operation.parameters if one.location == "query"}
            body = {name: value for name, value in call.query.items() if name in declared and name.lower() not in selection.NEUTRAL}
        own = set(self._body_ids(role)) if not role.ids and role.kind != CREATE else set()
        given = {name: value for name, value in body.items() if name not in own}
        free = self.behaviour.free_references(request)
        self._check_references(table, {name: value for name, value in given.items() if name not in free})
        endpoint = call.operation.endpoint
        placement = self.account.placement(lambda name, reason: self.notes.append(Note("written", endpoint, name, reason)))
        placement.write(record.values, given, table.properties)
        selection.change_members(record, table, call.query)
        below = {other.noun for other in self.roles.by_endpoint.values() if other.kind == LIST and role.noun in dict(other.scope).values()}
        for name in given:
            if noun(name) in below:
                self.notes.append(Note("written", call.operation.endpoint, name, f"what it adds to the record's own `{name}` list"))
        if "name" in given and not {"first_name", "last_name"} & given.keys() and {"first_name", "last_name"} <= table.properties.keys():
            first, _, last = str(given["name"]).rpartition(" ")
            placement.write(record.values, {"first_name": first or None, "last_name": last}, table.properties)
        self.behaviour.written(request, before, record, self._user)

    def _check_references(self, table: Table, given: Mapping[str, Any]) -> None:
        """Reject an id of another kind of record: a project where a task belongs."""
        for name, value in given.items():
            target = self.tables.by_noun.get(referenced(name) or noun(name))
            if target is None or isinstance(value, dict | list | bool) or value is None:
                continue
            known = any(str(value) == str(inner) for record in self.account.records(target) for inner in record.values.values())
            if not known and self.account.elsewhere(target, str(value)):
                raise Refused(400, f"there is no {referenced(name) or noun(name)} with this `{name}`")

    # ------------------------------------------------------------------------------------------------------- responses
    def _list(self, role: Role, call: Call, url: str) -> Response:
        call = self.behaviour.accepted(call, {})
        table, scope = self.tables.of(role), self._scope(role, call)
        body = call.body if isinstance(call.body, dict) else {}
        given = {**call.query, **body}
        pages = pagination_of(call.operation, self.schemas, role.body)
        selecting = {name: value for name, value in given.items() if name not in pages.names and normalized(name) not in KEYSETS}
        scope |= self._outside(table, selecting)
        found = [record for record in self.account.seeded(table, scope) if self.account.below(record, scope, table)]
        self._settle(table, found)
        found = self.behaviour.listed(call, found)
        caps = self.behaviour.caps(call)
        for cap in caps:
            if cap.page is not None and isinstance(given.get(pages.size), int):
                given[pages.size or ""] = min(given[pages.size], cap.page)
        for name, value in given.items():
            continues = normalized(name) in KEYSETS and self.account.identifies(str(value))
            if name not in pages.names and not continues:
                found = self._filtered(found, table, call, name, value)
        assert role.record is not None
        assert role.response is not None
        shape = self.schemas.shape(role.response)
        probe = paging.marks(self.schemas, shape, paging.Page(0, 1, 2), pages, url, role.at) if role.at else {}
        behind = {
            str(value): number + 1
            for number, record in enumerate(found)
            for name, value in record.values.items()
            if identifies(name, strictly=True)
        }
        page = paging.page_of(pages, given, len(found), paging.leads_on(probe) or self._declares_link(call), behind)
        self._note_order(call, table, given)
        complete = page
        for cap in caps:
            if cap.records is not None and len(found) > cap.records:
                if page.start >= cap.records and cap.beyond == "error":
                    return Response(400) if cap.response is None else stated_response(cap.response)
                page = replace(page, total=min(page.total, cap.records))
        self.more = page.more
        item = self.schemas.shape(role.record)
        items = [selection.chosen(shown(record.values, item), given) for record in found[page.start : min(page.next, page.total)]]
        if not role.at:
            headers = self._link(call, page, pages, url, False)
            return Response(role.status, items, headers)
        envelope = self._envelopes.around(role, items)
        marks = paging.marks(self.schemas, shape, page, pages, url, role.at)
        if page is not complete:  # totals count all records, also those that cannot be read
            totals = paging.marks(self.schemas, shape, complete, pages, url, role.at)
            marks |= {
                name: value for name, value in totals.items() if isinstance(value, int) and not isinstance(value, bool) and name in marks
            }
            marks |= {name: value for cap in caps for name, value in cap.marks.items()}
        self.behaviour.completed(call, envelope)
        for name, value in marks.items():
            envelope[name] = {**envelope[name], **value} if isinstance(value, dict) and isinstance(envelope.get(name), dict) else value
        return Response(role.status, envelope, self._link(call, page, pages, url, paging.leads_on(marks)))

    def _note_order(self, call: Call, table: Table, given: Mapping[str, Any]) -> None:
        """Report that records come in their own order, if a request depends on another: it reads on from a value of the last one."""
        order = next((name for name in given if name.lower() in selection.ORDERS), None)
        kinds = [selection.applies(self.schemas, table, name, Shape(""), value) for name, value in given.items()]
        if order is not None and any(kind is not None and kind[0] in ("after", "before") for kind in kinds):
            self.notes.append(Note("parameter", call.operation.endpoint, order, "records are not sorted", str(given[order])))

    @staticmethod
    def _declares_link(call: Call) -> bool:
        return any("link" in map(str.lower, names) for status, names in call.operation.headers.items() if status.startswith("2"))

    def _outside(self, table: Table, given: Mapping[str, Any]) -> dict[str, tuple[str, str]]:
        """Return the parameters whose values identify things that no operation lists, such as a workspace: they have records too."""
        found = {}
        for name, value in given.items():
            chosen = selection.applies(self.schemas, table, name, Shape(""), value)
            if chosen is None or chosen[0] != "is" or isinstance(value, list | dict | bool) or not any(map(str.isdigit, str(value))):
                continue
            pointer = table.properties[chosen[1]]
            identifies = "object" in self.schemas.shape(pointer).kinds or "array" in self.schemas.shape(pointer).kinds or referenced(name)
            if identifies and self.tables.referenced(chosen[1], pointer) is None and self.tables.referenced(name, pointer) is None:
                found[name] = (referenced(name) or noun(chosen[1]), str(value))
        return found

    def _link(self, call: Call, page: paging.Page, pages: Pagination, url: str, marked: bool) -> tuple[tuple[str, str], ...]:
        """Return the header `Link` of RFC 8288, if it is declared or the body has nothing that leads to the next page."""
        if not page.more or not (self._declares_link(call) or not marked):
            return ()
        return (("Link", f'<{paging.next_url(url, page, pages)}>; rel="next"'),)

    def _filtered(self, found: list[Record], table: Table, call: Call, name: str, value: Any) -> list[Record]:
        if self._queries.language(call, name) is not None:
            return self._queries.selected(found, call, name, value)
        if words(name)[-1:] == ("type",) and isinstance(value, str) and noun(value) in table.nouns:
            return found  # it selects the records of this list among those of others
        declared = next((one for one in call.operation.parameters if one.name == name and one.location == "query"), None)
        shape = self.schemas.shape(declared.schema) if declared is not None else Shape("")
        stated = self.behaviour.matching(call, name)
        if stated is not None and isinstance(value, str):
            return [record for record in found if matches(stated, record.values, value)]
        chosen = selection.applies(self.schemas, table, name, shape, value)
        if chosen is None:
            if name.lower() not in selection.NEUTRAL:
                reason = "the document does not state which property of the records it is compared with"
                self.notes.append(Note("parameter", call.operation.endpoint, name, reason, str(value)))
            return found
        kind, target = chosen
        if kind == "is":
            values = selection.known_values(self.schemas.shape(table.properties[target]), value if isinstance(value, list) else [value])
            if not values:
                self.notes.append(Note("parameter", call.operation.endpoint, name, f"{value!r} is not a value of `{target}`", str(value)))
                return found
            value = values
            known = any(selection.matches(record, kind, target, value) for record in self.account.records(table))
            if not known and all(self.account.find(each) is None for each in values):
                self.notes.append(Note("parameter", call.operation.endpoint, name, "no record has this value", str(value)))
        return [record for record in found if selection.matches(record, kind, target, value)]
