"""A mapping, as `mappings/vendors/<vendor>/<resource>.yaml` has it."""

from __future__ import annotations

from dataclasses import dataclass

from unified_gen.language.ast.batches import Batch
from unified_gen.language.ast.fields import Field
from unified_gen.language.ast.steps import Step
from unified_gen.source import Literal, Span, Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """How a unified operation is done: steps in order, or (`either`) the first step whose `when` holds."""

    name: Text
    steps: tuple[Step, ...]
    span: Span
    either: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource:
    """How one unified resource stands at one vendor."""

    vendor: str
    resource: Text
    reads: Text
    fields: tuple[Field, ...]
    operations: tuple[Operation, ...]
    span: Span
    except_: Text | None = None
    initial: tuple[tuple[Text, Literal], ...] = ()
    custom: tuple[Text, Text | None] | None = None
    """Pattern of custom names and the open map that holds them (None: the record itself)."""
    batches: tuple[Batch, ...] = ()
    gaps: tuple[tuple[Text, Text], ...] = ()
    allow: tuple[tuple[Text, Text], ...] = ()
