"""Declaration of a rule module's code."""

from __future__ import annotations

from unified_openapi.diagnostics import Code, Severity


def rule(code: str, title: str, page: str | None, severity: Severity = Severity.ERROR) -> Code:
    """Return the code of a rule module; `page` is the module's docstring, shown by `gen explain`."""
    if not page:
        raise ValueError(f"{code} has no page")
    return Code(code=code, title=title, explanation=page.strip(), severity=severity)
