"""What every rule module is made of."""

from __future__ import annotations

from unified_gen.diagnostics import Diagnostic, Note, Severity
from unified_gen.diagnostics.codes import Code
from unified_gen.source import Span


def rule(code: str, title: str, page: str | None, severity: Severity = Severity.ERROR) -> Code:
    """The code of a rule module; `page` is the module's docstring, shown by `gen explain`."""
    if not page:
        raise ValueError(f"{code} has no page")
    return Code(code=code, title=title, explanation=page.strip(), severity=severity)


def finding(
    code: Code,
    message: str,
    span: Span,
    *,
    label: str | None = None,
    notes: tuple[Note, ...] = (),
    help: str | None = None,
    severity: Severity | None = None,
) -> Diagnostic:
    """A diagnostic of a rule, with the rule's severity unless told otherwise."""
    return Diagnostic(code.code, severity or code.severity, message, span, label, notes, help)


def did_you_mean(name: str, candidates: tuple[str, ...] | list[str], *, prefix: str = "") -> str | None:
    """A help line that names the nearest of what there is, or all of it if it is little."""
    import difflib

    near = difflib.get_close_matches(name, candidates, n=1, cutoff=0.6) or [c for c in candidates if c.lower() == name.lower()][:1]
    if near:
        return f"did you mean `{prefix}{near[0]}`?"
    if 0 < len(candidates) <= 8:
        return "there is " + ", ".join(f"`{prefix}{candidate}`" for candidate in candidates)
    return None
