"""Result of a comparison of two versions of a vendor's document."""

from __future__ import annotations

import enum

from msgspec import Struct

from unified_gen.resolve.scopes import Alternatives, least, suffice
from unified_gen.specs.codes import CHANGED
from unified_openapi.diagnostics.model import Diagnostic, Severity
from unified_openapi.source.spans import Span


class Verdict(enum.Enum):
    """Outcome for an operation, the best first."""

    VALID = "valid"
    DEPRECATED = "deprecated"
    """It works, and the vendor has marked it, or something that it uses, as going."""
    CHANGED = "changed"
    """All of it still compiles, but to something else: the present adapter does not fit the new document."""
    LOSSY = "lossy"
    """It works without some field, enum value or filter, or without batching."""
    BROKEN = "broken"


class Change(Struct, frozen=True):
    """One difference of the results, in the user's words: `path`, "`getTask`", "/tasks/{id} → /v2/tasks/{id}".

    `lost` is the unified field or filter that the difference costs, or `batching`.
    """

    aspect: str
    subject: str
    difference: str
    verdict: Verdict = Verdict.CHANGED
    lost: str | None = None

    @property
    def message(self) -> str:
        return f"{self.aspect} of {self.subject}: {self.difference}" if self.subject else f"{self.aspect}: {self.difference}"

    def at(self, span: Span) -> Diagnostic:
        """Return the difference as a finding about a line of the mapping."""
        severity = Severity.ERROR if self.verdict in (Verdict.LOSSY, Verdict.BROKEN) else Severity.WARNING
        return Diagnostic(CHANGED.code, severity, self.message, span)


class OperationDrift(Struct, frozen=True):
    """One unified operation.

    `findings` are the compiler's, and new; `changes` are differences of what is compiled; `fields` the unified fields, filters or values
    that both are about.
    """

    resource: str
    operation: str
    verdict: Verdict
    fields: tuple[str, ...]
    findings: tuple[Diagnostic, ...]
    span: Span
    changes: tuple[Change, ...] = ()
    scopes: tuple[Alternatives, ...] = ()
    """The OAuth scopes that its requests accept, if the scopes changed."""

    def lacks(self, granted: frozenset[str]) -> tuple[str, ...]:
        """Return the scopes that a grant lacks for it; none if its scopes did not change."""
        missing = [found for found in self.scopes if not suffice(granted, [found])]
        return tuple(sorted({*least(missing, ())} - granted))

    @property
    def name(self) -> str:
        return f"{self.resource}.{self.operation}"


class Drift(Struct, frozen=True):
    """All operations of a vendor, and what concerns all of them: overlay actions that do not fit, findings and changes of the vendor."""

    vendor: str
    operations: tuple[OperationDrift, ...]
    overlay: tuple[Diagnostic, ...]
    span: Span
    vendor_findings: tuple[Diagnostic, ...] = ()
    vendor_changes: tuple[Change, ...] = ()

    @property
    def findings(self) -> tuple[Diagnostic, ...]:
        """Everything that was found, changes included."""
        found = [*self.overlay, *self.vendor_findings, *(change.at(self.span) for change in self.vendor_changes)]
        for operation in self.operations:
            found += [*operation.findings, *(change.at(operation.span) for change in operation.changes)]
        return tuple(dict.fromkeys(found))

    @property
    def clean(self) -> bool:
        """True if nothing has to be done."""
        return not self.findings

    @property
    def scopes(self) -> tuple[str, ...]:
        """The least scopes that grants for the operations need now whose scopes changed."""
        return tuple(sorted({scope for operation in self.operations for scope in operation.lacks(frozenset())}))
