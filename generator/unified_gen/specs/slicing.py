"""Cut a document down to the facts of some operations: the parts they reach, without a word of prose."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from copy import deepcopy
from typing import Any

from msgspec import Struct, field

from unified_gen.diagnostics.model import Diagnostic
from unified_gen.documents.codes import REPAIRED, finding
from unified_gen.documents.conversion import mapping
from unified_gen.documents.load import Document, UnresolvableReference
from unified_gen.documents.operations import OperationFacts
from unified_gen.documents.pointers import child, tokens
from unified_gen.documents.structure import KINDS
from unified_gen.documents.tidy import LOCATIONS
from unified_gen.specs.repair import repair

_SECTIONS = {
    "schema": "schemas",
    "parameter": "parameters",
    "response": "responses",
    "request body": "requestBodies",
    "header": "headers",
    "security scheme": "securitySchemes",
}
_KINDS = {section: kind for kind, section in _SECTIONS.items()}
_NAME = re.compile(r"[^A-Za-z0-9._-]")


class Slicer(Struct):
    """Collects the components that facts refer to. `keep` maps pointers of schemas to the properties that stay."""

    document: Document
    keep: Mapping[str, frozenset[str]]
    whole: frozenset[str] = frozenset()
    """Pointers of components that a request reaches: what they require is never cut."""
    queue: list[tuple[str, str]] = field(default_factory=list)
    seen: dict[str, str] = field(default_factory=dict)
    """Pointer of a component in the document to its name in the slice."""
    kept: set[str] = field(default_factory=set)
    repairs: list[Diagnostic] = field(default_factory=list)
    told: dict[str, str] = field(default_factory=dict)

    @property
    def old(self) -> bool:
        return str(self.document.root.get("openapi", "")).startswith("3.0")

    def components(self) -> dict[str, dict[str, Any]]:
        """All that was referred to so far, and what that refers to, in the order of the document."""
        made: dict[str, dict[str, Any]] = {}
        while self.queue:
            kind, pointer = self.queue.pop(0)
            facts = self.facts(kind, self.document.at(pointer), pointer, pointer in self.whole)
            made.setdefault(_SECTIONS[kind], {})[self.seen[pointer]] = facts
        return {section: self._ordered(section, made[section]) for section in _SECTIONS.values() if section in made}

    def _ordered(self, section: str, made: dict[str, Any]) -> dict[str, Any]:
        source = mapping(mapping(self.document.root.get("components")).get(section))
        order = {_named(name): number for number, name in enumerate(source)}
        return dict(sorted(made.items(), key=lambda entry: (order.get(entry[0], len(order)), entry[0])))

    # ------------------------------------------------------------------------------------- one object
    def facts(self, kind: str, value: Any, pointer: str, request: bool) -> Any:
        """The facts of one object. `request` tells that it is part of what is sent."""
        if kind == "schema" and isinstance(value, bool):
            return value if not self.old else {} if value else {"not": {}}
        if not isinstance(value, dict):
            self._say(pointer, f"{_a(value)} stood where {_article(kind)} belongs, and was left out")
            return _nothing(kind)
        reference = value.get("$ref")
        if isinstance(reference, str) and kind in _SECTIONS:
            target = self._refer(reference, kind, pointer)
            if kind != "schema":
                return {"$ref": target} if target is not None else _nothing(kind)
            made = {"$ref": target} if target is not None else {}
        else:
            made = {}
        made.update(self._parts(kind, value, pointer, request))
        if kind == "schema":
            self._cut(made, pointer, request)
        for message in repair(kind, made, self.old):
            self._say(pointer, message)
        return made if usable(kind, made) else _nothing(kind)

    def _parts(self, kind: str, value: dict[str, Any], pointer: str, request: bool) -> dict[str, Any]:
        table = KINDS[kind]
        made: dict[str, Any] = {}
        for key, part in value.items():
            at = child(pointer, key)
            if key in table.facts:
                made[key] = deepcopy(part)
            elif key in table.parts:
                inner, holds = table.parts[key]
                sent = request or inner == "request body" or (kind == "operation" and inner == "parameter")
                made.update(self._part(key, part, inner, holds, at, sent, pointer))
            elif key == "x-nullable" and part is True:
                made["nullable"] = True
        return made

    def _part(self, key: str, part: Any, inner: str, holds: str, at: str, request: bool, around: str) -> dict[str, Any]:
        if holds == "map":
            if not isinstance(part, dict):
                self._say(at, f"{_a(part)} stood where an object belongs, and was left out")
                return {}
            names = self._kept_names(part, around) if key == "properties" else list(part)
            skip = inner in ("path item", "response")
            found = {n: self.facts(inner, part[n], child(at, n), request) for n in names if not (skip and n.startswith("x-"))}
            return {key: {name: facts for name, facts in found.items() if facts is not None}}
        if holds == "list":
            if not isinstance(part, list):
                self._say(at, f"{_a(part)} stood where a list belongs, and was left out")
                return {}
            listed = [self.facts(inner, each, child(at, number), request) for number, each in enumerate(part)]
            return {key: [facts for facts in listed if facts is not None]}
        if isinstance(part, bool) and key in ("additionalProperties", "unevaluatedProperties", "unevaluatedItems"):
            return {key: part}
        if key == "items" and isinstance(part, list):
            arms = [self.facts(inner, each, child(at, number), request) for number, each in enumerate(part)]
            self._say(at, "a list of schemas under `items` is read as: each element is one of them")
            return {key: {"anyOf": arms} if len(arms) > 1 else arms[0] if arms else {}}
        if key == "discriminator":
            return self._discriminator(part, at)
        facts = self.facts(inner, part, at, request)
        return {key: facts} if facts is not None else {}

    def _discriminator(self, part: Any, at: str) -> dict[str, Any]:
        if isinstance(part, str):
            self._say(at, "a discriminator is an object with `propertyName`")
            return {"discriminator": {"propertyName": part}}
        if not isinstance(part, dict):
            return {}
        made = {key: deepcopy(part[key]) for key in ("propertyName", "mapping", "defaultMapping") if key in part}
        words = part.get("mapping")
        if isinstance(words, dict):
            made["mapping"] = {}
            for word, target in words.items():
                if not isinstance(target, str):
                    continue
                bare = child("#/components/schemas", target)
                reference = self._refer(target if target.startswith("#") else bare, "schema", child(at, "mapping", word))
                if reference is not None:
                    made["mapping"][word] = reference
        return {"discriminator": made}

    # ------------------------------------------------------------------------------------- references
    def _refer(self, reference: str, kind: str, pointer: str) -> str | None:
        """The reference as it reads in the slice; what it leads to is fetched. None if it leads nowhere."""
        try:
            target = self.document.pointer(reference)
        except UnresolvableReference:
            self._say(pointer, f"`{reference}` leads nowhere; nothing is known of this place")
            return None
        if kind != "schema" and not self._sound(kind, target):
            self._say(pointer, f"`{reference}` leads to nothing that could be {_article(kind)}")
            return None
        names = tokens(target)
        direct = len(names) == 3 and names[0] == "components" and names[1] == _SECTIONS[kind]
        if target not in self.seen:
            self.seen[target] = _named(names[2]) if direct else _hoisted(names, target)
            self.queue.append((kind, target))
        return child("#/components", _SECTIONS[kind], self.seen[target])

    def _sound(self, kind: str, pointer: str) -> bool:
        """Whether a component that is no schema is worth referring to."""
        try:
            value = self.document.at(self.document.follow(pointer))
        except UnresolvableReference:
            return False
        return isinstance(value, dict) and (kind != "parameter" or usable(kind, value))

    # ------------------------------------------------------------------------------------- cutting
    def _kept_names(self, properties: dict[str, Any], schema: str) -> list[str]:
        names = self.keep.get(schema)
        if names is None:
            return list(properties)
        self.kept.add(schema)
        needed = self._needed(schema)
        return [name for name in properties if name in names or name in needed]

    def _needed(self, schema: str) -> frozenset[str]:
        if schema not in self.whole:
            return frozenset()
        required = self.document.at(schema).get("required")
        return frozenset(name for name in required if isinstance(name, str)) if isinstance(required, list) else frozenset()

    def _cut(self, made: dict[str, Any], pointer: str, request: bool) -> None:
        """What was cut is no longer required."""
        if pointer in self.keep and isinstance(made.get("required"), list):
            declared = mapping(self.document.at(pointer).get("properties"))
            made["required"] = [name for name in made["required"] if name in made.get("properties", {}) or name not in declared]

    def _say(self, pointer: str, message: str) -> None:
        if pointer not in self.told or message not in self.told[pointer]:
            self.told[pointer] = self.told.get(pointer, "") + message
            self.repairs.append(finding(REPAIRED, self.document.span(pointer), message))


def requested(document: Document, chosen: Iterable[OperationFacts]) -> frozenset[str]:
    """Pointers of the components that the requests of these operations reach."""
    slicer = Slicer(document, {})
    for operation in chosen:
        value = document.at(operation.pointer)
        for key in ("parameters", "requestBody"):
            if key in value:
                slicer.facts("operation", {key: value[key]}, operation.pointer, True)
        for parameter in operation.parameters:
            slicer.facts("parameter", document.at(parameter.pointer), parameter.pointer, True)
    slicer.components()
    return frozenset(slicer.seen)


def _nothing(kind: str) -> dict[str, Any] | None:
    """What stands for an object that cannot be had; None if nothing can, so that it is left out."""
    return {"schema": {}, "media type": {}, "encoding": {}, "response": {"description": ""}, "flows": {}}.get(kind)


def usable(kind: str, made: dict[str, Any]) -> bool:
    """Whether an object has what it cannot do without."""
    if "$ref" in made:
        return True
    match kind:
        case "parameter":
            return isinstance(made.get("name"), str) and made.get("in") in LOCATIONS
        case "security scheme":
            return _whole_scheme(made)
        case "server":
            return isinstance(made.get("url"), str)
    return True


def _whole_scheme(made: dict[str, Any]) -> bool:
    needs = {
        "apiKey": isinstance(made.get("name"), str) and made.get("in") in ("query", "header", "cookie"),
        "http": isinstance(made.get("scheme"), str),
        "oauth2": isinstance(made.get("flows"), dict),
        "openIdConnect": isinstance(made.get("openIdConnectUrl"), str),
        "mutualTLS": True,
    }
    return isinstance(made.get("type"), str) and needs.get(made["type"], False)


def _named(name: str) -> str:
    """A component's name as OpenAPI allows it: the same whatever else is taken, and no other's."""
    allowed = _NAME.sub("_", name)
    return allowed if allowed == name and name else f"{allowed}_{_mark(name)}"


def _mark(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:6]


def _hoisted(names: list[str], pointer: str) -> str:
    """A name for a part that is referred to inside another part: what it is called there, and which one."""
    words = [name for name in names if not name.isdigit() and name not in ("items", "schema", "allOf", "oneOf", "anyOf", "properties")]
    return f"{_NAME.sub('_', words[-1]) if words else 'Part'}_{_mark(pointer)}"


def _a(value: Any) -> str:
    names = {dict: "an object", list: "a list", str: "a text", type(None): "nothing", bool: "a truth value"}
    return names.get(type(value), "a number")


def _article(kind: str) -> str:
    return ("an " if kind[0] in "aeiou" else "a ") + kind
