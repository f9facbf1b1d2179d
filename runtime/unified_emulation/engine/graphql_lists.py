"""Lists and pages inside a record, as the arguments of their field select them: ids and types, conditions, position and size.

A cursor has the ids of the records that are left, so that a field without the arguments of the first page (`next_items_page`) continues it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import graphql

from unified_emulation.engine.relations import Relations
from unified_emulation.query_languages import monday_rules
from unified_openapi.documents.words import singular
from unified_openapi.schemas.graphql_resources import LISTS

_PREFIX = "rest:"
_SIZES = ("limit", "first")
_USUAL = 25


def page_of(type: graphql.GraphQLNamedType) -> str | None:
    """Return the field of a type of pages that holds the records; None if a type is not that of a page."""
    fields = type.fields if isinstance(type, graphql.GraphQLObjectType) else {}
    return next((name for name in LISTS if name in fields), None) if "id" not in fields else None


def selected(found: list[Any], arguments: Mapping[str, Any]) -> list[Any]:
    """Return the elements that a field's arguments select: `types: [date]` those of the type `date`, `page` and `limit` a part."""
    for name, wanted in arguments.items():
        if isinstance(wanted, list) and wanted and singular(name) != name:
            found = [each for each in found if str(each.get(singular(name))) in map(str, wanted)]
    rules = arguments.get("query_params")
    if isinstance(rules, Mapping):
        holds = monday_rules.predicate(rules)
        found = monday_rules.ordered(rules, [each for each in found if holds(each)])
    size = next((arguments[name] for name in _SIZES if arguments.get(name)), None)
    if "page" in arguments and size is not None:
        start = (int(arguments["page"]) - 1) * int(size)
        return found[start : start + int(size)]
    return found


def page(listed: str, found: list[Any], arguments: Mapping[str, Any]) -> dict[str, Any]:
    """Return a page of these records, and where the next one begins."""
    found = selected(found, arguments)
    size = int(next((arguments[name] for name in _SIZES if arguments.get(name)), _USUAL if "cursor" in arguments else len(found) or 1))
    rest = found[size:]
    cursor = _PREFIX + ",".join(str(each["id"]) for each in rest) if rest else None
    return {
        listed: found[:size],
        "cursor": cursor,
        "pageInfo": {"hasNextPage": bool(rest), "hasPreviousPage": False, "endCursor": cursor},
    }


def continued(relations: Relations, listed: str, arguments: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return the page that a cursor continues; None if it is not one of these cursors."""
    cursor = arguments.get("cursor")
    if not isinstance(cursor, str) or not cursor.startswith(_PREFIX):
        return None
    return page(listed, relations.identified(cursor.removeprefix(_PREFIX).split(",")), {**arguments, "cursor": None})
