"""The emulator of one vendor: request in, response out, over records in memory."""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from unified_emulation.engine import contents, queries, selection
from unified_emulation.engine.account import ME, Account, key_of
from unified_emulation.engine.actions import Actions, status_of
from unified_emulation.engine.behaviour import state_machines, values
from unified_emulation.engine.behaviour.applied import Applied
from unified_emulation.engine.behaviour.effects import Fetched, Notified
from unified_emulation.engine.behaviour.situations import sent
from unified_emulation.engine.behaviour.templates import render
from unified_emulation.engine.changes import Change, Event, events, identity
from unified_emulation.engine.conversion import Conversion
from unified_emulation.engine.embedding import Embedding
from unified_emulation.engine.envelopes import Envelopes
from unified_emulation.engine.lists import Lists
from unified_emulation.engine.notes import Note, Refusal
from unified_emulation.engine.paging import BadPage
from unified_emulation.engine.responses import Refused, Response, stated_response
from unified_emulation.engine.roles import CREATE, DELETE, LIST, UPDATE, Role, Roles
from unified_emulation.engine.routes import Call, Request, Routes
from unified_emulation.engine.tables import PEOPLE, Record, Table, Tables
from unified_emulation.engine.validation import invalid
from unified_emulation.query_languages import google_fields
from unified_emulation.query_languages.records import QueryFault
from unified_openapi.behaviour.kinds import Action, Cascade, Sample, StateMachine
from unified_openapi.behaviour.load import Behaviour
from unified_openapi.documents import Document, operations
from unified_openapi.documents.operations import OperationFacts
from unified_openapi.documents.words import identifies, noun, referenced
from unified_openapi.schemas import graphql_resources
from unified_openapi.schemas.shapes import Schemas

if TYPE_CHECKING:
    from unified_emulation.engine.graphql_execution import GraphQLEndpoint


_FIRST_MS = 1_893_456_000_000
"""2030-01-01 in UTC: time of the first sample."""


def _endpoint(document: Document) -> tuple[Document, GraphQLEndpoint]:
    """Return the resources behind a GraphQL schema as a document, and the endpoint that executes queries."""
    from unified_emulation.engine.graphql_execution import GraphQLEndpoint  # imported late: it needs graphql-core

    derived, routes = graphql_resources.resources(document)
    return derived, GraphQLEndpoint(document, routes, operations(derived))


class Emulator:
    """A vendor's server, derived from its document and its behaviour.

    `notes` and `refusals` collect what it did not know, and what it refused, `changes` what it wrote. `behaviour` has the conditions that
    hold, the clock, and the effects of writes.
    """

    def __init__(self, document: Document, behaviour: Behaviour | None = None) -> None:
        self.behaviour = Applied(behaviour or Behaviour())
        self.graphql: GraphQLEndpoint | None = None
        if graphql_resources.is_graphql(document):
            document, self.graphql = _endpoint(document)
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
        self.conflicts = False
        """True if stored values did not allow an action, as a fact states."""
        self.account = Account(self.schemas, self.roles, self.tables)
        self.behaviour.find = self.account.find
        self.account.completed = self._complete
        self._embedding = Embedding(self.account, self.behaviour, self._table)
        self._stated: dict[str, Table] = {}
        self._samples = [fact for fact in self.behaviour.behaviour.facts.values() if isinstance(fact, Sample)]
        stated = (self._reader(fact.record) for fact in self.behaviour.behaviour.facts.values() if isinstance(fact, Action))
        self.account.stored_only |= {self.tables.of(reader).name for reader in stated if reader is not None}
        self.account.prepare = self._prepare
        self.account.standing = self._standing
        self._envelopes = Envelopes(self.schemas, self.account)
        self._conversion = Conversion(self.schemas, self.account.samples)
        self._queries = queries.Queries(behaviour or Behaviour(), self.account, self._note)
        self._actions = Actions(self.account, self.behaviour, self._queries, self._user, self._me, self._settle, self._table)
        self._lists = Lists(self.account, self.behaviour, self._embedding, self._envelopes, self._queries, self._settle, self._note)

    def _prepare(self, table: Table, record: Record) -> None:
        """Complete a record that no request created, as facts state."""
        for fact in self._samples:
            reader = self._reader(fact.operations[0])
            if reader is not None and self.tables.of(reader) is table:
                records = self.account.records(table)
                index = next((at for at, each in enumerate(records) if each is record), len(records))
                further = fact.records[index] if index < len(fact.records) else {}
                for path, template in {**fact.values, **further}.items():
                    time_ms = _FIRST_MS + 60_000 * record.number
                    known = {
                        "number": record.number, "record": record.values, "time_ms": time_ms, "time_s": time_ms // 1000, "micro": "000000",
                        "user": self._user, "path": record.scope,
                    }  # fmt: skip
                    values.write(record.values, path, render(template, known))

    def _standing(self, table: Table, scope: Mapping[str, tuple[str, str]]) -> list[dict[str, Any]]:
        """Return the records that a list has before those of a seed, as facts state."""
        known = {
            "path": {name: value for name, (_, value) in scope.items()},
            "user": self._user,
            "me": self._me,
            "login": self.account.login,
        }
        facts = (fact for fact in self._samples if fact.always)
        stated = (fact for fact in facts if (reader := self._reader(fact.operations[0])) is not None and self.tables.of(reader) is table)
        return [{path: render(template, known) for path, template in each.items()} for fact in stated for each in fact.always]

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

    def _note(self, note: Note) -> None:
        self.notes.append(note)

    def clear(self) -> None:
        """Forget the calls, changes, notes and refusals so far."""
        self.notes, self.refusals, self.changes, self.calls, self.more, self.conflicts = [], [], [], [], False, False

    def events(self) -> list[Event]:
        """Return the events of webhooks that the changes caused, by facts of the vendor."""
        found: list[Event] = []
        for change in self.changes:
            facts = [fact for _, fact in self.behaviour.concerning(change.call, change.before)]
            user = {"user": self._user, "me": self._me, "login": self.account.login}
            found += events(facts, change, user, self._related, self.behaviour.clock())
        return found

    def _related(self, name: str, path: Mapping[str, Any]) -> Mapping[str, Any] | None:
        reader = self._reader(name)
        try:
            return None if reader is None else copy.deepcopy(self._identified(reader, Call(reader.operation, path, {})).values)
        except Refused:
            return None

    # ------------------------------------------------------------------------------------------------------- requests
    def operation(self, method: str, path: str, body: bytes | None = None) -> OperationFacts | None:
        """Return the operation that a request is for; None if the document has none."""
        if self.graphql is not None:
            return self.graphql.operation(body) if method == "POST" and path in ("", "/") else None
        return self.routes.operation(method, path)

    def respond(self, request: Request, url: str = "") -> Response:
        """Return the response to a request; `url` is its complete address, for addresses of further pages."""
        if self.graphql is not None:
            return self.graphql.respond(request.body, lambda call: self._performed(call, url), self.account, self.refusals)
        call = self.routes.call(request)
        if call is None:
            self.refusals.append(Refusal(f"{request.method} {request.path}", ("the document has no such operation",)))
            retired = self.behaviour.retired(request.path)
            return Response(404, {"message": "the document has no such operation"}) if retired is None else stated_response(retired)
        return self._performed(call, url)

    def _performed(self, call: Call, url: str) -> Response:
        """Return the response to a call, with what the behaviour adds to it."""
        self.calls.append(call)
        self._actions.ids = identity()
        stated = self._embedding.unknown(call) or self.behaviour.refusal(call)
        if stated is not None:
            if stated.status != 404:  # clients expect that something does not exist
                self.refusals.append(Refusal(call.operation.endpoint, ("the vendor rejects this request in this situation",)))
            return stated_response(stated)
        partial = self.behaviour.partial(call)
        mask = None if partial is None else call.query.get(partial.parameter) or partial.usual
        if partial is not None:
            call = replace(call, query={name: value for name, value in call.query.items() if name != partial.parameter})
        response = self._response(call, url)
        if response.status < 400:
            acted = self._acted([fact for fact in self.behaviour.actions(call) if fact.also], call)
            if acted is not None and isinstance(acted.body, dict) and isinstance(response.body, dict):
                response = replace(response, body={**response.body, **acted.body})
            self.behaviour.effects(call)
            if mask is not None and response.body is not None:
                try:
                    response = replace(response, body=google_fields.selected(response.body, mask))
                except QueryFault as bad:
                    self.refusals.append(Refusal(call.operation.endpoint, (str(bad),)))
                    return Response(400, {"message": str(bad)})
        return replace(response, body=self.behaviour.shown(call, response.body), headers=(*response.headers, *self.behaviour.headers()))

    def _response(self, call: Call, url: str) -> Response:
        role = self.roles.by_endpoint.get(call.operation.endpoint)
        try:
            if reasons := invalid(self.schemas, self.account.identifies, self.behaviour.declared(call)):
                raise Refused(400, *reasons)
            if (rows := self._queries.rows(call, *self.roles.response(call.operation))) is not None:
                return Response(*rows)
            machine = self.behaviour.machine(call)
            reader = self._reader(machine.record) if machine is not None else None
            if machine is not None and reader is not None:
                response = self._transitions(machine, reader, role, call)
                return response if role is None else self._declared(role, response)
            changed = self.behaviour.changes(call)
            if changed is not None and (reader := self._reader(changed)) is not None:
                response = self._changed(reader, role, call)
                return response if role is None else self._declared(role, response)
            actions = [fact for fact in self.behaviour.actions(call) if not fact.also]
            if actions and (acted := self._acted(actions, call)) is not None:
                pointer = self.roles.response(call.operation)[1]
                return acted if pointer is None else replace(acted, body=self._conversion.converted(pointer, acted.body))
            if (fact := self.behaviour.content(call)) is not None:
                reader = role if fact.record is None else self._reader(fact.record)
                if reader is not None:
                    return contents.response(self.account, self._found(reader, Call(reader.operation, call.path, {})))
            if role is None or (call.binary and not self._uploads(role, call)) or not self._known(role):
                raise Refused(501, "the document does not state what this operation does")
            return self._declared(role, self._handle(role, call, url))
        except Refused as refused:
            if refused.status == 501:
                self.notes.append(Note("operation", call.operation.endpoint, call.operation.name, refused.reasons[0]))
            elif refused.stated is not None:
                self.conflicts = True
            elif refused.status != 404:
                self.refusals.append(Refusal(call.operation.endpoint, refused.reasons))
            stated = refused.stated or self.behaviour.failure(call, "unknown_record" if refused.status == 404 else "invalid")
            if stated is not None and (refused.stated or refused.status in (400, 404)):
                return stated_response(stated)
            return Response(refused.status, {"message": "; ".join(refused.reasons), "errors": []})
        except (BadPage, QueryFault) as bad:
            self.refusals.append(Refusal(call.operation.endpoint, (str(bad),)))
            return Response(400, {"message": str(bad)})

    def _declared(self, role: Role, response: Response) -> Response:
        """Return a response with the body that the operation declares."""
        if response.body is None or role.response is None or response.status >= 400:
            return response
        return replace(response, body=self._conversion.converted(role.response, response.body))

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
        """Perform the actions that facts state; the response is that of the first that has one."""
        bodies = []
        for fact in facts:
            table = self._table(fact.record)
            if table is None:
                return None
            body, changes = self._actions.perform(fact, call, table)
            bodies.append(body)
            self.changes += changes
        return Response(status_of(call), next((body for body in bodies if body is not None), None)) if bodies else None

    @staticmethod
    def _uploads(role: Role, call: Call) -> bool:
        """Return true if a body without properties is the content of a new record: the operation accepts it beside one with properties."""
        return role.kind == CREATE and call.content is not None and any("multipart" in kind for kind in call.operation.bodies)

    def _handle(self, role: Role, call: Call, url: str) -> Response:
        match role.kind:
            case "list":
                accepted = self.behaviour.accepted(call, {})
                response, self.more = self._lists.response(role, accepted, self._scope(role, accepted), url)
                return response
            case "get":
                record = self._found(role, call)
                if not self.behaviour.listed(call, [record]):
                    raise Refused(404, f"this {role.noun} cannot be read")
                self._embedding.embed(call, (record,))
                return self._envelopes.response(role, record, call.query)
            case "create":
                record = self._create(role, call)
                self.changes.append(Change.of(call, record, {}))
                return self._envelopes.response(role, record)
            case "update":
                record = self._allowed(role, call)
                before = copy.deepcopy(record.values)
                self._write(role, call, record)
                self._cascade(role, call, record)
                self.changes.append(Change.of(call, record, before))
                return self._envelopes.response(role, record)
            case _:
                record = self._allowed(role, call)
                before = copy.deepcopy(record.values)
                self.changes.append(Change.of(call, record, before))
                self._cascade(role, call, record)
                if self.behaviour.marks_deleted(call, record.values):
                    self.behaviour.written(call, before, record, self._user, self._me)
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

    def _allowed(self, role: Role, call: Call) -> Record:
        """Return the record that a request writes.

        Raises:
            Refused: it does not exist, or a fact states that its values do not allow the write.
        """
        record = self._found(role, call)
        stated = self.behaviour.rejection(call, record.values)
        if stated is not None:
            raise Refused(stated.status, "stored values do not allow this", stated=stated)
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
            anywhere = record is not None and not record.scope and not PEOPLE.isdisjoint(table.nouns)  # a person of the account
            if record is None or not (anywhere or self.account.below(record, scope, table)):
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

    def stated_table(self, name: str) -> Table | None:
        """Return the table of records that only facts are about, by the noun of the operation that reads them."""
        records = {fact.record for fact in self.behaviour.behaviour.facts.values() if isinstance(fact, Action)}
        return next((self._table(record) for record in sorted(records) if noun(record) == name and self._reader(record) is None), None)

    def _table(self, name: str) -> Table | None:
        """Return the table of an operation that a fact names: one of its own if the document does not state what it is about."""
        reader = self._reader(name)
        if reader is not None:
            return self.tables.of(reader)
        if not any(name in (operation.name, operation.endpoint) for operation in self.routes.operations):
            return None
        return self._stated.setdefault(name, Table(f"fact {name}", frozenset(), (), {}, frozenset(), {}))

    def _reader(self, name: str) -> Role | None:
        """Return the role of an operation that a fact names: it reads the records that the fact is about."""
        return next((role for role in self.roles.by_endpoint.values() if name in (role.operation.name, role.operation.endpoint)), None)

    def _changed(self, reader: Role, role: Role | None, call: Call) -> Response:
        """Change a record as facts state."""
        path = dict(call.path)
        if len(reader.ids) == 1 and reader.ids[0] not in path and path:  # the same id, under another name
            path[reader.ids[0]] = next(iter(path.values()))
        record = self._found(reader, Call(reader.operation, path, {}))
        before = copy.deepcopy(record.values)
        self.behaviour.written(call, before, record, self._user, self._me)
        self._cascade(reader, call, record)
        self.changes.append(Change.of(call, record, before))
        status = next((int(code) for code in call.operation.responses if code.startswith("2") and code.isdigit()), 200)
        return Response(status) if role is None or role.record is None else self._envelopes.response(role, record)

    def _cascade(self, role: Role, call: Call, record: Record) -> None:
        """Let the parts of a record follow a write, as facts state."""
        table = self.tables.of(role)
        for fact in self.behaviour.cascades(call):
            for part in self.account.parts(table, record, fact.refers):
                before = copy.deepcopy(part.values)
                for path in fact.properties:
                    values.write(part.values, path, next(values.values_at(record.values, path), None))
                if not fact.properties:
                    self.account.delete(table, part)
                self.changes.append(Change.of(call, part, before))

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
            self.behaviour.written(call, before, record, self._user, self._me)
            self.changes.append(Change.of(call, record, before))
            return Response(204 if role is None or role.response is None else role.status)
        state = state_machines.state_of(machine, record.values) or machine.initial
        fields = any("fields" in str(value) for value in sent(call, "expand"))
        found = [state_machines.shown(machine, each, fields) for each in state_machines.available(machine, state)]
        return Response(200 if role is None else role.status, {machine.listed_at: found})

    def _complete(self, table: Table, record: Record) -> None:
        """Set what the server sets in a new record, where a seed has nothing."""
        for role in table.roles:
            if role.kind == CREATE:
                self.behaviour.complete(Call(role.operation, record.scope, {}), record)

    def _user(self) -> Any:
        """Return the id of the authenticated user; None if the document has no users."""
        table = self.tables.people
        return None if table is None else key_of(self.account.own(table).values)

    def _me(self) -> Any:
        """Return the record of the authenticated user; None if the document has no users."""
        table = self.tables.people
        return None if table is None else self.account.own(table).values

    # ------------------------------------------------------------------------------------------------------- writes

    def _create(self, role: Role, call: Call) -> Record:
        table, scope = self.tables.of(role), self._scope(role, call)
        self._check_duplicate(role, call, table)
        record = self.account.new(table, scope, {})
        if call.content is not None:
            self.account.store(record, call.media_type, call.content)
        else:
            self.account.leave_empty(record)
        self._write(role, call, record, new=True)
        self._settle(table, (record,), new=True)
        address = record.values.get("url")
        self.account.relate(table, record, scope, written=True)
        if address is not None and address in sent(call, "url"):  # one of the client, such as that of a webhook
            record.values["url"] = address
        return record

    def _check_duplicate(self, role: Role, call: Call, table: Table) -> None:
        """Reject an id that a record has already, if a fact states the response."""
        stated = self.behaviour.failure(call, "duplicate")
        body: Any = call.body
        for name in role.body_at:
            body = body.get(name) if isinstance(body, dict) else None
        if stated is None or not isinstance(body, dict):
            return
        for name in (each for each in body if identifies(each, strictly=True)):
            if any(str(record.values.get(name)) == str(body[name]) for record in self.account.records(table)):
                raise Refused(stated.status, f"`{name}` is the id of another record", stated=stated)

    def _write(self, role: Role, request: Call, record: Record, new: bool = False) -> None:
        before = {} if new else copy.deepcopy(record.values)
        call = self.behaviour.accepted(request, before)
        body = call.body if isinstance(call.body, dict) else {}
        for name in role.body_at:
            body = body.get(name) or {}
        table = self.tables.of(role)
        if role.body is None and not body:
            declared = {one.name for one in call.operation.parameters if one.location == "query"}
            sent_by_query = {name: value for name, value in call.query.items() if name in declared and not selection.is_neutral(name)}
            body = {name: self._members(table, name, value) for name, value in sent_by_query.items()}
        own = set(self._body_ids(role)) if not role.ids and role.kind != CREATE else set()
        given = {name: value for name, value in body.items() if name not in own}
        free = self.behaviour.free_references(request)
        self._check_references(table, {name: value for name, value in given.items() if name not in free})
        self._check_parts(table, record, given)
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
        self.behaviour.written(request, before, record, self._user, self._me)

    def _members(self, table: Table, name: str, value: Any) -> Any:
        """Return a list for a text of a query that is written to one: its members, separated by commas."""
        pointer = table.properties.get(name)
        listed = isinstance(value, str) and pointer is not None and self.schemas.shape(pointer).kinds == {"array"}
        return [part for part in value.split(",") if part] if listed else value

    def _check_parts(self, table: Table, record: Record, given: Mapping[str, Any]) -> None:
        """Reject a record as a part of itself, or of one of its parts."""
        for fact in self.behaviour.behaviour.facts.values():
            value = given.get(fact.refers) if isinstance(fact, Cascade) else None
            reader = self._reader(fact.record or fact.operations[0]) if isinstance(fact, Cascade) and value is not None else None
            if isinstance(fact, Cascade) and reader is not None and self.tables.of(reader) is table:
                within = [record, *self.account.parts(table, record, fact.refers)]
                if any(str(key_of(each.values)) == str(value) for each in within):
                    raise Refused(400, f"a {reader.noun} cannot be a part of itself")

    def _check_references(self, table: Table, given: Mapping[str, Any]) -> None:
        """Reject an id of another kind of record: a project where a task belongs."""
        for name, value in given.items():
            target = self.tables.by_noun.get(referenced(name) or noun(name))
            if target is None or isinstance(value, dict | list | bool) or value is None:
                continue
            known = any(str(value) == str(inner) for record in self.account.records(target) for inner in record.values.values())
            if not known and self.account.elsewhere(target, str(value)):
                raise Refused(400, f"there is no {referenced(name) or noun(name)} with this `{name}`")
