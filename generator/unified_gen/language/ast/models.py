"""Syntax tree of a unified model, `mappings/models/<resource>.yaml`."""

from __future__ import annotations

import re

from msgspec import Struct

from unified_gen.language.shipped import SHIPPED
from unified_openapi.source.spans import Span, Text

CUSTOM_FIELDS = "custom_fields"
ANY_VALUE = "any"
"""Type of the value of a custom field."""
"""Input of a list that filters by values of the fields that accounts add, and the kind of its type."""


class Type(Struct, frozen=True):
    """The type of a unified value.

    `kind` is one of id, text, markdown, boolean, integer, decimal, date, datetime, email, url, enum, object, bytes.
    `many` makes it a list of that kind. An object has `fields`; a union (`type: date | datetime`) has `arms`.
    """

    kind: str
    many: bool = False
    values: tuple[Text, ...] = ()
    fields: tuple[ModelField, ...] = ()
    arms: tuple[Type, ...] = ()
    record: str | None = None


class ModelField(Struct, frozen=True, kw_only=True):
    """One field of a unified record.

    A `read_only` field is set by the vendor and is not an input. `required` names the operations that need it.
    A field with `label` has a companion `<name>_label` that holds the vendor's own value. `references` names the
    resource whose ids it holds. `hint` is the text for language models, added to name and type.
    """

    name: Text
    type: Type
    summary: str
    span: Span
    read_only: bool = False
    required: frozenset[str] = frozenset()
    label: bool = False
    references: str | None = None
    max_length: int | None = None
    hint: str | None = None
    minimum: int | None = None
    maximum: int | None = None
    """Bounds of a number; both belong to it."""
    secret: bool = False
    """Its value is redacted in plans, questions to policies, approvals, errors and logs."""


class Input(Struct, frozen=True, kw_only=True):
    """An input of an operation that is not a field of the record: a filter, an id, a file's content.

    `field` names the field whose values it is compared with, and so whose table or codec a reference to it
    carries (rule 4). `searched_fields` lists the fields that a text filter searches when it is applied after reading. `empty_field`
    is the field that has no value in the records of a boolean filter. `hint` is the text for language models, added to name and type.
    """

    name: Text
    type: Type
    summary: str
    span: Span
    required: bool = False
    field: str | None = None
    references: str | None = None
    searched_fields: tuple[str, ...] = ()
    empty_field: str | None = None
    hint: str | None = None


class ModelOperation(Struct, frozen=True, kw_only=True):
    """An operation of a resource. `kind` is create, get, list, update, delete, or changes. `response` is `bytes` if it returns a content,
    `none` if it returns nothing though it does not delete.

    `synonyms` are other words for it, by which a search finds its tool.
    `fields` are those of the record that an operation that writes accepts; None: all that can be written.
    """

    name: Text
    kind: str
    summary: str
    span: Span
    inputs: tuple[Input, ...] = ()
    response: str | None = None
    synonyms: tuple[str, ...] = ()
    fields: tuple[str, ...] | None = None
    custom_field_filters: bool = False
    """Of a list: callers may filter by values of the fields that accounts add."""

    @property
    def content(self) -> bool:
        """True if it returns the content of a file."""
        return self.response == "bytes"

    @property
    def empty(self) -> bool:
        """True if it returns nothing."""
        return self.kind == "delete" or self.response == "none"

    @property
    def given(self) -> tuple[Input, ...]:
        """Everything that a mapping can refer to as an input: `custom_fields` too, if callers may filter by them."""
        if not self.custom_field_filters:
            return self.inputs
        return (*self.inputs, Input(name=Text(CUSTOM_FIELDS, self.span), type=Type(CUSTOM_FIELDS), summary="", span=self.span))

    def takes(self, field: ModelField) -> bool:
        """Return true if a field of the record is an input."""
        return self.kind in ("create", "update") and not field.read_only and (self.fields is None or field.name.value in self.fields)

    @property
    def ids(self) -> tuple[Input, ...]:
        """Inputs that come first, by position: ids that identify the record, and contents. The others are fields."""
        if self.kind in ("list", "changes"):
            return ()
        if self.kind in ("create", "update"):
            own = [given for given in self.inputs if given.required and given.type.kind == "id" and not given.type.many]
            return (*own, *(given for given in self.inputs if given.type.kind == "bytes"))
        return self.inputs


class Model(Struct, frozen=True, kw_only=True):
    """A unified resource: its record and its operations.

    `max_tokens` is the most its tools may cost a model's context, `synonyms` are other words for a record. With `custom_fields`, accounts
    add fields of their own to it, which a caller can request.
    """

    resource: Text
    record: Text
    summary: str
    fields: tuple[ModelField, ...]
    operations: tuple[ModelOperation, ...]
    span: Span
    max_tokens: int = 600
    synonyms: tuple[str, ...] = ()
    custom_fields: bool = False
    opt_in: bool = False
    """Its tools go only to agents whose toolset names it."""
    shows_custom_fields: bool = False
    """Results of its tools have all custom fields, unless a call names some."""
    tools: bool = True
    """False: applications and commands use it; agents have no tool, toolset or call for it."""

    @property
    def shipped(self) -> bool:
        """True for a model of the distribution that the project does not have itself."""
        return self.span.file.startswith(f"{SHIPPED}/")

    @property
    def noun(self) -> str:
        """The noun for one of its records, as events spell it: `task`, `free_busy`."""
        return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", self.record.value).lower()
