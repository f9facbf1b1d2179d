"""The vendors' complete documents, with our overlays applied: judges check requests by them.

The documents are not part of this repository. `UNIFIED_VENDOR_DOCUMENTS` names their folder; without it, their facts in
`specs/<vendor>/facts.json.gz` are used instead, and the summary of a test run states that.
"""

from __future__ import annotations

import copy
import functools
import hashlib
import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import yaml

from tests.support.routes import METHODS, resolved
from tests.support.store import Document
from tests.support.summary import FACTS_ONLY
from unified_openapi.documents.load import Document as LoadedDocument
from unified_openapi.documents.load import parse_document
from unified_openapi.documents.overlay import apply, load_overlay
from unified_openapi.facts.complete import open_facts

SPECS = Path(__file__).parents[2] / "specs"
_FIRST = {lock.parent.name: json.loads(lock.read_text("utf-8"))["documents"][0] for lock in SPECS.glob("*/lock.json")}
GRAPHQL = tuple(sorted(name for name, one in _FIRST.items() if one.get("format", "").startswith("GraphQL")))
"""Vendors with a GraphQL schema."""
VENDORS = tuple(sorted(name for name, one in _FIRST.items() if "product" not in one and name not in GRAPHQL))
"""Vendors with a document of HTTP operations; facts of products are tested against these in tests/live, and graphql-core judges GraphQL
schemas (tests/conformance/test_graphql.py).
"""
COMPARED = ("dropbox",)
"""Vendors without a document whose facts are compared with the vendor's own generated code (test_dropbox_facts)."""
JUDGED = (*VENDORS, *COMPARED)


def facts(vendor: str) -> Mapping[str, Any]:
    """Return the facts of a vendor from this repository, with our overlay: everything about a vendor without a document."""
    file, overlay = SPECS / vendor / "openapi.yaml", SPECS / vendor / "overlay.yaml"
    document = parse_document(file.read_bytes(), file.name)
    return (apply(document, load_overlay(overlay)) if overlay.exists() else document).root


class _Loader(yaml.CSafeLoader):
    """Dates stay text, and so does a bare `=`."""

    yaml_implicit_resolvers = {  # noqa: RUF012 - PyYAML's own name and kind
        first: [(tag, pattern) for tag, pattern in resolvers if tag not in ("tag:yaml.org,2002:timestamp", "tag:yaml.org,2002:value")]
        for first, resolvers in yaml.CSafeLoader.yaml_implicit_resolvers.items()
    }


@dataclass(frozen=True, slots=True)
class CompleteDocument:
    """One vendor's document. `raw` is as published, `document` with our overlay applied."""

    vendor: str
    version: str
    sha256: str
    raw: Mapping[str, Any] = field(repr=False)
    document: Mapping[str, Any] = field(repr=False)
    served: Document = field(repr=False)
    """The document in the form that the stores use."""
    facts: bool = False
    """True if there is no document: these are its facts, from this repository."""

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        """Hypothesis prints the arguments of a failing test; it must not print the document with them."""
        printer.text(str(self))

    def __str__(self) -> str:
        return f"{self.vendor} {self.version}, sha256 {self.sha256[:12]}{FACTS_ONLY if self.facts else ''}"


def folder() -> Path | None:
    """Return the folder of the vendors' documents; None if none is named.

    Raises:
        RuntimeError: the folder that is named does not exist.
    """
    named = os.environ.get("UNIFIED_VENDOR_DOCUMENTS")
    if not named:
        return None
    if not Path(named).is_dir():
        raise RuntimeError(f"UNIFIED_VENDOR_DOCUMENTS names no folder: {named}")
    return Path(named)


@functools.cache
def complete_document(vendor: str) -> CompleteDocument:
    """Return a vendor's document, or its facts if no folder of documents is named."""
    if vendor in COMPARED:
        found = facts(vendor)
        sha256 = hashlib.sha256((SPECS / vendor / "openapi.yaml").read_bytes()).hexdigest()
        return CompleteDocument(vendor, str(found["info"]["version"]), sha256, found, found, Document(found), facts=True)
    locked = json.loads((SPECS / vendor / "lock.json").read_text(encoding="utf-8"))["documents"]
    parts = [_part(vendor, one) for one in locked]
    raw, document = parts[0]
    if len(parts) > 1:
        raw = joined([(one["name"], raw) for one, (raw, _) in zip(locked, parts, strict=True)])
        document = parse_document(json.dumps(raw).encode(), vendor)
    version = ", ".join(dict.fromkeys(document.version for _, document in parts))
    sha256 = locked[0]["sha256"] if len(parts) == 1 else hashlib.sha256("".join(one["sha256"] for one in locked).encode()).hexdigest()
    if (overlay := SPECS / vendor / "overlay.yaml").exists():
        before = len(document.faults)
        document = apply(document, load_overlay(overlay))
        assert len(document.faults) == before, document.faults[before:]
    if vendor in LARGE:
        taken = {name for one in locked for name in one["operations"]}
        _only(document.root, taken)
    _without_strays(document.root)
    _without_empty_examples(document.root)
    return CompleteDocument(vendor, version, sha256, raw, document.root, Document(document.root), facts=folder() is None)


LARGE = frozenset({"discord"})
"""Vendors whose documents take Prism a minute to start: only the paths that a mapping may use are checked."""


def _only(root: Any, taken: set[str]) -> None:
    """Leave out the paths without any of these operations."""
    root["paths"] = {
        path: item
        for path, item in root["paths"].items()
        if any(f"{method.upper()} {path}" in taken or item[method].get("operationId") in taken for method in METHODS if method in item)
    }


CUT = {"microsoft-graph/Files.yml", "microsoft-graph/Mail.yml", "microsoft-graph/Users.Actions.yml"}
"""Documents reduced to the operations in use, with the fields of their large responses that facts contain: Prism does not finish
on a driveItem that holds workbooks, sites and users, each of which holds driveItems."""


def _cut(raw: Any, locked: Mapping[str, Any]) -> Any:
    made = copy.deepcopy(raw)
    schemas = made["components"]["schemas"]
    for location, names in locked["keep"].items():
        node = schemas.get(location)
        if node is None:
            node = made
            for step in location.split("/")[1:]:
                node = node[int(step)] if isinstance(node, list) else node[step]
        for part in (node, *node.get("allOf", ())):
            if "properties" in part:
                part["properties"] = {name: value for name, value in part["properties"].items() if name in names}
    made["paths"] = {
        path: item
        for path, item in made["paths"].items()
        if any(item[method].get("operationId") in locked["operations"] for method in METHODS if method in item)
    }
    reached: dict[tuple[str, str], Any] = {}
    _reach(made["paths"], made["components"], reached)
    saved = {"securitySchemes": made["components"].get("securitySchemes", {})}
    for (section, name), value in reached.items():
        saved.setdefault(section, {})[name] = value
    made["components"] = saved
    return made


def _reach(node: Any, components: Any, reached: dict[tuple[str, str], Any]) -> None:
    if isinstance(node, dict):
        if isinstance(node.get("$ref"), str):
            section, name = node["$ref"].split("/")[-2:]
            if (section, name) not in reached:
                reached[section, name] = components[section][name]
                _reach(reached[section, name], components, reached)
        for value in node.values():
            _reach(value, components, reached)
    elif isinstance(node, list):
        for value in node:
            _reach(value, components, reached)


def _part(vendor: str, locked: Mapping[str, Any]) -> tuple[Any, LoadedDocument]:
    name = locked["name"]
    if (documents := folder()) is not None:
        data = (documents / name).read_bytes()
        sha256 = hashlib.sha256(data).hexdigest()
    else:
        found = open_facts(SPECS / vendor).entries[name]
        data, sha256 = bytes(found.document), found.sha256
    raw = json.loads(data) if data[:1] == b"{" else json.loads(json.dumps(yaml.load(data, _Loader)))  # integer keys become text
    assert sha256 == locked["sha256"], f"{name} is not the document that specs/{vendor} was taken from"
    return (_cut(raw, locked) if name in CUT else raw), parse_document(data, name)


def lifted(document: Mapping[str, Any]) -> dict[str, Any]:
    """Return facts of several documents in the form of `joined`: paths of operations on another server begin with that server's path."""
    top = urlsplit(document["servers"][0]["url"]) if document.get("servers") else urlsplit("")
    paths: dict[str, Any] = {}
    for path, item in document["paths"].items():
        own = [urlsplit(one["servers"][0]["url"]) for one in (item.get(method, {}) for method in METHODS) if one.get("servers")]
        elsewhere = [server.path.rstrip("/") for server in own if server.netloc == top.netloc and server.path != top.path]
        paths[(elsewhere[0] if elsewhere else "") + path] = item
    return {**document, "paths": paths}


_PROSE = frozenset({"description", "summary", "title", "example", "examples", "externalDocs"})


def joined(documents: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    """Join the documents of one vendor. Paths of a document whose server has another path than the first's begin with that path.

    Components of the same name must be equal, except for prose and scopes; others are named after their documents.
    """
    made: dict[str, Any] = {}
    hosts = {urlsplit(document["servers"][0]["url"])._replace(path="").geturl() for _, document in documents}
    bases = [urlsplit(document["servers"][0]["url"]).path.rstrip("/") for _, document in documents]
    assert len(hosts) == 1, hosts
    for (name, document), base in zip(documents, bases, strict=True):
        document = copy.deepcopy(document)
        if not made:
            made = document | {"servers": [{"url": hosts.pop() + base}]}
        else:
            _renamed(document, made, name)
        prefix = base if base != bases[0] else ""
        below = {prefix + path: item for path, item in document["paths"].items()}
        made["paths"] = ({} if made["paths"] is document["paths"] else made["paths"]) | below
        for section, components in document.get("components", {}).items():
            for each, component in components.items():
                known = made["components"].setdefault(section, {}).setdefault(each, component)
                for kind, flow in component.get("flows", {}).items() if section == "securitySchemes" else ():
                    known["flows"][kind]["scopes"] |= flow.get("scopes", {})
        for item in document["paths"].values():
            for method in METHODS:
                if method in item:
                    item[method].setdefault("security", document.get("security", []))
    return made


def _renamed(document: dict[str, Any], made: dict[str, Any], name: str) -> None:
    """Name components that differ from existing ones after their document; components that refer to such a one differ too."""
    suffix = "_" + name.rpartition("/")[2].rpartition(".")[0]
    components = document.get("components", {})
    while True:
        differing = {
            f"#/components/{section}/{each}": f"#/components/{section}/{each}{suffix}"
            for section, found in components.items()
            for each in found
            if each in made["components"].get(section, {}) and _facts(found[each]) != _facts(made["components"][section][each])
        }
        if not differing:
            return
        for section, found in components.items():
            components[section] = {
                differing.get(f"#/components/{section}/{each}", each).rpartition("/")[2]: value for each, value in found.items()
            }
        _redirect(document, differing)


def _facts(node: Any, *, names: bool = False) -> Any:
    """Return a node without prose. Keys below `properties` are always names."""
    if isinstance(node, dict):
        return {
            key: {} if key == "scopes" else _facts(value, names=key == "properties" and not names)
            for key, value in node.items()
            if names or not (key in _PROSE or key.startswith("x-"))
        }
    return [_facts(item) for item in node] if isinstance(node, list) else node


def _redirect(node: Any, to: Mapping[str, str]) -> None:
    if isinstance(node, dict):
        if isinstance(node.get("$ref"), str):
            node["$ref"] = to.get(node["$ref"], node["$ref"])
        for value in node.values():
            _redirect(value, to)
    elif isinstance(node, list):
        for value in node:
            _redirect(value, to)


def _without_empty_examples(node: Any) -> None:
    """Leave out `example: null` next to any other key, as in HubSpot's documents: it does not describe a value."""
    if isinstance(node, dict):
        if "example" in node and node["example"] is None:
            del node["example"]
        for value in node.values():
            _without_empty_examples(value)
    elif isinstance(node, list):
        for value in node:
            _without_empty_examples(value)


def _without_strays(root: Any) -> None:
    """Leave out path parameters that are not part of their path, as in Zendesk's document: no request could contain them."""
    for template, item in root["paths"].items():
        for node in (item, *(item[method] for method in METHODS if method in item)):
            if "parameters" in node:
                given = [(each, resolved(root, each)) for each in node["parameters"]]
                node["parameters"] = [each for each, result in given if result["in"] != "path" or f"{{{result['name']}}}" in template]
