"""Check a slice: is it valid OpenAPI, does it hold facts only, and is each of them the vendor's?"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from jsonschema.exceptions import ValidationError  # type: ignore[import-untyped]
from openapi_spec_validator import OpenAPIV30SpecValidator, OpenAPIV31SpecValidator, OpenAPIV32SpecValidator
from referencing.exceptions import Unresolvable

from unified_gen.diagnostics.model import Diagnostic
from unified_gen.documents.codes import (
    COLLISION,
    DIFFERS,
    INVALID_SLICE,
    MISSING_OPERATION,
    NO_DOCUMENT,
    OTHER_DOCUMENT,
    PROSE,
    finding,
)
from unified_gen.documents.load import Document, load_document
from unified_gen.documents.operations import operations
from unified_gen.documents.overlay import apply, load_overlay
from unified_gen.documents.pointers import child
from unified_gen.documents.reading import DocumentFault
from unified_gen.documents.structure import KINDS, walk
from unified_gen.source import Span
from unified_gen.specs.lock import Lock, LockFault, read_lock
from unified_gen.specs.merge import Clash
from unified_gen.specs.update import LOCK, OVERLAY, SLICE, finder, reassembled

_VALIDATORS = {"3.0": OpenAPIV30SpecValidator, "3.1": OpenAPIV31SpecValidator, "3.2": OpenAPIV32SpecValidator}


def check(folder: Path, documents: Path | None) -> list[Diagnostic]:
    """Check `specs/<vendor>`.

    Args:
        folder: the vendor's folder.
        documents: the folder of whole vendor documents; without it the slice is not compared.

    Returns:
        What was found, in order; empty if all is well. A document that is not there is a warning.
    """
    try:
        document = load_document(folder / SLICE)
    except DocumentFault as fault:
        return [fault.diagnostic]
    found = [*document.faults, *validity(document), *prose(document)]
    overlay = folder / OVERLAY
    if overlay.exists():
        try:
            found += apply(document, load_overlay(overlay)).faults[len(document.faults) :]
        except DocumentFault as fault:
            found.append(fault.diagnostic)
    try:
        lock = read_lock(folder / LOCK)
    except LockFault as fault:
        return sorted([*found, fault.diagnostic], key=lambda diagnostic: diagnostic.order)
    found += _listed(document, lock, folder)
    found += _compared(document, lock, folder, documents)
    return sorted(found, key=lambda diagnostic: diagnostic.order)


def validity(document: Document) -> Iterator[Diagnostic]:
    """What openapi-spec-validator says of a document."""
    validator = _VALIDATORS[document.root["openapi"][:3]]
    try:
        for error in validator(document.root).iter_errors():
            yield finding(INVALID_SLICE, document.span(_place(error)), error.message.partition("\n")[0])
    except (Unresolvable, LookupError, TypeError, ValueError, AttributeError, RecursionError) as error:
        # It follows references and formats values before it has checked them.
        said = str(error).partition("\n")[0]
        yield finding(INVALID_SLICE, document.span(""), f"openapi-spec-validator gave up: {said}")


def _place(error: ValidationError) -> str:
    return child("", *error.absolute_path)


def prose(document: Document) -> Iterator[Diagnostic]:
    """Everything in a slice that is no fact."""
    for place in walk(document.root):
        table = KINDS[place.kind]
        for key, value in place.value.items():
            if key in table.facts or key in table.parts or (key == "$ref" and isinstance(value, str)):
                if key == "scopes" and place.kind == "flow" and any(value.values()):
                    yield _no_fact(document, place.pointer, "scopes")
                continue
            if not (place.kind == "response" and key == "description" and value == ""):
                yield _no_fact(document, place.pointer, key)


def _no_fact(document: Document, pointer: str, key: str) -> Diagnostic:
    return finding(PROSE, document.span(child(pointer, key)), f"`{key}` is no fact")


def _listed(document: Document, lock: Lock, folder: Path) -> Iterator[Diagnostic]:
    """Lock and slice name the same operations."""
    there = {operation.place for operation in operations(document).values()}
    known = operations(document)
    span = Span((folder / LOCK).as_posix(), 1, 1, 1, 1)
    for source in lock.documents:
        for name in source.operations:
            operation = known.get(name)
            if operation is None:
                yield finding(MISSING_OPERATION, span, f"the slice has no operation `{name}`")
            else:
                there.discard(operation.place)
    for operation in known.values():
        if operation.place in there:
            yield finding(MISSING_OPERATION, document.span(operation.pointer), f"lock.json does not list `{operation.name}`")


def _compared(document: Document, lock: Lock, folder: Path, documents: Path | None) -> Iterator[Diagnostic]:
    if lock.product is not None:  # its facts are compared with the running product, by tests
        return
    span = Span((folder / LOCK).as_posix(), 1, 1, 1, 1)
    missing = [source for source in lock.documents if documents is None or not (documents / source.name).is_file()]
    for source in missing:
        yield finding(NO_DOCUMENT, span, f"{source.name} is not there to be compared with")
    if missing or documents is None:
        return
    find = finder(documents)
    try:
        others = [source for source in lock.documents if find(source.name).sha256 != source.sha256]
        for source in others:
            whole = find(source.name)
            message = f"{source.name} is version {whole.version}, sha256 {whole.sha256[:12]}…, not {source.sha256[:12]}…"
            yield finding(OTHER_DOCUMENT, span, message)
        if not others:
            for pointer, message in differences(reassembled(lock, find, folder.name), document.root, ""):
                yield finding(DIFFERS, document.span(pointer), message)
    except DocumentFault as fault:
        yield fault.diagnostic
    except Clash as clash:
        yield finding(COLLISION, span, str(clash))


def differences(expected: object, found: object, pointer: str) -> Iterator[tuple[str, str]]:
    """Where two trees differ: (pointer in the one found, message). Objects are compared member by member, in any order."""
    if isinstance(expected, dict) and isinstance(found, dict):
        for name in expected:
            at = child(pointer, name)
            if name not in found:
                yield pointer, f"the vendor's document has `{name}` here"
            else:
                yield from differences(expected[name], found[name], at)
        for name in found:
            if name not in expected:
                yield child(pointer, name), "the vendor's document has nothing of the kind"
    elif isinstance(expected, list) and isinstance(found, list) and len(expected) == len(found):
        for number, (one, other) in enumerate(zip(expected, found, strict=True)):
            yield from differences(one, other, child(pointer, number))
    elif type(expected) is not type(found) or expected != found:
        yield pointer, f"the vendor's document says {_short(expected)}"


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 80 else text[:77] + "..."
