"""Resolver of `members`: lists of a body that callers change by member."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from unified_gen.diagnostics.codes import map004_unknown_reference
from unified_gen.diagnostics.reporter import Reporter
from unified_gen.language import ast
from unified_gen.resolve.references import Scope
from unified_gen.resolve.resolved import ResolvedMembers
from unified_gen.resolve.targets import Namespace


def list_members(step: ast.Step, names: Namespace, scope: Scope, reporter: Reporter) -> Iterator[ResolvedMembers]:
    """Yield the lists of the step's body that are changed by member."""
    for given in step.members:
        target = names.find(replace(given.list, value=f"body.{given.list.value}"))
        current = scope.resolve(given.current)
        add, remove = (scope.resolve(name) if name is not None else None for name in (given.add, given.remove))
        if current is not None and current.kind != "saved":
            reporter.add(map004_unknown_reference.report(given.current, given.current.value, tuple(scope.saved)))
        elif target is not None and current is not None:
            yield ResolvedMembers(target, current, given.key.path.names, add, remove)
