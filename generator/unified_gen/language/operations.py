"""Grammar of `operations`: the steps of each operation, in their long and short forms, and `returns`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from msgspec import Struct
from msgspec.structs import replace

from unified_gen.diagnostics.suggestions import did_you_mean
from unified_gen.language import ast
from unified_gen.language.bindings import WITH
from unified_gen.language.conditions import CONDITION
from unified_gen.language.findings import Findings
from unified_gen.language.kinds import Choice, Definitions, Kind, ListOf, MapOf, Transform, refuse
from unified_gen.language.objects import Key, Object
from unified_gen.language.steps import STEP, long_form
from unified_gen.language.strings import NAME, REFERENCE
from unified_openapi.source.nodes import MappingNode, Node, ScalarNode, SequenceNode
from unified_openapi.source.spans import Json, Span, Text

RETURNS, EITHER, SOURCES, STEPS, CONDITION_KEY = "returns", "either", "sources", "steps", "if"
SAVE, SAVE_HEADERS = "save", "save_headers"
_OTHER_ROOTS = ("id", "connection", "call", "request")
"""Names at the beginning of a reference that are not those of saved responses."""


class Returns(Struct, frozen=True):
    """`returns`: the operation whose steps end this one, and the reference that replaces their `id`."""

    operation: Text
    id: ast.PathText | None
    span: Span


class _Draft(Struct, frozen=True):
    """An operation before the steps that it returns are appended."""

    steps: tuple[ast.Step, ...] = ()
    alternatives: tuple[ast.Alternative, ...] = ()
    returns: Returns | None = None
    sources: bool = False


# ------------------------------------------------------------------------------------------------------------- `returns`
_OPERATION: Kind[Returns] = Choice(
    "an operation of this file, or an operation and the reference to the id",
    scalar=Transform(NAME, lambda name, span, out: Returns(name, None, span)),
    mapping=Transform(
        MapOf(NAME, REFERENCE, lambda name, reference, span: Returns(name, reference, span), "one operation and a reference", most=1),
        lambda found, span, out: found[0] if found else None,
    ),
)

_RETURNS: Kind[Returns] = Object(
    "`returns`",
    {
        RETURNS: Key(
            _OPERATION,
            "Last in a list of steps: the steps of another operation follow. `{get: created.id}` is what they use in place of `id`.",
            required=True,
            fatal=True,
        )
    },
    lambda got, out: got.values[RETURNS],
)


def _separated(step: Node, before: tuple[Node, ...]) -> tuple[Node, ...]:
    """Return a step with `returns` beside its keys as two: the step, which saves its response if that is referred to, and `returns`."""
    if not isinstance(step, MappingNode) or not _returns(step) or len(step.entries) == 1:
        return (step,)
    returns = next(entry for entry in step.entries if entry[0].text == RETURNS)
    entries = tuple(entry for entry in step.entries if entry is not returns)
    saved = _saved_name(returns[1])
    if saved is not None and saved.text not in {name for one in (*before, step) for name in _saved_names(one)}:
        entries += ((ScalarNode(SAVE, SAVE, saved.span, True), saved),)
    return replace(step, entries=entries), replace(step, entries=(returns,), span=returns[0].span)


def _saved_names(step: Node) -> Iterator[str]:
    for key, value in step.entries if isinstance(step, MappingNode) else ():
        if key.text == SAVE and isinstance(value, ScalarNode):
            yield value.text
        elif key.text in (SAVE, SAVE_HEADERS) and isinstance(value, MappingNode):
            yield from (name.text for name, _ in value.entries)


def _saved_name(returns: Node) -> ScalarNode | None:
    """Return `created` of `{get: created.id}`, or None for a reference that is not of a saved response."""
    if isinstance(returns, MappingNode) and len(returns.entries) == 1 and isinstance(reference := returns.entries[0][1], ScalarNode):
        name, dot, _ = reference.text.partition(".")
        if dot and name not in _OTHER_ROOTS:
            return ScalarNode(name, name, reference.span.part(0, len(name)), reference.plain)
    return None


class _StepsKind(Struct, frozen=True):
    """A list of steps, the last of which may be `returns`, or have it beside its own keys."""

    expected: str = "a list of steps"

    def read(self, node: Node, out: Findings) -> _Draft | None:
        if not isinstance(node, SequenceNode):
            refuse(node, self.expected, out)
            return None
        if not node.items:
            out.add("MAP002", f"expected {self.expected}, got an empty list", node.span)
            return None
        if _conditional(node.items[-1], out):
            return None
        *before, last = (*node.items[:-1], *_separated(node.items[-1], node.items[:-1]))
        for item in before:
            if _returns(item):
                out.add("MAP010", "`returns` is the last step of an operation", item.span)
                return None
        returns = _RETURNS.read(last, out) if _returns(last) else None
        steps = _STEPS.read(replace(node, items=tuple(before) if _returns(last) else (*before, last)), out)
        return _Draft(steps, returns=returns) if steps else None

    def schema(self, definitions: Definitions) -> dict[str, Json]:
        item: Json = {"anyOf": [STEP.schema(definitions), _RETURNS.schema(definitions), _returning(definitions)]}
        return {"type": "array", "items": item, "minItems": 1}


def _returning(definitions: Definitions) -> dict[str, Json]:
    """Return the schema of a step with `returns` beside its keys."""
    STEP.schema(definitions)
    keys, returns = definitions["step_keys"]["properties"], _RETURNS.schema(definitions)["properties"]
    assert isinstance(keys, dict) and isinstance(returns, dict)
    others = {name: value for name, value in keys.items() if name != CONDITION_KEY}
    found: dict[str, Json] = {"type": "object", "properties": {**others, **returns}, "required": [RETURNS]}
    definitions["step_and_returns"] = {**found, "additionalProperties": WITH.schema(definitions)}
    return {"$ref": "#/$defs/step_and_returns"}


_STEPS = ListOf(STEP, "a list of steps")


def _conditional(step: Node, out: Findings) -> bool:
    """Report `returns` beside a condition: it would not be clear what is returned if the condition is false."""
    keys = {key.text: key for key, _ in step.entries} if isinstance(step, MappingNode) else {}
    if RETURNS in keys and CONDITION_KEY in keys:
        out.add(
            "MAP010",
            f"`{RETURNS}` and `{CONDITION_KEY}` exclude each other",
            keys[RETURNS].span,
            help="write `returns` as a step of its own",
        )
        return True
    return False


def _returns(node: Node) -> bool:
    return isinstance(node, MappingNode) and any(key.text == RETURNS for key, _ in node.entries)


def _expanded(drafts: tuple[tuple[Text, _Draft, Span], ...], span: Span, out: Findings) -> tuple[ast.Operation, ...]:
    """Return the operations, each with the steps of the operation that it returns."""
    known = {name.value: draft for name, draft, _ in drafts}
    found = []
    for name, draft, entire in drafts:
        steps = draft.steps + tuple(step for alternative in draft.alternatives for step in alternative.steps)
        if draft.returns is not None:
            steps += tuple(_appended(draft.returns, known, out))
        found.append(ast.Operation(name=name, steps=steps, span=entire, alternatives=draft.alternatives, sources=draft.sources))
    return tuple(found)


def _appended(returns: Returns, known: dict[str, _Draft], out: Findings) -> Iterable[ast.Step]:
    name = returns.operation
    draft = known.get(name.value)
    if draft is None:
        out.add("MAP004", f"this file has no operation `{name}`", name.span, help=did_you_mean(name.value, known))
        return
    if draft.alternatives or draft.returns is not None:
        why = "alternatives" if draft.alternatives else "a `returns` of its own"
        out.add("MAP010", f"`returns` appends steps, and `{name}` has {why}", name.span)
        return
    for step in draft.steps:
        if returns.id is not None and any(_uses_parts(binding) for binding in step.params):
            help = "write the steps out, with a reference for each part"
            out.add("MAP010", f"`{name}` uses the parts of its id, and `{returns.id}` has none", returns.id.span, help=help)
            return
        yield step if returns.id is None else replace(step, id=returns.id)


def _uses_parts(binding: ast.Binding) -> bool:
    name, dot, _ = binding.reference.value.partition(".")
    return name == "id" and (bool(dot) or binding.input is None)


# -------------------------------------------------------------------------------------------------------------- `either`
_SEVERAL: Kind[ast.Alternative] = Object(
    "an alternative",
    {
        "if": Key(CONDITION, "Which inputs must be given for the alternative to be chosen, as in a step."),
        STEPS: Key(
            ListOf(STEP, "a list of at least two steps", least=2), "The steps of the alternative, in order.", required=True, fatal=True
        ),
    },
    lambda got, out: ast.Alternative(got.get("if"), got.values[STEPS]),
)
_SINGLE: Kind[ast.Alternative] = Transform(STEP, lambda step, span, out: ast.Alternative(step.condition, (step,)))


class AlternativeKind(Struct, frozen=True):
    """One step, or several under one condition."""

    expected: str = "a step, or `if` and `steps`"

    def read(self, node: Node, out: Findings) -> ast.Alternative | None:
        return (_SINGLE if _several(node) is None else _SEVERAL).read(node, out)

    def schema(self, definitions: Definitions) -> dict[str, Json]:
        return {"anyOf": [_SINGLE.schema(definitions), _SEVERAL.schema(definitions)]}


def _several(node: Node) -> Node | None:
    """Return the list of steps of an alternative that has several."""
    return next((value for key, value in node.entries if key.text == STEPS), None) if isinstance(node, MappingNode) else None


class _EitherKind(Struct, frozen=True):
    """Alternatives (`either`), or the `sources` of a list. Keys beside them belong to the last step of each that does not have them."""

    expected: str = "`either`"

    def read(self, node: Node, out: Findings) -> _Draft | None:
        assert isinstance(node, MappingNode)
        own = next(key for key, _ in node.entries if key.text in (EITHER, SOURCES))
        shared = tuple(entry for entry in node.entries if entry[0] is not own)
        alternatives = next(value for key, value in node.entries if key is own)
        for key, _ in shared:
            if key.text in (RETURNS, "if", EITHER, SOURCES):
                out.add("MAP010", f"`{key.text}` and `{own.text}` exclude each other", key.span, help="each alternative has its own")
                return None
        if shared and isinstance(alternatives, SequenceNode):
            alternatives = replace(alternatives, items=tuple(_with(item, shared) for item in alternatives.items))
        found = _ALTERNATIVES.read(alternatives, out)
        if own.text == SOURCES:
            for one in found or ():
                if one.condition is not None:
                    out.add("MAP010", "`sources` reads every source; a condition chooses among those of `either`", one.condition.span)
        return _Draft(alternatives=found, sources=own.text == SOURCES) if found else None

    def schema(self, definitions: Definitions) -> dict[str, Json]:
        STEP.schema(definitions)
        keys = definitions["step_keys"]
        several = _ALTERNATIVES.schema(definitions)
        properties = keys["properties"]
        assert isinstance(properties, dict)
        others: dict[str, Json] = {name: value for name, value in properties.items() if name != "if"}
        own = {key: {**several, "description": summary} for key, summary in ((EITHER, _EITHER_SUMMARY), (SOURCES, _SOURCES_SUMMARY))}
        return {
            "type": "object",
            "properties": {**others, **own},
            "oneOf": [{"required": [key]} for key in own],
            "additionalProperties": False,
        }


_ALTERNATIVES = ListOf(AlternativeKind(), "a list of at least two alternatives", least=2)
_EITHER_SUMMARY = (
    "Alternatives: the first whose `if` holds is executed, a step or several (`{if: …, steps: […]}`); the last may have none. "
    "Keys beside it belong to each."
)
_SOURCES_SUMMARY = "Sources of a list, each a step or several (`{steps: […]}`): the records of one follow those of another."


def _with(node: Node, shared: tuple[tuple[ScalarNode, Node], ...]) -> Node:
    """Return an alternative with the keys that it shares with the others."""
    several = _several(node)
    if isinstance(several, SequenceNode) and several.items and isinstance(node, MappingNode):
        steps = replace(several, items=(*several.items[:-1], _with(several.items[-1], shared)))
        return replace(node, entries=tuple((key, steps if value is several else value) for key, value in node.entries))
    step = long_form(node)
    if not isinstance(step, MappingNode):
        return step
    own = {key.text for key, _ in step.entries}
    return replace(step, entries=(*step.entries, *(entry for entry in shared if entry[0].text not in own)))


# ------------------------------------------------------------------------------------------------------------ operations
class OperationKind(Struct, frozen=True):
    """One step, a list of steps, or `either` with alternatives."""

    expected: str = "a step, a list of steps, or `either`"

    def read(self, node: Node, out: Findings) -> _Draft | None:
        match node:
            case SequenceNode():
                return _LIST.read(node, out)
            case MappingNode(entries=entries) if any(key.text in (EITHER, SOURCES) for key, _ in entries):
                return _EITHER.read(node, out)
            case MappingNode(entries=entries) if _returns(node) and len(entries) > 1:
                return _LIST.read(SequenceNode((node,), node.span), out)
            case MappingNode() if _returns(node):
                out.add("MAP010", "`returns` is the last of a list of steps", node.entries[0][0].span)
                return None
        step = STEP.read(node, out)
        return None if step is None else _Draft((step,))

    def schema(self, definitions: Definitions) -> dict[str, Json]:
        return {"anyOf": [STEP.schema(definitions), _LIST.schema(definitions), _returning(definitions), _EITHER.schema(definitions)]}


_LIST = _StepsKind()
_EITHER = _EitherKind()

OPERATIONS: Kind[tuple[ast.Operation, ...]] = Transform(
    MapOf(NAME, OperationKind(), lambda name, draft, span: (name, draft, span), "operations by name"), _expanded
)
