"""Code that saves response headers for later steps."""

from __future__ import annotations

from collections.abc import Iterator

from unified_gen.lower.composite_ids import pattern_source
from unified_gen.lower.function import Function
from unified_gen.lower.python import lit, snake
from unified_gen.lower.values import Values
from unified_gen.resolve.resolved import ResolvedHeader, ResolvedStep


def declare_headers(fn: Function, values: Values, step: ResolvedStep) -> None:
    """Name the variables of a step's headers; if the step may not run, they are None until it does."""
    for header in step.save_headers:
        for part in header.parts or ("",):
            local = values.parts[(header.ast.name.value, part)] = fn.local(snake("_".join(filter(None, (header.ast.name.value, part)))))
            if step.condition is not None:
                fn.block.add(f"{local}: {fn.module.typing('Any')} = None")


def write_headers(fn: Function, values: Values, step: ResolvedStep, response: str) -> None:
    """Write the assignments of a step's headers, of the variable that holds the response."""
    helper = fn.module.use("response_headers")
    for header in step.save_headers:
        name, title = header.ast.name.value, lit(fn.module.title)
        locals_ = [*_variables(values, header)]
        if header.ast.pattern is None:
            fn.block.add(f"{locals_[0]} = {helper}.value({response}, {lit(header.ast.header.value)}, {lit(name)}, {title})")
            continue
        pattern = fn.module.pattern(header.ast.pattern.value, pattern_source(header.ast.pattern.value))
        targets = ", ".join(locals_) + ("," if len(locals_) == 1 else "")
        fn.block.add(f"{targets} = {helper}.parts({response}, {lit(header.ast.header.value)}, {pattern}, {lit(name)}, {title})")


def _variables(values: Values, header: ResolvedHeader) -> Iterator[str]:
    yield from (values.parts[(header.ast.name.value, part)] for part in header.parts or ("",))
