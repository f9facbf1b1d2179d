"""Vendors that a request names or implies."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from unified_platform.search import vocabulary
from unified_platform.search.words import STOP

_ORDINARY = vocabulary.words("vendors", "ordinary")
_BEFORE = vocabulary.words("vendors", "before")
_DETERMINERS = vocabulary.words("vendors", "determiners")
_NOT_AFTER = _DETERMINERS | {"up", "in", "out", "on", "off", "to", "of", "for", "with"}
"""Words after a first word that is a verb, and names no vendor: `front the ...`, `exchange it for ...`."""
_ALSO_NOUNS = vocabulary.words("vendors", "also_nouns")
_BY_ALIAS: dict[tuple[str, ...], list[str]] = {}
for _vendor, _aliases in vocabulary.lines("vendors", "aliases", ":"):
    for _name in _aliases.split(","):
        _BY_ALIAS.setdefault(tuple(_name.replace("-", " ").split()), []).append(_vendor)
_IMPLIED_BY: Mapping[str, frozenset[str]] = {
    word: frozenset(vendors.split()) for nouns, vendors in vocabulary.lines("vendors", "implied", ":") for word in nouns.split()
}


@dataclass(frozen=True, slots=True)
class NamedVendors:
    """Vendors in a request.

    Attributes:
        named: vendors that it names.
        words: the words that are left for the search.
        nouns: words of their names that name records: the calendar of `google calendar`.
    """

    named: frozenset[str]
    words: tuple[str, ...]
    nouns: tuple[str, ...]


def named_vendors(words: Sequence[str], vendors: Collection[str]) -> NamedVendors:
    """Find the vendors that the words of a request name, among those that are searched."""
    aliases = {tuple(vendor.split("-")): [vendor] for vendor in vendors}
    for alias, found in _BY_ALIAS.items():
        if known := [vendor for vendor in found if vendor in vendors]:
            aliases.setdefault(alias, []).extend(known)
    named: set[str] = set()
    left: list[str] = []
    nouns: list[str] = []
    position = 0
    while position < len(words):
        size = next((size for size in (3, 2, 1) if _names(words, position, size, aliases)), 0)
        if size:
            named.update(aliases[tuple(words[position : position + size])])
            nouns += words[position + 1 : position + size]
            if words[position] in _ALSO_NOUNS:
                left += words[position : position + size]
        else:
            left.append(words[position])
        position += size or 1
    return NamedVendors(frozenset(named), tuple(left), tuple(nouns))


def _names(words: Sequence[str], position: int, size: int, aliases: Mapping[tuple[str, ...], object]) -> bool:
    part = tuple(words[position : position + size])
    if len(part) < size or part not in aliases:
        return False
    if size > 1 or part[0] not in _ORDINARY:
        return True
    before, after = words[position - 1] if position else "", words[position + 1] if position + 1 < len(words) else ""
    if not position and after and after not in _NOT_AFTER:  # `zoom create a meeting`
        return True
    return before in _BEFORE or (before in _DETERMINERS and after != "" and after not in STOP)


def implied_vendors(words: Collection[str]) -> frozenset[str]:
    """Return the vendors whose records have these names."""
    return frozenset().union(*(_IMPLIED_BY[word] for word in words if word in _IMPLIED_BY))
