"""Object kinds: mappings whose keys the language names, each with its kind and its meaning."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Generic, TypeVar

from msgspec import Struct, field

from unified_gen.diagnostics.suggestions import listed, nearest
from unified_gen.language.findings import Findings, first_line
from unified_gen.language.kinds import Definitions, Kind, refuse, shortened
from unified_openapi.source.nodes import MappingNode, Node, ScalarNode
from unified_openapi.source.spans import Json, Span, Text

T = TypeVar("T")


class Key(Struct, frozen=True):
    """A key of an object: the kind of its value and its meaning (the hover text of editors)."""

    kind: Kind[Any]
    summary: str
    required: bool = False
    fatal: bool = False
    """Without it the object is unusable; a required key that is not fatal is reported and the object saved."""


class ParsedKeys(Struct, frozen=True):
    """Keys of an object after parsing: `values` by key, and the span of each key (wrong ones included)."""

    values: Mapping[str, Any]
    keys: Mapping[str, Span]
    span: Span

    def get(self, key: str, default: Any = None) -> Any:
        return self.values.get(key, default)

    def flag(self, key: str) -> bool:
        return bool(self.values.get(key, False))

    def plain(self, key: str) -> str | None:
        """Return a text without its location."""
        text = self.values.get(key)
        return text.value if isinstance(text, Text) else None


class MutuallyExclusive(Struct, frozen=True):
    """Keys that exclude each other, with the reason."""

    one: str
    others: tuple[str, ...]
    why: str


class Requires(Struct, frozen=True):
    """A key that has no meaning without another."""

    key: str
    others: tuple[str, ...]


class Object(Struct, Generic[T], frozen=True):
    """A mapping whose keys the language names."""

    expected: str
    keys: Mapping[str, Key]
    build: Callable[[ParsedKeys, Findings], T | None]
    exclusive: tuple[MutuallyExclusive, ...] = ()
    needs: tuple[Requires, ...] = ()
    instead: Mapping[str, str] = field(default_factory=dict)
    """Keys that people try, and the key of this language for each."""

    def read(self, node: Node, out: Findings) -> T | None:
        if not isinstance(node, MappingNode):
            refuse(node, self.expected, out)
            return None
        values: dict[str, Any] = {}
        spans: dict[str, Span] = {}
        meant: set[str] = set()
        for key, value in node.entries:
            known = self.keys.get(key.text)
            if known is None:
                meant.add(self._unknown(key, value, out))
                continue
            spans[key.text] = key.span
            read = known.kind.read(value, out)
            if read is not None:
                values[key.text] = read
        for name, known in self.keys.items():
            if known.required and name not in spans and name not in meant:
                out.add("MAP007", f"{self.expected} needs `{name}`", first_line(node.span), help=f"`{name}`: {known.summary}")
        self._combination(spans, out)
        if any(known.fatal and name not in values for name, known in self.keys.items()):
            return None
        return self.build(ParsedKeys(values, spans, node.span), out)

    def _unknown(self, key: ScalarNode, value: Node, out: Findings) -> str:
        """Report an unknown key, and return the key that it probably is: its absence needs no report of its own."""
        instead, near = self.instead.get(key.text), nearest(key.text, self.keys)
        if " " in key.text and isinstance(value, ScalarNode) and value.value is None:
            help = "a comma inside braces ends a text: put the text before it in quotes"
        elif instead is not None:
            help = f"use {instead}"
        else:
            help = f"did you mean `{near}`?" if near is not None else f"there is {listed(self.keys)}"
        out.add("MAP001", f"{self.expected} has no key `{shortened(key.text)}`", key.span, help=help)
        return near or ""

    def _combination(self, spans: Mapping[str, Span], out: Findings) -> None:
        for rule in self.exclusive:
            if rule.one in spans:
                for other in rule.others:
                    if other in spans:
                        out.add("MAP010", f"`{rule.one}` and `{other}` exclude each other", spans[rule.one], help=rule.why)
        for need in self.needs:
            if need.key in spans and not any(other in spans for other in need.others):
                out.add("MAP010", f"`{need.key}` has no effect without {listed(need.others)}", spans[need.key])

    def schema(self, definitions: Definitions) -> dict[str, Json]:
        properties: dict[str, Json] = {}
        for name, known in self.keys.items():
            properties[name] = {**known.kind.schema(definitions), "description": known.summary}
        found: dict[str, Json] = {"type": "object", "properties": properties, "additionalProperties": False}
        required = [name for name, known in self.keys.items() if known.required]
        if required:
            found["required"] = list[Json](required)
        rules: list[Json] = [{"not": {"required": [rule.one, other]}} for rule in self.exclusive for other in rule.others]
        rules += [
            {"if": {"required": [need.key]}, "then": {"anyOf": [{"required": [other]} for other in need.others]}} for need in self.needs
        ]
        return {**found, "allOf": rules} if rules else found
