"""Literals of Slack's search: a phrase in double quotes, and channels in modifiers, as in `in:<#C0DEMO00001>`.

Quotes cannot be escaped inside quotes. In a text to search for they become spaces, like control characters: punctuation has no meaning.
Source: https://slack.com/help/articles/202528808-Search-in-Slack; https://docs.slack.dev/reference/methods/search.messages
"""

from __future__ import annotations

import re

from unified_runtime.adapter_api.query import literals
from unified_runtime.adapter_api.query.errors import UnwritableValue

_CHANNEL = re.compile(r"[CGD][A-Z0-9]{2,}")
_NOTHING = re.compile('["“”\x00-\x1f\x7f-\x9f\u2028\u2029]')


def text(value: str) -> str:
    """Return a channel by its id.

    Raises:
        UnwritableValue: it is not the id of a channel.
    """
    if _CHANNEL.fullmatch(value) is None:
        raise UnwritableValue("Slack searches in a channel by its id, such as C0DEMO00001")
    return f"<#{value}>"


def contains(value: str) -> str:
    """Return a text to search for as a phrase, always in quotes, so that no word of it is a modifier.

    Raises:
        UnwritableValue: it has no letter or digit to search for, or half a surrogate pair.
    """
    words = " ".join(_NOTHING.sub(" ", value).split())
    literals.refuse_control(words, "Slack")
    if not any(map(str.isalnum, words)):
        raise UnwritableValue("Slack cannot search for a text without a letter or digit")
    return f'"{words}"'
