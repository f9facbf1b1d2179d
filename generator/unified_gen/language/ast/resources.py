"""Syntax tree of a mapping, `mappings/vendors/<vendor>/<resource>.yaml`."""

from __future__ import annotations

from msgspec import Struct

from unified_gen.language.ast.batches import Batch
from unified_gen.language.ast.fields import Field
from unified_gen.language.ast.paths import PathText, PredicateText
from unified_gen.language.ast.steps import ConditionText, Step
from unified_openapi.source.spans import Literal, Span, Text


class CustomFieldItems(Struct, frozen=True):
    """List of custom fields in a record.

    `key` is the path of the id in an element, `values` are those of the value, of which the first that holds something counts. `choices`:
    the list of choices in an element, the property that the value may be, and the one that requests have.
    """

    path: PathText
    key: PathText
    values: tuple[PathText, ...]
    choices: tuple[PathText, Text, Text] | None = None


class WrittenCustomFields(Struct, frozen=True):
    """Custom fields in requests: an open map at `path`, or with `key` and `value` a list of objects with these two properties.

    `booleans` are the texts of false and true. `date` and `datetime` are the property of an object that holds such a value, and
    `times`: `epoch_ms` writes both as milliseconds since 1970.
    """

    path: PathText
    key: Text | None
    value: Text | None
    booleans: tuple[Text, ...] = ()
    date: Text | None = None
    datetime: Text | None = None
    times: Text | None = None
    types: tuple[tuple[Text, PathText], ...] = ()
    """By type of a value: its path in an element, in place of `value`."""
    clear: Literal | None = None
    """The value that empties one; without it null does."""


class CustomFields(Struct, frozen=True):
    """Custom fields of an account: the pattern of their names, the open map that holds them (None: the record itself), and the separator
    of the values of one that holds several (None: they are a list).

    With `items`, records have them in this list; `write` is how requests have them then.
    """

    pattern: Text
    object: PathText | None
    separator: Text | None
    span: Span
    items: CustomFieldItems | None = None
    write: WrittenCustomFields | None = None

    @property
    def written_object(self) -> PathText | None:
        """The open map, or the list, of custom fields in requests."""
        if self.write is not None:
            return self.write.path
        return self.object if self.items is None else None


class Alias(Struct, frozen=True):
    """Another path of a request by which the vendor writes a unified field; callers reach it by `extra` only.

    `form`: `other` (the value has another form), `same` (the value is that of the field), `beside` (another form, which vendors accept
    together with the field), or `set` (an object whose members are lists of operations: `set` writes what the path `target` does).
    """

    path: PathText
    target: Text | PathText
    """The unified field; for `set`, a path."""
    form: str


class Alternative(Struct, frozen=True):
    """One alternative of `either`: a step, or several in order, and the condition under which it is chosen."""

    condition: ConditionText | None
    steps: tuple[Step, ...]


class Operation(Struct, frozen=True, kw_only=True):
    """Steps of a unified operation, in order; or (`either`) those of the first alternative whose condition holds."""

    name: Text
    steps: tuple[Step, ...]
    span: Span
    alternatives: tuple[Alternative, ...] = ()
    """Groups of `steps` of which one is executed; none if all are."""
    sources: bool = False
    """True if the list is the records of each alternative, one after the other."""

    @property
    def either(self) -> bool:
        """True if a request executes only one alternative."""
        return bool(self.alternatives)


class Resource(Struct, frozen=True, kw_only=True):
    """Mapping of one unified resource to one vendor."""

    vendor: str
    resource: Text
    schema: Text
    """The schema of the record; empty if the mapping does not state it: it is then derived from the operations."""
    fields: tuple[Field, ...]
    operations: tuple[Operation, ...]
    span: Span
    other_schemas: tuple[Text, ...] = ()
    """Schemas of records in other responses: each path is in one of all."""
    exclude: PredicateText | None = None
    initial: tuple[tuple[PathText, Literal], ...] = ()
    custom_fields: CustomFields | None = None
    ids_change: bool = False
    may_drop: tuple[Text, ...] = ()
    """Fields that the vendor may leave out of a write without an error: what came back is compared with what was sent."""
    params: tuple[tuple[Text, Text], ...] = ()
    """References by parameter of the path, for each call that has the parameter and does not fill it."""
    batches: tuple[Batch, ...] = ()
    aliases: tuple[Alias, ...] = ()
    unsupported: tuple[tuple[Text, Text], ...] = ()
    allow: tuple[tuple[Text, Text], ...] = ()
