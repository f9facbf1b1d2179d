"""OAuth scopes of the vendor's document of which a request could use several.

A document may name several scopes for one request, any of which is sufficient: from reading a file's name to full access. Connecting
requests the least. If one alternative has fewer scopes than the others, it is chosen. If not, `prefer` of the vendor's `oauth` lists scopes
from the least to the greatest, and the first that the document accepts is chosen. A step that needs more than other uses of the same
operation names its own `scopes` (a file's content, if the document has its name and its content in one operation). All these scopes must
be in the document, unless it names none for the operation. If the document names unrelated scopes, or all alternatives at once, correct it
in the overlay.

Right: `oauth: {preferred_scopes: [files.metadata, files.read, files]}`, and `{operation: getFile, response: bytes, scopes: [files.read]}`.
"""

from collections.abc import Iterator, Sequence

from unified_gen.diagnostics.rule import rule
from unified_gen.diagnostics.suggestions import did_you_mean
from unified_gen.language.ast import Vendor
from unified_gen.resolve import scopes
from unified_gen.resolve.resolved import ResolvedResource, ResolvedStep
from unified_openapi.diagnostics import Diagnostic, finding

CODE = rule("MAP411", "ambiguous OAuth scopes", __doc__)
_EXPLANATION = 4


def check(vendor: Vendor, resources: Sequence[ResolvedResource]) -> list[Diagnostic]:
    """Report ambiguous OAuth scopes. `resources` are those of the vendor's mappings."""
    operations = [(resource, operation) for resource in resources for operation in resource.operations]
    found = [one for _, operation in operations for step in operation.requests for one in _declared(step)]
    oauth = vendor.oauth
    if oauth is None or oauth.scheme is None:
        return found
    known: dict[str, None] = {}
    open: dict[str, scopes.Alternatives] = {}
    for resource, operation in operations:
        declared = {text.value for step in operation.requests for text in step.ast.scopes}
        for facts in resource.called(operation):
            given = scopes.alternatives(facts)
            known |= {name: None for one in given for name in one}
            nearest = scopes.nearest(given, oauth.preferred)
            if len(nearest) > 1 and not any(declared >= {*one} for one in given):
                open[facts.name] = nearest
    for name, nearest in sorted(open.items()):
        help = "name those that are meant under `prefer`, from the least, or at the step under `scopes`; or fix `security` in the overlay"
        message = f"`{name}` accepts any of {_listed(nearest)}, and none of them is declared the least"
        found.append(finding(CODE, message, oauth.scheme.span, help=help))
    for text in oauth.preferred_scopes:
        if text.value not in known:
            near = did_you_mean(text.value, tuple(known))
            found.append(finding(CODE, f"no request of the mappings needs the scope `{text}`", text.span, help=near))
    return found


def _declared(step: ResolvedStep) -> Iterator[Diagnostic]:
    """Report declared scopes of a step that are not complete alternatives of the document, if it has any."""
    given = scopes.alternatives(step.facts)
    if not given:
        return
    declared = {text.value for text in step.ast.scopes}
    covered = {name for one in given if declared >= {*one} for name in one}
    for text in step.ast.scopes:
        if text.value not in covered:
            names = tuple(name for one in given for name in one)
            message = f"the document names no scope `{text}` for `{step.facts.name}`"
            if text.value in names:
                message = f"`{text}` is not sufficient for `{step.facts.name}`: the document requires {_listed(given)}"
            yield finding(CODE, message, text.span, help=did_you_mean(text.value, names) if text.value not in names else None)


def _listed(given: scopes.Alternatives) -> str:
    more = f" and {len(given) - _EXPLANATION} more" if len(given) > _EXPLANATION else ""
    return ", ".join(f"`{' '.join(one)}`" for one in given[:_EXPLANATION]) + more
