"""Diagnostics: their data model, and the codes of documents, overlays and facts."""

from unified_openapi.diagnostics.model import Code, Diagnostic, Note, Severity, finding

__all__ = ["Code", "Diagnostic", "Note", "Severity", "finding"]
