"""Vendors' documents, read into one OpenAPI 3 form in which every part knows its location in the file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from unified_openapi.documents.document import Document, UnresolvableReference
from unified_openapi.documents.operations import OperationFacts, Operations, ParameterFacts, operations

if TYPE_CHECKING:
    from unified_openapi.documents.load import load_document, parse_document
    from unified_openapi.documents.reading import DocumentFault

__all__ = [
    "Document",
    "DocumentFault",
    "OperationFacts",
    "Operations",
    "ParameterFacts",
    "UnresolvableReference",
    "load_document",
    "operations",
    "parse_document",
]

_LATE = {"DocumentFault": "reading", "load_document": "load", "parse_document": "load"}


def __getattr__(name: str) -> Any:
    """Import what reads documents when it is first used: programs that only read facts do not need it."""
    if name in _LATE:
        from importlib import import_module

        return getattr(import_module(f"{__name__}.{_LATE[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
