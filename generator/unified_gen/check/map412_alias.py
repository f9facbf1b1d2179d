"""An alias for something that does not exist.

`aliases` names other request paths by which the vendor writes a unified field, for callers that pass vendor fields by `extra`. The
path must be in a request that accepts `extra` (the request of an operation that sends most fields), and so must the path of
`{set: path}`. The field must be one of the model that can be written, and no other field is named like the path while this one is not.
Otherwise the alias has no effect: a value written by `extra` would not count as the field, and policy rules about the field would not see
it.

Wrong: `aliases: {asignee: assignee_ids}` where the vendor's field is called `assignee`.
"""

from collections.abc import Iterator

from unified_gen.check.names import covers, shares, tokens
from unified_gen.diagnostics.rule import rule
from unified_gen.diagnostics.suggestions import did_you_mean
from unified_gen.language import ast
from unified_gen.resolve.aliases import takes
from unified_gen.resolve.inspection import takes_extra
from unified_gen.resolve.resolved import ResolvedResource
from unified_openapi.diagnostics import Diagnostic, finding

CODE = rule("MAP412", "unknown alias", __doc__)


def check(resource: ResolvedResource) -> Iterator[Diagnostic]:
    """Report every alias whose path or field does not exist."""
    known = tuple(field.name.value for field in resource.model.fields)
    written = tuple(field.name.value for field in resource.model.fields if not field.read_only)
    for alias in resource.ast.aliases:
        yield from _path(resource, alias.path)
        if isinstance(alias.target, ast.PathText):
            yield from _path(resource, alias.target)
        elif alias.target.value not in known:
            message = f"`{alias.target.value}` is not a field of {resource.model.resource}"
            yield finding(CODE, message, alias.target.span, help=did_you_mean(alias.target.value, known))
        elif alias.target.value not in written:
            message = f"`{alias.target.value}` is only read: no request writes it"
            yield finding(CODE, message, alias.target.span, help=did_you_mean(alias.target.value, written))
        elif (better := _named_like(alias.path, alias.target.value, written)) is not None:
            message = f"`{alias.path.value}` is an alias of `{alias.target.value}`, and `{better}` is named like it"
            yield finding(CODE, message, alias.target.span, help=f"write `{better}`")


def _named_like(path: ast.PathText, field: str, others: tuple[str, ...]) -> str | None:
    """Return the field that has the words of a path and no others, if this one shares none with it."""
    words = frozenset(word for name in path.path.names for word in tokens(name))
    if not words or shares(words, tokens(field)):
        return None
    found = [other for other in others if tokens(other) and covers(tokens(other), words)]
    return min(found, key=len) if len(found) == 1 else None


def _path(resource: ResolvedResource, path: ast.PathText) -> Iterator[Diagnostic]:
    steps = [step for operation in resource.operations if (step := takes_extra(operation)) is not None]
    names = path.path.names
    if any(takes(step, names) for step in steps):
        return
    known = {name for step in steps for name in (step.body.properties if step.body is not None else ())}
    known |= {p.name for step in steps if step.body is None for p in step.facts.parameters if p.location == "query"}
    message = f"no request of {resource.model.resource} that accepts `extra` has `{path.value}`"
    yield finding(CODE, message, path.span, help=did_you_mean(names[0] if names else "", sorted(known)))
