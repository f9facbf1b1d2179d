"""Words with similar meanings in requests and in the names of operations."""

from __future__ import annotations

import functools
from collections.abc import Mapping

from unified_platform.search import vocabulary
from unified_platform.search.words import stem

_SIMILARITY, _NAMED = 0.65, 0.9
_SEPARATE = str.maketrans("-", " ")

Expansions = Mapping[str, float]
"""Stems, or several of them that must all occur, each with the similarity to the requested word, from 0 to 1."""


def stems(text: str) -> str:
    """Return a phrase with its words reduced to stems."""
    return " ".join(stem(word) for word in text.translate(_SEPARATE).split())


def container(one: str) -> str:
    """Return the term of operations that list what a record, given by its stem, contains: the events of a calendar."""
    return f"in:{one}"


@functools.cache
def similar() -> Mapping[str, Expansions]:
    """Return the words and phrases that are similar to a stem or phrase, by it."""
    found: dict[str, dict[str, float]] = {}
    for line in vocabulary.text("synonyms", "similar").splitlines():
        group = [stems(word) for word in line.split()]
        for word in group:
            found.setdefault(word, {}).update({other: _SIMILARITY for other in group if other != word})
    for word, others in vocabulary.lines("synonyms", "named", ">"):
        found.setdefault(stems(word), {}).update(dict.fromkeys(map(stems, others.split(", ")), _NAMED))
    return found


@functools.cache
def longest_phrase() -> int:
    """Return the number of words of the longest phrase that has synonyms."""
    return max(len(phrase.split()) for phrase in similar())
