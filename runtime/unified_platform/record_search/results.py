"""Results of a search across vendors."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any, NamedTuple, overload

from unified_runtime.core.errors import UnifiedError
from unified_runtime.core.records import Record

_TITLES = ("title", "name", "subject", "text", "email")


class SearchSource(NamedTuple):
    """One search of a vendor."""

    operation: str
    """Operation that searches, such as `tasks.list`."""
    vendor: str
    argument: str
    """Argument of the searched text."""

    @property
    def resource(self) -> str:
        return self.operation.partition(".")[0]


@dataclass(frozen=True, slots=True)
class Hit:
    """Record that a vendor's search found. `record` is that of the resource, such as `Task`."""

    resource: str
    vendor: str
    record: Record

    @property
    def id(self) -> str:
        """Id of the record, to read it: `unified.tasks.get(hit.id, via=hit.vendor)`."""
        return str(getattr(self.record, "id", ""))

    @property
    def title(self) -> str:
        """Title of the record, or the beginning of its text."""
        found: tuple[Any, ...] = tuple(getattr(self.record, name, None) for name in _TITLES)
        return next((text for text in found if isinstance(text, str) and text), self.id)


class Failure(NamedTuple):
    """Search of a vendor that failed."""

    resource: str
    vendor: str
    error: UnifiedError


class SearchResults(Sequence[Hit]):
    """Records that were found.

    Attributes:
        sources: resource and vendor of each search.
        failures: searches without a result, with their errors.
        more: true if a vendor has more than was read, or more was read than the limit.
    """

    def __init__(self, hits: Sequence[Hit], sources: Sequence[tuple[str, str]], failures: Sequence[Failure], *, more: bool) -> None:
        self._hits = tuple(hits)
        self.sources = tuple(sources)
        self.failures = tuple(failures)
        self.more = more

    @overload
    def __getitem__(self, index: int) -> Hit: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Hit]: ...
    def __getitem__(self, index: int | slice) -> Hit | Sequence[Hit]:
        return self._hits[index]

    def __len__(self) -> int:
        return len(self._hits)

    def __repr__(self) -> str:
        return f"<SearchResults: {len(self)} of {len(self.sources)} searches, {len(self.failures)} failed>"


def merged(found: Sequence[tuple[SearchSource, Sequence[Record], bool]], failures: Sequence[Failure], limit: int) -> SearchResults:
    """Return the records of several searches, alternately from each, in the order of each vendor. A record that several found is one."""
    columns = [[Hit(source.resource, source.vendor, record) for record in records] for source, records, _ in found]
    unique = {(hit.resource, hit.vendor, hit.id): hit for hit in reversed([*_alternating(columns)])}
    hits = [*reversed(unique.values())]
    sources = dict.fromkeys([(source.resource, source.vendor) for source, _, _ in found] + [(one.resource, one.vendor) for one in failures])
    return SearchResults(hits[:limit], [*sources], failures, more=len(hits) > limit or any(more for _, _, more in found))


def _alternating(columns: Sequence[Sequence[Hit]]) -> Iterator[Hit]:
    for row in zip_longest(*columns):
        yield from (hit for hit in row if hit is not None)
