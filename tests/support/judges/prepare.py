"""A vendor's document rewritten so that Prism can check by it. Only the form changes, not the set of valid requests, except where a
schema contains itself through `allOf`: Prism cannot resolve such references, and what is inside the inner one is not checked.

Prism compiles each schema with AJV and, if AJV rejects the schema, accepts every request silently. It also responds
with an operation's own 4xx, if the document has one, instead of reporting its reasons, and fails on examples that do not match
their own schema. `tests/support/judges/prism_audit.js` proves that no such part is left.
"""

from __future__ import annotations

import copy
import json
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from tests.support.routes import METHODS, resolved

_MOVED = ("oneOf", "anyOf", "allOf", "$ref", "enum", "properties", "items", "required", "not", "additionalProperties")


def prepared(document: Mapping[str, Any], *, responses: bool = False) -> tuple[dict[str, Any], Counter[str]]:
    """Return the rewritten copy, and the number of changes of each kind. `answers` retains the declared error responses."""
    out: dict[str, Any] = copy.deepcopy(dict(document))
    changes: Counter[str] = Counter()
    out["servers"] = [{"url": "/"}]
    _cut_recursion((out.get("components") or {}).get("schemas") or {}, changes)
    for node in _schemas(out):
        _fix(node, changes)
    for node in _nodes({"paths": out["paths"], "components": out.get("components") or {}}, set()):
        if node.get("in") in ("path", "query", "header") and isinstance(schema := node.get("schema"), dict) and "oneOf" in schema:
            # A text such as "1" is an integer and a text: Prism then finds two matching arms, and the standard means one.
            changes["alternatives in parameters"] += 1
            schema["anyOf"] = schema.pop("oneOf")
    for media_type, media in _media(out):
        if "json" in media_type:
            _fix_examples(out, media, changes)
    for item in out["paths"].values():
        item.pop("servers", None)
        for method in METHODS:
            if method in item:
                _fix_operation(item[method], changes, responses=responses)
    return out, changes


def _cut_recursion(schemas: dict[str, Any], changes: Counter[str]) -> None:
    """Remove the references by which a schema contains itself, as far as they are parts of an `allOf`."""
    done: set[str] = set()

    def follow(name: str, above: tuple[str, ...]) -> None:
        for node in list(_nodes(schemas[name], set())):
            for part in list(node.get("allOf") or ()):
                to = str(part.get("$ref")).removeprefix("#/components/schemas/") if isinstance(part, dict) else ""
                if to in above or to == name:
                    node["allOf"].remove(part)
                    changes["recursion"] += 1
            if node.get("allOf") == []:
                del node["allOf"]
        for node in _nodes(schemas[name], set()):
            to = str(node.get("$ref")).removeprefix("#/components/schemas/")
            if to in schemas and to not in done and to != name and to not in above:
                follow(to, (*above, name))
        done.add(name)

    for name in schemas:
        if name not in done:
            follow(name, ())


def _nodes(node: Any, seen: set[int]) -> Iterator[dict[str, Any]]:
    if id(node) in seen:
        return
    seen.add(id(node))
    if isinstance(node, dict):
        yield node
        for value in list(node.values()):
            yield from _nodes(value, seen)
    elif isinstance(node, list):
        for value in node:
            yield from _nodes(value, seen)


def _schemas(document: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield every schema object, including nested ones. Examples and defaults are skipped: they are values."""
    seen: set[int] = set()
    components = document.get("components") or {}
    rest = {"paths": document["paths"], "components": {name: part for name, part in components.items() if name != "schemas"}}
    roots = [*(components.get("schemas") or {}).values(), *(node["schema"] for node in _nodes(rest, set()) if "schema" in node)]
    while roots:
        node = roots.pop()
        if not isinstance(node, dict) or id(node) in seen:
            continue
        seen.add(id(node))
        yield node
        for word in ("properties", "patternProperties"):
            roots += (node.get(word) or {}).values()
        for word in ("oneOf", "anyOf", "allOf"):
            roots += node.get(word) or ()
        roots += [node.get(word) for word in ("items", "additionalProperties", "not")]


def _media(document: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for node in _nodes({"paths": document["paths"], "components": document.get("components") or {}}, set()):
        if isinstance(content := node.get("content"), dict):
            for media_type, media in content.items():
                if isinstance(media, dict) and "/" in media_type:
                    yield media_type, media


def _fix(node: dict[str, Any], changes: Counter[str]) -> None:
    if node.get("enum") == [None]:  # Prism would add a second null for `nullable`
        node.pop("nullable", None)
        node.pop("type", None)
        changes["nothing but null"] += 1
    elif isinstance(node.get("enum"), list):
        saved: list[Any] = []
        for value in node["enum"]:
            if (value is None and node.get("nullable")) or any(value == other and type(value) is type(other) for other in saved):
                changes["enumerators given twice"] += 1
            else:
                saved.append(value)
        node["enum"] = saved or node["enum"]
    if node.get("nullable") and "type" not in node:
        changes["nullable without a type"] += 1
        del node["nullable"]
        if moved := {key: node.pop(key) for key in list(node) if key in _MOVED}:
            node["anyOf"] = [moved, {"enum": [None]}]


def _fix_examples(document: dict[str, Any], media: dict[str, Any], changes: Counter[str]) -> None:
    if resolved(document, media.get("schema") or {}).get("type") == "string":
        return
    if isinstance(media.get("example"), str):
        changes["examples written as text"] += 1
        if (value := _parsed(media.pop("example"))) is not None:
            media["example"] = value
    for name, example in list((media.get("examples") or {}).items()):
        if isinstance(example, dict) and isinstance(example.get("value"), str):
            changes["examples written as text"] += 1
            if (value := _parsed(example["value"])) is None:
                del media["examples"][name]
            else:
                example["value"] = value


def _parsed(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return None


def _fix_operation(operation: dict[str, Any], changes: Counter[str], *, responses: bool) -> None:
    if isinstance(operation.get("security"), list) and {} in operation["security"] and len(operation["security"]) > 1:
        # "or anonymously" would hide a missing credential, and no call of ours is anonymous.
        changes["anonymous calls"] += 1
        operation["security"] = [alternative for alternative in operation["security"] if alternative]
    good = [code for code in operation["responses"] if str(code)[0] in "23"]
    if not responses and good:
        dropped = [code for code in operation["responses"] if code not in good]
        changes["error answers"] += len(dropped)
        for code in dropped:
            del operation["responses"][code]
