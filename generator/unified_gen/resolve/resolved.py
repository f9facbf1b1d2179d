"""A mapping with everything looked up: what rules judge and what is lowered to code. Nothing here is text any more."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, TypeAlias

from msgspec import Struct, field

from unified_gen.codecs import CodecFacts
from unified_gen.documents import Document, OperationFacts, ParameterFacts
from unified_gen.language import ast as syntax
from unified_gen.schema.paths import Path, Predicate, Segment
from unified_gen.schema.shapes import Schemas, Shape
from unified_gen.schema.walk import Walk
from unified_gen.source import Span, Text

if TYPE_CHECKING:
    from unified_gen.resolve.batched import Batched
    from unified_gen.resolve.conversions import Conversion


class VendorUnit(Struct, frozen=True):
    """One vendor: its declaration, its document with the overlay applied, and the resources that map it."""

    declaration: syntax.Vendor
    document: Document
    schemas: Schemas
    operations: Mapping[str, OperationFacts]
    """By operationId and by `METHOD /path`."""
    resources: tuple[syntax.Resource, ...]

    @property
    def name(self) -> str:
        return self.declaration.name.value


class Leaf(Struct, frozen=True):
    """A path looked up in a schema."""

    text: Text
    path: Path
    walk: Walk
    request: bool = False
    """`request.<input>`: a value of the request that was sent, not of the answer."""

    @property
    def shape(self) -> Shape | None:
        return self.walk.shape


class IdPart(Struct, frozen=True, kw_only=True):
    """A part of a composite id and where reading finds it: in the record by a pattern, or in the request."""

    name: str
    source: Leaf | None
    pattern: str | None


class ResolvedField(Struct, frozen=True, kw_only=True):
    """A unified field with its vendor places looked up in the record's schema."""

    ast: syntax.Field
    model: syntax.ModelField
    read: Leaf | None = None
    label: Leaf | None = None
    columns: Mapping[str, Leaf] = field(default_factory=dict)
    """The places of a table's columns, from the record's root, for reading."""
    codec: CodecFacts | None = None
    conversion: Conversion | None = None
    """How a value read becomes the unified one, where neither a codec nor a table says so."""
    parts: tuple[IdPart, ...] = ()
    nested: tuple[ResolvedField, ...] = ()
    except_: Predicate | None = None
    """Elements of the list of which it is true are left out."""
    except_leaves: tuple[Leaf, ...] = ()
    """What the predicate looks at, from an element on."""
    case: tuple[tuple[syntax.Type, Leaf], ...] = ()
    slots: tuple[ResolvedSlot, ...] = ()
    knowing: tuple[Leaf, ...] = ()
    """Further places that the codec is told."""

    @property
    def name(self) -> str:
        return self.model.name.value

    @property
    def table(self) -> syntax.Table | None:
        return self.ast.table

    def leaves(self) -> tuple[Leaf, ...]:
        """Every place of the record that reading this field looks at."""
        own = [leaf for leaf in (self.read, self.label, *self.knowing) if leaf is not None]
        own += [leaf for column in self.columns.values() for leaf in (column,)]
        own += [part.source for part in self.parts if part.source is not None]
        own += [leaf for _, leaf in self.case]
        own += [leaf for slot in self.slots for leaf in slot.paths.values()]
        if self.nested and not self.ast.each:
            own += [leaf for inner in self.nested for leaf in inner.leaves()]
        return tuple(own)


class ResolvedSlot(Struct, frozen=True):
    """One slot of a list: constants of the model and places of the record."""

    ast: syntax.Slot
    constants: Mapping[str, Any]
    paths: Mapping[str, Leaf]

    @property
    def split(self) -> str | None:
        """What stands between the values of its place; None for a place of one."""
        return next((mark.value for mark in self.ast.split.values()), None)


class Reference(Struct, frozen=True, kw_only=True):
    """What a reference names.

    `kind`: field (a field of the input), input (an input that is no field), id, part (of a composite id), kept (a part of an
    earlier answer), connection, key (the idempotency key, in the form that `part` names), mark (what this call
    alone leaves on its record), columns (the names that are read, joined).
    """

    text: Text
    kind: str
    name: str
    type: syntax.Type | None = None
    carrier: ResolvedField | None = None
    """The field whose table or codec the value carries."""
    element: bool = False
    """The value is one element of the carrier's list."""
    path: Path | None = None
    walk: Walk | None = None
    absent: bool = True
    """May be missing at run time, and then what holds it falls away."""
    part: str | None = None
    cut: str | None = None
    """In a text: what of the value is meant."""


class Target(Struct, frozen=True, kw_only=True):
    """A place in a request: a parameter, or a path in the body."""

    text: Text
    place: str
    """path, query, header or body."""
    name: str
    path: Path
    walk: Walk
    parameter: ParameterFacts | None = None
    envelope: tuple[str, ...] = ()


class Assignment(Struct, frozen=True, kw_only=True):
    """One place of a request and what fills it.

    `origin`: with, set, default, send, also, clear, select, query, text, cursor, sync or size. Exactly one of `literal`, `reference`,
    `field`, `query`, `texts` is set; for clear the literal and the field it clears; none for select, cursor, sync and size, whose value
    the runtime or the compiler derives.
    """

    target: Target
    origin: str
    span: Span
    literal: Any = None
    reference: Reference | None = None
    field: ResolvedField | None = None
    owners: tuple[ResolvedField, ...] = ()
    """For a field of a nested record that is spread out: the fields that hold the record, from the outermost."""
    column: str | None = None
    """For a field whose table has several columns: the column written here."""
    query: ResolvedQuery | None = None
    texts: tuple[tuple[str | Reference, ...], ...] = ()
    """Templates, of which the first whose references are all given is sent."""
    elements: tuple[Assignment, ...] = ()
    """For a list of objects: what fills one of them. The targets are places in the element."""

    def deep(self) -> Iterator[Assignment]:
        """This one, and those of the elements."""
        yield self
        for inner in self.elements:
            yield from inner.deep()

    @property
    def opened(self) -> tuple[str, ...]:
        """The properties that a codec writes into the object at the target, where others may stand beside them."""
        written = self.field is not None and self.origin in ("send", "also") and self.field.codec is not None
        return self.field.codec.properties if written and self.field is not None and self.field.codec is not None else ()

    @property
    def always(self) -> bool:
        """Whether the request holds it whatever the input."""
        if self.origin in ("set", "default", "select"):
            return True
        if self.reference is not None:
            return not self.reference.absent
        return any(all(isinstance(piece, str) or not piece.absent for piece in text) for text in self.texts)


class ResolvedClause(Struct, frozen=True):
    """One clause: text pieces and references in turn; `when` lists what must be given for it to stand."""

    pieces: tuple[str | Reference, ...]
    span: Span
    quoted: bool = False


class ResolvedQuery(Struct, frozen=True, kw_only=True):
    """A value in the vendor's query language."""

    ast: syntax.Query
    language: str
    clauses: tuple[ResolvedClause, ...]
    json: tuple[tuple[Any, tuple[Reference, ...]], ...] = ()
    """For language json: clause objects with their references."""
    text: tuple[str | Reference, ...] = ()
    """What stands before the clauses. A reference of the kind `columns` is the names that are read."""
    then: tuple[str | Reference, ...] = ()
    """What stands after them."""

    def references(self) -> Iterator[Reference]:
        """Every reference, in turn."""
        for pieces in (self.text, *(clause.pieces for clause in self.clauses), self.then):
            yield from (piece for piece in pieces if not isinstance(piece, str))
        for _, references in self.json:
            yield from references


class Kept(Struct, frozen=True, kw_only=True):
    """A named part of an answer."""

    name: str
    leaf: Leaf
    searched: tuple[tuple[Leaf, Reference], ...] = ()
    """`where`: places of an element, or of the object itself, and what they must read as."""
    listed: bool = True
    """Whether what is searched is a list, and one element of it is kept."""
    missing: tuple[str | Reference, ...] | None = None
    more: Leaf | None = None
    """Where the answer says that there is more than it holds."""


class ResolvedPaging(Struct, frozen=True, kw_only=True):
    """A paging strategy bound to a call."""

    ast: syntax.Paging
    send: Target | None
    size: Target | None
    next: Leaf | None
    beside: tuple[tuple[Target, Leaf], ...]
    """For the style last: further inputs, and the places of the last record that they take."""
    total: Leaf | None
    until: Leaf | None
    more: Leaf | None = None
    call: OperationFacts | None = None
    """The operation that gives further pages, where it is another one; `send` is an input of its."""
    host: str | None = None
    """The vendor's other server that it stands on."""


class Answer(Struct, frozen=True, kw_only=True):
    """What a step's answer holds: the pointer of its schema, and where the record or the list of records sits in it."""

    pointer: str
    shape: Shape
    record: Path | None = None
    items: Path | None = None
    inside: tuple[Segment, ...] = ()
    """Where the record sits in an element of the list."""
    record_shape: Shape | None = None
    """The schema found where the record or an item sits."""
    envelope: tuple[str, ...] = ()
    binary: bool = False


Calls: TypeAlias = tuple[tuple[str, OperationFacts, str | None], ...]
"""Operations that a step needs besides the one it calls: role, operation and the host that it stands on."""


class ResolvedMedia(Struct, frozen=True, kw_only=True):
    """A content, and how it is uploaded: `how` names a function of the runtime's `media`."""

    ast: syntax.Media
    input: Reference
    how: str
    kind: Reference | None
    calls: Calls


class ResolvedThrough(Struct, frozen=True):
    """An exchange of several requests in place of one: a function of the runtime's `exchanges`, and what it is told."""

    name: str
    calls: Calls
    told: tuple[tuple[str, Reference], ...]


class ResolvedCursor(Struct, frozen=True):
    """Sync tokens: where one is sent (nowhere, if it is an address), where the next one stands, what is true of a record that is gone."""

    ast: syntax.Cursor
    send: Target | None
    next: Leaf
    removed: Predicate | None = None
    leaves: tuple[Leaf, ...] = ()
    """What the predicate looks at."""


class ResolvedReconcile(Struct, frozen=True, kw_only=True):
    """How a step whose answer was lost is looked for. The places are names from the whole answer on, envelopes included."""

    ast: syntax.Reconcile
    look: ResolvedStep
    items: tuple[str, ...] | None
    where: tuple[tuple[tuple[str, ...], Reference], ...]
    since: tuple[str, ...] | None
    fills: tuple[str, ...]
    marked: bool
    """Whether the step leaves what this call alone leaves, so that no other record can be taken for its own."""
    size: int | None = None
    """How many records the list that is searched holds at most, where the mapping says so."""


class ResolvedPoll(Struct, frozen=True, kw_only=True):
    """Work in the background: what an answer says of it once it is done or has failed, and why it failed."""

    ast: syntax.Poll
    until: Predicate
    failed: Predicate | None
    message: Leaf | None
    leaves: tuple[Leaf, ...]
    """What the predicates look at."""


class ResolvedStep(Struct, frozen=True, kw_only=True):
    """One request."""

    ast: syntax.Step
    facts: OperationFacts
    assignments: tuple[Assignment, ...]
    condition: Condition | None
    answer: Answer | None
    kept: tuple[Kept, ...] = ()
    paging: ResolvedPaging | None = None
    body: Shape | None = None
    """The request body's schema, envelope left out."""
    body_envelope: tuple[str, ...] = ()
    media_type: str | None = None
    media: ResolvedMedia | None = None
    """The content that is uploaded."""
    through: ResolvedThrough | None = None
    verify: tuple[tuple[str, Reference], ...] = ()
    host: str | None = None
    """The vendor's other server that the operation stands on."""
    in_header: str | None = None
    """The header that holds, as JSON, what would be the body."""
    locally: tuple[syntax.Input, ...] = ()
    requires: tuple[Reference, ...] = ()
    cursor: ResolvedCursor | None = None
    poll: ResolvedPoll | None = None
    sends: tuple[ResolvedField, ...] = ()
    takes: frozenset[str] = frozenset()
    """Inputs that the request is made of or its answer is filtered by. That `when` asks whether one is there does not take it."""
    reconcile: ResolvedReconcile | None = None
    located: tuple[tuple[tuple[str, ...], Reference], ...] = ()
    """Of a record that is one element of a list: places of it and what they hold; the element that is meant is one of those that fit."""

    @property
    def every_assignment(self) -> Iterator[Assignment]:
        """What fills the request, down to the elements of lists."""
        for assignment in self.assignments:
            yield from assignment.deep()

    @property
    def writes(self) -> bool:
        """Whether the request changes something at the vendor, as far as its method tells (RFC 9110 section 9.2.1)."""
        return self.facts.method not in ("GET", "HEAD", "OPTIONS")


class Test(Struct, frozen=True):
    """One question of a condition: is an input given, is it absent (`!parent_id`), is it this or not this value (`status == 'done'`)?

    A value that is asked for, or asked against, is one that is given.
    """

    reference: Reference
    absent: bool = False
    value: str | None = None
    differs: bool = False

    @property
    def given(self) -> bool:
        """Whether the input is there for sure once the test holds."""
        return not self.absent


class Condition(Struct, frozen=True):
    """`when`: alternatives of conjunctions of tests."""

    text: Text
    any_of: tuple[tuple[Test, ...], ...]


class ResolvedOperation(Struct, frozen=True, kw_only=True):
    """A unified operation as this vendor does it."""

    ast: syntax.Operation
    model: syntax.ModelOperation
    steps: tuple[ResolvedStep, ...]

    @property
    def name(self) -> str:
        return self.model.name.value

    @property
    def like(self) -> str:
        return self.model.like

    @property
    def requests(self) -> Iterator[ResolvedStep]:
        """Its steps, each with the one that looks for its record."""
        for step in self.steps:
            yield step
            if step.reconcile is not None:
                yield step.reconcile.look


class ResolvedResource(Struct, frozen=True, kw_only=True):
    """A resource at a vendor, with all that could be looked up. What could not is a diagnostic already."""

    ast: syntax.Resource
    model: syntax.Model
    unit: VendorUnit
    record_pointer: str
    record: Shape
    fields: tuple[ResolvedField, ...]
    operations: tuple[ResolvedOperation, ...]
    except_: Predicate | None = None
    except_leaves: tuple[Leaf, ...] = ()
    custom: re.Pattern[str] | None = None
    gaps: Mapping[str, Text] = field(default_factory=dict)
    batches: tuple[Batched, ...] = ()

    @property
    def reading(self) -> frozenset[str]:
        """The vendor's operations that change nothing though they are not GET: those that the resource is read by (RPC, searches)."""
        readers = (operation for operation in self.operations if operation.like in ("get", "list", "changes"))
        return frozenset(step.facts.name for operation in readers for step in operation.steps)

    def called(self, operation: ResolvedOperation) -> Iterator[OperationFacts]:
        """Every operation of the vendor that an operation may call, batches of it included."""
        for step in operation.requests:
            yield step.facts
            yield from self.beside(step)

    def beside(self, step: ResolvedStep) -> Iterator[OperationFacts]:
        """What a step may call besides its own request: uploads, further pages, exchanges, a batch."""
        yield from (facts for _, facts, _ in step.media.calls) if step.media is not None else ()
        if step.paging is not None and step.paging.call is not None:
            yield step.paging.call
        yield from (facts for _, facts, _ in step.through.calls) if step.through is not None else ()
        if (batch := self.batch_of(step.facts.name)) is not None:
            yield batch.facts

    def batch_of(self, call: str) -> Batched | None:
        """The batch that requests to an operation of the vendor are folded into."""
        return next((batch for batch in self.batches if batch.single.name == call), None)

    def field_of(self, name: str) -> ResolvedField | None:
        return next((found for found in self.fields if found.name == name), None)
