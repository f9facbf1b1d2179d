"""Objects: mappings whose keys the language names, each with its kind and its meaning."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from msgspec import Struct, field

from unified_gen.documents.yaml12 import MappingNode, Node, ScalarNode
from unified_gen.language.findings import Findings, first_line, listed, nearest
from unified_gen.language.kinds import Definitions, Kind, shortened
from unified_gen.source import Json, Span, Text

T = TypeVar("T")


class Key(Struct, frozen=True):
    """A key of an object: what stands at it and what it means (the hover text of editors)."""

    kind: Kind[Any]
    summary: str
    required: bool = False
    fatal: bool = False
    """Without it the object is unusable; a required key that is not fatal is reported and the object kept."""


class Got(Struct, frozen=True):
    """What was read of an object: `values` by key, and where each written key stands (wrong ones included)."""

    values: Mapping[str, Any]
    keys: Mapping[str, Span]
    span: Span

    def get(self, key: str, default: Any = None) -> Any:
        return self.values.get(key, default)

    def flag(self, key: str) -> bool:
        return bool(self.values.get(key, False))

    def plain(self, key: str) -> str | None:
        """A text without its place."""
        text = self.values.get(key)
        return text.value if isinstance(text, Text) else None


class Apart(Struct, frozen=True):
    """Keys that do not stand together, and why."""

    one: str
    others: tuple[str, ...]
    why: str


class Needs(Struct, frozen=True):
    """A key that says nothing without another."""

    key: str
    others: tuple[str, ...]


class Object(Kind[T], Struct, frozen=True):
    """A mapping whose keys the language names."""

    expected: str
    keys: Mapping[str, Key]
    build: Callable[[Got, Findings], T | None]
    apart: tuple[Apart, ...] = ()
    needs: tuple[Needs, ...] = ()
    instead: Mapping[str, str] = field(default_factory=dict)
    """Words people try, and what this language says for them."""

    def read(self, node: Node, out: Findings) -> T | None:
        if not isinstance(node, MappingNode):
            self.refuse(node, out)
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
        return self.build(Got(values, spans, node.span), out)

    def _unknown(self, key: ScalarNode, value: Node, out: Findings) -> str:
        """Report a key, and return the one that was meant: that it is missing needs no report of its own."""
        instead, near = self.instead.get(key.text), nearest(key.text, self.keys)
        if " " in key.text and isinstance(value, ScalarNode) and value.value is None:
            help = "a comma inside braces ends a text: put the text before it in quotes"
        elif instead is not None:
            help = f"this language says {instead}"
        else:
            help = f"did you mean `{near}`?" if near is not None else f"there is {listed(self.keys)}"
        out.add("MAP001", f"{self.expected} has no key `{shortened(key.text)}`", key.span, help=help)
        return near or ""

    def _combination(self, spans: Mapping[str, Span], out: Findings) -> None:
        for rule in self.apart:
            if rule.one in spans:
                for other in rule.others:
                    if other in spans:
                        out.add("MAP010", f"`{rule.one}` and `{other}` do not stand together", spans[rule.one], help=rule.why)
        for need in self.needs:
            if need.key in spans and not any(other in spans for other in need.others):
                out.add("MAP010", f"`{need.key}` says nothing without {listed(need.others)}", spans[need.key])

    def schema(self, definitions: Definitions) -> dict[str, Json]:
        properties: dict[str, Json] = {}
        for name, known in self.keys.items():
            properties[name] = {**known.kind.schema(definitions), "description": known.summary}
        found: dict[str, Json] = {"type": "object", "properties": properties, "additionalProperties": False}
        required = [name for name, known in self.keys.items() if known.required]
        if required:
            found["required"] = list[Json](required)
        rules: list[Json] = [{"not": {"required": [rule.one, other]}} for rule in self.apart for other in rule.others]
        rules += [
            {"if": {"required": [need.key]}, "then": {"anyOf": [{"required": [other]} for other in need.others]}} for need in self.needs
        ]
        return {**found, "allOf": rules} if rules else found
