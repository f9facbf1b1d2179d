"""Follow a path of the mapping through the vendor's schema, and report where it leads nowhere."""

from __future__ import annotations

import re

from unified_gen.resolve import literals
from unified_gen.resolve.reporter import Reporter
from unified_gen.rules import map201_unknown_path
from unified_gen.schema.paths import Path
from unified_gen.schema.shapes import Schemas, Shape
from unified_gen.schema.walk import Walk, walk
from unified_gen.source import Text


def follow(
    schemas: Schemas,
    reporter: Reporter,
    start: Shape,
    text: Text,
    path: Path,
    where: str,
    *,
    custom: re.Pattern[str] | None = None,
    offset: int = 0,
) -> Walk:
    """What `path`, written as `text`, leads to from `start`, which is called `where`. A way that ends early, and a filter that no
    element can pass, are reported."""
    reached = walk(schemas, start, path, custom=custom)
    reporter.used(reached)
    if reached.dead is not None:
        reporter.add(map201_unknown_path.report(reporter, text, path, reached, where, offset=offset))
    else:
        literals.in_path(schemas, text, path, reached, reporter)
    return reached
