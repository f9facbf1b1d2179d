"""Corrections of shipped toolkits: `specs/<vendor>/toolkit.yaml`, checked against the facts and compiled into `specs/toolkits.json`."""

from __future__ import annotations

import json
from collections.abc import Collection
from pathlib import Path

import msgspec

from unified_gen.specs.codes import BAD_TOOLKIT
from unified_openapi.diagnostics.model import Diagnostic, finding
from unified_openapi.documents.reading import DocumentFault, yaml_node
from unified_openapi.facts.entries import FACTS, FURTHER
from unified_openapi.facts.lazy import LazyFacts
from unified_openapi.facts.toolkit_exceptions import TOOLKIT, Exceptions, faults_of, parse_exceptions
from unified_openapi.source.node_paths import conversion_path, key_at, span_at
from unified_openapi.source.nodes import plain


def check_toolkits(specs: Path, vendors: Collection[str] = ()) -> tuple[dict[str, Exceptions], list[Diagnostic]]:
    """Return the corrections of toolkits by vendor, and the findings in them.

    Args:
        specs: folder with a folder for each vendor.
        vendors: the vendors to check; none for all.
    """
    found: dict[str, Exceptions] = {}
    diagnostics: list[Diagnostic] = []
    for path in sorted(specs.glob(f"*/{TOOLKIT}")):
        if not vendors or path.parent.name in vendors:
            exceptions, faults = _check(path, f"specs/{path.parent.name}/{TOOLKIT}")
            diagnostics += faults
            if exceptions is not None:
                found[path.parent.name] = exceptions
    return found, diagnostics


def compiled(exceptions: dict[str, Exceptions]) -> str:
    """Return the text of the file with the corrections of all vendors."""
    return json.dumps({name: msgspec.to_builtins(one) for name, one in sorted(exceptions.items())}, indent=1) + "\n"


def _check(path: Path, file: str) -> tuple[Exceptions | None, list[Diagnostic]]:
    try:
        node = yaml_node(path.read_bytes(), file)
    except DocumentFault as fault:
        return None, [fault.diagnostic]
    try:
        exceptions = parse_exceptions(plain(node))
    except msgspec.ValidationError as error:
        message, at = conversion_path(str(error))
        return None, [finding(BAD_TOOLKIT, message[:1].lower() + message[1:], span_at(node, at))]
    facts = path.parent / FACTS
    if not facts.is_file():
        return None, [finding(BAD_TOOLKIT, f"the vendor has no {FACTS}: there is nothing to correct", node.span)]
    further = path.parent / FURTHER
    known = LazyFacts(facts.read_bytes(), facts.as_posix(), [further.read_bytes()] if further.is_file() else [])
    faults = [finding(BAD_TOOLKIT, one.message, key_at(node, one.path), help=one.help) for one in faults_of(exceptions, known)]
    return exceptions, faults
