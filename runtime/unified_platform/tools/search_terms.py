"""Words of search requests: verbs that mean a kind of operation, and stop words.

These are general English words. Synonyms of a record or an operation are in its model (`synonyms`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable

KINDS = {
    "create": "add new make create open start set up register put write enter save begin",
    "get": "show read open view details look at see get fetch tell about status",
    "list": "list which what find search show all any every look for who where how many there see browse open latest last count changed",
    "changes": "changes changed since sync",
    "update": "change edit update modify set rename move mark switch correct adjust fix put assign add replace",
    "delete": "delete remove erase rid trash drop discard",
}
"""Verbs by the kind of operation they mean."""

_BY_WORD: dict[str, frozenset[str]] = {
    word: frozenset(kind for kind, words in KINDS.items() if word in words.split()) for text in KINDS.values() for word in text.split()
}

_SILENT = """
a am an and are as at be been but by can could did do does for from had has have he her his i if in into is it its just let like me my
now of on one or our out over please shall she should so some than that the their them then these they this those to us was we were will
with would you your
"""
_STOP = frozenset(_SILENT.split())
_WORD = re.compile(r"[^\W_]+")
_MOST = 12


def significant_words(query: str) -> list[str]:
    """Return the distinct words of a request without stop words, at most twelve; all words if only stop words are left."""
    words = list(dict.fromkeys(word.lower() for word in _WORD.findall(query)))
    return ([word for word in words if len(word) > 1 and word not in _STOP] or words)[:_MOST]


def kinds(query: str) -> frozenset[str]:
    """Return the kinds of operations that the first verb of a request means; an empty set without a verb."""
    return next((_BY_WORD[word] for word in _WORD.findall(query.lower()) if word in _BY_WORD), frozenset())


def root(word: str) -> str:
    """Return a word without its ending, roughly, to count how frequent it is; the index has a better stemmer, but no access to it."""
    singular = word[:-3] + "y" if word.endswith("ies") else word.removesuffix("s")
    ending = next((ending for ending in ("ing", "ed", "e") if singular.endswith(ending) and len(singular) > len(ending) + 2), "")
    return singular.removesuffix(ending)


def frequent(texts: Iterable[str]) -> set[str]:
    """Return the words of some texts, in the form that is counted."""
    return {root(word) for text in texts for word in _WORD.findall(text.lower())}
