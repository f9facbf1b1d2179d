"""A word that the vendor does not have.

Where the vendor's schema lists its words, a table uses no other. A word is of the type that the vendor reads or answers.

Wrong: `done: closd`. Right: `done: closed`.
"""

from collections.abc import Iterator

from unified_gen.diagnostics import Diagnostic, Note
from unified_gen.resolve.resolved import ResolvedResource
from unified_gen.resolve.tables import tabled, vendor_words, written_at
from unified_gen.rules.base import did_you_mean, finding, rule
from unified_gen.schema.shapes import Shape

CODE = rule("MAP304", "unknown word", __doc__)

_TYPES = {bool: "boolean", int: "integer", float: "number", str: "string"}


def check(resource: ResolvedResource) -> Iterator[Diagnostic]:
    """Every word of a table that is none of the vendor's, or of another type."""
    for name, field in tabled(resource):
        table = field.table
        assert table is not None
        for column in [c.value for c in table.columns] or [""]:
            words, shape = vendor_words(resource, field, column)
            leaf = field.columns.get(column) if column else field.read
            place = shape or (leaf.walk.shape if leaf is not None else None)
            others = tuple(written_at(resource, field, column))  # the same word may be a number there and text here
            if column and leaf is not None and leaf.walk.shape is not None and leaf.walk.shape.kinds == {"array"}:
                place, others = leaf.walk.shape, ()  # a row compares one value
            for row in table.rows:
                cell = row.cells.get(column)
                for word in cell.words if cell is not None else ():
                    if word.value is None:
                        continue
                    if words is not None and word.value not in words:
                        yield finding(
                            CODE,
                            f"the vendor has no word {word.value!r} for `{name}`",
                            word.span,
                            notes=(Note("the vendor's words", resource.unit.document.span(shape.pointer)),) if shape is not None else (),
                            help=did_you_mean(str(word.value), tuple(map(str, words))),
                        )
                    elif place is not None and not any(
                        _fits(each, word.value, listed=field.model.type.many and not column) for each in (place, *others)
                    ):
                        yield finding(
                            CODE,
                            f"{word.value!r} is no {' or '.join(sorted(place.kinds))}, which is what the vendor's place holds",
                            word.span,
                            notes=(Note("the vendor's type", resource.unit.document.span(place.pointer)),),
                        )


def _fits(shape: Shape, value: object, *, listed: bool) -> bool:
    kinds = shape.kinds
    name = _TYPES.get(type(value))
    return not kinds or (listed and kinds == {"array"}) or name in kinds or (name == "integer" and "number" in kinds)
