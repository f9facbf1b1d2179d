"""The part of KQL that a search in mail needs: words in double quotes, all of which are in a message.

Source: https://learn.microsoft.com/graph/search-query-parameter
"""

from __future__ import annotations

import re
from collections.abc import Callable

from unified_emulation.query_languages.records import QueryFault, Read, Record, contains

_WORDS = re.compile(r'"([^":<>=()*]+)"')


def predicate(text: str, read: Read) -> Callable[[Record], bool]:
    """Return the condition of a search; `read` returns all texts of a record for the name ``.

    Raises:
        QueryFault: it is not words in double quotes.
    """
    found = _WORDS.fullmatch(text)
    if found is None or {"AND", "OR", "NOT", "NEAR"} & set(found[1].split()):
        raise QueryFault(f"{text[:40]!r} is not words in double quotes")
    return lambda record: contains(tuple(value for name in ("subject", "body", "from") for value in read(record, name)), found[1])
