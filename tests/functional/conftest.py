from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from tests.functional.compiled import Build, Catalog, compiled, loaded


@pytest.fixture
def build(tmp_path: Path) -> Iterator[Build]:
    """Compile a project and make it importable until the test ends."""
    with ExitStack() as stack:

        def make(values: dict[str, str] | None = None, **texts: Any) -> Catalog:
            return stack.enter_context(loaded(compiled(**texts), tmp_path, **(values or {})))

        yield make
