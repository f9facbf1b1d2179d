"""The part of GitHub's search syntax that lists of issues and users need, read by its published rules.

Source: https://docs.github.com/en/search-github/getting-started-with-searching-on-github/understanding-the-search-syntax
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

_TOKEN = re.compile(r'\s*(?:(?P<name>[A-Za-z-]+):)?(?:"(?P<quoted>[^"]*)"|(?P<bare>[^\s"]+))(?=\s|$)')


@dataclass(frozen=True, slots=True)
class Query:
    """`words` are the search terms, `qualifiers` their values by name."""

    words: Sequence[str]
    qualifiers: Mapping[str, Sequence[str]]

    def one(self, name: str) -> str | None:
        """Return the value of a qualifier that occurs once, or None."""
        return next(iter(self.qualifiers.get(name, ())), None)


def parsed(text: str, known: Sequence[str]) -> Query:
    """Return the query's words and qualifiers.

    Raises:
        ValueError: it cannot be read, has a qualifier that is not known, an operator, or more than 256 characters of words.
    """
    words: list[str] = []
    qualifiers: dict[str, list[str]] = {}
    at, text = 0, text.rstrip()
    while at < len(text):
        found = _TOKEN.match(text, at)
        if found is None:
            raise ValueError(f"cannot be read at character {at}: {text[at : at + 20]!r}")
        at = found.end()
        value = found["quoted"] if found["quoted"] is not None else found["bare"]
        if found["name"] is None:
            if found["bare"] in ("AND", "OR", "NOT"):
                raise ValueError(f"{found['bare']} is an operator")
            words.append(value)
        elif found["name"] not in known:
            raise ValueError(f"{found['name']} is not a qualifier")
        else:
            qualifiers.setdefault(found["name"], []).append(value)
    if sum(map(len, words)) > 256:
        raise ValueError("more than 256 characters")
    return Query(words, qualifiers)
