"""Checks of a slice: it is valid OpenAPI, holds facts only, and each of them is the vendor's."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Any

from jsonschema.exceptions import ValidationError  # type: ignore[import-untyped]
from referencing.exceptions import Unresolvable

from unified_gen.specs.codes import DIFFERS, INVALID_SLICE, MISSING_OPERATION, NO_DOCUMENT, OTHER_DOCUMENT, OTHER_FACTS, PROSE
from unified_gen.specs.complete import facts_sha256
from unified_gen.specs.lock import Lock, LockFault, read_lock
from unified_gen.specs.take import take_all
from unified_gen.specs.update import LOCK, OVERLAY, SLICE, finder, reassembled
from unified_openapi.diagnostics.codes import COLLISION
from unified_openapi.diagnostics.model import Diagnostic, finding
from unified_openapi.documents.document import Document
from unified_openapi.documents.load import load_document
from unified_openapi.documents.operations import operations
from unified_openapi.documents.overlay import apply, load_overlay
from unified_openapi.documents.reading import DocumentFault
from unified_openapi.documents.structure import KINDS, walk
from unified_openapi.facts.complete import VendorFacts, open_facts
from unified_openapi.facts.entries import FACTS
from unified_openapi.facts.merge import OperationConflict
from unified_openapi.schemas.patterns import in_python, is_readable
from unified_openapi.source.pointers import child
from unified_openapi.source.spans import Span


@cache
def _validators() -> dict[str, Any]:
    """Return the validator class of each OpenAPI version.

    openapi-spec-validator uses jsonschema-rs if that is installed, which accepts other regular expressions than jsonschema. A
    document is valid or not independently of what else is installed, so this chooses jsonschema.
    """
    os.environ["OPENAPI_SPEC_VALIDATOR_SCHEMA_VALIDATOR_BACKEND"] = "jsonschema"
    from openapi_spec_validator import OpenAPIV30SpecValidator, OpenAPIV31SpecValidator, OpenAPIV32SpecValidator

    return {"3.0": OpenAPIV30SpecValidator, "3.1": OpenAPIV31SpecValidator, "3.2": OpenAPIV32SpecValidator}


def check(folder: Path, documents: Path | None) -> list[Diagnostic]:
    """Check `specs/<vendor>`.

    Args:
        folder: the vendor's folder.
        documents: the folder of complete vendor documents; without it the slice is compared with the facts of complete documents only.

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
    found += _facts(document, lock, folder)
    found += _compared(document, lock, folder, documents)
    return sorted(found, key=lambda diagnostic: diagnostic.order)


def validity(document: Document) -> Iterator[Diagnostic]:
    """Report the findings of openapi-spec-validator in a document, and patterns that no engine can read.

    Patterns are ECMA-262: those that Python's engine cannot read are not shown to the validator, which is written in Python.
    """
    for part in walk(document.root):
        pattern = part.value.get("pattern")
        if part.kind == "schema" and isinstance(pattern, str) and not is_readable(pattern):
            message = f"the pattern `{_short(pattern)}` is not a regular expression"
            yield finding(INVALID_SLICE, message, document.span(child(part.pointer, "pattern")))
    validator = _validators()[document.root["openapi"][:3]]
    try:
        for error in validator(in_python(document.root)).iter_errors():
            yield finding(INVALID_SLICE, error.message.partition("\n")[0], document.span(_pointer(error)))
    except (Unresolvable, LookupError, TypeError, ValueError, AttributeError, RecursionError, re.error) as error:
        # The validator follows references and formats values before it has checked them.
        message = str(error).partition("\n")[0]
        yield finding(INVALID_SLICE, f"openapi-spec-validator gave up: {message}", document.span(""))


def _pointer(error: ValidationError) -> str:
    return child("", *error.absolute_path)


def prose(document: Document) -> Iterator[Diagnostic]:
    """Report everything in a slice that is not a fact."""
    for location in walk(document.root):
        table = KINDS[location.kind]
        for key, value in location.value.items():
            if key in table.facts or key in table.parts or (key == "$ref" and isinstance(value, str)):
                if key == "scopes" and location.kind == "flow" and any(value.values()):
                    yield _no_fact(document, location.pointer, "scopes")
                continue
            known_values = location.kind == "schema" and key == "x-extensible-enum"  # of overlays
            if not known_values and not (location.kind == "response" and key == "description" and value == ""):
                yield _no_fact(document, location.pointer, key)


def _no_fact(document: Document, pointer: str, key: str) -> Diagnostic:
    return finding(PROSE, f"`{key}` is not a fact", document.span(child(pointer, key)))


def _listed(document: Document, lock: Lock, folder: Path) -> Iterator[Diagnostic]:
    """Report operations that are in the lock and not in the slice, or the reverse."""
    there = {operation.endpoint for operation in operations(document).values()}
    known = operations(document)
    span = Span((folder / LOCK).as_posix(), 1, 1, 1, 1)
    for source in lock.documents:
        for name in source.operations:
            operation = known.get(name)
            if operation is None:
                yield finding(MISSING_OPERATION, f"the slice has no operation `{name}`", span)
            else:
                there.discard(operation.endpoint)
    for operation in known.values():
        if operation.endpoint in there:
            yield finding(MISSING_OPERATION, f"lock.json does not list `{operation.name}`", document.span(operation.pointer))


def _facts(document: Document, lock: Lock, folder: Path) -> Iterator[Diagnostic]:
    """Compare the slice with the facts of the complete documents."""
    if not (folder / FACTS).is_file():
        return
    try:
        facts = open_facts(folder)
        wrong = list(_other_facts(facts, lock, folder))
        yield from wrong
        if not wrong and lock.product is None:
            for pointer, message in differences(reassembled(lock, facts.__getitem__, folder.name), document.root, "", FACTS):
                yield finding(DIFFERS, message, document.span(pointer))
    except DocumentFault as fault:
        yield fault.diagnostic
    except OperationConflict as clash:
        yield finding(COLLISION, str(clash), Span((folder / LOCK).as_posix(), 1, 1, 1, 1))


def _other_facts(facts: VendorFacts, lock: Lock, folder: Path) -> Iterator[Diagnostic]:
    """Report the documents that the lock or the facts lack, or have in another version."""
    expected = {source.name: source.sha256 or facts_sha256(folder) for source in lock.documents}
    span = Span((folder / FACTS).as_posix(), 1, 1, 1, 1)
    for name in expected.keys() - facts.entries.keys():
        yield finding(OTHER_FACTS, f"the facts of {name} are missing", span)
    for name, entry in facts.entries.items():
        if name not in expected:
            yield finding(OTHER_FACTS, f"lock.json does not have {name}", span)
        elif entry.sha256 != expected[name]:
            yield finding(OTHER_FACTS, f"these are facts of {name} with the sha256 {entry.sha256[:12]}…, not {expected[name][:12]}…", span)


def _compared(document: Document, lock: Lock, folder: Path, documents: Path | None) -> Iterator[Diagnostic]:
    if lock.product is not None:  # its facts are compared with the running product, by tests
        return
    span = Span((folder / LOCK).as_posix(), 1, 1, 1, 1)
    missing = [source for source in lock.documents if documents is None or not (documents / source.name).is_file()]
    has_facts = (folder / FACTS).is_file()
    for source in missing if not has_facts else ():
        yield finding(NO_DOCUMENT, f"{source.name} is not there to be compared with", span)
    if missing or documents is None:
        return
    find = finder(documents)
    try:
        others = [source for source in lock.documents if find(source.name).sha256 != source.sha256]
        for source in others:
            entire = find(source.name)
            message = f"{source.name} is version {entire.version}, sha256 {entire.sha256[:12]}…, not {source.sha256[:12]}…"
            yield finding(OTHER_DOCUMENT, message, span)
        if others:
            return
        for pointer, message in differences(reassembled(lock, find, folder.name), document.root, ""):
            yield finding(DIFFERS, message, document.span(pointer))
        if has_facts:
            yield from _compared_facts(open_facts(folder), [find(source.name) for source in lock.documents], folder)
    except DocumentFault as fault:
        yield fault.diagnostic
    except OperationConflict as clash:
        yield finding(COLLISION, str(clash), span)


def _compared_facts(facts: VendorFacts, documents: Iterable[Document], folder: Path) -> Iterator[Diagnostic]:
    """Compare the facts of complete documents with the documents. One difference of each is enough: facts are never edited."""
    for document in documents:
        if document.name in facts and facts[document.name].sha256 == document.sha256:
            expected = take_all(document, folder.name).root
            for pointer, message in islice(differences(expected, facts[document.name].root, ""), 1):
                span = Span((folder / FACTS).as_posix(), 1, 1, 1, 1)
                yield finding(OTHER_FACTS, f"{document.name}, {pointer}: {message}", span)


def differences(expected: object, found: object, pointer: str, of: str = "the vendor's document") -> Iterator[tuple[str, str]]:
    """Yield the differences of two trees: (pointer in the one found, message). Objects are compared member by member, in any order.

    Args:
        expected: the facts of `of`.
        found: the facts that are compared with them.
        pointer: the location of both.
        of: the name of what is expected, for messages.
    """
    if isinstance(expected, dict) and isinstance(found, dict):
        for name in expected:
            at = child(pointer, name)
            if name not in found:
                yield pointer, f"{of} has `{name}` here"
            else:
                yield from differences(expected[name], found[name], at, of)
        for name in found:
            if name not in expected:
                yield child(pointer, name), f"{of} has nothing of the kind"
    elif isinstance(expected, list) and isinstance(found, list) and len(expected) == len(found):
        for number, (one, other) in enumerate(zip(expected, found, strict=True)):
            yield from differences(one, other, child(pointer, number), of)
    elif type(expected) is not type(found) or expected != found:
        yield pointer, f"{of} has {_short(expected)}"


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 80 else text[:77] + "..."
