"""Relations of records whose schema is a graph: objects that represent other records, and the records of a page inside a record."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from unified_emulation.engine.account import Account
from unified_openapi.documents.words import noun, singular, words


class Relations:
    """Relations of the records of an account."""

    def __init__(self, account: Account) -> None:
        self._account = account

    def complete(self, value: Any) -> Any:
        """Return an object that represents a stored record with all properties of that record, and so the elements of a list.

        Any other value is returned as it is.
        """
        if isinstance(value, list):
            return [self.complete(each) for each in value]
        if isinstance(value, Mapping) and isinstance(value.get("id"), str):
            found = self._account.find(value["id"])
            if found is not None and found.get("__typename") == value.get("__typename"):
                return {**value, **found}
        return value

    def one(self, record: Mapping[str, Any], name: str) -> Mapping[str, Any] | None:
        """Return the record whose id a record has: `issue` for `issueId`; None if it has none."""
        wanted = (*words(name), "id")
        value = next((value for each, value in record.items() if words(each) == wanted and isinstance(value, str)), None)
        return None if value is None else self._account.find(value)

    def named(self, record: Mapping[str, Any], name: str) -> list[Any] | None:
        """Return the records whose ids a record has in a list: `labels` for `labelIds`; None if it has none."""
        *above, last = words(name)
        wanted = (*above, singular(last), "ids")
        ids = next((value for each, value in record.items() if words(each) == wanted), None)
        return None if ids is None else self.identified(ids)

    def identified(self, ids: Any) -> list[Any]:
        """Return the records that a list of ids identifies."""
        found = (self._account.find(each) for each in ids) if isinstance(ids, list) else ()
        return [each for each in found if each is not None]

    def below(self, record: Mapping[str, Any], type: str) -> list[Any]:
        """Return the records of a type that refer to a record."""
        table = self._account.tables.by_noun.get(noun(type))
        if table is None or not isinstance(record.get("id"), str):
            return []
        return [
            other.values
            for other in self._account.seeded(table, {})
            if any(isinstance(value, Mapping) and value.get("id") == record["id"] for value in other.values.values())
        ]

    def values(self, record: Mapping[str, Any], name: str) -> tuple[Any, ...]:
        """Return the values of a property: of a list its elements, of an object the record that it represents."""
        value = record.get(name)
        if value is None:
            one = self.one(record, name)
            return (one,) if one is not None else tuple(self.named(record, name) or ())
        return tuple(map(self.complete, value)) if isinstance(value, list) else (self.complete(value),)
