"""Slicing of a document to the facts of some operations: the parts that they reach, without any prose."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from copy import deepcopy
from typing import Any

from msgspec import Struct, field

from unified_openapi.diagnostics.codes import REPAIRED
from unified_openapi.diagnostics.model import Diagnostic, finding
from unified_openapi.documents.conversion import described, mapping, words
from unified_openapi.documents.document import Document, UnresolvableReference
from unified_openapi.documents.normalization import IN_PATH, LOCATIONS, resolved
from unified_openapi.documents.operations import OperationFacts
from unified_openapi.documents.structure import KINDS
from unified_openapi.facts.repair import repair
from unified_openapi.source.pointers import child, tokens

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
    """Collector of the components that facts refer to. `keep` maps pointers of schemas to the properties that stay."""

    document: Document
    keep: Mapping[str, frozenset[str]]
    complete: frozenset[str] = frozenset()
    """Pointers of components that a request reaches: properties that they require are never cut."""
    tags: bool = False
    """Keep the tags of operations. Slices have none: no mapping uses them."""
    path: str = ""
    """The path whose operations are being sliced."""
    queue: list[tuple[str, str]] = field(default_factory=list)
    seen: dict[str, str] = field(default_factory=dict)
    """Pointer of a component in the document to its name in the slice."""
    saved: set[str] = field(default_factory=set)
    repairs: list[Diagnostic] = field(default_factory=list)
    reported: dict[str, str] = field(default_factory=dict)

    @property
    def old(self) -> bool:
        return str(self.document.root.get("openapi", "")).startswith("3.0")

    def components(self) -> dict[str, dict[str, Any]]:
        """Return all components that were referred to so far, with those that they refer to, in the order of the document."""
        made: dict[str, dict[str, Any]] = {}
        while self.queue:
            kind, pointer = self.queue.pop(0)
            facts = self.facts(kind, self.document.at(pointer), pointer, pointer in self.complete)
            made.setdefault(_SECTIONS[kind], {})[self.seen[pointer]] = facts
        return {section: self._ordered(section, made[section]) for section in _SECTIONS.values() if section in made}

    def _ordered(self, section: str, made: dict[str, Any]) -> dict[str, Any]:
        source = mapping(mapping(self.document.root.get("components")).get(section))
        order = {_named(name): number for number, name in enumerate(source)}
        return dict(sorted(made.items(), key=lambda entry: (order.get(entry[0], len(order)), entry[0])))

    # ------------------------------------------------------------------------------------- one object
    def facts(self, kind: str, value: Any, pointer: str, request: bool) -> Any:
        """Return the facts of one object. `request` is true if it is part of a request."""
        if kind == "schema" and isinstance(value, bool):
            return value if not self.old else {} if value else {"not": {}}
        if not isinstance(value, dict):
            self._report(pointer, f"{described(value)} instead of {_article(kind)} was left out")
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
            self._cut(made, pointer)
        for message in repair(kind, made, self.old):
            self._report(pointer, message)
        return made if usable(kind, made) else _nothing(kind)

    def _parts(self, kind: str, value: dict[str, Any], pointer: str, request: bool) -> dict[str, Any]:
        table = KINDS[kind]
        made: dict[str, Any] = {}
        for key, part in value.items():
            at = child(pointer, key)
            if key == "x-graphql" and isinstance(part, dict) and isinstance(part.get("arguments"), dict):
                given, inside = part["arguments"], child(at, "arguments")
                made[key] = {**part, "arguments": {n: self.facts("schema", given[n], child(inside, n), True) for n in given}}
            elif key in table.facts:
                made[key] = deepcopy(part)
            elif key in table.parts:
                inner, holds = table.parts[key]
                sent = request or inner == "request body" or (kind == "operation" and inner == "parameter")
                made.update(self._part(key, part, inner, holds, at, sent, pointer))
            elif key == "x-nullable" and part is True:
                made["nullable"] = True
            elif key == "tags" and kind == "operation" and self.tags and (tags := words(part)):
                made["tags"] = tags
        return made

    def _part(self, key: str, part: Any, inner: str, holds: str, at: str, request: bool, around: str) -> dict[str, Any]:
        if holds == "map":
            if not isinstance(part, dict):
                self._report(at, f"{described(part)} instead of an object was left out")
                return {}
            names = self._names_to_keep(part, around) if key == "properties" else list(part)
            skip = inner in ("path item", "response")
            found = {n: self.facts(inner, part[n], child(at, n), request) for n in names if not (skip and n.startswith("x-"))}
            return {key: {name: facts for name, facts in found.items() if facts is not None}}
        if holds == "list":
            if not isinstance(part, list):
                self._report(at, f"{described(part)} instead of a list was left out")
                return {}
            stray = self._is_stray if inner == "parameter" else lambda each, at: False
            locations = [(each, child(at, number)) for number, each in enumerate(part)]
            listed = [self.facts(inner, each, location, request) for each, location in locations if not stray(each, location)]
            return {key: [facts for facts in listed if facts is not None]}
        if isinstance(part, bool) and key in ("additionalProperties", "unevaluatedProperties", "unevaluatedItems"):
            return {key: part}
        if key == "items" and isinstance(part, list):
            arms = [self.facts(inner, each, child(at, number), request) for number, each in enumerate(part)]
            self._report(at, "a list of schemas under `items` is read as: each element is one of them")
            return {key: {"anyOf": arms} if len(arms) > 1 else arms[0] if arms else {}}
        if key == "discriminator":
            return self._discriminator(part, at)
        facts = self.facts(inner, part, at, request)
        return {key: facts} if facts is not None else {}

    def _is_stray(self, parameter: Any, at: str) -> bool:
        """Return true, and report it, if a path parameter is not part of the path: it cannot be sent."""
        found = resolved(self.document.root, parameter) or {}
        name = found.get("name")
        if found.get("in") != "path" or name in IN_PATH.findall(self.path):
            return False
        self._report(at, f"the path parameter `{name}` is not a part of the path and was left out")
        return True

    def _discriminator(self, part: Any, at: str) -> dict[str, Any]:
        if isinstance(part, str):
            self._report(at, "a discriminator is an object with `propertyName`")
            return {"discriminator": {"propertyName": part}}
        if not isinstance(part, dict):
            self._report(at, f"{described(part)} instead of a discriminator was left out")
            return {}
        made = {key: deepcopy(part[key]) for key in ("propertyName", "mapping", "defaultMapping") if key in part}
        words = part.get("mapping")
        if isinstance(words, dict):
            made["mapping"] = {}
            for word, target in words.items():
                if not isinstance(target, str):
                    self._report(child(at, "mapping", word), f"{described(target)} instead of a reference was left out")
                    continue
                bare = child("#/components/schemas", target)
                reference = self._refer(target if target.startswith("#") else bare, "schema", child(at, "mapping", word))
                if reference is not None:
                    made["mapping"][word] = reference
        return {"discriminator": made}

    # ------------------------------------------------------------------------------------- references
    def refer_all(self) -> None:
        """Include all schemas of the document."""
        for name in mapping(mapping(self.document.root.get("components")).get("schemas")):
            self._refer(child("#/components/schemas", name), "schema", "")

    def _refer(self, reference: str, kind: str, pointer: str) -> str | None:
        """Return the reference as it reads in the slice, and slice its target. None if it has none."""
        try:
            target = self.document.pointer(reference)
        except UnresolvableReference:
            self._report(pointer, f"`{reference}` leads nowhere; nothing is known of this location")
            return None
        if kind != "schema" and not self._sound(kind, target):
            self._report(pointer, f"`{reference}` leads to nothing that could be {_article(kind)}")
            return None
        names = tokens(target)
        direct = len(names) == 3 and names[0] == "components" and names[1] == _SECTIONS[kind]
        if target not in self.seen:
            self.seen[target] = _named(names[2]) if direct else _hoisted(names, target)
            self.queue.append((kind, target))
        return child("#/components", _SECTIONS[kind], self.seen[target])

    def _sound(self, kind: str, pointer: str) -> bool:
        """Return true if a component that is not a schema is worth referring to."""
        try:
            value = self.document.at(self.document.follow(pointer))
        except UnresolvableReference:
            return False
        return isinstance(value, dict) and (kind != "parameter" or usable(kind, value))

    # ------------------------------------------------------------------------------------- cutting
    def _names_to_keep(self, properties: dict[str, Any], schema: str) -> list[str]:
        names = self.keep.get(schema)
        if names is None:
            return list(properties)
        self.saved.add(schema)
        needed = self._needed(schema)
        return [name for name in properties if name in names or name in needed]

    def _needed(self, schema: str) -> frozenset[str]:
        if schema not in self.complete:
            return frozenset()
        required = self.document.at(schema).get("required")
        return frozenset(name for name in required if isinstance(name, str)) if isinstance(required, list) else frozenset()

    def _cut(self, made: dict[str, Any], pointer: str) -> None:
        """Remove properties that were cut from the required ones."""
        if pointer in self.keep and isinstance(made.get("required"), list):
            declared = mapping(self.document.at(pointer).get("properties"))
            made["required"] = [name for name in made["required"] if name in made.get("properties", {}) or name not in declared]

    def _report(self, pointer: str, message: str) -> None:
        if pointer not in self.reported or message not in self.reported[pointer]:
            self.reported[pointer] = self.reported.get(pointer, "") + message
            self.repairs.append(finding(REPAIRED, message, self.document.span(pointer)))


def requested(document: Document, chosen: Iterable[OperationFacts]) -> frozenset[str]:
    """Return the pointers of the components that the requests of these operations reach."""
    slicer = Slicer(document, {})
    for operation in chosen:
        slicer.path = operation.path
        value = document.at(operation.pointer)
        for key in ("parameters", "requestBody"):
            if key in value:
                slicer.facts("operation", {key: value[key]}, operation.pointer, True)
        for parameter in operation.parameters:
            slicer.facts("parameter", document.at(parameter.pointer), parameter.pointer, True)
    slicer.components()
    return frozenset(slicer.seen)


def _nothing(kind: str) -> dict[str, Any] | None:
    """Return a placeholder for an object that cannot be used; None if there is none, so that it is left out."""
    return {"schema": {}, "media type": {}, "encoding": {}, "response": {"description": ""}, "flows": {}}.get(kind)


def usable(kind: str, made: dict[str, Any]) -> bool:
    """Return true if an object has its indispensable members."""
    if "$ref" in made:
        return True
    match kind:
        case "parameter":
            return isinstance(made.get("name"), str) and made.get("in") in LOCATIONS
        case "security scheme":
            return _complete_scheme(made)
        case "server":
            return isinstance(made.get("url"), str)
    return True


def _complete_scheme(made: dict[str, Any]) -> bool:
    needs = {
        "apiKey": isinstance(made.get("name"), str) and made.get("in") in ("query", "header", "cookie"),
        "http": isinstance(made.get("scheme"), str),
        "oauth2": isinstance(made.get("flows"), dict),
        "openIdConnect": isinstance(made.get("openIdConnectUrl"), str),
        "mutualTLS": True,
    }
    return isinstance(made.get("type"), str) and needs.get(made["type"], False)


def _named(name: str) -> str:
    """Return a component's name as OpenAPI allows it: independent of the other names that are used, and different from all of them."""
    allowed = _NAME.sub("_", name)
    return allowed if allowed == name and name else f"{allowed}_{_mark(name)}"


def _mark(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:6]


def _hoisted(names: list[str], pointer: str) -> str:
    """Return a name for a part that is referred to inside another part: its name there, and a mark of its pointer."""
    words = [name for name in names if not name.isdigit() and name not in ("items", "schema", "allOf", "oneOf", "anyOf", "properties")]
    return f"{_NAME.sub('_', words[-1]) if words else 'Part'}_{_mark(pointer)}"


def _article(kind: str) -> str:
    return ("an " if kind[0] in "aeiou" else "a ") + kind
