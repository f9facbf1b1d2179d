"""Selection of records by queries in the vendors' languages. Which parameter has which language is a fact beyond the document."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any

from unified_emulation.engine import paging
from unified_emulation.engine.account import Account, key_of
from unified_emulation.engine.behaviour.lists import order_key
from unified_emulation.engine.notes import Note
from unified_emulation.engine.relations import Relations
from unified_emulation.engine.routes import Call
from unified_emulation.engine.tables import Record, Table, scalars
from unified_emulation.query_languages import (
    clauses,
    github_search,
    gmail_search,
    graphql_filter,
    hubspot_filters,
    jql,
    kql,
    redmine_filter,
    slack_search,
    soql,
    zendesk_search,
)
from unified_emulation.query_languages.records import Read, UnknownName, has_value
from unified_openapi.behaviour.kinds import QueryLanguage
from unified_openapi.behaviour.load import Behaviour
from unified_openapi.documents.words import noun, referenced, words
from unified_openapi.schemas.pagination import pagination_of
from unified_openapi.schemas.shapes import Shape

Report = Callable[[Note], None]
"""Receives what is not known about a query."""
_PREDICATES: Mapping[str, Callable[[Any, Read], Callable[[Mapping[str, Any]], bool]]] = {
    "jql": jql.predicate,
    "redmine_filter": redmine_filter.predicate,
    "kql": kql.predicate,
    "odata": clauses.odata,
    "drive_query": clauses.drive,
    "google_filter": clauses.google,
    "github_search": github_search.predicate,
    "gmail_search": gmail_search.predicate,
    "graphql_filter": graphql_filter.predicate,
    "hubspot_filters": hubspot_filters.predicate,
    "slack_search": slack_search.predicate,
    "zendesk_search": zendesk_search.predicate,
}
_TEXTS = ("", "text", "fullText")
"""Names of all texts of a record."""
_DEPTH = 3
"""Depth of a name in a record: 3 in `fields.status.statusCategory`."""


class Queries:
    """Queries in the parameters of one vendor's operations, over the records of an account."""

    def __init__(self, behaviour: Behaviour, account: Account, report: Report) -> None:
        facts = [fact for fact in behaviour.facts.values() if isinstance(fact, QueryLanguage)]
        self._languages = {(operation, fact.parameter): fact.language for fact in facts for operation in fact.operations}
        self._account = account
        self._report = report

    def language(self, call: Call, parameter: str) -> str | None:
        """Return the language of a parameter, or of a property of the body; None if it is not known to have one."""
        return self._languages.get((call.operation.name, parameter)) or self._languages.get((call.operation.endpoint, parameter))

    def selected(self, records: list[Record], call: Call, parameter: str, query: Any) -> list[Record]:
        """Return the records that a query selects; all of them, and a report, if it is not known what it means.

        Raises:
            QueryFault: the query is not valid.
        """
        language = self.language(call, parameter) or ""
        made = _PREDICATES.get(language)
        try:
            if made is None:
                raise UnknownName("the language")
            holds = made(query, self._reader(language, parameter))
            found = [record for record in records if holds(self._account.searchable(record))]
            return self._sorted(found, jql.order(query)) if language == "jql" else found
        except UnknownName as unknown:
            self._report(_note(call, parameter, unknown))
            return records

    @staticmethod
    def _sorted(records: list[Record], order: list[tuple[str, bool]]) -> list[Record]:
        """Return records sorted by fields, the most significant first. Records without a value are last."""
        for name, descending in reversed(order):
            there = {record.number for record in records if has_value(record.values, name, values_of)}
            having = [record for record in records if record.number in there]
            having.sort(key=lambda record: [order_key(each) for each in values_of(record.values, name)], reverse=descending)
            records = [*having, *(record for record in records if record.number not in there)]
        return records

    def _reader(self, language: str, parameter: str) -> Read:
        """Return the function that reads values of records for a language."""
        match language:
            case "drive_query":
                return self._in_drive
            case "gmail_search":
                return gmail_search.values
            case "graphql_filter":
                return Relations(self._account).values
            case "redmine_filter":
                return partial(_values_of_parameter, parameter)
        return values_of

    def _in_drive(self, record: Mapping[str, Any], name: str) -> tuple[Any, ...]:
        """Return the values of a file; what is in the root folder is also in `root`."""
        found, table = values_of(record, name), self._account.tables.by_noun.get("file")
        if name != "parents" or table is None:
            return found
        root = key_of(self._account.own(table).values)
        return (*found, "root") if root in found else (*found, root) if "root" in found else found

    def rows(self, call: Call, status: int, response: str | None) -> tuple[int, dict[str, Any]] | None:
        """Return the status and body of an operation whose query in SOQL names the records itself; None for other operations.

        Raises:
            QueryFault: the query is not valid.
        """
        parameter = next((name for name in call.query if self.language(call, name) == "soql"), None)
        schemas = self._account.schemas
        shape = schemas.shape(response) if response is not None else Shape("")
        at = next((name for name, pointer in shape.properties.items() if "array" in schemas.shape(pointer).kinds), None)
        if parameter is None or at is None:
            return None
        text, found = str(call.query[parameter]), []
        try:
            found = Objects(self._account).run(text)
        except UnknownName as unknown:
            self._report(_note(call, parameter, unknown))
        page = paging.Page(0, max(len(found), 1), len(found))
        return status, {**paging.marks(schemas, shape, page, pagination_of(call.operation, schemas, None), "", (at,)), at: found}


def _values_of_parameter(parameter: str, record: Mapping[str, Any], _: str) -> tuple[Any, ...]:
    """Return the values of the property that the parameter itself names, for a language without names; none if the record has none."""
    if parameter in redmine_filter.TEXTS:
        return values_of(record, "")
    try:
        return values_of(record, referenced(parameter) or parameter)
    except UnknownName:
        return ()


def _note(call: Call, parameter: str, unknown: UnknownName) -> Note:
    value = call.query.get(parameter, call.body.get(parameter) if isinstance(call.body, dict) else None)
    return Note("parameter", call.operation.endpoint, parameter, f"{unknown} is not known", str(value))


def values_of(record: Mapping[str, Any], name: str) -> tuple[Any, ...]:
    """Return the values of the property that a name in a query means, objects by their plain values.

    Raises:
        UnknownName: the record has no property of this name.
    """
    if name in _TEXTS:
        return tuple(each for each in scalars(record) if isinstance(each, str))
    *above, last = name.split("/")
    for part in above:
        inner = record.get(part)
        record = inner if isinstance(inner, Mapping) else {}
    joined = "".join(words(last))
    for value in _named(record, (joined, f"{joined}at", f"{joined}id"), _DEPTH):
        return tuple(_plain(value))
    raise UnknownName(name)


def _named(record: Mapping[str, Any], wanted: tuple[str, ...], depth: int) -> Iterator[Any]:
    """Yield the values of the properties with these words, the nearest first; of one object, in the order of the words."""
    level = [record]
    for _ in range(depth):
        yield from (value for joined in wanted for each in level for name, value in each.items() if "".join(words(name)) == joined)
        level = [value for each in level for value in each.values() if isinstance(value, dict)]


def _plain(value: Any) -> Iterator[Any]:
    """Yield a value; of an object its plain values, of a list those of its elements."""
    if isinstance(value, dict):
        yield from (each for each in value.values() if not isinstance(each, dict | list))
    elif isinstance(value, list):
        for each in value:
            yield from _plain(each)
    elif value is not None:
        yield value


class Objects:
    """Objects that SOQL selects, by their names: the tables of the same noun."""

    def __init__(self, account: Account) -> None:
        self._account = account

    def table(self, name: str) -> Table:
        """Return the table of an object.

        Raises:
            UnknownName: the document has no records of it.
        """
        found = self._account.tables.by_noun.get(noun(name)) or self._account.tables.by_noun.get("".join(words(name)))
        if found is None:
            raise UnknownName(f"the object {name}")
        return found

    def rows(self, name: str) -> list[dict[str, Any]]:
        """Return the records of an object."""
        return [record.values for record in self._account.seeded(self.table(name), {})]

    def run(self, text: str) -> list[dict[str, Any]]:
        """Return the rows that a query in SOQL selects, with the columns that it names.

        Raises:
            QueryFault: it is not valid.
            UnknownName: it names an object or a column that the document does not have.
        """
        query = soql.parse(text)
        table = self.table(query.source)
        columns: dict[str, None] = {}
        for column in query.columns:
            if column == soql.STANDARD:
                columns |= dict.fromkeys(table.properties)
            elif column not in table.properties:
                raise UnknownName(f"{query.source}.{column}")
            else:
                columns[column] = None
        found = [row for row in self.rows(query.source) if query.holds(row, self.rows)]
        shown = [{name: row[name] for name in columns if name in row} for row in found]
        for name, inner in query.related.items():
            for row, made in zip(found, shown, strict=True):
                made[name] = {"records": self._related(row, query.source, name, inner)}
        return shown

    def _related(self, row: Mapping[str, Any], source: str, name: str, columns: tuple[str, ...]) -> list[dict[str, Any]]:
        single = name.removesuffix("s")
        rows = [each for each in self.rows(single) if each.get(f"{source}Id") == row.get("Id")]
        return [{column: each[column] for column in columns if column in each} for each in rows]
