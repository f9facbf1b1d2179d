"""What a vendor's document says of OAuth scopes leaves open which of them a request needs.

A document may name several scopes for one request, any of which will do, from the one that reads a file's name to the one that may do
everything. Connecting asks for the least. Where one alternative has fewer scopes than the others, that is the one; where not, `prefer` of
the vendor's `oauth` names scopes from the least to the greatest, and the first that the document takes is chosen. A step whose use of the
operation needs more than others names its `scopes` itself (a file's content, where the document tells of its name and its content in one
operation). Whatever is named is one of those in the document. Where the document names scopes of things that the request has nothing
to do with, or all alternatives at once, that is a fact it gets wrong: the overlay says it right.

Right: `oauth: {prefer: [files.metadata, files.read, files]}`, and `{call: getFile, answer: bytes, scopes: [files.read]}`.
"""

from collections.abc import Iterator, Sequence

from unified_gen.diagnostics import Diagnostic
from unified_gen.language.ast import Vendor
from unified_gen.resolve import scopes
from unified_gen.resolve.resolved import ResolvedResource, ResolvedStep
from unified_gen.rules.base import did_you_mean, finding, rule

CODE = rule("MAP411", "which scopes are least is not said", __doc__)
_TOLD = 4


def check(vendor: Vendor, resources: Sequence[ResolvedResource]) -> list[Diagnostic]:
    """`resources` are those of the vendor's mappings."""
    operations = [(resource, operation) for resource in resources for operation in resource.operations]
    found = [one for _, operation in operations for step in operation.requests for one in _said(step)]
    oauth = vendor.oauth
    if oauth is None or oauth.scheme is None:
        return found
    known: dict[str, None] = {}
    open: dict[str, scopes.Alternatives] = {}
    for resource, operation in operations:
        said = {text.value for step in operation.requests for text in step.ast.scopes}
        for facts in resource.called(operation):
            given = scopes.alternatives(facts)
            known |= {name: None for one in given for name in one}
            nearest = scopes.nearest(given, oauth.preferred)
            if len(nearest) > 1 and not any(said >= {*one} for one in given):
                open[facts.name] = nearest
    for name, nearest in sorted(open.items()):
        help = "name those that are meant under `prefer`, from the least, or at the step under `scopes`; or mend `security` in the overlay"
        message = f"the document lets any of {_listed(nearest)} do `{name}`, and which is least is not said"
        found.append(finding(CODE, message, oauth.scheme.span, help=help))
    for text in oauth.prefer:
        if text.value not in known:
            near = did_you_mean(text.value, tuple(known))
            found.append(finding(CODE, f"no request of the mappings takes the scope `{text}`", text.span, help=near))
    return found


def _said(step: ResolvedStep) -> Iterator[Diagnostic]:
    """What a step says that it needs is made up of alternatives of the document."""
    given = scopes.alternatives(step.facts)
    said = {text.value for text in step.ast.scopes}
    covered = {name for one in given if said >= {*one} for name in one}
    for text in step.ast.scopes:
        if text.value not in covered:
            names = tuple(name for one in given for name in one)
            message = f"the document names no scope `{text}` for `{step.facts.name}`"
            if text.value in names:
                message = f"`{text}` alone does not do for `{step.facts.name}`: the document takes {_listed(given)}"
            yield finding(CODE, message, text.span, help=did_you_mean(text.value, names) if text.value not in names else None)


def _listed(given: scopes.Alternatives) -> str:
    more = f" and {len(given) - _TOLD} more" if len(given) > _TOLD else ""
    return ", ".join(f"`{' '.join(one)}`" for one in given[:_TOLD]) + more
