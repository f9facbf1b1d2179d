"""`extra` of deletions and lists: inputs of the vendor's request that the mapping does not use, which callers may set.

`extra` only adds to a request. A name that the mapping writes in any request of the operation is not among them, nor one that selects a
page, that changes which properties a response has, or that holds a credential. A deletion by the request that updates a record does not
accept its fields. If an operation has alternatives or sources, all of them accept the name, so that a call does not become valid or
invalid by its filters.
"""

from __future__ import annotations

from collections.abc import Mapping

from unified_gen.resolve.inspection import fills_array
from unified_gen.resolve.resolved import ResolvedOperation, ResolvedResource, ResolvedStep
from unified_openapi.documents.conversion import mapping
from unified_openapi.facts.credentials import CREDENTIALS
from unified_openapi.schemas.pagination import selects_page

KINDS = frozenset({"delete", "list"})
"""Kinds of operations whose `extra` is this; other kinds have it in the request that sends their fields."""
PREFIX = "extra"
"""`unsupported` has the exceptions: `extra.list`, or `extra.list.archived` for one name."""

_WRITING = frozenset({"create", "update"})
_SHAPES = frozenset({"fields", "$select", "select", "alt", "callback"})
"""Parameters by which a response lacks properties that the mapping reads, or is not JSON."""


def extra_of(resource: ResolvedResource, operation: ResolvedOperation, step: ResolvedStep) -> str:
    """Return the part of the request that `extra` goes into."""
    if step.body is None or (operation.kind == "list" and step.facts.graphql is None):
        return "query"
    updates = (other for one in resource.operations if one.kind in _WRITING for other in one.steps)
    return "query" if any(step.facts.name == other.facts.name for other in updates) else "body"


def requests(resource: ResolvedResource, operation: ResolvedOperation) -> tuple[ResolvedStep, ...]:
    """Return the requests that `extra` is added to, one for each alternative; none if one of these cannot have any."""
    found = []
    for steps in [one.steps for one in operation.alternatives] or [operation.steps]:
        if operation.kind == "list":
            own = [step for step in steps if step.response is not None and step.response.items is not None]
        else:
            own = [step for step in steps if step.writes]
        if not own or not _is_plain(resource, own[-1]):
            return ()
        found.append(own[-1])
    return tuple(found)


def names(resource: ResolvedResource, operation: ResolvedOperation, *, excluded: bool = False) -> tuple[str, ...]:
    """Return the names that callers may set by `extra`, in the order of the document.

    Args:
        excluded: also those that the mapping excludes.
    """
    adding = requests(resource, operation)
    if operation.kind not in KINDS or not adding:
        return ()
    if not excluded and f"{PREFIX}.{operation.name}" in resource.unsupported:
        return ()
    same = {step.facts.name for step in adding}
    writing = (step for one in resource.operations if one.kind in _WRITING for step in one.steps if step.facts.name in same)
    used = {name for step in (*operation.requests, *writing) for name in _written(step)} | _credentials(resource) | _SHAPES
    found = [name for name in inputs(resource, operation, adding[0]) if name.casefold() not in used]
    found = [name for name in found if all(name in inputs(resource, operation, step) for step in adding[1:])]
    if operation.kind == "list":
        found = [name for name in found if not selects_page(name)]
    left_out = {} if excluded else exceptions(resource, operation)
    return tuple(name for name in found if name not in left_out)


def exceptions(resource: ResolvedResource, operation: ResolvedOperation) -> Mapping[str, str]:
    """Return the names that the mapping excludes, with reasons."""
    prefix = f"{PREFIX}.{operation.name}."
    return {name.removeprefix(prefix): reason.value for name, reason in resource.unsupported.items() if name.startswith(prefix)}


def location(resource: ResolvedResource, operation: str, step: ResolvedStep) -> str | None:
    """Return the part of a step's request that gets `extra`; None if it gets none."""
    full = next(one for one in resource.operations if one.name == operation)
    if full.kind not in KINDS or not any(step is one for one in requests(resource, full)) or not names(resource, full):
        return None
    return extra_of(resource, full, step)


def _is_plain(resource: ResolvedResource, step: ResolvedStep) -> bool:
    """Return true if a request is sent as the step states it, not put together from others or in a batch that would lose what is added."""
    if step.exchange is not None or step.media is not None or step.in_header is not None or fills_array(step):
        return False
    if step.pagination is not None and step.pagination.operation is not None:
        return False
    batch = resource.batch_of(step.facts.name)
    return batch is None or batch.item_request is not None


def inputs(resource: ResolvedResource, operation: ResolvedOperation, step: ResolvedStep) -> Mapping[str, str]:
    """Return what a request accepts in the part that gets `extra`: the pointers of the schemas, by name."""
    if extra_of(resource, operation, step) == "body":
        wraps = step.body_envelope and not any(one.target.location == "body" for one in step.assignments)
        properties = step.body.properties if step.body is not None and not wraps else {}
        return {name: pointer for name, pointer in properties.items() if not resource.unit.schemas.shape(pointer).deprecated}
    return {one.name: one.schema for one in step.facts.parameters if one.location == "query"}


def _written(step: ResolvedStep) -> set[str]:
    """Return the names that a request gets from the mapping, and those that its pages may have, without case."""
    found = {one.target.parameter.name if one.target.parameter is not None else one.target.path.names[0] for one in step.assignments}
    if step.pagination is not None:
        found |= {name.value for name in step.pagination.ast.added_params}
    return {name.casefold() for name in found}


def _credentials(resource: ResolvedResource) -> set[str]:
    """Return the names of parameters that hold a credential, without case."""
    schemes = mapping(mapping(resource.unit.document.root.get("components")).get("securitySchemes")).values()
    keys = {str(mapping(one)["name"]).casefold() for one in schemes if "name" in mapping(one)}
    return {*CREDENTIALS, *keys}
