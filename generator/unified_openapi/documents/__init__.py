"""Vendors' documents, read into one OpenAPI 3 form in which every part knows its location in the file."""

from unified_openapi.documents.load import Document, UnresolvableReference, load_document, parse_document
from unified_openapi.documents.operations import OperationFacts, Operations, ParameterFacts, operations
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
