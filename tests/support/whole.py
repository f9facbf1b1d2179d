"""The vendors' whole documents, with our overlays applied: what requests are judged by.

They are not part of this repository. `UNIFIED_VENDOR_DOCUMENTS` names the folder they lie in.
"""

from __future__ import annotations

import functools
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from tests.support.routes import METHODS, resolved
from tests.support.store import Document
from unified_gen.documents.load import parse_document
from unified_gen.documents.overlay import apply, load_overlay

SPECS = Path(__file__).parents[2] / "specs"
VENDORS = tuple(
    sorted(lock.parent.name for lock in SPECS.glob("*/lock.json") if "product" not in json.loads(lock.read_text("utf-8"))["documents"][0])
)
"""Those with a document of their own; the facts of the others are tested against the product in tests/live."""


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
    if reason := missing():
        raise RuntimeError(reason)
    (locked,) = json.loads((SPECS / vendor / "lock.json").read_text(encoding="utf-8"))["documents"]
    data = (Path(os.environ["UNIFIED_VENDOR_DOCUMENTS"]) / locked["name"]).read_bytes()
    raw = json.loads(data) if data[:1] == b"{" else json.loads(json.dumps(yaml.load(data, _Loader)))  # integer keys become text
    document = parse_document(data, locked["name"])
    assert document.sha256 == locked["sha256"], f"{locked['name']} is not the document that specs/{vendor} was taken from"
    if (overlay := SPECS / vendor / "overlay.yaml").exists():
        before = len(document.faults)
        document = apply(document, load_overlay(overlay))
        assert len(document.faults) == before, document.faults[before:]
    _without_strays(document.root)
    return Whole(vendor, document.version, document.sha256, raw, document.root, Document(document.root))


def _without_strays(root: Any) -> None:
    """Leave out path parameters that are no part of their path, as Zendesk's document has one: no request could hold them."""
    for template, item in root["paths"].items():
        for node in (item, *(item[method] for method in METHODS if method in item)):
            if "parameters" in node:
                given = [(each, resolved(root, each)) for each in node["parameters"]]
                node["parameters"] = [each for each, told in given if told["in"] != "path" or f"{{{told['name']}}}" in template]
