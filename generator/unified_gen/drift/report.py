"""A comparison as text, JSON or Markdown."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from msgspec import Struct

from unified_gen.diagnostics.render_json import as_json
from unified_gen.drift.model import Change, Drift, OperationDrift, Verdict
from unified_openapi.diagnostics.model import Diagnostic
from unified_openapi.source.spans import Json


class Compared(Struct, frozen=True):
    """The comparison of one document: its name in the lock, and both versions. `lacking` are connections with the scopes that they lack."""

    drift: Drift
    document: str
    before: str
    after: str
    lacking: tuple[tuple[str, tuple[str, ...]], ...] = ()


def summary(drift: Drift) -> str:
    """Return the counts in one line."""
    counts = Counter(operation.verdict for operation in drift.operations)
    parts = [f"{counts[verdict]} {verdict.value}" for verdict in Verdict if counts[verdict]] or ["no operations"]
    if drift.vendor_findings or drift.vendor_changes:
        parts.append(_number(len(drift.vendor_findings) + len(drift.vendor_changes), "finding") + " about the vendor")
    if drift.overlay:
        parts.append(misfits(drift))
    return ", ".join(parts)


def misfits(drift: Drift) -> str:
    """Return the number of overlay actions that do not fit."""
    number = len(drift.overlay)
    return f"{number} overlay {'action does' if number == 1 else 'actions do'} not fit any more"


def _number(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def as_text(compared: Compared) -> Iterator[str]:
    """Yield the lines of a comparison, without its findings."""
    drift = compared.drift
    yield f"{drift.vendor}: {compared.document}, version {compared.before} → {compared.after}"
    width = max((len(operation.name) for operation in drift.operations), default=0)
    for operation in drift.operations:
        concerns = f"  {', '.join(operation.fields)}" if operation.fields else ""
        yield f"  {operation.name:<{width}}  {operation.verdict.value}{concerns}"
        for change in operation.changes:
            yield f"  {'':<{width}}  {change.message}"
        lines = dict.fromkeys(f"{found.span.file}:{found.span.line}" for found in operation.findings)
        if lines:
            yield f"  {'':<{width}}  {', '.join(lines)}"
    for change in drift.vendor_changes:
        yield f"  {change.message}"
    yield from (f"  {line}" for line in scope_lines(compared))
    if drift.overlay:
        yield f"  {misfits(drift)}"
    yield summary(drift)


def scope_lines(compared: Compared) -> Iterator[str]:
    """Yield the scopes that grants need now, and the connections that lack one."""
    drift = compared.drift
    if drift.scopes:
        yield f"grants need now: {' '.join(drift.scopes)}"
    for connection, missing in compared.lacking:
        yield f"connection {connection} lacks {' '.join(missing)}: connect it again after the build"


def to_json(compared: Compared) -> dict[str, Json]:
    """Return a comparison as a JSON object."""
    drift = compared.drift
    return {
        "vendor": drift.vendor,
        "document": compared.document,
        "before": compared.before,
        "after": compared.after,
        "clean": drift.clean,
        "operations": [_operation(operation) for operation in drift.operations],
        "overlay": [as_json(found) for found in drift.overlay],
        "vendor_level": {
            "changes": [_change(change) for change in drift.vendor_changes],
            "findings": [as_json(found) for found in drift.vendor_findings],
        },
        "scopes": list(drift.scopes),
        "connections": [{"connection": name, "lacks": list(missing)} for name, missing in compared.lacking],
    }


def _operation(operation: OperationDrift) -> Json:
    return {
        "resource": operation.resource,
        "operation": operation.operation,
        "verdict": operation.verdict.value,
        "fields": list(operation.fields),
        "changes": [_change(change) for change in operation.changes],
        "findings": [as_json(found) for found in operation.findings],
    }


def _change(change: Change) -> Json:
    return {
        "aspect": change.aspect,
        "subject": change.subject,
        "difference": change.difference,
        "verdict": change.verdict.value,
        "lost": change.lost,
    }


def to_markdown(compared: Compared) -> Iterator[str]:
    """Yield the lines of a section about one document."""
    drift = compared.drift
    yield f"## {drift.vendor}: {compared.document}"
    yield ""
    yield f"Version {_cell(compared.before)} → {_cell(compared.after)}: {summary(drift)}."
    yield ""
    concerned = [operation for operation in drift.operations if operation.verdict is not Verdict.VALID]
    if concerned:
        yield "| operation | verdict | concerns | differences |"
        yield "|---|---|---|---|"
        for operation in concerned:
            found = [*(change.message for change in operation.changes), *_messages(operation.findings)]
            yield f"| {operation.name} | {operation.verdict.value} | {', '.join(operation.fields)} | {_cell('; '.join(found))} |"
        yield ""
    level = [*(change.message for change in drift.vendor_changes), *_messages(drift.vendor_findings), *_messages(drift.overlay)]
    level += [*scope_lines(compared)]
    yield from (f"- {_cell(line)}" for line in level)
    if level:
        yield ""


def _messages(findings: Iterable[Diagnostic]) -> Iterator[str]:
    for found in findings:
        yield f"{found.message} ({found.code}, {found.span.file}:{found.span.line})"


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")
