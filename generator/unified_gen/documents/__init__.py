"""Vendor documents: reading what vendors publish into one OpenAPI 3 form, with a place in the file for every fact."""

from unified_gen.documents.load import Document, UnresolvableReference, load_document, parse_document
from unified_gen.documents.operations import OperationFacts, Operations, ParameterFacts, operations
from unified_gen.documents.reading import DocumentFault

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
