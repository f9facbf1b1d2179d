"""Resource of a vendor with everything looked up, its operations and their steps: input of the rules and of lowering."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import TypeAlias

from msgspec import Struct, field
from msgspec.structs import replace

from unified_gen.language import ast as syntax
from unified_gen.resolve.assignments import Assignment, Reference, Target
from unified_gen.resolve.record_fields import Leaf, ResolvedField
from unified_gen.resolve.resolved_batches import ResolvedBatch
from unified_openapi.documents import Document, OperationFacts
from unified_openapi.schemas.paths import Path, Predicate, Segment
from unified_openapi.schemas.shapes import Schemas, Shape
from unified_openapi.schemas.walk import Walk
from unified_openapi.source.spans import Text


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


class SavedValue(Struct, frozen=True, kw_only=True):
    """A named part of a response."""

    name: str
    leaf: Leaf
    searched: tuple[tuple[Leaf, Reference], ...] = ()
    """`where`: paths in an element, or in the object itself, and the values that they must have."""
    listed: bool = True
    """True if a list is searched, and one element of it is saved."""
    not_found: tuple[str | Reference, ...] | None = None
    incomplete_if: Leaf | None = None
    """Path in the response that reports that it is incomplete."""
    each: bool = False
    """True if the later steps are done for each element of the list."""
    choice: ResolvedChoice | None = None

    @property
    def element(self) -> bool:
        """True if one element of a list is saved."""
        return self.listed and (self.each or bool(self.searched))


class ResolvedChoice(Struct, frozen=True):
    """Choice of one of several elements by name: the path of the name in an element, the requested name, and the usual ones."""

    by: Leaf
    named: Reference | None
    present: Reference | None
    usual: tuple[str, ...]

    @property
    def references(self) -> tuple[Reference, ...]:
        return tuple(reference for reference in (self.named, self.present) if reference is not None)


class CurrentValue(Struct, frozen=True):
    """Current value of a field that an update changes in part. `by_member`: a new list becomes members to add and to remove."""

    field: syntax.ModelField
    value: Reference
    resolved: ResolvedField | None
    by_member: bool = False
    protect: Reference | None = None


class ResolvedHeader(Struct, frozen=True):
    """A saved response header, and the names of the parts that its pattern saves."""

    ast: syntax.SavedHeader
    parts: tuple[str, ...]


class ResolvedPagination(Struct, frozen=True, kw_only=True):
    """A pagination strategy bound to a call."""

    ast: syntax.Pagination
    param: Target | None
    page_size_param: Target | None
    next: Leaf | None
    further: tuple[tuple[Target, Leaf], ...]
    """For the style last: further inputs, and the locations of the last record that they take."""
    total: Leaf | None
    last_page_if: Leaf | None
    more_if: Leaf | None = None
    operation: OperationFacts | None = None
    """The operation that returns further pages, if it is another one; `send` is an input of that operation."""
    host: str | None = None
    """The vendor's other server that it is on."""


class ResolvedResponse(Struct, frozen=True, kw_only=True):
    """Response of a step: the pointer of its schema, and the path of the record or the list of records in it."""

    pointer: str
    shape: Shape
    record: Path | None = None
    items: Path | None = None
    inside: tuple[Segment, ...] = ()
    """Path of the record in an element of the list."""
    record_shape: Shape | None = None
    """Schema of the record or an item."""
    element_shape: Shape | None = None
    """Of records in lists: schema of an element of the outer list."""
    envelope: tuple[str, ...] = ()
    binary: bool = False
    incomplete_if: Leaf | None = None
    """Of a list that is returned: path of what reports that the response is incomplete."""


Calls: TypeAlias = tuple[tuple[str, OperationFacts, str | None], ...]
"""Operations that a step needs in addition to the one it calls: role, operation and the host that it is on."""


class ResolvedMedia(Struct, frozen=True, kw_only=True):
    """A content and its upload: `protocol` names a function of the runtime's `media`."""

    ast: syntax.Media
    input: Reference
    protocol: str
    content_type: Reference | None
    filename: Reference | None
    operations: Calls


class ResolvedExchange(Struct, frozen=True):
    """An exchange of several requests in place of one: a function of the runtime, and its arguments."""

    name: str
    module: str
    operations: Calls
    params: tuple[tuple[str, Reference], ...]
    fills: tuple[str, ...] = ()
    fills_request: bool = False
    texts: tuple[tuple[Text, Walk], ...] = ()
    """Locations of an exchange that composes a value: those that hold the value and its parts."""
    composes: str = "string"
    """JSON type of these locations."""

    def provides(self, depth: int) -> tuple[str, ...]:
        """Return the name at a depth of the body that it fills."""
        return self.fills[depth : depth + 1] if self.fills_request else ()


class ResolvedSyncToken(Struct, frozen=True):
    """Sync tokens: the location of the sent one (none if it is an address), of the next one, and the condition of deleted records."""

    ast: syntax.SyncToken
    param: Target | None
    next: Leaf
    removed_if: Predicate | None = None
    leaves: tuple[Leaf, ...] = ()
    """Paths in the predicate."""


class ResolvedReconcile(Struct, frozen=True, kw_only=True):
    """Reconciliation of a step whose response was lost. Paths are names from the root of the response, envelopes included."""

    ast: syntax.Reconcile
    lookup: ResolvedStep
    items: tuple[str, ...] | None
    where: tuple[tuple[tuple[str, ...], Reference], ...]
    created_at: tuple[str, ...] | None
    response_record: tuple[str, ...]
    marked: bool
    """True if the step marks its record, so that no other record can be mistaken for it."""
    pagination: tuple[str, str, int | tuple[str, ...], int] | None = None
    """Pagination of the list: style, input, the first page's number or the path of the next token, and page size."""


class ResolvedPoll(Struct, frozen=True, kw_only=True):
    """Work in the background: the conditions of a response once it is done or has failed, and the reason of a failure."""

    ast: syntax.Poll
    until: Predicate
    failed_if: Predicate | None
    message: Leaf | None
    leaves: tuple[Leaf, ...]
    """Paths in the predicates."""


class ResolvedMerge(Struct, frozen=True):
    """An object of the body of which an update sends only some parts, and its current value; None if the vendor merges it."""

    target: Target
    current: Reference | None


class ResolvedMembers(Struct, frozen=True):
    """A list of the body that is changed by member: its current elements, the key of an element, and the inputs."""

    target: Target
    current: Reference
    key: tuple[str, ...]
    add: Reference | None
    remove: Reference | None


class ResolvedStep(Struct, frozen=True, kw_only=True):
    """One request."""

    ast: syntax.Step
    facts: OperationFacts
    assignments: tuple[Assignment, ...]
    condition: Condition | None
    response: ResolvedResponse | None
    saved: tuple[SavedValue, ...] = ()
    save_headers: tuple[ResolvedHeader, ...] = ()
    pagination: ResolvedPagination | None = None
    body: Shape | None = None
    """The request body's schema, envelope left out."""
    body_envelope: tuple[str, ...] = ()
    media_type: str | None = None
    media: ResolvedMedia | None = None
    """The content that is uploaded."""
    exchange: ResolvedExchange | None = None
    verify: tuple[tuple[str, Reference], ...] = ()
    verify_if: Condition | None = None
    content_url: Reference | None = None
    base64_content: Leaf | None = None
    """Location of a content in base64 in the response."""
    host: str | None = None
    """The vendor's other server that the operation is on."""
    in_header: str | None = None
    """The header that holds, as JSON, the arguments that others send in the body."""
    local_filters: tuple[syntax.Input, ...] = ()
    requires: tuple[Reference, ...] = ()
    sync_token: ResolvedSyncToken | None = None
    poll: ResolvedPoll | None = None
    sends: tuple[ResolvedField, ...] = ()
    takes: frozenset[str] = frozenset()
    """Inputs that the request is made of or its response is filtered by. An input that `if` only tests for presence is not among them."""
    reconcile: ResolvedReconcile | None = None
    located: tuple[tuple[tuple[str, ...], Reference], ...] = ()
    """Of a record that is one element of a list: locations of it and their values; an element matches if it has all of them. Of records in
    lists: those of the elements of the outer list that are read."""

    merges: tuple[ResolvedMerge, ...] = ()
    members: tuple[ResolvedMembers, ...] = ()
    exclude: Predicate | None = None
    exclude_leaves: tuple[Leaf, ...] = ()
    items_inputs: tuple[tuple[str, Leaf], ...] = ()
    """By input of the request: the location in each record that has its value."""
    current: tuple[CurrentValue, ...] = ()
    extra: tuple[tuple[str, Reference], ...] = ()
    """By name of an object in `extra`: the saved object with the names that this request accepts."""
    repeat: tuple[str, Reference] | None = None
    """A name, and the list of whose elements it represents each: the request is sent once for each."""
    enums: tuple[ResolvedField, ...] = ()
    """Inputs whose enum values in this request differ from the field's, as fields with these values."""

    @property
    def every_assignment(self) -> Iterator[Assignment]:
        """Yield everything that fills the request, down to the elements of lists."""
        for assignment in self.assignments:
            yield from assignment.deep()

    @property
    def writes(self) -> bool:
        """True if the request changes something at the vendor: a mutation, or according to its method (RFC 9110 section 9.2.1)."""
        if self.facts.graphql is not None:
            return not self.facts.graphql.reads
        return self.facts.method not in ("GET", "HEAD", "OPTIONS")


class ConditionTest(Struct, frozen=True):
    """One test of a condition: is an input given, is it absent (`!parent_id`), is it this or not this value (`status == 'done'`)?

    An input that is compared with a value, equal or not, is one that is given.
    """

    reference: Reference
    absent: bool = False
    value: str | None = None
    differs: bool = False

    @property
    def given(self) -> bool:
        """True if the input is present once the test holds."""
        return not self.absent


class Condition(Struct, frozen=True):
    """`if`: alternatives of conjunctions of tests."""

    text: Text
    any_of: tuple[tuple[ConditionTest, ...], ...]

    @property
    def given(self) -> frozenset[str]:
        """Inputs that are present once the condition holds."""
        groups = [frozenset(test.reference.name for test in group if test.given) for group in self.any_of]
        return frozenset.intersection(*groups) if groups else frozenset()


class ResolvedAlternative(Struct, frozen=True):
    """One alternative of an operation: its condition and its steps."""

    condition: Condition | None
    steps: tuple[ResolvedStep, ...]
    takes: frozenset[str]
    """Inputs that its requests are made of or their responses are filtered by."""

    @property
    def partial(self) -> bool:
        """True if it leaves large contents to a later alternative."""
        media = self.steps[-1].media
        return media is not None and media.ast.max_bytes is not None


class ResolvedOperation(Struct, frozen=True, kw_only=True):
    """A unified operation as this vendor does it."""

    ast: syntax.Operation
    model: syntax.ModelOperation
    steps: tuple[ResolvedStep, ...]
    alternatives: tuple[ResolvedAlternative, ...] = ()
    """Groups of `steps` of which one is executed; none if all are."""

    def of(self, alternative: ResolvedAlternative) -> ResolvedOperation:
        """Return the operation as one alternative executes it."""
        own = tuple(step.ast for step in alternative.steps)
        return replace(self, ast=replace(self.ast, steps=own, alternatives=(), sources=False), steps=alternative.steps, alternatives=())

    @property
    def name(self) -> str:
        return self.model.name.value

    @property
    def kind(self) -> str:
        return self.model.kind

    @property
    def by_element(self) -> bool:
        """True if a page of the list is of one element of another list, or of one of several sources."""
        return self.ast.sources or any(step.ast.each for step in self.steps)

    @property
    def requests(self) -> Iterator[ResolvedStep]:
        """Its steps, each with the one that looks up its record."""
        for step in self.steps:
            yield step
            if step.reconcile is not None:
                yield step.reconcile.lookup


class ResolvedResource(Struct, frozen=True, kw_only=True):
    """A resource at a vendor, with all that could be looked up. The rest is in diagnostics already."""

    ast: syntax.Resource
    model: syntax.Model
    unit: VendorUnit
    record_pointer: str
    record: Shape
    fields: tuple[ResolvedField, ...]
    operations: tuple[ResolvedOperation, ...]
    exclude: Predicate | None = None
    exclude_leaves: tuple[Leaf, ...] = ()
    custom_fields: re.Pattern[str] | None = None
    custom_leaves: tuple[Leaf, ...] = ()
    """Locations of custom fields in a record that has them in a list."""
    unsupported: Mapping[str, Text] = field(default_factory=dict)
    batches: tuple[ResolvedBatch, ...] = ()

    @property
    def reading(self) -> frozenset[str]:
        """The vendor's operations that change nothing though they are not GET: those that the resource is read by (RPC, searches)."""
        readers = (operation for operation in self.operations if operation.kind in ("get", "list", "changes"))
        return frozenset(step.facts.name for operation in readers for step in operation.steps)

    def called(self, operation: ResolvedOperation) -> Iterator[OperationFacts]:
        """Yield every operation of the vendor that an operation may call, batches of it included."""
        for step in operation.requests:
            yield step.facts
            yield from self.beside(step)

    def beside(self, step: ResolvedStep) -> Iterator[OperationFacts]:
        """Yield the operations that a step may call in addition to its own request: uploads, further pages, exchanges, a batch."""
        yield from (facts for _, facts, _ in step.media.operations) if step.media is not None else ()
        if step.pagination is not None and step.pagination.operation is not None:
            yield step.pagination.operation
        yield from (facts for _, facts, _ in step.exchange.operations) if step.exchange is not None else ()
        if (batch := self.batch_of(step.facts.name)) is not None:
            yield batch.facts

    def batch_of(self, call: str) -> ResolvedBatch | None:
        """Return the batch that requests to an operation of the vendor are batched into."""
        return next((batch for batch in self.batches if batch.single.name == call), None)

    def field_of(self, name: str) -> ResolvedField | None:
        return next((found for found in self.fields if found.name == name), None)
