"""Two models with the same `record`.

`record` is the class of one record. It names the class in code, the entity type of policies, and the noun of events, so each model has
its own.

Wrong: `record: Field` in two models. Right: `record: TaskField` in one of them.
"""

from collections.abc import Iterator, Mapping

from unified_gen.diagnostics.rule import rule
from unified_gen.language import ast
from unified_openapi.diagnostics import Diagnostic, Note, finding

CODE = rule("MAP503", "record of two models", __doc__)


def check(models: Mapping[str, ast.Model]) -> Iterator[Diagnostic]:
    """Report every model whose record another has already. Names that differ in case only have the same noun."""
    first: dict[str, ast.Model] = {}
    for model in models.values():
        other = first.setdefault(model.noun, model)
        if other is not model:
            yield finding(
                CODE,
                f"`{model.record}` is the record of `{other.resource}` already",
                model.record.span,
                notes=(Note("declared here", other.record.span),),
                help="give it another name",
            )
