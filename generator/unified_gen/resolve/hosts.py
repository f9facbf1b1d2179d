"""Servers of operations, if they are not the vendor's usual one, and the further operations that a step names."""

from __future__ import annotations

from unified_gen.diagnostics.codes import map101_unknown_operation, map218_undeclared_host
from unified_gen.diagnostics.reporter import Reporter
from unified_gen.language import ast
from unified_gen.resolve.resolved import Calls, VendorUnit
from unified_openapi.documents import OperationFacts
from unified_openapi.source.spans import Text


def host(unit: VendorUnit, reporter: Reporter, step: ast.Step | ast.Batch, facts: OperationFacts) -> str | None:
    """Return the vendor's other server that the document puts an operation on."""
    vendor = unit.declaration
    root = [server.get("url") for server in unit.document.root.get("servers") or () if isinstance(server, dict)]
    own = {url.rstrip("/") for url in facts.servers[:1]}
    if not own or own <= {str(url).rstrip("/") for url in root} | {text.value.rstrip("/") for _, text in vendor.base_url}:
        return None
    for name, text in vendor.api_hosts:
        if text.value.rstrip("/") in own:
            return name.value
    if vendor.api_hosts:
        reporter.add(map218_undeclared_host.report(step.operation, facts.servers[0], tuple(text.value for _, text in vendor.api_hosts)))
    return None


def named_operations(unit: VendorUnit, reporter: Reporter, step: ast.Step, named: tuple[tuple[Text, Text], ...]) -> Calls:
    """Return the operations that a step needs in addition to the one it calls, by role."""
    calls = []
    for role, call in named:
        found = unit.operations.get(call.value)
        if found is None:
            reporter.add(map101_unknown_operation.report(call, unit.operations))
        else:
            calls.append((role.value, found, host(unit, reporter, step, found)))
    return tuple(calls)
