"""A path that the vendor's schema does not have.

Every path is looked up in the vendor's document with its overlay: fields in the record's schema, `items` and `record` in the answer,
`keep` and `where` in what was kept. If the vendor has it and the document lacks it, an overlay action declares it, with its evidence.

Wrong: `title: fields.sumary`. Right: `title: fields.summary`.
"""

from unified_gen.diagnostics import Diagnostic
from unified_gen.resolve.reporter import Reporter
from unified_gen.rules.base import did_you_mean, finding, rule
from unified_gen.schema.paths import Name, Path
from unified_gen.schema.walk import Walk
from unified_gen.source import Text

CODE = rule("MAP201", "unknown path", __doc__)


def report(reporter: Reporter, text: Text, path: Path, reached: Walk, where: str, *, offset: int = 0) -> Diagnostic:
    """The way ends before the path does."""
    dead = reached.dead
    assert dead is not None
    segment = path.segments[dead.index]
    start, length = path.offset(dead.index)
    span = text.span.part(max(start, offset), length)
    if isinstance(segment, Name) and dead.reason == "unknown":
        before = ".".join(s.name for s in path.segments[: dead.index] if isinstance(s, Name))
        hint = did_you_mean(segment.name, dead.candidates, prefix=before + "." if before else "")
        message = f"`{path.text}`: {where} has no `{segment.name}` here"
    elif isinstance(segment, Name):
        hint = "write `[]` before it to read every element" if dead.reason == "list" else None
        message = f"`{path.text}`: there is a {dead.reason} before `{segment.name}`, not an object"
    else:
        hint = None
        message = f"`{path.text}`: there is no list here, but {'an object' if dead.reason == 'object' else 'a single value'}"
    return finding(CODE, message, span, notes=(reporter.schema_note(dead.at, "looked up in this schema"),), help=hint)
