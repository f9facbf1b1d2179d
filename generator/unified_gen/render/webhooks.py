"""A vendor's `webhooks` module: what its deliveries are like and which unified events they tell."""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import groupby

from unified_gen.language import ast
from unified_gen.language.webhooks import Happening, Place, Verification, Webhooks
from unified_gen.lower.python import docstring, lit
from unified_gen.lower.untyped import at, holds
from unified_gen.render.engine import python, render
from unified_gen.schema.paths import Index, Name, parse_path, parse_predicate

_REFERENCE = re.compile(r"\{([^{}]*)\}")


def render_webhooks(vendor: ast.Vendor, declared: Webhooks, resources: Mapping[str, str]) -> str:
    """The module. `resources` are those of the vendor, by the word for one of their records."""
    return python(
        render(
            "webhooks.py.j2",
            docstring=docstring(f"{vendor.title}: what it tells by itself. Written by `gen build`; do not edit.", ""),
            vendor=lit(vendor.name.value),
            title=vendor.title,
            proof=_proof(declared.verify),
            kind=_place(declared.kind),
            delivery=_place(declared.delivery),
            challenge=_place(declared.challenge),
            each=None if declared.each is None else lit(_keys(declared.each.value)),
            address=None if declared.address is None else lit(declared.address.value),
            method=lit(declared.method) if declared.method != "POST" else None,
            tests=[(test, [_told(event, resources) for event in events]) for test, events in groupby(declared.events, _test)],
        )
    )


def _test(event: Happening) -> str:
    """The expression of whether a delivery tells an event."""
    parts = []
    if event.kinds:
        words = [kind.value for kind in event.kinds]
        parts.append(f"kind == {lit(words[0])}" if len(words) == 1 else f"kind in {{{', '.join(lit(word) for word in words)}}}")
    if event.when is not None:
        condition = holds(parse_predicate(event.when.value))
        parts.append(f"({condition})" if parts else condition)
    return " and ".join(parts)


def _told(event: Happening, resources: Mapping[str, str]) -> str:
    resource = resources[event.type.value.partition(".")[0]]
    form = _REFERENCE.sub("{}", event.id.value)
    references = [at(reference) for reference in _REFERENCE.findall(event.id.value)]
    return f"event({', '.join([lit(event.type.value), lit(resource), lit(form), *references])})"


def _proof(verify: Verification) -> str:
    arguments = [lit(verify.header.value), lit(verify.form.value)]
    if verify.algorithm is not None:
        arguments += [f"algorithm={lit(verify.algorithm)}", f"over={lit(verify.over)}"]
    if verify.timestamp is not None:
        arguments.append(f"timestamp={lit(verify.timestamp.value)}")
    if "{timestamp}" in verify.over:
        arguments.append(f"window={verify.window}")
    return f"Proof({', '.join(arguments)})"


def _place(place: Place | None) -> str | None:
    if place is None:
        return None
    name: object = _keys(place.name.value) if place.kind == "path" else place.name.value
    return f"Place({lit(place.kind)}, {lit(name)})"


def _keys(text: str) -> tuple[str | int, ...]:
    segments = parse_path(text).segments
    return tuple(one.name if isinstance(one, Name) else one.index for one in segments if isinstance(one, Name | Index))
