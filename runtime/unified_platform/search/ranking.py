"""Ranking of operations for a request."""

from __future__ import annotations

import heapq
import math
from array import array
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, replace

from unified_platform.search.documents import KINDS
from unified_platform.search.postings import WEIGHT_BITS, Postings
from unified_platform.search.requests import Concept, Request
from unified_platform.search.synonyms import Expansions

_MASK = (1 << WEIGHT_BITS) - 1
_FACTOR = (0.0, 0.45, 0.9, 1.0)
"""Factor of a word by its weight in an operation."""
_LENGTH = 0.045
"""Loss for each unit of length of an operation that the request does not mention."""
_IDF_MOST = 4.5
_OTHER_VENDOR, _NOT_IMPLIED = 0.35, 0.75
_UNIFIED = 1.65
"""Factor of unified operations: they have the same meaning at every vendor."""
_UNIFIED_FIRST, _UNIFIED_LATER = 2, 0.55
"""Number of unified operations that are preferred, and the factor of further ones: a request means one operation."""
_BEGINNING, _RELATED = 5, 0.6
"""Letters that two words of a family share at least, and the similarity of such words."""
_OWN_NOUN = 0.5
"""Part of a word's weight that an operation of a vendor has whose records the word names."""
_OTHER_NUMBER = 0.94
"""Factor of reading one record if several are meant, and of listing if one is meant."""
_IDENTIFIED = 0.85
"""Factor of listing records if the request has the number, key or id of one."""
_SMALL, _SMALL_VENDOR = 60, 0.3
"""Operations of a vendor that are all found if it is named, and the score that they have then without a common word."""
_SAME_VENDOR, _SAME_SHAPE, _SAME_SHAPE_NAMED = 0.93, 0.85, 0.95

_FITS: Mapping[str, Mapping[str, float]] = {
    "create": {"create": 1.0, "act": 0.9, "update": 0.8, "list": 0.5, "get": 0.5, "delete": 0.4},
    "get": {"get": 1.0, "list": 0.97, "changes": 0.7, "act": 0.6, "create": 0.5, "update": 0.5, "delete": 0.35},
    "list": {"list": 1.0, "get": 0.93, "changes": 0.7, "act": 0.6, "create": 0.5, "update": 0.5, "delete": 0.35},
    "changes": {"changes": 1.0, "list": 0.8, "get": 0.7},
    "update": {"update": 1.0, "act": 1.0, "create": 0.85, "get": 0.5, "list": 0.5, "delete": 0.55},
    "delete": {"delete": 1.0, "act": 0.75, "update": 0.65, "create": 0.55, "get": 0.4, "list": 0.4},
    "": {"act": 1.0, "update": 0.97, "create": 0.97, "list": 0.95, "get": 0.9, "changes": 0.7, "delete": 0.75},
    "!": {"act": 1.0, "update": 1.0, "create": 0.97, "delete": 0.85, "get": 0.5, "list": 0.5},
    "?": {"get": 0.98, "list": 1.0, "changes": 0.7, "act": 0.7, "create": 0.6, "update": 0.6, "delete": 0.4},
}
"""Factors of an operation's kind by the requested one. `!`: an action such as `merge`; `?`: a question; empty: unknown."""


@dataclass(frozen=True, slots=True)
class Ranked:
    """A found operation: its source, its number there, and its score, from 0 to about 1."""

    source: int
    number: int
    score: float


def rank(request: Request, sources: Sequence[Postings], allowed: Sequence[Container[int] | None], most: int) -> list[Ranked]:
    """Return the best operations, best first: those of the vendors that the request names before others.

    Args:
        request: what is searched for.
        sources: indexes to search.
        allowed: for each source, the numbers of the operations that may be found; None for all.
        most: maximum number of operations.
    """
    if not request.vendors:
        return _ranked(request, sources, allowed, most)
    own = [index for index, source in enumerate(sources) if not request.vendors.isdisjoint(source.all_vendors)]
    only = [_at(request.vendors, sources[index], allowed[index]) for index in own]
    found = [Ranked(own[one.source], one.number, one.score) for one in _ranked(request, [sources[index] for index in own], only, most)]
    if len(found) < most:
        known = {(one.source, one.number) for one in found}
        others = _ranked(request, sources, allowed, most)
        found += [replace(one, score=one.score * _OTHER_VENDOR) for one in others if (one.source, one.number) not in known]
    return found[:most]


def _at(vendors: frozenset[str], source: Postings, allowed: Container[int] | None) -> Container[int] | None:
    """Return the allowed operations of a source that can be called at one of the vendors."""
    if source.all_vendors <= vendors:
        return allowed
    return {number for number, own in enumerate(source.vendors) if not vendors.isdisjoint(own) and (allowed is None or number in allowed)}


def _ranked(request: Request, sources: Sequence[Postings], allowed: Sequence[Container[int] | None], most: int) -> list[Ranked]:
    scored, total = _scored(request, sources, allowed)
    fits = _fits(request)
    found: list[tuple[float, int, int]] = []
    for index, scores in enumerate(scored):
        source = sources[index]
        lengths, kinds, vendors = source.lengths, source.kinds, source.vendors
        factor = _UNIFIED if source.unified else 1.0
        for number, (value, matched) in scores.items():
            score = factor * value / total * fits[kinds[number]] / (1.0 + _LENGTH * max(0, lengths[number] - matched))
            if request.implied and not request.vendors and request.implied.isdisjoint(vendors[number]):
                score *= _NOT_IMPLIED
            found.append((score, index, number))
    return [Ranked(index, number, score) for score, index, number in _varied(request, sources, heapq.nlargest(most * 12 + 40, found), most)]


def _fits(request: Request) -> list[float]:
    wish = request.wish
    wanted = wish.kinds or {"?" if wish.reads else "!" if wish.acts else ""}
    fits = {kind: max(_FITS[one].get(kind, 0.6) for one in wanted) for kind in KINDS}
    if wish.reads and wish.identified and not wish.several:
        fits["list"] *= _IDENTIFIED
    elif wish.reads and (wish.several or (wish.several is not None and wish.kinds != {"list"})):
        fits["get" if wish.several else "list"] *= _OTHER_NUMBER
    return [fits[kind] for kind in KINDS]


def _scored(
    request: Request, sources: Sequence[Postings], allowed: Sequence[Container[int] | None]
) -> tuple[list[dict[int, tuple[float, int]]], float]:
    """Return for each source the sums of the words' scores and the matched length by operation, and the best possible sum."""
    count = sum(map(len, sources))
    scored: list[dict[int, tuple[float, int]]] = [{} for _ in sources]
    if request.vendors:
        for sums, source, only in zip(scored, sources, allowed, strict=True):
            if len(source) <= _SMALL:
                sums.update({number: (_SMALL_VENDOR, 0) for number in range(len(source)) if only is None or number in only})
    weighted: list[tuple[Concept, float, list[dict[int, tuple[float, int]]]]] = []
    for concept in request.concepts:
        best = [_best(concept.expansions, source.terms, only) for source, only in zip(sources, allowed, strict=True)]
        if not any(best) and (related := _related(concept.own, sources)):
            best = [_best(related, source.terms, only) for source, only in zip(sources, allowed, strict=True)]
        if frequency := sum(map(len, best)):
            weighted.append((concept, concept.weight * min(_IDF_MOST, math.log(1 + count / frequency)), best))
    weighted.sort(key=lambda one: one[0].plain)
    only_plain = all(concept.plain for concept, _, _ in weighted)
    for concept, weight, best in weighted:
        for sums, matches in zip(scored, best, strict=True):
            for number, (similarity, length) in matches.items():
                if concept.plain and not only_plain and number not in sums:
                    continue
                value, matched = sums.get(number, (0.0, 0))
                sums[number] = value + weight * similarity, matched + length
    for concept, weight, best in weighted if not request.vendors else ():
        for sums, source, matches in zip(scored, sources, best, strict=True) if concept.vendors else ():
            if not source.unified and not concept.vendors.isdisjoint(source.all_vendors):
                for number in sums.keys() - matches.keys():
                    value, matched = sums[number]
                    sums[number] = value + _OWN_NOUN * weight, matched
    return scored, sum(weight for _, weight, _ in weighted) or 1.0


def _related(word: str, sources: Sequence[Postings]) -> Mapping[str, float]:
    """Return stems of the same family as a word that no operation has: `capturing` for `captured`, `subscription` for `subscribe`.

    Unified operations have synonyms: other words of a request are not about them.
    """
    beginning = word[: max(_BEGINNING, len(word) - _BEGINNING + 1)]
    if len(beginning) < _BEGINNING:
        return {}
    return {
        term: _RELATED
        for source in sources
        if not source.unified
        for term in source.terms
        if term.startswith(beginning) and abs(len(term) - len(word)) < 7
    }


def _best(expansions: Expansions, terms: Mapping[str, array[int]], only: Container[int] | None) -> dict[int, tuple[float, int]]:
    """Return the similarity of a concept and the matched length by operation, for those that have one of its stems."""
    best: dict[int, tuple[float, int]] = {}
    for term, similarity in expansions.items():
        for number, weight in _having(term, terms):
            if only is not None and number not in only:
                continue
            value = similarity * _FACTOR[weight]
            known = best.get(number)
            if known is None or known[0] < value:
                best[number] = value, weight
    return best


def _having(term: str, terms: Mapping[str, array[int]]) -> list[tuple[int, int]]:
    """Return the operations that have a stem, or all stems of a phrase, with the weight."""
    if " " not in term:
        postings = terms.get(term)
        return [] if postings is None else [(packed >> WEIGHT_BITS, packed & _MASK) for packed in postings]
    parts = [terms.get(part) for part in term.split()]
    if any(part is None for part in parts):
        return []
    common: dict[int, int] | None = None
    for part in parts:
        own = {packed >> WEIGHT_BITS: packed & _MASK for packed in part or ()}
        common = own if common is None else {number: min(weight, own[number]) for number, weight in common.items() if number in own}
    return list((common or {}).items())


def _varied(request: Request, sources: Sequence[Postings], found: list[tuple[float, int, int]], most: int) -> list[tuple[float, int, int]]:
    """Return the best operations, with later ones of the same vendor and of the same shape ranked lower."""
    chosen: list[tuple[float, int, int]] = []
    unified = 0
    vendors: dict[tuple[str, ...], int] = {}
    shapes: dict[object, int] = {}
    waiting = [(-score, score, source, number) for score, source, number in found]
    heapq.heapify(waiting)
    while waiting and len(chosen) < most:
        reached, score, source, number = heapq.heappop(waiting)
        own = sources[source]
        vendor = own.vendors[number]
        shape = vendor, own.kinds[number], own.texts[number].rstrip("/").rpartition("/")[2]
        if own.unified:
            loss = 1.0 if unified < _UNIFIED_FIRST else _UNIFIED_LATER
        else:
            same = 1.0 if request.vendors else _SAME_VENDOR ** vendors.get(vendor, 0)
            loss = same * (_SAME_SHAPE_NAMED if request.vendors else _SAME_SHAPE) ** shapes.get(shape, 0)
        if -score * loss > reached and waiting and -score * loss > waiting[0][0]:
            heapq.heappush(waiting, (-score * loss, score, source, number))
            continue
        chosen.append((score * loss, source, number))
        unified += own.unified
        vendors[vendor] = vendors.get(vendor, 0) + 1
        shapes[shape] = shapes.get(shape, 0) + 1
    return chosen
