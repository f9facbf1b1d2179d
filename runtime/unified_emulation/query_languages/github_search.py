"""The part of GitHub's search syntax that lists of issues and users need, read by its published rules.

Source: https://docs.github.com/en/search-github/getting-started-with-searching-on-github/understanding-the-search-syntax
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from unified_emulation.query_languages.records import QueryFault, Read, Record, compared, contains, has_value

_TOKEN = re.compile(r'\s*(?:(?P<name>[A-Za-z-]+):)?(?:"(?P<quoted>[^"]*)"|(?P<bare>[^\s"]+))(?=\s|$)')


@dataclass(frozen=True, slots=True)
class Query:
    """`words` are the search terms, `qualifiers` their values by name."""

    words: Sequence[str]
    qualifiers: Mapping[str, Sequence[str]]

    def one(self, name: str) -> str | None:
        """Return the value of a qualifier that occurs once, or None."""
        return next(iter(self.qualifiers.get(name, ())), None)


def parsed(text: str, known: Sequence[str] | None = None) -> Query:
    """Return the query's words and qualifiers; with `known`, no others than these.

    Raises:
        QueryFault: it cannot be read, has a qualifier that is not known, an operator, or more than 256 characters of words.
    """
    words: list[str] = []
    qualifiers: dict[str, list[str]] = {}
    at, text = 0, text.rstrip()
    while at < len(text):
        found = _TOKEN.match(text, at)
        if found is None:
            raise QueryFault(f"cannot be read at character {at}: {text[at : at + 20]!r}")
        at = found.end()
        value = found["quoted"] if found["quoted"] is not None else found["bare"]
        if found["name"] is None:
            if found["bare"] in ("AND", "OR", "NOT"):
                raise QueryFault(f"{found['bare']} is an operator")
            words.append(value)
        elif known is not None and found["name"] not in known:
            raise QueryFault(f"{found['name']} is not a qualifier")
        else:
            qualifiers.setdefault(found["name"], []).append(value)
    if sum(map(len, words)) > 256:
        raise QueryFault("more than 256 characters")
    return Query(words, qualifiers)


_UNCOMPARED = frozenset({"is", "type", "in", "sort", "order"})
"""Qualifiers that select kinds of records, or what words are compared with; `is:open` and `is:closed` select by state."""
_OPERATOR = re.compile(r"(>=|<=|>|<)?(.*)")


def predicate(text: str, read: Read) -> Callable[[Record], bool]:
    """Return the condition of a query; `read` returns all texts of a record for the name ``.

    Raises:
        QueryFault: it cannot be read.
    """
    query = parsed(text)
    states = [value for value in query.qualifiers.get("is", ()) if value in ("open", "closed")]
    requested = {name: values for name, values in query.qualifiers.items() if name not in _UNCOMPARED}
    if states:
        requested["state"] = [*requested.get("state", ()), *states]

    def one(record: Record, name: str, value: str) -> bool:
        if name in ("no", "-no"):  # the property has no value, or one
            return has_value(record, value, read) is (name == "-no")
        if name == "repo":
            return any(str(each).casefold().endswith(f"/repos/{value.casefold()}") for each in read(record, "repository_url"))
        found = _OPERATOR.fullmatch(value)
        operator, wanted = (found[1] or "=", found[2]) if found is not None else ("=", value)
        return any(compared(each, operator, wanted) for each in read(record, name))

    def holds(record: Record) -> bool:
        if not all(contains(read(record, ""), word) for word in query.words):
            return False
        return all(any(one(record, name, value) for value in values) for name, values in requested.items())

    return holds
