"""Operations whose effect on records a fact states."""

from __future__ import annotations

import copy
from collections.abc import Callable, Collection, Mapping, Sequence
from functools import partial
from typing import Any

from unified_emulation.engine.account import Account
from unified_emulation.engine.behaviour import values
from unified_emulation.engine.behaviour.applied import Applied
from unified_emulation.engine.behaviour.lists import matches, order_key
from unified_emulation.engine.behaviour.situations import sent
from unified_emulation.engine.behaviour.templates import render, render_text
from unified_emulation.engine.changes import Change, identity, times
from unified_emulation.engine.queries import Queries
from unified_emulation.engine.responses import Refused
from unified_emulation.engine.routes import Call
from unified_emulation.engine.tables import Record, Table
from unified_openapi.behaviour.kinds import Action, ActionPage, RelatedRecord


class Actions:
    """Actions of one emulator on its records. `user` returns the id of the authenticated user, `me` the record.

    `settle` completes a record that was written; it is called with true for a new one. `table` returns the table of an operation.
    """

    def __init__(
        self,
        account: Account,
        behaviour: Applied,
        queries: Queries,
        user: Callable[[], Any],
        me: Callable[[], Any],
        settle: Callable[[Table, Sequence[Record], bool], None],
        table: Callable[[str], Table | None],
    ) -> None:
        self._settle = settle
        self._queries = queries
        self._table = table
        self._account = account
        self._me = me
        self._behaviour = behaviour
        self._user = user
        self.ids: Mapping[str, Any] = identity()
        """Ids that all facts about one request share."""

    def perform(self, fact: Action, call: Call, table: Table) -> tuple[Any, list[Change]]:
        """Perform an action; return the body of the response that the fact states, and the changes.

        Raises:
            Refused: the record does not exist.
        """
        if fact.each is None:
            return self._perform(fact, call, table, None)
        done = [self._perform(fact, call, table, each) for found in sent(call, fact.each) for each in found or ()]
        return None, [change for _, changes in done for change in changes]

    def _perform(self, fact: Action, call: Call, table: Table, each: Any) -> tuple[Any, list[Change]]:
        """Perform an action once.

        Raises:
            Refused: the record does not exist.
        """
        body = call.body if isinstance(call.body, dict) else {}
        known: dict[str, Any] = {
            "path": call.path,
            "sent": {**call.path, **call.query, **body},
            "sent_body": body,
            "each": each,
            "user": self._user,
            "me": self._me,
            "login": self._account.login,
            "media_type": call.media_type or None,
            **times(self._behaviour.clock()),
            **self.ids,
        }
        if fact.does == "respond":
            return render(fact.response, known), []
        self._relate(fact, table, known)
        found = [] if fact.does == "create" and not fact.where else self._selected(table, fact.where, known)
        if fact.does == "list":
            self._reject(fact, table, None, known)
            return self._listed(fact, call, table, found, known), []
        if fact.does == "create" and not found:
            self._reject(fact, table, None, known)
            above = {name: kind for role in table.roles for name, kind in role.scope if name in call.path}
            scope = {name: (kind, str(call.path[name])) for name, kind in above.items()}
            if self._account.standing(table, scope):
                self._settle(table, self._account.seeded(table, scope), False)  # with the content before the action
            record = self._account.new(table, scope, {})
            if call.content is not None or _uploads(call):
                self._account.store(record, call.media_type, call.content or b"")
            return self._written(fact, call, table, record, {}, known)
        if not found and fact.also:
            return None, []
        if not found:
            raise Refused(404, "there is no such record")
        before = copy.deepcopy(found[0].values)
        if fact.does != "create":
            self._reject(fact, table, found[0], known)
        if fact.does in ("read", "create"):
            return render(fact.response, {**known, "record": before}), []
        if fact.does == "delete":
            self._account.delete(table, found[0])
            return render(fact.response, {**known, "record": before}), [Change.of(call, found[0], before)]
        return self._written(fact, call, table, found[0], before, known)

    def _listed(self, fact: Action, call: Call, table: Table, found: list[Record], known: Mapping[str, Any]) -> Any:
        """Return the response of a list: a page of the records that the request selects."""
        for matching in self._behaviour.searches(call):
            for value in sent(call, matching.parameter):
                texts = [str(each) for each in (value if isinstance(value, list) else [value])]
                found = [record for record in found if any(matches(matching, record.values, text) for text in texts)]
        for name, value in _given(call).items():
            if self._queries.language(call, name) is not None:
                found = self._queries.selected(found, call, name, value)
        least, most = render(dict(fact.at_least), known), render(dict(fact.at_most), known)
        found = [record for record in found if not any(_below(record, *bound) for bound in least.items())]
        found = [record for record in found if not any(_above(record, *bound) for bound in most.items())]
        listed: list[Any] = [copy.deepcopy(record.values) for record in self._behaviour.listed(call, found)]
        if fact.elements is not None:
            listed = [each for record in listed for within in values.values_at(record, fact.elements) for each in within or ()]
        page: dict[str, Any] = {}
        if fact.page is not None:
            sizes = [cap.page for cap in self._behaviour.caps(call) if cap.page is not None]
            page, listed = _paged(fact.page, call, listed, sizes, known)
        if fact.values:
            listed = [render(dict(fact.values), self._relate(fact, table, {**known, "record": each})) for each in listed]
        listed = [{**each, **fact.marks} if isinstance(each, dict) else each for each in listed]
        return render(fact.response, {**known, **page, "records": listed})

    def _written(
        self, fact: Action, call: Call, table: Table, record: Record, before: Mapping[str, Any], known: Mapping[str, Any]
    ) -> tuple[Any, list[Change]]:
        known = self._relate(fact, table, {**known, "record": record.values})
        if fact.content_of is not None:
            self._account.copy_content(record, str(render(fact.content_of, known)))
        elif fact.does == "update" and call.content is not None:
            self._account.store(record, call.media_type, call.content)
        self._write(table, record, {path: template for path, template in fact.values.items() if not _counts(template)}, known)
        for path, change, templates in (
            *((p, _added, t) for p, t in fact.adds.items()),
            *((p, _removed, t) for p, t in fact.removes.items()),
        ):
            stored = next(values.values_at(record.values, path), None)
            values.write(record.values, path, change(stored if isinstance(stored, list) else [], render(templates, known) or []))
        self._write(table, record, {path: template for path, template in fact.values.items() if _counts(template)}, known)
        self._behaviour.written(call, before, record, self._user, self._me)
        self._settle(table, (record,), fact.does == "create")
        return render(fact.response, {**known, "record": copy.deepcopy(record.values)}), [Change.of(call, record, before)]

    def _write(self, table: Table, record: Record, templates: Mapping[str, Any], known: Mapping[str, Any]) -> None:
        for path, template in templates.items():
            value = render(template, known)
            declared = table.properties.get(path)
            if value is None and template is not None and declared is not None and not self._account.schemas.shape(declared).takes_null:
                continue  # what was not sent is not stored
            if isinstance(value, list):
                value = [each for each in value if each != ""]  # no record has an empty name
            if isinstance(value, dict):
                record.values.pop(path, None)  # it is replaced
            objects = isinstance(value, list) and value and all(isinstance(each, dict) for each in value)
            if path in table.properties and not objects:  # names of labels become the labels that are read
                self._account.placement().write(record.values, {path: value}, {path: table.properties[path]})
                if isinstance(value, dict) and isinstance(record.values.get(path), dict):  # also what the document does not declare
                    record.values[path] = {**value, **record.values[path]}
            else:
                values.write(record.values, path, value)

    def _selected(self, table: Table, where: Mapping[str, Any], known: Mapping[str, Any]) -> list[Record]:
        seeded = table.listed is not None or any(role.single for role in table.roles)
        records = self._account.seeded(table, {}) if seeded else self._account.records(table)
        wanted = {path: None if template is None else _texts(render(template, known)) for path, template in where.items()}
        return [record for record in records if all(_has(record, path, texts) for path, texts in wanted.items())]

    def _relate(self, fact: Action, table: Table, known: dict[str, Any]) -> dict[str, Any]:
        """Add the names of related records to those of a template. A record is looked up when a template names it."""

        def lookup(related: RelatedRecord) -> Mapping[str, Any] | None:
            other = table if related.record is None else self._table(related.record)
            return next((record.values for record in self._selected(other, related.where, known)), None) if other is not None else None

        known |= {name: partial(lookup, related) for name, related in fact.related.items()}
        return known

    def _reject(self, fact: Action, table: Table, record: Record | None, known: Mapping[str, Any]) -> None:
        """Raise `Refused` with the response that a fact states if stored values do not allow the action."""
        for rejection in fact.rejects:
            found = self._selected(table, rejection.where, known)
            stored = record in found if rejection.of == "record" else any(each is not record for each in found)
            if stored == rejection.holds:
                raise Refused(rejection.response.status, "stored values do not allow this", stated=rejection.response)


def _counts(template: Any) -> bool:
    """Return true if a template is the number of elements of a list, which is known when these are added and removed."""
    return isinstance(template, str) and template.endswith(":count")


def _uploads(call: Call) -> bool:
    """Return true if the body of an operation is the content of a file, which may be empty."""
    kinds = call.operation.bodies
    return bool(kinds) and not any("json" in kind or "urlencoded" in kind for kind in kinds)


def status_of(call: Call) -> int:
    """Return the status of an operation that succeeds."""
    return next((int(code) for code in call.operation.responses if code.startswith("2") and code.isdigit()), 200)


def _added(stored: list[Any], given: list[Any]) -> list[Any]:
    return [*stored, *(each for each in given if each not in stored)]


def _removed(stored: list[Any], given: list[Any]) -> list[Any]:
    return [each for each in stored if each not in given]


def _texts(value: Any) -> set[str]:
    """Return a value as a text; of a list, all of them."""
    return {str(each) for each in (value if isinstance(value, list) else [value])}


def _has(record: Record, path: str, texts: Collection[str] | None) -> bool:
    """Return true if a record has one of the values at a path, as texts; for None, if it has none."""
    found = [each for value in values.values_at(record.values, path) for each in (value if isinstance(value, list) else [value])]
    return all(value is None for value in found) if texts is None else any(str(value) in texts for value in found)


def _below(record: Record, path: str, bound: Any) -> bool:
    return bound is not None and order_key(next(values.values_at(record.values, path), None)) < order_key(bound)


def _above(record: Record, path: str, bound: Any) -> bool:
    return bound is not None and order_key(next(values.values_at(record.values, path), None)) > order_key(bound)


def _follows(element: Any, path: str, bound: Any) -> bool:
    return order_key(next(values.values_at(element, path), None)) > order_key(bound)


def _given(call: Call) -> dict[str, Any]:
    """Return the parameters of the query, and the properties of the body."""
    return {**call.query, **(call.body if isinstance(call.body, dict) else {})}


def _paged(
    page: ActionPage, call: Call, listed: list[Any], caps: Sequence[int], known: Mapping[str, Any]
) -> tuple[dict[str, Any], list[Any]]:
    """Return the names of a page in templates, and what is on it."""
    size = min(int(next(iter(sent(call, page.size)), None) or page.usual or len(listed) or 1), *caps, max(len(listed), 1))
    at = next(iter(sent(call, page.from_)), None)
    if page.by is not None:
        start = next((index for index, each in enumerate(listed) if at is None or _follows(each, page.by, at)), len(listed))
    else:
        start = (int(at or 1) - 1) * size if page.numbered else int(at or 0) if page.counted else int(str(at or "t0")[1:])
    further = start < len(listed) if page.last == "empty" else start + size < len(listed)
    names = {"total": len(listed), "size": size, "page": start // size + 1, "pages": -(-len(listed) // size), "more": further}
    following = f"t{start + size}"
    if page.link is not None:
        following = render_text(page.link, {**known, **names, "number": names["page"] + 1})
    return {**names, "next": following if further else page.end}, listed[start : start + size]
