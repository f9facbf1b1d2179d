"""Slack's search: words and phrases, and channels and people in modifiers.

Source: https://slack.com/help/articles/202528808-Search-in-Slack
"""

from __future__ import annotations

import re
from collections.abc import Callable

from unified_emulation.query_languages.records import QueryFault, Read, Record, UnknownName, contains

_TERM = re.compile(r"""\s*(?:(?P<modifier>[a-z]+):<[#@](?P<id>[A-Z0-9]+)(?:\|[^>]*)?>|"(?P<phrase>[^"]*)"|(?P<word>[^\s"]+))(?=\s|$)""")
_PROPERTIES = {"in": "channel", "from": "user"}


def predicate(text: str, read: Read) -> Callable[[Record], bool]:
    """Return the condition of a query; `read` returns all texts of a record for the name ``.

    Raises:
        QueryFault: it cannot be read.
        UnknownName: a modifier is not known.
    """
    words: list[str] = []
    phrases: list[str] = []
    modifiers: list[tuple[str, str]] = []
    at, text = 0, text.rstrip()
    while at < len(text):
        found = _TERM.match(text, at)
        if found is None:
            raise QueryFault(f"cannot be read at character {at}: {text[at : at + 20]!r}")
        at = found.end()
        if found["modifier"] is not None:
            if found["modifier"] not in _PROPERTIES:
                raise UnknownName(found["modifier"])
            modifiers.append((_PROPERTIES[found["modifier"]], found["id"]))
        elif found["phrase"] is not None:
            phrases.append(found["phrase"].casefold())
        else:
            words.append(found["word"])

    def holds(record: Record) -> bool:
        texts = read(record, "")
        return (
            all(contains(texts, word) for word in words)
            and all(any(phrase in text.casefold() for text in texts) for phrase in phrases)
            and all(id in read(record, name) for name, id in modifiers)
        )

    return holds
