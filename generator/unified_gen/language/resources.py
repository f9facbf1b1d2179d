"""The grammar of `mappings/vendors/<vendor>/<resource>.yaml`."""

from __future__ import annotations

from collections.abc import Callable

from msgspec import Struct

from unified_gen.language import ast
from unified_gen.language.batches import BATCHES
from unified_gen.language.bindings import pair
from unified_gen.language.conditions import CONDITION
from unified_gen.language.fields import ALIAS, CUSTOM, FIELDS
from unified_gen.language.findings import Findings
from unified_gen.language.kinds import AnyValue, Definitions, Kind, ListOf, MapOf, OneOf, Transform, refuse
from unified_gen.language.objects import Key, Object, ParsedKeys
from unified_gen.language.steps import STEP
from unified_gen.language.strings import NAME, PATH, PREDICATE, REASON, UNSUPPORTED_NAME, WORD
from unified_gen.language.vendors import ALLOW
from unified_openapi.source.spans import Json, Span, Text
from unified_openapi.source.yaml12 import MappingNode, Node, SequenceNode

# ------------------------------------------------------------------------------------------------------------- operations
Steps = tuple[ast.Step, ...] | tuple[ast.Alternative, ...]


class OperationKind(Struct, frozen=True):
    """One step, a list of steps, or `either` with alternatives."""

    expected: str = "a step, a list of steps, or `either`"

    def read(self, node: Node, out: Findings) -> Steps | None:
        kind: Kind[Steps]
        match node:
            case SequenceNode():
                kind = _STEPS
            case MappingNode(entries=entries) if any(key.text == "either" for key, _ in entries):
                kind = _EITHER
            case MappingNode():
                kind = _ONE
            case _:
                refuse(node, self.expected, out)
                return None
        return kind.read(node, out)

    def schema(self, definitions: Definitions) -> dict[str, Json]:
        return {"anyOf": [_ONE.schema(definitions), _STEPS.schema(definitions), _EITHER.schema(definitions)]}


def _several(got: ParsedKeys, out: Findings) -> ast.Alternative:
    return ast.Alternative(got.get("if"), got.values["steps"])


_SEVERAL: Kind[ast.Alternative] = Object(
    "an alternative",
    {
        "if": Key(CONDITION, "Which inputs must be given for the alternative to be chosen, as in a step."),
        "steps": Key(
            ListOf(STEP, "a list of at least two steps", least=2), "The steps of the alternative, in order.", required=True, fatal=True
        ),
    },
    _several,
)
_SINGLE: Kind[ast.Alternative] = Transform(STEP, lambda step, span, out: ast.Alternative(step.when, (step,)))


class AlternativeKind(Struct, frozen=True):
    """One step, or several under one condition."""

    expected: str = "a step, or `if` and `steps`"

    def read(self, node: Node, out: Findings) -> ast.Alternative | None:
        several = isinstance(node, MappingNode) and any(key.text == "steps" for key, _ in node.entries)
        return (_SEVERAL if several else _SINGLE).read(node, out)

    def schema(self, definitions: Definitions) -> dict[str, Json]:
        return {"anyOf": [_SINGLE.schema(definitions), _SEVERAL.schema(definitions)]}


def _alternatives(got: ParsedKeys, out: Findings) -> tuple[ast.Alternative, ...] | None:
    alternatives: tuple[ast.Alternative, ...] = got.values["either"]
    return alternatives or None


_ONE: Kind[Steps] = Transform(STEP, lambda step, span, out: (step,))
_STEPS: Kind[Steps] = Transform(ListOf(STEP, "a list of steps"), lambda steps, span, out: steps or None)
_EITHER: Kind[Steps] = Object(
    "`either`",
    {
        "either": Key(
            ListOf(AlternativeKind(), "a list of at least two alternatives", least=2),
            "Alternatives: the first whose `if` holds is executed, a step or several (`{if: …, steps: […]}`); the last may have none.",
            required=True,
            fatal=True,
        )
    },
    _alternatives,
)


def _operation(name: Text, steps: Steps, span: Span) -> ast.Operation:
    alternatives = tuple(one for one in steps if isinstance(one, ast.Alternative))
    flat = tuple(step for one in steps for step in (one.steps if isinstance(one, ast.Alternative) else (one,)))
    return ast.Operation(name=name, steps=flat, span=span, alternatives=alternatives)


_OPERATION_STEPS: Kind[Steps] = OperationKind()
_OPERATIONS = MapOf(
    NAME,
    _OPERATION_STEPS,
    _operation,
    "operations by name",
)


# --------------------------------------------------------------------------------------------------------------- resource
def _resource(got: ParsedKeys, out: Findings) -> Callable[[str], ast.Resource]:
    return lambda vendor: ast.Resource(
        vendor=vendor,
        resource=got.values["resource"],
        reads=got.values["schema"],
        fields=got.get("fields", ()),
        operations=got.get("operations", ()),
        span=got.span,
        except_=got.get("exclude"),
        initial=got.get("initial", ()),
        custom=got.get("custom_fields"),
        moves=got.get("ids_change") is not None,
        batches=got.get("batches", ()),
        aliases=got.get("aliases", ()),
        unsupported=got.get("unsupported", ()),
        allow=got.get("allow", ()),
    )


RESOURCE: Object[Callable[[str], ast.Resource]] = Object(
    "a mapping",
    {
        "resource": Key(NAME, "The unified resource that is mapped.", required=True, fatal=True),
        "schema": Key(
            WORD,
            "The vendor's schema of one record: a component, or a path in one or in a response (`getIssue.issue.journals[]`).",
            required=True,
            fatal=True,
        ),
        "exclude": Key(PREDICATE, "What is true of the vendor's records that are not of this resource."),
        "ids_change": Key(
            OneOf(("on_move",)), "`on_move`: the vendor returns a moved record under an id that begins differently, without a redirect."
        ),
        "custom_fields": Key(CUSTOM, "Which of the vendor's names are custom fields."),
        "initial": Key(MapOf(PATH, AnyValue(), pair, "literals by path"), "Values a new record has unasked."),
        "fields": Key(FIELDS, "How each unified field is in the vendor's record and requests.", required=True),
        "aliases": Key(
            MapOf(PATH, ALIAS, lambda path, made, span: made(path), "fields by path"),
            "Other paths of requests by which the vendor writes a unified field, for `extra`: `{assignee: assignee_ids}`.",
        ),
        "unsupported": Key(
            MapOf(UNSUPPORTED_NAME, REASON, pair, "reasons by name"),
            "What the vendor lacks and why: `field`, `field.value`, `operation.field`, `filter.input`, `operation`.",
        ),
        "batches": Key(BATCHES, "Operations of the vendor, and the batch operation that does many of them at once."),
        "operations": Key(_OPERATIONS, "How each unified operation is done: a step, a list of steps, or `either`.", required=True),
        "allow": ALLOW,
    },
    _resource,
    instead={"record": "`schema`", "reads": "`schema`", "tables": "`enum` on the field", "gaps": "`unsupported`", "except": "`exclude`"},
)
