"""A path that the vendor's schema does not have.

Every path is looked up in the vendor's document with its overlay: fields in the record's schema, `items` and `record` in the response,
`save` and `where` in what was saved. If the vendor has it and the document lacks it, an overlay action declares it, with its evidence.
Of a GraphQL schema, a slice has some fields of a type only: `gen spec take` adds others with `--keep`.

Wrong: `title: fields.sumary`. Right: `title: fields.summary`.
"""

from unified_gen.diagnostics.reporter import Reporter
from unified_gen.diagnostics.rule import rule
from unified_gen.diagnostics.suggestions import did_you_mean
from unified_openapi.diagnostics import Diagnostic, finding
from unified_openapi.schemas.paths import Name, Path
from unified_openapi.schemas.shapes import Shape
from unified_openapi.schemas.walk import Walk
from unified_openapi.source.pointers import child, tokens
from unified_openapi.source.spans import Text

CODE = rule("MAP201", "unknown path", __doc__)

_SCHEMAS = "/components/schemas"


def report(reporter: Reporter, text: Text, path: Path, reached: Walk, where: str, *, offset: int = 0) -> Diagnostic:
    """The vendor's schema ends before the path does."""
    dead = reached.dead
    assert dead is not None
    segment = path.segments[dead.index]
    start, length = path.offset(dead.index)
    span = text.span.part(max(start, offset), length)
    if isinstance(segment, Name) and dead.reason == "unknown":
        before = ".".join(s.name for s in path.segments[: dead.index] if isinstance(s, Name))
        hint = did_you_mean(segment.name, dead.candidates, prefix=before + "." if before else "")
        type = _type(dead.at)
        if dead.index == 0 or not (type or before):
            message = f"`{path.text}`: {where} has no `{segment.name}` here"
        else:
            message = f"`{path.text}`: {type or f'`{before}` of {where}'} has no `{segment.name}`"
        if dead.index > 0 and type is not None and "x-graphql" in reporter.document.at(child(_SCHEMAS, type)):
            taken = f"if the vendor's schema has it, take it with `gen spec take` and `--keep {type}=FIELD,…`"
            hint = taken if hint is None else f"{hint}{'' if hint.endswith('?') else ';'} {taken}"
    elif isinstance(segment, Name):
        hint = "write `[]` before it to read every element" if dead.reason == "list" else None
        message = f"`{path.text}`: there is a {dead.reason} before `{segment.name}`, not an object"
    else:
        hint = None
        message = f"`{path.text}`: there is no list here, but {'an object' if dead.reason == 'object' else 'a single value'}"
    return finding(CODE, message, span, notes=(reporter.schema_note(dead.at, "looked up in this schema"),), help=hint)


def _type(shape: Shape) -> str | None:
    """Return the name of a schema, or of the only alternative of one that may be null; None if it has none."""
    shapes = shape.arms if len(shape.arms) == 1 else (shape,)
    pointers = [pointer for one in shapes for pointer in (one.pointer, *one.origins)]
    return next((found[-1] for found in map(tokens, pointers) if found[:-1] == ["components", "schemas"]), None)
