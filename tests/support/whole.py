"""The vendors' whole documents, with our overlays applied: what requests are judged by.

They are not part of this repository. `UNIFIED_VENDOR_DOCUMENTS` names the folder they lie in.
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
from unified_gen.documents.load import Document as LoadedDocument
from unified_gen.documents.load import parse_document
from unified_gen.documents.overlay import apply, load_overlay

SPECS = Path(__file__).parents[2] / "specs"
VENDORS = tuple(
    sorted(lock.parent.name for lock in SPECS.glob("*/lock.json") if "product" not in json.loads(lock.read_text("utf-8"))["documents"][0])
)
"""Those with a document of their own; the facts of the others are tested against the product in tests/live."""
COMPARED = ("dropbox",)
"""Those without one whose facts are compared with what the vendor itself generates from its description (test_dropbox_facts)."""
JUDGED = (*VENDORS, *COMPARED)


def facts(vendor: str) -> Mapping[str, Any]:
    """The facts of a vendor that this repository holds, with our overlay: all there is of one without a document."""
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
class Whole:
    """One vendor's document. `raw` is as published, `document` with our overlay applied."""

    vendor: str
    version: str
    sha256: str
    raw: Mapping[str, Any] = field(repr=False)
    document: Mapping[str, Any] = field(repr=False)
    served: Document = field(repr=False)
    """The document as the stores use it."""

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        """Hypothesis shows the arguments of a failing test; not the document with them."""
        printer.text(str(self))

    def __str__(self) -> str:
        return f"{self.vendor} {self.version}, sha256 {self.sha256[:12]}"


def missing() -> str | None:
    """Why nothing can be judged here, in one line; None where the documents are at hand."""
    folder = os.environ.get("UNIFIED_VENDOR_DOCUMENTS")
    if not folder:
        return "UNIFIED_VENDOR_DOCUMENTS names no folder of whole vendor documents"
    return None if Path(folder).is_dir() else f"UNIFIED_VENDOR_DOCUMENTS names no folder: {folder}"


@functools.cache
def whole(vendor: str) -> Whole:
    """A vendor's document.

    Raises:
        RuntimeError: no folder of documents is named.
    """
    if vendor in COMPARED:
        found = facts(vendor)
        sha256 = hashlib.sha256((SPECS / vendor / "openapi.yaml").read_bytes()).hexdigest()
        return Whole(vendor, str(found["info"]["version"]), sha256, found, found, Document(found))
    if reason := missing():
        raise RuntimeError(reason)
    locked = json.loads((SPECS / vendor / "lock.json").read_text(encoding="utf-8"))["documents"]
    parts = [_part(vendor, one) for one in locked]
    raw, document = parts[0]
    if len(parts) > 1:
        raw = joined([(one["name"], raw) for one, (raw, _) in zip(locked, parts, strict=True)])
        document = parse_document(json.dumps(raw).encode(), vendor)
    version = ", ".join(dict.fromkeys(document.version for _, document in parts))
    sha256 = document.sha256 if len(parts) == 1 else hashlib.sha256("".join(part.sha256 for _, part in parts).encode()).hexdigest()
    if (overlay := SPECS / vendor / "overlay.yaml").exists():
        before = len(document.faults)
        document = apply(document, load_overlay(overlay))
        assert len(document.faults) == before, document.faults[before:]
    if vendor in LARGE:
        taken = {name for one in locked for name in one["operations"]}
        _only(document.root, taken)
    _without_strays(document.root)
    _without_empty_examples(document.root)
    return Whole(vendor, version, sha256, raw, document.root, Document(document.root))


LARGE = frozenset({"discord"})
"""Whose documents take Prism a minute to start: they are judged by the paths that a mapping may use, whole."""


def _only(root: Any, taken: set[str]) -> None:
    """Leave out the paths on which none of these operations stands."""
    root["paths"] = {
        path: item
        for path, item in root["paths"].items()
        if any(f"{method.upper()} {path}" in taken or item[method].get("operationId") in taken for method in METHODS if method in item)
    }


CUT = {"microsoft-graph/Files.yml"}
"""Documents of which only the operations taken, and of their large answers only what was kept, are judged by: Prism does not come to an end
on a driveItem that holds workbooks, sites and users, each of which holds driveItems."""


def _cut(raw: Any, locked: Mapping[str, Any]) -> Any:
    made = copy.deepcopy(raw)
    schemas = made["components"]["schemas"]
    for place, names in locked["keep"].items():
        node = schemas.get(place)
        if node is None:
            node = made
            for step in place.split("/")[1:]:
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
    kept = {"securitySchemes": made["components"].get("securitySchemes", {})}
    for (section, name), value in reached.items():
        kept.setdefault(section, {})[name] = value
    made["components"] = kept
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
    data = (Path(os.environ["UNIFIED_VENDOR_DOCUMENTS"]) / locked["name"]).read_bytes()
    raw = json.loads(data) if data[:1] == b"{" else json.loads(json.dumps(yaml.load(data, _Loader)))  # integer keys become text
    document = parse_document(data, locked["name"])
    assert document.sha256 == locked["sha256"], f"{locked['name']} is not the document that specs/{vendor} was taken from"
    return (_cut(raw, locked) if locked["name"] in CUT else raw), document


def lifted(document: Mapping[str, Any]) -> dict[str, Any]:
    """A slice of several documents as `joined` has the whole: operations that have another server begin with that server's path."""
    top = urlsplit(document["servers"][0]["url"]) if document.get("servers") else urlsplit("")
    paths: dict[str, Any] = {}
    for path, item in document["paths"].items():
        own = [urlsplit(one["servers"][0]["url"]) for one in (item.get(method, {}) for method in METHODS) if one.get("servers")]
        elsewhere = [server.path.rstrip("/") for server in own if server.netloc == top.netloc and server.path != top.path]
        paths[(elsewhere[0] if elsewhere else "") + path] = item
    return {**document, "paths": paths}


_PROSE = frozenset({"description", "summary", "title", "example", "examples", "externalDocs"})


def joined(documents: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    """Several documents of one vendor as one. A path of a document whose server has another path than the first's begins with that path.

    Components of the same name must say the same, but for prose and scopes; ones that do not are named after their documents.
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
    """Name components that differ from those there are after their document; so does what refers to such a one differ."""
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
    """A node without prose. Keys below `properties` are names, whatever they are."""
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
    """Leave out `example: null` where it stands beside everything, as in HubSpot's documents: it is the example of nothing."""
    if isinstance(node, dict):
        if "example" in node and node["example"] is None:
            del node["example"]
        for value in node.values():
            _without_empty_examples(value)
    elif isinstance(node, list):
        for value in node:
            _without_empty_examples(value)


def _without_strays(root: Any) -> None:
    """Leave out path parameters that are no part of their path, as Zendesk's document has one: no request could hold them."""
    for template, item in root["paths"].items():
        for node in (item, *(item[method] for method in METHODS if method in item)):
            if "parameters" in node:
                given = [(each, resolved(root, each)) for each in node["parameters"]]
                node["parameters"] = [each for each, told in given if told["in"] != "path" or f"{{{told['name']}}}" in template]
