"""Inverted index of some operations: for each stem, the operations that have it, with its weight."""

from __future__ import annotations

import functools
from array import array
from collections.abc import Iterable, Mapping

from unified_platform.search.documents import KINDS, OperationDocument, document
from unified_runtime.toolkits import registry

WEIGHT_BITS = 2


class Postings:
    """Index of the operations of one source: the document of a vendor, or the unified API. A posting is the number of an operation and a
    weight, packed into one integer."""

    __slots__ = ("all_vendors", "kinds", "lengths", "names", "terms", "texts", "unified", "vendors")

    def __init__(self, documents: Iterable[OperationDocument], *, unified: bool = False) -> None:
        self.unified = unified
        names: list[str] = []
        texts: list[str] = []
        vendors: list[tuple[str, ...]] = []
        kinds = bytearray()
        lengths = bytearray()
        terms: dict[str, array[int]] = {}
        for number, one in enumerate(documents):
            names.append(one.name)
            texts.append(one.text)
            vendors.append(one.vendors)
            kinds.append(KINDS.index(one.kind))
            lengths.append(min(255, one.length))
            for term, weight in one.terms.items():
                found = terms.get(term)
                if found is None:
                    found = terms[term] = array("I")
                found.append(number << WEIGHT_BITS | weight)
        self.names = names
        self.texts = texts
        self.vendors = vendors
        self.all_vendors = frozenset(one for some in vendors for one in some)
        self.kinds = bytes(kinds)
        self.lengths = bytes(lengths)
        self.terms: Mapping[str, array[int]] = terms

    def __len__(self) -> int:
        return len(self.names)


def of_toolkit(vendor: str) -> Postings:
    """Return the index of a toolkit's operations; it is created once, and again if the toolkit has changed.

    Raises:
        InvalidInput: there is no such toolkit, or its files cannot be read.
    """
    return _of_toolkit(vendor, registry.version(vendor))


@functools.lru_cache(maxsize=512)
def _of_toolkit(vendor: str, version: tuple[int, int]) -> Postings:
    return Postings(document(vendor, entry) for entry in registry.entries(vendor).values())
