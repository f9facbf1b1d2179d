"""Findings of one cause, joined: a parameter that several requests lack, fields that one response lacks, inputs that one operation ignores.

A person corrects the cause once, and so reads of it once. Findings are joined after those that a mapping accepts are taken out, so that
accepting one never hides another.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from msgspec import Struct
from msgspec.structs import replace

from unified_openapi.diagnostics import Diagnostic, Note

_PARAMETER = re.compile(r"`[^`]+` requires the (?P<parameter>\w+ parameter `[^`]+`), which .+")
_TYPED = re.compile(r"`[^`]+` is an? [^`]+, but `[^`]+`")
MOST_NAMES = 5
"""Maximum number of names that a message lists."""


class _Form(Struct, frozen=True):
    """Message of a rule about one `name` at a location, and about several `names`; other groups are equal in all of them."""

    code: str
    one: re.Pattern[str]
    several: str
    what: str


_FORMS = (
    _Form(
        "MAP103",
        re.compile(r"`(?P<call>[^`]+)` requires `(?P<name>[^`]+)` in its body, which is not provided"),
        "`{call}` requires {names} in its body, which are not provided",
        "properties",
    ),
    _Form(
        "MAP109", re.compile(r"no step of `(?P<operation>[^`]+)` uses `(?P<name>[^`]+)`"), "no step of `{operation}` uses {names}", "inputs"
    ),
    _Form(
        "MAP209",
        re.compile(r"the response of `(?P<call>[^`]+)` has no `(?P<name>.+)`, which `(?P<operation>[^`]+)` reads"),
        "the response of `{call}` has no {names}, which `{operation}` reads",
        "paths",
    ),
    _Form(
        "MAP401",
        re.compile(r"`(?P<name>[^`]+)` is neither mapped nor declared unsupported"),
        "{names} are neither mapped nor declared unsupported",
        "fields",
    ),
    _Form(
        "MAP402",
        re.compile(r"operation `(?P<name>[^`]+)` is neither mapped nor declared unsupported"),
        "operations {names} are neither mapped nor declared unsupported",
        "operations",
    ),
)


def grouped(diagnostics: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """Return the findings of a vendor, those of one cause as one, at the location of the first."""
    groups: dict[tuple[object, ...], list[Diagnostic]] = {}
    for number, one in enumerate(diagnostics):
        groups.setdefault(_cause(one) or (number,), []).append(one)
    return tuple(_joined(same) if len(same) > 1 else same[0] for same in groups.values())


def _cause(one: Diagnostic) -> tuple[object, ...] | None:
    """Return what a finding has in common with others of the same cause; None if it has none."""
    if one.code == "MAP103" and (parameter := _PARAMETER.fullmatch(one.message)) is not None:
        return one.code, one.span.file, parameter["parameter"]
    if one.code == "MAP107" and one.notes and one.notes[0].span is not None:
        return one.code, one.notes[0].span  # the strategy that several operations name
    if one.code == "MAP004":
        return one.code, one.message
    if one.code == "MAP202" and (typed := _TYPED.match(one.message)) is not None:
        return one.code, one.span.file, typed[0]
    form = _form(one)
    match = form.one.fullmatch(one.message) if form is not None else None
    if match is None:
        return None
    return one.code, one.span, *(text for name, text in match.groupdict().items() if name != "name")


def _form(one: Diagnostic) -> _Form | None:
    return next((form for form in _FORMS if form.code == one.code and form.one.fullmatch(one.message)), None)


def _joined(same: Sequence[Diagnostic]) -> Diagnostic:
    first = same[0]
    form = _form(first)
    if form is None:
        return replace(first, notes=(*first.notes, *(Note("here too", one.span) for one in same[1:])))
    matches = [match for one in same if (match := form.one.fullmatch(one.message)) is not None]
    names = ", ".join(f"`{match['name']}`" for match in matches[:MOST_NAMES])
    if len(matches) > MOST_NAMES:
        names += f" and {len(matches) - MOST_NAMES} more {form.what}"
    return replace(
        first,
        message=form.several.format(names=names, **{name: text for name, text in matches[0].groupdict().items() if name != "name"}),
        notes=tuple(dict.fromkeys(note for one in same for note in one.notes)),
    )
