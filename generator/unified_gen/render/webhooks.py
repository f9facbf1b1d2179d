"""A vendor's `webhooks` module: the format of its deliveries, and their unified events."""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import groupby

from unified_gen.language import ast
from unified_gen.lower.python import docstring, lit
from unified_gen.lower.untyped_json import at, holds
from unified_gen.render.engine import python, render
from unified_openapi.schemas.paths import Index, Name

_REFERENCE = re.compile(r"\{([^{}]*)\}")


def render_webhooks(vendor: ast.Vendor, declared: ast.Webhooks, resources: Mapping[str, str]) -> str:
    """Return the module. `resources` are those of the vendor, by the noun for one of their records."""
    return python(
        render(
            "webhooks.py.j2",
            docstring=docstring(f"Webhooks of {vendor.title}. Written by `gen build`; do not edit.", ""),
            vendor=lit(vendor.name.value),
            title=vendor.title,
            proof=_proof(declared.verify),
            kind=_delivery_field(declared.event_type),
            delivery=_delivery_field(declared.delivery_id),
            attempt=None if declared.attempt_field is None else lit(declared.attempt_field.value),
            challenge=_delivery_field(declared.challenge),
            each=None if declared.items is None else lit(_keys(declared.items)),
            address=None if declared.path is None else lit(declared.path.value),
            method=lit(declared.method) if declared.method != "POST" else None,
            max_age=declared.max_age_seconds,
            subscriptions=lit(dict(declared.subscriptions)) if declared.subscriptions else None,
            tests=[(test, [_event(event, declared, resources) for event in events]) for test, events in groupby(declared.events, _test)],
        )
    )


def _test(event: ast.WebhookEvent) -> str:
    """Return the expression that is true if a delivery reports an event."""
    parts = []
    if event.event_types:
        words = [kind.value for kind in event.event_types]
        parts.append(f"kind == {lit(words[0])}" if len(words) == 1 else f"kind in {{{', '.join(lit(word) for word in words)}}}")
    if event.condition is not None:
        condition = holds(event.condition.predicate)
        parts.append(f"({condition})" if parts else condition)
    return " and ".join(parts)


def _event(event: ast.WebhookEvent, declared: ast.Webhooks, resources: Mapping[str, str]) -> str:
    resource = resources[event.type.value.partition(".")[0]]
    form = _REFERENCE.sub("{}", event.id.value)
    references = [at(path) for path in event.id.paths]
    time = event.time or declared.time
    if time is not None:
        references.append(f"time={at(time.path)}")
    actor = event.actor or declared.actor
    if actor is not None:
        references.append(f"actor={at(actor.path)}")
    return f"event({', '.join([lit(event.type.value), lit(resource), lit(form), *references])})"


def _proof(verify: ast.WebhookVerification) -> str:
    arguments = [lit(verify.header.value), lit(verify.format.value)]
    if verify.hmac is not None:
        arguments += [f"hmac={lit(verify.hmac)}", f"signed_content={lit(verify.signed_content)}"]
    if verify.jwt is not None:
        arguments += [f"jwt={lit(verify.jwt)}", f"claims={lit(dict(verify.claims))}"]
    if verify.timestamp_header is not None:
        arguments.append(f"timestamp_header={lit(verify.timestamp_header.value)}")
    if "{timestamp}" in verify.signed_content:
        arguments.append(f"tolerance_seconds={verify.tolerance_seconds}")
    return f"Proof({', '.join(arguments)})"


def _delivery_field(location: ast.DeliveryField | None) -> str | None:
    if location is None:
        return None
    name: object = _keys(location.name) if isinstance(location.name, ast.PathText) else location.name.value
    return f"DeliveryField({lit(location.kind)}, {lit(name)})"


def _keys(text: ast.PathText) -> tuple[str | int, ...]:
    segments = text.path.segments
    return tuple(one.name if isinstance(one, Name) else one.index for one in segments if isinstance(one, Name | Index))
