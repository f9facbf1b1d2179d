"""Resolver of references: what `title`, `id.owner`, `created.key` or `connection.site` name inside one operation."""

from __future__ import annotations

import re
from collections.abc import Mapping

from msgspec import Struct, field
from msgspec.structs import replace

from unified_gen.diagnostics.codes import map003_path, map004_unknown_reference, map216_not_compiled
from unified_gen.diagnostics.reporter import Reporter
from unified_gen.language import ast
from unified_gen.language.codecs import FINDS, KEY_FORMS
from unified_gen.language.strings import CUTS
from unified_gen.resolve.assignments import Reference
from unified_gen.resolve.paths import follow, judge_literal
from unified_gen.resolve.record_fields import ResolvedField
from unified_gen.resolve.resolved import Condition, ConditionTest, SavedValue
from unified_openapi.schemas.paths import Name, Path, PathFault, parse_path
from unified_openapi.schemas.shapes import Schemas
from unified_openapi.schemas.walk import Walk
from unified_openapi.source.spans import Literal, Text

CURSOR = "cursor"
"""Name of the cursor in the clause by which a query requests the next page."""
_REFERENCE = re.compile(r"\{([^{}]*)\}")


class Scope(Struct):
    """The names that can be referred to at one point of an operation."""

    schemas: Schemas
    reporter: Reporter
    fields: Mapping[str, ResolvedField]
    """Of the record, by name."""
    writable: frozenset[str]
    """Names of fields that are inputs of this operation."""
    types: Mapping[str, ast.Type]
    """Of the model's fields, by name: one that has no location of its own can be referred to as well."""
    required: frozenset[str]
    """Inputs that are always given."""
    inputs: Mapping[str, ast.Input]
    connection: Mapping[str, ast.ConnectionValue]
    saved: dict[str, SavedValue] = field(default_factory=dict)
    headers: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """Saved response headers, and the names of their parts; none for one that is saved unchanged."""
    sometimes: set[str] = field(default_factory=set)
    """Saved by a step that may not have run."""
    chosen_by: frozenset[str] = frozenset()
    """Inputs that are given whenever the present alternative is chosen."""
    used: set[str] = field(default_factory=set)
    """Inputs that some step has used."""
    enums: Mapping[str, ResolvedField] = field(default_factory=dict)
    """Inputs whose enum values differ from the field's in the present step."""
    others: Mapping[str, ResolvedField] = field(default_factory=dict)
    """The composite ids of the vendor's other resources, by resource."""
    paged: bool = False
    lists: bool = False
    """The operation is a list: a condition may test if a further page is requested."""
    """The present step's query requests the next page by a clause."""
    id: ast.PathText | None = None
    """Reference in place of `id` in the step that is resolved; None: the input."""

    def names(self) -> tuple[str, ...]:
        """Return all names that a reference may have, for suggestions."""
        return (
            *sorted(self.writable),
            *self.inputs,
            *self.saved,
            *(f"{name}.{part}" for name, parts in self.headers.items() for part in parts),
            *(name for name, parts in self.headers.items() if not parts),
            *(f"connection.{name}" for name in self.connection),
            *(f"call.{name}" for name in KEY_FORMS if "." not in name),
        )

    def has(self, name: Text) -> bool:
        """Return true if a reference begins with an input of this operation, or with a name that all operations have."""
        head = name.value.partition(".")[0]
        return head in ("connection", "call") or head in self.inputs or head in self.writable or (self.id is not None and head == "id")

    def resolve(self, text: Text, *, custom_fields: bool = False) -> Reference | None:
        """Look a reference up; report it and return None if nothing has that name. `custom_fields`: it may be those of a list."""
        if self.id is not None and text.value == "id":
            text = self.id
        try:
            path = text.path if isinstance(text, ast.PathText) else parse_path(text.value)
        except PathFault as fault:
            self.reporter.add(map003_path.report(text, fault))
            return None
        names = [segment.name for segment in path.segments if isinstance(segment, Name)]
        if not names or not isinstance(path.segments[0], Name):
            self.reporter.add(map004_unknown_reference.report(text, text.value, self.names()))
            return None
        head, rest = names[0], Path(path.text, path.segments[1:])
        found = self._find(text, head, rest)
        if found is None:
            self.reporter.add(map004_unknown_reference.report(text, head, self.names()))
        elif not custom_fields and found.type is not None and found.type.kind == ast.CUSTOM_FIELDS:
            self.reporter.add(map216_not_compiled.custom_fields(text, FINDS))
            return None
        return found

    def wanted(self, given: Text | Literal, location: Text, found: Walk) -> Reference | None:
        """Return what `where` compares a location with: a reference, or a literal that the location can hold."""
        if isinstance(given, Text):
            return self.resolve(given)
        text = Text(str(given.value), given.span)
        judge_literal(text, location.value, given.value, found, self.reporter)
        return Reference(text=text, kind="literal", name="", absent=False, literal=given.value)

    def _find(self, text: Text, head: str, rest: Path) -> Reference | None:
        if head in self.saved:
            return self._saved(text, head, rest)
        if head in self.headers:
            parts, wanted = self.headers[head], ".".join(rest.names)
            fits = wanted in parts if parts else not rest.segments
            header = Reference(text=text, kind="header", name=head, type=ast.Type("id"), absent=head in self.sometimes, part=wanted or None)
            return header if fits else None
        if head == "connection" and len(rest.segments) == 1 and rest.names and rest.names[0] in self.connection:
            value = self.connection[rest.names[0]]
            return Reference(text=text, kind="connection", name=rest.names[0], type=value.type, absent=not value.required)
        if head == CURSOR and self.paged and not rest.segments:
            return Reference(text=text, kind=CURSOR, name=CURSOR, type=ast.Type("text"))
        if head == "call" and ".".join(rest.names) in KEY_FORMS:
            name, _, form = ".".join(rest.names).partition(".")
            return Reference(text=text, kind=name, name="key", type=ast.Type("text"), absent=False, part=form or None)
        if head in self.inputs:
            given = self.inputs[head]
            carrier = self.enums.get(head) or self._carrier(self._compared(given.field or head), given.references)
            reference = Reference(
                text=text,
                kind="id" if head == "id" else "input",
                name=head,
                type=given.type,
                carrier=carrier,
                element=carrier is not None and carrier.model.type.many and not given.type.many,
                absent=not given.required,
                words=given.empty_field is not None,
            )
        elif head in self.writable:
            reference = Reference(
                text=text,
                kind="field",
                name=head,
                type=self.types[head],
                carrier=self.enums.get(head) or self.fields.get(head),
                absent=head not in self.required,
            )
        else:
            return None
        self.used.add(head)
        return self._part(reference, rest) if rest.segments else reference

    def _compared(self, name: str) -> ResolvedField | None:
        """Return the field of that name; `busy.start` is one of the fields of `busy`."""
        outer, *inner = name.split(".")
        found = self.fields.get(outer)
        for step in inner:
            found = next((nested for nested in found.nested if nested.name == step), None) if found is not None else None
        return found

    def _carrier(self, own: ResolvedField | None, of: str | None) -> ResolvedField | None:
        """Return the field whose table, codec or parts a value carries; an id of another resource is put together as that resource's is."""
        return own if own is not None or of is None else self.others.get(of)

    def _part(self, reference: Reference, rest: Path) -> Reference | None:
        parts = reference.carrier.parts if reference.carrier is not None else ()
        name = rest.names[0] if len(rest.segments) == 1 and rest.names else None
        if name is None or all(part.name != name for part in parts):
            return None
        return replace(reference, kind="part", part=name, type=ast.Type("id"))

    def _saved(self, text: Text, head: str, rest: Path) -> Reference | None:
        saved = self.saved[head]
        start = saved.leaf.walk.shape
        if start is None:
            return None
        if saved.element:  # one element of the list that was searched
            if start.items is None:
                return None
            start = self.schemas.shape(start.items)
        found = follow(self.schemas, self.reporter, start, text, rest, f"the response saved as `{head}`", offset=len(head) + 1)
        if found.dead is not None:
            return Reference(text=text, kind="saved", name=head, path=rest, walk=found)
        return Reference(text=text, kind="saved", name=head, path=rest, walk=found, absent=head in self.sometimes)

    def template(self, text: Text, cuts: tuple[str, ...] = CUTS) -> tuple[str | Reference, ...]:
        """Return text with `{references}`, in order. `cuts` are the suffixes that may follow the name of one, after a colon."""
        pieces: list[str | Reference] = []
        end = 0
        for found in _REFERENCE.finditer(text.value):
            if found.start() > end:
                pieces.append(text.value[end : found.start()])
            name, _, cut = found.group(1).partition(":")
            if cut not in cuts:
                name, cut = found.group(1), ""
            reference = self.resolve(Text(name, text.span.part(found.start() + 1, len(name))))
            if reference is not None:
                pieces.append(replace(reference, cut=cut or None))
            end = found.end()
        if end < len(text.value):
            pieces.append(text.value[end:])
        return tuple(pieces)

    def condition(self, text: ast.ConditionText) -> Condition:
        """Resolve the tests of a condition."""
        groups = (tuple(test for one in group if (test := self._test(one)) is not None) for group in text.any_of)
        return Condition(text, tuple(groups))

    def _test(self, test: ast.ConditionTest) -> ConditionTest | None:
        if test.name.value == CURSOR and self.lists and test.value is None:
            cursor = Reference(text=test.name, kind=CURSOR, name=CURSOR, type=ast.Type("text"))
            return ConditionTest(cursor, test.absent, None, differs=False)
        reference = self.resolve(test.name, custom_fields=True)
        if reference is None:
            return None
        if reference.walk is not None:
            self.reporter.used(reference.walk, any_type=True)
        if test.value is not None:
            self._enumerator(test.value, reference)
        return ConditionTest(reference, test.absent, test.value.value if test.value is not None else None, test.differs)

    def _enumerator(self, value: Text, reference: Reference) -> None:
        """Report a value that an enumeration does not have."""
        type = reference.type or ast.Type("")
        known = ["true", "false"] if type.kind == "boolean" else [one.value for one in type.values]
        if known and value.value not in known:
            self.reporter.add(map004_unknown_reference.report(value, value.value, tuple(known)))
