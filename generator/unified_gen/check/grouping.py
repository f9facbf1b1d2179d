"""Findings of one cause, joined: a parameter that several requests lack, properties that one request lacks, fields that one response
lacks.

A person corrects the cause once, and so reads of it once. Findings are joined after those that a mapping accepts are taken out, so that
accepting one never hides another.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence

from msgspec.structs import replace

from unified_openapi.diagnostics import Diagnostic, Note

_PARAMETER = re.compile(r"`(?P<call>[^`]+)` requires the (?P<what>\w+ parameter `[^`]+`), which (?P<how>.+)")
_PROPERTY = re.compile(r"`(?P<call>[^`]+)` requires `(?P<name>[^`]+)` in its body, which is not provided")
_LACKS = re.compile(r"the response of `(?P<call>[^`]+)` has no `(?P<path>.+)`, which `(?P<operation>[^`]+)` reads")
MOST_NAMES = 5
"""Maximum number of names that a message lists."""


def grouped(diagnostics: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """Return the findings of a vendor, those of one cause as one, at the location of the first."""
    found = tuple(diagnostics)
    groups: dict[tuple[object, ...], list[Diagnostic]] = {}
    for number, one in enumerate(found):
        groups.setdefault(_cause(one) or (number,), []).append(one)
    return tuple(_JOINED[same[0].code](same) if len(same) > 1 else same[0] for same in groups.values())


def _cause(one: Diagnostic) -> tuple[object, ...] | None:
    """Return what a finding has in common with others of the same cause; None if it has none."""
    if one.code == "MAP103" and (lacks := _PARAMETER.fullmatch(one.message)) is not None:
        return one.code, one.span.file, lacks["what"]
    if one.code == "MAP103" and _PROPERTY.fullmatch(one.message) is not None:
        return one.code, one.span, "body"
    if one.code == "MAP209" and (lacks := _LACKS.fullmatch(one.message)) is not None:
        return one.code, one.span, lacks["operation"]
    return None


def _requests(same: Sequence[Diagnostic]) -> Diagnostic:
    if (first := _PROPERTY.fullmatch(same[0].message)) is not None:
        names = _listed([match["name"] for one in same if (match := _PROPERTY.fullmatch(one.message)) is not None], "properties")
        message = f"`{first['call']}` requires {names} in its body, which are not provided"
        return replace(same[0], message=message, notes=tuple(dict.fromkeys(note for one in same for note in one.notes)))
    notes = tuple(Note("required here too", one.span) for one in same[1:])
    return replace(same[0], notes=(*same[0].notes, *notes))


def _paths(same: Sequence[Diagnostic]) -> Diagnostic:
    matches = [match for one in same if (match := _LACKS.fullmatch(one.message)) is not None]
    first = matches[0]
    names = _listed([match["path"] for match in matches], "paths")
    message = f"the response of `{first['call']}` has no {names}, which `{first['operation']}` reads"
    return replace(same[0], message=message, notes=tuple(dict.fromkeys(note for one in same for note in one.notes)))


def _listed(names: Sequence[str], what: str) -> str:
    more = f" and {len(names) - MOST_NAMES} more {what}" if len(names) > MOST_NAMES else ""
    return ", ".join(f"`{name}`" for name in names[:MOST_NAMES]) + more


_JOINED: dict[str, Callable[[Sequence[Diagnostic]], Diagnostic]] = {"MAP103": _requests, "MAP209": _paths}
