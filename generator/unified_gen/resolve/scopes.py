"""OAuth scopes: the least that the requests of an operation need, of those that the vendor's document lets a client choose from."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Sequence

from unified_gen.resolve.resolved import ResolvedOperation, ResolvedResource
from unified_openapi.documents import OperationFacts

Scopes = tuple[str, ...]
Alternatives = tuple[Scopes, ...]
"""Sets of scopes, any one of which a request is allowed by."""

_UNRANKED = (1, 0)


def alternatives(facts: OperationFacts) -> Alternatives:
    """Return the scopes that the document names for one request; none if the request needs none, or the document does not state any."""
    return tuple(dict.fromkeys(tuple(names) for requirement in facts.security for names in requirement.values() if names))


def requests(resource: ResolvedResource, operation: ResolvedOperation, prefer: Sequence[str]) -> Iterator[Alternatives]:
    """Yield the scopes that allow each request that an operation may make; none if it needs no scope, or the document does not state any.

    If a step declares its scopes, they are followed by the broader ones that are allowed too: `prefer` goes from the least to the greatest.
    """
    for step in operation.requests:
        found = alternatives(step.facts)
        if declared := tuple(text.value for text in step.ast.scopes):
            found = (declared, *(one for one in found if _rank(declared, prefer) < _rank(one, prefer) < _UNRANKED))
        yield found
        yield from map(alternatives, resource.beside(step))


def nearest(found: Alternatives, prefer: Sequence[str]) -> Alternatives:
    """Return the least of the alternatives: by the vendor's `prefer`, which orders scopes from the least, else those with the fewest
    scopes.

    More than one is a choice that neither the document nor the mapping makes.
    """
    ranks = {scopes: _rank(scopes, prefer) for scopes in found}
    least = min(ranks.values(), default=None)
    return tuple(scopes for scopes, rank in ranks.items() if rank == least)


def _rank(scopes: Scopes, prefer: Sequence[str]) -> tuple[int, ...]:
    if all(name in prefer for name in scopes):
        return 0, max(map(prefer.index, scopes)), len(scopes)
    return *_UNRANKED, len(scopes)


def least(needed: Sequence[Alternatives], prefer: Sequence[str]) -> Scopes:
    """Return the least scopes for all the requests together: a scope that one of them needs may also suffice for another."""
    chosen: list[str] = []
    for found in needed:
        if not suffice(chosen, [found]):
            chosen += [name for name in min(nearest(found, prefer)) if name not in chosen]
    for name in tuple(chosen):
        if suffice(rest := [other for other in chosen if other != name], needed):
            chosen = rest
    return tuple(chosen)


def instead(needed: Sequence[Alternatives], chosen: Scopes, prefer: Sequence[str]) -> dict[str, Scopes]:
    """Return, by chosen scope, the preferred ones that suffice instead of it, as a client may need them for something else."""
    found = {
        name: tuple(other for other in prefer if other not in chosen and suffice({*chosen, other} - {name}, needed)) for name in chosen
    }
    return {name: others for name, others in found.items() if others}


def suffice(chosen: Container[str], needed: Iterable[Alternatives]) -> bool:
    """Return true if scopes allow every one of the requests."""
    return all(not found or any(all(name in chosen for name in scopes) for scopes in found) for found in needed)
