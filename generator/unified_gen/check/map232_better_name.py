"""A field whose location is named less like it than a sibling.

The vendor has another property beside the mapped one which is named like the field: `created_at: {read: updated}` beside `created`. Both
compile, and no type shows which is right. Such a sibling is reported if its name has the words of the field and no others. If the mapped
location shares no word with the field, one of the same type is reported whose name also has words of that location, unless a field is
mapped to it. So is a field whose location has the words of another field of the record, which is read elsewhere. A text is reported if
its sibling's name ends with that of the field (`username` of `name`), and its own location does not have it. A `label` is reported if it
shares no word with its field, or is an id. If the mapping is right, accept it with the reason: `allow: {MAP232 <field>: …}`.

Wrong: `title: notes` where the record also has `name`. Right: `title: name`.
"""

from collections.abc import Iterator

from unified_gen.check.names import covers, every_word, plain_fields, shares, siblings, tokens
from unified_gen.diagnostics.rule import rule
from unified_gen.resolve.record_fields import Leaf, ResolvedField
from unified_gen.resolve.resolved import ResolvedResource
from unified_openapi.diagnostics import Diagnostic, Note, Severity, finding
from unified_openapi.schemas.paths import Name, Segment
from unified_openapi.schemas.shapes import Shape

CODE = rule("MAP232", "a sibling is named like the field", __doc__, Severity.WARNING)

_KINDS = {
    "text": {"string"}, "markdown": {"string", "object"}, "email": {"string"}, "url": {"string"}, "boolean": {"boolean"},
    "integer": {"integer", "number", "string"}, "decimal": {"integer", "number", "string"}, "id": {"string", "integer"},
    "date": {"string", "integer"}, "datetime": {"string", "integer", "number"},
}  # fmt: skip
"""JSON types that a unified type is read from."""


def check(resource: ResolvedResource) -> Iterator[Diagnostic]:
    """Report every field whose sibling is named like it while its own location is not."""
    mapped = {leaf.path.segments for field in resource.fields for leaf in field.leaves()}
    for name, field, root in plain_fields(resource):
        leaf = field.read
        if leaf is None or leaf.request or not leaf.path.names or field.parts or field.nested:
            continue
        own = mapped if field.table else {one.path.segments for one in field.leaves()}
        better = _named_exactly(resource, field, leaf, root, own)
        if not better and name == field.name and not field.codec and not field.table:  # these show what the location holds
            better = _named_closer(resource, field, leaf, mapped) or _ends_with(resource, field, leaf, mapped)
        if better:
            yield _finding(resource, name, leaf, min(better, key=len))
        elif (other := _another(resource, name, field, leaf)) is not None:
            yield finding(
                CODE,
                f"`{name}` is read from `{leaf.text.value}`, which is named like `{other}`",
                leaf.text.span,
                help=f"exchange them, or accept it: `allow: {{MAP232 {name}: …}}`",
            )
        elif field.label is not None and not _labels(field, leaf, field.label):
            yield finding(
                CODE,
                f"the label of `{name}` is read from `{field.label.text.value}`, which is not named like it or like `{leaf.text.value}`",
                field.label.text.span,
                help=f"map what people see for `{leaf.text.value}`, or accept it: `allow: {{MAP232 {name}: …}}`",
            )


def _named_exactly(
    resource: ResolvedResource, field: ResolvedField, leaf: Leaf, root: Shape | None, own: set[tuple[Segment, ...]]
) -> list[str]:
    """Return the siblings that have the words of the field and no others, if the mapped location has not. Those in `own` are mapped."""
    wanted, type = tokens(field.name), field.model.type
    kinds = None if field.codec is not None else {"array"} if type.many and not field.ast.one else _KINDS.get(type.kind)
    if field.codec is not None and field.model.type.kind == "url":  # an address that is made from an id
        return []
    if (
        not wanted
        or covers(wanted, tokens(leaf.path.names[-1]))
        or (leaf.path.names[:-1] and covers(wanted, tokens(".".join(leaf.path.names))))
    ):
        return []
    path = leaf.path.segments
    return [
        name
        for depth in range(len(path))
        for name, shape in siblings(resource, leaf, root, depth)
        if (*path[:depth], Name(name)) not in own
        and covers(wanted, tokens(name))
        and covers(tokens(name), wanted)
        and (kinds is None or not shape.kinds or shape.kinds & kinds)
    ]


def _named_closer(resource: ResolvedResource, field: ResolvedField, leaf: Leaf, mapped: set[tuple[Segment, ...]]) -> list[str]:
    """Return the siblings of the same type that share the words of the field, if the mapped location shares none."""
    wanted, own, shape = tokens(field.name), tokens(".".join(leaf.path.names)), leaf.shape
    if not wanted or shares(wanted, own) or shape is None:
        return []
    return [
        name
        for name, other in siblings(resource, leaf, resource.record)
        if (other.kinds, other.formats) == (shape.kinds, shape.formats)
        and covers(wanted, tokens(name))
        and covers(tokens(name), wanted | own)
        and (*leaf.path.segments[:-1], Name(name)) not in mapped
    ]


def _ends_with(resource: ResolvedResource, field: ResolvedField, leaf: Leaf, mapped: set[tuple[Segment, ...]]) -> list[str]:
    """Return the texts beside a text whose names end with that of the field, if the mapped location does not have it."""
    shape = leaf.shape
    if shape is None or field.model.type.kind != "text" or shape.kinds != {"string"} or field.name in ".".join(leaf.path.names).lower():
        return []
    if shares({field.name}, every_word(".".join(leaf.path.names))):
        return []
    return [
        name
        for name, other in siblings(resource, leaf, resource.record)
        if other.kinds == shape.kinds and name.lower().endswith(field.name) and (*leaf.path.segments[:-1], Name(name)) not in mapped
    ]


def _another(resource: ResolvedResource, name: str, field: ResolvedField, leaf: Leaf) -> str | None:
    """Return the field beside this one that has the words of its location, and is read from a location without them."""
    last = bool(tokens(leaf.path.names[-1]))  # the name of the property itself may have a further word
    own = next((found for name in reversed(leaf.path.names) if (found := tokens(name))), frozenset())
    if not own or field.codec or field.table or shares(tokens(field.name), tokens(".".join(leaf.path.names))):
        return None
    above = name.removesuffix(field.name)
    for other, beside, _ in plain_fields(resource):
        words = tokens(beside.name)
        if (
            beside is field
            or other.removesuffix(beside.name) != above
            or not words
            or beside.nested
            or beside.codec
            or (beside.table and beside.read)
        ):
            continue
        names = [leaf.path.names[-1] for leaf in (beside.read, *beside.fallbacks) if leaf is not None and leaf.path.names]
        names += [part.source.path.names[-1] for part in beside.parts if part.source is not None and part.source.path.names]
        names += [leaf.path.names[-1] for leaf in beside.columns.values() if leaf.path.names]
        if covers(words, own) and len(own) <= len(words) + last and names and not any(shares(words, tokens(each)) for each in names):
            return other
    return None


def _labels(field: ResolvedField, leaf: Leaf, label: Leaf) -> bool:
    own = tokens(".".join(label.path.names))
    if label.path.names and every_word(label.path.names[-1])[-1:] == ("id",):
        return False
    return label.request or not own or shares(own, tokens(field.name) | tokens(".".join(leaf.path.names)))


def _finding(resource: ResolvedResource, field: str, leaf: Leaf, name: str) -> Diagnostic:
    return finding(
        CODE,
        f"`{field}` is read from `{leaf.text.value}`, and its sibling `{name}` is named like it",
        leaf.text.span,
        notes=(Note("the siblings", resource.unit.document.span(resource.record_pointer)),),
        help=f"map `{name}`, or accept it: `allow: {{MAP232 {field}: …}}`",
    )
