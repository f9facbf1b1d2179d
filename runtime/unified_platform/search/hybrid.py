"""Hybrid ranking: that by words, and the similarity of embeddings by a function of the user's choice."""

from __future__ import annotations

import math
import threading
from collections.abc import Callable, Sequence

from unified_runtime import InvalidInput

Embed = Callable[[list[str]], Sequence[Sequence[float]]]
"""Function that returns a vector for each text, all of the same length."""

CANDIDATES = 200
"""Operations that are embedded for a request, if there are more."""
_WEIGHT = 0.5
_BATCH = 256


class Embeddings:
    """Vectors of texts, each embedded once. Safe to share between threads."""

    def __init__(self, embed: Embed, most: int = 20_000) -> None:
        self._embed = embed
        self._most = most
        self._known: dict[str, tuple[float, ...]] = {}
        self._lock = threading.Lock()

    def similarities(self, query: str, texts: Sequence[str]) -> list[float]:
        """Return the cosine of the angle between a query's vector and that of each text.

        Raises:
            InvalidInput: the function returned something else than a vector for each text.
        """
        own = self._vectors([query])[0]
        return [_cosine(own, other) for other in self._vectors(texts)]

    def _vectors(self, texts: Sequence[str]) -> list[tuple[float, ...]]:
        with self._lock:
            found = {text: self._known[text] for text in texts if text in self._known}
        missing = [text for text in dict.fromkeys(texts) if text not in found]
        for start in range(0, len(missing), _BATCH):
            part = missing[start : start + _BATCH]
            vectors = [tuple(map(float, vector)) for vector in self._embed(part)]
            if len(vectors) != len(part) or len({len(vector) for vector in vectors}) != 1:
                raise InvalidInput("embed: must return one vector for each text, all of the same length")
            found.update(zip(part, vectors, strict=True))
        with self._lock:
            if len(self._known) + len(missing) > self._most:
                self._known.clear()
            self._known.update({text: found[text] for text in missing})
        return [found[text] for text in texts]


def combined(by_words: Sequence[float], by_meaning: Sequence[float]) -> list[float]:
    """Return the sum of both scores, each scaled to at most 1."""
    words, meaning = max(by_words, default=0.0) or 1.0, max(by_meaning, default=0.0)
    meaning = meaning if meaning > 0 else 1.0
    return [(1 - _WEIGHT) * one / words + _WEIGHT * other / meaning for one, other in zip(by_words, by_meaning, strict=True)]


def _cosine(one: Sequence[float], other: Sequence[float]) -> float:
    size = math.sqrt(sum(value * value for value in one)) * math.sqrt(sum(value * value for value in other))
    return sum(a * b for a, b in zip(one, other, strict=True)) / size if size else 0.0
