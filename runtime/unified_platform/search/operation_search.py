"""Search over several indexes, limited to the operations that may be found."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass

from unified_platform.search.hybrid import CANDIDATES, Embed, Embeddings, combined
from unified_platform.search.postings import Postings
from unified_platform.search.ranking import Ranked, rank
from unified_platform.search.requests import parse
from unified_platform.search.summaries import phrase
from unified_runtime import InvalidInput

LIMIT = 50
"""Maximum number of operations that a search returns."""
_EXTRA = 3
"""Factor of the number of operations that are ranked: some follow the unified operation for them."""


@dataclass(frozen=True, slots=True)
class OperationMatch:
    """An operation that a search found.

    Attributes:
        name: `tasks.create`, or `jira.addWatcher` for an operation of a document.
        text: one line about it.
        vendors: vendors it is called at.
        score: how well it matches; only the order of scores has a meaning.
    """

    name: str
    text: str
    vendors: tuple[str, ...]
    score: float


class OperationSearch:
    """Search of operations. Safe to share between threads.

    Args:
        sources: indexes to search.
        allowed: for each of them, the numbers of the operations that may be found; None for all.
        equivalents: unified operations by the request of a document that they consist of (`jira POST /rest/api/3/issue`): they are
            returned before it.
        embed: function that returns a vector for each text, for a ranking that also uses their similarity.
    """

    def __init__(
        self,
        sources: Sequence[Postings],
        allowed: Sequence[Container[int] | None] | None = None,
        equivalents: Mapping[str, str] | None = None,
        embed: Embed | None = None,
    ) -> None:
        self._sources = sources
        self._allowed = [None] * len(sources) if allowed is None else allowed
        self._equivalents = equivalents or {}
        self._embeddings = None if embed is None else Embeddings(embed)
        self._vendors = frozenset().union(*(source.all_vendors for source in sources))
        self._unified = {
            name: (index, number) for index, source in enumerate(sources) if source.unified for number, name in enumerate(source.names)
        }

    def search(self, query: str, limit: int = 5) -> list[OperationMatch]:
        """Return the best matching operations, best first; an empty list if no word of the query is known.

        Raises:
            InvalidInput: the query is not text or has no words, or the limit is not from 1 to 50.
        """
        if not isinstance(query, str):
            raise InvalidInput(f"query: must be text, not {query!r}", fields={"query": "must be text"})
        if not isinstance(limit, int) or isinstance(limit, bool) or not 1 <= limit <= LIMIT:
            raise InvalidInput(
                f"limit: must be a whole number from 1 to {LIMIT}, not {limit!r}", fields={"limit": f"must be from 1 to {LIMIT}"}
            )
        request = parse(query, self._vendors)
        if not request.concepts and not request.vendors:
            raise InvalidInput("query: has no words to search for", fields={"query": "has no words to search for"})
        if self._embeddings is None:
            found = rank(request, self._sources, self._allowed, limit * _EXTRA)
        else:
            found = self._by_meaning(query, self._embeddings, rank(request, self._sources, self._allowed, CANDIDATES))
        return [self._match(one) for one in self._unified_first(found)[:limit]]

    def _unified_first(self, found: Sequence[Ranked]) -> list[Ranked]:
        """Return the operations with the unified operation for one of a document before it."""
        ordered: dict[tuple[int, int], Ranked] = {}
        for one in found:
            source = self._sources[one.source]
            name = None if source.unified else self._equivalents.get(f"{source.vendors[one.number][0]} {source.texts[one.number]}")
            at = self._unified.get(name) if name is not None else None
            if at is not None and at not in ordered and self._may_find(at):
                ordered[at] = Ranked(*at, one.score)
            ordered.setdefault((one.source, one.number), one)
        return list(ordered.values())

    def _may_find(self, at: tuple[int, int]) -> bool:
        allowed = self._allowed[at[0]]
        return allowed is None or at[1] in allowed

    def _by_meaning(self, query: str, embeddings: Embeddings, found: list[Ranked]) -> list[Ranked]:
        """Return the operations ranked by words and meaning; if there are few in all, those without a common word, too."""
        if sum(map(len, self._sources)) <= CANDIDATES:
            known = {(one.source, one.number) for one in found}
            found = found + [
                Ranked(index, number, 0.0)
                for index, source in enumerate(self._sources)
                for number in range(len(source))
                if (index, number) not in known and self._may_find((index, number))
            ]
        scores = combined([one.score for one in found], embeddings.similarities(query, [self._match(one).text for one in found]))
        ordered = sorted(zip(found, scores, strict=True), key=lambda pair: -pair[1])
        return [Ranked(one.source, one.number, score) for one, score in ordered]

    def _match(self, one: Ranked) -> OperationMatch:
        source = self._sources[one.source]
        name, text, vendors = source.names[one.number], source.texts[one.number], source.vendors[one.number]
        if not source.unified:
            text = f"{vendors[0]}: {phrase(name.partition('.')[2], text)}. {text}"
        return OperationMatch(name, text, vendors, one.score)
