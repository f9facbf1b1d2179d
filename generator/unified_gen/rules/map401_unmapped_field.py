"""A field of the model that is neither mapped nor a gap.

Nothing is left unsaid: each field is mapped, or stands in `gaps` with a reason that callers are told. Of a model with `custom` the same
holds for the fields that accounts add: the mapping has `custom`, or a gap of that name.
"""

from collections.abc import Iterator

from unified_gen.diagnostics import Diagnostic, Note
from unified_gen.resolve.resolved import ResolvedResource
from unified_gen.rules.base import finding, rule

CODE = rule("MAP401", "unmapped field", __doc__)


def check(resource: ResolvedResource) -> Iterator[Diagnostic]:
    """Every field without a line."""
    mapped = {field.name.value for field in resource.ast.fields}
    for field in resource.model.fields:
        if field.name.value not in mapped and field.name.value not in resource.gaps:
            yield finding(
                CODE,
                f"`{field.name}` is neither mapped nor a gap",
                resource.ast.resource.span,
                notes=(Note("the model declares it here", field.span),),
                help=f"map it, or say why not: `gaps: {{{field.name}: …}}`",
            )
    if resource.model.custom and resource.ast.custom is None and "custom" not in resource.gaps:
        yield finding(
            CODE,
            "where the fields are that accounts add is neither told nor a gap",
            resource.ast.resource.span,
            help="say it by `custom: {names: …, below: …}`, or say why there are none: `gaps: {custom: …}`",
        )
