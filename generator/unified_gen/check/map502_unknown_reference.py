"""A field or input whose `references` names a resource without a model.

`references` is the resource whose ids a field holds: it is a model of `mappings/models/`. Descriptions of tools and composite ids depend on
it.

Wrong: `owner_id: {type: id, references: user}`. Right: `owner_id: {type: id, references: users}`.
"""

from collections.abc import Iterator, Mapping

from unified_gen.diagnostics.rule import rule
from unified_gen.diagnostics.suggestions import did_you_mean
from unified_gen.language import ast
from unified_openapi.diagnostics import Diagnostic, finding

CODE = rule("MAP502", "reference to an unknown resource", __doc__)


def check(models: Mapping[str, ast.Model]) -> Iterator[Diagnostic]:
    """Report every reference to a resource that has no model. An input with a `field` refers to what the field does."""
    for model in models.values():
        inputs = (given for operation in model.operations for given in operation.inputs)
        own = (given for given in inputs if not _of_field(model, given))
        references: tuple[ast.ModelField | ast.Input, ...] = (*_nested(model.fields), *own)
        for one in references:
            if one.references is not None and one.references not in models:
                yield finding(
                    CODE, f"there is no model `{one.references}`", one.name.span, help=did_you_mean(one.references, tuple(models))
                )


def _of_field(model: ast.Model, given: ast.Input) -> bool:
    return any(field.name.value == given.field and field.references == given.references for field in model.fields)


def _nested(fields: tuple[ast.ModelField, ...]) -> Iterator[ast.ModelField]:
    for field in fields:
        yield field
        yield from _nested(field.type.fields)
