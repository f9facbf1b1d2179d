"""Lists of an emulator: the records that a request selects by its filters, and the page of them that it reads."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, TypeAlias

from unified_emulation.engine import paging, selection
from unified_emulation.engine.account import Account, key_of
from unified_emulation.engine.behaviour.applied import Applied
from unified_emulation.engine.behaviour.lists import ids_in, matches
from unified_emulation.engine.embedding import Embedding
from unified_emulation.engine.envelopes import Envelopes
from unified_emulation.engine.notes import Note
from unified_emulation.engine.queries import Queries
from unified_emulation.engine.responses import Response, stated_response
from unified_emulation.engine.roles import Role
from unified_emulation.engine.routes import Call
from unified_emulation.engine.tables import Record, Table, shown
from unified_openapi.documents.words import identifies, noun, referenced, words
from unified_openapi.schemas.pagination import KEYSETS, Pagination, normalized, pagination_of
from unified_openapi.schemas.shapes import Shape

Scope: TypeAlias = dict[str, tuple[str, str]]
"""Noun and id of the records that a list is below, by parameter."""


class Lists:
    """Lists of one emulator. `settle` completes records before they are selected, `note` collects what the document does not state."""

    def __init__(
        self,
        account: Account,
        behaviour: Applied,
        embedding: Embedding,
        envelopes: Envelopes,
        queries: Queries,
        settle: Callable[[Table, Sequence[Record]], None],
        note: Callable[[Note], None],
    ) -> None:
        self._account = account
        self._schemas = account.schemas
        self._tables = account.tables
        self._behaviour = behaviour
        self._embedding = embedding
        self._envelopes = envelopes
        self._queries = queries
        self._settle = settle
        self._note = note

    def response(self, role: Role, call: Call, scope: Scope, url: str) -> tuple[Response, bool]:
        """Return one page of the records of a list below `scope`, and whether there is another page."""
        table = self._tables.of(role)
        body = call.body if isinstance(call.body, dict) else {}
        given = {**call.query, **body}
        pages = pagination_of(call.operation, self._schemas, role.body)
        selecting = {name: value for name, value in given.items() if name not in pages.names and normalized(name) not in KEYSETS}
        scope = scope | self._outside(table, selecting)
        before = {record.number for record in self._account.records(table)}
        seeded = self._account.seeded(table, scope)
        self._behaviour.show(call, [record for record in seeded if record.number not in before][:-1])
        found = [record for record in seeded if self._account.below(record, scope, table)]
        self._settle(table, found)
        found = self._behaviour.listed(call, found)
        self._embedding.embed(call, found)
        caps, usual = self._behaviour.caps(call), paging.DEFAULT_SIZE
        first = next((cap.first for cap in caps), 1)
        for cap in caps:
            if cap.page is not None and isinstance(given.get(pages.size), int):
                given[pages.size or ""] = min(given[pages.size], cap.page)
            elif cap.page is not None and pages.size is None:
                usual = cap.page
        for name, value in given.items():
            continues = normalized(name) in KEYSETS and self._account.identifies(str(value))
            if name not in pages.names and not continues:
                found = self._filtered(found, table, call, name, value)
        assert role.record is not None
        assert role.response is not None
        shape = self._schemas.shape(role.response)
        probe = paging.marks(self._schemas, shape, paging.Page(0, 1, 2), pages, url, role.at) if role.at else {}
        behind = {
            str(value): number + 1
            for number, record in enumerate(found)
            for name, value in record.values.items()
            if identifies(name, strictly=True)
        }
        page = paging.page_of(pages, given, len(found), paging.leads_on(probe) or self._declares_link(call), behind, usual, first)
        self._note_order(call, table, given)
        complete = page
        for cap in caps:
            if cap.records is not None and len(found) > cap.records:
                if page.start >= cap.records and cap.beyond == "error":
                    return (Response(400) if cap.response is None else stated_response(cap.response)), page.more
                page = replace(page, total=min(page.total, cap.records))
        item = self._schemas.shape(role.record)
        items = [selection.chosen(shown(record.values, item), given) for record in found[page.start : min(page.next, page.total)]]
        if not role.at:
            headers = self._link(call, page, pages, url, False)
            return Response(role.status, items, headers), page.more
        envelope = self._envelopes.around(role, items)
        marks = paging.marks(self._schemas, shape, page, pages, url, role.at)
        if page is not complete:  # totals count all records, also those that cannot be read
            totals = paging.marks(self._schemas, shape, complete, pages, url, role.at)
            marks |= {
                name: value for name, value in totals.items() if isinstance(value, int) and not isinstance(value, bool) and name in marks
            }
            marks |= {name: value for cap in caps for name, value in cap.marks.items()}
        self._behaviour.completed(call, envelope)
        for name, value in marks.items():
            envelope[name] = {**envelope[name], **value} if isinstance(value, dict) and isinstance(envelope.get(name), dict) else value
        return Response(role.status, envelope, self._link(call, page, pages, url, paging.leads_on(marks))), page.more

    def _note_order(self, call: Call, table: Table, given: Mapping[str, Any]) -> None:
        """Report that records come in their own order, if a request depends on another: it reads on from a value of the last one."""
        order = next((name for name in given if name.lower() in selection.ORDERS), None)
        kinds = [selection.applies(self._schemas, table, name, Shape(""), value) for name, value in given.items()]
        if order is not None and any(kind is not None and kind[0] in ("after", "before") for kind in kinds):
            self._note(Note("parameter", call.operation.endpoint, order, "records are not sorted", str(given[order])))

    @staticmethod
    def _declares_link(call: Call) -> bool:
        return any("link" in map(str.lower, names) for status, names in call.operation.headers.items() if status.startswith("2"))

    def _outside(self, table: Table, given: Mapping[str, Any]) -> Scope:
        """Return the parameters whose values identify things that no operation lists, such as a workspace: they have records too."""
        found = {}
        for name, value in given.items():
            chosen = selection.applies(self._schemas, table, name, Shape(""), value)
            if chosen is None or chosen[0] != "is" or isinstance(value, list | dict | bool) or not any(map(str.isdigit, str(value))):
                continue
            pointer = table.properties[chosen[1]]
            identifies = "object" in self._schemas.shape(pointer).kinds or "array" in self._schemas.shape(pointer).kinds or referenced(name)
            if identifies and self._tables.referenced(chosen[1], pointer) is None and self._tables.referenced(name, pointer) is None:
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
        shape = self._schemas.shape(declared.schema) if declared is not None else Shape("")
        stated = self._behaviour.matching(call, name)
        if stated is not None and stated.how == "referenced":
            wanted = ids_in(stated, self._account.find(value, name) or {})
            return [record for record in found if str(key_of(record.values)) in wanted]
        if stated is not None and isinstance(value, str):
            content = stated.how == "content"
            return [one for one in found if matches(stated, self._account.searchable(one) if content else one.values, value)]
        chosen = selection.applies(self._schemas, table, name, shape, value)
        if selection.is_everything(value) and (
            chosen is None or value not in (self._schemas.shape(table.properties[chosen[1]]).enum_values or ())
        ):
            return found
        if chosen is None:
            if not selection.is_neutral(name):
                reason = "the document does not state which property of the records it is compared with"
                self._note(Note("parameter", call.operation.endpoint, name, reason, str(value)))
            return found
        kind, target = chosen
        if kind == "is":
            if value in selection.EVERYTHING:
                return found
            values = selection.known_values(self._schemas.shape(table.properties[target]), selection.listed(name, value))
            if not values:
                self._note(Note("parameter", call.operation.endpoint, name, f"{value!r} is not a value of `{target}`", str(value)))
                return found
            value = values
            known = any(selection.matches(record, kind, target, value) for record in self._account.records(table))
            if not known and all(self._account.find(each) is None for each in values):
                self._note(Note("parameter", call.operation.endpoint, name, "no record has this value", str(value)))
        return [record for record in found if selection.matches(record, kind, target, value)]
