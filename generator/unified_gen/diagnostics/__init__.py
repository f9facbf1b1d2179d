"""What the compiler says: diagnostics, their codes and how they are shown."""

from unified_gen.diagnostics.model import Diagnostic, Note, Severity

__all__ = ["Diagnostic", "Note", "Severity"]
