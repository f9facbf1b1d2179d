"""Texts in KQL, as `$search` of Microsoft Graph has them: words in double quotes, all of which must be found.

Inside the quotes, names before a colon or comparison are conditions, and AND, OR, NOT and NEAR are operators. Words are therefore written
without punctuation, which has no meaning, and in lower case if they are operators.
Source: https://learn.microsoft.com/graph/search-query-parameter and
https://learn.microsoft.com/sharepoint/dev/general-development/keyword-query-language-kql-syntax-reference
"""

from __future__ import annotations

import re

from unified_runtime.adapter_api.query import literals
from unified_runtime.adapter_api.query.errors import UnwritableValue

_WORD = re.compile(r"\w(?:[\w.@'-]*\w)?")
_OPERATORS = frozenset({"AND", "OR", "NOT", "NEAR", "ONEAR", "WORDS", "XRANK"})


def contains(value: str) -> str:
    """Return the words of a text, in quotes.

    Raises:
        UnwritableValue: it has no letter or digit to search for, or half a surrogate pair.
    """
    literals.refuse_control(re.sub(r"\s", " ", value), "KQL")
    words = [word.lower() if word in _OPERATORS else word for word in _WORD.findall(value)]
    if not any(char.isalnum() for word in words for char in word):
        raise UnwritableValue("Microsoft Graph cannot search for a text without a letter or digit")
    return f'"{" ".join(words)}"'
