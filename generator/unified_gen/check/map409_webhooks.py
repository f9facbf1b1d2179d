"""An event of a vendor's `webhooks` is about nothing that the vendor's mappings read.

An event is named by a unified record and what happened to it: `task.created`. A receiver reads the record by its id, so the
vendor has a mapping for that resource, and the event's `id` has the form of the ids that reading gives: for ids of one part a single
`{path}`, for composite ones (`"{owner}/{repo}#{number}"`) as many, with the same text between them. A path whose last name the
mapping parses into several parts is these parts."""

import re
from collections.abc import Iterable, Mapping, Set

from unified_gen.diagnostics.rule import rule
from unified_gen.diagnostics.suggestions import did_you_mean
from unified_gen.language.ast import Vendor, WebhookEvent
from unified_gen.resolve.resolved import ResolvedResource
from unified_openapi.diagnostics import Diagnostic, Note, finding

CODE = rule("MAP409", "A webhook's event does not fit the mappings", __doc__)


def check(vendor: Vendor, resources: Iterable[ResolvedResource], nouns: Set[str]) -> list[Diagnostic]:
    """Report one finding for each event that fits no resource, or whose id is none of that resource.

    `nouns` are those of all files of the vendor: events of a file that is malformed are not checked.
    """
    if vendor.webhooks is None:
        return []
    known = {resource.model.noun: resource for resource in resources}
    unknown = nouns - known.keys()
    events = (event for event in vendor.webhooks.events if event.type.value.partition(".")[0] not in unknown)
    return [found for event in events if (found := _check(event, known)) is not None]


def _check(event: WebhookEvent, known: dict[str, ResolvedResource]) -> Diagnostic | None:
    noun = event.type.value.partition(".")[0]
    resource = known.get(noun)
    if resource is None:
        return finding(CODE, f"no mapping of this vendor reads a `{noun}`", event.type.span, help=did_you_mean(noun, tuple(known)))
    field = resource.field_of("id")
    parts = None if field is None else field.ast.id_format
    form = "{id}" if parts is None else parts.format.value
    sources = () if parts is None else parts.sources
    several = {re.split(r"[.\"]+", path.value.strip('"'))[-1]: pattern.value for path, pattern in sources if "*" not in pattern.value}
    if _shape(form) in (_shape(event.id.value), _shape(_expanded(event.id.value, several))):
        return None
    notes = (Note("the ids of this resource", parts.format.span),) if parts is not None else ()
    return finding(CODE, f"an id of {resource.model.resource.value} has the form `{form}`", event.id.span, notes=notes)


def _expanded(text: str, several: Mapping[str, str]) -> str:
    """Return the id with a path's parts in place of the path, if the resource's ids are parsed from a path of the same last name."""
    return re.sub(r"\{(?:[^{}]*\.)?(\w+)\}", lambda path: several.get(path[1], path[0]), text)


def _shape(text: str) -> str:
    return re.sub(r"\{[^{}]*\}", "{}", text)
