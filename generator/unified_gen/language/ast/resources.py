"""A mapping, as `mappings/vendors/<vendor>/<resource>.yaml` has it."""

from __future__ import annotations

from msgspec import Struct

from unified_gen.language.ast.batches import Batch
from unified_gen.language.ast.fields import Field
from unified_gen.language.ast.steps import Step
from unified_gen.source import Literal, Span, Text


class Custom(Struct, frozen=True):
    """Where an account's own fields stand: the pattern of their names, the open map that holds them (None: the record itself), and what
    parts the values of one that holds several (None: they are a list)."""

    names: Text
    below: Text | None
    split: Text | None


class Operation(Struct, frozen=True, kw_only=True):
    """How a unified operation is done: steps in order, or (`either`) the first step whose `when` holds."""

    name: Text
    steps: tuple[Step, ...]
    span: Span
    either: bool = False


class Resource(Struct, frozen=True, kw_only=True):
    """How one unified resource stands at one vendor."""

    vendor: str
    resource: Text
    reads: Text
    fields: tuple[Field, ...]
    operations: tuple[Operation, ...]
    span: Span
    except_: Text | None = None
    initial: tuple[tuple[Text, Literal], ...] = ()
    custom: Custom | None = None
    batches: tuple[Batch, ...] = ()
    gaps: tuple[tuple[Text, Text], ...] = ()
    allow: tuple[tuple[Text, Text], ...] = ()
